"""What a worker process may do: for how long, with how much memory, and not without its parent.

Code that stalls inside a library holds the interpreter's lock, so that no other thread and
no signal handler of ours runs any more.  The watchdog of `faulthandler` is a thread of its own
in C: it writes where the process stands and ends it.  Whoever started the process sees it die
and has what it worked on tried alone; see `pipeline.stages.trials`.
"""

from __future__ import annotations

import ctypes
import faulthandler
import resource
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import ParamSpec, TypeVar

STALL_LOG = "stalls.log"
# Linux, prctl(2): have a signal sent when the parent dies.
_PR_SET_PDEATHSIG = 1
# glibc, mallopt(3): bytes free at the top of the heap that are kept, and from which size on a
# block is mapped alone; more than 32 MB is refused.
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3
_KEPT_BYTES, _MAPPED_BYTES = 2**28, 2**25

Given = ParamSpec("Given")
Answer = TypeVar("Answer")


def within(
    seconds: float,
    logs: Path,
    function: Callable[Given, Answer],
    *args: Given.args,
    **kwargs: Given.kwargs,
) -> Answer:
    """Call `function`; when it takes longer than `seconds`, end this process.

    Args:
        seconds: by the clock, from now.
        logs: folder of the log that says where the process stood.
        function: what is called.
        *args: its arguments.
        **kwargs: its named arguments.

    Example:
        >>> import tempfile
        >>> within(60, Path(tempfile.gettempdir()), max, 3, 4)
        4
    """
    logs.mkdir(parents=True, exist_ok=True)
    with (logs / STALL_LOG).open("a", encoding="utf-8") as log:
        faulthandler.dump_traceback_later(seconds, exit=True, file=log)
        try:
            return function(*args, **kwargs)
        finally:
            faulthandler.cancel_dump_traceback_later()


def keep_freed_memory() -> None:
    """Have freed memory kept for what is asked for next; without effect where there is no glibc.

    The language model asks for some 80 MB a batch and frees them all.  Given back to the system
    each time, every page of them is mapped and zeroed anew: an eighth of the seconds of extracting.
    """
    if sys.platform == "linux" and (set_option := getattr(ctypes.CDLL(None), "mallopt", None)):
        set_option(_M_MMAP_THRESHOLD, _MAPPED_BYTES)
        set_option(_M_TRIM_THRESHOLD, _KEPT_BYTES)


def begin_worker(megabytes: int = 0) -> None:
    """Begin as a worker: end with the parent and by no other's wish, and take so much memory.

    A Ctrl-C goes to all processes of a terminal: a worker that died of it would look as if
    its document had killed it.

    Args:
        megabytes: address space beyond what is taken now; 0 for no limit.  What asks for more
            gets a MemoryError, which costs the document that asked and no other.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    _limit_memory(megabytes)


def _limit_memory(megabytes: int) -> None:
    statm = Path("/proc/self/statm")
    if not megabytes or not statm.is_file():
        return
    taken = int(statm.read_text().split()[0]) * resource.getpagesize()
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    most = taken + megabytes * 2**20
    resource.setrlimit(resource.RLIMIT_AS, (most if hard < 0 else min(most, hard), hard))
