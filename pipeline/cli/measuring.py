"""The command that measures: score."""
# ruff: noqa: PLC0415

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from pipeline.cli.options import app, printable, settings_of

if TYPE_CHECKING:
    from pipeline.score.changes import Change
    from pipeline.score.counting import Score

WIDTH = 110
FIGURES = ("precision", "recall", "F1", "right", "found", "annotated")


@app.command()
def score(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder with raw/ and final/.")],
    model: Annotated[
        list[str] | None, typer.Option("--model", help="spaCy pipeline; again for a second one.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
    errors: Annotated[
        str | None, typer.Option("--errors", metavar="LAYER", help="List what is wrong in it.")
    ] = None,
    save: Annotated[Path | None, typer.Option("--save", help="Folder to keep the answers.")] = None,
    against: Annotated[
        str | None, typer.Option("--against", help="Saved folder or git commit: what changed.")
    ] = None,
    write: Annotated[bool, typer.Option("--write", help="Write the README's table.")] = False,
) -> None:
    """Measure what is found in annotated documents: precision, recall and F1 a layer."""
    from pipeline.errors import SettingsError
    from pipeline.score.answers import answer, answers_of
    from pipeline.score.changes import changes
    from pipeline.score.counting import LAYERS
    from pipeline.score.counting import score as score_of
    from pipeline.score.gold import read_gold, save_answers

    if errors is not None and errors not in LAYERS:
        raise SettingsError(f"--errors {errors}: is no layer; one of {', '.join(LAYERS)}.")
    documents = read_gold(folder)
    models = tuple(dict.fromkeys(model or [settings_of().model]))
    answers = {name: answer(documents, name) for name in models}
    first = models[0]
    scores = {name: score_of(documents, found) for name, found in answers.items()}
    changed: tuple[Change, ...] = ()
    if against is not None:
        before = answers_of(documents, first, against)
        scores[against] = score_of(documents, before)
        changed = changes(documents, before, answers[first])
    if save is not None:
        save_answers(save, answers[first])
    if as_json:
        print(_json(scores, changed))
    else:
        _print(scores, errors, first)
        _print_changes(against, changed)
    if write:
        _write(scores[first], first)


def _print(scores: dict[str, Score], errors: str | None, first: str) -> None:
    from pipeline.score.counting import TYPES

    several = len(scores) > 1
    found = Table()
    for column in ("layer", *(["setting"] if several else []), *FIGURES):
        found.add_column(column, justify="right" if column in FIGURES else "left", no_wrap=True)
    for layer in scores[first].layers:
        for name, one in scores.items():
            counts = one.layers[layer]
            shares = (f"{share:.3f}" for share in (counts.precision, counts.recall, counts.f1))
            numbers = map(str, (counts.right, counts.predicted, counts.gold))
            shown = f"  {layer}" if layer in TYPES else layer
            found.add_row(shown, *([printable(name)] if several else []), *shares, *numbers)
    # A file or a pipe has no width; a table that is cut short says nothing.
    console = Console()
    Console(width=max(console.width, WIDTH)).print(found)
    for name, one in scores.items():
        matched = one.matched
        status, since = (part / matched if matched else 0.0 for part in (one.status, one.since))
        print(
            f"{printable(name)}: {one.documents} documents; status {status:.3f}, since {since:.3f}"
            f" of {matched} matched partnerships"
        )
    for fault in scores[first].faults:
        if fault.layer == errors:
            words = " ".join(fault.words.split())
            print(printable(f"{fault.document} {fault.kind}: {words} [{fault.value}]"))


def _print_changes(against: str | None, changed: Sequence[Change]) -> None:
    if against is None:
        return
    print(f"against {printable(against)}: {len(changed)} rows differ")
    for one in changed:
        told = " -> ".join(side for side in (one.before, one.after) if side is not None)
        print(printable(f"{one.document}:{one.start} {one.table} {one.kind}: {told}"))


def _json(scores: dict[str, Score], changed: Sequence[Change]) -> str:
    settings = {
        name: {
            "documents": one.documents,
            "layers": {
                layer: {
                    "precision": counts.precision,
                    "recall": counts.recall,
                    "f1": counts.f1,
                    "right": counts.right,
                    "found": counts.predicted,
                    "annotated": counts.gold,
                }
                for layer, counts in one.layers.items()
            },
            "partnerships_matched": one.matched,
            "status_right": one.status,
            "since_right": one.since,
        }
        for name, one in scores.items()
    }
    rows = [
        {
            "document": one.document,
            "table": one.table,
            "kind": one.kind,
            "start": one.start,
            "before": one.before,
            "after": one.after,
        }
        for one in changed
    ]
    return json.dumps({"settings": settings, "changes": rows}, ensure_ascii=False, indent=2)


def _write(one: Score, model: str) -> None:
    from pipeline.errors import SettingsError
    from pipeline.score.answers import ROOT
    from pipeline.score.readme import Circumstances, table, with_table

    versions = [f"{name} {_version(name)}" for name in ("grounded-pipeline", "spacy", model)]
    path = ROOT / "README.md"
    if not path.is_file():
        raise SettingsError(f"{path}: is missing; --write wants a checkout with its README.")
    made = table(one, Circumstances(dt.date.today(), versions))  # the day it was measured
    path.write_text(with_table(path.read_text(encoding="utf-8"), made), encoding="utf-8")
    print(f"{path}: table written")


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "of unknown version"
