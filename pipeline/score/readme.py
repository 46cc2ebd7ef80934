"""The accuracy table of the README, between two markers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.errors import SettingsError
from pipeline.score.counting import Score

BEGIN = "<!-- accuracy: made by `pipeline score DIR --write` -->"
END = "<!-- accuracy: end -->"
HEADER = (
    "| layer | precision | recall | F1 | annotated | found |",
    "|---|---:|---:|---:|---:|---:|",
)
# What a reader asks first; the rest is in the output of the command.
SHOWN = ("entities", "dates.span", "dates.value", "money.value", "labels", "partnerships")


@dataclass(frozen=True, slots=True)
class Circumstances:
    """Under what a score was measured."""

    day: dt.date
    versions: Sequence[str]


def table(score: Score, under: Circumstances) -> str:
    """The table and a line on how it was measured, in Markdown."""
    rows = []
    for layer in SHOWN:
        counts = score.layers[layer]
        figures = f"{counts.precision:.3f} | {counts.recall:.3f} | {counts.f1:.3f}"
        rows.append(f"| {layer} | {figures} | {counts.gold} | {counts.predicted} |")
    shares = ""
    if score.matched:
        shares = (
            f" Of {score.matched} matched partnerships the status is right in {score.status},"
            f" the date since when in {score.since}."
        )
    measured = (
        f"Measured on {under.day.isoformat()} on {score.documents} annotated documents with"
        f" {', '.join(under.versions)}.{shares}"
    )
    return "\n".join((*HEADER, *rows, "", measured))


def with_table(readme: str, made: str) -> str:
    r"""The README with `made` between its markers.

    Raises:
        SettingsError: the markers do not both stand there, in their order.

    Example:
        >>> with_table(f"Before.\n{BEGIN}\nold\n{END}\nBehind.", "new").splitlines()[2]
        'new'
    """
    before, begin, rest = readme.partition(BEGIN)
    _, end, behind = rest.partition(END)
    if not begin or not end:
        raise SettingsError(f"README.md: put the lines {BEGIN} and {END} where the table goes.")
    return f"{before}{BEGIN}\n{made}\n{END}{behind}"
