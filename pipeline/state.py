"""The one SQLite file, and the lock.

The state is a cache and nothing else: each entry is the answer of a stage, under a key that
hashes all it depends on (the bytes read, the stage's code, rules, model and settings).
So an entry is right or absent, a stale one is never found, and with the file deleted
the same run makes the same bytes again.  Hence a file that is torn, empty or of another
layout is not mended but set aside: whoever meets it while it is open gets a `StateError`.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import json
import os
import socket
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from pipeline.errors import DiskError, PipelineError, RunningError, StateError, disk_error
from pipeline.repeats import Index, Repeat, Runner, in_turn

FILE_NAME = "state.db"

Stage = Literal["index", "read", "outline", "streams", "refused", "crashed", "model", "rows"]

# `entry` is the cache proper; the others hold the corpus of the run at hand.
_TABLES = {
    # With row ids, so that keys are listed from their index and not from among the values.
    "entry": "stage TEXT, key TEXT, value BLOB, PRIMARY KEY (stage, key))",
    "note": "name TEXT PRIMARY KEY, value TEXT)",
    "source": "path TEXT, record INTEGER, key TEXT, row TEXT, PRIMARY KEY (path, record))"
    " WITHOUT ROWID",
    # What is being tried; found there at the start of a run, the run before died of something.
    "attempt": "key TEXT PRIMARY KEY) WITHOUT ROWID",
    # What the rows of each document in the snapshot published last were made from.
    "made": "document_id TEXT PRIMARY KEY, origin TEXT) WITHOUT ROWID",
    "live": "document_id TEXT PRIMARY KEY, read_key TEXT, rows_key TEXT)",
    "repeat": "passage_id TEXT PRIMARY KEY, repeat_of TEXT, kind TEXT, similarity REAL)"
    " WITHOUT ROWID",
    "furniture": "passage_id TEXT PRIMARY KEY) WITHOUT ROWID",
}

# A file of another layout is known by this number and begun anew.
SCHEMA_VERSION = zlib.crc32(repr(_TABLES).encode()) & 0x7FFF_FFFF

# SQLite takes at most 32,766 variables a statement in its default build.
MAX_VARIABLES = 10_000
PAGE_ROWS = 1_000


def content_key(*parts: str) -> str:
    """Key of an entry: a hash of all that it depends on, 40 hex digits.

    Example:
        >>> content_key("a", "bc") == content_key("ab", "c")
        False
    """
    joined = "".join(f"{len(part)}:{part}" for part in parts)
    return hashlib.sha256(joined.encode("utf-8", "surrogatepass")).hexdigest()[:40]


class State:
    """The cache in `folder`/state.db; made when absent.

    Raises:
        StateError: the file is torn, now or when the context is left by what was met in it.
        DiskError: the disk is full, or the file may not be written to.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE_NAME
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._connection = _open(self._path)
        except (sqlite3.Error, OSError) as error:
            raise _explained(error, self._path) from error

    def __enter__(self) -> State:
        return self

    def __exit__(self, _: object, error: BaseException | None, *__: object) -> None:
        self.close()
        if isinstance(error, sqlite3.Error | zlib.error):
            raise _explained(error, self._path) from error

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def known(self, stage: Stage, keys: Iterable[str]) -> set[str]:
        """Those of `keys` that the stage has an entry for."""
        found: set[str] = set()
        for some in _slices(list(keys)):
            marks = ",".join("?" * len(some))
            query = f"SELECT key FROM entry WHERE stage = ? AND key IN ({marks})"
            found.update(key for (key,) in self._connection.execute(query, (stage, *some)))
        return found

    def get(self, stage: Stage, key: str) -> str | None:
        """The entry, or None."""
        query = "SELECT value FROM entry WHERE stage = ? AND key = ?"
        row = self._connection.execute(query, (stage, key)).fetchone()
        return None if row is None else zlib.decompress(row[0]).decode("utf-8", "surrogatepass")

    def put(self, stage: Stage, entries: Iterable[tuple[str, str]]) -> None:
        """Keep entries, all of them or, after a crash, none."""
        packed = [
            (stage, key, zlib.compress(text.encode("utf-8", "surrogatepass"), 1))
            for key, text in entries
        ]
        with self._connection:
            self._connection.executemany("INSERT OR REPLACE INTO entry VALUES (?, ?, ?)", packed)

    def forget(self, stage: Stage, keys: Iterable[str]) -> None:
        """Drop entries of the stage; those that are not there are passed over."""
        with self._connection:
            self._connection.executemany(
                "DELETE FROM entry WHERE stage = ? AND key = ?", ((stage, key) for key in keys)
            )

    def begin(self, keys: Iterable[str]) -> set[str]:
        """Note that these are about to be tried; gives those that were noted already.

        One that was noted was being tried when a process died: of it, or beside it.
        """
        asked = [(key,) for key in keys]
        query = "SELECT key FROM attempt WHERE key = ?"
        found = {key for each in asked for (key,) in self._connection.execute(query, each)}
        with self._connection:
            self._connection.executemany("INSERT OR IGNORE INTO attempt VALUES (?)", asked)
        return found

    def end(self, keys: Iterable[str]) -> None:
        """Note that the process outlived these."""
        with self._connection:
            self._connection.executemany(
                "DELETE FROM attempt WHERE key = ?", ((key,) for key in keys)
            )

    def end_all(self) -> None:
        """Forget every attempt: all that lives was tried."""
        with self._connection:
            self._connection.execute("DELETE FROM attempt")

    def made(self, snapshot: str) -> dict[str, str] | None:
        """What the rows of each document in a snapshot were made from; None if it is not known."""
        if self.recall("made") != snapshot:
            return None
        return dict(self._connection.execute("SELECT document_id, origin FROM made"))

    def set_made(self, snapshot: str, origins: Mapping[str, str]) -> None:
        """Keep what `made` tells, of this snapshot and no other; only what differs is written."""
        known = dict(self._connection.execute("SELECT document_id, origin FROM made"))
        fresh = ((key, origin) for key, origin in origins.items() if known.get(key) != origin)
        gone = ((key,) for key in known.keys() - origins.keys())
        with self._connection:
            self._connection.execute("INSERT OR REPLACE INTO note VALUES ('made', ?)", (snapshot,))
            self._connection.executemany("INSERT OR REPLACE INTO made VALUES (?, ?)", fresh)
            self._connection.executemany("DELETE FROM made WHERE document_id = ?", gone)

    def all_repeats(self) -> Iterator[tuple[str, Repeat]]:
        """Passage id of every repeat in the corpus, with what it repeats, by passage id."""
        query = "SELECT * FROM repeat ORDER BY passage_id"
        for passage_id, *repeat in self._connection.execute(query):
            yield str(passage_id), Repeat(*repeat)

    def retain(self, stage: Stage, keys: Iterable[str]) -> None:
        """Drop the stage's entries that are not among `keys`."""
        live = set(keys)
        query = "SELECT key FROM entry WHERE stage = ?"
        gone = [
            (stage, key) for (key,) in self._connection.execute(query, (stage,)) if key not in live
        ]
        with self._connection:
            self._connection.executemany("DELETE FROM entry WHERE stage = ? AND key = ?", gone)

    def entries(self) -> Iterator[tuple[Stage, str, str]]:
        """All entries: stage, key, text."""
        for stage, key, value in self._connection.execute("SELECT * FROM entry"):
            yield stage, key, zlib.decompress(value).decode("utf-8", "surrogatepass")

    def set_sources(self, sources: Iterable[tuple[str, int, str | None, str]]) -> None:
        """Replace what is known of `raw/`: path, record, read key and row of each source."""
        with self._connection:
            self._connection.execute("DELETE FROM source")
            self._connection.executemany("INSERT INTO source VALUES (?, ?, ?, ?)", sources)

    def change_sources(self, sources: Iterable[tuple[str, int, str | None, str]]) -> None:
        """Put other words in place of those known of some sources."""
        with self._connection:
            self._connection.executemany("REPLACE INTO source VALUES (?, ?, ?, ?)", sources)

    def sources(self) -> Iterator[tuple[str, int, str | None, str]]:
        """Path, record, read key (None when it cannot be read) and row of each source, in order.

        They come page by page, so that a file of many records never stands in memory whole
        and a source may be changed once it was seen.
        """
        query = f"""
            SELECT path, record, key, row FROM source WHERE (path, record) > (?, ?)
            ORDER BY path, record LIMIT {PAGE_ROWS}
        """
        place: tuple[str, int] = ("", -1)
        while page := self._connection.execute(query, place).fetchall():
            yield from page
            place = page[-1][:2]

    def set_live(
        self,
        documents: Iterable[tuple[str, str, str]],
        repeats: Mapping[str, Repeat],
        furniture: Iterable[str] = (),
    ) -> None:
        """Replace the corpus.

        Args:
            documents: id, read key and rows key of each document.
            repeats: what repeats what, by passage id.
            furniture: ids of the passages that are furniture of their source.
        """
        with self._connection:
            self._connection.execute("DELETE FROM live")
            self._connection.execute("DELETE FROM repeat")
            self._connection.execute("DELETE FROM furniture")
            self._connection.executemany(
                "INSERT INTO furniture VALUES (?)", ((passage_id,) for passage_id in furniture)
            )
            self._connection.executemany("INSERT INTO live VALUES (?, ?, ?)", documents)
            self._connection.executemany(
                "INSERT INTO repeat VALUES (?, ?, ?, ?)",
                (
                    (passage_id, one.repeat_of, one.kind, one.similarity)
                    for passage_id, one in repeats.items()
                ),
            )

    def live(self) -> Iterator[tuple[str, str, str]]:
        """Id, read key and rows key of each live document, by id."""
        query = "SELECT document_id, read_key, rows_key FROM live ORDER BY document_id"
        yield from self._connection.execute(query)

    def repeats(self, document_id: str) -> dict[str, Repeat]:
        """Passage id of each repeat in a document, with what it repeats."""
        query = "SELECT * FROM repeat WHERE passage_id BETWEEN ? AND ?"
        # ':' precedes ';' in the order of characters: all passage ids of one document.
        rows = self._connection.execute(query, (f"{document_id}:", f"{document_id};"))
        return {passage_id: Repeat(*repeat) for passage_id, *repeat in rows}

    def all_furniture(self) -> Iterator[str]:
        """Ids of all passages that are furniture of their source, in order."""
        query = "SELECT passage_id FROM furniture ORDER BY passage_id"
        for (passage_id,) in self._connection.execute(query):
            yield str(passage_id)

    def furniture(self, document_id: str) -> set[str]:
        """Ids of the passages of a document that are furniture of its source."""
        query = "SELECT passage_id FROM furniture WHERE passage_id BETWEEN ? AND ?"
        rows = self._connection.execute(query, (f"{document_id}:", f"{document_id};"))
        return {passage_id for (passage_id,) in rows}

    def rows_key(self, document_id: str) -> str | None:
        """Rows key of a live document."""
        query = "SELECT rows_key FROM live WHERE document_id = ?"
        row = self._connection.execute(query, (document_id,)).fetchone()
        return None if row is None else str(row[0])

    def near_copies(self, fingerprint: str, run: Runner = in_turn) -> Index:
        """The index of near copies, which keeps tables of its own in this file.

        Args:
            fingerprint: of the code and rules that the index depends on.
            run: applies the tasks of an update, here or elsewhere, such as `pool.map`.
        """
        return Index(self._connection, fingerprint, run)

    def remember(self, name: str, value: str) -> None:
        """Note one word about the last run, such as what it published."""
        with self._connection:
            self._connection.execute("INSERT OR REPLACE INTO note VALUES (?, ?)", (name, value))

    def recall(self, name: str) -> str | None:
        """What was noted under `name`, or None."""
        row = self._connection.execute("SELECT value FROM note WHERE name = ?", (name,)).fetchone()
        return None if row is None else str(row[0])


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
        State(folder).close()
    except (sqlite3.DatabaseError, StateError):
        return (set_aside(folder),)
    if version in (0, SCHEMA_VERSION):
        return ()
    return (f"{path} was of another version of the program; everything is read anew.",)


