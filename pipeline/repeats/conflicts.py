"""What the words of a block mean for the veto: facts, names that grow, closed classes.

Each function asks the unmatched words of an alignment one question; the answers are put together
in `veto`.  What the classes are is data: `rules/repeats.toml`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rapidfuzz.distance import OSA

from pipeline.repeats.align import Alignment, Block, Side
from pipeline.repeats.lexicon import Lexicon
from pipeline.repeats.things import other_thing

# What is added at the end or in so long a piece is more text, not a word that turns the rest.
LONG_PIECE = 8
# One letter more or less in a shorter word is another word.
LONG_ENOUGH = 5
# Names of so many letters that differ in one inside are one name misspelt: `Bogdanvoich`.
LONG_NAME = 8
# Turned letters make a name of a name only in shorter ones: `Brain`, `Brian`.
LONG_TO_TURN = 6
# So few words may stand for an office or a deed; longer blocks are rewritten text.
SHORT_PIECE = 3

NAME, ROLE = "repeats.name", "repeats.role"

Conflict = tuple[str, tuple[str, ...], tuple[str, ...]]


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
            and _is_held(one, i)
            # An office against an office is for the class of them to judge.
            and table.roles.isdisjoint(other.words[block.start_b : block.end_b])
        ):
            found.append(i)
    return found


def _is_held(one: Side, i: int) -> bool:
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
            yield from _in_block(found, block, table)
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
    yield from _swapped(found, [found.blocks[place] for place in told], table)


def _longer_names(found: Alignment, block: Block, table: Lexicon) -> Iterator[Conflict]:
    """A common word beside a name that both have: `North` in front of `Ossetia`."""
    if _is_more_text(found, block):
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
    if not words or not _is_short(block):
        return
    for i in range(block.start_a, block.end_a):
        word = one.words[i]
        if (
            word in table.roles
            and table.roles.isdisjoint(words)
            and _is_held(one, i)
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
        other.words[i] in table.roles and _is_held(other, i) for i in range(first, right.end_b)
    ):
        yield ROLE, front, behind


def _in_block(found: Alignment, block: Block, table: Lexicon) -> Iterator[Conflict]:
    ours = _choices(found.a, block.start_a, block.end_a, table)
    theirs = _choices(found.b, block.start_b, block.end_b, table)
    if not ours and not theirs:
        return
    is_more_text = _is_more_text(found, block)
    for number in sorted(ours.keys() | theirs.keys()):
        one = table.classes[number]
        left, right = ours.get(number, {}), theirs.get(number, {})
        only_left, only_right = left.keys() - right.keys(), right.keys() - left.keys()
        if (one.alone and not _is_one_word(block)) or (one.in_few and not _is_short(block)):
            continue
        if not (only_left and only_right):
            if not one.one_sided or is_more_text or not (only_left or only_right):
                continue
            if _is_slip_of_class(found, block, left, right, table):
                continue
        yield (
            one.id,
            tuple(left[group] for group in sorted(only_left)),
            tuple(right[group] for group in sorted(only_right)),
        )


def _is_one_word(block: Block) -> bool:
    return block.end_a - block.start_a == 1 == block.end_b - block.start_b


def _is_short(block: Block) -> bool:
    return max(block.end_a - block.start_a, block.end_b - block.start_b) <= SHORT_PIECE


def _is_slip_of_class(
    found: Alignment,
    block: Block,
    left: Mapping[int, str],
    right: Mapping[int, str],
    table: Lexicon,
) -> bool:
    """Whether the other side has the same word misspelt: `wihtout`."""
    words_a = found.a.words[block.start_a : block.end_a]
    words_b = found.b.words[block.start_b : block.end_b]
    pairs = [(word, words_b) for word in left.values()]
    pairs += [(word, words_a) for word in right.values()]
    return all(
        len(word) >= LONG_ENOUGH
        and any(
            other not in table.choices and OSA.distance(word, other, score_cutoff=1) <= 1
            for other in others
        )
        for word, others in pairs
    )


def _choices(one: Side, start: int, end: int, table: Lexicon) -> dict[int, dict[int, str]]:
    """Words of closed classes in a range: class, group, word."""
    found: dict[int, dict[int, str]] = {}
    for i in range(start, end):
        for choice in table.choices.get(one.words[i], ()):
            if _counts(one, i, choice.number, table):
                found.setdefault(choice.number, {})[choice.group] = one.words[i]
    return found


def _counts(one: Side, i: int, number: int, table: Lexicon) -> bool:
    """Whether the word stands where its class counts it."""
    told = table.classes[number]
    if not told.before_role and not told.before:
        return True
    if i + 1 >= len(one.words):
        return False
    behind = one.words[i + 1]
    if told.before:
        return behind in table.heads[number]
    return behind in table.roles or one.marks[i + 1] == "^"


def _is_more_text(found: Alignment, block: Block) -> bool:
    """Whether one side only says more here: a long piece, or the end that the other lacks."""
    lengths = block.end_a - block.start_a, block.end_b - block.start_b
    if max(lengths) >= LONG_PIECE:
        return min(lengths) * 4 <= max(lengths)
    is_end = block.end_a == len(found.a.words) and block.end_b == len(found.b.words)
    return is_end and not min(lengths)


def _swapped(found: Alignment, blocks: Sequence[Block], table: Lexicon) -> Iterator[Conflict]:
    """A word of a class that moved past another of it: `rose as it fell`, `fell as it rose`."""
    here = {
        found.a.words[i]: i
        for block in blocks
        for i in range(block.start_a, block.end_a)
        if found.a.words[i] in table.choices
    }
    for block in blocks if here else ():
        for word in found.b.words[block.start_b : block.end_b]:
            if word in here:
                # Where it stands there, seen from here.
                start, end = sorted((here[word], block.start_a))
                yield from _passed(word, found.a.words[start : end + 1], table)


def _passed(word: str, way: Sequence[str], table: Lexicon) -> Iterator[Conflict]:
    for choice in table.choices[word]:
        told = table.classes[choice.number]
        if told.alone or told.in_few:
            continue
        if any(
            other.number == choice.number and other.group != choice.group
            for each in way
            for other in table.choices.get(each, ())
        ):
            yield told.id, (word,), (word,)
