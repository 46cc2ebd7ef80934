"""Rolls of memberships: `ADB, APEC, BIS, EAS (observer), FAO, G-20, ...`.

A handbook of states lists the organisations that each is a member of, by their letters alone.  In
so long a row of capitals, of which many are known, all the others are organisations too, whatever
else the same letters may be.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.extract.entities.lexicon import lexicon
from pipeline.extract.entities.spans import Ground, Reading, Span, found, laid

ITEM = re.compile(
    r"(?P<name>[A-Z][\w.&'-]{0,24}(?: [A-Za-z][\w.'-]{0,24}){0,4})(?: \([^()]{2,60}\))?"
    r"(?:, |,\n|$|[.;])"
)
LETTERS = re.compile(r"[A-Z]{2,8}[a-z]?(?:-\d{1,3})?|[A-Z]-\d{1,3}")
FEWEST_ITEMS = 8
FEWEST_KNOWN = 5


def with_rosters(reading: Reading, spans: list[Span]) -> list[Span]:
    """The spans with every acronym of a roll of organisations."""
    ground: Ground | None = None
    added: list[Span] = []
    for passage in reading.passages:
        if passage.text.count(", ") < FEWEST_ITEMS:
            continue
        for row in _rows(reading, passage.start_char, passage.end_char):
            ground = ground or Ground(spans)
            added += _members(reading, row, ground)
    return laid([*added, *spans]) if added else spans


def _rows(reading: Reading, low: int, high: int) -> Iterator[list[tuple[int, int]]]:
    """Runs of items with a comma behind each, long enough to be a roll."""
    row: list[tuple[int, int]] = []
    end = low
    for item in ITEM.finditer(reading.text, low, high):
        if item.start() != end and row:
            if len(row) >= FEWEST_ITEMS:
                yield row
            row = []
        row.append(item.span("name"))
        end = item.end()
    if len(row) >= FEWEST_ITEMS:
        yield row


def _members(reading: Reading, row: list[tuple[int, int]], ground: Ground) -> Iterator[Span]:
    letters = [place for place in row if LETTERS.fullmatch(reading.text, *place)]
    known = sum(
        any(span.label == "ORG" and span.start == start for span in ground.over(start, end))
        for start, end in letters
    )
    if known < FEWEST_KNOWN or known * 2 < len(letters) or len(letters) * 2 < len(row):
        return
    for start, end in letters:
        over = ground.over(start, end)
        sure = any(span.label == "ORG" or span.rule_id.startswith("places") for span in over)
        if not sure and reading.text[start:end] not in lexicon().non_acronyms:
            yield found(start, end, "ORG", "rosters")
