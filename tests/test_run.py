"""Whole runs without Prefect: what is read, what is published, what is touched."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from pipeline.engines import Direct, Here
from pipeline.errors import GuardError, SettingsError
from pipeline.extract import extract
from pipeline.ingest import Found
from pipeline.receipts import Unread
from pipeline.records import Document, Findings
from pipeline.report import report_path
from pipeline.run import Silent, Work, _slices, carry_out_directly, run
from pipeline.state import FILE_NAME
from pipeline.verify import verify
from tests.conftest import Home

STORY = (
    "Chile and Peru raised their relations to a strategic partnership on 5 May 2021.\n"
    "Trade between them came to USD 3.2 billion that year, the ministers said.\n"
)
OTHER = "Ghana paid more than EUR 4 million to Togo in June 2019, the newspaper wrote.\n"


def test_a_run_that_finds_nothing_new_imports_nothing_heavy(home: Home) -> None:
    home.write("story.txt", STORY)
    home.run()
    heavy = "spacy trafilatura pandas jinja2 py3langid rigour dateparser prefect distributed"
    code = (
        "import sys; from pathlib import Path; from pipeline.settings import Settings; "
        "from pipeline.run import Silent, carry_out_directly, run; "
        f"home = Path({str(home.folder)!r}); "
        "settings = Settings(raw=home / 'raw', output=home / 'output', state=home / '.pipeline'); "
        "print(run(settings, Silent(), carry_out_directly(settings)).outcome, "
        f"[name for name in {heavy.split()} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120
    )
    assert done.stdout.strip() == "unchanged []"


def test_the_model_is_loaded_here_only_where_the_workers_share_it(home: Home) -> None:
    home.write("story.txt", STORY)
    engine = Direct(Here())
    engine.shares_memory = False

    def carry_out(work: Work) -> None:
        work(engine)

    apart = run(home.settings, Silent(), carry_out)
    assert "load" not in [stage.stage for stage in apart.stages]
    home.write("other.txt", OTHER)
    here = home.run()
    assert "load" in [stage.stage for stage in here.stages]


def test_a_run_brings_every_layer(home: Home) -> None:
    home.write("story.txt", STORY)
    record = home.run()
    assert record.outcome == "published"
    assert dict(record.sources) == {"processed": 1, "quarantined": 0, "skipped": 0}
    assert home.ask("SELECT party_a, party_b, label, status, since FROM partnerships") == [
        ("CHL", "PER", "strategic_partnership", "upgraded", "2021-05-05")
    ]
    assert home.ask("SELECT currency, amount::DOUBLE FROM money") == [("USD", 3.2e9)]
    assert ("2021-05-05",) in home.ask("SELECT edtf FROM dates")
    assert {("Chile", "CHL"), ("Peru", "PER")} <= set(
        home.ask("SELECT text, country_code FROM entities")
    )
    assert report_path(home.settings.output).is_file()
    assert verify((home.settings.output / "latest").resolve()) == []


def state_of(folder: Path) -> dict[str, tuple[int, int]]:
    return {
        str(path.relative_to(folder)): (path.lstat().st_mtime_ns, path.lstat().st_size)
        for path in folder.rglob("*")
    }


def test_a_second_run_touches_nothing(home: Home) -> None:
    home.write("story.txt", STORY)
    home.run()
    before = state_of(home.settings.output)
    bytes_before = home.bytes_of_output()
    record = home.run()
    assert (record.outcome, record.extracted_documents) == ("unchanged", 0)
    assert [time.stage for time in record.stages] == ["scan"]
    assert state_of(home.settings.output) == before
    assert home.bytes_of_output() == bytes_before


def test_one_more_file_is_the_only_one_read(home: Home) -> None:
    home.write("story.txt", STORY)
    home.run()
    home.write("deeper/other.txt", OTHER)
    record = home.run()
    assert record.extracted_documents == 1
    assert len(home.ask("SELECT DISTINCT document_id FROM money")) == 2


def test_a_removed_file_takes_its_rows_along(home: Home) -> None:
    home.write("story.txt", STORY)
    home.write("other.txt", OTHER)
    home.run()
    (home.settings.raw / "story.txt").unlink()
    record = home.run()
    assert record.extracted_documents == 0
    assert home.ask("SELECT path FROM sources") == [("other.txt",)]
    assert home.ask("SELECT count(*) FROM partnerships") == [(0,)]


def test_a_changed_file_is_read_again(home: Home) -> None:
    home.write("story.txt", STORY)
    home.run()
    home.write("story.txt", STORY.replace("Peru", "Brazil"))
    home.run()
    assert home.ask("SELECT party_a, party_b FROM partnerships") == [("BRA", "CHL")]


def test_a_rename_changes_the_sources_alone(home: Home) -> None:
    file = home.write("story.txt", STORY)
    home.run()
    before = {name: data for name, data in home.bytes_of_output().items() if "/" in name}
    file.rename(file.with_name("renamed.txt"))
    home.run()
    after = {name: data for name, data in home.bytes_of_output().items() if "/" in name}
    assert {
        name for name in before.keys() ^ after.keys() if not name.startswith("sources/")
    } == set()


def test_files_with_the_same_bytes_share_a_document(home: Home) -> None:
    home.write("a.txt", STORY)
    home.write("b.txt", STORY)
    home.run()
    assert home.ask("SELECT count(*), count(DISTINCT document_id) FROM sources") == [(2, 1)]
    assert home.ask("SELECT count(*) FROM partnerships") == [(1,)]


def test_a_reprinted_paragraph_is_extracted_from_once(home: Home) -> None:
    home.write("a.txt", "2021-05-06 Lima\n\n" + STORY)
    home.write("b.txt", OTHER + STORY.replace("that year", "that  year"))
    home.run()
    assert home.ask("SELECT count(*) FROM partnerships") == [(1,)]
    repeats = home.ask(
        "SELECT p.text, o.text FROM passages p JOIN passages o ON p.repeat_of = o.passage_id "
        "WHERE p.repeat_kind = 'exact' AND p.similarity = 1"
    )
    assert len(repeats) == 2
    assert all(str(one).split() == str(other).split() for one, other in repeats)


def test_without_its_original_a_repeat_speaks_for_itself(home: Home) -> None:
    home.write("a.txt", STORY)
    home.write("b.txt", OTHER + STORY)
    home.run()
    kept = home.ask("SELECT document_id FROM partnerships")
    path = str(home.ask(f"SELECT path FROM sources WHERE document_id = '{kept[0][0]}'")[0][0])
    (home.settings.raw / path).unlink()
    home.run()
    assert home.ask("SELECT count(*) FROM partnerships") == [(1,)]
    assert home.ask("SELECT count(*) FROM passages WHERE repeat_of IS NOT NULL") == [(0,)]


def test_a_near_repeat_keeps_what_its_original_does_not_say(home: Home) -> None:
    told = (
        "The ministers of Chile and Peru signed a strategic partnership in Lima on 5 May 2021, "
        "and the port company will spend USD 40 million on a new quay for container ships"
    )
    home.write("a.txt", f"{told}, the newspaper wrote.\n")
    home.write("b.txt", f"LIMA, May 6 (EFE) - {told}, the state newspaper wrote on Thursday.\n")
    home.run()
    ((repeated, original, kind),) = home.ask(
        "SELECT p.text, o.text, p.repeat_kind FROM passages p "
        "JOIN passages o ON p.repeat_of = o.passage_id"
    )
    assert kind == "near"
    assert len(str(repeated)) != len(str(original))
    assert home.ask("SELECT count(*) FROM money") == [(1,)]
    assert home.ask("SELECT count(*) FROM partnerships") == [(1,)]
    assert ("EFE",) in home.ask("SELECT text FROM entities")
    assert home.ask("SELECT count(*) FROM dates WHERE text = '5 May 2021'") == [(1,)]


def test_the_same_words_on_another_day_are_another_fact(home: Home) -> None:
    told = "The ministers of Ghana and Togo met in Accra on Tuesday to speak of the new port.\n"
    for day in ("2024-05-03", "2024-09-06"):
        home.write(f"{day}.txt", told + f"This story ran in the edition of {day}.\n")
    home.run()
    assert home.ask("SELECT repeat_kind FROM passages WHERE repeat_of IS NOT NULL") == [("exact",)]
    assert home.ask("SELECT edtf FROM dates WHERE text = 'Tuesday' ORDER BY 1") == [
        ("2024-04-30",),
        ("2024-09-03",),
    ]
    # What does not depend on the day is counted once.
    assert home.ask("SELECT count(*) FROM entities WHERE text = 'Ghana'") == [(1,)]


def test_the_same_words_that_mean_the_same_day_are_extracted_from_once(home: Home) -> None:
    told = "The ministers of Ghana and Togo met in Accra on Tuesday to speak of the new port.\n"
    for day in ("2024-05-02", "2024-05-03", "2024-09-06"):
        home.write(f"{day}.txt", told + f"This story ran in the edition of {day}.\n")
    home.run()
    with closing(sqlite3.connect(home.settings.state / FILE_NAME)) as db:
        query = "SELECT published, is_silent FROM repeat JOIN live USING (doc) ORDER BY published"
        assert db.execute(query).fetchall() == [("2024-05-03", 1), ("2024-09-06", 0)]


def test_passages_that_differ_in_a_fact_are_both_kept(home: Home) -> None:
    told = "The ministers of Chile and Peru agreed in Lima that the port will spend USD {} million."
    home.write("a.txt", told.format(40))
    home.write("b.txt", told.format(70))
    home.run()
    assert home.ask("SELECT count(*) FROM money") == [(2,)]
    assert home.ask("SELECT count(*) FROM passages WHERE repeat_of IS NOT NULL") == [(0,)]


def test_the_state_is_a_cache(home: Home) -> None:
    home.write("a.txt", STORY)
    home.write("b.txt", OTHER + STORY)
    home.run()
    before = home.bytes_of_output()
    (home.settings.state / FILE_NAME).unlink()
    record = home.run()
    assert record.extracted_documents == 2
    assert record.outcome == "unchanged"
    assert home.bytes_of_output() == before


def test_incremental_is_from_scratch(home: Home, tmp_path: Path) -> None:
    home.write("a.txt", STORY)
    home.run()
    home.write("b.txt", OTHER + STORY)
    home.run()
    home.write("a.txt", OTHER)
    home.run()
    scratch = Home(tmp_path / "scratch")
    scratch.write("b.txt", OTHER + STORY)
    scratch.write("a.txt", OTHER)
    scratch.run()
    assert home.bytes_of_output() == scratch.bytes_of_output()


def test_bad_files_are_rows_and_the_good_one_is_there(home: Home) -> None:
    home.write("good.txt", STORY)
    home.write("empty.txt", b"")
    home.write("blank.txt", " \n\t\n")
    home.write("binary.txt", bytes(range(256)) * 40)
    home.write("utf16.txt", STORY.encode("utf-16-le"))
    (home.settings.raw / "folder.txt").mkdir()
    record = home.run()
    rows = {
        str(path): (status, reason, message)
        for path, status, reason, message in home.ask(
            "SELECT path, status, reason, message FROM sources"
        )
    }
    assert rows["good.txt"] == ("processed", None, None)
    assert rows["empty.txt"][:2] == ("quarantined", "empty")
    assert rows["blank.txt"][:2] == ("quarantined", "empty")
    assert rows["binary.txt"][0] == "quarantined"
    assert rows["binary.txt"][1] in {"binary", "nul_bytes"}
    assert rows["folder.txt"][:2] == ("skipped", "not_regular_file")
    if rows["utf16.txt"][0] == "quarantined":
        assert rows["utf16.txt"][1] in {"nul_bytes", "undecodable", "binary"}
    for path, (status, _, message) in rows.items():
        if status != "processed":
            assert message is not None, path
            assert str(message).endswith("."), path
    assert dict(record.sources)["processed"] >= 1
    assert home.ask("SELECT count(*) FROM partnerships WHERE party_a = 'CHL'") == [(1,)]


def test_a_file_that_may_not_be_read_is_a_row(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    home.write("good.txt", STORY)
    locked = home.write("locked.txt", OTHER)
    really_open = os.open

    def refusing_open(path: str | Path, *args: int, **kwargs: int) -> int:
        # A super-user may read a file of mode 000, so that the refusal is played.
        if Path(os.fsdecode(path)).name == locked.name:
            raise PermissionError(13, "Permission denied", str(path))
        return really_open(path, *args, **kwargs)

    monkeypatch.setattr(os, "open", refusing_open)
    home.run()
    monkeypatch.undo()
    ((status, reason, message),) = home.ask(
        "SELECT status, reason, message FROM sources WHERE path = 'locked.txt'"
    )
    assert (status, reason) == ("quarantined", "unreadable")
    assert str(message).endswith(".")


def test_a_document_that_the_code_fails_on_is_left_out_and_its_repeats_speak(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.write("a.txt", "2021-05-06 Lima\n\n" + STORY)
    home.write("b.txt", OTHER + STORY)

    def failing_extract(document: Document, *rest: object) -> Findings:
        if document.text.startswith("2021"):
            raise ZeroDivisionError
        return extract(document, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr("pipeline.stages.extract.extract", failing_extract)
    home.run()
    assert home.ask("SELECT path, reason FROM sources ORDER BY path") == [
        ("a.txt", "crashed_extractor"),
        ("b.txt", None),
    ]
    assert home.ask("SELECT count(*) FROM partnerships") == [(1,)]
    assert home.ask("SELECT count(*) FROM passages WHERE repeat_of IS NOT NULL") == [(0,)]
    log = (home.settings.state / "logs" / "crashes.log").read_text()
    assert "ZeroDivisionError" in log
    assert home.run().outcome == "unchanged"


def test_a_missing_or_empty_raw_folder_publishes_nothing(home: Home) -> None:
    with pytest.raises(GuardError, match="nothing to read in it"):
        home.run()
    home.settings.raw.rmdir()
    with pytest.raises(GuardError, match="no such folder"):
        home.run()
    assert not (home.settings.output / "latest").exists()


def test_many_files_gone_at_once_publish_nothing(home: Home) -> None:
    for number in range(40):
        home.write(f"{number}.txt", f"Ghana paid EUR {number + 1} million to Togo.\n")
    home.run()
    before = home.bytes_of_output()
    for number in range(20):
        (home.settings.raw / f"{number}.txt").unlink()
    with pytest.raises(GuardError, match=r"20 of 40 known files are gone.*--allow-removals"):
        home.run()
    assert home.bytes_of_output() == before
    allowed = home.settings.model_copy(update={"allow_removals": True})
    run(allowed, Silent(), carry_out_directly(allowed))
    assert home.ask("SELECT count(*) FROM documents") == [(20,)]


def test_a_missing_model_is_one_line(home: Home) -> None:
    home.write("a.txt", STORY)
    other = home.settings.model_copy(update={"model": "en_core_web_none"})
    with pytest.raises(SettingsError, match=r"'en_core_web_none' is not installed; run `pip"):
        run(other, Silent(), carry_out_directly(other))


def test_passages_in_another_language_are_kept_and_not_extracted_from(home: Home) -> None:
    home.write(
        "a.txt",
        STORY + "\nВ среду президент России прибыл с визитом в столицу Казахстана 5 мая 2021.\n",
    )
    home.run()
    assert home.ask("SELECT count(*) FROM passages WHERE text LIKE 'В среду%'") == [(1,)]
    assert home.ask("SELECT count(*) FROM dates WHERE text LIKE '%мая%'") == [(0,)]


def test_the_record_of_a_run_is_kept(home: Home) -> None:
    home.write("a.txt", STORY)
    record = home.run()
    (kept,) = (home.settings.state / "runs").iterdir()
    assert record.run in kept.name
    assert f'"{record.snapshot}"' in kept.read_text()


def test_a_heading_that_repeats_is_marked_and_extracted_from_all_the_same(home: Home) -> None:
    page = "{}\n\n== Visit of the president to Kenya in May 2019 ==\n\n{}\n"
    home.write("a.txt", page.format("First tale", "The harbour was quiet that week, fishers said."))
    home.write("b.txt", page.format("Second tale", "Rain fell on the hills for nine long days."))
    home.run()
    marked = "SELECT repeat_kind FROM passages WHERE kind = 'heading' ORDER BY repeat_kind"
    assert home.ask(marked) == [("exact",), (None,)]
    found = "SELECT count(DISTINCT document_id) FROM {} WHERE text IN ('Kenya', 'May 2019')"
    assert home.ask(found.format("entities")) == [(2,)]
    assert home.ask(found.format("dates")) == [(2,)]


def test_rows_and_short_titles_that_repeat_are_extracted_from_all_the_same(home: Home) -> None:
    page = "Kenya paves coastal road\n\n{}\n\n| Kenya | 16 May 2019 | Observer status |\n"
    home.write("a.txt", page.format("The harbour was quiet that week, fishers on the quay said."))
    home.write("b.txt", page.format("Rain fell on the hills for nine long days and nine nights."))
    home.run()
    marked = "SELECT kind FROM passages WHERE repeat_kind = 'exact' ORDER BY kind"
    assert home.ask(marked) == [("table_row",), ("title",)]
    found = "SELECT count(DISTINCT document_id) FROM dates WHERE text = '16 May 2019'"
    assert home.ask(found) == [(2,)]
    assert home.ask("SELECT count(*) FROM entities WHERE text = 'Kenya'") == [(4,)]


def test_a_document_that_is_only_a_table_is_extracted_from(home: Home) -> None:
    home.write("ports.txt", "| Mombasa | Kenya | 2019 |\n| Callao | Peru | 2021 |\n")
    home.write(
        "häfen.txt", "Der Hafen von Hamburg ist seit dem Jahr 1189 in Betrieb.\n\n| Kiel |\n"
    )
    home.run()
    assert home.ask("SELECT text FROM entities WHERE label = 'GPE' AND country_code <> ''") == [
        ("Kenya",),
        ("Peru",),
    ]


def test_batches_to_read_are_many_where_there_is_little_and_grow_smaller() -> None:
    def sizes(count: int, size: int) -> list[int]:
        found = Found("a.txt", "a.txt")
        batches = _slices([Unread(found, "", str(number), size) for number in range(count)])
        assert [
            each.read_key for batch in batches for each in batch if isinstance(each, Unread)
        ] == [str(number) for number in range(count)]
        return list(map(len, batches))

    few, many, large = sizes(300, 2_000), sizes(5_000, 2_000), sizes(40, 3_000_000)
    assert len(few) >= 8
    assert few == sorted(few, reverse=True)
    assert few[-2] == 20
    assert many[:5] == [200] * 5
    # What is large stands alone near the end.
    assert large[0] == 2
    assert large[-1] == 1
