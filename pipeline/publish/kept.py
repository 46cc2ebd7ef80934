"""The snapshots that are kept: what they are called, which are there, which one is meant."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable
from pathlib import Path

from pipeline.verify import files_of
from schemas.tables import TABLES

SNAPSHOTS = "snapshots"

_SNAPSHOT_NAME = re.compile(r"\d{6,}-[0-9a-f]{12}")


def snapshots(state: Path) -> list[Path]:
    """All snapshot folders, oldest first."""
    return listed(state / SNAPSHOTS)


def listed(root: Path) -> list[Path]:
    """All snapshot folders in `root`, oldest first."""
    if not root.is_dir():
        return []
    found = (
        path
        for path in root.iterdir()
        if _SNAPSHOT_NAME.fullmatch(path.name) and path.is_dir() and not path.is_symlink()
    )
    return sorted(found, key=lambda path: (number_of(path), path.name))


def number_of(folder: Path) -> int:
    """The running number in the name of a snapshot.

    Example:
        >>> number_of(Path("snapshots/000012-0123456789ab"))
        12
    """
    return int(folder.name.partition("-")[0])


def holds(folder: Path, digest: str) -> bool:
    """Whether the name of a snapshot says that its content has this hash."""
    return folder.name.endswith(f"-{digest}")


def content_hash(folder: Path) -> str:
    """Hash over the tables of a snapshot folder, whose file names hold those of their bytes."""
    return hash_of_names(path.name for name in TABLES for path in files_of(folder, name))


def hash_of_names(names: Iterable[str]) -> str:
    """The content hash of a snapshot with these files."""
    return hashlib.sha256("\n".join(sorted(names)).encode()).hexdigest()[:12]


def bytes_of(folder: Path) -> int:
    """How many bytes the files of a folder hold."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_file(path: Path) -> None:
    """Make the bytes of a file durable."""
    with path.open("rb") as stream:
        os.fsync(stream.fileno())
