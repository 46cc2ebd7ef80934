"""One document of the dataset as text to read: every finding marked, and what made it.

Pure: rows of the published tables in, lines out; the command prints them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipeline.errors import SettingsError
from pipeline.verify import open_tables

LEFT, RIGHT = "⟦", "⟧"
TABLES_OF_FINDINGS = ("partnerships", "dates", "money", "entities")

_VALUES = {
    "entities": "concat_ws(' ', label, country_code, wikidata_id, 'for ' || speaks_for,"
    " nullif(name, text))",
    "dates": "concat_ws(' ', coalesce(edtf, granularity), modifier, nullif(anchor, 'stated'))",
    "money": (
        "concat_ws(' ', coalesce(currency, '?'), rtrim(rtrim(amount::VARCHAR, '0'), '.'),"
        " '- ' || rtrim(rtrim(amount_max::VARCHAR, '0'), '.'), nullif(qualifier, 'exact'),"
        " role, 'per ' || per, CASE WHEN currency_is_assumed THEN '(assumed)' END)"
    ),
    "partnerships": (
        "concat_ws(' ', label || ':', array_to_string(parties, '-'), status, 'since ' || since,"
        " 'in ' || scope, 'by ' || instrument)"
    ),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A finding as it is shown: where it stands, what it says, and the rule that made it."""

    start: int
    end: int
    table: str
    value: str
    rule_id: str


def show(snapshot: Path, wanted: str) -> Iterator[str]:
    """Lines that show one document.

    Args:
        snapshot: folder of the snapshot to read from.
        wanted: document id or its first digits, or a path, below `raw/` or with it.

    Raises:
        SettingsError: no document, or more than one, goes by that name; or the file was not
            processed, with its reason.
    """
    with open_tables(snapshot) as tables:
        document_id = _find(tables, wanted)
        yield from _head(tables, document_id)
        findings = list(_findings(tables, document_id))
        query = """
            SELECT kind, section, language, start_char, end_char, text, repeat_of, repeat_kind
            FROM passages WHERE document_id = ? ORDER BY start_char
        """
        for row in tables.execute(query, [document_id]).fetchall():
            kind, section, language, start, end, text, repeat_of, repeat_kind = row
            notes = [kind, language, f"in {section}" if section else None, f"{start}-{end}"]
            if repeat_of is not None:
                notes.append(f"{repeat_kind} repeat of {repeat_of}")
            inside = [found for found in findings if start <= found.start < end]
            yield ""
            yield f"[{', '.join(note for note in notes if note)}]"
            yield marked(text, start, inside)
            for found in inside:
                words = " ".join(text[found.start - start : found.end - start].split())
                yield f"    {found.table}: {words} -> {found.value}  ({found.rule_id})"


def paths_of(snapshot: Path, wanted: str) -> list[str]:
    """Paths below `raw/` of the document that goes by `wanted`.

    Raises:
        SettingsError: as for `show`.
    """
    with open_tables(snapshot) as tables:
        query = "SELECT path FROM sources WHERE document_id = ? ORDER BY path"
        rows = tables.execute(query, [_find(tables, wanted)]).fetchall()
    return [str(path) for (path,) in rows]


def marked(text: str, offset: int, findings: Iterable[Shown]) -> str:
    """`text` with every stretch that some finding covers between marks.

    Example:
        >>> marked("In May 2021 trade grew.", 100, [Shown(103, 111, "dates", "2021-05", "r")])
        'In ⟦May 2021⟧ trade grew.'
    """
    pieces: list[str] = []
    done = 0
    spans = sorted((found.start - offset, found.end - offset) for found in findings)
    while spans:
        start, end = spans.pop(0)
        while spans and spans[0][0] < end:
            end = max(end, spans.pop(0)[1])
        pieces += [text[done:start], LEFT, text[start:end], RIGHT]
        done = end
    return "".join([*pieces, text[done:]])


def _find(tables: duckdb.DuckDBPyConnection, wanted: str) -> str:
    path = wanted.removeprefix("./")
    query = """
        SELECT DISTINCT path, document_id, message FROM sources
        WHERE path = $path OR $path LIKE '%/' || path
           OR (length($wanted) >= 4 AND starts_with(document_id, $wanted))
    """
    rows = tables.execute(query, {"path": path, "wanted": wanted}).fetchall()
    ids = {row[1] for row in rows if row[1] is not None}
    if len(ids) == 1:
        return str(ids.pop())
    if len(ids) > 1:
        raise SettingsError(f"{wanted}: several documents go by that; give more of the id.")
    if rows:
        raise SettingsError(f"{rows[0][0]}: not processed: {rows[0][2]}")
    raise SettingsError(f"{wanted}: no such document; give a document id or a path in raw/.")


def _head(tables: duckdb.DuckDBPyConnection, document_id: str) -> Iterator[str]:
    query = "SELECT * EXCLUDE (text) FROM documents WHERE document_id = ?"
    found = tables.execute(query, [document_id])
    columns = [column[0] for column in found.description or ()]
    for name, value in zip(columns, found.fetchall()[0], strict=True):
        if value not in (None, []):
            yield f"{name}: {value}"
    paths = "SELECT path FROM sources WHERE document_id = ? ORDER BY path"
    for (path,) in tables.execute(paths, [document_id]).fetchall():
        yield f"source: {path}"


def _findings(tables: duckdb.DuckDBPyConnection, document_id: str) -> Iterator[Shown]:
    for table in TABLES_OF_FINDINGS:
        query = f"""
            SELECT start_char, end_char, '{table}', {_VALUES[table]}, rule_id
            FROM {table} WHERE document_id = ? ORDER BY start_char, end_char
        """
        for row in tables.execute(query, [document_id]).fetchall():
            yield Shown(*row)
