"""The index of near copies: its answer is a function of the live streams alone."""

from __future__ import annotations

import gc
import multiprocessing
import random
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import combinations, product
from typing import TypeVar

import numpy as np
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from pipeline.repeats import (
    Copy,
    Index,
    aside,
    components,
    pairs,
    postings,
    shingles,
    store,
    tasks,
)
from pipeline.repeats import index as index_module
from pipeline.repeats.judging import Chunk, judged
from pipeline.repeats.postings import BUCKETS, LEFT, NODE_BITS, merged, paired, sketched, together
from pipeline.repeats.review import borderline
from pipeline.repeats.tokens import key_of, stream

# Every place, number, verb and ending makes a bulletin of one mould: copies of the same facts
# in other words, and other facts in the same words, so many that shingles become common.
PLACES = ("Kolvan", "Tulan", "the port of Beira", "Gondar")
NUMBERS = ("14", "fifteen", "15", "2.5 million")
OPENINGS = (
    "The council of {} said",
    "As the council of {} has stated",
    "LIMA (EFE) - The council of {} said",
)
ENDINGS = (
    "that {} litres of water were lost in the old pipes below the market last year.",
    "that {} litres of water were lost in the ancient pipes beneath the market last year.",
    "that {} litres of water were lost in the old pipes. The mayor will speak on Friday.",
    "that {} litres of water were lost in the old pipes below the market.",
)


def bulletins() -> Iterator[str]:
    for opening, place, ending, number in product(OPENINGS, PLACES, ENDINGS, NUMBERS):
        yield f"{opening.format(place)} {ending.format(number)}"


STREAMS = {key_of(tokens): tokens for tokens in map(stream, bulletins())}
KEYS = sorted(STREAMS)


@pytest.fixture(autouse=True)
def _low_cap(monkeypatch: pytest.MonkeyPatch) -> None:
    lower_the_bounds(monkeypatch)


def lower_the_bounds(patch: pytest.MonkeyPatch) -> None:
    """So that a few bulletins cross the cap, and a batch has several chunks."""
    patch.setattr(shingles, "CAP", 16)
    for module, name, value in (
        (index_module, "STREAMS_A_TASK", 17),
        (index_module, "TASKS_A_RUN", 2),
        (pairs, "PAIRS_A_TASK", 40),
        (tasks, "TASKS_AT_ONCE", 2),
    ):
        patch.setattr(module, name, value)
    for module in (index_module, pairs, store, components):
        patch.setattr(module, "PART", 9)
    patch.setattr(aside, "PART_BITS", 3)
    patch.setattr(store, "MOST_RUNS", 3)
    patch.setattr(aside, "MOST_HELD", 300)


def new_index() -> Index:
    return Index(sqlite3.connect(":memory:"), "test")


def from_scratch(live: set[str]) -> dict[str, Copy]:
    index = new_index()
    index.update(live, STREAMS.items())
    return index.copies()


def pairs_of(connection: sqlite3.Connection) -> set[tuple[str, str, int]]:
    """All candidate pairs with their verdict, by the keys of their streams."""
    query = """
        SELECT min(x.key, y.key), max(x.key, y.key), verdict
        FROM near_pair JOIN near_node x ON x.id = a JOIN near_node y ON y.id = b
    """
    return {(low, high, verdict) for low, high, verdict in connection.execute(query)}


class Histories(RuleBasedStateMachine):
    """Random arrivals, departures and returns, in any order, against a run from nothing."""

    @initialize()
    def begin(self) -> None:
        self.patch = pytest.MonkeyPatch()
        lower_the_bounds(self.patch)
        self.connection = sqlite3.connect(":memory:")
        self.index = Index(self.connection, "test")
        self.live: set[str] = set()

    @rule(keys=st.sets(st.sampled_from(KEYS), min_size=1, max_size=60), order=st.randoms())
    def arrive(self, keys: set[str], order: random.Random) -> None:
        self.live |= keys
        missing = self.index.missing(self.live)
        assert missing <= keys
        streams = [(key, STREAMS[key]) for key in sorted(missing)]
        order.shuffle(streams)
        self.index.update(self.live, streams)

    @rule(keys=st.sets(st.sampled_from(KEYS), min_size=1, max_size=60))
    def depart(self, keys: set[str]) -> None:
        self.live -= keys
        self.index.update(self.live, ())

    @rule(keys=st.sets(st.sampled_from(KEYS), min_size=1, max_size=60), size=st.integers(1, 50))
    def change(self, keys: set[str], size: int) -> None:
        self.live ^= keys
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(index_module, "STREAMS_A_TASK", size)
            patch.setattr(pairs, "PAIRS_A_TASK", size)
            self.index.update(self.live, STREAMS.items())

    @rule()
    def all_leave_and_return(self) -> None:
        self.index.update((), ())
        assert self.index.copies() == {}
        self.index.update(self.live, STREAMS.items())

    @rule()
    def rest(self) -> None:
        self.index.update(self.live, ())

    @rule()
    def open_anew(self) -> None:
        self.index = Index(self.connection, "test")

    @invariant()
    def the_answer_is_that_of_a_run_from_nothing(self) -> None:
        if not hasattr(self, "live"):
            return
        connection = sqlite3.connect(":memory:")
        index = Index(connection, "test")
        index.update(self.live, STREAMS.items())
        assert self.index.copies() == index.copies()
        assert pairs_of(self.connection) == pairs_of(connection)

    def teardown(self) -> None:
        if hasattr(self, "patch"):
            self.patch.undo()


