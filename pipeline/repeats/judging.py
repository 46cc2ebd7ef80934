"""Verdicts on many pairs at once: a chunk of pairs with the streams they need, and nothing else.

A chunk knows no index, so that chunks can be judged anywhere and in any order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol, TypeVar

from pipeline.repeats.align import Side, side
from pipeline.repeats.veto import Verdict, at_sight, compare, glance

Pair = tuple[int, int]
Item = TypeVar("Item")
Answer = TypeVar("Answer")


class Runner(Protocol):
    """Applies a pure function to items, here or elsewhere, and gives the answers in their order.

    `concurrent.futures.Executor.map` is one; `in_turn` is the plain one.
    """

    def __call__(
        self, task: Callable[[Item], Answer], items: Iterable[Item], /
    ) -> Iterable[Answer]:
        """The answer of `task` to each item, in their order."""
        ...


def in_turn(task: Callable[[Item], Answer], items: Iterable[Item], /) -> Iterable[Answer]:
    """One after the other, in this process.

    Example:
        >>> list(in_turn(len, ["a", "bc"]))
        [1, 2]
    """
    return map(task, items)


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
    return tuple(_judged(chunk))


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
