"""Why two aligned passages are apart though no number or name is against it.

What belongs here: words that make another name or office of one that both have, and the order in
which the kinds of conflicts are asked for; closed classes are in `classes`, nouns in `things`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rapidfuzz.distance import OSA

from pipeline.repeats.align import Alignment, Block, Side
from pipeline.repeats.classes import (
    SHORT_PIECE,
    Conflict,
    is_more_text,
    is_short,
    other_member,
    swapped,
)
from pipeline.repeats.facts import is_held, is_turned
from pipeline.repeats.lexicon import Lexicon
from pipeline.repeats.things import other_thing

NAME, ROLE = "repeats.name", "repeats.role"


def conflicts(found: Alignment, told: Sequence[int], table: Lexicon) -> Iterator[Conflict]:
    """Why two aligned passages are apart though no number or name is against it.

    Args:
        found: the passages.
        told: the places of the blocks that are `telling`.
        table: the rules.

    Yields:
        The id of the rule, and the words on both sides that it found against each other.

    Example:
        >>> from pipeline.repeats.align import align, side
        >>> from pipeline.repeats.facts import telling
        >>> from pipeline.repeats.lexicon import lexicon
        >>> found = align(side("prices rose in the town"), side("prices fell in the town"))
        >>> list(conflicts(found, telling(found, lexicon()), lexicon()))
        [('repeats.change', ('rose',), ('fell',))]
    """
    for place in told:
        block = found.blocks[place]
        yield from _longer_names(found, block, table)
        # Offices are words of classes, too; most blocks hold none.
        words = found.a.words[block.start_a : block.end_a]
        words += found.b.words[block.start_b : block.end_b]
        if not table.choices.keys().isdisjoint(words):
            yield from other_member(found, block, table)
            yield from _other_office(found.a, found.b, block, table)
            yield from _other_office(found.b, found.a, block.turned, table)
    for place in told:
        left, right = found.blocks[place - 1], found.blocks[place]
        # A single word that both have stands between them.
        if place and right.start_a - left.end_a == 1:
            yield from _around(found.a, found.b, left, right, table)
            turned = _around(found.b, found.a, left.turned, right.turned, table)
            yield from ((rule, ours, theirs) for rule, theirs, ours in turned)
    yield from other_thing(found, table)
    yield from swapped(found, [found.blocks[place] for place in told], table)


def _longer_names(found: Alignment, block: Block, table: Lexicon) -> Iterator[Conflict]:
    """A common word beside a name that both have: `North` in front of `Ossetia`."""
    if is_more_text(found, block):
        # `of Generation Z. We expect that ...`: what was cut off behind a name is no part of it.
        return
    sides = ((found.a, block.start_a, block.end_a), (found.b, block.start_b, block.end_b))
    for number, (one, start, end) in enumerate(sides):
        if "^" not in one.marks[start:end]:
            continue
        other, first, last = sides[1 - number]
        for i in range(start, end):
            if one.marks[i] != "^" or one.words[i] not in table.common:
                continue
            if is_turned(one.words[i], other.words[first:last]):
                continue
            beside = (i - 1 if i == start else -1, i + 1 if i == end - 1 else len(one.words))
            if any(0 <= j < len(one.words) and one.marks[j] == "^" for j in beside):
                words = (one.words[i],)
                yield (NAME, words, ()) if number == 0 else (NAME, (), words)


def _other_office(one: Side, other: Side, block: Block, table: Lexicon) -> Iterator[Conflict]:
    """An office beside a name, and other words in its place: `rector` and `police chief`."""
    words = other.words[block.start_b : block.end_b]
    if not words or not is_short(block):
        return
    for i in range(block.start_a, block.end_a):
        word = one.words[i]
        if (
            word in table.roles
            and table.roles.isdisjoint(words)
            and is_held(one, i)
            and not any(OSA.distance(word, each, score_cutoff=1) <= 1 for each in words)
        ):
            yield ROLE, (word,), words


def _around(
    one: Side, other: Side, left: Block, right: Block, table: Lexicon
) -> Iterator[Conflict]:
    """Words in front of a shared one here, behind it there: `police chief`, `chief economist`.

    Each side seems to say more only; but `Institute of Lima` and `Lima Opera` are two houses.
    """
    front = one.words[left.start_a : left.end_a]
    behind = other.words[right.start_b : right.end_b]
    if left.start_b < left.end_b or right.start_a < right.end_a or not (front and behind):
        return
    if max(len(front), len(behind)) > SHORT_PIECE or not set(front).isdisjoint(behind):
        return
    first = right.start_b
    is_name = other.marks[first - 1] in "^~" and other.marks[first] == "^"
    if is_name and (front[-1] == "of" or one.marks[left.end_a - 1] == "^"):
        yield NAME, front, behind
    elif other.words[first - 1] in table.choices and any(
        other.words[i] in table.roles and is_held(other, i) for i in range(first, right.end_b)
    ):
        yield ROLE, front, behind
