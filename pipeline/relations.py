"""Statements -> relations: what all of them say together, a row a set of parties and label.

A pure function of the rows of `partnerships` and the days of publication of their documents,
gathered while those rows go by: memory grows with the number of relations, not of statements.
Nothing is weighed or decided.  Where statements speak against each other, all of them stay
counted and the row says in what they differ.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations

from schemas.tables import Contradiction, PartnershipRow, PartnershipStatus, RelationRow

AFFIRMED: tuple[PartnershipStatus, ...] = ("in_force", "established", "upgraded")


@dataclass(slots=True)
class _Relation:
    """What was said so far of one relation."""

    tier: str | None
    example: tuple[dt.date, str]
    statuses: Counter[PartnershipStatus] = field(default_factory=Counter)
    documents: int = 0
    last_document: str = ""
    first: dt.date | None = None
    last: dt.date | None = None
    since: dict[str, dt.date | None] = field(default_factory=dict)
    first_end: dt.date | None = None
    last_affirmed: dt.date | None = None


class Relations:
    """Gathers statements; the rows of a document must come one after the other.

    Example:
        >>> list(Relations().rows())
        []
    """

    def __init__(self) -> None:
        self._relations: dict[tuple[tuple[str, ...], str], _Relation] = {}

    def add(self, row: PartnershipRow, published: dt.date | None) -> None:
        """Count one statement.

        Args:
            row: the statement.
            published: the day of publication of its document, where that is known.
        """
        example = (published or dt.date.max, row.partnership_id)
        one = self._relations.setdefault((row.parties, row.label), _Relation(row.tier, example))
        one.statuses[row.status] += 1
        one.documents += one.last_document != row.document_id
        one.last_document = row.document_id
        if row.since is not None:
            one.since[row.since] = row.since_date
        if published is None:
            return
        if example[0] < one.example[0]:
            one.example = example
        one.first = min(one.first or published, published)
        one.last = max(one.last or published, published)
        if row.status == "ended":
            one.first_end = min(one.first_end or published, published)
        if row.status == "in_force":
            one.last_affirmed = max(one.last_affirmed or published, published)

    def rows(self) -> Iterator[RelationRow]:
        """The relations, sorted by parties, then label."""
        for (parties, label), one in sorted(self._relations.items(), key=lambda item: item[0]):
            dated = sorted((day, since) for since, day in one.since.items() if day is not None)
            yield RelationRow(
                relation_id=_relation_id(parties, label),
                party_a=parties[0],
                party_b=parties[1],
                parties=parties,
                label=label,
                tier=one.tier,
                first_mention=one.first,
                last_mention=one.last,
                first_since=dated[0][1] if dated else None,
                first_since_date=dated[0][0] if dated else None,
                document_count=one.documents,
                statement_count=one.statuses.total(),
                in_force_count=one.statuses["in_force"],
                established_count=one.statuses["established"],
                upgraded_count=one.statuses["upgraded"],
                proposed_count=one.statuses["proposed"],
                negated_count=one.statuses["negated"],
                ended_count=one.statuses["ended"],
                since_claims=tuple(sorted(one.since)),
                contradictions=tuple(_contradictions(one)),
                partnership_id=one.example[1],
            )


def _relation_id(parties: tuple[str, ...], label: str) -> str:
    said = "\x1f".join(("relations", *parties, label))
    return hashlib.sha256(said.encode()).hexdigest()[:20]


def _contradictions(one: _Relation) -> Iterator[Contradiction]:
    if any(differ(a, b) for a, b in combinations(one.since, 2)):
        yield "since"
    if one.statuses["negated"] and any(one.statuses[status] for status in AFFIRMED):
        yield "negated"
    if one.first_end and one.last_affirmed and one.first_end < one.last_affirmed:
        yield "ended"


def differ(one: str, two: str) -> bool:
    """Whether two values of `since` speak against each other: neither holds the other.

    Compared as written, from the year on: `2014` holds `2014-08`, and `199X` holds `1996`.

    Example:
        >>> differ("2014", "2014-08-21"), differ("199X", "1996"), differ("1996", "1998")
        (False, False, True)
    """
    firsts = (value.partition("/")[0].rstrip("~?%") for value in (one, two))
    return any(a != b and "X" not in (a, b) for a, b in zip(*firsts, strict=False))
