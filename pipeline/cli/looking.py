"""The commands that look at what is shown: status, show, rejects, repeats, report."""
# ruff: noqa: PLC0415

from __future__ import annotations

import webbrowser
from typing import Annotated

import typer

from pipeline.cli.options import (
    OutputFlag,
    RawFlag,
    StateFlag,
    app,
    printable,
    settings_of,
    shown_snapshot,
)
from pipeline.errors import SettingsError

# Records of one file that are listed with the same reason.
SHOWN_ALIKE = 5


@app.command()
def status(
    output: OutputFlag = None,
    state: StateFlag = None,
    runs: Annotated[int, typer.Option(help="How many of the last runs to show.", min=0)] = 5,
    as_json: Annotated[
        bool, typer.Option("--json", help="The accounts of the last runs, one JSON line each.")
    ] = False,
) -> None:
    """Say what the dataset holds, which files were left out and why, and how the runs went."""
    settings = settings_of(output=output, state=state)
    from rich.console import Console

    from pipeline.journal import as_json as json_of
    from pipeline.journal import last_runs
    from pipeline.screen import print_runs
    from pipeline.verify import counts_of, open_tables

    records = last_runs(settings.state, runs)
    if as_json:
        for record in records:
            print(json_of(record))
        return
    shown = shown_snapshot(settings)
    counts = counts_of(shown)
    print(f"snapshot: {shown.name}")
    for name, count in (*counts.sources, ("repeated passages", counts.repeats), *counts.rows):
        print(f"{name}: {count}")
    # Of many records of one file that were left out for the same reason the first ones tell enough.
    query = f"""
        WITH placed AS (SELECT *, count(*) OVER (PARTITION BY path) AS records FROM sources)
        SELECT path || CASE WHEN records > 1 THEN ', record ' || record ELSE '' END, status, reason,
               message, row_number() OVER alike AS place, count(*) OVER (PARTITION BY path, reason)
        FROM placed WHERE status <> 'processed'
        WINDOW alike AS (PARTITION BY path, reason ORDER BY record)
        QUALIFY place <= {SHOWN_ALIKE} ORDER BY status, path, record
    """
    with open_tables(shown) as tables:
        for path, became, reason, message, place, count in tables.execute(query).fetchall():
            print(printable(f"{path}: {became}, {reason}: {message}"))
            if place == SHOWN_ALIKE < count:
                print(printable(f"{path}, and {count - place:,} more like it"))
    if records:
        print_runs(Console(), records)


@app.command()
def show(
    wanted: Annotated[str, typer.Argument(metavar="ID_OR_PATH", help="Document id or path.")],
    output: OutputFlag = None,
    raw: RawFlag = None,
    passages: Annotated[
        bool, typer.Option("--passages", help="How the file is read, whether it was run or not.")
    ] = False,
) -> None:
    """Print a document with every finding marked and the rule that made it."""
    settings = settings_of(output=output, raw=raw)
    if passages:
        from pipeline.reading import find_file, read_aloud
        from pipeline.show import paths_of

        file = find_file(wanted, settings.raw)
        if file is None:
            # A document id: any of its files tells how it was read.
            paths = paths_of(shown_snapshot(settings), wanted)
            file = next((found for one in paths if (found := find_file(one, settings.raw))), None)
        if file is None:
            raise SettingsError(f"{wanted}: no such file, here or in {settings.raw}.")
        for line in read_aloud(file, settings.raw, settings.max_file_bytes):
            print(printable(line))
        return
    from pipeline.show import show as lines_of

    for line in lines_of(shown_snapshot(settings), wanted):
        print(printable(line))


@app.command()
def rejects(output: OutputFlag = None) -> None:
    """Print the findings that were refused, with the reason."""
    settings = settings_of(output=output)
    from pipeline.verify import open_tables

    query = """
        SELECT document_id, start_char, table_name, field, reason, text
        FROM rejects ORDER BY document_id, start_char, reject_id
    """
    with open_tables(shown_snapshot(settings)) as tables:
        for document_id, start, table, field, reason, text in tables.execute(query).fetchall():
            print(printable(f"{document_id}:{start} {table}.{field}: {reason}: {text}"))


@app.command()
def repeats(
    borderline: Annotated[int, typer.Option(help="How many pairs to print.", min=1)] = 20,
    state: StateFlag = None,
) -> None:
    """Print the pairs of passages nearest to another verdict, side by side."""
    settings = settings_of(state=state)
    from pipeline.fingerprints import REPEATS, fingerprint
    from pipeline.repeats.review import borderline as nearest
    from pipeline.state import State, lock

    with lock(settings.state), State(settings.state) as kept:
        for pair in nearest(kept.near_copies(fingerprint(*REPEATS)), borderline):
            why = f", {pair.rule}" if pair.rule else ""
            print(f"{pair.outcome}{why}, {pair.margin:+.2f} from the threshold")
            print(printable(f"  {pair.text_a}\n  {pair.text_b}"))


@app.command()
def report(
    output: OutputFlag = None,
    state: StateFlag = None,
    document: Annotated[
        list[str] | None,
        typer.Option("--document", help="Id of a document that must get a page; repeatable."),
    ] = None,
    open_page: Annotated[bool, typer.Option("--open", help="Open it in the browser.")] = False,
) -> None:
    """Write the report of the snapshot that is shown."""
    settings = settings_of(output=output, state=state)
    from pipeline.report import write_report
    from pipeline.state import lock

    with lock(settings.state):
        shown = shown_snapshot(settings)
        wanted = tuple(document or ())
        path = write_report(shown, settings.output, settings.state, settings.report_pages, wanted)
    print(path)
    if open_page:
        webbrowser.open(path.absolute().as_uri())
