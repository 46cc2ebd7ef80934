"""Rows -> the Parquet files of a snapshot that is being built aside.

The same rows make the same bytes, however they come: a row group ends after so many rows or
so many characters, counted from the first row of the table, and is written in one piece.
So rows of a snapshot that was published before may be handed over as Arrow batches, which is
some fifty times faster than making them again.

Compressing takes as long as making rows and needs no Python: a thread does it, one row group at a
time and in the order in which they were filled, while the next ones are.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date
from operator import itemgetter
from pathlib import Path
from typing import Any, NoReturn

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipeline.errors import SnapshotError, about
from pipeline.publish.kept import SNAPSHOTS
from pipeline.relations import Relations
from pipeline.verify import GROUNDED, sha256_of
from schemas.arrow import arrow_schema
from schemas.tables import TABLES, DocumentRow, PartnershipRow, Row

ROW_GROUP = 122_880
BATCH_ROWS = 12_288
# Whole documents are long: beyond so many characters a batch or a row group ends early.
BATCH_CHARS = 8_000_000
GROUP_CHARS = 64_000_000


class SnapshotWriter:
    """Builds a snapshot aside: `add` rows in the order of their tables, then `close`.

    Rows of a table must come sorted by `Row.order`, a document before what was found in it;
    nothing is sorted here, so that memory holds a batch of rows and no table.  Left as a
    context by an error, it removes what it built.
    """

    def __init__(self, state: Path) -> None:
        root = state / SNAPSHOTS
        root.mkdir(parents=True, exist_ok=True)
        for left in root.glob(".building-*"):
            shutil.rmtree(left)
        # Arrow's own pool asks the system for pages of 2 MB, has them cleared, and gives them back
        # as soon as a batch is done with.
        pa.set_memory_pool(pa.system_memory_pool())
        self.folder = root / f".building-{os.getpid()}"
        self._aside = _Aside()
        self._tables = {
            name: _TableWriter(model, self.folder, self._aside) for name, model in TABLES.items()
        }
        self._document_id = self._text = ""
        self._relations = Relations()
        # Day of publication of the documents whose rows came last.
        self._days: dict[str, date | None] = {}

    def __enter__(self) -> SnapshotWriter:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is not None:
            self.discard()

    def add(self, row: Row) -> None:
        """Add one row to its table.

        Raises:
            SnapshotError: its text is not the words of its span in the document added last.
        """
        # Ten million rows come this way: their values are reached without a detour.
        table, values = row.table, row.__dict__
        if table in GROUNDED:
            if (
                values["document_id"] != self._document_id
                or values["text"] != self._text[values["start_char"] : values["end_char"]]
            ):
                self._refuse(table, values)
        elif table == DocumentRow.table:
            self._document_id, self._text = values["document_id"], values["text"]
            self._days = {self._document_id: values["published_date"]}
        if isinstance(row, PartnershipRow):
            self._relations.add(row, self._days[row.document_id])
        self._tables[table].add(values)

    def add_columns(self, table: str, columns: Mapping[str, Sequence[Any]]) -> None:
        """Add rows of a table that stands on no text, each column as a list of values."""
        schema = self._tables[table].schema
        arrays = [pa.array(columns[field.name], type=field.type) for field in schema]
        self._tables[table].add_batch(pa.RecordBatch.from_arrays(arrays, schema=schema))

    def add_published(self, table: str, rows: pa.RecordBatch) -> None:
        """Add rows that were read from a published snapshot, which was checked when it was made."""
        if table == DocumentRow.table:
            ids, days = rows.column("document_id"), rows.column("published_date")
            self._days.update(zip(ids.to_pylist(), days.to_pylist(), strict=True))
        elif table == PartnershipRow.table:
            for values in rows.to_pylist():
                row = PartnershipRow.model_construct(
                    **{**values, "parties": tuple(values["parties"])}
                )
                self._relations.add(row, self._days[row.document_id])
        self._tables[table].add_batch(rows)

    def close(self) -> dict[str, tuple[int, str]]:
        """End all files; gives the number of rows and the SHA-256 of each table."""
        for relation in self._relations.rows():
            self._tables[relation.table].add(relation.__dict__)
        closed = {name: table.close() for name, table in self._tables.items()}
        self._aside.end()
        return closed

    def discard(self) -> None:
        """Remove what was built."""
        self._aside.end()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _refuse(self, table: str, values: Mapping[str, object]) -> NoReturn:
        self.discard()
        raise SnapshotError(
            f"{table}: the text of {values['document_id']}:{values['start_char']} is not the "
            "words of its span; nothing was published."
        )


class _Aside:
    """Work done in a thread, one piece after the other; one at most waits, to bound memory."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="tables")
        self._last: Future[None] | None = None

    def do(self, work: Callable[[], None]) -> None:
        """Have it done once what was asked before is done, whose error is raised here."""
        self.wait()
        self._last = self._thread.submit(work)

    def wait(self) -> None:
        """Wait until all is done that was asked for."""
        if self._last is not None:
            self._last.result()

    def end(self) -> None:
        """End the thread behind what it is doing; no error is raised any more."""
        self._thread.shutdown(wait=True)


