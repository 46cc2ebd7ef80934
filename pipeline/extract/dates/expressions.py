"""What the words of a date say, before any other date is asked for help.

The grammar reads words into one of these; the resolver turns it into a value.  All are
frozen and hold no text, so that the same words always read the same.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from schemas.tables import Granularity

Unit = Literal[
    "day", "week", "weekend", "month", "quarter", "season", "year", "decade", "century"
]  # fmt: skip
Base = Literal["published", "register", "running"]
"""What is counted from: the day of publication, the last date that the text resolved, or
`running`: in history the one, in news the other."""
Mode = Literal["plain", "ahead_only", "nowadays", "tensed", "in_history"]


@dataclass(frozen=True, slots=True)
class Turn:
    """`last`, `this`, `next`, `that`, `the following`: a step of -1, 0 or 1 from a base."""

    step: int
    base: Base = "published"


@dataclass(frozen=True, slots=True)
class Calendar:
    """Day, month and year as far as they are told; `weekday` counts from Monday, 0.

    `turn` steps the whole (`last December`, `next Friday`), `year_turn` its year only
    (`May of this year`), `week_turn` its week (`Friday next week`).
    """

    year: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None
    turn: Turn | None = None
    year_turn: Turn | None = None
    week_turn: Turn | None = None


@dataclass(frozen=True, slots=True)
class Numeric:
    """`5/11/2024`: two numbers that may be day and month in either order.

    `short` is for `5/11/24`, where any of the three may be the year.
    """

    first: int
    second: int
    year: int
    short: bool = False


@dataclass(frozen=True, slots=True)
class Fixed:
    """A day that its name fixes, such as 9/11."""

    day: dt.date


@dataclass(frozen=True, slots=True)
class Decade:
    """`1990s`, by its first year, which is astronomical."""

    first_year: int


@dataclass(frozen=True, slots=True)
class Century:
    """`20th century`."""

    number: int
    before_christ: bool = False


@dataclass(frozen=True, slots=True)
class Piece:
    """A quarter, half, season, or the first or last months of a year told or not.

    `number` says which one, or for months how many: the last ones when it is negative.
    """

    unit: Literal["quarter", "half", "season", "months"]
    number: int
    year: int | None = None
    turn: Turn | None = None


@dataclass(frozen=True, slots=True)
class Shifted:
    """`last week`, `two years ago`, `the following day`: `count` units from the base.

    `mode` tells of `in two weeks` (a date only where the clause looks ahead), of `today` (in
    history no day), of `over the weekend` (the one behind or the one to come), and of `the next
    year` (in news a measure of time).
    """

    unit: Unit
    count: int
    base: Base = "published"
    mode: Mode = "plain"


@dataclass(frozen=True, slots=True)
class Stretch:
    """`past 50 years`: so many months or days that end (-1) or begin (1) at publication."""

    unit: Literal["day", "month", "year"]
    count: int
    direction: int


@dataclass(frozen=True, slots=True)
class MonthDay:
    """`on the 15th`: a day of the month that the text is in; `5th of next month` of its turn.

    `weekday` is for `Thursday the 14th`, which tells the month by where the two agree.
    """

    day: int
    turn: Turn | None = None
    weekday: int | None = None


@dataclass(frozen=True, slots=True)
class NthDay:
    """`last Thursday of November`: a weekday, or without one a weekend, by its place in a month.

    `number` counts from 1; -1 is the last.
    """

    number: int
    weekday: int | None
    month: Calendar | Shifted


@dataclass(frozen=True, slots=True)
class Easter:
    """A feast that lies so many days from Easter Sunday."""

    days: int
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Offset:
    """`two weeks from Friday`: so many days from a weekday."""

    weekday: Calendar
    days: int


@dataclass(frozen=True, slots=True)
class OldYear:
    """`In 732,`: a year of three digits, before Christ where the text is there.

    One that is not `sure` is a year only in a text that tells of such years.
    """

    number: int
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Interval:
    """From one expression to another, in one phrase."""

    first: Expression
    last: Expression


@dataclass(frozen=True, slots=True)
class Nothing:
    """A time expression that names no place on the calendar, with the reason."""

    reason: Granularity


Expression = (
    Calendar
    | Century
    | Decade
    | Easter
    | Fixed
    | Interval
    | MonthDay
    | Nothing
    | NthDay
    | Numeric
    | Offset
    | OldYear
    | Piece
    | Shifted
    | Stretch
)
