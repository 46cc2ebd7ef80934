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
    parted_labels,
    with_acronyms,
)
from pipeline.extract.partnerships.mentions import (
    Mention,
    dateline_end,
    find_mentions,
    introductions,
    mask,
    speaking_blocs,
    touches,
    union_meant,
)
from pipeline.extract.partnerships.sentences import LONGEST_ROW, line_ends, pieces, sentences
from pipeline.extract.partnerships.speakers import speakers
from pipeline.extract.partnerships.syntax import Tree, grow
from pipeline.passages import view
from pipeline.records import DateFinding, EntityFinding, ModelOutput, Passage

Spans = tuple[tuple[int, int], ...]

BARE_KOREA = frozenset({"Korea", "Korean", "Koreans"})
# How far back in the passage above a name may begin that a line break has cut.
CUT_REACH = 24
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
    koreas: set[str] = set()
    for text, persons in zip(texts, people, strict=True):
        named = find_mentions(text, people=persons)
        unions |= union_meant(text, named)
        for surname, code in introductions(text, named, persons).items():
            leaders.setdefault(surname, code)
        counted.update(mention.code for mention in named if mention.sign != SEAT)
        koreas |= {m.code for m in named if m.sign != SEAT and not _is_bare_korea(text, m)}
    if not unions and any(form("third_countries").search(text) for text in texts):
        unions = {"EU"}
    union = unions.pop() if len(unions) == 1 else None
    seats = speaking_blocs(counted)
    # `Korea` in a text that names the northern state and never the southern one.
    northern = "PRK" in koreas and "KOR" not in koreas
    acronyms: dict[str, tuple[str, str]] = {}
    read: list[Read] = []
    grouped = _by_passage(passages, dates)
    voices = speakers(texts, leaders)
    for number, (passage, text) in enumerate(zip(passages, texts, strict=True)):
        private = [span for span in organisations[number] if _is_private(text[slice(*span)])]
        mentions = tuple(find_mentions(text, private, leaders, people[number], union, seats))
        if northern:
            mentions = tuple(
                replace(mention, code="PRK") if _is_bare_korea(text, mention) else mention
                for mention in mentions
            )
        cut = _cut_name(text, mentions[0], texts[number - 1]) if mentions and number else None
        if cut is not None:
            mentions = (replace(mentions[0], code=cut), *mentions[1:])
        opening = dateline_end(text, mentions)
        host = next((m.code for m in mentions if m.end <= opening and m.sign == SEAT), None)
        mentions = tuple(mention for mention in mentions if mention.start >= opening)
        labels = find_labels(text) if needs_parse(passage.text) else []
        for name, meaning in definitions(text, labels).items():
            acronyms.setdefault(name, meaning)
        output = model.get(passage.position)
        masked = mask(text, mentions, [(d.start_char, d.end_char) for d in grouped[number]])
        if needs_parse(passage.text):
            parted = parted_labels(text, masked, labels)
            labels = sorted([*labels, *parted], key=lambda label: label.start)
        whole = Sentence(
            0,
            len(text),
            masked,
            mentions,
            WEIGHTS["title"]
            if number == 0 and _is_title(passage, text, labels)
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
                tuple(_cut(whole, text, _ends(passage, labels, mentions), is_first=number == 0)),
                tuple(grouped[number]),
                grow(output.tokens) if output else None,
            )
        )
    return read


def _is_bare_korea(text: str, mention: Mention) -> bool:
    return mention.code == "KOR" and text[mention.start : mention.end] in BARE_KOREA


def _is_title(passage: Passage, text: str, labels: Sequence[Label]) -> bool:
    """Whether the first passage says what the document is about; an item with a label does not."""
    item = passage.kind == "list_item" and bool(labels)
    return passage.kind in WEIGHTS or (not item and len(sentences(text)) == 1)


def _cut_name(text: str, first: Mention, above: str) -> str | None:
    """Code of a name whose beginning ends the passage above: `People's`, `Republic of China`."""
    if first.start:
        return None
    lead = above.rstrip()[-CUT_REACH:]
    whole = f"{lead} {text[: first.end]}"
    found = [m.code for m in find_mentions(whole) if m.start < len(lead) and m.end == len(whole)]
    return found[0] if found and found[0] != first.code else None


def _ends(passage: Passage, labels: Sequence[Label], mentions: Sequence[Mention]) -> list[int]:
    """Line breaks of a passage that end a sentence; none cuts a label or a name, or a title."""
    if not labels or passage.kind in WEIGHTS or "\n" not in passage.text:
        return []
    inside = [[(one.start, one.end) for one in spans] for spans in (labels, mentions)]
    return [
        at
        for at in line_ends(view(passage.text), passage.kind == "list_item")
        if not any(touches(spans, at, at + 1) for spans in inside)
    ]


def _cut(whole: Sentence, text: str, ends: Sequence[int], is_first: bool) -> Iterator[Sentence]:
    """The sentences of a passage; a row is one, and of the first passage only one is a title."""
    spans = pieces(text, 0, len(text), LONGEST_ROW) if whole.is_row else sentences(text, ends)
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
