from __future__ import annotations

import datetime as dt
import errno
import hashlib
import importlib
import json
import os
import re
import shutil
import tempfile
import time
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import SnapshotError
from pipeline.publish import Earlier, SnapshotWriter, current, publish, show, snapshots, sweep
from pipeline.publish.describe import describe
from pipeline.verify import check, counts_of, files_of, sha256_of, verify
from schemas import TABLES
from schemas.tables import DateRow, DocumentRow, PassageRow, SourceRow
from tests.benchmarks import bench_publish
from tests.conftest import Home

EMPTY = ("partnerships", "rejects")
TABLE_SCHEMA_TYPES = {"string", "integer", "number", "boolean", "date", "time", "array"}


def document_id(number: int) -> str:
    return f"{number:020x}"


def add_document(
    writer: SnapshotWriter,
    number: int,
    text: str,
    *,
    is_good: bool = True,
    title: str | None = None,
    passage_count: int = 1,
) -> None:
    identity = document_id(number)
    writer.add(
        DocumentRow(
            document_id=identity,
            title=title,
            publisher=None,
            byline=None,
            category=None,
            url=None,
            published_date=None,
            published_edtf=None,
            published_time=None,
            published_basis="none",
            issuer=None,
            language="en",
            format="text",
            dropped=None,
            encoding="utf-8",
            repairs=(),
            text=text,
            passage_count=passage_count,
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
    show(output, first.folder, "link")  # as if the second run had been killed before its flip
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
    monkeypatch.setattr("pipeline.publish.writer.GROUNDED", ())
    writer = built(tmp_path, ["2001", "2002"], is_good=False)
    describe(writer.folder, writer.close())
    assert [fault.split(":")[0] for fault in verify(writer.folder)] == ["dates", "dates"]


def test_long_documents_end_a_row_group_early(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.publish.writer.BATCH_CHARS", 8_000)
    monkeypatch.setattr("pipeline.publish.writer.GROUP_CHARS", 16_000)
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
    monkeypatch.setattr("pipeline.publish.writer.ROW_GROUP", 100)
    monkeypatch.setattr("pipeline.publish.writer.BATCH_ROWS", 50)
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


def test_an_unchanged_table_is_the_same_file(tmp_path: Path) -> None:
    first = publish(built(tmp_path, ["2001"]), tmp_path, tmp_path / "output")
    second = publish(built(tmp_path, ["2002"]), tmp_path, tmp_path / "output")
    for name in TABLES:
        (one,), (two,) = files_of(first.folder, name), files_of(second.folder, name)
        assert one.samefile(two) == (name in {"sources", "entities", "money", "relations", *EMPTY})
        assert two.stat().st_nlink == (2 if one.samefile(two) else 1)
    assert verify(second.folder) == []


def test_where_no_hard_link_can_be_the_written_file_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> None:
        raise OSError(errno.EXDEV, "Invalid cross-device link")

    monkeypatch.setattr(os, "link", refused)
    publish(built(tmp_path, ["2001"]), tmp_path, tmp_path / "output")
    second = publish(built(tmp_path, ["2002"]), tmp_path, tmp_path / "output")
    assert {path.stat().st_nlink for path in second.folder.rglob("*.parquet")} == {1}
    assert verify(second.folder) == []


def test_the_data_package_says_what_is_there(tmp_path: Path) -> None:
    published = publish(built(tmp_path, ["2001", "2002"]), tmp_path, tmp_path / "output")
    package = json.loads((published.folder / "datapackage.json").read_text())
    assert re.fullmatch(r"[-a-z0-9._/]+", package["name"])
    resources = {each["name"]: each for each in package["resources"]}
    assert list(resources) == list(TABLES)
    for name, each in resources.items():
        (path,) = files_of(published.folder, name)
        # A list of one is refused by the validator of the standard's own tools.
        assert each["path"] == f"{name}/{path.name}"
        assert each["bytes"] == path.stat().st_size
        assert each["hash"] == f"sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}"
        fields = {field["name"]: field for field in each["schema"]["fields"]}
        assert {field["type"] for field in fields.values()} <= TABLE_SCHEMA_TYPES
        assert all(field["description"] for field in fields.values())
        assert set(each["schema"]["primaryKey"]) <= set(fields)
        for key in each["schema"]["foreignKeys"]:
            other = resources[key["reference"]["resource"] or name]
            assert set(key["fields"]) <= set(fields)
            assert len(key["fields"]) == len(key["reference"]["fields"])
            there = {one["name"] for one in other["schema"]["fields"]}
            assert set(key["reference"]["fields"]) <= there
    assert resources["dates"]["rows"] == 2
    status = next(
        field for field in resources["sources"]["schema"]["fields"] if field["name"] == "status"
    )
    assert status["constraints"]["enum"] == ["processed", "quarantined", "skipped"]


def test_tables_that_another_version_describes_otherwise_are_published_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = publish(built(tmp_path, ["2001"]), tmp_path, tmp_path / "output")
    module = importlib.import_module("pipeline.publish.describe")
    monkeypatch.setattr(module, "_README", "# Told in other words\n")
    second = publish(built(tmp_path, ["2001"]), tmp_path, tmp_path / "output")
    assert second.is_new
    assert second.name.partition("-")[2] == first.name.partition("-")[2]
    assert (tmp_path / "output/latest/README.md").read_text().startswith("# Told in other words")
    assert not publish(built(tmp_path, ["2001"]), tmp_path, tmp_path / "output").is_new


def type_of(value: object) -> str:
    """The type of Table Schema that a value has."""
    kinds = (
        (bool, "boolean"),
        (int, "integer"),
        (float | Decimal, "number"),
        (dt.date, "date"),
        (dt.time, "time"),
        (list, "array"),
        (str, "string"),
    )
    return next(name for kind, name in kinds if isinstance(value, kind))


def test_each_value_is_as_the_data_package_says(samples: Home) -> None:
    """What validators of the standard ask: types, required, unique, one of a list, keys."""
    folder = (samples.settings.output / "latest").resolve()
    package = json.loads((folder / "datapackage.json").read_text())
    rows = {
        each["name"]: pq.read_table(folder / each["path"]).to_pylist()
        for each in package["resources"]
    }
    lists = 0
    for each in package["resources"]:
        assert len(rows[each["name"]]) == each["rows"]
        for field in each["schema"]["fields"]:
            values = [row[field["name"]] for row in rows[each["name"]]]
            there = [value for value in values if value is not None]
            limits = field["constraints"]
            assert not limits["required"] or len(there) == len(values)
            assert not limits.get("unique") or len(set(there)) == len(there)
            assert {type_of(value) for value in there} <= {field["type"]}
            assert "enum" not in limits or set(there) <= set(limits["enum"])
            if field["type"] == "array":
                items = [item for value in there for item in value]
                lists += len(items)
                assert {type_of(item) for item in items} <= {field["arrayItem"]["type"]}
                allowed = field["arrayItem"].get("constraints", {}).get("enum", items)
                assert set(items) <= set(allowed)
        for key in each["schema"]["foreignKeys"]:
            other = rows[key["reference"]["resource"] or each["name"]]
            (column,), (target,) = key["fields"], key["reference"]["fields"]
            known = {row[target] for row in other}
            assert {row[column] for row in rows[each["name"]]} - {None} <= known
    assert lists > 0


def test_files_that_are_missing_strange_or_misdescribed_are_named(tmp_path: Path) -> None:
    folder = publish(built(tmp_path, ["2001"]), tmp_path, tmp_path / "output").folder
    (folder / "dates" / "mine.parquet").write_bytes(b"")
    (folder / "README.md").unlink()
    assert verify(folder) == [
        "README.md: missing",
        "dates/mine.parquet: not named in SHA256SUMS",
    ]
    (folder / "dates" / "mine.parquet").unlink()
    package = json.loads((folder / "datapackage.json").read_text())
    package["resources"][0]["rows"] = 7
    package["resources"] = package["resources"][:-1]
    (folder / "datapackage.json").write_text(json.dumps(package))
    sums = (folder / "SHA256SUMS").read_text().splitlines()
    kept = [line for line in sums if not line.endswith((".md", ".json"))]
    kept.append(f"{sha256_of(folder / 'datapackage.json')}  datapackage.json")
    (folder / "SHA256SUMS").write_text("\n".join(kept) + "\n")
    assert verify(folder) == [
        "datapackage.json: table rejects is missing",
        "datapackage.json: rows of sources is not 1",
    ]
    (folder / "SHA256SUMS").unlink()
    assert verify(folder) == ["SHA256SUMS: missing"]


def test_counts_that_do_not_add_up_are_named(tmp_path: Path) -> None:
    writer = built(tmp_path, ["2001"])
    add_document(writer, 7, "2002")
    add_document(writer, 8, "2003", passage_count=3)
    writer.close()
    faults = check(writer.folder)
    assert "documents: no row of sources holds it (2 rows)" in faults
    assert any("passage_count or repeat_count is not that" in fault for fault in faults)


@given(
    cuts=st.lists(st.integers(0, 60), max_size=6),
    long=st.sets(st.integers(0, 59), max_size=8),
    changed=st.sets(st.integers(0, 59), max_size=8),
)
@settings(max_examples=25, deadline=None)
def test_rows_taken_over_make_the_same_bytes_as_rows_made_again(
    cuts: list[int], long: set[int], changed: set[int]
) -> None:
    def text(number: int) -> str:
        year = "1999" if number in changed else "2001"
        return year * (400 if number in long else 1)

    with (
        tempfile.TemporaryDirectory() as name,
        pytest.MonkeyPatch.context() as patch,
    ):
        folder = Path(name)
        patch.setattr("pipeline.publish.writer.ROW_GROUP", 17)
        patch.setattr("pipeline.publish.writer.BATCH_ROWS", 5)
        patch.setattr("pipeline.publish.writer.GROUP_CHARS", 4_000)
        whole = publish(built(folder / "a", [text(n) for n in range(60)]), folder / "a", folder)
        writer = SnapshotWriter(folder / "b")
        for number in range(60):
            add_source(writer, number)
        earlier = Earlier(whole.folder)
        edges = sorted({0, 60, *cuts})
        for turn, (start, end) in enumerate(pairwise(edges)):
            if turn % 2:
                for number in range(start, end):
                    add_document(writer, number, text(number))
            else:
                before = document_id(start - 1) if start else ""
                for table, rows in earlier.take(before, document_id(end)):
                    writer.add_published(table, rows)
        again = publish(writer, folder / "b", folder / "b" / "output")
        assert again.name == whole.name


@pytest.mark.parametrize("documents", [3, 40])
def test_a_failure_of_the_thread_that_writes_ends_the_snapshot(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, documents: int
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("pipeline.publish.writer.ROW_GROUP", 17)
    monkeypatch.setattr(pq.ParquetWriter, "write_table", full)
    writer = SnapshotWriter(tmp_path)
    with pytest.raises(OSError, match="No space left") as caught, writer:
        for number in range(documents):
            add_source(writer, number)
        for number in range(documents):
            add_document(writer, number, "2001")
        publish(writer, tmp_path, tmp_path / "output")
    assert caught.value.errno == errno.ENOSPC
    assert not writer.folder.exists()
    assert not (tmp_path / "output").exists()


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
    show(output, snapshots(state)[0], "link")
    assert sweep(state, output, keep=2, keep_hours=1) == [names[1]]
    assert [path.name for path in snapshots(state)] == [names[0], names[2], names[3]]


def test_the_link_may_stand_on_any_relative_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    publish(built(Path("a/state"), ["2001"]), Path("a/state"), Path("b/output"))
    shutil.move(tmp_path, tmp_path.with_name("moved"))
    assert len(pq.read_table(tmp_path.with_name("moved") / "b/output/latest/dates")) == 1


def test_the_rows_of_the_benchmark_are_rows() -> None:
    for row in (bench_publish.source_of(3), *bench_publish.rows_of(3, 1)):
        assert set(row.model_fields_set) == set(type(row).columns())
        type(row).model_validate(dict(row))
