"""One record of a file of many, and what every reader of such files knows."""

from __future__ import annotations

from dataclasses import dataclass
from json.decoder import JSONDecoder

from schemas.tables import Reason

UTF8_MARK = b"\xef\xbb\xbf"
# Bytes that are looked at to tell what a file is.
HEAD = 1_000_000
BLANKS = b" \t\r\n"
DECODER = JSONDecoder()


@dataclass(frozen=True, slots=True)
class RawRecord:
    """One record: its bytes and their offset in the unpacked file; or why it has none."""

    number: int
    offset: int
    data: bytes
    reason: Reason | None = None
    message: str | None = None


def too_large(number: int, offset: int, limit: int, what: str) -> RawRecord:
    """The record that is too long to be held; `what` begins at `offset`."""
    return RawRecord(
        number,
        offset,
        b"",
        "too_large",
        f"{what} begins at byte {offset:,} and is longer than {limit:,} bytes; split it or raise "
        "`max_file_bytes`.",
    )
