"""`find_dates`: from the passages of a document to its dates, in order."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from pipeline.extract.dates import values
from pipeline.extract.dates.around import (
    CLOSING,
    OPENING,
    after_of,
    around_of,
    is_bracketed,
    is_measure,
    is_number,
    is_whole,
)
from pipeline.extract.dates.context import Context, Point, Resolved
from pipeline.extract.dates.expressions import Nothing
from pipeline.extract.dates.genre import day_first, is_narrative, is_old
from pipeline.extract.dates.grammar import Found, scan
from pipeline.extract.dates.join import join
from pipeline.extract.dates.leftover import look_up
from pipeline.extract.dates.lists import spread
from pipeline.extract.dates.parts import days_of_parts
from pipeline.extract.dates.place import SURE_PLACE, people_like_months
from pipeline.extract.dates.resolve import resolve
from pipeline.extract.dates.values import Value
from pipeline.passages import view
from pipeline.records import DateFinding, Document, ModelOutput, ModelSpan, Passage
from schemas.tables import DateModifier, Granularity

EDGES = OPENING | CLOSING
VAGUE_EDGES: frozenset[Granularity] = frozenset({"week", "decade", "century"})
LATE: frozenset[DateModifier] = frozenset({"late", "end"})
PARTS: frozenset[DateModifier] = frozenset({"start", "early", "mid", "late", "end"})


def find_dates(
    document: Document, passages: Sequence[Passage], model: Mapping[int, ModelOutput]
) -> list[DateFinding]:
    """Dates in `passages`, ordered by start, none overlapping another.

    Args:
        document: gives the text, and the day of publication that relative words need.
        passages: those to read, in order.
        model: the model's answers by position; may be empty.

    Example:
        >>> text = "Work ran from May 30 to June 2, 2019."
        >>> passage = Passage("d", 0, "paragraph", None, "en", 0, len(text), text)
        >>> [found.edtf for found in find_dates(Document("d", text), [passage], {})]
        ['2019-05-30/2019-06-02']
    """
    edtf = document.published_edtf
    published = None if edtf is None else Point.of_edtf(edtf)
    texts = [passage.text for passage in passages]
    days = days_of_parts(passages)
    latest = max((day.year for day in days.values()), default=None)
    narrative = is_narrative(texts, published.year if published else latest)
    context = Context(
        published, narrative, old=narrative and is_old(texts), day_first=day_first(texts)
    )
    people: frozenset[str] = frozenset().union(*map(people_like_months, texts))
    findings: list[DateFinding] = []
    for passage in passages:
        text = view(passage.text)
        context = replace(context, near=False) if context.near else context
        day = None if narrative else days.get(passage.position)
        if day is not None and context.published != (point := Point.of_day(day)):
            context = replace(context, published=point, last=None)
        spans = model[passage.position].spans if passage.position in model else ()
        read = [
            found
            for found in _found_in(text)
            if not is_name(found, spans) and not _is_somebody(text, found, people)
        ]
        base = day or document.published_date
        findings += _leftovers(passage.start_char, text, read, spans, base)
        last: Found | None = None
        for found in read:
            if is_number(found, context):
                continue
            around = around_of(context, text, found, last, passage.kind == "caption")
            if is_measure(found.expression, around):
                continue
            resolved = resolve(found.expression, around)
            if day is not None and resolved.anchor == "published":
                resolved = replace(resolved, anchor="context")
            bracketed = is_bracketed(text, found)
            modifiers = told(found)
            after = after_of(context, resolved.value, bracketed, not LATE.isdisjoint(modifiers))
            if after is not context:
                # In a list each goes on from the one before: `in 2023: ... in May, ... in June`.
                context, last = replace(after, framed=around.framed), found
            if is_whole(text, found):
                modifiers = tuple(m for m in modifiers if m not in EDGES)
            findings.append(_finding(passage.start_char, found, resolved, modifiers))
    return sorted(findings, key=lambda finding: finding.start_char)


# Asked of each passage when it is read, when it is extracted from, and of each of its copies.
@lru_cache(maxsize=4096)
def _found_in(text: str) -> tuple[Found, ...]:
    """The dates in the view of a passage, as its words alone tell them."""
    return tuple(join(text, spread(text, list(scan(text)))))


# Spans of the model inside which a lone month, weekday or year is a part of the name.
NAMES = frozenset({"PERSON", "ORG", "WORK_OF_ART", "EVENT", "PRODUCT", "FAC"})
PLACES = frozenset({"FAC", "ORG"})
NAMES_WITH_YEARS = frozenset({"WORK_OF_ART", "EVENT"})
LONE_WORDS = frozenset({"dates.month", "dates.weekday", "dates.season_alone", "dates.named_day"})


def is_name(found: Found, spans: Sequence[ModelSpan]) -> bool:
    """Whether the model sees the words as a part of a longer name, or as a person.

    Example:
        >>> from pipeline.extract.dates.expressions import Calendar
        >>> may = Found(8, 11, Calendar(month=5), "dates.month")
        >>> is_name(may, [ModelSpan(1, 11, "PERSON")])
        True
    """
    if found.rule_id in LONE_WORDS:
        labels = NAMES
    elif found.rule_id == "dates.year":
        labels = NAMES_WITH_YEARS
    else:
        return False
    return any(
        span.label in labels
        and span.start <= found.start
        and found.end <= span.end
        and (span.label == "PERSON" or span.end - span.start > found.end - found.start)
        # `suspended Burkina Faso Monday`: a weekday that ends the name of a place stands beside it.
        and not (
            found.rule_id == "dates.weekday" and found.end == span.end and span.label in PLACES
        )
        for span in spans
    )


def _is_somebody(text: str, found: Found, people: frozenset[str]) -> bool:
    """Whether a lone month is somebody whom the document names: `for May`, not `in May`."""
    return (
        found.rule_id == "dates.month"
        and text[found.start : found.end].lower() in people
        and SURE_PLACE.search(text[max(0, found.start - 12) : found.start]) is None
    )


def _leftovers(
    offset: int,
    text: str,
    read: Sequence[Found],
    spans: Sequence[ModelSpan],
    published: dt.date | None,
) -> list[DateFinding]:
    """The model's dates that the grammar did not read, where dateparser knows them."""
    findings: list[DateFinding] = []
    for span in spans:
        if span.label != "DATE" or any(
            found.start < span.end and span.start < found.end for found in read
        ):
            continue
        words = text[span.start : span.end]
        value = look_up(words, published)
        if value is not None:
            relative = words.endswith("ago")
            resolved = Resolved(
                value, "published" if relative else "stated", published if relative else None
            )
            found = Found(span.start, span.end, Nothing("vague"), "dates.leftover")
            findings.append(replace(_finding(offset, found, resolved, ()), method="model+rule"))
    return findings


