"""Stage `read`: bytes of new files -> documents and passages."""

from __future__ import annotations

import hashlib
import traceback
from bisect import bisect_right
from collections.abc import Mapping, Sequence

from pipeline.errors import PipelineError, Unreadable
from pipeline.extract import needs_parse
from pipeline.extract.dates import find_dates
from pipeline.ingest import host_of, read_bytes, read_document, stated_for
from pipeline.passages import split
from pipeline.receipts import ReadBatch, Unread
from pipeline.records import Document, Passage
from pipeline.repeats import Canonical, canonical, plain_key, short_line
from pipeline.settings import Settings
from pipeline.stages.entries import (
    OUTLINE,
    READING,
    REFUSED,
    STREAMS,
    Outline,
    Reading,
    Refused,
    Repeatable,
    dump,
    entry,
    outline_key,
)
from pipeline.state import State

CRASH_LOG = "crashes.log"


def read(settings: Settings, batch: Sequence[Unread]) -> ReadBatch:
    """Decode and cut the files of one batch; what cannot be read is kept with its reason.

    A file that was read before, and whose passages only have to be compared in another way,
    is not decoded again.
    """
    changed: list[str] = []
    good: dict[str, Reading] = {}
    bad: list[tuple[str, str]] = []
    with State(settings.state) as state:
        known = state.known("read", (unread.read_key for unread in batch))
        for unread in batch:
            key = unread.read_key
            try:
                if key in known:
                    good[key] = entry(state, "read", key, READING)
                    continue
                data = read_bytes(unread.found, settings.max_file_bytes)
                if hashlib.sha256(data).hexdigest() != unread.sha256:
                    changed.append(unread.found.path)
                    continue
                stated = stated_for(unread.found, settings.raw)
                document = read_document(data, unread.found.path, stated)
                good[key] = Reading(document, tuple(split(document)))
            except Unreadable as error:
                bad.append((key, dump(REFUSED, Refused(error.reason, error.message))))
            except PipelineError:
                raise
            except Exception as error:  # noqa: BLE001  # our own fault must not cost the others
                refused = refused_by_crash(settings, unread.found.path, error)
                bad.append((key, dump(REFUSED, refused)))
        fresh = good.keys() - known
        state.put("read", ((key, dump(READING, good[key])) for key in good if key in fresh))
        _keep_outlines(state, good)
        state.put("refused", bad)
    words = sum(len(good[key].document.text.split()) for key in fresh)
    return ReadBatch(len(good), len(bad), words, tuple(changed))


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
    """The refusal of a file that the code itself failed on; the traceback goes to a log."""
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
    leaning = _leaning(reading.document, [passage for passage, _ in repeatable])
    return Outline(
        reading.document.document_id,
        reading.document.published_date,
        len(reading.document.text),
        tuple(
            Repeatable(
                passage.start_char,
                form.key,
                plain_key(passage.text),
                passage.start_char in leaning,
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


def _leaning(document: Document, passages: Sequence[Passage]) -> set[int]:
    """Starts of the passages whose meaning leans on their document: its date or its subject."""
    leaning = {passage.start_char for passage in passages if needs_parse(passage.text)}
    starts = [passage.start_char for passage in passages]
    for found in find_dates(document, passages, {}):
        if found.anchor != "stated" or found.granularity == "unresolved":
            leaning.add(starts[bisect_right(starts, found.start_char) - 1])
    return leaning