class _TableWriter:
    """Writes one Parquet file; what is compressed is written aside."""

    def __init__(self, model: type[Row], folder: Path, aside: _Aside) -> None:
        self.schema = arrow_schema(model)
        self._aside = aside
        self._has_text = "text" in self.schema.names
        self._folder = folder / model.table
        self._folder.mkdir(parents=True)
        self._path = self._folder / f"{model.table}.parquet"
        # What waits to become a batch, and what waits to become a row group.
        # Values stand row after row in one list: of a row nothing is kept, and a column is a slice.
        self._values_of = itemgetter(*self.schema.names)
        self._values: list[object] = []
        self._rows = 0
        self._chars = 0
        self._batches: list[pa.RecordBatch] = []
        self._group_rows = 0
        self._group_chars = 0
        self._written = 0
        with about(self._path):
            self._writer = pq.ParquetWriter(
                self._path,
                self.schema,
                compression="zstd",
                compression_level=3,
                write_page_index=True,
                use_dictionary=_dictionary_columns(self.schema),
            )

    def add(self, values: Mapping[str, Any]) -> None:
        self._values += self._values_of(values)
        self._rows += 1
        self._group_rows += 1
        if self._has_text:
            chars = len(values["text"])
            self._chars += chars
            self._group_chars += chars
        if self._group_rows >= ROW_GROUP or self._group_chars >= GROUP_CHARS:
            self._end_group()
        elif self._rows >= BATCH_ROWS or self._chars >= BATCH_CHARS:
            self._end_batch()

    def add_batch(self, rows: pa.RecordBatch) -> None:
        self._end_batch()
        rows = pa.RecordBatch.from_arrays(rows.columns, schema=self.schema)
        while len(rows):
            count, chars = self._room_for(rows)
            self._batches.append(rows.slice(0, count))
            self._group_rows += count
            self._group_chars += chars
            if self._group_rows >= ROW_GROUP or self._group_chars >= GROUP_CHARS:
                self._end_group()
            rows = rows.slice(count)

    def close(self) -> tuple[int, str]:
        self._end_group()
        self._aside.wait()
        with about(self._path):
            self._writer.close()
        digest = sha256_of(self._path)
        self._path.rename(self._folder / f"{self._path.stem}-{digest[:12]}.parquet")
        return self._written, digest

    def _room_for(self, rows: pa.RecordBatch) -> tuple[int, int]:
        """How many of the rows the row group still takes, and how many characters they have."""
        room = min(len(rows), ROW_GROUP - self._group_rows)
        if not self._has_text:
            return room, 0
        lengths = pc.utf8_length(rows.column("text").slice(0, room))
        total = pc.sum(lengths).as_py() or 0
        if self._group_chars + total < GROUP_CHARS:
            return room, total
        sums = pc.cumulative_sum(pc.cast(lengths, pa.int64())).to_numpy()
        count = int((sums + self._group_chars < GROUP_CHARS).sum()) + 1
        count = min(count, room)
        return count, int(sums[count - 1])

    def _end_batch(self) -> None:
        if not self._rows:
            return
        columns = [
            pa.array(self._values[place :: len(self.schema)], type=kind)
            for place, kind in enumerate(self.schema.types)
        ]
        self._batches.append(pa.RecordBatch.from_arrays(columns, schema=self.schema))
        self._values.clear()
        self._rows = self._chars = 0

    def _end_group(self) -> None:
        self._end_batch()
        if self._batches:
            batches, self._batches = self._batches, []
            self._aside.do(lambda: self._write(batches))
        self._group_rows = 0
        self._group_chars = 0

    def _write(self, batches: Sequence[pa.RecordBatch]) -> None:
        table = pa.Table.from_batches(batches, schema=self.schema).combine_chunks()
        with about(self._path):
            self._writer.write_table(table, row_group_size=len(table))
        self._written += len(table)


def _dictionary_columns(schema: pa.Schema) -> list[str]:
    # Ids and long texts hardly repeat: a dictionary of them only makes the file larger.
    return [
        field.name
        for field in schema
        if pa.types.is_string(field.type)
        and not field.name.endswith("_id")
        and field.name != "text"
    ]
