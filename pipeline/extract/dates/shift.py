"""Counting on a calendar: so many units before or after a point, as precise as the unit."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pipeline.extract.dates import values
from pipeline.extract.dates.expressions import Unit
from pipeline.extract.dates.values import Value


def shifted_value(
    unit: Unit, count: int, year: int, month: int | None, day: dt.date | None
) -> Value | None:
    """The unit that lies `count` units from a point; None where the point is too coarse.

    Example:
        >>> shifted_value("month", -2, 2024, 1, None).edtf
        '2023-11'
        >>> shifted_value("day", 1, 2024, 1, None) is None
        True
    """
    if abs(count) > 10_000:
        return values.null("unresolved")
    if unit in ("year", "decade", "century"):
        return _long(unit, count, year)
    if unit in ("month", "quarter"):
        return None if month is None else _months(unit, count, year, month)
    return None if day is None else _short(unit, count, day)


def _months(unit: Unit, count: int, year: int, month: int) -> Value:
    quarters = unit == "quarter"
    year, month = values.shift_month(year, month, count * (3 if quarters else 1))
    if quarters:
        return values.quarter_value(year, (month + 2) // 3)
    return values.month_value(year, month)


def _long(unit: Unit, count: int, year: int) -> Value:
    if unit == "decade":
        return values.decade_value(year - year % 10 + 10 * count)
    if unit == "century":
        return values.century_value(year // 100 + 1 + count)
    return values.year_value(year + count)


def _short(unit: Unit, count: int, day: dt.date) -> Value:
    if unit == "day":
        shifted = values.shift_days(day, count)
        return values.null("unresolved") if shifted is None else values.date_value(shifted)
    monday = values.shift_days(day, 7 * count - day.weekday())
    sunday = None if monday is None else values.shift_days(monday, 6)
    if monday is None or sunday is None:
        return values.null("unresolved")
    if unit == "weekend":
        return values.days_value(sunday - dt.timedelta(days=1), sunday, "interval")
    return values.days_value(monday, sunday, "week")


def stretch_value(
    unit: Literal["day", "month", "year"],
    count: int,
    year: int,
    month: int | None,
    day: dt.date | None,
) -> Value | None:
    """From a point `count` units back or on, told in the same unit.

    None off the calendar, and where the point is too coarse.

    Example:
        >>> stretch_value("year", -50, 2024, 9, None).edtf
        '1974/2024'
        >>> stretch_value("month", 42, 2024, 9, None).edtf
        '2024-09/2028-03'
        >>> stretch_value("day", -3, 2024, 9, None) is None
        True
    """
    first, last = (shifted_value(unit, n, year, month, day) for n in sorted((0, count)))
    if first is None or first.start is None or last is None or last.start is None:
        return None
    return values.interval_value(first, last)
