"""Readers of years, decades, centuries and eras."""

from __future__ import annotations

import re
from functools import lru_cache

from pipeline.extract.dates.counts import full_year, month_number, ordinal_of
from pipeline.extract.dates.expressions import (
    Calendar,
    Century,
    Decade,
    Expression,
    Interval,
    OldYear,
)
from pipeline.extract.dates.lexicon import Shape, one_of, rules
from pipeline.extract.dates.place import (
    OF_THAT_YEAR,
    THE,
    after_time_word,
    behind,
    figures,
    follows,
    has_place_of_year,
)

SPAN_OF_YEARS = re.compile(r"-1\d{3}(?!\d)")
SHORT_YEAR_PLACE = re.compile(
    r"\b(?:in|of|since|by|until|from|to|and|early|late|mid|before|after|for|-|spring|summer|fall"
    r"|autumn|winter) ?'\Z",
    re.IGNORECASE,
)
CLAUSE_HEAD = re.compile(r"(?:\A|[.;!?\])\"] ?|\n)(?:In|By|Until|Since|Around|About|From) \Z")
# What may stand around a year of three digits, and hardly around an amount.
OLD_HEAD_END = re.compile(
    r",? (?:the|he|she|they|it|his|her|their|its|a|an|when|after|while|and|with|but|by)\b"
    r"|,(?! ?\d)|[.;)]"
)
OLD_END = re.compile(
    r"\Z|[;:)]|\.(?!\d)|,(?! ?\d)|,? ?\n|,? (?:the|he|she|they|it|his|her|their|its|a|an|when|after"
    r"|before|while|and|with|but|by|until|to|from|in|on|at|as|under|because|which|where|who|although"
    r"|though|following|during|against|for|only)\b"
)
OLD_SUBJECT = re.compile(
    r" [A-Z][a-z'-]{1,20}(?: [A-Z][a-z'-]{1,20}| [IVX]{1,5}){0,2} [a-z]{2,12}\b"
)
OLD_PLACE = re.compile(
    r"\b(?:in|since|until|till|after|before|circa|from|between|during|dated?|(?:in|from|until|since)"
    r" (?:about|around)|year)(?: the)?(?: year| about)? \Z|\bc(?:a|irca)?\. ?\Z",
    re.IGNORECASE,
)
OLD_ABOUT = re.compile(
    r"\b(?:born|died|founded|built|written|reigned|ruled|made|begun|began) (?:about|around) \Z",
    re.IGNORECASE,
)
OLD_RANGE = re.compile(
    r"\b(?:from|in|of|during|reigned|reigning|ruled|r\.|between)(?: the years)? \Z|\(\Z",
    re.IGNORECASE,
)
OLD_BETWEEN = re.compile(r"\bbetween \Z", re.IGNORECASE)
TITLE = re.compile(r"(?:\"|[A-Z][\w']* )\Z")
# Years beyond are figures of something else.
LAST_YEAR = 2199


@lru_cache
def _dated_thing() -> re.Pattern[str]:
    """A thing that is known by its year: `the peace of 732`."""
    return re.compile(rf"\b(?:{one_of(rules().words.dated_things)}) of \Z", re.IGNORECASE)


def read_year(shape: Shape, match: re.Match[str], led: bool) -> Expression | None:
    """Four digits: a likely year anywhere but beside look-alikes, others only in a time's place."""
    year = int(match["year"])
    before, after = behind(match), follows(match)
    # `"1999"` and `"The Great Fair 2025"` are titles.
    titled = after.startswith('"') and TITLE.search(before) and not after_time_word(before)
    if year > LAST_YEAR or titled:
        return None
    bracketed = re.search(r"[(\[] ?\Z", before) and re.match(r"[-),; ]|\Z", after)
    placed = bool(led or 1900 <= year < 2050 or has_place_of_year(before) or bracketed)
    if not placed and year < 1900:
        spanned = SPAN_OF_YEARS.match(after) and re.search(r"[a-z] ?\Z", before)
        placed = bool(spanned or (year >= 1500 and OF_THAT_YEAR.search(before)))
    return Calendar(year) if placed else None


def read_short_year(shape: Shape, match: re.Match[str], led: bool) -> Expression | None:
    """`in '98`."""
    if not SHORT_YEAR_PLACE.search(behind(match)):
        return None
    return Calendar(full_year(int(match["yy"])))


