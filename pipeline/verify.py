"""Questions to a snapshot whose answer must be nothing: schemas, keys, offsets, checksums.

Asked before every flip and by `pipeline verify`; each fault names the table and the rule.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from schemas.arrow import arrow_schema
from schemas.tables import TABLES, PartnershipStatus, SourceStatus

SUMS = "SHA256SUMS"

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


def files_of(folder: Path, table: str) -> list[Path]:
    """The Parquet files of a table in a snapshot folder."""
    return sorted((folder / table).glob("*.parquet"))


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
    connection = open_tables(folder)
    try:
        for fault, query in _questions():
            row = connection.execute(query).fetchone()
            if row is not None and row[0]:
                faults.append(f"{fault} ({row[0]} rows)")
    finally:
        connection.close()
    return faults


def verify(folder: Path) -> list[str]:
    """Like `check`, and every file's bytes against `SHA256SUMS`, every text against its span."""
    faults = []
    sums = folder / SUMS
    if not sums.is_file():
        return [f"{folder.name}: SHA256SUMS is missing"]
    for line in sums.read_text(encoding="utf-8").splitlines():
        digest, name = line.split("  ", 1)
        path = folder / name
        if not path.is_file():
            faults.append(f"{name}: missing")
        elif sha256_of(path) != digest:
            faults.append(f"{name}: bytes differ from SHA256SUMS")
    return faults or check(folder) or list(_ungrounded(folder))


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


def open_tables(folder: Path) -> duckdb.DuckDBPyConnection:
    """A DuckDB connection with each table of a snapshot as a view of its name."""
    connection = duckdb.connect()
    for name in TABLES:
        listed = ", ".join(
            "'" + str(path).replace("'", "''") + "'" for path in files_of(folder, name)
        )
        connection.execute(f"CREATE VIEW {name} AS SELECT * FROM read_parquet([{listed}])")
    return connection


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
            f"SELECT count(*) FROM {table} t WHERE {column} IS NOT NULL AND NOT EXISTS "
            f"(SELECT 1 FROM {other} o WHERE o.{key} = t.{column})",
        )
    yield (
        "sources: processed without a document, or the other way round",
        "SELECT count(*) FROM sources WHERE (status = 'processed') <> (document_id IS NOT NULL)",
    )
    yield "relations: differ from what `partnerships` gives when counted anew", _recount()


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


@dataclass(frozen=True)
class Counts:
    """How much a snapshot holds: sources by status, repeats, rows by table."""

    sources: tuple[tuple[str, int], ...]
    repeats: int
    rows: tuple[tuple[str, int], ...]


def counts_of(folder: Path) -> Counts:
    """How much the snapshot in `folder` holds."""
    rows = tuple(
        (name, sum(pq.read_metadata(path).num_rows for path in files_of(folder, name)))
        for name in TABLES
    )
    statuses = pc.value_counts(_column(folder, "sources", "status")).to_pylist()
    found = {each["values"]: each["counts"] for each in statuses}
    originals = _column(folder, "passages", "repeat_of")
    return Counts(
        tuple((status, found.get(status, 0)) for status in get_args(SourceStatus)),
        len(originals) - originals.null_count,
        rows,
    )


def _column(folder: Path, table: str, column: str) -> pa.ChunkedArray:
    return pa.concat_tables(
        pq.read_table(path, columns=[column]) for path in files_of(folder, table)
    ).column(column)


def sha256_of(path: Path) -> str:
    """SHA-256 of a file's bytes, 64 hex digits."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
