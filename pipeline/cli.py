"""The command `pipeline`: reads flags, calls, prints, gives exit codes.

Exit codes: 0 done, 1 failed, 2 a setting is wrong or something is missing, 3 a guard held
the run back, 4 files were quarantined under `--strict`, 5 a snapshot is faulty, 75
another run is going on.

Whatever is heavy is imported inside the command that needs it, so that `--help` and
errors of the flags answer at once.
"""
# ruff: noqa: PLC0415

from __future__ import annotations

import json
import os
import re
import sys
import unicodedata
import webbrowser
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from pipeline.errors import GuardError, PipelineError, QuarantineError, SettingsError, SnapshotError
from pipeline.settings import Settings, Value, load_settings

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Text dropped into raw/ becomes a clean, validated dataset in Parquet.",
)

RawFlag = Annotated[Path | None, typer.Option("--raw", help="Folder that is read.")]
OutputFlag = Annotated[Path | None, typer.Option("--output", help="Folder that is written.")]
StateFlag = Annotated[Path | None, typer.Option("--state", help="Folder of cache and snapshots.")]
ModelFlag = Annotated[str | None, typer.Option("--model", help="Installed spaCy pipeline.")]

DURATION = re.compile(r"(\d+)([smhd])")
# Controls, formats (bidi overrides among them) and lone surrogates; not blanks.
UNPRINTABLE = frozenset({"Cc", "Cf", "Cs"})
UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def main() -> None:
    """Run the command; an error of the house is one line on stderr and its exit code."""
    try:
        app()
    except PipelineError as error:
        print(f"pipeline: {error}", file=sys.stderr)
        sys.exit(error.exit_code)


@app.command()
def run(
    raw: RawFlag = None,
    output: OutputFlag = None,
    state: StateFlag = None,
    model: ModelFlag = None,
    prefect: Annotated[
        bool | None, typer.Option("--prefect/--no-prefect", help="As a Prefect flow, or directly.")
    ] = None,
    strict: Annotated[
        bool | None, typer.Option("--strict", help="Exit 4 if a file was quarantined.")
    ] = None,
    allow_removals: Annotated[
        bool | None,
        typer.Option("--allow-removals", help="Go on although many known files are gone."),
    ] = None,
) -> None:
    """Read what is new in raw/ and publish one snapshot of all tables."""
    settings = _settings(
        raw=raw,
        output=output,
        state=state,
        model=model,
        prefect=prefect,
        strict=strict,
        allow_removals=allow_removals,
    )
    from pipeline.run import Work, carry_out_directly
    from pipeline.run import run as run_stages
    from pipeline.screen import print_summary, watch

    console = Console()

    def carry_out(work: Work) -> None:
        if settings.prefect:
            console.print("Starting Prefect; this takes some seconds (--no-prefect: without it).")
            _prefect_environment(settings)
            from pipeline.flows import run_as_flow

            run_as_flow(settings)(work)
        else:
            carry_out_directly(work)

    with watch(console) as looking_on:
        record = run_stages(settings, looking_on, carry_out)
    print_summary(console, record)
    quarantined = dict(record.sources)["quarantined"]
    if settings.strict and quarantined:
        raise QuarantineError(f"{quarantined} files were quarantined; see `pipeline status`.")


@app.command()
def serve(
    cron: Annotated[str | None, typer.Option(help="Cron expression in UTC.")] = None,
    every: Annotated[str | None, typer.Option(help="Time between runs, such as 15m or 6h.")] = None,
    port: Annotated[int, typer.Option(help="Port of the server, if one is started.")] = 4200,
    raw: RawFlag = None,
    output: OutputFlag = None,
    state: StateFlag = None,
    model: ModelFlag = None,
) -> None:
    """Run on a schedule until ended: against PREFECT_API_URL, or with a server of its own."""
    settings = _settings(raw=raw, output=output, state=state, model=model)
    if (cron is None) == (every is None):
        raise SettingsError("serve: give one of --cron and --every.")
    interval = None if every is None else _duration(every)
    _prefect_environment(settings)
    from pipeline.flows import scheduling_server
    from pipeline.flows import serve as serve_flow

    with scheduling_server(port, settings.state / "logs" / "prefect-server.log") as url:
        print(f"Serving on {url}; look at {url.removesuffix('/api')}, end with Ctrl-C.", flush=True)
        serve_flow(settings, cron, interval)


@app.command()
def status(output: OutputFlag = None) -> None:
    """Say what the dataset holds and which files were left out, and why."""
    settings = _settings(output=output)
    from pipeline.verify import counts_of, open_tables

    shown = _shown(settings)
    counts = counts_of(shown)
    print(f"snapshot: {shown.name}")
    for name, count in (*counts.sources, ("repeated passages", counts.repeats), *counts.rows):
        print(f"{name}: {count}")
    query = """
        SELECT path, status, reason, message FROM sources
        WHERE status <> 'processed' ORDER BY status, path
    """
    with open_tables(shown) as tables:
        for path, state, reason, message in tables.execute(query).fetchall():
            print(f"{path}: {state}, {reason}: {message}")


