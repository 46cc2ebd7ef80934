from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline import rulebook
from pipeline.errors import RuleError
from pipeline.rulebook import Rule, RuleModel, load, load_rows

RULES = Path(rulebook.__file__).parent / "rules"
GOOD = """
[[shape]]
id = "dates.year"
why = "A year stands alone after a preposition."
examples = ["It opened in [[1994|1994]]."]
counter_examples = ["Room 1994 is free."]
"""


class Shapes(RuleModel):
    shape: tuple[Rule, ...]


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setattr("pipeline.rulebook.resources.files", lambda _package: tmp_path)
    (tmp_path / "rules").mkdir()
    rulebook._load.cache_clear()
    load_rows.cache_clear()
    yield tmp_path / "rules"
    rulebook._load.cache_clear()
    load_rows.cache_clear()


def test_a_rule_with_its_proof_is_loaded(book: Path) -> None:
    (book / "x.toml").write_text(GOOD)
    assert load("x.toml", Shapes).shape[0].id == "dates.year"


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (r"(?m)^examples.*\n", "shape.0.examples: Field required"),
        (r"(?m)^counter_examples.*\n", "shape.0.counter_examples: Field required"),
        (r"(?m)^why.*\n", "shape.0.why: Field required"),
        (r"\[\"It.*\]\n", "shape.0.examples: Tuple should have at least 1 item"),
        (r"dates\.year", "shape.0.id: String should match pattern"),
    ],
)
def test_a_rule_without_its_proof_is_refused(book: Path, change: str, fault: str) -> None:
    broken = re.sub(
        change, "[]\n" if "It" in change else "Dates Year" if "dates" in change else "", GOOD
    )
    assert broken != GOOD
    (book / "x.toml").write_text(broken)
    with pytest.raises(RuleError, match=re.escape(f"pipeline/rules/x.toml: {fault}")):
        load("x.toml", Shapes)


def test_a_key_that_nobody_reads_is_refused(book: Path) -> None:
    (book / "x.toml").write_text(GOOD + 'paterns = ["x"]\n')
    with pytest.raises(RuleError, match=r"x\.toml: shape\.0\.paterns: Extra inputs"):
        load("x.toml", Shapes)


def test_what_is_no_toml_or_is_missing_is_named(book: Path) -> None:
    (book / "x.toml").write_text("shape = [")
    with pytest.raises(RuleError, match=r"pipeline/rules/x\.toml: is not TOML"):
        load("x.toml", Shapes)
    with pytest.raises(RuleError, match=r"pipeline/rules/y\.toml: cannot be read"):
        load("y.toml", Shapes)


def test_a_table_has_its_header_and_whole_rows(book: Path) -> None:
    (book / "x.csv").write_text("code,name\nPER,Peru\n")
    assert load_rows("x.csv", ("code", "name")) == (("PER", "Peru"),)
    with pytest.raises(RuleError, match="the header must be name,code"):
        load_rows("x.csv", ("name", "code"))
    (book / "y.csv").write_text("code,name\nPER\n")
    with pytest.raises(RuleError, match=r"y\.csv: line 2 has 1 cells"):
        load_rows("y.csv", ("code", "name"))


def test_every_rule_file_is_read_by_the_code() -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in RULES.parent.rglob("*.py"))
    assert [path.name for path in sorted(RULES.iterdir()) if f'"{path.name}"' not in code] == []
