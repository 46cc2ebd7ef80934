"""The commands that look at what is shown: status, show, rejects, repeats, report."""
# ruff: noqa: PLC0415

from __future__ import annotations

import webbrowser
from typing import Annotated

import typer

from pipeline.cli.options import OutputFlag, StateFlag, app, printable, settings_of, shown_snapshot

# Records of one file that are listed with the same reason.
SHOWN_ALIKE = 5


@app.command()
def status(output: OutputFlag = None) -> None:
    """Say what the dataset holds and which files were left out, and why."""
    settings = settings_of(output=output)
    from pipeline.verify import counts_of, open_tables

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
        for path, state, reason, message, place, count in tables.execute(query).fetchall():
            print(printable(f"{path}: {state}, {reason}: {message}"))
            if place == SHOWN_ALIKE < count:
                print(printable(f"{path}, and {count - place:,} more like it"))


@app.command()
def show(
    wanted: Annotated[str, typer.Argument(metavar="ID_OR_PATH", help="Document id or path.")],
    output: OutputFlag = None,
) -> None:
    """Print a document with every finding marked and the rule that made it."""
    settings = settings_of(output=output)
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
    open_page: Annotated[bool, typer.Option("--open", help="Open it in the browser.")] = False,
) -> None:
    """Write the report of the snapshot that is shown."""
    settings = settings_of(output=output, state=state)
    from pipeline.report import write_report

    path = write_report(shown_snapshot(settings), settings.output)
    print(path)
    if open_page:
        webbrowser.open(path.absolute().as_uri())
