"""What a mention is resolved against, and what comes of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from pipeline.extract.dates import values
from pipeline.extract.dates.expressions import Base, Turn
from pipeline.extract.dates.values import Value
from schemas.tables import Anchor


@dataclass(frozen=True, slots=True)
class Point:
    """A date to count from, as far as it is known; the year is astronomical.

    A `coarse` one is the first year of a decade or century: no month is told of it; a `late`
    one is the end of a year.
    """

    year: int
    month: int | None = None
    day: dt.date | None = None
    coarse: bool = False
    late: bool = False

    @classmethod
    def of_day(cls, day: dt.date) -> Point:
        """The point of a day."""
        return cls(day.year, day.month, day)

    @classmethod
    def of_edtf(cls, edtf: str) -> Point:
        """The point that a day, month or year in EDTF tells.

        Example:
            >>> Point.of_edtf("2022-07") == Point(2022, 7)
            True
        """
        if len(edtf) == len("2022-07-05"):
            return cls.of_day(dt.date.fromisoformat(edtf))
        year, *month = map(int, edtf.split("-"))
        return cls(year, month[0] if month else None)

    @property
    def first_day(self) -> dt.date | None:
        """Its first day; None before the year 1."""
        if self.day is not None or not 1 <= self.year <= 9999:
            return self.day
        return dt.date(self.year, self.month or 1, 1)


@dataclass(frozen=True, slots=True)
class Context:
    """What a mention is resolved against.

    `published` is the day of publication, or the month or year where no day is known; `last` is
    the last date resolved before the mention, `near` tells that it stands in the same passage,
    `framed` that its year holds for the mention also in news; `narrative` tells history from
    news, `old` a text of years of three digits; `ahead` and `behind` tell where the clause
    looks, `habit` that it tells of every year; `day_first` is the order of day and month that
    the document's dates in figures show.
    """

    published: Point | None = None
    narrative: bool = False
    last: Point | None = None
    near: bool = False
    framed: bool = False
    old: bool = False
    ahead: bool = False
    behind: bool = False
    habit: bool = False
    day_first: bool | None = None

    def settle(self, base: Base) -> Base:
        """The base itself, `running` made one of the other two."""
        if base != "running":
            return base
        return "register" if self.narrative or self.published is None else "published"

    def base_of(self, turn: Turn | None) -> Base:
        """The base of a step; in history `next` goes on from the text."""
        if turn is None:
            return self.settle("running")
        ahead = turn.step > 0 and turn.base == "published"
        return "register" if ahead and self.narrative and self.last is not None else turn.base

    def base(self, base: Base) -> Point | None:
        """The date to count from; None where there is none."""
        return self.last if self.settle(base) == "register" else self.published


@dataclass(frozen=True, slots=True)
class Resolved:
    """A value and what it rests on."""

    value: Value
    anchor: Anchor = "stated"
    anchor_date: dt.date | None = None


UNRESOLVED = Resolved(values.null("unresolved"))


def based(value: Value, base: Base, point: Point) -> Resolved:
    """A value that was counted from a point."""
    return Resolved(value, "published" if base == "published" else "context", point.first_day)
