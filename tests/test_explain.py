"""The commands `explain` and `rules check`, and what stands behind them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipeline import rulebook
from pipeline.cli import app
from pipeline.errors import RuleError
from pipeline.explain import explain
from pipeline.extract.nlp import Model
from pipeline.proof import prove, reasons
from pipeline.rulebook import read_text

RULES = Path(rulebook.__file__).parent / "rules"


@pytest.fixture(scope="module")
def model() -> Model:
    return Model()


def lines(model: Model, text: str, issuer: str | None = None) -> list[str]:
    return list(explain(model, text, dt.date(2024, 5, 14), issuer))


def test_every_layer_tells_its_rule_and_why(model: Model) -> None:
    told = lines(model, "Peru and Tonga signed a strategic partnership on Monday for $5 million.")
    assert "dates: Monday -> 2024-05-13" in told
    assert "money: $5 million -> USD 5000000 assumed" in told
    assert "partnerships: strategic partnership -> PER-TON established 2024-05-13" in told
    at = told.index("partnerships: strategic partnership -> PER-TON established 2024-05-13")
    rules = [line.split()[1].rstrip(":") for line in told[at + 1 : at + 4]]
    assert rules[1:] == ["label.guide-words", "status.make"]
    assert all(
        line.partition(": ")[2] == reasons()[line.split()[1][:-1]] for line in told[at + 1 :]
    )


def test_the_issuer_is_who_speaks(model: Model) -> None:
    said = "We value our strategic partnership with Oman."
    assert any("OMN-PER in_force" in line for line in lines(model, said, "PER"))


@pytest.mark.parametrize(
    ("text", "answer", "rule"),
    [
        ("Fiji built it by public-private partnership.", "no label", "trap.trade-treaties"),
        ("Fiji praised its trading partners.", "no label", "label.guide-words"),
        ("Fiji named a Director of Strategic Partnerships.", "no label", "trap.jobs"),
        ("Fiji needs a strategic partner.", "no row: the partners are not named", "label.guide"),
    ],
)
def test_a_cue_without_a_row_has_its_reason(
    model: Model, text: str, answer: str, rule: str
) -> None:
    told = lines(model, text)
    at = next(number for number, line in enumerate(told) if line.startswith("partnerships:"))
    assert told[at].endswith(f"-> {answer}")
    assert rule in told[at + 1]


def test_a_day_that_is_none_is_named() -> None:
    result = CliRunner().invoke(app, ["explain", "Fiji.", "--published", "May"])
    assert "'May' is no day" in str(result.exception)


def test_every_rule_holds_its_proof(model: Model) -> None:
    proofs = list(prove(model))
    assert [fault for proof in proofs for fault in proof.faults] == []
    assert {proof.file for proof in proofs} >= {
        path.name for path in RULES.glob("*.toml") if path.name != "names.toml"
    }
    assert all(proof.rules or proof.bare for proof in proofs)


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    def read(name: str) -> str:
        text = read_text(name)
        change = ("counter_examples", "counterexamples") if name == "repeats.toml" else ("", "")
        return text.replace(*change, 1)

    monkeypatch.setattr("pipeline.rulebook.read_text", read)
    rulebook._load.cache_clear()
    yield
    rulebook._load.cache_clear()


@pytest.mark.usefixtures("broken")
def test_a_file_that_breaks_the_law_is_a_fault_and_not_an_end(model: Model) -> None:
    faults = [fault for proof in prove(model) for fault in proof.faults]
    assert any(fault.startswith("pipeline/rules/repeats.toml: classes.0.") for fault in faults)


@pytest.mark.usefixtures("broken")
def test_the_command_names_what_does_not_hold() -> None:
    result = CliRunner().invoke(app, ["rules", "check"])
    assert isinstance(result.exception, RuleError)
    assert result.exception.exit_code == 2
    assert "pipeline/rules/repeats.toml" in result.output
