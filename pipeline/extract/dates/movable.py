"""Days that move: a weekday by its place in a month, and the feasts that go with Easter."""

from __future__ import annotations

import datetime as dt

from pipeline.extract.dates.values import (
    Value,
    date_value,
    days_value,
    null,
    shift_days,
)


def nth_day_value(month: Value, number: int, weekday: int | None) -> Value:
    """The `number`-th weekday, or weekend without one, of a month; -1 is the last.

    A weekend is that of its Saturday.  `impossible` where the month has no such day.

    Example:
        >>> from pipeline.extract.dates.values import month_value
        >>> nth_day_value(month_value(2024, 11), -1, 3).edtf
        '2024-11-28'
        >>> nth_day_value(month_value(2024, 11), 5, 3).granularity
        'impossible'
    """
    if month.granularity != "month" or month.start is None or month.end is None:
        return null("unresolved")
    wanted = 5 if weekday is None else weekday
    if number > 0:
        ahead = (wanted - month.start.weekday()) % 7
        day = shift_days(month.start, ahead + 7 * (number - 1))
    else:
        day = shift_days(month.end, -((month.end.weekday() - wanted) % 7))
    if day is None or day > month.end:
        return null("impossible")
    following = shift_days(day, 1)
    if weekday is not None or following is None:
        return date_value(day)
    return days_value(day, following, "interval")


# Since then the states whose texts are in English keep Easter on one day.
FIRST_EASTER = 1753


def easter_value(year: int, days: int) -> Value:
    """The day so many days from Easter Sunday, by the algorithm of Meeus, Jones and Butcher.

    Source: J. Meeus, Astronomical Algorithms, chapter 8.

    Example:
        >>> easter_value(2024, 0).edtf, easter_value(1916, 1).edtf
        ('2024-03-31', '1916-04-24')
    """
    if not FIRST_EASTER <= year <= 9998:
        return null("unresolved")
    golden, century, rest = year % 19, year // 100, year % 100
    skipped = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - century // 4 - skipped + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (rest // 4) - epact - rest % 4) % 7
    late = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * late + 114, 31)
    shifted = shift_days(dt.date(year, month, day + 1), days)
    return null("unresolved") if shifted is None else date_value(shifted)
