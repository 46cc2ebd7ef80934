"""One file as it is read: its record with the basis of each field, and its passages.

The file is read anew from its bytes, so any file will do, before a run or without one.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from pipeline.errors import SettingsError, Unreadable
from pipeline.ingest import (
    TEXT,
    Found,
    RawRecord,
    Stated,
    kind_by_name,
    kind_in_text,
    known,
    opened,
    original_path,
    read_bytes,
    read_document,
    records_of,
    stated_for,
)
from pipeline.passages import split
from pipeline.passages.layout import layout
from pipeline.records import Document
from schemas.tables import Format

# Of a passage so many signs are printed, from its start.
FIRST_WORDS = 100
# And of a file of many records so many.
FIRST_RECORDS = 20


def find_file(wanted: str, raw: Path) -> Path | None:
    """The file that `wanted` names: a path as it stands, or one below `raw`, as shown or whole."""
    for path in (Path(wanted), raw / wanted, raw / os.fsdecode(original_path(wanted))):
        if path.is_file():
            return Path(os.path.realpath(path))
    return None


def read_aloud(file: Path, raw: Path, limit: int) -> Iterator[str]:
    """Lines that show how `file` is read: encoding, repairs, record, passages.

    Args:
        file: a path without links.
        raw: the folder of samples; below it, words beside the file and in its folders count.
        limit: the largest number of bytes that is read.

    Raises:
        SettingsError: the file cannot become a document; with the reason and what to do.
    """
    root = Path(os.path.realpath(raw))
    inside = root in file.parents
    path = file.relative_to(root).as_posix() if inside else file.name
    found = Found(path, str(file), kind=kind_by_name(file.name) or TEXT)
    yield f"file: {file}"
    try:
        stated = stated_for(found, root if inside else file.parent)
        if not found.kind.is_many:
            data = read_bytes(found, limit)
            found = found._replace(kind=kind_in_text(data, found.kind))
        if found.kind.is_many:
            yield from _records_aloud(found, stated, limit)
        else:
            yield from _document_aloud(read_document(data, path, stated), path, stated)
    except Unreadable as error:
        raise SettingsError(f"{file}: {error.reason}: {error.message}") from error


def _records_aloud(found: Found, stated: Stated, limit: int) -> Iterator[str]:
    """The first records of a file of many; what cannot be read is said in its place."""
    with opened(found, limit) as stream:
        for record in records_of(stream, found.kind.records, limit):
            if record.number == FIRST_RECORDS:
                yield f"... and more records; the first {FIRST_RECORDS} are shown"
                return
            yield f"record {record.number}, at byte {record.offset:,}"
            yield from _record_aloud(record, stated, found.kind.format)
            yield ""


def _record_aloud(record: RawRecord, stated: Stated, form: Format) -> Iterator[str]:
    if record.reason is not None:
        yield f"{record.reason}: {record.message}"
        return
    try:
        document = read_document(record.data, "", stated, form)
    except Unreadable as error:
        yield f"{error.reason}: {error.message}"
        return
    yield from _document_aloud(document, "", stated)


def _document_aloud(document: Document, path: str, stated: Stated) -> Iterator[str]:
    yield f"document_id: {document.document_id}"
    yield f"format: {document.format}"
    if document.dropped:
        yield f"dropped: {document.dropped}"
    yield f"encoding: {document.encoding}"
    if document.repairs:
        yield f"repairs: {', '.join(document.repairs)}"
    for each in known(document, path, stated):
        where = "" if each.span is None else f" {each.span[0]}-{each.span[1]}"
        yield f"{each.field}: {each.value}  [{each.basis}{where}]"
    yield ""
    levels = {block.start: block.level for block in layout(document.text) if block.level}
    for passage in split(document):
        words = " ".join(passage.text.split())
        words = words if len(words) <= FIRST_WORDS else words[: FIRST_WORDS - 1] + "\u2026"
        span = f"{passage.start_char}-{passage.end_char}"
        section = f"  [{passage.section}]" if passage.section else ""
        level = levels.get(passage.start_char, "") if passage.kind == "heading" else ""
        kind = f"{passage.kind} {level}".rstrip()
        yield f"{span:>13} {kind:<11} {passage.language or '-':<3} {words}{section}"
