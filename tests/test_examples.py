"""The questions of `schemas/examples/`: every block is run, the answers shown are those of today.

`python -m tests.test_examples` writes the answers anew.
"""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import polars as pl
import pytest

from pipeline.query import Answer, answer
from tests.conftest import ROOT, Home

FOLDER = ROOT / "schemas" / "examples"
FILES = sorted(FOLDER.glob("[0-9]*.md"))
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```\n", flags=re.MULTILINE | re.DOTALL)
LATER = "agencies/modi-moscow.txt"
ROWS = 100
SHOWN = 12


class Grown(Home):
    """The samples in two runs: one file came in between."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        shutil.copytree(ROOT / "raw", self.settings.raw, dirs_exist_ok=True)
        (self.settings.raw / LATER).unlink()
        self.run()
        self.first = self.latest()
        shutil.copy2(ROOT / "raw" / LATER, self.settings.raw / LATER)
        self.run()

    def latest(self) -> Path:
        return (self.settings.output / "latest").resolve()

    def answer(self, question: str) -> Answer:
        return answer(self.latest(), question, ROWS, self.first)


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Grown]:
    yield Grown(tmp_path_factory.mktemp("grown"))


def blocks(path: Path) -> dict[str, str]:
    return dict(BLOCK.findall(path.read_text(encoding="utf-8")))


def plain(value: object) -> str:
    if value is None:
        return ""
    text = ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
    if re.fullmatch(r"-?\d+\.\d+", text):
        text = text.rstrip("0").rstrip(".")
    return " ".join(text.split())


def table(found: Answer) -> str:
    """The answer as aligned text, at most `SHOWN` rows of it."""
    rows = [found.columns, *([plain(cell) for cell in row] for row in found.rows[:SHOWN])]
    widths = [max(len(row[n]) for row in rows) for n in range(len(found.columns))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
    lines.insert(1, "  ".join("-" * width for width in widths))
    if len(found.rows) > SHOWN:
        lines.append(f"... {len(found.rows)} rows in all")
    return "\n".join(lines) + "\n"


def cells(frame: list[tuple[object, ...]]) -> list[tuple[str, ...]]:
    return [
        tuple("" if cell != cell else plain(cell) for cell in row)  # NaN
        for row in frame
    ]


def test_there_are_ten_questions_and_five_in_three_tongues() -> None:
    assert len(FILES) == 10
    three = [path for path in FILES if {"sql", "polars", "pandas"} <= set(blocks(path))]
    assert len(three) == 5
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    for path in FILES:
        title = path.read_text(encoding="utf-8").splitlines()[0].removeprefix("# ")
        assert f"| [{title}]({path.name}) | {'yes' if path in three else ''} |" in readme


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_answer_shown_is_the_answer(path: Path, grown: Grown) -> None:
    found = grown.answer(blocks(path)["sql"])
    assert found.rows
    assert not found.has_more
    assert blocks(path)["text"] == table(found)


@pytest.mark.parametrize(
    "path", [path for path in FILES if "polars" in blocks(path)], ids=lambda path: path.stem
)
def test_polars_and_pandas_say_the_same(
    path: Path, grown: Grown, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(grown.folder)
    found = grown.answer(blocks(path)["sql"])
    for tongue in ("polars", "pandas"):
        names: dict[str, object] = {}
        exec(compile(blocks(path)[tongue], f"{path.name}: {tongue}", "exec"), names)
        said = names["answer"]
        if isinstance(said, pl.DataFrame):
            columns, rows = said.columns, said.rows()
        else:
            assert isinstance(said, pd.DataFrame)
            columns, rows = list(said.columns), list(said.itertuples(index=False, name=None))
        assert tuple(columns) == found.columns, tongue
        assert cells(rows) == cells(list(found.rows)), tongue


def freshen(home: Grown) -> None:
    """Write the answers of today into the files."""
    for path in FILES:
        text = re.sub(
            r"\n```text\n.*?^```\n", "", path.read_text(encoding="utf-8"), flags=re.M | re.S
        )
        shown = table(home.answer(blocks(path)["sql"]))
        at = text.index("```\n", text.index("```sql\n") + 7) + 4
        path.write_text(f"{text[:at]}\n```text\n{shown}```\n{text[at:]}", encoding="utf-8")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        freshen(Grown(Path(folder)))
    sys.exit(0)
