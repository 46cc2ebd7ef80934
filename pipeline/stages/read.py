"""Stage `read`: bytes of new files and records -> documents and passages."""

from __future__ import annotations

import hashlib
import traceback
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from pipeline.errors import PipelineError, Unreadable, disk_error, is_of_the_machine
from pipeline.extract import needs_parse
from pipeline.extract.dates import find_dates
from pipeline.ingest import (
    Beside,
    Found,
    Stated,
    host_of,
    opened,
    read_bytes,
    read_document,
    stated_for,
)
from pipeline.passages import split
from pipeline.receipts import ReadBatch, Unread, UnreadPart
from pipeline.records import Document, Passage
from pipeline.repeats import Canonical, canonical, is_head, is_spared, plain_key, short_line
from pipeline.settings import Settings
from pipeline.stages.entries import (
    OUTLINE,
    PART,
    READING,
    REFUSED,
    STREAMS,
    Indexed,
    Reading,
    Refused,
    dump,
    entry,
    file_key,
    outline_key,
    record_key,
)
from pipeline.state import Outline, Repeatable, State

CRASH_LOG = "crashes.log"
# Named where the system names no file: libraries put theirs there.
TEMPORARY = Path("the folder of temporary files")


@dataclass(frozen=True, slots=True)
class _Item:
    """One document that is to be read: its key, and how its bytes are got, checked and read."""

    key: str
    name: str
    load: Callable[[], Document]


@dataclass(frozen=True, slots=True)
class _Done:
    """What became of some documents."""

    documents: int
    quarantined: int
    words: int


def read(settings: Settings, batch: Sequence[Unread | UnreadPart]) -> ReadBatch:
    """Decode and cut what one batch holds; what cannot be read is kept with its reason.

    A document that was read before, and whose passages only have to be compared in another
    way, is not decoded again.  Each part of a many-record file is kept before the next is read.
    """
    changed: list[str] = []
    done: list[_Done] = []
    with State(settings.state) as state:
        files = [unread for unread in batch if isinstance(unread, Unread)]
        beside = Beside(settings.raw)
        items = [_file_item(settings, unread, beside) for unread in files]
        done.append(_read_items(settings, state, items, changed))
        parts = (unread for unread in batch if isinstance(unread, UnreadPart))
        for _, group in groupby(parts, lambda part: part.found.path):
            done += _read_parts(settings, state, list(group), changed)
    return ReadBatch(
        sum(unread.records for unread in batch),
        sum(each.documents for each in done),
        sum(each.quarantined for each in done),
        sum(each.words for each in done),
        tuple(changed),
    )


def _file_item(settings: Settings, unread: Unread, beside: Beside) -> _Item:
    found = unread.found

    def load() -> Document:
        try:
            data = read_bytes(found, settings.max_file_bytes)
            stated = beside.stated_for(found)
        except Unreadable as error:
            # The scan could read it: a refusal would stand under the key of what is there again.
            raise _ChangedError(found.path) from error
        if file_key(hashlib.sha256(data).hexdigest(), found.path, stated.key) != unread.read_key:
            raise _ChangedError(found.path)
        return read_document(data, found.path, stated)

    return _Item(unread.read_key, found.path, load)


def _read_parts(
    settings: Settings, state: State, parts: Sequence[UnreadPart], changed: list[str]
) -> Iterator[_Done]:
    """Read parts of one many-record file in their order, each kept before the next."""
    found = parts[0].found
    try:
        stated = stated_for(found, settings.raw)
        with opened(found, settings.max_container_bytes) as stream:
            for unread in parts:
                part = entry(state, "index", unread.index_key, PART)
                stream.skip_to(part.offset)
                data = stream.exactly(part.size)
                items = [
                    _record_item(found, data, record, stated)
                    for record in part.records
                    if record.reason is None
                ]
                yield _read_items(settings, state, items, changed)
    except Unreadable:
        # It could be read when it was indexed: it is another file now.
        changed.append(found.path)


def _record_item(found: Found, part: bytes, record: Indexed, stated: Stated) -> _Item:
    form = found.kind.format
    name = f"{found.path}, record {record.number}"

    def load() -> Document:
        data = part[record.place : record.place + record.size]
        if hashlib.sha256(data).hexdigest() != record.sha256:
            raise _ChangedError(found.path)
        return read_document(data, "", stated, form)

    return _Item(record_key(record.sha256 or "", form, stated.key), name, load)


def record_keys(settings: Settings, state: State, part: UnreadPart) -> list[str]:
    """Read keys of the records of a part.

    Raises:
        Unreadable: what is stated beside the file cannot be read any more.
    """
    stated = stated_for(part.found, settings.raw)
    return [
        record_key(record.sha256, part.found.kind.format, stated.key)
        for record in entry(state, "index", part.index_key, PART).records
        if record.sha256 is not None
    ]


