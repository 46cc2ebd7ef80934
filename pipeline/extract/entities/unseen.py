"""Names that the model did not see at all, found by the words beside them.

Two words or more with an office, an age or `who`; a name behind `in` or a noun of places; peoples
in front of tribes and elders.  Lines of capitals and title-case lines are left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pipeline.extract.entities.calling_book import callings
from pipeline.extract.entities.cues import (
    AGE_BEFORE,
    AGE_BEHIND,
    GERMAN_SITE,
    LOOK_BACK,
    TOWN_BEHIND,
    speaks_of_place,
)
from pipeline.extract.entities.headlines import is_capitals
from pipeline.extract.entities.heads import is_in_treaty
from pipeline.extract.entities.lexicon import lexicon
from pipeline.extract.entities.patterns import patterns
from pipeline.extract.entities.persons import is_title_case
from pipeline.extract.entities.spans import (
    CAPITAL,
    Ground,
    Reading,
    Span,
    found,
    in_front,
    laid,
    small_words,
)
from pipeline.extract.names import identify
from pipeline.records import Passage
from schemas.tables import EntityLabel

OPEN_PEOPLE = re.compile(
    rf"(?<![\w@/.-])(?:(?P<first>{CAPITAL}[\w'-]{{2,20}})[ \n]and[ \n])?"
    rf"(?P<last>{CAPITAL}[\w'-]{{2,20}})"
    r"[ \n](?:tribes?|tribesmen|clans?|clansmen|elders)\b"
)
OPEN_NAME = re.compile(
    rf"(?<![\w@/.-]){CAPITAL}[\w'-]{{2,24}}(?:[ \n]{CAPITAL}[\w'-]{{2,24}}){{0,2}}"
)
NUMBER_BEHIND = re.compile(r"[ \n](?:\d|[A-Z]\b|[IVX]+\b|" + CAPITAL + ")|['-]?\\w|[ \n]?/|\\.\\w")
# A run of capitalised words on one line; borders are no capitalised words.
OPEN_RUN = re.compile(
    rf"(?<![\w@/.'-])(?<!{CAPITAL}[ \n]){CAPITAL}[\w-]{{1,20}}"
    rf"(?: {CAPITAL}[\w-]{{1,20}}){{1,5}}(?![\w@'-]|[ \n]{CAPITAL}|[ \n](?:of|for)\b)"
)
# `Estadio Aurora del Valle`: two words or more, with a particle between.
LONG_SITE = re.compile(
    rf"(?<=[a-z][ \n]){CAPITAL}[a-zé]{{3,10}}(?:[ \n]{CAPITAL}[\w-]{{2,20}}){{1,2}}"
    rf"[ \n](?:del|de|do|da|dos|de la|de los|di|della)[ \n]{CAPITAL}[\w-]{{2,20}}"
    rf"(?![\w-]|[ \n]{CAPITAL})"
)
# One word and `and` behind an article, or `&` behind anything, in front of a headed name.
FIRST_HALF = re.compile(
    rf"(?:(?:(?<=[Tt]he )|(?<='s ))({CAPITAL}[\w-]{{2,20}}(?:[ ]{CAPITAL}[\w-]{{2,20}})?)[ \n]and"
    rf"|(?<![\w-])({CAPITAL}[\w-]{{2,20}})[ \n]&)[ \n]$"
)
# Last words of games and meetings that need no model: `Kuno Games`.
GAMES = (
    "Games",
    "Championship",
    "Championships",
    "Festival",
    "Summit",
    "Marathon",
    "Biennale",
    "Trophy",
)
# `The deceased is Aino Salo`, `was identified as Aino Salo`.
VICTIM_BEFORE = in_front(
    r"(?<!\w)(?:(?:deceased|victim|accused|suspect)[ \n](?:is|was)"
    r"|(?:identified|named)[ \n]as)[ \n]",
    *("is", "was", "as"),
)
WHO_BEHIND = re.compile(r",[ \n](?:who|whose|whom)\b")
# Where the passage begins in which a name stands, and the name.
OpenName = tuple[int, re.Match[str]]


def with_unseen(reading: Reading, spans: list[Span]) -> list[Span]:
    """The spans with the names that no span covers."""
    ground = Ground(spans)
    running = [
        passage
        for passage in reading.passages
        if not is_capitals(passage) and not is_title_case(passage)
    ]
    names = [
        (passage.start_char, match)
        for passage in running
        for match in OPEN_NAME.finditer(reading.text, passage.start_char, passage.end_char)
        if not ground.over(*match.span())
    ]
    added = [
        *_open_persons(reading, names),
        *_open_places(reading, names),
        *_open_peoples(reading, ground, running),
        *_open_sites(reading, ground, running, names),
        *_open_headed(reading, ground, running),
    ]
    # A site in whole comes before the land that a list saw in its last word.
    sites = [span for span in added if span.label == "FAC"]
    return laid([*sites, *spans, *added])


def _open_persons(reading: Reading, names: Sequence[OpenName]) -> Iterator[Span]:
    """Names of two words or more that no span covers, with an office, age or `who` beside."""
    lists = lexicon()
    for low, match in names:
        start, end = match.span()
        words = match.group().split()
        if words[0].lower() in lists.leading_words:
            continue
        if len(words) < 2 or reading.text[end : end + 1].isalnum():
            continue
        if any(word in lists.known_words or word.isupper() for word in words):
            continue
        behind = AGE_BEHIND.match(reading.text, end) or WHO_BEHIND.match(reading.text, end)
        front = max(low, start - LOOK_BACK)
        beside = (
            behind is not None
            or AGE_BEFORE.ends_at(reading, front, start)
            or VICTIM_BEFORE.ends_at(reading, front, start)
        )
        before = patterns().role_before.ends_at(reading, front, start)
        if beside or (before and reading.text[end : end + 1] in ",."):
            yield found(start, end, "PERSON", "cues.person")


def _open_places(reading: Reading, names: Sequence[OpenName]) -> Iterator[Span]:
    """Names that no span covers behind `in`, `near` or a noun of places."""
    small = small_words(reading)
    for low, match in names:
        start, end = match.span()
        if match.group().endswith("'s") or NUMBER_BEHIND.match(reading.text, end):
            continue
        if any(_is_no_place(word, small) for word in match.group().split()):
            continue
        named = patterns().place_of.ends_at(reading, max(low, start - LOOK_BACK), start)
        settled = TOWN_BEHIND.match(reading.text, end) is not None
        if callings().land_behind.match(reading.text, end) is not None:
            # `fish of Tirvo river`: the noun behind says what it is.
            yield from (found(start, end, "LOC", "callings.land"),) if named else ()
        elif named or settled or speaks_of_place(reading, start):
            yield found(start, end, "GPE", "cues.place")


def _open_peoples(reading: Reading, ground: Ground, running: list[Passage]) -> Iterator[Span]:
    """Names that no span covers in front of tribes and elders: `the Kuno and Bala tribes`."""
    lists = lexicon()
    for passage in running:
        for match in OPEN_PEOPLE.finditer(reading.text, passage.start_char, passage.end_char):
            for part in ("first", "last"):
                start, end = match.span(part)
                word = match.group(part)
                if start < 0 or ground.over(start, end) or word in lists.known_words:
                    continue
                if word.lower() not in lists.nameless_words:
                    yield found(start, end, "NORP", "cues.people")


def _open_sites(
    reading: Reading, ground: Ground, running: list[Passage], names: Sequence[OpenName]
) -> Iterator[Span]:
    """Buildings and squares by their first word: `at the Palacio Aurora de la Costa`."""
    for passage in running:
        for match in LONG_SITE.finditer(reading.text, passage.start_char, passage.end_char):
            start, end = match.span()
            over = ground.over(start, end)
            if match.group().split()[0] in lexicon().fac_openers and all(
                start <= span.start and span.end <= end and span.label != "ORG" for span in over
            ):
                yield found(start, end, "FAC", "cues.site")
    for _, match in names:
        words = match.group().split()
        if len(words) == 1 and GERMAN_SITE.fullmatch(words[0]) is not None:
            yield found(*match.span(), "FAC", "cues.site")
        small = reading.text[max(0, match.start() - 2) : match.start() - 1].islower()
        if len(words) < 2 or not small:
            continue
        if words[0] in lexicon().fac_openers and not match.group().endswith("'s"):
            yield found(*match.span(), "FAC", "cues.site")


def _open_headed(reading: Reading, ground: Ground, running: list[Passage]) -> Iterator[Span]:
    """Two capitalised words or more that no span covers, up to a sure head: `Kuno High Court`."""
    lists = lexicon()
    heads: dict[str, EntityLabel] = dict.fromkeys(lists.strong_heads, "ORG")
    heads |= dict.fromkeys(lists.building_heads, "FAC")
    heads |= dict.fromkeys(lists.loc_heads, "LOC")
    heads |= dict.fromkeys(GAMES, "EVENT")
    for passage in running:
        for match in OPEN_RUN.finditer(reading.text, passage.start_char, passage.end_char):
            start, end = match.span()
            words = match.group().split()
            label = heads.get(words[-1])
            if label is None or ground.over(start, end):
                continue
            while words and _opens_no_name(words[0]):
                start += len(words[0]) + 1
                words = words[1:]
            if is_in_treaty(reading, start, " ".join(words)):
                continue
            if len(words) >= 2 and not all(word in heads for word in words):
                yield found(
                    _with_first_half(reading, ground, start, label), end, label, "heads.open"
                )


def _with_first_half(reading: Reading, ground: Ground, start: int, label: EntityLabel) -> int:
    """`the [Roads and] River Crossings Authority`, `[Aino &] Timo Salo Foundation`."""
    low = max(0, start - 40)
    half = FIRST_HALF.search(reading.text, low, start) if label == "ORG" else None
    part = 0 if half is None else 1 if half.group(1) else 2
    if half is None or ground.over(*half.span(part)):
        return start
    word = half.group(part)
    is_own = word in lexicon().known_words or word in lexicon().surfaces
    return start if is_own or identify(word) is not None else half.start(part)


def _opens_no_name(word: str) -> bool:
    lists = lexicon()
    return (
        word in callings().openers
        or word.lower() in lists.determiners
        or word in lists.calendar_words
    )


def _is_no_place(word: str, small: frozenset[str]) -> bool:
    lists = lexicon()
    return (
        word.isupper()
        or identify(word) is not None
        or word.lower() in small
        or word in lists.known_words
        or word in lists.no_place_words
        or word.lower() in lists.non_names
        or word.lower() in lists.titles
        or word.lower() in lists.determiners
    )
