"""Verdicts on many pairs at once: a chunk of pairs with the streams they need, and nothing else.

A chunk knows no index, so that chunks can be judged anywhere and in any order.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache

from pipeline.repeats.align import Side, side
from pipeline.repeats.veto import Verdict, at_sight, compare, glance

Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Chunk:
    """Pairs of nodes, and the key and the stream of each node."""

    pairs: tuple[Pair, ...]
    streams: Mapping[int, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Judged:
    """The verdict on a pair of nodes; that of the smaller key and the larger one, in this order."""

    a: int
    b: int
    verdict: Verdict


def judged(chunk: Chunk) -> tuple[Judged, ...]:
    """The verdict on each pair of a chunk, in their order.

    Example:
        >>> streams = {4: ("k", "fares in the town rose by #5% in #2021"),
        ...            7: ("l", "fares in the town rose by #6% in #2021")}
        >>> [each.verdict.outcome for each in judged(Chunk(((4, 7),), streams))]
        ['vetoed']
    """
    with _no_cycles():
        return tuple(_judged(chunk))


@contextmanager
def _no_cycles() -> Iterator[None]:
    """Keep the collector of cycles away from work that makes many records and no cycle.

    It went through all that is loaded, the model too, at every few thousand records: a tenth of
    the time of a chunk.  What is no cycle is given back all the same.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _judged(chunk: Chunk) -> Iterator[Judged]:
    glances = {node: glance(tokens) for node, (_, tokens) in chunk.streams.items()}

    @lru_cache(maxsize=len(chunk.streams))
    def taken_apart(node: int) -> Side:
        return side(chunk.streams[node][1])

    for a, b in chunk.pairs:
        # The smaller key first: node numbers depend on history.
        low, high = (a, b) if chunk.streams[a][0] < chunk.streams[b][0] else (b, a)
        verdict = at_sight(glances[low], glances[high])
        if verdict is None:
            verdict = compare(taken_apart(low), taken_apart(high))
        yield Judged(a, b, verdict)
