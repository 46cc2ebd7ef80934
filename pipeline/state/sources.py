"""Rows of `raw/` as the last scan saw it, and the documents that its changes touch.

A scan holds what it sees against what is known, side by side in the order of paths, and notes what
is not the same in tables of its connection; `replace` makes that what is known, and writes nothing
else.  Documents that a changed row held or holds are `touched`, in the same transaction; they stay
so until the corpus was told of them.  What is not touched need not be looked at: it was read, and
lives as it did.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, Protocol, TypeVar

from pipeline.state.tables import PAGE_ROWS, paged, temporary
from schemas.tables import Reason, SourceRow, SourceStatus

# A source: the key that it is read under, None where it cannot be read, and its row.
Source = tuple[str | None, SourceRow]


class Glimpse(NamedTuple):
    """A row of `sources` as a scan saw it, and what its file is read by.

    `key` is what it is read under, None where it cannot be read.  `content` is the SHA-256 of the
    unpacked bytes of a file of one document and `size` their number; None for records.  `stamp`
    tells how the file lay that had these bytes; None where none was taken.
    """

    path: str
    record: int
    key: str | None
    bytes: int | None
    sha256: str | None
    status: SourceStatus
    reason: Reason | None
    message: str | None
    document_id: str | None
    content: str | None = None
    size: int | None = None
    stamp: str | None = None


class Placed(Protocol):
    """What has a path below `raw/`."""

    @property
    def path(self) -> str:
        """The path."""


File = TypeVar("File", bound=Placed)

_COLUMNS = ", ".join(Glimpse._fields)
# Of the types that `source` has: a number is not looked up among values of no type.
_PLACE, _PLACE_KEY = "path TEXT, record INTEGER", "PRIMARY KEY (path, record)"
_SOURCE = "key, path, record, bytes, sha256, status, reason, message, document_id"
_NAMES = tuple(_SOURCE.split(", ")[1:])
# Rows that stand in memory at once when they are read by columns.
COLUMN_ROWS = 10_000


# --- what a scan saw


def see(
    db: sqlite3.Connection,
    files: Iterable[File],
    look: Callable[[File, Glimpse | None], Glimpse | None],
) -> None:
    """Note what is not as it was while files are looked at.

    Nothing is kept beyond this connection but new stamps of files that are as they were.

    Args:
        db: the connection.
        files: all there are, in the order of their paths.
        look: gives the row of a file, told the one that is known of it; None where the file is one
            of many records.
    """
    further = ", ".join(Glimpse._fields[2:])
    temporary(db, "seen", f"{_PLACE}, {further}, {_PLACE_KEY}", "WITHOUT ROWID")
    temporary(db, "unseen", f"{_PLACE}, {_PLACE_KEY}", "WITHOUT ROWID")
    unseen: list[tuple[str, int]] = []
    stamped: list[tuple[str | None, str]] = []
    _see(db, _differing(db, files, look, unseen, stamped))
    db.executemany("INSERT INTO unseen VALUES (?, ?)", unseen)
    db.executemany("UPDATE source SET stamp = ? WHERE path = ? AND record = 0", stamped)


def _see(db: sqlite3.Connection, glimpses: Iterable[Glimpse]) -> None:
    marks = ",".join("?" * len(Glimpse._fields))
    db.executemany(f"INSERT INTO seen VALUES ({marks})", glimpses)


def _differing(
    db: sqlite3.Connection,
    files: Iterable[File],
    look: Callable[[File, Glimpse | None], Glimpse | None],
    unseen: list[tuple[str, int]],
    stamped: list[tuple[str | None, str]],
) -> Iterator[Glimpse]:
    """The rows of files that are not known word for word.

    Places known that no file of one document has go to `unseen`, what is new in stamps alone to
    `stamped`.  SQLite orders texts by their bytes, which is the order of Python's strings.
    """
    # Further records of a file are not those of one document: `replace` asks for them.
    rows = db.execute(f"SELECT {_COLUMNS} FROM source WHERE record = 0 ORDER BY path")
    known = map(Glimpse._make, rows)
    row = next(known, None)
    for file in files:
        while row is not None and row.path < file.path:
            unseen.append((row.path, 0))
            row = next(known, None)
        old = None
        if row is not None and row.path == file.path:
            old, row = row, next(known, None)
        new = look(file, old)
        if new is None:
            if old is not None:
                unseen.append((old.path, 0))
        elif old is None or old[:-1] != new[:-1]:
            yield new
        elif old.stamp != new.stamp:
            stamped.append((new.stamp, new.path))
    while row is not None:
        unseen.append((row.path, 0))
        row = next(known, None)


def replace(db: sqlite3.Connection, others: Iterable[Glimpse], *, is_known: bool) -> None:
    """Make what was seen what is known of `raw/`, in the transaction at hand.

    Args:
        db: the connection.
        others: the rows of files of many records.
        is_known: whether what is known was settled by the code that runs now; otherwise every
            document is touched.
    """
    _see(db, others)
    for name in ("news", "gone"):
        temporary(db, name, f"{_PLACE}, {_PLACE_KEY}", "WITHOUT ROWID")
    db.execute(
        f"""
        INSERT INTO news SELECT n.path, n.record FROM seen n LEFT JOIN source s USING (path, record)
        WHERE NOT ({_same("n", "s", is_known=is_known)})
        """
    )
    db.execute(
        """
        INSERT INTO gone SELECT path, record FROM (
            SELECT path, record FROM unseen
            UNION ALL SELECT path, record FROM source WHERE record > 0
        ) s WHERE NOT EXISTS (
            SELECT 1 FROM seen n WHERE n.path = s.path AND n.record = s.record
        )
        """
    )
    for which, table in (("gone", "source"), ("news", "source"), ("news", "seen")):
        db.execute(
            f"""
            INSERT OR IGNORE INTO touched SELECT document_id
            FROM {which} CROSS JOIN {table} USING (path, record) WHERE document_id IS NOT NULL
            """
        )
    db.execute("DELETE FROM source WHERE (path, record) IN (SELECT path, record FROM gone)")
    db.execute(
        f"""
        REPLACE INTO source ({_COLUMNS})
        SELECT {_COLUMNS} FROM news CROSS JOIN seen USING (path, record)
        """
    )
    if not is_known:
        touch_all(db)


def _same(seen: str, known: str, *, is_known: bool) -> str:
    """A condition: a row that was seen says what is known.

    So it does when reading refused it since: it would do so again.
    """
    of_file, further = ("key", "bytes", "sha256"), Glimpse._fields[5:]

    def equal(names: Iterable[str]) -> str:
        return " AND ".join(f"{seen}.{name} IS {known}.{name}" for name in names)

    refused = f"""{known}.status <> 'processed' AND {seen}.status = 'processed' AND EXISTS (
        SELECT 1 FROM entry WHERE stage = 'refused' AND entry.key = {known}.key
    )"""
    either = f"({equal(further)}) OR {refused}" if is_known else equal(further)
    return f"{known}.path IS NOT NULL AND {equal(of_file)} AND ({either})"


# --- what changed


def touch_all(db: sqlite3.Connection) -> None:
    """Touch every document that a source holds."""
    db.execute(
        "INSERT OR IGNORE INTO touched SELECT document_id FROM source WHERE document_id IS NOT NULL"
    )


def unread(db: sqlite3.Connection) -> Iterator[list[Glimpse]]:
    """The files of one document each that hold touched ones, by path, some at a time."""
    query = f"""
        SELECT {_COLUMNS} FROM touched CROSS JOIN source USING (document_id)
        WHERE key IS NOT NULL AND content IS NOT NULL ORDER BY path
    """
    rows = db.execute(query)
    while page := rows.fetchmany(PAGE_ROWS):
        yield [Glimpse._make(values) for values in page]


def of_many(db: sqlite3.Connection) -> set[str]:
    """The files of many records that hold touched documents."""
    query = """
        SELECT DISTINCT path FROM touched CROSS JOIN source USING (document_id)
        WHERE key IS NOT NULL AND content IS NULL
    """
    return {str(path) for (path,) in db.execute(query)}


def change(db: sqlite3.Connection, sources: Iterable[Source]) -> None:
    """Put other words in place of those known of some sources, in the transaction at hand."""
    touch = """
        INSERT OR IGNORE INTO touched SELECT document_id FROM source
        WHERE path = ? AND record = ? AND document_id IS NOT NULL
    """
    put = f"REPLACE INTO source ({_SOURCE}) VALUES ({','.join('?' * 9)})"
    for key, row in sources:
        db.execute(touch, (row.path, row.record))
        db.execute(put, (key, *map(row.__dict__.__getitem__, _NAMES)))


# --- what is known


def every(db: sqlite3.Connection) -> Iterator[Source]:
    """Each source, by path and record.

    They come page by page, so that a file of many records never stands in memory whole
    and a source may be changed once it was given.
    """
    query = f"""
        SELECT path, record, {_SOURCE} FROM source
        WHERE (path, record) > (?, ?) ORDER BY path, record LIMIT ?
    """
    for _, _, *source in paged(db, query, ("", -1)):
        yield _source(source)


def refused(db: sqlite3.Connection) -> Iterator[Source]:
    """The sources of touched documents that reading refused; as `every`, by document."""
    query = f"""
        SELECT document_id, path, record, {_SOURCE}
        FROM touched CROSS JOIN source USING (document_id) CROSS JOIN entry USING (key)
        WHERE stage = 'refused' AND (document_id, path, record) > (?, ?, ?)
        ORDER BY document_id, path, record LIMIT ?
    """
    for _, _, _, *source in paged(db, query, ("", "", -1)):
        yield _source(source)


def in_files(db: sqlite3.Connection, paths: Iterable[str]) -> Iterator[Source]:
    """The sources in some files."""
    query = f"SELECT {_SOURCE} FROM source WHERE path = ?"
    for path in paths:
        yield from map(_source, db.execute(query, (path,)).fetchall())


def named(db: sqlite3.Connection, name: str) -> list[str]:
    """The paths of all files of a name, in whatever folder; those of many records apart."""
    query = """
        SELECT path FROM source
        WHERE record = 0 AND (path = ?1 OR substr(path, -1 - length(?1)) = '/' || ?1) ORDER BY path
    """
    return [str(path) for (path,) in db.execute(query, (name,))]


def columns(db: sqlite3.Connection) -> Iterator[Mapping[str, Sequence[Any]]]:
    """The columns of the sources, some thousand rows at a time, in the order of `every`.

    A hundred thousand rows made into records only to be taken apart again cost seconds.
    """
    rows = db.execute(f"SELECT {', '.join(_NAMES)} FROM source ORDER BY path, record")
    while some := rows.fetchmany(COLUMN_ROWS):
        yield dict(zip(_NAMES, zip(*some, strict=True), strict=True))


def _source(row: list[Any]) -> Source:
    # They were checked when they were made.
    return row[0], SourceRow.model_construct(**dict(zip(_NAMES, row[1:], strict=True)))
