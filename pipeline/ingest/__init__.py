"""Bytes in `raw/` to a `Document`.

`discover` lists what is there, `reading` gets the bytes of one file, `decode` turns them into
text or refuses them (`formats` knows what is no plain text,
`guess` old encodings, `repair` undoes mojibake), `metadata`
reads what a person stated, `evidence` and `datelines` what the text tells of itself; `basis` says
which of them each field comes from.
"""

from __future__ import annotations

import hashlib

from pipeline.ingest.basis import Known, known
from pipeline.ingest.decode import Decoded, decode
from pipeline.ingest.discover import Found, discover, original_path, shown_path
from pipeline.ingest.evidence import evidence, host_of, issuer_of
from pipeline.ingest.expect import Expected, expectations
from pipeline.ingest.metadata import NOTHING, Stated, from_front_matter, stated_for
from pipeline.ingest.reading import read_bytes
from pipeline.passages.frontmatter import front_matter
from pipeline.passages.languages import language_of
from pipeline.passages.layout import layout
from pipeline.records import Document

__all__ = [
    "Decoded",
    "Expected",
    "Found",
    "Known",
    "Stated",
    "decode",
    "discover",
    "expectations",
    "host_of",
    "known",
    "original_path",
    "read_bytes",
    "read_document",
    "shown_path",
    "stated_for",
]

ID_DIGITS = 20


def read_document(data: bytes, path: str, stated: Stated | None = None) -> Document:
    r"""The document that `data` holds.

    Args:
        data: the bytes of one file.
        path: its path below `raw/`; only the file's name is evidence, and the last.
        stated: what is stated beside it; its words count before those of the text.

    Raises:
        Unreadable: the bytes cannot become a document; says why and what to do.

    Example:
        >>> page = b"= Ties =\n\nOslo, May 3, 2019 /TASS/. The port reopened."
        >>> document = read_document(page, "ties.txt")
        >>> document.title, document.publisher, str(document.published_date)
        ('Ties', 'TASS', '2019-05-03')
    """
    decoded = decode(data)
    text = decoded.text
    pairs, front_end = front_matter(text)
    known = stated or NOTHING
    if pairs:
        known = known.over(from_front_matter(pairs))
    blocks = [block for block in layout(text) if block.start >= front_end]
    told = evidence(text, blocks, path)
    is_stated = known.published_date is not None
    return Document(
        document_id=hashlib.sha256(data).hexdigest()[:ID_DIGITS],
        text=text,
        title=known.title or told.title,
        publisher=known.publisher or told.publisher,
        byline=known.byline or told.byline,
        category=known.category or told.category,
        url=known.url,
        published_date=known.published_date if is_stated else told.date,
        published_time=known.published_time if is_stated else told.time,
        published_basis="metadata" if is_stated else told.basis,
        issuer=known.issuer or issuer_of(known.url),
        language=known.language or language_of(text),
        encoding=decoded.encoding,
        repairs=decoded.repairs,
    )
