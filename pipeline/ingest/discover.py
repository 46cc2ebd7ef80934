"""Every entry below `raw/`, without opening any: what is to be read and what is not.

The walk follows no link to a folder, so that it ends and sees each file once; a link to a file is
taken where its target lies below `raw/`.  Nothing is left out in silence: an entry that is
not read becomes a row of `sources` with a reason and a sentence.
"""

from __future__ import annotations

import os
import re
import stat
import sys
from collections.abc import Sequence
from functools import cached_property
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple

from pipeline.ingest.kinds import TEXT, Kind, kind_by_name, stem_of
from pipeline.ingest.paths import shown_path
from schemas.tables import Reason, SourceStatus

# Formats that people have their articles in, and that no reader is for.
OTHER_FORMATS = {
    suffix: name
    for name, suffixes in (
        ("a saved page with its pictures", ".mhtml .mht .maff"),
        ("a feed", ".rss .atom"),
        ("a table", ".csv .tsv .xls .xlsx .ods .parquet"),
        ("a word processor's format", ".rtf .doc .docx .odt .pdf .epub"),
        ("an archive", ".zip .gz .bz2 .xz .zst .tar .tgz .7z .rar"),
    )
    for suffix in suffixes.split()
}
METADATA_SUFFIX = ".toml"
FOLDER_METADATA = "source.toml"

_HIDDEN_FOLDERS = frozenset(["__macosx"])
_TEMPORARY_NAMES = frozenset(["thumbs.db", "desktop.ini"])
_TEMPORARY_SUFFIXES = frozenset(
    {".swp", ".swo", ".swx", ".tmp", ".temp", ".lock"}
    | {".part", ".partial", ".filepart", ".crdownload", ".download"}
)
# How the system's names are written: `os.fsdecode` asks this for each of them.
_CODING = (sys.getfilesystemencoding(), sys.getfilesystemencodeerrors())


class Found(NamedTuple):
    """One entry below `raw/`.

    `path` is how it is shown: below `raw/`, with `/`, escaped where it is not UTF-8. `file`
    is where its bytes lie: no `Path`, because a walk makes one of these for every file there is,
    and no dataclass, which takes four times as long to make where it is frozen.
    `kind` is what its name tells, or its bytes where they were looked at and say more.  `reason`
    is None for what is to be read.  `is_alone` tells that no sidecar stood beside it.
    """

    path: str
    file: str
    status: SourceStatus = "processed"
    reason: Reason | None = None
    message: str | None = None
    kind: Kind = TEXT
    is_alone: bool = False

    @property
    def readable(self) -> bool:
        """Whether its bytes are to be read."""
        return self.reason is None

    @property
    def sidecar(self) -> str:
        """Path of where metadata beside it would stand: `story.toml` for `story.html.gz`."""
        folder, _, name = self.file.rpartition("/")
        return f"{folder}/{stem_of(name)}{METADATA_SUFFIX}"


def discover(raw: Path) -> list[Found]:
    """All entries below `raw`, ordered by the bytes of their paths.

    Folders have no entry of their own, but for those that cannot be listed or are named
    like a text.

    Args:
        raw: an existing folder.
    """
    root = os.fsencode(os.path.realpath(raw))
    found: list[tuple[bytes, Found]] = []
    folders: list[tuple[bytes, bool]] = [(b"", False)]
    while folders:
        folder, hidden = folders.pop()
        try:
            with os.scandir(root + b"/" + folder) as entries:
                listed = sorted(entries, key=lambda entry: entry.name)
        except OSError as error:
            found.append((folder, _unlisted(root, folder, error)))
            continue
        names = _Names(root + b"/" + folder, [entry.name for entry in listed])
        for entry in listed:
            path = folder + entry.name
            is_hidden = hidden or _is_hidden(entry.name.decode(*_CODING))
            if entry.is_dir(follow_symlinks=False):
                folders.append((path + b"/", is_hidden or _is_hidden_folder(entry.name)))
                if not is_hidden and entry.name in names.texts:
                    found.append((path, _folder_as_text(root, path)))
            else:
                found.append((path, _entry(root, path, entry, is_hidden, names)))
    found.sort(key=itemgetter(0))
    return [each for _, each in found]


class _Names:
    """The names in a folder: those that are read, and what may be told by them of each other.

    Args:
        folder: where it is.
        names: of all that stands in it.
    """

    def __init__(self, folder: bytes, names: Sequence[bytes]) -> None:
        kinds = ((name, kind_by_name(name.decode(*_CODING))) for name in names)
        self.texts = {name: kind for name, kind in kinds if kind is not None}
        # Told by any case of letters: some systems do not tell these apart.
        self._stated = {name[:-5].lower() for name in names if name[-5:].lower() == b".toml"}
        self._folder = folder

    @cached_property
    def stems(self) -> set[bytes]:
        """What a sidecar of one of the texts may be called, without its ending."""
        return {name[: dot.start()] for name in self.texts for dot in re.finditer(rb"\.", name)}

    @cached_property
    def may_be_entered(self) -> bool:
        """Whether what stands in the folder may be looked at, and not only its names."""
        return os.access(self._folder, os.X_OK)

    def is_alone(self, name: bytes) -> bool:
        """Whether no sidecar stands beside a text."""
        if not self._stated:
            return True
        return os.fsencode(stem_of(os.fsdecode(name))).lower() not in self._stated


def _suffix(name: bytes) -> str:
    return os.path.splitext(os.fsdecode(name))[1].lower()  # noqa: PTH122