class _ChangedError(Exception):
    """The bytes, or what is stated beside them, are not those that were scanned."""


def _read_items(
    settings: Settings, state: State, items: Sequence[_Item], changed: list[str]
) -> _Done:
    good: dict[str, Reading] = {}
    bad: list[tuple[str, str]] = []
    known = state.known("read", (item.key for item in items))
    for item in items:
        try:
            if item.key in known:
                good[item.key] = entry(state, "read", item.key, READING)
            elif item.key not in good:
                document = item.load()
                good[item.key] = Reading(document, tuple(split(document)))
        except _ChangedError as error:
            changed += [path for path in map(str, error.args) if path not in changed]
        except Unreadable as error:
            bad.append((item.key, dump(REFUSED, Refused(error.reason, error.message))))
        except PipelineError:
            raise
        except Exception as error:  # noqa: BLE001  # our own fault must not cost the others
            bad.append((item.key, dump(REFUSED, refused_by_crash(settings, item.name, error))))
    fresh = good.keys() - known
    state.put("read", ((key, dump(READING, good[key])) for key in good if key in fresh))
    _keep_outlines(state, good)
    state.put("refused", bad)
    words = sum(len(good[key].document.text.split()) for key in fresh)
    return _Done(len(good), len(bad), words)


def _keep_outlines(state: State, readings: Mapping[str, Reading]) -> None:
    outlines: list[tuple[str, str]] = []
    streams: list[tuple[str, str]] = []
    for read_key, reading in readings.items():
        key = outline_key(read_key)
        forms = ((passage, canonical(passage)) for passage in reading.passages)
        repeatable = [(passage, form) for passage, form in forms if form is not None]
        outlines.append((key, dump(OUTLINE, _outline(reading, repeatable))))
        streams.append((key, dump(STREAMS, {form.key: form.stream for _, form in repeatable})))
    state.put("streams", streams)
    state.put("outline", outlines)


def refused_by_crash(settings: Settings, name: str, error: Exception) -> Refused:
    """The refusal of a file that the code itself failed on; the traceback goes to a log.

    Raises:
        DiskError: it was the machine that failed.
    """
    if isinstance(error, OSError) and is_of_the_machine(error):
        # A library unpacked a model to the folder of temporary files: when that was full, the
        # first document of the run was left out of this and of all later ones.
        raise disk_error(error, TEMPORARY) from error
    log = settings.state / "logs" / CRASH_LOG
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("a", encoding="utf-8") as stream:
        print(name, "".join(traceback.format_exception(error)), sep="\n", file=stream)
    return Refused(
        "crashed_extractor",
        f"The program failed on it ({type(error).__name__}); logs/{CRASH_LOG} in the state folder "
        "says where. Report it with this file; until it is mended the file is left out.",
    )


def _outline(reading: Reading, repeatable: Sequence[tuple[Passage, Canonical]]) -> Outline:
    senses = _senses(reading.document, [passage for passage, _ in repeatable])
    return Outline(
        reading.document.document_id,
        reading.document.published_by,
        len(reading.document.text),
        tuple(
            Repeatable(
                passage.start_char,
                form.key,
                plain_key(passage.text),
                senses.get(passage.start_char, ""),
                is_spared(passage),
                is_head(passage),
            )
            for passage, form in repeatable
        ),
        tuple(
            (passage.position, passage.start_char, passage.language or "")
            for passage in reading.passages
            if passage.kind != "boilerplate"
        ),
        reading.document.publisher,
        host_of(reading.document.url),
        max(repeatable, key=lambda pair: len(pair[1].stream))[1].key if repeatable else "",
        tuple(line for line in map(short_line, reading.passages) if line is not None),
    )


def _senses(document: Document, passages: Sequence[Passage]) -> dict[int, str]:
    """What words mean here beyond what they say, by the start of their passage.

    That is the days that they get from the day of publication; the document itself where they
    lean on its subject, as `the two countries`, or on another of its dates.
    """
    leaning: dict[int, list[str]] = {}
    starts = [passage.start_char for passage in passages]
    for found in find_dates(document, passages, {}):
        start = starts[bisect_right(starts, found.start_char) - 1]
        if found.anchor == "context":
            leaning.setdefault(start, []).append(document.document_id)
        elif found.anchor == "published" or found.granularity == "unresolved":
            leaning.setdefault(start, []).append(str(found.edtf))
    asked = {each.start_char: document.document_id for each in passages if needs_parse(each.text)}
    return {start: "; ".join(days) for start, days in leaning.items()} | asked
