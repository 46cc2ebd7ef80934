"""Findings become validated rows, or rejects that say which column and why.

Two checks stand between an extractor and a table: grounding (the span lies inside one
passage of the document and holds words, and evidence holds its label) and the row model
of the table.  What fails is a row of `rejects`; nothing is dropped in silence.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from operator import attrgetter
from typing import TypeVar

from pydantic import ValidationError

from pipeline.extract.names import is_code
from pipeline.records import (
    DateFinding,
    Document,
    EntityFinding,
    Findings,
    MoneyFinding,
    PartnershipFinding,
    Passage,
    Refusal,
)
from schemas.tables import (
    DateRow,
    EntityRow,
    FindingTable,
    Mention,
    MoneyRow,
    PartnershipRow,
    RejectRow,
)

MAX_VALUE_CHARS = 200

AnyFinding = TypeVar("AnyFinding", EntityFinding, DateFinding, MoneyFinding, PartnershipFinding)
AnyRow = TypeVar("AnyRow", bound=Mention)


@dataclass(frozen=True, slots=True)
class Admitted:
    """The rows of one document, each table ordered by start."""

    entities: tuple[EntityRow, ...] = ()
    dates: tuple[DateRow, ...] = ()
    money: tuple[MoneyRow, ...] = ()
    partnerships: tuple[PartnershipRow, ...] = ()
    rejects: tuple[RejectRow, ...] = ()


def admit(document: Document, passages: Sequence[Passage], findings: Findings) -> Admitted:
    """The findings of one document as rows and rejects.

    Args:
        document: the document they were found in.
        passages: all its passages, in order.
        findings: with offsets into `document.text`.
    """
    gate = _Gate(document, passages)
    entities = gate.rows("entities", EntityRow, findings.entities, lambda found: found.label)
    dates = gate.rows("dates", DateRow, findings.dates, lambda found: found.edtf or "")
    money = gate.rows("money", MoneyRow, findings.money, _money_value)
    partnerships = gate.rows(
        "partnerships", PartnershipRow, findings.partnerships, _partnership_value
    )
    rejects = {row.reject_id: row for row in map(gate.reject, (*findings.refusals, *gate.refused))}
    ordered = sorted(rejects.values(), key=lambda row: (row.start_char, row.reject_id))
    return Admitted(entities, dates, money, partnerships, tuple(ordered))


def record_id(document_id: str, kind: str, start: int, end: int, value: str) -> str:
    """Id of a record: 20 hex digits over where it stands and what it says.

    Example:
        >>> len(record_id("0" * 20, "dates", 3, 7, "1994"))
        20
    """
    parts = "\x1f".join((document_id, kind, str(start), str(end), value))
    return hashlib.sha256(parts.encode("utf-8", "surrogatepass")).hexdigest()[:20]


class _Gate:
    """Admits the findings of one document and collects what it refuses."""

    def __init__(self, document: Document, passages: Sequence[Passage]) -> None:
        self._document = document
        self._passages = passages
        self._starts = [passage.start_char for passage in passages]
        self.refused: list[Refusal] = []

    def rows(
        self,
        table: FindingTable,
        model: type[AnyRow],
        findings: Sequence[AnyFinding],
        says: Callable[[AnyFinding], str],
    ) -> tuple[AnyRow, ...]:
        if not findings:
            return ()
        admitted: dict[str, AnyRow] = {}
        # Asked once a table: to ask each finding for its fields took a quarter of the gate's time.
        names = [field.name for field in fields(findings[0])]
        said = attrgetter(*names)
        for finding in findings:
            start, end = finding.start_char, finding.end_char
            row_id = record_id(self._document.document_id, table, start, end, says(finding))
            if fault := self._fault(finding, row_id in admitted):
                field, reason, value = fault
                start, end = self._inside(start, end)
                self.refused.append(Refusal(table, start, end, field, reason, value))
                continue
            values: dict[str, object] = {
                model.key[0]: row_id,
                "document_id": self._document.document_id,
                "passage_id": self._passages[self._at(start)].passage_id,
                "text": self._document.text[start:end],
            }
            values.update(zip(names, said(finding), strict=True))
            if isinstance(finding, PartnershipFinding):
                values |= self._partnership_columns(finding)
            try:
                admitted[row_id] = model.model_validate(values)
            except ValidationError as error:
                first = error.errors()[0]
                field_name = str(first["loc"][0]) if first["loc"] else model.key[0]
                refusal = (field_name, first["msg"], str(first["input"])[:MAX_VALUE_CHARS])
                self.refused.append(Refusal(table, start, end, *refusal))
        ordered = sorted(admitted.items(), key=lambda item: (item[1].start_char, item[0]))
        return tuple(row for _, row in ordered)

    def reject(self, refusal: Refusal) -> RejectRow:
        document_id = self._document.document_id
        start, end = self._inside(refusal.start_char, refusal.end_char)
        key = "\x1f".join((refusal.field, refusal.reason, refusal.value or ""))
        return RejectRow(
            reject_id=record_id(document_id, f"rejects/{refusal.table_name}", start, end, key),
            table_name=refusal.table_name,
            document_id=document_id,
            start_char=start,
            end_char=end,
            text=self._document.text[start:end],
            field=refusal.field,
            reason=refusal.reason,
            value=refusal.value if refusal.value is None else refusal.value[:MAX_VALUE_CHARS],
        )

    def _fault(
        self,
        finding: EntityFinding | DateFinding | MoneyFinding | PartnershipFinding,
        is_double: bool,
    ) -> tuple[str, str, str | None] | None:
        start, end = finding.start_char, finding.end_char
        at = self._at(start)
        if start < 0 or at < 0 or end > self._passages[at].end_char:
            return "start_char", "the span does not lie in one passage", f"{start}:{end}"
        if not self._document.text[start:end].strip():
            return "text", "the span holds no words", f"{start}:{end}"
        if (
            isinstance(finding, EntityFinding)
            and finding.speaks_for is not None
            and not is_code(finding.speaks_for)
        ):
            reason = "no code of a state or organisation of states"
            return "speaks_for", reason, finding.speaks_for
        if isinstance(finding, PartnershipFinding) and not (
            0 <= finding.evidence_start_char <= start
            and end <= finding.evidence_end_char <= len(self._document.text)
        ):
            reach = f"{finding.evidence_start_char}:{finding.evidence_end_char}"
            return "evidence_text", "the evidence does not hold the label", reach
        if is_double:
            return "text", "found twice with the same value", None
        return None

    def _at(self, start: int) -> int:
        return bisect_right(self._starts, start) - 1

    def _inside(self, start: int, end: int) -> tuple[int, int]:
        """The span, moved inside the document so that a reject is grounded too."""
        length = len(self._document.text)
        start = min(max(start, 0), length - 1)
        return start, min(max(end, start + 1), length)

    def _partnership_columns(self, finding: PartnershipFinding) -> Mapping[str, str | None]:
        start, end = finding.evidence_start_char, finding.evidence_end_char
        parties = (*finding.parties, None, None)
        return {
            "party_a": parties[0],
            "party_b": parties[1],
            "evidence_text": self._document.text[start:end],
        }


def _money_value(finding: MoneyFinding) -> str:
    return f"{finding.currency} {finding.amount} {finding.amount_max} {finding.role}"


def _partnership_value(finding: PartnershipFinding) -> str:
    return f"{finding.label} {'-'.join(finding.parties)}"
