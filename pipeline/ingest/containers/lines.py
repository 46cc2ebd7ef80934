"""JSON Lines to records: a line each."""

from __future__ import annotations

from collections.abc import Iterator
from json.decoder import JSONDecodeError

from pipeline.errors import Unreadable
from pipeline.ingest.containers.record import BLANKS, DECODER, UTF8_MARK, RawRecord, too_large
from pipeline.ingest.stream import Stream
from schemas.tables import Reason


def records_of_lines(stream: Stream, limit: int) -> Iterator[RawRecord]:
    """The lines that are not blank."""
    number = 0
    for line, offset, data in _raw_lines(stream, limit):
        if data is None:
            yield too_large(number, offset, limit, f"Line {line:,}")
        else:
            words = data.strip(BLANKS)
            if not words:
                continue
            yield _line(number, offset + data.index(words[:1]), words, line)
        number += 1


def _line(number: int, offset: int, data: bytes, line: int) -> RawRecord:
    fault = _fault_of(data)
    if fault is None:
        return RawRecord(number, offset, data)
    reason, place, what = fault
    return RawRecord(
        number,
        offset,
        data,
        reason,
        f"Line {line:,}, at byte {offset + place:,}: {what}; mend or remove the line.",
    )


def _fault_of(data: bytes) -> tuple[Reason, int, str] | None:
    """Why a line is no JSON object: the reason, where in it, and in words; None where it is one."""
    try:
        value = DECODER.decode(data.decode("utf-8"))
    except UnicodeDecodeError as error:
        return "undecodable", error.start, "this is not valid UTF-8"
    except JSONDecodeError as error:
        return "malformed", len(error.doc[: error.pos].encode()), f"this is no JSON ({error.msg})"
    except RecursionError:
        return "markup_too_deep", 0, "the values are nested too deep"
    return None if isinstance(value, dict) else ("no_article", 0, "this is no JSON object")


def _raw_lines(stream: Stream, limit: int) -> Iterator[tuple[int, int, bytes | None]]:
    """Number from 1, offset and bytes of each line; None for the bytes of one too long."""
    held = bytearray()
    line, base, is_long = 1, 0, False
    first = stream.read()
    if first.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in first[:4]:
        raise Unreadable("malformed", "JSON Lines must be UTF-8; save it in this encoding.")
    if first.startswith(UTF8_MARK):
        base, first = len(UTF8_MARK), first[len(UTF8_MARK) :]
    piece = first
    while piece:
        searched = len(held)
        held += piece
        start = 0
        while (end := held.find(b"\n", max(start, searched))) >= 0:
            if not is_long and end - start > limit:
                yield line, base + start, None
            elif not is_long:
                yield line, base + start, bytes(held[start:end])
            is_long = False
            start, line = end + 1, line + 1
        del held[:start]
        base += start
        if len(held) > limit or is_long:
            if not is_long:
                yield line, base, None
            is_long = True
            base += len(held)
            held.clear()
        piece = stream.read()
    if held:
        yield line, base, bytes(held)
