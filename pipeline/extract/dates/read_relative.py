"""Readers of what is told by a step: last week, two years ago, the third quarter."""

from __future__ import annotations

import re
from typing import Literal

from pipeline.extract.dates.counts import number_of
from pipeline.extract.dates.expressions import (
    Base,
    Expression,
    Nothing,
    Piece,
    Shifted,
    Stretch,
    Turn,
    Unit,
)
from pipeline.extract.dates.lexicon import Shape, index_of, rules
from pipeline.extract.dates.place import THE, behind

# In the order of the rules; a fortnight counts as two of its weeks.
UNITS: tuple[Unit, ...] = (
    "day", "week", "weekend", "month", "quarter", "year", "decade", "century", "week"
)  # fmt: skip
PARTS_OF_DAY = frozenset({"morning", "afternoon", "evening", "night"})
STEPS = {"yesterday": -1, "tomorrow": 1, "day before yesterday": -2, "day after tomorrow": 2}
# What makes `in two weeks` a measure of time: `the first in two weeks`, `twice in two weeks`.
MEASURED = re.compile(
    r"\b(?:first|last|only|worst|best|time|times|once|twice|thrice|\w{3,12}est|most|least|\d+%?|percent)"
    r"(?: [\w'-]{1,20}){0,3},? in (?:the )?\Z",
    re.IGNORECASE,
)
# A term such as `for 30 days`; years of standing (`for 30 years`) are told too loosely to keep.
LASTING = re.compile(r"\bfor(?: about| up to| at least)? \Z", re.IGNORECASE)
TERMS = frozenset({"day", "week", "month"})


def turn_of(word: str | None) -> Turn | None:
    """The step that a word such as `next` asks for; None where there is no word."""
    return None if word is None else step_of(word)


def step_of(word: str) -> Turn:
    """The step that a word such as `next` or `previous` asks for.

    Example:
        >>> step_of("Next"), step_of("previous")
        (Turn(step=1, base='published'), Turn(step=-1, base='register'))
    """
    words, word = rules().words, word.lower()
    if word in words.turns:
        return Turn(words.turns[word])
    return Turn(words.text_turns[word], "register")


def unit_of(word: str) -> Unit:
    """The unit that a word names, in the singular or plural."""
    return UNITS[index_of(rules().words.units)[word.lower()]]


def read_turned(shape: Shape, match: re.Match[str], led: bool) -> Expression | None:
    """`last week`, `this morning`, `the following year`, `next summer`."""
    stepper, groups = match["turn"].lower(), match.groupdict()
    turn = step_of(stepper)
    if groups.get("season") is not None:
        season = index_of(rules().words.seasons)[match["season"].lower()] + 1
        return Piece("season", season, turn=turn)
    word = match["unit"].lower()
    if word in PARTS_OF_DAY or word == "day":
        return _turned_day(word, stepper, turn)
    the = THE.search(behind(match)) is not None
    # `over the past year`, `over the last year` measure time back from now.
    measured = the and stepper in ("last", "coming", "upcoming") and word != "century"
    if word != "weekend" and (measured or stepper == "past"):
        return None
    if the and stepper == "next":
        return Shifted(unit_of(word), turn.step, "register", "in_history")
    return Shifted(unit_of(word), turn.step, turn.base)


def _turned_day(word: str, stepper: str, turn: Turn) -> Expression | None:
    """`this morning`, `last night`, `the next day`; `this day`, `last day` name no day."""
    if word == "day" and turn.base == "published" and stepper != "next":
        return None
    if stepper in ("last", "past", "coming", "upcoming") and (stepper, word) != ("last", "night"):
        return None
    return Shifted("day", turn.step, "register" if stepper == "next" else turn.base)


def read_named_day(shape: Shape, match: re.Match[str], led: bool) -> Expression | None:
    """`today`, `yesterday`, `tomorrow`, `tonight`, `the day after tomorrow`."""
    name = " ".join(match["name"].lower().split())
    titled = match["name"][0].isupper() and not match["name"].isupper()
    if titled and re.search(r"[A-Za-z] \Z", behind(match)):
        # `Russia Today`, `Tomorrow` inside a title.
        return None
    if name in STEPS:
        return Shifted("day", STEPS[name])
    return Shifted("day", 0, mode="nowadays" if name == "today" else "plain")


def _count(match: re.Match[str]) -> int | None:
    one = match["one"] is not None or match.groupdict().get("half") is not None
    count = 1 if one else number_of(match["number"])
    fortnights = match["unit"].lower().startswith("fortnight")
    return 2 * count if count is not None and fortnights else count


# Words of a distance that count from the last date of the text, and those that count back.
FROM_THE_TEXT = frozenset(
    {"earlier", "later", "afterward", "afterwards", "before", "beforehand", "previously", "after"}
)
BACKWARD = frozenset({"ago", "earlier", "before", "beforehand", "previously"})


