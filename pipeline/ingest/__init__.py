"""Bytes in `raw/` to a `Document`.

`discover` lists what is there, `descriptors` look at it and open it, `kinds` tells which reader
each is for, `reading` gets the bytes, unpacked by `unpacking`, and `containers` cuts files of many
records, which `peek` finds under the name of plain text too.  Of one document `readers` take out
the text: `pages` of HTML (`outline` writes trees as lines), `wikitext`, `dumps` of a wiki,
`articles` of JSON; `taken` is what they give.  `decode` turns bytes of plain text into text or
refuses them (`formats` knows what is no plain text, `guess` old encodings, `repair` undoes
mojibake).  `metadata` reads what a person stated, `expect` what they expect of a source,
`evidence`, `datelines` and `signs` what the text tells of itself; `basis` says which
of them each field comes from.
"""

from __future__ import annotations

import datetime as dt
import hashlib

from pipeline.ingest.basis import Known, known
from pipeline.ingest.containers import RawRecord, records_of
from pipeline.ingest.decode import Decoded, decode
from pipeline.ingest.descriptors import GRAIN_NS, stamp
from pipeline.ingest.discover import FOLDER_METADATA, Found, discover
from pipeline.ingest.evidence import evidence
from pipeline.ingest.expect import Expected, expectations
from pipeline.ingest.hosts import host_of, issuer_of
from pipeline.ingest.kinds import TEXT, kind_by_name
from pipeline.ingest.metadata import NOTHING, Beside, Stated, from_front_matter, stated_for
from pipeline.ingest.paths import original_path, shown_path
from pipeline.ingest.peek import kind_in_text
from pipeline.ingest.reading import opened, read_bytes, read_content, sha256_of_file
from pipeline.ingest.stream import Stream
from pipeline.passages.frontmatter import front_matter
from pipeline.passages.languages import language_of
from pipeline.passages.layout import layout
from pipeline.records import Document
from schemas.tables import Format

__all__ = [
    "FOLDER_METADATA",
    "GRAIN_NS",
    "ID_DIGITS",
    "TEXT",
    "Beside",
    "Decoded",
    "Expected",
    "Found",
    "Known",
    "RawRecord",
    "Stated",
    "Stream",
    "decode",
    "discover",
    "expectations",
    "host_of",
    "kind_by_name",
    "kind_in_text",
    "known",
    "opened",
    "original_path",
    "read_bytes",
    "read_content",
    "read_document",
    "records_of",
    "sha256_of_file",
    "shown_path",
    "stamp",
    "stated_for",
]

ID_DIGITS = 20


def read_document(
    data: bytes, path: str, stated: Stated | None = None, form: Format | None = None
) -> Document:
    r"""The document that `data` holds.

    Args:
        data: the bytes, unpacked, of one file, or of one record.
        path: its path below `raw/`; only the file's name is evidence, and the last.  The name of
            a file of many records is none of any record: give an empty path then.
        stated: what is stated beside it; its words count before those of the text.
        form: which reader it is for; by default what the path says.

    Raises:
        Unreadable: the bytes cannot become a document; says why and what to do.

    Example:
        >>> page = b"= Ties =\n\nOslo, May 3, 2019 /TASS/. The port reopened."
        >>> document = read_document(page, "ties.txt")
        >>> document.title, document.publisher, str(document.published_date)
        ('Ties', 'TASS', '2019-05-03')
    """
    # With all their libraries, when the first document is read.
    from pipeline.ingest.readers import take  # noqa: PLC0415

    if form is None:
        kind = kind_by_name(path.rpartition("/")[2])
        form = "text" if kind is None else kind.format
    taken = take(data, form)
    text = taken.text
    pairs, front_end = front_matter(text)
    given = (stated or NOTHING).over(taken.stated)
    if pairs:
        given = given.over(from_front_matter(pairs))
    blocks = [block for block in layout(text) if block.start >= front_end]
    told = evidence(text, blocks, path)
    is_stated = given.published is not None and not _is_within(told.date, given.published_period)
    return Document(
        document_id=hashlib.sha256(data).hexdigest()[:ID_DIGITS],
        text=text,
        title=given.title or told.title,
        publisher=given.publisher or told.publisher,
        byline=given.byline or told.byline,
        category=given.category or told.category,
        url=given.url,
        published_date=given.published_date if is_stated else told.date,
        published_period=given.published_period if is_stated else None,
        published_time=given.published_time if is_stated else told.time,
        published_basis="metadata" if is_stated else told.basis,
        issuer=given.issuer or issuer_of(given.url),
        language=given.language or language_of(text),
        encoding=taken.encoding,
        repairs=taken.repairs,
        format=taken.format,
        dropped=taken.dropped,
    )


def _is_within(day: dt.date | None, period: str | None) -> bool:
    """Whether a day that the page shows lies in the month or year that is stated of it."""
    return day is not None and period is not None and str(day).startswith(f"{period}-")
