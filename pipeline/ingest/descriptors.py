"""How a file lies, and a file that is open.

It is opened without blocking and without following a link, and looked at before and after.
"""

from __future__ import annotations

import os
import stat
from types import TracebackType

from pipeline.errors import Unreadable

# A file may be written to again within the grain of its file system's clock: two seconds at worst.
GRAIN_NS = 2_000_000_000


def stamp(file: str, before: int) -> str | None:
    """What tells that a file was not written to: its size, times and inode.

    Git calls a file racily clean whose times are so young that it may be changed once more and
    keep them (https://git-scm.com/docs/racy-git); such a one has no stamp, and is read.

    Args:
        file: path of the file; a link is not followed.
        before: nanoseconds since 1970; its times must be older.
    """
    try:
        status = os.lstat(file)
    except OSError:
        # Reading it tells why.
        return None
    if max(status.st_mtime_ns, status.st_ctime_ns) >= before:
        return None
    return f"{status.st_size} {status.st_mtime_ns} {status.st_ctime_ns} {status.st_ino}"


def check(status: os.stat_result, limit: int) -> None:
    """Refuse what is no regular file, or larger than `limit` bytes as it lies."""
    if not stat.S_ISREG(status.st_mode):
        raise Unreadable("not_regular_file", "This is no regular file; put a text here.")
    if status.st_size > limit:
        raise Unreadable(
            "too_large",
            f"It has {status.st_size:,} bytes, the limit is {limit:,}; split it "
            "or raise `max_file_bytes`.",
        )


def read_piece(descriptor: int, count: int) -> bytes:
    """The next bytes, at most `count`; a failing disk is a reason."""
    try:
        return os.read(descriptor, count)
    except OSError as error:
        raise Unreadable(
            "unreadable", f"Reading it failed ({error.strerror}); check the disk and run again."
        ) from error


def refuse_change(descriptor: int, before: os.stat_result, size: int) -> None:
    """Refuse a file of which other bytes were read than it had, or that was written to."""
    after = os.fstat(descriptor)
    if size != before.st_size or _state(before) != _state(after):
        raise Unreadable(
            "changed_while_reading", "It was written to while it was read; run again afterwards."
        )


class Descriptor:
    """Opens a file without blocking or following a link, and closes it."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._number = -1

    def __enter__(self) -> int:
        flags = os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC
        try:
            self._number = os.open(self._file, flags)
        except FileNotFoundError as error:
            raise Unreadable(
                "vanished", "It was gone when it was to be read; run again."
            ) from error
        except OSError as error:
            self._refuse_link()
            raise Unreadable(
                "unreadable",
                f"It cannot be opened ({error.strerror}); give the user that runs the pipeline "
                "the right to read it.",
            ) from error
        try:
            # Where the system tells what was opened, one question is enough.
            opened = os.readlink(f"/proc/self/fd/{self._number}")  # noqa: PTH115  # a Path is dear
            is_meant = opened == self._file
        except OSError:
            is_meant = False
        if not is_meant:
            try:
                self._refuse_link()
            except Unreadable:
                os.close(self._number)
                raise
        return self._number

    def _refuse_link(self) -> None:
        if os.path.realpath(self._file) != self._file:
            raise Unreadable(
                "outside_raw", "A link took the place of this file or its folder; run again."
            )

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        os.close(self._number)


def _state(status: os.stat_result) -> tuple[int, int]:
    return status.st_size, status.st_mtime_ns
