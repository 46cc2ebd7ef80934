"""Publication stamps: lines that hold a date and little else, strictly read.

A stamp is made of a label (`Published:`, `Updated`), a clock time, a weekday, one full date and
a time zone, in any order; one line may hold a stamp of publication and one of an update.  A line
with any other word is no stamp, but in the head of a page it may be a record with a stamp in it,
`Ledger | Updated: 3 May 2019 16:05`.  Day and month in figures are told apart by a part over 12,
by full stops between them or by the weekday beside them; otherwise the stamp has no date, only
its readings.
The extractor of dates has its own, wider grammar: this one must not find dates, it must
refuse lines.  The words are `rules/stamps.toml`.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

from pipeline.passages.days import MONTHS, parse_date, readings
from pipeline.passages.stamp_words import StampRole, stamp_words

__all__ = [
    "MONTHS",
    "Stamp",
    "StampRole",
    "is_clock",
    "parse_date",
    "read_label",
    "read_record",
    "read_stamp",
]

# No stamp is longer than this, and no record.
_LONGEST, _LONGEST_RECORD = 80, 120
# Words of a record beside its stamp: a name, an agency, a rubric.
_RECORD_WORDS = 8

_STROKES = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-]\d{4}")
# What parts a record's names from its stamp, and what makes words and a day a sentence:
# `Signed on 3 May 2019, 16:00`.
_RULE = re.compile(r" ?\||[·•●/]| --? ")
_LEADS_ON = re.compile(r"[^\W\d_][\w'.&+]* (?:on|at) \w")
# `..., 9:14 p.m. Port Vila, Republic of Vanuatu`; `2019-05-03 08:59:10 source:Northwire`
_OF = re.compile(r"of [A-Z]|(?:source|editor|author) ?: ?[A-Z]")
_YEAR = re.compile(r"\d{4}")
# `By Anna Lind Friday, May 3, 2019`; `By Friday` and `By law` are no writers.
_BY = re.compile(r"[Bb]y:? [A-Z][\w.'-]{1,20} [A-Z]")
# `Posted on May 3, 2019 by Anna Lind`
_SIGNED = re.compile(r"(.{8,60}\d),? by [A-Z][\w.'-]{1,20}(?: [A-Z][\w.'-]{1,20}){0,3}")
# `date 2019-05-03 (NPA) Ferry opens`: behind day and agency stands a story.
_DATELINE = re.compile(r"(?:date )?\d{4}-\d\d-\d\d \([^()]{2,40}\) ?\w")


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a stamp line says; `date` is None where the line leaves the day open.

    `readings` are the days that the line may mean, day first and month first; `order` tells
    which of the two it puts first, where it is in figures with strokes and shows it.
    """

    date: dt.date | None
    time: dt.time | None
    role: StampRole
    readings: tuple[dt.date, ...] = ()
    order: Literal["day", "month"] | None = None


@dataclass(slots=True)
class _Group:
    """The tokens of one stamp on a line that may hold two."""

    tokens: dict[str, str] = field(default_factory=dict)
    readings: tuple[dt.date, ...] = ()
    time: dt.time | None = None


@lru_cache(maxsize=4096)
def read_stamp(plain: str) -> Stamp | None:
    """The stamp that the whole of `plain` is, or None.

    A weekday with a clock time to the minute and `GMT` or `UTC`, without a label, is the clock
    that a site prints on top of each page: its role is `clock`.

    Args:
        plain: a line in the plain view.

    Example:
        >>> read_stamp("Published: 3 May 2019 at 16:26").date
        datetime.date(2019, 5, 3)
        >>> read_stamp("Friday, 08 March 2019 07:45 GMT").role
        'clock'
        >>> read_stamp("07/03/2019").date is None
        True
        >>> read_stamp("Signed on 3 May 2019") is None
        True
    """
    if len(plain) > _LONGEST or not _YEAR.search(plain):
        return None
    read = _groups(plain.lower(), 0)
    return None if read is None else _best(read[0])


@lru_cache(maxsize=4096)
def read_record(plain: str) -> Stamp | None:
    """The stamp in a line of the page's record that also names an agency, a rubric or a writer.

    Such a line has a label, a clock time or a rule such as `|` beside its date, and the words
    are names: no small word among them.

    Example:
        >>> read_record("Ledger | Updated: May 3, 2019 13:05 IST").date
        datetime.date(2019, 5, 3)
        >>> read_record("Signed at noon on 3 May 2019") is None
        True
        >>> read_record("date 2019-05-03 (NPA) Ferry Opens") is None
        True
    """
    known = read_stamp(plain)
    low = plain.lower()
    if known is not None or len(plain) > _LONGEST_RECORD or len(low) != len(plain):
        return known
    if _DATELINE.match(plain):
        return None
    signed = _SIGNED.fullmatch(plain)
    if signed is not None:
        return read_stamp(signed[1])
    read = _groups(low, _RECORD_WORDS) if _YEAR.search(plain) else None
    if read is None:
        return None
    groups, words = read
    by = len(words) > 2 and _BY.match(plain) is not None
    ruled = by or _RULE.search(plain) is not None
    told = any({"label", "time"} & group.tokens.keys() for group in groups)
    # `... Web Editor: Li Na comment`: the last word of the line may be a button.
    button = len(words) > 1 and plain[words[-1] :].isalpha()
    small = any(
        (plain[at].islower() and not _OF.match(plain, at)) or _LEADS_ON.match(plain, at)
        for at in words[by : len(words) - button]
    )
    return _best(groups) if (ruled or told) and not small else None


