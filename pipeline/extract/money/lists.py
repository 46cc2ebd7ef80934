"""Amounts that leave their mark or scale to another: lists, and the second end of a change.

    $5, $10 and $20 million      the scale stands once, behind the last
    $3, 4 and 5 million          mark and scale stand once
    3, 4 and 5 million dollars
    from 700 naira to 900        the mark stands at the first end only

A list that shares a scale has three members or more: `$5 and $10 million` may be five dollars
and ten million.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from pipeline.extract.money.grammar import Item, counts_things, is_year, lead_word
from pipeline.extract.money.numbers import quantity_at
from pipeline.extract.money.quantity import Quantity, Scales, read_digits
from pipeline.extract.money.tokens import Token, glued, near

LAST = frozenset({"and", "or"})
FEWEST = 3
MOST = 12
# A number in front of a scale is hardly longer: `$1,500, $2,000 and $3 million` share nothing.
LIMIT = Decimal(1000)
# What may follow a number that is money by its neighbour, and not a thing that it counts.
# fmt: off
FUNCTION_WORDS = frozenset({
    "in", "on", "by", "at", "for", "as", "after", "and", "but", "while", "when", "this", "last",
    "over", "within", "during", "since", "a", "an", "per", "the", "before", "between", "because",
    "with", "or", "if", "then", "each", "next", "today", "yesterday", "under", "amid", "following",
})
# fmt: on


def spread(tokens: list[Token], items: Sequence[Item], scales: Scales) -> list[Item]:
    """The items with what each leaves to another filled in, in order.

    Args:
        tokens: of the passage.
        items: what the grammar found there, in order.
        scales: to read the numbers that have no mark.
    """
    found: list[Item] = []
    for place, item in enumerate(items):
        following = items[place + 1] if place + 1 < len(items) else None
        if found and item.start < found[-1].end:
            continue
        listed = (
            _one_scale(tokens, found, item)
            or _one_mark_behind(tokens, found, item)
            or _one_mark_before(tokens, item, scales)
        )
        if listed:
            found = [one for one in found if one.end <= listed[0].start] + listed
            continue
        found += _changed(tokens, item, following, scales)
    return found


def _one_scale(tokens: list[Token], before: Sequence[Item], last: Item) -> list[Item]:
    """`$5, $10 and $20 million`: the earlier amounts with the scale of the last."""
    if last.before is None or not _ends_list(tokens, last):
        return []
    members = [last]
    for item in reversed(before[-MOST:]):
        behind = members[0].start
        linked = _linked(tokens, item.end, behind, first=len(members) == 1)
        if not linked or item.before is None or not _is_small(item.quantity):
            break
        if item.high is not None or not item.before.codes & last.before.codes:
            break
        members.insert(0, replace(item, quantity=_scaled(item.quantity, last.quantity)))
    return members if len(members) >= FEWEST else []


def _one_mark_behind(tokens: list[Token], before: Sequence[Item], last: Item) -> list[Item]:
    """`3, 4 and 5 million dollars`: numbers without a mark become amounts."""
    members = _last_members(tokens, last)
    floor = before[-1].end if before else 0
    while members and len(members) <= MOST:
        at = members[0].start - 1
        if at > floor and tokens[at].text.lower() in LAST and len(members) == 1:
            at -= 1
        if at > floor and tokens[at].text == ",":
            at -= 1
        quantity = _plain_number(tokens, at) if at >= floor else None
        if quantity is None or not _linked(
            tokens, at + 1, members[0].start, first=len(members) == 1
        ):
            break
        scaled = _scaled(quantity, last.quantity)
        members.insert(0, Item(at, at + 1, scaled, after=last.after))
    return members if len(members) >= FEWEST else []


def _last_members(tokens: list[Token], last: Item) -> list[Item]:
    """The end of a list that may begin further left; the grammar reads `4 and 5` as a range."""
    if last.before is not None or last.after is None:
        return []
    if last.high is None:
        return [last] if _ends_list(tokens, last) else []
    if tokens[last.link].text.lower() not in LAST or last.start < 2:
        return []
    if tokens[last.start - 1].text != ",":
        return []
    low = Item(last.start, last.link, last.quantity, after=last.after)
    return [low, Item(last.link + 1, last.end, last.high, after=last.after)]


def _one_mark_before(tokens: list[Token], first: Item, scales: Scales) -> list[Item]:
    """`$3, 4 and 5 million`: the mark of the first, the scale of the last."""
    if first.before is None or first.after or first.high or not _is_small(first.quantity):
        return []
    ends = [first.end]
    quantities = [first.quantity]
    at = first.end
    while len(quantities) <= MOST:
        if at < len(tokens) and tokens[at].text == "," and not tokens[at].before:
            at += 1
        closes = at < len(tokens) and tokens[at].text.lower() in LAST
        at += closes
        quantity = quantity_at(tokens, at, scales) if at < len(tokens) else None
        if quantity is None or quantity.start != at or not near(tokens[at - 1], tokens[at]):
            return []
        quantities.append(quantity)
        ends.append(quantity.end)
        if closes:
            break
        if not _is_small(quantity) or quantity.end != at + 1 or at == ends[-2]:
            return []
        at = quantity.end
    last = quantities[-1]
    if len(quantities) < FEWEST or not last.scaled or last.value is None:
        return []
    if counts_things(tokens, Item(last.start, last.end, last)):
        return []
    members = [replace(first, quantity=_scaled(first.quantity, last))]
    for quantity, end in zip(quantities[1:], ends[1:], strict=True):
        scaled = quantity if quantity is last else _scaled(quantity, last)
        members.append(Item(quantity.start, end, scaled, before=first.before))
    return members


def _changed(tokens: list[Token], item: Item, following: Item | None, scales: Scales) -> list[Item]:
    """`from 700 naira to 900`: the second number is of the same currency.

    An upper end makes a range, which a verb of change parts again.
    """
    at = item.end + 1
    open_end = (
        item.high is None
        and item.quantity.value is not None
        and at < len(tokens)
        and tokens[item.end].text.lower() == "to"
        and lead_word(tokens, item.start) == "from"
        and not (following is not None and following.start <= at)
    )
    end = quantity_at(tokens, at, scales) if open_end and near(tokens[at - 1], tokens[at]) else None
    if end is None or end.value is None or is_year(end) or end.scaled != item.quantity.scaled:
        return [item]
    if not _ends_phrase(tokens, end.end):
        return [item]
    assert item.quantity.value is not None  # else the end were not open
    if end.value > item.quantity.value:
        return [replace(item, end=end.end, high=end, link=item.end, low_marked=True)]
    return [item, Item(at, end.end, end, before=item.before, after=item.after)]


def _ends_phrase(tokens: list[Token], at: int) -> bool:
    """Whether nothing that could be counted follows."""
    if at >= len(tokens):
        return True
    token = tokens[at]
    if token.kind == "word":
        return token.text.lower() in FUNCTION_WORDS
    return token.kind == "other" and token.text in '.,;:)!?"' and not _runs_on(tokens, at)


def _runs_on(tokens: list[Token], at: int) -> bool:
    """Whether a number is glued to the sign behind a number, as in a score or a code."""
    return at + 1 < len(tokens) and tokens[at + 1].kind == "number" and not tokens[at + 1].before


def _ends_list(tokens: list[Token], last: Item) -> bool:
    """Whether an amount with a scale stands behind `and` or `or`."""
    quantity = last.quantity
    return (
        last.start > 0
        and last.high is None
        and quantity.scaled
        and quantity.digits is not None
        and tokens[last.start - 1].text.lower() in LAST
    )


def _linked(tokens: list[Token], end: int, start: int, first: bool) -> bool:
    """Whether a comma, or before the last member `and`, parts the tokens `end` and `start`."""
    words = [token.text.lower() for token in tokens[end:start]]
    if first:
        return words in (["and"], ["or"], [",", "and"], [",", "or"])
    return words == [","]


def _plain_number(tokens: list[Token], at: int) -> Quantity | None:
    """A bare number of one token that belongs to nothing in front of it."""
    token = tokens[at]
    if token.kind != "number" or (at and glued(tokens[at - 1], token)):
        return None
    number = read_digits(token.text) if token.text[-1].isdecimal() else None
    if number is None or number >= LIMIT:
        return None
    return Quantity(at, at + 1, number, written=token.text)


def _is_small(quantity: Quantity) -> bool:
    return quantity.digits is not None and not quantity.scaled and quantity.digits < LIMIT


def _scaled(quantity: Quantity, last: Quantity) -> Quantity:
    return replace(quantity, shift=last.shift, scaled=True, sized=True)
