"""The tables of the corpus: whatever happened, they say what the rules say of what lives now."""

from __future__ import annotations

import datetime as dt
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from pipeline.receipts import Batch
from pipeline.repeats import (
    Index,
    Page,
    Place,
    Repeat,
    ShortLine,
    is_silent,
    plain_key,
    recurring,
    repeats_of,
)
from pipeline.repeats.tokens import key_of, stream
from pipeline.stages.entries import JOBS, entry
from pipeline.stages.settle import _batches
from pipeline.state import (
    Corpus,
    Outline,
    Repeatable,
    Standing,
    State,
    Unsettled,
    Waiting,
    content_key,
)

# Near copies of each other, the same words in other capitals, and passages that stand alone.
TEXTS = [
    "The mayor of Lima opened the new port on 5 May 2021, the council said.",
    "LIMA, May 6 (EFE) - The mayor of Lima has opened the new port on May 5, 2021, the city "
    "council said.",
    "The mayor of LIMA opened the new port on 5 May 2021, the council said.",
    "The mayor of Lima opened the new port on 7 May 2021, the council said.",
    "Fishermen of the lake asked for a longer season and for two more boats this spring.",
    "The old mill above the river burned down in the night and nobody was hurt, it was said.",
]
STREAMS = {key_of(each): each for each in map(stream, TEXTS)}
LINES = ("our app", "he left.", "share this story")


@dataclass(frozen=True)
class Made:
    """A document as the machine makes it."""

    published: dt.date | None
    folders: tuple[str, ...]
    publisher: str | None
    # Number of a text, what it means here, whether it is spared, whether it is a head.
    texts: tuple[tuple[int, str, bool, bool], ...]
    lines: tuple[int, ...]
    story: str

    def repeatable(self) -> Iterator[Repeatable]:
        for place, (number, sense, spared, head) in enumerate(self.texts):
            key = key_of(stream(TEXTS[number]))
            yield Repeatable(100 * place, key, plain_key(TEXTS[number]), sense, spared, head)

    def short(self) -> Iterator[ShortLine]:
        for place, number in enumerate(self.lines):
            # Some stand where a text stands: a line may be both.
            yield ShortLine(100 * place, LINES[number], LINES[number].endswith("."))

    def outline(self, document_id: str) -> Outline:
        return Outline(
            document_id,
            self.published,
            1_000,
            tuple(self.repeatable()),
            tuple((place, 100 * place, "en") for place in range(4)),
            self.publisher,
            None,
            self.story,
            tuple(self.short()),
        )


DOCUMENTS = st.builds(
    Made,
    st.sampled_from([None, dt.date(2020, 5, 1), dt.date(2021, 5, 1)]),
    st.sampled_from([("",), ("",), ("",), ("a",), ("", "a/b")]),
    st.sampled_from([None, "EFE"]),
    st.lists(
        st.tuples(
            st.integers(0, len(TEXTS) - 1),
            st.sampled_from(["", "", "2020-04-28", "2021-04-27"]),
            st.booleans(),
            st.booleans(),
        ),
        max_size=3,
    ).map(tuple),
    st.sampled_from([(), (0,), (0,), (1,), (1,), (0, 1), (2, 0)]),
    st.sampled_from(["", "", "", "one story"]),
)
IDS = st.integers(0, 14).map(lambda number: f"{number:020}")


def job(rules: str, one: Unsettled) -> Waiting:
    left_out = one.furniture | one.silent
    kept = tuple(place for place in range(4) if 100 * place not in left_out)
    rows_key = content_key(one.read_key, rules, repr(kept))
    return Waiting(one.document_id, one.read_key, rows_key, kept, len(kept))


def touched(corpus: Corpus, made: dict[str, Made]) -> list[tuple[str, Standing | None]]:
    """All documents that live or lived."""
    gone: dict[str, Standing | None] = {key: None for key, _, _ in corpus.live()}
    here = {key: Standing(key, read_key(key, one), one.folders) for key, one in made.items()}
    return sorted((gone | here).items())


