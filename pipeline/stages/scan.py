"""Stage `scan`: which files are there, and what each one's key is.

A file of many records is told by its hash alone; it is cut into records, in `index`, only when
something changed and no index of these bytes is kept.

The bytes of every file are read in every run, whatever its times say: what is published is a
function of bytes, and a file that was written through a memory map or carries set times would be
missed.  It costs little: of some 60 microseconds a file, opening, reading and hashing took 9.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.errors import GuardError, Unreadable
from pipeline.fingerprints import PUBLISH, READ, fingerprint
from pipeline.ingest import (
    Beside,
    Found,
    discover,
    expectations,
    kind_in_text,
    read_content,
    sha256_of_file,
)
from pipeline.publish import current, is_shown_whole
from pipeline.receipts import Scanned, Unread, UnreadPart
from pipeline.settings import Settings
from pipeline.stages.entries import (
    INDEX,
    LIVE_INDEXES,
    PART,
    Indexed,
    Part,
    entry,
    outline_key,
    part_key,
    record_key,
    rules_key,
)
from pipeline.stages.index import index
from pipeline.state import Glimpse, Source, State, content_key
from pipeline.verify import processed_paths
from schemas.tables import Reason, SourceRow, SourceStatus

# When a fifth of what was there has vanished, a mount point is probably empty.
REMOVAL_SHARE = 0.2
REMOVAL_MIN = 10


@dataclass(frozen=True, slots=True)
class Seen:
    """A file that was looked at: its row, and the key under which it is read.

    `content` is the SHA-256 of its unpacked bytes.  Of a file of many records `key` is that of its
    index, and the row stands for all of them.
    """

    found: Found
    row: SourceRow
    key: str | None
    stated_key: str = ""
    content: str = ""
    size: int = 0

    @property
    def is_many(self) -> bool:
        """Whether its records have rows of their own."""
        return self.key is not None and self.found.kind.is_many


def scan(settings: Settings) -> Scanned:
    """Look at every file below `raw`, without decoding any.

    Raises:
        GuardError: `raw` is missing or empty, or too many known files are gone at once.
    """
    if not settings.raw.is_dir():
        raise GuardError(
            f"{settings.raw}: no such folder; make it and drop files into it, or set `raw`."
        )
    found = discover(settings.raw)
    with State(settings.state) as state:
        sight = _Sight(settings)
        state.see(sight.over(found))
        sight.guard()
        signature = sight.signature()
        published = current(settings.output)
        if (
            published is not None
            and state.recall("published") == f"{signature} {published.name}"
            # A byte that was flipped since is as good as a change in raw/: publish again.
            and is_shown_whole(settings.output, settings.layout)
        ):
            return Scanned((), signature, is_published=True)
        many = {each.key: each for each in sight.many if each.key is not None}
        for key, each in many.items():
            index(settings, state, key, each.found, each.row.sha256 or "")
        state.remember(LIVE_INDEXES, " ".join(sorted(many)))
        state.set_sources(source for each in sight.many for source in _sources(state, each))
        waiting: list[Unread | UnreadPart] = [*_unread_files(state, found)]
        waiting += _unread_parts(state, many)
    return Scanned(tuple(waiting), signature, is_published=False)


class _Sight:
    """Looks at files one by one and notes what is to be told of all of them together.

    Of a file of one document nothing is held; files of many records are few.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        shown = None if settings.allow_removals else current(settings.output)
        self._gone = set() if shown is None else processed_paths(shown)
        self._known = len(self._gone)
        self._is_empty = True
        self._digest = hashlib.sha256()
        self.many: list[Seen] = []

    def over(self, found: Sequence[Found]) -> Iterator[Glimpse]:
        """Look at each file; gives what is to be kept of those that hold no records."""
        beside = Beside(self._settings.raw)
        for place, each in enumerate(found):
            seen = _look(self._settings, each, beside)
            self._note(f"{seen.key} {seen.stated_key} {seen.row.model_dump_json()}")
            self._gone.discard(seen.row.path)
            self._is_empty = self._is_empty and seen.row.status == "skipped"
            if seen.is_many:
                self.many.append(seen)
            else:
                yield Glimpse(place, seen.key, seen.content, seen.size, seen.row)

    def guard(self) -> None:
        """Refuse to go on when so much is gone that the folder is probably not mounted."""
        settings, gone = self._settings, len(self._gone)
        if settings.allow_removals:
            return
        if self._is_empty:
            raise GuardError(
                f"{settings.raw}: nothing to read in it; drop files into it, or say "
                "--allow-removals to publish empty tables."
            )
        if gone > REMOVAL_MIN and gone > REMOVAL_SHARE * self._known:
            raise GuardError(
                f"{settings.raw}: {gone} of {self._known} known files are gone; is it mounted? "
                "Nothing was published. Say --allow-removals if they were meant to go."
            )

    def signature(self) -> str:
        """A key that is equal for two scans that must lead to the same dataset."""
        expected = map(repr, expectations(self._settings.raw))
        made_by = rules_key(self._settings), fingerprint(*PUBLISH)
        return content_key(self._digest.hexdigest(), *made_by, *expected)

    def _note(self, words: str) -> None:
        data = words.encode("utf-8", "surrogatepass")
        self._digest.update(b"%d:" % len(data))
        self._digest.update(data)


