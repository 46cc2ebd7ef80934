"""What a date is worth: an EDTF string, the days it covers, and the unit it is told in.

A value says no more than its words: a year stays a year and never becomes its first of
January.  Years are astronomical (1 BC is 0), as in EDTF (ISO 8601-2).  `start` and `end` are null
where a side is open or lies outside the years 1 to 9999 that a calendar date can hold.
"""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass, replace
from typing import Literal

from schemas.tables import Granularity

# EDTF level 1 and 2: seasons 21-24, quarters 33-36, halves of a year 40-41.
SEASON_CODE = 20
QUARTER_CODE = 32
HALF_CODE = 39

# Months of the four seasons in the north, the only use of seasons that news in English makes
# without saying where; winter begins in the December of its year.
SEASON_MONTHS = {1: 3, 2: 6, 3: 9, 4: 12}


@dataclass(frozen=True, slots=True)
class Value:
    """A value: `low` and `high` are the plain EDTF ends that an interval is built of."""

    edtf: str | None
    start: dt.date | None
    end: dt.date | None
    granularity: Granularity
    low: str = ""
    high: str = ""


def null(granularity: Granularity) -> Value:
    """A value that is none, with the reason.

    Example:
        >>> null("duration").edtf is None
        True
    """
    return Value(None, None, None, granularity)


def year_text(year: int) -> str:
    """The EDTF form of an astronomical year.

    Example:
        >>> year_text(732), year_text(-489)
        ('0732', '-0489')
    """
    return f"-{-year:04d}" if year < 0 else f"{year:04d}"


def _day(year: int, month: int, day: int) -> dt.date | None:
    return dt.date(year, month, day) if 1 <= year <= 9999 else None


def day_value(year: int, month: int, day: int) -> Value:
    """A day; `impossible` when the calendar has no such day.

    Example:
        >>> day_value(2024, 3, 14).edtf
        '2024-03-14'
        >>> day_value(2023, 2, 29).granularity
        'impossible'
    """
    # A leap year before year 1 has no `datetime`; its length is that of the year 400 cycles on.
    if not 1 <= month <= 12 or not 1 <= day <= _month_length(year, month):
        return null("impossible")
    text = f"{year_text(year)}-{month:02d}-{day:02d}"
    stands = _day(year, month, day)
    return Value(text, stands, stands, "day", text, text)


def date_value(day: dt.date) -> Value:
    """A day that is known to exist."""
    return day_value(day.year, day.month, day.day)


def _month_length(year: int, month: int) -> int:
    return calendar.monthrange(year % 400 + 400, month)[1]


def month_value(year: int, month: int) -> Value:
    """A month of a year.

    Example:
        >>> month_value(2024, 2).end
        datetime.date(2024, 2, 29)
    """
    text = f"{year_text(year)}-{month:02d}"
    first = _day(year, month, 1)
    last = _day(year, month, _month_length(year, month))
    return Value(text, first, last, "month", text, text)


def year_value(year: int) -> Value:
    """A year; null outside -9999 to 9999."""
    if abs(year) > 9999:
        return null("unresolved")
    text = year_text(year)
    return Value(text, _day(year, 1, 1), _day(year, 12, 31), "year", text, text)


def months_value(year: int, first: int, count: int, code: int, unit: Granularity) -> Value:
    """`count` months from month `first` of a year, written with the EDTF code `code`.

    Example:
        >>> months_value(2024, 12, 3, 24, "season").end
        datetime.date(2025, 2, 28)
    """
    last_year, last_month = shift_month(year, first, count - 1)
    low = month_value(year, first)
    high = month_value(last_year, last_month)
    return Value(f"{year_text(year)}-{code}", low.start, high.end, unit, low.low, high.high)


def quarter_value(year: int, number: int) -> Value:
    """Quarter 1 to 4 of a year.

    Example:
        >>> quarter_value(2024, 3).edtf, quarter_value(2024, 3).low
        ('2024-35', '2024-07')
    """
    return months_value(year, 3 * number - 2, 3, QUARTER_CODE + number, "quarter")


def half_value(year: int, number: int) -> Value:
    """Half 1 or 2 of a year."""
    return months_value(year, 6 * number - 5, 6, HALF_CODE + number, "half")


def season_value(year: int, number: int) -> Value:
    """Season of a year: 1 spring, 2 summer, 3 autumn, 4 winter."""
    return months_value(year, SEASON_MONTHS[number], 3, SEASON_CODE + number, "season")


