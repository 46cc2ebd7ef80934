"""Named things in a document: the model's spans, mended by what the rules know.

The order of the steps matters.  First the model's spans are cut and trimmed to names; then
the lists of countries, blocs and peoples decide what they know for sure; head words and
forms give or change labels; the words beside a name tell what the model could not know;
acronyms follow their definitions; last the whole document is made consistent.  Each step
takes and gives plain spans, so that any of them can be measured alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from pipeline.extract.entities.acronyms import with_acronyms
from pipeline.extract.entities.borders import reunited, separated
from pipeline.extract.entities.callings import with_callings
from pipeline.extract.entities.chambers import with_chambers, without_members
from pipeline.extract.entities.clean import cleaned
from pipeline.extract.entities.clubs import with_clubs
from pipeline.extract.entities.completion import completed
from pipeline.extract.entities.consistency import consistent
from pipeline.extract.entities.credits import with_credits
from pipeline.extract.entities.cues import with_cues
from pipeline.extract.entities.datelines import with_datelines
from pipeline.extract.entities.definitions import with_definitions
from pipeline.extract.entities.escapes import decoded, with_codes
from pipeline.extract.entities.frames import with_frames
from pipeline.extract.entities.glued import without_seams
from pipeline.extract.entities.headlines import (
    with_headlines,
    without_capital_lines,
    without_header_rows,
    without_heading_words,
    without_sentence_words,
    without_title_words,
)
from pipeline.extract.entities.heads import labelled_by_head
from pipeline.extract.entities.introduced import with_introduced
from pipeline.extract.entities.namelike import is_name
from pipeline.extract.entities.namesakes import with_namesakes
from pipeline.extract.entities.persons import with_titled_persons
from pipeline.extract.entities.phrases import with_phrases
from pipeline.extract.entities.places import with_places
from pipeline.extract.entities.realms import with_realms
from pipeline.extract.entities.rosters import with_rosters
from pipeline.extract.entities.series import aligned
from pipeline.extract.entities.short_forms import with_short_forms
from pipeline.extract.entities.spans import Reading, Span, laid
from pipeline.extract.entities.speakers import spoken_for
from pipeline.extract.entities.staff import with_staff
from pipeline.extract.entities.unseen import with_unseen
from pipeline.extract.entities.works import without_titled_works
from pipeline.extract.mentions import find_places
from pipeline.extract.names import (
    Identity,
    homonyms,
    identify,
    is_ambiguous,
    proper_case,
)
from pipeline.passages import view
from pipeline.records import Document, EntityFinding, ModelOutput, Passage
from schemas.tables import EntityLabel

__all__ = ["find_entities"]

# Labels of the model that are kept; numbers and times have tables of their own, and on
# news of this kind its PRODUCT and LANGUAGE were wrong more often than right.
KEPT: Mapping[str, EntityLabel] = {
    "PERSON": "PERSON",
    "NORP": "NORP",
    "FAC": "FAC",
    "ORG": "ORG",
    "GPE": "GPE",
    "LOC": "LOC",
    "EVENT": "EVENT",
    "WORK_OF_ART": "WORK_OF_ART",
    "LAW": "LAW",
}
# `Macon, Georgia`: a doubtful name behind a town may be a province of the same name.
TOWN_BEFORE = re.compile(r"[A-Z][\w'.-]+, $")
RESOLVED = ("GPE", "NORP", "ORG", "LOC")


def find_entities(
    document: Document, passages: Sequence[Passage], model: Mapping[int, ModelOutput]
) -> list[EntityFinding]:
    """The named things in `passages`, ordered by start and not overlapping.

    Args:
        document: the document; offsets of the findings count from its start.
        passages: those to read, in order.
        model: what the model said, by position of the passage; a passage without an entry
            is read by rules alone.

    Example:
        >>> text = "Kenyan envoys met the African Union in Nairobi."
        >>> passage = Passage("0" * 20, 0, "paragraph", None, "en", 0, len(text), text)
        >>> entities = find_entities(Document("0" * 20, text), [passage], {})
        >>> [(entity.name, entity.label, entity.country_code) for entity in entities]
        [('Kenyan', 'NORP', 'KEN'), ('African Union', 'ORG', 'AU'), ('Nairobi', 'GPE', None)]
    """
    reading = Reading(view(document.text), passages)
    spans = [piece for span in _model_spans(passages, model) for piece in cleaned(reading, span)]
    spans = without_seams(reading, with_codes(reading, laid(spans)))
    spans = without_header_rows(reading, without_capital_lines(reading, spans))
    spans = without_sentence_words(reading, without_title_words(reading, spans))
    spans = separated(reading, without_heading_words(reading, spans))
    spans = labelled_by_head(reading, spans)
    spans = laid(with_places(reading, with_namesakes(reading, spans)))
    spans = laid(with_phrases(reading, spans))
    spans = laid(with_titled_persons(reading, spans))
    spans = with_callings(reading, reunited(reading, completed(reading, spans)))
    spans = with_chambers(
        reading, with_unseen(reading, with_clubs(reading, with_cues(reading, spans)))
    )
    spans = with_frames(reading, with_realms(reading, with_introduced(reading, spans)))
    spans = with_staff(reading, aligned(reading, with_definitions(reading, spans)))
    spans = laid(with_acronyms(reading, with_short_forms(reading, spans)))
    spans = with_rosters(reading, spans)
    spans = laid(with_datelines(reading, with_credits(reading, spans)))
    spans = without_members(reading, laid(consistent(reading, spans)))
    spans = without_titled_works(reading, laid(with_headlines(reading, spans)))
    spans = [span for span in spans if is_name(reading, span)]
    identities = _identities(reading, spans)
    voices = spoken_for(reading, spans, identities)
    return [
        _finding(reading, span, identity, voice)
        for span, identity, voice in zip(spans, identities, voices, strict=True)
    ]


def _model_spans(passages: Sequence[Passage], model: Mapping[int, ModelOutput]) -> Iterator[Span]:
    for passage in passages:
        output = model.get(passage.position, ModelOutput())
        for span in output.spans:
            label = KEPT.get(span.label)
            start, end = passage.start_char + span.start, passage.start_char + span.end
            if label is not None and passage.start_char <= start < end <= passage.end_char:
                yield Span(start, end, label, "model", "model")


def _identities(reading: Reading, spans: Sequence[Span]) -> list[Identity | None]:
    """State or bloc of each span; none for a doubtful name that may be a province."""
    found = [_identity(reading, span) for span in spans]
    known = {
        identity.code
        for span, identity in zip(spans, found, strict=True)
        if identity is not None and not is_ambiguous(reading.words(span))
    }
    known |= {
        place.code
        for passage in reading.passages
        for place in find_places(passage.text)
        if place.kind == "capital" and not place.is_ambiguous
    }
    states = {span.end for span, identity in zip(spans, found, strict=True) if identity}
    return [
        None
        if identity is not None
        and identity.code not in known
        and is_ambiguous(reading.words(span))
        and _is_elsewhere(reading, span, states)
        else identity
        for span, identity in zip(spans, found, strict=True)
    ]


def _is_elsewhere(reading: Reading, span: Span, states: set[int]) -> bool:
    """Whether a doubtful name is a province: behind its town, or in the company of others."""
    low = max(0, span.start - 40)
    if span.start - 2 not in states and TOWN_BEFORE.search(reading.text, low, span.start):
        return True
    company = homonyms(reading.words(span))
    return company is not None and any(company.search(part.text) for part in reading.passages)


def _identity(reading: Reading, span: Span) -> Identity | None:
    identity = identify(reading.words(span)) if span.label in RESOLVED else None
    if identity is not None and (span.label == "ORG") is not (identity.kind == "bloc"):
        return None
    return identity


def _finding(
    reading: Reading, span: Span, identity: Identity | None, voice: str | None
) -> EntityFinding:
    return EntityFinding(
        span.start,
        span.end,
        span.label,
        _name(reading.words(span), span.label),
        identity.code if identity else None,
        identity.wikidata_id if identity else None,
        voice,
        span.method,
        span.rule_id,
    )


def _name(words: str, label: EntityLabel) -> str:
    """The words with headline capitals repaired where the lists or the label allow it."""
    words = decoded(words)
    known = proper_case(words)
    if known is not None:
        return known
    if not words.isupper() or len(words) < 4 or label in ("ORG", "EVENT", "LAW", "FAC"):
        return words
    return " ".join(word.capitalize() for word in words.split())
