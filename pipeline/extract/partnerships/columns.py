"""What the head of a column says of what stands below it.

Below `Status applied for` nothing was given yet; the days below `Relations since` date no label.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace

from pipeline.extract.partnerships.book import form
from pipeline.extract.partnerships.context import Sentence
from pipeline.extract.partnerships.labels import Label
from pipeline.extract.partnerships.status import Reading
from pipeline.records import DateFinding

BAR = "|"
LONGEST_HEAD = 60


def told_by_column(
    head: Sentence | None, row: Sentence, labels: Sequence[Label], readings: Sequence[Reading]
) -> list[Reading]:
    """Readings of the labels of a table row, with what the heads of their columns say.

    Args:
        head: the first row of the table, None where there is none.
        row: the row of the labels.
        labels: its labels, in order.
        readings: what the row itself says of each; only one that says nothing is replaced.
    """
    kept: list[Reading] = []
    heads = _heads(head, row, [label.start for label in labels])
    for reading, told in zip(readings, heads, strict=True):
        if form("sought_column").search(told) and reading.rule_id == "status.plain":
            kept.append(replace(reading, status="proposed", rule_id="status.column"))
        else:
            kept.append(reading)
    return kept


def own_columns(
    head: Sentence | None, row: Sentence, dates: Sequence[DateFinding]
) -> tuple[DateFinding, ...]:
    """Those of `dates` that stand below no head which tells of something else."""
    heads = _heads(head, row, [date.start_char for date in dates])
    return tuple(
        date
        for date, told in zip(dates, heads, strict=True)
        if not form("other_column").search(told)
    )


def _heads(head: Sentence | None, row: Sentence, places: Sequence[int]) -> list[str]:
    """The words at the heads of the columns of offsets in a row; none above the first row.

    Lines of running text that a page sets as a table of one column have no heads.
    """
    if head is None or head is row or not places:
        return [""] * len(places)
    cells = [cell.strip() for cell in head.masked[head.start : head.end].split(BAR)]
    bars = [bar.start() for bar in re.finditer(re.escape(BAR), row.masked)]
    found: list[str] = []
    for at in places:
        number = bisect_left(bars, at) - bisect_left(bars, row.start)
        told = cells[number] if 1 < len(cells) > number else ""
        found.append(told if len(told) <= LONGEST_HEAD else "")
    return found
