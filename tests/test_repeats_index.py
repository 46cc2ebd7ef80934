"""The index of near copies: its answer is a function of the live streams alone."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from itertools import product

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from pipeline.repeats import Copy, Index, shingles
from pipeline.repeats import index as index_module
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
    patch.setattr(index_module, "CAP", 16)
    patch.setattr(index_module, "CHUNK", 7)


def new_index() -> Index:
    return Index(sqlite3.connect(":memory:"), "test")


def from_scratch(live: set[str]) -> dict[str, Copy]:
    index = new_index()
    index.update(live, STREAMS)
    return index.copies()


class Histories(RuleBasedStateMachine):
    """Random arrivals, departures and returns against a run from nothing."""

    @initialize()
    def begin(self) -> None:
        self.patch = pytest.MonkeyPatch()
        lower_the_bounds(self.patch)
        self.index = new_index()
        self.live: set[str] = set()

    @rule(keys=st.sets(st.sampled_from(KEYS), min_size=1, max_size=60))
    def arrive(self, keys: set[str]) -> None:
        self.live |= keys
        assert self.index.missing(self.live) <= keys
        self.index.update(self.live, STREAMS)

    @rule(keys=st.sets(st.sampled_from(KEYS), min_size=1, max_size=60))
    def depart(self, keys: set[str]) -> None:
        self.live -= keys
        self.index.update(self.live, {})

    @rule(keys=st.sets(st.sampled_from(KEYS), min_size=1, max_size=60))
    def change(self, keys: set[str]) -> None:
        self.live ^= keys
        self.index.update(self.live, STREAMS)

    @rule()
    def rest(self) -> None:
        self.index.update(self.live, {})

    @invariant()
    def the_answer_is_that_of_a_run_from_nothing(self) -> None:
        if hasattr(self, "live"):
            assert self.index.copies() == from_scratch(self.live)

    def teardown(self) -> None:
        if hasattr(self, "patch"):
            self.patch.undo()


TestHistories = Histories.TestCase
TestHistories.settings = settings(
    max_examples=15,
    stateful_step_count=8,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)


@pytest.mark.parametrize("cap", [16, shingles.CAP])
def test_batches_and_order_do_not_matter(cap: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index_module, "CAP", cap)
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
                index.update(live, STREAMS)
        assert index.copies() == from_scratch(live)


def test_the_bulletins_do_cross_the_cap() -> None:
    connection = sqlite3.connect(":memory:")
    index = Index(connection, "test")
    index.update(KEYS, STREAMS)
    ask = "SELECT count(*) FROM near_common"
    assert connection.execute(ask).fetchone()[0] > 20
    index.update(KEYS[:5], {})
    assert connection.execute(ask).fetchone() == (0,)
    for table in ("near_posting", "near_pair", "near_copy"):
        column = "a" if table == "near_pair" else "node"
        gone = f"SELECT count(*) FROM {table} WHERE {column} NOT IN (SELECT id FROM near_node)"
        assert connection.execute(gone).fetchone() == (0,)


def test_no_copy_has_other_facts_than_its_original() -> None:
    for key, copy in from_scratch(set(KEYS)).items():
        ours, theirs = STREAMS[key], STREAMS[copy.canonical]
        facts = {token for token in ours.split() if token[0] in "#^"}
        assert facts <= set(theirs.split())


def test_another_fingerprint_empties_the_index() -> None:
    connection = sqlite3.connect(":memory:")
    index = Index(connection, "one")
    index.update(KEYS[:30], STREAMS)
    before = index.copies()
    assert Index(connection, "one").copies() == before
    other = Index(connection, "other")
    assert other.missing(KEYS[:30]) == set(KEYS[:30])
    assert other.copies() == {}
    other.update(KEYS[:30], STREAMS)
    assert other.copies() == before


def test_an_update_that_fails_leaves_no_trace() -> None:
    index = new_index()
    index.update(KEYS[:30], STREAMS)
    before = index.copies()
    with pytest.raises(KeyError):
        index.update(KEYS[:60], {key: STREAMS[key] for key in KEYS[:50]})
    assert index.copies() == before
    assert index.missing(KEYS[:60]) == set(KEYS[30:60])


def test_an_empty_corpus_is_no_fault() -> None:
    index = new_index()
    assert index.update([], {}) == 0
    assert index.copies() == {}
    assert borderline(index, 5) == []


def test_the_borderline_shows_words_and_reason() -> None:
    index = new_index()
    index.update(KEYS, STREAMS)
    shown = borderline(index, 20)
    assert 10 <= len(shown) <= 20
    assert {each.outcome for each in shown} >= {"vetoed"}
    vetoed = [each for each in shown if each.outcome == "vetoed"]
    assert all(
        each.rule.startswith("repeats.") and (each.words_a or each.words_b) for each in vetoed
    )
    assert all("[" in each.text_a + each.text_b for each in shown if each.overlap < 1)
