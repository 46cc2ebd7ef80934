"""What the questions of the index are answered with: a record a row, columns in order."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Left:
    """A file that was not read."""

    path: str
    status: str
    reason: str
    message: str


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason for leaving files out, and how many it left out."""

    status: str
    reason: str
    files: int


@dataclass(frozen=True, slots=True)
class RefusedFor:
    """A reason for refusing findings, and how many it refused."""

    table_name: str
    field: str
    reason: str
    findings: int


@dataclass(frozen=True, slots=True)
class RefusedOne:
    """One refused finding with the words around it."""

    table_name: str
    field: str
    reason: str
    text: str
    before: str
    after: str
    document_id: str
    passage: int
    path: str


@dataclass(frozen=True, slots=True)
class SlowDocument:
    """A document, how long the extraction from it took, and how long it is."""

    document_id: str
    title: str
    seconds: float
    characters: int
    passages: int


@dataclass(frozen=True, slots=True)
class Statement:
    """One partnership statement."""

    record_id: str
    document_id: str
    party_a: str
    party_b: str
    parties: tuple[str, ...]
    label: str
    tier: str
    status: str
    since: str | None
    since_date: dt.date | None
    evidence: str


@dataclass(frozen=True, slots=True)
class Pair:
    """Two parties and what is said of them."""

    party_a: str
    party_b: str
    statements: int
    documents: int
    tier: str
    first: dt.date | None
    last: dt.date | None


@dataclass(frozen=True, slots=True)
class Amount:
    """One amount of money."""

    record_id: str
    document_id: str
    text: str
    amount: Decimal
    currency: str
    year: int | None


@dataclass(frozen=True, slots=True)
class Currency:
    """The amounts of one currency."""

    currency: str
    mentions: int
    documents: int
    least: Decimal
    middle: Decimal
    most: Decimal


@dataclass(frozen=True, slots=True)
class Year:
    """How much falls on a year, and one record of it."""

    year: int
    mentions: int
    documents: int
    document_id: str | None
    record_id: str | None


@dataclass(frozen=True, slots=True)
class Named:
    """A name or country, and the first place where it stands."""

    name: str
    mentions: int
    documents: int
    document_id: str | None
    record_id: str | None


@dataclass(frozen=True, slots=True)
class Listed:
    """A document as search finds it."""

    document_id: str
    title: str
    path: str
    published: str
    statements: int
    findings: int
