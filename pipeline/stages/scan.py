"""Stage `scan`: which files are there, and what each one's key is.

A file of many records is told by its hash alone; it is cut into records, in `index`, only when
something changed and no index of these bytes is kept.

The bytes of every file are read in every run, whatever its times say: what is published is a
function of bytes.  In a large archive (`stamps_from`) that alone costs more than all else, and a
file that lies as it did is taken for what it was (`stamp`), unless `rehash` says otherwise.
Everything else is done for what differs from the last run (`pipeline.state.sources`).
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path

from pipeline.errors import GuardError, Unreadable
from pipeline.fingerprints import PUBLISH, fingerprint
from pipeline.ingest import (
    GRAIN_NS,
    ID_DIGITS,
    Beside,
    Found,
    discover,
    expectations,
    kind_in_text,
    read_content,
    sha256_of_file,
    stamp,
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
    file_key,
    outline_key,
    part_key,
    read_code,
    record_key,
    rules_key,
    settling_key,
)
from pipeline.stages.index import index
from pipeline.state import Glimpse, State, content_key
from pipeline.verify import processed_paths
from schemas.tables import Reason, SourceStatus

# When a fifth of what was there has vanished, a mount point is probably empty.
REMOVAL_SHARE = 0.2
REMOVAL_MIN = 10


@dataclass(frozen=True, slots=True)
class Many:
    """A file of many records, and the key of its index; `stated_key` is that of words beside it."""

    found: Found
    key: str
    stated_key: str
    size: int
    sha256: str


def scan(settings: Settings) -> Scanned:
    """Look at every file below `raw`, without decoding any.

    Raises:
        GuardError: `raw` is missing or empty, or too many known files are gone at once.
    """
    if not settings.raw.is_dir():
        raise GuardError(
            f"{settings.raw}: no such folder; make it and drop files into it, or set `raw`."
        )
    # As the state orders them: nearly the order in which they were found.
    found = sorted(discover(settings.raw), key=attrgetter("path"))
    with State(settings.state) as state:
        sight = _Sight(settings, is_stamped=0 < settings.stamps_from <= len(found))
        state.see(found, sight.look)
        sight.refuse_nothing()
        signature = sight.signature(found)
        published = current(settings.output)
        if (
            published is not None
            and state.recall("published") == f"{signature} {published.name}"
            # A byte that was flipped since is as good as a change in raw/: publish again.
            and is_shown_whole(settings.output, settings.layout)
        ):
            return Scanned((), signature, is_published=True)
        sight.refuse_loss(found, published)
        many = {each.key: each for each in sight.many}
        for each in many.values():
            index(settings, state, each.key, each.found, each.sha256)
        state.remember(LIVE_INDEXES, " ".join(sorted(many)))
        rows = (row for each in sight.many for row in _rows(state, each))
        state.set_sources(rows, settling_key())
        waiting: list[Unread | UnreadPart] = [*_unread_files(state, found)]
        waiting += _unread_parts(state, many.values())
    return Scanned(tuple(waiting), signature, is_published=False)


class _Sight:
    """Looks at files one by one and notes what is to be told of all of them together.

    Of a file of one document nothing is held; files of many records are few.
    """

    def __init__(self, settings: Settings, *, is_stamped: bool) -> None:
        self._settings = settings
        self._beside = Beside(settings.raw)
        self._is_empty = True
        self._digest = hashlib.sha256()
        # What was written before this moment cannot be written again with the same times.
        self._before = time.time_ns() - GRAIN_NS
        self._is_stamped = is_stamped
        self.many: list[Many] = []

    def look(self, found: Found, known: Glimpse | None) -> Glimpse | None:
        """Look at a file; gives its row, or None where it is one of many records."""
        try:
            seen = self._look(found, known)
        except Unreadable as error:
            status = "quarantined" if found.reason is None else found.status
            seen = refused(found.path, status, error.reason, error.message)
        if isinstance(seen, Many):
            self.many.append(seen)
            self._note(f"{found.path} {seen.key} {seen.stated_key} {seen.size} {seen.sha256}")
            self._is_empty = False
            return None
        # What else stands in the row of a file that is read follows from these.
        is_read = seen.key is not None
        self._note(f"{seen.path} {seen.key} {seen.sha256}" if is_read else repr(tuple(seen)))
        self._is_empty = self._is_empty and seen.status == "skipped"
        return seen

    def _look(self, found: Found, known: Glimpse | None) -> Glimpse | Many:
        """What a file is, by what is stated beside it and by its stamp or else its bytes."""
        stated_key = self._beside.stated_for(found).key
        if not self._is_stamped or found.reason is not None:
            return self._read(found, stated_key)
        # Taken before it is read: what is written meanwhile has another one.
        now = stamp(found.file, self._before)
        if known is not None and now == known.stamp and self._is_still(known, stated_key):
            return known
        seen = self._read(found, stated_key)
        return seen if isinstance(seen, Many) else seen._replace(stamp=now)

    def _is_still(self, known: Glimpse, stated_key: str) -> bool:
        """Whether a file with a stamp is what it was: under this code and these settings."""
        if known.stamp is None or known.content is None or self._settings.rehash:
            return False
        is_small = max(known.bytes or 0, known.size or 0) <= self._settings.max_file_bytes
        return is_small and known.key == file_key(known.content, known.path, stated_key)

    def _read(self, found: Found, stated_key: str) -> Glimpse | Many:
        """What a file is, by its bytes and by what is stated beside it."""
        settings, kind = self._settings, found.kind
        if kind.is_many:
            size, sha256 = sha256_of_file(found, settings.max_container_bytes)
            limits = f"{settings.max_file_bytes} {settings.max_container_bytes}"
            key = content_key(read_code(), sha256, kind.records, str(kind.is_packed), limits)
            return Many(found, key, stated_key, size, sha256)
        content = read_content(found, settings.max_file_bytes)
        told = kind_in_text(content.data, kind)
        if told.is_many:
            return self._read(found._replace(kind=told), stated_key)
        words = hashlib.sha256(content.data).hexdigest() if kind.is_packed else content.sha256
        return Glimpse(
            found.path,
            0,
            file_key(words, found.path, stated_key),
            content.size,
            content.sha256,
            "processed",
            None,
            None,
            words[:ID_DIGITS],
            words,
            len(content.data),
        )

    def refuse_nothing(self) -> None:
        """Refuse to go on when there is no text at all."""
        if self._is_empty and not self._settings.allow_removals:
            raise GuardError(
                f"{self._settings.raw}: nothing to read in it; drop files into it, or say "
                "--allow-removals to publish empty tables."
            )

    def refuse_loss(self, found: Sequence[Found], shown: Path | None) -> None:
        """Refuse to go on when so much is gone that the folder is probably not mounted."""
        if shown is None or self._settings.allow_removals:
            return
        known = processed_paths(shown)
        gone = len(known.difference(each.path for each in found))
        if gone > REMOVAL_MIN and gone > REMOVAL_SHARE * len(known):
            raise GuardError(
                f"{self._settings.raw}: {gone} of {len(known)} known files are gone; is it "
                "mounted? Nothing was published. Say --allow-removals if they were meant to go."
            )

    def signature(self, found: Sequence[Found]) -> str:
        """A key that is equal for two scans that must lead to the same dataset."""
        expected = map(repr, expectations(self._settings.raw, (each.path for each in found)))
        made_by = rules_key(self._settings), fingerprint(*PUBLISH)
        return content_key(self._digest.hexdigest(), *made_by, *expected)

    def _note(self, words: str) -> None:
        self._digest.update(f"{len(words)}:{words}".encode("utf-8", "surrogatepass"))


def refused(
    path: str, status: SourceStatus, reason: Reason, message: str, record: int = 0
) -> Glimpse:
    """The row of a file, or of a record in it, that is not read, and why."""
    return Glimpse(path, record, None, None, None, status, reason, message, None)


def _rows(state: State, many: Many) -> Iterator[Glimpse]:
    """The rows of a file of many records: one a record, or its own where it is refused."""
    path = many.found.path
    fault = entry(state, "index", many.key, INDEX).refused
    if fault is not None:
        row = refused(path, "quarantined", fault.reason, fault.message)
        yield row._replace(bytes=many.size, sha256=many.sha256)
        return
    for part in _parts(state, many.key):
        for record in part.records:
            yield _record_row(many, record)


def _record_row(many: Many, record: Indexed) -> Glimpse:
    path, number, sha256 = many.found.path, record.number, record.sha256
    if record.reason is None and sha256 is not None:
        key = record_key(sha256, many.found.kind.format, many.stated_key)
        size = record.size
        return Glimpse(path, number, key, size, sha256, "processed", None, None, sha256[:ID_DIGITS])
    assert record.reason is not None
    row = refused(path, "quarantined", record.reason, record.message or "", number)
    return row if sha256 is None else row._replace(bytes=record.size, sha256=sha256)


def _parts(state: State, index_key: str) -> Iterator[Part]:
    parts = entry(state, "index", index_key, INDEX).parts
    return (entry(state, "index", part_key(index_key, n), PART) for n in range(parts))


def _unread_files(state: State, found: Sequence[Found]) -> Iterator[Unread]:
    done: set[str] = set()
    by_path: dict[str, Found] = {}
    for page in state.unread():
        by_path = by_path or {each.path: each for each in found}
        unread = set(_not_read(state, [each.key for each in page if each.key is not None]))
        for each in page:
            if each.key not in unread or each.key in done:
                continue
            assert each.content is not None
            assert each.size is not None
            done.add(each.key)
            yield Unread(by_path[each.path], each.content, each.key, each.size)


def _unread_parts(state: State, many: Iterable[Many]) -> Iterator[UnreadPart]:
    touched = state.unread_of_many()
    for each in many:
        form = each.found.kind.format
        for number, part in enumerate(
            _parts(state, each.key) if each.found.path in touched else ()
        ):
            keys = [
                record_key(record.sha256, form, each.stated_key)
                for record in part.records
                if record.reason is None and record.sha256 is not None
            ]
            if _not_read(state, keys):
                yield UnreadPart(each.found, part_key(each.key, number), part.size, len(keys))


def _not_read(state: State, keys: Sequence[str]) -> list[str]:
    outlined = state.known("outline", map(outline_key, keys))
    refused = state.known("refused", keys)
    return [key for key in keys if outline_key(key) not in outlined and key not in refused]
