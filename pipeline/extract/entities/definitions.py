"""Names that the sentence defines: `The Tirvo is a river in`, `Kuno, a village near`.

An encyclopedia says in its first sentence what a thing is; the noun behind `is a` tells more
than the model's guess at a name that it has never seen.  Where a passage speaks of rivers, a lone
name behind an article is one: neither persons nor towns have an article.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.extract.entities.calling_book import callings
from pipeline.extract.entities.lexicon import is_open, lexicon
from pipeline.extract.entities.spans import CAPITAL, Ground, Reading, Span, found, laid, small_words
from pipeline.records import Passage
from schemas.tables import EntityLabel

FIXED = ("places", "agencies", "dateline", "heads", "acronyms", "clubs")
# What opens a passage and is defined, whether the model saw it or not.
OPENING = re.compile(
    rf"\s{{0,3}}(?:The[ \n])?"
    rf"(?P<name>{CAPITAL}[\w'-]{{1,20}}(?:[ \n]{CAPITAL}[\w'-]{{1,20}}){{0,2}})"
    r"(?=[ \n]\(|,?[ \n](?:is|was)\b)"
)
ARTICLE = re.compile(r"(?<!\w)[Tt]he[ \n]$")
RIVERS = re.compile(
    r"\b(?:rivers?|tributar(?:y|ies)|upstream|downstream|estuary|confluence|navigable|riverbanks?|"
    r"headwaters|floodplain|(?:flow|drain)(?:s|ed|ing)?[ \n](?:it[ \n])?"
    r"(?:past|into|through|towards?|north|south|east|west))\b"
)
RIVER_BEHIND = re.compile(
    r"[.,;)]|[ \n](?:and|is|was|are|were|at|in|near|rises?|flows?|joins?|from|to|has|had|into|"
    r"burst|alone|itself)\b"
)
LONGEST_NAME = 3
DEFINED_CHARS = 300


def with_definitions(reading: Reading, spans: list[Span]) -> list[Span]:
    """The spans with the labels that their definitions tell, and the names that open them."""
    spans = [_defined(reading, span) for span in spans]
    spans = list(_rivers(reading, spans))
    added = list(_unseen(reading, spans))
    return laid([*spans, *added]) if added else spans


def _defined(reading: Reading, span: Span) -> Span:
    if span.rule_id.startswith(FIXED) or span.label in ("EVENT", "LAW", "WORK_OF_ART", "NORP"):
        return span
    words = reading.words(span).split()
    if len(words) > LONGEST_NAME or not is_open(words):
        return span
    label = _kind_behind(reading, span.end)
    if label is None or (label in ("GPE", "LOC") and span.label in ("GPE", "LOC", "FAC")):
        # `Tirvo is a region`: town or land, the model knows as much.
        return span
    return span.mended("frames.defined", label=label)


def _kind_behind(reading: Reading, end: int) -> EntityLabel | None:
    """What a name is called behind `is a`, `was the`: the noun that ends its group."""
    behind = callings().defined_behind.match(reading.text, end, end + DEFINED_CHARS)
    if behind is None:
        return None
    noun = " ".join(behind.group("noun").split())
    return callings().kinds[noun]


def _unseen(reading: Reading, spans: list[Span]) -> Iterator[Span]:
    small = small_words(reading)
    ground: Ground | None = None
    for passage in reading.passages:
        match = OPENING.match(reading.text, passage.start_char, passage.end_char)
        if match is None:
            continue
        ground = ground or Ground(spans)
        if ground.over(*match.span("name")):
            continue
        words = match.group("name").split()
        plain = any(
            word.lower() in small
            or word.lower() in lexicon().nameless_words
            or word in callings().openers
            for word in words
        )
        label = None if plain or not is_open(words) else _kind_behind(reading, match.end("name"))
        if label is not None:
            yield found(*match.span("name"), label, "frames.defined")


def _rivers(reading: Reading, spans: list[Span]) -> Iterator[Span]:
    """`the Tirvo and the Kuno join it`: lone names with an article where rivers are spoken of."""
    told: dict[int, int] = {}
    for span in spans:
        passage = reading.passage_at(span.start) if _may_be_river(reading, span) else None
        if passage is None:
            yield span
            continue
        if passage.position not in told:
            told[passage.position] = _river_words(passage)
        # An organisation has an article too: there two such words must stand.
        enough = told[passage.position] > (span.label == "ORG")
        yield span.mended("frames.river", label="LOC") if enough else span


def _river_words(passage: Passage) -> int:
    return len(RIVERS.findall(passage.text))


def _may_be_river(reading: Reading, span: Span) -> bool:
    if span.label not in ("PERSON", "GPE", "ORG") or span.rule_id.startswith(FIXED):
        return False
    words = reading.words(span).split()
    return (
        len(words) == 1
        and not words[0].isupper()
        and ARTICLE.search(reading.text, max(0, span.start - 5), span.start) is not None
        and RIVER_BEHIND.match(reading.text, span.end) is not None
        and is_open(words)
    )
