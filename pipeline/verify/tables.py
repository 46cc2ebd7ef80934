"""A snapshot opened to be asked; one that cannot be read is said to be so, and why.

Nothing here holds a table: the database works within a bound of memory and spills to disk.
Columns are read by `ParquetFile` and counted here: `read_table` and the functions of
`pyarrow.compute` import pandas, which takes longer than a run that finds nothing new.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.errors import PipelineError, SnapshotError, about
from pipeline.verify.sums import damaged, files_of
from schemas.arrow import arrow_schema
from schemas.tables import TABLES, SourceStatus

MEMORY = "1500MB"
# What a damaged snapshot can be helped by.
REMEDY = (
    "`pipeline run` makes the snapshot anew, `pipeline rollback` shows an earlier one, "
    "`pipeline snapshots` lists them."
)
_SHOWN_FAULTS = 3


@contextmanager
def open_tables(folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A DuckDB connection with each table of a snapshot as a view of its name.

    Raises:
        SnapshotError: a table is missing, damaged, or of another version of the program; also
            when that shows only when it is asked.
        OSError: the system refuses a file.
    """
    require_readable(folder)
    # Sums of floats and the order of rows play no part in any question.
    with (
        reading(folder),
        duckdb.connect(
            config={"memory_limit": MEMORY, "preserve_insertion_order": "false", "threads": "2"}
        ) as connection,
    ):
        for name in TABLES:
            connection.execute(f"CREATE VIEW {name} AS SELECT * FROM {listed(folder, name)}")
        yield connection


@contextmanager
def reading(*folders: Path) -> Iterator[None]:
    """Say of a failure of the database what of the snapshots in `folders` made it fail.

    Raises:
        SnapshotError: files are not as they were published.
        PipelineError: they are, and the database failed all the same.
    """
    try:
        yield
    except duckdb.Error as error:
        for folder in folders:
            if faults := damaged(folder):
                raise SnapshotError(f"{folder}: {told(faults)}; {REMEDY}") from error
        said = " ".join(str(error).split())
        raise PipelineError(f"{folders[0]}: the database failed: {said}; run again.") from error


def told(faults: list[str]) -> str:
    """The first faults in one line, and how many more there are.

    Example:
        >>> told(["a: missing", "b: missing", "c: missing", "d: missing", "e: missing"])
        'a: missing; b: missing; c: missing; and 2 more'
    """
    more = len(faults) - _SHOWN_FAULTS
    return "; ".join([*faults[:_SHOWN_FAULTS], *([f"and {more} more"] if more > 0 else [])])


def require_readable(folder: Path) -> None:
    """See to it that each table of a snapshot is there, is Parquet and has the columns of today.

    Raises:
        SnapshotError: one is not, and what helps.
        OSError: the system refuses a file.
    """
    for name, model in TABLES.items():
        place = folder / name
        try:
            # Globbing takes a folder that may not be read for an empty one.
            files = sorted(path for path in place.iterdir() if path.suffix == ".parquet")
        except (FileNotFoundError, NotADirectoryError):
            files = []
        if not files:
            raise SnapshotError(f"{place}: holds no Parquet file; {REMEDY}")
        for path in files:
            if (fault := _other_columns(path, arrow_schema(model))) is not None:
                raise SnapshotError(f"{path}: {fault}")


def _other_columns(path: Path, wanted: pa.Schema) -> str | None:
    """Why a file cannot be read as a table with the columns of `wanted`, and what helps."""
    try:
        with about(path), path.open("rb") as stream:
            found = pq.read_schema(stream)
    except (pa.ArrowException, OSError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise
        return f"is no whole Parquet file ({' '.join(str(error).split())}); {REMEDY}"
    if found.equals(wanted):
        return None
    another = "was made by another version of the program: it {}; {}"
    for field in wanted:
        if field.name not in found.names:
            return another.format(f"has no column {field.name}", REMEDY)
    for field in found:
        if field.name not in wanted.names:
            remedy = "use the version that made it, or run `pipeline run` with this one."
            return another.format(f"has a column {field.name}, unknown here", remedy)
    (field,) = [one for one in found if not one.equals(wanted.field(one.name))][:1] or [found[0]]
    return another.format(f"has {field.name} as {field.type}, or elsewhere", REMEDY)


def listed(folder: Path, table: str) -> str:
    """The files of a table, as DuckDB is to read them.

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     listed(Path(folder), "dates")
        'read_parquet([])'
    """
    return f"read_parquet([{', '.join(map(quoted, files_of(folder, table)))}])"


def quoted(path: Path) -> str:
    """A path as a text in SQL.

    Example:
        >>> quoted(Path("o'clock"))
        "'o''clock'"
    """
    return "'" + str(path).replace("'", "''") + "'"


@dataclass(frozen=True)
class Counts:
    """How much a snapshot holds: sources by status, repeats, rows by table."""

    sources: tuple[tuple[str, int], ...]
    repeats: int
    rows: tuple[tuple[str, int], ...]


def counts_of(folder: Path) -> Counts:
    """How much the snapshot in `folder` holds.

    Raises:
        SnapshotError: it cannot be read.
        OSError: the system refuses a file.
    """
    require_readable(folder)
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
    pieces = []
    for path in files_of(folder, table):
        try:
            pieces.append(pq.ParquetFile(path).read(columns=[column]))
        except (OSError, pa.ArrowException) as error:
            said = " ".join(str(error).split())
            raise SnapshotError(f"{path}: cannot be read ({said}); {REMEDY}") from error
    return pa.concat_tables(pieces).column(column)
