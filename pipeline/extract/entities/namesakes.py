"""Persons and things that are called like a state: `India Willman`, `Brazil nuts`.

A state's name is a first name where a family name follows that nothing else explains, or where
kin and a pronoun stand behind it; and it is no mention where a noun in small letters makes a
thing of it.  The names and nouns are lists of `names.toml`; every other state stays a state.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from pipeline.extract.entities.calling_book import callings
from pipeline.extract.entities.lexicon import lexicon
from pipeline.extract.entities.lists import rules
from pipeline.extract.entities.patterns import either
from pipeline.extract.entities.persons import is_title_case
from pipeline.extract.entities.spans import (
    CAPITAL,
    Ground,
    Reading,
    Sought,
    Span,
    found,
    in_order,
    opening_runs,
)
from pipeline.extract.gazetteer import name_rules
from pipeline.extract.names import identify, is_ambiguous, seat_code

FAMILY = rf"(?P<family>{CAPITAL}[^\W\d_]{{2,20}}(?:-{CAPITAL}[^\W\d_]{{1,20}})?)"
# What may stand in front: a border of the sentence, or a word that leads to no place.
OPEN_BEFORE = re.compile(r"(?:^|[.!?:;,\"(\n]|(?<!\w)(?P<word>[a-z]{2,15}))[ \n]{0,2}$")
PLACE_WORDS = frozenset(
    ("in", "of", "from", "to", "at", "near", "across", "the", "an", "with", "for", "within")
)
MORE_KIN = ("friend", "parents", "grandmother", "grandfather", "partner")
LOOK_BACK = 24


@lru_cache(maxsize=1)
def _first_name() -> Sought:
    names = name_rules().lists.first_names
    pattern = re.compile(
        rf"(?<![\w@/.'-])(?P<first>{either(names)})[ \n]{FAMILY}"
        rf"(?![\w@-]|'[^s]|[ \n]{CAPITAL}|[ \n]\d)"
    )
    return Sought(pattern, opening_runs(names))


@lru_cache(maxsize=1)
def _kin() -> Sought:
    """`Georgia told her mother`, `Chad, her husband,`: the name of one person."""
    lists = name_rules().lists
    kin = either((*rules().lists.kin_nouns, *MORE_KIN))
    pattern = re.compile(
        rf"(?<![\w@/.'-])(?P<first>{either(lists.first_names)})"
        rf"(?=[ \n](?:told|asked|hugged|kissed|married|thanked|phoned|called)[ \n](?:her|his)[ \n]"
        rf"(?:{kin})\b|,[ \n](?:her|his|my|their|our)[ \n](?:[a-z-]{{2,12}}[ \n])?(?:{kin}),)"
    )
    return Sought(pattern, opening_runs(lists.first_names))


@lru_cache(maxsize=1)
def _things() -> re.Pattern[str]:
    return re.compile(
        "|".join(
            rf"{re.escape(name)}[ \n](?:{either(nouns)})\b"
            for name, nouns in sorted(name_rules().things.items())
        )
    )


def is_thing(reading: Reading, start: int) -> bool:
    """Whether the state named at `start` is the first half of a thing: `Brazil nuts`."""
    return _things().match(reading.text, start) is not None


def with_namesakes(reading: Reading, spans: list[Span]) -> list[Span]:
    """The spans with persons called like a state, and without things."""
    spans = [span for span in spans if not is_thing(reading, span.start)]
    ground = Ground(spans)
    added = list(_persons(reading, ground))
    if not added:
        return spans
    taken = Ground(added)
    return in_order([*(s for s in spans if not taken.over(s.start, s.end)), *added])


def _persons(reading: Reading, ground: Ground) -> Iterator[Span]:
    for passage in reading.passages:
        for match in _kin().matches(reading, (passage,)):
            if all(span.label != "ORG" for span in ground.over(*match.span())):
                yield found(*match.span(), "PERSON", "namesakes.kin")
        if is_title_case(passage):
            continue
        for match in _first_name().matches(reading, (passage,)):
            if _is_full_name(reading, ground, match):
                yield found(*match.span(), "PERSON", "namesakes.person")


def _is_full_name(reading: Reading, ground: Ground, match: re.Match[str]) -> bool:
    """Whether model or deed speak for a person, and nothing for a firm, people or town."""
    before = OPEN_BEFORE.search(reading.text, max(0, match.start() - LOOK_BACK), match.start())
    if before is None or before.group("word") in PLACE_WORDS:
        return False
    if _is_known(match.group("family")):
        return False
    over = ground.over(*match.span())
    if any(span.start < match.start() or span.end > match.end() for span in over):
        return False
    at_family = [span for span in over if span.end > match.start("family")]
    if any(span.label == "ORG" for span in over):
        return False
    if any(span.label == "PERSON" for span in at_family):
        return True
    return callings().namesake_behind.match(reading.text, match.end()) is not None


def _is_known(word: str) -> bool:
    """Whether a word has another meaning than a family name: a head, a people, a town."""
    lists = lexicon()
    return (
        word.isupper()
        or word in lists.known_words
        or word in lists.surfaces
        or word in lists.calendar_words
        or word in lists.no_place_words
        or word.lower() in lists.nameless_words
        or seat_code(word) is not None
        or (identify(word) is not None and not is_ambiguous(word))
    )