def _is_hidden(name: str) -> bool:
    """Whether a name is that of a hidden, temporary or partial file.

    Example:
        >>> [name for name in (".a", "a~", "#a#", "~$a", "a.TMP", "a.txt") if not _is_hidden(name)]
        ['a.txt']
    """
    first, last = name[:1], name[-1:]
    if first == "." or last == "~" or name[:2] == "~$" or (first == last == "#" and len(name) > 1):
        return True
    folded = name.casefold()
    dot = folded.rfind(".")
    return (dot >= 0 and folded[dot:] in _TEMPORARY_SUFFIXES) or folded in _TEMPORARY_NAMES


def _is_hidden_folder(name: bytes) -> bool:
    return os.fsdecode(name).lower() in _HIDDEN_FOLDERS


def _file(root: bytes, path: bytes) -> str:
    return (root + b"/" + path).decode(*_CODING)


def _unlisted(root: bytes, folder: bytes, error: OSError) -> Found:
    return Found(
        shown_path(folder) or "/",
        _file(root, folder[:-1]),
        "quarantined",
        "unreadable",
        f"This folder cannot be listed ({error.strerror}); give the user that runs the pipeline "
        "the right to read it.",
    )


def _folder_as_text(root: bytes, path: bytes) -> Found:
    return Found(
        shown_path(path),
        _file(root, path),
        "skipped",
        "not_regular_file",
        "This is a folder named like a text; what lies in it was read. Rename it if it should "
        "not be listed.",
    )


def _entry(
    root: bytes, path: bytes, entry: os.DirEntry[bytes], hidden: bool, names: _Names
) -> Found:
    file = _file(root, path)
    # Asked of every file there is: most names are plain, and stand in the path as they are shown.
    is_plain = file.isascii() and "%" not in file
    shown = file[len(root) + 1 :] if is_plain else shown_path(path)
    if hidden:
        return Found(
            shown,
            file,
            "skipped",
            "hidden_or_temporary",
            "Hidden, temporary and partial files are not read; rename it if it holds a text.",
        )
    if entry.is_symlink():
        return _link(root, shown, file)
    # The kind of most entries is known from the listing of their folder.
    if names.may_be_entered and entry.is_file(follow_symlinks=False):
        return _by_name(shown, file, entry.name, names)
    try:
        mode = entry.stat(follow_symlinks=False).st_mode
    except OSError as error:
        reason: Reason = "vanished" if isinstance(error, FileNotFoundError) else "unreadable"
        return Found(
            shown, file, "quarantined", reason, f"It cannot be looked at: {error.strerror}."
        )
    if not stat.S_ISREG(mode):
        return Found(
            shown,
            file,
            "quarantined",
            "not_regular_file",
            "This is no regular file but a pipe, socket or device; put a copy of the text here.",
        )
    return _by_name(shown, file, entry.name, names)


def _by_name(shown: str, file: str, name: bytes, names: _Names) -> Found:
    kind = names.texts.get(name)
    if kind is not None:
        return Found(shown, file, kind=kind, is_alone=names.is_alone(name))
    suffix = _suffix(name)
    if suffix == METADATA_SUFFIX:
        beside = name[: -len(METADATA_SUFFIX)] in names.stems
        used = beside or os.fsdecode(name).lower() == FOLDER_METADATA
        return Found(
            shown,
            file,
            "skipped",
            "metadata_file",
            "Read as the metadata of the texts beside it."
            if used
            else "There is no text of the same name beside it; its metadata was not used.",
        )
    if suffix in OTHER_FORMATS:
        return Found(
            shown,
            file,
            "quarantined",
            "not_plain_text",
            f"By its name this is {OTHER_FORMATS[suffix]}; save its text as .txt or .md.",
        )
    return Found(
        shown,
        file,
        "skipped",
        "not_plain_text",
        "No reader is for files of this name; name it .txt if it is plain text.",
    )


def _link(root: bytes, shown: str, file: str) -> Found:
    target = os.path.realpath(file)
    below = os.fsencode(target)
    refusal = _link_refusal(root, Path(file), Path(target))
    if refusal is not None:
        return Found(shown, file, "quarantined", *refusal)
    if any(_is_hidden(os.fsdecode(part)) for part in below[len(root) + 1 :].split(b"/")):
        return Found(
            shown,
            file,
            "skipped",
            "hidden_or_temporary",
            "This link leads to a hidden or temporary file, which is not read.",
        )
    name = os.fsencode(file.rpartition("/")[2])
    found = _by_name(shown, target, name, _Names(root, [name]))
    # Where the link leads to, another folder was not listed.
    return found._replace(is_alone=False)


def _link_refusal(root: bytes, file: Path, target: Path) -> tuple[Reason, str] | None:
    if not file.exists():
        loops = "leads in a circle" if target.is_symlink() else "leads to nothing"
        return "broken_link", f"This link {loops}; put the file itself here."
    below = os.fsencode(target)
    if not below.startswith(root + b"/") and below != root:
        return (
            "outside_raw",
            "This link leads out of the folder of samples; put a copy of the file here.",
        )
    if target.is_dir():
        if target in file.parents:
            return "broken_link", "This link leads back to a folder that it stands in; remove it."
        return (
            "not_regular_file",
            "Links to folders are not followed; the files were read where they lie.",
        )
    if not target.is_file():
        return "not_regular_file", "This link leads to no regular file; put a text here."
    return None
