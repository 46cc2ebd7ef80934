"""What a scan sees, and which documents it has looked at again."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import pytest

from pipeline.ingest import GRAIN_NS, Found, read_content, stamp
from pipeline.ingest.reading import Content
from pipeline.receipts import Scanned, Unread
from pipeline.run import _slices
from pipeline.settings import Settings
from pipeline.stages import scan, settle
from pipeline.stages.entries import READING, entry, settling_key
from pipeline.stages.read import read
from pipeline.state import Glimpse, State

# Of the package, the name of a stage is its function.
SCAN = import_module("pipeline.stages.scan")
ENTRIES = import_module("pipeline.stages.entries")
STORY = "The port of Tema reopened on 4 May 2022, the harbour master said.\n"
OTHER = "Latvia paid EUR 2 million for three ferries in June 2019, the ministry said.\n"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "raw").mkdir()
    return Settings(raw=tmp_path / "raw", output=tmp_path / "output", state=tmp_path / "state")


def put(settings: Settings, name: str, text: str) -> Path:
    file = settings.raw / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def unread(scanned: Scanned) -> list[str]:
    return [one.found.path for one in scanned.unread if isinstance(one, Unread)]


def taken_in(settings: Settings) -> list[str]:
    """Scan, read and settle; gives the paths that were read."""
    scanned = scan(settings)
    changed = [path for batch in _slices(scanned.unread) for path in read(settings, batch).changed]
    settle(settings, changed)
    return unread(scanned)


def told(settings: Settings) -> dict[str, tuple[str, str | None]]:
    with State(settings.state) as state:
        return {row.path: (row.status, row.reason) for _, row in state.sources()}


def live(settings: Settings) -> int:
    with State(settings.state) as state:
        assert list(state.corpus.touched()) == []
        return len(state.corpus)


def looked_at_by_nobody(file: Glimpse, _: Glimpse | None) -> None:
    raise AssertionError(f"{file.path} was looked at")


def test_what_did_not_change_touches_no_document(settings: Settings) -> None:
    for number in range(5):
        put(settings, f"{number}/a.txt", f"{number} ships. {STORY}")
    assert len(taken_in(settings)) == 5
    put(settings, "5/a.txt", OTHER)
    (settings.raw / "0" / "a.txt").unlink()
    settings = settings.model_copy(update={"allow_removals": True})
    scanned = scan(settings)
    assert unread(scanned) == ["5/a.txt"]
    with State(settings.state) as state:
        touched = dict(state.corpus.touched())
    assert sorted(one is None for one in touched.values()) == [False, True]
    assert taken_in(settings) == ["5/a.txt"]
    assert live(settings) == 5


def test_bytes_that_change_behind_the_times_are_seen(settings: Settings) -> None:
    file = put(settings, "a.txt", STORY)
    before = file.stat()
    taken_in(settings)
    file.write_text(STORY.replace("Tema", "Lome"), encoding="utf-8")
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert taken_in(settings) == ["a.txt"]


def test_a_file_that_was_refused_stays_so_and_is_not_read_again(settings: Settings) -> None:
    put(settings, "a.txt", STORY)
    put(settings, "empty.txt", " \n")
    assert taken_in(settings) == ["a.txt", "empty.txt"]
    before = told(settings)
    assert before["empty.txt"][0] == "quarantined"
    put(settings, "b.txt", OTHER)
    assert taken_in(settings) == ["b.txt"]
    assert told(settings) == before | {"b.txt": ("processed", None)}
    assert live(settings) == 2


def test_a_file_whose_refusal_was_forgotten_is_read_again(settings: Settings) -> None:
    put(settings, "a.txt", STORY)
    put(settings, "empty.txt", " \n")
    taken_in(settings)
    with State(settings.state) as state:
        state.retain("refused", ())
    assert taken_in(settings) == ["empty.txt"]
    assert told(settings)["empty.txt"][0] == "quarantined"


def test_of_two_equal_files_the_other_is_read_when_the_first_goes(settings: Settings) -> None:
    first = put(settings, "a.txt", STORY)
    put(settings, "b.txt", STORY)
    taken_in(settings)
    with State(settings.state) as state:
        # Publishing keeps what live documents are read under.
        (key,) = (read_key for _, read_key, _ in state.corpus.live())
        state.retain("read", [key])
        state.retain("outline", ())
        state.retain("streams", ())
    first.unlink()
    assert taken_in(settings) == ["b.txt"]
    assert live(settings) == 1


def test_a_run_that_ends_before_settling_is_taken_up(settings: Settings) -> None:
    put(settings, "a.txt", STORY)
    taken_in(settings)
    put(settings, "b.txt", OTHER)
    assert unread(scan(settings)) == ["b.txt"]
    assert unread(scan(settings)) == ["b.txt"]
    assert taken_in(settings) == ["b.txt"]
    assert live(settings) == 2


def test_other_code_that_settles_touches_all(settings: Settings) -> None:
    put(settings, "a.txt", STORY)
    taken_in(settings)
    with State(settings.state) as state:
        rows = [(key, row) for key, row in state.sources()]
        assert state.corpus.settled_by() == settling_key()
        state.see((), looked_at_by_nobody)
        state.set_sources((), "other code")
        assert [one for _, one in state.corpus.touched()] == [None]
        assert [row.path for _, row in rows] == ["a.txt"]


def test_a_sidecar_is_looked_for_only_where_one_stands(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(settings, "a.txt", STORY)
    put(settings, "b.txt", OTHER)
    put(settings, "deep/b.toml", 'publisher = "Harbour News"\n')
    put(settings, "deep/b.txt", STORY)
    asked: list[str] = []
    exists = os.path.lexists

    def noting(path: str) -> bool:
        asked.append(os.path.basename(path))  # noqa: PTH119
        return exists(path)

    monkeypatch.setattr(os.path, "lexists", noting)
    scan(settings)
    assert set(asked) == {"source.toml", "b.toml"}


def publisher(settings: Settings) -> str | None:
    """Who published the one live document."""
    with State(settings.state) as state:
        ((_, read_key, _),) = state.corpus.live()
        return entry(state, "read", read_key, READING).document.publisher


def moved(settings: Settings) -> None:
    (settings.raw / "a.txt").rename(settings.raw / "b.old")


@pytest.mark.parametrize(
    "meanwhile",
    [
        lambda settings: put(settings, "a.toml", 'publisher = "Harbour News"\n'),
        lambda settings: put(settings, "a.toml", "publisher = [["),
        moved,
    ],
    ids=["another sidecar", "a broken sidecar", "gone"],
)
def test_what_changes_between_scan_and_read_is_left_for_the_next_run(
    settings: Settings, meanwhile: Callable[[Settings], object]
) -> None:
    put(settings, "a.toml", 'publisher = "Port Times"\n')
    put(settings, "a.txt", STORY)
    (batch,) = _slices(scan(settings).unread)
    meanwhile(settings)
    assert read(settings, batch).changed == ("a.txt",)
    settle(settings, ["a.txt"])
    for left in ("a.toml", "b.old"):
        (settings.raw / left).unlink(missing_ok=True)
    put(settings, "a.txt", STORY)
    assert taken_in(settings) == ["a.txt"]
    assert told(settings)["a.txt"] == ("processed", None)
    assert publisher(settings) is None


def test_a_sidecar_that_comes_after_the_scan_is_used_by_the_next_run(settings: Settings) -> None:
    put(settings, "a.txt", STORY)
    (batch,) = _slices(scan(settings).unread)
    put(settings, "a.toml", 'publisher = "Port Times"\n')
    read(settings, batch)
    settle(settings, ())
    assert publisher(settings) is None
    assert taken_in(settings) == ["a.txt"]
    assert publisher(settings) == "Port Times"


def test_names_that_are_shown_in_another_order_than_they_lie_in(settings: Settings) -> None:
    names = [b"a.txt", b"a\xff.txt", b"a\xff%.txt", b"b.txt", "Åland.txt".encode()]
    for number, name in enumerate(names):
        file = os.fsencode(settings.raw) + b"/" + name
        with open(file, "w", encoding="utf-8") as stream:  # noqa: PTH123  # no name for a Path
            stream.write(f"{STORY} It is number {number}.")
    assert len(unread(scan(settings))) == len(names)
    taken_in(settings)
    assert scan(settings).unread == ()
    (settings.raw / "a.txt").unlink()
    put(settings, "b.txt", OTHER)
    assert unread(scan(settings)) == ["b.txt"]
    with State(settings.state) as state:
        paths = [row.path for _, row in state.sources()]
    assert paths == ["a%FF%25.txt", "a%FF.txt", "b.txt", "Åland.txt"]


def test_a_file_of_one_document_becomes_one_of_many_and_back(settings: Settings) -> None:
    def records() -> list[tuple[str, int]]:
        scan(settings)
        with State(settings.state) as state:
            return [(row.path, row.record) for _, row in state.sources()]

    article = '{"title": "Ties", "text": "The port of Oslo reopened in May."}\n'
    put(settings, "b.txt", OTHER)
    put(settings, "a.txt", STORY)
    assert records() == [("a.txt", 0), ("b.txt", 0)]
    put(settings, "a.txt", 3 * article)
    assert records() == [("a.txt", 0), ("a.txt", 1), ("a.txt", 2), ("b.txt", 0)]
    put(settings, "a.txt", 2 * article)
    assert records() == [("a.txt", 0), ("a.txt", 1), ("b.txt", 0)]
    put(settings, "a.txt", STORY)
    assert records() == [("a.txt", 0), ("b.txt", 0)]
    (settings.raw / "a.txt").unlink()
    assert records() == [("b.txt", 0)]


def test_what_is_known_of_many_records_is_compared_record_by_record(settings: Settings) -> None:
    def rows(count: int) -> list[Glimpse]:
        return [
            Glimpse("a.jsonl", n, f"{n}", 9, "0" * 64, "processed", None, None, f"{n:020}")
            for n in range(count)
        ]

    with State(settings.state) as state:
        state.see((), looked_at_by_nobody)
        state.set_sources(rows(20_000), "")
        started = time.process_time()
        state.see((), looked_at_by_nobody)
        state.set_sources(rows(20_001), "")
        # Each looked for among all records of its file: twenty seconds.
        assert time.process_time() - started < 5
        assert state.unread_of_many() == {"a.jsonl"}


class Stamped:
    """An archive that is told by stamps, and which of its files the last scan read."""

    def __init__(self, settings: Settings, patch: pytest.MonkeyPatch) -> None:
        self.settings = settings.model_copy(update={"stamps_from": 2})
        self.read: list[str] = []
        # What was written this moment is taken for old.
        patch.setattr(SCAN, "GRAIN_NS", -GRAIN_NS)

        def read(found: Found, limit: int) -> Content:
            if found.readable:
                self.read.append(found.path)
            return read_content(found, limit)

        patch.setattr(SCAN, "read_content", read)

    def reads(self, **update: object) -> list[str]:
        """Take in what changed; gives the paths of the files that were read to see what changed."""
        self.read.clear()
        taken_in(self.settings.model_copy(update=update))
        return self.read.copy()


@pytest.fixture
def stamped(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Stamped:
    put(settings, "a.txt", STORY)
    put(settings, "b.txt", OTHER)
    archive = Stamped(settings, monkeypatch)
    assert archive.reads() == ["a.txt", "b.txt"]
    return archive


def test_a_file_that_lies_as_it_did_is_not_read_again(stamped: Stamped) -> None:
    assert stamped.reads() == []
    put(stamped.settings, "c.txt", STORY)
    assert stamped.reads() == ["c.txt"]
    assert stamped.reads() == []
    assert told(stamped.settings) == dict.fromkeys(("a.txt", "b.txt", "c.txt"), ("processed", None))
    (stamped.settings.raw / "c.txt").unlink()
    assert stamped.reads() == []
    assert set(told(stamped.settings)) == {"a.txt", "b.txt"}


def test_few_files_are_read_in_every_run(stamped: Stamped) -> None:
    assert stamped.reads(stamps_from=3) == ["a.txt", "b.txt"]
    assert stamped.reads(stamps_from=0) == ["a.txt", "b.txt"]


def test_a_change_that_keeps_size_and_time_is_seen(stamped: Stamped) -> None:
    file = stamped.settings.raw / "a.txt"
    before = file.stat()
    file.write_text(STORY.replace("Tema", "Lome"), encoding="utf-8")
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    after = file.stat()
    assert (after.st_size, after.st_mtime_ns) == (before.st_size, before.st_mtime_ns)
    assert stamped.reads() == ["a.txt"]
    other = put(stamped.settings, "new", STORY)
    os.utime(other, ns=(before.st_atime_ns, before.st_mtime_ns))
    other.replace(file)
    assert stamped.reads() == ["a.txt"]


def test_a_young_file_is_read_again(stamped: Stamped, monkeypatch: pytest.MonkeyPatch) -> None:
    # It may be written to once more within the grain of the clock, and keep its times.
    monkeypatch.setattr(SCAN, "GRAIN_NS", GRAIN_NS)
    assert stamped.reads() == ["a.txt", "b.txt"]
    assert stamped.reads() == ["a.txt", "b.txt"]
    monkeypatch.setattr(SCAN, "GRAIN_NS", -GRAIN_NS)
    assert stamped.reads() == ["a.txt", "b.txt"]
    # New stamps are kept although nothing else changed.
    assert stamped.reads() == []


def test_what_no_stamp_tells_is_found_by_rehash(stamped: Stamped) -> None:
    file = stamped.settings.raw / "a.txt"
    file.write_text(STORY.replace("2022", "2023"), encoding="utf-8")
    as_it_lies = stamp(str(file), time.time_ns() + GRAIN_NS)
    # As if the disk had flipped a bit: nobody wrote to the file.
    with sqlite3.connect(stamped.settings.state / "state.db") as db:
        db.execute("UPDATE source SET stamp = ? WHERE path = 'a.txt'", (as_it_lies,))
    db.close()

    def document() -> str | None:
        with State(stamped.settings.state) as state:
            return next(row.document_id for _, row in state.sources_of(["a.txt"]))

    before = document()
    assert stamped.reads() == []
    assert document() == before
    assert stamped.reads(rehash=True) == ["a.txt", "b.txt"]
    assert document() not in {before, None}


def test_what_else_a_row_depends_on_has_files_read(
    stamped: Stamped, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(stamped.settings, "a.toml", 'publisher = "Harbour News"\n')
    assert stamped.reads() == ["a.txt"]
    size = (stamped.settings.raw / "a.txt").stat().st_size
    assert stamped.reads(max_file_bytes=size) == ["b.txt"]
    assert told(stamped.settings)["b.txt"] == ("quarantined", "too_large")
    assert stamped.reads() == ["b.txt"]
    monkeypatch.setattr(ENTRIES, "read_code", lambda: "other code")
    assert stamped.reads() == ["a.txt", "b.txt"]


def test_files_of_records_and_refused_ones_are_read_in_every_run(stamped: Stamped) -> None:
    put(stamped.settings, "c.txt", "\x00\x01")
    put(stamped.settings, "d.txt", '{"text": "A."}\n{"text": "B."}\n')
    for _ in range(2):
        assert stamped.reads() == ["c.txt", "d.txt"]


def test_a_file_that_cannot_be_looked_at_has_no_stamp(tmp_path: Path) -> None:
    assert stamp(str(tmp_path / "none.txt"), time.time_ns()) is None
