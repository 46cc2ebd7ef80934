"""A run that is killed again and again, and what it leaves behind.

    python -m tests.killing [KILLS] [SEED]
    python -m tests.killing sweep

Every run is a child of this process, forked after all is imported and before any library
started a thread, so that a run costs a third of a second.  A child ends itself by SIGKILL just
before the n-th call that opens, names or removes a file (they are told by an audit hook), or is
killed from outside at a random time; up to four times in a row.  After each kill the files
below `output/latest` must be, byte for byte, those before or those after; a clean run must then
bring those after and leave nothing lying about.  `sweep` kills before every such call in turn.
Prints one line; exit code 1 if the promise was broken.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import cast

import pipeline.run
import pipeline.stages.extract
from pipeline.extract.nlp import Model
from pipeline.receipts import RunRecord
from pipeline.records import ModelOutput
from pipeline.run import Silent, carry_out_directly
from pipeline.settings import Settings
from pipeline.stages import rows_of_text

EVENTS = frozenset(
    {"open", "sqlite3.connect", "fcntl.flock", "shutil.rmtree", "shutil.copyfile"}
    | {f"os.{name}" for name in ("rename", "remove", "mkdir", "rmdir", "symlink", "link")}
)
MAX_IN_A_ROW = 4
FILES = 24


class NoModel:
    """Stands for the language model: finds nothing, and costs nothing to load."""

    def read(self, texts: Sequence[str], parse: Sequence[bool]) -> list[ModelOutput]:
        """Nothing for each text."""
        assert len(texts) == len(parse)
        return [ModelOutput() for _ in texts]


def no_model(_: str) -> Model:
    """What is loaded in place of a model of any name."""
    return cast(Model, NoModel())


# Here, so that the processes that a run starts have it, too.
if __name__ != "tests.killing":
    for module in (pipeline.stages.extract, pipeline.run):
        vars(module)["load_model"] = no_model


def warm() -> None:
    """Have all rules read and all modules imported, so that children need not."""
    rows_of_text(no_model(""), text_of(1), None, None)
    import pandas  # noqa: F401, PLC0415  # pyarrow looks for it


def settings_of(home: Path) -> Settings:
    """Small batches, so that a run has several of them."""
    return Settings(
        raw=home / "raw",
        output=home / "output",
        state=home / "state",
        batch_bytes=1_000,
        keep_hours=0,
        keep_snapshots=2,
    )


def text_of(number: int) -> str:
    """A text with a date, a sum and a repeated passage."""
    shared = "The harbour of Tema was closed for two days because of the storm, the mayor said."
    return f"Ghana paid EUR {number} million to Togo on {number % 28 + 1} May 2021.\n\n{shared}\n"


def write(raw: Path, number: int, text: str) -> None:
    """Write one file."""
    raw.mkdir(parents=True, exist_ok=True)
    (raw / f"{number}.txt").write_text(text, encoding="utf-8")


def change(raw: Path) -> None:
    """Add, change, remove and rename files."""
    for number in range(FILES, FILES + 6):
        write(raw, number, text_of(number))
    for number in range(3):
        write(raw, number, text_of(number + 1_000))
    (raw / "5.txt").unlink()
    (raw / "6.txt").rename(raw / "renamed.txt")
    (raw / "bad.txt").write_bytes(b"\x00\x01\x02" * 50)


def work(settings: Settings) -> RunRecord:
    """One run."""
    return pipeline.run.run(settings, Silent(), carry_out_directly(settings))


def in_a_child(settings: Settings, *, at_event: int = 0, after_seconds: float = 0.0) -> int:
    """One run in a child; gives its exit code, negative for the signal it died of.

    Args:
        settings: of the run.
        at_event: number of the call before which it kills itself, from 1; 0 for never.
        after_seconds: when it is killed from outside; 0 for never.
    """
    child = os.fork()
    if child == 0:
        if at_event:
            _die_at(at_event)
        code = 1
        try:
            work(settings)
            code = 0
        except BaseException:
            traceback.print_exc()
            raise
        finally:
            os._exit(code)
    if after_seconds:
        time.sleep(after_seconds)
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status)


def _die_at(event: int) -> None:
    left = event

    def hook(name: str, _: tuple[object, ...]) -> None:
        nonlocal left
        if name in EVENTS:
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)


def shown(home: Path) -> dict[str, bytes]:
    """The files that `output/latest` shows."""
    latest = home / "output" / "latest"
    return {
        path.relative_to(latest).as_posix(): path.read_bytes()
        for path in sorted(latest.glob("**/*"))
        if path.is_file()
    }


def debris(home: Path) -> list[str]:
    """What a killed run left lying about."""
    return [path.name for path in home.glob("**/.*") if not path.name.startswith(".snapshots")]


class Promise:
    """The base state, the two references, and trials against them."""

    def __init__(self, folder: Path) -> None:
        self._base, self._work = folder / "base", folder / "work"
        for number in range(FILES):
            write(self._base / "raw", number, text_of(number))
        assert in_a_child(settings_of(self._base)) == 0
        self._old = shown(self._base)
        self._begin()
        self.started = time.monotonic()
        assert in_a_child(settings_of(self._work)) == 0
        self.seconds = time.monotonic() - self.started
        self._new = shown(self._work)
        assert self._old != self._new
        scratch = folder / "scratch"
        shutil.copytree(self._work / "raw", scratch / "raw")
        assert in_a_child(settings_of(scratch)) == 0
        assert shown(scratch) == self._new, "incremental is not from scratch"
        self.kills = 0
        self.finished = 0

    def trial(self, kills: Sequence[tuple[int, float]]) -> list[str]:
        """Kill runs one after the other, then run clean; gives what was wrong.

        Args:
            kills: for each, `at_event` and `after_seconds` of `in_a_child`.
        """
        self._begin()
        faults = []
        for at_event, after_seconds in kills:
            code = in_a_child(
                settings_of(self._work), at_event=at_event, after_seconds=after_seconds
            )
            self.kills += code == -signal.SIGKILL
            self.finished += code == 0
            if code not in {0, -signal.SIGKILL}:
                faults.append(f"{at_event}, {after_seconds}: exit code {code}")
            if shown(self._work) not in (self._old, self._new):
                faults.append(f"{at_event}, {after_seconds}: neither the old nor the new snapshot")
        code = in_a_child(settings_of(self._work))
        if code:
            faults.append(f"{kills}: the clean run ended with {code}")
        elif shown(self._work) != self._new:
            faults.append(f"{kills}: the clean run gave other bytes")
        return faults + [f"{kills}: {name} was left" for name in debris(self._work)]

    def _begin(self) -> None:
        shutil.rmtree(self._work, ignore_errors=True)
        shutil.copytree(self._base, self._work, symlinks=True)
        change(self._work / "raw")


def random_kills(promise: Promise, count: int, seed: int) -> Iterator[str]:
    """Faults of trials with so many kills in all."""
    dice = random.Random(seed)
    while promise.kills < count:
        row = [
            (dice.randint(1, 160), 0.0)
            if dice.random() < 0.5
            else (0, dice.uniform(0.01, promise.seconds))
            for _ in range(min(dice.randint(1, MAX_IN_A_ROW), count - promise.kills))
        ]
        yield from promise.trial(row)


def sweep(promise: Promise) -> Iterator[str]:
    """Faults of trials with one kill each, before every call in turn."""
    event = 0
    while promise.finished == 0:
        event += 1
        yield from promise.trial([(event, 0.0)])


def main() -> int:
    """Kill, and say what came of it."""
    arguments = sys.argv[1:] or ["25"]
    warm()
    # In memory where that can be had: what is synced to a disk is not what is looked at here.
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else None) as folder:
        promise = Promise(Path(folder))
        started = time.monotonic()
        if arguments[0] == "sweep":
            faults = list(sweep(promise))
        else:
            faults = list(random_kills(promise, *map(int, (*arguments, "1")[:2])))
        seconds = time.monotonic() - started
    print(f"{promise.kills} kills, {len(faults)} violations, {seconds:.0f} s")
    for fault in faults:
        print(fault)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
