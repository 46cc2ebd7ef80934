"""The Prefect flow: schedules, retries, shows and logs; it knows nothing about data.

`run_as_flow` carries out one run as a flow run; `serve` offers the same flow as a deployment
on a schedule.  Prefect holds no truth: no result is kept or cached by it, tasks pass
receipts, and the lock of the state decides who runs.

No `from __future__ import annotations` here: a served flow resolves its annotations in
another process and fails on postponed ones.
"""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar
from urllib.error import URLError
from urllib.request import urlopen

from prefect import flow, get_run_logger, task
from prefect.cache_policies import NO_CACHE
from prefect.futures import PrefectFuture, as_completed
from prefect.server.api.server import SubprocessASGIServer
from prefect.settings import PREFECT_API_URL, temporary_settings
from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner

from pipeline.errors import PipelineError
from pipeline.run import Silent, Work, run
from pipeline.settings import Settings
from pipeline.stages import load_model

FLOW_NAME = "pipeline"
DEPLOYMENT_NAME = "scheduled"
# A server's first start makes its database: 25 s here on an idle machine, more on a busy one.
SERVER_SECONDS = 180
RETRIES = 2
RETRY_SECONDS = 2.0

Item = TypeVar("Item")
Receipt = TypeVar("Receipt")


class Tasks:
    """The engine that makes each item of a stage a Prefect task."""

    def each(
        self,
        stage: str,
        function: Callable[[Settings, Item], Receipt],
        settings: Settings,
        items: Sequence[Item],
    ) -> Iterator[Receipt]:
        """Call `function(settings, item)` for each item in a task of its own."""
        step = task(
            name=stage,
            tags={stage},
            cache_policy=NO_CACHE,
            persist_result=False,
            retries=RETRIES,
            retry_delay_seconds=RETRY_SECONDS,
            retry_condition_fn=_may_pass,
        )(function)
        futures = [step.submit(settings, item) for item in items]
        for future in as_completed(futures):
            yield future.result()


def _may_pass(_task: object, _run: object, state: object) -> bool:
    """Whether a failed task is worth another try: trouble with files may pass, no other does."""
    try:
        state.result()  # type: ignore[attr-defined]
    except PipelineError:
        return False
    except OSError:
        return True
    except Exception:  # noqa: BLE001  # any other error is the task's and is raised there
        return False
    return False


def run_as_flow(settings: Settings) -> Callable[[Work], None]:
    """How a run is carried out as a flow run, on the server in force or a temporary one."""

    def carry_out(work: Work) -> None:
        # The model takes some seconds to load: meanwhile the server starts.
        warm = threading.Thread(target=load_model, args=(settings.model,), daemon=True)
        warm.start()
        with _api():
            warm.join()
            _flow_of(work)()

    return carry_out


def _runner() -> TaskRunner[PrefectFuture[Any]]:
    """One worker thread: the model holds the interpreter's lock most of the time."""
    # Prefect's own annotations do not let its runner be what its decorator asks for.
    return ThreadPoolTaskRunner(max_workers=1)  # type: ignore[return-value]


def _flow_of(work: Work) -> Callable[[], None]:
    @flow(
        name=FLOW_NAME,
        task_runner=_runner(),
        persist_result=False,
        validate_parameters=False,
    )
    def one_run() -> None:
        work(Tasks())

    return one_run


@flow(name=FLOW_NAME, task_runner=_runner(), persist_result=False)
def scheduled_run(settings: dict[str, str | int | float | bool | list[str]]) -> str:
    """One run on a schedule; gives its outcome and the snapshot shown at its end."""
    record = run(Settings.model_validate(settings), Silent(), lambda work: work(Tasks()))
    rows = ", ".join(f"{count} {table}" for table, count in record.rows)
    get_run_logger().info("%s: snapshot %s, %s", record.outcome, record.snapshot, rows)
    return f"{record.outcome} {record.snapshot}"


@contextmanager
def _api() -> Iterator[None]:
    """The server that `PREFECT_API_URL` names, else a temporary one of this process."""
    if PREFECT_API_URL.value():
        yield
        return
    server = SubprocessASGIServer()
    server.start(timeout=SERVER_SECONDS)
    # Not stopped here: it ends with the process, after Prefect's own workers have sent
    # what they still hold; stopped earlier they retry for a minute and a half.
    with temporary_settings({PREFECT_API_URL: server.api_url}):
        yield


@contextmanager
def scheduling_server(port: int, log: Path) -> Iterator[str]:
    """The server in force, or one started here on loopback; gives the address of its API.

    A temporary server runs no schedules, so that `serve` needs a whole one.

    Raises:
        PipelineError: the server did not answer in time; names its log.
    """
    if url := PREFECT_API_URL.value():
        yield url
        return
    url = f"http://127.0.0.1:{port}/api"
    command = [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1"]
    environment = {**os.environ, "PREFECT_UI_API_URL": url, "PREFECT_API_URL": url}
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as stream:
        server = subprocess.Popen(
            [*command, "--port", str(port)], stdout=stream, stderr=stream, env=environment
        )
        try:
            _wait_for(url, server, log)
            with temporary_settings({PREFECT_API_URL: url}):
                yield url
        finally:
            server.terminate()
            server.wait(timeout=30)


def _wait_for(url: str, server: "subprocess.Popen[bytes]", log: Path) -> None:
    for _ in range(SERVER_SECONDS * 2):
        if server.poll() is not None:
            break
        try:
            with urlopen(f"{url}/health", timeout=2) as answer:
                if answer.status == 200:
                    return
        except (URLError, OSError):
            time.sleep(0.5)
    raise PipelineError(f"the Prefect server at {url} did not start; see {log}.")


def serve(settings: Settings, cron: str | None, every: timedelta | None) -> None:
    """Offer the flow as one deployment with a schedule until the process is ended.

    Args:
        settings: the settings of every run; paths are made absolute.
        cron: a cron expression in UTC, or None.
        every: time between two runs, or None.
    """
    scheduled_run.serve(
        name=DEPLOYMENT_NAME,
        cron=cron,
        interval=every,
        parameters={"settings": _absolute(settings)},
        limit=1,
        pause_on_shutdown=False,
        print_starting_message=False,
    )


def _absolute(settings: Settings) -> dict[str, object]:
    paths = {name: getattr(settings, name).absolute() for name in ("raw", "output", "state")}
    return settings.model_copy(update=paths).model_dump(mode="json")
