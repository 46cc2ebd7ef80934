"""What a person sees while a run goes on and at its end: bars or plain lines, one table."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)
from rich.table import Table

from pipeline.receipts import RunRecord
from pipeline.run import Watch


class Bars:
    """A progress bar a stage."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._tasks: dict[str, TaskID] = {}

    def begin(self, stage: str, total: int) -> None:
        """Show an empty bar."""
        self._tasks[stage] = self._progress.add_task(stage, total=total)

    def advance(self, stage: str, steps: int) -> None:
        """Fill the bar by so many steps."""
        self._progress.advance(self._tasks[stage], steps)

    def end(self, stage: str) -> None:
        """Stop the clock of the bar."""
        self._progress.stop_task(self._tasks[stage])


class Lines:
    """A line a stage, for logs and pipes."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._done: dict[str, int] = {}
        self._total: dict[str, int] = {}

    def begin(self, stage: str, total: int) -> None:
        """Note how much there is to do."""
        self._done[stage], self._total[stage] = 0, total

    def advance(self, stage: str, steps: int) -> None:
        """Count steps."""
        self._done[stage] += steps

    def end(self, stage: str) -> None:
        """Print the line."""
        self._console.print(f"{stage}: {self._done[stage]} of {self._total[stage]} done")


@contextmanager
def watch(console: Console) -> Iterator[Watch]:
    """Bars on a terminal, plain lines elsewhere."""
    if not console.is_terminal:
        yield Lines(console)
        return
    columns = (TextColumn("{task.description:>8}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeElapsedColumn(), console=console) as progress:
        yield Bars(progress)


def print_summary(console: Console, record: RunRecord) -> None:
    """Print the one table that says what a run found, made and took."""
    for note in record.notes:
        console.print(f"Note: {note}", soft_wrap=True, markup=False)
    if record.outcome == "unchanged":
        console.print("Nothing new in raw/: nothing was touched.")
    rows = dict(record.rows)
    table = Table(title=f"Snapshot {record.snapshot}", show_header=False, title_justify="left")
    table.add_column("what")
    table.add_column("count", justify="right")
    table.add_row("files found", str(rows["sources"]))
    for status, count in record.sources:
        table.add_row(f"  {status}", str(count))
    table.add_row("documents extracted in this run", str(record.extracted_documents))
    table.add_row("passages repeated", str(record.repeats), end_section=True)
    for name, count in record.rows:
        if name != "sources":
            table.add_row(f"rows of {name}", str(count), end_section=name == record.rows[-1][0])
    for time in record.stages:
        pace = f", {time.words / time.seconds:,.0f} words/s" if time.words else ""
        table.add_row(f"{time.stage}", f"{time.seconds:.1f} s{pace}")
    console.print(table)
    console.print(f"Tables: {record.output}/<table>/*.parquet", soft_wrap=True)
    console.print(f"Report: {record.report}", soft_wrap=True)
