"""Reads a quantity: digits or number words, and the scale behind them.

`repeats` takes its numbers from here too, so that both read `1,50,000` alike.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from pipeline.extract.money.quantity import (
    EXACT,
    Quantity,
    Scales,
    is_short,
    read_digits,
    shifted,
)
from pipeline.extract.money.tokens import Token, glued, near
from pipeline.extract.money.words import (
    PARTS,
    TENS,
    UNITS,
    linked,
    part_at,
    point_at,
    vague_at,
    word_at,
    words_at,
)

__all__ = ["ABBREVIATED", "TENS", "UNITS", "quantity_at", "read_digits", "shifted"]


GLYPHS = {"½": Decimal("0.5"), "¼": Decimal("0.25"), "¾": Decimal("0.75")}
MAX_PARTS = 4
MAX_GROUPS = 7
# Denominators of fractions that have few decimals.
EIGHTHS = frozenset({"2", "4", "8"})
# Scales that may end in a full stop.
ABBREVIATED = frozenset({"bil", "mil", "cr", "bn", "mn", "mln", "bln", "tn", "trn"})


def quantity_at(tokens: list[Token], index: int, scales: Scales) -> Quantity | None:
    """The longest quantity that begins at token `index`."""
    first = tokens[index]
    if first.kind == "number":
        found = _digits_at(tokens, index)
    elif first.kind == "word" and first.text.lower() in scales.starters:
        found = part_at(tokens, index, scales) or words_at(tokens, index)
        if not found:
            return vague_at(tokens, index, scales)
    else:
        return None
    if not found:
        return None
    return _with_parts(tokens, _with_scale(tokens, found, scales), scales)


def _digits_at(tokens: list[Token], index: int) -> Quantity | None:
    first = tokens[index]
    if len(first.text) > 1 and not first.text[-1].isdecimal():
        return None
    fraction = _fraction_at(tokens, index)
    if fraction is not None:
        return fraction
    end, text = index + 1, first.text
    # Blanks between groups: `1 900`, `25 000 000,50`.
    if len(text) <= 3 and text.isdecimal() and not text.startswith("0"):
        while end < min(len(tokens), index + MAX_GROUPS) and (
            _is_group(tokens[end]) and text.isdecimal()
        ):
            text += tokens[end].text.replace(",", ".")
            end += 1
    number = read_digits(text)
    if number is None:
        return None
    sized = end > index + 1 or not text.isdecimal()
    if end < len(tokens) and tokens[end].text in GLYPHS and is_short(number):
        number, end, sized = EXACT.add(number, GLYPHS[tokens[end].text]), end + 1, True
    point = point_at(tokens, end, str(number) if text.isdecimal() else None)
    if point:
        return replace(point, start=index)
    return Quantity(index, end, number, sized=sized, written=text)


def _fraction_at(tokens: list[Token], index: int) -> Quantity | None:
    """`1/2` or `1 1/2`, where tenths can hold it; an empty quantity for a number behind `/`."""
    if all(token.text != "/" for token in tokens[index + 1 : index + 3]):
        return None
    for start in (index, index + 1):
        parts = [token.text for token in tokens[start : start + 3]]
        if len(parts) < 3 or parts[1] != "/" or parts[2] not in EIGHTHS or len(parts[0]) > 1:
            continue
        if start > index and (not tokens[index].text.isdecimal() or len(tokens[index].text) > 3):
            return None
        part = EXACT.divide(Decimal(parts[0] if parts[0].isdecimal() else 0), Decimal(parts[2]))
        whole = Decimal(tokens[index].text) if start > index else Decimal(0)
        if part == 0 or part >= 1:
            return None
        return Quantity(index, start + 3, EXACT.add(whole, part), sized=True)
    return None


def _is_group(token: Token) -> bool:
    if token.kind != "number" or token.before != " ":
        return False
    whole, mark, rest = token.text.replace(",", ".").partition(".")
    return len(whole) == 3 and (not mark or (rest.isdecimal() and len(rest) <= 2))


def _with_scale(tokens: list[Token], found: Quantity, scales: Scales) -> Quantity:
    """`found` with the scale words behind it: `billion`, `lakh crore`, `bn`, `-million`."""
    found = _with_half(tokens, found, scales)
    end, shift = found.end, 0
    if end < len(tokens) and found.end > found.start and glued(tokens[end - 1], tokens[end]):
        letters = scales.glued.get(tokens[end].text)
        if letters is not None and tokens[end - 1].kind == "number":
            return Quantity(found.start, end + 1, found.digits, letters, True, True, found.written)
    while True:
        at = linked(tokens, end)
        power = scales.words.get(word_at(tokens, at))
        if power is None or shift > 12:
            break
        shift, end = shift + power, at + 1
    if end == found.end:
        return found
    found, end = _with_half_more(tokens, found, end)
    last = tokens[end - 1]
    # `51 bil. through`: the full stop of the abbreviation, but not that of a sentence.
    if (
        last.text.lower() in ABBREVIATED
        and end + 1 < len(tokens)
        and tokens[end].text == "."
        and glued(last, tokens[end])
        and tokens[end + 1].text[:1].islower()
    ):
        end += 1
    return Quantity(found.start, end, found.digits, shift, True, True, found.written)


def _with_half_more(tokens: list[Token], found: Quantity, end: int) -> tuple[Quantity, int]:
    """`a million and a half`: half of the scale more, and the token behind it."""
    digits = found.digits
    if word_at(tokens, end) != "and":
        return found, end
    words = [word_at(tokens, end + step) for step in range(3)]
    if words != ["and", "a", "half"] or digits is None or not is_short(digits):
        return found, end
    return replace(found, digits=EXACT.add(digits, PARTS["half"])), end + 3


def _with_half(tokens: list[Token], found: Quantity, scales: Scales) -> Quantity:
    """`two and a half` before a scale."""
    digits, at = found.digits, found.end
    if word_at(tokens, linked(tokens, at)) != "and":
        return found
    if digits is None or not is_short(digits):
        return found
    words: list[str] = []
    for _ in range(3):
        at = linked(tokens, at)
        words.append(word_at(tokens, at))
        at += 1
    part = PARTS.get(words[2])
    if words[:2] != ["and", "a"] or part is None:
        return found
    if word_at(tokens, linked(tokens, at)) not in scales.words:
        return found
    return replace(found, end=at, digits=EXACT.add(digits, part))


def _with_parts(tokens: list[Token], found: Quantity, scales: Scales) -> Quantity:
    """`2 crore 50 lakh`, `one million two hundred thousand`: smaller and smaller scales."""
    for _ in range(MAX_PARTS):
        end, value = found.end, found.value
        if not found.scaled or value is None or end >= len(tokens):
            return found
        spelled = tokens[found.start].kind == "word"
        at = end + 1 if spelled and word_at(tokens, end) == "and" else end
        if at >= len(tokens) or not near(tokens[at - 1], tokens[at]):
            return found
        token = tokens[at]
        part = (
            _digits_at(tokens, at)
            if token.kind == "number"
            else words_at(tokens, at)
            if token.kind == "word" and spelled
            else None
        )
        if part is None:
            return found
        part = _with_scale(tokens, part, scales)
        digits = part.value
        # The part must fit below the scale before it: no two amounts side by side are added.
        if (
            digits is None
            or (token.kind == "number" and not part.scaled)
            or not digits < shifted(Decimal(1), found.shift)
            or not (is_short(value) and is_short(digits))
        ):
            return found
        found = replace(found, end=part.end, digits=EXACT.add(value, digits), shift=0, scaled=True)
        # Only a still smaller scale may follow.
        found = replace(
            found, digits=shifted(found.digits or Decimal(0), -part.shift), shift=part.shift
        )
    return found
