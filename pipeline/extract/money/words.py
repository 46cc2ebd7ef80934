"""Numbers in words: `one hundred and twenty`, `half a billion`, `one-point-three`, `several`.

Units add up, `hundred` multiplies, and the scale behind is read with that of digits.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from pipeline.extract.money.quantity import Quantity, Scales
from pipeline.extract.money.tokens import Token, glued, near

# fmt: off
_UNITS = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen",
    "nineteen",
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
# fmt: on
UNITS = {word: number for number, word in enumerate(_UNITS)}
TENS = {word: 10 * number for number, word in enumerate(_TENS, start=2)}
PARTS = {"half": Decimal("0.5"), "quarter": Decimal("0.25"), "quarters": Decimal("0.25")}
VAGUE_HEADS = frozenset({"several", "few", "many", "couple", "dozens", "tens", "scores", "multi"})
COMPACT = frozenset({"multimillion", "multibillion", "multitrillion"})
# Of these a billion is not a billion: `a third of a billion`.
FRACTIONS = frozenset({"third", "thirds", "fifth", "fifths", "tenth", "fraction", "part", "most"})
MAX_WORDS = 12
# Words that a quantity may begin with, but for the plurals of scales.
STARTERS = frozenset({*UNITS, *TENS, *PARTS, *VAGUE_HEADS, *COMPACT, "a", "an"})


def linked(tokens: list[Token], index: int) -> int:
    """Index of the next word, over a hyphen if one stands there without blanks."""
    if (
        index + 1 < len(tokens)
        and tokens[index].text == "-"
        and index
        and glued(tokens[index - 1], tokens[index])
        and glued(tokens[index], tokens[index + 1])
    ):
        return index + 1
    return index


def word_at(tokens: list[Token], index: int) -> str:
    """The word at `index` in small letters, or nothing if none belongs to what precedes."""
    if not 0 < index < len(tokens) or tokens[index].kind != "word":
        return ""
    return tokens[index].text.lower() if near(tokens[index - 1], tokens[index]) else ""


def point_at(tokens: list[Token], index: int, whole: str | None) -> Quantity | None:
    """`point two five` behind a whole number, in words."""
    at = linked(tokens, index)
    if whole is None or word_at(tokens, at) != "point":
        return None
    decimals, at = "", linked(tokens, at + 1)
    while (word := word_at(tokens, at)) and UNITS.get(word, 10) < 10:
        decimals += str(UNITS[word])
        index, at = at + 1, linked(tokens, at + 1)
    if not decimals:
        return None
    return Quantity(index, index, Decimal(f"{whole}.{decimals}"), sized=True)


def words_at(tokens: list[Token], index: int) -> Quantity | None:
    """Number words below a thousand, with `a hundred`, `and`, `point`, `and a half`."""
    total, at, end, seen = 0, index, index, False
    while at < min(len(tokens), index + MAX_WORDS):
        word = tokens[at].text.lower() if at == index else word_at(tokens, at)
        if word in UNITS and (not seen or _takes_unit(total, UNITS[word])):
            total += UNITS[word]
        elif word in TENS and total % 100 == 0 and (not seen or total):
            total += TENS[word]
        elif word == "hundred" and 0 < total < 100:
            total *= 100
        elif word in {"a", "an"} and not seen and word_at(tokens, at + 1) == "hundred":
            total, at = 100, at + 1
        elif word == "and" and total >= 100 and word_at(tokens, at + 1) in {**UNITS, **TENS}:
            at += 1
            continue
        else:
            break
        seen, end = True, at + 1
        at = linked(tokens, end)
    if not seen:
        return None
    point = point_at(tokens, end, str(total))
    if point:
        return replace(point, start=index)
    return Quantity(index, end, Decimal(total), sized=total >= 100)


def _takes_unit(total: int, unit: int) -> bool:
    """Whether `unit` may follow: `twenty` takes `one`, `hundred` takes `nineteen`."""
    if total % 100 == 0:
        return total > 0
    return total % 10 == 0 and total % 100 >= 20 and 0 < unit < 10


def part_at(tokens: list[Token], index: int, scales: Scales) -> Quantity | None:
    """`half a billion`, `a quarter of a million`, `a billion`; the scale itself follows later."""
    word = tokens[index].text.lower()
    at, number = index, Decimal(1)
    if word in {"a", "an"}:
        at = index + 1
        word = word_at(tokens, at)
    times = UNITS.get(word, 0) if at == index else 0
    if times and word_at(tokens, linked(tokens, at + 1)) == "quarters":
        number, word = Decimal(times), "quarters"
        at = linked(tokens, at + 1)
    if word in PARTS:
        number *= PARTS[word]
        at = linked(tokens, at + 1)
        if word_at(tokens, at) == "of":
            at += 1
        if word_at(tokens, at) in {"a", "an"}:
            at = linked(tokens, at + 1)
    elif at == index:
        return None
    if word_at(tokens, at) not in scales.words:
        return None
    behind = [token.text.lower() for token in tokens[max(index - 2, 0) : index]]
    if len(behind) == 2 and behind[0] in FRACTIONS and behind[1] == "of":
        return Quantity(index, at, None)
    return Quantity(index, at, number)


def vague_at(tokens: list[Token], index: int, scales: Scales) -> Quantity | None:
    """`billions of`, `several million`, `tens of thousands of`, `a couple of billion`."""
    at = index
    word = tokens[at].text.lower()
    if word == "a" and word_at(tokens, at + 1) in {"few", "couple"}:
        at += 1
        word = word_at(tokens, at)
    plain = word in VAGUE_HEADS
    if not (plain or word in scales.plurals or word in COMPACT):
        return None
    # `tens of euros` is vague too, `several euros` is not about money worth a row.
    scaled = not plain or (word in {"dozens", "tens", "scores"} and word_at(tokens, at + 1) == "of")
    end, at = at + 1, at + 1
    while at < len(tokens) and at - index < 10:
        at = linked(tokens, at)
        word = word_at(tokens, at)
        if word in scales.words or word in scales.plurals:
            scaled, end = True, at + 1
        elif word not in {"of", "and", "or", "hundred", "a"} | VAGUE_HEADS:
            break
        at += 1
    return Quantity(index, end, None, scaled=True, sized=True) if scaled else None
