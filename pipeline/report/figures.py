"""The figures of the index: questions to a snapshot, each with its answer as typed records.

All aggregation is done by the database, so that the index of a large dataset costs what it
shows; every list has an end and an order that does not depend on chance.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import TYPE_CHECKING, TypeVar

import duckdb

from pipeline.report.answers import (
    Amount,
    Currency,
    Left,
    Listed,
    Named,
    Pair,
    Reason,
    RefusedFor,
    RefusedOne,
    SlowDocument,
    Statement,
    Year,
)

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

PAIRS = 150
STATEMENTS = 3_000
MARKS = 600
NAMED = 15
LISTED = 200
SNIPPET = 240

Answer = TypeVar("Answer", bound="DataclassInstance")


def ask(
    tables: duckdb.DuckDBPyConnection, kind: type[Answer], query: str, *values: object
) -> tuple[Answer, ...]:
    """The answer to `query`, a `kind` for each row; columns stand in the order of its fields."""
    found = tables.execute(query, list(values)).fetchall()
    assert not found or len(found[0]) == len(fields(kind))
    return tuple(kind(*map(_frozen, row)) for row in found)


def _frozen(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


def chosen_documents(
    tables: duckdb.DuckDBPyConnection, most: int, wanted: tuple[str, ...]
) -> list[str]:
    """Ids of the documents that get a page: those wanted, then those with statements or rejects.

    The rest by id, which is a hash: a fair sample that stays the same.
    """
    query = """
        SELECT document_id FROM documents d
        LEFT JOIN (SELECT DISTINCT document_id, true AS said FROM partnerships) p
            USING (document_id)
        LEFT JOIN (SELECT DISTINCT document_id, true AS refused FROM rejects) r
            USING (document_id)
        ORDER BY list_contains(?::VARCHAR[], document_id) DESC,
            refused IS NULL, said IS NULL, document_id
        LIMIT ?
    """
    rows = tables.execute(query, [list(wanted), max(most, len(wanted))]).fetchall()
    return sorted(row[0] for row in rows)


def set_paged(tables: duckdb.DuckDBPyConnection, chosen: Sequence[str]) -> None:
    """Note which documents have a page: links must lead to one, and questions look here."""
    tables.execute(
        "CREATE OR REPLACE TEMP TABLE paged AS "
        "SELECT unnest(?::VARCHAR[]) AS document_id, true AS has_page",
        [list(chosen)],
    )


def left_out(
    tables: duckdb.DuckDBPyConnection,
) -> tuple[tuple[Reason, ...], tuple[Left, ...]]:
    """Files left out: by reason, and each with its sentence."""
    reasons = ask(
        tables,
        Reason,
        """SELECT status, reason, count(*) AS files FROM sources WHERE status <> 'processed'
           GROUP BY ALL ORDER BY status, files DESC, reason""",
    )
    each = ask(
        tables,
        Left,
        f"""SELECT path, status, reason, message FROM sources WHERE status <> 'processed'
            ORDER BY status, reason, path, record LIMIT {LISTED}""",
    )
    return reasons, each


def refused(
    tables: duckdb.DuckDBPyConnection,
) -> tuple[tuple[RefusedFor, ...], tuple[RefusedOne, ...]]:
    """Findings refused: by reason, and each with the words around it."""
    reasons = ask(
        tables,
        RefusedFor,
        """SELECT table_name, field, reason, count(*) AS findings FROM rejects
           GROUP BY ALL ORDER BY findings DESC, table_name, field, reason LIMIT 100""",
    )
    each = ask(
        tables,
        RefusedOne,
        f"""WITH first AS (
                SELECT * FROM rejects ORDER BY document_id, start_char, reject_id LIMIT {LISTED})
            SELECT s.table_name, s.field, s.reason, s.text,
                substr(d.text, greatest(s.start_char - 79, 1), least(80, s.start_char)),
                substr(d.text, s.end_char + 1, 80), s.document_id,
                coalesce((SELECT max(p.start_char) FROM passages p WHERE
                    p.document_id = s.document_id AND p.start_char <= s.start_char), 0),
                (SELECT min(path) FROM sources o WHERE o.document_id = s.document_id)
            FROM first s JOIN documents d USING (document_id)
            ORDER BY s.document_id, s.start_char, s.reject_id""",
    )
    return reasons, each


def slowest(
    tables: duckdb.DuckDBPyConnection, seconds: Mapping[str, float]
) -> tuple[SlowDocument, ...]:
    """The documents that took longest, with what may be the reason; those that are gone are not.

    Args:
        tables: the tables of the snapshot.
        seconds: what the last extraction took, by document id.
    """
    listed = ", ".join(f"('{key}', {taken})" for key, taken in seconds.items())
    if not listed:
        return ()
    query = f"""
        SELECT document_id, coalesce(title, {PATH}), taken, length(text), passage_count
        FROM (VALUES {listed}) t(document_id, taken) JOIN documents d USING (document_id)
        ORDER BY taken DESC, document_id
    """
    return ask(tables, SlowDocument, query)


PATH = "(SELECT min(path) FROM sources s WHERE s.document_id = d.document_id)"


def pairs(tables: duckdb.DuckDBPyConnection) -> tuple[Pair, ...]:
    """The pairs most spoken of; `tier` is the one said most often of what is not denied."""
    query = f"""
        SELECT party_a, party_b, count(*) AS statements, count(DISTINCT document_id),
            coalesce(mode(tier ORDER BY tier) FILTER (status NOT IN ('negated', 'proposed')),
                mode(tier ORDER BY tier), 'none'),
            min(since_date), max(since_date)
        FROM partnerships GROUP BY party_a, party_b
        ORDER BY statements DESC, party_a, party_b LIMIT {PAIRS}
    """
    return ask(tables, Pair, query)


def statements(tables: duckdb.DuckDBPyConnection) -> tuple[Statement, ...]:
    """Statements as search and the pairs show them: of those pairs, then of the others."""
    query = f"""
        WITH rank AS (SELECT party_a, party_b, count(*) AS n FROM partnerships GROUP BY ALL)
        SELECT partnership_id, document_id, party_a, party_b, parties, label,
            coalesce(tier, 'none'), status, since, since_date,
            left(regexp_replace(evidence_text, '\\s+', ' ', 'g'), {SNIPPET})
        FROM partnerships JOIN rank USING (party_a, party_b)
        ORDER BY n DESC, party_a, party_b, since_date NULLS LAST, document_id, start_char,
            partnership_id
        LIMIT {STATEMENTS}
    """
    return ask(tables, Statement, query)


def dated(tables: duckdb.DuckDBPyConnection) -> tuple[Statement, ...]:
    """Statements with a date of making or raising: at most `MARKS`, spread over all."""
    query = f"""
        SELECT partnership_id, document_id, party_a, party_b, parties, label,
            coalesce(tier, 'none'), status, since, since_date, ''
        FROM (SELECT * FROM partnerships SEMI JOIN paged USING (document_id)
              WHERE since_date IS NOT NULL ORDER BY partnership_id LIMIT {MARKS})
        ORDER BY since_date, party_a, party_b, partnership_id
    """
    return ask(tables, Statement, query)


def currencies(tables: duckdb.DuckDBPyConnection) -> tuple[Currency, ...]:
    """Currencies by how often they are named."""
    query = """
        SELECT coalesce(currency, '?'), count(*) AS mentions, count(DISTINCT document_id),
            min(amount), quantile_disc(amount, 0.5), max(amount)
        FROM money WHERE amount IS NOT NULL GROUP BY 1 ORDER BY mentions DESC, 1 LIMIT 40
    """
    return ask(tables, Currency, query)


def amounts(tables: duckdb.DuckDBPyConnection, shown: tuple[str, ...]) -> tuple[Amount, ...]:
    """Amounts of these currencies: of each at most a fair share of `MARKS`, spread over all."""
    query = f"""
        SELECT money_id, document_id, text, amount, coalesce(currency, '?') AS code,
            year(published_date)
        FROM money SEMI JOIN paged USING (document_id)
            LEFT JOIN (SELECT document_id, published_date FROM documents) USING (document_id)
        WHERE amount > 0 AND list_contains(?::VARCHAR[], code)
        QUALIFY row_number() OVER (PARTITION BY code ORDER BY money_id)
            <= {MARKS} // greatest(len(?::VARCHAR[]), 1)
        ORDER BY code, amount, money_id
    """
    return ask(tables, Amount, query, list(shown), list(shown))


def years(tables: duckdb.DuckDBPyConnection) -> tuple[Year, ...]:
    """Dates by the year they begin in."""
    query = """
        SELECT year(start_date), count(*), count(DISTINCT document_id),
            min_by(document_id, date_id) FILTER (has_page), min(date_id) FILTER (has_page)
        FROM dates LEFT JOIN paged USING (document_id)
        WHERE start_date IS NOT NULL GROUP BY 1 ORDER BY 1
    """
    return ask(tables, Year, query)


def most_named(tables: duckdb.DuckDBPyConnection, label: str) -> tuple[Named, ...]:
    """The names under a label that stand most often."""
    query = f"""
        SELECT name, count(*) AS mentions, count(DISTINCT document_id) AS documents,
            min_by(document_id, entity_id) FILTER (has_page),
            min(entity_id) FILTER (has_page)
        FROM entities LEFT JOIN paged USING (document_id) WHERE label = ? GROUP BY name
        ORDER BY mentions DESC, documents DESC, name LIMIT {NAMED}
    """
    return ask(tables, Named, query, label)


def countries(tables: duckdb.DuckDBPyConnection) -> tuple[Named, ...]:
    """The states most spoken of, by whatever name."""
    query = f"""
        SELECT country_code || ' ' || coalesce(mode(name ORDER BY name) FILTER (label = 'GPE'),
                mode(name ORDER BY name)),
            count(*) AS mentions, count(DISTINCT document_id) AS documents,
            min_by(document_id, entity_id) FILTER (has_page),
            min(entity_id) FILTER (has_page)
        FROM entities LEFT JOIN paged USING (document_id)
        WHERE country_code IS NOT NULL GROUP BY country_code
        ORDER BY mentions DESC, documents DESC, country_code LIMIT {NAMED}
    """
    return ask(tables, Named, query)


def names_of_parties(tables: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """The name that each code is most often written as."""
    query = """
        SELECT country_code, mode(name ORDER BY name) FROM entities
        WHERE country_code IS NOT NULL AND label IN ('GPE', 'ORG') GROUP BY 1 ORDER BY 1
    """
    return dict(tables.execute(query).fetchall())


def listed(tables: duckdb.DuckDBPyConnection) -> tuple[Listed, ...]:
    """The documents that have a page, as search finds them."""
    counts = "\n".join(
        f"LEFT JOIN (SELECT document_id, count(*) AS n_{table} FROM {table} GROUP BY 1) "
        "USING (document_id)"
        for table in ("partnerships", "money", "dates", "entities")
    )
    query = f"""
        SELECT document_id, left(coalesce(title, path), 120), left(path, 120),
            coalesce(published_date::VARCHAR, ''), coalesce(n_partnerships, 0),
            coalesce(n_partnerships, 0) + coalesce(n_money, 0) + coalesce(n_dates, 0)
                + coalesce(n_entities, 0)
        FROM (SELECT document_id, title, published_date FROM documents
              SEMI JOIN paged USING (document_id))
        JOIN (SELECT document_id, min(path) AS path FROM sources GROUP BY 1) USING (document_id)
        {counts}
        ORDER BY path, document_id
    """
    return ask(tables, Listed, query)
