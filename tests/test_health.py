"""What tells that a source changed although no file of it failed."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.errors import GuardError
from pipeline.health import drifts, judge, null_rates
from pipeline.ingest import expectations
from tests.conftest import Home


def snapshot(home: Home) -> Path:
    return (home.settings.output / "latest").resolve()


def write_stories(home: Home, folder: str, numbers: range, stamp: str) -> None:
    for number in numbers:
        home.write(
            f"{folder}/story-{number}.txt",
            f"Harbour news number {number}\n{stamp}\n\n"
            f"The port of Valparaíso handled {number} more ships than in the year before.\n",
        )


def test_a_source_that_stops_yielding_dates_is_named(home: Home) -> None:
    write_stories(home, "herald", range(6), "Published: 4 May 2021")
    write_stories(home, "gazette", range(10, 16), "Published: 4 May 2021")
    home.run()
    before = snapshot(home)
    write_stories(home, "herald", range(20, 25), "Printed on the usual day")
    write_stories(home, "gazette", range(30, 35), "Published: 9 May 2021")
    home.run()
    found = [one for one in drifts(before, snapshot(home), 0.3) if one.sign == "a publication date"]
    assert [(one.source, one.earlier, one.new) for one in found] == [("herald", 6, 5)]
    assert found[0].earlier_share == 1
    assert found[0].new_share == 0
    assert "herald: 0 % of 5 new documents have a publication date" in str(found[0])


def test_few_documents_raise_no_alarm(home: Home) -> None:
    write_stories(home, "herald", range(6), "Published: 4 May 2021")
    home.run()
    before = snapshot(home)
    write_stories(home, "herald", range(20, 24), "Printed on the usual day")
    home.run()
    assert drifts(before, snapshot(home), 0.3) == ()


def test_null_rates_count_rows(home: Home) -> None:
    write_stories(home, "herald", range(3), "Published: 4 May 2021")
    write_stories(home, "herald", range(3, 4), "Printed on the usual day")
    home.run()
    rates = {(one.table, one.column): one.share for one in null_rates(snapshot(home))}
    assert rates["documents", "published_date"] == 0.25
    assert ("documents", "text") not in rates
    assert ("partnerships", "since") not in rates


def test_too_little_is_a_fault_and_too_much_a_warning(home: Home) -> None:
    write_stories(home, "herald", range(3), "Published: 4 May 2021")
    write_stories(home, "herald/old", range(3, 4), "Printed on the usual day")
    write_stories(home, "gazette", range(10, 12), "Published: 4 May 2021")
    home.run()
    home.write("gazette/source.toml", "[expect]\ndocuments_max = 1\ntitled_share_min = 0.5\n")
    assert home.run().alarms == ("gazette: 2 documents, 1 expected at most.",)
    shown = snapshot(home)
    home.write("herald/source.toml", "[expect]\ndocuments_min = 5\ndated_share_min = 0.9\n")
    with pytest.raises(GuardError, match="herald: 4 documents, at least 5; herald: 75% of 4"):
        home.run()
    assert snapshot(home) == shown
    paths = (path.relative_to(home.settings.raw) for path in home.settings.raw.rglob("*"))
    judged = judge(snapshot(home), expectations(home.settings.raw, map(str, paths)))
    assert judged.faults == (
        "herald: 4 documents, at least 5",
        "herald: 75% of 4 documents have a date, at least 90%",
    )
    assert judged.warnings == ("gazette: 2 documents, 1 expected at most.",)
    write_stories(home, "herald", range(20, 40), "Published: 9 May 2021")
    assert home.run().alarms == judged.warnings


def test_expectations_belong_to_folders_only(home: Home) -> None:
    home.write("story.txt", "Fiji paid 3 million dollars to Tonga.")
    home.write("story.toml", "[expect]\ndocuments_min = 5\n")
    home.run()
    ((status, message),) = home.ask("SELECT status, message FROM sources WHERE path = 'story.txt'")
    assert status == "quarantined"
    assert "unknown key 'expect'" in str(message)


def test_an_unknown_expectation_is_named(home: Home) -> None:
    home.write("story.txt", "Fiji paid 3 million dollars to Tonga.")
    home.write("source.toml", "[expect]\ndocument_min = 5\n")
    home.run()
    ((message,),) = home.ask("SELECT message FROM sources WHERE path = 'story.txt'")
    assert "expect.document_min" in str(message)
