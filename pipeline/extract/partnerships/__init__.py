"""Statements about diplomatic partnerships: label, parties, status and date.

One idea a file: `labels` knows what a label is (`keys` its key and tier), `mentions` who is named
(`slugs` in data, where names are written small), `reading` puts both into each passage; `context`
knows whom the text is about, `tied` what stands around a label, `actors` who acts, `sides` who
stands opposite, `parties` who stands behind a label (`beside` who shares it with them, `entries`
who stands in data written out, `unsaid` whose a partner is of whom it is not said, `implied` where
only its sentence tells, `recalled` where the text before it does, `nobody` where the label binds
nobody in particular, `blocs` which organisation is meant, `resolution` what comes of it),
`fellows` who else is told of beside them, `together` what labels of one sentence share, `headings`
what a label has from those above or below; `status` what is said of a label, `since` from when
(`own_dates` right at a label or a party, `ages` as counted back, `timeline` as the date of an
entry), `columns` what the head of a column says, `details` the rest, `listings` lists below a
heading; `account` tells which rules decided.  This file walks through a document and puts them
together: one row for each label and pair, or a refusal with its reason where it has no parties.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from pipeline.extract.partnerships import details
from pipeline.extract.partnerships.ages import Dated
from pipeline.extract.partnerships.columns import own_columns, told_by_column
from pipeline.extract.partnerships.context import Context, Pair, Sentence, count_names
from pipeline.extract.partnerships.fellows import Others, others
from pipeline.extract.partnerships.headings import Told, headed, of_title, pair_below
from pipeline.extract.partnerships.labels import Label, needs_parse
from pipeline.extract.partnerships.listings import find_listings
from pipeline.extract.partnerships.parties import resolve
from pipeline.extract.partnerships.reading import Read, read_passages
from pipeline.extract.partnerships.resolution import NON_STATE, Resolution
from pipeline.extract.partnerships.since import is_to_come, of_the_occasion, since
from pipeline.extract.partnerships.status import MADE
from pipeline.extract.partnerships.syntax import governor
from pipeline.extract.partnerships.tied import Case
from pipeline.extract.partnerships.timeline import (
    entry_date,
    is_record,
    record_date,
    told_by_date,
    told_by_entry,
)
from pipeline.extract.partnerships.together import (
    apposed,
    gapped,
    goes_on,
    joins,
    joins_behind,
    read_all,
    respective,
)
from pipeline.records import (
    DateFinding,
    Document,
    EntityFinding,
    ModelOutput,
    PartnershipFinding,
    Passage,
    Refusal,
)
from schemas.tables import PartnershipStatus

__all__ = ["find_partnerships", "needs_parse"]

# How many sentences back a context reaches.
LOOK_BACK = 40


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
    for told in headed(list(_walk(document, read, covered, counts))):
        if told.resolution.rows:
            findings += _findings(document, told)
            for one in told.others:
                findings += _findings_beside(document, told, one)
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
) -> Iterator[Told]:
    """Every label of the document with its parties and its status, those of listings left out."""
    before: list[Sentence] = []
    head: Sentence | None = None
    for place, one in enumerate(read):
        at = 0
        for number, sentence in enumerate(one.sentences):
            labels = []
            while at < len(one.labels) and one.labels[at].start < sentence.end:
                if _span(one, one.labels[at]) not in covered:
                    labels.append(one.labels[at])
                at += 1
            earlier = one.sentences[number - 1] if number else None
            head = (head or sentence) if sentence.is_row else None
            here = one
            if labels and sentence.is_row:
                here = replace(
                    one, dates=own_columns(head, sentence, sentence.date_range(one.dates))
                )
            readings = told_by_date(sentence, one.text, labels, read_all(labels, sentence))
            readings = told_by_column(head, sentence, labels, readings)
            entry = entry_date(sentence, one.text, labels, here.dates)
            if entry is not None:
                readings = told_by_entry(sentence, labels, readings)
            resolved = _resolved(document, one, sentence, labels, before, counts)
            for (label, resolution), reading in zip(resolved, readings, strict=True):
                case = Case(label, sentence, Context((), None, Counter()), one.tree)
                beside = tuple(others(case, resolution.rows, reading))
                told = Told(here, sentence, earlier, label, resolution, reading, entry, beside)
                told = of_title(told, before)
                yield pair_below(told, read[place + 1 : place + 2], document.issuer)
            before.append(sentence)


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
            elif moved := apposed(sentence, last, label, rows):
                found = Resolution(moved, "parties.apposed-beside")
            elif not found.rows and goes_on(sentence, last, label):
                found = Resolution(rows, "parties.joined-labels")
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


def _findings_beside(document: Document, told: Told, one: Others) -> Iterator[PartnershipFinding]:
    """Statements on others than the parties, which have the span of the label."""
    stands_in = replace(
        told,
        label=one.stands_in,
        resolution=Resolution(one.rows, one.rule_id),
        reading=one.reading,
        entry=None,
        earlier=None,
    )
    start, end = _span(told.one, told.label)
    for found in _findings(document, stands_in):
        yield replace(found, start_char=start, end_char=end)


def _dated(
    document: Document, told: Told, parties: Pair, status: PartnershipStatus
) -> Dated | None:
    """Since when two have the label, where its sentence or its entry tells."""
    one, sentence, label = told.one, told.sentence, told.label
    made = status in MADE
    if not made and status != "in_force":
        return None
    if told.entry is not None and made:
        return told.entry
    found = since(label, sentence, one.text, parties, made, one.dates, document.published_by)
    if found is None and made:
        found = record_date(sentence, one.text, one.dates)
    if found is None and made:
        found = of_the_occasion(sentence, told.earlier, one.text, one.dates)
    return found


def _findings(document: Document, told: Told) -> Iterator[PartnershipFinding]:
    one, sentence, label, reading = told.one, told.sentence, told.label, told.reading
    action = reading.action
    if action is None and one.tree is not None:
        action = governor(one.tree, label.start, label.end)
    start, end = _span(one, label)
    for parties in told.resolution.rows:
        status = reading.status
        if status in MADE and is_to_come(
            label, sentence, one.text, parties, one.dates, document.published_by
        ):
            status = "proposed"
        dated = _dated(document, told, parties, status)
        yield PartnershipFinding(
            start,
            end,
            label.key,
            label.tier,
            parties,
            status,
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
