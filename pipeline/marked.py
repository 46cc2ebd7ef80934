r"""Marked sentences, the proof of rules, as in [[14 March 1994|1994-03-14]].

A mark holds the words of a span and what must be found there; around the marks
nothing may be found.  In front of the sentence `@2024-10-29` states the day of publication and
`@MNG` the issuer.  `\n` is a line break, `\t` a tab.  What stands behind the bar:

* dates: `1994-03-14`, with a modifier `2024-03 early`, for a null value the granularity `duration`;
* money: `USD 1600000000`, `EUR 300..350`, then qualifier, role, per and `assumed` where they
  are not the usual: `USD 50000000 over`, `MNT 3000000 from`, `USD 70 about per=barrel`,
  `USD ? about` for an amount that is not stated, `? 5` for an unknown currency;
* entities: `GPE`, with a code `GPE MNG`, speaking for a state `GPE for=MNG`; in front of the
  sentence `Words=LABEL; Words=LABEL@2 :: ` says what a model found there, the second time the
  words occur where `@2` says so;
* partnerships: `ITA-MNG upgraded 2025-12`, several on one span joined by `; `, and in front the
  label key where it is not the span's words joined by `_`:
  `strategic_partnership: ITA-MNG in_force`.

One mark may stand inside another, and ends before it.
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
    ModelOutput,
    ModelSpan,
    MoneyFinding,
    PartnershipFinding,
    Passage,
)
from schemas.tables import PassageKind

# A mark opens and closes; between the two another may stand.
EDGE = re.compile(r"\[\[|\|([^\[\]|]*)\]\]")
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
        """The sentence as one passage; a row of a table where it begins with a bar."""
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
    opened: list[int] = []
    last = 0
    for edge in EDGE.finditer(marked):
        if edge[1] is not None and not opened:
            continue  # the cells of a table
        text += marked[last : edge.start()]
        if edge[1] is None:
            opened.append(len(text))
        else:
            start = opened.pop()
            expected.append(Found(start, len(text), text[start:], edge[1]))
        last = edge.end()
    text += marked[last:]
    expected.sort(key=lambda found: (found.start, found.end))
    document = Document(
        "0" * 20,
        text,
        published_date=published,
        published_basis="metadata" if published else "none",
        issuer=issuer,
        language="en",
    )
    return Marked(document, tuple(expected))


def blocks(document_id: str, text: str) -> list[Passage]:
    r"""One passage for each block between blank lines.

    Example:
        >>> [passage.position for passage in blocks("0" * 20, "One.\n\nTwo.")]
        [0, 1]
    """
    return [
        Passage(
            document_id,
            number,
            "table_row" if block[0].startswith("|") else "paragraph",
            None,
            "en",
            *block.span(),
            block[0],
        )
        for number, block in enumerate(re.finditer(r"(?:[^\n]|\n(?!\n))+", text))
        if block[0].strip()
    ]


def stated_spans(said: str, passages: list[Passage]) -> dict[int, ModelOutput]:
    """What a model is stated to have found: `Words=LABEL; Words=LABEL@2`, longest first.

    Raises:
        ValueError: the words do not stand in the passages.
    """
    spans: list[tuple[int, int, str, Passage]] = []
    for item in filter(None, said.split("; ")):
        words, _, label = item.rpartition("=")
        label, _, number = label.partition("@")
        places = [
            (*match.span(), label, passage)
            for passage in passages
            for match in re.finditer(re.escape(words), passage.text)
        ]
        if not places:
            raise ValueError(f"{words!r} does not stand in the sentence")
        spans += [places[int(number) - 1]] if number else places
    model: dict[int, ModelOutput] = {}
    for start, end, label, passage in sorted(spans, key=lambda span: (span[0], -span[1])):
        known = model.get(passage.position, ModelOutput()).spans
        if not known or start >= known[-1].end:
            model[passage.position] = ModelOutput((*known, ModelSpan(start, end, label)))
    return model


def date_value(finding: DateFinding) -> str:
    """The notation of a date."""
    return " ".join(filter(None, [finding.edtf or finding.granularity, finding.modifier]))


def money_value(finding: MoneyFinding) -> str:
    """The notation of an amount."""

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
    """The notation of a name."""
    voice = f"for={finding.speaks_for}" if finding.speaks_for else None
    return " ".join(filter(None, [finding.label, finding.country_code, voice]))


def partnership_value(finding: PartnershipFinding, words: str) -> str:
    """The notation of a statement on a label that reads `words`."""
    key = "_".join(re.findall(r"[a-z0-9]+", words.lower()))
    key = re.sub(r"partner(s|ships)?$", "partnership", key)
    value = " ".join(filter(None, ["-".join(finding.parties), finding.status, finding.since]))
    return value if key == finding.label else f"{finding.label}: {value}"
