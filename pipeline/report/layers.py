"""Spans that nest and cross, cut at every border into pieces that can be drawn.

A sweep over the borders: each piece is covered by the same spans from end to end.  Every span
gets a lane, so that two spans which share a code point are underlined at different
heights: greedily by start, the first lane that is free, which is optimal for intervals
(Kleinberg and Tardos, Algorithm Design, 4.1).  Longer spans are drawn outside shorter ones.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text and the spans over it, outermost first, by their index.

    `opening` are those that begin here, `closing` those that end at its end.
    """

    start: int
    end: int
    covering: tuple[int, ...]
    opening: frozenset[int]
    closing: frozenset[int]


def pieces(spans: Sequence[tuple[int, int]], start: int, end: int) -> list[Piece]:
    """The pieces of `[start, end)`, in order and without a gap.

    Args:
        spans: half-open, each inside `[start, end)` and not empty.
        start: where the first piece begins.
        end: where the last one ends.

    Example:
        >>> [(p.start, p.end, p.covering) for p in pieces([(2, 6), (4, 8)], 0, 9)]
        [(0, 2, ()), (2, 4, (0,)), (4, 6, (0, 1)), (6, 8, (1,)), (8, 9, ())]
    """
    begins: dict[int, list[int]] = {}
    ends: dict[int, list[int]] = {}
    for index, (first, last) in enumerate(spans):
        begins.setdefault(first, []).append(index)
        ends.setdefault(last, []).append(index)
    borders = sorted({start, end, *begins, *ends})
    open_now: set[int] = set()
    made = []
    for left, right in pairwise(borders):
        open_now.difference_update(ends.get(left, ()))
        open_now.update(begins.get(left, ()))
        order = sorted(open_now, key=lambda n: (spans[n][0] - spans[n][1], spans[n][0], n))
        made.append(
            Piece(
                left,
                right,
                tuple(order),
                frozenset(begins.get(left, ())),
                frozenset(ends.get(right, ())),
            )
        )
    return made


def lanes(spans: Sequence[tuple[int, int]]) -> list[int]:
    """A lane for each span, from 0, such that spans in one lane share no code point.

    Example:
        >>> lanes([(0, 9), (0, 4), (5, 9), (9, 12)])
        [1, 0, 0, 0]
    """
    order = sorted(range(len(spans)), key=lambda n: (spans[n][0], spans[n][1], n))
    given = [0] * len(spans)
    free: list[int] = []
    busy: list[tuple[int, int]] = []
    opened = 0
    for index in order:
        start, end = spans[index]
        while busy and busy[0][0] <= start:
            heapq.heappush(free, heapq.heappop(busy)[1])
        if free:
            lane = heapq.heappop(free)
        else:
            lane, opened = opened, opened + 1
        given[index] = lane
        heapq.heappush(busy, (end, lane))
    return given
