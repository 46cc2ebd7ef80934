"""What a file that is called plain text holds, where that is a list or lines of articles in JSON.

Collections are saved under `.txt` too.  Only a file whose first record is an article is cut into
records; other data stays refused as no plain text.
"""

from __future__ import annotations

import json
from dataclasses import replace

from pipeline.ingest.articles import is_article, is_fields, opened
from pipeline.ingest.kinds import Kind

_UTF8_MARK = b"\xef\xbb\xbf"
_HEAD = 200
_DECODER = json.JSONDecoder()


def kind_in_text(data: bytes, kind: Kind) -> Kind:
    r"""The kind of a file of `kind`, by its unpacked bytes.

    Example:
        >>> article = b'{"title": "Ties", "text": "The port of Oslo reopened in May."}'
        >>> kind_in_text(article + b"\n" + article, Kind("text")).records
        'values'
        >>> kind_in_text(b'[{"a": 1}, {"a": 2}]', Kind("text")).records
        'one'
    """
    if kind.format != "text" or data[:_HEAD].removeprefix(_UTF8_MARK).lstrip()[:1] not in (
        b"[",
        b"{",
    ):
        return kind
    first = _first_record(data.removeprefix(_UTF8_MARK).strip())
    if not is_fields(first) or not is_article(opened(first)):
        return kind
    return replace(kind, format="json", records="values")


def _first_record(data: bytes) -> object:
    """The first of several records; None where there are none."""
    # Each byte is one sign, so that bytes which are no UTF-8 cost their own record alone.
    try:
        if data[:1] == b"[" and data[-1:] == b"]":
            return _DECODER.raw_decode(data[1:].lstrip().decode("latin-1"))[0]
        line, _, rest = data.partition(b"\n")
        if data[:1] == b"{" and rest.lstrip()[:1] == b"{":
            return _DECODER.decode(line.strip().decode("latin-1"))
    except (ValueError, RecursionError):
        return None
    return None