def piece_value(
    unit: Literal["quarter", "half", "season", "months"], year: int, number: int
) -> Value:
    """A part of a year by its number; for `months` the first `number` or the last `-number`.

    Example:
        >>> piece_value("months", 2024, 9).edtf, piece_value("months", 2024, -2).edtf
        ('2024-01/2024-09', '2024-11/2024-12')
    """
    if abs(year) >= 9999:
        return null("unresolved")
    if unit == "months":
        first, last = (1, number) if number > 0 else (13 + number, 12)
        return interval_value(month_value(year, first), month_value(year, last))
    return {"quarter": quarter_value, "half": half_value, "season": season_value}[unit](
        year, number
    )


def decade_value(first_year: int) -> Value:
    """The ten years from `first_year`, which ends in 0.

    Example:
        >>> decade_value(1990).edtf
        '199X'
    """
    text = year_text(first_year)[:-1] + "X"
    high = first_year + 9
    return Value(
        text,
        _day(max(first_year, 1), 1, 1),
        _day(high, 12, 31),
        "decade",
        year_text(first_year),
        year_text(high),
    )


def century_value(number: int, before_christ: bool = False) -> Value:
    """A century by its ordinal, read as the hundred years that share their first digits.

    Example:
        >>> century_value(20).edtf, century_value(5, before_christ=True).edtf
        ('19XX', '-04XX')
    """
    hundreds = number - 1
    if not 0 <= hundreds <= 99:
        return null("unresolved")
    if before_christ:
        low, high = -(100 * hundreds + 99), -100 * hundreds
        return Value(f"-{hundreds:02d}XX", None, None, "century", year_text(low), year_text(high))
    low, high = 100 * hundreds, 100 * hundreds + 99
    return Value(
        f"{hundreds:02d}XX",
        _day(max(low, 1), 1, 1),
        _day(high, 12, 31),
        "century",
        year_text(low),
        year_text(high),
    )


def days_value(first: dt.date, last: dt.date, unit: Granularity) -> Value:
    """A stretch of days that has no EDTF code of its own, such as a week."""
    low, high = first.isoformat(), last.isoformat()
    return Value(f"{low}/{high}", first, last, unit, low, high)


def interval_value(first: Value, last: Value) -> Value:
    """From `first` to `last`; null when one is null, `impossible` when they run backwards.

    Example:
        >>> interval_value(year_value(1990), year_value(2014)).edtf
        '1990/2014'
        >>> interval_value(year_value(2014), year_value(1990)).granularity
        'impossible'
    """
    for side in (first, last):
        if side.edtf is None:
            return null(side.granularity)
    if order(first.low) > order(last.high):
        return null("impossible")
    plain = {"day", "month", "year", "decade", "century"}
    low, high = (
        side.edtf if side.granularity in plain else end
        for side, end in ((first, first.low), (last, last.high))
    )
    return Value(f"{low}/{high}", first.start, last.end, "interval", first.low, last.high)


def order(text: str) -> tuple[int, ...]:
    """A key by which plain EDTF points sort.

    Example:
        >>> order("-0489") < order("0079-08") < order("0079-08-24")
        True
    """
    sign = -1 if text.startswith("-") else 1
    year, *rest = text.lstrip("-").split("-")
    return (sign * int(year), *map(int, rest))


def open_after(value: Value) -> Value:
    """From `value` on, without an end.

    Example:
        >>> open_after(year_value(2009)).edtf
        '2009/..'
    """
    if value.edtf is None:
        return value
    return Value(f"{value.low}/..", value.start, None, "interval", value.low, "")


def open_before(value: Value) -> Value:
    """Up to `value`, without a beginning."""
    if value.edtf is None:
        return value
    return Value(f"../{value.high}", None, value.end, "interval", "", value.high)


def about(value: Value) -> Value:
    """`value` with EDTF's mark for approximate, on the first end of an interval.

    Example:
        >>> about(year_value(1250)).edtf
        '1250~'
        >>> about(interval_value(year_value(1550), year_value(1610))).edtf
        '1550~/1610'
    """
    first, slash, last = (value.edtf or "").partition("/")
    if not first[-1:].isdigit():
        return value
    return replace(value, edtf=f"{first}~{slash}{last}")


def shift_month(year: int, month: int, count: int) -> tuple[int, int]:
    """Year and month `count` months on.

    Example:
        >>> shift_month(2024, 11, 3), shift_month(2024, 1, -1)
        ((2025, 2), (2023, 12))
    """
    total = 12 * year + month - 1 + count
    return total // 12, total % 12 + 1


def shift_days(day: dt.date, count: int) -> dt.date | None:
    """The day `count` days on; None beyond the calendar's ends.

    Example:
        >>> shift_days(dt.date(2024, 2, 28), 2)
        datetime.date(2024, 3, 1)
        >>> shift_days(dt.date(2024, 2, 28), 10**9) is None
        True
    """
    number = day.toordinal() + count
    if 1 <= number <= dt.date.max.toordinal():
        return dt.date.fromordinal(number)
    return None
