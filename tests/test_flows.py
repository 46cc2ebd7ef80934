"""Prefect for real: a run as a flow, and a schedule that makes runs appear."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from tests.conftest import Home

pytestmark = pytest.mark.flow

STORY = "Chile and Peru raised their relations to a strategic partnership on 5 May 2021.\n"
SECONDS = 240
COMPLETED = {"type": {"any_": ["COMPLETED"]}}


def test_a_run_as_a_flow_publishes_what_a_direct_run_does(tmp_path: Path) -> None:
    home = Home(tmp_path / "flow")
    home.write("story.txt", STORY)
    done = subprocess.run(
        [sys.executable, "-m", "pipeline", "run"],
        cwd=home.folder,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "Starting Prefect" in done.stdout
    assert "rows of partnerships" in done.stdout
    direct = Home(tmp_path / "direct")
    direct.write("story.txt", STORY)
    direct.run()
    assert home.bytes_of_output() == direct.bytes_of_output()
    # Prefect kept its own books in the state folder, and no result.
    assert (home.settings.state / "prefect" / "prefect.db").is_file()
    assert not (home.settings.state / "prefect" / "storage").exists()


def ask(url: str, query: object) -> list[dict[str, object]]:
    request = Request(  # loopback
        url, json.dumps(query).encode(), {"Content-Type": "application/json"}
    )
    with urlopen(request, timeout=10) as answer:
        found = json.load(answer)
    assert isinstance(found, list)
    return found


def test_a_served_flow_runs_on_schedule_and_when_files_settle(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.write("story.txt", STORY)
    port = 4300 + os.getpid() % 500
    api = f"http://127.0.0.1:{port}/api"
    server = subprocess.Popen(
        [
            *(sys.executable, "-m", "pipeline", "serve"),
            *("--every", "20s", "--watch", "--port", str(port)),
        ],
        cwd=home.folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "PIPELINE_SETTLE_SECONDS": "1"},
    )
    latest = home.settings.output / "latest"
    runs: list[dict[str, object]] = []
    artifacts: list[dict[str, object]] = []
    deadline = time.monotonic() + SECONDS
    kinds: set[object] = set()
    asked = False
    try:
        while time.monotonic() < deadline and len(kinds) < 2:
            time.sleep(1)
            assert server.poll() is None, server.communicate()[0]
            try:
                runs = ask(f"{api}/flow_runs/filter", {"flow_runs": {"state": COMPLETED}})
                kinds = {run["auto_scheduled"] for run in runs}
                artifacts = ask(f"{api}/artifacts/filter", {})
            except OSError:
                continue
            if latest.exists() and not asked:
                asked = True
                home.write("other.txt", STORY.replace("Peru", "Brazil"))
    finally:
        server.terminate()
        printed, _ = server.communicate(timeout=60)
    assert server.returncode == 0, printed
    assert kinds == {True, False}, printed
    assert home.ask("SELECT count(*) FROM partnerships") == [(2,)]
    assert "snapshot" in str(artifacts[0]["data"])
