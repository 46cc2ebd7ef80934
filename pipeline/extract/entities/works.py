"""Titles of works in quotes: `a lecture titled "Kenya and the Sea"` names no state.

What a speech, book or programme is called is no entity of these tables, nor are the names in it.
"""

from __future__ import annotations

import re

from pipeline.extract.entities.spans import Ground, Reading, Span

TITLED = re.compile(
    r"\b(?:titled|entitled|headlined|subtitled):?,?[ \n]\"(?P<title>[^\"\n]{8,160})\""
)


def without_titled_works(reading: Reading, spans: list[Span]) -> list[Span]:
    """The spans that stand in no title of two words or more."""
    ground: Ground | None = None
    dropped: set[Span] = set()
    for passage in reading.passages:
        if '"' not in reading.text[passage.start_char : passage.end_char]:
            continue
        for match in TITLED.finditer(reading.text, passage.start_char, passage.end_char):
            if " " in match.group("title"):
                ground = ground or Ground(spans)
                dropped.update(ground.over(*match.span("title")))
    return [span for span in spans if span not in dropped] if dropped else spans
