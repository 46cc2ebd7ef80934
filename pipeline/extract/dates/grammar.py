"""Finds the words of dates in a passage and reads them into expressions.

One scan over words and numbers looks each up in a table of the words that may start a shape
or a prefix; only there are the few patterns of that word tried, anchored.  So the cost is that
of the scan, and no pattern runs over text that holds no date.  The longest match wins.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from pipeline.extract.dates.expressions import (
    Calendar,
    Century,
    Decade,
    Expression,
    Piece,
)
from pipeline.extract.dates.lexicon import Guard, Prefix, Shape, Suffix, compiled, rules
from pipeline.extract.dates.read import read
from schemas.tables import DateModifier

TOKEN = re.compile(r"[a-z]+|[0-9]+", re.IGNORECASE | re.ASCII)
# No longer look is needed behind a match: the longest word that a guard asks for is shorter.
LOOK_BEHIND = 48
ADDRESS = 120
# `since at least about early ...`: no phrase has more, and a longer chain is no phrase.
MOST_PREFIXES = 4
# `post-1945` is a time, `CL-2020` is not.
HYPHENED = re.compile(r"\b(?:pre|post|early|late|mid|anti|circa)-\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Lead:
    """Prefixes read in front of a match: where they start and what they say."""

    start: int
    end: int
    modifiers: tuple[DateModifier, ...] = ()
    inside_start: int | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A date's words in a text: span, what they say, the rule, and what stands in front."""

    start: int
    end: int
    expression: Expression
    rule_id: str
    lead: Lead | None = None
    modifier: DateModifier | None = None
    suffix: DateModifier | None = None


@dataclass(frozen=True, slots=True)
class Tables:
    """From a word to the shapes and prefixes that it may start, patterns compiled."""

    shapes: dict[str, tuple[tuple[re.Pattern[str], Shape], ...]]
    prefixes: dict[str, tuple[tuple[re.Pattern[str], Prefix], ...]]
    guards: dict[str, tuple[tuple[re.Pattern[str], Guard], ...]]
    suffixes: tuple[tuple[re.Pattern[str], Suffix], ...]


def starting_words(name: str) -> tuple[str, ...]:
    """The words behind a name in `starts`; a name that is no list stands for itself."""
    words = rules().words
    lists: dict[str, tuple[str, ...]] = {
        "month": tuple(word for group in words.months for word in group),
        "weekday": tuple(word for group in words.weekdays for word in group),
        "season": tuple(word for group in words.seasons for word in group),
        "spelled": words.numbers + words.tens,
        "ordinal": tuple(word.split("-")[0] for word in words.ordinals),
        "decadeword": words.decades,
        "unit": tuple(word for group in words.units for word in group),
        "turn": (*words.turns, *words.text_turns),
    }
    return lists.get(name, (name,))


@lru_cache
def tables() -> Tables:
    """The rule file, made ready for the scan."""
    shapes: dict[str, list[tuple[re.Pattern[str], Shape]]] = {}
    prefixes: dict[str, list[tuple[re.Pattern[str], Prefix]]] = {}
    guards: dict[str, list[tuple[re.Pattern[str], Guard]]] = {}
    for shape in rules().shapes:
        entry = (compiled(shape.pattern), shape)
        for word in sorted({word for name in shape.starts for word in starting_words(name)}):
            shapes.setdefault(word, []).append(entry)
    for prefix in rules().prefixes:
        for word in prefix.starts:
            prefixes.setdefault(word, []).append((compiled(prefix.pattern), prefix))
    for guard in rules().guards:
        end = r"\Z" if guard.side == "before" else ""
        for shape_id in guard.shapes:
            guards.setdefault(shape_id, []).append((compiled(f"(?:{guard.pattern}){end}"), guard))
    return Tables(
        {word: tuple(entries) for word, entries in shapes.items()},
        {word: tuple(entries) for word, entries in prefixes.items()},
        {word: tuple(entries) for word, entries in guards.items()},
        tuple((compiled(suffix.pattern), suffix) for suffix in rules().suffixes),
    )


def kind_of(word: str) -> str:
    """The key of a word or number in the tables.

    Example:
        >>> kind_of("1994"), kind_of("14"), kind_of("Since"), kind_of("123456")
        ('year', 'number', 'since', 'other')
    """
    if not word[0].isdigit():
        return word.lower()
    return {1: "number", 2: "number", 3: "three", 4: "year"}.get(len(word), "other")


