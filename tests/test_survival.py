"""What a run does when the disk, the state or a published file fails it, or it is told to end."""

from __future__ import annotations

import errno
import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from pipeline.errors import DiskError
from pipeline.publish import current
from pipeline.state import FILE_NAME, State
from pipeline.verify import files_of, verify
from tests.conftest import ROOT, Home
from tests.killing import no_model

STORY = "Chile and Peru raised their relations to a strategic partnership on 5 May 2021.\n"
PAID = "Ghana paid EUR {} million to Togo in June 2019, the newspaper wrote.\n"


def killed(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


def test_a_flipped_byte_is_named_and_the_next_run_replaces_the_file(home: Home) -> None:
    home.write("story.txt", STORY)
    home.run()
    before = home.bytes_of_output()
    shown = current(home.settings.output)
    assert shown is not None
    (path,) = files_of(shown, "partnerships")
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    assert verify(shown) == [f"partnerships/{path.name}: bytes differ from SHA256SUMS"]
    record = home.run()
    assert (record.outcome, record.extracted_documents) == ("published", 0)
    assert home.bytes_of_output() == before
    again = current(home.settings.output)
    assert again is not None
    assert again != shown
    assert record.notes == (
        f"{shown} was damaged (partnerships/{path.name}: bytes differ from SHA256SUMS); "
        f"{again.name} took its place.",
    )
    # The damaged file is not shared with its successor.
    assert verify(again) == []
    assert home.run().outcome == "unchanged"


def test_rows_of_a_damaged_snapshot_are_not_taken_over(home: Home, tmp_path: Path) -> None:
    home.write("a.txt", STORY)
    home.run()
    shown = current(home.settings.output)
    assert shown is not None
    (path,) = files_of(shown, "dates")
    path.write_bytes(path.read_bytes()[:-4] + b"PAR2")
    home.write("b.txt", PAID.format(4))
    home.run()
    scratch = Home(tmp_path / "scratch")
    scratch.write("a.txt", STORY)
    scratch.write("b.txt", PAID.format(4))
    scratch.run()
    assert home.bytes_of_output() == scratch.bytes_of_output()


def test_a_run_that_was_killed_before_it_noted_what_it_showed_leaves_nothing_behind(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.settings = home.settings.model_copy(update={"allow_removals": True})
    only = home.write("a.txt", PAID.format(1))
    with monkeypatch.context() as patch:
        patch.setattr("pipeline.state.Origins.set_made", killed)
        with pytest.raises(KeyboardInterrupt):
            home.run()
    assert current(home.settings.output) is not None
    assert home.ask("SELECT count(*) FROM documents") == [(1,)]
    # No document lives any more, so that all of none are as they were in what is shown.
    only.unlink()
    home.run()
    assert home.ask("SELECT count(*) FROM documents") == [(0,)]


def test_a_report_that_a_killed_run_left_behind_is_written_by_the_next(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.write("story.txt", STORY)
    home.run()
    page = home.settings.output / "report" / "index.html"
    before = page.read_text(encoding="utf-8")
    home.write("more.txt", PAID.format(4))

    with monkeypatch.context() as patch:
        patch.setattr("pipeline.stages.report.begin_aside", killed)
        with pytest.raises(KeyboardInterrupt):
            home.run()
    assert page.read_text(encoding="utf-8") == before
    record = home.run()
    assert record.outcome == "unchanged"
    assert page.read_text(encoding="utf-8") != before
    assert [time.stage for time in home.run().stages] == ["scan"]


@pytest.mark.parametrize("damage", ["header", "pages", "empty", "cut"])
def test_a_torn_state_is_said_set_aside_and_rebuilt(home: Home, damage: str) -> None:
    for number in range(30):
        home.write(f"{number}.txt", PAID.format(number + 1) * 20)
    home.run()
    before = home.bytes_of_output()
    path = home.settings.state / FILE_NAME
    data = bytearray(path.read_bytes())
    match damage:
        case "header":
            data[:200] = b"\xff" * 200
        case "pages":
            for start in range(8_192, len(data), 4_096):
                data[start : start + 200] = b"\xff" * 200
        case "empty":
            data.clear()
        case "cut":
            del data[len(data) // 2 :]
    path.write_bytes(data)
    record = home.run()
    (note,) = record.notes
    assert note.startswith(f"{path} was {'empty' if damage == 'empty' else 'torn'}")
    assert home.bytes_of_output() == before
    kept = sorted((home.settings.state / "runs").iterdir())[-1].read_text()
    assert "everything is read anew" in kept
    assert path.with_suffix(".torn").exists() == (damage != "empty")
    assert home.run().notes == ()


@pytest.mark.parametrize(
    ("number", "remedy"),
    [
        (errno.ENOSPC, "free some space on it"),
        (errno.EDQUOT, "free some space or have the quota raised"),
        (errno.EROFS, "mount it writable or set another folder"),
        (errno.EACCES, "give the user that runs the pipeline the right to it"),
        (errno.EIO, "check the disk"),
    ],
)
@pytest.mark.parametrize("place", ["rename", "symlink_to", "mkdir", "write_text"])
def test_an_error_of_the_disk_is_one_line_and_what_is_shown_stays(
    home: Home, monkeypatch: pytest.MonkeyPatch, number: int, remedy: str, place: str
) -> None:
    home.write("story.txt", STORY)
    home.run()
    before = home.bytes_of_output()
    home.write("more.txt", PAID.format(4))
    really = getattr(Path, place)

    def failing(path: Path, *arguments: object, **named: object) -> object:
        if "snapshots" in path.parts or path.parent == home.settings.output:
            raise OSError(number, os.strerror(number), str(path))
        return really(path, *arguments, **named)

    with monkeypatch.context() as patch:
        patch.setattr(Path, place, failing)
        with pytest.raises(DiskError) as raised:
            home.run()
    said = str(raised.value)
    assert said.startswith(str(home.folder))
    assert f"{os.strerror(number)}; {remedy}, then run again. What is shown stays." in said
    assert len(said.splitlines()) == 1
    assert home.bytes_of_output() == before
    assert list(home.settings.state.glob("snapshots/.building-*")) == []
    assert home.run().outcome == "published"
    assert home.ask("SELECT count(*) FROM documents") == [(2,)]


@pytest.mark.parametrize("stage", ["read.split", "extract.rows_of"])
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO, errno.EMFILE, errno.ENOENT])
def test_a_failure_of_the_machine_costs_no_document(
    home: Home, monkeypatch: pytest.MonkeyPatch, stage: str, number: int
) -> None:
    """A library that unpacks itself to a full disk fails on whatever document comes first."""
    home.write("story.txt", STORY)

    def failing(*_: object) -> object:
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patch:
        patch.setattr(f"pipeline.stages.{stage}", failing)
        with pytest.raises(DiskError, match=os.strerror(number)):
            home.run()
    assert home.run().extracted_documents == 1
    assert home.ask("SELECT status FROM sources") == [("processed",)]


def test_an_error_of_a_library_about_bytes_costs_the_document_alone(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.write("story.txt", STORY)

    def failing(*_: object) -> object:
        raise OSError("these bytes are no table")

    monkeypatch.setattr("pipeline.stages.read.split", failing)
    home.run()
    assert home.ask("SELECT reason FROM sources") == [("crashed_extractor",)]


DRIVER = """
import sys
import pipeline.run, pipeline.stages.extract as extracting
import tests.killing
pipeline.run.load_model = extracting.load_model = tests.killing.no_model
if __name__ == "__main__":
    from pipeline.cli import main
    main()
"""


def started(home: Home, limit: int = resource.RLIM_INFINITY) -> subprocess.Popen[str]:
    """The command with no model, so that it starts fast; files no larger than `limit`."""
    (home.folder / "driver.py").write_text(DRIVER)
    run = subprocess.Popen(
        [sys.executable, "driver.py", "run", "--no-prefect"],
        cwd=home.folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PIPELINE_BATCH_BYTES": "1000"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    resource.prlimit(run.pid, resource.RLIMIT_FSIZE, (limit, limit))
    return run


def has_rows(home: Home) -> bool:
    """Whether the documents of the first batches have been extracted from."""
    with State(home.settings.state) as state:
        return len(state.known("rows", [key for _, _, key in state.corpus.live()])) > 1


def test_a_file_that_may_not_grow_is_named_and_the_next_run_goes_on(home: Home) -> None:
    for number in range(40):
        home.write(f"{number}.txt", PAID.format(number + 1) + os.urandom(2_000).hex() + "\n")
    run = started(home, 60_000)
    _, said = run.communicate(timeout=120)
    assert run.returncode == 1, said
    assert len(said.strip().splitlines()) == 1, said
    assert said.startswith("pipeline: ")
    assert str(home.settings.state.name) in said
    assert not (home.settings.output / "latest").exists()
    assert home.run().outcome == "published"


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)], ids=["TERM", "INT"]
)
def test_a_run_ends_on_request_and_the_next_goes_on_from_there(
    home: Home, number: signal.Signals, code: int
) -> None:
    home.write("story.txt", STORY)
    home.run()
    before = home.bytes_of_output()
    for each in range(200):
        home.write(f"{each}.txt", PAID.format(each + 1) * 3)
    run = started(home)
    assert run.stdout is not None
    while "settle" not in run.stdout.readline():
        assert run.poll() is None
    while not has_rows(home):
        assert run.poll() is None
        time.sleep(0.05)
    run.send_signal(number)
    asked = time.monotonic()
    _, said = run.communicate(timeout=60)
    assert time.monotonic() - asked < 10
    assert run.returncode == code, said
    assert said == (
        f"pipeline: ended by {number.name}; what was finished is kept, the next run goes on from "
        "there.\n"
    )
    assert home.bytes_of_output() == before
    record = home.run()
    assert 0 < record.extracted_documents < 200
    assert home.ask("SELECT count(*) FROM documents") == [(201,)]


@pytest.mark.flow
def test_a_flow_ends_on_request(home: Home) -> None:
    for each in range(300):
        home.write(f"{each}.txt", PAID.format(each + 1) * 8)
    run = subprocess.Popen(
        [sys.executable, "-m", "pipeline", "run"],
        cwd=home.folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert run.stdout is not None
    while "settle" not in run.stdout.readline():
        assert run.poll() is None
    run.terminate()
    asked = time.monotonic()
    _, said = run.communicate(timeout=60)
    assert time.monotonic() - asked < 10
    assert run.returncode == 143, said
    assert "ended by SIGTERM" in said


@pytest.mark.slow
def test_300_runs_leave_memory_handles_files_and_state_as_they_were(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.stages.extract.load_model", no_model)
    monkeypatch.setattr("pipeline.run.load_model", no_model)
    home.settings = home.settings.model_copy(
        update={"keep_hours": 0, "allow_removals": True, "batch_bytes": 1_000}
    )
    for number in range(20):
        home.write(f"{number}.txt", PAID.format(number + 1))
    process = psutil.Process()
    seen: list[tuple[int, int, int, int]] = []
    for turn in range(300):
        home.write(f"{turn % 20}.txt", PAID.format(turn + 100))
        assert home.run().outcome == "published"
        files = [path for path in home.folder.rglob("*") if path.is_file()]
        state = (home.settings.state / FILE_NAME).stat().st_size
        seen.append((process.memory_info().rss, process.num_fds(), len(files), state))
    for early, late in zip(seen[60], seen[-1], strict=True):
        assert late <= early * 1.05 + 3, (seen[60], seen[-1])
