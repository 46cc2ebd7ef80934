"""The tables of the index of near copies, in the one state file.

    near_node     a live stream: number, key, tokens
    near_size     sizes of the samples of a chunk of nodes, by the first of them
    near_posting  sorted postings of one bucket, a run for each chunk that added to it
    near_gone     nodes that went and whose postings are still there
    near_pair     candidate pairs with their verdict
    near_copy     which node is a copy of which, and how alike
    near_meta     the code and rules that made the entries, and the number of the next node

Postings are arrays, so that a bucket is read as it is joined; runs of a bucket become one when
there are many, or many postings of gone nodes in them.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from pipeline.repeats.postings import BUCKETS, LEFT, STAYS, Statuses, merged
from pipeline.repeats.shingles import Ints
from pipeline.repeats.tokens import VERSION

# Nodes whose pairs are gathered, and whose components are clustered, together.
PART = 20_000
# Runs of a bucket, and share of postings of gone nodes, from which all runs become one.
MOST_RUNS = 12
MOST_GONE = 0.2
CACHE_KIB = 65_536

_TABLES = {
    "near_node": "id INTEGER PRIMARY KEY, key TEXT, tokens TEXT",
    "near_size": "first INTEGER PRIMARY KEY, sizes BLOB",
    "near_posting": "bucket INTEGER, first INTEGER, postings BLOB",
    "near_gone": "node INTEGER PRIMARY KEY",
    "near_pair": "a INTEGER, b INTEGER, verdict INTEGER, score REAL, margin REAL, "
    "containment REAL, extras INTEGER, PRIMARY KEY (a, b)",
    "near_copy": "node INTEGER PRIMARY KEY, canonical INTEGER, similarity REAL, same_words INTEGER",
}
_WITHOUT_ROWID = {"near_pair"}
_RUNS = "CREATE INDEX IF NOT EXISTS near_run ON near_posting (bucket, first)"
_INDEXES = (
    "CREATE UNIQUE INDEX IF NOT EXISTS near_key ON near_node (key)",
    "CREATE INDEX IF NOT EXISTS near_pair_by_b ON near_pair (b)",
)
VERDICTS = {"apart": 0, "same": 1, "vetoed": 2}
SAME = VERDICTS["same"]


class Store:
    """The tables `near_*` of a connection; made when absent, emptied for another fingerprint."""

    def __init__(self, connection: sqlite3.Connection, fingerprint: str) -> None:
        self.db = connection
        self._make_tables(f"{VERSION} {fingerprint}")

    def next_node(self) -> int:
        """The number of the next node; no number is given twice."""
        (number,) = self.db.execute("SELECT next FROM near_meta").fetchone()
        return int(number)

    def make_indexes(self) -> None:
        """Make the indexes when the first update has filled the tables.

        Keys have no order: put into an index one by one, those of a large first load fall on all
        its pages time and again; sorted once they are written once.
        """
        for each in _INDEXES:
            self.db.execute(each)

    def tidy(self) -> None:
        """Make one run of each bucket when there are many, or many postings of gone nodes."""
        (runs,) = self.db.execute("SELECT count(DISTINCT first) FROM near_posting").fetchone()
        (gone,) = self.db.execute("SELECT count(*) FROM near_gone").fetchone()
        if runs <= MOST_RUNS and gone <= MOST_GONE * self._live(gone):
            return
        is_gone = self.statuses() == LEFT
        for bucket in range(BUCKETS):
            postings = merged(self.runs(bucket), is_gone)
            self.db.execute("DELETE FROM near_posting WHERE bucket = ?", (bucket,))
            if postings:
                self.db.execute("INSERT INTO near_posting VALUES (?, 0, ?)", (bucket, postings))
        sizes = self.sizes()
        self.db.execute("DELETE FROM near_size")
        self.db.execute("INSERT INTO near_size VALUES (0, ?)", (sizes.tobytes(),))
        self.db.execute("DELETE FROM near_gone")

    def put_run(self, first: int, sizes: Ints, buckets: Sequence[Sequence[bytes]]) -> None:
        """Keep what was sampled of new nodes as one run of each bucket.

        Args:
            first: the number of the first of the nodes.
            sizes: the size of the sample of each.
            buckets: postings, bucket by bucket, of one chunk of the nodes after the other.
        """
        none = np.zeros(0, bool)
        self.db.execute("INSERT INTO near_size VALUES (?, ?)", (first, sizes.tobytes()))
        runs = (
            buckets[0]
            if len(buckets) == 1
            else [merged(parts, none) for parts in zip(*buckets, strict=True)]
        )
        self.db.executemany(
            "INSERT INTO near_posting VALUES (?, ?, ?)",
            ((number, first, run) for number, run in enumerate(runs) if run),
        )

    def note_gone(self, nodes: Iterable[int]) -> None:
        """Note nodes whose postings stay until the runs become one."""
        self.db.executemany("INSERT INTO near_gone VALUES (?)", ((node,) for node in nodes))

    def _live(self, gone: int) -> int:
        """How many nodes there are; not counted unless some are gone."""
        query = "SELECT count(*) FROM near_node"
        return int(self.db.execute(query).fetchone()[0]) if gone else 0

    def sizes(self) -> Ints:
        """The size of the sample of each node."""
        found = np.zeros(self.next_node(), np.int64)
        for first, sizes in self.db.execute("SELECT first, sizes FROM near_size ORDER BY first"):
            part = np.frombuffer(sizes, np.int64)
            found[first : first + len(part)] = part
        return found

    def statuses(self) -> Statuses:
        """What each node was before the update."""
        found = np.full(self.next_node(), STAYS, np.uint8)
        rows = self.db.execute("SELECT node FROM near_gone")
        found[np.fromiter((node for (node,) in rows), np.int64)] = LEFT
        return found

    def runs(self, bucket: int) -> tuple[bytes, ...]:
        """The sorted postings of a bucket, a run for each chunk."""
        query = "SELECT postings FROM near_posting WHERE bucket = ? ORDER BY first"
        return tuple(postings for (postings,) in self.db.execute(query, (bucket,)))

    def pairs_of(self, nodes: Iterable[int], column: str) -> Iterator[tuple[int, int, int]]:
        """The pairs with one of these nodes in the column (`a` or `b`), with their verdict."""
        query = f"SELECT a, b, verdict FROM json_each(?) CROSS JOIN near_pair ON {column} = value"
        yield from self.asked(query, nodes)

    def asked(self, query: str, nodes: Iterable[int]) -> sqlite3.Cursor:
        """Rows of a query that joins a list of numbers."""
        return self.db.execute(query, (str(sorted(nodes)),))

    def _make_tables(self, fingerprint: str) -> None:
        # Nodes are read all over the table; the 2 MB of the default would be read in vain.
        self.db.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        with self.db:
            columns = [name for _, name, *_ in self.db.execute("PRAGMA table_info(near_meta)")]
            row = None
            if columns == ["fingerprint", "next"]:
                row = self.db.execute("SELECT fingerprint FROM near_meta").fetchone()
            if row != (fingerprint,):
                # The columns may be other ones, too.
                for name in (*_TABLES, "near_meta", "near_common"):
                    self.db.execute(f"DROP TABLE IF EXISTS {name}")
                self.db.execute("CREATE TABLE near_meta (fingerprint TEXT, next INTEGER)")
                self.db.execute("INSERT INTO near_meta VALUES (?, 0)", (fingerprint,))
            for name, each in _TABLES.items():
                tail = " WITHOUT ROWID" if name in _WITHOUT_ROWID else ""
                self.db.execute(f"CREATE TABLE IF NOT EXISTS {name} ({each}){tail}")
            self.db.execute(_RUNS)