def is_clock(plain: str) -> bool:
    """Whether a line is a time of day or an age and no full date: `29 AUG, 11:42`, `3 min read`.

    Example:
        >>> is_clock("16:02 LOCAL TIME 13:02 GMT"), is_clock("At 16:02 it rained")
        (True, False)
    """
    if len(plain) > _LONGEST or not any(map(str.isdigit, plain)):
        return False
    read = _groups(plain.lower(), 0, strict=False)
    if read is None:
        return False
    seen = {name for group in read[0] for name in group.tokens}
    return bool(seen & {"time", "ago"}) and "date" not in seen


def _groups(
    low: str, most_words: int, strict: bool = True
) -> tuple[list[_Group], list[int]] | None:
    """The stamps on a line and where its other words stand; None if it is none."""
    groups = [_Group()]
    words: list[int] = []
    position = 0
    pattern = stamp_words().token
    while position < len(low):
        token = pattern.match(low, position)
        if token is None:
            return None
        position = token.end()
        name = _name(token)
        if name in ("between", "other"):
            continue
        if name == "word":
            words.append(token.start())
            if len(words) > most_words:
                return None
            continue
        group = groups[-1]
        if (name in ("label", "date") and "date" in group.tokens) or (
            name == "label" and "label" in group.tokens
        ):
            group = _Group()
            groups.append(group)
        if name in group.tokens and strict:
            return None
        group.tokens.setdefault(name, token.group())
        if name == "time":
            group.time = _clock(token)
    _settle_days(groups)
    return groups, words


def _settle_days(groups: list[_Group]) -> None:
    """Gives each group the days that its date may mean."""
    for group in groups:
        if "date" not in group.tokens:
            continue
        weekday = group.tokens.get("weekday")
        day = None if weekday is None else stamp_words().weekdays.get(weekday.rstrip("."))
        group.readings = readings(group.tokens["date"], stamp_words().months, day)
        if group.tokens.get("label") in stamp_words().day_first:
            # The labels of other languages stand on pages that put the day first.
            group.readings = group.readings[:1]
    orders = {_order(group) for group in groups if "date" in group.tokens} - {None}
    if len(orders) == 1:
        # `Issued 07/03/2019, modified 28/03/2019`: the second tells how to read the first.
        for group in groups:
            if len(group.readings) == 2:
                group.readings = group.readings[:1] if "day" in orders else group.readings[1:]


def _name(token: re.Match[str]) -> str:
    names = (
        *("label", "weekday", "date", "ago", "part", "time", "zone", "other", "between", "word"),
    )
    return next(name for name in names if token[name])


def _best(groups: list[_Group]) -> Stamp | None:
    """The stamp that a line gives: publication before update, and no choice between two days."""
    dated = [group for group in groups if "date" in group.tokens]
    if len(dated) > 1:
        # `1444/8/27 - 2023/03/19`: the day of another calendar is no day here.
        dated = [group for group in dated if group.readings] or dated[:1]
    plain = [group for group in dated if "label" not in group.tokens]
    if not dated or len(plain) > 1 or (plain and plain[0] is not dated[0]):
        return None
    stamps = [_stamp(group) for group in dated]
    stamps.sort(key=lambda stamp: stamp.role == "updated")
    return stamps[0]


def _stamp(group: _Group) -> Stamp:
    days = group.readings
    date = days[0] if len(days) == 1 else None
    return Stamp(date, group.time, _role(group), days, _order(group))


def _order(group: _Group) -> Literal["day", "month"] | None:
    """Which of day and month a date in figures puts first, where it shows it."""
    figures = _STROKES.fullmatch(group.tokens["date"])
    if figures is None:
        return None
    if max(int(figures[1]), int(figures[2])) > 12:
        return "day" if int(figures[1]) > 12 else "month"
    time = group.tokens.get("time", "")
    if "h" in time:
        # `12/09/2019 15h40`, on French and Portuguese pages.
        return "day"
    # `1/5/2019 2:17:11 AM`: how American software writes a moment.
    bare = figures[1][0] != "0" != figures[2][0] and len(figures[1] + figures[2]) < 4
    return "month" if bare and time.count(":") == 2 and time.endswith("m") else None


def read_label(plain: str) -> StampRole | None:
    """The role that a label without a date gives to the stamp on the next line.

    Example:
        >>> read_label("Publication date:"), read_label("Location:")
        ('published', None)
    """
    if len(plain) > _LONGEST:
        return None
    words = plain.lower().rstrip(": ")
    roles = stamp_words().roles
    for more in (" on", " at", " date"):
        # Half a word more: `Last updated at`.
        if words.endswith(more) and words not in roles:
            words = words.removesuffix(more)
    return roles.get(words)


def _clock(token: re.Match[str]) -> dt.time | None:
    hour, minute, second = int(token["hour"]), int(token["minute"]), int(token["second"] or 0)
    if token["half"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if token["half"] == "p" else 0)
    return dt.time(hour, minute, second) if hour < 24 and minute < 60 and second < 60 else None


def _role(group: _Group) -> StampRole:
    label = group.tokens.get("label")
    if label is not None:
        return read_label(label) or "published"
    to_the_minute = group.tokens.get("time", "").count(":") == 1
    is_clock = "weekday" in group.tokens and to_the_minute
    return "clock" if is_clock and group.tokens.get("zone") in ("gmt", "utc") else "plain"
