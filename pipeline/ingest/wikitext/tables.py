"""Tables of wikitext to rows of cells."""

from __future__ import annotations

import re
from collections.abc import Callable

from pipeline.ingest.wikitext.balance import BREAK

_ATTRIBUTES = re.compile(r"[^|\[\]{}]{0,1000}\|(?!\|)")
_ROWSPAN = re.compile(r"rowspan\s{0,5}=\s{0,5}[\"']?\s{0,5}(\d{1,3})", re.IGNORECASE)
_COLSPAN = re.compile(r"colspan\s{0,5}=\s{0,5}[\"']?\s{0,5}(\d{1,2})", re.IGNORECASE)


class Table:
    """The rows of a table, each a line `| a | b |`."""

    def __init__(self, inline: Callable[[str], str]) -> None:
        self._inline = inline
        self._lines: list[str] = []
        self._cells: list[tuple[str, int, int]] = []
        self._below: dict[int, int] = {}

    def lines(self) -> list[str]:
        """The captions and rows."""
        self.end_row()
        return self._lines

    def add(self, line: str) -> None:
        """Take a line between `{|` and `|}`."""
        if line.startswith("|+"):
            self.end_row()
            self._lines += [self._words(_cell(line[2:])[0]), ""]
        elif line.startswith("|-"):
            self.end_row()
        elif line.startswith(("|", "!")):
            mark = r"\|\||!!" if line[0] == "!" else r"\|\|"
            self._cells += [_cell(part) for part in _split(line[1:], mark)]
        elif self._cells and line.strip():
            words, rows, columns = self._cells[-1]
            self._cells[-1] = (f"{words}{BREAK}{line.lstrip('*#:;')}", rows, columns)

    def end_row(self) -> None:
        """Write the cells that were taken as a row, under those that reach down from above."""
        if not self._cells:
            return
        row: list[str] = []
        for words, rows, columns in self._cells:
            self._reach_down(row)
            if rows > 1:
                self._below[len(row)] = rows
            row += [self._words(words), *[""] * (columns - 1)]
        self._reach_down(row)
        self._below = {column: left - 1 for column, left in self._below.items() if left > 1}
        self._cells.clear()
        if any(row):
            self._lines.append("| " + " | ".join(row) + " |")

    def _reach_down(self, row: list[str]) -> None:
        while self._below.get(len(row), 0) > 0 and len(row) < 1_000:
            row.append("")

    def _words(self, source: str) -> str:
        words = self._inline(source).replace("|", "/")
        lines = (" ".join(one.split()) for one in words.replace("\n", BREAK).split(BREAK))
        shown = ""
        for line in filter(None, lines):
            # A break inside of a cell parts names: `Chile<br>Peru`.
            part = "" if not shown else " " if shown[-1] in ".;:,!?" else "; "
            shown = f"{shown}{part}{line}"
        return shown


def _cell(part: str) -> tuple[str, int, int]:
    """Words, rows and columns of a cell: `rowspan=2 | Chile`."""
    attributes = _ATTRIBUTES.match(part)
    if attributes is None:
        return part, 1, 1
    rows, columns = _ROWSPAN.search(attributes.group()), _COLSPAN.search(attributes.group())
    return (
        part[attributes.end() :],
        min(int(rows[1]), 500) if rows else 1,
        min(max(int(columns[1]), 1), 50) if columns else 1,
    )


def _split(line: str, mark: str) -> list[str]:
    """The parts between marks that stand outside of all brackets."""
    parts: list[str] = []
    start = depth = 0
    for token in re.finditer(rf"\{{\{{|\}}\}}|\[\[|\]\]|(?P<mark>{mark})", line):
        if token["mark"]:
            if depth == 0:
                parts.append(line[start : token.start()])
                start = token.end()
        else:
            depth = max(depth + (1 if token.group() in ("{{", "[[") else -1), 0)
    return [*parts, line[start:]]
