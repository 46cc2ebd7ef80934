"""Full names of persons put in whole: what the model cut in pieces, or did not see at all.

A nickname in quotes cuts a name in three, a byline stands in a line of its own, initials stand in
front of a family name, a first name is taken for a people.  What no span covers is a person where
a form of introduction stands beside it: an office and a comma in front, speech, a deed of persons,
another person behind `and`, or a listed first name that opens it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from pipeline.extract.entities.calling_book import callings
from pipeline.extract.entities.headlines import is_capitals
from pipeline.extract.entities.lexicon import is_listed, lexicon
from pipeline.extract.entities.patterns import patterns
from pipeline.extract.entities.persons import GIVEN, is_title_case
from pipeline.extract.entities.spans import CAPITAL, Ground, Reading, Span, found, small_words
from pipeline.extract.names import identify, seat_code

FIXED = ("places", "agencies", "dateline", "heads", "acronyms", "persons", "clubs")
PAIR = re.compile(r"[ \n]and[ \n]")
ENDS_NAME = re.compile(r"[.,;:)]|$|[ \n](?:who|said|told|has|had|was|is|on|at|in|and|to)\b")
# `under Ana Vula's government`: who reigns, also where the model cut the name in two.
UNDER = re.compile(r"(?<!\w)(?:[Uu]nder|during|President)[ \n]$")
REIGN_BEHIND = re.compile(
    r"(?:'s)?[ \n](?:government|administration|presidency|regime|leadership|premiership)\b"
)
SAID_BEFORE = re.compile(r"\"[ \n](?:said|says|added|recalled|explained)[ \n]$")
SAID_BEHIND = re.compile(r"[ \n](?:said|told|says|tells)\b")
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
SHORT_GIVEN = frozenset({"Ma", "Sta", "Sto", "Md", "Mohd", "Wm", "Chas", "Thos", "Geo", "Jos"})
GIVEN_BEFORE = re.compile(rf"(?<=[a-z][ \n])({CAPITAL}[^\W\d_]{{2,15}})[ \n]$")
SHORTEST_FAMILY = 5
LOOK_BACK = 140
LONGEST_NAME = 5
LONGEST_UNTOLD = 3


def whole_persons(reading: Reading, spans: list[Span]) -> Iterator[Span]:
    """Names that the spans have in pieces: with a nickname, cut in two, in a byline."""
    yield from _nicknamed(reading, spans)
    yield from _rejoined(reading, spans)
    yield from _signed(reading, spans)


def has_office(reading: Reading, start: int, end: int) -> bool:
    """`the Minister of Ports of Kenya, X Y,`: an office in capitals up to the comma in front."""
    if reading.text[max(0, start - 2) : start] not in (", ", ",\n"):
        return False
    if ENDS_NAME.match(reading.text, end) is None:
        return False
    low = max(0, start - LOOK_BACK)
    return callings().office_comma_before.ends_at(reading, low, start)


def is_quoted(reading: Reading, start: int, end: int) -> bool:
    """Whether a quotation and `said` stand in front, and a stop behind."""
    behind = reading.text[end : end + 1] in (".", ",")
    return behind and SAID_BEFORE.search(reading.text, max(0, start - 16), start) is not None


def may_be_person(words: str) -> bool:
    """Whether the words have the form of a full name and no other meaning that is known."""
    lists = lexicon()
    parts = words.split()
    if words in lists.surfaces or patterns().capitalised_name.fullmatch(words) is None:
        return False
    capitals = [word for word in parts if word[0].isupper()]
    if not 2 <= len(capitals) <= LONGEST_NAME or any(
        (len(word) > 2 and word.isupper())
        or word in lists.known_words
        or word in lists.calendar_words
        or word.lower() in lists.plain_words
        or identify(word) is not None
        for word in capitals
    ):
        return False
    # `New Zealand`, `Addis Ababa`: no word of them is known by itself.
    return identify(words) is None and seat_code(words) is None


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
        glue = reading.text[first.end : second.start]
        if glue == ". " and reading.words(first) in SHORT_GIVEN:
            # `Ma. Ana Salo`, as the Philippines shorten Maria.
            yield first.mended("introduced.join", end=second.end)
        elif (
            glue == " "
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


def unseen_persons(reading: Reading, ground: Ground, known: frozenset[str]) -> Iterator[Span]:
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
            if not told and not bears_known_name(reading.text[start:end]):
                continue
            words = " ".join(reading.text[start:end].split())
            plain = any(word.lower() in small for word in words.split() if word[0].isupper())
            if words in known or (may_be_person(words) and not plain):
                rule_id = "introduced" if told else "introduced.given"
                yield found(start, end, "PERSON", rule_id)


def pieced_persons(reading: Reading, ground: Ground) -> Iterator[Span]:
    """`Tupoa Vula took over as president`: a full name of which the model saw a part as a people.

    A people or town has no deeds of persons, and no word with a capital in front or behind.
    """
    for span in ground.spans:
        words = reading.words(span)
        if span.label not in ("NORP", "GPE") or span.method != "model" or " " in words:
            continue
        start = _given_start(reading, ground, span, words)
        if start is not None:
            yield found(start, span.end, "PERSON", "introduced.pieces")
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
        if told and inside and may_be_person(" ".join(reading.text[start:end].split())):
            yield found(start, end, "PERSON", "introduced.pieces")


def _given_start(reading: Reading, ground: Ground, span: Span, words: str) -> int | None:
    """Where `lawmaker [Aino] Salo` begins: behind an office, a first name that no span covers."""
    given = GIVEN_BEFORE.search(reading.text, max(0, span.start - 24), span.start)
    if given is None or ground.over(*given.span(1)) or is_listed(words):
        return None
    low = max(0, given.start(1) - LOOK_BACK)
    if not callings().office_before.ends_at(reading, low, given.start(1)):
        return None
    return given.start(1) if may_be_person(f"{given.group(1)} {words}") else None


def _is_told(reading: Reading, ground: Ground, start: int, end: int) -> bool:
    return (
        callings().deed_behind.match(reading.text, end) is not None
        or SAID_BEHIND.match(reading.text, end) is not None
        or is_quoted(reading, start, end)
        or has_office(reading, start, end)
        or _has_partner(reading, ground, start, end)
    )


def bears_known_name(words: str) -> bool:
    """Whether two or three words open with a listed first name or end in a family name.

    Example:
        >>> bears_known_name("Abena Tirvo"), bears_known_name("Tirvo Hernandez")
        (True, True)
        >>> bears_known_name("San Hernandez"), bears_known_name("Tirvo Steel")
        (False, False)
    """
    parts = words.split()
    lists = lexicon()
    if not 2 <= len(parts) <= LONGEST_UNTOLD:
        return False
    if parts[0] in lists.given_names:
        return True
    last = parts[-1]
    ends_so = last in lists.family_names or (
        len(last) > SHORTEST_FAMILY and last.endswith(lists.family_ends)
    )
    return ends_so and parts[0] not in lists.family_openers


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
