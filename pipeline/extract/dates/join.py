"""Two dates in one phrase: ranges become one interval, lists share what one member tells."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from pipeline.extract.dates.expressions import (
    Calendar,
    Century,
    Decade,
    Expression,
    Fixed,
    Interval,
    Nothing,
    Piece,
    Shifted,
    Turn,
)
from pipeline.extract.dates.grammar import Found

RANGE = re.compile(r"(?: ?- ?| to | until | through | till | up to )(?:the )?", re.IGNORECASE)
PAIR = re.compile(r" (?:and|or) (?:the )?", re.IGNORECASE)
LISTED = re.compile(r"(?:,? (?:and|or) |, ?| ?/ ?| ?& ?)(?:the )?", re.IGNORECASE)
FROM = re.compile(r"\bfrom (?:the )?\Z", re.IGNORECASE)
# `moved the vote from 3 May to 9 June` names two days and no stretch, but not `moved to Oslo and
# lived there from 1945 to 1948`.
MOVED = re.compile(
    r"\b(?:mov(?:e|es|ed|ing)|shift(?:s|ed|ing)?|postpon(?:e|es|ed|ing)|reschedul(?:e|es|ed|ing)"
    r"|delay(?:s|ed|ing)?|push(?:es|ed|ing)?|br(?:ing|ings|ought|inging) forward"
    r"|put(?:ting)? (?:off|back))\b"
    r"(?:(?! (?:to|in|and|into|there|away|back|on)\b)[^.,;!?\n\d]){0,60}\bfrom (?:the )?\Z",
    re.IGNORECASE,
)
MOVED_REACH = 90
ENDS = (Calendar, Century, Decade, Fixed, Piece, Shifted)
BETWEEN = re.compile(r"\bbetween (?:the )?\Z", re.IGNORECASE)


def join(text: str, founds: Sequence[Found]) -> list[Found]:
    """The dates of a passage with ranges made one and missing parts copied.

    Args:
        text: the passage in plain signs.
        founds: what the grammar found in it, in order.
    """
    joined: list[Found] = []
    for found in reversed(founds):
        if not joined:
            joined.append(found)
            continue
        following = joined[-1]
        gap = text[found.end : _head(following)]
        if _is_score(found, following, gap):
            joined.pop()
            continue
        merged = _interval(text, found, following, gap)
        if merged is not None:
            joined[-1] = replace(
                found, end=following.end, expression=merged, suffix=following.suffix
            )
        else:
            first, last = _same_day(found, following, gap)
            joined[-1:] = [last, _listed(first, last, gap)]
    return joined[::-1]


def _head(found: Found) -> int:
    """Where a date begins, `c.` in front of it included."""
    lead = found.lead
    return lead.start if lead is not None and set(lead.modifiers) == {"about"} else found.start


def _same_day(first: Found, last: Found, gap: str) -> tuple[Found, Found]:
    """A weekday beside its date in brackets is that date: `on Monday (10 March)`."""
    if gap == " (" and _is_weekday(first.expression) and _is_day(last.expression):
        return replace(first, expression=last.expression), last
    if gap == " (" and _is_weekday(last.expression) and _is_day(first.expression):
        return first, replace(last, expression=first.expression)
    week = first.expression
    day = last.expression
    # `next week on Tuesday`
    if gap in (" on ", ", on ") and _is_a_week(week) and _is_weekday(day):
        assert isinstance(week, Shifted)  # as the two tests say
        assert isinstance(day, Calendar)
        return first, replace(last, expression=replace(day, week_turn=Turn(week.count)))
    return first, last


def _is_a_week(expression: Expression) -> bool:
    """Whether it is last week, this week or the next one."""
    return (
        isinstance(expression, Shifted)
        and expression.unit == "week"
        and abs(expression.count) <= 1
        and expression.base == "published"
    )


def _is_day(expression: Expression) -> bool:
    return isinstance(expression, Calendar) and expression.day is not None


def _is_score(first: Found, last: Found, gap: str) -> bool:
    """Two years that run backwards around a dash are a vote or a score: `1990-1875`."""
    one, two = first.expression, last.expression
    return (
        gap.strip() == "-"
        and isinstance(one, Calendar)
        and isinstance(two, Calendar)
        and one.month is None
        and two.month is None
        and one.year is not None
        and two.year is not None
        and one.year > two.year
    )


def _interval(text: str, first: Found, last: Found, gap: str) -> Interval | Nothing | None:
    """The interval of two dates with a word of range between them."""
    head = _head(first)
    before = text[max(0, head - 16) : head]
    between = BETWEEN.search(before)
    if not (RANGE.fullmatch(gap) or (between and PAIR.fullmatch(gap))):
        return None
    if not isinstance(first.expression, ENDS) or not isinstance(last.expression, ENDS):
        return None
    if MOVED.search(text[max(0, head - MOVED_REACH) : head]):
        return None
    if not between and not FROM.search(before):
        if isinstance(first.expression, Shifted) or isinstance(last.expression, Shifted):
            # `this year to last year` is a comparison unless a word makes it a stretch.
            return None
        if _is_weekday(first.expression) and _is_weekday(last.expression):
            # `Monday to Friday` without `from` is every week.
            return Nothing("set")
    begin = complete(first.expression, last.expression)
    return Interval(begin, complete_last(begin, last.expression))


def _is_weekday(expression: Expression) -> bool:
    return (
        isinstance(expression, Calendar)
        and expression.month is None
        and expression.weekday is not None
    )


def _listed(first: Found, last: Found, gap: str) -> Found:
    if not LISTED.fullmatch(gap):
        return first
    return replace(first, expression=complete(first.expression, last.expression))


def complete(first: Expression, last: Expression) -> Expression:
    """`first` with the year of `last` where it has a month and no year.

    Example:
        >>> complete(Calendar(month=12), Calendar(2014, 1)).year
        2013
    """
    if not isinstance(first, Calendar) or not isinstance(last, Calendar):
        return first
    if first.month is None or first.year is not None or first.turn or first.year_turn:
        return first
    if last.year is None:
        return replace(first, year_turn=last.year_turn)
    before = last.month is not None and first.month > last.month
    return replace(first, year=last.year - 1 if before else last.year)


def complete_last(first: Expression, last: Expression) -> Expression:
    """`last` with the year of `first` where only `first` has one."""
    if not isinstance(first, Calendar) or not isinstance(last, Calendar):
        return last
    if last.year is not None or first.year is None or first.month is None or last.month is None:
        return last
    return replace(last, year=first.year + 1 if last.month < first.month else first.year)
