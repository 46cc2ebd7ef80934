from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.errors import PipelineError, RunningError
from pipeline.repeats import Repeat
from pipeline.state import FILE_NAME, State, content_key, lock


def test_an_entry_is_found_under_its_key_and_no_other(tmp_path: Path) -> None:
    with State(tmp_path) as state:
        state.put("rows", [("a", "Ünïcode \U0001f600")])
        assert state.get("rows", "a") == "Ünïcode \U0001f600"
        assert state.get("read", "a") is None
        assert state.known("rows", ["a", "b"]) == {"a"}


def test_entries_outlive_the_connection(tmp_path: Path) -> None:
    with State(tmp_path) as state:
        state.put("read", [("a", "text")])
    with State(tmp_path) as state:
        assert state.get("read", "a") == "text"


def test_known_takes_more_keys_than_a_statement_has_variables(tmp_path: Path) -> None:
    keys = [f"{n:040d}" for n in range(40_000)]
    with State(tmp_path) as state:
        state.put("rows", ((key, "") for key in keys[::2]))
        assert len(state.known("rows", keys)) == 20_000


def test_retain_drops_what_is_not_live(tmp_path: Path) -> None:
    with State(tmp_path) as state:
        state.put("rows", [("a", "1"), ("b", "2")])
        state.put("read", [("b", "3")])
        state.retain("rows", ["a"])
        assert state.get("rows", "b") is None
        assert state.get("read", "b") == "3"


def test_repeats_of_a_document_are_its_own(tmp_path: Path) -> None:
    one, other = "0" * 20, "0" * 19 + "1"
    with State(tmp_path) as state:
        repeats = {
            f"{one}:5": Repeat("x", "exact", 1.0),
            f"{one}:90": Repeat("y", "near", 0.5),
            f"{other}:5": Repeat("z", "exact", 1.0),
        }
        state.set_live([], repeats)
        assert state.repeats(one) == {f"{one}:{at}": repeats[f"{one}:{at}"] for at in (5, 90)}


def test_a_torn_file_is_set_aside_and_made_anew(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_bytes(b"no database at all" * 100)
    with State(tmp_path) as state:
        assert state.set_aside is not None
        assert state.set_aside.read_bytes().startswith(b"no database")
        state.put("rows", [("a", "1")])
        assert state.get("rows", "a") == "1"


def test_another_layout_is_begun_anew(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / FILE_NAME)
    connection.executescript(
        "CREATE TABLE entry (other INTEGER); INSERT INTO entry VALUES (1); PRAGMA user_version = 99"
    )
    connection.close()
    with State(tmp_path) as state:
        assert state.set_aside is None
        state.put("rows", [("a", "1")])
        assert state.get("rows", "a") == "1"


@pytest.mark.parametrize("pair", [(("a", "bc"), ("ab", "c")), (("1:", ""), ("", "1:"))])
def test_keys_tell_parts_apart(pair: tuple[tuple[str, ...], tuple[str, ...]]) -> None:
    assert content_key(*pair[0]) != content_key(*pair[1])


def test_the_second_run_is_told_who_holds_the_lock(tmp_path: Path) -> None:
    holder = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sys; from pathlib import Path; from pipeline.state import lock\n"
            "with lock(Path(sys.argv[1])):\n    print('held', flush=True)\n    sys.stdin.read()",
            str(tmp_path),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    with pytest.raises(RunningError, match=f"process {holder.pid} on "), lock(tmp_path):
        pass
    holder.communicate()
    with lock(tmp_path):
        assert json.loads((tmp_path / "lock").read_text())["pid"] == os.getpid()


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(PipelineError, match=r"file.*cannot be written"), lock(tmp_path / "file"):
        pass
