"""How `output/latest` shows a snapshot: links, copies, from one to the other, across disks."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.errors import SnapshotError
from pipeline.publish import current, is_shown_whole, publish, show, snapshots
from pipeline.publish import layout as layouts
from pipeline.verify import files_of, verify
from schemas import TABLES
from tests.conftest import Home
from tests.test_publish import built

STORY = "Chile and Peru raised their relations to a strategic partnership on 5 May 2021.\n"


def tree(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != layouts.POINTER
    }


def test_a_copy_is_a_folder_with_the_same_files(tmp_path: Path) -> None:
    state, output = tmp_path / "state", tmp_path / "output"
    published = publish(built(state, ["2001"]), state, output, "copy")
    latest = output / "latest"
    assert latest.is_dir()
    assert not latest.is_symlink()
    assert tree(latest) == tree(published.folder)
    assert current(output) == published.folder.resolve()
    assert verify(published.folder) == []
    assert is_shown_whole(output, "copy")
    assert not is_shown_whole(output, "link")
    again = publish(built(state, ["2001"]), state, output, "copy")
    assert (again.name, again.is_new) == (published.name, False)


def test_old_files_of_a_copy_go_after_the_new_ones_are_named(tmp_path: Path) -> None:
    state, output = tmp_path / "state", tmp_path / "output"
    first = publish(built(state, ["2001"]), state, output, "copy")
    second = publish(built(state, ["2002"]), state, output, "copy")
    assert tree(output / "latest") == tree(second.folder)
    show(output, first.folder, "copy")
    assert tree(output / "latest") == tree(first.folder)
    assert current(output) == first.folder.resolve()


@pytest.mark.parametrize("order", ["link copy", "copy link", "link copy link copy"])
def test_the_layout_may_change(tmp_path: Path, order: str) -> None:
    state, output = tmp_path / "state", tmp_path / "output"
    for layout in order.split():
        published = publish(built(state, ["2001"]), state, output, layout)  # type: ignore[arg-type]
        assert published.name.startswith("000001-")
        assert (output / "latest").is_symlink() == (layout == "link")
        assert tree(output / "latest") == tree(published.folder)
        assert sorted(path.name for path in output.iterdir()) == ["latest"]
    assert len(snapshots(state)) == 1


class Killed(BaseException):
    """Stands for the end of the process."""


def steps(monkeypatch: pytest.MonkeyPatch, die_at: int) -> None:
    """Die at the n-th step of showing a snapshot."""
    left = die_at

    def counted(name: str, owner: object) -> None:
        really = getattr(owner, name)

        def step(*arguments: object, **named: object) -> object:
            nonlocal left
            left -= 1
            if left == 0:
                raise Killed
            return really(*arguments, **named)

        monkeypatch.setattr(owner, name, step)

    for name in ("replace", "rename", "unlink", "mkdir", "symlink_to"):
        counted(name, Path)
    counted("copyfile", shutil)


@pytest.mark.parametrize(
    ("before", "after"), [("copy", "copy"), ("link", "copy"), ("copy", "link")]
)
def test_a_run_that_dies_between_two_steps_is_mended_by_the_next(
    tmp_path: Path, before: layouts.Layout, after: layouts.Layout
) -> None:
    state, output = tmp_path / "state", tmp_path / "output"
    first = publish(built(state, ["2001"]), state, output, before)
    second = publish(built(state, ["2002"]), state, output, before)
    for step in range(1, 100):
        show(output, first.folder, before)
        with pytest.MonkeyPatch.context() as patch:
            steps(patch, step)
            try:
                show(output, second.folder, after)
            except Killed:
                named = current(output)
                # Between a link and a folder there may be neither, never anything else.
                assert named in {first.folder.resolve(), second.folder.resolve()} or (
                    named is None and before != after
                )
                if named is not None and before == after:
                    assert tree(named).items() <= tree(output / "latest").items() or all(
                        (output / "latest" / name).is_file() for name in tree(named)
                    )
            else:
                break
        published = publish(built(state, ["2002"]), state, output, after)
        assert is_shown_whole(output, after)
        assert tree(output / "latest") == tree(published.folder)
        assert sorted(path.name for path in output.iterdir()) == ["latest"]
    assert step > 4


def test_a_folder_that_no_run_made_is_left_alone(tmp_path: Path) -> None:
    output = tmp_path / "output"
    (output / "latest").mkdir(parents=True)
    (output / "latest" / "mine.txt").write_text("mine")
    with pytest.raises(SnapshotError, match="is not a link made by a run"):
        publish(built(tmp_path, ["2001"]), tmp_path, output, "copy")
    assert (output / "latest" / "mine.txt").read_text() == "mine"


def test_a_damaged_copy_is_made_whole_by_the_next_run(home: Home) -> None:
    settings = home.settings.model_copy(update={"layout": "copy"})
    copying = Home(home.folder)
    copying.settings = settings
    copying.write("story.txt", STORY)
    copying.run()
    (path,) = files_of(settings.output / "latest", "partnerships")
    path.write_bytes(path.read_bytes()[:-1])
    assert copying.run().outcome == "published"
    assert is_shown_whole(settings.output, "copy")
    assert copying.run().outcome == "unchanged"


@pytest.fixture
def other_disk() -> Iterator[Path]:
    """A folder on another file system than that of temporary files."""
    memory = Path("/dev/shm")
    here = Path(tempfile.gettempdir())
    if not os.access(memory, os.W_OK) or memory.stat().st_dev == here.stat().st_dev:
        pytest.skip("there is only one file system to write to")
    with tempfile.TemporaryDirectory(dir=memory) as folder:
        yield Path(folder)


@pytest.mark.parametrize("layout", ["link", "copy"])
def test_output_and_state_may_be_on_different_disks(
    home: Home, other_disk: Path, layout: str
) -> None:
    far = Home(home.folder)
    far.settings = home.settings.model_copy(update={"output": other_disk / "o", "layout": layout})
    far.write("story.txt", STORY)
    far.run()
    near = Home(home.folder / "near")
    near.write("story.txt", STORY)
    near.run()
    assert tree(other_disk / "o" / "latest") == tree(near.settings.output / "latest")
    assert far.run().outcome == "unchanged"
    for name in TABLES:
        assert len(files_of(other_disk / "o" / "latest", name)) == 1
