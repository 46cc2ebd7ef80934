"""Lays two passages side by side: what they share in order, and what stands against what.

The longest common subsequence of their words is found by rapidfuzz (bit-parallel; Hyyrö,
"Bit-parallel LCS-length computation revisited", 2004).  Everything between two shared runs is one
block: the words here and the words there.  When that finds little and both have several
sentences, the sentences of one are put in the order of the other and aligned again: a copy with
sentences in another order says the same.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from rapidfuzz.distance import LCSseq

from pipeline.repeats.tokens import MARKS, facts_of, words_of


class _MarksOnly(dict[int, str]):
    """For `str.translate`: a blank for each sign that is no mark."""

    def __missing__(self, sign: int) -> str:
        return " "


_MARKS_ONLY = _MarksOnly({ord(mark): mark for mark in MARKS})


@dataclass(frozen=True, slots=True)
class Side:
    """The stream of one passage, taken apart.

    `marks` holds a sign a word, blank for none; `facts` the words that are numbers or names
    for certain; `sentences` the first word of each sentence, and the end.
    """

    words: tuple[str, ...]
    marks: str
    facts: tuple[str, ...]
    sentences: tuple[int, ...]

    @property
    def length(self) -> int:
        """How many words."""
        return len(self.words)


class Block(NamedTuple):
    """Words that stand against each other: half-open ranges on both sides."""

    start_a: int
    end_a: int
    start_b: int
    end_b: int

    @property
    def turned(self) -> Block:
        """The block as seen from the other side."""
        return Block(self.start_b, self.end_b, self.start_a, self.end_a)


@dataclass(frozen=True, slots=True)
class Alignment:
    """`a` and `b` in the order in which they were aligned, words shared, and the blocks."""

    a: Side
    b: Side
    shared: int
    blocks: tuple[Block, ...]

    @property
    def in_runs(self) -> int:
        """Shared words that stand beside another shared word on both sides."""
        ends = [(0, 0), *((block.end_a, block.end_b) for block in self.blocks)]
        starts = [block.start_a for block in self.blocks] + [len(self.a.words)]
        lengths = [start - end for (end, _), start in zip(ends, starts, strict=True)]
        return sum(length for length in lengths if length > 1)

    @property
    def piece_a(self) -> int:
        """Words of `a` from the first shared one to the last."""
        return self._piece([(block.start_a, block.end_a) for block in self.blocks], self.a.length)

    @property
    def piece_b(self) -> int:
        """Words of `b` from the first shared one to the last."""
        return self._piece([(block.start_b, block.end_b) for block in self.blocks], self.b.length)

    def _piece(self, apart: Sequence[tuple[int, int]], length: int) -> int:
        at_start = [end for start, end in apart if start == 0]
        at_end = [start for start, end in apart if end == length]
        return max(0, min(at_end, default=length) - max(at_start, default=0))

    @property
    def overlap(self) -> float:
        """Shared words over all words of both, from 0 to 1."""
        return self.shared / max(1, len(self.a.words) + len(self.b.words) - self.shared)

    @property
    def containment(self) -> float:
        """Shared words over the words of the shorter, from 0 to 1."""
        return self.shared / max(1, min(len(self.a.words), len(self.b.words)))


def side(tokens: str) -> Side:
    r"""A stream taken apart.

    Example:
        >>> found = side("fares in ^lima rose by #5%\n~bayar left")
        >>> found.marks, found.facts, found.sentences
        ('  ^  #~ ', ('lima', '5%'), (0, 6, 8))
    """
    # Many sides are held at once: each word once.
    words = tuple(map(sys.intern, words_of(tokens)))
    marks = "".join([token[0] for token in tokens.split()]).translate(_MARKS_ONLY)
    starts = [0]
    for line in tokens.split("\n") if tokens else ():
        starts.append(starts[-1] + line.count(" ") + 1)
    return Side(words, marks, tuple(facts_of(tokens)), tuple(starts))


def align(a: Side, b: Side) -> Alignment:
    """The two sides as they stand, aligned.

    Example:
        >>> found = align(side("the port of ^lima opened"), side("the old port opened"))
        >>> found.shared, found.blocks[0], found.containment
        (3, Block(start_a=1, end_a=1, start_b=1, end_b=2), 0.75)
    """
    blocks: list[Block] = []
    shared = end_a = end_b = 0
    # The last run is empty, and stands at the end of both.
    for run in LCSseq.editops(a.words, b.words).as_matching_blocks():
        if end_a < run.a or end_b < run.b:
            blocks.append(Block(end_a, run.a, end_b, run.b))
        shared += run.size
        end_a, end_b = run.a + run.size, run.b + run.size
    return Alignment(a, b, shared, tuple(blocks))


def shared_words(a: Side, b: Side) -> int:
    """How many words both share in order: cheaper than the alignment."""
    return int(LCSseq.similarity(a.words, b.words))


def reordered(a: Side, b: Side) -> Side | None:
    r"""`b` with its sentences in the order of those of `a` most like them; None if they are.

    Example:
        >>> a, b = side("fares rose\n~bayar left"), side("~bayar left\nfares rose")
        >>> reordered(a, b) == a
        True
    """
    if len(a.sentences) < 3 or len(b.sentences) < 3:
        return None
    ours = [frozenset(words) for words in _sentences(a)]
    places: list[tuple[int, int]] = []
    for number, words in enumerate(_sentences(b)):
        likeness = [len(one.intersection(words)) / (len(one) + len(words)) for one in ours]
        best = max(range(len(ours)), key=lambda place: (likeness[place], -place))
        # A sentence of its own stays behind the one before it.
        place = best if likeness[best] >= 0.2 else (places[-1][0] if places else -1)
        places.append((place, number))
    order = [number for _, number in sorted(places)]
    if order == list(range(len(order))):
        return None
    return _in_order(b, order)


def _sentences(one: Side) -> list[Sequence[str]]:
    bounds = zip(one.sentences, one.sentences[1:], strict=False)
    return [one.words[start:end] for start, end in bounds]


def _in_order(one: Side, order: Sequence[int]) -> Side:
    words: list[str] = []
    marks: list[str] = []
    starts: list[int] = []
    for number in order:
        start, end = one.sentences[number], one.sentences[number + 1]
        starts.append(len(words))
        words += one.words[start:end]
        marks.append(one.marks[start:end])
    return Side(tuple(words), "".join(marks), one.facts, (*starts, len(words)))
