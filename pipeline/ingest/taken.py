"""What a reader takes out of the bytes of one document, and what it left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.ingest.metadata import NOTHING, Stated
from schemas.tables import Format


@dataclass(frozen=True, slots=True)
class Taken:
    """A text, what is stated of it beside the text, and what was left out, in words."""

    text: str
    format: Format
    stated: Stated = NOTHING
    encoding: str = "utf-8"
    repairs: tuple[str, ...] = ()
    dropped: str | None = None


def told(counts: Mapping[str, int]) -> str | None:
    """What was left out, by kind with counts, the kinds by name; None when nothing was.

    Example:
        >>> told({"templates": 3, "references": 1_200, "files": 0})
        'references 1,200, templates 3'
    """
    parts = [f"{kind} {count:,}" for kind, count in sorted(counts.items()) if count]
    return ", ".join(parts) or None


def under_title(title: str | None, text: str, mark: str = "#") -> str:
    r"""`text` with its title as a marked line above it, where it does not begin with it.

    Example:
        >>> under_title("Ferry opens", "Ferries run again.")
        '# Ferry opens\n\nFerries run again.'
        >>> under_title("Ferry opens", "FERRY OPENS\n\nFerries run again.")
        'FERRY OPENS\n\nFerries run again.'
    """
    if title is None:
        return text
    first = text.lstrip()[: 2 * len(title) + 20].partition("\n")[0].strip("#=* ")
    if " ".join(first.split()).casefold() == title.casefold():
        return text
    end = " =" if mark == "=" else ""
    return f"{mark} {title}{end}\n\n{text}"
