"""What the head of a column says of what stands below it.

Below `Status applied for` nothing was given yet; the days below `Relations since` date no label.
"""

from __future__ import annotations

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
    for label, reading in zip(labels, readings, strict=True):
        sought = form("sought_column").search(_head_of(head, row, label.start))
        if sought and reading.rule_id == "status.plain":
            kept.append(replace(reading, status="proposed", rule_id="status.column"))
        else:
            kept.append(reading)
    return kept


def own_columns(
    head: Sentence | None, row: Sentence, dates: Sequence[DateFinding]
) -> tuple[DateFinding, ...]:
    """Those of `dates` that stand below no head which tells of something else."""
    return tuple(
        date
        for date in dates
        if not form("other_column").search(_head_of(head, row, date.start_char))
    )


def _head_of(head: Sentence | None, row: Sentence, at: int) -> str:
    """The words at the head of the column of an offset in a row; none above the first row.

    Lines of running text that a page sets as a table of one column have no heads.
    """
    if head is None or head == row:
        return ""
    cells = head.masked[head.start : head.end].split(BAR)
    number = row.masked.count(BAR, row.start, at)
    told = cells[number].strip() if 1 < len(cells) > number else ""
    return told if len(told) <= LONGEST_HEAD else ""