def settled(state: State, made: dict[str, Made], rules: str) -> None:
    """Settle these documents."""
    by_key = {read_key(key, one): one.outline(key) for key, one in made.items()}
    corpus, index = state.corpus, state.near_copies("1")
    corpus.begin("1", index)
    corpus.renew(
        touched(corpus, made),
        by_key.__getitem__,
        lambda key: {each.key: STREAMS[each.key] for each in by_key[key].repeatable}.items(),
        index,
    )
    corpus.settle(rules, lambda one: job(rules, one))
    state.origins.trace("code", lambda words: content_key(*words))


def read_key(document_id: str, made: Made) -> str:
    """Another one for other words, and for other metadata, but not for another folder."""
    words = (made.published, made.publisher, made.texts, made.lines, made.story)
    return content_key(document_id, repr(words))


Told = dict[str, tuple[str, dict[str, Repeat], set[str]]]


def told(corpus: Corpus) -> Told:
    """What the tables say: of each document its rows key, its repeats and its furniture."""
    return {
        document_id: (rows_key, corpus.repeats(document_id), corpus.furniture(document_id))
        for document_id, _, rows_key in corpus.live()
    }


def by_the_rules(made: dict[str, Made], rules: str) -> Told:
    """What the rules say of documents in memory."""
    outlines = {key: one.outline(key) for key, one in made.items()}
    furniture = recurring(
        Page(
            key,
            frozenset(f"folder:{folder}" for folder in made[key].folders)
            | ({f"publisher:{one.publisher.casefold()}"} if one.publisher else set()),
            one.story or key,
            one.lines,
        )
        for key, one in outlines.items()
    )
    index = Index(sqlite3.connect(":memory:"), "1")
    live = {each.key for one in outlines.values() for each in one.repeatable}
    index.update(live, STREAMS.items())
    places = [
        Place(
            each.key,
            one.published,
            key,
            each.start_char,
            each.plain_key,
            each.is_spared,
            each.sense,
            each.is_head,
        )
        for key, one in outlines.items()
        for each in one.repeatable
        if each.start_char not in furniture.get(key, ())
    ]
    repeats = repeats_of(places, index.copies())
    standing = {place.passage_id: place for place in places}
    found: Told = {}
    for key, one in made.items():
        own = [place for place in places if place.document_id == key]
        ids = [each.passage_id for each in own]
        said = {each: repeats[each] for each in ids if each in repeats}
        silent = frozenset(
            each.start_char
            for each in own
            if each.passage_id in said
            and is_silent(each, standing[said[each.passage_id].repeat_of])
        )
        lines = furniture.get(key, frozenset())
        rows_key = job(rules, Unsettled(key, read_key(key, one), lines, silent)).rows_key
        found[key] = (rows_key, said, {f"{key}:{start}" for start in lines})
    return found


class Life(RuleBasedStateMachine):
    """Documents come, change and go; some runs are killed; the others settle what changed."""

    def __init__(self) -> None:
        super().__init__()
        self._folder = tempfile.TemporaryDirectory()
        self._state = State(Path(self._folder.name))
        self._made: dict[str, Made] = {}
        self._settled: dict[str, Made] | None = None
        self._rules = "rules"

    def teardown(self) -> None:
        self._state.close()
        self._folder.cleanup()

    @rule(several=st.dictionaries(IDS, DOCUMENTS, min_size=4, max_size=12))
    def come(self, several: dict[str, Made]) -> None:
        """Documents come, or become others."""
        self._made = {**self._made, **several}
        self._settled = None

    @precondition(lambda self: self._made)
    @rule(gone=st.sets(IDS, min_size=1, max_size=6))
    def go(self, gone: set[str]) -> None:
        """Documents go."""
        self._made = {key: one for key, one in self._made.items() if key not in gone}
        self._settled = None

    @rule(rules=st.sampled_from(["rules", "other rules"]))
    def change_rules(self, rules: str) -> None:
        """What rows depend on changes."""
        self._rules = rules
        self._settled = None

    @rule(
        point=st.sampled_from(
            [
                "pipeline.state.furniture.add",
                "pipeline.repeats.Index.change",
                "pipeline.state.furniture.settle",
                "pipeline.state.places.settle",
            ]
        )
    )
    def be_killed(self, point: str) -> None:
        """A run ends on its way, and all it did not commit is lost."""

        def end(*_: object) -> None:
            raise InterruptedError

        with pytest.MonkeyPatch.context() as patch, suppress(InterruptedError):
            patch.setattr(point, end)
            settled(self._state, self._made, self._rules)
        self._state.close()
        self._state = State(Path(self._folder.name))

    @rule()
    def empty_the_index(self) -> None:
        """Code of another fingerprint looked at the index of near copies, and left again."""
        self._state.near_copies("another")
        self._settled = None

    @rule()
    def settle(self) -> None:
        """A run settles."""
        settled(self._state, self._made, self._rules)
        self._settled = self._made

    @invariant()
    def the_tables_say_what_the_rules_say(self) -> None:
        """So do tables that were filled at once, and what rows are made from is the same there."""
        if self._settled is None:
            return
        found = told(self._state.corpus)
        assert found == by_the_rules(self._made, self._rules)
        with tempfile.TemporaryDirectory() as folder, State(Path(folder)) as state:
            settled(state, self._made, self._rules)
            assert told(state.corpus) == found
            assert origins(state) == origins(self._state)


