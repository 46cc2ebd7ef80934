"""The index of near copies over the whole history, kept in SQLite and mended run by run.

    near_node     a live stream: number, key, tokens, size of its sample
    near_posting  hash of a sampled shingle, node
    near_common   hashes that stand in more than `CAP` nodes, with how many
    near_pair     candidate pairs with their verdict
    near_copy     which node is a copy of which, and how alike
    near_meta     the code and rules that made the entries

What it answers is a function of the set of live streams alone; four rules keep it so.  A node is
its content.  `verify` always gets the smaller key first.  When a hash passes `CAP` in
either direction, all pairs of the nodes it stands in are counted again.  Components touched by a
pair that came or went are clustered again from nothing.  Node numbers depend on history
and decide nothing.

Work goes in chunks of `CHUNK` nodes, so that memory is bounded by the chunk, its candidates and the
components they touch; nothing of the history is held but the answer.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain
from typing import TypeVar

import numpy as np

from pipeline.repeats.align import Side, side
from pipeline.repeats.clusters import Copy, Edge, group
from pipeline.repeats.shingles import (
    CAP,
    Ints,
    are_candidates,
    contains,
    runs,
    sample,
    shared_pairs,
)
from pipeline.repeats.tokens import VERSION, words_of
from pipeline.repeats.veto import Verdict, verify

CHUNK = 20_000
CACHE_KIB = 65_536
SIDES_HELD = 60_000
VERDICTS_HELD = 50_000

_TABLES = {
    "near_node": "id INTEGER PRIMARY KEY, key TEXT UNIQUE, tokens TEXT, size INTEGER",
    "near_posting": "hash INTEGER, node INTEGER, PRIMARY KEY (hash, node)",
    "near_common": "hash INTEGER PRIMARY KEY, nodes INTEGER",
    "near_pair": "a INTEGER, b INTEGER, verdict INTEGER, score REAL, margin REAL, "
    "PRIMARY KEY (a, b)",
    "near_copy": "node INTEGER PRIMARY KEY, canonical INTEGER, similarity REAL, same_words INTEGER",
}
_WITHOUT_ROWID = {"near_posting", "near_pair"}
_VERDICTS = {"apart": 0, "same": 1, "vetoed": 2}
_SAME = _VERDICTS["same"]

Pair = tuple[int, int]
Streams = Mapping[str, str]


class Index:
    """Near copies among all live streams, in the tables `near_*` of a connection.

    Args:
        connection: where the tables are, made when absent; every update is one transaction.
        fingerprint: names the code and rules that made the entries; another one empties
            the tables, and then every key is missing.

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
        >>> index.update(streams, streams)
        1
        >>> first, second, third = streams
        >>> index.copies()[first].canonical == second
        True
    """

    def __init__(self, connection: sqlite3.Connection, fingerprint: str) -> None:
        self._db = connection
        self._side = lru_cache(maxsize=SIDES_HELD)(self._read_side)
        self._verdict = lru_cache(maxsize=VERDICTS_HELD)(self._judge)
        self._make_tables(f"{VERSION} {fingerprint}")

    def missing(self, live: Iterable[str]) -> set[str]:
        """Those of the live keys whose stream the index does not hold yet."""
        return set(live) - {str(key) for (key,) in self._db.execute("SELECT key FROM near_node")}

    def update(self, live: Iterable[str], streams: Streams) -> int:
        """Make `live` the set of live streams; gives how many of them are near copies.

        Args:
            live: keys of all live streams.
            streams: the stream of each key that is `missing`; others are not looked at.
        """
        wanted = set(live)
        known = {str(key): int(n) for key, n in self._db.execute("SELECT key, id FROM near_node")}
        gone = [node for key, node in known.items() if key not in wanted]
        # In order of the keys, so that a crash and a second run do the same work.
        new = sorted(wanted - known.keys())
        touched: set[int] = set()
        # An update that failed may have left nodes that never were.
        self._forget()
        with self._db:
            for nodes in _slices(gone, CHUNK):
                touched |= self._remove(nodes)
            self._forget()
            for keys in _slices(new, CHUNK):
                touched |= self._add([(key, streams[key]) for key in keys])
            self._cluster(touched - set(gone))
        (count,) = self._db.execute("SELECT count(*) FROM near_copy").fetchone()
        return int(count)

    def copies(self) -> dict[str, Copy]:
        """What each near copy repeats, by key."""
        query = (
            "SELECT n.key, c.key, similarity, same_words FROM near_copy "
            "JOIN near_node n ON n.id = node JOIN near_node c ON c.id = canonical"
        )
        return {
            key: Copy(canonical, similarity, bool(same_words))
            for key, canonical, similarity, same_words in self._db.execute(query)
        }

    def nearest_to_threshold(self, count: int) -> list[tuple[str, str]]:
        """Streams of the pairs that were nearest to another verdict, the smaller key first.

        Half of them passed or missed the likeness by least, half were alike and vetoed.
        """
        likeness = f"verdict <> {_VERDICTS['vetoed']} ORDER BY abs(margin)"
        vetoed = f"verdict = {_VERDICTS['vetoed']} ORDER BY score DESC"
        found: list[tuple[str, str]] = []
        for choice, share in ((likeness, count - count // 2), (vetoed, count // 2)):
            query = (
                "SELECT min(x.key, y.key) AS low, max(x.key, y.key) AS high, "
                "CASE WHEN x.key < y.key THEN x.tokens ELSE y.tokens END, "
                "CASE WHEN x.key < y.key THEN y.tokens ELSE x.tokens END "
                "FROM near_pair JOIN near_node x ON x.id = a JOIN near_node y ON y.id = b "
                f"WHERE {choice}, low, high LIMIT ?"
            )
            found += ((low, high) for _, _, low, high in self._db.execute(query, (share,)))
        return found

    # --- nodes and postings

    def _make_tables(self, fingerprint: str) -> None:
        # Postings are read all over the table; the 2 MB of the default would be read in vain.
        self._db.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        with self._db:
            self._db.execute("CREATE TABLE IF NOT EXISTS near_meta (fingerprint TEXT)")
            row = self._db.execute("SELECT fingerprint FROM near_meta").fetchone()
            if row != (fingerprint,):
                # The columns may be other ones, too.
                for name in _TABLES:
                    self._db.execute(f"DROP TABLE IF EXISTS {name}")
                self._db.execute("DELETE FROM near_meta")
                self._db.execute("INSERT INTO near_meta VALUES (?)", (fingerprint,))
            for name, columns in _TABLES.items():
                tail = " WITHOUT ROWID" if name in _WITHOUT_ROWID else ""
                self._db.execute(f"CREATE TABLE IF NOT EXISTS {name} ({columns}){tail}")
            self._db.execute("CREATE INDEX IF NOT EXISTS near_pair_b ON near_pair (b)")

    def _forget(self) -> None:
        """Drop what is held by node number: the next node may be given one that went."""
        self._side.cache_clear()
        self._verdict.cache_clear()

    def _add(self, entries: Sequence[tuple[str, str]]) -> set[int]:
        """Add nodes; gives the nodes whose clusters may change."""
        (last,) = self._db.execute("SELECT coalesce(max(id), 0) FROM near_node").fetchone()
        owners, hashes = sample([words_of(tokens) for _, tokens in entries])
        sizes = np.bincount(owners, minlength=len(entries)).tolist()
        nodes = owners + (last + 1)
        new = range(last + 1, last + 1 + len(entries))
        self._db.executemany(
            "INSERT INTO near_node VALUES (?, ?, ?, ?)",
            ((node, *entry, size) for node, entry, size in zip(new, entries, sizes, strict=True)),
        )
        order = np.lexsort((nodes, hashes))
        hashes, nodes = hashes[order], nodes[order]
        common = self._common()
        live = ~contains(common, hashes)
        self._db.executemany(
            "UPDATE near_common SET nodes = nodes + ? WHERE hash = ?",
            ((count, each) for each, count in _counted(hashes[~live])),
        )
        own = np.stack((hashes[live], nodes[live]))
        rows = np.concatenate((self._postings(own[0]), own), axis=1)
        self._db.executemany(
            "INSERT INTO near_posting VALUES (?, ?)",
            zip(hashes.tolist(), nodes.tolist(), strict=True),
        )
        crossed = _beyond_cap(rows)
        self._db.executemany(
            "INSERT INTO near_common SELECT ?, count(*) FROM near_posting WHERE hash = ?",
            ((each, each) for each in crossed.tolist()),
        )
        struck = contains(crossed, rows[0])
        older = set(rows[1][struck & (rows[1] <= last)].tolist())
        rows = rows[:, ~struck]
        return set(new) | self._recount({*new, *older}, older, rows)

    def _common(self) -> Ints:
        """The hashes that are common already, in order."""
        rows = self._db.execute("SELECT hash FROM near_common ORDER BY hash")
        return np.fromiter(chain.from_iterable(rows), np.int64)

    def _remove(self, nodes: Sequence[int]) -> set[int]:
        """Take nodes away; gives the nodes whose clusters may change."""
        owners, hashes = sample([self._side(node).words for node in nodes])
        gone = np.asarray(nodes, np.int64)
        neighbours = {
            other for a, b, verdict in self._pairs_of(nodes) if verdict == _SAME for other in (a, b)
        }
        self._db.executemany(
            "DELETE FROM near_posting WHERE hash = ? AND node = ?",
            zip(hashes.tolist(), gone[owners].tolist(), strict=True),
        )
        each = [(node,) for node in nodes]
        self._db.executemany("DELETE FROM near_pair WHERE a = ?", each)
        self._db.executemany("DELETE FROM near_pair WHERE b = ?", each)
        self._db.executemany("DELETE FROM near_copy WHERE node = ?", each)
        self._db.executemany("DELETE FROM near_node WHERE id = ?", each)
        revived = self._revived(hashes)
        again = set(self._postings(revived)[1].tolist())
        touched = self._recount(again, again, np.empty((2, 0), np.int64))
        return (neighbours | touched) - set(nodes)

    def _revived(self, hashes: Ints) -> Ints:
        """Uncount the postings of common hashes; gives those that are common no more."""
        gone = hashes[contains(self._common(), hashes)]
        self._db.executemany(
            "UPDATE near_common SET nodes = nodes - ? WHERE hash = ?",
            ((count, each) for each, count in _counted(gone)),
        )
        rows = self._db.execute("SELECT hash FROM near_common WHERE nodes <= ?", (CAP,)).fetchall()
        self._db.execute("DELETE FROM near_common WHERE nodes <= ?", (CAP,))
        return np.fromiter(chain.from_iterable(rows), np.int64)

    # --- pairs

    def _recount(self, nodes: set[int], older: set[int], rows: Ints) -> set[int]:
        """Form the candidate pairs of `nodes` again; gives the ends of pairs that came or went.

        Args:
            nodes: whose pairs are formed; those of all others stay.
            older: those of them that may have pairs already, and whose postings are not in `rows`.
            rows: live postings of the hashes of all other nodes: hash, node.
        """
        if older:
            _, hashes = sample([self._side(node).words for node in sorted(older)])
            asked = hashes[~contains(np.sort(rows[0]), hashes) & ~contains(self._common(), hashes)]
            rows = np.concatenate((rows, self._postings(asked)), axis=1)
        wanted = self._candidates(nodes, rows)
        held = {(a, b): verdict for a, b, verdict in self._pairs_of(sorted(older))}
        lost = [pair for pair in held if pair not in wanted]
        self._db.executemany("DELETE FROM near_pair WHERE a = ? AND b = ?", lost)
        came = self._judge_pairs(sorted(wanted - held.keys()))
        return {node for pair in lost if held[pair] == _SAME for node in pair} | came

    def _candidates(self, nodes: set[int], rows: Ints) -> set[Pair]:
        low, high, count = shared_pairs(rows[0], rows[1])
        asked = np.sort(np.fromiter(nodes, np.int64, len(nodes)))
        ours = contains(asked, low) | contains(asked, high)
        low, high, count = low[ours], high[ours], count[ours]
        if not len(low):
            return set()
        ends, _ = runs(np.sort(np.concatenate((low, high))))
        sizes = dict(
            self._asked(
                "SELECT n.id, size FROM json_each(?) CROSS JOIN near_node n ON n.id = value", ends
            )
        )
        size = np.fromiter((sizes[node] for node in ends.tolist()), np.int64, len(ends))
        smaller = np.minimum(size[np.searchsorted(ends, low)], size[np.searchsorted(ends, high)])
        good = are_candidates(count, smaller)
        return set(zip(low[good].tolist(), high[good].tolist(), strict=True))

    def _judge_pairs(self, pairs: Sequence[Pair]) -> set[int]:
        """Verify and keep new pairs; gives the ends of those that say the same."""
        keys = self._keys({node for pair in pairs for node in pair})
        touched: set[int] = set()
        entries: list[tuple[int, int, int, float, float]] = []
        for a, b in pairs:
            low, high = (a, b) if keys[a] < keys[b] else (b, a)
            verdict = self._verdict(low, high)
            if verdict.outcome == "same":
                touched |= {a, b}
            number = _VERDICTS[verdict.outcome]
            entries.append((a, b, number, verdict.overlap, verdict.margin))
        self._db.executemany("INSERT INTO near_pair VALUES (?, ?, ?, ?, ?)", entries)
        return touched

    # --- clusters

    def _cluster(self, touched: set[int]) -> None:
        """Cluster again every component that holds one of these nodes."""
        pairs = self._components(touched)
        nodes = sorted(touched | {node for a, b, _ in pairs for node in (a, b)})
        numbers = {key: node for node, key in self._keys(nodes).items()}
        keys = {node: key for key, node in numbers.items()}
        edges = [Edge(min(keys[a], keys[b]), max(keys[a], keys[b]), score) for a, b, score in pairs]

        def judge(low: str, high: str) -> Verdict:
            return self._verdict(numbers[low], numbers[high])

        self._db.executemany("DELETE FROM near_copy WHERE node = ?", ((node,) for node in nodes))
        self._db.executemany(
            "INSERT INTO near_copy VALUES (?, ?, ?, ?)",
            (
                (numbers[key], numbers[copy.canonical], copy.similarity, copy.same_words)
                for key, copy in group(edges, _Sides(numbers, self._side), judge).items()
            ),
        )

    def _components(self, touched: set[int]) -> list[tuple[int, int, float]]:
        """The pairs that say the same in all components of the nodes."""
        seen, front = set(touched), touched
        found: dict[Pair, float] = {}
        while front:
            reached: set[int] = set()
            for column in ("a", "b"):
                query = (
                    "SELECT a, b, score FROM json_each(?) CROSS JOIN near_pair "
                    f"ON {column} = value WHERE verdict = {_SAME}"
                )
                for a, b, score in self._asked(query, np.asarray(sorted(front), np.int64)):
                    found[a, b] = score
                    reached |= {a, b}
            front = reached - seen
            seen |= front
        return [(a, b, score) for (a, b), score in sorted(found.items())]

    # --- reading

    def _postings(self, hashes: Ints) -> Ints:
        """All postings of the hashes: two rows, hash and node."""
        if not len(hashes):
            return np.empty((2, 0), np.int64)
        query = "SELECT hash, node FROM json_each(?) CROSS JOIN near_posting ON hash = value"
        rows = self._db.execute(query, (_listed(hashes),))
        return np.fromiter(chain.from_iterable(rows), np.int64).reshape(-1, 2).T

    def _pairs_of(self, nodes: Sequence[int]) -> list[tuple[int, int, int]]:
        asked = np.asarray(nodes, np.int64)
        found: list[tuple[int, int, int]] = []
        for column in ("a", "b"):
            query = (
                f"SELECT a, b, verdict FROM json_each(?) CROSS JOIN near_pair ON {column} = value"
            )
            found += self._asked(query, asked)
        return found

    def _keys(self, nodes: Iterable[int]) -> dict[int, str]:
        asked = np.asarray(sorted(nodes), np.int64)
        return dict(
            self._asked(
                "SELECT n.id, n.key FROM json_each(?) CROSS JOIN near_node n ON n.id = value", asked
            )
        )

    def _asked(self, query: str, values: Ints) -> sqlite3.Cursor:
        """Rows of a query that joins a list of numbers."""
        return self._db.execute(query, (_listed(values),))

    def _read_side(self, node: int) -> Side:
        (tokens,) = self._db.execute(
            "SELECT tokens FROM near_node WHERE id = ?", (node,)
        ).fetchone()
        return side(tokens)

    def _judge(self, low: int, high: int) -> Verdict:
        return verify(self._side(low), self._side(high))


class _Sides(Mapping[str, Side]):
    """Sides by key, read when they are asked for."""

    def __init__(self, numbers: Mapping[str, int], read: Callable[[int], Side]) -> None:
        self._numbers = numbers
        self._read = read

    def __getitem__(self, key: str) -> Side:
        return self._read(self._numbers[key])

    def __iter__(self) -> Iterator[str]:
        return iter(self._numbers)

    def __len__(self) -> int:
        return len(self._numbers)


def _counted(values: Ints) -> Iterator[tuple[int, int]]:
    """Each value, and how often it stands there."""
    found, counts = runs(np.sort(values))
    return zip(found.tolist(), counts.tolist(), strict=True)


def _listed(values: Ints) -> str:
    """The numbers, each once and in order, as a JSON list."""
    return str(runs(np.sort(values))[0].tolist())


def _beyond_cap(rows: Ints) -> Ints:
    hashes, counts = runs(np.sort(rows[0]))
    return hashes[counts > CAP]


Item = TypeVar("Item")


def _slices(items: Sequence[Item], size: int) -> Iterator[Sequence[Item]]:
    return (items[n : n + size] for n in range(0, len(items), size))
