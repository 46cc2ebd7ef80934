"""Which unmatched words are facts: numbers, names and offices, but no misspelt word.

Each function asks the words of a block of an alignment; what offices are is data, the class
`repeats.role` of `rules/repeats.toml`.
"""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz.distance import OSA

from pipeline.repeats.align import Alignment, Block, Side
from pipeline.repeats.lexicon import Lexicon

# One letter more or less in a shorter word is another word.
LONG_ENOUGH = 5
# Names of so many letters that differ in one inside are one name misspelt: `Bogdanvoich`.
LONG_NAME = 8
# Turned letters make a name of a name only in shorter ones: `Brain`, `Brian`.
LONG_TO_TURN = 6


def telling(found: Alignment, table: Lexicon) -> list[int]:
    """The places of blocks that hold a word with a mark, or of a closed class; others say nothing.

    Example:
        >>> from pipeline.repeats.align import align, side
        >>> from pipeline.repeats.lexicon import lexicon
        >>> found = align(side("a quaint town paid ^petrova"), side("a pretty town paid ^bayar"))
        >>> telling(found, lexicon())
        [1]
    """
    of_classes = table.choices.keys()
    a, b = found.a, found.b
    return [
        place
        for place, (start_a, end_a, start_b, end_b) in enumerate(found.blocks)
        if (a.marks[start_a:end_a] + b.marks[start_b:end_b]).strip()
        or not of_classes.isdisjoint(a.words[start_a:end_a] + b.words[start_b:end_b])
    ]


def facts_in(one: Side, other: Side, block: Block, table: Lexicon) -> list[int]:
    """The words of `one` in a block that may be facts: numbers, names and offices."""
    found: list[int] = []
    words = one.words[block.start_a : block.end_a]
    if one.marks[block.start_a : block.end_a].isspace() and table.roles.isdisjoint(words):
        return found
    for i in range(block.start_a, block.end_a):
        mark = one.marks[i]
        if mark == "#":
            found.append(i)
        elif mark == "^":
            if not is_turned(one.words[i], other.words[block.start_b : block.end_b]):
                found.append(i)
        elif mark == "~":
            if not _is_slip(one, i, other, block):
                found.append(i)
        elif (
            one.words[i] in table.roles
            and is_held(one, i)
            # An office against an office is for the class of them to judge.
            and table.roles.isdisjoint(other.words[block.start_b : block.end_b])
        ):
            found.append(i)
    return found


def is_held(one: Side, i: int) -> bool:
    """Whether an office stands beside the name of its holder, or `of` a named house."""
    behind = i + 2 if one.words[i + 1 : i + 2] == ("of",) else i + 1
    beside = one.marks[max(0, i - 2) : i] + one.marks[behind : behind + 1]
    return any(mark in "^~" for mark in beside)


def is_turned(word: str, others: Sequence[str]) -> bool:
    """Whether one of the others is the word with two inner letters in the wrong order: `Natoins`.

    No two names differ in that; names that differ in a letter do: `Ivanov`, `Ivanova`.
    """
    return (
        len(word) >= LONG_TO_TURN
        and word.isalpha()
        and any(
            len(other) == len(word)
            and other[0] == word[0]
            and other != word
            and sorted(other) == sorted(word)
            and OSA.distance(word, other, score_cutoff=1) <= 1
            for other in others
        )
    )


def _is_slip(one: Side, i: int, other: Side, block: Block) -> bool:
    """Whether a perhaps-name is the same word misspelt on one side: `Resdients`."""
    word = one.words[i]
    return len(word) >= LONG_ENOUGH and any(
        OSA.distance(word, other.words[j], score_cutoff=1) <= 1
        and (other.marks[j] == " " or (other.marks[j] == "~" and _is_inside(word, other.words[j])))
        for j in range(block.start_b, block.end_b)
    )


def _is_inside(word: str, other: str) -> bool:
    """Whether two long words have the same ends: `Ivanov` and `Ivanova` are two people."""
    return (
        min(len(word), len(other)) >= LONG_NAME
        and word[0] == other[0]
        and word[-2:] == other[-2:]
        and word.isalpha()
        and other.isalpha()
    )
