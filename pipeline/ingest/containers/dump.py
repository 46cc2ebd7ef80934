"""A MediaWiki dump to records: a `<page>` each."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.errors import Unreadable
from pipeline.ingest.containers.record import HEAD, RawRecord, too_large
from pipeline.ingest.stream import Stream

_PAGE_OPEN, _PAGE_CLOSE = b"<page>", b"</page>"
_DECLARATION = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_NO_DUMP = "save the text of its articles as .txt, .html or .jsonl."


def records_of_dump(stream: Stream, limit: int) -> Iterator[RawRecord]:
    """The pages of a dump."""
    held = bytearray(_head_of_dump(stream))
    base, number, is_long = stream.offset - len(held), 0, False
    more = True
    while True:
        start = 0 if is_long else held.find(_PAGE_OPEN)
        end = held.find(_PAGE_CLOSE, max(start, 0))
        if start >= 0 and end >= 0:
            end += len(_PAGE_CLOSE)
            if not is_long:
                data = bytes(held[start:end])
                too_long = len(data) > limit
                yield (
                    too_large(number, base + start, limit, "A page")
                    if too_long
                    else RawRecord(number, base + start, data)
                )
                number += 1
            is_long = False
            del held[:end]
            base += end
            continue
        # Of what holds no tag, an end is kept that a tag may begin in.
        keep = len(_PAGE_CLOSE) if start < 0 or is_long else len(held) - start
        if keep > limit and not is_long:
            yield too_large(number, base + start, limit, "A page")
            number, is_long, keep = number + 1, True, len(_PAGE_CLOSE)
        gone = max(len(held) - keep, 0)
        del held[:gone]
        base += gone
        if not more:
            break
        more = _grow(held, stream)
    if not is_long and held.find(_PAGE_OPEN) >= 0:
        yield RawRecord(
            number,
            base,
            b"",
            "malformed",
            f"The page that begins at byte {base:,} has no end: the dump was cut off.",
        )
        number += 1
    if not number:
        raise Unreadable("empty", "This dump has no page in it; remove it.")


def _grow(held: bytearray, stream: Stream) -> bool:
    """Read on, as much again as is held; whether there was more."""
    wanted = max(len(held), 1)
    while wanted > 0 and (piece := stream.read()):
        held += piece
        wanted -= len(piece)
    return wanted <= 0


def _head_of_dump(stream: Stream) -> bytes:
    """The first bytes, up to the first page at least; refuses what is no dump."""
    head = stream.exactly(HEAD)
    before, _, _ = head.partition(_PAGE_OPEN)
    if _DECLARATION.search(before):
        raise Unreadable(
            "malformed",
            "It declares a document type or entities, which no MediaWiki dump does and which can "
            f"be made to grow without end; {_NO_DUMP}",
        )
    if b"<mediawiki" not in before:
        raise Unreadable("not_plain_text", f"This is XML but no MediaWiki dump; {_NO_DUMP}")
    return head
