"""Who is named in a passage: states, blocs, demonyms, seats and leaders, and the mask made of them.

The mask is the passage with every such name replaced by one sign repeated, and with quotation
marks, footnotes, brackets and dates blanked: of the same length, so that a pattern over
it finds offsets of the text.  A name inside the name of a firm or an agency is no party.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from pipeline.extract.mentions import find_places
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
from pipeline.extract.partnerships.slugs import slugs
from pipeline.rulebook import load_rows

FIRST_WORD = re.compile(r"\w+")
WORD = re.compile(r"[^\W\d_][\w'-]{2,30}")
# Where the name of the family stands first.
FAMILY_FIRST = frozenset({"CHN", "KOR", "PRK", "TWN"})
# The last words of names of houses and bodies that stand for their state.
HOUSES = frozenset(
    {"House", "Palace", "Street", "Congress", "Parliament", "Hall", "Hill", "Office"}
)
# A dispatch has at least so many words behind its place.
FEWEST_WORDS = 4
CODED = re.compile(r"\( {0,3}[A-Z]{3} {0,3}, {1,4}[A-Z]{3} {0,3},")
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
def _proxies() -> Mapping[str, tuple[tuple[str, str], ...]]:
    """People and buildings with their codes, by the first word of the name, longest first."""
    found: dict[str, list[tuple[str, str]]] = {}
    for surface, code in load_rows("proxies.csv", ("surface", "code")):
        first = FIRST_WORD.match(surface)
        found.setdefault(first[0] if first else surface, []).append((surface, code))
    return {
        word: tuple(sorted(names, key=lambda name: -len(name[0]))) for word, names in found.items()
    }


def _proxies_in(text: str) -> Iterator[tuple[int, int, str]]:
    """Spans of such names in a text with their codes."""
    proxies = _proxies()
    end = 0
    for word in FIRST_WORD.finditer(text):
        start = word.start()
        for name, code in proxies.get(word[0], ()) if start >= end else ():
            stop = start + len(name)
            if text.startswith(name, start) and not text[stop : stop + 1].isalnum():
                yield start, stop, code
                end = stop
                break


def find_mentions(
    text: str,
    private: Iterable[tuple[int, int]] = (),
    leaders: Mapping[str, str] | None = None,
    people: Sequence[tuple[int, int]] = (),
    union: str | None = None,
    seats: Mapping[str, str] | None = None,
) -> list[Mention]:
    """Names of states and of those who stand for them, in order, none overlapping.

    Args:
        text: the blanked text of a passage.
        private: spans of names of firms and agencies; what lies inside one is no party.
        leaders: surnames that the document has introduced, with the state they stand for.
        people: spans of names of persons, in order; a surname may be spelled like a place.
        union: code of the one union that the document names, which `the Union` stands for.
        seats: towns that speak for an organisation and not for their state.

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
        if _is_surname(text, place.start, place.end, people, leaders or {}):
            continue
        owned = place.end + (2 if text.startswith("'s", place.end) else 0)
        firm = sign == DEMONYM or (owned > place.end and not _is_served(text, place.start))
        if inside or (firm and form("private").match(text, owned)):
            continue
        if sign == SEAT and _is_town(text, place.start, place.end):
            continue
        if _is_compound(text, place.start, place.end):
            continue
        plural = sign == DEMONYM and text[place.start : place.end].endswith("s")
        code = place.code
        if sign == SEAT and seats:
            code = seats.get(text[place.start : place.end].title(), code)
        found.append(Mention(place.start, place.end, code, sign, plural))
    taken = [(mention.start, mention.end) for mention in found]
    found += [
        Mention(start, stop, code, STATE)
        for start, stop, code in slugs(text)
        if not touches(taken, start, stop)
    ]
    found.sort(key=lambda mention: mention.start)
    named = list(_proxies_in(text))
    if leaders:
        named += [
            (m.start(), m.end(), leaders[m[0]]) for m in WORD.finditer(text) if m[0] in leaders
        ]
    taken = [(mention.start, mention.end) for mention in found]
    signed = [(start, stop, code, LEADER) for start, stop, code in named]
    if union is not None:
        signed += [(*match.span(1), union, BLOC) for match in form("union").finditer(text)]
    end = 0
    for start, stop, code, sign in sorted(signed):
        if start >= end and not touches(taken, start, stop):
            found.append(Mention(start, stop, code, sign))
            end = stop
    return sorted(found, key=lambda mention: mention.start)


def _is_surname(
    text: str,
    start: int,
    end: int,
    people: Sequence[tuple[int, int]],
    leaders: Mapping[str, str],
) -> bool:
    """Whether a name of a place is that of a person: `Luis Montenegro`, and then `Montenegro`."""
    if any(one < start and end <= two for one, two in people):
        return " " in text[start - 2 : start]
    named = text[start:end] in leaders
    return named and form("place_before").search(text[max(0, start - 40) : start]) is None


