"""What makes two annotations the same: trimmed spans, the days of a value, exact amounts."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Protocol, TypeVar

from pipeline.score.gold import Amount

# A determiner in front and a possessive or a stop behind are no part of a name.
LEAD = re.compile(r"^(?:the|a|an|this|that|these|those)\s+", re.IGNORECASE)
TAIL = re.compile(r"(?:['’]s|['’]|[\s.,;:])+$")
# `Washington, D.C.` keeps its stop.
INITIALS = re.compile(r"\.[A-Z]\.$")
# A trailing run of these is at most so long; longer words are names of nothing.
TAIL_REACH = 40


class Spanned(Protocol):
    """What stands somewhere; offsets are half-open."""

    @property
    def start(self) -> int:
        """First code point."""

    @property
    def end(self) -> int:
        """One past the last."""


Gold = TypeVar("Gold", bound=Spanned)
Found = TypeVar("Found", bound=Spanned)


def overlap(one: Spanned, other: Spanned) -> int:
    """Code points that both spans hold; 0 or less where they hold none."""
    return min(one.end, other.end) - max(one.start, other.start)


def pair(
    gold: Sequence[Gold], found: Sequence[Found], same: Callable[[Gold, Found], bool]
) -> list[tuple[int, int]]:
    """Pairs of places, each used once, the largest overlaps first, among those that are `same`."""
    candidates = sorted(
        (-overlap(wanted, got), i, j)
        for i, wanted in enumerate(gold)
        for j, got in enumerate(found)
        if overlap(wanted, got) > 0 and same(wanted, got)
    )
    left: set[int] = set()
    right: set[int] = set()
    pairs = []
    for _, i, j in candidates:
        if i not in left and j not in right:
            left.add(i)
            right.add(j)
            pairs.append((i, j))
    return pairs


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """A span without the determiner in front and the possessive or stop behind.

    Example:
        >>> trimmed("the Senate's", 0, 12), trimmed("in Washington, D.C.", 3, 19)
        ((4, 10), (3, 19))
    """
    lead = LEAD.match(text[start:end])
    if lead and start + lead.end() < end:
        start += lead.end()
    words = text[max(start, end - TAIL_REACH) : end]
    tail = TAIL.search(words)
    if tail and end - len(words) + tail.start() > start and INITIALS.search(words) is None:
        end -= len(words) - tail.start()
    return start, end


def days(value: str | None) -> tuple[dt.date, dt.date] | None:
    """First and last day that a value covers; an open side counts as its closed one.

    Example:
        >>> days("2024-02")
        (datetime.date(2024, 2, 1), datetime.date(2024, 2, 29))
        >>> days("199X") == days("1990/1999"), days("../2014") == days("2014"), days("-0489")
        (True, True, None)
    """
    sides = [side for side in (value or "").split("/") if side not in ("", "..")]
    if not sides:
        return None
    first, last = _edges(sides[0]), _edges(sides[-1])
    return (first[0], last[1]) if first and last else None


PLAIN = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?")
QUARTER = re.compile(r"(\d{4})-Q([1-4])")
LOOSE = re.compile(r"(\d\d)(\d|X)X")


def _edges(side: str) -> tuple[dt.date, dt.date] | None:
    side = side.strip().rstrip("?~%").split("T")[0]
    if LOOSE.fullmatch(side):
        low, high = (int(side.replace("X", digit)) for digit in "09")
        return dt.date(max(low, 1), 1, 1), dt.date(high, 12, 31)
    try:
        if quarter := QUARTER.fullmatch(side):
            year, last = int(quarter[1]), 3 * int(quarter[2])
            return dt.date(year, last - 2, 1), _end_of(year, last)
        if plain := PLAIN.fullmatch(side):
            year, month = int(plain[1]), int(plain[2] or 1)
            if plain[3]:
                day = dt.date(year, month, int(plain[3]))
                return day, day
            return dt.date(year, month, 1), _end_of(year, month if plain[2] else 12)
    except ValueError:
        # No such day, such as 31 February or year 0.
        return None
    return None


def _end_of(year: int, month: int) -> dt.date:
    return dt.date(year, month, calendar.monthrange(year, month)[1])


def amount_key(one: Amount) -> tuple[Decimal | None, Decimal | None, str | None]:
    """Amount, larger end of a range and currency, by which two amounts are the same."""
    amount = None if one.amount is None else one.amount.normalize()
    largest = None if one.amount_max is None else one.amount_max.normalize()
    return amount, None if largest == amount else largest, one.currency
