"""Which reader a file is for: told by its name, and for plain text also by its first words.

A name says whether a file holds one document or many records, and whether it is packed.  A
whole HTML page that was saved as `.txt` is a page; nothing else in a text file is read as
another format, because its text is published sign for sign.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from schemas.tables import Format

PACKED_SUFFIX = ".gz"

Records = Literal["one", "lines", "values", "pages"]


@dataclass(frozen=True, slots=True)
class Kind:
    """What a file is by its name.

    `records` tells how it is cut: `one` document, `lines` of JSON, `values` of JSON (one article,
    a list of them, or lines under another name), `pages` of a MediaWiki dump.
    """

    format: Format
    records: Records = "one"
    is_packed: bool = False

    @property
    def is_many(self) -> bool:
        """Whether it may hold more than one document."""
        return self.records != "one"


_SUFFIXES: dict[str, Kind] = {
    ".txt": Kind("text"),
    ".text": Kind("text"),
    ".md": Kind("markdown"),
    ".markdown": Kind("markdown"),
    ".html": Kind("html"),
    ".htm": Kind("html"),
    ".xhtml": Kind("html"),
    ".wiki": Kind("wikitext"),
    ".wikitext": Kind("wikitext"),
    ".mediawiki": Kind("wikitext"),
    ".json": Kind("json", "values"),
    ".jsonl": Kind("json", "lines"),
    ".ndjson": Kind("json", "lines"),
    ".xml": Kind("dump", "pages"),
}
READ_SUFFIXES = tuple(_SUFFIXES)

_HEAD = 4_000
_PAGE = re.compile(
    r"\s*(?:<\?xml[^<>]{0,200}\?>\s*)?(?:<!--[^<>]{0,1000}-->\s*)*"
    r"(?:<!doctype\s+html\b|<html\b)",
    re.IGNORECASE,
)


def kind_by_name(name: str) -> Kind | None:
    """The kind of a file by the end of its name; None for what is not read.

    Example:
        >>> kind_by_name("News.HTML").format, kind_by_name("feed.jsonl.gz").is_packed
        ('html', True)
        >>> kind_by_name("letter.docx") is None
        True
    """
    stem = name.lower()
    is_packed = stem.endswith(PACKED_SUFFIX)
    if is_packed:
        stem = stem[: -len(PACKED_SUFFIX)]
    dot = stem.rfind(".")
    # `.txt` alone is a hidden file without an ending.
    kind = _SUFFIXES.get(stem[dot:]) if dot > 0 else None
    return Kind(kind.format, kind.records, True) if kind is not None and is_packed else kind


def stem_of(name: str) -> str:
    """The name without the endings that tell its kind, as its sidecar has it.

    Example:
        >>> stem_of("story.html.gz"), stem_of("v1.2.txt"), stem_of("notes")
        ('story', 'v1.2', 'notes')
    """
    if name.lower().endswith(PACKED_SUFFIX):
        name = name[: -len(PACKED_SUFFIX)]
    dot = name.rfind(".")
    return name[:dot] if dot > 0 else name


def is_page(text: str) -> bool:
    """Whether a text is a whole HTML page.

    Example:
        >>> is_page("<!DOCTYPE html><html><p>Ties</p></html>"), is_page("A page begins <html>.")
        (True, False)
    """
    return _PAGE.match(text[:_HEAD]) is not None
