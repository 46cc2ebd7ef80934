"""The commands of an analyst and a reviewer: query, review."""
# ruff: noqa: PLC0415

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipeline.cli.options import OutputFlag, StateFlag, app, printable, settings_of, shown_snapshot
from pipeline.errors import GuardError

if TYPE_CHECKING:
    from pipeline.settings import Settings

SnapshotFlag = Annotated[
    str | None, typer.Option("--snapshot", help="A kept snapshot; the one shown by default.")
]


def _snapshot(settings: Settings, name: str | None) -> Path:
    from pipeline.publish import snapshots

    if name is None:
        return shown_snapshot(settings)
    kept = {folder.name: folder.resolve() for folder in snapshots(settings.state)}
    if name not in kept:
        raise GuardError(f"{name}: no such snapshot; there are: {', '.join(kept)}.")
    return kept[name]


@app.command()
def query(
    question: Annotated[str, typer.Argument(metavar="SQL", help="One statement that reads.")],
    out: Annotated[
        Path | None, typer.Option("--out", help="Write it all to x.parquet, x.csv or x.json.")
    ] = None,
    most: Annotated[int, typer.Option("--rows", help="Rows to print at most.", min=1)] = 100,
    snapshot: SnapshotFlag = None,
    before: Annotated[
        str | None,
        typer.Option("--before", help="Another snapshot, whose tables are before.<table>."),
    ] = None,
    output: OutputFlag = None,
    state: StateFlag = None,
) -> None:
    """Ask the tables in SQL (DuckDB); nothing but the snapshot can be read, and nothing written."""
    settings = settings_of(output=output, state=state)
    from pipeline.query import answer, write_answer

    folder = _snapshot(settings, snapshot)
    other = None if before is None else _snapshot(settings, before)
    if out is not None:
        count = write_answer(folder, question, out, other)
        print(f"{out}: {count} rows")
        return
    found = answer(folder, question, most, other)
    table = Table()
    for column in found.columns:
        table.add_column(Text(printable(column)))
    for row in found.rows:
        cells = ("" if value is None else printable(str(value)) for value in row)
        table.add_row(*(Text(cell) for cell in cells))
    Console().print(table)
    if found.has_more:
        print(f"The first {most} rows; --rows prints more, --out writes all.")


@app.command()
def review(
    verdicts: Annotated[Path, typer.Argument(help="The file that the report downloaded.")],
    to: Annotated[Path, typer.Option("--to", help="Folder that is written.")] = Path("review"),
    snapshot: SnapshotFlag = None,
    output: OutputFlag = None,
    state: StateFlag = None,
) -> None:
    """Turn a reader's verdicts into gold files that can be scored, and stubs of examples."""
    settings = settings_of(output=output, state=state)
    from pipeline.publish import snapshots
    from pipeline.review import STUBS, read_verdicts, write_gold

    said = read_verdicts(verdicts)
    kept = {folder.name for folder in snapshots(settings.state)}
    name = snapshot or (said.snapshot if said.snapshot in kept else None)
    gold = write_gold(_snapshot(settings, name), said, to)
    print(f"{to}: {gold.documents} documents, {gold.items} items, {gold.zones} not reviewed")
    print(f"{to / STUBS}: {gold.stubs} stubs of examples")
