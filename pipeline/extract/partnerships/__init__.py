"""Statements about diplomatic partnerships: label, parties, status and date.

One idea a file: `labels` knows what a label is (`keys` its key and tier), `mentions` who is named,
`reading` puts both into each passage; `context` knows whom the text is about, `tied` what stands
around a label, `actors` who acts, `sides` who stands opposite, `parties` who stands behind a label
(`beside` who shares it with them, `entries` who stands in data written out, `implied` where only
its sentence tells, `recalled` where the text before it does, `nobody` where the label binds nobody
in particular, `resolution` what comes of it), `together` what labels of one sentence share;
`status` what is said of a label, `since` from when (`ages` as counted back, `timeline` as the date
of an entry), `details` the rest, `listings` lists below a heading; `account` tells which rules
decided.  This file walks through a document and puts them together: one row for each label and
pair, or a refusal with its reason where it has no parties.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from pipeline.extract.partnerships import details
from pipeline.extract.partnerships.ages import Dated
from pipeline.extract.partnerships.context import Context, Pair, Sentence, count_names
from pipeline.extract.partnerships.labels import Label, needs_parse
from pipeline.extract.partnerships.listings import find_listings
from pipeline.extract.partnerships.parties import resolve
from pipeline.extract.partnerships.reading import Read, read_passages
from pipeline.extract.partnerships.resolution import NON_STATE, OPEN, Resolution
from pipeline.extract.partnerships.since import of_the_occasion, since
from pipeline.extract.partnerships.status import MADE, Reading
from pipeline.extract.partnerships.syntax import governor
from pipeline.extract.partnerships.tied import Case
from pipeline.extract.partnerships.timeline import entry_date, is_record, told_by_entry
from pipeline.extract.partnerships.together import gapped, joins, joins_behind, read_all, respective
from pipeline.records import (
    DateFinding,
    Document,
    EntityFinding,
    ModelOutput,
    PartnershipFinding,
    Passage,
    Refusal,
)

__all__ = ["find_partnerships", "needs_parse"]

# How many sentences back a context reaches.
LOOK_BACK = 40
# Before a label that is the value of a field: `role:`.
FIELD = re.compile(r"[\W_]{0,8}[A-Za-z]\w{2,20}[\W_]{0,4}[:=][\W_]{0,6}")
# A heading is no longer.
HEADING_WORDS = 12


@dataclass(frozen=True, slots=True)
class _Told:
    """A label in its place, with its parties and what is said of it."""

    one: Read
    sentence: Sentence
    earlier: Sentence | None
    label: Label
    resolution: Resolution
    reading: Reading
    entry: Dated | None = None


def find_partnerships(
    document: Document,
    passages: Sequence[Passage],
    entities: Sequence[EntityFinding],
    dates: Sequence[DateFinding],
    model: Mapping[int, ModelOutput],
) -> tuple[list[PartnershipFinding], list[Refusal]]:
    """Every statement about a partnership in `passages`, and the labels without parties.

    Args:
        document: the document; its issuer is who `we` is, its day of publication counts back.
        passages: those to read, in order.
        entities: what was found in them; names of firms and agencies are no parties.
        dates: what was found in them, for `since`.
        model: the model's answers by position of the passage; may be empty.

    Returns:
        Findings ordered by start, then parties; offsets count from the start of the document.
    """
    if not any(needs_parse(passage.text) for passage in passages):
        return [], []
    read = read_passages(passages, entities, dates, model)
    counts = count_names([sentence for one in read for sentence in one.sentences])
    findings: list[PartnershipFinding] = []
    refusals: list[Refusal] = []
    covered: set[tuple[int, int]] = set()
    for listing in find_listings(document, read, counts):
        findings += listing.findings
        covered.add(listing.label_span)
    for told in _headed(list(_walk(document, read, covered, counts))):
        if told.resolution.rows:
            findings += _findings(document, told)
        else:
            span, reason = _span(told.one, told.label), told.resolution.reason or ""
            refusals.append(Refusal("partnerships", *span, "parties", reason, told.label.key))
    findings.sort(key=lambda found: (found.start_char, found.end_char, found.parties))
    refusals.sort(key=lambda refusal: refusal.start_char)
    return _distinct(findings), refusals


def _walk(
    document: Document,
    read: Sequence[Read],
    covered: set[tuple[int, int]],
    counts: Counter[str],
) -> Iterator[_Told]:
    """Every label of the document with its parties and its status, those of listings left out."""
    before: list[Sentence] = []
    for one in read:
        at = 0
        for number, sentence in enumerate(one.sentences):
            labels = []
            while at < len(one.labels) and one.labels[at].start < sentence.end:
                if _span(one, one.labels[at]) not in covered:
                    labels.append(one.labels[at])
                at += 1
            earlier = one.sentences[number - 1] if number else None
            readings = read_all(labels, sentence)
            entry = entry_date(sentence, one.text, labels, one.dates)
            if entry is not None:
                readings = told_by_entry(sentence, labels, readings)
            resolved = _resolved(document, one, sentence, labels, before, counts)
            for (label, resolution), reading in zip(resolved, readings, strict=True):
                yield _Told(one, sentence, earlier, label, resolution, reading, entry)
            before.append(sentence)


def _headed(told: Sequence[_Told]) -> Iterator[_Told]:
    """Labels that name nobody, with the parties that the same label has right below or above."""
    above: _Told | None = None
    for heading, below in zip_longest(told, told[1:]):
        one = heading
        if below is not None and _heads(heading, below):
            one = replace(heading, resolution=Resolution(below.resolution.rows, "parties.headed"))
        elif above is not None and _goes_on(heading, above):
            one = replace(heading, resolution=Resolution(above.resolution.rows, "parties.again"))
        yield one
        above = one


def _is_field(told: _Told) -> bool:
    """Whether a label without parties is the whole value of a field that names nobody."""
    sentence, text = told.sentence, told.one.text
    before = FIELD.fullmatch(text, sentence.start, told.label.start)
    closed = re.fullmatch(r"[\W_]{0,8}", text[told.label.end : sentence.end])
    named = sentence.mentions or sentence.private or told.resolution.rows
    return bool(before and closed and not named)


def _goes_on(told: _Told, above: _Told) -> bool:
    """Whether a label that opens its sentence is the one of the sentence right above.

    `Oman and Peru signed a strategic partnership. Strategic partnership covers trade.`
    """
    sentence = told.sentence
    near = told.one.passage.position - above.one.passage.position
    opens = not re.search(r"\w", sentence.masked[sentence.start : told.label.start])
    open_ = told.resolution.reason == OPEN and len(above.resolution.rows) == 1
    same = told.label.tier == above.label.tier and near in (0, 1)
    return open_ and same and opens and not (sentence.mentions or sentence.private)


def _heads(heading: _Told, below: _Told) -> bool:
    """Whether a label without parties is a heading above one that has a single pair."""
    sentence, place = heading.sentence, heading.one.passage.position
    if _is_field(heading) and below.one.passage.position == place + 1:
        # `role: strategic partner,` above `reason: Oman and Peru share a global partnership`
        return len(below.resolution.rows) == 1
    named = sentence.mentions or sentence.private or sentence.is_row
    if below.one.passage.position != place + 1 or heading.resolution.reason != OPEN or named:
        return False
    words = heading.one.text.split()
    line = len(words) <= HEADING_WORDS and not words[-1].endswith((".", "!", "?", ":", ","))
    return line and below.label.tier == heading.label.tier and len(below.resolution.rows) == 1


def _resolved(
    document: Document,
    one: Read,
    sentence: Sentence,
    labels: Sequence[Label],
    before: Sequence[Sentence],
    counts: Counter[str],
) -> Iterator[tuple[Label, Resolution]]:
    """Each label of a sentence with its parties; labels that are joined may share them."""
    recent: Pair | None = None
    earlier = tuple(before[-LOOK_BACK:])
    resolved: list[Resolution] = []
    for number, label in enumerate(labels):
        context = Context(earlier, document.issuer, counts, recent)
        found = resolve(Case(label, sentence, context, one.tree))
        if number + 1 < len(labels) and not found.rows:
            following = labels[number + 1]
            if joins(sentence, label, following):
                found = resolve(Case(following, sentence, context, one.tree))
        if number and resolved[-1].rows:
            last, rows = labels[number - 1], resolved[-1].rows
            if moved := gapped(sentence, last, label, rows):
                found = Resolution(moved, "parties.gapped")
            elif not found.rows and (joins(sentence, last, label) or is_record(sentence)):
                found = resolved[-1]
            elif (
                not found.rows and found.reason != NON_STATE and joins_behind(sentence, last, label)
            ):
                found = Resolution(rows, "parties.joined-labels")
        recent = found.rows[-1] if found.rows else recent
        resolved.append(found)
    dealt = respective(sentence, labels, [found.rows for found in resolved])
    for label, found, rows in zip(labels, resolved, dealt, strict=True):
        yield label, replace(found, rows=rows)


def _distinct(findings: list[PartnershipFinding]) -> list[PartnershipFinding]:
    seen: set[tuple[int, int, str, Pair]] = set()
    kept: list[PartnershipFinding] = []
    for found in findings:
        key = (found.start_char, found.end_char, found.label, found.parties)
        if key not in seen:
            seen.add(key)
            kept.append(found)
    return kept


def _span(one: Read, label: Label) -> tuple[int, int]:
    return one.passage.start_char + label.start, one.passage.start_char + label.end


def _findings(document: Document, told: _Told) -> Iterator[PartnershipFinding]:
    one, sentence, label, reading = told.one, told.sentence, told.label, told.reading
    made = reading.status in MADE
    action = reading.action
    if action is None and one.tree is not None:
        action = governor(one.tree, label.start, label.end)
    start, end = _span(one, label)
    for parties in told.resolution.rows:
        dated: Dated | None = None
        if told.entry is not None and made:
            dated = told.entry
        elif made or reading.status == "in_force":
            dated = since(
                label, sentence, one.text, parties, made, one.dates, document.published_by
            )
        if dated is None and made:
            dated = of_the_occasion(sentence, told.earlier, one.text, one.dates)
        yield PartnershipFinding(
            start,
            end,
            label.key,
            label.tier,
            parties,
            reading.status,
            dated[0] if dated else None,
            dated[1] if dated else None,
            action,
            details.scope(label, sentence.masked, one.text),
            details.instrument(label, sentence),
            one.passage.start_char + sentence.start,
            one.passage.start_char + sentence.end,
            "rule",
            told.resolution.rule_id,
        )
