"""Stages on a Dask cluster: batches travel as parts, workers give back parts.

SQLite keeps one host's processes apart, not those of several hosts on a network disk.  So no
worker opens the state: the part of it that a batch needs is copied into a folder of its own
below `<state>/parts/`, a worker carries out the stage on a copy of that, and what it adds
is taken over here.  The state folder (and `raw/`, for reading) must be mounted at the same
path on every host.  A batch whose worker dies is given to another one by Dask.
"""

from __future__ import annotations

import shutil
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar
from uuid import uuid4

from distributed import Client, Future, LocalCluster
from distributed.client import FutureCancelledError
from distributed.comm.core import CommClosedError
from distributed.scheduler import KilledWorker

from pipeline.engines import cores
from pipeline.errors import PipelineError
from pipeline.repeats import in_turn
from pipeline.settings import Settings
from pipeline.stages import Needs, needs_of
from pipeline.state import FILE_NAME, Stage, State

Item = TypeVar("Item")
Receipt = TypeVar("Receipt")
Answer = TypeVar("Answer")

PARTS = "parts"
CRASH_LOG = Path("logs", "crashes.log")
# How often Dask gives a batch to another worker after one died with it.
RETRIES = 2
CONNECT_SECONDS = 30


class Cluster:
    """The caller that has a Dask cluster call; see the head of this module.

    Args:
        client: connected to the cluster.
        address: what it is called in errors.
    """

    def __init__(self, client: Client, address: str) -> None:
        self._client = client
        self._address = address
        self._folding = threading.Lock()
        self.shares_memory = False
        self.width = max(2 * len(client.scheduler_info(n_workers=-1)["workers"]), 2)

    def call(
        self, function: Callable[[Settings, Item], Receipt], settings: Settings, item: Item
    ) -> Receipt:
        """Have a worker of the cluster call `function(settings, item)`.

        Stages that need the whole state are called here.

        Raises:
            PipelineError: the cluster is gone, or the batch killed worker after worker.
        """
        needs = needs_of(function, settings, item)
        if needs is None:
            return function(settings, item)
        part = settings.state.absolute() / PARTS / uuid4().hex
        _export(settings, needs, part)
        try:
            with self._explained():
                future = self._client.submit(
                    *(_on_worker, function, settings.absolute(), item, part),
                    pure=False,
                    retries=RETRIES,
                )
                receipt: Receipt = future.result()
            with self._folding:
                _fold(settings, part)
            return receipt
        finally:
            shutil.rmtree(part, ignore_errors=True)

    def apply(self, task: Callable[[Item], Answer], items: Iterable[Item], /) -> Iterable[Answer]:
        """Answers of a pure function in the order of the items; all are handed over at once.

        Raises:
            PipelineError: the cluster is gone, or an item killed worker after worker.
        """
        chosen = list(items)
        if len(chosen) < 2:
            return in_turn(task, chosen)
        with self._explained():
            futures = [
                self._client.submit(task, item, pure=False, retries=RETRIES) for item in chosen
            ]
        return self._answers(futures)

    def _answers(self, futures: list[Future[Answer]]) -> Iterator[Answer]:
        for future in futures:
            with self._explained():
                answer = future.result()
            yield answer

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except KilledWorker as error:
            raise PipelineError(
                f"Dask at {self._address}: a batch killed {RETRIES + 1} workers; run it once with "
                '`runner = "process"`, which finds the document and leaves it out.'
            ) from error
        except (CommClosedError, FutureCancelledError) as error:
            raise PipelineError(
                f"Dask at {self._address} is gone ({type(error).__name__}); nothing was "
                "published. Start it and run again: finished batches are kept."
            ) from error


@contextmanager
def cluster(settings: Settings) -> Iterator[Cluster]:
    """The cluster of `dask_address`, or one of this machine that ends with the run.

    Raises:
        PipelineError: nobody answers at the address.
    """
    address = settings.dask_address
    if address:
        try:
            client = Client(  # type: ignore[no-untyped-call]
                address, timeout=CONNECT_SECONDS, set_as_default=False
            )
        except (OSError, TimeoutError, ValueError) as error:
            raise PipelineError(
                f"Dask at {address} does not answer ({error}); is the scheduler up?"
            ) from error
        with client:
            yield Cluster(client, address)
        return
    count = settings.workers or cores()
    with (
        LocalCluster(  # type: ignore[no-untyped-call]
            n_workers=count, threads_per_worker=1, host="127.0.0.1", dashboard_address=None
        ) as local,
        Client(local, set_as_default=False) as client,  # type: ignore[no-untyped-call]
    ):
        yield Cluster(client, "this machine")


def _export(settings: Settings, needs: Needs, part: Path) -> None:
    """Copy the entries that a batch needs into a state of its own."""
    with State(settings.state) as state, State(part) as own:
        for stage, keys in needs:
            entries = ((key, state.get(stage, key)) for key in keys)
            own.put(stage, ((key, text) for key, text in entries if text is not None))


def _on_worker(
    function: Callable[[Settings, Item], Receipt], settings: Settings, item: Item, part: Path
) -> Receipt:
    """Carry out a stage on a copy of the part, and put the copy in its place by one rename."""
    with tempfile.TemporaryDirectory(prefix="pipeline-") as folder:
        own = Path(folder)
        shutil.copy(part / FILE_NAME, own / FILE_NAME)
        receipt = function(settings.model_copy(update={"state": own}), item)
        arriving = part / f"{uuid4().hex}.db"
        shutil.copy(own / FILE_NAME, arriving)
        arriving.replace(part / FILE_NAME)
        log = own / CRASH_LOG
        if log.is_file():
            shutil.copy(log, part / log.name)
    return receipt


def _fold(settings: Settings, part: Path) -> None:
    """Take over what the worker added."""
    with State(settings.state) as state, State(part) as own:
        made: dict[Stage, list[tuple[str, str]]] = {}
        for stage, key, text in own.entries():
            made.setdefault(stage, []).append((key, text))
        for stage, entries in made.items():
            state.put(stage, entries)
    log = part / CRASH_LOG.name
    if log.is_file():
        kept = settings.state / CRASH_LOG
        kept.parent.mkdir(exist_ok=True)
        with kept.open("a", encoding="utf-8") as stream:
            stream.write(log.read_text(encoding="utf-8"))
