"""What others are told of a run."""

from __future__ import annotations

import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from pipeline.errors import PipelineError
from pipeline.flows.telling import markdown_of, tell_of_failure
from tests.conftest import Home


def test_the_page_of_a_run_names_rows_and_report(home: Home) -> None:
    home.write("story.txt", "Kenya paid Ghana $40 million on 5 May 2021.\n")
    home.write("empty.txt", "")
    page = markdown_of(home.run())
    assert "Files: 1 processed, 1 quarantined, 0 skipped." in page
    assert "| money | 1 |" in page
    assert "report/index.html`" in page


def test_a_command_gets_the_news(home: Home, tmp_path: Path) -> None:
    heard = tmp_path / "heard.json"
    code = f"import sys, pathlib; pathlib.Path({str(heard)!r}).write_bytes(sys.stdin.buffer.read())"
    settings = home.settings.model_copy(update={"on_failure": f'{sys.executable} -c "{code}"'})
    tell_of_failure(settings, "run 7", "raw/: nothing to read in it")
    news = json.loads(heard.read_text())
    assert (news["run"], news["message"]) == ("run 7", "raw/: nothing to read in it")


def test_an_address_gets_the_news(home: Home) -> None:
    heard: list[bytes] = []

    class Listener(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            heard.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Listener)
    thread = threading.Thread(target=server.handle_request)
    thread.start()
    settings = home.settings.model_copy(
        update={"on_failure": f"http://127.0.0.1:{server.server_port}/news"}
    )
    tell_of_failure(settings, "run 7", "no space left")
    thread.join(10)
    server.server_close()
    assert json.loads(heard[0])["message"] == "no space left"


@pytest.mark.parametrize("told", ["no-such-command-here", f"{sys.executable} -c 'exit(3)'"])
def test_news_that_nobody_takes_is_an_error(home: Home, told: str) -> None:
    settings = home.settings.model_copy(update={"on_failure": told})
    with pytest.raises(PipelineError, match="did not take the news"):
        tell_of_failure(settings, "run 7", "no space left")


def test_nothing_is_told_by_default(home: Home) -> None:
    tell_of_failure(home.settings, "run 7", "no space left")
