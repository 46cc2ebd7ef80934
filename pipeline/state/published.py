"""What the rows of each document are made from, now and in the snapshot published last.

A run that adds a hundred documents to a hundred thousand makes the rows of a hundred: of
the others the snapshot has them, and `origin` and `made` tell which these are.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from pipeline.state.tables import note, paged, recall


@dataclass(frozen=True, slots=True)
class Other:
    """A document whose rows are not those of the snapshot published last.

    Its keys are empty where it went.
    """

    document_id: str
    read_key: str
    rows_key: str
    is_live: bool


class Origins:
    """Keys of what the rows of documents are made from, in tables of the state file.

    Args:
        connection: to the state file.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    def trace(self, code: str, origin: Callable[[tuple[str, ...]], str]) -> None:
        """Tell of each document what its published rows are made from, as one key.

        Only those are told anew of which that changed.

        Args:
            code: what rows depend on beside the corpus.
            origin: the key of some words.
        """
        query = """
            SELECT doc, document_id, read_key, rows_key FROM live
            WHERE origin IS NULL AND doc > ? ORDER BY doc LIMIT ?
        """
        said = """
            SELECT start, o.document_id, of_start, kind, similarity, o.rows_key
            FROM repeat r JOIN live o ON o.doc = of_doc WHERE r.doc = ? ORDER BY start
        """
        lines = "SELECT start FROM furniture WHERE doc = ? ORDER BY start"
        db = self._db
        with db:
            if recall(db, "traced") != code:
                db.execute("UPDATE live SET origin = NULL")
            for doc, *words in paged(db, query, (0,)):
                more = [" ".join(map(str, each)) for each in db.execute(said, (doc,))]
                more += [str(start) for (start,) in db.execute(lines, (doc,))]
                key = origin((code, *words, *more))
                db.execute("UPDATE live SET origin = ? WHERE doc = ?", (key, doc))
            note(db, "traced", code)

    def unchanged(self, snapshot: str) -> int:
        """Of how many documents a snapshot has the rows as they are now."""
        if recall(self._db, "made") != snapshot:
            return 0
        query = "SELECT count(*) FROM live JOIN made USING (document_id, origin)"
        return int(self._db.execute(query).fetchone()[0])

    def others(self) -> Iterator[Other]:
        """Documents that came, went or have other rows since the last snapshot, by id."""
        query = """
            SELECT l.document_id, read_key, rows_key, 1
            FROM live l LEFT JOIN made m USING (document_id) WHERE l.origin IS NOT m.origin
            UNION ALL
            SELECT document_id, '', '', 0 FROM made m
            WHERE NOT EXISTS (SELECT 1 FROM live l WHERE l.document_id = m.document_id)
            ORDER BY 1
        """
        for document_id, read_key, rows_key, is_live in self._db.execute(query):
            yield Other(document_id, read_key, rows_key, bool(is_live))

    def of_made(self, snapshot: str, ids: Collection[str]) -> dict[str, str]:
        """What the rows of documents in a snapshot are made from; nothing where it is not known."""
        if recall(self._db, "made") != snapshot:
            return {}
        query = "SELECT document_id, origin FROM made WHERE document_id = ?"
        return {
            str(document_id): str(origin)
            for one in ids
            for document_id, origin in self._db.execute(query, (one,))
        }

    def set_made(self, snapshot: str) -> None:
        """Note that a snapshot holds what the documents are now; only what differs is written."""
        with self._db:
            self._db.execute(
                "DELETE FROM made WHERE document_id NOT IN (SELECT document_id FROM live)"
            )
            self._db.execute(
                """
                REPLACE INTO made SELECT document_id, origin FROM live l WHERE NOT EXISTS (
                    SELECT 1 FROM made m WHERE m.document_id = l.document_id
                    AND m.origin = l.origin
                )
                """
            )
            note(self._db, "made", snapshot)
