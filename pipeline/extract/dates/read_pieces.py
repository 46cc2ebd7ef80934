"""Readers of parts of a year: quarters, halves, seasons, its first months, its end."""

from __future__ import annotations

import re
from typing import Literal

from pipeline.extract.dates.counts import full_year, number_of, ordinal_of
from pipeline.extract.dates.expressions import Calendar, Expression, Piece, Shifted, Turn
from pipeline.extract.dates.lexicon import Shape, index_of, rules
from pipeline.extract.dates.place import behind
from pipeline.extract.dates.read_relative import turn_of


def _year(match: re.Match[str]) -> int | None:
    groups = match.groupdict()
    if groups.get("year") is not None:
        return int(match["year"])
    return full_year(int(match["yy"])) if groups.get("yy") is not None else None


def read_piece(shape: Shape, match: re.Match[str], led: bool) -> Expression | None:
    """`third quarter of 2019`, `Q3`, `first half of this year`, `first nine months of 2021`."""
    groups = match.groupdict()
    year, turn = _year(match), turn_of(groups.get("turn"))
    if groups.get("running") is not None:
        turn = Turn(0)
    unit: Literal["quarter", "half", "months"] = "quarter"
    number: int | None
    if groups.get("quarternumber") is not None:
        number = int(match["quarternumber"])
    elif groups.get("halfnumber") is not None:
        # `H1` without a year is a road or a visa as often as a half.
        unit, number = "half", None if year is None else int(match["halfnumber"])
    elif groups.get("half") is not None:
        unit, number = "half", 1 if match["half"].lower() in ("first", "1st") else 2
    elif groups.get("edge") is not None:
        unit, number = "months", _months(match)
    elif groups.get("closing") is not None:
        number = 4
    else:
        number = ordinal_of(match["ordinal"])
    if number is None or (unit == "quarter" and not 1 <= number <= 4):
        return None
    return Piece(unit, number, year, turn)


# fmt: off
BUSINESS = re.compile(
    r"\b(?:profits?|sales|earnings|revenues?|growth|econom(?:y|ic)|GDP|exports?|imports?|output|loss(?:es)?"
    r"|inflation|demand|results|recovery|rates|quarter|market|prices|investments?|orders|shipments"
    r"|trade|tourists?|arrivals|production|lending)\b",
    re.IGNORECASE,
)
MATCH = re.compile(
    r"\b(?:goals?|scored?|scoring|minutes?|match|game|penalty|coach|(?<!percentage )points|team"
    r"|equali[sz]\w+|striker"
    r"|midfield\w*|defender|season|kick\w*|halftime|cup|league|lead|film|book|act)\b",
    re.IGNORECASE,
)
# fmt: on
IN_A_HALF = re.compile(r"\b(?:in|for|during|by|until|from) the \Z", re.IGNORECASE)
# As far as the words around a half are asked what it is half of.
AROUND = 120


def read_half_alone(shape: Shape, match: re.Match[str], led: bool) -> Expression | None:
    """`a profit in the second half`, `sales in the first two months`: where business is told."""
    if not IN_A_HALF.search(behind(match)):
        return None
    around = match.string[max(0, match.start() - AROUND) : match.end() + AROUND]
    if BUSINESS.search(around) is None or MATCH.search(around):
        return None
    if match.groupdict().get("edge") is not None:
        months = _months(match)
        return None if months is None else Piece("months", months)
    return Piece("half", 1 if match["half"].lower() == "first" else 2)


def _months(match: re.Match[str]) -> int | None:
    """How many months: the first nine are 9, the last two -2."""
    count = number_of(match["number"]) or 0
    months = count * (3 if match["unit"].lower() == "quarters" else 1)
    if not 1 <= months <= 12:
        return None
    return months if match["edge"].lower() == "first" else -months


SEASON_PLACE = re.compile(
    r"\b(?:in|during|by|until|till|since|through|throughout|for|early|late|mid|before|after|over)"
    r"(?: the)?[ -]\Z",
    re.IGNORECASE,
)


def read_season(shape: Shape, match: re.Match[str], led: bool) -> Expression | None:
    """`summer of 2016`, `winter 1941-42`, `in the spring`."""
    season = index_of(rules().words.seasons)[match["season"].lower()] + 1
    groups = match.groupdict()
    year, turn = _year(match), turn_of(groups.get("turn"))
    if groups.get("first") is not None:
        number, before_christ = int(match["first"]), match["bc"] is not None
        if not match.group().rstrip(".")[-1].isupper() or not number:
            return None
        return Piece("season", season, 1 - number if before_christ else number)
    if year is None and turn is None and not led and not SEASON_PLACE.search(behind(match)):
        return None
    return Piece("season", season, year, turn)


def read_year_end(shape: Shape, match: re.Match[str], led: bool) -> Expression | None:
    """`year-end`, `year-end 1989`."""
    year = _year(match)
    return Shifted("year", 0) if year is None else Calendar(year)
