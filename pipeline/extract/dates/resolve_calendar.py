"""Days, months and weekdays that leave something out: which one is meant."""

from __future__ import annotations

from dataclasses import replace

from pipeline.extract.dates import values
from pipeline.extract.dates.context import UNRESOLVED, Context, Point, Resolved, based
from pipeline.extract.dates.expressions import Calendar, MonthDay, Numeric, Turn
from pipeline.extract.dates.values import Value


def resolve_calendar(told: Calendar, context: Context) -> Resolved:
    """The value of a day, month, year or weekday as far as it is told."""
    if told.week_turn is not None:
        return _day_of_week(told, told.week_turn, context)
    if told.month is None and told.weekday is not None:
        return _weekday(told.weekday, told.turn, context)
    if told.year is not None:
        return Resolved(_plain(_in_its_era(told, context)))
    if told.month is None:
        return UNRESOLVED
    if told.year_turn is not None:
        return _month_of_year(told, told.year_turn, context)
    turn = told.turn
    return _month(told, context) if turn is None else _turned_month(told, turn, context)


# So far from the last year before Christ a bare year of four digits is of the same age.
SAME_AGE = 200
# Later years are told where the digs were made that the text is about.
LAST_OLD_YEAR = 1799


def _in_its_era(told: Calendar, context: Context) -> Calendar:
    """`built in 1274 BC and razed in 1259`: the second year is before Christ too."""
    year, last = told.year, context.last
    if year is None or last is None or not context.near or told.month is not None:
        return told
    if 1000 <= year <= LAST_OLD_YEAR and abs(year + last.year) <= SAME_AGE:
        return replace(told, year=1 - year)
    return told


def _month_of_year(told: Calendar, turn: Turn, context: Context) -> Resolved:
    """`May of last year`."""
    base = context.base_of(turn)
    point = context.base(base)
    if point is None:
        return UNRESOLVED
    return based(_plain(replace(told, year=point.year + turn.step)), base, point)


def _plain(told: Calendar) -> Value:
    if told.year is None or abs(told.year) > 9999:
        return values.null("unresolved")
    if told.month is None:
        return values.year_value(told.year)
    if told.day is None:
        return values.month_value(told.year, told.month)
    return values.day_value(told.year, told.month, told.day)


def _day_of_week(told: Calendar, turn: Turn, context: Context) -> Resolved:
    """`Friday next week`: the weekday within the week that the turn names."""
    base = context.base_of(turn)
    point = context.base(base)
    if point is None or point.day is None or told.weekday is None:
        return UNRESOLVED
    day = values.shift_days(point.day, 7 * turn.step + told.weekday - point.day.weekday())
    return UNRESOLVED if day is None else based(values.date_value(day), base, point)


NEAR_DAYS = 2


def _weekday(weekday: int, turn: Turn | None, context: Context) -> Resolved:
    """A weekday: the last one up to the base, the base included; the next when looking ahead.

    Where the weekday is that of the day of publication it is that day, whatever the clause
    looks at: so in 132 of 133 news stories (TimeBank, AQUAINT).
    """
    base = context.base_of(turn)
    point = context.base(base)
    if (point is None or point.day is None) and base == "register" and not context.narrative:
        # `the following Monday` with no other day to count from.
        base = "published"
        point = context.base(base)
    if point is None or point.day is None:
        return UNRESOLVED
    behind = (point.day.weekday() - weekday) % 7
    if turn is None and base == "register":
        # History goes on: the next one from the last date, that day included.
        count = -behind % 7
    elif turn is None:
        count = 7 - behind if context.ahead and behind else -behind
    elif turn.step < 0:
        count = -(behind or 7)
    elif turn.step > 0:
        count = 7 - behind
        # On a Tuesday `next Thursday` is not the day after tomorrow: that is `this Thursday`.
        if turn.base == "published" and count <= NEAR_DAYS and point.day.weekday() < weekday:
            count += 7
    else:
        count = -behind % 7
    day = values.shift_days(point.day, count)
    return UNRESOLVED if day is None else based(values.date_value(day), base, point)


def _turned_month(told: Calendar, turn: Turn, context: Context) -> Resolved:
    """`last December`: the nearest one strictly before; `this June`: that of the same year."""
    base = context.base_of(turn)
    point = context.base(base)
    if point is None or told.month is None:
        return UNRESOLVED
    year = point.year
    if turn.step < 0 and (point.month is None or told.month >= point.month):
        year -= 1
    if turn.step > 0 and (point.month is None or told.month <= point.month):
        year += 1
    return based(_plain(replace(told, year=year)), base, point)


