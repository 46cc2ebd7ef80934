"""Persons told by how they are introduced, whatever the model took their names for.

Newspapers introduce a person in a few forms: behind an office and a comma (`the Minister of
Ports of Kenya, X Y,`), in a pair with another person, by what only persons do (`X Y was sworn
in`), behind the possessive of whom they speak for.  A form gives the label PERSON to two words or
more that can be a name; listed names, head words of organisations and lines with all words
capitalised are left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.extract.entities.calling_book import callings
from pipeline.extract.entities.lexicon import lexicon
from pipeline.extract.entities.patterns import patterns
from pipeline.extract.entities.persons import GUEST_BEFORE
from pipeline.extract.entities.spans import Ground, Reading, Span, laid
from pipeline.extract.entities.whole_persons import (
    FIXED,
    LOOK_BACK,
    PAIR,
    bears_known_name,
    has_office,
    is_quoted,
    may_be_person,
    pieced_persons,
    unseen_persons,
    whole_persons,
)
from pipeline.extract.names import identify

MISTAKEN = ("ORG", "GPE", "NORP", "LOC", "FAC", "WORK_OF_ART", "EVENT")
PLACES = ("GPE", "NORP", "LOC", "FAC")
UNLIKE_BODIES = (*PLACES, "WORK_OF_ART")
CITIZEN_BEHIND = re.compile(r",[ \n]an?[ \n](?:[\w-]{3,15}[ \n]){0,2}([A-Z][a-z]{2,15})(?=[,.])")
GUEST_CHARS = 24
PLURAL_BEFORE = re.compile(r"(?<!\w)(?!says|was|has|vs)[a-z]{2,15}s,?[ \n]$")
SPOKE_BEHIND = re.compile(
    r"[ \n](?:said|told|says|tells|called|wrote|warned|argued|added|noted|believes|thinks|"
    r"blamed|condemned|urged|praised|denied|insisted|confirmed|asked|described|criticised|accused)\b"
)
KIN_BEHIND = re.compile(
    r"'s[ \n](?:wife|husband|son|daughter|mother|father|brother|sister|widow|funeral|lawyers?)\b"
)
TITLED = re.compile(r"(?:[A-Z]\.?[ \n]){0,3}")
ARTICLE_BEFORE = re.compile(r"(?<!\w)(?:[Tt]he|an?)[ \n]$")
NO_PERSON_BEFORE = re.compile(
    r"(?<!\w)(?:[Tt]he|an?|[Ii]n|[Aa]t|near|[Ff]rom|to|around|across)[ \n]$"
)


def with_introduced(reading: Reading, spans: list[Span]) -> list[Span]:
    """The spans with the persons that their introduction tells."""
    spans = laid([*whole_persons(reading, spans), *spans])
    spans = [_without_title(reading, span) for span in spans]
    known = frozenset(
        name for span in spans if span.label == "PERSON" and " " in (name := reading.words(span))
    )
    spans = [_introduced(reading, span) for span in _of_bodies(reading, spans)]
    spans = list(_paired(reading, spans))
    ground = Ground(spans)
    return laid([*pieced_persons(reading, ground), *unseen_persons(reading, ground, known), *spans])


def _introduced(reading: Reading, span: Span) -> Span:
    """The span as a person, if its words can be one and something beside it says so."""
    if span.label not in MISTAKEN or span.rule_id.startswith(FIXED):
        return span
    words = reading.words(span)
    if " " not in words:
        return _defended(reading, span, words)
    if not may_be_person(words):
        return span
    if (
        callings().deed_behind.match(reading.text, span.end)
        or callings().described_behind.match(reading.text, span.end)
        or KIN_BEHIND.match(reading.text, span.end)
        or has_office(reading, span.start, span.end)
        or (span.label in PLACES and is_quoted(reading, span.start, span.end))
        or (span.label in UNLIKE_BODIES and _is_guest(reading, span.start))
    ):
        return span.mended("introduced", label="PERSON")
    named = _is_named_so(reading, span, words)
    return span.mended("introduced.given", label="PERSON") if named else span


def _is_guest(reading: Reading, start: int) -> bool:
    """`has received Aino Salo`: who is met is a person or a body, and no place or work."""
    return GUEST_BEFORE.search(reading.text, max(0, start - GUEST_CHARS), start) is not None


def _of_bodies(reading: Reading, spans: list[Span]) -> Iterator[Span]:
    """`Kuno Bank's Aino Salo said`: who speaks for an organisation, by its possessive."""
    before: Span | None = None
    for span in spans:
        owned = (
            before is not None
            and before.label == "ORG"
            and span.label in MISTAKEN
            and reading.text[before.end : span.start] == "'s "
            and SPOKE_BEHIND.match(reading.text, span.end) is not None
            and not span.rule_id.startswith(FIXED)
            and may_be_person(reading.words(span))
        )
        before = span.mended("introduced.owned", label="PERSON") if owned else span
        yield before


def _defended(reading: Reading, span: Span, word: str) -> Span:
    """`His lawyer, Salo, told us`: one word behind a possessive, an office and a comma."""
    low = max(0, span.start - LOOK_BACK)
    lists = lexicon()
    may = not word.isupper() and word not in lists.known_words and word not in lists.surfaces
    closed = reading.text[span.end : span.end + 1] == ","
    if not may or not closed or identify(word) is not None:
        return span
    told = callings().own_office_before.ends_at(reading, low, span.start) or _is_citizen(
        reading, span.end
    )
    return span.mended("introduced", label="PERSON") if told else span


def _is_citizen(reading: Reading, end: int) -> bool:
    """`Tirvo, a Christian Kenyan,`: who is of a people, and nothing behind it says what else."""
    citizen = CITIZEN_BEHIND.match(reading.text, end)
    state = identify(citizen.group(1)) if citizen is not None else None
    return state is not None and state.is_demonym


def _is_named_so(reading: Reading, span: Span, words: str) -> bool:
    """Whether a listed name is in the words; no article stands in front, and no shares behind."""
    if words.split(maxsplit=1)[0] not in lexicon().given_names and not bears_known_name(words):
        return False
    if patterns().firm_owned.match(reading.text, span.end) is not None:
        return False
    low = max(0, span.start - 10)
    before = NO_PERSON_BEFORE if span.label != "ORG" else ARTICLE_BEFORE
    return before.search(reading.text, low, span.start) is None


def _without_title(reading: Reading, span: Span) -> Span:
    """`Justice K Salonen` as an organisation: the person without the title."""
    if span.label not in MISTAKEN or span.rule_id.startswith(FIXED):
        return span
    text = reading.text[span.start : span.end]
    title = callings().office_opener.match(text)
    if title is None:
        return span
    initials = TITLED.match(text, title.end())
    rest = text[initials.end() if initials is not None else title.end() :]
    has_initial = initials is not None and bool(initials.group())
    plain = " ".join(rest.split())
    names = may_be_person(plain) or (
        has_initial and plain.istitle() and plain.isalpha() and plain not in lexicon().known_words
    )
    return (
        span.mended("introduced.title", start=span.start + title.end(), label="PERSON")
        if names
        else span
    )


def _paired(reading: Reading, spans: list[Span]) -> Iterator[Span]:
    """`drivers Aino Salo and Timo Kuno`: the other of two persons is one."""
    for number, span in enumerate(spans):
        words = reading.words(span)
        if (
            span.label not in MISTAKEN
            or span.rule_id.startswith((*FIXED, "callings"))
            or not may_be_person(words)
        ):
            yield span
            continue
        before = spans[number - 1] if number else None
        behind = spans[number + 1] if number + 1 < len(spans) else None
        other = _partner(reading, before, span) or _partner(reading, span, behind)
        yield span.mended("introduced.pair", label="PERSON") if other else span


def _partner(reading: Reading, first: Span | None, second: Span | None) -> bool:
    """Whether the two are `X Y and Z W`, one a full person, with their calling in front."""
    if first is None or second is None:
        return False
    if PAIR.fullmatch(reading.text, first.end, second.start) is None:
        return False
    full = [span for span in (first, second) if span.label == "PERSON"]
    if len(full) != 1 or " " not in reading.words(full[0]):
        return False
    low = max(0, first.start - 20)
    sure = first.label in PLACES or second.label in PLACES
    return sure or PLURAL_BEFORE.search(reading.text, low, first.start) is not None
