"""The index of near copies over the whole history, kept in SQLite and mended run by run.

What it answers is a function of the set of live streams alone; four rules keep it so.  A node is
its content.  `verify` always gets the smaller key first.  When a hash passes the cap in
either direction, the pairs of the nodes it stands in are counted again.  Components touched by a
pair that came or went are clustered again from nothing.  Node numbers depend on history
and decide nothing.

An update is a row of tasks: samples by chunk of streams, pairs by bucket, verdicts by chunk of
pairs.  They are pure functions of what they are given, and a `Runner` may apply them elsewhere, in
processes or on a cluster; the tables are read and written here, and components are clustered here.
Memory is bounded by a few chunks, one part of the shared hashes, and numbers: two small ones a
node and one a candidate pair.

Postings are sorted arrays in SQLite, joined by numpy, because that was the cheapest of three ways
to the same pairs.  CPU seconds to load, to join all, and for 8,000 nodes more: 0.3, 1.4, 0.9 with
arrays and 0.6, 2.3, 0.6 with DuckDB at 100,000 nodes (4.1 million postings); 3.1, 10.6, 2.9 and
2.0, 22.8, 4.0 at 500,000.  A row for each posting took 4.4 to load and 1.7 to be read once at
100,000.  So one state file is enough, and an update stays one transaction.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

import numpy as np

from pipeline.repeats.clusters import Copy
from pipeline.repeats.components import recluster
from pipeline.repeats.pairs import join
from pipeline.repeats.postings import Sketch, sketched
from pipeline.repeats.store import PART, SAME, VERDICTS, Store
from pipeline.repeats.tasks import Runner, chunks, handed, in_turn, slices

# Streams that are sampled in one task.
STREAMS_A_TASK = 10_000
# Tasks whose postings are written as one run: many small runs would soon be written again.
TASKS_A_RUN = 6


class Index:
    """Near copies among all live streams, in the tables `near_*` of a connection.

    Args:
        connection: where the tables are, made when absent; every update is one transaction.
        fingerprint: names the code and rules that made the entries; another one empties
            the tables, and then every key is missing.
        run: applies the tasks of an update; the answer does not depend on it.

    Example:
        >>> from pipeline.repeats.tokens import key_of, stream
        >>> texts = ["The mayor of Lima opened the new port on 5 May 2021, the council said.",
        ...          "LIMA, May 6 (EFE) - The mayor of Lima has opened the new port on "
        ...          "May 5, 2021, the city council said.",
        ...          "The mayor of Lima opened the new port on 7 May 2021, the council said."]
        >>> streams = {key_of(s): s for s in map(stream, texts)}
        >>> index = Index(sqlite3.connect(":memory:"), "1")
        >>> index.missing(streams) == set(streams)
        True
        >>> index.update(streams, streams.items())
        1
        >>> first, second, third = streams
        >>> index.copies()[first].canonical == second
        True
    """

    def __init__(
        self, connection: sqlite3.Connection, fingerprint: str, run: Runner = in_turn
    ) -> None:
        self._store = Store(connection, fingerprint)
        self._run = run

    def missing(self, live: Iterable[str]) -> set[str]:
        """Those of the live keys whose stream the index does not hold yet."""
        found = set(live)
        for (key,) in self._store.db.execute("SELECT key FROM near_node"):
            found.discard(key)
        return found

    def update(self, live: Iterable[str], streams: Iterable[tuple[str, str]]) -> int:
        """Make `live` the set of live streams; gives how many of them are near copies.

        Args:
            live: keys of all live streams.
            streams: key and stream, in any order, of at least each live key that is `missing`;
                read once, and not held.

        Raises:
            KeyError: the stream of a missing key is not among them.
        """
        wanted = set(live)
        gone: list[int] = []
        for key, node in self._store.db.execute("SELECT key, id FROM near_node"):
            if key in wanted:
                wanted.discard(key)
            else:
                gone.append(node)
        return self._mend(gone, _all_of(wanted, streams))

    def next_node(self) -> int:
        """The number of the next node; it never falls unless the tables are emptied."""
        return self._store.next_node()

    def change(self, gone: Iterable[str], streams: Iterable[tuple[str, str]]) -> int:
        """Take some streams away and add others; gives how many are near copies now.

        Nothing here grows with the number of streams that stay.

        Args:
            gone: keys that the index holds and that live no more.
            streams: key and stream, each key once, of what the index does not hold; read when
                those that are gone are away, and not held.
        """
        query = "SELECT id FROM near_node WHERE key = ?"
        nodes = [int(node) for key in gone for (node,) in self._store.db.execute(query, (key,))]
        return self._mend(nodes, streams)

    def _mend(self, gone: Sequence[int], streams: Iterable[tuple[str, str]]) -> int:
        """Remove and add nodes in one transaction."""
        with self._store.db:
            neighbours = self._remove(gone)
            first = self._store.next_node()
            self._add(streams)
            if gone or self._store.next_node() > first:
                # Runs that are one already are joined without being sorted again.
                self._store.tidy()
                touched = join(self._store, self._run, first, gone) | neighbours
                self._store.make_indexes()
                recluster(self._store, touched)
                self._store.note_gone(gone)
                self._store.tidy()
        (count,) = self._store.db.execute("SELECT count(*) FROM near_copy").fetchone()
        return int(count)

    def copies(self) -> dict[str, Copy]:
        """What each near copy repeats, by key."""
        query = (
            "SELECT n.key, c.key, similarity, same_words FROM near_copy "
            "JOIN near_node n ON n.id = node JOIN near_node c ON c.id = canonical"
        )
        return {
            key: Copy(canonical, similarity, bool(same_words))
            for key, canonical, similarity, same_words in self._store.db.execute(query)
        }

    def nearest_to_threshold(self, count: int) -> list[tuple[str, str]]:
        """Streams of the pairs that were nearest to another verdict, the smaller key first.

        Half of them passed or missed the likeness by least, half were alike and vetoed.
        """
        likeness = f"verdict <> {VERDICTS['vetoed']} ORDER BY abs(margin)"
        vetoed = f"verdict = {VERDICTS['vetoed']} ORDER BY score DESC"
        found: list[tuple[str, str]] = []
        for choice, share in ((likeness, count - count // 2), (vetoed, count // 2)):
            query = (
                "SELECT min(x.key, y.key) AS low, max(x.key, y.key) AS high, "
                "CASE WHEN x.key < y.key THEN x.tokens ELSE y.tokens END, "
                "CASE WHEN x.key < y.key THEN y.tokens ELSE x.tokens END "
                "FROM near_pair JOIN near_node x ON x.id = a JOIN near_node y ON y.id = b "
                f"WHERE {choice}, low, high LIMIT ?"
            )
            found += ((low, high) for _, _, low, high in self._store.db.execute(query, (share,)))
        return found

    # --- nodes and postings

    def _remove(self, gone: Sequence[int]) -> set[int]:
        """Take nodes away; gives those that were in one cluster with them and stay."""
        left = set(gone)
        neighbours = {
            other
            for some in slices(gone, PART)
            for column in ("a", "b")
            for a, b, verdict in self._store.pairs_of(some, column)
            if verdict == SAME
            for other in (a, b)
        }
        each = [(node,) for node in gone]
        self._store.db.executemany("DELETE FROM near_pair WHERE a = ?", each)
        self._store.db.executemany("DELETE FROM near_pair WHERE b = ?", each)
        self._store.db.executemany("DELETE FROM near_copy WHERE node = ?", each)
        self._store.db.executemany("DELETE FROM near_node WHERE id = ?", each)
        return neighbours - left

    def _add(self, streams: Iterable[tuple[str, str]]) -> None:
        """Add nodes with their postings."""
        sketches = handed(self._run, _sketched, self._numbered(streams))
        while some := list(islice(sketches, TASKS_A_RUN)):
            first, _ = some[0]
            sizes = np.concatenate([found.sizes for _, found in some])
            self._store.put_run(first, sizes, [found.buckets for _, found in some])

    def _numbered(
        self, streams: Iterable[tuple[str, str]]
    ) -> Iterator[tuple[int, tuple[str, ...]]]:
        """Chunks of streams with the number of the first; each is kept as it goes by."""
        for chunk in chunks(streams, STREAMS_A_TASK):
            first = self._store.next_node()
            self._store.db.executemany(
                "INSERT INTO near_node VALUES (?, ?, ?)",
                ((node, *entry) for node, entry in enumerate(chunk, first)),
            )
            self._store.db.execute("UPDATE near_meta SET next = ?", (first + len(chunk),))
            yield first, tuple(tokens for _, tokens in chunk)


def _sketched(chunk: tuple[int, tuple[str, ...]]) -> tuple[int, Sketch]:
    return chunk[0], sketched(*chunk)


def _all_of(keys: set[str], streams: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Of each key the first stream; one that has none is an error."""
    for key, tokens in streams:
        if key in keys:
            keys.discard(key)
            yield key, tokens
    if keys:
        raise KeyError(min(keys))
