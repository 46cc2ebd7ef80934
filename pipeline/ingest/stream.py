"""The bytes of an open file in order, unpacked as they are read, never past a limit.

A small file may unpack to more than any memory holds.
"""

from __future__ import annotations

import hashlib
import os

from pipeline.errors import Unreadable
from pipeline.ingest.descriptors import check, read_piece, refuse_change
from pipeline.ingest.kinds import Packing
from pipeline.ingest.unpacking import CHUNK, UNPACKERS

# Text packs to a fifth, lists of records to a thirtieth; only what was made to be large packs more.
BOMB_RATIO = 200
# Below this nothing can do harm.
BOMB_LEAST = 10_000_000


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
        check(self._before, self._limit)

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
        refuse_change(self._descriptor, self._before, self.size)
        return self._digest.hexdigest()

    def _read_file(self) -> bytes:
        # One byte beyond the size that it had tells a file that grows.
        wanted = min(CHUNK, self._before.st_size + 1 - self.size)
        piece = read_piece(self._descriptor, wanted) if wanted > 0 else b""
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
