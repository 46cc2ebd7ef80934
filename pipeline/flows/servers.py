"""Prefect's server: the one in force, a temporary one for a run, or a whole one for schedules."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from prefect.server.api.server import SubprocessASGIServer
from prefect.settings import PREFECT_API_URL, temporary_settings

from pipeline.errors import PipelineError

# A server's first start makes its database: 25 s here on an idle machine, more on a busy one.
SERVER_SECONDS = 180


@contextmanager
def run_server() -> Iterator[None]:
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
