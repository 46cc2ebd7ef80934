"""The index of the report: the run, what was left out, what is in the dataset, and search."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

import duckdb

from pipeline.health import NullRate
from pipeline.receipts import RunRecord
from pipeline.report import charts, figures
from pipeline.report.answers import Listed, Statement
from pipeline.report.frame import page
from pipeline.report.runs import before, trends
from pipeline.report.signs import Json, data
from pipeline.report.views import plain
from pipeline.verify import Counts

LISTED_DOCUMENTS = 500
STATEMENTS_OF_A_PAIR = 5
CURRENCIES = 10
# The page as a whole is to stay below 2 MB.
DOCUMENT_BYTES = 400_000
STATEMENT_BYTES = 700_000


@dataclass(frozen=True, slots=True)
class Card:
    """A number at the top of the page, and by how much it changed since the run before."""

    name: str
    count: int
    change: int | None


def index_page(
    tables: duckdb.DuckDBPyConnection,
    snapshot: str,
    counts: Counts,
    runs: Sequence[RunRecord],
    chosen: Sequence[str],
    nulls: Sequence[NullRate],
) -> str:
    """The index as HTML.

    Args:
        tables: the tables of the snapshot, and `paged`, the documents that have a page.
        snapshot: its name.
        counts: how much it holds.
        runs: the last runs, oldest first.
        chosen: ids of the documents that have a page.
        nulls: how often the columns that may be null are.
    """
    paged = frozenset(chosen)
    pairs = figures.pairs(tables)
    names = figures.names_of_parties(tables)
    statements = figures.statements(tables)
    of_pair = _of_pair(statements, paged)
    currencies = figures.currencies(tables)
    amounts = figures.amounts(tables, tuple(each.currency for each in currencies[:CURRENCIES]))
    main = next((each.currency for each in currencies if each.currency != "?"), "")
    dated = figures.dated(tables)
    years = figures.years(tables)
    reasons, left = figures.left_out(tables)
    refused_for, refused = figures.refused(tables)
    documents = figures.listed(tables)
    return page(
        "index.html",
        "index.js",
        snapshot=snapshot,
        cards=_cards(counts, before(runs, snapshot)),
        documents_in_all=dict(counts.rows)["documents"],
        runs=runs,
        trends=[(each, charts.trend(each.values)) for each in trends(runs)],
        reasons=reasons,
        left=left,
        refused_for=refused_for,
        refused=refused,
        paged=paged,
        slowest=figures.slowest(
            tables, {one.document_id: one.seconds for run in runs[-1:] for one in run.slowest}
        ),
        nulls=nulls,
        network=charts.network(pairs, names),
        pairs=[(pair, of_pair[pair.party_a, pair.party_b]) for pair in pairs],
        names=names,
        timeline=charts.timeline(dated),
        dated=dated,
        strips=charts.strips(currencies[:CURRENCIES], amounts),
        currencies=currencies,
        by_year=charts.by_year(amounts, main),
        amounts=[each for each in amounts if each.currency == main],
        main_currency=main,
        histogram=charts.histogram(years),
        years=years,
        named=[
            ("People", figures.most_named(tables, "PERSON")),
            ("Organisations", figures.most_named(tables, "ORG")),
            ("Countries", figures.countries(tables)),
        ],
        address=charts.address,
        plain=plain,
        documents=documents[:LISTED_DOCUMENTS],
        data=data(_search(snapshot, documents, statements, paged)),
    )


def _cards(counts: Counts, earlier: RunRecord | None) -> list[Card]:
    named = [
        *((f"files {status}", status, count) for status, count in counts.sources),
        *((name, name, count) for name, count in counts.rows if name != "sources"),
        ("passages repeated", "repeats", counts.repeats),
    ]
    return [
        Card(shown, count, None if earlier is None else count - earlier.count(name))
        for shown, name, count in named
    ]


def _of_pair(
    statements: Sequence[Statement], paged: frozenset[str]
) -> dict[tuple[str, str], list[Statement]]:
    made: dict[tuple[str, str], list[Statement]] = defaultdict(list)
    for each in statements:
        of_pair = made[each.party_a, each.party_b]
        if len(of_pair) < STATEMENTS_OF_A_PAIR and each.document_id in paged:
            of_pair.append(each)
    return made


def _search(
    snapshot: str,
    documents: Sequence[Listed],
    statements: Sequence[Statement],
    paged: frozenset[str],
) -> Json:
    """What search looks through, as short as it can be: rows as lists, documents by number."""
    found: list[Json] = [
        [each.document_id, each.title, each.path, each.published, each.statements, each.findings]
        for each in documents
    ]
    found = _within(found, DOCUMENT_BYTES)
    number = {each.document_id: n for n, each in enumerate(documents[: len(found)])}
    said: list[Json] = [
        [
            number.get(each.document_id, -1) if each.document_id in paged else -1,
            each.record_id,
            "-".join(each.parties),
            each.tier if each.tier == each.label else f"{each.tier} {each.label}",
            each.status,
            each.since or "",
            each.evidence,
        ]
        for each in statements
    ]
    return {
        "snapshot": snapshot,
        "documents": found,
        "statements": _within(said, STATEMENT_BYTES),
    }


def _within(rows: Sequence[Json], most: int) -> list[Json]:
    """The first rows that take `most` bytes in the page: a code point can take four."""
    sizes = accumulate(len(data(row).encode()) + 1 for row in rows)
    return [row for row, size in zip(rows, sizes, strict=True) if size <= most]
