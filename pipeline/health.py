"""How a dataset moved: shares of nulls, and sources whose new documents are not like the old.

A source that suddenly yields no dates has changed its pages, or the reader fails on them:
no file is quarantined and no check of a snapshot sees it.  What shows it is the share of
its new documents that have a date, beside that of its earlier ones.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pipeline.ingest import Expected
from pipeline.verify import listed, open_tables
from schemas.arrow import arrow_schema
from schemas.tables import TABLES

# Fewer documents than this say nothing about a share.
MIN_DOCUMENTS = 5

# What a document of a healthy source mostly has; each is a condition on a row of `documents` d.
_SIGNS = {
    "a publication date": "d.published_basis <> 'none'",
    "a title": "d.title IS NOT NULL",
    **{
        f"rows of {table}": f"d.document_id IN (SELECT document_id FROM {table})"
        for table in ("entities", "dates", "money", "partnerships")
    },
}


@dataclass(frozen=True, slots=True)
class NullRate:
    """How often a column that may be null is: the share of rows, 0 to 1, and what it comes from.

    Accounts of runs that an earlier version kept have the share alone.
    """

    table: str
    column: str
    share: float
    rows: int = 0
    nulls: int = 0


@dataclass(frozen=True, slots=True)
class Drift:
    """A source whose new documents have a sign much more or less often than its earlier ones.

    Shares are 0 to 1; `sign` is what the documents have, such as `a publication date`.
    """

    source: str
    sign: str
    earlier: int
    earlier_share: float
    new: int
    new_share: float

    def __str__(self) -> str:
        """One sentence for a person.

        Example:
            >>> print(Drift("Herald", "a publication date", 40, 0.95, 8, 0.0))
            Herald: 0 % of 8 new documents have a publication date; of the 40 before, 95 % had.
        """
        return (
            f"{self.source}: {self.new_share:.0%} of {self.new} new documents have {self.sign}; "
            f"of the {self.earlier} before, {self.earlier_share:.0%} had."
        ).replace("%", " %")


# A run asks it of the same folder for the report and for its account; snapshots never change.
@lru_cache(maxsize=1)
def null_rates(folder: Path) -> tuple[NullRate, ...]:
    """Of each column that may be null, the share of rows in which it is.

    Args:
        folder: a snapshot; tables without rows are left out.
    """
    rates: list[NullRate] = []
    with open_tables(folder) as tables:
        for name, model in TABLES.items():
            columns = [field.name for field in arrow_schema(model) if field.nullable]
            counts = ", ".join(f'count("{column}")' for column in columns)
            row = tables.execute(f"SELECT count(*), {counts or 0} FROM {name}").fetchone()
            if row is None or not row[0]:
                continue
            rates += [
                NullRate(name, column, round(1 - filled / row[0], 4), row[0], row[0] - filled)
                for column, filled in zip(columns, row[1:], strict=False)
            ]
    return tuple(rates)


def drifts(before: Path, now: Path, share: float) -> tuple[Drift, ...]:
    """The sources whose documents that are new in `now` differ from those in `before`.

    A source is a publisher or, where none is known, the topmost folder below `raw/`.  Only
    sources with five documents on either side are compared.

    Args:
        before: the snapshot shown before.
        now: the snapshot shown now.
        share: how far a share may move, 0 to 1.
    """
    shares = ", ".join(f"avg(({condition})::INT)" for condition in _SIGNS.values())
    query = f"""
        WITH place AS (
            SELECT document_id, min(path) AS path FROM sources
            WHERE document_id IS NOT NULL GROUP BY document_id
        ), compared AS (
            SELECT coalesce(d.publisher, regexp_extract(path, '^(.*?)/', 1)) AS source,
                d.document_id NOT IN (FROM {listed(before, "documents")} SELECT document_id)
                    AS is_new,
                count(*) AS documents, [{shares}] AS shares
            FROM documents d JOIN place USING (document_id)
            GROUP BY ALL HAVING documents >= {MIN_DOCUMENTS}
        )
        SELECT source, old.documents, old.shares, new.documents, new.shares
        FROM compared new JOIN compared old USING (source)
        WHERE new.is_new AND NOT old.is_new ORDER BY source
    """
    with open_tables(now) as tables:
        rows = tables.execute(query).fetchall()
    return tuple(
        Drift(source or "files directly in raw/", sign, earlier, old, new, fresh)
        for source, earlier, earlier_shares, new, new_shares in rows
        for sign, old, fresh in zip(_SIGNS, earlier_shares, new_shares, strict=True)
        if abs(old - fresh) > share
    )


@dataclass(frozen=True, slots=True)
class Judged:
    """What of the expectations is not met: `faults` fail a run, `warnings` are said."""

    faults: tuple[str, ...]
    warnings: tuple[str, ...]


def judge(folder: Path, expected: Iterable[Expected]) -> Judged:
    """Hold a snapshot against what is expected of the folders of `raw/`.

    Args:
        folder: the snapshot.
        expected: the expectations; see `pipeline.ingest.expectations`.
    """
    query = """
        SELECT count(*), coalesce(avg((published_basis <> 'none')::INT), 0),
            coalesce(avg((title IS NOT NULL)::INT), 0)
        FROM documents WHERE document_id IN (
            SELECT document_id FROM sources WHERE ? = '' OR starts_with(path, ? || '/')
        )
    """
    faults: list[str] = []
    warnings: list[str] = []
    held = tuple(expected)
    if not held:
        return Judged((), ())
    with open_tables(folder) as tables:
        for one in held:
            row = tables.execute(query, (one.folder, one.folder)).fetchone()
            assert row is not None  # an aggregate has one row
            documents, dated, titled = row
            name, expect = one.folder or "raw/", one.expect
            if expect.documents_min is not None and documents < expect.documents_min:
                faults.append(f"{name}: {documents} documents, at least {expect.documents_min}")
            if expect.documents_max is not None and documents > expect.documents_max:
                warnings.append(
                    f"{name}: {documents} documents, {expect.documents_max} expected at most."
                )
            faults += [
                f"{name}: {share:.0%} of {documents} documents have a {sign}, at least {least:.0%}"
                for sign, share, least in (
                    ("date", dated, expect.dated_share_min),
                    ("title", titled, expect.titled_share_min),
                )
                if least is not None and documents and share < least
            ]
    return Judged(tuple(faults), tuple(warnings))
