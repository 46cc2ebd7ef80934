"""The bytes of one file, all from one moment, or a reason.

A file may change, vanish or turn into something else between the walk and the reading.
It is opened without blocking and without following a link, checked through the open
descriptor, and looked at again when it was read.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

from pipeline.errors import Unreadable
from pipeline.ingest.discover import Found

DEFAULT_LIMIT = 64_000_000
_CHUNK = 1 << 20


def read_bytes(found: Found, limit: int = DEFAULT_LIMIT) -> bytes:
    """The bytes of what `discover` found.

    Args:
        found: an entry that is to be read.
        limit: largest size in bytes; a larger file is refused by its size, unread.

    Raises:
        Unreadable: with the reason of the entry itself, or `too_large`, `vanished`,
            `unreadable`, `not_regular_file`, `outside_raw` or `changed_while_reading`.
    """
    if found.reason is not None:
        raise Unreadable(found.reason, found.message or "It is not to be read.")
    return read_file(found.file, limit)


def read_file(file: Path, limit: int = DEFAULT_LIMIT) -> bytes:
    """The bytes of a regular file at a path without links; see `read_bytes`."""
    if os.path.realpath(file) != os.fspath(file):
        raise Unreadable(
            "outside_raw", "A link took the place of this file or its folder; run again."
        )
    try:
        descriptor = os.open(file, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC)
    except FileNotFoundError as error:
        raise Unreadable("vanished", "It was gone when it was to be read; run again.") from error
    except OSError as error:
        raise Unreadable(
            "unreadable",
            f"It cannot be opened ({error.strerror}); give the user that runs the pipeline the "
            "right to read it.",
        ) from error
    try:
        return _read(descriptor, limit)
    finally:
        os.close(descriptor)


def _read(descriptor: int, limit: int) -> bytes:
    before = os.fstat(descriptor)
    if not stat.S_ISREG(before.st_mode):
        raise Unreadable("not_regular_file", "This is no regular file; put a text here.")
    if before.st_size > limit:
        raise Unreadable(
            "too_large",
            f"It has {before.st_size:,} bytes, the limit is {limit:,}; split it or raise "
            "`max_file_bytes`.",
        )
    pieces: list[bytes] = []
    size = 0
    try:
        # One byte beyond the size that it had tells a file that grows.
        while size <= before.st_size:
            piece = os.read(descriptor, min(_CHUNK, before.st_size + 1 - size))
            if not piece:
                break
            pieces.append(piece)
            size += len(piece)
    except OSError as error:
        raise Unreadable(
            "unreadable", f"Reading it failed ({error.strerror}); check the disk and run again."
        ) from error
    after = os.fstat(descriptor)
    if size != before.st_size or _state(before) != _state(after):
        raise Unreadable(
            "changed_while_reading", "It was written to while it was read; run again afterwards."
        )
    return b"".join(pieces)


def _state(status: os.stat_result) -> tuple[int, int]:
    return status.st_size, status.st_mtime_ns
