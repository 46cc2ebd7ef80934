"""Number and currency mark side by side: amounts and ranges over the tokens of one passage.

At each quantity the mark in front of it and the mark behind it are read; one is enough, two
that agree make one amount (`US$ 161.7 billion dollars`).  A mark between two
numbers goes to the one that has none, and to the right one if neither has.  Two
quantities joined by a dash, `to`, or `and` after `between` are a range when, with
scale and mark shared, the lower comes first.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from pipeline.extract.money.lexicon import Mark
from pipeline.extract.money.marks import Marks
from pipeline.extract.money.numbers import quantity_at
from pipeline.extract.money.quantity import EXACT, ONE, Quantity, is_short, shifted
from pipeline.extract.money.tokens import Token, glued, near

# Scale letters that may stand apart from digits with a mark in front: `€30 m`.
APART = frozenset({"m", "M", "b", "B"})
ARTICLES = frozenset({"a", "an"})
# fmt: off
PAID_FOR = frozenset({
    "day", "night", "week", "month", "year", "hour", "head", "person", "share", "barrel", "litre",
    "liter", "gallon", "kilo", "kilogram", "kilometre", "mile", "bushel", "tonne", "piece",
})
# fmt: on
RANGE_WORDS = frozenset({"to", "-", "and", "or"})
# Between `from` or `between` and the lower end.
SOFTENERS = frozenset(
    {"about", "around", "an", "estimated", "roughly", "some", "just", "over", "the", "current"}
)
# A word in -s behind a number is what it counts (`to 3 million voters`), but not these.
NO_THINGS = frozenset(
    {"as", "is", "was", "has", "this", "its", "plus", "less", "across", "towards", "perhaps"}
)


@dataclass(frozen=True, slots=True)
class Item:
    """A quantity with its marks, over the tokens `start` to `end` (half-open).

    For a range `high` is its upper end, `link` the token that joins the two, and `low_marked`
    tells whether the lower end has a mark of its own.
    """

    start: int
    end: int
    quantity: Quantity
    before: Mark | None = None
    after: Mark | None = None
    high: Quantity | None = None
    link: int = 0
    low_marked: bool = False

    @property
    def mark(self) -> Mark | None:
        """The mark that tells most: the one for fewer currencies."""
        if self.before and self.after:
            return min(self.before, self.after, key=lambda mark: len(mark.codes))
        return self.before or self.after


@dataclass(frozen=True, slots=True)
class Grammar:
    """Reads items with the help of `marks`."""

    marks: Marks

    def items(self, tokens: list[Token]) -> Iterator[Item]:
        """Amounts and ranges, left to right; each has at least one mark."""
        index = floor = 0
        starters = self.marks.scales.starters
        while index < len(tokens):
            token = tokens[index]
            if token.kind != "number" and token.text.lower() not in starters:
                index += 1
                continue
            item = self.item_at(tokens, index, floor)
            if item is None:
                index += 1
                continue
            found = self._range(tokens, item) or self._with_cents(tokens, item)
            if found.mark is None:
                index = max(index + 1, found.quantity.end)
                continue
            yield found
            index = floor = found.end

    def item_at(self, tokens: list[Token], index: int, floor: int) -> Item | None:
        """The quantity at `index` with its marks, none of them in front of `floor`."""
        if tokens[index].kind == "other":
            return None
        quantity = quantity_at(tokens, index, self.marks.scales) or self._article(tokens, index)
        if quantity is None or quantity.end == quantity.start:
            return None
        before = self.marks.before(tokens, quantity.start, floor)
        if before is None and _is_tail(tokens, quantity.start):
            return None
        if before:
            quantity = self._apart(tokens, quantity)
        after = self.marks.after(tokens, quantity, before[0] if before else None)
        if before and after and not before[0].codes & after[0].codes:
            after = None
        return Item(
            before[1] if before else quantity.start,
            after[1] if after else quantity.end,
            quantity,
            before[0] if before else None,
            after[0] if after else None,
        )

    def _article(self, tokens: list[Token], index: int) -> Quantity | None:
        """`a dollar a day`: before a currency that is paid for a unit the article is one."""
        if tokens[index].text.lower() not in ARTICLES or index + 1 >= len(tokens):
            return None
        named = self.marks.lexicon.name_at(tokens, index + 1)
        if named is None or not near(tokens[index], tokens[index + 1]):
            return None
        behind = [token.text.lower() for token in tokens[named[1] : named[1] + 2]]
        if len(behind) < 2 or behind[0] not in {"a", "an", "per"} or behind[1] not in PAID_FOR:
            return None
        return Quantity(index, index + 1, ONE)

    def _apart(self, tokens: list[Token], quantity: Quantity) -> Quantity:
        """`€30 m`: behind a mark the letter of the scale may stand apart."""
        at = quantity.end
        if quantity.scaled or at >= len(tokens) or tokens[at].before != " ":
            return quantity
        power = self.marks.scales.glued.get(tokens[at].text)
        if power is None or tokens[at].text not in APART:
            return quantity
        # `$5 M&A fee`: a letter with something glued to it is no scale.
        behind = tokens[at + 1] if at + 1 < len(tokens) else None
        if behind and glued(tokens[at], behind) and behind.text not in ".,;:)":
            return quantity
        return replace(quantity, end=at + 1, shift=power, scaled=True, sized=True)

    def _with_cents(self, tokens: list[Token], item: Item) -> Item:
        """`three dollars and fifty cents` is one amount."""
        main, at = item.quantity, item.end
        if item.after is None or item.after.kind != "name" or main.scaled or main.digits is None:
            return item
        if at + 1 < len(tokens) and tokens[at].text.lower() == "and":
            at += 1
        if at >= len(tokens) or not near(tokens[at - 1], tokens[at]):
            return item
        cents = self.item_at(tokens, at, at)
        if cents is None or cents.after is None or cents.after.shift >= 0:
            return item
        digits = cents.quantity.digits
        if digits is None or digits >= 100 or not cents.after.codes & item.after.codes:
            return item
        if not is_short(main.digits):
            return item
        total = EXACT.add(main.digits, shifted(digits, cents.after.shift))
        return replace(item, end=cents.end, quantity=replace(main, digits=total))

    def _range(self, tokens: list[Token], low: Item) -> Item | None:
        """The range that begins with `low`."""
        at = low.end
        if at + 1 >= len(tokens) or not near(tokens[at - 1], tokens[at]):
            return None
        link = tokens[at].text.lower()
        at += 1
        if link == "-" and tokens[at].text.lower() == "to" and at + 2 < len(tokens):
            link, at = "to", at + 2  # `five-to-ten-million-dollar`
        if link not in RANGE_WORDS:
            return None
        high = self._upper_end(tokens, at)
        if high is None or not agree(low, high) or not joined(tokens, low, high, link):
            return None
        bottom = shared_scale(low.quantity, high.quantity)
        if bottom.value is None or high.quantity.value is None:
            return None
        if bottom.value >= high.quantity.value:
            return None
        return Item(
            low.start,
            high.end,
            bottom,
            low.before or high.before,
            high.after or low.after,
            high.quantity,
            low.end,
            low.mark is not None,
        )

    def _upper_end(self, tokens: list[Token], at: int) -> Item | None:
        """The item whose mark or number begins at `at`."""
        for index in range(at, min(at + 4, len(tokens))):
            if not near(tokens[index - 1], tokens[index]):
                return None
            item = self.item_at(tokens, index, at)
            if item:
                return item if item.start == at else None
        return None


def _is_tail(tokens: list[Token], start: int) -> bool:
    """Whether a number ends a longer one or a code: `1e400 dollars`, `B52 dollars`."""
    return (
        start > 0
        and tokens[start].kind == "number"
        and tokens[start - 1].kind == "word"
        and glued(tokens[start - 1], tokens[start])
    )


def agree(low: Item, high: Item) -> bool:
    """Whether there is a mark, and the marks of both ends may be the same currency."""
    first, second = low.mark, high.mark
    if first is None or second is None:
        return bool(first or second)
    return bool(first.codes & second.codes) and first.shift == second.shift


def joined(tokens: list[Token], low: Item, high: Item, link: str) -> bool:
    """Whether `link` between the two makes a range rather than two things."""
    if low.mark is None and (high.before or is_year(low.quantity)):
        return False
    if low.after and not low.before and high.mark is None:
        return False
    lead = lead_word(tokens, low.start)
    if link == "and" and lead == "between":
        return True
    if link == "to":
        told = lead in {"from", "between"} or high.quantity.scaled or for_one(tokens, high.end)
        return high.mark is not None or (told and not counts_things(tokens, high))
    two_marks = low.mark is not None and high.mark is not None
    if link == "-" and (two_marks or glued(tokens[low.end - 1], tokens[low.end])):
        return True
    # `CHF 60 and 65 million`, `EUR 2 – 3 million`: one mark and one scale serve both.
    one_scale = not low.quantity.scaled and high.quantity.scaled
    return not two_marks and one_scale and not counts_things(tokens, high)


def shared_scale(low: Quantity, high: Quantity) -> Quantity:
    """`low` with the scale of `high`, if it has none and then stays below.

    Example:
        >>> low, high = Quantity(0, 1, Decimal(45)), Quantity(2, 4, Decimal(65), 9, True)
        >>> shared_scale(low, high).value
        Decimal('45000000000')
        >>> shared_scale(Quantity(0, 1, Decimal(200)), high).value
        Decimal('200')
    """
    if low.digits is None or high.digits is None or low.scaled or not high.scaled:
        return low
    if low.digits < high.digits:
        return replace(low, shift=high.shift, scaled=True, sized=True)
    return low


def for_one(tokens: list[Token], at: int) -> bool:
    """`€20 to 30 per head`: the unit shows that the second number is money too."""
    return at < len(tokens) and tokens[at].text in {"per", "a", "an", "/"}


def is_year(quantity: Quantity) -> bool:
    """Whether a bare number may be a year: four digits from 1500 to 2099."""
    written = quantity.written
    if quantity.scaled or len(written) != 4 or not written.isdecimal():
        return False
    return "1500" <= written <= "2099"


def lead_word(tokens: list[Token], start: int, steps: int = 4) -> str:
    """`from` or `between` in front of an amount, over words such as `about`."""
    for index in range(start - 1, max(start - 1 - steps, -1), -1):
        word = tokens[index].text.lower()
        if word in {"from", "between"}:
            return word
        if word not in SOFTENERS:
            return ""
    return ""


def counts_things(tokens: list[Token], item: Item) -> bool:
    """Whether a number without a mark counts what follows: `to 3 million people`."""
    if item.mark or item.end >= len(tokens):
        return False
    following = tokens[item.end].text
    plural = following.isalpha() and following.islower() and following[-1] == "s"
    return following == "people" or (plural and following not in NO_THINGS)


def full_value(
    quantity: Quantity | None, mark: Mark, negative: bool = False, factor: int = 0
) -> Decimal | None:
    """The amount in main units of the currency: cents are hundredths.

    Args:
        quantity: the number; null in, null out.
        mark: its mark.
        negative: whether a minus stands in front.
        factor: a further power of ten.
    """
    if quantity is None or quantity.value is None:
        return None
    value = shifted(quantity.value, mark.shift + factor)
    return value.copy_negate() if negative else value


def minus_before(tokens: list[Token], start: int, text: str) -> str:
    """The minus sign in front of an amount, or nothing.

    A minus touches the amount and not what stands before it: `to -$5 million`; so a dash
    between words, a bullet and a range are none.
    """
    if start < 2 or tokens[start - 1].text != "-" or not tokens[start - 1].before:
        return ""
    sign = tokens[start - 1]
    # The original sign: a long dash is no minus.
    written = text[sign.start : sign.end]
    if not glued(sign, tokens[start]) or written not in "-\u2212" or "\n" in sign.before:
        return ""
    return written


# `was minus $3 million`; `$9 million minus $3 million` is a sum.
BEFORE_MINUS = frozenset({"is", "was", "were", "be", "been", "of", "at", "to", "from", "stood"})


def minus_word(tokens: list[Token], start: int) -> bool:
    """Whether the word `minus` in front makes an amount negative."""
    return (
        start > 1
        and tokens[start - 1].text.lower() == "minus"
        and near(tokens[start - 1], tokens[start])
        and tokens[start - 2].text.lower() in BEFORE_MINUS
    )


def thousandfold(quantity: Quantity, small_change_free: bool) -> int:
    """Power of ten to add where a dot groups: `Rp 15.000` is fifteen thousand.

    Args:
        quantity: the number as written.
        small_change_free: whether its currency has no small change in use.
    """
    if not small_change_free or quantity.scaled:
        return 0
    whole, dot, rest = quantity.written.partition(".")
    return 3 if dot and len(rest) == 3 and 0 < len(whole) <= 3 and whole != "0" else 0
