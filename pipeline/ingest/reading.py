"""The bytes of one file, from one moment and unpacked, or a reason.

A file may change, vanish or turn into something else between the walk and the reading.
It is opened without blocking and without following a link, checked through the open
descriptor, and looked at again when it was read.  What is packed with gzip is unpacked as it is
read, never past a limit: a small file may unpack to more than any memory holds; bzip2 likewise.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from pipeline.errors import Unreadable
from pipeline.ingest.discover import Found
from pipeline.ingest.kinds import Packing
from pipeline.ingest.unpacking import CHUNK, UNPACKERS

DEFAULT_LIMIT = 64_000_000

# Text packs to a fifth, lists of records to a thirtieth; only what was made to be large packs more.
BOMB_RATIO = 200
# Below this nothing can do harm.
BOMB_LEAST = 10_000_000


@dataclass(frozen=True, slots=True)
class Content:
    """What one file held: its bytes, unpacked, and size and SHA-256 of the file as it lies."""

    data: bytes
    size: int
    sha256: str


class Stream:
    """The bytes of an open file in order, unpacked where it is packed; at most `limit` of them.

    Reading raises `Unreadable`: `too_large` beyond the limit, `archive_bomb` where it grows past
    all measure, `malformed` where it is not packed as its name says or breaks off.
    """

    def __init__(self, descriptor: int, packing: Packing | None, limit: int) -> None:
        self._descriptor = descriptor
        self._limit = limit
        self._packing = packing
        self._unpacker = None if packing is None else UNPACKERS[packing]()
        self._packed = b""
        self._before = os.fstat(descriptor)
        self._digest = hashlib.sha256()
        self._rest = b""
        self.size = 0
        self.offset = 0

    @property
    def file_bytes(self) -> int:
        """Size of the file as it lies."""
        return self._before.st_size

    def check(self) -> None:
        """Refuse what is no regular file, or larger than the limit as it lies."""
        _check(self._before, self._limit)

    def read(self) -> bytes:
        """The next bytes, at most some MB of them; none at the end."""
        if self._rest:
            piece, self._rest = self._rest, b""
        elif self._unpacker is None:
            piece = self._read_file()
        else:
            piece = self._unpack()
        self.offset += len(piece)
        if self.offset > self._limit:
            raise Unreadable(
                "too_large",
                f"It unpacks to more than {self._limit:,} bytes, which is the limit; split it or "
                "raise it (`max_file_bytes` for one text, `max_container_bytes` for many).",
            )
        return piece

    def unread(self, piece: bytes) -> None:
        """Put bytes back that were read last: they come again."""
        self._rest = piece + self._rest
        self.offset -= len(piece)

    def skip_to(self, offset: int) -> None:
        """Go on to `offset`, which must not lie behind."""
        if self._unpacker is None and not self._rest:
            os.lseek(self._descriptor, offset, os.SEEK_SET)
            self.size = self.offset = offset
        while self.offset < offset and (piece := self.read()):
            if self.offset > offset:
                self.unread(piece[len(piece) - (self.offset - offset) :])

    def exactly(self, count: int) -> bytes:
        """The next `count` bytes, or fewer at the end."""
        pieces: list[bytes] = []
        missing = count
        while missing > 0 and (piece := self.read()):
            if len(piece) > missing:
                self.unread(piece[missing:])
                piece = piece[:missing]
            pieces.append(piece)
            missing -= len(piece)
        return b"".join(pieces)

    def sha256(self) -> str:
        """SHA-256 of the file as it lies; all of it must have been read.

        Raises:
            Unreadable: `changed_while_reading`.
        """
        _refuse_change(self._descriptor, self._before, self.size)
        return self._digest.hexdigest()

    def _read_file(self) -> bytes:
        # One byte beyond the size that it had tells a file that grows.
        wanted = min(CHUNK, self._before.st_size + 1 - self.size)
        piece = _read(self._descriptor, wanted) if wanted > 0 else b""
        self.size += len(piece)
        self._digest.update(piece)
        return piece

    def _unpack(self) -> bytes:
        assert self._unpacker is not None
        assert self._packing is not None
        while True:
            wants = self._unpacker.wants
            packed = (self._packed or self._read_file()) if wants else b""
            if self._unpacker.eof:
                # Several packed files in a row are one; zeros at the end are padding.
                packed = packed.lstrip(b"\0")
                if packed:
                    self._unpacker = UNPACKERS[self._packing]()
                elif self.size >= self._before.st_size:
                    return b""
                else:
                    self._packed = b""
                    continue
            try:
                piece = self._unpacker.unpack(packed)
            except ValueError as error:
                raise _torn(self._packing, str(error), self.offset) from error
            if wants and not packed and not piece and not self._unpacker.eof:
                raise _torn(self._packing, "the file ends inside of it", self.offset)
            self._packed = self._unpacker.rest
            self._refuse_bomb(len(piece))
            if piece:
                return piece

    def _refuse_bomb(self, more: int) -> None:
        unpacked = self.offset + more
        used = self.size - len(self._packed)
        if unpacked > BOMB_LEAST and unpacked > BOMB_RATIO * max(used, 1):
            raise Unreadable(
                "archive_bomb",
                f"Its first {used:,} bytes unpack to over {unpacked:,}: no text packs so small. "
                "It was not unpacked further; unpack it yourself if you trust it.",
            )


def _torn(packing: Packing, what: str, offset: int) -> Unreadable:
    return Unreadable(
        "malformed",
        f"This is no whole {packing} file: behind {offset:,} unpacked bytes, {what}; "
        "pack it again.",
    )


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
    with _Descriptor(found.file) as descriptor:
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
    with _Descriptor(found.file) as descriptor:
        return _plain(descriptor, limit) if packing is None else _whole(descriptor, packing, limit)


def read_bytes(found: Found, limit: int = DEFAULT_LIMIT) -> bytes:
    """The bytes, unpacked, of what `discover` found; see `read_content`."""
    return read_content(found, limit).data


def read_file(file: Path, limit: int = DEFAULT_LIMIT) -> bytes:
    """The bytes of a regular file at a path without links, as it lies; see `read_content`."""
    with _Descriptor(str(file)) as descriptor:
        return _plain(descriptor, limit).data


def sha256_of_file(found: Found, limit: int) -> tuple[int, str]:
    """Size and SHA-256 of a file as it lies, whatever is packed in it; in flat memory."""
    _refuse_unread(found)
    with _Descriptor(found.file) as descriptor:
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
    _check(before, limit)
    data = piece = _read(descriptor, before.st_size + 1)
    while piece and len(data) < before.st_size:
        piece = _read(descriptor, before.st_size + 1 - len(data))
        data += piece
    _refuse_change(descriptor, before, len(data))
    return Content(data, len(data), hashlib.sha256(data).hexdigest())


def _whole(descriptor: int, packing: Packing, limit: int) -> Content:
    """All of a packed file, unpacked."""
    stream = Stream(descriptor, packing, limit)
    stream.check()
    pieces: list[bytes] = []
    while piece := stream.read():
        pieces.append(piece)
    return Content(b"".join(pieces), stream.file_bytes, stream.sha256())


def _check(status: os.stat_result, limit: int) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise Unreadable("not_regular_file", "This is no regular file; put a text here.")
    if status.st_size > limit:
        raise Unreadable(
            "too_large",
            f"It has {status.st_size:,} bytes, the limit is {limit:,}; split it "
            "or raise `max_file_bytes`.",
        )


def _read(descriptor: int, count: int) -> bytes:
    try:
        return os.read(descriptor, count)
    except OSError as error:
        raise Unreadable(
            "unreadable", f"Reading it failed ({error.strerror}); check the disk and run again."
        ) from error


def _refuse_change(descriptor: int, before: os.stat_result, size: int) -> None:
    """Refuse a file of which other bytes were read than it had, or that was written to."""
    after = os.fstat(descriptor)
    if size != before.st_size or _state(before) != _state(after):
        raise Unreadable(
            "changed_while_reading", "It was written to while it was read; run again afterwards."
        )


class _Descriptor:
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
