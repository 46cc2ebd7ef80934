"""What travels between modules.

All are frozen.  An offset counts code points of `Document.text`, and ends are one past the last
one, but for `ModelSpan` and `ModelToken`, which count from the start
of their passage (a model's answer is kept per passage text, wherever it stands).
A finding is what an extractor proposes; the gate turns it into a row or a reject.
"""

from __future__ import annotations

import datetime as dt
from calendar import monthrange
from dataclasses import dataclass
from decimal import Decimal

from schemas.tables import (
    Anchor,
    CurrencyBasis,
    DateModifier,
    EntityLabel,
    FindingTable,
    Format,
    Granularity,
    Instrument,
    Method,
    PartnershipStatus,
    PassageKind,
    PublishedBasis,
    Qualifier,
    Role,
)


@dataclass(frozen=True, slots=True)
class Document:
    """One distinct document as it was read: its published text and what is known of it.

    `published_period` is the month or year of publication, `2022-07` or `2022`, where no day is
    known.

    Example:
        >>> monthly = Document("d", "Ties deepened.", published_period="2022-07")
        >>> monthly.published_edtf, str(monthly.published_by)
        ('2022-07', '2022-07-31')
    """

    document_id: str
    text: str
    title: str | None = None
    publisher: str | None = None
    byline: str | None = None
    category: str | None = None
    url: str | None = None
    published_date: dt.date | None = None
    published_period: str | None = None
    published_time: dt.time | None = None
    published_basis: PublishedBasis = "none"
    issuer: str | None = None
    language: str | None = None
    encoding: str = "utf-8"
    repairs: tuple[str, ...] = ()
    format: Format = "text"
    dropped: str | None = None

    @property
    def published_edtf(self) -> str | None:
        """Publication as far as it is known: a day, else the month or the year."""
        return self.published_period if self.published_date is None else str(self.published_date)

    @property
    def published_by(self) -> dt.date | None:
        """The last day on which it may have been published."""
        if self.published_period is None:
            return self.published_date
        year, month = map(int, f"{self.published_period}-12".split("-")[:2])
        return dt.date(year, month, monthrange(year, month)[1])


@dataclass(frozen=True, slots=True)
class Passage:
    """One block of a document; `text == document.text[start_char:end_char]`."""

    document_id: str
    position: int
    kind: PassageKind
    section: str | None
    language: str | None
    start_char: int
    end_char: int
    text: str

    @property
    def passage_id(self) -> str:
        """Id of the passage: document and start, so that it survives a change behind it."""
        return f"{self.document_id}:{self.start_char}"


@dataclass(frozen=True, slots=True)
class ModelSpan:
    """An entity as the language model sees it, counted from the start of the passage."""

    start: int
    end: int
    label: str


@dataclass(frozen=True, slots=True)
class ModelToken:
    """A token of a parsed passage, counted from its start; `head` is a token number."""

    start: int
    end: int
    lemma: str
    pos: str
    tag: str
    dep: str
    head: int


@dataclass(frozen=True, slots=True)
class ModelOutput:
    """What the model says of one passage; `tokens` is empty where it was not parsed."""

    spans: tuple[ModelSpan, ...] = ()
    sentences: tuple[tuple[int, int], ...] = ()
    tokens: tuple[ModelToken, ...] = ()


@dataclass(frozen=True, slots=True)
class EntityFinding:
    """A named thing, proposed for the table `entities`."""

    start_char: int
    end_char: int
    label: EntityLabel
    name: str
    country_code: str | None
    wikidata_id: str | None
    speaks_for: str | None
    method: Method
    rule_id: str


@dataclass(frozen=True, slots=True)
class DateFinding:
    """A date, proposed for the table `dates`."""

    start_char: int
    end_char: int
    edtf: str | None
    start_date: dt.date | None
    end_date: dt.date | None
    granularity: Granularity
    modifier: DateModifier | None
    anchor: Anchor
    anchor_date: dt.date | None
    method: Method
    rule_id: str


@dataclass(frozen=True, slots=True)
class MoneyFinding:
    """An amount of money, proposed for the table `money`."""

    start_char: int
    end_char: int
    amount: Decimal | None
    amount_max: Decimal | None
    currency: str | None
    currency_is_assumed: bool
    currency_basis: CurrencyBasis
    qualifier: Qualifier
    role: Role | None
    per: str | None
    method: Method
    rule_id: str


@dataclass(frozen=True, slots=True)
class PartnershipFinding:
    """A statement about a partnership label, proposed for the table `partnerships`."""

    start_char: int
    end_char: int
    label: str
    tier: str | None
    parties: tuple[str, ...]
    status: PartnershipStatus
    since: str | None
    since_date: dt.date | None
    action: str | None
    scope: str | None
    instrument: Instrument | None
    evidence_start_char: int
    evidence_end_char: int
    method: Method
    rule_id: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """Something found and not fit for its table: becomes a row of `rejects`."""

    table_name: FindingTable
    start_char: int
    end_char: int
    field: str
    reason: str
    value: str | None


@dataclass(frozen=True, slots=True)
class Findings:
    """All that was found in one document, each kind ordered by start."""

    entities: tuple[EntityFinding, ...] = ()
    dates: tuple[DateFinding, ...] = ()
    money: tuple[MoneyFinding, ...] = ()
    partnerships: tuple[PartnershipFinding, ...] = ()
    refusals: tuple[Refusal, ...] = ()
