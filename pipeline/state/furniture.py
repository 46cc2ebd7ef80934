"""Which lines are furniture of their source, as set operations: the rule of `repeats.recurring`.

    house       publishers, hosts and folders, by number
    standing    which document is a page of which house
    telling     in how many pages of a house a story stands with a line; the line '' is in all
    tally       how many stories that is, from `LEAST` on
    house_line  lines that are furniture of a house
    furniture   where they stand

A document that comes or goes touches its own lines, and through the number of stories of its
houses the bar that all lines of these are held against.  So of the lines that it has the
stories are counted again, of its houses all tallies are held against the bar again, and of the
lines whose verdict changed all places are told anew.
"""

from __future__ import annotations

import sqlite3

from pipeline.repeats.recurring import LEAST, MANY, PART, PART_FOR_SENTENCES
from pipeline.state.tables import differing, temporary

# The lines of the documents in `moved`, those that stand on a page twice once; '' for the page.
_SAID = """
    WITH said (doc, key, is_sentence) AS (
        SELECT DISTINCT doc, key, is_sentence FROM moved CROSS JOIN line USING (doc)
        UNION ALL SELECT doc, '', 0 FROM moved
    )
"""
_TOLD = f"""
    {_SAID} SELECT house, key, is_sentence, story, count(*) AS pages
    FROM said CROSS JOIN standing USING (doc) CROSS JOIN live USING (doc) GROUP BY 1, 2, 3, 4
"""


def take_away(db: sqlite3.Connection) -> None:
    """Take away the pages of the documents in `moved`."""
    _touch(db)
    _count(db, "-")
    db.execute(
        f"""
        DELETE FROM telling WHERE pages = 0 AND (house, key, is_sentence, story) IN (
            SELECT house, key, is_sentence, story FROM ({_TOLD})
        )
        """
    )
    for table in ("furniture", "standing", "line"):
        db.execute(f"DELETE FROM {table} WHERE doc IN (SELECT doc FROM moved)")


def add(db: sqlite3.Connection) -> None:
    """Add the pages of the documents in `moved`, whose lines and houses stand in their tables."""
    _touch(db)
    _count(db, "+")


def _touch(db: sqlite3.Connection) -> None:
    db.execute(
        f"""
        INSERT OR IGNORE INTO stale_line
        {_SAID} SELECT house, key, is_sentence FROM said CROSS JOIN standing USING (doc)
        """
    )


def _count(db: sqlite3.Connection, sign: str) -> None:
    db.execute(
        f"""
        INSERT INTO telling {_TOLD}
        ON CONFLICT DO UPDATE SET pages = pages {sign} excluded.pages
        """
    )


def settle(db: sqlite3.Connection) -> None:
    """Mend `furniture`; documents of which it changed are noted, and the keys of its passages."""
    _tally(db)
    _judge(db)
    _place(db)
    db.execute("DELETE FROM stale_line")


def _tally(db: sqlite3.Connection) -> None:
    """Count the stories of the touched lines again."""
    db.execute(
        "DELETE FROM tally WHERE (house, key, is_sentence) IN "
        "(SELECT house, key, is_sentence FROM stale_line)"
    )
    db.execute(
        """
        INSERT INTO tally SELECT house, key, is_sentence, count(*)
        FROM stale_line CROSS JOIN telling USING (house, key, is_sentence)
        GROUP BY 1, 2, 3 HAVING count(*) >= ?
        """,
        (LEAST,),
    )


def _judge(db: sqlite3.Connection) -> None:
    """Hold all lines of the touched houses against the bar; those of another verdict are noted."""
    for name in ("house_line_now", "house_line_changed"):
        temporary(db, name, "house, key, PRIMARY KEY (house, key)")
    touched = "SELECT DISTINCT house FROM stale_line"
    db.execute(
        f"""
        INSERT OR IGNORE INTO house_line_now
        SELECT house, line.key FROM ({touched})
        CROSS JOIN tally whole USING (house) CROSS JOIN tally line USING (house)
        WHERE whole.key = '' AND line.key <> '' AND CASE line.is_sentence
            WHEN 1 THEN line.stories >= :sentences * whole.stories
            ELSE line.stories >= :many OR line.stories >= :part * whole.stories
        END
        """,
        {"sentences": PART_FOR_SENTENCES, "many": MANY, "part": PART},
    )
    before = f"SELECT house, key FROM ({touched}) CROSS JOIN house_line USING (house)"
    now = "SELECT house, key FROM house_line_now"
    db.execute(f"INSERT INTO house_line_changed {differing(now, before)}")
    db.execute(f"DELETE FROM house_line WHERE house IN ({touched})")
    db.execute(f"INSERT INTO house_line {now}")


def _place(db: sqlite3.Connection) -> None:
    """Tell again where furniture stands, in documents that came or have a line of `_judge`."""
    for name, columns in (
        ("page", "doc INTEGER PRIMARY KEY"),
        ("furniture_now", "doc, start, PRIMARY KEY (doc, start)"),
        ("furniture_changed", "doc, start, PRIMARY KEY (doc, start)"),
    ):
        temporary(db, name, columns)
    db.execute(
        """
        INSERT OR IGNORE INTO page
        SELECT doc FROM live WHERE rows_key IS NULL
        UNION SELECT l.doc FROM house_line_changed c CROSS JOIN line l ON l.key = c.key
        CROSS JOIN standing s ON s.doc = l.doc AND s.house = c.house
        """
    )
    db.execute(
        """
        INSERT INTO furniture_now
        SELECT doc, start FROM page CROSS JOIN line l USING (doc) WHERE EXISTS (
            SELECT 1 FROM standing s CROSS JOIN house_line h USING (house)
            WHERE s.doc = l.doc AND h.key = l.key
        )
        """
    )
    before = "SELECT doc, start FROM page CROSS JOIN furniture USING (doc)"
    now = "SELECT doc, start FROM furniture_now"
    db.execute(f"INSERT INTO furniture_changed {differing(now, before)}")
    db.execute("DELETE FROM furniture WHERE doc IN (SELECT doc FROM page)")
    db.execute(f"INSERT INTO furniture {now}")
    for noted in ("changed", "silenced"):
        db.execute(f"INSERT OR IGNORE INTO {noted} SELECT doc FROM furniture_changed")
    db.execute(
        "INSERT OR IGNORE INTO stale_key "
        "SELECT key FROM furniture_changed CROSS JOIN passage USING (doc, start)"
    )
