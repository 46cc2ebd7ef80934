"""A Dask scheduler and two workers in processes of their own, on loopback."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest

from pipeline.errors import PipelineError
from pipeline.repeats import index, pairs
from pipeline.run import Silent, carry_out_directly, run
from pipeline.settings import Settings
from tests.conftest import ROOT, Home

pytest.importorskip("distributed", reason="the extra `dask` is not installed")

from pipeline.cluster import Cluster  # needs Dask

Item = TypeVar("Item")
Answer = TypeVar("Answer")

STORIES = 12


class Dask:
    """A scheduler and its workers; ends only what it started."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        with socket.socket() as one:
            one.bind(("127.0.0.1", 0))
            self.address = f"tcp://127.0.0.1:{one.getsockname()[1]}"
        port = self.address.rpartition(":")[2]
        self.scheduler = self._start(
            "distributed.cli.dask_scheduler",
            "--host",
            "127.0.0.1",
            "--port",
            port,
            "--no-dashboard",
        )
        self.workers = [self.start_worker() for _ in range(2)]

    def start_worker(self) -> subprocess.Popen[bytes]:
        return self._start(
            *("distributed.cli.dask_worker", self.address, "--nthreads", "1", "--no-nanny"),
            *("--host", "127.0.0.1", "--no-dashboard", "--local-directory", str(self._folder)),
        )

    def close(self) -> None:
        for process in (*self.workers, self.scheduler):
            if process.poll() is None:
                process.kill()
            process.wait()

    def _start(self, module: str, *arguments: str) -> subprocess.Popen[bytes]:
        with (self._folder / "dask.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", module, *arguments],
                stdout=log,
                stderr=log,
                env={**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"},
            )


@pytest.fixture
def dask(tmp_path: Path) -> Iterator[Dask]:
    started = Dask(tmp_path)
    yield started
    started.close()


def home_of(folder: Path) -> Home:
    home = Home(folder)
    for number in range(STORIES):
        home.write(
            f"story-{number}.txt",
            f"Kenya and Ghana signed a deal worth ${number + 2} million on 5 May 2021.\n"
            f"Chile and Peru agreed on a strategic partnership in {2000 + number}.\n",
        )
    return home


def with_dask(home: Home, dask: Dask) -> Settings:
    return home.settings.model_copy(
        update={"runner": "dask", "dask_address": dask.address, "batch_bytes": 1}
    )


def when_parts_appear(state: Path, act: Callable[[], None]) -> threading.Thread:
    """Call `act` as soon as a batch of the extraction is on its way."""

    def wait() -> None:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if len(list((state / "parts").glob("*"))) > 1:
                act()
                return
            time.sleep(0.01)

    thread = threading.Thread(target=wait)
    thread.start()
    return thread


def test_a_cluster_makes_the_bytes_of_this_machine(tmp_path: Path, dask: Dask) -> None:
    local, there = home_of(tmp_path / "local"), home_of(tmp_path / "there")
    local.run()
    settings = with_dask(there, dask)
    record = run(settings, Silent(), carry_out_directly(settings))
    assert record.extracted_documents == STORIES
    assert there.bytes_of_output() == local.bytes_of_output()
    assert list((settings.state / "parts").iterdir()) == []


def test_near_copies_are_found_on_the_cluster(
    tmp_path: Path, dask: Dask, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Of a few stories there is one task of each kind otherwise, and that is done here.
    monkeypatch.setattr(index, "STREAMS_A_TASK", 5)
    monkeypatch.setattr(pairs, "PAIRS_A_TASK", 2)
    asked: list[str] = []
    plain = Cluster.apply

    def noted(
        self: Cluster, task: Callable[[Item], Answer], items: Iterable[Item], /
    ) -> Iterable[Answer]:
        chosen = list(items)
        asked.extend([task.__name__] * len(chosen))
        return plain(self, task, chosen)

    monkeypatch.setattr(Cluster, "apply", noted)
    local, there = home_of(tmp_path / "local"), home_of(tmp_path / "there")
    for home in (local, there):
        for number in range(STORIES):
            home.write(
                f"again-{number}.txt",
                f"Kenya and Ghana have signed a deal worth ${number + 2} million on 5 May 2021.\n",
            )
    local.run()
    assert asked == []
    settings = with_dask(there, dask)
    run(settings, Silent(), carry_out_directly(settings))
    assert {name: asked.count(name) > 2 for name in asked} == {
        "_sketched": True,
        "paired": True,
        "_rows": True,
    }
    query = "SELECT count(*) FROM passages WHERE repeat_kind = 'near'"
    assert there.ask(query) == [(STORIES,)]
    assert there.bytes_of_output() == local.bytes_of_output()


def test_the_batches_of_a_killed_worker_are_done_by_the_other(tmp_path: Path, dask: Dask) -> None:
    local, there = home_of(tmp_path / "local"), home_of(tmp_path / "there")
    local.run()
    settings = with_dask(there, dask)
    thread = when_parts_appear(settings.state, lambda: os.kill(dask.workers[0].pid, signal.SIGKILL))
    run(settings, Silent(), carry_out_directly(settings))
    thread.join()
    assert dask.workers[0].wait(10) == -signal.SIGKILL
    assert there.bytes_of_output() == local.bytes_of_output()


def test_a_killed_scheduler_ends_the_run_and_the_snapshot_stays(tmp_path: Path, dask: Dask) -> None:
    home = home_of(tmp_path / "there")
    home.run()
    shown = home.bytes_of_output()
    for number in range(STORIES):
        home.write(f"more-{number}.txt", f"Fiji paid {number + 3} million dollars to Tonga.\n")
    settings = with_dask(home, dask)
    thread = when_parts_appear(settings.state, dask.scheduler.kill)
    with pytest.raises(PipelineError, match=r"Dask at tcp://127.0.0.1:\d+ is gone"):
        run(settings, Silent(), carry_out_directly(settings))
    thread.join()
    assert home.bytes_of_output() == shown
    home.run()
    assert home.ask("SELECT count(*) FROM money WHERE text LIKE '%dollars'") == [(STORIES,)]


def test_no_scheduler_is_said_in_a_line(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.cluster.CONNECT_SECONDS", 1)
    home.write("story.txt", "Fiji paid 3 million dollars to Tonga.\n")
    settings = home.settings.model_copy(
        update={"runner": "dask", "dask_address": "tcp://127.0.0.1:9"}
    )
    with pytest.raises(PipelineError, match="does not answer"):
        run(settings, Silent(), carry_out_directly(settings))
