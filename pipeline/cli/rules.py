"""The commands about rules: explain, rules check."""
# ruff: noqa: PLC0415

from __future__ import annotations

import datetime as dt
from typing import Annotated

import typer

from pipeline.cli.options import ModelFlag, app, printable, settings_of
from pipeline.errors import RuleError, SettingsError

rules = typer.Typer(no_args_is_help=True, help="Look at the rules of pipeline/rules/.")
app.add_typer(rules, name="rules")


@app.command()
def explain(
    text: Annotated[str, typer.Argument(metavar="TEXT", help="A sentence, or more.")],
    published: Annotated[
        str | None, typer.Option(help="Day, month or year of publication, such as 2024-10-29.")
    ] = None,
    issuer: Annotated[str | None, typer.Option(help="State that says `we`, alpha-3.")] = None,
    model: ModelFlag = None,
) -> None:
    """Print what is found in a text, by which rule and why; also what is refused."""
    settings = settings_of(model=model)
    day = _moment(published)
    from pipeline.explain import explain as lines_of
    from pipeline.extract.nlp import Model

    for line in lines_of(Model(settings.model), text, day, issuer):
        print(printable(line))


@rules.command()
def check(model: ModelFlag = None) -> None:
    """Read every example and counter-example of every rule; exit 2 if one does not hold."""
    settings = settings_of(model=model)
    from pipeline.extract.nlp import Model
    from pipeline.proof import prove

    faults: list[str] = []
    print("file: rules, examples, counter-examples, lists without examples")
    for proof in prove(Model(settings.model)):
        counts = (proof.rules, proof.examples, proof.counter_examples, proof.bare)
        print(f"{proof.file}: {', '.join(map(str, counts))}")
        faults += proof.faults
    for fault in faults:
        print(printable(fault))
    if faults:
        raise RuleError(f"rules: {len(faults)} of the proofs above do not hold.")
    print("every example and counter-example holds")


def _moment(text: str | None) -> dt.date | str | None:
    from pipeline.ingest.metadata import day_or_period

    try:
        return None if text is None else day_or_period(text)
    except ValueError as error:
        reason = f"explain: --published {text!r} is no day; write YYYY-MM-DD, YYYY-MM or YYYY."
        raise SettingsError(reason) from error
