from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.errors import SnapshotError
from pipeline.publish import (
    SnapshotWriter,
    _describe,
    current,
    flip,
    publish,
    snapshots,
    sweep,
)
from pipeline.verify import check, counts_of, files_of, verify
from schemas import TABLES
from schemas.tables import DateRow, DocumentRow, PassageRow, SourceRow


def document_id(number: int) -> str:
    return f"{number:020x}"


def add_document(writer: SnapshotWriter, number: int, text: str, *, is_good: bool = True) -> None:
    identity = document_id(number)
    writer.add(
        DocumentRow(
            document_id=identity,
            title=None,
            publisher=None,
            byline=None,
            category=None,
            url=None,
            published_date=None,
            published_time=None,
            published_basis="none",
            issuer=None,
            language="en",
            format="text",
            dropped=None,
            encoding="utf-8",
            repairs=(),
            text=text,
            passage_count=1,
            repeat_count=0,
        )
    )
    writer.add(
        PassageRow(
            passage_id=f"{identity}:0",
            document_id=identity,
            position=0,
            kind="paragraph",
            section=None,
            language="en",
            start_char=0,
            end_char=len(text),
            text=text,
            repeat_of=None,
            repeat_kind=None,
            similarity=None,
        )
    )
    writer.add(
        DateRow(
            date_id=identity,
            document_id=identity,
            passage_id=f"{identity}:0",
            start_char=0,
            end_char=4,
            text=text[:4] if is_good else "1999",
            method="rule",
            rule_id="year",
            edtf=text[:4],
            start_date=None,
            end_date=None,
            granularity="year",
            modifier=None,
            anchor="stated",
            anchor_date=None,
        )
    )


def add_source(writer: SnapshotWriter, number: int) -> None:
    writer.add(
        SourceRow(
            path=f"{number:05d}.txt",
            record=0,
            bytes=4,
            sha256="0" * 64,
            status="processed",
            reason=None,
            message=None,
            document_id=document_id(number),
        )
    )


def built(state: Path, texts: list[str], *, is_good: bool = True) -> SnapshotWriter:
    writer = SnapshotWriter(state)
    for number, text in enumerate(texts):
        add_source(writer, number)
        add_document(writer, number, text, is_good=is_good)
    return writer


def test_a_snapshot_is_shown_whole(tmp_path: Path) -> None:
    state, output = tmp_path / "state", tmp_path / "output"
    published = publish(built(state, ["2001 é", "2002 \U0001f600"]), state, output)
    assert published.is_new
    assert (output / "latest").is_symlink()
    assert current(output) == published.folder.resolve()
    assert dict(counts_of(published.folder).rows)["dates"] == 2
    assert verify(published.folder) == []
    table = pq.read_table(output / "latest" / "documents")
    assert table.column("text").to_pylist() == ["2001 é", "2002 \U0001f600"]
    assert sorted(path.name for path in output.iterdir()) == ["latest"]


def test_equal_rows_make_equal_bytes_and_touch_nothing(tmp_path: Path) -> None:
    state, output = tmp_path / "state", tmp_path / "output"
    first = publish(built(state, ["2001"]), state, output)
    before = os.lstat(output / "latest")
    second = publish(built(state, ["2001"]), state, output)
    assert (second.name, second.is_new) == (first.name, False)
    assert os.lstat(output / "latest").st_ctime_ns == before.st_ctime_ns
    assert [path.name for path in snapshots(state)] == [first.name]
    elsewhere = publish(built(tmp_path / "s2", ["2001"]), tmp_path / "s2", tmp_path / "o2")
    for name in TABLES:
        (one,), (two,) = files_of(first.folder, name), files_of(elsewhere.folder, name)
        assert one.name == two.name
        assert one.read_bytes() == two.read_bytes()


def test_a_snapshot_that_a_killed_run_left_unshown_is_shown(tmp_path: Path) -> None:
    state, output = tmp_path / "state", tmp_path / "output"
    first = publish(built(state, ["2001"]), state, output)
    second = publish(built(state, ["2002"]), state, output)
    flip(output, first.folder)  # as if the second run had been killed before its flip
    again = publish(built(state, ["2002"]), state, output)
    assert (again.name, again.is_new) == (second.name, True)
    assert current(output) == second.folder.resolve()
    assert len(snapshots(state)) == 2


