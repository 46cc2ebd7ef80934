"""The command as a person meets it: in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import Home

STORY = "Chile and Peru raised their relations to a strategic partnership on 5 May 2021.\n"


def pipeline(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pipeline", *arguments],
        cwd=folder,
        env={**os.environ, "COLUMNS": "200", **environment},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A working folder after one run by the command itself."""
    home = Home(tmp_path_factory.mktemp("command"))
    home.write("story.txt", STORY)
    home.write("empty.txt", "")
    done = pipeline(home.folder, "run", "--no-prefect")
    assert done.returncode == 0, done.stderr
    (home.folder / "first-run.txt").write_text(done.stdout)
    return home.folder


def test_a_run_prints_a_line_a_stage_and_one_table(folder: Path) -> None:
    printed = (folder / "first-run.txt").read_text()
    for stage in ("scan", "read", "settle", "load", "extract", "publish", "report"):
        assert f"{stage}: 1 of 1 done" in printed or f"{stage}: 2 of 2 done" in printed
    for line in (
        "files and records found",
        "processed",
        "quarantined",
        "rows of partnerships",
        "words/s",
    ):
        assert line in printed
    assert "output/latest/<table>/*.parquet" in printed
    assert "output/report/index.html" in printed


def test_a_run_with_nothing_new_says_so(folder: Path) -> None:
    done = pipeline(folder, "run")
    assert done.returncode == 0
    assert "Nothing new in raw/: nothing was touched." in done.stdout
    assert "Prefect" not in done.stdout + done.stderr


def test_show_marks_findings_and_names_their_rules(folder: Path) -> None:
    for wanted in ("story.txt", "raw/story.txt"):
        done = pipeline(folder, "show", wanted)
        assert done.returncode == 0, done.stderr
        assert (
            "⟦Chile⟧ and ⟦Peru⟧ raised their relations to a ⟦strategic partnership⟧" in done.stdout
        )
        assert "strategic_partnership: CHL-PER upgraded since 2021-05-05" in done.stdout
        assert "dates: 5 May 2021 -> 2021-05-05  (" in done.stdout


def test_show_says_why_there_is_nothing_to_show(folder: Path) -> None:
    unknown = pipeline(folder, "show", "nowhere.txt")
    assert (unknown.returncode, unknown.stdout) == (2, "")
    assert "nowhere.txt: no such document" in unknown.stderr
    empty = pipeline(folder, "show", "empty.txt")
    assert empty.returncode == 2
    assert "empty.txt: not processed: " in empty.stderr


def test_status_and_rejects_and_verify(folder: Path) -> None:
    status = pipeline(folder, "status")
    assert "partnerships: 1" in status.stdout
    assert "empty.txt: quarantined, empty: " in status.stdout
    assert pipeline(folder, "rejects").returncode == 0
    assert pipeline(folder, "verify").stdout.endswith(": sound\n")


def test_strict_gives_four(folder: Path) -> None:
    done = pipeline(folder, "run", "--no-prefect", "--strict")
    assert done.returncode == 4
    assert "1 files were quarantined" in done.stderr