@app.command()
def show(
    wanted: Annotated[str, typer.Argument(metavar="ID_OR_PATH", help="Document id or path.")],
    output: OutputFlag = None,
) -> None:
    """Print a document with every finding marked and the rule that made it."""
    settings = _settings(output=output)
    from pipeline.show import show as lines_of

    for line in lines_of(_shown(settings), wanted):
        print(_printable(line))


@app.command()
def rejects(output: OutputFlag = None) -> None:
    """Print the findings that were refused, with the reason."""
    settings = _settings(output=output)
    from pipeline.verify import open_tables

    query = """
        SELECT document_id, start_char, table_name, field, reason, text
        FROM rejects ORDER BY document_id, start_char, reject_id
    """
    with open_tables(_shown(settings)) as tables:
        for document_id, start, table, field, reason, text in tables.execute(query).fetchall():
            print(_printable(f"{document_id}:{start} {table}.{field}: {reason}: {text}"))


@app.command()
def repeats(
    borderline: Annotated[int, typer.Option(help="How many pairs to print.", min=1)] = 20,
    state: StateFlag = None,
) -> None:
    """Print the pairs of passages nearest to another verdict, side by side."""
    settings = _settings(state=state)
    from pipeline.fingerprints import REPEATS, fingerprint
    from pipeline.repeats.review import borderline as nearest
    from pipeline.state import State, lock

    with lock(settings.state), State(settings.state) as kept:
        for pair in nearest(kept.near_copies(fingerprint(*REPEATS)), borderline):
            why = f", {pair.rule}" if pair.rule else ""
            print(f"{pair.outcome}{why}, {pair.margin:+.2f} from the threshold")
            print(_printable(f"  {pair.text_a}\n  {pair.text_b}"))


@app.command()
def report(
    output: OutputFlag = None,
    state: StateFlag = None,
    open_page: Annotated[bool, typer.Option("--open", help="Open it in the browser.")] = False,
) -> None:
    """Write the report of the snapshot that is shown."""
    settings = _settings(output=output, state=state)
    from pipeline.report import write_report

    path = write_report(_shown(settings), settings.output)
    print(path)
    if open_page:
        webbrowser.open(path.absolute().as_uri())


@app.command()
def verify(output: OutputFlag = None) -> None:
    """Check the snapshot that is shown: checksums, schemas, keys, offsets."""
    settings = _settings(output=output)
    from pipeline.verify import verify as faults_of

    shown = _shown(settings)
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
    settings = _settings(output=output, state=state)
    from pipeline.publish import flip, snapshots
    from pipeline.state import lock

    with lock(settings.state):
        shown = _shown(settings)
        kept = {folder.name: folder for folder in snapshots(settings.state)}
        before = [folder for key, folder in kept.items() if key < shown.name]
        chosen = kept.get(name) if name else (before[-1] if before else None)
        if chosen is None:
            raise GuardError(f"no such snapshot; there are: {', '.join(kept)}.")
        flip(settings.output, chosen)
        print(chosen.name)


@app.command()
def schema(
    write: Annotated[bool, typer.Option("--write", help="Write the generated files.")] = False,
    check: Annotated[bool, typer.Option("--check", help="Fail if one is not fresh.")] = False,
) -> None:
    """Print the data dictionary, or write or check the generated files in schemas/."""
    from schemas import generate

    if write:
        generate.write()
    elif check:
        if late := generate.stale():
            raise SettingsError(f"schemas/: not fresh: {', '.join(late)}; use --write.")
    else:
        print(generate.dictionary())


@app.command()
def config(
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Print every setting, its value and where the value came from."""
    _, listed = load_settings()
    if as_json:
        print(json.dumps({one.name: {"value": one.value, "origin": one.origin} for one in listed}))
        return
    table = Table("setting", "value", "origin", "meaning")
    for one in listed:
        table.add_row(one.name, one.value, one.origin, one.description)
    Console().print(table)


def _settings(**flags: Value | None) -> Settings:
    settings, _ = load_settings(flags)
    return settings


def _shown(settings: Settings) -> Path:
    from pipeline.publish import current

    shown = current(settings.output)
    if shown is None:
        raise GuardError(f"{settings.output}: holds no snapshot; run `pipeline run` first.")
    return shown


def _duration(text: str) -> timedelta:
    match = DURATION.fullmatch(text)
    if match is None or not int(match[1]):
        raise SettingsError(f"serve: --every {text!r} is no time; write 15m, 6h or 1d.")
    return timedelta(**{UNITS[match[2]]: int(match[1])})


def _printable(line: str) -> str:
    """`line` without characters that command a terminal or turn the order of others round."""
    return "".join(
        "\ufffd" if unicodedata.category(sign) in UNPRINTABLE and sign not in "\n\t" else sign
        for sign in line
    )


def _prefect_environment(settings: Settings) -> None:
    """What Prefect reads when it is imported: its folder, and nothing sent to anybody."""
    defaults = {
        "PREFECT_HOME": str((settings.state / "prefect").absolute()),
        "DO_NOT_TRACK": "1",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "180",
        "PREFECT_LOGGING_LEVEL": "WARNING",
        "OMP_NUM_THREADS": "1",
    }
    for name, value in defaults.items():
        os.environ.setdefault(name, value)
