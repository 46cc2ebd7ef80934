"""What differs between two snapshots: rows added, removed and changed, by the key of each table.

A table whose file has the same name has the same bytes and is not read.  The rest is asked of
the database, which compares row by row within a bound of memory.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import duckdb

from pipeline.verify import MEMORY, files_of, listed, quoted, reading, require_readable
from schemas.tables import TABLES

Kind = Literal["added", "removed", "changed"]
KINDS: tuple[Kind, ...] = ("added", "removed", "changed")


@dataclass(frozen=True, slots=True)
class Difference:
    """How many rows of a table came, went, or stand under the same key with other values."""

    table: str
    added: int
    removed: int
    changed: int


def diff(before: Path, after: Path, parquet: Path | None = None) -> Iterator[Difference]:
    """Compare two snapshots, table by table.

    Args:
        before: folder of the one.
        after: folder of the other.
        parquet: folder that `<table>-<kind>.parquet` is written to for each kind that has rows;
            changed rows are those of `after`.

    Raises:
        SnapshotError: one of them cannot be read.
    """
    for folder in (before, after):
        require_readable(folder)
    if parquet is not None:
        parquet.mkdir(parents=True, exist_ok=True)
    for name in TABLES:
        one, other = files_of(before, name), files_of(after, name)
        if [path.name for path in one] == [path.name for path in other]:
            yield Difference(name, 0, 0, 0)
            continue
        with (
            reading(before, after),
            duckdb.connect(config={"memory_limit": MEMORY, "threads": "2"}) as connection,
        ):
            connection.execute(f"CREATE VIEW old AS SELECT * FROM {listed(before, name)}")
            connection.execute(f"CREATE VIEW new AS SELECT * FROM {listed(after, name)}")
            counts = {kind: _count(connection, name, kind) for kind in KINDS}
            if parquet is not None:
                _write(connection, name, counts, parquet)
        yield Difference(name, **counts)


def _query(table: str, kind: Kind) -> str:
    keys = ", ".join(TABLES[table].key)
    match kind:
        case "added":
            return f"FROM new ANTI JOIN old USING ({keys})"
        case "removed":
            return f"FROM old ANTI JOIN new USING ({keys})"
        case "changed":
            others = [
                column for column in TABLES[table].columns() if column not in TABLES[table].key
            ]
            differ = " OR ".join(f"new.{each} IS DISTINCT FROM old.{each}" for each in others)
            return f"FROM new SEMI JOIN old ON {_same_key(table)} AND ({differ})"


def _same_key(table: str) -> str:
    return " AND ".join(f"new.{column} = old.{column}" for column in TABLES[table].key)


def _count(connection: duckdb.DuckDBPyConnection, table: str, kind: Kind) -> int:
    row = connection.execute(f"SELECT count(*) {_query(table, kind)}").fetchone()
    assert row is not None  # a count always gives a row
    return int(row[0])


def _write(
    connection: duckdb.DuckDBPyConnection, table: str, counts: dict[Kind, int], folder: Path
) -> None:
    for kind, count in counts.items():
        path = folder / f"{table}-{kind}.parquet"
        path.unlink(missing_ok=True)
        if count:
            keys = ", ".join(TABLES[table].key)
            select = f"SELECT * {_query(table, kind)} ORDER BY {keys}"
            connection.execute(f"COPY ({select}) TO {quoted(path)} (FORMAT parquet)")