def _is_town(text: str, start: int, end: int) -> bool:
    """Whether a capital is meant as a town: `the mayor of Suva`, `Lima's city council`."""
    lead = text[max(0, start - 24) : start]
    return bool(form("town_before").search(lead) or form("town_behind").match(text, end))


def _is_served(text: str, start: int) -> bool:
    """Whether a possessive tells whom the subject serves: `Oman remains Peru's main supplier`."""
    return form("serves_before").search(text, max(0, start - 30), start) is not None


def _is_compound(text: str, start: int, end: int) -> bool:
    """Whether a name only describes something: `anti-Fiji songs`, a `Fiji-led` mission."""
    lead = form("compound_before").search(text, max(0, start - 12), start)
    return bool(lead or form("compound_behind").match(text, end))


def union_meant(text: str, mentions: Sequence[Mention]) -> set[str]:
    """Codes of the organisations of a text whose names end in `Union`, acronyms too.

    Example:
        >>> text = "The European Union met the EU envoy of Peru."
        >>> union_meant(text, find_mentions(text))
        {'EU'}
    """
    return {
        mention.code
        for mention in mentions
        if mention.sign == BLOC
        and text[mention.start : mention.end].endswith((" Union", *form_book().unions))
    }


def speaking_blocs(named: Mapping[str, int]) -> dict[str, str]:
    """Seats of organisations with their codes: those whose host state the document names less.

    Args:
        named: how often each code is named in the document otherwise than by its seat.

    Example:
        >>> speaking_blocs({}), speaking_blocs({"BEL": 2, "EU": 1})
        ({'Brussels': 'EU'}, {})
    """
    hosts = {seat: find_places(seat)[0].code for seat in form_book().bloc_seats}
    return {
        seat: bloc
        for seat, bloc in form_book().bloc_seats.items()
        if named.get(hosts[seat], 0) <= named.get(bloc, 0)
    }


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
    if len(text[match.end() :].split()) < FEWEST_WORDS:
        # `USA - Strategic partnership` in a list is no dispatch.
        return 0
    if re.search(r"[^ -]-$", match[0]):
        # `U.S.-Peru Charter`
        return 0
    seats = any(m.sign == SEAT and m.end <= match.end() for m in mentions)
    told = re.search(r"[\d(/]", match[0]) is not None
    return match.end() if told or seats or match[0].isupper() else 0


def introductions(
    text: str, mentions: Sequence[Mention], people: Sequence[tuple[int, int]] = ()
) -> dict[str, str]:
    """Surnames of people introduced with their state and office: `Thai Prime Minister Srettha`.

    With an office, or as a person of `people`: `Peru's Elmer Quispe`.

    Example:
        >>> text = "Thai Foreign Minister Anan Somsri spoke."
        >>> introductions(text, find_mentions(text))
        {'Somsri': 'THA'}
        >>> text = "North Korean Foreign Minister Pak Song-il met Kim Jong-un."
        >>> sorted(introductions(text, find_mentions(text)))
        ['Jong-un', 'Kim', 'Pak', 'Song-il']
    """
    found: dict[str, str] = {}
    for mention in mentions:
        names = text[mention.start : mention.end].split()
        if mention.sign == LEADER and len(names) > 1 and names[-1] not in HOUSES:
            # `Kim Jong Un` is named by his whole name only.
            for surname in _surnames(names, mention.code):
                found.setdefault(surname, mention.code)
    masked = mask(text, mentions)
    starts = {mention.start: mention.code for mention in mentions}
    for match in form("introduction").finditer(masked):
        begin = match.start() + (3 if masked.startswith("of ", match.start()) else 0)
        names = match[2].split()
        told = match[1] or touches(people, match.start(2), match.end())
        if told and names and begin in starts and names[-1][0].isupper():
            for surname in _surnames(names, starts[begin]):
                found.setdefault(surname, starts[begin])
    for match in form("introduction_of").finditer(masked):
        if code := starts.get(match.start(2)):
            for surname in _surnames(match[1].split(), code):
                found.setdefault(surname, code)
    return found


def _surnames(names: Sequence[str], code: str) -> list[str]:
    """By what a person is called next: `Kim Jong-un` of Korea is `Kim`, `Luis Arce` is `Arce`."""
    shown = [names[0], names[-1]] if code in FAMILY_FIRST and len(names) > 1 else names[-1:]
    plain = [name.rstrip(".,'") for name in shown]
    return [name for name in plain if len(name) > 2 and not form("paper_name").fullmatch(name)]


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
    if CODED.match(match[0]):
        # `("PER", "OMN", "friend", "a (label)")` is a row of data.
        return match[0]
    names = len(re.findall(PARTY, match[0]))
    if names > 1:
        return " " + match[0][1:-1] + " "
    return " " * len(match[0])
