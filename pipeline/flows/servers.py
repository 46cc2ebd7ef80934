"""Prefect's server: the one in force, a temporary one for a run, or a whole one for schedules."""

import atexit
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import prefect
from prefect.settings import PREFECT_API_URL, get_current_settings, temporary_settings

from pipeline.errors import PipelineError

# A server's first start makes its database: 25 s here on an idle machine, more on a busy one.
SERVER_SECONDS = 180


@contextmanager
def run_server(log: Path) -> Iterator[None]:
    """The server that `PREFECT_API_URL` names, else a temporary one of this process.

    The command is that of Prefect's `SubprocessASGIServer`; to import that class takes 2 CPU
    seconds, since it brings the whole server into this process, which only needs its address.

    Args:
        log: what a temporary server prints is added to this file.

    Raises:
        PipelineError: it did not answer in time; names its log.
    """
    if PREFECT_API_URL.value():
        yield
        return
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}/api"
    command = [
        *(sys.executable, "-m", "uvicorn", "--app-dir", str(Path(prefect.__file__).parents[1])),
        *("--factory", "prefect.server.api.server:create_app"),
        *("--host", "127.0.0.1", "--port", str(port), "--log-level", "error", "--lifespan", "on"),
    ]
    environment = {
        **os.environ,
        **dict.fromkeys(("PREFECT__SERVER_EPHEMERAL", "PREFECT__SERVER_FINAL"), "1"),
        "PREFECT_UI_ENABLED": "0",
        **get_current_settings().to_environment_variables(exclude_unset=True),
    }
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as stream:
        server = subprocess.Popen(command, stdout=stream, stderr=stream, env=environment)
    # Not ended here: it ends with the process, after Prefect's own workers have sent
    # what they still hold; ended earlier they retry for a minute and a half.
    atexit.register(_end, server)
    _wait_for(url, server, log)
    with temporary_settings({PREFECT_API_URL: url}):
        yield


def _end(server: "subprocess.Popen[bytes]") -> None:
    server.terminate()
    try:
        server.wait(timeout=5)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


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
