"""How `output/latest` shows a snapshot: as a link to it, or as a copy where links cannot be.

    link   `latest` is a symlink, swapped by one rename: whoever opens it sees one snapshot
    copy   `latest` is a folder; files with new hashes in their names are put beside the old ones,
           then `datapackage.json` is replaced by one rename, then the old files go

The promise of `copy` is weaker.  The files that `datapackage.json` names are always of one
snapshot, but they go some moments after another one is named there; and between the two a
reader by `*.parquet` sees the old and the new file of a table together.  A run that is killed in
between leaves it so until the next run.
"""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Literal

from pipeline.errors import SnapshotError
from pipeline.publish.kept import hash_of_names, holds, listed, sync_file, sync_folder
from pipeline.verify import PACKAGE, damaged, sha256_of

LATEST = "latest"
# Stands in a copy and says where the snapshots are that it is a copy of one of.
POINTER = ".snapshots"

Layout = Literal["link", "copy"]


def current(output: Path) -> Path | None:
    """The snapshot folder that `output/latest` shows, or None."""
    latest = output / LATEST
    if latest.is_symlink():
        return latest.resolve() if latest.is_dir() else None
    try:
        root = latest / (latest / POINTER).read_text(encoding="utf-8").strip()
        package = json.loads((latest / PACKAGE).read_text(encoding="utf-8"))
        stated = [each["path"] for each in package["resources"]]
        paths = [path for one in stated for path in ([one] if isinstance(one, str) else one)]
        names = [path.rpartition("/")[2] for path in paths]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    digest = hash_of_names(names)
    found = [folder for folder in listed(root.resolve()) if holds(folder, digest)]
    return found[-1] if found else None


def show(output: Path, folder: Path, layout: Layout) -> None:
    """Make `output/latest` show the snapshot in `folder`.

    Raises:
        SnapshotError: something that no run made stands at `output/latest`.
    """
    output.mkdir(parents=True, exist_ok=True)
    for left in output.glob(f".{LATEST}-*"):
        _remove(left)
    latest = output / LATEST
    is_copy = latest.is_dir() and not latest.is_symlink()
    if latest.exists() and not latest.is_symlink() and not (latest / POINTER).is_file():
        raise SnapshotError(f"{latest} is not a link made by a run; move it away, then run again.")
    aside = output / f".{LATEST}-{os.getpid()}"
    if layout == "link":
        aside.symlink_to(os.path.relpath(folder, output), target_is_directory=True)
        if is_copy:
            # A link cannot be renamed over a folder: for a moment there is neither.
            latest.rename(output / f".{LATEST}-old-{os.getpid()}")
        aside.replace(latest)
    elif is_copy:
        _fill(latest, folder)
    else:
        aside.mkdir()
        _fill(aside, folder, latest)
        latest.unlink(missing_ok=True)
        aside.rename(latest)
    sync_folder(output)
    for left in output.glob(f".{LATEST}-*"):
        _remove(left)


def is_shown_whole(output: Path, layout: Layout) -> bool:
    """Whether `output/latest` shows a snapshot in this layout, each byte as it was published."""
    shown = current(output)
    latest = output / LATEST
    if shown is None or latest.is_symlink() != (layout == "link"):
        return False
    if damaged(shown):
        return False
    return layout == "link" or not damaged(latest, besides=(POINTER,))


def _fill(latest: Path, folder: Path, place: Path | None = None) -> None:
    """Make `latest` a copy of `folder`; what names the files comes last, then old ones go.

    Args:
        latest: an existing folder.
        folder: the snapshot.
        place: where `latest` will be moved to, if it will.
    """
    root = os.path.relpath(folder.parent.resolve(), (place or latest).absolute())
    _write(latest / POINTER, f"{root}\n".encode())
    files = [path.relative_to(folder) for path in sorted(folder.rglob("*")) if path.is_file()]
    tables = [path for path in files if len(path.parts) > 1]
    for path in tables:
        target = latest / path
        target.parent.mkdir(exist_ok=True)
        if not target.is_file() or sha256_of(target) != sha256_of(folder / path):
            aside = target.with_name(f".{target.name}")
            shutil.copyfile(folder / path, aside)
            sync_file(aside)
            aside.replace(target)
            sync_folder(target.parent)
    for path in sorted(set(files) - set(tables), key=lambda path: path.name == PACKAGE):
        _write(latest / path, (folder / path).read_bytes())
    sync_folder(latest)
    wanted = {*files, Path(POINTER)}
    for path in latest.rglob("*"):
        if path.is_file() and path.relative_to(latest) not in wanted:
            path.unlink()


def _write(path: Path, data: bytes) -> None:
    aside = path.with_name(f".{path.name}.aside")
    aside.write_bytes(data)
    sync_file(aside)
    aside.replace(path)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink()
