"""Random histories of a folder: whatever happened, the dataset is that of the files there now."""

from __future__ import annotations

import tempfile
import time
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from pkgutil import resolve_name

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from pipeline.publish import current
from pipeline.receipts import RunRecord
from pipeline.verify import damaged
from tests.conftest import Home
from tests.killing import no_model

SHARED = "The harbour of Tema was closed for two days because of the storm, the mayor said."
TEXTS = [
    *(f"Ghana paid EUR {n} million to Togo on {n} May 2021.\n\n{SHARED}\n" for n in range(1, 5)),
    f"ACCRA, 3 June 2020 (GNA) - {SHARED} It opened on Friday.\n",
    "The ministers met on Tuesday and spoke of the USD 40 million bridge.\n",
    "",
    "\x00\x01\x02",
]
# No system that tests are run on has a clock of a coarser grain; two seconds a run are too dear.
SHORT_GRAIN_NS = 50_000_000
NAMES = st.sampled_from(["a.txt", "b.txt", "2021-05-06 c.txt", "deep/a.txt", "deep/d.md"])
# Where a run is made to end, and at which call: before work, between its results, in publishing.
POINTS = (
    "pipeline.state.State.put",
    "pipeline.state.State.change_sources",
    "pipeline.repeats.Index.change",
    "pipeline.state.Corpus.settle",
    "pipeline.state.places.settle",
    "pipeline.state.Origins.trace",
    "pipeline.state.Origins.set_made",
    "pipeline.state.State.remember",
    "pipeline.publish._make_durable",
    "pipeline.publish.show",
    "pipeline.publish.layout.sync_folder",
)


class Killed(BaseException):
    """Stands for the end of the process."""


class History(RuleBasedStateMachine):
    """Files come, change and go, rules change, runs are killed; in between runs succeed."""

    def __init__(self) -> None:
        super().__init__()
        self._folder = tempfile.TemporaryDirectory()
        self._patch = pytest.MonkeyPatch()
        self._patch.setattr("pipeline.stages.extract.load_model", no_model)
        self._patch.setattr("pipeline.run.load_model", no_model)
        # Pages are made from snapshots and are looked at elsewhere.
        self._patch.setattr("pipeline.run.report_is_due", lambda *_: False)
        self._patch.setattr(import_module("pipeline.stages.scan"), "GRAIN_NS", SHORT_GRAIN_NS)
        self._homes = 0
        self._home = self._new_home()
        self._shown: Path | None = None

    def _new_home(self) -> Home:
        self._homes += 1
        home = Home(Path(self._folder.name) / str(self._homes))
        home.settings = home.settings.model_copy(
            update={"allow_removals": True, "batch_bytes": 1_000, "keep_hours": 0}
        )
        return home

    def _run(self) -> RunRecord:
        # So that what was written just now has a stamp.
        time.sleep(1.2 * SHORT_GRAIN_NS / 1e9)
        return self._home.run()

    def teardown(self) -> None:
        """Look at the end of the history, too."""
        try:
            self.a_run()
        finally:
            self._patch.undo()
            self._folder.cleanup()

    def _files(self) -> list[Path]:
        raw = self._home.settings.raw
        return sorted(path for path in raw.rglob("*") if path.is_file())

    @initialize(text=st.sampled_from(TEXTS), stamps_from=st.sampled_from([0, 1, 3]))
    def first(self, text: str, stamps_from: int) -> None:
        """A file to begin with, and whether files are told by their stamps."""
        self._home.write("first.txt", text)
        self._home.settings = self._home.settings.model_copy(update={"stamps_from": stamps_from})

    @rule(name=NAMES, text=st.sampled_from(TEXTS))
    def write(self, name: str, text: str) -> None:
        """Add a file, or change one."""
        self._home.write(name, text)

    @precondition(lambda self: self._files())
    @rule(place=st.integers(0, 9))
    def remove(self, place: int) -> None:
        """Remove a file."""
        self._files()[place % len(self._files())].unlink()

    @precondition(lambda self: self._files())
    @rule(place=st.integers(0, 9), name=NAMES)
    def rename(self, place: int, name: str) -> None:
        """Rename a file, maybe over another one."""
        file = self._files()[place % len(self._files())]
        target = self._home.settings.raw / name
        target.parent.mkdir(exist_ok=True)
        file.replace(target)

    @precondition(lambda self: self._files())
    @rule(place=st.integers(0, 9), name=NAMES)
    def copy(self, place: int, name: str) -> None:
        """Copy a file."""
        self._home.write(name, self._files()[place % len(self._files())].read_bytes())

    @rule(languages=st.sampled_from([("en",), ("en", "de")]), size=st.sampled_from([15, 10_000]))
    def change_rules(self, languages: tuple[str, ...], size: int) -> None:
        """Change what rows depend on beside the files."""
        update = {"languages": languages, "batch_bytes": max(size, 1_000)}
        self._home.settings = self._home.settings.model_copy(update=update)

    @rule(point=st.sampled_from(POINTS), call=st.integers(1, 4))
    def a_killed_run(self, point: str, call: int) -> None:
        """A run that ends at some call of some function."""
        left = call
        owner, _, name = point.rpartition(".")
        # Of the owner: a function may bear the name of the module that it is from.
        really = getattr(resolve_name(owner), name)

        def step(*arguments: object, **named: object) -> object:
            nonlocal left
            left -= 1
            if left == 0:
                raise Killed
            return really(*arguments, **named)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(f"{owner}.{name}", step)
            with suppress(Killed):
                self._run()
        self._shown = current(self._home.settings.output)

    @rule()
    def a_run(self) -> None:
        """A run, and another one of the same files from nothing."""
        self._run()
        scratch = self._new_home()
        scratch.settings = scratch.settings.model_copy(
            update={"languages": self._home.settings.languages}
        )
        for file in self._files():
            name = file.relative_to(self._home.settings.raw).as_posix()
            scratch.write(name, file.read_bytes())
        scratch.run()
        assert self._home.bytes_of_output() == scratch.bytes_of_output()
        assert self._run().outcome == "unchanged"
        self._shown = current(self._home.settings.output)

    @invariant()
    def what_is_shown_is_whole(self) -> None:
        """What is shown is one snapshot, and no byte of it changed."""
        shown = current(self._home.settings.output)
        assert shown == self._shown
        assert shown is None or damaged(shown) == []


def histories(count: int, steps: int) -> None:
    run_state_machine_as_test(
        History,
        settings=settings(
            max_examples=count,
            stateful_step_count=steps,
            deadline=None,
            derandomize=True,
            # A history takes seconds: no thousand of them to make a failing one shorter.
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_10_histories_end_like_a_run_from_nothing() -> None:
    histories(10, 8)


@pytest.mark.slow
def test_200_histories_end_like_a_run_from_nothing() -> None:
    histories(200, 20)
