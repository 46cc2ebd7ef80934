"""What each passage repeats, as set operations: the rule of `repeats.places`.

A document that comes or goes touches the keys of its passages, furniture that changes those of
its own, and the index of near copies those whose copy is another one.  Of touched keys, and of
those that are copies of them, the kept place is looked for again and all places are told anew.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from operator import itemgetter

from pipeline.state.tables import differing, temporary

# The copies that the index of near copies tells now, and those that the places were told by.
_NOW = "SELECT node, canonical, similarity FROM near_copy"
_BEFORE = "SELECT node, canonical, similarity FROM copied"

_NOT_FURNITURE = "NOT EXISTS (SELECT 1 FROM furniture f WHERE f.doc = p.doc AND f.start = p.start)"


def take_away(db: sqlite3.Connection) -> None:
    """Take away the places in the documents in `moved`."""
    touch(db)
    for table in ("repeat", "passage"):
        db.execute(f"DELETE FROM {table} WHERE doc IN (SELECT doc FROM moved)")


def touch(db: sqlite3.Connection) -> None:
    """Note the keys of the places in the documents in `moved`."""
    db.execute(
        "INSERT OR IGNORE INTO stale_key SELECT key FROM moved CROSS JOIN passage USING (doc)"
    )


def touch_whole_index(db: sqlite3.Connection) -> None:
    """Note every key that the index of near copies holds."""
    db.execute("INSERT OR IGNORE INTO stale_key SELECT key FROM near_node")


def gone_keys(db: sqlite3.Connection) -> Iterator[str]:
    """Keys that the index of near copies holds and that stand nowhere any more."""
    query = """
        SELECT key FROM stale_key s CROSS JOIN near_node USING (key)
        WHERE NOT EXISTS (SELECT 1 FROM passage p WHERE p.key = s.key)
    """
    for (key,) in db.execute(query):
        yield str(key)


def missing(
    db: sqlite3.Connection, streams: Callable[[str], Iterable[tuple[str, str]]]
) -> Iterator[tuple[str, str]]:
    """Key and stream, each key once, of what the index of near copies does not hold yet.

    Args:
        db: the connection.
        streams: keys and streams of the passages of what was read under a key.
    """
    temporary(db, "missing_key", "doc INTEGER, key")
    db.execute(
        """
        INSERT INTO missing_key
        SELECT (SELECT min(doc) FROM passage p WHERE p.key = s.key) AS first, key FROM stale_key s
        WHERE NOT EXISTS (SELECT 1 FROM near_node n WHERE n.key = s.key) AND first IS NOT NULL
        """
    )
    query = "SELECT read_key, key FROM missing_key JOIN live USING (doc) ORDER BY doc, key"
    for read_key, group in groupby(db.execute(query), key=itemgetter(0)):
        wanted = {key for _, key in group}
        yield from ((key, stream) for key, stream in streams(read_key) if key in wanted)


def settle(db: sqlite3.Connection) -> None:
    """Mend `repeat`; documents of which it changed are noted."""
    for name, columns in (
        ("asked", "key PRIMARY KEY, canonical, similarity"),
        ("kept", "key PRIMARY KEY, doc INTEGER, start INTEGER, is_head INTEGER"),
        ("told", "doc, start, of_doc, of_start, kind, similarity, is_silent"),
        ("told_before", "doc, start, of_doc, of_start, kind, similarity, is_silent"),
    ):
        temporary(db, name, columns)
    _ask(db)
    _choose(db)
    _tell(db)
    _write(db)
    db.execute("DELETE FROM stale_key")


def _ask(db: sqlite3.Connection) -> None:
    """Gather the keys whose places are told anew, each with the key that it is a copy of."""
    db.execute(
        f"""
        INSERT OR IGNORE INTO stale_key SELECT key FROM near_node
        WHERE id IN (SELECT node FROM ({differing(_NOW, _BEFORE)}))
        """
    )
    db.execute(f"DELETE FROM copied WHERE node IN (SELECT node FROM ({_BEFORE} EXCEPT {_NOW}))")
    db.execute(f"INSERT INTO copied SELECT * FROM ({_NOW} EXCEPT {_BEFORE})")
    db.execute(
        """
        INSERT INTO asked
        SELECT n.key, o.key, c.similarity FROM (
            SELECT id FROM stale_key CROSS JOIN near_node USING (key)
            UNION SELECT node FROM stale_key CROSS JOIN near_node USING (key)
            CROSS JOIN copied ON canonical = id
        ) CROSS JOIN near_node n USING (id) LEFT JOIN copied c ON c.node = n.id
        LEFT JOIN near_node o ON o.id = c.canonical
        """
    )


def _choose(db: sqlite3.Connection) -> None:
    """Find the kept place of each key that is asked for, or that one is a copy of."""
    db.execute(
        f"""
        INSERT INTO kept SELECT key, doc, start, is_head FROM (
            SELECT key, doc, start, is_head, row_number() OVER (
                PARTITION BY key
                ORDER BY is_spared, coalesce(published, '9999-12-31'), document_id, start
            ) AS rank
            FROM (SELECT key FROM asked UNION SELECT canonical FROM asked)
            CROSS JOIN passage p USING (key) CROSS JOIN live USING (doc) WHERE {_NOT_FURNITURE}
        ) WHERE rank = 1
        """
    )


def _tell(db: sqlite3.Connection) -> None:
    """What each place of the keys asked for repeats, and what it was said to repeat."""
    db.execute(
        f"""
        INSERT INTO told
        SELECT p.doc, p.start, o.doc, o.start,
            CASE WHEN p.plain = o.plain THEN 'exact' ELSE 'near' END,
            CASE WHEN p.plain = o.plain OR copy.doc IS NULL THEN 1.0 ELSE a.similarity END,
            p.plain = o.plain AND p.sense = o.sense AND NOT p.is_spared
        FROM asked a CROSS JOIN passage p USING (key)
        JOIN kept own ON own.key = a.key
        LEFT JOIN kept copy ON copy.key = a.canonical AND copy.is_head = own.is_head
        JOIN passage o ON o.doc = coalesce(copy.doc, own.doc)
            AND o.start = coalesce(copy.start, own.start)
        WHERE (o.doc, o.start) <> (p.doc, p.start) AND {_NOT_FURNITURE}
        """
    )
    db.execute(
        "INSERT INTO told_before SELECT r.* FROM asked CROSS JOIN passage USING (key) "
        "CROSS JOIN repeat r USING (doc, start)"
    )


def _write(db: sqlite3.Connection) -> None:
    """Put what is told in place of what was, where they differ, and note the documents."""
    for noted, columns, which in (
        ("changed", "doc, start, of_doc, of_start, kind, similarity", "true"),
        ("silenced", "doc, start", "is_silent"),
    ):
        now = f"SELECT {columns} FROM told WHERE {which}"
        before = f"SELECT {columns} FROM told_before WHERE {which}"
        db.execute(
            f"""
            INSERT OR IGNORE INTO {noted} SELECT doc FROM ({differing(now, before)})
            """
        )
    db.execute(
        "DELETE FROM repeat WHERE (doc, start) IN (SELECT doc, start FROM told_before "
        "EXCEPT SELECT doc, start FROM told)"
    )
    db.execute("REPLACE INTO repeat SELECT * FROM told EXCEPT SELECT * FROM told_before")
