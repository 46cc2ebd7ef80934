"""The order of the stages, for whatever carries them out, and the account of a run.

    scan -> read -> settle -> (load the model) -> extract -> publish -> report

`Engine` is how work gets done (directly here, as Prefect tasks in `flows`), `Watch` who
looks on (a progress bar, plain lines, a log).  Neither knows anything of data.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Protocol, TypeVar

from pipeline.engines import Caller, Direct, Here, Processes, cores
from pipeline.errors import SettingsError, StateError, disk_error
from pipeline.health import drifts, null_rates
from pipeline.journal import keep
from pipeline.publish import LATEST, current, replaced
from pipeline.receipts import RunRecord, Scanned, Slow, StageTime, Unread, UnreadPart, slowest
from pipeline.repeats import Runner
from pipeline.report import report_path
from pipeline.settings import Settings
from pipeline.stages import (
    begin_report,
    load_model,
    make_pages,
    parts_of,
    publish_snapshot,
    report_is_due,
    scan,
    settle,
    share,
    show_report,
    try_extract,
    try_read,
)
from pipeline.state import lock, prepare, set_aside
from pipeline.verify import counts_of, damaged

READ_FILES = 200
READ_BYTES = 8_000_000
# Of a packed file nothing is read without all before it: larger batches unpack it less often.
READ_PACKED_BYTES = 64_000_000

Item = TypeVar("Item")
Receipt = TypeVar("Receipt")


class Engine(Protocol):
    """Carries out a stage on each item; receipts come as they are ready."""

    @property
    def shares_memory(self) -> bool:
        """Whether what is loaded in this process is there where the work is done."""
        ...

    def each(
        self,
        stage: str,
        function: Callable[[Settings, Item], Receipt],
        settings: Settings,
        items: Sequence[Item],
    ) -> Iterator[Receipt]:
        """Call `function(settings, item)` for each item."""
        ...

    def runner(self, settings: Settings) -> AbstractContextManager[Runner]:
        """What applies pure functions to the parts of one item's work, here or elsewhere."""
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


class Silent:
    """The watch that says nothing."""

    def begin(self, stage: str, total: int) -> None:
        """Say nothing."""

    def advance(self, stage: str, steps: int) -> None:
        """Say nothing."""

    def end(self, stage: str) -> None:
        """Say nothing."""


Work = Callable[[Engine], RunRecord]


def carry_out_directly(settings: Settings) -> Callable[[Work], None]:
    """How a run is carried out without Prefect: by the engine that the settings ask for."""

    def carry_out(work: Work) -> None:
        count = settings.workers or cores()
        if settings.runner == "dask":
            with cluster_of(settings) as caller:
                work(Direct(caller))
        elif settings.runner == "process" and count > 1:
            work(Processes(count))
        else:
            work(Direct(Here()))

    return carry_out


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
    account = _Account(settings, watch, notes)
    scanned = account.scan()
    if scanned.is_published:
        account.report(Direct(Here()))
        record = account.close()
        if notes:
            keep(settings.state, record)
        return record
    records: list[RunRecord] = []

    def work(engine: Engine) -> RunRecord:
        records.append(account.work(engine, scanned))
        return records[-1]

    carry_out(work)
    (record,) = records
    keep(settings.state, record)
    return record


