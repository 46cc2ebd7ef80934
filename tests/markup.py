"""Reads marked-up sentences: `It opened on [[14 March 1994|1994-03-14]].`

A mark holds the words of a span and what must be found there; around the marks
nothing may be found.  In front of the sentence `@2024-10-29` states the day of publication and
`@MNG` the issuer.  `\\n` is a line break, `\\t` a tab.  What stands behind the bar:

* dates: `1994-03-14`, with a modifier `2024-03 early`, for a null value the granularity `duration`;
* money: `USD 1600000000`, `EUR 300..350`, then qualifier, role, per and `assumed` where they
  are not the usual: `USD 50000000 over`, `MNT 3000000 from`, `USD 70 about per=barrel`,
  `USD ? about` for an amount that is not stated, `? 5` for an unknown currency;
* entities: `GPE`, with a code `GPE MNG`, speaking for a state `GPE for=MNG`;
* partnerships: `ITA-MNG upgraded 2025-12`, several on one span joined by `; `, and in front the
  label key where it is not the span's words joined by `_`:
  `strategic_partnership: ITA-MNG in_force`.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from decimal import Decimal

from pipeline.records import (
    DateFinding,
    Document,
    EntityFinding,
    MoneyFinding,
    PartnershipFinding,
    Passage,
)
from schemas.tables import PassageKind

MARK = re.compile(r"\[\[(?P<words>[^|\]]+)\|(?P<value>[^\]]*)\]\]")
DIRECTIVE = re.compile(r"@(?:(?P<day>\d{4}-\d\d-\d\d)|(?P<issuer>[A-Z]{3})) ")


@dataclass(frozen=True)
class Found:
    """A span and what it means, in the notation of the marks."""

    start: int
    end: int
    words: str
    value: str


@dataclass(frozen=True)
class Marked:
    """A sentence without its marks, and what the marks ask for."""

    document: Document
    expected: tuple[Found, ...]

    @property
    def passages(self) -> list[Passage]:
        text = self.document.text
        kind: PassageKind = "table_row" if text.startswith("|") else "paragraph"
        return [Passage(self.document.document_id, 0, kind, None, "en", 0, len(text), text)]


def parse(marked: str) -> Marked:
    """The sentence behind a marked-up one.

    Example:
        >>> parse("@2024-10-29 Signed on [[Tuesday|2024-10-29]].").expected
        (Found(start=10, end=17, words='Tuesday', value='2024-10-29'),)
    """
    published: dt.date | None = None
    issuer: str | None = None
    while directive := DIRECTIVE.match(marked):
        if directive["day"]:
            published = dt.date.fromisoformat(directive["day"])
        else:
            issuer = directive["issuer"]
        marked = marked[directive.end() :]
    marked = marked.replace("\\n", "\n").replace("\\t", "\t")
    text = ""
    expected: list[Found] = []
    last = 0
    for mark in MARK.finditer(marked):
        text += marked[last : mark.start()]
        start = len(text)
        text += mark["words"]
        expected.append(Found(start, len(text), mark["words"], mark["value"]))
        last = mark.end()
    text += marked[last:]
    document = Document(
        "0" * 20,
        text,
        published_date=published,
        published_basis="metadata" if published else "none",
        issuer=issuer,
        language="en",
    )
    return Marked(document, tuple(expected))


def date_value(finding: DateFinding) -> str:
    return " ".join(filter(None, [finding.edtf or finding.granularity, finding.modifier]))


def money_value(finding: MoneyFinding) -> str:
    def plain(amount: Decimal) -> str:
        return format(amount.normalize(), "f")

    amount = "?" if finding.amount is None else plain(finding.amount)
    if finding.amount_max is not None:
        amount += f"..{plain(finding.amount_max)}"
    return " ".join(
        filter(
            None,
            [
                finding.currency or "?",
                amount,
                finding.qualifier if finding.qualifier != "exact" else None,
                finding.role,
                f"per={finding.per}" if finding.per else None,
                "assumed" if finding.currency_is_assumed else None,
            ],
        )
    )


def entity_value(finding: EntityFinding) -> str:
    voice = f"for={finding.speaks_for}" if finding.speaks_for else None
    return " ".join(filter(None, [finding.label, finding.country_code, voice]))


def partnership_value(finding: PartnershipFinding, words: str) -> str:
    key = "_".join(re.findall(r"[a-z0-9]+", words.lower()))
    key = re.sub(r"partner(s|ships)?$", "partnership", key)
    value = " ".join(filter(None, ["-".join(finding.parties), finding.status, finding.since]))
    return value if key == finding.label else f"{finding.label}: {value}"