TestHistories = Histories.TestCase
TestHistories.settings = settings(
    max_examples=30,
    stateful_step_count=10,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)


@pytest.mark.parametrize("cap", [16, shingles.CAP])
def test_batches_and_order_do_not_matter(cap: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shingles, "CAP", cap)
    whole = from_scratch(set(KEYS))
    assert whole
    order = random.Random(3)
    for size in (1, 40, 100):
        keys = KEYS.copy()
        order.shuffle(keys)
        index = new_index()
        live: set[str] = set()
        for start in range(0, len(keys), size):
            if size > 1 or start < 40:
                live.update(keys[start : start + size])
                index.update(live, STREAMS.items())
        assert index.copies() == from_scratch(live)


def test_the_bulletins_do_cross_the_cap() -> None:
    connection = sqlite3.connect(":memory:")
    index = Index(connection, "test")
    index.update(KEYS, STREAMS.items())
    few = pairs_of(connection)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shingles, "CAP", len(KEYS))
        other = sqlite3.connect(":memory:")
        Index(other, "test").update(KEYS, STREAMS.items())
    assert few < pairs_of(other)


def test_nothing_is_left_of_what_went() -> None:
    connection = sqlite3.connect(":memory:")
    index = Index(connection, "test")
    index.update(KEYS, STREAMS.items())
    index.update(KEYS[:5], ())
    ids = {node for (node,) in connection.execute("SELECT id FROM near_node")}
    assert len(ids) == 5
    for column in ("a", "b"):
        assert {node for (node,) in connection.execute(f"SELECT {column} FROM near_pair")} <= ids
    runs = connection.execute("SELECT postings FROM near_posting").fetchall()
    packed = np.concatenate([np.frombuffer(run, np.int64) for (run,) in runs])
    assert set((packed & ((1 << NODE_BITS) - 1)).tolist()) == ids
    assert connection.execute("SELECT count(*) FROM near_gone").fetchone() == (0,)


def test_many_small_updates_make_few_runs() -> None:
    connection = sqlite3.connect(":memory:")
    index = Index(connection, "test")
    for end in range(4, 60, 4):
        index.update(KEYS[:end], STREAMS.items())
        (runs,) = connection.execute(
            "SELECT max(n) FROM (SELECT count(*) AS n FROM near_posting GROUP BY bucket)"
        ).fetchone()
        assert runs <= store.MOST_RUNS
    assert index.copies() == from_scratch(set(KEYS[:56]))


def test_no_copy_has_other_facts_than_its_original() -> None:
    for key, copy in from_scratch(set(KEYS)).items():
        ours, theirs = STREAMS[key], STREAMS[copy.canonical]
        facts = {token for token in ours.split() if token[0] in "#^"}
        assert facts <= set(theirs.split())


def test_another_fingerprint_empties_the_index() -> None:
    connection = sqlite3.connect(":memory:")
    index = Index(connection, "one")
    index.update(KEYS[:30], STREAMS.items())
    before = index.copies()
    assert Index(connection, "one").copies() == before
    other = Index(connection, "other")
    assert other.missing(KEYS[:30]) == set(KEYS[:30])
    assert other.copies() == {}
    other.update(KEYS[:30], STREAMS.items())
    assert other.copies() == before


def test_an_update_that_fails_leaves_no_trace() -> None:
    index = new_index()
    index.update(KEYS[:30], STREAMS.items())
    before = index.copies()
    with pytest.raises(KeyError):
        index.update(KEYS[:60], [(key, STREAMS[key]) for key in KEYS[:50]])
    assert index.copies() == before
    assert index.missing(KEYS[:60]) == set(KEYS[30:60])


# --- elsewhere

Item = TypeVar("Item")
Answer = TypeVar("Answer")


def backwards(task: Callable[[Item], Answer], items: Iterable[Item], /) -> list[Answer]:
    """Does the last task first."""
    return [task(item) for item in reversed(list(items))][::-1]


def test_the_order_in_which_tasks_are_done_does_not_matter() -> None:
    index = Index(sqlite3.connect(":memory:"), "test", backwards)
    for live in (KEYS[:90], KEYS[40:], KEYS):
        index.update(live, STREAMS.items())
        assert index.copies() == from_scratch(set(live))


