"""Who is named in a passage: states, blocs, demonyms, seats and leaders, and the mask made of them.

The mask is the passage with every such name replaced by one sign repeated, and with quotation
marks, footnotes, brackets and dates blanked: of the same length, so that a pattern over
it finds offsets of the text.  A name inside the name of a firm or an agency is no party.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from pipeline.extract.names import find_places
from pipeline.extract.partnerships.book import (
    BLOC,
    DEMONYM,
    LEADER,
    PARTY,
    SEAT,
    STATE,
    form,
    form_book,
)
from pipeline.rulebook import load_rows

WORD = re.compile(r"[^\W\d_][\w'-]{2,30}")
BRACKETS = re.compile(r"\([^()\n]{0,60}\)")


@dataclass(frozen=True, slots=True)
class Mention:
    """A name that stands for a state or an organisation of states, in a passage."""

    start: int
    end: int
    code: str
    sign: str
    is_plural: bool = False  # `Kenyans`: a people, not an adjective


@lru_cache
def _proxies() -> tuple[re.Pattern[str], Mapping[str, str]]:
    rows = load_rows("proxies.csv", ("surface", "code"))
    codes = {row[0]: row[1] for row in rows}
    names = sorted(codes, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, names))})(?!\w)"), codes


def find_mentions(
    text: str, private: Iterable[tuple[int, int]] = (), leaders: Mapping[str, str] | None = None
) -> list[Mention]:
    """Names of states and of those who stand for them, in order, none overlapping.

    Args:
        text: the blanked text of a passage.
        private: spans of names of firms and agencies; what lies inside one is no party.
        leaders: surnames that the document has introduced, with the state they stand for.

    Example:
        >>> [(m.code, m.sign == DEMONYM) for m in find_mentions("Kenya met the Thai envoy.")]
        [('KEN', False), ('THA', True)]
    """
    found: list[Mention] = []
    shown = text.title() if text == text.lower() and len(text) < 400 else text
    private = sorted(set(private))
    for place in find_places(shown if len(shown) == len(text) else text):
        sign = SEAT if place.kind == "capital" else BLOC if place.kind == "bloc" else STATE
        sign = DEMONYM if place.is_demonym else sign
        inside = touches(private, place.start, place.end)
        if place.code in form_book().agencies:
            continue
        owned = place.end + (2 if text.startswith("'s", place.end) else 0)
        firm = sign == DEMONYM or owned > place.end
        if inside or (firm and form("private").match(text, owned)):
            continue
        plural = sign == DEMONYM and text[place.start : place.end].endswith("s")
        found.append(Mention(place.start, place.end, place.code, sign, plural))
    pattern, codes = _proxies()
    named = [(m.start(), m.end(), codes[m[0]]) for m in pattern.finditer(text)]
    if leaders:
        named += [
            (m.start(), m.end(), leaders[m[0]]) for m in WORD.finditer(text) if m[0] in leaders
        ]
    taken = [(mention.start, mention.end) for mention in found]
    end = 0
    for start, stop, code in sorted(named):
        if start >= end and not touches(taken, start, stop):
            found.append(Mention(start, stop, code, LEADER))
            end = stop
    return sorted(found, key=lambda mention: mention.start)


def touches(spans: Sequence[tuple[int, int]], start: int, end: int) -> bool:
    """Whether a stretch overlaps one of the `spans`, which are ordered and do not overlap.

    Example:
        >>> touches([(0, 4), (9, 12)], 4, 9), touches([(0, 4), (9, 12)], 4, 10)
        (False, True)
    """
    behind = bisect_left(spans, (end, end))
    return behind > 0 and spans[behind - 1][1] > start


def dateline_end(text: str, mentions: Sequence[Mention]) -> int:
    """Where the place that opens a dispatch ends, 0 without one; it is no party of anything.

    Example:
        >>> text = "LIMA, May 2 (Coast Wire) - Oman and Fiji met."
        >>> text[dateline_end(text, find_mentions(text)) :]
        'Oman and Fiji met.'
        >>> text = "Oman - Fiji relations"
        >>> dateline_end(text, find_mentions(text))
        0
    """
    match = form("dispatch").match(text)
    if match is None or text[match.end() :].isupper():
        return 0
    seats = any(m.sign == SEAT and m.end <= match.end() for m in mentions)
    told = re.search(r"[\d(/]", match[0]) is not None
    return match.end() if told or seats or match[0].isupper() else 0


def introductions(text: str, mentions: Sequence[Mention]) -> dict[str, str]:
    """Surnames of people introduced with their state and office: `Thai Prime Minister Srettha`.

    Example:
        >>> text = "Thai Foreign Minister Anan Somsri spoke."
        >>> introductions(text, find_mentions(text))
        {'Somsri': 'THA'}
    """
    found: dict[str, str] = {}
    masked = mask(text, mentions)
    starts = {mention.start: mention.code for mention in mentions}
    for match in form("introduction").finditer(masked):
        begin = match.start() + (3 if masked.startswith("of ", match.start()) else 0)
        names = match[2].split()
        if match[1] and names and begin in starts and names[-1][0].isupper():
            surname = names[-1].rstrip(".,'")
            if len(surname) > 2:
                found.setdefault(surname, starts[begin])
    return found


def is_unnamed_set(text: str, mention: Mention) -> bool:
    """Whether a bloc's name only describes unnamed states: `CIS countries`.

    Example:
        >>> text = "It courts CIS countries."
        >>> is_unnamed_set(text, Mention(10, 13, "CIS", BLOC))
        True
    """
    return mention.sign == BLOC and form("unnamed_set").match(text, mention.end) is not None


def mask(text: str, mentions: Sequence[Mention], dates: Iterable[tuple[int, int]] = ()) -> str:
    """`text` with names as signs and with brackets and dates blanked; the same length.

    Example:
        >>> mask("Peru (1998) and Fiji", [Mention(0, 4, "PER", "P"), Mention(16, 20, "FJI", "F")])
        'PPPP        and FFFF'
    """
    chars = list(text)
    taken = [(mention.start, mention.end) for mention in mentions]
    for start, end in dates:
        lead = form("date_word").search(text[max(0, start - 16) : start])
        begin = start - (len(lead[0]) if lead else 0)
        if not touches(taken, begin, end):
            chars[begin:end] = " " * (end - begin)
    for mention in mentions:
        chars[mention.start : mention.end] = mention.sign * (mention.end - mention.start)
    masked = "".join(chars)
    return BRACKETS.sub(_blank_bracket, masked)


def _blank_bracket(match: re.Match[str]) -> str:
    names = len(re.findall(PARTY, match[0]))
    if names > 1:
        return " " + match[0][1:-1] + " "
    return " " * len(match[0])
