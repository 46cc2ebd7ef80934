"""What the commands share: the app, the flags that many of them take, safe printing."""
# ruff: noqa: PLC0415

from __future__ import annotations

import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.errors import GuardError, SnapshotError

if TYPE_CHECKING:
    from pipeline.settings import Settings, Value

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

# Controls, formats (bidi overrides among them) and lone surrogates; not blanks.
UNPRINTABLE = frozenset({"Cc", "Cf", "Cs"})


def settings_of(**flags: Value | None) -> Settings:
    """The settings in force, given these flags."""
    from pipeline.settings import load_settings

    settings, _ = load_settings(flags)
    return settings


def shown_snapshot(settings: Settings) -> Path:
    """Folder of the snapshot that is shown.

    Raises:
        GuardError: there is none yet.
        SnapshotError: what stands at its place shows none.
    """
    from pipeline.publish import LATEST, current

    shown = current(settings.output)
    if shown is not None:
        return shown
    latest = settings.output / LATEST
    if latest.is_symlink():
        raise SnapshotError(
            f"{latest}: points at {latest.readlink()}, where no snapshot is; `pipeline run` makes "
            "it anew, `pipeline rollback NAME` shows one that `pipeline snapshots` lists."
        )
    if latest.exists():
        raise SnapshotError(
            f"{latest}: is not a link or copy that a run made of a kept snapshot; move it away, "
            "then run `pipeline run`."
        )
    raise GuardError(f"{settings.output}: holds no snapshot; run `pipeline run` first.")


def printable(line: str) -> str:
    """`line` without characters that command a terminal or turn the order of others round."""
    return "".join(
        "\ufffd" if unicodedata.category(sign) in UNPRINTABLE and sign not in "\n\t" else sign
        for sign in line
    )
