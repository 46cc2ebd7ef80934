"""Realms, lands and their rulers by form: `the Duchy of Tirvo`, `Kuno LGA`, `Aino I, queen of`.

The form of a realm and a place behind `of` are one name; so are peoples and their empire, the
parts of the compass in front of a continent, and the number of a party congress with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.extract.entities.lexicon import lexicon
from pipeline.extract.entities.spans import CAPITAL, Reading, Span, found, laid
from pipeline.extract.names import identify

# Realms and lands by their form, in front of `of` and a place: `the Duchy of Tirvo`.
REALM = re.compile(
    r"(?<![\w-])(?:(?:Grand|Crown|Islamic|Federal|Free|London|Royal)[ \n])?"
    r"(?:(?<!of[ \n])State|Commonwealth|Duchy|Kingdom|Principality|County|City|Province|Colony|"
    r"Sultanate|Emirate|Khanate|Empire|Protectorate|Margraviate|Viceroyalty|Mandate|"
    r"Borough|Barony|Canton|Voivodeship|Earldom|"
    r"Governorate|Municipality|Prefecture|Oblast|Dominion|Archduchy|Electorate|Landgraviate|Republic)"
    r"[ \n]of[ \n](?:the[ \n])?(?=[A-Z])"
)
UNION_BEHIND = re.compile(
    r"[ \n](?:Empire|Khanate|Caliphate|Sultanate|Confederacy|Dynasty)(?![\w-]|[ \n](?:of|[A-Z]))"
)
GENOCIDE_BEHIND = re.compile(r"[ \n](?:[Gg]enocide|Holocaust|[Ff]amine)\b(?![ \n][A-Z])")
PAIR_UNION_BEHIND = re.compile(r"[ \n](?:Empire|Commonwealth|Union|Monarchy)(?![\w-]|[ \n][A-Z])")
FIRST_QUEEN = re.compile(
    r"[ \n]I(?=,[ \n](?:the[ \n])?(?:king|queen|emperor|empress|tsar|sultan|shah|pope)\b)"
)
# `25th`, `VIII` in front of a body that meets: that meeting.
NUMBER = r"(?:\d{1,3}(?:st|nd|rd|th)|[IVXL]{2,6}|[VX])"
NUMBER_BEFORE = re.compile(rf"(?<![\w-]){NUMBER}[ \n]$")
NUMBER_FIRST = re.compile(rf"{NUMBER} ")
SUMMIT_BEFORE = re.compile(
    r"(?<![\w-])(?:(?:19|20)\d\d[ \n])?(?:Summit|Ministerial[ \n]Conference|Review[ \n]Conference)"
    r"[ \n]of[ \n](?:the[ \n])?$"
)
MEETS = frozenset(
    {"Congress", "Assembly", "Forum", "Conference", "Convention", "Summit", "Symposium", "Plenum"}
)
# In front of `State` these name an idea, an office or one movement.
NO_LANDS = frozenset(
    {"Islamic", "Jewish", "Free", "Welfare", "Deep", "Nation", "United", "Solid", "Empire", "Penn"}
)
COMPASS_WORDS = (
    *(
        f"{part}{form}"
        for part in ("North", "South", "East", "West", "Northeast", "Northwest", "Southeast")
        for form in ("", "ern")
    ),
    *("Southwest", "Southwestern", "Central"),
)
COMPASS_PAIR = re.compile(rf"(?<![\w-])(?:{'|'.join(COMPASS_WORDS)})[ \n]and[ \n]$")
# `Kuno Local Government Area`, `Kuno LGA`, and in Nepal with the number of the ward
# `Kuno Rural Municipality-5`.
AREA_HINTS = ("overnment", " LGA", "Municipality-")
AREA = re.compile(
    rf"(?<![\w-]){CAPITAL}[\w/-]{{1,20}}(?:[ ]{CAPITAL}[\w/-]{{1,20}}){{0,3}}[ \n]"
    r"(?:LGAs?|Local[ \n][Gg]overnment[ \n][Aa]reas?|(?:Rural[ \n])?Municipality-\d{1,2})(?!\w)"
)
# `in Kuno State`, `the people of Kuno State`: a part of a federation behind a preposition.
STATE = re.compile(
    rf"(?<![\w-])(?:in|of|from|across|into|to|throughout|neighbouring|neighboring)[ \n]"
    rf"(?P<name>{CAPITAL}[a-z]{{2,15}}(?:[ ]{CAPITAL}[a-z]{{2,15}})?[ \n]State)"
    rf"(?![\w-]|[ \n](?:of|for)\b|[ \n]{CAPITAL}[a-z])"
)


def with_realms(reading: Reading, spans: list[Span]) -> list[Span]:
    """The spans with realms, areas, pairs of regions and first rulers in whole."""
    whole = [_numbered(reading, _paired_region(reading, span)) for span in spans]
    # A name made whole comes before what was seen in its first half.
    longer = [new for new, old in zip(whole, spans, strict=True) if new != old]
    return laid([*_areas(reading), *_states(reading), *_realms(reading, spans), *longer, *whole])


def _paired_region(reading: Reading, span: Span) -> Span:
    """`Central and [Southeast Europe]`: two parts of one continent are one land."""
    parts = reading.words(span).split() if span.label == "LOC" else []
    if len(parts) < 2 or parts[0] not in COMPASS_WORDS:
        return span
    pair = COMPASS_PAIR.search(reading.text, max(0, span.start - 18), span.start)
    return span if pair is None else span.mended("frames.compass", start=pair.start())


def _numbered(reading: Reading, span: Span) -> Span:
    """`[Aino] I, queen of`: the number is no pronoun in front of the office."""
    if span.label != "PERSON" or " " in reading.words(span):
        return span
    first = FIRST_QUEEN.match(reading.text, span.end)
    return span if first is None else span.mended("frames.king", end=first.end())


def _areas(reading: Reading) -> Iterator[Span]:
    """`Kuno Local Government Area`: the land that a council governs, with its name."""
    for passage in reading.passages:
        if not any(hint in passage.text for hint in AREA_HINTS):
            continue
        for match in AREA.finditer(reading.text, passage.start_char, passage.end_char):
            first = match.group().split()[0]
            plain = first.lower() in lexicon().determiners
            yield found(
                match.start() + (len(first) + 1 if plain else 0), match.end(), "GPE", "frames.area"
            )


def _states(reading: Reading) -> Iterator[Span]:
    """`in Kuno State`: not `of the State`, `from Islamic State` or `in Kenyan State`."""
    for passage in reading.passages:
        if " State" not in passage.text:
            continue
        for match in STATE.finditer(reading.text, passage.start_char, passage.end_char):
            words = match.group("name").split()[:-1]
            state = identify(" ".join(words))
            if state is not None and state.is_demonym:
                continue
            if not any(_is_no_land(word) for word in words):
                yield found(*match.span("name"), "GPE", "frames.area")


def _is_no_land(word: str) -> bool:
    """Whether a word in front of `State` makes it no part of a federation."""
    lists = lexicon()
    return (
        word.lower() in lists.nameless_words
        or word in lists.org_heads
        or lists.surfaces.kind(word) == "NORP"
        or word in NO_LANDS
    )


def _realms(reading: Reading, spans: list[Span]) -> Iterator[Span]:
    """`the Duchy of Tirvo`, `the Kenyan-Omani Empire`, `the 9th Tirvo Party Congress`."""
    text = reading.text
    for number, span in enumerate(spans):
        if span.label in ("GPE", "LOC", "ORG", "FAC"):
            yield from _realm_of(reading, span)
        genocide = GENOCIDE_BEHIND.match(text, span.end) if span.label == "NORP" else None
        if genocide is not None:
            yield found(span.start, genocide.end(), "EVENT", "frames.genocide")
        if span.label == "NORP":
            before = spans[number - 1] if number else None
            paired = (
                before is not None
                and before.label == "NORP"
                and before.end + 1 == span.start
                and text[before.end] in "-\u2013"
            )
            behind = (PAIR_UNION_BEHIND if paired else UNION_BEHIND).match(text, span.end)
            if behind is not None:
                start = before.start if paired and before is not None else span.start
                yield found(start, behind.end(), "GPE", "frames.realm")
        if span.label in ("ORG", "LOC"):
            yield from _summit_of(reading, span)
        if span.label == "ORG" and (first := NUMBER_FIRST.match(reading.words(span))):
            if _meets(reading.words(span)[first.end() :].split()):
                yield span.mended("frames.congress", label="EVENT")
        elif span.label in ("ORG", "EVENT") and _meets(reading.words(span).split()):
            ordinal = NUMBER_BEFORE.search(text, max(0, span.start - 10), span.start)
            if ordinal is not None:
                yield found(ordinal.start(), span.end, "EVENT", "frames.congress")


def _summit_of(reading: Reading, span: Span) -> Iterator[Span]:
    """`the 2019 Summit of the [Kuno Forum]`: a meeting of the body, with its year."""
    before = SUMMIT_BEFORE.search(reading.text, max(0, span.start - 40), span.start)
    if before is not None:
        yield found(before.start(), span.end, "EVENT", "frames.congress")


def _meets(words: list[str]) -> bool:
    """Whether its head is a body or meeting that is counted: `Party Congress`, `Assembly of`."""
    if len(words) < 2:
        return False
    ends = [place for place, word in enumerate(words) if place and word in ("of", "on")]
    place = ends[0] - 1 if ends else len(words) - 1
    before = words[place - 1] if place else ""
    if words[place] == "Assembly":
        # `the 14th National Assembly` is a parliament in its fourteenth term.
        return before in ("General", "Health") or (not before and bool(ends))
    return words[place] in MEETS and before != "People's"


def _realm_of(reading: Reading, span: Span) -> Iterator[Span]:
    """The span with the form of the realm in front, or inside it."""
    text = reading.text
    inside = REALM.match(text, span.start, span.end)
    if inside is not None:
        rest = text[inside.end() : span.end]
        if identify(rest) is not None or lexicon().surfaces.kind(rest) in ("GPE", "LOC"):
            yield span.mended("frames.realm", label="GPE")
        return
    if span.label not in ("GPE", "LOC") or text[span.end : span.end + 2].strip()[:1].isupper():
        return
    low = max(0, span.start - 40)
    for realm in REALM.finditer(text, low, span.start + 1):
        if realm.end() == span.start:
            yield found(realm.start(), span.end, "GPE", "frames.realm")
