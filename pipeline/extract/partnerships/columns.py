"""What the head of a column says of the labels below it: `Status applied for` is not yet given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipeline.extract.partnerships.book import form
from pipeline.extract.partnerships.context import Sentence
from pipeline.extract.partnerships.labels import Label
from pipeline.extract.partnerships.status import Reading

BAR = "|"


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
    if head is None or head == row:
        return list(readings)
    cells = head.masked[head.start : head.end].split(BAR)
    kept: list[Reading] = []
    for label, reading in zip(labels, readings, strict=True):
        number = row.masked.count(BAR, row.start, label.start)
        sought = number < len(cells) and form("sought_column").search(cells[number])
        if sought and reading.rule_id == "status.plain":
            kept.append(replace(reading, status="proposed", rule_id="status.column"))
        else:
            kept.append(reading)
    return kept