def origins(state: State) -> dict[str, str]:
    state.origins.set_made("snapshot")
    query = "SELECT document_id, origin FROM made ORDER BY 1"
    return dict(state._connection.execute(query))


def lives(count: int, steps: int) -> None:
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=count,
            stateful_step_count=steps,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_what_was_settled_step_by_step_is_what_the_rules_say() -> None:
    lives(40, 12)


@pytest.mark.slow
def test_long_lives_end_as_the_rules_say() -> None:
    lives(600, 40)


def test_only_documents_that_something_changed_of_are_told_anew(tmp_path: Path) -> None:
    first = {
        f"{n:020}": Made(None, (f"{n}",), None, ((n, "", False, False),), (), "") for n in range(6)
    }
    with State(tmp_path) as state:
        settled(state, first, "rules")
        asked: list[str] = []

        def noting(one: Unsettled) -> Waiting:
            asked.append(one.document_id)
            return job("rules", one)

        later = {**first, f"{9:020}": Made(None, ("9",), None, ((5, "", False, False),), (), "")}
        index = state.near_copies("1")
        outlines = {read_key(key, one): one.outline(key) for key, one in later.items()}
        state.corpus.renew(
            touched(state.corpus, later),
            outlines.__getitem__,
            lambda _: (),
            index,
        )
        state.corpus.settle("rules", noting)
    assert asked == [f"{9:020}"]


def test_an_older_copy_turns_the_repeat_around(tmp_path: Path) -> None:
    def one(day: int) -> Made:
        return Made(dt.date(2021, 5, day), ("",), None, ((4, "", False, False),), (), "")

    young, old = f"{1:020}", f"{2:020}"
    with State(tmp_path) as state:
        settled(state, {young: one(9)}, "rules")
        assert state.corpus.repeats(young) == {}
        settled(state, {young: one(9), old: one(2)}, "rules")
        assert state.corpus.repeats(young) == {f"{young}:0": Repeat(f"{old}:0", "exact", 1.0)}
        settled(state, {young: one(9)}, "rules")
        assert state.corpus.repeats(young) == {}


def test_long_documents_come_first_and_the_last_batches_are_small(tmp_path: Path) -> None:
    made = {f"{n:020}": Made(None, (f"{n}",), None, (), (), "") for n in range(400)}
    with State(tmp_path) as state:
        settled(state, made, "rules")
        with state._connection as connection:
            connection.execute("UPDATE live SET signs = 1 + doc % 40")
        batches = list(_batches(state, 200))
        jobs = [entry(state, "batch", batch.key, JOBS) for batch in batches]
        signs = dict(state._connection.execute("SELECT document_id, signs FROM live"))
    assert [batch.documents for batch in batches] == [len(each) for each in jobs]
    assert sorted(one.document_id for each in jobs for one in each) == sorted(made)
    order = [signs[one.document_id] for each in jobs for one in each]
    assert order == sorted(order, reverse=True)
    sizes = [sum(signs[one.document_id] for one in each) for each in jobs]
    assert max(sizes) < 200 + 40
    assert max(sizes[-5:]) < 30
    assert all(isinstance(batch, Batch) for batch in batches)
