"""Where the records of a many-record file stand: told once for the same bytes.

The file is cut in one pass, and what was found is kept part by part, so that no more than a part
stands in memory, however large the file is.  A part is some MB of whole records, and the
unit that is read at once: a crash costs the part at hand.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from pipeline.errors import Unreadable
from pipeline.ingest import Found, RawRecord, Stream, opened, records_of
from pipeline.settings import Settings
from pipeline.stages.entries import INDEX, PART, Index, Indexed, Part, Refused, dump, part_key
from pipeline.state import State

PART_BYTES = 2_000_000
PART_RECORDS = 400

# Where this is the matter, no record of the file is to be trusted.
_WHOLE = frozenset(["archive_bomb", "changed_while_reading", "not_plain_text"])
# Of this the next run may find nothing.
_PASSING = frozenset(["changed_while_reading", "vanished", "unreadable", "outside_raw"])


def index(settings: Settings, state: State, key: str, found: Found, sha256: str) -> None:
    """Keep where the records of a file stand, unless it is known.

    Args:
        settings: the settings in force.
        state: where it is kept.
        key: key of the index.
        found: the file.
        sha256: of the file as it lies; another one now means that it changed.
    """
    text = state.get("index", key)
    if text is not None:
        refused = INDEX.validate_json(text).refused
        if refused is None or refused.reason not in _PASSING:
            return
    parts = 0
    try:
        with opened(found, settings.max_container_bytes) as stream:
            for part in parts_of(_records(found, stream, settings.max_file_bytes)):
                state.put("index", [(part_key(key, parts), dump(PART, part))])
                parts += 1
            _refuse_change(stream, sha256)
        whole = Index(parts)
    except Unreadable as error:
        whole = Index(0, Refused(error.reason, error.message))
    state.put("index", [(key, dump(INDEX, whole))])


def _refuse_change(stream: Stream, sha256: str) -> None:
    """Refuse a file that was read to its end and is not the one that was looked at before."""
    if stream.size == stream.file_bytes and stream.sha256() != sha256:
        raise Unreadable(
            "changed_while_reading", "It was written to while it was read; run again afterwards."
        )


def _records(found: Found, stream: Stream, limit: int) -> Iterator[RawRecord]:
    """The records, and behind them the fault, if any, that the file ends with."""
    count = 0
    try:
        for record in records_of(stream, found.kind.records, limit):
            yield record
            count = record.number + 1
    except Unreadable as error:
        if not count or error.reason in _WHOLE:
            raise
        yield RawRecord(count, stream.offset, b"", error.reason, error.message)


def parts_of(records: Iterator[RawRecord]) -> Iterator[Part]:
    """Parts of whole records: each a stretch of some MB, or a single record that is larger."""
    held: list[Indexed] = []
    start = end = 0
    for record in records:
        size = len(record.data)
        if not held or record.offset + size - start > PART_BYTES or len(held) >= PART_RECORDS:
            if held:
                yield Part(start, end - start, tuple(held))
            held, start, end = [], record.offset, record.offset
        sha256 = hashlib.sha256(record.data).hexdigest() if record.data else None
        place = record.offset - start
        held.append(Indexed(record.number, place, size, sha256, record.reason, record.message))
        end = max(end, record.offset + size)
    if held:
        yield Part(start, end - start, tuple(held))
