from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import zlib
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from pipeline.errors import DiskError, PipelineError, RunningError, StateError
from pipeline.state import FILE_NAME, State, content_key, lock, prepare
from tests.conftest import Home


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


def other_layout(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(
            "CREATE TABLE entry (other INTEGER); INSERT INTO entry VALUES (1);"
            "PRAGMA user_version = 99"
        )


@pytest.mark.parametrize(
    ("make", "said", "is_kept"),
    [
        (lambda path: path.write_bytes(b"no database at all" * 100), "was torn", True),
        (lambda path: path.write_bytes(b""), "was empty", False),
        (other_layout, "was of another version", False),
    ],
)
def test_a_file_that_cannot_be_used_is_said_and_begun_anew(
    tmp_path: Path, make: Callable[[Path], object], said: str, is_kept: bool
) -> None:
    path = tmp_path / FILE_NAME
    make(path)
    (note,) = prepare(tmp_path)
    assert note.startswith(f"{path} {said}")
    assert path.with_suffix(".torn").exists() == is_kept
    assert prepare(tmp_path) == ()
    with State(tmp_path) as state:
        state.put("rows", [("a", "1")])
        assert state.get("rows", "a") == "1"


def test_a_sound_file_is_left_as_it_is(tmp_path: Path) -> None:
    assert prepare(tmp_path) == ()
    with State(tmp_path) as state:
        state.put("rows", [("a", "1")])
    assert prepare(tmp_path) == ()
    with State(tmp_path) as state:
        assert state.get("rows", "a") == "1"


def test_a_torn_page_or_value_that_is_met_late_is_named(tmp_path: Path) -> None:
    with State(tmp_path) as state:
        state.put("rows", ((f"{n:040d}", "words " * 500 + str(n)) for n in range(2_000)))
    path = tmp_path / FILE_NAME
    data = bytearray(path.read_bytes())
    pages = len(data) // 4096
    for page in range(pages // 3, pages):
        data[page * 4096 : page * 4096 + 64] = b"\xff" * 64
    path.write_bytes(data)
    assert prepare(tmp_path) == ()
    with (
        pytest.raises(StateError, match=r"state\.db: torn .*`pipeline run` sets it aside"),
        State(tmp_path) as state,
    ):
        for n in range(2_000):
            state.get("rows", f"{n:040d}")


def test_a_flipped_byte_inside_a_value_is_named(tmp_path: Path) -> None:
    with State(tmp_path) as state:
        state.put("rows", [("a", "words of many kinds, " * 20)])
    path = tmp_path / FILE_NAME
    packed = zlib.compress(("words of many kinds, " * 20).encode(), 1)
    data = bytearray(path.read_bytes())
    data[data.index(packed) + len(packed) // 2] ^= 0x55
    path.write_bytes(data)
    with pytest.raises(StateError), State(tmp_path) as state:
        state.get("rows", "a")


def test_what_was_being_tried_when_a_process_died_is_told(tmp_path: Path) -> None:
    with State(tmp_path) as state:
        assert state.begin(["a", "b"]) == set()
        state.end(["a"])
    with State(tmp_path) as state:
        assert state.begin(["a", "b", "c"]) == {"b"}
        state.end_all()
        assert state.begin(["a", "b", "c"]) == set()


def test_a_full_disk_is_named(tmp_path: Path) -> None:
    with (
        pytest.raises(DiskError, match=r"state\.db: .*full; free some space on it, then run again"),
        State(tmp_path) as state,
    ):
        state._connection.execute("PRAGMA max_page_count = 30")
        state.put("rows", ((str(n), str(n) * 5_000) for n in range(2_000)))


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


def test_a_lock_that_only_dying_workers_hold_is_waited_for(tmp_path: Path) -> None:
    # The run forks a worker, which shares the lock, and is killed; the worker lives on for a while.
    run = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import os, signal, sys, time; from pathlib import Path\n"
            "from pipeline.state import lock\n"
            "with lock(Path(sys.argv[1])):\n"
            "    if os.fork() == 0:\n"
            "        time.sleep(0.7)\n"
            "        os._exit(0)\n"
            "    os.kill(os.getpid(), signal.SIGKILL)",
            str(tmp_path),
        ],
    )
    assert run.wait() == -signal.SIGKILL
    with lock(tmp_path):
        assert json.loads((tmp_path / "lock").read_text())["pid"] == os.getpid()


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(PipelineError, match=r"file.*cannot be written"), lock(tmp_path / "file"):
        pass


def test_what_no_live_document_needs_is_forgotten(home: Home, tmp_path: Path) -> None:
    def kept(state: State) -> set[tuple[str, str]]:
        return {(stage, key) for stage, key, _ in state.entries() if stage != "batch"}

    home.write("a.txt", "Norway lent Peru 4 million dollars on 4 May 2021.")
    home.write("b.txt", "Ghana bought nine ferries from Malta in June 2019.")
    home.write("c.txt", "Kenya sold its last railway to Oman in March 2018.")
    home.run()
    home.write("a.txt", "Norway lent Peru 6 million dollars on 5 May 2021.")
    (home.settings.raw / "b.txt").unlink()
    with State(home.settings.state) as state:
        # As if a run had been killed that had forgotten a reading and not what was made of it.
        state.put("outline", [("0" * 40, "{}")])
        state.put("streams", [("0" * 40, "{}")])
    home.run()
    fresh = Home(tmp_path / "fresh")
    for name in ("a.txt", "c.txt"):
        fresh.write(name, (home.settings.raw / name).read_bytes())
    fresh.run()
    with State(home.settings.state) as state, State(fresh.settings.state) as other:
        assert kept(state) == kept(other)
        assert {stage for stage, _ in kept(state)} >= {"read", "outline", "streams", "rows"}
