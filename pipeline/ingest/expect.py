"""What a person expects of a source: the table `[expect]` of a `source.toml`.

Too little fails the run before anything is shown, too much is said: a feed that delivers
half of its articles, or pages whose date is no longer found, is not seen from any one file.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import Unreadable
from pipeline.ingest.discover import FOLDER_METADATA
from pipeline.ingest.metadata import Expect, folder_file
from pipeline.ingest.paths import original_path


@dataclass(frozen=True, slots=True)
class Expected:
    """What is expected of a folder; `folder` is its path below `raw/`, empty for `raw/` itself."""

    folder: str
    expect: Expect


def expectations(raw: Path, paths: Iterable[str]) -> Iterator[Expected]:
    """What the `source.toml` files below `raw` expect, by folder.

    A file that is no TOML is passed over here: the texts beside it are quarantined for it.

    Args:
        raw: an existing folder.
        paths: of all files below it, as they are shown; nobody has to walk there again.
    """
    root = Path(os.path.realpath(raw))
    ends = FOLDER_METADATA, f"/{FOLDER_METADATA}"
    told = (path for path in paths if path.endswith(ends[0]))
    folders = (path[: -len(ends[1])] for path in told if path == ends[0] or path.endswith(ends[1]))
    for folder in sorted(folders, key=lambda folder: folder.split("/")):
        try:
            expect = folder_file(root / os.fsdecode(original_path(folder)), root).expect
        except Unreadable:
            continue
        if expect is not None:
            yield Expected(folder, expect)
