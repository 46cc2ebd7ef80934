"""A quantity: decimal digits and a power of ten, and exact arithmetic on it.

Nothing passes through a float: `4.2 billion` is the digits 4.2 and nine places.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Context, Decimal
from functools import cached_property

# Sums are exact in this context for numbers of up to MAX_DIGITS digits; longer ones are
# kept as they are written and never added to.
EXACT = Context(prec=160)
ONE = Decimal(1)
MAX_DIGITS = 100

_GROUPED = re.compile(r"\d{1,3}(?:([,.'])\d{3})(?:\1\d{3})*\Z")
_INDIAN = re.compile(r"\d{1,3}(?:,\d\d)*,\d{3}\Z")


@dataclass(frozen=True)
class Quantity:
    """A number as it was written, over the tokens `start` to `end` (half-open).

    `digits` is the number without its scale and `shift` the power of ten of the scale; `value`
    is null where no number is named (`billions of`).  `sized` tells a written-out
    amount (a scale, groups of digits, decimals) from a bare whole number.
    """

    start: int
    end: int
    digits: Decimal | None
    shift: int = 0
    scaled: bool = False
    sized: bool = False
    written: str = ""

    @cached_property
    def value(self) -> Decimal | None:
        """The number in full: digits times scale."""
        return None if self.digits is None else shifted(self.digits, self.shift)


@dataclass(frozen=True)
class Scales:
    """Scale words to powers of ten.

    `words` stand behind a blank or a hyphen (`4.2 billion`), `glued` only right behind
    the digits (`4.2bn`, `5k`), `plurals` make a vague quantity (`billions of`); `starters` are
    the words a quantity may begin with, so that all others need no second look.
    """

    words: Mapping[str, int]
    glued: Mapping[str, int]
    plurals: Mapping[str, int]
    starters: frozenset[str]


def is_short(number: Decimal) -> bool:
    """Whether sums with `number` are exact in the context `EXACT`."""
    # Counting signs is cheaper than taking the number apart; a point or a sign is one more.
    return abs(number.adjusted()) < MAX_DIGITS and (
        len(str(number)) <= MAX_DIGITS or len(number.as_tuple().digits) <= MAX_DIGITS
    )


def shifted(number: Decimal, shift: int) -> Decimal:
    """`number` times ten to the power of `shift`, exactly and without an exponent.

    Example:
        >>> shifted(Decimal("4.20"), 9)
        Decimal('4200000000')
        >>> shifted(Decimal("164"), -2)
        Decimal('1.64')
        >>> shifted(Decimal("1E+3"), 0)
        Decimal('1000')
    """
    if not shift and number.as_integer_ratio()[1] == 1 and is_short(number):
        return number.quantize(ONE, context=EXACT)
    if is_short(number):
        moved = number.scaleb(shift, EXACT)
        whole = moved.to_integral_value(context=EXACT)
        return whole.quantize(ONE, context=EXACT) if whole == moved else moved.normalize(EXACT)
    # Longer than any context: moved digit by digit.
    sign, digits, exponent = number.as_tuple()
    assert isinstance(exponent, int)  # never infinite: built from digits
    exponent += shift
    if exponent >= 0:
        return Decimal((sign, (*digits, *(0 for _ in range(exponent))), 0))
    text = format(Decimal((sign, digits, exponent)), "f").rstrip("0").rstrip(".")
    return Decimal(text)


def read_digits(text: str) -> Decimal | None:
    """The number that digits with separators stand for; null when they are no number.

    A comma or dot that comes more than once, or before the other one, groups; the last
    one is the decimal sign.  A lone comma groups when three digits follow.

    Example:
        >>> read_digits("1,234.5"), read_digits("1.234.567,89"), read_digits("1,50,000")
        (Decimal('1234.5'), Decimal('1234567.89'), Decimal('150000'))
        >>> read_digits("12,8"), read_digits("1'500'000"), read_digits("0,500")
        (Decimal('12.8'), Decimal('1500000'), Decimal('0.500'))
        >>> read_digits("1.2.3"), read_digits("1,2,3"), read_digits("2019,2020")
        (None, None, None)
    """
    if text.isdigit():
        return Decimal(text) if text.isdecimal() else None
    marks = [sign for sign in text if sign in ",.'"]
    last = marks[-1]
    if len(set(marks)) == 1:
        if last == "'" or len(marks) > 1 or (last == "," and not text.startswith("0")):
            whole = _ungroup(text)
            if whole is not None or last == "'" or len(marks) > 1:
                return whole
        before, after = text.split(last)
        # `2019,2020` are two numbers; no currency is written with four digits behind a comma.
        return None if last == "," and len(after) > 3 else Decimal(f"{before}.{after}")
    before, _, after = text.rpartition(last)
    whole = _ungroup(before)
    if last == "'" or whole is None:
        return None
    return Decimal(f"{whole}.{after}")


def _ungroup(text: str) -> Decimal | None:
    if _GROUPED.match(text) or _INDIAN.match(text):
        return Decimal(re.sub(r"[,.']", "", text))
    return None
