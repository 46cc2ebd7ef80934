"""A reader's verdicts, downloaded from the report -> a gold folder and stubs of examples.

A gold folder holds `raw/NNN.txt`, the texts as the offsets count them, and `final/NNN.jsonl`,
what a careful reader says is in them: records found right, and what was missing.  A record
without a verdict is no error and no truth: its words become a zone that the scorer leaves
out.  The stubs are sentences in the notation of the tests, to be written anew before they
become examples of a rule: texts of others do not belong into the rules.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from pipeline.errors import SettingsError
from pipeline.review.notation import GOLD_TYPES, Cells, missing_row, stub
from pipeline.review.verdicts import (
    Judged,
    Missing,
    Reviewed,
    Verdicts,
    read_verdicts,
)
from pipeline.verify import open_tables

__all__ = [
    "STUBS",
    "Gold",
    "Judged",
    "Missing",
    "Reviewed",
    "Verdicts",
    "read_verdicts",
    "write_gold",
]

STUBS = "stubs.toml"
STUBS_HEAD = """\
# Stubs from a review: write each sentence anew in words of your own, then move it to the examples
# or the counter-examples of its rule.  A mark holds the words and what they mean.

"""
IDS = {
    "entities": "entity_id",
    "dates": "date_id",
    "money": "money_id",
    "partnerships": "partnership_id",
}


@dataclass(frozen=True)
class Gold:
    """What was written: documents, items in them, zones left out, stubs."""

    documents: int
    items: int
    zones: int
    stubs: int


def write_gold(snapshot: Path, verdicts: Verdicts, folder: Path) -> Gold:
    """Write the gold folder.

    Args:
        snapshot: folder of the snapshot that the verdicts are about.
        verdicts: what the reader said.
        folder: where `raw/`, `final/`, `sources.tsv` and the stubs go; made when absent.

    Raises:
        SettingsError: the snapshot holds no such document or record, or a missing span or value
            cannot be.
    """
    for name in ("raw", "final"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    lines = ["id\tkind\turl\tpublished\ttitle\tsource"]
    stubs: list[str] = []
    items = zones = 0
    for number, reviewed in enumerate(verdicts.documents, 1):
        key = f"{number:03d}"
        document, records = _document(snapshot, reviewed.document_id)
        gold, examples = _gold(key, reviewed, str(document["text"]), records)
        text = json.dumps(gold, ensure_ascii=False, separators=(",", ":"))
        (folder / "final" / f"{key}.jsonl").write_text(text + "\n", encoding="utf-8")
        (folder / "raw" / f"{key}.txt").write_bytes(str(document["text"]).encode())
        told = ("url", "published_date", "title")
        cells = ("", *(document[name] for name in told), f"document {reviewed.document_id}")
        lines.append("\t".join((key, *(" ".join(str(cell or "").split()) for cell in cells))))
        stubs += examples
        items += sum(len(gold[table]) for table in IDS)
        zones += len(gold["ignore"])
    (folder / "sources.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (folder / STUBS).write_text(STUBS_HEAD + "\n".join(stubs), encoding="utf-8")
    return Gold(len(verdicts.documents), items, zones, len(stubs))


def _document(snapshot: Path, document_id: str) -> tuple[Cells, dict[str, Cells]]:
    """A document and its records by id, each with its table under `table`."""
    with open_tables(snapshot) as tables:

        def rows(query: str) -> list[Cells]:
            found = tables.execute(query, [document_id])
            columns = [column[0] for column in found.description or ()]
            return [dict(zip(columns, row, strict=True)) for row in found.fetchall()]

        documents = rows("SELECT * FROM documents WHERE document_id = ?")
        if not documents:
            raise SettingsError(f"{document_id}: {snapshot.name} holds no such document.")
        records = {
            str(row[key]): {**row, "table": table}
            for table, key in IDS.items()
            for row in rows(
                f"SELECT * FROM {table} WHERE document_id = ? ORDER BY start_char, end_char, {key}"
            )
        }
    return documents[0], records


def _gold(
    key: str, reviewed: Reviewed, text: str, records: dict[str, Cells]
) -> tuple[dict[str, list[Cells]], list[str]]:
    said = {judged.id: judged.verdict for judged in reviewed.records}
    if unknown := [record for record in said if record not in records]:
        raise SettingsError(f"{reviewed.document_id}: no record {unknown[0]} in this snapshot.")
    gold: dict[str, list[Cells]] = {table: [] for table in IDS}
    gold["ignore"] = []
    stubs = []
    for record, row in records.items():
        table, verdict = str(row["table"]), said.get(record)
        if verdict is None:
            gold["ignore"].append(
                {"start": row["start_char"], "end": row["end_char"], "reason": "not reviewed"}
            )
            continue
        stubs.append(stub(text, row, verdict))
        item = _item(table, row)
        if verdict == "right" and item is not None:
            gold[table].append(item)
    for missing in reviewed.missing:
        row = missing_row(reviewed.document_id, text, missing)
        stubs.append(stub(text, row, "missing"))
        item = _item(missing.table, row)
        if item is not None:
            gold[missing.table].append(item)
    for table, items in gold.items():
        first = "label_start" if table == "partnerships" else "start"
        gold[table] = sorted(items, key=lambda item: (int(str(item[first])), str(item)))
    return {"id": key, **gold}, stubs  # type: ignore[dict-item]


def _item(table: str, row: Cells) -> Cells | None:
    """The row as a gold file says it; None for what gold files do not hold."""
    span: Cells = {"start": row["start_char"], "end": row["end_char"]}
    match table:
        case "entities":
            return {**span, "type": row["label"]} if row["label"] in GOLD_TYPES else None
        case "dates":
            return {**span, "value": row["edtf"]}
        case "money":
            return {
                **span,
                "amount": _number(row["amount"]),
                "amount_max": _number(row["amount_max"]),
                "currency": row["currency"],
                "qualifier": row["qualifier"],
            }
    return {
        "label_start": row["start_char"],
        "label_end": row["end_char"],
        "label": row["label"],
        "parties": list(row["parties"]),  # type: ignore[call-overload]
        "status": row["status"],
        "since": row["since"],
        "evidence_start": row["evidence_start_char"],
        "evidence_end": row["evidence_end_char"],
    }


def _number(amount: object) -> int | float | None:
    """An amount as JSON has it: whole where it is."""
    if amount is None:
        return None
    exact = Decimal(str(amount))
    return int(exact) if exact == exact.to_integral_value() else float(exact)
