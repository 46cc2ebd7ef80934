"""The lock: one run at a time in a state folder, whoever starts it."""

from __future__ import annotations

import fcntl
import json
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from pipeline.errors import PipelineError, RunningError

# A killed run's workers share its lock and are killed with it, a moment later: whoever starts the
# next run at once, as a supervisor does, would be told that the dead run is still going on.
ORPHAN_SECONDS = 10.0
LOOK_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class Holder:
    """The run that took the lock; `started` is an ISO 8601 moment."""

    pid: int
    host: str
    started: str

    def __str__(self) -> str:
        return f"process {self.pid} on {self.host} since {self.started}"


@contextmanager
def lock(folder: Path) -> Iterator[None]:
    """Hold `folder`/lock; the kernel releases it however the process ends.

    Where the run that took it has died, its workers are given ten seconds to follow.

    Raises:
        RunningError: another run holds it; says which.
        PipelineError: the folder cannot be written to.
    """
    path = folder / "lock"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise PipelineError(
            f"{path}: cannot be written ({error.strerror}); give the run a folder it may write to."
        ) from error
    try:
        _take(handle, path)
        started = datetime.now(UTC).isoformat(timespec="seconds")
        holder = Holder(os.getpid(), socket.gethostname(), started)
        os.ftruncate(handle, 0)
        os.pwrite(handle, json.dumps(asdict(holder)).encode(), 0)
        yield
    finally:
        os.close(handle)


def _take(handle: int, path: Path) -> None:
    deadline = time.monotonic() + ORPHAN_SECONDS
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = _holder(handle)
            if not _is_gone(holder) or time.monotonic() > deadline:
                told = "it has not yet said who it is" if holder is None else str(holder)
                raise RunningError(
                    f"another run holds {path} ({told}); wait for it or end it."
                ) from error
            time.sleep(LOOK_SECONDS)
        else:
            return


def _holder(handle: int) -> Holder | None:
    try:
        return Holder(**json.loads(os.pread(handle, 1_000, 0)))
    except (ValueError, TypeError):
        return None


def _is_gone(holder: Holder | None) -> bool:
    """Whether the run that took the lock has ended: what holds it are workers that die with it."""
    if holder is None or holder.host != socket.gethostname():
        return False
    try:
        os.kill(holder.pid, 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False
