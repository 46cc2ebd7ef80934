"""The pairs that an update of the index brings: formed bucket by bucket, judged chunk by chunk.

When a hash passes the cap in either direction, the pairs of the nodes it stands in are counted
again.  What is asked of a bucket or of a chunk of pairs is a task; tables are read and written
here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeAlias

import numpy as np

from pipeline.repeats import shingles
from pipeline.repeats.aside import Aside
from pipeline.repeats.judging import Chunk, Judged, judged
from pipeline.repeats.postings import (
    AGAIN,
    BUCKETS,
    COMES,
    LEAVES,
    MOST_NODES,
    NODE_BITS,
    Bucket,
    Statuses,
    candidates,
    crossed,
    ends,
    paired,
    together,
)
from pipeline.repeats.shingles import Ints
from pipeline.repeats.store import PART, SAME, VERDICTS, Store
from pipeline.repeats.tasks import Runner, handed, in_turn, slices

# Pairs that are judged in one task.
PAIRS_A_TASK = 4_000

_NONE = np.empty(0, np.int64)

# A row of `near_pair`.
Row: TypeAlias = tuple[int, int, int, float, float, float, int]


def join(store: Store, run: Runner, first: int, gone: Sequence[int]) -> set[int]:
    """Form and judge the pairs that an update brings; gives the ends of what came or went.

    Args:
        store: the tables, the nodes that come among them.
        run: applies the tasks.
        first: the number of the first node that comes.
        gone: the nodes that leave.
    """
    statuses = store.statuses()
    statuses[first:] = COMES
    statuses[np.asarray(gone, np.int64)] = LEAVES
    # Of a long history a few nodes that come ask little: less than to send it elsewhere.
    bucketwise = run if 2 * (len(statuses) - first) > len(statuses) else in_turn
    if first:
        for nodes in handed(bucketwise, crossed, _buckets(store, statuses)):
            statuses[nodes] = AGAIN
    aside = Aside(store)
    for pairs in handed(bucketwise, paired, _buckets(store, statuses)):
        aside.put(pairs)
    sizes = store.sizes()
    pairs = np.concatenate([_NONE, *(candidates(some, sizes) for some in aside.parts())])
    held = _held(store, np.flatnonzero(statuses == AGAIN).tolist())
    told = np.fromiter(held, np.int64, len(held))
    dropped = told[~np.isin(told, pairs)].tolist()
    split = [(pair >> NODE_BITS, pair & (MOST_NODES - 1)) for pair in dropped]
    store.db.executemany("DELETE FROM near_pair WHERE a = ? AND b = ?", split)
    return _judge(store, run, pairs[~np.isin(pairs, told)]).union(
        *(pair for pair, packed in zip(split, dropped, strict=True) if held[packed] == SAME)
    )


def _buckets(store: Store, statuses: Statuses) -> Iterator[Bucket]:
    for number in range(BUCKETS):
        runs = store.runs(number)
        if runs:
            yield Bucket(runs, statuses, shingles.CAP)


def _held(store: Store, nodes: Sequence[int]) -> dict[int, int]:
    """The pairs among the nodes that have a verdict already, as single numbers."""
    ours = set(nodes)
    return {
        (a << NODE_BITS) | b: verdict
        for some in slices(nodes, PART)
        for a, b, verdict in store.pairs_of(some, "a")
        if b in ours
    }


def _judge(store: Store, run: Runner, pairs: Ints) -> set[int]:
    """Judge and keep new pairs; gives the ends of those that say the same."""
    insert = "INSERT INTO near_pair VALUES (?, ?, ?, ?, ?, ?, ?)"
    touched: set[int] = set()
    pairs = together(pairs)
    starts = range(0, len(pairs), PAIRS_A_TASK)
    chunks = (_chunk(store, pairs[start : start + PAIRS_A_TASK]) for start in starts)
    for rows in handed(run, _rows, chunks):
        store.db.executemany(insert, rows)
        touched.update(node for a, b, verdict, *_ in rows if verdict == SAME for node in (a, b))
    return touched


def _chunk(store: Store, pairs: Ints) -> Chunk:
    low, high = ends(pairs)
    nodes = np.union1d(low, high).tolist()
    query = "SELECT n.id, n.key, tokens FROM json_each(?) CROSS JOIN near_node n ON n.id = value"
    streams = {node: (key, tokens) for node, key, tokens in store.asked(query, nodes)}
    return Chunk(tuple(zip(low.tolist(), high.tolist(), strict=True)), streams)


def _rows(chunk: Chunk) -> list[Row]:
    """The verdicts of a chunk as rows, which travel at a third of the cost of records."""
    return list(map(_row, judged(chunk)))


def _row(one: Judged) -> Row:
    told = one.verdict
    extras = told.extra_a + 2 * told.extra_b
    likeness = told.overlap, told.margin, told.containment
    return one.a, one.b, VERDICTS[told.outcome], *likeness, extras
