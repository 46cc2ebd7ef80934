"""Pages of the report before that would come out the same: taken over instead of made again.

A page says in its head what it was made from: the code, and what the rows of its document are made
from, which the state knows of the snapshot published last.  Where that is what it would be made
from now, its bytes are right but for the name of the snapshot, which stands in two places that no
text of a document can look like, because there its signs `<` and `"` are escaped.  A page costs
two or three milliseconds to make and a tenth of one to take over.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb

from pipeline.report.signs import data

_HEAD = 2_000
_END = b"</html>"
# Where the name of the snapshot stands: in the template, and in the data of the script.
_CELL = "<dt>snapshot</dt><dd><code>NAME</code></dd>"
_WORD = str(data({"snapshot": "NAME"}))[1:-1]


def page_keys(
    tables: duckdb.DuckDBPyConnection, made_by: str, origins: Mapping[str, str]
) -> dict[str, str]:
    """What the page of each document is made from, as one key by document id.

    Args:
        tables: of a snapshot, with `paged`, the documents that have a page.
        made_by: fingerprint of the code that makes pages.
        origins: what the rows of a document are made from; others get no key.
    """
    queries = (
        "SELECT document_id, string_agg(path, chr(30) ORDER BY path) "
        "FROM sources SEMI JOIN paged USING (document_id) GROUP BY document_id",
        # A repeat links to its original where that has a page.
        "SELECT s.document_id, string_agg(DISTINCT p.document_id, ' ' ORDER BY p.document_id) "
        "FROM (SELECT document_id, repeat_of FROM passages WHERE repeat_of IS NOT NULL) s "
        "SEMI JOIN paged USING (document_id) "
        "JOIN paged p ON p.document_id = split_part(s.repeat_of, ':', 1) GROUP BY s.document_id",
    )
    parts = {document_id: [made_by, origin] for document_id, origin in origins.items()}
    if not parts:
        return {}
    for number, query in enumerate(queries):
        for document_id, said in tables.execute(query).fetchall():
            if document_id in parts:
                parts[document_id].append(f"{number} {said}")
    return {
        document_id: hashlib.sha256("\n".join(said).encode()).hexdigest()[:20]
        for document_id, said in parts.items()
    }


class Kept:
    """The pages of a report that was made before, of another snapshot or of the same.

    Args:
        folder: of its document pages; need not exist.
        before: name of the snapshot that it shows.
        now: name of the snapshot that is to be shown.
    """

    def __init__(self, folder: Path, before: str, now: str) -> None:
        self._folder = folder
        self._names = [(_shown(before, form), _shown(now, form)) for form in (_CELL, _WORD)]

    def page(self, document_id: str, key: str) -> bytes | None:
        """The page of a document under the name of the snapshot of now; None where there is none.

        Args:
            document_id: of the document.
            key: what it must be made from.
        """
        try:
            page = (self._folder / f"{document_id}.html").read_bytes()
        except OSError:
            return None
        if made_from(key).encode() not in page[:_HEAD] or not page.endswith(_END):
            return None
        for before, now in self._names:
            if page.count(before) != 1:
                return None
            page = page.replace(before, now)
        return page


def left_to_make(
    kept: Kept | None, keys: Mapping[str, str], chosen: Sequence[str], folder: Path
) -> list[str]:
    """Those of the documents whose pages must be made; the others are written into `folder`."""
    left = []
    for document_id in chosen:
        key = keys.get(document_id)
        page = None if kept is None or key is None else kept.page(document_id, key)
        if page is None:
            left.append(document_id)
        else:
            (folder / f"{document_id}.html").write_bytes(page)
    return left


def made_from(key: str) -> str:
    """What a page says of itself in its head.

    Example:
        >>> made_from("0a1b")
        'name="made-from" content="0a1b"'
    """
    return f'name="made-from" content="{key}"'


def _shown(name: str, form: str) -> bytes:
    return form.replace("NAME", name).encode()
