"""Rows of the snapshot shown before, taken over as Arrow batches where nothing changed.

Making the rows of a document again costs its text, its findings and a model object a row; the
snapshot that is shown has them in order, checked and compressed.  So a run that adds a
hundred documents to a hundred thousand decodes a hundred.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.publish.writer import BATCH_ROWS
from pipeline.verify import files_of
from schemas.tables import TABLES


class Earlier:
    """The tables of a snapshot that are ordered by document, read once from front to back."""

    def __init__(self, folder: Path) -> None:
        self._cursors = {
            name: _Cursor(files_of(folder, name))
            for name, model in TABLES.items()
            if model.order[0] == "document_id"
        }

    def take(self, after: str, before: str | None) -> Iterator[tuple[str, pa.RecordBatch]]:
        """Rows of all documents between two ids, with the name of their table.

        Stretches must be asked for in the order of the documents.

        Args:
            after: the rows of this document, which need not be there, are passed over.
            before: here they end; None for the end of the tables.
        """
        for name, cursor in self._cursors.items():
            for rows in cursor.take(after, before):
                yield name, rows


class _Cursor:
    def __init__(self, paths: list[Path]) -> None:
        self._batches = _batches(paths)
        self._rows: pa.RecordBatch | None = next(self._batches, None)

    def take(self, after: str, before: str | None) -> Iterator[pa.RecordBatch]:
        while self._rows is not None:
            ids = self._rows.column("document_id")
            start, end = _place(bisect_right, ids, after), len(ids)
            if before is not None and ids[end - 1].as_py() >= before:
                end = _place(bisect_left, ids, before)
            if end > start:
                yield self._rows.slice(start, end - start)
            if end < len(ids):
                self._rows = self._rows.slice(end)
                return
            self._rows = next(self._batches, None)


def _place(side: Callable[..., int], ids: pa.Array, key: str) -> int:
    return side(range(len(ids)), key, key=lambda place: ids[place].as_py())


def _batches(paths: list[Path]) -> Iterator[pa.RecordBatch]:
    for path in paths:
        # Read by this thread, as it goes: what others read ahead costs memory that must be cleared.
        with pq.ParquetFile(path, pre_buffer=False) as file:
            # One row group at a time: its characters are bounded, those of a batch are not.
            for group in range(file.num_row_groups):
                for rows in file.iter_batches(BATCH_ROWS, row_groups=[group], use_threads=False):
                    if len(rows):
                        yield rows
