"""Who carries out a stage: this process, or worker processes forked from it.

A caller calls a stage's function on one item, somewhere; an engine has all items of a stage
called and gives the receipts as they come.  Neither knows anything of data: what a stage makes
goes to the state, under keys that do not depend on who made it, so that every engine
leads to the same bytes.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Literal, Protocol, TypeVar

from pipeline.errors import PipelineError
from pipeline.limits import begin_worker, within
from pipeline.repeats import Runner, in_turn
from pipeline.settings import Settings

Item = TypeVar("Item")
Receipt = TypeVar("Receipt")
Answer = TypeVar("Answer")

# Each document that kills its worker is left out at its second try: a run goes on through
# ten of them before it gives up.
MAX_BREAKS = 20

StartMethod = Literal["fork", "spawn"]
# Elsewhere than on Linux a forked process may not touch the system's libraries.
FIRST_METHOD: StartMethod = "fork" if sys.platform == "linux" else "spawn"


class Caller(Protocol):
    """Calls a stage's function somewhere; safe to use from many threads."""

    @property
    def width(self) -> int:
        """How many calls go on at a time."""
        ...

    @property
    def shares_memory(self) -> bool:
        """Whether what is loaded in this process is there where the calls are made."""
        ...

    def call(
        self, function: Callable[[Settings, Item], Receipt], settings: Settings, item: Item
    ) -> Receipt:
        """Call `function(settings, item)` and wait for its receipt."""
        ...

    def apply(self, task: Callable[[Item], Answer], items: Iterable[Item], /) -> Iterable[Answer]:
        """Answers of a pure function in the order of the items: a `repeats.Runner`."""
        ...


class Here:
    """The caller that calls in this process, one call at a time.

    The model holds the interpreter's lock most of the time: two threads are no faster.
    """

    width = 1
    shares_memory = True

    def __init__(self) -> None:
        self._turn = threading.Lock()

    def call(
        self, function: Callable[[Settings, Item], Receipt], settings: Settings, item: Item
    ) -> Receipt:
        """Call `function(settings, item)` when it is its turn."""
        with self._turn:
            return function(settings, item)

    def apply(self, task: Callable[[Item], Answer], items: Iterable[Item], /) -> Iterable[Answer]:
        """Answers of a pure function, one after the other."""
        return in_turn(task, items)


class Direct:
    """The engine that has a caller do the items of a stage, as many at a time as it can.

    Args:
        caller: who calls.
    """

    def __init__(self, caller: Caller) -> None:
        self._caller = caller
        self.shares_memory = caller.shares_memory

    def runner(self, settings: Settings) -> AbstractContextManager[Runner]:
        """What applies pure functions to the parts of one item's work: the caller."""
        return nullcontext(self._caller.apply)

    def each(
        self,
        stage: str,
        function: Callable[[Settings, Item], Receipt],
        settings: Settings,
        items: Sequence[Item],
    ) -> Iterator[Receipt]:
        """Call `function(settings, item)` for each item; receipts come as they are ready."""
        width = min(self._caller.width, len(items))
        if width < 2:
            for item in items:
                yield self._caller.call(function, settings, item)
            return
        with ThreadPoolExecutor(width) as threads:
            futures = [threads.submit(self._caller.call, function, settings, one) for one in items]
            try:
                for future in as_completed(futures):
                    yield future.result()
            finally:
                threads.shutdown(wait=False, cancel_futures=True)


class Workers:
    """Processes forked from this one; they share the memory of what is loaded here.

    Fork them before threads are started.  Workers that take the place of killed ones are
    started from nothing, which is slower and safe beside threads.

    Args:
        count: how many processes work at a time.
        method: `fork` starts them at once, `spawn` from nothing at the first call.
        megabytes: memory that each may take beyond what it shares; 0 for no limit.
    """

    def __init__(self, count: int, method: StartMethod, megabytes: int = 0) -> None:
        self.width = count
        self.shares_memory = method == "fork"
        self._megabytes = megabytes
        self._renewing = threading.Lock()
        sys.stdout.flush()  # or a worker prints once more what waits in the buffer
        self._pool = self._start(method)

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)

    def call(
        self, function: Callable[[Settings, Item], Receipt], settings: Settings, item: Item
    ) -> Receipt:
        """Have a worker call `function(settings, item)`; safe to call from many threads.

        What a killed worker held is done anew, and so is what its fellows held.

        Raises:
            PipelineError: workers died again and again.
        """
        for _ in range(MAX_BREAKS):
            pool = self._pool
            try:
                return pool.submit(_limited, function, settings, item).result()
            except BrokenProcessPool:
                with self._renewing:
                    if self._pool is pool:
                        pool.shutdown(wait=True)
                        self._pool = self._start("spawn")
        raise PipelineError(
            f"worker processes died {MAX_BREAKS} times; is there memory for {self.width} of "
            "them? Set `workers` lower and run again: what is done is kept."
        )

    def apply(self, task: Callable[[Item], Answer], items: Iterable[Item], /) -> Iterable[Answer]:
        """Answers of a pure function in the order of the items; all are handed over at once.

        What a killed worker held is done here.
        """
        chosen = list(items)
        if len(chosen) < 2:
            return in_turn(task, chosen)
        try:
            futures = [self._pool.submit(task, item) for item in chosen]
        except BrokenProcessPool:
            return in_turn(task, chosen)
        return (_answer(task, *one) for one in zip(chosen, futures, strict=True))

    def _start(self, method: StartMethod) -> ProcessPoolExecutor:
        context = multiprocessing.get_context(method)
        pool = ProcessPoolExecutor(self.width, context, begin_worker, (self._megabytes,))
        if method == "fork":
            pool.submit(int)  # the first call forks all of them
        return pool


class Processes:
    """The engine that forks workers for each stage of several items, and does the rest here.

    Args:
        workers: how many processes work at a time.
    """

    def __init__(self, workers: int) -> None:
        self._workers = workers
        self.shares_memory = FIRST_METHOD == "fork"
        self._here = Direct(Here())

    @contextmanager
    def runner(self, settings: Settings) -> Iterator[Runner]:
        """What applies pure functions: workers, forked when several items are there at once."""
        started: list[Workers] = []

        def run(task: Callable[[Item], Answer], items: Iterable[Item], /) -> Iterable[Answer]:
            chosen = list(items)
            if not started and len(chosen) > 1 and self._workers > 1:
                started.append(Workers(self._workers, FIRST_METHOD, settings.worker_megabytes))
            return (started[0].apply if started else in_turn)(task, chosen)

        try:
            yield run
        finally:
            for workers in started:
                workers.__exit__()

    def each(
        self,
        stage: str,
        function: Callable[[Settings, Item], Receipt],
        settings: Settings,
        items: Sequence[Item],
    ) -> Iterator[Receipt]:
        """Call `function(settings, item)` for each item, on several at a time."""
        count = min(self._workers, len(items))
        if count < 2:
            yield from self._here.each(stage, function, settings, items)
            return
        with Workers(count, FIRST_METHOD, settings.worker_megabytes) as workers:
            yield from Direct(workers).each(stage, function, settings, items)


def _answer(task: Callable[[Item], Answer], item: Item, future: Future[Answer]) -> Answer:
    try:
        return future.result()
    except BrokenProcessPool:
        return task(item)


def _limited(
    function: Callable[[Settings, Item], Receipt], settings: Settings, item: Item
) -> Receipt:
    return within(settings.batch_seconds, settings.state / "logs", function, settings, item)


def cores() -> int:
    """How many cores this process may use.

    Example:
        >>> cores() >= 1
        True
    """
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity is not None else (os.cpu_count() or 1)
