"""Persons told by how they are introduced, whatever the model took their names for.

Newspapers introduce a person in a few forms: behind an office and a comma (`the Minister of
Ports of Kenya, X Y,`), with a nickname in quotes, with initials in front, in a pair with another
person, by what only persons do (`X Y was sworn in`), by speech behind a quotation.  A form gives
the label PERSON to two words or more that can be a name, seen by the model or not; listed names,
head words of organisations and lines with all words capitalised are left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from pipeline.extract.entities.calling_book import callings
from pipeline.extract.entities.headlines import is_capitals
from pipeline.extract.entities.lexicon import lexicon
from pipeline.extract.entities.patterns import patterns
from pipeline.extract.entities.persons import GIVEN, is_title_case
from pipeline.extract.entities.spans import CAPITAL, Ground, Reading, Span, found, laid, small_words
from pipeline.extract.names import identify

FIXED = ("places", "agencies", "dateline", "heads", "acronyms", "persons", "clubs")
MISTAKEN = ("ORG", "GPE", "NORP", "LOC", "FAC", "WORK_OF_ART", "EVENT")
PLACES = ("GPE", "NORP", "LOC", "FAC")
PAIR = re.compile(r"[ \n]and[ \n]")
PLURAL_BEFORE = re.compile(r"(?<!\w)(?!says|was|has|vs)[a-z]{2,15}s,?[ \n]$")
ENDS_NAME = re.compile(r"[.,;:)]|$|[ \n](?:who|said|told|has|had|was|is|on|at|in|and|to)\b")
# `under Ana Vula's government`: who reigns, also where the model cut the name in two.
UNDER = re.compile(r"(?<!\w)(?:[Uu]nder|during|President)[ \n]$")
REIGN_BEHIND = re.compile(
    r"(?:'s)?[ \n](?:government|administration|presidency|regime|leadership|premiership)\b"
)
SAID_BEFORE = re.compile(r"\"[ \n](?:said|says|added|recalled|explained)[ \n]$")
SAID_BEHIND = re.compile(r"[ \n](?:said|told|says|tells)\b")
SPOKE_BEHIND = re.compile(
    r"[ \n](?:said|told|says|tells|called|wrote|warned|argued|added|noted|believes|thinks|"
    r"blamed|condemned|urged|praised|denied|insisted|confirmed|asked|described|criticised|accused)\b"
)
KIN_BEHIND = re.compile(
    r"'s[ \n](?:wife|husband|son|daughter|mother|father|brother|sister|widow|funeral|lawyers?)\b"
)
NICKNAME = re.compile(
    rf"[ \n]\"{CAPITAL}[^\W\d_]{{1,15}}(?:[ \n]{CAPITAL}[^\W\d_]{{1,15}})?\"[ \n]"
)
FAMILY = re.compile(
    rf"(?:(?:de la|dela|del|de|da|van|von|al|el|bin)[ \n])?{CAPITAL}[^\W\d_]+(?:-{CAPITAL}\w+)?"
)
# `J. B. Salonen`; not `U.S. Senate`.
DOTTED = re.compile(
    rf"(?<![\w.&'-])(?!U\. ?[SNK]\.|E\. ?U\.|D\. ?C\.|B\. ?C\.|A\. ?D\.|P\. ?O\.)"
    rf"(?:[A-Z]\. ?){{2,3}}"
    rf"{CAPITAL}[^\W\d_]{{3,20}}(?![\w-]|[ \n]{CAPITAL})"
)
BYLINE = re.compile(
    rf"\s{{0,3}}By\s{{1,3}}({CAPITAL}[\w'.-]{{1,20}}(?: {CAPITAL}[\w'.-]{{1,20}}){{1,3}})"
    rf"(?: and ({CAPITAL}[\w'.-]{{1,20}}(?: {CAPITAL}[\w'.-]{{1,20}}){{1,3}}))?"
    rf"\s*(?:,[^.]{{0,60}}|$)"
)
# `K T Salonen`; not `U S Senate`, `A B Volt`.
INITIALS = re.compile(
    rf"(?<![\w.&'-])(?!U S|U N|U K|U A|E U|A B)(?:[A-Z][ ]){{2,3}}"
    rf"{CAPITAL}[^\W\d_]{{3,20}}(?:[ \n]{CAPITAL}[^\W\d_]{{2,20}})?(?![\w-])"
)
TITLED = re.compile(r"(?:[A-Z]\.?[ \n]){0,3}")
LOOK_BACK = 140
LONGEST_NAME = 5
LONGEST_UNTOLD = 3
ARTICLE_BEFORE = re.compile(r"(?<!\w)(?:[Tt]he|an?)[ \n]$")
NO_PERSON_BEFORE = re.compile(
    r"(?<!\w)(?:[Tt]he|an?|[Ii]n|[Aa]t|near|[Ff]rom|to|around|across)[ \n]$"
)


def with_introduced(reading: Reading, spans: list[Span]) -> list[Span]:
    """The spans with the persons that their introduction tells."""
    whole = [*_nicknamed(reading, spans), *_rejoined(reading, spans), *_signed(reading, spans)]
    spans = laid([*whole, *spans])
    spans = [_without_title(reading, span) for span in spans]
    known = frozenset(
        name for span in spans if span.label == "PERSON" and " " in (name := reading.words(span))
    )
    spans = [_introduced(reading, span) for span in _of_bodies(reading, spans)]
    spans = list(_paired(reading, spans))
    ground = Ground(spans)
    return laid([*_pieced(reading, ground), *_unseen(reading, ground, known), *spans])


def _introduced(reading: Reading, span: Span) -> Span:
    """The span as a person, if its words can be one and something beside it says so."""
    if span.label not in MISTAKEN or span.rule_id.startswith(FIXED):
        return span
    words = reading.words(span)
    if " " not in words:
        return _defended(reading, span, words)
    if not _may_be_person(words):
        return span
    if (
        callings().deed_behind.match(reading.text, span.end)
        or callings().described_behind.match(reading.text, span.end)
        or KIN_BEHIND.match(reading.text, span.end)
        or _has_office(reading, span.start, span.end)
        or (span.label in PLACES and _speaks(reading, span.start, span.end))
    ):
        return span.mended("introduced", label="PERSON")
    named = _is_named_so(reading, span, words)
    return span.mended("introduced.given", label="PERSON") if named else span


def _of_bodies(reading: Reading, spans: list[Span]) -> Iterator[Span]:
    """`Kuno Bank's Aino Salo said`: who speaks for an organisation, by its possessive."""
    before: Span | None = None
    for span in spans:
        owned = (
            before is not None
            and before.label == "ORG"
            and span.label in MISTAKEN
            and reading.text[before.end : span.start] == "'s "
            and SPOKE_BEHIND.match(reading.text, span.end) is not None
            and not span.rule_id.startswith(FIXED)
            and _may_be_person(reading.words(span))
        )
        before = span.mended("introduced.owned", label="PERSON") if owned else span
        yield before


def _defended(reading: Reading, span: Span, word: str) -> Span:
    """`His lawyer, Salo, told us`: one word behind a possessive, an office and a comma."""
    low = max(0, span.start - LOOK_BACK)
    lists = lexicon()
    may = not word.isupper() and word not in lists.known_words and word not in lists.surfaces
    closed = reading.text[span.end : span.end + 1] == ","
    if not may or not closed or identify(word) is not None:
        return span
    told = callings().own_office_before.ends_at(reading, low, span.start)
    return span.mended("introduced", label="PERSON") if told else span


def _is_named_so(reading: Reading, span: Span, words: str) -> bool:
    """Whether a first name opens the words; no article stands in front, and no shares behind."""
    if words.split(maxsplit=1)[0] not in lexicon().given_names:
        return False
    if patterns().firm_owned.match(reading.text, span.end) is not None:
        return False
    low = max(0, span.start - 10)
    before = NO_PERSON_BEFORE if span.label != "ORG" else ARTICLE_BEFORE
    return before.search(reading.text, low, span.start) is None


def _has_office(reading: Reading, start: int, end: int) -> bool:
    """`the Minister of Ports of Kenya, X Y,`: an office in capitals up to the comma in front."""
    if reading.text[max(0, start - 2) : start] not in (", ", ",\n"):
        return False
    if ENDS_NAME.match(reading.text, end) is None:
        return False
    low = max(0, start - LOOK_BACK)
    return callings().office_comma_before.ends_at(reading, low, start)


def _speaks(reading: Reading, start: int, end: int) -> bool:
    """Whether a quotation and `said` stand in front, and a stop behind."""
    behind = reading.text[end : end + 1] in (".", ",")
    return behind and SAID_BEFORE.search(reading.text, max(0, start - 16), start) is not None


def _may_be_person(words: str) -> bool:
    """Whether the words have the form of a full name and no other meaning that is known."""
    lists = lexicon()
    parts = words.split()
    if words in lists.surfaces or patterns().capitalised_name.fullmatch(words) is None:
        return False
    capitals = [word for word in parts if word[0].isupper()]
    return 2 <= len(capitals) <= LONGEST_NAME and not any(
        (len(word) > 2 and word.isupper())
        or word in lists.known_words
        or word in lists.calendar_words
        or word.lower() in lists.plain_words
        or identify(word) is not None
        for word in capitals
    )


def _without_title(reading: Reading, span: Span) -> Span:
    """`Justice K Salonen` as an organisation: the person without the title."""
    if span.label not in MISTAKEN or span.rule_id.startswith(FIXED):
        return span
    text = reading.text[span.start : span.end]
    title = callings().office_opener.match(text)
    if title is None:
        return span
    initials = TITLED.match(text, title.end())
    rest = text[initials.end() if initials is not None else title.end() :]
    has_initial = initials is not None and bool(initials.group())
    plain = " ".join(rest.split())
    names = _may_be_person(plain) or (
        has_initial and plain.istitle() and plain.isalpha() and plain not in lexicon().known_words
    )
    return (
        span.mended("introduced.title", start=span.start + title.end(), label="PERSON")
        if names
        else span
    )


def _nicknamed(reading: Reading, spans: list[Span]) -> Iterator[Span]:
    """`Timo "Ukko" Salo`: one name, which the quotes cut in three."""
    for span in spans:
        words = reading.words(span)
        if span.label != "PERSON" or len(words.split()) > 3:
            continue
        nickname = NICKNAME.match(reading.text, span.end)
        family = FAMILY.match(reading.text, nickname.end()) if nickname is not None else None
        if family is not None and family.group().split()[-1] not in lexicon().known_words:
            yield span.mended("introduced.nickname", end=family.end())


def _rejoined(reading: Reading, spans: list[Span]) -> Iterator[Span]:
    """`Ana Lupe` and `Vula`, two persons of the model with a blank between: one name."""
    for first, second in pairwise(spans):
        if first.label != "PERSON" or second.label != "PERSON":
            continue
        parts = reading.words(first).split() + reading.words(second).split()
        passage = reading.passage_at(first.start)
        if (
            reading.text[first.end : second.start] == " "
            and (
                (" " not in reading.words(second) and 2 <= len(parts) <= 4)
                # `Ana Lupe` and `Salo Vula`, with a border of clauses on either side.
                or (len(parts) == 4 and _is_between_borders(reading, first.start, second.end))
            )
            and passage is not None
            and not is_title_case(passage)
            and not any(word.isupper() for word in parts)
        ):
            yield first.mended("introduced.join", end=second.end)


def _is_between_borders(reading: Reading, start: int, end: int) -> bool:
    """Whether a comma or office stands in front of the words, and a comma or stop behind."""
    before = reading.text[max(0, start - 24) : start].rstrip()
    word = before.rpartition(" ")[2].lower()
    opens = before.endswith(",") or word in lexicon().titles
    return opens and reading.text[end : end + 1] in (",", ".")


def _signed(reading: Reading, spans: list[Span]) -> Iterator[Span]:
    """`By Aino Salo`, a line of its own: who wrote it, whatever the model makes of the name."""
    ground = Ground(spans)
    for passage in reading.passages:
        if len(passage.text) > 120 or not passage.text.lstrip().startswith(("By ", "By\n")):
            continue
        match = BYLINE.fullmatch(reading.text, passage.start_char, passage.end_char)
        for part in (1, 2) if match is not None else ():
            start, end = match.span(part) if match is not None else (-1, -1)
            over = ground.over(start, end) if start >= 0 else []
            named = any(span.label == "PERSON" for span in over)
            if (
                start >= 0
                and (not named or len(over) > 1)
                and not any(
                    (span.rule_id.startswith(FIXED) and reading.words(span) not in GIVEN)
                    or span.end > end
                    for span in over
                )
            ):
                yield found(start, end, "PERSON", "introduced.byline")


def _paired(reading: Reading, spans: list[Span]) -> Iterator[Span]:
    """`drivers Aino Salo and Timo Kuno`: the other of two persons is one."""
    for number, span in enumerate(spans):
        words = reading.words(span)
        if (
            span.label not in MISTAKEN
            or span.rule_id.startswith((*FIXED, "callings"))
            or not _may_be_person(words)
        ):
            yield span
            continue
        before = spans[number - 1] if number else None
        behind = spans[number + 1] if number + 1 < len(spans) else None
        other = _partner(reading, before, span) or _partner(reading, span, behind)
        yield span.mended("introduced.pair", label="PERSON") if other else span


def _partner(reading: Reading, first: Span | None, second: Span | None) -> bool:
    """Whether the two are `X Y and Z W`, one a full person, with their calling in front."""
    if first is None or second is None:
        return False
    if PAIR.fullmatch(reading.text, first.end, second.start) is None:
        return False
    full = [span for span in (first, second) if span.label == "PERSON"]
    if len(full) != 1 or " " not in reading.words(full[0]):
        return False
    low = max(0, first.start - 20)
    sure = first.label in PLACES or second.label in PLACES
    return sure or PLURAL_BEFORE.search(reading.text, low, first.start) is not None


def _unseen(reading: Reading, ground: Ground, known: frozenset[str]) -> Iterator[Span]:
    """Full names that no span covers, told by the same forms."""
    small = small_words(reading)
    pattern = patterns().capitalised_name
    for passage in reading.passages:
        if is_capitals(passage) or is_title_case(passage):
            continue
        low, high = passage.start_char, passage.end_char
        for shape in (INITIALS, DOTTED):
            for match in shape.finditer(reading.text, low, high):
                last = match.group().split()[-1]
                if not ground.over(*match.span()) and last not in lexicon().known_words:
                    yield found(*match.span(), "PERSON", "introduced.initials")
        for match in pattern.finditer(reading.text, low, high):
            start, end = _without_openers(reading, *match.span())
            if start >= end or reading.text[max(0, start - 1) : start].strip(" \n\"'(,"):
                continue
            if ground.over(start, end):
                continue
            told = _is_told(reading, ground, start, end)
            if not told and not _opens_with_given(reading.text[start:end]):
                continue
            words = " ".join(reading.text[start:end].split())
            plain = any(word.lower() in small for word in words.split() if word[0].isupper())
            if words in known or (_may_be_person(words) and not plain):
                rule_id = "introduced" if told else "introduced.given"
                yield found(start, end, "PERSON", rule_id)


def _pieced(reading: Reading, ground: Ground) -> Iterator[Span]:
    """`Tupoa Vula took over as president`: a full name of which the model saw a part as a people.

    A people or town has no deeds of persons, and no word with a capital in front or behind.
    """
    for span in ground.spans:
        words = reading.words(span)
        if span.label not in ("NORP", "GPE") or span.method != "model" or " " in words:
            continue
        match = patterns().capitalised_name.match(reading.text, span.start)
        if match is None or match.end() <= span.end:
            continue
        start, end = match.span()
        # `Kemi's Aino Salo`: the pattern reads over the possessive.
        owner = reading.text.find("'s", start, end)
        end = end if owner < 0 else owner
        over = ground.over(start, end)
        told = callings().deed_behind.match(reading.text, end) is not None or (
            REIGN_BEHIND.match(reading.text, end) is not None
            and UNDER.search(reading.text, max(0, start - 12), start) is not None
        )
        inside = all(piece.method == "model" and piece.end <= end for piece in over)
        if told and inside and _may_be_person(" ".join(reading.text[start:end].split())):
            yield found(start, end, "PERSON", "introduced.pieces")


def _is_told(reading: Reading, ground: Ground, start: int, end: int) -> bool:
    return (
        callings().deed_behind.match(reading.text, end) is not None
        or SAID_BEHIND.match(reading.text, end) is not None
        or _speaks(reading, start, end)
        or _has_office(reading, start, end)
        or _has_partner(reading, ground, start, end)
    )


def _opens_with_given(words: str) -> bool:
    """`Abena Salo` where nothing beside it tells: two or three words after a first name."""
    parts = words.split()
    return 2 <= len(parts) <= LONGEST_UNTOLD and parts[0] in lexicon().given_names


def _has_partner(reading: Reading, ground: Ground, start: int, end: int) -> bool:
    """Whether a full person stands on the other side of an `and`."""
    for glue, at in ((reading.text[end : end + 5], end + 5), (reading.text[start - 5 : start], 0)):
        if PAIR.fullmatch(glue) is None:
            continue
        place = at or start - 6
        for other in ground.over(place, place + 1):
            if other.label == "PERSON" and " " in reading.words(other):
                return True
    return False


def _without_openers(reading: Reading, start: int, end: int) -> tuple[int, int]:
    """The run of capitalised words without the word that opens its sentence, or a title."""
    lists = lexicon()
    while start < end:
        word = reading.text[start:end].split(maxsplit=1)[0]
        plain = word.lower() in lists.leading_words or word in callings().openers
        if not plain:
            break
        rest = reading.text[start + len(word) : end]
        start += len(word) + len(rest) - len(rest.lstrip())
    return start, end
