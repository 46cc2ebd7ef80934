"""The commands about snapshots: verify, snapshots, diff, rollback, retry."""
# ruff: noqa: PLC0415

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from pipeline.cli.options import (
    OutputFlag,
    StateFlag,
    app,
    printable,
    settings_of,
    shown_snapshot,
)
from pipeline.errors import GuardError, SnapshotError

if TYPE_CHECKING:
    from pipeline.settings import Settings


@app.command()
def verify(output: OutputFlag = None) -> None:
    """Check the snapshot that is shown: checksums, files, schemas, keys, offsets."""
    settings = settings_of(output=output)
    from pipeline.publish import LATEST, is_shown_whole
    from pipeline.verify import REMEDY, told
    from pipeline.verify import verify as faults_of

    shown = shown_snapshot(settings)
    if faults := faults_of(shown):
        for fault in faults:
            print(printable(fault))
        raise SnapshotError(f"{shown}: {told(faults)}; {REMEDY}")
    if not is_shown_whole(settings.output, settings.layout):
        raise SnapshotError(
            f"{settings.output / LATEST}: no whole copy of {shown.name}; `pipeline run` mends it."
        )
    print(f"{shown.name}: sound")


@app.command()
def snapshots(output: OutputFlag = None, state: StateFlag = None) -> None:
    """List the snapshots that are kept: when made, rows of each table, bytes, which is shown."""
    settings = settings_of(output=output, state=state)
    from pipeline.publish import bytes_of, current
    from pipeline.publish import snapshots as kept
    from pipeline.verify import counts_of, told
    from schemas.tables import TABLES

    shown = current(settings.output)
    table = Table()
    for column in ("snapshot", "made (UTC)", "bytes", *TABLES, "shown"):
        # A name that is cut cannot be given to `rollback`.
        table.add_column(column, no_wrap=True)
    faults: list[str] = []
    for folder in kept(settings.state):
        made = datetime.fromtimestamp(folder.stat().st_mtime, UTC)
        try:
            rows = [str(count) for _, count in counts_of(folder).rows]
        except SnapshotError as error:
            # The others are what is looked for when one is damaged.
            faults.append(str(error))
            rows = ["?"] * len(TABLES)
        is_shown = "shown" if folder.resolve() == shown else ""
        when = made.strftime("%Y-%m-%d %H:%M")
        table.add_row(folder.name, when, f"{bytes_of(folder):,}", *rows, is_shown)
    Console(width=max(Console().width, 200), soft_wrap=True).print(table)
    if faults:
        raise SnapshotError(told(faults))


@app.command()
def diff(
    before: Annotated[str, typer.Argument(help="Snapshot, `previous` or `latest`.")] = "previous",
    after: Annotated[str, typer.Argument(help="Snapshot, `previous` or `latest`.")] = "latest",
    parquet: Annotated[
        Path | None, typer.Option("--parquet", help="Folder for the rows, as Parquet.")
    ] = None,
    output: OutputFlag = None,
    state: StateFlag = None,
) -> None:
    """Count the rows that came, went or changed from one snapshot to another."""
    settings = settings_of(output=output, state=state)
    from pipeline.diff import diff as differences

    one, other = _named(settings, before), _named(settings, after)
    table = Table("table", "added", "removed", "changed", title=f"{one.name} -> {other.name}")
    for each in differences(one, other, parquet):
        table.add_row(each.table, str(each.added), str(each.removed), str(each.changed))
    Console().print(table)


@app.command()
def rollback(
    name: Annotated[str | None, typer.Argument(help="Snapshot; the one before by default.")] = None,
    output: OutputFlag = None,
    state: StateFlag = None,
) -> None:
    """Show an earlier snapshot again; without a name, the one before the one shown."""
    settings = settings_of(output=output, state=state)
    from pipeline.publish import show
    from pipeline.state import lock
    from pipeline.verify import damaged, told

    with lock(settings.state):
        chosen = _named(settings, name or "previous")
        if faults := damaged(chosen):
            raise SnapshotError(
                f"{chosen}: {told(faults)}; it was not shown. `pipeline snapshots` lists others."
            )
        show(settings.output, chosen, settings.layout)
        print(chosen.name)


@app.command()
def retry(
    paths: Annotated[
        list[str] | None, typer.Argument(help="Paths below raw/; all of them by default.")
    ] = None,
    state: StateFlag = None,
) -> None:
    """Have files that the program failed on tried again by the next run."""
    settings = settings_of(state=state)
    from pipeline.stages import forgive
    from pipeline.state import lock

    with lock(settings.state):
        forgiven = forgive(settings, paths or ())
    for path in forgiven:
        print(printable(path))
    print(f"{len(forgiven)} files are tried again by the next `pipeline run`")


def _named(settings: Settings, name: str) -> Path:
    """The snapshot that goes by a name, its first digits, `latest` or `previous`."""
    from pipeline.publish import snapshots as kept

    found = kept(settings.state)
    if name in {"latest", "previous"}:
        shown = shown_snapshot(settings)
        if name == "latest":
            return shown
        chosen = [folder for folder in found if folder.name < shown.name][-1:]
    else:
        chosen = [folder for folder in found if folder.name.startswith(name)]
    if len(chosen) != 1:
        names = ", ".join(folder.name for folder in found) or "none, `pipeline run` makes one"
        raise GuardError(f"no such snapshot: {printable(name)}; there are: {names}.")
    return chosen[0]
