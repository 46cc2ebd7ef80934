"""What each command says of a snapshot that is damaged, gone, or not ours: one line, never more.

The commands are called in this process, as the shell calls them.
"""

from __future__ import annotations

import ctypes
import json
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.cli import main
from pipeline.publish import current, snapshots
from pipeline.verify import PACKAGE, SUMS, files_of, sha256_of
from tests.conftest import Home

STORY = "Chile and Peru raised their relations to a strategic partnership on 5 May 2021.\n"
COMMANDS = {
    "status": ["status"],
    "show": ["show", "story.txt"],
    "snapshots": ["snapshots"],
    "query": ["query", "SELECT edtf, text FROM dates"],
    "report": ["report"],
    "rollback": ["rollback"],
    "rollback to the damaged one": ["rollback", "000002"],
    "diff": ["diff"],
    "verify": ["verify"],
    "rejects": ["rejects"],
}


@pytest.fixture(scope="module")
def two_snapshots(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = Home(tmp_path_factory.mktemp("sound"))
    home.write("story.txt", STORY)
    home.run()
    home.write("other.txt", STORY.replace("Peru", "Brazil").replace("2021", "2022"))
    home.run()
    return home.folder


@pytest.fixture
def home(two_snapshots: Path, tmp_path: Path) -> Home:
    """A home with two snapshots that may be damaged."""
    shutil.copytree(two_snapshots, tmp_path / "home", symlinks=True)
    return Home(tmp_path / "home")


def shown(home: Home) -> Path:
    folder = current(home.settings.output)
    assert folder is not None
    return folder


def called(
    home: Home, command: str, capsys: pytest.CaptureFixture[str], patch: pytest.MonkeyPatch
) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of a command."""
    patch.chdir(home.folder)
    patch.setattr(sys, "argv", ["pipeline", *COMMANDS[command]])
    capsys.readouterr()
    with pytest.raises(SystemExit) as ended:
        main()
    printed = capsys.readouterr()
    assert isinstance(ended.value.code, int)
    return ended.value.code, printed.out, printed.err


def missing_table(home: Home) -> str:
    shutil.rmtree(shown(home) / "dates")
    return "dates"


def missing_file(home: Home) -> str:
    files_of(shown(home), "dates")[0].unlink()
    return "dates"


def truncated(home: Home) -> str:
    (path,) = files_of(shown(home), "dates")
    path.write_bytes(path.read_bytes()[:-200])
    return path.name


def empty_file(home: Home) -> str:
    (path,) = files_of(shown(home), "dates")
    path.write_bytes(b"")
    return path.name


def garbled_pages(home: Home) -> str:
    (path,) = files_of(shown(home), "dates")
    data = bytearray(path.read_bytes())
    footer = int.from_bytes(data[-8:-4], "little") + 8
    data[4 : len(data) - footer] = b"\xff" * (len(data) - footer - 4)
    path.write_bytes(data)
    return path.name


def rewritten(home: Home, change: Callable[[pa.Table], pa.Table]) -> str:
    """A table with other columns, and sums that fit: as another version would have made it."""
    (path,) = files_of(shown(home), "dates")
    pq.write_table(change(pq.read_table(path)), path)
    sums = shown(home) / SUMS
    names = [line.split("  ", 1)[1] for line in sums.read_text().splitlines()]
    lines = [f"{sha256_of(shown(home) / name)}  {name}\n" for name in names]
    sums.write_text("".join(lines))
    return path.name


def newer(home: Home) -> str:
    return rewritten(
        home, lambda table: table.append_column("mood", pa.array(["glad"] * len(table)))
    )


def older(home: Home) -> str:
    return rewritten(home, lambda table: table.drop_columns(["edtf"]))


def other_types(home: Home) -> str:
    return rewritten(
        home,
        lambda table: table.set_column(
            table.column_names.index("start_char"), "start_char", table["start_char"].cast("int64")
        ),
    )


def garbage_package(home: Home) -> str:
    (shown(home) / PACKAGE).write_bytes(b"\x00{[")
    return PACKAGE


def package_of_another_shape(home: Home) -> str:
    (shown(home) / PACKAGE).write_text(json.dumps({"resources": ["dates", None, 3]}))
    return PACKAGE


def missing_sums(home: Home) -> str:
    (shown(home) / SUMS).unlink()
    return SUMS


def garbage_sums(home: Home) -> str:
    (shown(home) / SUMS).write_bytes(b"\xff\xfe no sums\n")
    return SUMS


def dangling(home: Home) -> str:
    shutil.rmtree(shown(home))
    return "output/latest"


def a_folder(home: Home) -> str:
    latest = home.settings.output / "latest"
    latest.unlink()
    (latest / "dates").mkdir(parents=True)
    (latest / "dates" / "mine.parquet").write_bytes(b"mine")
    return "output/latest"


def a_file(home: Home) -> str:
    latest = home.settings.output / "latest"
    latest.unlink()
    latest.write_text("mine")
    return "output/latest"


def a_loop(home: Home) -> str:
    latest = home.settings.output / "latest"
    latest.unlink()
    latest.symlink_to("latest")
    return "output/latest"


# What is damaged, and the commands that it must stop: the others answer as if nothing were.
READERS = frozenset({"status", "show", "query", "report", "diff", "rejects"})
SHOWN = READERS | {"rollback", "verify"}
REFUSED = frozenset({"verify", "rollback to the damaged one"})
STOPPED: dict[Callable[[Home], str], frozenset[str]] = {
    **dict.fromkeys(
        (missing_table, missing_file, truncated, empty_file),
        READERS | REFUSED | {"snapshots"},
    ),
    # Of the dates only those are stopped that look at the pages.
    garbled_pages: REFUSED | {"show", "query", "report", "diff"},
    **dict.fromkeys(
        (newer, older, other_types),
        READERS | REFUSED | {"snapshots"},
    ),
    **dict.fromkeys(
        (garbage_package, package_of_another_shape, missing_sums, garbage_sums),
        REFUSED,
    ),
    dangling: SHOWN | {"rollback to the damaged one"},
    **dict.fromkeys((a_folder, a_file, a_loop), SHOWN),
}
# A guard, not a damage: there is nothing that goes by the name.
CODES: dict[tuple[Callable[[Home], str], str], int] = {(dangling, "rollback to the damaged one"): 3}


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("damage", STOPPED, ids=lambda damage: damage.__name__)
def test_a_damage_is_one_line_with_path_reason_and_remedy(
    home: Home,
    damage: Callable[[Home], str],
    command: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    named = damage(home)
    code, out, said = called(home, command, capsys, monkeypatch)
    if command not in STOPPED[damage]:
        if damage in {a_folder, a_file} and command == "rollback to the damaged one":
            assert (code, said.count("\n")) == (5, 1)  # it is not overwritten
            return
        assert (code, said) == (0, ""), out
        return
    assert code == CODES.get((damage, command), 5), said
    assert said.startswith("pipeline: ")
    assert len(said.splitlines()) == 1, said
    if code == 5:
        assert named in said
        assert "`pipeline " in said
    assert len(snapshots(home.settings.state)) == (1 if damage is dangling else 2)


@pytest.mark.parametrize("damage", STOPPED, ids=lambda damage: damage.__name__)
def test_the_next_run_mends_it_or_says_why_not(
    home: Home, two_snapshots: Path, damage: Callable[[Home], str]
) -> None:
    damage(home)
    if damage in {a_folder, a_file}:
        with pytest.raises(Exception, match="move it away"):
            home.run()
        return
    home.run()
    assert home.bytes_of_output() == Home(two_snapshots).bytes_of_output()
    assert home.run().outcome == "unchanged"


@contextmanager
def without_the_rights_of_root() -> Iterator[None]:
    """Let this thread be refused what others than root are refused."""
    libc = ctypes.CDLL(None, use_errno=True)
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    before = (ctypes.c_uint32 * 6)()
    if libc.capget(header, before) != 0:
        pytest.skip("capabilities cannot be asked for")
    less = (ctypes.c_uint32 * 6)(*before)
    less[0] &= ~0b110  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
    assert libc.capset(header, less) == 0
    try:
        yield
    finally:
        assert libc.capset(header, before) == 0


@pytest.mark.parametrize("command", sorted(SHOWN))
@pytest.mark.parametrize("what", ["file", "table", "snapshot", "sums"])
def test_what_may_not_be_read_is_named(
    home: Home,
    what: str,
    command: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder = shown(home)
    (file,) = files_of(folder, "dates")
    path = {"file": file, "table": file.parent, "snapshot": folder, "sums": folder / SUMS}[what]
    path.chmod(0)
    with without_the_rights_of_root():
        code, _, said = called(home, command, capsys, monkeypatch)
    path.chmod(0o755)
    if what == "sums" and command != "verify":
        assert (code, said) == (0, "")
        return
    if command == "rollback":
        # Nothing of the one that is left needs to be read.
        assert (code, said) == (0, "")
        return
    assert code in {1, 5}
    assert len(said.splitlines()) == 1, said
    assert path.name in said
    assert "Permission denied" in said or "cannot be read" in said
