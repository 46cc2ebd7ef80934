"""Stage `scan`: which files are there, and what each one's key is."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

from pipeline.errors import GuardError, Unreadable
from pipeline.fingerprints import PUBLISH, READ, fingerprint
from pipeline.ingest import discover, read_bytes, stated_for
from pipeline.publish import current, is_shown_whole
from pipeline.receipts import Scanned, Unread
from pipeline.settings import Settings
from pipeline.stages.entries import outline_key, rules_key
from pipeline.state import State, content_key
from pipeline.verify import processed_paths
from schemas.tables import Reason, SourceRow, SourceStatus

# When a fifth of what was there has vanished, a mount point is probably empty.
REMOVAL_SHARE = 0.2
REMOVAL_MIN = 10


def scan(settings: Settings) -> Scanned:
    """Look at every file below `raw`, without decoding any.

    Raises:
        GuardError: `raw` is missing or empty, or too many known files are gone at once.
    """
    if not settings.raw.is_dir():
        raise GuardError(
            f"{settings.raw}: no such folder; make it and drop files into it, or set `raw`."
        )
    sources: list[tuple[SourceRow, str | None]] = []
    by_key: dict[str, Unread] = {}
    for found in discover(settings.raw):
        try:
            data = read_bytes(found, settings.max_file_bytes)
            stated = stated_for(found, settings.raw)
        except Unreadable as error:
            status = "quarantined" if found.reason is None else found.status
            row = refused_row(found.path, status, error.reason, error.message)
            sources.append((row, None))
            continue
        sha256 = hashlib.sha256(data).hexdigest()
        key = content_key(fingerprint(*READ), sha256, found.path.rpartition("/")[2], stated.key)
        row = SourceRow(
            path=found.path,
            record=0,
            bytes=len(data),
            sha256=sha256,
            status="processed",
            reason=None,
            message=None,
            document_id=sha256[:20],
        )
        sources.append((row, key))
        by_key.setdefault(key, Unread(found, sha256, key))
    _guard(settings, [row for row, _ in sources])
    with State(settings.state) as state:
        state.set_sources((row.path, key, row.model_dump_json()) for row, key in sources)
        outlined = state.known("outline", map(outline_key, by_key))
        refused = state.known("refused", by_key)
        unread = {key for key in by_key if outline_key(key) not in outlined} - refused
        signature = _signature(settings, sources)
        published = current(settings.output)
        # A byte that was flipped since is as good as a change in raw/: publish again.
        is_published = (
            published is not None
            and state.recall("published") == f"{signature} {published.name}"
            and state.recall("reported") == published.name
            and is_shown_whole(settings.output, settings.layout)
        )
    waiting = tuple(item for key, item in by_key.items() if key in unread)
    return Scanned(waiting, signature, is_published)


def refused_row(path: str, status: SourceStatus, reason: Reason, message: str) -> SourceRow:
    """The row of a file that is not read, and why."""
    return SourceRow(
        path=path,
        record=0,
        bytes=None,
        sha256=None,
        status=status,
        reason=reason,
        message=message,
        document_id=None,
    )


def _guard(settings: Settings, rows: Sequence[SourceRow]) -> None:
    """Refuse to go on when so much is gone that the folder is probably not mounted."""
    if settings.allow_removals:
        return
    if not any(row.status != "skipped" for row in rows):
        raise GuardError(
            f"{settings.raw}: nothing to read in it; drop files into it, or say "
            "--allow-removals to publish empty tables."
        )
    shown = current(settings.output)
    if shown is None:
        return
    known = processed_paths(shown)
    gone = len(known - {row.path for row in rows})
    if gone > REMOVAL_MIN and gone > REMOVAL_SHARE * len(known):
        raise GuardError(
            f"{settings.raw}: {gone} of {len(known)} known files are gone; is it mounted? "
            "Nothing was published. Say --allow-removals if they were meant to go."
        )


def _signature(settings: Settings, sources: Iterable[tuple[SourceRow, str | None]]) -> str:
    rows = (f"{key} {row.model_dump_json()}" for row, key in sources)
    return content_key(rules_key(settings), fingerprint(*PUBLISH), *sorted(rows))
