"""From an expression and what is known around it to a value: pure functions."""

from __future__ import annotations

from dataclasses import replace

from pipeline.extract.dates import values
from pipeline.extract.dates.context import UNRESOLVED, Context, Point, Resolved, based
from pipeline.extract.dates.expressions import (
    Calendar,
    Century,
    Decade,
    Easter,
    Expression,
    Fixed,
    Interval,
    MonthDay,
    Nothing,
    NthDay,
    Numeric,
    Offset,
    OldYear,
    Piece,
    Shifted,
    Stretch,
)
from pipeline.extract.dates.movable import easter_value, nth_day_value
from pipeline.extract.dates.resolve_calendar import (
    nearest_year,
    resolve_calendar,
    resolve_month_day,
    resolve_numeric,
)
from pipeline.extract.dates.shift import shifted_value, stretch_value
from pipeline.extract.dates.values import Value


def resolve(expression: Expression, context: Context) -> Resolved:
    """The value of an expression in its context; null with a reason where there is none.

    Example:
        >>> resolve(Calendar(1994, 3, 14), Context()).value.edtf
        '1994-03-14'
        >>> tuesday = Calendar(weekday=1)
        >>> import datetime as dt
        >>> resolve(tuesday, Context(Point.of_day(dt.date(2024, 10, 29)))).value.edtf
        '2024-10-29'
        >>> resolve(tuesday, Context()).value.granularity
        'unresolved'
    """
    resolved = UNRESOLVED
    match expression:
        case Calendar():
            resolved = resolve_calendar(expression, context)
        case Interval(first, last):
            resolved = _interval(first, last, context)
        case Piece():
            resolved = _piece(expression, context)
        case Shifted():
            resolved = _shifted(expression, context)
        case Stretch():
            resolved = _stretch(expression, context)
        case MonthDay():
            resolved = resolve_month_day(expression, context)
        case NthDay():
            resolved = _nth_day(expression, context)
        case Easter():
            resolved = _easter(expression, context)
        case Offset():
            resolved = _offset(expression, context)
        case Numeric():
            resolved = resolve_numeric(expression, context)
        case OldYear(number, _):
            before_christ = context.last is not None and context.last.year < 0
            resolved = Resolved(values.year_value(1 - number if before_christ else number))
        case Century() | Decade() | Fixed() | Nothing():
            resolved = Resolved(_told(expression))
    return resolved


def _told(expression: Century | Decade | Fixed | Nothing) -> Value:
    """The value of what needs no other date."""
    match expression:
        case Century(number, before_christ):
            return values.century_value(number, before_christ)
        case Decade(first_year):
            return values.decade_value(first_year)
        case Fixed(day):
            return values.date_value(day)
        case Nothing(reason):
            return values.null(reason)


def _piece(told: Piece, context: Context) -> Resolved:
    if told.year is not None:
        return Resolved(values.piece_value(told.unit, told.year, told.number))
    if told.turn is not None and told.unit != "season":
        base = context.base_of(told.turn)
        point = context.base(base)
        if point is None:
            return UNRESOLVED
        value = values.piece_value(told.unit, point.year + told.turn.step, told.number)
        return based(value, base, point)
    base = context.base_of(told.turn)
    point = context.base(base)
    if point is None:
        return UNRESOLVED
    if base == "register" and told.turn is None:
        year = point.year + _is_over(told, point)
        return based(values.piece_value(told.unit, year, told.number), base, point)
    return based(_nearest_piece(told, point, context.ahead), base, point)


# `taken in August 1979 and lost in the spring`: a spring so long gone is that of the next year.
MONTHS_OVER = 3


def _is_over(told: Piece, point: Point) -> bool:
    """Whether a season of the year that the text is in lies well behind the month it is in."""
    here = 12 if point.late else point.month
    if told.unit != "season" or here is None:
        return False
    last = values.SEASON_MONTHS[told.number] + 2
    return here - last >= MONTHS_OVER


