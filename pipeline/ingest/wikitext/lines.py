"""Lines of wikitext, one by one, to lines of text: headings, items of lists, rows of tables."""

from __future__ import annotations

import re
from collections import Counter

from pipeline.ingest.wikitext.balance import BREAK
from pipeline.ingest.wikitext.tables import Table
from pipeline.ingest.wikitext.words import shown

_MAGIC = re.compile(r"__[A-Z]{3,30}__")
_MARKUP = re.compile(r"\{\{|\[|''|&|\}\}")
_EMPTY_BRACKETS = re.compile(r" ?\([ ,;:\u00a0]{0,20}\)")
_SPACES = re.compile(r"[ \t\u00a0]{2,}")


class Writer:
    """Takes lines of wikitext, one by one, and keeps lines of text."""

    def __init__(self, dropped: Counter[str]) -> None:
        self._dropped = dropped
        self._lines: list[str] = []
        self._table: Table | None = None
        self._depth = 0

    def text(self) -> str:
        """All that was kept."""
        self._end_table()
        kept = "\n".join(self._lines)
        return re.sub(r"\n{3,}", "\n\n", kept).strip("\n")

    def add(self, line: str) -> None:
        """Take the next line."""
        start = line.lstrip(": \t")
        if start.startswith("{|"):
            self._depth += 1
            if self._table is None:
                self._lines.append("")
                self._table = Table(self._inline)
            self._table.end_row()
        elif self._table is not None:
            if start.startswith("|}"):
                self._depth -= 1
                self._table.end_row()
                if self._depth == 0:
                    self._end_table()
            else:
                self._table.add(start)
        else:
            self._add_text(line)

    def _end_table(self) -> None:
        if self._table is not None:
            self._lines += [*self._table.lines(), ""]
            self._table, self._depth = None, 0

    def _add_text(self, line: str) -> None:
        stripped = line.strip()
        if stripped.startswith("----"):
            self._lines.append("")
            stripped = stripped.lstrip("-").lstrip()
        level = _heading_level(stripped)
        if level:
            words = self._inline(stripped[level:-level])
            signs = "=" * level
            self._lines += ["", f"{signs} {words} {signs}", ""] if words else []
            return
        rest = stripped.lstrip("*#:;")
        words = self._inline(rest).replace(BREAK, "\n")
        if not words:
            # A line that held a template alone ends no paragraph.
            if not stripped:
                self._lines.append("")
        elif stripped[0] in "*#":
            self._lines.append("- " + words.replace("\n", " "))
        else:
            self._lines.append(words)

    def _inline(self, source: str) -> str:
        """Words of a piece of a line."""
        if _MARKUP.search(source):
            source = shown(source, self._dropped)
        words = _MAGIC.sub("", source)
        words = _EMPTY_BRACKETS.sub("", words) if "(" in words else words
        return _SPACES.sub(" ", words).strip()


def _heading_level(line: str) -> int:
    """How many `=` stand around a line; 0 where it is no heading.

    Example:
        >>> _heading_level("== Trade =="), _heading_level("a = b ="), _heading_level("=")
        (2, 0, 0)
    """
    if not (line.startswith("=") and line.endswith("=")):
        return 0
    before = len(line) - len(line.lstrip("="))
    after = len(line) - len(line.rstrip("="))
    return min(before, after, 6) if len(line) > before + after else 0
