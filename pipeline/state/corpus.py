"""The live documents in tables: what came and went, and what settling made of them.

A document is a row of `live`; what of it may repeat or be repeated are rows of `passage`, what may
be furniture of its source rows of `line`.  `renew` takes away the rows of documents that went and
adds those that came, and notes which keys and lines were touched.  `settle` has `furniture` and
`places` mend their answers for what was touched, and gives up what was made of the documents
whose answers changed: their `rows_key` is then null until `keep` sets it again.

Whatever the history, the tables end as those of a corpus that was settled at once; only the
numbers `doc`, which decide nothing, differ.  What was touched is noted in the same transaction in
which documents come and go, so that a run that is killed between the two settles in the next.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from itertools import chain

from pipeline.repeats import Index, Repeat
from pipeline.state import furniture, places, sources
from pipeline.state.documents import Outline, Standing, Unsettled, Waiting, standings
from pipeline.state.tables import note, paged, recall, temporary

_IS_WAITING = "NOT EXISTS (SELECT 1 FROM entry WHERE stage = 'rows' AND key = l.rows_key)"

_TABLES = (
    *("live", "passage", "line", "house", "standing", "telling", "tally", "house_line"),
    *("furniture", "copied", "repeat", "stale_key", "stale_line"),
)


class Corpus:
    """The live documents, in tables of the state file.

    Args:
        connection: to the state file.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    # --- documents that come and go

    def begin(self, fingerprint: str, index: Index) -> None:
        """Empty the tables unless code and rules of this fingerprint filled them.

        So they are, too, when the index of near copies was emptied meanwhile.
        """
        known = recall(self._db, "corpus").split()
        if known[:1] == [fingerprint] and int(known[1]) <= index.next_node():
            return
        with self._db:
            sources.touch_all(self._db)
            for table in _TABLES:
                self._db.execute(f"DELETE FROM {table}")
            # Keys that stay in the index but not in the corpus are found by this only.
            places.touch_whole_index(self._db)
            note(self._db, "corpus", f"{fingerprint} 0")

    def settled_by(self) -> str:
        """The fingerprint that `begin` was given last."""
        return (recall(self._db, "corpus").split() or [""])[0]

    def touched(self) -> Iterator[tuple[str, Standing | None]]:
        """The documents whose sources changed, each with how it stands now, if it does."""
        gone = """
            SELECT document_id FROM touched t WHERE NOT EXISTS (
                SELECT 1 FROM source s WHERE s.document_id = t.document_id AND key IS NOT NULL
            )
        """
        for (document_id,) in self._db.execute(gone):
            yield document_id, None
        query = """
            SELECT document_id, path, key FROM touched CROSS JOIN source USING (document_id)
            WHERE key IS NOT NULL ORDER BY document_id, path, record
        """
        for one in standings(self._db.execute(query)):
            yield one.document_id, one

    def renew(
        self,
        touched: Iterable[tuple[str, Standing | None]],
        outline: Callable[[str], Outline],
        streams: Callable[[str], Iterable[tuple[str, str]]],
        index: Index,
    ) -> None:
        """Have these documents live as they stand, and the index of near copies their passages.

        Args:
            touched: documents, each once; of those that are not among them nothing changed.
            outline: the outline of what was read under a key.
            streams: keys and streams of the passages of what was read under a key.
            index: the index of near copies, in the same file.
        """
        db = self._db
        with db:
            temporary(db, "wanted", "document_id PRIMARY KEY, read_key, folders")
            db.executemany(
                "INSERT INTO wanted VALUES (?, ?, ?)",
                (
                    (document_id, one.read_key, json.dumps(sorted(one.folders)))
                    if one is not None
                    else (document_id, None, None)
                    for document_id, one in touched
                ),
            )
            self._take_away()
            self._add(outline)
            db.execute("DELETE FROM touched")
            # Commits what came and went together with its own tables.
            index.change(places.gone_keys(db), places.missing(db, streams))
            note(self._db, "corpus", f"{recall(self._db, 'corpus').split()[0]} {index.next_node()}")

    def _take_away(self) -> None:
        db = self._db
        temporary(db, "moved", "doc INTEGER PRIMARY KEY")
        db.execute(
            """
            INSERT INTO moved SELECT doc FROM wanted w CROSS JOIN live l USING (document_id)
            WHERE w.read_key IS NOT l.read_key OR w.folders IS NOT l.folders
            """
        )
        furniture.take_away(db)
        places.take_away(db)
        db.execute("DELETE FROM live WHERE doc IN (SELECT doc FROM moved)")

    def _add(self, outline: Callable[[str], Outline]) -> None:
        db = self._db
        temporary(db, "moved", "doc INTEGER PRIMARY KEY")
        query = """
            SELECT document_id, read_key, folders FROM wanted w
            WHERE document_id > ? AND read_key IS NOT NULL
            AND NOT EXISTS (SELECT 1 FROM live l WHERE l.document_id = w.document_id)
            ORDER BY document_id LIMIT ?
        """
        for document_id, read_key, folders in paged(db, query, ("",)):
            self._add_document(outline(read_key), document_id, read_key, folders)
        furniture.add(db)
        places.touch(db)

    def _add_document(self, one: Outline, document_id: str, read_key: str, folders: str) -> None:
        db = self._db
        published = None if one.published is None else one.published.isoformat()
        doc = db.execute(
            "INSERT INTO live (document_id, read_key, folders, published, story) "
            "VALUES (?, ?, ?, ?, ?)",
            (document_id, read_key, folders, published, one.story or document_id),
        ).lastrowid
        db.execute("INSERT INTO moved VALUES (?)", (doc,))
        db.executemany(
            "INSERT INTO passage VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                (
                    doc,
                    each.start_char,
                    each.key,
                    each.plain_key,
                    each.sense,
                    each.is_spared,
                    each.is_head,
                )
                for each in one.repeatable
            ),
        )
        db.executemany(
            "INSERT INTO line VALUES (?, ?, ?, ?)",
            ((doc, each.start_char, each.key, each.is_sentence) for each in one.lines),
        )
        houses = [f"folder:{folder}" for folder in json.loads(folders)]
        houses += [f"publisher:{one.publisher.casefold()}"] if one.publisher else []
        houses += [f"host:{one.host}"] if one.host else []
        db.executemany(
            "INSERT OR IGNORE INTO house (name) VALUES (?)", ((name,) for name in houses)
        )
        db.executemany(
            "INSERT OR IGNORE INTO standing SELECT ?, id FROM house WHERE name = ?",
            ((doc, name) for name in houses),
        )

    # --- what settling makes of them

    def settle(self, rules_key: str, job: Callable[[Unsettled], Waiting]) -> None:
        """Tell anew what is furniture, what repeats what, and what is extracted from.

        Args:
            rules_key: what rows depend on beside their document; another one than at the last
                call has all documents told anew.
            job: what is to be extracted from a document.
        """
        db = self._db
        with db:
            if recall(db, "settled") != rules_key:
                db.execute("UPDATE live SET rows_key = NULL")
            # Documents whose published rows are other ones; `silenced` where what is extracted is.
            temporary(db, "changed", "doc INTEGER PRIMARY KEY")
            temporary(db, "silenced", "doc INTEGER PRIMARY KEY")
            furniture.settle(db)
            places.settle(db)
            db.execute("UPDATE live SET rows_key = NULL WHERE doc IN (SELECT doc FROM silenced)")
            db.execute("INSERT OR IGNORE INTO changed SELECT doc FROM live WHERE rows_key IS NULL")
            self._keep(job)
            # What a repeat leaves out is what its original says.
            db.execute(
                """
                UPDATE live SET origin = NULL WHERE doc IN (SELECT doc FROM changed)
                OR doc IN (SELECT r.doc FROM repeat r JOIN changed c ON r.of_doc = c.doc)
                """
            )
            note(db, "settled", rules_key)

    def _keep(self, job: Callable[[Unsettled], Waiting]) -> None:
        query = """
            SELECT doc, document_id, read_key FROM live WHERE rows_key IS NULL AND doc > ?
            ORDER BY doc LIMIT ?
        """
        silent = "SELECT start FROM repeat WHERE doc = ? AND is_silent"
        furnished = "SELECT start FROM furniture WHERE doc = ?"
        keep = "UPDATE live SET rows_key = ?, kept = ?, signs = ? WHERE doc = ?"
        for doc, document_id, read_key in paged(self._db, query, (0,)):
            starts = (
                frozenset(start for (start,) in self._db.execute(asked, (doc,)))
                for asked in (furnished, silent)
            )
            told = job(Unsettled(document_id, read_key, *starts))
            kept = ",".join(map(str, told.kept))
            self._db.execute(keep, (told.rows_key, kept, told.signs, doc))

    def waiting(self) -> tuple[int, Iterator[Waiting]]:
        """How many characters are to be extracted from, and the documents that have them.

        They are those that no rows are kept of; those with most to extract from come first.
        """
        # Each document is looked up once, for both.  No index has the order that is asked for:
        # SQLite sorts, and has read all before the first one comes.
        query = f"""
            SELECT sum(signs) OVER (), document_id, read_key, rows_key, kept, signs FROM live l
            WHERE {_IS_WAITING} ORDER BY signs DESC, document_id
        """
        rows = self._db.execute(query)
        first = rows.fetchone()
        if first is None:
            return 0, iter(())
        return int(first[0]), (_waiting(*row) for _, *row in chain((first,), rows))

    # --- what is asked of them

    def __len__(self) -> int:
        """How many documents live."""
        return int(self._db.execute("SELECT count(*) FROM live").fetchone()[0])

    def live(self) -> Iterator[tuple[str, str, str]]:
        """Id, read key and rows key of each live document, by id."""
        query = "SELECT document_id, read_key, rows_key FROM live ORDER BY document_id"
        yield from self._db.execute(query)

    def repeats(self, document_id: str) -> dict[str, Repeat]:
        """Passage id of each repeat in a document, with what it repeats."""
        query = """
            SELECT start, o.document_id, of_start, kind, similarity
            FROM live l JOIN repeat r ON r.doc = l.doc JOIN live o ON o.doc = of_doc
            WHERE l.document_id = ? ORDER BY start
        """
        return {
            f"{document_id}:{start}": Repeat(f"{original}:{of_start}", kind, similarity)
            for start, original, of_start, kind, similarity in self._db.execute(
                query, (document_id,)
            )
        }

    def furniture(self, document_id: str) -> set[str]:
        """Ids of the passages of a document that are furniture of its source."""
        query = "SELECT start FROM furniture JOIN live USING (doc) WHERE document_id = ?"
        return {f"{document_id}:{start}" for (start,) in self._db.execute(query, (document_id,))}

    def rows_key(self, document_id: str) -> str | None:
        """Rows key of a live document."""
        query = "SELECT rows_key FROM live WHERE document_id = ?"
        row = self._db.execute(query, (document_id,)).fetchone()
        return None if row is None else str(row[0])


def _waiting(document_id: str, read_key: str, rows_key: str, kept: str, signs: int) -> Waiting:
    positions = tuple(map(int, kept.split(","))) if kept else ()
    return Waiting(document_id, read_key, rows_key, positions, signs)
