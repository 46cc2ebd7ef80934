"""Which reader a file is for: told by its name, and for plain text also by its first words.

A name says whether a file holds one document or many records, and whether it is packed.  A
whole HTML page that was saved as `.txt` is a page, and one article in JSON, a list or lines of
them are articles; nothing else in a text file is read as another format, because its text is
published sign for sign.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from schemas.tables import Format

Packing = Literal["gzip", "bzip2"]

PACKED_SUFFIXES: dict[str, Packing] = {".gz": "gzip", ".bz2": "bzip2"}

Records = Literal["one", "lines", "values", "pages"]


@dataclass(frozen=True, slots=True)
class Kind:
    """What a file is by its name.

    `records` tells how it is cut: `one` document, `lines` of JSON, `values` of JSON (one article,
    a list of them, or lines under another name), `pages` of a MediaWiki dump.
    """

    format: Format
    records: Records = "one"
    packing: Packing | None = None

    @property
    def is_packed(self) -> bool:
        """Whether it is to be unpacked."""
        return self.packing is not None

    @property
    def is_many(self) -> bool:
        """Whether it may hold more than one document."""
        return self.records != "one"


TEXT = Kind("text")

_SUFFIXES: dict[str, Kind] = {
    ".txt": TEXT,
    ".text": TEXT,
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

_HEAD = 4_000
_OBJECT = re.compile(rb"(?:\xef\xbb\xbf)?\s*\{\s*\"[^\"\n]{1,80}\"\s*:")
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
        >>> kind_by_name("wiki-pages.xml.bz2").packing
        'bzip2'
        >>> kind_by_name("letter.docx") is None
        True
    """
    stem, packing = _unpacked(name)
    dot = stem.rfind(".")
    # `.txt` alone is a hidden file without an ending.
    kind = _SUFFIXES.get(stem[dot:].lower()) if dot > 0 else None
    return Kind(kind.format, kind.records, packing) if kind is not None and packing else kind


def _unpacked(name: str) -> tuple[str, Packing | None]:
    # Asked several times a file: with a hundred thousand of them every call counts.
    dot = name.rfind(".")
    packing = PACKED_SUFFIXES.get(name[dot:].lower()) if dot >= 0 else None
    return (name, None) if packing is None else (name[:dot], packing)


def stem_of(name: str) -> str:
    """The name without the endings that tell its kind, as its sidecar has it.

    Example:
        >>> stem_of("story.html.gz"), stem_of("v1.2.txt"), stem_of("notes")
        ('story', 'v1.2', 'notes')
    """
    name, _ = _unpacked(name)
    dot = name.rfind(".")
    return name[:dot] if dot > 0 else name


def may_be_article(data: bytes) -> bool:
    """Whether bytes look like one JSON object with some words in it.

    Example:
        >>> may_be_article(b' {"title": "Ties"} '), may_be_article(b"{a brace} opens a text")
        (True, False)
    """
    return _OBJECT.match(data[:_HEAD]) is not None and data.rstrip()[-1:] == b"}"


def is_page(text: str) -> bool:
    """Whether a text is a whole HTML page.

    Example:
        >>> is_page("<!DOCTYPE html><html><p>Ties</p></html>"), is_page("A page begins <html>.")
        (True, False)
    """
    return _PAGE.match(text[:_HEAD]) is not None
