"""What the pages show of documents, read from a snapshot in batches.

A `Finding` is a row of one of the four tables in the words of a page: a tag that stands in the
text, and named facts that stand beside it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Any

import duckdb

BATCH = 200

Facts = tuple[tuple[str, str], ...]
Cells = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Finding:
    """A row of a table of findings as a page shows it."""

    table: str
    record_id: str
    start: int
    end: int
    text: str
    tag: str
    facts: Facts
    rule_id: str
    evidence: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class Block:
    """A passage as a page shows it."""

    passage_id: str
    kind: str
    section: str | None
    language: str | None
    start: int
    end: int
    repeat_of: str | None
    repeat_kind: str | None
    similarity: float | None


@dataclass(frozen=True, slots=True)
class Refused:
    """A reject as a page shows it."""

    table: str
    start: int
    text: str
    field: str
    reason: str


@dataclass(frozen=True, slots=True)
class DocumentView:
    """A document with all that was found in it."""

    document_id: str
    title: str | None
    paths: tuple[str, ...]
    language: str | None
    facts: Facts
    text: str
    blocks: tuple[Block, ...]
    findings: tuple[Finding, ...]
    refused: tuple[Refused, ...]


def gather(tables: duckdb.DuckDBPyConnection, chosen: Sequence[str]) -> None:
    """Copy the rows of the documents of these ids into tables of this connection.

    Read once and kept: the Parquet files would be read through again for each batch.
    """
    for name in SHOWN:
        # Row groups without any of them are told by the border ids, and not read.
        tables.execute(
            f"CREATE OR REPLACE TEMP TABLE shown_{name} AS SELECT * FROM {name} "
            "WHERE document_id BETWEEN ? AND ? AND document_id IN (SELECT unnest(?::VARCHAR[]))",
            [min(chosen, default=""), max(chosen, default=""), list(chosen)],
        )


def views(tables: duckdb.DuckDBPyConnection, chosen: Sequence[str]) -> Iterator[DocumentView]:
    """The documents of these ids, which were gathered before, in the order of their ids."""
    for batch in _batches(sorted(chosen)):
        yield from _of_batch(tables, batch)


def _batches(ids: Sequence[str]) -> Iterator[tuple[str, ...]]:
    return (tuple(ids[n : n + BATCH]) for n in range(0, len(ids), BATCH))


def _of_batch(tables: duckdb.DuckDBPyConnection, batch: tuple[str, ...]) -> Iterator[DocumentView]:
    paths = _grouped(tables, "sources", "path", batch)
    passages = _grouped(tables, "passages", "start_char", batch)
    rejects = _grouped(tables, "rejects", "start_char, reject_id", batch)
    found = {
        table: _grouped(tables, table, f"start_char, end_char DESC, {key}", batch)
        for table, key in KEYS.items()
    }
    for (row,) in _grouped(tables, "documents", "document_id", batch).values():
        document_id = row["document_id"]
        findings = [
            _finding(table, each)
            for table, by_document in found.items()
            for each in by_document.get(document_id, ())
        ]
        yield DocumentView(
            document_id,
            row["title"],
            tuple(each["path"] for each in paths.get(document_id, ())),
            row["language"],
            _facts_of_document(row),
            row["text"],
            tuple(map(_block, passages.get(document_id, ()))),
            tuple(sorted(findings, key=lambda each: (each.start, -each.end, each.table))),
            tuple(map(_refused, rejects.get(document_id, ()))),
        )


def _grouped(
    tables: duckdb.DuckDBPyConnection, table: str, order: str, batch: tuple[str, ...]
) -> dict[str, list[Cells]]:
    found = tables.execute(
        f"SELECT * FROM shown_{table} WHERE document_id IN (SELECT unnest(?::VARCHAR[])) "
        f"ORDER BY document_id, {order}",
        [list(batch)],
    )
    columns = [column[0] for column in found.description or ()]
    rows = (dict(zip(columns, row, strict=True)) for row in found.fetchall())
    return {key: list(group) for key, group in groupby(rows, key=lambda row: row["document_id"])}


def _block(row: Cells) -> Block:
    return Block(
        row["passage_id"],
        row["kind"],
        row["section"],
        row["language"],
        row["start_char"],
        row["end_char"],
        row["repeat_of"],
        row["repeat_kind"],
        row["similarity"],
    )


def _refused(row: Cells) -> Refused:
    return Refused(row["table_name"], row["start_char"], row["text"], row["field"], row["reason"])


def _facts_of_document(row: Cells) -> Facts:
    names = ("publisher", "byline", "category", "issuer", "language", "encoding", "url")
    published = row["published_edtf"]
    return _said(
        ("published", None if published is None else f"{published} ({row['published_basis']})"),
        ("time", row["published_time"]),
        *((name, row[name]) for name in names),
        ("repairs", ", ".join(row["repairs"]) or None),
    )


def _finding(table: str, row: Cells) -> Finding:
    tag, facts = WORDS[table](row)
    evidence = None
    if table == "partnerships":
        evidence = (row["evidence_start_char"], row["evidence_end_char"])
    return Finding(
        table,
        row[KEYS[table]],
        row["start_char"],
        row["end_char"],
        row["text"],
        tag,
        facts,
        row["rule_id"],
        evidence,
    )


def _said(*facts: tuple[str, object]) -> Facts:
    return tuple((name, str(value)) for name, value in facts if value not in (None, ""))


def _entity(row: Cells) -> tuple[str, Facts]:
    code = row["country_code"]
    return " ".join(filter(None, (row["label"], code))), _said(
        ("label", row["label"]),
        ("name", row["name"]),
        ("country", code),
        ("Wikidata", row["wikidata_id"]),
    )


def _date(row: Cells) -> tuple[str, Facts]:
    value = row["edtf"] or row["granularity"]
    anchor = row["anchor"]
    if row["anchor_date"] is not None:
        anchor = f"{anchor}: {row['anchor_date']}"
    return " ".join(filter(None, (row["modifier"], value))), _said(
        ("value", row["edtf"] or "none"),
        ("unit", row["granularity"]),
        ("days", _days(row["start_date"], row["end_date"])),
        ("modifier", row["modifier"]),
        ("anchor", anchor),
    )


def _days(first: dt.date | None, last: dt.date | None) -> str | None:
    if first is None and last is None:
        return None
    return str(first) if first == last else f"{first or '…'} to {last or '…'}"


def _money(row: Cells) -> tuple[str, Facts]:
    currency = row["currency"] or "?"
    amount, upper = row["amount"], row["amount_max"]
    assumed = f" (assumed: {row['currency_basis']})" if row["currency_is_assumed"] else ""
    sides = [side for side in (amount, upper) if side is not None]
    return f"{currency} {'–'.join(map(compact, sides)) or '?'}", _said(
        ("amount", "–".join(map(plain, sides)) or "not stated"),
        ("currency", f"{row['currency'] or 'not known'}{assumed}"),
        ("qualifier", row["qualifier"]),
        ("role", row["role"]),
        ("per", row["per"]),
    )


def _partnership(row: Cells) -> tuple[str, Facts]:
    parties = "–".join(row["parties"])
    status = row["status"].replace("_", " ")
    return " ".join(filter(None, (parties, status, row["since"]))), _said(
        ("parties", parties),
        ("label", row["label"].replace("_", " ")),
        ("tier", (row["tier"] or "").replace("_", " ")),
        ("status", status),
        ("since", row["since"]),
        ("action", row["action"]),
        ("scope", row["scope"]),
        ("instrument", (row["instrument"] or "").replace("_", " ")),
    )


KEYS = {
    "partnerships": "partnership_id",
    "money": "money_id",
    "dates": "date_id",
    "entities": "entity_id",
}
"""Tables of findings and the column that names a row of each."""
SHOWN = ("sources", "documents", "passages", "rejects", *KEYS)
"""Tables that a page shows rows of."""
WORDS: dict[str, Callable[[Cells], tuple[str, Facts]]] = {
    "partnerships": _partnership,
    "money": _money,
    "dates": _date,
    "entities": _entity,
}

_STEPS = ((12, "trn"), (9, "bn"), (6, "m"), (3, "k"))


def plain(amount: Decimal) -> str:
    """An amount in full, with groups of three digits and no empty decimals.

    Example:
        >>> plain(Decimal("4500000.500000000"))
        '4,500,000.5'
    """
    text = f"{amount:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def compact(amount: Decimal) -> str:
    """An amount in at most four digits and a word for its size.

    Example:
        >>> compact(Decimal("16700000000")), compact(Decimal("95")), compact(Decimal("1E-9"))
        ('16.7bn', '95', '0.000000001')
    """
    for power, word in _STEPS:
        if abs(amount) >= 10**power:
            return plain((amount / 10**power).quantize(Decimal("0.01"))) + word
    return plain(amount)
