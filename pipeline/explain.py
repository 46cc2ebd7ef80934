"""One text, and why each thing was found in it: the findings of every layer with their rules.

Pure but for the language model: text in, lines out; the command prints them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping

from pipeline.extract import extract
from pipeline.extract.nlp import Model
from pipeline.extract.partnerships import needs_parse
from pipeline.extract.partnerships.account import Told, account
from pipeline.gate import Admitted, admit
from pipeline.ingest import Stated, read_document
from pipeline.marked import date_value, entity_value, money_value, partnership_value
from pipeline.passages import split
from pipeline.proof import reasons
from pipeline.records import Document, Findings, Passage, Refusal

NO_LABEL = "no label"


def explain(
    model: Model, text: str, published: dt.date | str | None, issuer: str | None
) -> Iterator[str]:
    """Lines that tell what is found in `text`, by which rule and why that rule is there.

    Args:
        model: the language model.
        text: a sentence or a whole document.
        published: the day, month or year of publication, where it matters.
        issuer: ISO 3166-1 alpha-3 code of the state that says "we".

    Raises:
        Unreadable: the text is empty or no text at all.
    """
    stated = Stated(published=published, issuer=issuer)
    document = read_document(text.encode("utf-8", "surrogatepass"), "text.txt", stated)
    passages = split(document)
    kept = [passage for passage in passages if passage.kind != "boilerplate"]
    parsed = [needs_parse(passage.text) for passage in kept]
    answers = model.read([passage.text for passage in kept], parsed)
    outputs = {passage.position: out for passage, out in zip(kept, answers, strict=True)}
    findings = extract(document, kept, outputs)
    why = reasons()
    yield from _plain(document, findings, why)
    told = account(kept, findings.entities, findings.dates, outputs)
    yield from _statements(document, findings, told, why)
    yield from _refused(document, admit(document, passages, findings), findings.refusals)
    yield from _left_out(document, passages, kept)


def _plain(document: Document, findings: Findings, why: Mapping[str, str]) -> Iterator[str]:
    """Names, dates and amounts, each with its rule."""
    for name in findings.entities:
        words = _words(document, name.start_char, name.end_char)
        yield f"entities: {words} -> {entity_value(name)}"
        yield from _because("rule", name.rule_id, why)
    for date in findings.dates:
        yield f"dates: {_words(document, date.start_char, date.end_char)} -> {date_value(date)}"
        yield from _because("rule", date.rule_id, why)
    for sum_ in findings.money:
        yield f"money: {_words(document, sum_.start_char, sum_.end_char)} -> {money_value(sum_)}"
        yield from _because("rule", sum_.rule_id, why)


def _statements(
    document: Document, findings: Findings, told: Iterable[Told], why: Mapping[str, str]
) -> Iterator[str]:
    """Each label with its rows or the reason why there is none; then what is no label."""
    refusals = {(one.start_char, one.end_char): one for one in findings.refusals}
    for label in told:
        words = _words(document, label.start, label.end)
        if label.status is None:
            yield f"partnerships: {words} -> {NO_LABEL}"
            yield from _because("rule", label.label_rule, why)
            continue
        rows = [
            one
            for one in findings.partnerships
            if (one.start_char, one.end_char) == (label.start, label.end)
        ]
        for row in rows:
            value = partnership_value(row, words)
            extra = [f"in {row.scope}" if row.scope else "", f"by {row.instrument or ''}"]
            more = " ".join(each for each in extra if not each.endswith("by "))
            yield f"partnerships: {words} -> {' '.join(filter(None, [value, more]))}"
            yield from _because("parties", row.rule_id, why)
        refusal = refusals.get((label.start, label.end))
        if not rows:
            reason = refusal.reason if refusal else "its parties were found twice"
            yield f"partnerships: {words} -> no row: {reason}"
        yield from _because("label", label.label_rule, why)
        yield from _because("status", label.status_rule or "", why)


def _refused(document: Document, admitted: Admitted, told: Iterable[Refusal]) -> Iterator[str]:
    """What the gate refused beyond the labels without parties, which are told above."""
    known = {(one.start_char, one.end_char, one.reason) for one in told}
    for row in admitted.rejects:
        if (row.start_char, row.end_char, row.reason) not in known:
            words = _words(document, row.start_char, row.end_char)
            yield f"rejects: {words} -> {row.table_name}.{row.field}: {row.reason}"


def _left_out(
    document: Document, passages: Iterable[Passage], kept: Iterable[Passage]
) -> Iterator[str]:
    """Passages that nothing is read from."""
    read = {passage.position for passage in kept}
    for passage in passages:
        if passage.position not in read:
            words = _words(document, passage.start_char, passage.end_char)
            yield f"passages: {words[:60]} -> {passage.kind}, nothing is read from it"


def _because(what: str, rule_id: str, why: Mapping[str, str]) -> Iterator[str]:
    reason = why.get(rule_id)
    if rule_id == "model":
        yield "    by the language model"
    elif rule_id:
        yield f"    {what} {rule_id}" + (f": {reason}" if reason else "")


def _words(document: Document, start: int, end: int) -> str:
    return " ".join(document.text[start:end].split())
