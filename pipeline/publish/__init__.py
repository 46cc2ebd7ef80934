"""Rows -> one snapshot of Parquet files -> one rename that shows it.

    writer    rows -> Parquet files, built aside
    earlier   rows of an earlier snapshot, taken over as they are
    describe  data package, checksums, a page to read
    layout    how `output/latest` shows a snapshot
    kept      which snapshots there are

A snapshot is a folder of its own, built aside, checked, made durable, named by its
content and never changed again; `output/latest` is a symlink to it, and the flip is one
`rename`.  File names carry a hash of their bytes, because readers open a file more than
once: under a constant name they can mix the footer of one snapshot with the data of
the next, and were seen to answer 0 rows without an error.  A table that did not change is the
same file as in the snapshot before, by a hard link.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import PipelineError, SnapshotError
from pipeline.publish.describe import DESCRIBED, describe
from pipeline.publish.earlier import Earlier
from pipeline.publish.kept import (
    SNAPSHOTS,
    bytes_of,
    content_hash,
    holds,
    number_of,
    snapshots,
    sync_file,
    sync_folder,
)
from pipeline.publish.layout import LATEST, Layout, current, is_shown_whole, show
from pipeline.publish.writer import SnapshotWriter
from pipeline.verify import check, damaged, files_of, sha256_of, told

__all__ = [
    "LATEST",
    "SNAPSHOTS",
    "Earlier",
    "Layout",
    "Published",
    "SnapshotWriter",
    "bytes_of",
    "current",
    "is_shown_whole",
    "publish",
    "replaced",
    "show",
    "snapshots",
    "sweep",
]


@dataclass(frozen=True)
class Published:
    """What a run published."""

    name: str
    folder: Path
    rows: tuple[tuple[str, int], ...]
    is_new: bool
    warnings: tuple[str, ...] = ()


def publish(
    writer: SnapshotWriter,
    state: Path,
    output: Path,
    layout: Layout = "link",
    accept: Callable[[Path], tuple[str, ...]] = lambda _: (),
) -> Published:
    """Check what `writer` built and show it as `output/latest`.

    When the bytes are those already shown nothing is touched.  A snapshot that was damaged
    since it was made is replaced by a new one.

    Args:
        writer: holds all rows.
        state: folder of the snapshots.
        output: folder in which `latest` appears.
        layout: how `latest` shows it.
        accept: is given the folder of the new snapshot; raises where it may not be shown, and
            gives what a person should look at.

    Raises:
        SnapshotError: a check failed, or what stands at `output/latest` is not ours; nothing was
            flipped.
    """
    tables = writer.close()
    rows = tuple((name, count) for name, (count, _) in tables.items())
    if faults := check(writer.folder):
        writer.discard()
        raise SnapshotError(f"the new snapshot is faulty, nothing was published: {faults[0]}")
    try:
        warnings = accept(writer.folder)
    except PipelineError:
        writer.discard()
        raise
    digest = content_hash(writer.folder)
    describe(writer.folder, tables)
    shown, kept = current(output), snapshots(state)
    if (
        shown is not None
        and holds(shown, digest)
        and _is_described_alike(shown, writer.folder)
        and is_shown_whole(output, layout)
    ):
        writer.discard()
        return Published(shown.name, shown, rows, is_new=False)
    # Made already, and a run was killed before it was shown, or it is shown in another layout.
    for made in ([shown] if shown is not None else []) + kept[-1:]:
        if holds(made, digest) and _is_described_alike(made, writer.folder) and not damaged(made):
            writer.discard()
            show(output, made, layout)
            return Published(made.name, made, rows, True, warnings)
    _share(writer.folder, shown, tables)
    _make_durable(writer.folder)
    folder = state / SNAPSHOTS / f"{max(map(number_of, kept), default=0) + 1:06d}-{digest}"
    writer.folder.rename(folder)
    sync_folder(folder.parent)
    show(output, folder, layout)
    return Published(folder.name, folder, rows, True, warnings)


def replaced(before: Path | None, after: Path) -> tuple[str, ...]:
    """A sentence on why a snapshot was made of tables that were shown already, if it was.

    Args:
        before: folder of the snapshot that was shown.
        after: folder of the one that is shown now.
    """
    if before is None or before == after or not holds(after, before.name.rpartition("-")[2]):
        return ()
    if faults := damaged(before):
        return (f"{before} was damaged ({told(faults)}); {after.name} took its place.",)
    return ()


def sweep(state: Path, output: Path, keep: int, keep_hours: float) -> list[str]:
    """Remove snapshots beyond the last `keep` and older than `keep_hours`; gives their names."""
    shown = current(output)
    removed = []
    for folder in snapshots(state)[:-keep]:
        age_hours = (time.time() - folder.stat().st_mtime) / 3600
        if folder.resolve() != shown and age_hours > keep_hours:
            shutil.rmtree(folder)
            removed.append(folder.name)
    return removed


def _is_described_alike(made: Path, folder: Path) -> bool:
    """Whether two snapshots say the same of their tables; another version may say it otherwise."""
    try:
        return all((made / name).read_bytes() == (folder / name).read_bytes() for name in DESCRIBED)
    except OSError:
        return False


def _share(folder: Path, shown: Path | None, tables: Mapping[str, tuple[int, str]]) -> None:
    """Make each table that did not change the file it is in the snapshot shown, by a hard link."""
    if shown is None:
        return
    for name, (_, digest) in tables.items():
        for path in files_of(folder, name):
            before = shown / name / path.name
            # The name holds the first digits only, and the file may have been damaged since.
            if before.is_file() and sha256_of(before) == digest:
                aside = path.with_suffix(".linked")
                # Some file systems know no hard links, or not that many: the new file stays.
                with suppress(OSError):
                    os.link(before, aside)
                    aside.replace(path)


def _make_durable(folder: Path) -> None:
    for path in sorted(folder.rglob("*")):
        if path.is_dir():
            sync_folder(path)
        else:
            sync_file(path)
    sync_folder(folder)
