"""Readers of days told by a weekday and its place: of a month, from another, after next."""

from __future__ import annotations

import re

from pipeline.extract.dates.counts import month_number, number_of, ordinal_of, weekday_number
from pipeline.extract.dates.expressions import (
    Calendar,
    Easter,
    Expression,
    NthDay,
    Offset,
    Shifted,
    Turn,
)
from pipeline.extract.dates.lexicon import Shape, rules
from pipeline.extract.dates.place import behind, figures
from pipeline.extract.dates.read_relative import turn_of, unit_of

# A month has at most five of a weekday.
MOST = 5


def read_nth_day(shape: Shape, match: re.Match[str], led: bool) -> Expression | None:
    """`last Thursday of November`, `first weekend of next month`, `third Monday of the month`."""
    number = ordinal_of(match["ordinal"]) if match["ordinal"] is not None else -1
    if number is None or number > MOST:
        return None
    groups = match.groupdict()
    weekday = None if match["weekday"] is None else weekday_number(match["weekday"])
    if groups["month"] is not None:
        if not groups["month"][0].isupper():
            return None
        month = Calendar(figures(match, "year"), month_number(groups["month"]))
        year_turn = turn_of(groups["yearturn"])
        if year_turn is not None:
            month = Calendar(month=month.month, year_turn=year_turn)
        return NthDay(number, weekday, month)
    turn = turn_of(groups["monthturn"])
    if turn is None:
        return NthDay(number, weekday, Shifted("month", 0, "running"))
    return NthDay(number, weekday, Shifted("month", turn.step, turn.base))


# `after a week on Sunday` is a length of time and a day.
LASTED = re.compile(r"\b(?:after|for|in|within|over|than|last|past) \Z", re.IGNORECASE)


def read_from_day(shape: Shape, match: re.Match[str], led: bool) -> Expression | None:
    """`two weeks from Friday`, `a week on Saturday`, `Wednesday week`."""
    groups = match.groupdict()
    weekday = Calendar(weekday=weekday_number(match["weekday"]), turn=turn_of(groups.get("turn")))
    if match.group().lower().endswith(" week"):
        return Offset(weekday, 7)
    if LASTED.search(behind(match)):
        return None
    if groups.get("unit") is None:
        return Offset(weekday, 7)
    count = 1 if match["one"] is not None else number_of(match["number"])
    days = {"day": 1, "week": 7}.get(unit_of(match["unit"]))
    if count is None or days is None:
        return None
    if match["unit"].lower().startswith("fortnight"):
        days = 14
    return Offset(weekday, count * days)


def read_after_next(shape: Shape, match: re.Match[str], led: bool) -> Expression | None:
    """`the week after next`, `the year before last`, `the Monday after next`."""
    step = 1 if match["way"].lower().startswith("after") else -1
    weekday = match["weekday"]
    if weekday is not None:
        return Offset(Calendar(weekday=weekday_number(weekday), turn=Turn(step)), 7 * step)
    return Shifted(unit_of(match["unit"]), 2 * step)


# `the spirit of Christmas`, `toys for Christmas` tell of no day.
FEAST_PLACE = re.compile(r"\b(?:on|at|by|over|until|till|since|this) \Z", re.IGNORECASE)


def read_feast(shape: Shape, match: re.Match[str], led: bool) -> Expression | None:
    """`Christmas Day 1941`, `New Year's Eve`, `Thanksgiving`: a day by its name.

    A name that names other things too wants a year behind it or a time word in front.
    """
    words = rules().words
    name = " ".join(match["feast"].lower().split())
    year = figures(match, "year", "first")
    if not match["feast"][0].isupper():
        return None
    placed = led or year is not None or FEAST_PLACE.search(behind(match)) is not None
    if name in words.unsure_feasts and not placed:
        return None
    fixed = words.feasts.get(name)
    if fixed is not None:
        month, day = fixed.split("-")
        return Calendar(year, int(month), int(day))
    anchor, *place = words.movable_feasts[name].split()
    if anchor == "easter":
        return Easter(int(place[0]), year)
    number, weekday = place
    return NthDay(int(number), int(weekday), Calendar(year, int(anchor)))


def read_weekdays_ago(shape: Shape, match: re.Match[str], led: bool) -> Expression | None:
    """`two Sundays ago`: the last one and so many weeks before it."""
    count = number_of(match["number"])
    if not count:
        return None
    weekday = weekday_number(match["plural"].removesuffix("s"))
    return Offset(Calendar(weekday=weekday, turn=Turn(-1)), -7 * (count - 1))