def _nearest_piece(told: Piece, point: Point, ahead: bool) -> Value:
    """The one by its step: the last that has begun, the one running, the next to come."""
    if told.turn is not None and point.month is None:
        return values.piece_value(told.unit, point.year + told.turn.step, told.number)
    month = point.month or 1
    every = (values.piece_value(told.unit, point.year + n, told.number) for n in (-2, -1, 0, 1))
    # The first and last years that a calendar holds have no neighbours.
    options = [option for option in every if option.low]
    here = (point.year, month)
    begun = [option for option in options if values.order(option.low)[:2] <= here]
    ended = [option for option in begun if values.order(option.high)[:2] < here]
    to_come = [option for option in options if option not in begun]
    running = [option for option in begun if option not in ended]
    step = told.turn.step if told.turn is not None else None
    # `the fourth quarter` in late September: about to begin, and the last one is a year old.
    soon = values.shift_month(point.year, month, 1)
    near = [option for option in options if values.order(option.low)[:2] <= soon]
    here_or_there = running or [values.piece_value(told.unit, point.year, told.number)]
    if step is not None:
        chosen = {-1: ended[-1:], 0: here_or_there, 1: to_come[:1]}[step]
    else:
        chosen = [*running, *to_come][:1] if ahead else near[-1:]
    return chosen[0] if chosen else values.null("unresolved")


def _shifted(told: Shifted, context: Context) -> Resolved:
    published = context.published
    if told.mode == "ahead_only" and not context.ahead:
        return Resolved(values.null("duration"))
    if told.mode == "nowadays" and context.narrative and published is not None:
        return Resolved(values.null("vague"))
    base = context.settle(told.base)
    if base == "published" and context.narrative and told.count > 0:
        base = "register"
    if base == "register" and told.count < 0 and not context.narrative and not context.near:
        # `from a year earlier` in news, with no other date in the passage to count from.
        base = "published"
    point = context.base(base)
    if point is None:
        return UNRESOLVED
    count = told.count
    day = None if published is None else published.day
    if told.mode == "tensed" and day is not None and day.weekday() < SATURDAY:
        count = 0 if context.ahead else -1
    value = shifted_value(told.unit, count, point.year, point.month, point.day)
    return UNRESOLVED if value is None else based(value, base, point)


SATURDAY = 5


def _stretch(told: Stretch, context: Context) -> Resolved:
    point = context.published
    if point is None:
        return UNRESOLVED
    if context.narrative:
        return Resolved(values.null("duration"))
    count = told.count * told.direction
    value = stretch_value(told.unit, count, point.year, point.month, point.day)
    return UNRESOLVED if value is None else based(value, "published", point)


def _nth_day(told: NthDay, context: Context) -> Resolved:
    month = resolve(told.month, context)
    return replace(month, value=nth_day_value(month.value, told.number, told.weekday))


def _easter(told: Easter, context: Context) -> Resolved:
    """Easter moves within March and April: April tells the year that is meant."""
    if told.year is not None:
        return Resolved(easter_value(told.year, told.days))
    base = context.settle("running")
    point = context.base(base)
    if point is None:
        return UNRESOLVED
    year = point.year
    if base == "published" and context.published is not None:
        year = nearest_year(APRIL, context.published, context.ahead, context.behind)
    return based(easter_value(year, told.days), base, point)


APRIL = 4


def _offset(told: Offset, context: Context) -> Resolved:
    """What is counted from a weekday looks ahead, unless the weekday itself is the last one."""
    base = resolve_calendar(told.weekday, replace(context, ahead=True))
    day = None if base.value.start is None else values.shift_days(base.value.start, told.days)
    return UNRESOLVED if day is None else replace(base, value=values.date_value(day))


def _is_backwards(begin: Value, end: Value) -> bool:
    return begin.start is not None and end.start is not None and end.start < begin.start


def _later(begin: Value, last: Calendar) -> Value:
    """The end of a stretch that begins with `begin`: the next such weekday or month."""
    start = begin.start
    if start is None:
        return values.null("unresolved")
    if last.month is None and last.weekday is not None:
        day = values.shift_days(start, (last.weekday - start.weekday()) % 7)
        return values.null("unresolved") if day is None else values.date_value(day)
    return resolve_calendar(replace(last, year=start.year), Context()).value


def _interval(first: Expression, last: Expression, context: Context) -> Resolved:
    """Both ends; a weekday or month behind the first end is the next one, not the last."""
    end = resolve(last, context)
    begin = resolve(first, context)
    if isinstance(last, Calendar) and _is_backwards(begin.value, end.value) and last.year is None:
        # `from 1 June to 31 August`: each alone may be nearest in another year.
        end = replace(end, value=_later(begin.value, last))
    value = values.interval_value(begin.value, end.value)
    based = begin if begin.anchor != "stated" else end
    return Resolved(value, based.anchor, based.anchor_date)