def test_a_faulty_snapshot_is_not_shown(tmp_path: Path) -> None:
    state, output = tmp_path / "state", tmp_path / "output"
    good = publish(built(state, ["2001"]), state, output)
    with pytest.raises(SnapshotError, match=r"dates: the text of 0+:0 is not the words of its"):
        publish(built(state, ["2001", "2002"], is_good=False), state, output)
    assert current(output) == good.folder.resolve()
    assert list((state / "snapshots").glob(".building-*")) == []


def test_words_that_are_not_those_of_the_span_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SnapshotWriter, "_check_grounding", lambda self, row: None)
    writer = built(tmp_path, ["2001", "2002"], is_good=False)
    writer.close()
    _describe(writer.folder, ())
    assert [fault.split(":")[0] for fault in verify(writer.folder)] == ["dates", "dates"]


def test_long_documents_end_a_row_group_early(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.publish.BATCH_CHARS", 8_000)
    monkeypatch.setattr("pipeline.publish.GROUP_CHARS", 16_000)
    writer = built(tmp_path, ["2001" * 1_000] * 10)
    writer.close()
    (path,) = files_of(writer.folder, "documents")
    metadata = pq.read_metadata(path)
    sizes = [metadata.row_group(n).num_rows for n in range(metadata.num_row_groups)]
    assert sizes == [4, 4, 2]


def test_rows_that_share_a_key_or_point_nowhere_are_named(tmp_path: Path) -> None:
    writer = built(tmp_path, ["2001"])
    add_source(writer, 7)
    add_document(writer, 0, "2001")
    writer.close()
    faults = check(writer.folder)
    assert any(fault.startswith("documents: rows share a key") for fault in faults)
    assert any(fault.startswith("sources.document_id: points at no row") for fault in faults)


def test_row_groups_do_not_depend_on_how_rows_come(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.publish.ROW_GROUP", 100)
    monkeypatch.setattr("pipeline.publish.BATCH_ROWS", 50)
    writer = built(tmp_path, ["2001"] * 250)
    writer.close()
    (path,) = files_of(writer.folder, "dates")
    metadata = pq.read_metadata(path)
    sizes = [metadata.row_group(n).num_rows for n in range(metadata.num_row_groups)]
    assert sizes == [100, 100, 50]


def test_descriptions_travel_with_the_file(tmp_path: Path) -> None:
    published = publish(built(tmp_path, ["2001"]), tmp_path, tmp_path / "output")
    (path,) = files_of(published.folder, "dates")
    assert (
        b"Extended Date/Time Format" in pq.read_schema(path).field("edtf").metadata[b"description"]
    )


def test_a_flipped_byte_is_named(tmp_path: Path) -> None:
    published = publish(built(tmp_path, ["2001"]), tmp_path, tmp_path / "output")
    (path,) = files_of(published.folder, "dates")
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    assert verify(published.folder) == [f"dates/{path.name}: bytes differ from SHA256SUMS"]


def test_another_schema_is_named(tmp_path: Path) -> None:
    published = publish(built(tmp_path, ["2001"]), tmp_path, tmp_path / "output")
    (path,) = files_of(published.folder, "dates")
    pq.write_table(pa.table({"date_id": ["x"]}), path)
    assert any("another schema" in fault for fault in check(published.folder))


def test_a_folder_in_the_way_of_the_link_is_left_alone(tmp_path: Path) -> None:
    output = tmp_path / "output"
    (output / "latest").mkdir(parents=True)
    (output / "latest" / "mine.txt").write_text("mine")
    with pytest.raises(SnapshotError, match="is not a link made by a run"):
        publish(built(tmp_path, ["2001"]), tmp_path, output)
    assert (output / "latest" / "mine.txt").read_text() == "mine"


def test_old_snapshots_go_but_never_the_one_shown(tmp_path: Path) -> None:
    state, output = tmp_path / "state", tmp_path / "output"
    names = [publish(built(state, [f"200{n}"]), state, output).name for n in range(4)]
    assert sweep(state, output, keep=2, keep_hours=1) == []
    long_ago = time.time() - 7200
    for folder in snapshots(state):
        os.utime(folder, (long_ago, long_ago))
    flip(output, snapshots(state)[0])
    assert sweep(state, output, keep=2, keep_hours=1) == [names[1]]
    assert [path.name for path in snapshots(state)] == [names[0], names[2], names[3]]


def test_the_link_may_stand_on_any_relative_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    publish(built(Path("a/state"), ["2001"]), Path("a/state"), Path("b/output"))
    shutil.move(tmp_path, tmp_path.with_name("moved"))
    assert len(pq.read_table(tmp_path.with_name("moved") / "b/output/latest/dates")) == 1
