"""Rows -> one snapshot of Parquet files -> one rename that shows it.

A snapshot is a folder of its own, built aside, checked, made durable, named by its
content and never changed again; `output/latest` is a symlink to it, and the flip is one
`rename`.  File names carry a hash of their bytes, because readers open a file more than
once: under a constant name they can mix the footer of one snapshot with the data of
the next, and were seen to answer 0 rows without an error.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.errors import SnapshotError
from pipeline.relations import Relations
from pipeline.verify import FOREIGN_KEYS, SUMS, check, files_of, sha256_of
from schemas.arrow import arrow_schema
from schemas.tables import (
    TABLES,
    DocumentRow,
    Mention,
    PartnershipRow,
    PassageRow,
    RejectRow,
    Row,
)

SNAPSHOTS = "snapshots"
LATEST = "latest"
ROW_GROUP = 122_880
BATCH_ROWS = 12_288
# Whole documents are long: beyond so many characters a batch or a row group ends early.
BATCH_CHARS = 8_000_000
GROUP_CHARS = 64_000_000

_SNAPSHOT_NAME = re.compile(r"\d{6,}-[0-9a-f]{12}")


@dataclass(frozen=True)
class Published:
    """What a run published."""

    name: str
    folder: Path
    rows: tuple[tuple[str, int], ...]
    is_new: bool


class SnapshotWriter:
    """Builds a snapshot aside: `add` rows in the order of their tables, then `close`.

    Rows of a table must come sorted by `Row.order`, a document before what was found in it;
    nothing is sorted here, so that memory holds a batch of rows and no table.
    """

    def __init__(self, state: Path) -> None:
        self._root = state / SNAPSHOTS
        self._root.mkdir(parents=True, exist_ok=True)
        for left in self._root.glob(".building-*"):
            shutil.rmtree(left)
        self.folder = self._root / f".building-{os.getpid()}"
        self._tables = {name: _TableWriter(model, self.folder) for name, model in TABLES.items()}
        self._document: DocumentRow | None = None
        self._relations = Relations()

    def add(self, row: Row) -> None:
        """Add one row to its table; statements are also counted for `relations`.

        Raises:
            SnapshotError: its text is not the words of its span in the document added last.
        """
        if isinstance(row, DocumentRow):
            self._document = row
        elif isinstance(row, PassageRow | Mention | RejectRow):
            self._check_grounding(row)
        if isinstance(row, PartnershipRow) and self._document is not None:
            self._relations.add(row, self._document.published_date)
        self._tables[row.table].add(row)

    def close(self) -> tuple[tuple[str, int], ...]:
        """End all files; gives the number of rows a table."""
        for relation in self._relations.rows():
            self._tables[relation.table].add(relation)
        return tuple((name, table.close()) for name, table in self._tables.items())

    def _check_grounding(self, row: PassageRow | Mention | RejectRow) -> None:
        document = self._document
        if (
            document is None
            or row.document_id != document.document_id
            or row.text != document.text[row.start_char : row.end_char]
        ):
            shutil.rmtree(self.folder)
            raise SnapshotError(
                f"{row.table}: the text of {row.document_id}:{row.start_char} is not the words of "
                "its span; nothing was published."
            )


class _TableWriter:
    """Writes one Parquet file; the same rows make the same batches, groups and bytes."""

    def __init__(self, model: type[Row], folder: Path) -> None:
        self._columns = model.columns()
        self._schema = arrow_schema(model)
        self._folder = folder / model.table
        self._folder.mkdir(parents=True)
        self._path = self._folder / f"{model.table}.parquet"
        self._rows: list[Row] = []
        self._chars = 0
        self._batches: list[pa.RecordBatch] = []
        self._batched_rows = 0
        self._batched_chars = 0
        self._written = 0
        self._writer = pq.ParquetWriter(
            self._path,
            self._schema,
            compression="zstd",
            compression_level=3,
            write_page_index=True,
            use_dictionary=_dictionary_columns(self._schema),
        )

    def add(self, row: Row) -> None:
        self._rows.append(row)
        self._chars += len(getattr(row, "text", ""))
        if len(self._rows) >= BATCH_ROWS or self._chars >= BATCH_CHARS:
            self._end_batch()
            if self._batched_rows >= ROW_GROUP or self._batched_chars >= GROUP_CHARS:
                self._end_group()

    def close(self) -> int:
        self._end_batch()
        self._end_group()
        self._writer.close()
        digest = sha256_of(self._path)[:12]
        self._path.rename(self._folder / f"{self._path.stem}-{digest}.parquet")
        return self._written

    def _end_batch(self) -> None:
        columns = [
            pa.array([getattr(row, name) for row in self._rows], type=self._schema.field(name).type)
            for name in self._columns
        ]
        self._batches.append(pa.RecordBatch.from_arrays(columns, schema=self._schema))
        self._batched_rows += len(self._rows)
        self._batched_chars += self._chars
        self._rows.clear()
        self._chars = 0

    def _end_group(self) -> None:
        table = pa.Table.from_batches(self._batches, schema=self._schema)
        if len(table):
            self._writer.write_table(table, row_group_size=len(table))
        self._written += len(table)
        self._batches.clear()
        self._batched_rows = 0
        self._batched_chars = 0


def _dictionary_columns(schema: pa.Schema) -> list[str]:
    # Ids and long texts hardly repeat: a dictionary of them only makes the file larger.
    return [
        field.name
        for field in schema
        if pa.types.is_string(field.type)
        and not field.name.endswith("_id")
        and field.name != "text"
    ]


def publish(writer: SnapshotWriter, state: Path, output: Path) -> Published:
    """Check what `writer` built and show it as `output/latest`.

    When the bytes are those already shown nothing is touched.

    Raises:
        SnapshotError: a check failed, or `output/latest` is not a link of ours; nothing was
            flipped.
    """
    rows = writer.close()
    if faults := check(writer.folder):
        shutil.rmtree(writer.folder)
        raise SnapshotError(f"the new snapshot is faulty, nothing was published: {faults[0]}")
    digest = _content_hash(writer.folder)
    shown = current(output)
    if shown is not None and shown.name.endswith(f"-{digest}"):
        shutil.rmtree(writer.folder)
        return Published(shown.name, shown, rows, is_new=False)
    _describe(writer.folder, rows)
    _make_durable(writer.folder)
    root = state / SNAPSHOTS
    newest = snapshots(state)[-1:]
    if newest and newest[0].name.endswith(f"-{digest}"):
        # A run was killed between making this very snapshot and showing it.
        shutil.rmtree(writer.folder)
        flip(output, newest[0])
        return Published(newest[0].name, newest[0], rows, is_new=True)
    numbers = [int(path.name.partition("-")[0]) for path in snapshots(state)]
    folder = root / f"{max(numbers, default=0) + 1:06d}-{digest}"
    writer.folder.rename(folder)
    _sync_folder(root)
    flip(output, folder)
    return Published(folder.name, folder, rows, is_new=True)


def flip(output: Path, folder: Path) -> None:
    """Make `output/latest` a link to the snapshot in `folder`, by one rename.

    Raises:
        SnapshotError: something that is not a link stands at `output/latest`.
    """
    output.mkdir(parents=True, exist_ok=True)
    link = output / LATEST
    if link.exists() and not link.is_symlink():
        raise SnapshotError(f"{link} is not a link made by a run; move it away, then run again.")
    aside = output / f".{LATEST}-{os.getpid()}"
    with suppress(FileNotFoundError):
        aside.unlink()
    aside.symlink_to(os.path.relpath(folder, output), target_is_directory=True)
    aside.replace(link)
    _sync_folder(output)


def current(output: Path) -> Path | None:
    """The snapshot folder that `output/latest` shows, or None."""
    link = output / LATEST
    return link.resolve() if link.is_symlink() and link.is_dir() else None


def snapshots(state: Path) -> list[Path]:
    """All snapshot folders, oldest first."""
    root = state / SNAPSHOTS
    if not root.is_dir():
        return []
    return sorted(path for path in root.iterdir() if _SNAPSHOT_NAME.fullmatch(path.name))


def sweep(state: Path, output: Path, keep: int, keep_hours: float) -> list[str]:
    """Remove snapshots beyond the last `keep` and older than `keep_hours`; gives their names."""
    shown = current(output)
    removed = []
    for folder in snapshots(state)[:-keep]:
        age_hours = (time.time() - folder.stat().st_mtime) / 3600
        if folder.resolve() != shown and age_hours > keep_hours:
            shutil.rmtree(folder)
            removed.append(folder.name)
    return removed


def _describe(folder: Path, rows: Sequence[tuple[str, int]]) -> None:
    resources = [_resource(folder, name, count) for name, count in rows]
    package = {"name": "dataset", "profile": "tabular-data-package", "resources": resources}
    text = json.dumps(package, indent=1, ensure_ascii=False)
    (folder / "datapackage.json").write_text(text + "\n", encoding="utf-8")
    lines = [f"| {name} | {count} |" for name, count in rows]
    (folder / "README.md").write_text(_README + "\n".join(lines) + "\n", encoding="utf-8")
    sums = [
        f"{sha256_of(path)}  {path.relative_to(folder).as_posix()}"
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    ]
    (folder / SUMS).write_text("\n".join(sums) + "\n", encoding="utf-8")


_README = """# One snapshot of the dataset

