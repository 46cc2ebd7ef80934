"""What a stamp is made of: the words of `rules/stamps.toml`, and the tokens of a line."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from pydantic import Field

from pipeline.passages.days import DATE, DAY
from pipeline.rulebook import Rule, RuleModel, load

_TIME = (
    r"(?P<hour>\d{1,2})[:.h](?P<minute>\d\d)(?::(?P<second>\d\d)(?:\.\d{1,6})?)?(?!\d)"
    r"(?: ?(?P<half>[ap])\.?m\b\.?)?"
)
_AGO = (
    r"\d{1,3} ?(?:(?:seconds?|minutes?|mins?|hours?|days?)(?: (?:ago|read))?"
    r"|(?:[smhd]|secs?|hrs?) ago)\b"
)
_OFFSET = r"[+-]\d\d:?\d\d(?!\d)"

StampRole = Literal["published", "updated", "clock", "plain"]


class LabelRule(Rule):
    """Words in front of a date that tell what it is the date of."""

    role: Literal["published", "updated"]
    day_first: bool
    words: tuple[str, ...]


class StampRules(RuleModel):
    """`rules/stamps.toml`."""

    months: tuple[tuple[str, ...], ...] = Field(min_length=12, max_length=12)
    weekdays: tuple[tuple[str, ...], ...] = Field(min_length=7, max_length=7)
    zones: tuple[str, ...]
    other_months: tuple[str, ...]
    label: tuple[LabelRule, ...]


@dataclass(frozen=True)
class StampWords:
    """The words of stamps by what they say, and the pattern of one token."""

    months: dict[str, int]
    weekdays: dict[str, int]
    roles: dict[str, StampRole]
    day_first: frozenset[str]
    token: re.Pattern[str]


def _any_of(words: Iterable[str]) -> str:
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))


@lru_cache
def stamp_words() -> StampWords:
    """The rules, compiled."""
    rules = load("stamps.toml", StampRules)
    months = {name: n for n, names in enumerate(rules.months, start=1) for name in names}
    weekdays = {name: n for n, names in enumerate(rules.weekdays) for name in names}
    roles: dict[str, StampRole] = {word: rule.role for rule in rules.label for word in rule.words}
    month = rf"(?:{_any_of(months)})\b\.?"
    token = (
        rf"(?P<label>(?:{_any_of(roles)})(?: (?:on|at|date))?(?!\w))"
        rf"|(?P<weekday>(?:{_any_of(weekdays)})\b\.?)"
        rf"|(?P<date>{DATE}|{DAY}[.,]?(?: de)?[ -]{month}(?: de)?[ ,-]{{1,2}}\d{{4}}(?!\d))"
        rf"|(?P<ago>{_AGO})"
        rf"|(?P<part>{DAY} {month}(?!\w)|{month} {DAY})"
        rf"|(?P<time>{_TIME})"
        r"|(?P<zone>(?:gmt|utc) ?(?:[+-] ?\d{1,2}(?::?\d\d)?)?(?![\w:])"
        rf"|(?:{_any_of(rules.zones)})\b|{_OFFSET})"
        # `14.12.2021 | 1843`: how often the page was read.
        rf"|(?P<other>\d{{1,2}} (?:{_any_of(rules.other_months)}),? \d{{4}}(?: ?a?h)?\b)"
        r"|(?P<between>\| ?\d[\d,.]{0,7}(?: views?)?(?= ?\||$)"
        r"|(?:at|on|à|um)\b|t(?=\d)|[][ ,:|/·•●()*_-])"
        r"|(?P<word>[^\W\d_][\w'.&+]*)"
    )
    day_first = frozenset(word for rule in rules.label if rule.day_first for word in rule.words)
    return StampWords(months, weekdays, roles, day_first, re.compile(token))
