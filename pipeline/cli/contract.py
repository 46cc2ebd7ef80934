"""The commands about what is fixed: schema, config."""
# ruff: noqa: PLC0415

from __future__ import annotations

import json
from typing import Annotated

import typer

from pipeline.cli.options import app
from pipeline.errors import SettingsError


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
    from pipeline.settings import load_settings

    _, listed = load_settings()
    if as_json:
        print(json.dumps({one.name: {"value": one.value, "origin": one.origin} for one in listed}))
        return
    from rich.console import Console
    from rich.table import Table

    table = Table("setting", "value", "origin", "meaning")
    for one in listed:
        table.add_row(one.name, one.value, one.origin, one.description)
    Console().print(table)
