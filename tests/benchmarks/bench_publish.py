"""Seconds and memory of publishing, beside DuckDB writing the same columns with no check at all.

    python -m tests.benchmarks.bench_publish [DOCUMENTS]

Synthetic rows, ten a document (its own, two passages, five entities, a date, a sum of money), go
through the real publisher: grounding, files, keys, foreign keys, checksums, fsync, flip.  Then
a hundred documents change and it publishes again, taking over all other rows.  The rows are made
beforehand for each document in turn, and what making them takes is measured alone and taken off.
The rival makes a table of as many entity rows, of a range, and writes it with COPY.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from pipeline.publish import Earlier, SnapshotWriter, publish
from schemas.tables import (
    DateRow,
    DocumentRow,
    EntityLabel,
    EntityRow,
    MoneyRow,
    PassageRow,
    Row,
    SourceRow,
)

WORDS = "Ghana paid EUR 4 million to Togo in May 2021. The ministers of Kenya met in Accra."
ENTITIES: tuple[tuple[int, int, EntityLabel], ...] = (
    (0, 5, "GPE"),
    (28, 32, "GPE"),
    (50, 59, "NORP"),
    (63, 68, "GPE"),
    (76, 81, "GPE"),
)
CHANGED = 100


def rows_of(number: int, edition: int) -> Iterator[Row]:
    """The ten rows of a document."""
    identity = f"{number:020x}"
    text = f"{WORDS}\n{number * 7919 % 1_000_003} people saw edition {edition}."
    cut = len(WORDS)
    yield DocumentRow.model_construct(
        document_id=identity, title=None, publisher="EFE", byline=None, category=None, url=None,
        published_date=None, published_edtf=None, published_time=None, published_basis="none",
        issuer=None, language="en", format="text", encoding="utf-8", repairs=(), dropped=None,
        text=text, passage_count=2, repeat_count=0,
    )  # fmt: skip
    for position, (start, end) in enumerate(((0, cut), (cut + 1, len(text)))):
        yield PassageRow.model_construct(
            passage_id=f"{identity}:{start}", document_id=identity, position=position,
            kind="paragraph", section=None, language="en", start_char=start, end_char=end,
            text=text[start:end], repeat_of=None, repeat_kind=None, similarity=None,
        )  # fmt: skip
    shared: dict[str, Any] = {
        "document_id": identity,
        "passage_id": f"{identity}:0",
        "method": "rule",
    }
    for start, end, label in ENTITIES:
        yield EntityRow.model_construct(
            **shared, entity_id=f"{number * 8 + start % 8:018x}{start:02x}", start_char=start,
            end_char=end, text=text[start:end], rule_id="place", label=label,
            name=text[start:end], country_code="GHA", wikidata_id="Q117", speaks_for=None,
        )  # fmt: skip
    yield DateRow.model_construct(
        **shared, date_id=identity, start_char=36, end_char=44, text=text[36:44],
        rule_id="month", edtf="2021-05", start_date=None, end_date=None, granularity="month",
        modifier=None, anchor="stated", anchor_date=None,
    )  # fmt: skip
    yield MoneyRow.model_construct(
        **shared, money_id=identity, start_char=11, end_char=24, text=text[11:24],
        rule_id="amount", amount=Decimal(4_000_000), amount_max=None, currency="EUR",
        currency_is_assumed=False, currency_basis="stated", qualifier="exact", role=None, per=None,
    )  # fmt: skip


def source_of(number: int) -> Row:
    """The row of the file that holds a document."""
    return SourceRow.model_construct(
        path=f"{number:09d}.txt", record=0, bytes=100, sha256=f"{number:064x}", status="processed",
        reason=None, message=None, document_id=f"{number:020x}",
    )  # fmt: skip


class Clock:
    """Wall and CPU seconds since it was made."""

    def __init__(self) -> None:
        self._wall, self._cpu = time.perf_counter(), time.process_time()

    def read(self) -> tuple[float, float]:
        """Wall and CPU seconds."""
        return time.perf_counter() - self._wall, time.process_time() - self._cpu


def line(what: str, wall: float, cpu: float) -> None:
    """Print one line of the table."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_048_576
    print(f"{what:<44}{wall:8.1f} s wall {cpu:8.1f} s CPU   peak so far {peak:5.2f} GB", flush=True)


def main() -> None:
    """Publish, publish again with a few changes, and print the table."""
    documents = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    clock = Clock()
    for number in range(documents):
        source_of(number)
        for _ in rows_of(number, 1):
            pass
    made_wall, made_cpu = clock.read()
    line("making the rows alone", made_wall, made_cpu)
    with tempfile.TemporaryDirectory() as folder:
        state, output = Path(folder) / "state", Path(folder) / "output"
        clock = Clock()
        with SnapshotWriter(state) as writer:
            for number in range(documents):
                writer.add(source_of(number))
            for number in range(documents):
                for row in rows_of(number, 1):
                    writer.add(row)
            first = publish(writer, state, output)
        wall, cpu = clock.read()
        line(f"publishing {documents:,} documents, without that", wall - made_wall, cpu - made_cpu)
        again(documents, state, output, first.folder)
        rival(documents, Path(folder) / "rival.parquet", cpu - made_cpu)


def again(documents: int, state: Path, output: Path, made: Path) -> None:
    """Publish with a hundred documents changed, evenly spread."""
    step = max(documents // CHANGED, 1)
    clock = Clock()
    with SnapshotWriter(state) as writer:
        for number in range(documents):
            writer.add(source_of(number))
        earlier = Earlier(made)
        for number in range(0, documents, step):
            for row in rows_of(number, 2):
                writer.add(row)
            for table, rows in earlier.take(f"{number:020x}", f"{number + step:020x}"):
                writer.add_published(table, rows)
        publish(writer, state, output)
    line(f"publishing again, {CHANGED} documents changed", *clock.read())


def rival(documents: int, path: Path, ours: float) -> None:
    """Have DuckDB write five rows a document, unchecked."""
    query = (
        "SELECT printf('%020x', i) AS entity_id, printf('%020x', i // 5) AS document_id, "
        "printf('%020x:0', i // 5) AS passage_id, (i % 5)::INT AS start_char, "
        "(i % 5 + 5)::INT AS end_char, 'Ghana' AS text, 'rule' AS method, 'place' AS rule_id, "
        "'GPE' AS label, 'Ghana' AS name, 'GHA' AS country_code, 'Q117' AS wikidata_id "
        f"FROM range({documents * 5}) t(i)"
    )
    clock = Clock()
    with duckdb.connect(config={"threads": "2"}) as connection:
        connection.execute(f"COPY ({query}) TO '{path}' (FORMAT parquet, COMPRESSION zstd)")
    wall, cpu = clock.read()
    line("DuckDB: half of the rows, copied unchecked", wall, cpu)
    print(f"ratio {ours / cpu:.1f} (CPU; above 1: the publisher takes more, for twice the rows)")


if __name__ == "__main__":
    main()
