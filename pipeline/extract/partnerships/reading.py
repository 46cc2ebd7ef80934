"""Passages as the layer sees them: in plain signs, with their labels, names, dates and sentences.

What is known of the whole document goes into each: surnames that it introduces with their
states, acronyms that it defines, who speaks.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.extract.partnerships.book import SEAT, form, form_book
from pipeline.extract.partnerships.context import HEADING_WEIGHT, TITLE_WEIGHT, Sentence
from pipeline.extract.partnerships.labels import (
    Label,
    blank,
    definitions,
    find_labels,
    needs_parse,
    with_acronyms,
)
from pipeline.extract.partnerships.mentions import (
    Mention,
    dateline_end,
    find_mentions,
    introductions,
    mask,
    speaking_blocs,
    union_meant,
)
from pipeline.extract.partnerships.sentences import sentences
from pipeline.extract.partnerships.speakers import speakers
from pipeline.extract.partnerships.syntax import Tree, grow
from pipeline.passages import view
from pipeline.records import DateFinding, EntityFinding, ModelOutput, Passage

Spans = tuple[tuple[int, int], ...]

# A title says what the document is about.
WEIGHTS = {"title": TITLE_WEIGHT, "heading": HEADING_WEIGHT}


@dataclass(frozen=True, slots=True)
class Read:
    """A passage as this layer sees it: in plain signs, with its labels, names and sentences."""

    passage: Passage
    text: str
    labels: tuple[Label, ...]
    mentions: tuple[Mention, ...]
    sentences: tuple[Sentence, ...]
    dates: tuple[DateFinding, ...]
    tree: Tree | None


def read_passages(
    passages: Sequence[Passage],
    entities: Sequence[EntityFinding],
    dates: Sequence[DateFinding],
    model: Mapping[int, ModelOutput],
) -> list[Read]:
    """Each passage with what later steps ask of it; offsets count from its start."""
    texts = [blank(view(p.text), cells=p.kind == "table_row") for p in passages]
    organisations = _named(passages, entities, model, "ORG")
    people = _named(passages, entities, model, "PERSON")
    leaders: dict[str, str] = {}
    unions: set[str] = set()
    counted: Counter[str] = Counter()
    for text, persons in zip(texts, people, strict=True):
        named = find_mentions(text, people=persons)
        unions |= union_meant(text, named)
        for surname, code in introductions(text, named, persons).items():
            leaders.setdefault(surname, code)
        counted.update(mention.code for mention in named if mention.sign != SEAT)
    if not unions and any(form("third_countries").search(text) for text in texts):
        unions = {"EU"}
    union = unions.pop() if len(unions) == 1 else None
    seats = speaking_blocs(counted)
    acronyms: dict[str, tuple[str, str]] = {}
    read: list[Read] = []
    grouped = _by_passage(passages, dates)
    voices = speakers(texts, leaders)
    for number, (passage, text) in enumerate(zip(passages, texts, strict=True)):
        private = [span for span in organisations[number] if _is_private(text[slice(*span)])]
        mentions = tuple(find_mentions(text, private, leaders, people[number], union, seats))
        opening = dateline_end(text, mentions)
        host = next((m.code for m in mentions if m.end <= opening and m.sign == SEAT), None)
        mentions = tuple(mention for mention in mentions if mention.start >= opening)
        labels = find_labels(text) if needs_parse(passage.text) else []
        for name, meaning in definitions(text, labels).items():
            acronyms.setdefault(name, meaning)
        output = model.get(passage.position)
        whole = Sentence(
            0,
            len(text),
            mask(text, mentions, [(d.start_char, d.end_char) for d in grouped[number]]),
            mentions,
            WEIGHTS["title"]
            if number == 0 and (passage.kind in WEIGHTS or len(sentences(text)) == 1)
            else WEIGHTS.get(passage.kind, 1),
            voices[number],
            passage.kind == "table_row",
            tuple(span for span in private if span[0] >= opening),
            tuple(people[number]),
            host,
        )
        read.append(
            Read(
                passage,
                text,
                tuple(with_acronyms(text, labels, acronyms)),
                mentions,
                tuple(_cut(whole, text, is_first=number == 0)),
                tuple(grouped[number]),
                grow(output.tokens) if output else None,
            )
        )
    return read


def _cut(whole: Sentence, text: str, is_first: bool) -> Iterator[Sentence]:
    """The sentences of a passage; a row is one, and of the first passage only one is a title."""
    spans = [(0, len(text))] if whole.is_row else sentences(text)
    starts = [mention.start for mention in whole.mentions]
    for start, end in spans:
        yield replace(
            whole,
            start=start,
            end=end,
            mentions=whole.mentions[bisect_left(starts, start) : bisect_left(starts, end)],
            weight=1 if is_first and start != spans[0][0] else whole.weight,
            private=_inside(whole.private, start, end),
            people=_inside(whole.people, start, end),
        )


def _is_private(name: str) -> bool:
    """Whether a name is that of a firm or an agency, and not of a government or a bloc."""
    # The model takes `Fiji and Tonga today` for a name; one that ends in a small word is none.
    ends_small = name.rsplit(maxsplit=1)[-1][0].islower() if name.strip() else False
    return not (ends_small or form("public").search(name) or "partner" in name.lower())


def _named(
    passages: Sequence[Passage],
    entities: Sequence[EntityFinding],
    model: Mapping[int, ModelOutput],
    label: str,
) -> list[list[tuple[int, int]]]:
    """Ordered spans of names with `label` in each passage, without those that have a code.

    Where no entities are given, the model's own spans.
    """
    agencies = form_book().agencies
    ordered = sorted(
        (e.start_char, e.end_char)
        for e in entities
        if e.label == label and (not e.country_code or e.country_code in agencies)
    )
    found: list[list[tuple[int, int]]] = []
    at = 0
    for passage in passages:
        spans: set[tuple[int, int]] = set()
        while at < len(ordered) and ordered[at][0] < passage.end_char:
            start, end = ordered[at][0] - passage.start_char, ordered[at][1] - passage.start_char
            if start >= 0:
                spans.add((start, end))
            at += 1
        output = model.get(passage.position)
        if output and not entities:
            spans |= {(s.start, s.end) for s in output.spans if s.label == label}
        found.append(sorted(spans))
    return found


def _inside(spans: Spans, start: int, end: int) -> Spans:
    """Those of the ordered `spans` that begin between two offsets."""
    return spans[bisect_left(spans, (start, 0)) : bisect_left(spans, (end, 0))]


def _by_passage(
    passages: Sequence[Passage], dates: Sequence[DateFinding]
) -> list[list[DateFinding]]:
    """Dates of each passage, with offsets counted from its start."""
    grouped: list[list[DateFinding]] = [[] for _ in passages]
    ordered = sorted(dates, key=lambda date: date.start_char)
    at = 0
    for number, passage in enumerate(passages):
        while at < len(ordered) and ordered[at].start_char < passage.end_char:
            date = ordered[at]
            if date.start_char >= passage.start_char:
                grouped[number].append(
                    replace(
                        date,
                        start_char=date.start_char - passage.start_char,
                        end_char=date.end_char - passage.start_char,
                    )
                )
            at += 1
    return grouped
