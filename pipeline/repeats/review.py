"""Pairs that were nearest to another verdict, side by side, for a person to read.

This is where the closed classes are mended: a pair that should have been kept apart shows the words
that no class knows yet, a pair that should be one shows which class was too wide.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.repeats.align import Side, align, side
from pipeline.repeats.index import Index
from pipeline.repeats.veto import Outcome, verify


@dataclass(frozen=True, slots=True)
class Borderline:
    """A pair with its verdict; words that only one side has stand in `[brackets]`.

    `rule` is what vetoed it (empty when nothing did), `margin` the likeness above the
    threshold, below 0 when it was missed.
    """

    outcome: Outcome
    rule: str
    margin: float
    overlap: float
    words_a: tuple[str, ...]
    words_b: tuple[str, ...]
    text_a: str
    text_b: str


def borderline(index: Index, count: int) -> list[Borderline]:
    """Up to `count` pairs of the index: the nearest to the thresholds, and the vetoed most alike.

    Example:
        >>> import sqlite3
        >>> from pipeline.repeats.tokens import key_of, stream
        >>> texts = ["The mayor of Lima opened the new port on 5 May 2021, the council said.",
        ...          "The mayor of Lima opened the new port on 7 May 2021, the council said."]
        >>> streams = {key_of(s): s for s in map(stream, texts)}
        >>> index = Index(sqlite3.connect(":memory:"), "1")
        >>> index.update(streams, streams.items())
        0
        >>> borderline(index, 2)[0].rule
        'repeats.facts'
    """
    return [_shown(side(a), side(b)) for a, b in index.nearest_to_threshold(count)]


def _shown(a: Side, b: Side) -> Borderline:
    verdict = verify(a, b, exhaustive=True)
    blocks = align(a, b).blocks
    return Borderline(
        verdict.outcome,
        verdict.rule,
        round(verdict.margin, 4),
        round(verdict.overlap, 4),
        verdict.words_a,
        verdict.words_b,
        " ".join(_bracketed(a, [(block.start_a, block.end_a) for block in blocks])),
        " ".join(_bracketed(b, [(block.start_b, block.end_b) for block in blocks])),
    )


def _bracketed(one: Side, ranges: list[tuple[int, int]]) -> Iterator[str]:
    opens = {start for start, end in ranges if start < end}
    closes = {end - 1 for start, end in ranges if start < end}
    for i, word in enumerate(one.words):
        yield f"{'[' if i in opens else ''}{word}{']' if i in closes else ''}"