def _look(settings: Settings, found: Found, beside: Beside) -> Seen:
    """The row and the key of a file, from its bytes and from what is stated beside it."""
    try:
        stated = beside.stated_for(found).key
        if found.kind.is_many:
            size, sha256 = sha256_of_file(found, settings.max_container_bytes)
            limits = f"{settings.max_file_bytes} {settings.max_container_bytes}"
            key = content_key(
                fingerprint(*READ), sha256, found.kind.records, str(found.kind.is_packed), limits
            )
            row = _row(found.path, 0, size, sha256, None)
            return Seen(found, row, key, stated)
        content = read_content(found, settings.max_file_bytes)
        kind = kind_in_text(content.data, found.kind)
        if kind.is_many:
            return _look(settings, replace(found, told=kind), beside)
    except Unreadable as error:
        status = "quarantined" if found.reason is None else found.status
        return Seen(found, refused_row(found.path, status, error.reason, error.message), None)
    words = hashlib.sha256(content.data).hexdigest()
    name = found.path.rpartition("/")[2]
    key = content_key(fingerprint(*READ), words, name, stated)
    row = _row(found.path, 0, content.size, content.sha256, words[:20])
    return Seen(found, row, key, stated, words, len(content.data))


def _row(path: str, record: int, size: int, sha256: str, document_id: str | None) -> SourceRow:
    return SourceRow(
        path=path,
        record=record,
        bytes=size,
        sha256=sha256,
        status="processed",
        reason=None,
        message=None,
        document_id=document_id,
    )


def refused_row(
    path: str, status: SourceStatus, reason: Reason, message: str, record: int = 0
) -> SourceRow:
    """The row of a file, or of a record in it, that is not read, and why."""
    return SourceRow(
        path=path,
        record=record,
        bytes=None,
        sha256=None,
        status=status,
        reason=reason,
        message=message,
        document_id=None,
    )


def _sources(state: State, seen: Seen) -> Iterator[Source]:
    """The rows of a file of many records: one a record, or its own where it is refused."""
    assert seen.key is not None
    path = seen.found.path
    refused = entry(state, "index", seen.key, INDEX).refused
    if refused is not None:
        row = refused_row(path, "quarantined", refused.reason, refused.message)
        kept = row.model_copy(update={"bytes": seen.row.bytes, "sha256": seen.row.sha256})
        yield None, kept
        return
    for part in _parts(state, seen.key):
        for record in part.records:
            yield _record_source(seen, record)


def _record_source(seen: Seen, record: Indexed) -> Source:
    path, number = seen.found.path, record.number
    if record.reason is None and record.sha256 is not None:
        row = _row(path, number, record.size, record.sha256, record.sha256[:20])
        key = record_key(record.sha256, seen.found.kind.format, seen.stated_key)
        return key, row
    assert record.reason is not None
    row = refused_row(path, "quarantined", record.reason, record.message or "", number)
    if record.sha256 is not None:
        row = row.model_copy(update={"bytes": record.size, "sha256": record.sha256})
    return None, row


def _parts(state: State, index_key: str) -> Iterator[Part]:
    parts = entry(state, "index", index_key, INDEX).parts
    return (entry(state, "index", part_key(index_key, n), PART) for n in range(parts))


def _unread_files(state: State, found: Sequence[Found]) -> Iterator[Unread]:
    done: set[str] = set()
    for page in state.seen():
        unread = set(_not_read(state, [each.key for each in page if each.key is not None]))
        for each in page:
            if each.key in unread and each.key is not None and each.key not in done:
                done.add(each.key)
                yield Unread(found[each.place], each.content, each.key, each.size)


def _unread_parts(state: State, many: Mapping[str, Seen]) -> Iterator[UnreadPart]:
    for index_key, each in many.items():
        form = each.found.kind.format
        for number, part in enumerate(_parts(state, index_key)):
            keys = [
                record_key(record.sha256, form, each.stated_key)
                for record in part.records
                if record.reason is None and record.sha256 is not None
            ]
            if _not_read(state, keys):
                yield UnreadPart(each.found, part_key(index_key, number), part.size, len(keys))


def _not_read(state: State, keys: Sequence[str]) -> list[str]:
    outlined = state.known("outline", map(outline_key, keys))
    refused = state.known("refused", keys)
    return [key for key in keys if outline_key(key) not in outlined and key not in refused]
