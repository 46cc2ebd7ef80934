"""Documents that end the process: tried in a process of their own, then left out."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence

import pytest

from pipeline.receipts import ReadBatch
from pipeline.settings import Settings
from pipeline.stages import forgive, trials
from pipeline.state import State
from tests.conftest import ROOT, Home

# Runs the command with a fault in it: the extractor dies of one text, the reader of another.
DRIVER = """
import os, signal, sys
import tests.killing
import pipeline.run
import pipeline.stages.extract as extracting
import pipeline.stages.read as reading

extract, read_document = extracting.extract, reading.read_document

def deadly_extract(document, *rest):
    if "deadly to extract" in document.text:
        os.kill(os.getpid(), signal.SIGKILL)
    return extract(document, *rest)

def deadly_read(data, *rest):
    if b"deadly to read" in data:
        os._exit(3)
    return read_document(data, *rest)

pipeline.run.load_model = extracting.load_model = tests.killing.no_model
extracting.extract, reading.read_document = deadly_extract, deadly_read
if __name__ == "__main__":
    from pipeline.cli import main
    main()
"""
GOOD = "Ghana paid EUR {} million to Togo in June 2019, the newspaper wrote.\n"


def command(home: Home, *arguments: str) -> subprocess.CompletedProcess[str]:
    (home.folder / "driver.py").write_text(DRIVER)
    return subprocess.run(
        [sys.executable, "driver.py", *arguments],
        cwd=home.folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def test_a_document_that_kills_the_process_is_left_out_at_its_second_try(home: Home) -> None:
    for number in range(3):
        home.write(f"good{number}.txt", GOOD.format(number + 1))
    home.write("killer.txt", "This text is deadly to extract from.\n")
    home.write("reader.txt", "This text is deadly to read at all.\n")
    assert command(home, "run", "--no-prefect").returncode == 3  # dies while reading
    assert command(home, "run", "--no-prefect").returncode == -9  # dies while extracting
    done = command(home, "run", "--no-prefect")
    assert done.returncode == 0, done.stderr
    assert home.ask("SELECT path, status, reason FROM sources ORDER BY path") == [
        *((f"good{n}.txt", "processed", None) for n in range(3)),
        ("killer.txt", "quarantined", "crashed_extractor"),
        ("reader.txt", "quarantined", "crashed_extractor"),
    ]
    assert home.ask("SELECT count(*) FROM money") == [(3,)]
    # Known by now: nothing dies of it any more, until it is asked for.
    assert home.run().outcome == "unchanged"
    assert forgive(home.settings, ["reader.txt"]) == ["reader.txt"]
    assert forgive(home.settings, ()) == ["killer.txt"]
    assert dict(home.run().sources)["processed"] == 5


def batch_receipt(settings: Settings, batch: Sequence[str]) -> ReadBatch:
    """Stands for a stage: dies of `killer`."""
    if "killer" in batch:
        os._exit(9)
    return ReadBatch(len(batch), len(batch), 0, 10 * len(batch), (settings.model,) * len(batch))


def test_what_kills_a_process_of_its_own_is_told_from_what_does_not(home: Home) -> None:
    items = ["one", "killer", "two", "killer", "three"]
    outcomes = list(trials.apart(batch_receipt, home.settings, items))
    assert [(item, outcome is trials.KILLER) for item, outcome in outcomes] == [
        (item, item == "killer") for item in items
    ]


def stall(_settings: Settings, batch: Sequence[str]) -> ReadBatch:
    """Stands for a stage: never ends on `staller`."""
    while "staller" in batch:
        pass
    return ReadBatch(len(batch), len(batch), 0, 0, ())


def test_what_stalls_alone_is_ended_and_named(home: Home) -> None:
    settings = home.settings.model_copy(update={"document_seconds": 1.0})
    outcomes = dict(trials.apart(stall, settings, ["one", "staller", "two"]))
    assert outcomes["staller"] is trials.STALLER
    assert {outcomes[name] for name in ("one", "two")} == {ReadBatch(1, 1, 0, 0, ())}
    assert "in stall" in (settings.state / "logs" / "stalls.log").read_text()


def test_receipts_are_added_up() -> None:
    whole = trials._sum([ReadBatch(1, 1, 2, 3, ("a",)), ReadBatch(9, 10, 20, 30, ("b", "c"))])
    assert whole == ReadBatch(10, 11, 22, 33, ("a", "b", "c"))


def test_an_innocent_of_a_killed_batch_is_tried_apart_and_kept(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run that was killed from outside leaves its whole batch under suspicion."""
    tried_apart: list[str] = []

    def here(work: object, settings: Settings, items: Sequence[object]) -> object:
        for item in items:
            tried_apart.append(type(item).__name__)
            yield item, work(settings, (item,))  # type: ignore[operator]

    monkeypatch.setattr(trials, "apart", here)
    for number in range(3):
        home.write(f"{number}.txt", GOOD.format(number + 1))
    home.run()
    before = home.bytes_of_output()
    with State(home.settings.state) as state:
        keys = [rows_key for _, _, rows_key in state.corpus.live()]
        state.forget("rows", keys)
        state.begin(keys)
        state.remember("published", "")
    record = home.run()
    assert (record.outcome, tried_apart) == ("unchanged", ["Job"] * 3)
    assert home.bytes_of_output() == before
    with State(home.settings.state) as state:
        assert state.begin(keys) == set()


def test_an_error_strikes_out_what_was_tried(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(*_: object) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(trials, "read", failing)
    with pytest.raises(OSError, match="Input"):
        trials._tried(home.settings, ["a"], str, failing, failing)  # type: ignore[type-var]
    with State(home.settings.state) as state:
        assert state.begin(["a"]) == set()


def test_only_faults_of_the_program_are_forgiven(home: Home) -> None:
    home.write("good.txt", GOOD.format(1))
    home.write("empty.txt", "")
    home.run()
    assert forgive(home.settings, ()) == []
    assert home.run().outcome == "unchanged"