def test_tasks_may_be_done_in_other_processes() -> None:
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(2, mp_context=context) as pool:
        index = Index(sqlite3.connect(":memory:"), "test", pool.map)
        index.update(KEYS[:90], STREAMS.items())
        index.update(KEYS[40:], STREAMS.items())
    assert index.copies() == from_scratch(set(KEYS[40:]))


@pytest.mark.slow
def test_tasks_may_be_done_on_a_dask_cluster() -> None:
    distributed = pytest.importorskip("distributed", reason="the extra `dask` is not installed")
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, dashboard_address=None, host="127.0.0.1"
        ) as cluster,
        distributed.Client(cluster) as client,
    ):

        def run(task: Callable[[Item], Answer], items: Iterable[Item], /) -> list[Answer]:
            found: list[Answer] = client.gather(client.map(task, list(items)))
            return found

        index = Index(sqlite3.connect(":memory:"), "test", run)
        index.update(KEYS[:90], STREAMS.items())
        index.update(KEYS[40:], STREAMS.items())
    assert index.copies() == from_scratch(set(KEYS[40:]))


def test_a_bucket_is_joined_as_the_whole_is() -> None:
    streams = [STREAMS[key] for key in KEYS]
    whole: dict[tuple[int, int], int] = {}
    samples = [set(_hashes(tokens)) for tokens in streams]
    for b, theirs in enumerate(samples):
        for a, ours in enumerate(samples[:b]):
            if ours & theirs:
                whole[a, b] = len(ours & theirs)
    found: dict[tuple[int, int], int] = {}
    buckets = sketched(0, streams).buckets
    assert len(buckets) == BUCKETS
    statuses = np.full(len(streams), postings.COMES, np.uint8)
    for run in buckets:
        runs = (run,) if run else ()
        low, high = postings.ends(paired(postings.Bucket(runs, statuses, len(streams))))
        for pair in zip(low.tolist(), high.tolist(), strict=True):
            found[pair] = found.get(pair, 0) + 1
    assert found == whole


def _hashes(tokens: str) -> list[int]:
    found: list[int] = shingles.sample([tokens])[1].tolist()
    return found


def test_pairs_that_share_nodes_are_put_together_and_none_is_lost() -> None:
    chosen = random.Random(5)
    numbers = [(chosen.randrange(400), chosen.randrange(400, 900)) for _ in range(300)]
    pairs = np.unique(np.array([(low << NODE_BITS) | high for low, high in numbers], np.int64))
    found = together(pairs)
    assert np.array_equal(np.sort(found), pairs)
    # Members of a clique, far apart by their numbers, stand in one piece.
    clique = [(low << NODE_BITS) | high for low, high in combinations(range(50, 900, 80), 2)]
    mixed = np.unique(np.array([*clique, *((n << NODE_BITS) | (n + 1) for n in range(0, 900, 7))]))
    places = np.flatnonzero(np.isin(together(mixed), clique))
    assert places.max() - places.min() < len(clique) + 20
    assert not len(together(pairs[:0]))


def test_a_merged_bucket_has_no_posting_of_a_gone_node() -> None:
    streams = [STREAMS[key] for key in KEYS[:30]]
    one, other = sketched(0, streams[:10]).buckets, sketched(10, streams[10:]).buckets
    statuses = np.array([LEFT] * 5 + [postings.STAYS] * 25, np.uint8)
    for runs in zip(one, other, strict=True):
        packed = np.frombuffer(merged(runs, statuses == LEFT), np.uint64)
        assert (packed[1:] > packed[:-1]).all()
        assert not (packed & np.uint64((1 << NODE_BITS) - 1) < 5).any()


def test_an_empty_corpus_is_no_fault() -> None:
    index = new_index()
    assert index.update([], ()) == 0
    assert index.copies() == {}
    assert borderline(index, 5) == []


def test_the_borderline_shows_words_and_reason() -> None:
    index = new_index()
    index.update(KEYS, STREAMS.items())
    shown = borderline(index, 20)
    assert 10 <= len(shown) <= 20
    assert {each.outcome for each in shown} >= {"vetoed"}
    vetoed = [each for each in shown if each.outcome == "vetoed"]
    assert all(
        each.rule.startswith("repeats.") and (each.words_a or each.words_b) for each in vetoed
    )
    assert all("[" in each.text_a + each.text_b for each in shown if each.overlap < 1)


@pytest.mark.parametrize("was_on", [True, False])
def test_the_collector_is_left_as_it_was(was_on: bool) -> None:
    before = gc.isenabled()
    try:
        (gc.enable if was_on else gc.disable)()
        judged(Chunk(((0, 1),), {0: ("k", "fares rose"), 1: ("l", "fares rose")}))
        assert gc.isenabled() == was_on
        with pytest.raises(KeyError):
            judged(Chunk(((0, 2),), {0: ("k", "fares rose")}))
        assert gc.isenabled() == was_on
    finally:
        (gc.enable if before else gc.disable)()
