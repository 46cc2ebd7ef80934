"""What a person expects of a source: the table `[expect]` of a `source.toml`.

Too little fails the run before anything is shown, too much is said: a feed that delivers
half of its articles, or pages whose date is no longer found, is not seen from any one file.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import Unreadable
from pipeline.ingest.discover import FOLDER_METADATA
from pipeline.ingest.metadata import Expect, folder_file


@dataclass(frozen=True, slots=True)
class Expected:
    """What is expected of a folder; `folder` is its path below `raw/`, empty for `raw/` itself."""

    folder: str
    expect: Expect


def expectations(raw: Path) -> Iterator[Expected]:
    """What the `source.toml` files below `raw` expect, by folder.

    A file that is no TOML is passed over here: the texts beside it are quarantined for it.

    Args:
        raw: an existing folder; links to folders are not followed.
    """
    root = Path(os.path.realpath(raw))
    for folder, below, names in os.walk(root):
        below.sort()
        if FOLDER_METADATA not in names:
            continue
        try:
            expect = folder_file(Path(folder), root).expect
        except Unreadable:
            continue
        if expect is not None:
            yield Expected(Path(folder).relative_to(root).as_posix().removeprefix("."), expect)