def test_rollback_shows_the_snapshot_before(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.write("story.txt", STORY)
    first = home.run().snapshot
    home.write("other.txt", STORY.replace("Peru", "Brazil"))
    home.run()
    done = pipeline(tmp_path, "rollback")
    assert done.stdout.strip() == first
    assert home.ask("SELECT count(*) FROM documents") == [(1,)]
    none = pipeline(tmp_path, "rollback")
    assert (none.returncode, "no such snapshot" in none.stderr) == (3, True)


def test_report_is_written_and_named(folder: Path) -> None:
    (folder / "output" / "report").unlink()
    done = pipeline(folder, "report")
    index = folder / done.stdout.strip()
    (page,) = (index.parent / "documents").iterdir()
    assert f"documents/{page.name}" in index.read_text(encoding="utf-8")
    assert "CHL–PER upgraded 2021-05-05" in page.read_text(encoding="utf-8")
    again = pipeline(folder, "report", "--document", page.stem)
    assert again.returncode == 0, again.stderr
    wrong = pipeline(folder, "report", "--document", "0" * 20)
    assert (wrong.returncode, "no such document" in wrong.stderr) == (2, True)


def test_query_prints_and_writes(folder: Path) -> None:
    done = pipeline(folder, "query", "SELECT party_a, status FROM partnerships")
    assert done.returncode == 0, done.stderr
    assert "CHL" in done.stdout
    assert "upgraded" in done.stdout
    written = pipeline(folder, "query", "SELECT * FROM dates", "--out", "dates.csv")
    assert written.stdout == "dates.csv: 1 rows\n"
    cut = pipeline(folder, "query", "SELECT * FROM range(5)", "--rows", "2")
    assert "The first 2 rows" in cut.stdout
    wrong = pipeline(folder, "query", "SELECT 1", "--snapshot", "000009-0")
    assert (wrong.returncode, "no such snapshot" in wrong.stderr) == (3, True)


def test_review_writes_gold_and_stubs(folder: Path) -> None:
    ids = pipeline(
        folder, "query", "SELECT document_id, date_id AS id FROM dates", "--out", "d.json"
    )
    assert ids.returncode == 0, ids.stderr
    (row,) = json.loads((folder / "d.json").read_text())
    said = {
        "document_id": row["document_id"],
        "records": [{"id": row["id"], "table": "dates", "verdict": "right"}],
        "missing": [],
    }
    file = {"format": "verdicts/1", "snapshot": "gone", "documents": [said]}
    (folder / "verdicts.json").write_text(json.dumps(file))
    done = pipeline(folder, "review", "verdicts.json", "--to", "gold")
    assert done.returncode == 0, done.stderr
    assert "gold: 1 documents, 1 items" in done.stdout
    assert (folder / "gold" / "raw" / "001.txt").read_text() == STORY


def test_config_tells_where_a_value_comes_from(folder: Path) -> None:
    done = pipeline(folder, "config", PIPELINE_BATCH_BYTES="5000")
    line = next(line for line in done.stdout.splitlines() if "batch_bytes" in line)
    assert "5000" in line
    assert "environment" in line


@pytest.mark.parametrize(
    ("arguments", "environment", "code", "words"),
    [
        (("run",), {"PIPELINE_NOSUCH": "1"}, 2, "unknown setting 'PIPELINE_NOSUCH'"),
        (("run", "--raw", "nowhere"), {}, 3, "nowhere: no such folder"),
        (("run", "--model", "no-such-model"), {}, 2, "model 'no-such-model' is not installed"),
        (("show", "x", "--output", "nowhere"), {}, 3, "holds no snapshot; run `pipeline run`"),
        (("serve",), {}, 2, "Give --cron, --every or --watch"),
        (("serve", "--every", "often"), {}, 2, "'often' is no time"),
    ],
)
def test_an_error_is_one_line_and_its_code(
    folder: Path,
    arguments: tuple[str, ...],
    environment: dict[str, str],
    code: int,
    words: str,
) -> None:
    done = pipeline(folder, *arguments, **environment)
    assert done.returncode == code, done.stderr
    assert words in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_script_in_a_text_stays_text_in_the_report(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.write(
        "<img src=x onerror=alert(1)>.txt",
        "Chile and Peru<script>alert(1)</script> raised their relations to a strategic "
        "partnership on 5 May 2021.\n",
    )
    home.run()
    report = home.settings.output / "report"
    for path in (report / "index.html", *(report / "documents").iterdir()):
        page = path.read_text(encoding="utf-8")
        assert page.count("<script") == 2
        assert page.count("</script") == 2
        assert "<img" not in page


def test_json_is_all_that_a_script_reads(folder: Path) -> None:
    done = pipeline(folder, "run", "--no-prefect", "--json")
    record = json.loads(done.stdout)
    assert (record["outcome"], record["alarms"]) == ("unchanged", [])
    assert dict(record["sources"]) == {"processed": 1, "quarantined": 1, "skipped": 0}
    assert "scan: 1 of 1 done" in done.stderr
    logged = pipeline(folder, "run", "--no-prefect", "--json", PIPELINE_LOG_FORMAT="json")
    assert json.loads(logged.stderr.splitlines()[0]) == {"stage": "scan", "done": 1, "total": 1}


def test_quiet_prints_nothing(folder: Path) -> None:
    done = pipeline(folder, "run", "--no-prefect", "--quiet")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_status_shows_how_the_runs_went(folder: Path) -> None:
    status = pipeline(folder, "status").stdout
    assert "Last runs" in status
    assert "published" in status
    (line,) = pipeline(folder, "status", "--json").stdout.splitlines()
    record = json.loads(line)
    assert record["extracted_documents"] == 1
    assert {one["column"] for one in record["null_rates"]} >= {"published_date", "edtf"}


def test_help_imports_nothing_heavy() -> None:
    heavy = "pydantic spacy prefect duckdb pyarrow pandas numpy"
    code = (
        "import sys, pipeline.cli; "
        f"print([name for name in {heavy.split()} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "[]"


def test_status_names_records_and_counts_those_left_out_alike(home: Home) -> None:
    home.write("feed.jsonl", f'{{"text": "{STORY.strip()}"}}\n' + "{broken\n" * 7)
    done = pipeline(home.folder, "run", "--no-prefect")
    assert done.returncode == 0, done.stderr
    printed = pipeline(home.folder, "status").stdout
    assert "feed.jsonl, record 1: quarantined, malformed: Line 2, at byte" in printed
    assert "feed.jsonl, record 5: " in printed
    assert "feed.jsonl, record 5, and 2 more like it" in printed
    assert "feed.jsonl, record 6" not in printed
