"""Pairs put aside until those of all buckets are there, and given back by ranges of nodes.

How often a pair stands in the buckets is known only at the end, and all pairs of a large update
do not fit into memory.  So they are gathered, sorted, cut into ranges of their smaller node and
written to a temporary table whenever many are held; a few updates a day never write any.

Source: external merge sort, with its runs cut by range (Knuth, "The Art of Computer Programming",
volume 3, section 5.4).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from pipeline.repeats.postings import NODE_BITS
from pipeline.repeats.shingles import Ints
from pipeline.repeats.store import Store

# Pairs in memory, 8 bytes each; sorting them takes as much again.
MOST_HELD = 1 << 21
# Nodes whose pairs are given back together.  A node may share 64 hashes with 63 others each: of
# 20,000 nodes with few words between them the pairs alone took 500 MB.
PART_BITS = 12
PART = 1 << PART_BITS


class Aside:
    """Pairs of one update, in a temporary table beside those of the store where they are many.

    Example:
        >>> import sqlite3
        >>> aside = Aside(Store(sqlite3.connect(":memory:"), "1"))
        >>> for pair in (7, (PART << NODE_BITS) | 9_000, 5, 7):
        ...     aside.put(np.array([pair]))
        >>> [len(part) for part in aside.parts()]
        [3, 1]
    """

    def __init__(self, store: Store) -> None:
        self._db = store.db
        self._held: list[Ints] = []
        self._count = 0
        self._is_written = False

    def put(self, pairs: Ints) -> None:
        """Keep pairs: the smaller node of each in front of the larger one (`postings.ends`)."""
        self._held.append(pairs)
        self._count += len(pairs)
        if self._count >= MOST_HELD:
            self._write()

    def parts(self) -> Iterator[Ints]:
        """All pairs that were kept, in order, by ranges of their smaller node; asked once."""
        if not self._is_written:
            yield from (some for _, some in self._cut())
            return
        self._write()
        query = "SELECT DISTINCT part FROM near_part ORDER BY part"
        for (part,) in self._db.execute(query).fetchall():
            rows = self._db.execute("SELECT pairs FROM near_part WHERE part = ?", (part,))
            yield np.sort(np.concatenate([np.frombuffer(row, np.int64) for (row,) in rows]))
        self._db.execute("DELETE FROM near_part")

    def _write(self) -> None:
        if not self._is_written:
            self._db.execute("CREATE TEMP TABLE IF NOT EXISTS near_part (part, pairs BLOB)")
            self._db.execute("CREATE INDEX IF NOT EXISTS temp.near_part_part ON near_part (part)")
            self._db.execute("DELETE FROM near_part")
            self._is_written = True
        rows = ((part, some.tobytes()) for part, some in self._cut())
        self._db.executemany("INSERT INTO near_part VALUES (?, ?)", rows)

    def _cut(self) -> Iterator[tuple[int, Ints]]:
        """What is held, in order, by ranges; nothing is held any more."""
        if not self._count:
            return
        pairs = np.concatenate(self._held)
        self._held, self._count = [], 0
        pairs.sort()
        width = NODE_BITS + PART_BITS
        numbers = np.arange(pairs[0] >> width, (pairs[-1] >> width) + 2)
        bounds = np.searchsorted(pairs, numbers << width).tolist()
        for number, start, end in zip(numbers.tolist(), bounds, bounds[1:], strict=False):
            if start < end:
                yield number, pairs[start:end]
