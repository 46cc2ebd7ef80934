"""Clusters the components that an update touched again, from nothing.

A component is what verified pairs hold together; it is read from the tables, clustered by
`clusters.group`, and its copies are written back.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from pipeline.repeats.align import side
from pipeline.repeats.clusters import Edge, group
from pipeline.repeats.judging import Pair
from pipeline.repeats.store import PART, SAME, Store
from pipeline.repeats.veto import Verdict, verify

VERDICTS_HELD = 5_000


def recluster(store: Store, touched: set[int]) -> None:
    """Cluster again every component that holds one of these nodes."""
    waiting = sorted(touched, reverse=True)
    done: set[int] = set()
    while waiting:
        seeds: set[int] = set()
        while waiting and len(seeds) < PART:
            node = waiting.pop()
            if node not in done:
                seeds.add(node)
        pairs = _components(store, seeds)
        nodes = seeds | {node for pair in pairs for node in pair}
        _cluster_whole(store, pairs, nodes)
        done |= nodes


def _cluster_whole(store: Store, pairs: Mapping[Pair, Verdict], nodes: set[int]) -> None:
    """Cluster whole components: their pairs that say the same, and their nodes."""
    query = "SELECT n.id, n.key, tokens FROM json_each(?) CROSS JOIN near_node n ON n.id = value"
    keys: dict[int, str] = {}
    streams: dict[str, str] = {}
    for node, key, tokens in store.asked(query, nodes):
        keys[node], streams[key] = key, tokens
    numbers = {key: node for node, key in keys.items()}
    known = {(min(keys[a], keys[b]), max(keys[a], keys[b])): told for (a, b), told in pairs.items()}
    edges = [Edge(low, high, told.overlap) for (low, high), told in known.items()]

    @lru_cache(maxsize=VERDICTS_HELD)
    def judge(low: str, high: str) -> Verdict:
        return known.get((low, high)) or verify(side(streams[low]), side(streams[high]))

    store.db.executemany("DELETE FROM near_copy WHERE node = ?", ((node,) for node in nodes))
    store.db.executemany(
        "INSERT INTO near_copy VALUES (?, ?, ?, ?)",
        (
            (numbers[key], numbers[copy.canonical], copy.similarity, copy.same_words)
            for key, copy in group(edges, streams, judge).items()
        ),
    )


def _components(store: Store, seeds: set[int]) -> dict[Pair, Verdict]:
    """The pairs that say the same in all components of the nodes."""
    seen, front = set(seeds), seeds
    found: dict[Pair, Verdict] = {}
    while front:
        reached: set[int] = set()
        for column in ("a", "b"):
            query = (
                "SELECT a, b, score, containment, extras & 1, extras >> 1 "
                f"FROM json_each(?) CROSS JOIN near_pair ON {column} = value "
                f"WHERE verdict = {SAME}"
            )
            for a, b, overlap, containment, extra_a, extra_b in store.asked(query, front):
                found[a, b] = Verdict(
                    "same",
                    overlap,
                    containment,
                    extra_a=bool(extra_a),
                    extra_b=bool(extra_b),
                )
                reached |= {a, b}
        front = reached - seen
        seen |= front
    return found
