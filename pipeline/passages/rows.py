"""Which lines are rows of a table: bars, tabs, wide blanks, rows of dots, semicolons.

One line alone tells little; that the next has as many cells does.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.passages.lines import Line

# A cell may have so many lines between one row and the next; longer lines are no rows of cells.
_CELL_LINES, _ROW_CHARS = 6, 160
_GAP = re.compile(r"(?<=\S) {3,}(?=\S)")
_GRID_BORDER = re.compile(r"[+|][-=+:| ]{2,}$")
# `May ........ 17`
_LEADER = re.compile(r"[^\s.] ?(?:\.{4,200}|(?: \.){4,100}|…{2,60}) ?[^\s.]")
_WRITER = re.compile(r"[Bb][Yy]:? [A-Z]")
_BAR = re.compile(r"(?<= )\|(?= |$)")
# Cells between semicolons: so many, each of so few signs, in so many rows.
_LEAST_PARTS, _CELL_CHARS, _LEAST_ROWS = 2, 60, 3


def table_lines(found: Sequence[Line]) -> list[bool]:
    r"""Of each line of `found`, whether it is a row of a table.

    Example:
        >>> from pipeline.passages.lines import lines
        >>> table_lines(lines("Catch\nMay ........ 17\nJune ....... 23\nIt rained."))
        [False, True, True, False]
    """
    flags = [
        line.plain[0] == "|"
        or (line.plain[0] == "+" and _GRID_BORDER.match(line.plain) is not None)
        for line in found
    ]
    _flag_leaders(found, flags)
    _flag_semicolons(found, flags)
    marks = [(line.plain.count("\t"), _pipes(line.plain), _gaps(line.plain)) for line in found]
    last_by_tabs = -_CELL_LINES - 1
    for n, (tabs, pipes, gaps) in enumerate(marks):
        if not tabs and not pipes and not gaps:
            continue
        beside = [marks[m] for m in (n - 1, n + 1) if 0 <= m < len(marks)]
        by_tabs = tabs >= 2 or (tabs and any(other for other, _, _ in beside))
        if tabs and not by_tabs and n - last_by_tabs <= _CELL_LINES:
            # The next row, behind the lines of a cell: `Peru`, tab, the day.
            by_tabs = len(found[n].plain) <= _ROW_CHARS
        # One bar alone also parts the names of a switch, `NO | EN`, or of a document,
        # `BRIEF | No. 4`: it makes rows of lines that stand together.
        close = [
            marks[m][1]
            for m, lower in ((n - 1, n), (n + 1, n + 1))
            if 0 <= m < len(marks) and (pipes > 1 or not found[lower].after_blank)
        ]
        by_pipes = pipes and pipes in close
        by_gaps = gaps >= 2 and any(other >= 2 for _, _, other in beside)
        flags[n] = flags[n] or bool(by_tabs or by_pipes or by_gaps)
        last_by_tabs = n if by_tabs else last_by_tabs
    return flags


def _gaps(plain: str) -> int:
    """Wide blanks that part cells, as in tables that were printed."""
    return len(_GAP.findall(plain)) if "   " in plain else 0


def _pipes(plain: str) -> int:
    """Bars that may part cells: with blanks around them, or two and more without."""
    bare = plain.count("|")
    # `By ANNA LIND | 9 May 2019` below a caption with a bar is no row of it.
    if bare == 0 or (bare == 1 and _WRITER.match(plain)):
        return 0
    # The blank between two bars, `Quay | | 1910`, is an empty cell.
    return len(_BAR.findall(plain)) or (bare if bare >= 2 else 0)


def _flag_leaders(found: Sequence[Line], flags: list[bool]) -> None:
    """Rows whose cells are led to one another by dots, two and more below one another."""
    led = [".." in line.plain or ". ." in line.plain or "……" in line.plain for line in found]
    for n, may in enumerate(led):
        led[n] = may and len(found[n].plain) <= _ROW_CHARS and bool(_LEADER.search(found[n].plain))
    for n, is_led in enumerate(led):
        if is_led and any(led[m] for m in (n - 1, n + 1) if 0 <= m < len(led)):
            flags[n] = True


def _flag_semicolons(found: Sequence[Line], flags: list[bool]) -> None:
    """Three and more lines below one another with as many short cells between semicolons."""
    counts = [_parts(line.plain) for line in found]
    start = 0
    for n in range(1, len(found) + 1):
        if n < len(found) and counts[n] == counts[start] and not found[n].after_blank:
            continue
        if counts[start] and n - start >= _LEAST_ROWS:
            flags[start:n] = [True] * (n - start)
        start = n


def _parts(plain: str) -> int:
    """Semicolons that part short cells; 0 where one is long or the line ends as sentences do."""
    if plain.count(";") < _LEAST_PARTS or plain[-1] in ".!?;:,":
        return 0
    cells = plain.split(";")
    return len(cells) - 1 if max(map(len, cells)) <= _CELL_CHARS else 0
