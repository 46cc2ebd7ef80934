"""What the README shows is run, on the samples."""

from __future__ import annotations

import io
import re
from contextlib import redirect_stdout
from pathlib import Path

import duckdb
import pandas as pd
import polars as pl
import pytest

from schemas import TABLES
from tests.conftest import ROOT, Home

BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", flags=re.MULTILINE | re.DOTALL)
BLOCKS = BLOCK.findall((ROOT / "README.md").read_text(encoding="utf-8"))


@pytest.fixture
def _in_samples(samples: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(samples.folder)


@pytest.mark.usefixtures("_in_samples")
@pytest.mark.parametrize("query", [text for kind, text in BLOCKS if kind == "sql"])
def test_queries_run_and_find(query: str) -> None:
    assert duckdb.execute(query).fetchall()


@pytest.mark.usefixtures("_in_samples")
@pytest.mark.parametrize("code", [text for kind, text in BLOCKS if kind == "python"])
def test_code_runs_and_prints(code: str) -> None:
    printed = io.StringIO()
    with redirect_stdout(printed):
        exec(compile(code, "README.md", "exec"), {})  # the README's own words
    assert printed.getvalue().strip()


def test_what_the_api_example_prints(capsys: pytest.CaptureFixture[str]) -> None:
    (code,) = (text for kind, text in BLOCKS if "Extractor" in text)
    exec(compile(code, "README.md", "exec"), {})
    assert capsys.readouterr().out == "2024-05-14 40000000 USD KOR\n"


def test_there_is_something_of_each_kind() -> None:
    kinds = [kind for kind, _ in BLOCKS]
    assert kinds.count("sql") >= 2
    assert kinds.count("python") >= 3


@pytest.mark.usefixtures("_in_samples")
@pytest.mark.parametrize("table", TABLES)
def test_every_table_reads_the_same_in_three_readers(table: str) -> None:
    path = f"output/latest/{table}/*.parquet"
    in_duckdb = duckdb.execute(f"SELECT * FROM '{path}'").fetch_df()
    in_polars = pl.read_parquet(path)
    in_pandas = pd.read_parquet(Path("output/latest") / table)
    assert len(in_duckdb) == len(in_polars) == len(in_pandas)
    assert list(in_duckdb.columns) == in_polars.columns == list(in_pandas.columns)
    assert in_polars.columns == list(TABLES[table].columns())
