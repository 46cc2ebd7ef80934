"""Files that harm, beside files that do not: no row of the good ones may change by a letter."""

from __future__ import annotations

import csv
import gzip
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote_to_bytes

import pytest

from pipeline.ingest import original_path
from tests.benchmarks.corpus import article
from tests.conftest import SHARED, Home

MAKER = SHARED / "hostile" / "make_inputs.py"
TABLES_OF_DOCUMENTS = (
    *("documents", "passages", "entities", "dates", "money", "partnerships", "rejects"),
)
# Left to a choice by the list of what is expected: Markdown is read here.
READ_HERE = {b"names/readme.md"}
GOOD = 300


def write_good(home: Home, count: int) -> None:
    for number in range(count):
        home.write(f"sound/{number}.txt", article(number))


def rows_of_good(home: Home) -> dict[str, list[tuple[object, ...]]]:
    """All rows of the documents whose files lie in `sound/`, table by table."""
    with home.tables() as tables:
        tables.execute(
            "CREATE TEMP TABLE good AS SELECT document_id FROM sources WHERE path LIKE 'sound/%'"
        )
        return {
            name: tables.execute(
                f"SELECT * FROM {name} SEMI JOIN good USING (document_id) ORDER BY ALL"
            ).fetchall()
            for name in TABLES_OF_DOCUMENTS
        } | {
            "sources": tables.execute(
                "SELECT * FROM sources WHERE path LIKE 'sound/%' ORDER BY path"
            ).fetchall()
        }


def write_hostile(home: Home) -> Iterator[str]:
    """A few of each kind; gives their paths."""
    story = b"On 4 May 2022 the port of Dakar reopened, and Senegal paid EUR 2 million.\n"
    files = {
        "bad/empty.txt": b"",
        "bad/nul.txt": b"\x00" * 5_000,
        "bad/elf.txt": b"\x7fELF" + bytes(range(256)) * 40,
        "bad/half-utf16.txt": b"\xff\xfe" + story.decode().encode("utf-16-le")[:-1],
        "bad/line.txt": b"peace " * 200_000,
        "bad/brackets.txt": b"[" * 100_000,
        "bad/tags.html": b"<div>" * 60_000 + story,
        "bad/bomb.txt.gz": gzip.compress(b"\x00" * 30_000_000),
        "bad/cut.txt.gz": gzip.compress(story * 50)[:-9],
        "bad/cut.json": b'{"title": "Port", "text": "On 4 May 2022 the port of',
        "bad/lines.jsonl": b'{"text": "' + story.strip() + b'"}\n{"text": 7}\n[]\n\xff\n',
        "bad/controls.txt": b"\x1b[2J\x1b]0;title\x07" * 500 + story,
        "bad/sidecar.txt": story,
        "bad/sidecar.toml": b"published = [[[",
        "bad/\u202etxt.exe.txt": story,
        "bad/same.txt": article(0).encode(),
    }
    for path, content in files.items():
        home.write(path, content)
        yield path
    raw = home.settings.raw
    secret = home.folder / "secret.txt"
    secret.write_text("The kettle stands behind the green door.\n")
    (raw / "bad/out.txt").symlink_to(secret)
    (raw / "bad/loop.txt").symlink_to("loop.txt")
    (raw / "bad/zero.txt").symlink_to("/dev/zero")
    os.mkfifo(raw / "bad/pipe.txt")
    (raw / "bad/folder.txt").mkdir()
    yield from ("bad/out.txt", "bad/loop.txt", "bad/zero.txt", "bad/pipe.txt")
    with socket.socket(socket.AF_UNIX) as listening:
        here = Path.cwd()
        os.chdir(raw / "bad")  # the name of a socket has room for a hundred signs
        try:
            listening.bind("socket.txt")
        finally:
            os.chdir(here)


def test_rows_of_good_files_do_not_change_beside_bad_ones(home: Home, tmp_path: Path) -> None:
    write_good(home, 12)
    bad = list(write_hostile(home))
    home.run()
    alone = Home(tmp_path / "alone")
    write_good(alone, 12)
    alone.run()
    found = rows_of_good(home)
    assert found == rows_of_good(alone)
    assert len(found["documents"]) == 12
    assert found["dates"]
    told = {str(path) for (path,) in home.ask("SELECT path FROM sources")}
    assert sum(path in told for path in bad) >= len(bad) - 2  # names may be told percent-encoded
    left = home.ask("SELECT count(*) FROM sources WHERE status <> 'processed' AND message IS NULL")
    assert left == [(0,)]
    assert all(b"green door" not in data for data in home.bytes_of_output().values())
    assert home.run().outcome == "unchanged"


@pytest.mark.slow
def test_rows_of_300_good_files_do_not_change_beside_all_hostile_ones(tmp_path: Path) -> None:
    if not MAKER.is_file():
        pytest.skip("../shared/hostile is absent")
    made = tmp_path / "made"
    subprocess.run([sys.executable, str(MAKER), str(made)], check=True, capture_output=True)
    # In its place, because links in it lead to files beside it.
    home = Home(made)
    write_good(home, GOOD)
    home.run()
    alone = Home(tmp_path / "alone")
    write_good(alone, GOOD)
    alone.run()
    found = rows_of_good(home)
    assert len(found["documents"]) == GOOD
    assert found == rows_of_good(alone)
    assert not_as_expected(home, made / "expected.tsv") == []
    sentinel = b"SENTINEL-OUTSIDE"
    assert all(sentinel not in data for data in home.bytes_of_output().values())
    assert home.run().outcome == "unchanged"


def not_as_expected(home: Home, expected: Path) -> list[str]:
    """What became of the files otherwise than the list says: id, what and why."""
    became: dict[bytes, tuple[str, str]] = {}
    for path, status, reason in home.ask("SELECT path, status, reason FROM sources"):
        became[original_path(str(path))] = (str(status), str(reason))
    wrong = []
    with expected.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE):
            path = unquote_to_bytes(row["path"])
            if b"*" in path or path in READ_HERE:
                continue
            status, reason = became.get(path, ("skipped", ""))
            allowed = row["expect"].split("|")
            reasons = row["reason"].split("|") if row["reason"] else [reason]
            if status not in allowed or (status == "quarantined" and reason not in reasons):
                wrong.append(f"{row['id']}: {status}, {reason}")
    return wrong
