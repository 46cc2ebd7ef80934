"""Entries of the cache, rows of `raw/` as the last scan saw it, attempts and notes."""

from __future__ import annotations

import hashlib
import sqlite3
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from pipeline.repeats import Index, Runner, in_turn
from pipeline.state import sources
from pipeline.state.corpus import Corpus
from pipeline.state.published import Origins
from pipeline.state.sources import File, Glimpse, Source
from pipeline.state.tables import FILE_NAME, connect, explained, note, recall, temporary

Stage = Literal[
    "index", "read", "outline", "streams", "refused", "crashed", "batch", "model", "rows"
]

# SQLite takes at most 32,766 variables a statement in its default build.
MAX_VARIABLES = 10_000


def content_key(*parts: str) -> str:
    """Key of an entry: a hash of all that it depends on, 40 hex digits.

    Example:
        >>> content_key("a", "bc") == content_key("ab", "c")
        False
    """
    joined = "".join([f"{len(part)}:{part}" for part in parts])
    return hashlib.sha256(joined.encode("utf-8", "surrogatepass")).hexdigest()[:40]


class State:
    """The cache in `folder`/state.db; made when absent.

    Raises:
        StateError: the file is torn, now or when the context is left by what was met in it.
        DiskError: the disk is full, or the file may not be written to.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE_NAME
        self._connection = connect(folder)

    def __enter__(self) -> State:
        return self

    def __exit__(self, _: object, error: BaseException | None, *__: object) -> None:
        self.close()
        if isinstance(error, sqlite3.Error | zlib.error):
            raise explained(error, self._path) from error

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

    def count(self, stage: Stage) -> int:
        """How many entries the stage has."""
        query = "SELECT count(*) FROM entry WHERE stage = ?"
        return int(self._connection.execute(query, (stage,)).fetchone()[0])

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

    def retain(self, stage: Stage, keys: Iterable[str]) -> None:
        """Drop the stage's entries that are not among `keys`."""
        if not self.count(stage):
            return
        with self._connection:
            temporary(self._connection, "retained", "key PRIMARY KEY")
            self._connection.executemany(
                "INSERT OR IGNORE INTO retained VALUES (?)", ((key,) for key in keys)
            )
            self._connection.execute(
                "DELETE FROM entry WHERE stage = ? AND key NOT IN (SELECT key FROM retained)",
                (stage,),
            )

    def stale(self, stage: Literal["read", "rows"]) -> list[str]:
        """Keys of the stage's entries that no live document is made from."""
        needed = {"read": "read_key", "rows": "rows_key"}[stage]
        # In order, the needed ones are put side by side and not looked up one by one.
        query = f"""
            SELECT key FROM entry WHERE stage = ? AND key NOT IN (
                SELECT {needed} FROM live WHERE {needed} IS NOT NULL ORDER BY 1
            )
        """
        return [str(key) for (key,) in self._connection.execute(query, (stage,))]

    def entries(self) -> Iterator[tuple[Stage, str, str]]:
        """All entries: stage, key, text."""
        for stage, key, value in self._connection.execute("SELECT * FROM entry"):
            yield stage, key, zlib.decompress(value).decode("utf-8", "surrogatepass")

    def see(
        self, files: Iterable[File], look: Callable[[File, Glimpse | None], Glimpse | None]
    ) -> None:
        """Hold `raw/` against what is known.

        What is noted does not outlive the connection, but for the stamps of files that are as they
        were.

        Args:
            files: all there are, in the order of their paths.
            look: gives the row of a file, told the one that is known of it; None where the file is
                one of many records.
        """
        with self._connection:
            sources.see(self._connection, files, look)

    def set_sources(self, others: Iterable[Glimpse], settled_by: str) -> None:
        """Make what was seen, and the rows of files of many records, what is known of `raw/`.

        Args:
            others: the rows of files of many records.
            settled_by: the key of the code that settles the corpus; where another one did so
                last, every document is touched.
        """
        with self._connection:
            is_known = self.corpus.settled_by() == settled_by
            sources.replace(self._connection, others, is_known=is_known)

    def unread(self) -> Iterator[list[Glimpse]]:
        """The files of one document that changed since the corpus was settled, and like ones."""
        yield from sources.unread(self._connection)

    def unread_of_many(self) -> set[str]:
        """The files of many records that changed since the corpus was settled, and like ones."""
        return sources.of_many(self._connection)

    def change_sources(self, changed: Iterable[Source]) -> None:
        """Put other words in place of those known of some sources."""
        with self._connection:
            sources.change(self._connection, changed)

    def sources(self) -> Iterator[Source]:
        """Each source, by path and record; it may be changed once it was given."""
        yield from sources.every(self._connection)

    def source_columns(self) -> Iterator[Mapping[str, Sequence[Any]]]:
        """The columns of the sources, some thousand rows at a time, in the order of `sources`."""
        yield from sources.columns(self._connection)

    def sources_of(self, paths: Iterable[str]) -> Iterator[Source]:
        """The sources in some files."""
        yield from sources.in_files(self._connection, paths)

    def paths_named(self, name: str) -> list[str]:
        """The paths of all files of one document that have a name, in whatever folder."""
        return sources.named(self._connection, name)

    def refused_sources(self) -> Iterator[Source]:
        """The sources that reading refused since the corpus was settled; as `sources`."""
        yield from sources.refused(self._connection)

    @property
    def corpus(self) -> Corpus:
        """The live documents, which have tables of their own in this file."""
        return Corpus(self._connection)

    @property
    def origins(self) -> Origins:
        """What the rows of the live documents are made from, in tables of this file."""
        return Origins(self._connection)

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
            note(self._connection, name, value)

    def recall(self, name: str) -> str:
        """What was noted under `name`, or nothing."""
        return recall(self._connection, name)


def _slices(keys: Sequence[str]) -> Iterator[Sequence[str]]:
    return (keys[n : n + MAX_VARIABLES] for n in range(0, len(keys), MAX_VARIABLES))
