"""Parliaments called by one word: `Parliament sat until midnight`, `a vote in the Senate`.

The model passes over most of them.  With a capital and no capitalised word beside it the word is
the name of the chamber, but not in the title of its members (`Member of Parliament`) nor where it
is a meeting (`the 25th Congress`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.extract.entities.calling_book import callings
from pipeline.extract.entities.headlines import is_capitals
from pipeline.extract.entities.lexicon import lexicon
from pipeline.extract.entities.patterns import patterns
from pipeline.extract.entities.persons import is_title_case
from pipeline.extract.entities.spans import CAPITAL, Ground, Reading, Span, found, laid

CAPITAL_BEFORE = re.compile(rf"({CAPITAL}[\w'.-]*)[ \n]$")
# `Member of Parliament`, `Library of Congress`, `the 25th Congress`, `the Third Congress`.
OTHER_BEFORE = re.compile(
    rf"(?<!\w)(?:{CAPITAL}\w+[ \n]of[ \n]|\d+(?:st|nd|rd|th)[ \n](?:the[ \n])?)$"
)
HEAD_BEFORE = re.compile(r"(?<!\w)(?:Speaker|President|Chairman)[ \n]of[ \n](?:the[ \n])?$")
# `Parliament Square`, `Congress Party`; `Parliament Speaker Ana Vula` is an office and a person.
NAME_BEHIND = re.compile(rf"[ \n]{CAPITAL}|-\w|'?\w*\d")
RANK_BEHIND = re.compile(rf"[ \n]({CAPITAL}[\w.]{{1,15}})[ \n](?={CAPITAL})")
OFFICE_BEHIND = re.compile(r"[ \n](?:Deputy[ \n])?Speaker\b")
MEETING = re.compile(
    r"(?:\d(?:st|nd|rd|th)|World|International|Annual)[ \n](?:\w+[ \n]){0,2}Congress"
)
LOOK_BACK = 40


def without_members(reading: Reading, spans: list[Span]) -> list[Span]:
    """The spans without `Parliament` in the title of its members."""
    return [span for span in spans if not _is_title(reading, span)]


def with_chambers(reading: Reading, spans: list[Span]) -> list[Span]:
    """The spans with the chambers that one word names, and without their members' titles."""
    spans = _as_houses(reading, spans)
    kept = without_members(reading, spans)
    added = list(_unseen(reading, kept))
    return laid([*kept, *added]) if added else kept


def _as_houses(reading: Reading, spans: list[Span]) -> list[Span]:
    """`Duma approves`: a parliament by its own name, where nobody of the document has that name."""
    if lexicon().named_chambers.isdisjoint(reading.vocabulary):
        return spans
    people = reading.words_of_persons(spans)
    return [
        span.mended("chambers", label="ORG")
        if span.label in ("PERSON", "GPE", "NORP")
        and (name := reading.words(span)) in lexicon().named_chambers
        and name not in people
        else span
        for span in spans
    ]


def _is_title(reading: Reading, span: Span) -> bool:
    """Whether the model took `Parliament` out of an office: `Member of Parliament`."""
    if span.label != "ORG" or reading.text[span.start : span.end] not in lexicon().chambers:
        return False
    low = max(0, span.start - LOOK_BACK)
    return (
        OTHER_BEFORE.search(reading.text, low, span.start) is not None
        or OFFICE_BEHIND.match(reading.text, span.end) is not None
        or _has_rank(reading, span.end)
    )


def _has_rank(reading: Reading, end: int) -> bool:
    """`Army Captain Ana Vula`: a rank, and whose."""
    rank = RANK_BEHIND.match(reading.text, end)
    return rank is not None and rank.group(1).lower() in lexicon().titles


def _unseen(reading: Reading, spans: list[Span]) -> Iterator[Span]:
    ground: Ground | None = None
    running = (
        passage
        for passage in reading.passages
        if not is_capitals(passage) and not is_title_case(passage)
    )
    for match in patterns().chamber.matches(reading, running):
        start, end = match.span()
        low = max(0, start - LOOK_BACK)
        headed = HEAD_BEFORE.search(reading.text, low, start) is not None
        other = OTHER_BEFORE.search(reading.text, low, start) is not None
        if not headed and (other or NAME_BEHIND.match(reading.text, end)):
            continue
        ground = ground or Ground(spans)
        if _is_second_word(reading, low, start) or ground.over(start, end):
            continue
        if match.group() != "Congress" or MEETING.search(reading.text) is None:
            yield found(start, end, "ORG", "chambers")


def _is_second_word(reading: Reading, low: int, start: int) -> bool:
    """`the Pan-Kuno Congress`; an article or an opener of the sentence is no part of a name."""
    before = CAPITAL_BEFORE.search(reading.text, low, start)
    if before is None or before.group(1)[-1] in ".'" or before.group(1).endswith("'s"):
        return False
    word = before.group(1)
    lists = lexicon()
    plain = word.lower() in lists.determiners or word in lists.calendar_words
    return not plain and word not in callings().openers
