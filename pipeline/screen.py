"""What a person sees while a run goes on and at its end: bars or plain lines, one table."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Literal

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

    def __init__(self, console: Console, log_format: Literal["plain", "json"]) -> None:
        self._console = console
        self._log_format = log_format
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
        done, total = self._done[stage], self._total[stage]
        if self._log_format == "json":
            line = json.dumps({"stage": stage, "done": done, "total": total})
        else:
            line = f"{stage}: {done} of {total} done"
        self._console.print(line, markup=False, highlight=False, soft_wrap=True)


@contextmanager
def watch(console: Console, log_format: Literal["plain", "json"]) -> Iterator[Watch]:
    """Bars on a terminal, lines elsewhere and where JSON is asked for."""
    if not console.is_terminal or console.quiet or log_format == "json":
        yield Lines(console, log_format)
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
    table.add_row("files and records found", str(rows["sources"]))
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
    for alarm in record.alarms:
        console.print(f"Look at {alarm}", style="bold", markup=False, soft_wrap=True)
    console.print(f"Tables: {record.output}/<table>/*.parquet", soft_wrap=True)
    console.print(f"Report: {record.report}", soft_wrap=True)


def print_runs(console: Console, records: Sequence[RunRecord]) -> None:
    """Print how the last runs went: pace, seconds a stage, growth, nulls that moved, alarms.

    Args:
        console: where to.
        records: oldest first; at least one.
    """
    table = Table(title="Last runs", title_justify="left")
    for column in ("run", "outcome", "extracted", "words/s", "CPU s", "seconds a stage", "rows"):
        table.add_column(column, justify="left" if column in {"run", "outcome"} else "right")
    for earlier, record in zip((None, *records), records, strict=False):
        seconds: dict[str, float] = {}
        for one in record.stages:
            seconds[one.stage] = seconds.get(one.stage, 0) + one.seconds
        words = sum(one.words for one in record.stages if one.stage == "extract")
        table.add_row(
            record.run[:15],
            record.outcome,
            str(record.extracted_documents),
            f"{words / seconds['extract']:,.0f}" if words else "",
            f"{record.cpu_seconds:.1f}",
            ", ".join(f"{stage} {taken:.1f}" for stage, taken in seconds.items()),
            _growth(earlier, record),
        )
    console.print(table)
    for line in _moved_nulls(records):
        console.print(line, markup=False, soft_wrap=True)
    for alarm in records[-1].alarms:
        console.print(f"Look at {alarm}", style="bold", markup=False, soft_wrap=True)


def _growth(earlier: RunRecord | None, record: RunRecord) -> str:
    """All rows of the tables, and how many more than the run before."""
    total = sum(count for _, count in record.rows)
    if earlier is None:
        return f"{total:,}"
    return f"{total:,} ({total - sum(count for _, count in earlier.rows):+,})"


def _moved_nulls(records: Sequence[RunRecord]) -> Iterator[str]:
    """The columns whose share of nulls moved by a hundredth or more over the runs."""
    counted = [record for record in records if record.null_rates]
    if len(counted) < 2:
        return
    first = {(one.table, one.column): one.share for one in counted[0].null_rates}
    for one in counted[-1].null_rates:
        before = first.get((one.table, one.column))
        if before is not None and abs(before - one.share) >= 0.01:
            yield f"{one.table}.{one.column}: null in {before:.0%} of the rows, now {one.share:.0%}"
