from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from pipeline.errors import SettingsError
from pipeline.review import Judged, Missing, Reviewed, Verdicts, read_verdicts, write_gold
from tests.conftest import SHARED, Home
from tests.markup import parse

STORY = (
    'Fiji and Tonga became strategic partners in May 2019. Tonga lent €4 million to a "ferry".\n'
    "\nNext door, Samoa and Palau are strategic partners.\n"
)


@pytest.fixture(scope="module")
def island(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home(tmp_path_factory.mktemp("island"))
    home.write("island.txt", STORY)
    home.run()
    return home


def latest(home: Home) -> Path:
    return (home.settings.output / "latest").resolve()


def document_id(home: Home) -> str:
    ((found,),) = home.ask("SELECT document_id FROM documents")
    return str(found)


def verdicts(home: Home, *missing: Missing) -> Verdicts:
    records = [
        Judged(id=str(row[0]), table="partnerships", verdict="right" if row[1] else "wrong")
        for row in home.ask("SELECT partnership_id, party_a = 'FJI' FROM partnerships")
    ]
    for table, key in (("dates", "date_id"), ("money", "money_id")):
        records += [
            Judged(id=str(row[0]), table=table, verdict="right")
            for row in home.ask(f"SELECT {key} FROM {table}")
        ]
    reviewed = Reviewed(
        document_id=document_id(home), records=tuple(records), missing=tuple(missing)
    )
    return Verdicts(format="verdicts/1", snapshot=latest(home).name, documents=(reviewed,))


def at(words: str, table: str, value: str) -> Missing:
    start = STORY.index(words)
    return Missing(table=table, start=start, end=start + len(words), value=value)


def gold_of(folder: Path) -> dict[str, list[dict[str, object]]]:
    (line,) = (folder / "final" / "001.jsonl").read_text(encoding="utf-8").splitlines()
    made: dict[str, list[dict[str, object]]] = json.loads(line)
    return made


def test_right_records_are_gold_and_unjudged_ones_are_left_out(
    island: Home, tmp_path: Path
) -> None:
    made = write_gold(latest(island), verdicts(island), tmp_path)
    gold = gold_of(tmp_path)
    text = (tmp_path / "raw" / "001.txt").read_text(encoding="utf-8")
    assert text == STORY
    (statement,) = gold["partnerships"]
    assert statement["parties"] == ["FJI", "TON"]
    assert statement["since"] == "2019-05"
    assert text[int(str(statement["label_start"])) : int(str(statement["label_end"]))] == (
        "strategic partners"
    )
    assert gold["money"][0]["amount"] == 4_000_000
    assert gold["dates"][0]["value"] == "2019-05"
    ((entities,),) = island.ask("SELECT count(*) FROM entities")
    assert made.zones == len(gold["ignore"]) == entities
    assert gold["entities"] == []
    assert (made.documents, made.items) == (1, 3)


def test_what_was_missing_is_gold_in_its_place(island: Home, tmp_path: Path) -> None:
    missing = (
        at("Next door", "entities", "LOC"),
        at('a "ferry"', "money", "EUR 1..2.5 about"),
        at("door", "dates", ""),
        at("are strategic partners", "partnerships", "PLW-WSM in_force 2001-02"),
    )
    write_gold(latest(island), verdicts(island, *missing), tmp_path)
    gold = gold_of(tmp_path)
    assert gold["entities"][0]["type"] == "LOC"
    assert [(one["amount"], one["amount_max"]) for one in gold["money"]] == [
        (4_000_000, None),
        (1, 2.5),
    ]
    assert gold["dates"][1]["value"] is None
    statement = gold["partnerships"][1]
    assert statement["label"] == "are_strategic_partnership"
    evidence = slice(int(str(statement["evidence_start"])), int(str(statement["evidence_end"])))
    assert STORY[evidence] == "Next door, Samoa and Palau are strategic partners."


def test_stubs_are_sentences_in_the_notation_of_the_tests(island: Home, tmp_path: Path) -> None:
    write_gold(latest(island), verdicts(island, at("Next door", "entities", "LOC")), tmp_path)
    stubs = tomllib.loads((tmp_path / "stubs.toml").read_text(encoding="utf-8"))["stubs"]
    by_verdict: dict[str, list[dict[str, str]]] = {}
    for stub in stubs:
        by_verdict.setdefault(stub["verdict"], []).append(stub)
    assert {name: len(those) for name, those in by_verdict.items()} == {
        "right": 3,
        "wrong": 1,
        "missing": 1,
    }
    (wrong,) = by_verdict["wrong"]
    assert wrong["counter_example"] == "Next door, Samoa and Palau are strategic partners."
    assert wrong["rule"] != "none"
    for stub in by_verdict["right"] + by_verdict["missing"]:
        (mark,) = parse(stub["example"]).expected
        assert mark.words in STORY
        assert mark.value


@pytest.mark.parametrize(
    ("missing", "words"),
    [
        (Missing(table="dates", start=5, end=5, value=""), "span"),
        (Missing(table="dates", start=5, end=5000, value=""), "span"),
        (Missing(table="entities", start=0, end=4, value="SHIP"), "is no label"),
        (Missing(table="money", start=0, end=4, value="much"), "is no amount"),
        (Missing(table="partnerships", start=0, end=4, value="FJI-TON friends"), "no statement"),
    ],
)
def test_what_cannot_be_is_named(
    island: Home, tmp_path: Path, missing: Missing, words: str
) -> None:
    with pytest.raises(SettingsError, match=words):
        write_gold(latest(island), verdicts(island, missing), tmp_path)


def test_a_record_or_document_of_another_snapshot_is_named(island: Home, tmp_path: Path) -> None:
    gone = Judged(id="0" * 20, table="dates", verdict="right")
    reviewed = Reviewed(document_id=document_id(island), records=(gone,), missing=())
    said = Verdicts(format="verdicts/1", snapshot="x", documents=(reviewed,))
    with pytest.raises(SettingsError, match="no record"):
        write_gold(latest(island), said, tmp_path)
    other = Reviewed(document_id="0" * 20, records=(), missing=())
    said = Verdicts(format="verdicts/1", snapshot="x", documents=(other,))
    with pytest.raises(SettingsError, match="no such document"):
        write_gold(latest(island), said, tmp_path)


@pytest.mark.parametrize("content", ["", "{}", '{"format": "verdicts/2"}', "[1]"])
def test_another_file_is_refused_with_a_sentence(tmp_path: Path, content: str) -> None:
    file = tmp_path / "x.json"
    file.write_text(content)
    with pytest.raises(SettingsError, match=r"x\.json: .*download the file"):
        read_verdicts(file)
    with pytest.raises(SettingsError, match="cannot be read"):
        read_verdicts(tmp_path / "none.json")


@pytest.mark.skipif(not (SHARED / "gold").is_dir(), reason="../shared/gold is absent")
def test_the_gold_file_is_sound_for_the_checker_beside_the_checkout(
    island: Home, tmp_path: Path
) -> None:
    write_gold(latest(island), verdicts(island), tmp_path)
    checker = tmp_path / "check.py"
    checker.write_bytes((SHARED / "gold" / "check.py").read_bytes())
    done = subprocess.run(
        [sys.executable, str(checker), "-q", str(tmp_path / "final" / "001.jsonl")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
