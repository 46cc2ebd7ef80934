"""Questions to a snapshot whose answer must be nothing: schemas, keys, foreign keys, offsets."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pyarrow.parquet as pq

from pipeline.verify.sums import damaged, files_of, misdescribed
from pipeline.verify.tables import open_tables
from schemas.arrow import arrow_schema
from schemas.tables import TABLES, PartnershipStatus

FOREIGN_KEYS = (
    ("sources", "document_id", "documents", "document_id"),
    ("passages", "document_id", "documents", "document_id"),
    ("passages", "repeat_of", "passages", "passage_id"),
    *(
        (table, *key)
        for table in ("entities", "dates", "money", "partnerships")
        for key in (
            ("document_id", "documents", "document_id"),
            ("passage_id", "passages", "passage_id"),
        )
    ),
    ("relations", "partnership_id", "partnerships", "partnership_id"),
    ("rejects", "document_id", "documents", "document_id"),
)
SPAN_COLUMNS = ("document_id", "start_char", "end_char", "text")
GROUNDED = ("passages", "entities", "dates", "money", "partnerships", "rejects")


def check(folder: Path) -> list[str]:
    """What is wrong with a snapshot: schemas, keys, foreign keys; empty when sound."""
    faults = []
    for name, model in TABLES.items():
        paths = files_of(folder, name)
        if not paths:
            faults.append(f"{name}: no file")
        faults += [
            f"{name}: {path.name} has another schema than schemas/tables.py"
            for path in paths
            if not pq.read_schema(path).equals(arrow_schema(model), check_metadata=True)
        ]
    if faults:
        return faults
    with open_tables(folder) as tables:
        for fault, query in _questions():
            row = tables.execute(query).fetchone()
            if row is not None and row[0]:
                faults.append(f"{fault} ({row[0]} rows)")
    return faults


def verify(folder: Path) -> list[str]:
    """Like `check`, and bytes against `SHA256SUMS`, texts against spans, files against the package.

    Where files are damaged or missing, only they are named: rows that cannot be read
    cannot be asked.
    """
    return damaged(folder) or [*misdescribed(folder), *(check(folder) or _ungrounded(folder))]


def _ungrounded(folder: Path) -> Iterator[str]:
    """Rows whose text is not the words of their span: tables and documents read side by side.

    All are sorted by document, so that one document is held at a time.  A join in the
    database holds the text once a row and took gigabytes on long documents.
    """
    cursors = {table: _rows(folder, table, SPAN_COLUMNS) for table in GROUNDED}
    heads = {table: next(cursor, None) for table, cursor in cursors.items()}
    for document_id, text in _rows(folder, "documents", ("document_id", "text")):
        for table, cursor in cursors.items():
            head = heads[table]
            while head is not None and head[0] == document_id:
                _, start, end, words = head
                if text[start:end] != words:
                    yield f"{table}: the text of {document_id}:{start} is not the words of its span"
                head = next(cursor, None)
            heads[table] = head
    for table, head in heads.items():
        if head is not None:
            yield f"{table}: rows from {head[0]} on are not in the order of the documents"


def _rows(folder: Path, table: str, columns: tuple[str, ...]) -> Iterator[tuple[Any, ...]]:
    for path in files_of(folder, table):
        for batch in pq.ParquetFile(path).iter_batches(batch_size=1_024, columns=list(columns)):
            yield from zip(*(batch.column(name).to_pylist() for name in columns), strict=True)


def _questions() -> Iterator[tuple[str, str]]:
    for name, model in TABLES.items():
        keys = ", ".join(model.key)
        yield (
            f"{name}: rows share a key",
            f"SELECT count(*) FROM (SELECT {keys} FROM {name} GROUP BY ALL HAVING count(*) > 1)",
        )
    for table, column, other, key in FOREIGN_KEYS:
        yield (
            f"{table}.{column}: points at no row of {other}",
            # Of NOT EXISTS the database makes four joins of whole rows, of this one.
            f"SELECT count(*) FROM (SELECT {column} AS one FROM {table} "
            f"WHERE {column} IS NOT NULL) t ANTI JOIN {other} o ON o.{key} = t.one",
        )
    yield (
        "sources: processed without a document, or the other way round",
        "SELECT count(*) FROM sources WHERE (status = 'processed') <> (document_id IS NOT NULL)",
    )
    yield "relations: differ from what `partnerships` gives when counted anew", _recount()
    yield (
        "sources: left out without a reason, or the other way round",
        "SELECT count(*) FROM sources WHERE (status = 'processed') <> (reason IS NULL)",
    )
    yield (
        "documents: no row of sources holds it",
        "SELECT count(*) FROM documents WHERE document_id NOT IN "
        "(SELECT document_id FROM sources WHERE document_id IS NOT NULL)",
    )
    yield (
        "documents: passage_count or repeat_count is not that of passages",
        "SELECT count(*) FROM documents d LEFT JOIN (SELECT document_id, count(*) n, "
        "count(repeat_of) r FROM passages GROUP BY document_id) p USING (document_id) "
        "WHERE passage_count <> coalesce(n, 0) OR repeat_count <> coalesce(r, 0)",
    )


def _recount() -> str:
    """Relations that are missing, too many, or have another count, day or example."""
    statuses = get_args(PartnershipStatus)
    counts = ", ".join(
        f"count(*) FILTER (p.status = '{status}') AS {status}_count" for status in statuses
    )
    columns = [
        *("document_count", "statement_count", "first_mention", "last_mention"),
        *("first_since_date", *(f"{status}_count" for status in statuses)),
    ]
    differs = " OR ".join(f"n.{name} IS DISTINCT FROM r.{name}" for name in columns)
    return f"""
        WITH n AS (
            SELECT p.parties, p.label, count(DISTINCT p.document_id) AS document_count,
                count(*) AS statement_count, min(d.published_date) AS first_mention,
                max(d.published_date) AS last_mention, min(p.since_date) AS first_since_date,
                list(DISTINCT p.partnership_id) AS ids, {counts}
            FROM partnerships p JOIN documents d USING (document_id)
            GROUP BY p.parties, p.label
        )
        SELECT count(*) FROM n FULL JOIN relations r ON n.parties = r.parties AND n.label = r.label
        WHERE {differs} OR NOT list_contains(n.ids, r.partnership_id)
    """
