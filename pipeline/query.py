"""A question in SQL to a snapshot, and its answer as a table or a file.

DuckDB sees the tables as views and may open no file but those of the snapshots asked: its access
to anything outside is switched off before the question is read, and cannot be switched on again.
Only a statement that reads is let through, since a folder that may be read may by
DuckDB's rules be written as well.
"""

from __future__ import annotations

import csv
import datetime as dt
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq

from pipeline.errors import SettingsError, SnapshotError
from pipeline.verify import REMEDY, damaged, listed, quoted, require_readable, told
from schemas.tables import TABLES

BEFORE = "before"
FORMATS = (".parquet", ".csv", ".json")
BATCH = 10_000
READS = frozenset({"SELECT", "EXPLAIN"})
# What lies with the question, whatever the files are.
_WRONG_QUESTIONS = (duckdb.ParserException, duckdb.BinderException, duckdb.CatalogException)
# A spreadsheet takes a cell that begins so for a formula, and runs it.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")


@dataclass(frozen=True)
class Answer:
    """Columns, the first rows, and whether there are more."""

    columns: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]
    has_more: bool


def answer(snapshot: Path, question: str, most: int, before: Path | None = None) -> Answer:
    """The first `most` rows of the answer.

    Args:
        snapshot: folder of the snapshot whose tables are asked.
        question: one SQL statement that reads.
        most: rows to give at most.
        before: folder of another snapshot; its tables are `before.<table>`.

    Raises:
        SettingsError: the statement is wrong, or does not only read.
        SnapshotError: a snapshot cannot be read.
    """
    with _asked(snapshot, before, question) as (connection, statement):
        found = connection.execute(statement)
        rows = found.fetchmany(most + 1)
        columns = tuple(column[0] for column in found.description or ())
    return Answer(columns, tuple(rows[:most]), len(rows) > most)


def write_answer(snapshot: Path, question: str, to: Path, before: Path | None = None) -> int:
    """Write the whole answer to a file by the ending of its name; gives the number of rows.

    Parquet keeps the types.  In CSV, a text that a spreadsheet would run has an apostrophe in
    front.  JSON is a list of objects, amounts as strings: a float would not keep them.

    Raises:
        SettingsError: as `answer`; or the ending is not .parquet, .csv or .json.
    """
    if to.suffix not in FORMATS:
        raise SettingsError(f"{to}: end the name in one of {', '.join(FORMATS)}.")
    aside = to.with_name(f".{to.name}.part")
    with _asked(snapshot, before, question) as (connection, statement):
        if to.suffix == ".parquet":
            table = connection.sql(statement.query).to_arrow_table()
            pq.write_table(table, aside, compression="zstd")
            count = len(table)
        else:
            found = connection.execute(statement)
            columns = [column[0] for column in found.description or ()]
            write = _write_csv if to.suffix == ".csv" else _write_json
            count = write(aside, columns, _rows(found))
    aside.replace(to)
    return count


def safe_cell(value: object) -> object:
    """A value for a CSV file: no text that a spreadsheet would take for a formula.

    Example:
        >>> safe_cell("=1+1"), safe_cell("Lima"), safe_cell(-3), safe_cell(["A", "B"])
        ("'=1+1", 'Lima', -3, '["A", "B"]')
    """
    if isinstance(value, list | tuple | dict):
        value = json.dumps(value, ensure_ascii=False, default=str)
    if isinstance(value, str) and value.lstrip(" ").startswith(FORMULA):
        return f"'{value}"
    return value


@contextmanager
def _asked(
    snapshot: Path, before: Path | None, question: str
) -> Iterator[tuple[duckdb.DuckDBPyConnection, duckdb.Statement]]:
    folders = [folder for folder in (snapshot, before) if folder is not None]
    for folder in folders:
        require_readable(folder)
    with duckdb.connect() as connection:
        for schema, folder in zip(("main", BEFORE), folders, strict=False):
            connection.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")
            for name in TABLES:
                connection.execute(
                    f"CREATE VIEW {schema}.{name} AS SELECT * FROM {listed(folder, name)}"
                )
        # With a slash behind, or a folder whose name begins so could be read, too.
        allowed = ", ".join(f"{quoted(folder)[:-1]}/'" for folder in folders)
        connection.execute(f"SET allowed_directories = [{allowed}]")
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
        try:
            statements = connection.extract_statements(question)
            if len(statements) != 1 or statements[0].type.name not in READS:
                raise SettingsError("query: give one statement that reads, such as SELECT.")
            yield connection, statements[0]
        except _WRONG_QUESTIONS as error:
            raise SettingsError(f"query: {' '.join(str(error).split())}") from error
        except duckdb.Error as error:
            for folder in folders:
                if faults := damaged(folder):
                    raise SnapshotError(f"{folder}: {told(faults)}; {REMEDY}") from error
            raise SettingsError(f"query: {' '.join(str(error).split())}") from error


def _rows(found: duckdb.DuckDBPyConnection) -> Iterator[tuple[Any, ...]]:
    while batch := found.fetchmany(BATCH):
        yield from batch


def _write_csv(to: Path, columns: Sequence[str], rows: Iterator[tuple[Any, ...]]) -> int:
    count = 0
    with to.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(map(safe_cell, columns))
        for count, row in enumerate(rows, 1):  # noqa: B007  # the last count is the answer
            writer.writerow(map(safe_cell, row))
    return count


def _write_json(to: Path, columns: Sequence[str], rows: Iterator[tuple[Any, ...]]) -> int:
    count = 0
    with to.open("w", encoding="utf-8") as stream:
        stream.write("[")
        for count, row in enumerate(rows, 1):
            made = dict(zip(columns, row, strict=True))
            stream.write("\n" if count == 1 else ",\n")
            stream.write(json.dumps(made, ensure_ascii=False, default=_plain))
        stream.write("\n]\n")
    return count


def _plain(value: object) -> str:
    if isinstance(value, dt.date | dt.time | dt.datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    return str(value)
