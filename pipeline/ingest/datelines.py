"""Datelines: the place, day and agency in front of a story, as rules.

A dateline may be told in pieces (`date 2019-05 (MENAFN- X) LIMA, July 29.`), so rules are tried
again behind each match.  A day without a year takes the year of a month told beside it, or none.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from functools import lru_cache

from pipeline.passages.days import DATE, MONTHS, parse_date
from pipeline.rulebook import Rule, RuleModel, load
from schemas.tables import PublishedBasis

# The dateline and the start of the story behind it.
_HEAD = 240
_PIECES = 3

_WORD = r"[A-Z][\w.'-]{0,24}"
_PLACE = (
    # `Sunday, 19 May 2019` names no place.
    r"(?!(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b)"
    rf"(?P<place>{_WORD}(?: (?:of |de |la )?{_WORD}){{0,3}}"
    rf"(?:, {_WORD}(?: (?:of |the )?{_WORD}){{0,3}}?| /{_WORD}(?: {_WORD}){{0,2}}/)?)"
)
_MONTH = "(?i:" + "|".join(sorted(MONTHS, key=len, reverse=True)) + r")\b\.?"
_DAY_OF_YEAR = rf"(?P<day_of_year>{_MONTH} \d{{1,2}}|\d{{1,2}} {_MONTH})(?![\d-])"
_DAY = rf"(?P<day>(?i:{DATE}))"


class DatelineRule(Rule):
    """A pattern for the start of a story, with `{PLACE}`, `{DAY}` and the like in it.

    `header` tells a stamp that a collection put in front, which is no dateline of the story.
    """

    pattern: str
    header: bool = False


class SiteRule(Rule):
    """A pattern for the host of a government's site."""

    pattern: str


class MetadataRules(RuleModel):
    """`rules/metadata.toml`."""

    agencies: tuple[tuple[str, ...], ...]
    # Words that stand in names of rubrics and desks, never in those of writers; small letters.
    no_persons: tuple[str, ...]
    dateline: tuple[DatelineRule, ...]
    site: tuple[SiteRule, ...]


@dataclass(frozen=True, slots=True)
class Dateline:
    """What the dateline of a story says; `end` is the length of its words.

    `month_and_day` is told where the year is not.
    """

    date: dt.date | None
    publisher: str | None
    end: int
    basis: PublishedBasis = "dateline"
    month_and_day: tuple[int, int] | None = None


@dataclass(frozen=True)
class _Compiled:
    datelines: tuple[tuple[re.Pattern[str], bool], ...]
    agencies: dict[str, str]


def rules() -> MetadataRules:
    """The rules of this layer."""
    loaded: MetadataRules = load("metadata.toml", MetadataRules)
    return loaded


@lru_cache
def _compiled() -> _Compiled:
    agencies = {
        form: names[0]
        for names in rules().agencies
        for name in names
        for form in (name, name.upper())
    }
    longest_first = sorted(agencies, key=len, reverse=True)
    parts = {
        "{PLACE}": _PLACE,
        "{DAY}": _DAY,
        "{DAY_OF_YEAR}": _DAY_OF_YEAR,
        "{AGENCY}": r"(?P<agency>" + "|".join(map(re.escape, longest_first)) + r")(?![A-Za-z])",
    }
    patterns = []
    for rule in rules().dateline:
        pattern = rule.pattern
        for name, part in parts.items():
            pattern = pattern.replace(name, part)
        patterns.append((re.compile(pattern), rule.header))
    return _Compiled(tuple(patterns), agencies)


def agency(words: str) -> str | None:
    """The kept name of the agency that `words` name; None if they name none.

    Example:
        >>> agency("REUTERS"), agency("Coastal Herald")
        ('Reuters', None)
    """
    return _compiled().agencies.get(words.strip())


def read_dateline(plain: str) -> Dateline | None:
    """The dateline at the start of `plain`, a story in the plain view; None if there is none.

    Example:
        >>> read_dateline("Oslo, May 3, 2019 /TASS/. The port reopened.").date
        datetime.date(2019, 5, 3)
        >>> read_dateline("Oslo, May 3 (AP) - The port reopened.").date is None
        True
        >>> read_dateline("On May 3, 2019, the port reopened.") is None
        True
    """
    head = plain[:_HEAD]
    end = 0
    found: dict[str, str] = {}
    for _ in range(_PIECES):
        matches = [
            m
            for pattern, is_header in _compiled().datelines
            if (m := pattern.match(head, end)) and not (is_header and end)
        ]
        if not matches:
            break
        # Longest first: a shorter one may still know the agency.
        for match in sorted(matches, key=lambda m: -m.end()):
            for name, words in match.groupdict().items():
                if words:
                    found.setdefault(name, words)
        match = max(matches, key=lambda m: m.end())
        end = match.end()
        while end < len(head) and head[end] in " .":
            end += 1
        last = match.end() + (head[match.end() : match.end() + 1] == ".")
    if not end:
        return None
    publisher = agency(found["agency"]) if "agency" in found else found.get("publisher")
    # `Xinhua, March 5, 2019`: the agency in the place of a place.
    publisher = publisher or agency(found.get("place", ""))
    is_header = "day" in found and any(
        (m := pattern.match(head)) and m["day"] for pattern, flag in _compiled().datelines if flag
    )
    return Dateline(
        _date(found), publisher, last, "header" if is_header else "dateline", _month_and_day(found)
    )


def _month_and_day(found: dict[str, str]) -> tuple[int, int] | None:
    words = found.get("day_of_year")
    # Any leap year: the day itself may be 29 February.
    date = None if words is None else parse_date(f"{words}, 2000")
    return None if date is None else (date.month, date.day)


def _date(found: dict[str, str]) -> dt.date | None:
    if "day" in found:
        return parse_date(found["day"])
    if "day_of_year" in found and "month" in found:
        year, month = found["month"].split("-")
        date = parse_date(f"{found['day_of_year']}, {year}")
        return date if date is not None and date.month == int(month) else None
    return None
