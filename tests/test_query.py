from __future__ import annotations

import csv
import json
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from pipeline.errors import SettingsError
from pipeline.query import answer, safe_cell, write_answer
from tests.conftest import Home


def latest(home: Home) -> Path:
    return (home.settings.output / "latest").resolve()


def test_it_answers_and_says_when_there_is_more(samples: Home) -> None:
    ((count,),) = samples.ask("SELECT count(*) FROM money")
    found = answer(latest(samples), "FROM money SELECT money_id, amount ORDER BY 1", 3)
    assert found.columns == ("money_id", "amount")
    assert (len(found.rows), found.has_more) == (3, True)
    assert not answer(latest(samples), "SELECT * FROM money", int(str(count))).has_more


@pytest.mark.parametrize("question", ["DESCRIBE money", "SHOW TABLES", "EXPLAIN SELECT 1"])
def test_what_only_looks_is_answered(samples: Home, question: str) -> None:
    assert answer(latest(samples), question, 50).rows


@pytest.mark.parametrize(
    "question",
    [
        "SELECT * FROM read_csv('{outside}')",
        "SELECT * FROM read_text('{outside}')",
        "SELECT * FROM '{outside}'",
        "SELECT * FROM glob('{folder}/*')",
        "COPY money TO '{folder}/x.csv'",
        "COPY money TO '{snapshot}/x.csv'",
        "CREATE TABLE x AS SELECT 1",
        "CREATE OR REPLACE VIEW money AS SELECT 1",
        "DROP VIEW money",
        "ATTACH '{folder}/x.db'",
        "INSTALL httpfs",
        "SET enable_external_access = true",
        "PRAGMA database_list",
        "SELECT 1; SELECT 2",
        "SELECT 1; COPY money TO '{folder}/x.csv'",
        "",
        "SELECT nothing FROM nowhere",
        "SELECT getenv('HOME')",
    ],
)
def test_nothing_else_is_read_and_nothing_written(
    samples: Home, tmp_path: Path, question: str
) -> None:
    outside = tmp_path / "outside.csv"
    outside.write_text("secret\n1\n")
    snapshot = latest(samples)
    before = sorted(snapshot.rglob("*"))
    filled = question.format(outside=outside, folder=tmp_path, snapshot=snapshot)
    with pytest.raises(SettingsError):
        answer(snapshot, filled, 10)
    assert sorted(snapshot.rglob("*")) == before
    assert list(tmp_path.iterdir()) == [outside]


def test_parquet_keeps_types_and_json_keeps_amounts(samples: Home, tmp_path: Path) -> None:
    question = "SELECT amount, parties FROM money, partnerships ORDER BY ALL LIMIT 2"
    assert write_answer(latest(samples), question, tmp_path / "x.parquet") == 2
    table = pl.read_parquet(tmp_path / "x.parquet")
    assert table.schema == {"amount": pl.Decimal(38, 9), "parties": pl.List(pl.String)}
    assert write_answer(latest(samples), question, tmp_path / "x.json") == 2
    rows = json.loads((tmp_path / "x.json").read_text(encoding="utf-8"))
    assert [Decimal(row["amount"]) for row in rows] == table["amount"].to_list()
    assert write_answer(latest(samples), "SELECT 1 WHERE false", tmp_path / "none.json") == 0
    assert json.loads((tmp_path / "none.json").read_text()) == []
    with pytest.raises(SettingsError, match=r"end the name in one of"):
        write_answer(latest(samples), question, tmp_path / "x.xlsx")


FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1", "|x", "%x"]


def test_a_spreadsheet_finds_no_formula_in_csv(samples: Home, tmp_path: Path) -> None:
    listed = ", ".join("'" + formula.replace("'", "''") + "'" for formula in FORMULAS)
    question = f"SELECT unnest([{listed}]) AS \"=name\", -5 AS number, ['=1'] AS several"
    assert write_answer(latest(samples), question, tmp_path / "x.csv") == len(FORMULAS)
    with (tmp_path / "x.csv").open(encoding="utf-8", newline="") as stream:
        head, *rows = csv.reader(stream)
    assert head[0] == "'=name"
    assert [row[0] for row in rows] == [f"'{formula}" for formula in FORMULAS]
    assert {(row[1], row[2]) for row in rows} == {("-5", '["=1"]')}


@pytest.mark.parametrize("cell", ["", "Lima", "5 - 3", "a=b", None, 0, -1, Decimal("-2.5")])
def test_other_cells_stay_as_they_are(cell: object) -> None:
    assert safe_cell(cell) == cell


def test_two_snapshots_can_be_compared(home: Home) -> None:
    home.write("one.txt", "Chile and Peru are strategic partners.\n")
    home.run()
    first = latest(home)
    home.write("two.txt", "Ghana and Togo are strategic partners.\n")
    home.run()
    question = "SELECT party_a FROM partnerships EXCEPT SELECT party_a FROM before.partnerships"
    assert answer(latest(home), question, 10, first).rows == (("GHA",),)
