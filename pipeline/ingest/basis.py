"""Where each field of a document's record comes from: the best of what was found for it.

Ranked: words beside the file (`article.toml`, `source.toml`), front matter, a field of the file's
own format, the head of the page, the dateline, the name of the file.  Only the basis of the date
is a column; that of the other fields is found again here, from the same functions that reading
asks, and shown by `pipeline show --passages`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from pipeline.ingest.evidence import Evidence, dateline_of, evidence
from pipeline.ingest.metadata import NOTHING, Stated, from_front_matter
from pipeline.passages.frontmatter import front_matter
from pipeline.passages.layout import Block, layout
from pipeline.passages.stamps import read_record
from pipeline.records import Document

Basis = Literal[
    "sidecar", "front matter", "field", "header", "dateline", "file name", "host", "text"
]

_FIELDS = ("title", "publisher", "byline", "category", "url", "published", "issuer", "language")
_PUBLISHED: dict[str, Basis] = {
    "header": "header",
    "dateline": "dateline",
    "file_name": "file name",
    "metadata": "field",
}
# An issuer that nobody states is told by the host of the page, a language by the text itself.
_OWN: dict[str, Basis] = {"issuer": "host", "language": "text"}


@dataclass(frozen=True, slots=True)
class Known:
    """One field of the record: its value as text, its basis, and the words that tell it.

    `span` counts code points of the document's text; None where the words stand elsewhere.
    """

    field: str
    value: str
    basis: Basis
    span: tuple[int, int] | None = None


def known(document: Document, path: str, stated: Stated | None = None) -> tuple[Known, ...]:
    """What is known of `document`, field by field; fields without a value are left out.

    Args:
        document: the document as it was read.
        path: its path, as it was given when it was read.
        stated: what was stated beside it then.

    Example:
        >>> page = Document("0" * 20, "Oslo, May 3, 2019 /TASS/. The port reopened.",
        ...     publisher="TASS", language="en")
        >>> [(each.field, each.value, each.basis) for each in known(page, "ferry.txt")]
        [('publisher', 'TASS', 'dateline'), ('language', 'en', 'text')]
    """
    pairs, front_end = front_matter(document.text)
    front = from_front_matter(pairs) if pairs else NOTHING
    blocks = [block for block in layout(document.text) if block.start >= front_end]
    told = evidence(document.text, blocks, path)
    found: list[Known] = []
    for field in _FIELDS:
        value = _value(document, field)
        if value is None:
            continue
        basis = _basis(document, field, stated or NOTHING, front, told)
        span = _span(document, field, basis, blocks)
        found.append(Known(field, value, basis, span))
    return tuple(found)


def _value(document: Document, field: str) -> str | None:
    if field != "published":
        value = getattr(document, field)
        return None if value is None else str(value)
    if document.published_edtf is None:
        return None
    time = "" if document.published_time is None else f" {document.published_time}"
    return f"{document.published_edtf}{time}"


def _basis(document: Document, field: str, stated: Stated, front: Stated, told: Evidence) -> Basis:
    if getattr(stated, field) is not None:
        return "sidecar"
    if getattr(front, field) is not None:
        return "front matter"
    if field == "published":
        return _PUBLISHED[document.published_basis]
    if field in _OWN:
        return _OWN[field]
    if field == "url" or getattr(told, field) != getattr(document, field):
        # A reader took it from the fields of its format: JSON, HTML, a dump.
        return "field"
    return "dateline" if field == "publisher" and told.publisher_in_dateline else "header"


def _span(
    document: Document, field: str, basis: Basis, blocks: Sequence[Block]
) -> tuple[int, int] | None:
    """Where the words stand that tell a field of the page's own head or dateline."""
    if basis == "dateline":
        return dateline_of(blocks)
    if basis != "header":
        return None
    for block in blocks:
        if block.kind not in ("title", "metadata", "boilerplate", "paragraph"):
            continue
        if field == "published":
            stamp = read_record(block.plain)
            if stamp is not None and document.published_date in stamp.readings:
                return block.start, block.end
        else:
            words = " ".join(document.text[block.start : block.end].split())
            if block.kind != "paragraph" and str(getattr(document, field)) in words:
                return block.start, block.end
    return dateline_of(blocks) if field == "published" else None
