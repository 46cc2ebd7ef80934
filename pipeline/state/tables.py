"""What stands in the file, and how the file is opened, set aside and begun anew."""

from __future__ import annotations

import errno
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from pipeline.errors import DiskError, PipelineError, StateError, disk_error

FILE_NAME = "state.db"
# What is in memory at once of what a query gives.
PAGE_ROWS = 1_000

_TABLES = {
    # --- the cache
    # With row ids, so that keys are listed from their index and not from among the values.
    "entry": "stage TEXT, key TEXT, value BLOB, PRIMARY KEY (stage, key))",
    "note": "name TEXT PRIMARY KEY, value TEXT)",
    # What is being tried; found there at the start of a run, the run before died of something.
    "attempt": "key TEXT PRIMARY KEY) WITHOUT ROWID",
    # --- what the last scan saw: a row of `sources`, and the key that it is read under
    "source": "path TEXT, record INTEGER, key TEXT, bytes INTEGER, sha256 TEXT, status TEXT,"
    " reason TEXT, message TEXT, document_id TEXT, content TEXT, size INTEGER,"
    " stamp TEXT,"
    " PRIMARY KEY (path, record)) WITHOUT ROWID",
    # Documents in sources that changed, until the corpus is told.
    "touched": "document_id TEXT PRIMARY KEY) WITHOUT ROWID",
    # --- the corpus: see `corpus`
    # `doc` is a number for short; it depends on history and decides nothing.
    "live": "doc INTEGER PRIMARY KEY, document_id TEXT UNIQUE, read_key TEXT, folders TEXT,"
    " published TEXT, story TEXT, kept TEXT, signs INTEGER, rows_key TEXT, origin TEXT)",
    "passage": "doc INTEGER, start INTEGER, key TEXT, plain TEXT, sense TEXT,"
    " is_spared INTEGER, is_head INTEGER, PRIMARY KEY (doc, start)) WITHOUT ROWID",
    "line": "doc INTEGER, start INTEGER, key TEXT, is_sentence INTEGER,"
    " PRIMARY KEY (doc, start)) WITHOUT ROWID",
    # --- furniture: see `furniture`
    "house": "id INTEGER PRIMARY KEY, name TEXT UNIQUE)",
    "standing": "doc INTEGER, house INTEGER, PRIMARY KEY (doc, house)) WITHOUT ROWID",
    "telling": "house INTEGER, key TEXT, is_sentence INTEGER, story TEXT, pages INTEGER,"
    " PRIMARY KEY (house, key, is_sentence, story)) WITHOUT ROWID",
    "tally": "house INTEGER, key TEXT, is_sentence INTEGER, stories INTEGER,"
    " PRIMARY KEY (house, key, is_sentence)) WITHOUT ROWID",
    "house_line": "house INTEGER, key TEXT, PRIMARY KEY (house, key)) WITHOUT ROWID",
    "furniture": "doc INTEGER, start INTEGER, PRIMARY KEY (doc, start)) WITHOUT ROWID",
    # --- repeats: see `places`
    "copied": "node INTEGER PRIMARY KEY, canonical INTEGER, similarity REAL)",
    "repeat": "doc INTEGER, start INTEGER, of_doc INTEGER, of_start INTEGER, kind TEXT,"
    " similarity REAL, is_silent INTEGER, PRIMARY KEY (doc, start)) WITHOUT ROWID",
    # --- what came or went since the corpus was settled last
    "stale_key": "key TEXT PRIMARY KEY) WITHOUT ROWID",
    "stale_line": "house INTEGER, key TEXT, is_sentence INTEGER,"
    " PRIMARY KEY (house, key, is_sentence)) WITHOUT ROWID",
    # --- what the rows of each document in the snapshot published last were made from
    "made": "document_id TEXT PRIMARY KEY, origin TEXT) WITHOUT ROWID",
}
_INDEXES = {
    "source_by_document": "source (document_id) WHERE document_id IS NOT NULL",
    "passage_by_key": "passage (key)",
    "line_by_key": "line (key)",
    "copied_by_canonical": "copied (canonical)",
    "repeat_by_original": "repeat (of_doc)",
    "live_unsettled": "live (doc) WHERE rows_key IS NULL",
}

# A file of another layout is known by this number and begun anew.
SCHEMA_VERSION = zlib.crc32(repr((_TABLES, _INDEXES)).encode()) & 0x7FFF_FFFF


