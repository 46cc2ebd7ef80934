"""The walk below `raw/` and the reading of one file."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import Unreadable
from pipeline.ingest import Found, discover, original_path, read_bytes, shown_path


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    folder = tmp_path / "raw"
    folder.mkdir()
    return folder


def put(raw: Path, name: str, data: bytes = b"Peru has ties with Chile.\n") -> Path:
    file = raw / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(data)
    return file


def reasons(raw: Path) -> dict[str, str | None]:
    return {found.path: found.reason for found in discover(raw)}


def refusal(found: Found, limit: int = 1_000) -> str:
    with pytest.raises(Unreadable) as caught:
        read_bytes(found, limit)
    return caught.value.reason


def test_texts_at_any_depth_in_the_order_of_their_bytes(raw: Path) -> None:
    names = ["b.txt", "a/z.md", "a.txt", "A.TXT", "a/b/c/d.markdown", "é.txt", "a-b.txt"]
    for name in names:
        put(raw, name)
    found = discover(raw)
    assert [each.path for each in found] == sorted(names, key=str.encode)
    assert all(each.readable and each.status == "processed" for each in found)
    assert read_bytes(found[0]) == b"Peru has ties with Chile.\n"


def test_an_empty_folder_has_nothing(raw: Path) -> None:
    assert discover(raw) == []


@pytest.mark.parametrize(
    "name",
    [".x.txt", "x.txt~", ".x.txt.swp", "x.part", "x.TMP", "x.crdownload", "#x.txt#", "._x.txt",
     ".git/x.txt", "__MACOSX/x.txt", "Thumbs.db", ".gitkeep", "~$x.txt"],
)  # fmt: skip
def test_hidden_and_temporary_files_are_skipped_and_listed(raw: Path, name: str) -> None:
    put(raw, name)
    (found,) = discover(raw)
    assert (found.path, found.status, found.reason) == (name, "skipped", "hidden_or_temporary")
    assert refusal(found) == "hidden_or_temporary"


def test_a_tilde_inside_a_name_is_a_name(raw: Path) -> None:
    put(raw, "news~1.txt")
    assert reasons(raw) == {"news~1.txt": None}


def test_metadata_and_other_formats(raw: Path) -> None:
    for name in (
        "a.txt", "a.toml", "source.toml", "b.toml", "c.html.gz", "c.toml", "d.json", "e",
        "f.tar.gz", "g.docx",
    ):  # fmt: skip
        put(raw, name)
    found = {each.path: each for each in discover(raw)}
    assert {p: (f.status, f.reason) for p, f in found.items()} == {
        "a.toml": ("skipped", "metadata_file"),
        "a.txt": ("processed", None),
        "b.toml": ("skipped", "metadata_file"),
        "c.html.gz": ("processed", None),
        "c.toml": ("skipped", "metadata_file"),
        "d.json": ("processed", None),
        "e": ("skipped", "not_plain_text"),
        "f.tar.gz": ("quarantined", "not_plain_text"),
        "g.docx": ("quarantined", "not_plain_text"),
        "source.toml": ("skipped", "metadata_file"),
    }
    assert "not used" in (found["b.toml"].message or "")
    assert "word processor" in (found["g.docx"].message or "")
    assert "not used" not in (found["c.toml"].message or "")
    assert found["c.html.gz"].sidecar == found["c.toml"].file


def test_links_never_lead_out(raw: Path, tmp_path: Path) -> None:
    outside = put(tmp_path, "outside/secret.txt", b"secret")
    inside = put(raw, "in/a.txt")
    put(raw, "in/.hidden.txt")
    for name, target in {
        "out.txt": outside,
        "outdir": outside.parent,
        "gone.txt": raw / "nothing.txt",
        "loop.txt": raw / "loop.txt",
        "up": raw,
        "dir": raw / "in",
        "ok.txt": inside,
        "sly.txt": raw / "in" / ".hidden.txt",
        "zero.txt": Path("/dev/zero"),
    }.items():
        (raw / name).symlink_to(target)
    assert reasons(raw) == {
        "dir": "not_regular_file",
        "gone.txt": "broken_link",
        "in/.hidden.txt": "hidden_or_temporary",
        "in/a.txt": None,
        "loop.txt": "broken_link",
        "ok.txt": None,
        "out.txt": "outside_raw",
        "outdir": "outside_raw",
        "sly.txt": "hidden_or_temporary",
        "up": "broken_link",
        "zero.txt": "outside_raw",
    }
    ok = next(found for found in discover(raw) if found.path == "ok.txt")
    assert read_bytes(ok) == inside.read_bytes()


def test_raw_may_itself_be_a_link(raw: Path, tmp_path: Path) -> None:
    put(raw, "a.txt")
    link = tmp_path / "link"
    link.symlink_to(raw)
    (found,) = discover(link)
    assert read_bytes(found)


def test_pipes_and_sockets_never_block(raw: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo(raw / "pipe.txt")
    monkeypatch.chdir(raw)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("socket.txt")
        assert reasons(raw) == {"pipe.txt": "not_regular_file", "socket.txt": "not_regular_file"}
    # Even when it takes the place of a file after the walk.
    assert refusal(Found("pipe.txt", str((raw / "pipe.txt").resolve()))) == "not_regular_file"


def test_a_folder_named_like_a_text_is_listed_and_read(raw: Path) -> None:
    put(raw, "folder.txt/a.txt")
    assert reasons(raw) == {"folder.txt": "not_regular_file", "folder.txt/a.txt": None}


def test_a_folder_that_cannot_be_listed(raw: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(raw, "locked/a.txt")
    put(raw, "b.txt")
    scandir = os.scandir

    def locked(path: bytes) -> object:
        if b"locked" in path:
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", locked)
    assert reasons(raw) == {"b.txt": None, "locked/": "unreadable"}


def test_sizes_over_the_limit_are_not_read(raw: Path) -> None:
    file = put(raw, "big.txt")
    os.truncate(file, 8 << 30)
    assert refusal(discover(raw)[0]) == "too_large"


def test_files_that_go_or_close(raw: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = put(raw, "a.txt")
    (found,) = discover(raw)
    file.unlink()
    assert refusal(found) == "vanished"
    file.write_bytes(b"x")

    def denied(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", denied)
    assert refusal(found) == "unreadable"


def test_a_file_written_to_while_it_is_read(raw: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = put(raw, "a.txt", b"x" * 100)
    (found,) = discover(raw)
    read = os.read

    def slow(descriptor: int, size: int) -> bytes:
        with file.open("ab") as more:
            more.write(b"y")
        return read(descriptor, size)

    monkeypatch.setattr(os, "read", slow)
    assert refusal(found) == "changed_while_reading"


def test_a_link_that_takes_the_place_of_a_file(raw: Path, tmp_path: Path) -> None:
    file = put(raw, "a/b.txt")
    (found,) = discover(raw)
    outside = put(tmp_path, "outside/b.txt", b"secret")
    file.unlink()
    file.parent.rmdir()
    (raw / "a").symlink_to(outside.parent)
    assert refusal(found) == "outside_raw"


# --- paths ------------------------------------------------------------------------------------


def test_names_that_are_not_utf8_are_read(raw: Path) -> None:
    (raw / os.fsdecode(b"bad-\xff%.txt")).write_bytes(b"Peru")
    (found,) = discover(raw)
    assert found.path == "bad-%FF%25.txt"
    assert original_path(found.path) == b"bad-\xff%.txt"
    assert read_bytes(found) == b"Peru"


@settings(deadline=None)
@given(st.binary(max_size=20) | st.text("%5abFé8", max_size=12).map(str.encode))
def test_shown_paths_round_trip(path: bytes) -> None:
    shown = shown_path(path)
    shown.encode("utf-8")
    assert original_path(shown) == path


def test_sidecars_of_many_texts_are_told_in_one_look(raw: Path) -> None:
    for number in range(300):
        put(raw, f"{number}.v1.txt")
        put(raw, f"{number}.v1.toml", b"")
    put(raw, "1.toml", b"")
    put(raw, "v1.toml", b"")
    put(raw, "0.v1.t.toml", b"")
    not_used = {found.path for found in discover(raw) if "not used" in (found.message or "")}
    assert not_used == {"v1.toml", "0.v1.t.toml"}
