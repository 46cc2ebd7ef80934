"""The rule file `dates.toml`: its models, and its word lists made into bricks of patterns."""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache
from typing import Literal

from pipeline.rulebook import Rule, RuleModel, load
from schemas.tables import DateModifier

Reader = Literal[
    "after_next", "ago", "calendar", "century", "day_of_month", "days", "decade", "era",
    "era_range", "feast", "fiscal", "fixed", "from_day", "half_alone", "in_units", "iso_month",
    "month", "named_day", "neighbour", "nth_day", "numeric", "numeric_month", "old_day",
    "old_decade", "old_year", "old_years", "piece", "running", "season", "short_year", "stretch",
    "stretch_one", "turned", "weekdays_ago", "weekend", "year", "year_end", "years",
]  # fmt: skip


class Words(RuleModel):
    """Lists of words, in lower case; where words are grouped, a group means one thing."""

    months: tuple[tuple[str, ...], ...]
    month_stops: tuple[str, ...]
    weekdays: tuple[tuple[str, ...], ...]
    units: tuple[tuple[str, ...], ...]
    seasons: tuple[tuple[str, ...], ...]
    numbers: tuple[str, ...]
    tens: tuple[str, ...]
    decades: tuple[str, ...]
    ordinals: tuple[str, ...]
    turns: dict[str, int]
    text_turns: dict[str, int]
    ahead: tuple[str, ...]
    behind: tuple[str, ...]
    schedules: tuple[str, ...]
    noun_schedules: tuple[str, ...]
    requests: tuple[str, ...]
    time_words: tuple[str, ...]
    life_words: tuple[str, ...]
    dated_things: tuple[str, ...]
    unsure_months: tuple[str, ...]
    given_names: tuple[str, ...]
    feasts: dict[str, str]
    movable_feasts: dict[str, str]
    unsure_feasts: tuple[str, ...]
    before_christ: tuple[str, ...]
    after_christ: tuple[str, ...]


class Shape(Rule):
    """One way of writing a date: where it may start, its pattern, and how it is read."""

    reader: Reader
    starts: tuple[str, ...]
    pattern: str
    modifier: DateModifier | None = None
    value: dt.date | None = None


class Prefix(Rule):
    """Words in front of a date that bend it, inside the span or outside."""

    modifier: DateModifier
    inside: bool
    starts: tuple[str, ...]
    pattern: str


class Suffix(Rule):
    """Words behind a date that bend it, outside the span."""

    modifier: DateModifier
    pattern: str


class Guard(Rule):
    """A look-alike: what stands before or after a match that makes it no date."""

    side: Literal["before", "after"]
    shapes: tuple[str, ...]
    pattern: str


class DateRules(RuleModel):
    """The whole rule file."""

    words: Words
    shapes: tuple[Shape, ...]
    prefixes: tuple[Prefix, ...]
    suffixes: tuple[Suffix, ...]
    guards: tuple[Guard, ...]


@lru_cache
def rules() -> DateRules:
    """The rules of `dates.toml`."""
    found: DateRules = load("dates.toml", DateRules)
    return found


# A gap between two words: some blanks, or one line break of hard-wrapped text.
GAP = r"(?: {1,3}| ?\n ?)"


def index_of(groups: tuple[tuple[str, ...], ...]) -> dict[str, int]:
    """From each word to the number of its group.

    Example:
        >>> index_of((("jan", "january"), ("feb",)))
        {'jan': 0, 'january': 0, 'feb': 1}
    """
    return {word: number for number, group in enumerate(groups) for word in group}


def one_of(words: tuple[str, ...]) -> str:
    """A pattern for any of `words`, the longest first."""
    return "|".join(re.escape(word) for word in sorted(words, key=lambda w: (-len(w), w)))


@lru_cache
def bricks() -> dict[str, str]:
    """Pattern of each brick by its name."""
    words = rules().words
    months = tuple(word for group in words.months for word in group)
    numbers = "|".join(
        [rf"(?:{one_of(words.tens)})-(?:{one_of(words.numbers[:9])})", one_of(words.tens)]
    )
    turn = rf"(?:{one_of((*words.turns, *words.text_turns))})\b"
    return {
        "turn": turn,
        "yearturn": turn,
        "weekturn": turn,
        "decade": one_of(words.decades),
        "feast": one_of((*words.feasts, *words.movable_feasts)).replace(r"\ ", GAP),
        "year": r"[12]\d{3}",
        "yy": r"\d{2}",
        "mm": r"0[1-9]|1[0-2]",
        "dd": r"0[1-9]|[12]\d|3[01]",
        "day": r"(?:3[01]|[12]\d|0?[1-9])(?!\d)(?:st|nd|rd|th)?\b",
        "month": rf"(?:{one_of(words.month_stops)})\.(?=\W)|(?:{one_of(months)})\b",
        "weekday": rf"(?:{one_of(tuple(w for g in words.weekdays for w in g))})\b\.?",
        "unit": rf"(?:{one_of(tuple(w for g in words.units for w in g))})\b",
        "season": rf"(?:{one_of(tuple(w for g in words.seasons for w in g))})\b",
        "number": rf"(?:\d{{1,3}}|{numbers}|{one_of(words.numbers)})\b",
        "ordinal": rf"(?:\d{{1,2}}(?:st|nd|rd|th)|{one_of(words.ordinals)}".replace("\\-", "[- ]")
        + r")\b",
        "bc": one_of(words.before_christ),
        "ad": one_of(words.after_christ),
    }


# `<month>` in a pattern, but not the name of a group `(?P<month>` nor a look-behind.
BRICK = re.compile(r"(?<!\?P)<([a-z]+)(\d?)>")

CLASS_OR_BLANK = re.compile(r"\[[^\]]*\]| ")


def compiled(pattern: str) -> re.Pattern[str]:
    """A pattern of the rule file, its bricks and gaps put in.

    Example:
        >>> compiled("<day> <month>").match("3 May")["month"]
        'May'
    """
    known = bricks()
    with_gaps = CLASS_OR_BLANK.sub(lambda part: GAP if part[0] == " " else part[0], pattern)
    whole = BRICK.sub(lambda b: f"(?P<{b[1]}{b[2]}>{known[b[1]]})", with_gaps)
    return re.compile(whole, re.IGNORECASE | re.ASCII)
