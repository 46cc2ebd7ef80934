"""What stands around a mention: where its clause looks, which date frames it, what follows it.

The resolver sees only a `Context`; here it is made from the passage, mention by mention.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache

from pipeline.extract.dates.clause import is_framed, is_habit, looks_to
from pipeline.extract.dates.context import Context, Point
from pipeline.extract.dates.expressions import (
    Calendar,
    Easter,
    Expression,
    Interval,
    MonthDay,
    NthDay,
    OldYear,
    Piece,
    Shifted,
)
from pipeline.extract.dates.grammar import Found
from pipeline.extract.dates.lexicon import compiled
from pipeline.extract.dates.values import Value
from schemas.tables import DateModifier

COUNTED_FROM: frozenset[DateModifier] = frozenset({"after", "before"})
OPENING: frozenset[DateModifier] = frozenset({"since", "after"})
CLOSING: frozenset[DateModifier] = frozenset({"until", "by", "before"})


def _needs_clause(expression: Expression) -> bool:
    """Whether the tense of the clause bears on the value."""
    if isinstance(expression, Interval):
        return _needs_clause(expression.last)
    if isinstance(expression, Calendar):
        return expression.year is None
    if isinstance(expression, NthDay):
        return isinstance(expression.month, Calendar) and expression.month.year is None
    return isinstance(expression, (Easter, Piece, MonthDay)) or (
        isinstance(expression, Shifted) and expression.mode in ("ahead_only", "tensed")
    )


def is_measure(expression: Expression, context: Context) -> bool:
    """Whether the words measure time or tell of every year, and so name no date.

    Example:
        >>> in_two_weeks = Shifted("week", 2, mode="ahead_only")
        >>> is_measure(in_two_weeks, Context(ahead=True)), is_measure(in_two_weeks, Context())
        (False, True)
    """
    if context.habit:
        return True
    if not isinstance(expression, Shifted):
        return False
    if expression.mode == "in_history":
        return not context.narrative and context.published is not None
    return expression.mode == "ahead_only" and not context.ahead


def is_weekday(expression: Expression) -> bool:
    """Whether a weekday is told and no month."""
    return (
        isinstance(expression, Calendar)
        and expression.month is None
        and expression.weekday is not None
    )


def is_month(expression: Expression) -> bool:
    """Whether a month or a day of it is told and no year, or two of them."""
    if isinstance(expression, Interval):
        return is_month(expression.first) and is_month(expression.last)
    if isinstance(expression, NthDay):
        return isinstance(expression.month, Calendar) and is_month(expression.month)
    return (
        isinstance(expression, Calendar)
        and expression.month is not None
        and expression.year is None
        and expression.turn is None
        and expression.year_turn is None
    )


def is_number(found: Found, context: Context) -> bool:
    """Whether three figures are no year here, for the text tells of no such years."""
    unsure = isinstance(found.expression, OldYear) and not found.expression.sure
    return not context.old and (unsure or found.rule_id in OLD_SHAPES)


OLD_SHAPES = frozenset({"dates.old_years", "dates.old_day", "dates.old_decade"})


# `planned for Friday`, `moved to Friday`, but not `blamed for Friday's riots`.
FOR = re.compile(r"(?<!compared )\b(?:for|to) \Z", re.IGNORECASE)

# `The vote is on Friday`, `is next Friday`: what is so on a day is so on one to come.
IS = re.compile(
    r"\b(?:is|are)(?: (?:on|for|by|from|only on|not until))?(?: the)? \Z", re.IGNORECASE
)

# What has been so since Friday looks back, whatever else its clause can do.
SINCE = re.compile(r"\bsince(?: about| around| at least)?(?: the)? \Z", re.IGNORECASE)

# `fell in May`, but not `May sales fell`: of a month as an attribute the verb tells nothing.
IN = re.compile(r"\b(?:in|on|during|by)[ -](?:the )?\Z", re.IGNORECASE)


def around_of(
    context: Context, text: str, found: Found, last: Found | None, pictured: bool = False
) -> Context:
    """The context of a mention: where its clause looks, and whether the last date frames it.

    Args:
        context: that of the passage so far.
        text: the passage.
        found: the mention.
        last: the last one of the passage that was resolved.
        pictured: whether the passage is the caption of a picture.
    """
    if not _needs_clause(found.expression):
        return replace(context, ahead=False, behind=False, habit=False, framed=False)
    start = found.start
    side = looks_to(text, start, found.end, pictured)
    # `He has until Friday`: what ends by a day ends on one to come unless the clause looks back.
    ends = found.lead is not None and not CLOSING.isdisjoint(found.lead.modifiers)
    if is_weekday(found.expression) and FOR.search(text[max(0, start - 16) : start]):
        side = "behind" if text.startswith("'s", found.end) else "ahead"
    if not context.narrative and IS.search(text[max(0, start - 24) : start]):
        side = "ahead"
    if SINCE.search(text[max(0, start - 16) : start]):
        side = "behind"
    return replace(
        context,
        ahead=side == "ahead" or (side is None and ends),
        behind=_opens(found)
        or (side == "behind" and IN.search(text[max(0, start - 16) : start]) is not None),
        framed=_is_framed(context, text, found, last),
        habit=is_month(found.expression) and is_habit(text, start, found.end, context.narrative),
    )


def is_whole(text: str, found: Found) -> bool:
    """Whether `after` or `before` in front leaves a date as it is, and opens no stretch.

    `ten days after 3 June` counts from a day; `since the 2019 fire` tells of a fire.
    """
    if found.lead is None:
        return False
    if not COUNTED_FROM.isdisjoint(found.lead.modifiers):
        front = text[max(0, found.lead.start - 24) : found.lead.start]
        if _counted().search(front):
            return True
    return isinstance(found.expression, Calendar) and _is_attribute(text, found)


@lru_cache
def _counted() -> re.Pattern[str]:
    """`a week before Christmas`, `ten days after 3 June`, but not `the days before 3 June`."""
    return compiled(r"(?:<number>|\b(?:an?|few|several)) (?:hours?|<unit>) \Z")


def _is_attribute(text: str, found: Found) -> bool:
    """Whether a year or month stands behind `the` and so in front of a noun."""
    words = text[found.start : found.end]
    named = words[0].isalpha() or words[:4].isdigit()
    return named and text.endswith("the ", 0, found.start) and text.startswith(" ", found.end)


def _opens(found: Found) -> bool:
    """Whether `since` or `after` stands in front, which only a day behind us can follow."""
    return found.lead is not None and not OPENING.isdisjoint(found.lead.modifiers)


def _is_framed(context: Context, text: str, found: Found, last: Found | None) -> bool:
    """Whether a date of another year, just told in a news story, holds for this one too."""
    point, published = context.last, context.published
    if last is None or point is None or published is None or point.coarse:
        return False
    if point.year >= published.year - (0 if point.month is None or context.framed else 1):
        return False
    if last.lead is not None and (_opens(last) or not CLOSING.isdisjoint(last.lead.modifiers)):
        return False
    monthly = point.month is not None
    return is_framed(text, (last.start, last.end), found.start, monthly)


def is_bracketed(text: str, found: Found) -> bool:
    """Whether a date stands in brackets, perhaps behind a word or two: `(born Byron; ...)`."""
    inside = text[max(0, found.start - 40) : found.start].rpartition(")")[2]
    return "(" in inside and text.startswith(")", found.end)


# A life in brackets behind a name: what follows goes on from its beginning.
LIFE = 15


def after_of(context: Context, value: Value, bracketed: bool, late: bool = False) -> Context:
    """The context with the date just resolved as the last one; of an interval, its end.

    Args:
        context: that of the date.
        value: what it was resolved to.
        bracketed: whether it stands in brackets.
        late: whether its words told the end of it.
    """
    ranged = value.granularity == "interval"
    if ranged and bracketed and value.start is not None and value.end is not None:
        ranged = value.end.year - value.start.year < LIFE
    point = value.high if ranged else value.low
    if not point:
        return context
    sign = -1 if point.startswith("-") else 1
    year, *rest = point.lstrip("-").split("-")
    month = int(rest[0]) if rest else None
    whole = len(rest) == 2
    day = (value.end if ranged else value.start) if whole else None
    if value.granularity == "interval" and not ranged and value.start is not None and whole:
        day = value.start
    coarse = value.granularity in ("decade", "century")
    late = late and value.granularity == "year"
    point_at = Point(sign * int(year), month, day, coarse, late)
    return replace(context, last=point_at, near=True)
