"""Names that no span covers, announced by the nouns beside them: `broadcaster Tirvo`.

`callings` gives labels to what the model saw; the same nouns find what it did not see, where the
form is sure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.extract.entities.calling_book import NAME, callings
from pipeline.extract.entities.headlines import is_capitals
from pipeline.extract.entities.lexicon import is_listed, is_open, lexicon
from pipeline.extract.entities.persons import is_title_case
from pipeline.extract.entities.spans import (
    CAPITAL,
    Ground,
    Reading,
    Span,
    found,
    small_words,
)
from pipeline.records import Passage

CITIZEN = re.compile(
    rf"[ \n](?P<name>{NAME}[ \n]{NAME})(?=[.,;:)]|'s\b|[ \n](?:and|who|said|says|in|on|at|to|for|"
    r"with|by|from|was|is|has|had|will|won|beat|as|after|but|while|took|led|came)\b)"
)
# `Tirvo's chief executive`: one capitalised word, the last of its run.
OWNER = re.compile(rf"(?<![\w@/.'-])(?<!{CAPITAL}[ \n]){CAPITAL}[^\W\d_]{{2,20}}(?='s[ \n][a-z])")
BEFORE_COMMA = re.compile(rf"(?<![\w@/.'-]){NAME}(?:[ \n]{NAME}){{0,3}}(?=,)")
OPEN_LAND = re.compile(
    rf"(?<!\w)[Tt]he[ \n](?P<name>{NAME})[ \n]"
    r"(?:rivers?|volcano|glacier|plateau|peninsula|lagoon)\b"
)


def announced(reading: Reading, ground: Ground) -> Iterator[Span]:
    """The persons, lands and firms that the nouns beside them tell, in the order of trust."""
    yield from _apposed(reading, ground)
    yield from _citizens(reading, ground)
    yield from _open_lands(reading, ground)
    yield from _open_firms(reading, ground)


def _apposed(reading: Reading, ground: Ground) -> Iterator[Span]:
    """`X, head of the office`, where no span covers X."""
    lists = lexicon()
    small = small_words(reading)
    for passage in running_passages(reading):
        for match in BEFORE_COMMA.finditer(reading.text, passage.start_char, passage.end_char):
            start, end = match.span()
            if ground.over(start, end) or not callings().apposed.match(reading.text, end):
                continue
            words = match.group().split()
            if words[0].lower() in lists.leading_words:
                continue
            if not any(is_plain(word, small) for word in words):
                yield found(start, end, "PERSON", "callings.apposed")


def _citizens(reading: Reading, ground: Ground) -> Iterator[Span]:
    """`beat the Dane Aino Salo`: two words behind a people that no span covers."""
    small = small_words(reading)
    for span in ground.spans:
        if span.label != "NORP":
            continue
        match = CITIZEN.match(reading.text, span.end)
        passage = reading.passage_at(span.start)
        if match is None or passage is None or is_title_case(passage) or is_capitals(passage):
            continue
        start, end = match.span("name")
        if end > passage.end_char or ground.over(start, end):
            continue
        if not any(is_plain(word, small) for word in match.group("name").split()):
            yield found(start, end, "PERSON", "callings.citizen")


def _open_lands(reading: Reading, ground: Ground) -> Iterator[Span]:
    """`the Tirvo river`, where no span covers the name."""
    for passage in running_passages(reading):
        for match in OPEN_LAND.finditer(reading.text, passage.start_char, passage.end_char):
            word = match.group("name")
            if is_open([word]) and not ground.over(*match.span("name")):
                yield found(*match.span("name"), "LOC", "callings.land")


def _open_firms(reading: Reading, ground: Ground) -> Iterator[Span]:
    """`the chamber CAFyM`, `broadcaster Tirvo`, where no span covers the name."""
    lists = lexicon()
    small = small_words(reading)
    for passage in running_passages(reading):
        for match in callings().firm_name.matches(reading, (passage,)):
            start, end = match.span("name")
            word = match.group("name")
            if ground.over(start, end) or word in lists.non_acronyms:
                continue
            capitals = sum(map(str.isupper, word)) > 1
            if not is_plain(word if not capitals else word.capitalize(), small):
                yield found(start, end, "ORG", "callings.firm")
        for match in callings().employer.matches(reading, (passage,)):
            start, end = match.span("name")
            if not ground.over(start, end) and not is_plain(match.group("name"), small):
                yield found(start, end, "ORG", "callings.employer")
        for match in OWNER.finditer(reading.text, passage.start_char, passage.end_char):
            holds = callings().firm_holding.match(reading.text, match.end())
            if holds is None or ground.over(*match.span()) or is_plain(match.group(), small):
                continue
            yield found(*match.span(), "ORG", "callings.employer")


def is_plain(word: str, small: frozenset[str]) -> bool:
    """Whether a capitalised word is no part of a person's name."""
    lists = lexicon()
    return (
        word in callings().openers
        or word.endswith("ly")
        or word.isupper()
        or word.lower() in small
        or word.lower() in lists.plain_words
        or word in lists.known_words
        or word in lists.calendar_words
        or word in lists.no_place_words
        or is_listed(word)
    )


def running_passages(reading: Reading) -> list[Passage]:
    """The passages that are no line of capitals and no title."""
    return [
        passage
        for passage in reading.passages
        if not is_capitals(passage) and not is_title_case(passage)
    ]
