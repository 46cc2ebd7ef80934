r"""Many-record files to records: JSON Lines, JSON lists of articles, MediaWiki dumps.

A record is a stretch of bytes of its file: a line, a value, a `<page>`.  It is only cut out
here and read elsewhere, so that one that is broken costs no other.  Files are read as a stream:
never more than one record and some MB stand in memory, and time is linear in the bytes.

JSON is walked as Latin-1, where each byte is one sign: strings keep their bytes, the offsets
are those of the file, and what is not UTF-8 is told when the record itself is read.  The text of a
dump cannot hold `<page>`, because a dump writes `<` as `&lt;`: pages are found by their tags
alone, and no declaration of the file has any power over them.
"""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.ingest.containers.dump import records_of_dump
from pipeline.ingest.containers.lines import records_of_lines
from pipeline.ingest.containers.record import RawRecord
from pipeline.ingest.containers.values import records_of_values
from pipeline.ingest.kinds import Records
from pipeline.ingest.stream import Stream

__all__ = ["RawRecord", "records_of"]


def records_of(stream: Stream, records: Records, limit: int) -> Iterator[RawRecord]:
    """The records of a many-record file, in order, numbered from 0.

    Args:
        stream: the file, from its start.
        records: how it is cut.
        limit: bytes of the largest record; a larger one becomes a record with a reason.

    Raises:
        Unreadable: the file as a whole is no such file, or cannot be read to its end.
    """
    if records == "lines":
        return records_of_lines(stream, limit)
    if records == "values":
        return records_of_values(stream, limit)
    return records_of_dump(stream, limit)
