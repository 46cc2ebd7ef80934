"""Sites that are called by their town or their body: `Kemi airport`, `held at the Kuno Centre`.

An airport in small letters stands beside the town that it is called by; a centre is a body where
it does something, and a building where something is held in it.
"""

from __future__ import annotations

import re

from pipeline.extract.entities.spans import Reading, Sought, Span, in_front
from pipeline.extract.names import identify

AIRPORT_BEHIND = Sought(
    re.compile(
        r"[ \n](?:(?:international[ \n])?airport|(?:presidential|royal|imperial)[ \n]palace"
        r"|(?:air|naval)[ \n]base)\b"
    ),
    frozenset({"airport", "palace", "base"}),
)
HELD = (
    *("held", "hosted", "staged", "place", "gathered", "opened", "performed", "exhibited"),
    *("assembled", "convened"),
)
HELD_BEFORE = in_front(
    rf"(?<!\w)(?:{'|'.join(HELD)})"
    r"(?:[ \n](?:[a-z]+ly|on[ \n][A-Z][a-z]+day|today|yesterday|here))?"
    r"[ \n](?:at|in)[ \n](?:the[ \n])?",
    *("at", "in", "the"),
    words=HELD,
)
SITES = ("GPE", "PERSON", "ORG", "LOC", "FAC")
LOOK_BACK = 60


def as_venue(reading: Reading, span: Span) -> Span | None:
    """The span as a building, if it is an airport or a centre in which something is held."""
    if span.label == "ORG" and _is_held_in(reading, span):
        return span.mended("callings.venue", label="FAC")
    end = _airport_end(reading, span)
    return None if end is None else span.mended("callings.hall", label="FAC", end=end)


def _is_held_in(reading: Reading, span: Span) -> bool:
    """`a fair held at the Kuno Centre`: a house in which something is held, not who works there."""
    return reading.text.endswith(("Centre", "Center"), span.start, span.end) and (
        HELD_BEFORE.ends_at(reading, max(0, span.start - LOOK_BACK), span.start)
    )


def _airport_end(reading: Reading, span: Span) -> int | None:
    """Where `Kemi airport` ends, which is called by its town and stands beside it."""
    if not reading.may_hold(AIRPORT_BEHIND) or span.label not in SITES:
        return None
    behind = AIRPORT_BEHIND.pattern.match(reading.text, span.end)
    words = reading.words(span) if behind is not None else ""
    if behind is None or words.isupper() or identify(words) is not None:
        return None
    return behind.end()