def read_ago(shape: Shape, match: re.Match[str], led: bool) -> Expression | None:
    """`two years ago`, `a week later`, `three days earlier`."""
    count, way, unit = _count(match), match["way"].lower(), unit_of(match["unit"])
    if count is None or unit == "weekend":
        return None
    if unit in YEARS:
        months = _months_of(match, 12 * YEARS[unit], count)
        unit, count = ("month", months) if months % 12 else ("year", months // 12)
    elif match["half"] or match["halves"] or match["halved"] or match["smaller"]:
        return None
    if " " in way and way != "from now":
        return _around_today(unit, count, way)
    base: Base = "register" if way in FROM_THE_TEXT else "published"
    return Shifted(unit, -count if way in BACKWARD else count, base)


YEARS: dict[Unit, int] = {"year": 1, "decade": 10, "century": 100}


def _months_of(match: re.Match[str], unit: int, count: int) -> int:
    """Months of a distance in units of so many months: `half a century`, `1 year 2 months`."""
    if match["half"] is not None:
        return unit // 2
    more = number_of(match["number2"]) if match["smaller"] is not None else 0
    halves = unit // 2 if match["halves"] or match["halved"] else 0
    return unit * count + halves + (more or 0)


def _around_today(unit: Unit, count: int, way: str) -> Expression | None:
    """`three days after tomorrow`, `a week from today`."""
    side, name = way.split()
    if unit not in ("day", "week"):
        return None
    days = count * (7 if unit == "week" else 1) * (-1 if side == "before" else 1)
    return Shifted("day", days + STEPS.get(name, 0))


def read_in_units(shape: Shape, match: re.Match[str], led: bool) -> Expression | None:
    """`in two weeks` when the clause looks ahead; `for 30 days` is a duration."""
    before = behind(match)
    count, unit = _count(match), unit_of(match["unit"])
    if count is None or unit == "weekend":
        return None
    if re.search(r"\bin (?:about |around )?\Z", before, re.I) and not MEASURED.search(before):
        return Shifted(unit, count, mode="ahead_only")
    if match["one"] is None and unit in TERMS and LASTING.search(before):
        return Nothing("duration")
    return None


# `expected to last six weeks`
VERB_TO_LAST = re.compile(
    r"\b(?:to|will|would|could|can|may|might|must|should|shall|not|did|does|do|'ll"
    r"|(?!(?:this|these|those|was|has|his|its|as)\b)[a-z]{2,20}s) \Z",
    re.IGNORECASE,
)


def read_stretch(shape: Shape, match: re.Match[str], led: bool) -> Expression | None:
    """`past 50 years`, `next 42 months`, `next 3.5 years`."""
    unit = unit_of(match["unit"])
    if match["way"].lower() == "last" and VERB_TO_LAST.search(behind(match)):
        return None
    if match["decimal"] is not None:
        months = round(12 * float(match["decimal"]))
        return _stretch(match["way"], "month", months) if unit == "year" else None
    count = number_of(match["number"])
    if count is None or match["unit"].lower().startswith("fortnight"):
        return None
    return _stretch(match["way"], unit, count)


PAST = re.compile(r"\bthe \Z", re.IGNORECASE)
WITHIN = re.compile(r"\b(?:over|during|within|throughout|in|for) the \Z", re.IGNORECASE)


def read_stretch_one(shape: Shape, match: re.Match[str], led: bool) -> Expression | None:
    """`in the past year`, `over the last decade`; `the last year` alone is one year of a row."""
    needed = PAST if match["way"].lower() == "past" else WITHIN
    if not needed.search(behind(match)):
        return None
    return _stretch(match["way"], unit_of(match["unit"]), 1)


def _stretch(way: str, unit: Unit, count: int) -> Stretch | None:
    measures: dict[Unit, tuple[Literal["day", "month", "year"], int]] = {
        "day": ("day", 1),
        "week": ("day", 7),
        "month": ("month", 1),
        "quarter": ("month", 3),
        "year": ("year", 1),
        "decade": ("year", 10),
        "century": ("year", 100),
    }
    if unit not in measures:
        return None
    measure, times = measures[unit]
    direction = 1 if way.lower() in ("next", "coming") else -1
    return Stretch(measure, count * times, direction)


IN_THE = re.compile(r"\b(?:late|later|early|earlier|next|rest) (?:in|of) the \Z", re.IGNORECASE)


def read_running(shape: Shape, match: re.Match[str], led: bool) -> Expression | None:
    """`the end of the month`, `later in the year`: the unit that the text is in."""
    if not led and not IN_THE.search(behind(match)):
        return None
    lead = re.search(r"\b(?:of|in) the \Z", behind(match), re.IGNORECASE)
    return Shifted(unit_of(match["unit"]), 0, "running") if lead else None


def read_neighbour(shape: Shape, match: re.Match[str], led: bool) -> Expression | None:
    """`the day before`, `the year after`."""
    if not re.search(r"\bthe \Z", behind(match), re.IGNORECASE):
        return None
    word = match["unit"].lower()
    step = -1 if match["way"].lower() in ("before", "earlier") else 1
    return Shifted("day" if word == "night" else unit_of(word), step, "register")


WEEKEND_PLACE = re.compile(r"\b(?:over|at|on|during|for|by|until|since|into) the \Z", re.IGNORECASE)


def read_weekend(shape: Shape, match: re.Match[str], led: bool) -> Expression | None:
    """`over the weekend`; a weekend fair is none."""
    if not WEEKEND_PLACE.search(behind(match)):
        return None
    return Shifted("weekend", 0, mode="tensed")
