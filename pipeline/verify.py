"""Questions to a snapshot whose answer must be nothing: schemas, keys, offsets, checksums.

Asked before every flip and by `pipeline verify`; each fault names the table and the rule.
Nothing here holds a table: the database works within a bound of memory and spills to disk.
Columns are read by `ParquetFile` and counted here: `read_table` and the functions of
`pyarrow.compute` import pandas, which takes longer than a run that finds nothing new.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from schemas.arrow import arrow_schema
from schemas.tables import TABLES, PartnershipStatus, SourceStatus

SUMS = "SHA256SUMS"
PACKAGE = "datapackage.json"
MEMORY = "1500MB"

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
    """Like `check`, and bytes against `SHA256SUMS`, texts against spans, files against the package.

    Where files are damaged or missing, only they are named: rows that cannot be read
    cannot be asked.
    """
    return damaged(folder) or [*_misdescribed(folder), *(check(folder) or _ungrounded(folder))]


def damaged(folder: Path, besides: Collection[str] = ()) -> list[str]:
    """Files that are missing, have other bytes than `SHA256SUMS` says, or are not named in it.

    Args:
        folder: a snapshot, or a copy of one.
        besides: names of further files that may stand in it.
    """
    try:
        lines = (folder / SUMS).read_text(encoding="utf-8").splitlines()
        named = {name: digest for digest, name in (line.split("  ", 1) for line in lines)}
    except FileNotFoundError:
        return [f"{SUMS}: missing"]
    except (OSError, ValueError):
        return [f"{SUMS}: cannot be read"]
    faults = []
    for name, digest in named.items():
        try:
            found = sha256_of(folder / name)
        except FileNotFoundError:
            faults.append(f"{name}: missing")
        except OSError as error:
            faults.append(f"{name}: cannot be read ({error.strerror})")
        else:
            if found != digest:
                faults.append(f"{name}: bytes differ from {SUMS}")
    known = {SUMS, *named, *besides}
    there = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    faults += [f"{name}: not named in {SUMS}" for name in sorted(there) if name not in known]
    return faults


def _misdescribed(folder: Path) -> Iterator[str]:
    """Where `datapackage.json` says something else than the tables."""
    try:
        package = json.loads((folder / PACKAGE).read_text(encoding="utf-8"))
        described = {each["name"]: each for each in package["resources"]}
    except FileNotFoundError:
        yield f"{PACKAGE}: missing"
        return
    except (ValueError, KeyError, TypeError):
        yield f"{PACKAGE}: is no data package"
        return
    for name in sorted(TABLES.keys() ^ described.keys()):
        yield f"{PACKAGE}: table {name} is {'missing' if name in TABLES else 'unknown'}"
    for name in TABLES.keys() & described.keys():
        paths = files_of(folder, name)
        rows = sum(pq.read_metadata(path).num_rows for path in paths)
        facts = {
            "path": [path.relative_to(folder).as_posix() for path in paths],
            "rows": rows,
            "bytes": sum(path.stat().st_size for path in paths),
            "hash": "".join(f"sha256:{sha256_of(path)}" for path in paths),
        }
        for fact, true in facts.items():
            if described[name].get(fact) != true:
                yield f"{PACKAGE}: {fact} of {name} is not {true}"
        fields = [
            field.get("name") for field in described[name].get("schema", {}).get("fields", ())
        ]
        if fields != arrow_schema(TABLES[name]).names:
            yield f"{PACKAGE}: fields of {name} are not its columns"


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
    # Sums of floats and the order of rows play no part in any question.
    connection = duckdb.connect(
        config={"memory_limit": MEMORY, "preserve_insertion_order": "false", "threads": "2"}
    )
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
    found = Counter(_column(folder, "sources", "status").to_pylist())
    originals = _column(folder, "passages", "repeat_of")
    return Counts(
        tuple((status, found[status]) for status in get_args(SourceStatus)),
        len(originals) - originals.null_count,
        rows,
    )


def processed_paths(folder: Path) -> set[str]:
    """Paths of the files that a snapshot was made from; empty when its table cannot be read."""
    known: set[str] = set()
    for path in files_of(folder, "sources"):
        try:
            rows = pq.ParquetFile(path).read(columns=["path", "status"])
        except (OSError, pa.ArrowInvalid):
            # Damaged: it is about to be replaced, and must not be in the way of that.
            return set()
        columns = (rows.column(name).to_pylist() for name in ("path", "status"))
        known.update(path for path, status in zip(*columns, strict=True) if status == "processed")
    return known


def _column(folder: Path, table: str, column: str) -> pa.ChunkedArray:
    return pa.concat_tables(
        pq.ParquetFile(path).read(columns=[column]) for path in files_of(folder, table)
    ).column(column)


def sha256_of(path: Path) -> str:
    """SHA-256 of a file's bytes, 64 hex digits."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