def _month(told: Calendar, context: Context) -> Resolved:
    """A month, or a day of a month, without a year.

    History goes on in the year it is in; news means the nearest such month,
    but where the sentence is framed by a date of another year.
    """
    last, published = context.last, context.published
    if last is not None and (context.narrative or published is None or context.framed):
        if last.coarse:
            return UNRESOLVED
        value = _plain(replace(told, year=_running_year(told, last)))
        return Resolved(value, "context", last.first_day)
    if published is None or told.month is None:
        return UNRESOLVED
    year = nearest_year(told.month, published, context.ahead, context.behind)
    if told.weekday is not None:
        year = _fitting_year(told, year)
    return based(_plain(replace(told, year=year)), "published", published)


def _running_year(told: Calendar, last: Point) -> int:
    """The year that the text is in; behind its last months, the first open the next."""
    here = 12 if last.late else last.month
    if told.month is not None and here is not None:
        return last.year + (here - told.month >= MONTHS_BACK)
    return last.year


# From August to January the way on is five months, the way back seven.
MONTHS_BACK = 7


# A month this far ahead that no word of the clause puts in the future is the one behind.
MONTHS_AHEAD = 3


def nearest_year(month: int, published: Point, ahead: bool, behind: bool = False) -> int:
    """The year that brings a month nearest to the month of publication; if only a year is, that.

    Args:
        month: 1 to 12.
        published: when the text was published.
        ahead: whether the clause looks ahead.
        behind: whether it looks back.

    Example:
        >>> nearest_year(12, Point(2024, 1), False)
        2023
        >>> august = Point(2024, 8)
        >>> nearest_year(12, august, False), nearest_year(12, august, True)
        (2023, 2024)
    """
    if published.month is None:
        return published.year
    distance = (month - published.month) % 12
    limit = 10 if ahead else 0 if behind else MONTHS_AHEAD
    if distance > limit:
        distance -= 12
    return values.shift_month(published.year, published.month, distance)[0]


def _fitting_year(told: Calendar, year: int) -> int:
    """The year beside `year` in which the weekday agrees with the day, else `year`."""
    for candidate in (year, year - 1, year + 1):
        value = _plain(replace(told, year=candidate))
        if value.start is not None and value.start.weekday() == told.weekday:
            return candidate
    return year


def resolve_month_day(told: MonthDay, context: Context) -> Resolved:
    """`on the 15th`; in news the one nearest on the side that the clause looks to."""
    if told.weekday is not None:
        return _agreeing_day(told, told.weekday, context)
    base = context.base_of(told.turn)
    last = context.last
    if told.turn is None and context.near and last is not None and last.day is not None:
        # `on March 20, and on the 24th`, also in news.
        base = "register"
    point = context.base(base)
    if point is None or point.month is None:
        return UNRESOLVED
    step = 0 if told.turn is None else told.turn.step
    if told.turn is None and base == "published" and point.day is not None:
        if context.ahead and told.day < point.day.day:
            step = 1
        elif not context.ahead and told.day > point.day.day:
            step = -1
    year, month = values.shift_month(point.year, point.month, step)
    return based(values.day_value(year, month, told.day), base, point)


# A year either way holds every agreement of a weekday with a day of the month.
MONTHS_TO_TRY = 12


def _agreeing_day(told: MonthDay, weekday: int, context: Context) -> Resolved:
    """`Thursday the 14th`: the nearest month, first on the side that the clause looks to."""
    base = context.settle("running")
    point = context.base(base)
    if point is None or point.month is None:
        return UNRESOLVED
    side = 1 if context.ahead or base == "register" else -1
    for distance in range(MONTHS_TO_TRY):
        for step in (side * distance, -side * distance):
            year, month = values.shift_month(point.year, point.month, step)
            value = values.day_value(year, month, told.day)
            if value.start is not None and value.start.weekday() == weekday:
                return based(value, base, point)
    return UNRESOLVED


def resolve_numeric(told: Numeric, context: Context) -> Resolved:
    """Both orders are possible: the document's own order decides, else the day of publication."""
    if context.day_first is not None and not told.short:
        day, month = told.first, told.second
        if not context.day_first:
            day, month = month, day
        return Resolved(values.day_value(told.year, month, day))
    for month, day in ((told.first, told.second), (told.second, told.first)):
        value = values.day_value(told.year, month, day)
        if context.published is not None and value.start == context.published.day:
            return Resolved(value)
    return UNRESOLVED
