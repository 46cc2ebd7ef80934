"""Lists and tables below a heading that is a label: `Dialogue partners`, then a state a line.

Every line that names states and nothing else makes a statement with whom the page is about: for
dialogue partners the organisation, else the issuer or the state named most.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from pipeline.extract.partnerships.book import BLOC, DEMONYM, LEADER, SEAT
from pipeline.extract.partnerships.labels import Label
from pipeline.extract.partnerships.mentions import Mention
from pipeline.records import DateFinding, Document, PartnershipFinding, Passage
from schemas.tables import PartnershipStatus

# How many passages back the organisation of a list may be named, and how many rows are read.
BLOC_REACH, MOST_ROWS = 100, 400
HEADING = re.compile(
    r"^[ #=|>:*-]*(?:(?:current|full|list of|our|other|(?P<former>former|past|previous)) )?$",
    re.IGNORECASE,
)
# Behind the label the line ends; in a table a second head may follow.
HEADING_END = re.compile(r"[ #=|:*-]*(?:(?:since|years?|dates?)[ |]*)?(?:\n|$)", re.IGNORECASE)
OWNER_END = re.compile(r"(?:['\u2019]s?)?[ *]{0,4}")
OF = re.compile(r" {1,3}(?:of|to) {1,3}(?:the )?")
# The heads of the columns between a heading and its rows, and the rule below them.
COLUMNS = re.compile(
    r"[\s|:*-]*(?:(?:no\.?|country|countries|state|nation|partner|member|date|year|since|signed"
    r"|established|from|level|status|notes?|agreement|document|granted|approved|admitted|joined"
    r"|requested|applied)s?[\s|:*()-]*){0,8}",
    re.IGNORECASE,
)
# The head of the column that tells since when: of two dates `Approved | Granted` the second.
SINCE_HEAD = re.compile(
    r"\b(?:granted|since|signed|established|joined|admitted|in force|effective)\b", re.IGNORECASE
)
# The name of a list in a programme: `PARTNERS = {`.
ASSIGNED = re.compile(r"[\w .]{1,60} {0,3}[=:] {0,3}[\[{(]")
ONLY_NAMES = re.compile(
    r"[\s|*,;:.•·()\[\]{}\"'–-]*(?:(?:and|or|the|since|\d{1,4}|[A-Z]{2,3})[\s|*,;:.()\[\]{}\"'–-]*)*"
)

# What may lead the names of the first line: `Currently there are 21: among them Fiji`.
LEAD = re.compile(
    r"(?:(?:Currently|At present|Today|Now|To date),? )?there (?:are|were) [\w-]{1,15}"
    r"(?: (?:of them|in all|such partners|partners))?(?:[:;,] | - )"
    r"(?:(?:among them|including|namely|they are)[:,]? )?",
    re.IGNORECASE,
)


class ReadPassage(Protocol):
    """What a listing needs of a passage that was read."""

    @property
    def passage(self) -> Passage:
        """The passage itself."""
        ...

    @property
    def labels(self) -> tuple[Label, ...]:
        """Labels in it."""
        ...

    @property
    def mentions(self) -> tuple[Mention, ...]:
        """Names in it."""
        ...

    @property
    def dates(self) -> tuple[DateFinding, ...]:
        """Dates in it."""
        ...


@dataclass(frozen=True, slots=True)
class Listing:
    """A heading with the statements of its rows."""

    label_span: tuple[int, int]
    findings: tuple[PartnershipFinding, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A line of names; offsets count from the start of the document."""

    start: int
    end: int
    codes: tuple[str, ...]
    since: DateFinding | None = None


@dataclass(frozen=True, slots=True)
class Heading:
    """Where a heading ends in its passage, whose partners it lists, and in which state."""

    end: int
    owner: str | None  # `Partners of Fiji`, `SCO partners`
    status: PartnershipStatus


def find_listings(
    document: Document, read: Sequence[ReadPassage], counts: Counter[str]
) -> list[Listing]:
    """Headings that are labels, each with a statement for every state listed below it."""
    found: list[Listing] = []
    for number, one in enumerate(read):
        for label in one.labels:
            heading = _heading(one, label)
            if heading is None:
                continue
            rows = list(_rows(read, number, heading.end))
            blocs = _blocs(read, number, label)
            owner = heading.owner or _owner(document, label, counts, blocs, rows)
            if owner is None or not rows:
                continue
            span = (one.passage.start_char + label.start, one.passage.start_char + label.end)
            found.append(
                Listing(span, tuple(_statements(label, span, owner, rows, heading.status)))
            )
    return found


