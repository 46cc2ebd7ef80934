"""The HTML report of a snapshot: one self-contained page, no script, no request.

It shows what a person looks at first: did the run go well, what was left out and why, who
stands in which partnership with whom, and the sentence that says so.  All text from
documents is escaped by the template engine.
"""

from __future__ import annotations

from pathlib import Path

import duckdb
from jinja2 import Environment, PackageLoader, StrictUndefined

from pipeline.verify import counts_of, open_tables

PAGE = "index.html"
MAX_ROWS = 500

STATEMENTS = """
    SELECT p.party_a, p.party_b, p.parties, p.label, p.status, p.since, p.text,
           p.evidence_text, p.start_char - p.evidence_start_char AS mark_start,
           p.end_char - p.evidence_start_char AS mark_end, p.rule_id,
           coalesce(d.title, s.path) AS source
    FROM partnerships p JOIN documents d USING (document_id)
    JOIN (SELECT document_id, min(path) AS path FROM sources GROUP BY 1) s USING (document_id)
    ORDER BY p.party_a, p.party_b, p.label, p.document_id, p.start_char
"""
MONEY = """
    SELECT currency, count(*) AS mentions, min(amount) AS least, max(amount) AS most
    FROM money WHERE amount IS NOT NULL GROUP BY 1 ORDER BY mentions DESC, currency
"""
NAMES = """
    SELECT label, name, count(*) AS mentions, count(DISTINCT document_id) AS documents
    FROM entities GROUP BY 1, 2 ORDER BY mentions DESC, label, name LIMIT 40
"""
DATES = """
    SELECT granularity, count(*) AS mentions, min(start_date) AS first, max(end_date) AS last
    FROM dates GROUP BY 1 ORDER BY mentions DESC, granularity
"""
LEFT_OUT = """
    SELECT path, status, reason, message FROM sources
    WHERE status <> 'processed' ORDER BY status, path
"""
REJECTS = """
    SELECT r.table_name, r.field, r.reason, r.text, s.path
    FROM rejects r
    JOIN (SELECT document_id, min(path) AS path FROM sources GROUP BY 1) s USING (document_id)
    ORDER BY s.path, r.start_char, r.reject_id
"""
QUESTIONS = {
    "statements": STATEMENTS,
    "money": MONEY,
    "names": NAMES,
    "dates": DATES,
    "left_out": LEFT_OUT,
    "rejects": REJECTS,
}

Cell = str | int | float | None | tuple[str, ...]


def report_path(output: Path) -> Path:
    """Where the report of `output` stands."""
    return output / "report" / PAGE


def write_report(snapshot: Path, output: Path) -> Path:
    """Write the report of a snapshot folder, aside and then by one rename; gives its path."""
    path = report_path(output)
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.aside")
    aside.write_text(render(snapshot), encoding="utf-8")
    aside.replace(path)
    return path


def render(snapshot: Path) -> str:
    """The report of a snapshot folder as HTML; the same snapshot gives the same page."""
    environment = Environment(
        loader=PackageLoader("pipeline.report", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    counts = counts_of(snapshot)
    with open_tables(snapshot) as tables:
        answers = {name: _answer(tables, query) for name, query in QUESTIONS.items()}
    return environment.get_template(PAGE).render(
        snapshot=snapshot.name, counts=counts, max_rows=MAX_ROWS, **answers
    )


def _answer(tables: duckdb.DuckDBPyConnection, query: str) -> list[dict[str, Cell]]:
    found = tables.execute(query)
    columns = [column[0] for column in found.description or ()]
    return [dict(zip(columns, row, strict=True)) for row in found.fetchall()]
