"""Answers beside annotations: right, predicted and wanted rows, a layer.

    entities      the same span, trimmed of determiner and possessive, and the same type
    dates.span    the spans overlap
    dates.value   the spans overlap and the values cover the same days
    money.span    the spans overlap
    money.value   the spans overlap; amounts, larger ends and currencies are the same
    labels        label spans overlap and label keys are the same
    partnerships  as labels, and the same parties
    status, since shares that are right among the matched partnerships

Rows that touch a zone to ignore are left out on both sides; an annotated null counts for its span
alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from pipeline.score.gold import Amount, Annotations, Day, GoldDocument, Name, Statement, Zone
from pipeline.score.measures import Found, Gold, amount_key, days, overlap, pair, trimmed

TYPES = ("EVENT", "FAC", "GPE", "LOC", "NORP", "ORG", "PERSON")
LAYERS = (
    "entities",
    *TYPES,
    "dates.span",
    "dates.value",
    "money.span",
    "money.value",
    "labels",
    "partnerships",
)


@dataclass(frozen=True, slots=True)
class Counts:
    """How many rows of a layer are right, how many were found and how many are wanted.

    Example:
        >>> counts = Counts(right=3, predicted=4, gold=6)
        >>> counts.precision, counts.recall, counts.f1
        (0.75, 0.5, 0.6)
    """

    right: int = 0
    predicted: int = 0
    gold: int = 0

    @property
    def precision(self) -> float:
        """Share of the found rows that are right."""
        return self.right / self.predicted if self.predicted else 0.0

    @property
    def recall(self) -> float:
        """Share of the wanted rows that were found."""
        return self.right / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of both."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


@dataclass(frozen=True, slots=True)
class Fault:
    """A row that was missed, or found wrongly."""

    document: str
    layer: str
    kind: str
    words: str
    value: str


@dataclass(frozen=True)
class Score:
    """All counts over some documents."""

    documents: int
    layers: dict[str, Counts]
    matched: int
    status: int
    since: int
    faults: tuple[Fault, ...]


@dataclass
class _Sheet:
    """Collects the counts, document by document."""

    layers: dict[str, Counts] = field(default_factory=lambda: dict.fromkeys(LAYERS, Counts()))
    matched: int = 0
    status: int = 0
    since: int = 0
    faults: list[Fault] = field(default_factory=list)

    def count(
        self,
        layer: str,
        document: GoldDocument,
        gold: Sequence[Gold],
        found: Sequence[Found],
        same: Callable[[Gold, Found], bool],
    ) -> list[tuple[int, int]]:
        """Count one layer of one document; the pairs that are the same."""
        pairs = pair(gold, found, same)
        before = self.layers[layer]
        self.layers[layer] = Counts(
            before.right + len(pairs), before.predicted + len(found), before.gold + len(gold)
        )
        for kind, rows, used in (
            ("missed", gold, {i for i, _ in pairs}),
            ("false", found, {j for _, j in pairs}),
        ):
            for place, row in enumerate(rows):
                if place not in used:
                    words = document.text[row.start : row.end]
                    self.faults.append(Fault(document.name, layer, kind, words, said(row)))
        return pairs


def said(row: object) -> str:
    """What a row says beside its span, for a person to read.

    Example:
        >>> said(Day(start=3, end=7, value="1994"))
        'value=1994'
    """
    assert isinstance(row, (Name, Day, Amount, Statement))
    places = {"start", "end", "label_start", "label_end", "evidence_start", "evidence_end"}
    return " ".join(
        f"{name}={'-'.join(value) if isinstance(value, tuple) else value}"
        for name, value in row
        if name not in places and value is not None
    )


def score(documents: Sequence[GoldDocument], answers: Sequence[Annotations]) -> Score:
    """The score of answers; a document without an answer counts as one where nothing was found."""
    by_name = {answer.id: answer for answer in answers}
    sheet = _Sheet()
    for document in documents:
        found = by_name.get(document.name) or Annotations(id=document.name)
        zones = document.gold.ignore
        _entities(sheet, document, _names(document, document.gold), _names(document, found))
        _dates(sheet, document, outside(document.gold.dates, zones), outside(found.dates, zones))
        _money(sheet, document, outside(document.gold.money, zones), outside(found.money, zones))
        _partnerships(
            sheet,
            document,
            outside(document.gold.partnerships, zones),
            outside(found.partnerships, zones),
        )
    return Score(
        len(documents),
        sheet.layers,
        sheet.matched,
        sheet.status,
        sheet.since,
        tuple(sheet.faults),
    )


def outside(rows: Iterable[Gold], zones: Sequence[Zone]) -> list[Gold]:
    """The rows that touch no zone."""
    return [row for row in rows if not any(overlap(row, zone) > 0 for zone in zones)]


def _names(document: GoldDocument, annotations: Annotations) -> list[Name]:
    names = []
    for name in annotations.entities:
        if name.type in TYPES:
            start, end = trimmed(document.text, name.start, name.end)
            names.append(Name(start=start, end=end, type=name.type))
    return outside(names, document.gold.ignore)


def _entities(
    sheet: _Sheet, document: GoldDocument, gold: Sequence[Name], found: Sequence[Name]
) -> None:
    def same(one: Name, other: Name) -> bool:
        return (one.start, one.end, one.type) == (other.start, other.end, other.type)

    sheet.count("entities", document, gold, found, same)
    for label in TYPES:
        wanted = [name for name in gold if name.type == label]
        got = [name for name in found if name.type == label]
        sheet.count(label, document, wanted, got, same)


def _dates(
    sheet: _Sheet, document: GoldDocument, gold: Sequence[Day], found: Sequence[Day]
) -> None:
    sheet.count("dates.span", document, gold, found, lambda one, other: True)
    nulls = [day for day in gold if days(day.value) is None]
    wanted = [day for day in gold if days(day.value)]
    got = [
        day
        for day in found
        if days(day.value) or not any(overlap(day, other) > 0 for other in nulls)
    ]
    sheet.count(
        "dates.value",
        document,
        wanted,
        got,
        lambda one, other: days(one.value) == days(other.value),
    )


def _money(
    sheet: _Sheet, document: GoldDocument, gold: Sequence[Amount], found: Sequence[Amount]
) -> None:
    sheet.count("money.span", document, gold, found, lambda one, other: True)
    wanted = [one for one in gold if one.amount is not None]
    got = [one for one in found if one.amount is not None]
    sheet.count(
        "money.value",
        document,
        wanted,
        got,
        lambda one, other: amount_key(one) == amount_key(other),
    )


def _partnerships(
    sheet: _Sheet, document: GoldDocument, gold: Sequence[Statement], found: Sequence[Statement]
) -> None:
    sheet.count("labels", document, _labels(gold), _labels(found), lambda a, b: a.label == b.label)
    pairs = sheet.count(
        "partnerships",
        document,
        gold,
        found,
        lambda a, b: a.label == b.label and sorted(a.parties) == sorted(b.parties),
    )
    for i, j in pairs:
        sheet.matched += 1
        sheet.status += gold[i].status == found[j].status
        sheet.since += days(gold[i].since) == days(found[j].since)


def _labels(rows: Sequence[Statement]) -> list[Statement]:
    """One statement for each span and key."""
    return list({(row.start, row.end, row.label): row for row in rows}.values())
