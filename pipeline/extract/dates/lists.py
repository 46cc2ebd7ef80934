"""Lists of three days and more that share a month: `May 3, 5 and 7`, `3, 5 and 7 May 2015`.

Each day becomes a date of its own, for what was done on three days was not done between them.
Two days (`May 3 and 5`) are one stretch and are read by the rules.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from pipeline.extract.dates.expressions import Calendar, Expression, Interval
from pipeline.extract.dates.grammar import Found

DAY = r"(?:3[01]|[12]\d|[1-9])(?:st|nd|rd|th)?"
# What may follow the last number, where it is a day and counts no things: `May 3, 5 and 7 men`.
FOLLOWER = (
    r"(?=\Z|[.;:)\]?!](?!\d)|,(?!\d)|\n| (?:in|at|on|by|as|when|where|with|for|and|but|to|from|of"
    r"|the|he|she|they|it|were|was|are|is|will|would|before|after|during|under|against|between)\b)"
)
TAIL = re.compile(
    rf"(?P<middle>(?:, ?{DAY}(?!\w|[.,]?\d)){{1,12}}),? (?:and|or|&) (?P<last>{DAY})(?!\w)"
    rf"(?:,? (?P<year>[12]\d{{3}})(?!\w))?{FOLLOWER}"
)
HEAD = re.compile(rf"(?<![\w.,$€£-])(?P<middle>(?:{DAY}, ){{1,12}})(?P<and>and |or )?\Z")
# As far as a list of days reaches back from its month.
REACH = 64
NUMBER = re.compile(r"(?P<day>\d+)(?:st|nd|rd|th)?")
SHARED = re.compile(r"\d\w* (?:and|or|&) \d")
MONTH_FIRST = frozenset({"dates.month_day"})
MONTH_LAST = frozenset({"dates.day_month", "dates.days_month"})


def spread(text: str, founds: Sequence[Found]) -> list[Found]:
    """What the grammar found, with lists of days made one date a day.

    Example:
        >>> from pipeline.extract.dates.grammar import scan
        >>> text = "They met on May 3, 5 and 7, 2015."
        >>> [text[found.start : found.end] for found in spread(text, list(scan(text)))]
        ['May 3', '5', '7, 2015']
    """
    listed: list[Found] = []
    for found in founds:
        if listed and found.start < listed[-1].end:
            # The year that ends a list was found alone as well.
            continue
        listed += _days(text, found)
    return listed


def _days(text: str, found: Found) -> Iterator[Found]:
    days: list[Found] = []
    if found.rule_id in MONTH_FIRST:
        days = _behind(text, found)
    elif found.rule_id in MONTH_LAST:
        days = _before(text, found)
    yield from days or [found]


def _behind(text: str, found: Found) -> list[Found]:
    """`, 5 and 7, 2015` behind `May 3`."""
    told, tail = found.expression, TAIL.match(text, found.end)
    if tail is None or not isinstance(told, Calendar) or told.day is None or told.year is not None:
        return []
    year = None if tail["year"] is None else int(tail["year"])
    days = [replace(found, expression=replace(told, year=year), suffix=None)]
    plain = replace(told, year=year)
    days += [
        _day(found, number.span(), plain, int(number["day"]))
        for number in NUMBER.finditer(text, *tail.span("middle"))
    ]
    last = NUMBER.match(text, tail.start("last"))
    assert last is not None  # the pattern begins with figures
    span = (tail.start("last"), tail.end())
    days.append(_day(found, span, plain, int(last["day"])))
    return days if _ascends(days) else []


def _before(text: str, found: Found) -> list[Found]:
    """`3, ` before `5 and 7 May 2015`; `3, 5, and ` before `7 May 2015`."""
    reach = max(0, found.start - REACH)
    head = HEAD.search(text[reach : found.start])
    if head is None:
        return []
    told = found.expression
    ends: tuple[Expression, ...]
    if isinstance(told, Interval) and SHARED.match(text, found.start):
        ends = (told.first, told.last)
    elif isinstance(told, Calendar) and head["and"] and head["middle"].count(",") > 1:
        ends = (told,)
    else:
        return []
    first, last = ends[0], ends[-1]
    if not isinstance(first, Calendar) or not isinstance(last, Calendar):
        return []
    days = [
        _day(found, (reach + n.start(), reach + n.end()), last, int(n["day"]))
        for n in NUMBER.finditer(text[reach : found.start], *head.span("middle"))
    ]
    start = found.start
    if len(ends) > 1:
        second = NUMBER.match(text, found.start)
        assert second is not None  # `SHARED` begins with figures
        days.append(replace(found, end=second.end(), expression=first, lead=None, suffix=None))
        later = NUMBER.search(text, second.end(), found.end)
        assert later is not None  # and goes on with some
        start = later.start()
    days.append(replace(found, start=start, expression=last, lead=None))
    return days if _ascends(days) else []


def _day(found: Found, span: tuple[int, int], told: Calendar, day: int) -> Found:
    """A day of the list, in the month that is told."""
    expression = replace(told, day=day, weekday=None)
    return Found(span[0], span[1], expression, found.rule_id)


def _ascends(days: Sequence[Found]) -> bool:
    """Whether each day is later than the one before, as in any list of dates."""
    numbers = [one.expression.day for one in days if isinstance(one.expression, Calendar)]
    return all(a is not None and b is not None and a < b for a, b in pairwise(numbers))
