"""Groups of passages that say the same, one canonical copy each.

Chains lose facts: A is like its cut copy B, B is like C, and A and C differ in one number.  So
clusters grow along verified pairs, best pair first, and two clusters become one only when no
pair across them is vetoed and every member repeats the canonical copy directly: alike, not
vetoed, and without a fact of its own.  This is average-linkage thinking with cannot-link
constraints (Wagstaff et al., "Constrained k-means clustering", 2001), made greedy.

The canonical copy is the one with the most numbers and names, then the most words, then the
smallest key.  Everything is ordered by keys, so that the answer depends on the texts alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from pipeline.repeats.tokens import MARKS
from pipeline.repeats.veto import Verdict

# Beyond so many pairs across two clusters only those with their canonical copies are asked.
MOST_CROSS_PAIRS = 64

Judge = Callable[[str, str], Verdict]
Streams = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Edge:
    """A verified pair: `low` is the smaller key, `score` its overlap."""

    low: str
    high: str
    score: float


@dataclass(frozen=True, slots=True)
class Copy:
    """What a stream repeats: the key of the canonical stream, and how alike they are (0 to 1).

    `same_words` tells copies that differ in nothing but capitals.
    """

    canonical: str
    similarity: float
    same_words: bool


def group(edges: Iterable[Edge], streams: Streams, judge: Judge) -> dict[str, Copy]:
    """What each node that is a copy repeats; the others keep their own text.

    Args:
        edges: verified pairs of one or more components.
        streams: the stream behind each key that an edge names.
        judge: the verdict on two keys, the smaller one first.

    Example:
        >>> from pipeline.repeats.align import side
        >>> from pipeline.repeats.veto import verify
        >>> streams = {"a": "the mayor of ^lima opened the new port",
        ...            "b": "the mayor of ^lima has opened the new port"}
        >>> def judge(low, high):
        ...     return verify(side(streams[low]), side(streams[high]))
        >>> found = group([Edge("a", "b", 0.9)], streams, judge)
        >>> found["a"].canonical
        'b'
    """
    members: dict[str, list[str]] = {}
    cluster: dict[str, str] = {}
    for edge in sorted(edges, key=lambda e: (-e.score, e.low, e.high)):
        for key in (edge.low, edge.high):
            if key not in cluster:
                cluster[key], members[key] = key, [key]
        ours, theirs = cluster[edge.low], cluster[edge.high]
        if ours == theirs or not _may_merge(members[ours], members[theirs], streams, judge):
            continue
        merged = members.pop(ours) + members.pop(theirs)
        canonical = _canonical(merged, streams)
        members[canonical] = merged
        for key in merged:
            cluster[key] = canonical
    return {
        key: _copy(key, canonical, judge)
        for canonical, keys in members.items()
        for key in keys
        if key != canonical
    }


def _canonical(keys: Iterable[str], streams: Streams) -> str:
    return min(keys, key=lambda key: _rank(key, streams[key]))


def _rank(key: str, tokens: str) -> tuple[int, int, str]:
    # Plain counts: to take the stream of each member apart was most of the cost of a cluster.
    return (-sum(map(tokens.count, MARKS)), -tokens.count(" ") - tokens.count("\n"), key)


def _copy(key: str, canonical: str, judge: Judge) -> Copy:
    verdict = judge(*sorted((key, canonical)))
    same_words = verdict.overlap == 1.0 and verdict.containment == 1.0
    return Copy(canonical, round(verdict.containment, 4), same_words)


def _may_merge(ours: list[str], theirs: list[str], streams: Streams, judge: Judge) -> bool:
    canonical = _canonical(ours + theirs, streams)
    if not all(_repeats(key, canonical, judge) for key in ours + theirs if key != canonical):
        return False
    if len(ours) * len(theirs) > MOST_CROSS_PAIRS:
        return True
    return all(judge(*sorted((x, y))).outcome != "vetoed" for x in ours for y in theirs)


def _repeats(key: str, canonical: str, judge: Judge) -> bool:
    """Whether `key` says nothing that the canonical copy does not say."""
    low, high = sorted((key, canonical))
    verdict = judge(low, high)
    if verdict.outcome == "vetoed":
        return False
    if verdict.outcome == "apart" and not verdict.is_loosely_alike:
        return False
    return not (verdict.extra_a if key == low else verdict.extra_b)
