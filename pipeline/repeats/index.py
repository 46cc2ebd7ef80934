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
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import TypeVar

import numpy as np

from pipeline.repeats import shingles
from pipeline.repeats.aside import Aside
from pipeline.repeats.clusters import Copy
from pipeline.repeats.components import recluster
from pipeline.repeats.judging import Chunk, Judged, Runner, in_turn, judged
from pipeline.repeats.postings import (
    AGAIN,
    BUCKETS,
    COMES,
    LEAVES,
    MOST_NODES,
    NODE_BITS,
    Bucket,
    Sketch,
    Statuses,
    candidates,
    crossed,
    ends,
    paired,
    sketched,
    together,
)
from pipeline.repeats.shingles import Ints
from pipeline.repeats.store import PART, SAME, VERDICTS, Store

# Sizes of tasks: streams, pairs.
STREAMS_A_TASK = 10_000
PAIRS_A_TASK = 4_000
# Tasks that are handed to the runner together; twice as many are in memory at once.
TASKS_AT_ONCE = 2

_NONE = np.empty(0, np.int64)

Item = TypeVar("Item")
Answer = TypeVar("Answer")


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
                touched = self._join(first, gone) | neighbours
                self._store.make_indexes()
                recluster(self._store, touched)
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
            for some in _slices(gone, PART)
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
        self._store.db.executemany("INSERT INTO near_gone VALUES (?)", each)
        return neighbours - left

    def _add(self, streams: Iterable[tuple[str, str]]) -> None:
        """Add nodes with their postings."""
        for first, found in self._tasks(_sketched, self._numbered(streams)):
            self._store.db.execute(
                "INSERT INTO near_size VALUES (?, ?)", (first, found.sizes.tobytes())
            )
            self._store.db.executemany(
                "INSERT INTO near_posting VALUES (?, ?, ?)",
                ((n, first, postings) for n, postings in enumerate(found.buckets) if postings),
            )

    def _numbered(
        self, streams: Iterable[tuple[str, str]]
    ) -> Iterator[tuple[int, tuple[str, ...]]]:
        """Chunks of streams with the number of the first; each is kept as it goes by."""
        for chunk in _chunks(streams, STREAMS_A_TASK):
            first = self._store.next_node()
            self._store.db.executemany(
                "INSERT INTO near_node VALUES (?, ?, ?)",
                ((node, *entry) for node, entry in enumerate(chunk, first)),
            )
            self._store.db.execute("UPDATE near_meta SET next = ?", (first + len(chunk),))
            yield first, tuple(tokens for _, tokens in chunk)

    # --- pairs

    def _join(self, first: int, gone: Sequence[int]) -> set[int]:
        """Form and judge the pairs that an update brings; gives the ends of what came or went.

        Args:
            first: the number of the first node that comes.
            gone: the nodes that leave.
        """
        statuses = self._store.statuses()
        statuses[first:] = COMES
        statuses[np.asarray(gone, np.int64)] = LEAVES
        if first:
            for nodes in self._tasks(crossed, self._buckets(statuses)):
                statuses[nodes] = AGAIN
        aside = Aside(self._store)
        for pairs in self._tasks(paired, self._buckets(statuses)):
            aside.put(pairs)
        sizes = self._store.sizes()
        pairs = np.concatenate([_NONE, *(candidates(some, sizes) for some in aside.parts())])
        held = self._held(np.flatnonzero(statuses == AGAIN).tolist())
        told = np.fromiter(held, np.int64, len(held))
        dropped = told[~np.isin(told, pairs)].tolist()
        split = [(pair >> NODE_BITS, pair & (MOST_NODES - 1)) for pair in dropped]
        self._store.db.executemany("DELETE FROM near_pair WHERE a = ? AND b = ?", split)
        return self._judge(pairs[~np.isin(pairs, told)]).union(
            *(pair for pair, packed in zip(split, dropped, strict=True) if held[packed] == SAME)
        )

    def _buckets(self, statuses: Statuses) -> Iterator[Bucket]:
        for number in range(BUCKETS):
            runs = self._store.runs(number)
            if runs:
                yield Bucket(runs, statuses, shingles.CAP)

    def _held(self, nodes: Sequence[int]) -> dict[int, int]:
        """The pairs among the nodes that have a verdict already, as single numbers."""
        ours = set(nodes)
        return {
            (a << NODE_BITS) | b: verdict
            for some in _slices(nodes, PART)
            for a, b, verdict in self._store.pairs_of(some, "a")
            if b in ours
        }

    def _judge(self, pairs: Ints) -> set[int]:
        """Judge and keep new pairs; gives the ends of those that say the same."""
        insert = "INSERT INTO near_pair VALUES (?, ?, ?, ?, ?, ?, ?)"
        touched: set[int] = set()
        pairs = together(pairs)
        starts = range(0, len(pairs), PAIRS_A_TASK)
        chunks = (self._chunk(pairs[start : start + PAIRS_A_TASK]) for start in starts)
        for found in self._tasks(judged, chunks):
            self._store.db.executemany(insert, map(_row, found))
            same = [each for each in found if each.verdict.outcome == "same"]
            touched.update(node for each in same for node in (each.a, each.b))
        return touched

    def _chunk(self, pairs: Ints) -> Chunk:
        low, high = ends(pairs)
        nodes = np.union1d(low, high).tolist()
        query = (
            "SELECT n.id, n.key, tokens FROM json_each(?) CROSS JOIN near_node n ON n.id = value"
        )
        streams = {node: (key, tokens) for node, key, tokens in self._store.asked(query, nodes)}
        return Chunk(tuple(zip(low.tolist(), high.tolist(), strict=True)), streams)

    def _tasks(self, task: Callable[[Item], Answer], items: Iterable[Item]) -> Iterator[Answer]:
        """Answers of the runner, a few tasks at once, the next ones handed over before."""
        waiting: Iterable[Answer] = ()
        for some in _chunks(items, TASKS_AT_ONCE):
            answers = self._run(task, some)
            # While these are worked on elsewhere, what is here is written down.
            yield from waiting
            waiting = answers
        yield from waiting


def _sketched(chunk: tuple[int, tuple[str, ...]]) -> tuple[int, Sketch]:
    return chunk[0], sketched(*chunk)


def _row(one: Judged) -> tuple[int, int, int, float, float, float, int]:
    told = one.verdict
    extras = told.extra_a + 2 * told.extra_b
    likeness = told.overlap, told.margin, told.containment
    return one.a, one.b, VERDICTS[told.outcome], *likeness, extras


def _all_of(keys: set[str], streams: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Of each key the first stream; one that has none is an error."""
    for key, tokens in streams:
        if key in keys:
            keys.discard(key)
            yield key, tokens
    if keys:
        raise KeyError(min(keys))


def _slices(items: Sequence[Item], size: int) -> Iterator[Sequence[Item]]:
    return (items[n : n + size] for n in range(0, len(items), size))


def _chunks(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    rest = iter(items)
    while chunk := list(islice(rest, size)):
        yield chunk