def prepare(folder: Path) -> tuple[str, ...]:
    """See to it that the file in `folder` can be used; gives a sentence on what was amiss.

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     _ = (Path(folder) / FILE_NAME).write_text("this is no database")
        ...     [note.partition("; ")[2] for note in prepare(Path(folder))]
        ['it was set aside as state.torn and everything is read anew.']
    """
    path = folder / FILE_NAME
    if path.is_file() and path.stat().st_size == 0:
        _remove(path)
        return (f"{path} was empty; everything is read anew.",)
    try:
        version = _version(path) if path.is_file() else SCHEMA_VERSION
        connect(folder).close()
    except (sqlite3.DatabaseError, StateError):
        return (set_aside(folder),)
    if version in (0, SCHEMA_VERSION):
        return ()
    return (f"{path} was of another version of the program; everything is read anew.",)


def set_aside(folder: Path) -> str:
    """Move a torn file out of the way; gives a sentence that says so."""
    path = folder / FILE_NAME
    aside = path.with_suffix(".torn")
    path.replace(aside)
    _remove(path)
    return f"{path} was torn; it was set aside as {aside.name} and everything is read anew."


def connect(folder: Path) -> sqlite3.Connection:
    """A connection to the file in `folder`, made or begun anew where it must be.

    Raises:
        StateError: the file is torn.
        DiskError: the disk is full, or the file may not be written to.
    """
    path = folder / FILE_NAME
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return _open(path)
    except (sqlite3.Error, OSError) as error:
        raise explained(error, path) from error


def _open(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=60)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version not in (0, SCHEMA_VERSION):
            # A cache of another layout is worth nothing: begin anew.
            connection.close()
            _remove(path)
            return _open(path)
        connection.executescript(
            "".join(f"CREATE TABLE IF NOT EXISTS {name} ({body};" for name, body in _TABLES.items())
            + "".join(
                f"CREATE INDEX IF NOT EXISTS {name} ON {body};" for name, body in _INDEXES.items()
            )
            + f"PRAGMA user_version = {SCHEMA_VERSION};"
        )
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def recall(db: sqlite3.Connection, name: str) -> str:
    """What was noted under `name`, or nothing."""
    row = db.execute("SELECT value FROM note WHERE name = ?", (name,)).fetchone()
    return "" if row is None else str(row[0])


def note(db: sqlite3.Connection, name: str, value: str) -> None:
    """Note a word under `name`, in the transaction at hand."""
    db.execute("REPLACE INTO note VALUES (?, ?)", (name, value))


def temporary(db: sqlite3.Connection, name: str, columns: str, options: str = "") -> None:
    """An empty table of this connection."""
    db.execute(f"CREATE TEMP TABLE IF NOT EXISTS {name} ({columns}) {options}")
    db.execute(f"DELETE FROM temp.{name}")


def differing(one: str, other: str) -> str:
    """A query for the rows that one of two queries gives and the other does not."""
    return f"SELECT * FROM ({one} EXCEPT {other}) UNION SELECT * FROM ({other} EXCEPT {one})"


def paged(
    db: sqlite3.Connection, query: str, after: tuple[Any, ...], *values: str
) -> Iterator[tuple[Any, ...]]:
    """Rows of a query, read page by page: those that were given may be changed meanwhile.

    Args:
        db: the connection.
        query: asks for rows beyond a place, in order of it, and ends with `LIMIT ?`.
        after: the place to begin behind; the first columns of a row are its place.
        values: of further parameters, behind those of the place.
    """
    while page := db.execute(query, (*after, *values, PAGE_ROWS)).fetchall():
        yield from page
        after = page[-1][: len(after)]


def explained(error: Exception, path: Path) -> PipelineError:
    """What SQLite, the system or zlib said, as an error of the house."""
    if isinstance(error, OSError):
        return disk_error(error, path)
    code = getattr(error, "sqlite_errorcode", None)
    code = None if code is None else code & 0xFF
    if isinstance(error, zlib.error) or code in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}:
        return StateError(f"{path}: torn ({error}); `pipeline run` sets it aside and begins anew.")
    system = {
        sqlite3.SQLITE_FULL: errno.ENOSPC,
        sqlite3.SQLITE_READONLY: errno.EROFS,
        sqlite3.SQLITE_CANTOPEN: errno.EACCES,
        sqlite3.SQLITE_PERM: errno.EACCES,
        sqlite3.SQLITE_IOERR: errno.EIO,
    }.get(code or 0)
    if system is None:
        return DiskError(f"{path}: {error}; run again, or move the file away and run.")
    return disk_error(OSError(system, str(error), str(path)), path)


def _version(path: Path) -> int:
    with closing(sqlite3.connect(path, timeout=60)) as connection:
        return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _remove(path: Path) -> None:
    for tail in ("", "-wal", "-shm"):
        Path(f"{path}{tail}").unlink(missing_ok=True)