class _Account:
    """Takes a run through its stages and notes what each one took."""

    def __init__(self, settings: Settings, watch: Watch, notes: tuple[str, ...]) -> None:
        self._settings = settings
        self._notes = notes
        self._watch = watch
        self._times: list[StageTime] = []
        self._extracted = 0
        self._is_new = False
        self._alarms: tuple[str, ...] = ()
        self._slowest: tuple[Slow, ...] = ()
        self._cpu_before = _cpu_seconds()
        self._shown_before = current(settings.output)
        self._run = datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%fZ")

    def scan(self) -> Scanned:
        with self._stage("scan", 1) as step:
            scanned = scan(self._settings)
            step(1, 0)
        return scanned

    def work(self, engine: Engine, scanned: Scanned) -> RunRecord:
        settings = self._settings
        changed: list[str] = []
        batches = _slices(scanned.unread)
        records = sum(each.records for each in scanned.unread)
        is_spread = len(batches) > 1 and (settings.workers or cores()) > 1
        with ThreadPoolExecutor(1) as aside, self._stage("read", records) as step:
            for place, batch in enumerate(engine.each("read", try_read, settings, batches)):
                if not place and is_spread and engine.shares_memory:
                    # Loaded while workers read, who are forked by now: those that extract will
                    # have it from here.  What is wrong with it is told when it is asked for.
                    aside.submit(load_model, settings.model)
                changed += batch.changed
                step(batch.records, batch.words)
        # A document that the code failed on may be the original of a repeat: settle anew.
        while self._settle_and_extract(engine, tuple(changed)):
            pass
        # A file that changed under the reader must be read again: its run is not the last word.
        signature = "" if changed else scanned.signature
        with self._stage("publish", 1) as step:
            (published,) = engine.each("publish", publish_snapshot, settings, [signature])
            self._is_new = published.is_new
            step(1, 0)
        if published.is_new:
            # Once: the account is closed before the report, which shows it, and again behind it.
            shown = published.folder.resolve()
            self._alarms = (*self._drifts_to(shown), *published.warnings)
            self._notes += replaced(self._shown_before, shown)
        self.report(engine)
        return self.close()

    def report(self, engine: Engine) -> None:
        """Write the report, unless it is of the snapshot that is shown.

        It may not be although nothing changed: a run can be killed between the two.
        """
        settings = self._settings
        shown = current(settings.output)
        if shown is None or not report_is_due(settings, shown.name):
            return
        if self._times[-1].stage == "publish":
            # Kept now as well: the report shows the account of this very run.
            keep(settings.state, self.close())
        with self._stage("report", 1) as step:
            (begun,) = engine.each("report", begin_report, settings, [shown.name])
            parts = parts_of(settings, begun, settings.workers or cores())
            list(engine.each("pages", make_pages, settings, parts))
            list(engine.each("show", show_report, settings, [begun]))
            step(1, 0)

    def _settle_and_extract(self, engine: Engine, changed: tuple[str, ...]) -> bool:
        """Extract from what is new; whether the corpus must be settled once more."""
        settings = self._settings
        with self._stage("settle", 1) as step, engine.runner(settings) as apply:
            (settled,) = engine.each("settle", partial(settle, run=apply), settings, [changed])
            step(1, 0)
        if settled.batches and engine.shares_memory:
            # Here, so that the seconds of `extract` are those of the words alone.
            with self._stage("load", 1) as step:
                load_model(settings.model)
                step(1, 0)
        crashed = 0
        with self._stage("extract", sum(each.documents for each in settled.batches)) as step:
            for done in engine.each("extract", try_extract, settings, settled.batches):
                self._extracted += done.documents - done.crashed
                crashed += done.crashed
                self._slowest = slowest((*self._slowest, *done.slowest))
                step(done.documents, done.words)
        return crashed > 0

    def close(self) -> RunRecord:
        shown = current(self._settings.output)
        assert shown is not None  # a run ends with a snapshot or with an error
        counts = counts_of(shown)
        return RunRecord(
            run=self._run,
            outcome="published" if self._is_new else "unchanged",
            sources=counts.sources,
            extracted_documents=self._extracted,
            repeats=counts.repeats,
            rows=counts.rows,
            stages=tuple(self._times),
            snapshot=shown.name,
            output=str(self._settings.output / LATEST),
            report=str(report_path(self._settings.output)),
            cpu_seconds=round(_cpu_seconds() - self._cpu_before, 2),
            null_rates=null_rates(shown) if self._is_new else (),
            alarms=self._alarms,
            notes=self._notes,
            slowest=self._slowest,
        )

    def _drifts_to(self, shown: Path) -> tuple[str, ...]:
        """The sources that changed between the snapshot shown before and that shown now."""
        before = self._shown_before
        if before is None or before == shown or not before.is_dir() or damaged(before):
            return ()
        return tuple(map(str, drifts(before, shown, self._settings.alarm_share)))

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


def _slices(unread: Sequence[Unread | UnreadPart]) -> list[tuple[Unread | UnreadPart, ...]]:
    """Batches of some MB, smaller near the end, so that workers end together.

    Parts of a packed file stay together, because each unpacks it from its start.
    """
    batches: list[list[Unread | UnreadPart]] = []
    held, bytes_left = 0, sum(each.size for each in unread)
    most_bytes = most_files = 0.0
    for place, each in enumerate(unread):
        batch = batches[-1] if batches else []
        is_packed = isinstance(each, UnreadPart) and each.found.kind.is_packed
        most = READ_PACKED_BYTES if is_packed else most_bytes
        is_other = is_packed and batch and batch[-1].found.path != each.found.path
        is_full = len(batch) >= (READ_FILES if is_packed else most_files)
        if not batch or is_other or is_full or held + each.size > most:
            batches.append([])
            bytes_left -= held
            held = 0
            most_files = share(READ_FILES, len(unread) - place)
            most_bytes = share(READ_BYTES, bytes_left)
        batches[-1].append(each)
        held += each.size
    return [tuple(batch) for batch in batches]


def cluster_of(settings: Settings) -> AbstractContextManager[Caller]:
    """The Dask cluster that the settings name.

    Raises:
        SettingsError: Dask is not installed.
    """
    try:
        from pipeline.cluster import cluster  # noqa: PLC0415  # an extra
    except ImportError as error:
        raise SettingsError(
            "runner 'dask' needs Dask: run `pip install 'grounded-pipeline[dask]'`."
        ) from error
    return cluster(settings)


def _cpu_seconds() -> float:
    """CPU seconds of this process and of the workers that have ended."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system