Never changed after it was made: a later run makes another folder. `datapackage.json` describes
every column, `SHA256SUMS` holds the checksum of every file (`sha256sum -c SHA256SUMS`).

| table | rows |
|---|---|
"""


def _resource(folder: Path, name: str, count: int) -> dict[str, object]:
    model = TABLES[name]
    schema = arrow_schema(model)
    paths = files_of(folder, name)
    return {
        "name": name,
        "path": [path.relative_to(folder).as_posix() for path in paths],
        "format": "parquet",
        "description": " ".join((model.__doc__ or "").split()),
        "rows": count,
        "bytes": sum(path.stat().st_size for path in paths),
        "schema": {
            "fields": [
                {
                    "name": field.name,
                    "type": str(field.type),
                    "description": model.model_fields[field.name].description,
                    "constraints": {"required": not field.nullable},
                }
                for field in schema
            ],
            "primaryKey": list(model.key),
            "foreignKeys": [
                {"fields": column, "reference": {"resource": other, "fields": key}}
                for table, column, other, key in FOREIGN_KEYS
                if table == name
            ],
        },
    }


def _content_hash(folder: Path) -> str:
    names = sorted(path.name for name in TABLES for path in files_of(folder, name))
    return hashlib.sha256("\n".join(names).encode()).hexdigest()[:12]


def _make_durable(folder: Path) -> None:
    for path in sorted(folder.rglob("*")):
        if path.is_dir():
            _sync_folder(path)
        else:
            with path.open("rb") as stream:
                os.fsync(stream.fileno())
    _sync_folder(folder)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