def _heading(one: ReadPassage, label: Label) -> Heading | None:
    """The heading that a label is, None where it is none."""
    text = one.passage.text
    line = text.rfind("\n", 0, label.start) + 1
    before = next((m for m in one.mentions if OWNER_END.fullmatch(text, m.end, label.start)), None)
    before = before if before is not None and line <= before.start < label.start else None
    front = HEADING.match(text[line : before.start if before else label.start])
    if front is None:
        return None
    end, owner = label.end, before.code if before else None
    if of := OF.match(text, end):
        named = next((m for m in one.mentions if m.start == of.end()), None)
        end, owner = (named.end, named.code) if named else (end, None)
    match = HEADING_END.match(text, end)
    return (
        Heading(match.end(), owner, "ended" if front["former"] else "in_force") if match else None
    )


def _rows(read: Sequence[ReadPassage], number: int, heading_end: int) -> Iterator[Row]:
    """Lines of names from behind the heading until a line that holds anything else."""
    seen, heads = False, ""
    for offset, one in enumerate(read[number : number + MOST_ROWS]):
        text = one.passage.text
        at = heading_end if offset == 0 else 0
        for line in re.finditer(r"[^\n]+", text[at:]):
            start, end = at + line.start(), at + line.end()
            if not line[0].strip(" |*-#="):
                continue
            first = bisect_left(one.mentions, start, key=lambda mention: mention.start)
            last = bisect_left(one.mentions, end, key=lambda mention: mention.start)
            inside = one.mentions[first:last]
            dates = [d for d in one.dates if start <= d.start_char and d.end_char <= end]
            named = [(m.start, m.end) for m in inside]
            dated = [(d.start_char, d.end_char) for d in dates]
            rest, last = "", start
            for first_char, last_char in sorted(named + dated):
                rest += text[last:first_char] + " "
                last = max(last, last_char)
            rest += text[last:end]
            if not seen and (lead := LEAD.match(rest)):
                rest = rest[lead.end() :].rstrip(". ")
            plain = [m for m in inside if m.sign not in (DEMONYM, LEADER, SEAT)]
            if not seen and not inside and COLUMNS.fullmatch(line[0]):
                heads = line[0]
                continue
            if not seen and ASSIGNED.fullmatch(line[0].strip()):
                continue
            if not plain or not ONLY_NAMES.fullmatch(rest):
                return
            seen = True
            base = one.passage.start_char
            codes = tuple(dict.fromkeys(m.code for m in plain))
            if len(plain) == len(dates) > 1:
                # `Oman: 2010, Peru: 2013` on one line: to each its own.
                for one_name, one_date in zip(plain, dates, strict=True):
                    known = one_date if one_date.start_date else None
                    yield Row(base + start, base + end, (one_name.code,), known)
                continue
            if len(dates) > 1:
                dates = [d for d in dates if _column(heads, line[0], d.start_char - start)]
            date = dates[0] if len(dates) == 1 and dates[0].start_date else None
            yield Row(base + start, base + end, codes, date)


def _column(heads: str, line: str, at: int) -> bool:
    """Whether the cell at an offset of `line` stands below a head that tells since when.

    Example:
        >>> _column("State | Approved | Granted", "Oman | 2009 | 2010", 14)
        True
        >>> _column("State | Approved | Granted", "Oman | 2009 | 2010", 7)
        False
    """
    number = line[:at].strip().lstrip("|").count("|")
    cells = heads.strip().strip("|").split("|")
    return number < len(cells) and SINCE_HEAD.search(cells[number]) is not None


def _blocs(read: Sequence[ReadPassage], number: int, label: Label) -> list[str]:
    """Organisations named before the label, the nearest last."""
    return [
        mention.code
        for position in range(max(0, number - BLOC_REACH), number + 1)
        for mention in read[position].mentions
        if mention.sign == BLOC and (position < number or mention.end <= label.start)
    ]


def _owner(
    document: Document,
    label: Label,
    counts: Counter[str],
    blocs: list[str],
    rows: Sequence[Row],
) -> str | None:
    listed = {code for row in rows for code in row.codes}
    if "dialogue" in label.key:
        ranked = Counter(code for code in blocs if code not in listed).most_common(1)
        return ranked[0][0] if ranked else None
    if document.issuer and document.issuer not in listed:
        return document.issuer
    ranked = [(code, count) for code, count in counts.most_common(2) if code not in listed]
    return ranked[0][0] if ranked else None


def _statements(
    label: Label,
    span: tuple[int, int],
    owner: str,
    rows: Sequence[Row],
    status: PartnershipStatus,
) -> Iterator[PartnershipFinding]:
    for row in rows:
        for code in row.codes:
            if code == owner:
                continue
            yield PartnershipFinding(
                *span,
                label.key,
                label.tier,
                tuple(sorted((owner, code))),
                status,
                row.since.edtf if row.since else None,
                row.since.start_date if row.since else None,
                None,
                None,
                None,
                span[0],
                row.end,
                "rule",
                "parties.listing",
            )
