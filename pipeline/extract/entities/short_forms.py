"""Firms by the first words of their names: `Tirvo`, where the document has `Tirvo Chemical`.

As with the family names of persons, the model errs on the short mention and is right on the full
one.  Only behind names that end in a word of firms: `Kemi` is a town beside `Kemi Council`.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator

from pipeline.extract.entities.cues import people_of
from pipeline.extract.entities.heads import STORMS
from pipeline.extract.entities.lexicon import is_open, lexicon
from pipeline.extract.entities.spans import Reading, Span, small_words
from schemas.tables import EntityLabel

FIXED = ("places", "agencies", "dateline", "heads", "acronyms", "clubs", "frames")
MOUNTAINS = ("Mount", "Mt", "Mt.")
PLACE_BEFORE = re.compile(
    r"(?<!\w)(?:in|near|around|across|outside|town of|city of)[ \n](?:the[ \n])?$"
)


def with_short_forms(reading: Reading, spans: list[Span]) -> list[Span]:
    """The spans with the short mentions of firms that the document names in full."""
    firms = frozenset(_short_forms(reading, spans))
    mountains = frozenset(_opened(reading, spans, "LOC", MOUNTAINS))
    storms = frozenset(_opened(reading, spans, "EVENT", STORMS))
    if not firms and not mountains and not storms:
        return spans
    spans = [_as_opened(reading, span, mountains, "LOC") for span in spans]
    spans = [_as_opened(reading, span, storms, "EVENT") for span in spans]
    return [_as_firm(reading, span, firms) for span in spans]


def _opened(
    reading: Reading, spans: list[Span], label: EntityLabel, openers: Container[str]
) -> Iterator[str]:
    """`Tirvo`, where the document has `Mount Tirvo` or `Typhoon Tirvo`."""
    for span in spans:
        opener, _, name = reading.words(span).partition(" ") if span.label == label else ("",) * 3
        if opener in openers and name not in lexicon().surfaces:
            yield name


def _as_opened(reading: Reading, span: Span, names: Container[str], label: EntityLabel) -> Span:
    mistaken = span.label in ("PERSON", "ORG", "GPE", "NORP") and span.method == "model"
    if mistaken and reading.words(span) in names:
        return span.mended("parts.land", label=label)
    return span


def _short_forms(reading: Reading, spans: list[Span]) -> Iterator[str]:
    """What stands in front of the words of firms at the end of their names."""
    people = people_of(reading, spans)
    tails = lexicon().firm_tails
    small = small_words(reading)
    for span in spans:
        words = reading.words(span).split() if span.label == "ORG" else []
        while len(words) > 1 and words[-1].rstrip(".") in tails:
            words = words[:-1]
            plain = words[0] in people or any(word.lower() in small for word in words)
            if not plain and is_open(words):
                yield " ".join(words)


def _as_firm(reading: Reading, span: Span, firms: frozenset[str]) -> Span:
    if span.label not in ("GPE", "PERSON", "LOC", "NORP", "FAC"):
        return span
    if span.rule_id.startswith(FIXED) or reading.words(span) not in firms:
        return span
    if PLACE_BEFORE.search(reading.text, max(0, span.start - 20), span.start):
        return span
    return span.mended("parts.firm", label="ORG")
