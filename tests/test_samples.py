"""The samples of raw/ against what a careful reader found in them (`golden/samples.toml`).

The reader's list is the measure; where a run differs from it the difference stands in `not_yet`
of that sample, word for word, so that a new fault and a mended one both fail the test.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
import tomllib
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest
from pydantic import BaseModel, ConfigDict

from tests.conftest import Home


class Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Date(Model):
    text: str
    value: str
    modifier: str | None = None


class Money(Model):
    text: str
    amount: str | None = None
    amount_max: str | None = None
    currency: str = ""
    qualifier: str = "exact"
    role: str | None = None


class Statement(Model):
    text: str
    label: str
    parties: tuple[str, ...]
    status: str
    since: str | None = None


class Absent(Model):
    table: str
    text: str
    why: str


class Sample(Model):
    path: str
    record: int = 0
    title: str
    published: str
    published_basis: str
    issuer: str
    repeat_lines: int
    repeat_paragraphs: int
    repeats_from: str | None = None
    dates_complete: bool
    money_complete: bool
    dates: tuple[Date, ...] = ()
    money: tuple[Money, ...] = ()
    partnerships: tuple[Statement, ...] = ()
    absent: tuple[Absent, ...] = ()
    not_yet: tuple[str, ...] = ()


class Golden(Model):
    sample: tuple[Sample, ...]


GOLDEN = Golden.model_validate(
    tomllib.loads((Path(__file__).parent / "golden" / "samples.toml").read_text(encoding="utf-8"))
)


@dataclass(frozen=True)
class Row:
    """The columns of a row that are compared, as text; null is empty."""

    start: int
    text: str
    columns: tuple[str, ...]


def rows(home: Home, sample: Sample, table: str, columns: str) -> list[Row]:
    query = f"""
        SELECT start_char, text, {columns} FROM {table}
        WHERE document_id = (SELECT document_id FROM sources WHERE path = ? AND record = ?)
        ORDER BY start_char
    """
    with home.tables() as tables:
        found = tables.execute(query, [sample.path, sample.record]).fetchall()
    return [
        Row(start, text, tuple("" if one is None else str(one) for one in rest))
        for start, text, *rest in found
    ]


def closed(edtf: str) -> str:
    """The plain value that `~` or an open end bends."""
    return edtf.rstrip("~").removesuffix("/..").removeprefix("../")


def days(value: str) -> tuple[str, str]:
    """First and last day that an EDTF value covers; empty where open."""
    first, _, last = value.partition("/")
    return _edge(first, 0), _edge(last or first, 1)


def _edge(value: str, side: int) -> str:
    if re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        return value
    if match := re.fullmatch(r"(\d{4})-(\d\d)", value):
        year, month = int(match[1]), int(match[2])
        return dt.date(year, month, calendar.monthrange(year, month)[1] if side else 1).isoformat()
    if re.fullmatch(r"\d{4}", value):
        return f"{value}-12-31" if side else f"{value}-01-01"
    return ""


def date_differences(home: Home, sample: Sample) -> list[str]:
    found = rows(home, sample, "dates", "edtf, modifier, start_date, end_date")
    matched: set[int] = set()
    out = []
    for date in sample.dates:
        hits = {
            number
            for number, row in enumerate(found)
            if date.text in row.text
            and (closed(row.columns[0]) == date.value or row.columns[2:] == days(date.value))
            and (date.modifier is None or row.columns[1] == date.modifier)
        }
        matched |= hits
        if not hits:
            out.append(f"missing date: {date.text} = {date.value} {date.modifier or ''}".strip())
    if sample.dates_complete:
        own = {sample.published}
        out += [
            f"extra date: {row.text} = {row.columns[0]}"
            for number, row in enumerate(found)
            if number not in matched and row.columns[0] and row.columns[0] not in own
        ]
    return out


def money_differences(home: Home, sample: Sample) -> list[str]:
    columns = "amount, amount_max, currency, qualifier, role"
    found = rows(home, sample, "money", columns)
    matched: set[int] = set()
    out = []
    for money in sample.money:
        wanted = (
            number(money.amount),
            number(money.amount_max),
            money.currency,
            money.qualifier,
            money.role or "",
        )
        hits = {
            place
            for place, row in enumerate(found)
            if money.text in row.text
            and (number(row.columns[0]), number(row.columns[1]), *row.columns[2:]) == wanted
        }
        matched |= hits
        if not hits:
            out.append(f"missing money: {money.text} = {' '.join(map(str, wanted))}")
    if sample.money_complete:
        out += [
            f"extra money: {row.text} = {' '.join(row.columns)}"
            for place, row in enumerate(found)
            if place not in matched
        ]
    return out


def number(text: str | None) -> Decimal | None:
    return Decimal(text) if text else None


def statement_differences(home: Home, sample: Sample) -> list[str]:
    columns = "label, array_to_string(parties, '-'), status, since"
    found = {row.columns for row in rows(home, sample, "partnerships", columns)}
    wanted = {
        (one.label, pair, one.status, one.since or "")
        for one in sample.partnerships
        for pair in one.parties
    }
    return [f"missing statement: {' '.join(one)}".strip() for one in sorted(wanted - found)] + [
        f"extra statement: {' '.join(one)}".strip() for one in sorted(found - wanted)
    ]


def absent_differences(home: Home, sample: Sample) -> list[str]:
    with home.tables() as tables:
        query = """
            SELECT d.text FROM documents d JOIN sources s USING (document_id)
            WHERE s.path = ? AND s.record = ?
        """
        ((text,),) = tables.execute(query, [sample.path, sample.record]).fetchall()
    out = []
    for absent in sample.absent:
        spans = [match.span() for match in re.finditer(re.escape(absent.text), text)]
        assert spans, f"{absent.text!r} is not in {sample.path}"
        value = "edtf" if absent.table == "dates" else "rule_id"
        out += [
            f"should be absent from {absent.table}: {row.text} ({absent.why})"
            for row in rows(home, sample, absent.table, value)
            if row.columns[0]
            and any(row.start < end and start < row.start + len(row.text) for start, end in spans)
        ]
    return out


def document_differences(home: Home, sample: Sample) -> list[str]:
    with home.tables() as tables:
        query = """
            SELECT coalesce(title, ''), coalesce(published_date::VARCHAR, ''), published_basis,
                   coalesce(issuer, ''), repeat_count
            FROM documents JOIN sources USING (document_id) WHERE path = ? AND record = ?
        """
        ((title, published, basis, issuer, repeats),) = tables.execute(
            query, [sample.path, sample.record]
        ).fetchall()
    wanted = (
        sample.title,
        sample.published,
        sample.published_basis,
        sample.issuer,
        sample.repeat_lines,
    )
    names = ("title", "published", "basis", "issuer", "repeats")
    return [
        f"{name}: {got!r}, should be {want!r}"
        for name, got, want in zip(
            names, (title, published, basis, issuer, repeats), wanted, strict=True
        )
        if got != want
    ]


def test_every_sample_has_a_reader() -> None:
    root = Path(__file__).parent.parent / "raw"
    texts = {
        path.relative_to(root).as_posix()
        for path in root.rglob("*")
        if path.is_file() and path.suffix != ".toml"
    }
    assert texts == {sample.path for sample in GOLDEN.sample}
    assert len(texts) >= 8


@pytest.mark.parametrize(
    "sample", GOLDEN.sample, ids=lambda sample: f"{sample.path}:{sample.record}"
)
def test_a_sample_reads_as_a_person_reads_it(samples: Home, sample: Sample) -> None:
    differences = [
        *document_differences(samples, sample),
        *date_differences(samples, sample),
        *money_differences(samples, sample),
        *statement_differences(samples, sample),
        *absent_differences(samples, sample),
    ]
    assert sorted(differences) == sorted(sample.not_yet)
