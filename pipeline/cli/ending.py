"""Ending a run on request: SIGTERM and Ctrl-C, within ten seconds.

Nothing needs to be cleaned up, because a run may be killed at any moment: so when whoever is in
charge (a flow, a library in a long call) does not let go in time, the process just ends.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType

# Time for what is going on to let go, and to tell a Prefect server; then the process ends.
GRACE_SECONDS = 6.0


class Ended(BaseException):  # not an Exception: nothing on the way may take it for its own
    """The run was asked to end, by this signal."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.exit_code = 128 + number

    def __str__(self) -> str:
        return (
            f"ended by {signal.Signals(self.exit_code - 128).name}; what was finished is kept, "
            "the next run goes on from there."
        )


@contextmanager
def on_request() -> Iterator[None]:
    """Let SIGTERM and Ctrl-C end what is done inside.

    Raises:
        Ended: one of them came.
    """

    def end(number: int, _: FrameType | None) -> None:
        raise Ended(number)

    before = signal.signal(signal.SIGTERM, end)
    # Others may put their own handlers in place of this one; the byte comes all the same.
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    woken = signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
    threading.Thread(target=_end_in_time, args=(reading,), daemon=True).start()
    try:
        yield
    except KeyboardInterrupt as error:
        raise Ended(signal.SIGINT) from error
    finally:
        signal.signal(signal.SIGTERM, before)
        signal.set_wakeup_fd(woken)
        os.close(writing)


def _end_in_time(reading: int) -> None:
    """Wait for a signal to end by, and end the process if it is still there after a while."""
    while data := os.read(reading, 1):
        number = data[0]
        if number not in {signal.SIGTERM, signal.SIGINT}:
            continue
        time.sleep(GRACE_SECONDS)
        import psutil  # noqa: PLC0415  # slow to import, and hardly ever needed

        for child in psutil.Process().children(recursive=True):
            with suppress(psutil.Error):
                child.kill()
        print(f"pipeline: {Ended(number)}", file=sys.stderr, flush=True)
        os._exit(128 + number)
    os.close(reading)
