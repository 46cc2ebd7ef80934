"""The commands about snapshots, and what differs between two of them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from pipeline.diff import Difference, diff
from pipeline.publish import current, publish, snapshots
from tests.conftest import ROOT, Home
from tests.test_cli import pipeline
from tests.test_publish import add_document, add_source, built

STORY = "Chile and Peru raised their relations to a strategic partnership on 5 May 2021.\n"


def made(state: Path, texts: list[str]) -> Path:
    return publish(built(state, texts), state, state / "output").folder


def test_rows_that_came_went_and_changed_are_counted_and_written(tmp_path: Path) -> None:
    before = made(tmp_path, ["2001", "2002", "2003"])
    after = made(tmp_path, ["2001", "2007", "2003", "2004", "2005"])
    found = {each.table: each for each in diff(before, after, tmp_path / "rows")}
    assert found["documents"] == Difference("documents", 2, 0, 1)
    assert found["dates"] == Difference("dates", 2, 0, 1)
    assert found["sources"] == Difference("sources", 2, 0, 0)
    assert found["money"] == Difference("money", 0, 0, 0)
    back = {each.table: each for each in diff(after, before)}
    assert back["dates"] == Difference("dates", 0, 2, 1)
    changed = pq.read_table(tmp_path / "rows" / "documents-changed.parquet")
    assert changed.column("text").to_pylist() == ["2007"]
    added = pq.read_table(tmp_path / "rows" / "dates-added.parquet")
    assert added.column("edtf").to_pylist() == ["2004", "2005"]
    assert not (tmp_path / "rows" / "dates-removed.parquet").exists()


def test_a_value_that_came_where_none_was_is_a_change(tmp_path: Path) -> None:
    before = made(tmp_path, ["2001"])
    writer = built(tmp_path, [])
    add_source(writer, 0)
    add_document(writer, 0, "2001", title="A year")
    after = publish(writer, tmp_path, tmp_path / "output").folder
    found = {each.table: each for each in diff(before, after)}
    assert found["documents"] == Difference("documents", 0, 0, 1)
    assert found["passages"] == Difference("passages", 0, 0, 0)


def test_a_snapshot_does_not_differ_from_itself(tmp_path: Path) -> None:
    one = made(tmp_path, ["2001"])
    assert all(
        (each.added, each.removed, each.changed) == (0, 0, 0) for each in diff(one, one, tmp_path)
    )


@pytest.fixture(scope="module")
def twice(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home with two snapshots."""
    home = Home(tmp_path_factory.mktemp("twice"))
    home.write("story.txt", STORY)
    home.run()
    home.write("other.txt", STORY.replace("Peru", "Brazil"))
    home.run()
    return home


def test_snapshots_are_listed_with_the_one_that_is_shown(twice: Home) -> None:
    done = pipeline(twice.folder, "snapshots")
    first, second = (folder.name for folder in snapshots(twice.settings.state))
    lines = {
        name: line for line in done.stdout.splitlines() for name in (first, second) if name in line
    }
    assert done.stdout.count(first) == done.stdout.count(second) == 1  # no name is cut
    assert "shown" in lines[second]
    assert "shown" not in lines[first]


def test_diff_names_snapshots_in_words_or_by_number(twice: Home) -> None:
    words = pipeline(twice.folder, "diff", "previous", "latest", "--parquet", "rows")
    line = next(line for line in words.stdout.splitlines() if "partnerships" in line)
    assert [part.strip() for part in line.split("│")[2:5]] == ["1", "0", "0"]
    assert len(pq.read_table(twice.folder / "rows" / "partnerships-added.parquet")) == 1
    numbers = pipeline(twice.folder, "diff", "000001", "000002")
    assert numbers.stdout == words.stdout
    unknown = pipeline(twice.folder, "diff", "000007")
    assert unknown.returncode == 3
    assert "no such snapshot: 000007; there are: 000001-" in unknown.stderr


def test_nothing_damaged_is_rolled_back_to(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.write("story.txt", STORY)
    home.run()
    home.write("other.txt", STORY.replace("Peru", "Brazil"))
    home.run()
    shown = current(home.settings.output)
    first = snapshots(home.settings.state)[0]
    (first / "README.md").write_text("changed")
    done = pipeline(tmp_path, "rollback")
    assert done.returncode == 5
    assert "README.md: bytes differ from SHA256SUMS; it was not shown" in done.stderr
    assert current(home.settings.output) == shown


def test_a_reader_that_leaves_early_is_told_nothing(twice: Home) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "pipeline", "status"]
    done = subprocess.run(
        command,
        cwd=twice.folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=writing,
        stderr=subprocess.PIPE,
        check=False,
    )
    os.close(writing)
    assert done.stderr == b""
    assert done.returncode == 1
