"""The bytes of one file, from one moment and unpacked, or a reason.

A file may change, vanish or turn into something else between the walk and the reading.
It is opened without blocking and without following a link, checked through the open
descriptor (`descriptors`), and looked at again when it was read.  What is packed is unpacked as it
is read, never past a limit (`stream`).
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import Unreadable
from pipeline.ingest.descriptors import Descriptor, check, read_piece, refuse_change
from pipeline.ingest.discover import Found
from pipeline.ingest.kinds import Packing
from pipeline.ingest.stream import Stream

DEFAULT_LIMIT = 64_000_000


@dataclass(frozen=True, slots=True)
class Content:
    """What one file held: its bytes, unpacked, and size and SHA-256 of the file as it lies."""

    data: bytes
    size: int
    sha256: str


@contextmanager
def opened(found: Found, limit: int = DEFAULT_LIMIT) -> Iterator[Stream]:
    """The stream of what `discover` found, and closed again.

    Args:
        found: an entry that is to be read.
        limit: largest size in bytes, packed and unpacked; a larger file is refused unread.

    Raises:
        Unreadable: with the reason of the entry itself, or `too_large`, `vanished`,
            `unreadable`, `not_regular_file` or `outside_raw`.
    """
    _refuse_unread(found)
    with Descriptor(found.file) as descriptor:
        stream = Stream(descriptor, found.kind.packing, limit)
        stream.check()
        yield stream


def read_content(found: Found, limit: int = DEFAULT_LIMIT) -> Content:
    """All bytes of what `discover` found; see `opened`.

    Raises:
        Unreadable: as `opened`, or `archive_bomb`, `malformed` or `changed_while_reading`.
    """
    _refuse_unread(found)
    packing = found.kind.packing
    with Descriptor(found.file) as descriptor:
        return _plain(descriptor, limit) if packing is None else _whole(descriptor, packing, limit)


def read_bytes(found: Found, limit: int = DEFAULT_LIMIT) -> bytes:
    """The bytes, unpacked, of what `discover` found; see `read_content`."""
    return read_content(found, limit).data


def read_file(file: Path, limit: int = DEFAULT_LIMIT) -> bytes:
    """The bytes of a regular file at a path without links, as it lies; see `read_content`."""
    with Descriptor(str(file)) as descriptor:
        return _plain(descriptor, limit).data


def sha256_of_file(found: Found, limit: int) -> tuple[int, str]:
    """Size and SHA-256 of a file as it lies, whatever is packed in it; in flat memory."""
    _refuse_unread(found)
    with Descriptor(found.file) as descriptor:
        stream = Stream(descriptor, None, limit)
        stream.check()
        while stream.read():
            pass
        return stream.file_bytes, stream.sha256()


def _refuse_unread(found: Found) -> None:
    """Refuse an entry of which the walk told that it is not to be read."""
    if found.reason is not None:
        raise Unreadable(found.reason, found.message or "It is not to be read.")


def _plain(descriptor: int, limit: int) -> Content:
    """All of a file that is not packed; without a `Stream`, as every run does this to every file.

    A file that lies as it was when it was opened, and gave as many bytes, has no more of them.
    """
    before = os.fstat(descriptor)
    check(before, limit)
    data = piece = read_piece(descriptor, before.st_size + 1)
    while piece and len(data) < before.st_size:
        piece = read_piece(descriptor, before.st_size + 1 - len(data))
        data += piece
    refuse_change(descriptor, before, len(data))
    return Content(data, len(data), hashlib.sha256(data).hexdigest())


def _whole(descriptor: int, packing: Packing, limit: int) -> Content:
    """All of a packed file, unpacked."""
    stream = Stream(descriptor, packing, limit)
    stream.check()
    pieces: list[bytes] = []
    while piece := stream.read():
        pieces.append(piece)
    return Content(b"".join(pieces), stream.file_bytes, stream.sha256())