def read_old_year(shape: Shape, match: re.Match[str], led: bool) -> Expression | None:
    """Three digits: `In 732, ...`, and in a text of such years `ended in 732.`, `peace of 732`."""
    number, before, after = int(match["first"]), behind(match), follows(match)
    if _dated_thing().search(before):
        return OldYear(number, sure=False)
    head = CLAUSE_HEAD.search(before) is not None
    if not (OLD_END.match(after) or (head and OLD_SUBJECT.match(after))):
        return None
    if head and OLD_HEAD_END.match(after):
        return OldYear(number)
    if head or OLD_PLACE.search(before) or OLD_ABOUT.search(before):
        return OldYear(number, sure=False)
    return None


def read_old_years(shape: Shape, match: re.Match[str], led: bool) -> Expression | None:
    """`from 815 to 843`, `reigned 117-138`."""
    first, last, before = int(match["first"]), int(match["second"]), behind(match)
    if not first < last <= first + 300 or not OLD_END.match(follows(match)):
        return None
    if match["mark"].strip() == "and":
        placed = OLD_BETWEEN.search(before)
    else:
        placed = OLD_RANGE.search(before)
    return Interval(Calendar(first), Calendar(last)) if placed else None


def read_old_day(shape: Shape, match: re.Match[str], led: bool) -> Expression | None:
    """`25 March 421`, `in August 717`."""
    word = match["month"] or match["month2"] or match["month3"]
    if not word[0].isupper() or not OLD_END.match(follows(match)):
        return None
    return Calendar(int(match["first"]), month_number(word), figures(match, "day", "day2"))


def read_old_decade(shape: Shape, match: re.Match[str], led: bool) -> Expression | None:
    """`the 380s`."""
    return Decade(int(match["tens"])) if THE.search(behind(match)) else None


def read_years(shape: Shape, match: re.Match[str], led: bool) -> Expression | None:
    """`1890-91`, `1998/99`."""
    first, short = int(match["year"]), int(match["yy"])
    last = full_year(short, first)
    if last <= first or last - first > 60 or first >= 2100:
        return None
    return Interval(Calendar(first), Calendar(last))


def read_decade(shape: Shape, match: re.Match[str], led: bool) -> Expression | None:
    """`1990s`, `the 90s`, `the nineties`; `1800s` is a century."""
    groups = match.groupdict()
    if groups.get("tens") is not None:
        first_year = int(match["tens"])
        if first_year % 100 == 0 and first_year != 2000:
            return Century(first_year // 100 + 1)
        return Decade(first_year)
    before = behind(match)
    if groups.get("short") is not None:
        if not (led or re.search(r"(?:\bthe |')\Z", before, re.I)):
            return None
        tens = int(match["short"])
    else:
        if not (led or re.search(r"\b(?:the|mid|early|late) ?-?\Z", before, re.I)):
            return None
        tens = 10 * (rules().words.decades.index(match["decade"].lower()) + 2)
    return Decade((2000 if tens <= 10 else 1900) + tens)


def read_century(shape: Shape, match: re.Match[str], led: bool) -> Expression | None:
    """`20th century`, `fifth century BC`."""
    count = ordinal_of(match["ordinal"])
    if count is None or not 1 <= count <= 30:
        return None
    era = match["bc"]
    if era is not None and not era[0].isupper():
        return None
    return Century(count, era is not None)


def _era(match: re.Match[str]) -> bool | None:
    """Whether the year is before Christ; None when the era's letters are no capitals."""
    era = match["bc"] or match["ad"]
    if era is None or not era.isupper():
        return None
    return match["bc"] is not None


def read_era(shape: Shape, match: re.Match[str], led: bool) -> Expression | None:
    """`490 BC`, `AD 79`, `15 March 44 BC`."""
    before_christ, number = _era(match), int(match["first"])
    if before_christ is None or number == 0:
        return None
    groups = match.groupdict()
    month_word = groups.get("month")
    month = None if month_word is None else month_number(month_word)
    return Calendar(1 - number if before_christ else number, month, figures(match, "day"))


def read_era_range(shape: Shape, match: re.Match[str], led: bool) -> Expression | None:
    """`490-479 BC`."""
    before_christ = _era(match)
    first, last = int(match["first"]), int(match["second"])
    if before_christ is None or not first or not last:
        return None
    if not before_christ:
        return Interval(Calendar(first), Calendar(last)) if first < last else None
    if first < last:
        return None
    return Interval(Calendar(1 - first), Calendar(1 - last))


def read_fiscal(shape: Shape, match: re.Match[str], led: bool) -> Expression | None:
    """`FY2019`, `FY 2019-20`."""
    year, short, alone = figures(match, "year"), figures(match, "yy"), figures(match, "yy2")
    if alone is not None:
        return Calendar(full_year(alone))
    if year is None:
        return None
    if short is None:
        return Calendar(year)
    return Interval(Calendar(year), Calendar(full_year(short, year)))
