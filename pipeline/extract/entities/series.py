"""Lists of names: what their members share is told by the surest of them.

The model labels each town and each firm of a list for itself, and passes over some.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from pipeline.extract.entities.borders import GLUE
from pipeline.extract.entities.lexicon import is_open, lexicon
from pipeline.extract.entities.patterns import patterns
from pipeline.extract.entities.persons import is_title_case
from pipeline.extract.entities.spans import (
    CAPITAL,
    Ground,
    Reading,
    Span,
    found,
    in_order,
    laid,
    small_words,
)
from schemas.tables import EntityLabel

FIXED = ("places", "agencies", "dateline", "heads", "acronyms", "persons")
PLACED = re.compile(r"(?<!\w)(?:in|from|near|across|around|outside|between)[ \n](?:the[ \n])?$")
LIST_END = re.compile(
    r"[.;:)]|,[ \n][a-z]|\n|$|[ \n](?:on|since|after|before|during|until|were|have|are|fled)\b"
)
# `four counties, Kuno, Bala and Tirvo`, `the villages of Kuno`: settled lands, whatever follows.
KINDS_BEFORE = re.compile(
    r"(?<!\w)(?:local[ \n]government[ \n]areas|provinces|districts|counties|governorates|"
    r"prefectures|municipalities|townships|villages|towns|cities|communes|suburbs)"
    r"(?:,|:|,?[ \n](?:of|like|such[ \n]as|including))?[ \n]$"
)
KINDS_BEHIND = re.compile(
    r"[ \n](?:provinces|districts|counties|governorates|prefectures|municipalities|townships)\b"
)
# `Kemi, Lapua and Tirvo regions`: the last of a list of lands.
LAST_PLACE = re.compile(
    rf",?[ \n]and[ \n]({CAPITAL}[\w-]{{2,20}})"
    r"(?=[ \n](?:provinces|districts|counties|regions|states|townships|governorates|prefectures)\b)"
)
AND_BEHIND = (" and ", ", and ", "\nand ", " and\n")
PEOPLES_BEHIND = re.compile(
    r"[ \n](?:tribes|clans|peoples|tribesmen|ethnic[ \n](?:groups|minorities)|elders)\b"
)
FROM = re.compile(r"(?<!\w)[Ff]rom[ \n]$")
TO = re.compile(rf"[ \n]to[ \n]({CAPITAL}[\w-]{{2,20}})(?=[,.;])")
MEMBER = re.compile(rf"{CAPITAL}[\w'&-]{{1,20}}(?: {CAPITAL}[\w'&-]{{1,20}}){{0,2}}")
MIXED = re.compile(r"[ \n]and[ \n]([A-Z][a-z]+[A-Z]\w{1,15})(?![\w'-]|[ \n][A-Z])")
LAST = re.compile(rf",?[ \n]and[ \n]({CAPITAL}[\w-]{{2,20}})(?=[ \n][a-z]|[.;)])")
LONGEST_PLACE = 3


def aligned(reading: Reading, spans: Sequence[Span]) -> list[Span]:
    """The spans with the members of a list of one kind."""
    people = reading.words_of_persons(spans)
    ordered = in_order(spans)
    changed: list[Span] = []
    for run in _runs(reading, ordered):
        changed += _as_places(reading, run, people)
        changed += _as_firms(reading, run, people)
        changed += _as_peoples(reading, run, people)
    changed += _bracketed(reading, ordered)
    ground = Ground(ordered)
    return laid([*changed, *_unseen(reading, ground), *ordered])


def _runs(reading: Reading, spans: Sequence[Span]) -> Iterator[list[Span]]:
    """Spans in rows, with a comma or `and` between each and the next."""
    run: list[Span] = []
    for span in spans:
        if run and GLUE.fullmatch(reading.text, run[-1].end, span.start) is None:
            yield run
            run = []
        run.append(span)
    if run:
        yield run


def _as_places(reading: Reading, run: Sequence[Span], people: frozenset[str]) -> Iterator[Span]:
    """`in Kemi, Salo and Mala Tirvo.`: towns all; `Kemi and Salo districts` likewise."""
    low = max(0, run[0].start - 24)
    listed = (
        run[0].label in ("GPE", "LOC")
        and len(run) > 1
        and LIST_END.match(reading.text, run[-1].end) is not None
        and (
            PLACED.search(reading.text, low, run[0].start) is not None
            or patterns().place_of.ends_at(reading, low, run[0].start)
        )
    )
    kinds = KINDS_BEHIND.match(reading.text, run[-1].end) is not None
    low = max(0, run[0].start - 34)
    sure = len(run) > 1 and KINDS_BEFORE.search(reading.text, low, run[0].start) is not None
    if not (listed or kinds or sure):
        return
    turned: tuple[EntityLabel, ...] = ("PERSON", "ORG")
    if sure:
        turned = ("PERSON", "ORG", "NORP", "LOC")
    spans = run if listed or sure else run[-2:]
    yield from _turned(reading, spans, people, turned, "GPE")


def _as_peoples(reading: Reading, run: Sequence[Span], people: frozenset[str]) -> Iterator[Span]:
    """`the Kuno, Bala and Tirvo tribes`: peoples all."""
    if PEOPLES_BEHIND.match(reading.text, run[-1].end) is None:
        return
    yield from _turned(reading, run, people, ("PERSON", "ORG", "GPE", "LOC", "FAC"), "NORP")


def _as_firms(reading: Reading, run: Sequence[Span], people: frozenset[str]) -> Iterator[Span]:
    """A lone word between two organisations of a list is one: `Kemi Gas, Salo and Tirvo Oil`."""
    low = max(0, run[0].start - 34)
    if patterns().firms_before.ends_at(reading, low, run[0].start):
        yield from _turned(reading, run, people, ("PERSON", "GPE", "NORP", "LOC", "FAC"), "ORG")
        return
    for number in range(1, len(run) - 1):
        span = run[number]
        words = reading.words(span).split()
        beside = run[number - 1].label == run[number + 1].label == "ORG"
        lone = span.label == "NORP" or (span.label == "PERSON" and len(words) == 1)
        if beside and lone and _may_turn(span, words) and words[0] not in people:
            yield span.mended("series.alike", label="ORG")


def _bracketed(reading: Reading, spans: Sequence[Span]) -> Iterator[Span]:
    """`Aino Salo (Kuno), Timo Vula (Tirvo Party)`: behind persons, brackets hold one kind."""
    inside = [
        second
        for first, second in pairwise(spans)
        if first.label == "PERSON"
        and reading.text[first.end : second.start] == " ("
        and reading.text[second.end : second.end + 1] == ")"
    ]
    if not any(span.label == "ORG" for span in inside):
        return
    for span in inside:
        if span.label != "ORG" and _may_turn(span, reading.words(span).split()):
            yield span.mended("series.alike", label="ORG")


def _turned(
    reading: Reading,
    spans: Sequence[Span],
    people: frozenset[str],
    mistaken: Sequence[EntityLabel],
    label: EntityLabel,
) -> Iterator[Span]:
    """Those of a list that stand under one of the labels `mistaken`, under `label`."""
    for span in spans:
        words = reading.words(span).split()
        if span.label in mistaken and _may_turn(span, words) and people.isdisjoint(words):
            yield span.mended("series.alike", label=label)


def _may_turn(span: Span, words: Sequence[str]) -> bool:
    """Whether neighbours may change the label: no listed name, no head word, no acronym."""
    return (
        not span.rule_id.startswith(FIXED)
        and len(words) <= LONGEST_PLACE
        and is_open(words)
        and not any(map(str.isupper, words))
    )


def _unseen(reading: Reading, ground: Ground) -> Iterator[Span]:
    """Members of a pair that no span covers: `from Kemi to Salo,`, `the MTV and TirvoX plants`."""
    small = small_words(reading)
    for span in ground.spans:
        passage = reading.passage_at(span.start)
        if passage is None or is_title_case(passage):
            continue
        if span.label == "GPE":
            before = FROM.search(reading.text, max(0, span.start - 6), span.start)
            match = TO.match(reading.text, span.end, passage.end_char) if before else None
            if match is None and reading.text.startswith(AND_BEHIND, span.end):
                match = LAST_PLACE.match(reading.text, span.end, passage.end_char)
            if match is not None and _is_free(ground, match, small):
                yield found(*match.span(1), "GPE", "series.alike")
        if span.label == "ORG":
            match = MIXED.match(reading.text, span.end, passage.end_char)
            if match is not None and _is_free(ground, match, small):
                yield found(*match.span(1), "ORG", "series.alike")
    yield from _between(reading, ground, small)
    yield from _last(reading, ground, small)


def _last(reading: Reading, ground: Ground, small: frozenset[str]) -> Iterator[Span]:
    """An unseen name at the end of a list: `Kemi Gas, Lapua Oil and Tirvo bid`."""
    for first, second in pairwise(ground.spans):
        if first.label != "ORG" or second.label != "ORG":
            continue
        if reading.text[first.end : second.start] != ", ":
            continue
        match = LAST.match(reading.text, second.end)
        if match is not None and _is_free(ground, match, small):
            yield found(*match.span(1), "ORG", "series.alike")


def _between(reading: Reading, ground: Ground, small: frozenset[str]) -> Iterator[Span]:
    """An unseen name between two organisations of a list: `Kemi Gas, Salo and Tirvo Oil`."""
    for first, second in pairwise(ground.spans):
        if first.label != "ORG" or second.label != "ORG" or second.start - first.end > 60:
            continue
        glue = reading.text[first.end : second.start]
        borders = list(GLUE.finditer(glue))
        if len(borders) < 2 or borders[0].start() != 0 or borders[-1].end() != len(glue):
            continue
        for left, right in pairwise(borders):
            name = glue[left.end() : right.start()]
            if MEMBER.fullmatch(name) and not any(_is_plain(word, small) for word in name.split()):
                start = first.end + left.end()
                yield found(start, start + len(name), "ORG", "series.alike")


def _is_free(ground: Ground, match: re.Match[str], small: frozenset[str]) -> bool:
    return not ground.over(*match.span(1)) and not _is_plain(match.group(1), small)


def _is_plain(word: str, small: frozenset[str]) -> bool:
    """Whether a capitalised word may be no name at all."""
    lists = lexicon()
    return (
        word.lower() in small
        or word.lower() in lists.nameless_words
        or word in lists.calendar_words
        or word in lists.no_place_words
        or word in lists.non_acronyms
    )
