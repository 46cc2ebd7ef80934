"""The order of the stages, for whatever carries them out, and the account of a run.

    scan -> read -> settle -> (load the model) -> extract -> publish -> report

`Engine` is how work gets done (directly here, as Prefect tasks in `flows`), `Watch` who
looks on (a progress bar, plain lines, a log).  Neither knows anything of data.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Protocol, TypeVar

from pipeline.errors import StateError, disk_error
from pipeline.publish import LATEST, current
from pipeline.receipts import RunRecord, Scanned, StageTime, Unread
from pipeline.report import report_path
from pipeline.settings import Settings
from pipeline.stages import (
    load_model,
    publish_snapshot,
    report,
    report_is_due,
    scan,
    settle,
    try_extract,
    try_read,
)
from pipeline.state import lock, prepare, set_aside
from pipeline.verify import counts_of

READ_FILES = 200
KEPT_RUNS = 30

Item = TypeVar("Item")
Receipt = TypeVar("Receipt")


class Engine(Protocol):
    """Carries out a stage on each item; receipts come as they are ready."""

    def each(
        self,
        stage: str,
        function: Callable[[Settings, Item], Receipt],
        settings: Settings,
        items: Sequence[Item],
    ) -> Iterator[Receipt]:
        """Call `function(settings, item)` for each item."""
        ...


class Watch(Protocol):
    """Looks on while a run goes on."""

    def begin(self, stage: str, total: int) -> None:
        """A stage of `total` steps begins."""
        ...

    def advance(self, stage: str, steps: int) -> None:
        """So many more steps are done."""
        ...

    def end(self, stage: str) -> None:
        """The stage is over."""
        ...


class Direct:
    """The engine that calls."""

    def each(
        self,
        stage: str,
        function: Callable[[Settings, Item], Receipt],
        settings: Settings,
        items: Sequence[Item],
    ) -> Iterator[Receipt]:
        """Call `function(settings, item)` for each item, one after the other."""
        return (function(settings, item) for item in items)


class Silent:
    """The watch that says nothing."""

    def begin(self, stage: str, total: int) -> None:
        """Say nothing."""

    def advance(self, stage: str, steps: int) -> None:
        """Say nothing."""

    def end(self, stage: str) -> None:
        """Say nothing."""


Work = Callable[[Engine], None]


def carry_out_directly(work: Work) -> None:
    """Do the work of a run in this process, without Prefect."""
    work(Direct())


def run(settings: Settings, watch: Watch, carry_out: Callable[[Work], None]) -> RunRecord:
    """One run, from the files in `raw/` to the report.

    Args:
        settings: the settings in force.
        watch: who looks on.
        carry_out: gives an engine to the work that is to be done; not called at all when
            nothing changed since the last run.

    Raises:
        RunningError: another run holds the lock.
        GuardError: too much is gone from `raw/`; nothing was published.
        SnapshotError: the new snapshot failed a check; nothing was flipped.
        DiskError: the disk is full, may not be written to or fails; nothing was flipped.
    """
    with lock(settings.state):
        try:
            notes = prepare(settings.state)
            try:
                return _run_once(settings, watch, carry_out, notes)
            except StateError:
                # A torn page shows when it is read, and that may be late.
                notes = (*notes, set_aside(settings.state))
                return _run_once(settings, watch, carry_out, notes)
        except OSError as error:
            raise disk_error(error, settings.state) from error


def _run_once(
    settings: Settings,
    watch: Watch,
    carry_out: Callable[[Work], None],
    notes: tuple[str, ...],
) -> RunRecord:
    account = _Account(settings, watch)
    scanned = account.scan()
    if not scanned.is_published:
        carry_out(lambda engine: account.work(engine, scanned))
    record = account.close(notes)
    if notes or not scanned.is_published:
        _keep(settings, record)
    return record


class _Account:
    """Takes a run through its stages and notes what each one took."""

    def __init__(self, settings: Settings, watch: Watch) -> None:
        self._settings = settings
        self._watch = watch
        self._times: list[StageTime] = []
        self._extracted = 0
        self._is_new = False

    def scan(self) -> Scanned:
        with self._stage("scan", 1) as step:
            scanned = scan(self._settings)
            step(1, 0)
        return scanned

    def work(self, engine: Engine, scanned: Scanned) -> None:
        settings = self._settings
        changed: list[str] = []
        with self._stage("read", len(scanned.unread)) as step:
            for batch in engine.each("read", try_read, settings, _slices(scanned.unread)):
                changed += batch.changed
                done_files = batch.documents + batch.quarantined + len(batch.changed)
                step(done_files, batch.words)
        # A document that the code failed on may be the original of a repeat: settle anew.
        while self._settle_and_extract(engine, tuple(changed)):
            pass
        # A file that changed under the reader must be read again: its run is not the last word.
        signature = "" if changed else scanned.signature
        with self._stage("publish", 1) as step:
            (published,) = engine.each("publish", publish_snapshot, settings, [signature])
            self._is_new = published.is_new
            step(1, 0)
        if report_is_due(settings, published.name):
            with self._stage("report", 1) as step:
                list(engine.each("report", report, settings, [published.name]))
                step(1, 0)

    def _settle_and_extract(self, engine: Engine, changed: tuple[str, ...]) -> bool:
        """Extract from what is new; whether the corpus must be settled once more."""
        settings = self._settings
        with self._stage("settle", 1) as step:
            (settled,) = engine.each("settle", settle, settings, [changed])
            step(1, 0)
        if settled.batches:
            # Here, so that the seconds of `extract` are those of the words alone.
            with self._stage("load", 1) as step:
                load_model(settings.model)
                step(1, 0)
        crashed = 0
        with self._stage("extract", sum(map(len, settled.batches))) as step:
            for done in engine.each("extract", try_extract, settings, settled.batches):
                self._extracted += done.documents - done.crashed
                crashed += done.crashed
                step(done.documents, done.words)
        return crashed > 0

    def close(self, notes: tuple[str, ...]) -> RunRecord:
        shown = current(self._settings.output)
        assert shown is not None  # a run ends with a snapshot or with an error
        counts = counts_of(shown)
        return RunRecord(
            run=datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%fZ"),
            outcome="published" if self._is_new else "unchanged",
            sources=counts.sources,
            extracted_documents=self._extracted,
            repeats=counts.repeats,
            rows=counts.rows,
            stages=tuple(self._times),
            snapshot=shown.name,
            output=str(self._settings.output / LATEST),
            report=str(report_path(self._settings.output)),
            notes=notes,
        )

    @contextmanager
    def _stage(self, stage: str, total: int) -> Iterator[Callable[[int, int], None]]:
        started = time.perf_counter()
        counted = 0

        def step(steps: int, words: int) -> None:
            nonlocal counted
            counted += words
            self._watch.advance(stage, steps)

        self._watch.begin(stage, total)
        yield step
        self._watch.end(stage)
        self._times.append(StageTime(stage, time.perf_counter() - started, counted))


def _slices(unread: Sequence[Unread]) -> list[tuple[Unread, ...]]:
    return [tuple(unread[n : n + READ_FILES]) for n in range(0, len(unread), READ_FILES)]


def _keep(settings: Settings, record: RunRecord) -> None:
    """Write the record of a run, and drop the oldest ones."""
    folder = settings.state / "runs"
    folder.mkdir(exist_ok=True)
    text = json.dumps(asdict(record), indent=1, ensure_ascii=False)
    (folder / f"{record.run}.json").write_text(text + "\n", encoding="utf-8")
    for old in sorted(folder.glob("*.json"))[:-KEPT_RUNS]:
        old.unlink()
