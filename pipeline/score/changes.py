"""Two answers to the same documents: which rows one has and the other has not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from pipeline.score.counting import said
from pipeline.score.gold import Amount, Annotations, Day, GoldDocument, Name, Statement
from pipeline.score.measures import pair

Kind = Literal["gained", "lost", "changed"]
Row = Name | Day | Amount | Statement


@dataclass(frozen=True, slots=True)
class Change:
    """A row that only one of two answers has, or that says something else now.

    `before` and `after` are the words and what is said of them; null where the row is absent.
    """

    document: str
    table: str
    kind: Kind
    start: int
    before: str | None
    after: str | None


def changes(
    documents: Sequence[GoldDocument],
    before: Sequence[Annotations],
    after: Sequence[Annotations],
) -> tuple[Change, ...]:
    """What changed from one answer to the other, in the order of the texts."""
    old = {answer.id: answer for answer in before}
    new = {answer.id: answer for answer in after}
    found: list[Change] = []
    for document in documents:
        empty = Annotations(id=document.name)
        one, other = old.get(document.name, empty), new.get(document.name, empty)
        tables: tuple[tuple[str, Sequence[Row], Sequence[Row]], ...] = (
            ("entities", one.entities, other.entities),
            ("dates", one.dates, other.dates),
            ("money", one.money, other.money),
            ("partnerships", one.partnerships, other.partnerships),
        )
        for table, left, right in tables:
            rows = _changed(document, table, left, right)
            found += sorted(rows, key=lambda change: (change.start, change.kind))
    return tuple(found)


def _changed(
    document: GoldDocument, table: str, before: Sequence[Row], after: Sequence[Row]
) -> Iterator[Change]:
    lost = [row for row in before if row not in after]
    gained = [row for row in after if row not in before]
    pairs = pair(lost, gained, _about_the_same)
    for i, j in pairs:
        yield _change(document, table, "changed", lost[i], gained[j])
    for i, row in enumerate(lost):
        if i not in {place for place, _ in pairs}:
            yield _change(document, table, "lost", row, None)
    for j, row in enumerate(gained):
        if j not in {place for _, place in pairs}:
            yield _change(document, table, "gained", None, row)


def _about_the_same(one: Row, other: Row) -> bool:
    """Of statements the parties tell which is which, for one label has many."""
    if isinstance(one, Statement) and isinstance(other, Statement):
        return one.parties == other.parties
    return True


def _change(
    document: GoldDocument, table: str, kind: Kind, before: Row | None, after: Row | None
) -> Change:
    row = before or after
    assert row is not None  # one of both was given
    return Change(
        document.name, table, kind, row.start, _told(document, before), _told(document, after)
    )


def _told(document: GoldDocument, row: Row | None) -> str | None:
    if row is None:
        return None
    words = " ".join(document.text[row.start : row.end].split())
    return f"{words} [{said(row)}]"
