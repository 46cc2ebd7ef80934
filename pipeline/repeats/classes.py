"""What words of a closed class mean for the veto: one member stands against another.

What the classes are is data: `rules/repeats.toml`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rapidfuzz.distance import OSA

from pipeline.repeats.align import Alignment, Block, Side
from pipeline.repeats.facts import LONG_ENOUGH
from pipeline.repeats.lexicon import Lexicon

# What is added at the end or in so long a piece is more text, not a word that turns the rest.
LONG_PIECE = 8
# So few words may stand for an office or a deed; longer blocks are rewritten text.
SHORT_PIECE = 3

Conflict = tuple[str, tuple[str, ...], tuple[str, ...]]


def other_member(found: Alignment, block: Block, table: Lexicon) -> Iterator[Conflict]:
    """Members of one class on both sides of a block, or of a one-sided class on one side.

    Yields:
        The id of the class, and the words on both sides.

    Example:
        >>> from pipeline.repeats.align import align, side
        >>> from pipeline.repeats.lexicon import lexicon
        >>> found = align(side("prices rose in the town"), side("prices fell in the town"))
        >>> list(other_member(found, found.blocks[0], lexicon()))
        [('repeats.change', ('rose',), ('fell',))]
    """
    ours = _choices(found.a, block.start_a, block.end_a, table)
    theirs = _choices(found.b, block.start_b, block.end_b, table)
    if not ours and not theirs:
        return
    adds_text = is_more_text(found, block)
    for number in sorted(ours.keys() | theirs.keys()):
        one = table.classes[number]
        left, right = ours.get(number, {}), theirs.get(number, {})
        only_left, only_right = left.keys() - right.keys(), right.keys() - left.keys()
        if (one.alone and not _is_one_word(block)) or (one.in_few and not is_short(block)):
            continue
        if not (only_left and only_right):
            if not one.one_sided or adds_text or not (only_left or only_right):
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


def is_short(block: Block) -> bool:
    """Whether so few words stand against each other that one may be meant for the other.

    Example:
        >>> is_short(Block(0, 3, 0, 1)), is_short(Block(0, 4, 0, 1))
        (True, False)
    """
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
    if told.before_number:
        # `over 300`, `more than 300`.
        place = i + 2 if one.words[i + 1 : i + 2] == ("than",) else i + 1
        return one.marks[place : place + 1] == "#"
    if not told.before_role and not told.before:
        return True
    if i + 1 >= len(one.words):
        return False
    behind = one.words[i + 1]
    if told.before:
        return behind in table.heads[number]
    return behind in table.roles or one.marks[i + 1] == "^"


def is_more_text(found: Alignment, block: Block) -> bool:
    """Whether one side only says more here: a long piece, or the end that the other lacks."""
    lengths = block.end_a - block.start_a, block.end_b - block.start_b
    if max(lengths) >= LONG_PIECE:
        return min(lengths) * 4 <= max(lengths)
    is_end = block.end_a == len(found.a.words) and block.end_b == len(found.b.words)
    return is_end and not min(lengths)


def swapped(found: Alignment, blocks: Sequence[Block], table: Lexicon) -> Iterator[Conflict]:
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
        if told.alone or told.in_few or told.before_number:
            continue
        if any(
            other.number == choice.number and other.group != choice.group
            for each in way
            for other in table.choices.get(each, ())
        ):
            yield told.id, (word,), (word,)
