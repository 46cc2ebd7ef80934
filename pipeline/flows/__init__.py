"""The Prefect flow: schedules, retries, shows and logs; it knows nothing about data.

`run_as_flow` carries out one run as a flow run; `serve` offers the same flow as a deployment
on a schedule, or when files have settled.  Prefect holds no truth: no result is kept or cached
by it, tasks pass receipts, and the lock of the state decides who runs.

Tasks run in threads of the flow and wait there for the caller that does the work (this
process, forked workers or a Dask cluster): so Prefect needs to be installed on no worker,
and its own process pool, which took 10 CPU seconds to start, is not needed.

No `from __future__ import annotations` here: a served flow resolves its annotations in
another process and fails on postponed ones.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from httpx import HTTPError
from prefect import flow, get_run_logger, task
from prefect.artifacts import create_progress_artifact, update_progress_artifact
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import FlowRun, State
from prefect.deployments import run_deployment
from prefect.exceptions import PrefectException
from prefect.futures import PrefectFuture, as_completed
from prefect.logging import get_logger
from prefect.states import Cancelled
from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner
from prefect.tasks import exponential_backoff

from pipeline.engines import FIRST_METHOD, Caller, Here, StartMethod, Workers, cores
from pipeline.errors import PipelineError, RunningError
from pipeline.flows.servers import run_server, scheduling_server
from pipeline.flows.telling import tell_of_failure, write_artifacts
from pipeline.flows.watching import settled
from pipeline.receipts import RunRecord
from pipeline.repeats import Runner
from pipeline.run import Silent, Work, cluster_of, run
from pipeline.settings import Settings
from pipeline.stages import load_model

__all__ = ["run_as_flow", "scheduled_run", "scheduling_server", "serve"]

FLOW_NAME = "pipeline"
DEPLOYMENT_NAME = "scheduled"
TAGS = ("pipeline",)
RETRIES = 3
# Threads only wait: as many tasks may be on their way as a cluster has use for.
THREADS = 32
# A stage of fewer tasks is over before somebody looks.
LONG_STAGE = 20
DEPLOY_SECONDS = 60

Item = TypeVar("Item")
Receipt = TypeVar("Receipt")


class Tasks:
    """The engine that makes each item of a stage a Prefect task.

    Args:
        caller: does the work of a task.
    """

    def __init__(self, caller: Caller) -> None:
        self._caller = caller
        self._here = Here()
        self.shares_memory = caller.shares_memory

    def runner(self, settings: Settings) -> AbstractContextManager[Runner]:
        """What applies pure functions to the parts of one item's work: the caller, with no task."""
        return nullcontext(self._caller.apply)

    def each(
        self,
        stage: str,
        function: Callable[[Settings, Item], Receipt],
        settings: Settings,
        items: Sequence[Item],
    ) -> Iterator[Receipt]:
        """Call `function(settings, item)` for each item in a task of its own.

        A task that fails on its files is tried again alone, later and later.
        """
        # One task alone gains nothing in another process.
        caller = self._caller if len(items) > 1 else self._here

        def call(number: int) -> Receipt:
            return caller.call(function, settings, items[number - 1])

        step = task(
            name=stage,
            task_run_name=f"{stage} {{number}} of {len(items)}",
            tags={stage},
            cache_policy=NO_CACHE,
            persist_result=False,
            retries=RETRIES,
            retry_delay_seconds=exponential_backoff(backoff_factor=2),
            retry_jitter_factor=0.5,
            retry_condition_fn=_may_pass,
        )(call)
        progress = None
        if len(items) >= LONG_STAGE:
            progress = create_progress_artifact(0.0, key=f"pipeline-{stage}")
        futures = [step.submit(number) for number in range(1, len(items) + 1)]
        for done, future in enumerate(as_completed(futures), start=1):
            yield future.result()
            if progress is not None and done % (len(items) // LONG_STAGE) == 0:
                update_progress_artifact(progress, 100 * done / len(items))  # type: ignore[arg-type]


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
        log = settings.state / "logs" / "prefect-server.log"
        with _caller(settings, FIRST_METHOD) as caller, run_server(log):
            _flow_of(settings, lambda: work(Tasks(caller)))()

    return carry_out


@contextmanager
def _caller(settings: Settings, method: StartMethod) -> Iterator[Caller]:
    """Who does the work of tasks; forked workers are forked before Prefect starts its threads."""
    count = settings.workers or cores()
    if settings.runner == "dask":
        with cluster_of(settings) as caller:
            yield caller
    elif settings.runner == "process" and count > 1:
        if method == "fork":
            load_model(settings.model)
        with Workers(count, method, settings.worker_megabytes) as workers:
            yield workers
    else:
        # The model takes some seconds to load: meanwhile the server starts.
        warm = threading.Thread(target=load_model, args=(settings.model,), daemon=True)
        warm.start()
        yield Here()
        warm.join()


def _runner() -> TaskRunner[PrefectFuture[Any]]:
    # Prefect's own annotations do not let its runner be what its decorator asks for.
    return ThreadPoolTaskRunner(max_workers=THREADS)  # type: ignore[return-value]


def _run_name() -> str:
    return f"run of {datetime.now(UTC):%Y-%m-%d %H:%M:%S}"


def _flow_of(settings: Settings, work: Callable[[], RunRecord]) -> Callable[[], None]:
    def tell(flow: object, flow_run: FlowRun, state: State[Any]) -> None:
        _tell(settings, flow_run, state)

    @flow(
        name=FLOW_NAME,
        description="One run: scan, read, settle, extract, publish, report.",
        flow_run_name=_run_name,
        task_runner=_runner(),
        persist_result=False,
        validate_parameters=False,
        timeout_seconds=settings.run_seconds or None,
        on_failure=[tell],
        on_crashed=[tell],
    )
    def one_run() -> None:
        write_artifacts(settings, work())

    return one_run


def _tell(settings: Settings, flow_run: FlowRun, state: State[Any]) -> None:
    """Tell of a failed run; that nobody took the news is in the log, and fails nothing more."""
    try:
        tell_of_failure(settings, flow_run.name, state.message or state.name or "")
    except PipelineError as error:
        get_logger(FLOW_NAME).error("%s", error)


def _tell_scheduled(flow: object, flow_run: FlowRun, state: State[Any]) -> None:
    _tell(Settings.model_validate(flow_run.parameters["settings"]), flow_run, state)


@flow(
    name=FLOW_NAME,
    description="One run: scan, read, settle, extract, publish, report.",
    flow_run_name=_run_name,
    task_runner=_runner(),
    persist_result=False,
    on_failure=[_tell_scheduled],
    on_crashed=[_tell_scheduled],
)
def scheduled_run(settings: dict[str, str | int | float | bool | list[str]]) -> Any:  # noqa: ANN401
    """One run on a schedule; gives its outcome and the snapshot shown at its end.

    While another run holds the lock there is nothing to do: the flow run ends as cancelled.
    """
    given = Settings.model_validate(settings)

    def carry_out(work: Work) -> None:
        with _caller(given, "spawn") as caller:
            work(Tasks(caller))

    try:
        record = run(given, Silent(), carry_out)
    except RunningError as error:
        return Cancelled(message=str(error))
    write_artifacts(given, record)
    rows = ", ".join(f"{count} {table}" for table, count in record.rows)
    logger = get_run_logger()
    logger.info("%s: snapshot %s, %s", record.outcome, record.snapshot, rows)
    for alarm in record.alarms:
        logger.warning("look at %s", alarm)
    return f"{record.outcome} {record.snapshot}"


def serve(settings: Settings, cron: str | None, every: timedelta | None, watch: bool) -> None:
    """Offer the flow as one deployment until the process is ended.

    Args:
        settings: the settings of every run; paths are made absolute.
        cron: a cron expression in UTC, or None.
        every: time between two runs, or None.
        watch: whether a run is asked for when entries of `raw/` have settled.
    """
    stop = threading.Event()
    if watch:
        watcher = threading.Thread(target=_run_when_settled, args=(settings, stop), daemon=True)
        watcher.start()
    try:
        scheduled_run.serve(
            name=DEPLOYMENT_NAME,
            description="Reads what is new in raw/ and publishes one snapshot.",
            tags=list(TAGS),
            cron=cron,
            interval=every,
            parameters={"settings": settings.absolute().model_dump(mode="json")},
            limit=1,
            pause_on_shutdown=False,
            print_starting_message=False,
        )
    finally:
        stop.set()


def _run_when_settled(settings: Settings, stop: threading.Event) -> None:
    """Ask for a run now, for what came while nobody watched, and whenever files have settled."""
    settings.raw.mkdir(parents=True, exist_ok=True)
    for _ in range(DEPLOY_SECONDS):
        # Until the deployment is known to the server.
        if _ask_for_run() or stop.wait(1):
            break
    for count in settled(settings.raw, settings.settle_seconds, stop):
        logger = get_logger(FLOW_NAME)
        logger.info("%d entries of %s changed and settled: a run is asked for", count, settings.raw)
        if not _ask_for_run():
            logger.warning("no run could be asked for; the next change asks again")


def _ask_for_run() -> bool:
    """Whether Prefect took the wish for a run."""
    try:
        run_deployment(f"{FLOW_NAME}/{DEPLOYMENT_NAME}", timeout=0, as_subflow=False)
    except (PrefectException, HTTPError):
        return False
    return True
