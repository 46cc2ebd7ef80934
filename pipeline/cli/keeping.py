"""The commands about snapshots: verify, rollback."""
# ruff: noqa: PLC0415

from __future__ import annotations

from typing import Annotated

import typer

from pipeline.cli.options import OutputFlag, StateFlag, app, settings_of, shown_snapshot
from pipeline.errors import GuardError, SnapshotError


@app.command()
def verify(output: OutputFlag = None) -> None:
    """Check the snapshot that is shown: checksums, schemas, keys, offsets."""
    settings = settings_of(output=output)
    from pipeline.verify import verify as faults_of

    shown = shown_snapshot(settings)
    if faults := faults_of(shown):
        raise SnapshotError(f"{shown.name}: " + "; ".join(faults))
    print(f"{shown.name}: sound")


@app.command()
def rollback(
    name: Annotated[str | None, typer.Argument(help="Snapshot; the one before by default.")] = None,
    output: OutputFlag = None,
    state: StateFlag = None,
) -> None:
    """Show an earlier snapshot again; without a name, the one before the one shown."""
    settings = settings_of(output=output, state=state)
    from pipeline.publish import flip, snapshots
    from pipeline.state import lock

    with lock(settings.state):
        shown = shown_snapshot(settings)
        kept = {folder.name: folder for folder in snapshots(settings.state)}
        before = [folder for key, folder in kept.items() if key < shown.name]
        chosen = kept.get(name) if name else (before[-1] if before else None)
        if chosen is None:
            raise GuardError(f"no such snapshot; there are: {', '.join(kept)}.")
        flip(settings.output, chosen)
        print(chosen.name)
