"""Facts that stand elsewhere in a copy and say the same there: its only date, and who is quoted.

A fact that moved mostly tells another story: who sold to whom.  An editor moves two kinds of
them all the same: `On 5 May he said` and `he said on 5 May`; `According to Petrova, fares rose`
and `fares rose, Petrova said`.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

from pipeline.repeats.align import Alignment, Block, Side
from pipeline.repeats.lexicon import Lexicon

_QUOTING = re.compile(r"(?: according  to A+|A+s|sA+)\Z")
_DATE = re.compile(r"(?:\d{4}|-)-\d\d(?:-\d\d)?\Z")


def is_only_date(found: Alignment, words_a: Sequence[str], words_b: Sequence[str]) -> bool:
    """Whether the only date of both was put elsewhere.

    Example:
        >>> from pipeline.repeats.align import align, side
        >>> found = align(side("on #2021-05-05 fares rose"), side("fares rose on #2021-05-05"))
        >>> is_only_date(found, ["2021-05-05"], ["2021-05-05"])
        True
    """
    if len(words_a) != 1 or words_a != words_b or not _DATE.match(words_a[0]):
        return False
    return all(
        sum(bool(_DATE.match(fact)) for fact in one.facts) == 1 for one in (found.a, found.b)
    )


def is_speaker(
    found: Alignment, facts_a: Sequence[int], facts_b: Sequence[int], table: Lexicon
) -> bool:
    """Whether all that moved is who is quoted, from one end of a sentence to the other.

    At any other place the words are no mark of a quotation: `Kenya said Ghana paid`, `Ghana said
    Kenya paid`.

    Args:
        found: the passages.
        facts_a: unmatched facts of `a`, by place.
        facts_b: those of `b`.
        table: the rules.

    Example:
        >>> from pipeline.repeats.align import align, side
        >>> from pipeline.repeats.lexicon import lexicon
        >>> found = align(side("fares rose ^bayar said"), side("according to ^bayar fares rose"))
        >>> is_speaker(found, [2], [2], lexicon())
        True
    """
    words_a = [found.a.words[i] for i in facts_a]
    if not words_a or words_a != [found.b.words[i] for i in facts_b]:
        return False
    here = _only_block(found.blocks, facts_a)
    there = _only_block([block.turned for block in found.blocks], facts_b)
    if here is None or there is None:
        return False
    return (
        _is_quoting(found.a, here, facts_a, table)
        and _is_quoting(found.b, there, facts_b, table)
        and _is_in_sentence(found.a, here.start_a, there.start_b)
        and _is_in_sentence(found.b, there.start_a, here.start_b)
    )


def _only_block(blocks: Sequence[Block], facts: Sequence[int]) -> Block | None:
    """The one block that holds all of them, against nothing on the other side."""
    for block in blocks:
        if block.start_a <= facts[0] and facts[-1] < block.end_a:
            return block if block.start_b == block.end_b else None
    return None


def _is_quoting(one: Side, block: Block, facts: Sequence[int], table: Lexicon) -> bool:
    """Whether the words are `according to A`, `A said` or `said A`, at an end of a sentence."""
    if block.start_a not in one.sentences and block.end_a not in one.sentences:
        return False
    shape = ""
    for i in range(block.start_a, block.end_a):
        word = one.words[i]
        if i in facts:
            shape += "A"
        elif word in table.saying:
            shape += "s"
        elif word != "the":
            shape += f" {word} "
    return _QUOTING.match(shape) is not None


def _is_in_sentence(one: Side, word: int, place: int) -> bool:
    """Whether a place is in the sentence of a word, its two ends included."""
    number = bisect_right(one.sentences, word)
    return one.sentences[number - 1] <= place <= one.sentences[number]