def scan(text: str) -> Iterator[Found]:
    """Dates in the view of a passage, in order, none overlapping another.

    Args:
        text: the passage in plain signs (see `pipeline.passages.view`).
    """
    table = tables()
    done = 0
    lead: Lead | None = None
    for token in TOKEN.finditer(text):
        start = token.start()
        if start < done:
            continue
        key = kind_of(token.group())
        if key in table.shapes and _is_free(text, start, done):
            found = _best(text, start, table.shapes[key], lead)
            if found is not None:
                yield found
                done, lead = found.end, None
                continue
        if key in table.prefixes and _is_free(text, start, done):
            ahead = _prefix(text, start, table.prefixes[key], lead)
            if ahead is not None:
                lead, done = ahead, ahead.end


def _is_free(text: str, start: int, done: int) -> bool:
    """Whether a date may start here: not inside a word, a number, a price or a path."""
    if start == 0 or (done and start - 1 <= done <= start):
        # Right behind a prefix (`mid-1990s`) or the mark behind a date (`2000-2013`).
        return True
    before = text[start - 1]
    if before == "-" and text[start].isdigit() and text[start - 2 : start - 1].isalpha():
        return HYPHENED.search(text, max(0, start - 8), start) is not None
    if before.isalnum() or before in "_@#$£€%=&":
        return False
    if before in ".,:/-+" and start > 1 and text[start].isdigit():
        return not text[start - 2].isdigit() and before not in "+/"
    return True


def _best(
    text: str, start: int, entries: tuple[tuple[re.Pattern[str], Shape], ...], lead: Lead | None
) -> Found | None:
    best: Found | None = None
    joined = lead if lead is not None and lead.end == start else None
    for pattern, shape in entries:
        match = pattern.match(text, start)
        if match is None or (best is not None and match.end() <= best.end):
            continue
        # A weekday or month in short may end a sentence: `in Dec.`; but `490 B.C.` is whole.
        end = match.end()
        end -= text[end - 1] == "." and text[end - 3 : end - 2] != "."
        expression = read(shape, match, joined is not None)
        if expression is None or _guarded(text, start, end, shape.id) or _in_address(text, start):
            continue
        best = Found(start, end, expression, shape.id, joined, shape.modifier)
    if best is None:
        return None
    inside = joined.inside_start if joined is not None else None
    suffix = _suffix(text, best)
    if suffix is None and inside is None:
        return best
    return replace(best, start=best.start if inside is None else inside, suffix=suffix)


SUFFIXED = (Calendar, Century, Decade, Piece)


def _suffix(text: str, found: Found) -> DateModifier | None:
    if not isinstance(found.expression, SUFFIXED):
        return None
    for pattern, suffix in tables().suffixes:
        if pattern.match(text, found.end):
            return suffix.modifier
    return None


def _in_address(text: str, start: int) -> bool:
    """Whether the characters around belong to a web or mail address."""
    head = text[max(0, start - ADDRESS) : start].split()
    if start and text[start - 1].isspace():
        head = []
    chunk = (head[-1] if head else "") + text[start : start + ADDRESS].split(maxsplit=1)[0]
    return "://" in chunk or "www." in chunk or "@" in chunk


def _guarded(text: str, start: int, end: int, shape_id: str) -> bool:
    """Whether a look-alike rule speaks against what was found."""
    behind = text[max(0, start - LOOK_BEHIND) : start]
    for pattern, guard in tables().guards.get(shape_id, ()):
        if guard.side == "after" and pattern.match(text, end):
            return True
        if guard.side == "before" and pattern.search(behind):
            return True
    return False


def _prefix(
    text: str, start: int, entries: tuple[tuple[re.Pattern[str], Prefix], ...], lead: Lead | None
) -> Lead | None:
    for pattern, prefix in entries:
        match = pattern.match(text, start)
        if match is None:
            continue
        behind = lead if lead is not None and lead.end == start else Lead(start, start)
        if len(behind.modifiers) == MOST_PREFIXES:
            behind = Lead(start, start)
        inside = behind.inside_start
        if prefix.inside and inside is None:
            inside = start
        return Lead(behind.start, match.end(), (*behind.modifiers, prefix.modifier), inside)
    return None