def _version(path: Path) -> int:
    with closing(sqlite3.connect(path, timeout=60)) as connection:
        return int(connection.execute("PRAGMA user_version").fetchone()[0])


def set_aside(folder: Path) -> str:
    """Move a torn file out of the way; gives a sentence that says so."""
    path = folder / FILE_NAME
    aside = path.with_suffix(".torn")
    path.replace(aside)
    _remove(path)
    return f"{path} was torn; it was set aside as {aside.name} and everything is read anew."


def _remove(path: Path) -> None:
    for tail in ("", "-wal", "-shm"):
        Path(f"{path}{tail}").unlink(missing_ok=True)


def _explained(error: Exception, path: Path) -> PipelineError:
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
            + f"PRAGMA user_version = {SCHEMA_VERSION};"
        )
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _slices(keys: Sequence[str]) -> Iterator[Sequence[str]]:
    return (keys[n : n + MAX_VARIABLES] for n in range(0, len(keys), MAX_VARIABLES))


@contextmanager
def lock(folder: Path) -> Iterator[None]:
    """Hold `folder`/lock; the kernel releases it however the process ends.

    Raises:
        RunningError: another run holds it; says which.
        PipelineError: the folder cannot be written to.
    """
    path = folder / "lock"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise PipelineError(
            f"{path}: cannot be written ({error.strerror}); give the run a folder it may write to."
        ) from error
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise RunningError(
                f"another run holds {path} ({_holder(handle)}); wait for it or end it."
            ) from error
        started = datetime.now(UTC).isoformat(timespec="seconds")
        holder = {"pid": os.getpid(), "host": socket.gethostname(), "started": started}
        os.ftruncate(handle, 0)
        os.pwrite(handle, json.dumps(holder).encode(), 0)
        yield
    finally:
        os.close(handle)


def _holder(handle: int) -> str:
    try:
        holder = json.loads(os.pread(handle, 1_000, 0))
        return f"process {holder['pid']} on {holder['host']} since {holder['started']}"
    except (ValueError, KeyError):
        return "it has not yet said who it is"
