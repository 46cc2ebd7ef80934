"""Trying files and documents so that one which ends the process is left out the next time.

Before anything is tried it is noted in the state, and struck out afterwards.  A process that
dies of memory, of a signal or inside a library strikes nothing out: what is found noted at
the next try is under suspicion.  It may be innocent, having stood in the same batch, or
the process was killed from outside.  So suspects are tried one by one in a process of their
own: whatever that process dies of is to blame and is quarantined, and the run goes on.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import fields
from multiprocessing import get_context
from typing import TypeVar

from pipeline.limits import begin_worker, within
from pipeline.receipts import Batch, ExtractedBatch, Job, ReadBatch, Unread, UnreadPart
from pipeline.settings import Settings
from pipeline.stages.entries import JOBS, REFUSED, Refused, crash_key, dump, entry
from pipeline.stages.extract import extract_batch
from pipeline.stages.read import read, record_keys
from pipeline.state import State
from schemas.tables import Reason

Item = TypeVar("Item")
Receipt = TypeVar("Receipt", bound=ReadBatch | ExtractedBatch)

KILLER = Refused(
    "crashed_extractor",
    "The process that worked on it died, twice; it is left out. Report it with this file; "
    "`pipeline retry` has it tried again.",
)
STALLER = Refused(
    "timed_out",
    "It took longer than `document_seconds` allows, alone; it is left out. Report it with this "
    "file; `pipeline retry` has it tried again.",
)
# Reasons that lie with the program and not with the file.
FORGIVABLE: frozenset[Reason] = frozenset({"crashed_extractor", "timed_out"})


def try_read(settings: Settings, batch: Sequence[Unread | UnreadPart]) -> ReadBatch:
    """`read` one batch; what killed a process before is read in one of its own.

    Of a file of many records a whole part is tried, and left out if it kills.
    """
    return _tried(settings, batch, _read_key, read, _blame_file)


def try_extract(settings: Settings, batch: Batch) -> ExtractedBatch:
    """`extract_batch`; a document that killed a process before is tried in one of its own."""
    with State(settings.state) as state:
        jobs = entry(state, "batch", batch.key, JOBS)
    return _tried(settings, jobs, _rows_key, extract_batch, _blame_document)


def _tried(
    settings: Settings,
    batch: Sequence[Item],
    key_of: Callable[[Item], str],
    work: Callable[[Settings, Sequence[Item]], Receipt],
    blame: Callable[[Settings, Item, Refused], Receipt],
) -> Receipt:
    keys = [key_of(item) for item in batch]
    with State(settings.state) as state:
        suspected = state.begin(keys)
    try:
        if not suspected:
            return work(settings, batch)
        suspects = [item for item in batch if key_of(item) in suspected]
        calm = [item for item in batch if key_of(item) not in suspected]
        receipts = [
            blame(settings, item, outcome) if isinstance(outcome, Refused) else outcome
            for item, outcome in apart(work, settings, suspects)
        ]
        return _sum([*receipts, *([work(settings, calm)] if calm else [])])
    finally:
        with State(settings.state) as state:
            state.end(keys)


def apart(
    work: Callable[[Settings, Sequence[Item]], Receipt],
    settings: Settings,
    items: Sequence[Item],
) -> Iterator[tuple[Item, Receipt | Refused]]:
    """Do the work on each item in another process; why not, where the process died of the item.

    Where no other process can be had, the work is done in this one.
    """
    pool: ProcessPoolExecutor | None = None
    try:
        for item in items:
            if pool is None and (pool := _worker()) is None:
                yield item, work(settings, (item,))
                continue
            started = time.monotonic()
            try:
                yield item, pool.submit(_alone, work, settings, item).result()
            except BrokenProcessPool:
                pool.shutdown(wait=False)
                pool = None
                stalled = time.monotonic() - started >= settings.document_seconds
                yield item, STALLER if stalled else KILLER
    finally:
        if pool is not None:
            pool.shutdown(wait=True, cancel_futures=True)


def _alone(
    work: Callable[[Settings, Sequence[Item]], Receipt], settings: Settings, item: Item
) -> Receipt:
    return within(settings.document_seconds, settings.state / "logs", work, settings, (item,))


def _worker() -> ProcessPoolExecutor | None:
    """Another process that answers, or None."""
    # Spawned, not forked: threads of this process may hold locks of libraries.
    pool = ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=begin_worker)
    try:
        pool.submit(int).result()
    except (BrokenProcessPool, OSError):
        pool.shutdown(wait=False)
        return None
    return pool


def _read_key(unread: Unread | UnreadPart) -> str:
    return unread.read_key if isinstance(unread, Unread) else unread.index_key


def _rows_key(job: Job) -> str:
    return job.rows_key


def _blame_file(settings: Settings, unread: Unread | UnreadPart, why: Refused) -> ReadBatch:
    with State(settings.state) as state:
        if isinstance(unread, Unread):
            keys = [unread.read_key]
        else:
            keys = record_keys(settings, state, unread)
        state.put("refused", ((key, dump(REFUSED, why)) for key in keys))
    return ReadBatch(unread.records, documents=0, quarantined=len(keys), words=0, changed=())


def _blame_document(settings: Settings, job: Job, why: Refused) -> ExtractedBatch:
    with State(settings.state) as state:
        state.put("crashed", [(crash_key(settings, job.read_key), dump(REFUSED, why))])
    return ExtractedBatch(documents=1, words=0, crashed=1)


def _sum(receipts: Sequence[Receipt]) -> Receipt:
    """One receipt for all: counts and lists of each added up."""
    whole, *rest = receipts
    for each in rest:
        sums = (getattr(whole, one.name) + getattr(each, one.name) for one in fields(whole))
        whole = type(whole)(*sums)
    return whole


def forgive(settings: Settings, paths: Collection[str]) -> list[str]:
    """Forget that the program failed on files, so that the next run tries them; gives their paths.

    Args:
        settings: the settings in force.
        paths: which files, as `sources` names them; empty for all that it failed on.
    """
    with State(settings.state) as state:
        asked = {
            row.path: key
            for key, row in state.sources()
            if key is not None and (not paths or row.path in paths)
        }
        crashed = state.known("crashed", (crash_key(settings, key) for key in asked.values()))
        refused = {
            key
            for key in state.known("refused", asked.values())
            if entry(state, "refused", key, REFUSED).reason in FORGIVABLE
        }
        state.forget("refused", refused)
        state.forget("crashed", crashed)
        failed = [
            path
            for path, key in asked.items()
            if key in refused or crash_key(settings, key) in crashed
        ]
        if failed:
            state.remember("published", "")
    return failed