def _finding(
    offset: int, found: Found, resolved: Resolved, modifiers: Sequence[DateModifier]
) -> DateFinding:
    value, modifier = bend(resolved.value, modifiers)
    return DateFinding(
        offset + found.start,
        offset + found.end,
        value.edtf,
        value.start,
        value.end,
        value.granularity,
        modifier,
        resolved.anchor,
        resolved.anchor_date,
        "rule",
        found.rule_id,
    )


def told(found: Found) -> tuple[DateModifier, ...]:
    """All modifiers that the words around a date tell, in their order."""
    behind = tuple(one for one in (found.modifier, found.suffix) if one is not None)
    return (*(found.lead.modifiers if found.lead else ()), *behind)


def bend(value: Value, modifiers: Sequence[DateModifier]) -> tuple[Value, DateModifier | None]:
    """The value as its modifiers change it, and the one of them that says most.

    Example:
        >>> bend(values.year_value(2014), ("by", "end"))[0].edtf
        '../2014'
    """
    if value.edtf is None:
        return value, None
    if "about" in modifiers:
        value = values.about(value)
    if value.granularity == "interval":
        return value, "about" if "about" in modifiers else None
    part = next((m for m in reversed(modifiers) if m in PARTS), None)
    if value.granularity in VAGUE_EDGES and part != "end":
        # `since the 1980s` opens in some year of them: an end put at their edge would be invented.
        return value, part or (modifiers[-1] if modifiers else None)
    for modifier in modifiers:
        if modifier in OPENING:
            return values.open_after(value), part or modifier
        if modifier in CLOSING:
            return values.open_before(value), part or modifier
    return value, modifiers[-1] if modifiers else None


def value_of(text: str, published: dt.date | None = None) -> Value | None:
    """The value of the first date in a short text; None when there is none.

    Example:
        >>> value_of("signed in March 1994").edtf
        '1994-03'
        >>> value_of("signed by both") is None
        True
    """
    plain = view(text)
    for found in join(plain, list(scan(plain))):
        if not isinstance(found.expression, Nothing):
            point = None if published is None else Point.of_day(published)
            return resolve(found.expression, Context(point)).value
    return None
