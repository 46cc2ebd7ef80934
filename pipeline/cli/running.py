"""The commands that do the work: run, serve."""
# ruff: noqa: PLC0415

from __future__ import annotations

import os
import re
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.ending import on_request
from pipeline.cli.options import ModelFlag, OutputFlag, RawFlag, StateFlag, app, settings_of
from pipeline.errors import QuarantineError, SettingsError

if TYPE_CHECKING:
    from pipeline.settings import Settings

DURATION = re.compile(r"(\d+)([smhd])")
UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


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
    rehash: Annotated[
        bool | None,
        typer.Option("--rehash", help="Read every file, also in archives that are told by times."),
    ] = None,
    workers: Annotated[
        int | None, typer.Option(help="Worker processes; 0: one a core.", min=0)
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the account of the run as JSON, nothing else.")
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Print nothing but errors.")] = False,
) -> None:
    """Read what is new in raw/ and publish one snapshot of all tables."""
    settings = settings_of(
        raw=raw,
        output=output,
        state=state,
        model=model,
        prefect=prefect,
        strict=strict,
        allow_removals=allow_removals,
        rehash=rehash,
        workers=workers,
    )
    from rich.console import Console

    from pipeline.journal import as_json as json_of
    from pipeline.run import Work, carry_out_directly
    from pipeline.run import run as run_stages
    from pipeline.screen import print_summary, watch

    # Standard output is for what was asked for: a script reads it.
    console = Console(stderr=as_json, quiet=quiet)

    def carry_out(work: Work) -> None:
        if settings.prefect:
            console.print("Starting Prefect; this takes some seconds (--no-prefect: without it).")
            _prefect_environment(settings)
            from pipeline.flows import run_as_flow

            run_as_flow(settings)(work)
        else:
            carry_out_directly(settings)(work)

    with on_request(), watch(console, settings.log_format) as looking_on:
        record = run_stages(settings, looking_on, carry_out)
    if as_json:
        print(json_of(record))
    else:
        print_summary(console, record)
    quarantined = dict(record.sources)["quarantined"]
    if settings.strict and quarantined:
        raise QuarantineError(f"{quarantined} files were quarantined; see `pipeline status`.")


@app.command()
def serve(
    cron: Annotated[str | None, typer.Option(help="Cron expression in UTC.")] = None,
    every: Annotated[str | None, typer.Option(help="Time between runs, such as 15m or 6h.")] = None,
    watch: Annotated[
        bool, typer.Option("--watch", help="Run when files in raw/ have settled.")
    ] = False,
    port: Annotated[int, typer.Option(help="Port of the server, if one is started.")] = 4200,
    raw: RawFlag = None,
    output: OutputFlag = None,
    state: StateFlag = None,
    model: ModelFlag = None,
) -> None:
    """Run on a schedule, or when files have settled, until ended.

    Against the server of PREFECT_API_URL, or with one of its own.
    """
    settings = settings_of(raw=raw, output=output, state=state, model=model)
    if cron is not None and every is not None:
        raise SettingsError("serve: --cron and --every exclude each other; give one.")
    if cron is None and every is None and not watch:
        raise SettingsError("serve: when is it to run? Give --cron, --every or --watch.")
    interval = None if every is None else _duration(every)
    _prefect_environment(settings)
    from pipeline.flows import scheduling_server
    from pipeline.flows import serve as serve_flow

    with scheduling_server(port, settings.state / "logs" / "prefect-server.log") as url:
        print(f"Serving on {url}; look at {url.removesuffix('/api')}, end with Ctrl-C.", flush=True)
        serve_flow(settings, cron, interval, watch)


def _duration(text: str) -> timedelta:
    match = DURATION.fullmatch(text)
    if match is None or not int(match[1]):
        raise SettingsError(f"serve: --every {text!r} is no time; write 15m, 6h or 1d.")
    return timedelta(**{UNITS[match[2]]: int(match[1])})


def _prefect_environment(settings: Settings) -> None:
    """What Prefect reads when it is imported: its folder, and nothing sent to anybody."""
    home = (settings.state / "prefect").absolute()
    home.mkdir(parents=True, exist_ok=True)
    defaults = {
        "PREFECT_HOME": str(home),
        "DO_NOT_TRACK": "1",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "180",
        "PREFECT_LOGGING_LEVEL": "WARNING",
        "OMP_NUM_THREADS": "1",
    }
    for name, value in defaults.items():
        os.environ.setdefault(name, value)
