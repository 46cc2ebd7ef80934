"""From the groups of a match to an expression: one small reader a kind of shape.

A reader may still say no: what a pattern cannot see (a capital, what stands in front, whether
the days run forwards) is seen here.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from pipeline.extract.dates.counts import (
    full_year,
    month_number,
    ordinal_of,
    weekday_number,
)
from pipeline.extract.dates.expressions import (
    Calendar,
    Expression,
    Fixed,
    Interval,
    MonthDay,
    Nothing,
    Numeric,
    Turn,
)
from pipeline.extract.dates.lexicon import Reader, Shape, rules
from pipeline.extract.dates.place import (
    PLAIN_NOUN,
    after_time_word,
    behind,
    figures,
    follows,
    has_place_of_month,
)
from pipeline.extract.dates.read_pieces import (
    read_half_alone,
    read_piece,
    read_season,
    read_year_end,
)
from pipeline.extract.dates.read_relative import (
    read_ago,
    read_in_units,
    read_named_day,
    read_neighbour,
    read_running,
    read_stretch,
    read_stretch_one,
    read_turned,
    read_weekend,
    turn_of,
)
from pipeline.extract.dates.read_weekdays import (
    read_after_next,
    read_feast,
    read_from_day,
    read_nth_day,
    read_weekdays_ago,
)
from pipeline.extract.dates.read_years import (
    read_century,
    read_decade,
    read_era,
    read_era_range,
    read_fiscal,
    read_old_day,
    read_old_decade,
    read_old_year,
    read_old_years,
    read_short_year,
    read_year,
    read_years,
)

ORDINAL_DAY = re.compile(r"\d(?:st|nd|rd|th)\b|\bof\b|\bthe\b", re.IGNORECASE)
ON = re.compile(r"\b(?:on|by|until|since|from|to|through|between|for) (?:the )?\Z", re.IGNORECASE)
ON_THE = re.compile(r"\b(?:on|until|till|by|since|from|for) the \Z", re.IGNORECASE)
THE_NEXT = re.compile(r"\bthe next\b", re.IGNORECASE)
PAST = re.compile(r"\bpast\b", re.IGNORECASE)


def _read_calendar(shape: Shape, match: re.Match[str], led: bool) -> Expression | None:
    groups = match.groupdict()
    month_word, weekday_word = groups.get("month"), groups.get("weekday")
    month = figures(match, "mm") if month_word is None else month_number(month_word)
    day, year, short = (
        figures(match, "day", "day2", "dd"),
        figures(match, "year"),
        figures(match, "yy"),
    )
    spelled = groups.get("ordinal")
    if spelled is not None:
        day = ordinal_of(spelled)
    if year is None and short is not None:
        year = full_year(short)
    if not _is_written_so(match, month_word, weekday_word, year is not None):
        return None
    turn = turn_of(groups.get("turn"))
    if turn is not None and PAST.search(match.group()):
        turn = Turn(-1)
    return Calendar(
        year,
        month,
        day,
        None if weekday_word is None else weekday_number(weekday_word),
        turn,
        _year_turn(match, groups.get("yearturn")),
        turn_of(groups.get("weekturn")),
    )


def _year_turn(match: re.Match[str], word: str | None) -> Turn | None:
    """`May of next year` counts from publication, `May of the next year` from the text."""
    turn = turn_of(word)
    if turn == Turn(1) and THE_NEXT.search(match.group()):
        return Turn(1, "register")
    return turn


def _is_written_so(
    match: re.Match[str], month_word: str | None, weekday_word: str | None, has_year: bool
) -> bool:
    """Whether the month and weekday are spelled as such, and are not words that look like them.

    In lower case only the long names are sure; `may`, `march` and the short ones want a year or a
    day that is an ordinal or has `on` in front.  A short weekday wants a month.
    """
    if month_word is None:
        return weekday_word is None or len(weekday_word.rstrip(".")) > 5
    if month_word[0].isupper() or (has_year and len(month_word) != 3):
        return True
    if len(month_word) > 5 or month_word in ("april", "june", "july"):
        return True
    return bool(ORDINAL_DAY.search(match.group()) or ON.search(behind(match)) or has_year)


def _read_month(shape: Shape, match: re.Match[str], led: bool) -> Expression | None:
    """A month alone: `April`, `Sept.`, `May` behind a time word."""
    word, words = match["month"], rules().words
    lower, before = word.lower(), behind(match)
    if not word[0].isupper() and (len(word) < 4 or lower == "march" or not after_time_word(before)):
        return None
    placed = led or has_place_of_month(before, follows(match))
    if not placed and lower in words.unsure_months:
        return None
    if not placed and lower in words.given_names and not PLAIN_NOUN.match(follows(match)):
        return None
    return Calendar(month=month_number(word))


def _read_day_of_month(shape: Shape, match: re.Match[str], led: bool) -> Expression | None:
    """`on the 15th`, `the fifth of next month`."""
    day = ordinal_of(match["suffixed"])
    turn = turn_of(match["monthturn"])
    if day is None or not 1 <= day <= 31:
        return None
    if turn is None and not match["suffixed"][0].isdigit():
        return None
    weekday_word = match.groupdict().get("weekday")
    if weekday_word is not None:
        return MonthDay(day, weekday=weekday_number(weekday_word))
    return MonthDay(day, turn) if ON_THE.search(behind(match)) else None


def _read_days(shape: Shape, match: re.Match[str], led: bool) -> Expression | None:
    month, year = month_number(match["month"]), figures(match, "year")
    first, last = figures(match, "day"), figures(match, "day2")
    if first is None or last is None or last <= first:
        return None
    return Interval(Calendar(year, month, first), Calendar(year, month, last))


def _read_numeric(shape: Shape, match: re.Match[str], led: bool) -> Expression | None:
    # Two noughts are 2000; no calendar has the year 0.
    return Nothing("impossible") if match["full"] == "0000" else _numeric(match)


def _numeric(match: re.Match[str]) -> Expression | None:
    """Two numbers and a year in figures."""
    first, second = int(match["first"]), int(match["second"])
    if not (1 <= first <= 31 and 1 <= second <= 31) or min(first, second) > 12:
        return None
    year = int(match["full"])
    if len(match["full"]) == 2:
        # `12/13/14` may be in any of three orders: only the day of publication settles it.
        return Numeric(first, second, full_year(year), True) if match["mark"] == "/" else None
    if match["mark"] == ".":
        # With full stops the day stands first wherever this is written.
        return Calendar(year, second, first) if second <= 12 else None
    if first > 12 or first == second:
        return Calendar(year, second, first)
    if second > 12:
        return Calendar(year, first, second)
    return Numeric(first, second, year)


def _read_numeric_month(shape: Shape, match: re.Match[str], led: bool) -> Expression | None:
    """`on 11/28`: a fraction is less than one, and a pair such as 5/6 may be anything."""
    first, second = int(match["first"]), int(match["second"])
    if not (led or ON.search(behind(match))) or first == second:
        return None
    month, day = (first, second) if second > 12 else (second, first)
    return Calendar(None, month, day) if 1 <= month <= 12 < day <= 31 else None


CELL_BEFORE = re.compile(r"(?:\A|[|\t\n])[ \t]*\Z")
CELL_AFTER = re.compile(r"[ \t]*(?:\Z|[|\t\n])")


def _read_iso_month(shape: Shape, match: re.Match[str], led: bool) -> Expression | None:
    """`1994-05`; `2010-12` only where it fills a cell or a line, for elsewhere it is two years."""
    year, month = int(match["year"]), int(match["mm"])
    if month > year % 100 and not (
        CELL_BEFORE.search(behind(match)) and CELL_AFTER.match(match.string, match.end())
    ):
        return None
    return Calendar(year, month) if year < 2200 else None


def _read_fixed(shape: Shape, match: re.Match[str], led: bool) -> Expression | None:
    return None if shape.value is None else Fixed(shape.value)


READERS: dict[Reader, Callable[[Shape, re.Match[str], bool], Expression | None]] = {
    "after_next": read_after_next,
    "ago": read_ago,
    "calendar": _read_calendar,
    "century": read_century,
    "day_of_month": _read_day_of_month,
    "days": _read_days,
    "decade": read_decade,
    "era": read_era,
    "era_range": read_era_range,
    "feast": read_feast,
    "fiscal": read_fiscal,
    "fixed": _read_fixed,
    "from_day": read_from_day,
    "in_units": read_in_units,
    "iso_month": _read_iso_month,
    "month": _read_month,
    "named_day": read_named_day,
    "neighbour": read_neighbour,
    "half_alone": read_half_alone,
    "nth_day": read_nth_day,
    "numeric_month": _read_numeric_month,
    "weekdays_ago": read_weekdays_ago,
    "numeric": _read_numeric,
    "old_day": read_old_day,
    "old_decade": read_old_decade,
    "old_year": read_old_year,
    "old_years": read_old_years,
    "piece": read_piece,
    "running": read_running,
    "season": read_season,
    "short_year": read_short_year,
    "stretch": read_stretch,
    "stretch_one": read_stretch_one,
    "turned": read_turned,
    "weekend": read_weekend,
    "year": read_year,
    "year_end": read_year_end,
    "years": read_years,
}


def read(shape: Shape, match: re.Match[str], led: bool) -> Expression | None:
    """What the match says, or None where it is no date after all.

    Args:
        shape: the shape that matched.
        match: its groups are named after the bricks of the rule file.
        led: whether a prefix such as `since` stands right in front.
    """
    return READERS[shape.reader](shape, match, led)
