"""Members of packed files, unpacked piece by piece; both kinds answer alike."""

from __future__ import annotations

import bz2
import zlib

from pipeline.ingest.kinds import Packing

# Bytes that are read and unpacked at once.
CHUNK = 1 << 20
_GZIP = 16 + zlib.MAX_WBITS


class Gzip:
    """One member of a gzip file."""

    # What it is given and does not use, it gives back.
    wants = True

    def __init__(self) -> None:
        self._inner = zlib.decompressobj(_GZIP)

    @property
    def eof(self) -> bool:
        """Whether its end was read."""
        return self._inner.eof

    @property
    def rest(self) -> bytes:
        """Bytes that it was given and did not use."""
        return self._inner.unconsumed_tail or self._inner.unused_data

    def unpack(self, packed: bytes) -> bytes:
        """The next bytes, at most `CHUNK`; a ValueError where they are damaged."""
        try:
            return self._inner.decompress(packed, CHUNK)
        except zlib.error as error:
            raise ValueError(str(error)) from error


class Bzip2:
    """One member of a bzip2 file; what it was given it keeps until it ends."""

    def __init__(self) -> None:
        self._inner = bz2.BZ2Decompressor()

    @property
    def wants(self) -> bool:
        """Whether it gives nothing more without further bytes."""
        return self._inner.eof or self._inner.needs_input

    @property
    def eof(self) -> bool:
        """Whether its end was read."""
        return self._inner.eof

    @property
    def rest(self) -> bytes:
        """Bytes behind its end."""
        return self._inner.unused_data

    def unpack(self, packed: bytes) -> bytes:
        """The next bytes, at most `CHUNK`; a ValueError where they are damaged."""
        try:
            return self._inner.decompress(packed, CHUNK)
        except OSError as error:
            raise ValueError("its data are damaged") from error


UNPACKERS: dict[Packing, type[Gzip] | type[Bzip2]] = {"gzip": Gzip, "bzip2": Bzip2}
