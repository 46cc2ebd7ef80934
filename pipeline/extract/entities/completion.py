"""Names that the model cut short: made whole by the words that touch them.

A person goes on over particles, an initial in front and a family name behind; a hospital or
school begins with the person or town that it is named after.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise

from pipeline.extract.entities.calling_book import callings
from pipeline.extract.entities.headlines import is_capitals
from pipeline.extract.entities.lexicon import is_listed, lexicon
from pipeline.extract.entities.persons import is_title_case
from pipeline.extract.entities.spans import (
    CAPITAL,
    Ground,
    Reading,
    Span,
    in_order,
    laid,
    small_words,
)
from pipeline.extract.names import identify
from pipeline.records import Passage

FIXED = ("places", "agencies", "dateline", "heads", "acronyms", "persons")
ENDS_CLAUSE = re.compile(r"[.,;:]")
ENDS_NAME = re.compile(r"[.,;:]|[ \n][a-z]{2,}")
# `2022 World Cup`: the year belongs to the name of games and summits.
# `Kuno Cup 2022`.
YEAR_BEHIND = re.compile(r"[ \n](?:19|20)\d\d(?![\w-]|[.,]\d)")
# And so does its number: `Second Kuno War`.
YEAR_BEFORE = re.compile(
    r"(?<!\w)((?:19|20)\d\d|First|Second|Third|Fourth|Fifth|Sixth|Seventh|Eighth)[ \n]$"
)
# `National Road 2`, `Terminal 3`: the number is the name.
NUMBERED = ("Road", "Highway", "Route", "Motorway", "Expressway", "Terminal", "Gate", "Pier")
ROAD_NUMBER = re.compile(r"[ \n][A-Z]?\d{1,3}[A-Z]?(?![\w%]|[.,:-]\d|[ \n][a-z]+s\b)")
TOWN_TAIL = re.compile(
    rf"[ \n](?:do|de|da|del|dos|das|de la|de los)[ \n]{CAPITAL}[^\W\d_]+(?!\w|[ \n]{CAPITAL})"
)
LINKED = re.compile(r"[ \n](?:[a-z]{1,5}[ \n]){1,2}")
WATERS = frozenset(
    {
        "Strait",
        "Straits",
        "Peninsula",
        "Archipelago",
        "Glacier",
        "Reef",
        "Plateau",
        "Basin",
        "Fjord",
    }
)
JOINED_TAIL = re.compile(r"(?: [A-Z][\w'-]{1,20}){1,4}(?!\w|[ \n][A-Z])")
HONOUR_BEFORE = re.compile(
    r"(?<!\w)(?:Sultan|King|Queen|Prince|Princess|General|President|Sir|St|Saint) $"
)
# `said Tshering` in front of `Dendup Wangdi`, `(Tshering`, `Actress Tshering`, `. Tshering`.
GIVEN_BEFORE = re.compile(
    r"(?:(?<![\w.])(?:[a-z]{2,15}|H\.E\.|Mrs?\.|Ms\.|Dr\.|Hon\.|Prof\.)[ \n]|\("
    rf"|(?P<title>(?<!\w){CAPITAL}[a-z]{{2,15}})[ \n]"
    rf"|(?P<stop>[a-z)\"][.?!]\"?[ \n]))({CAPITAL}[^\W\d_]{{2,20}})[ \n]$"
)
OPENER_BEFORE = re.compile(rf"[a-z][ \n]({CAPITAL}[\w]{{2,20}})[ \n]$")
HYPHEN_TAIL = re.compile(rf"-{CAPITAL}[^\W\d_]+(?![\w-])")
# `Jae-in` behind a Korean or Chinese family name; elsewhere `-led`, `-based` stand so.
SMALL_TAIL = re.compile(r"-([a-z]{1,6})(?![\w-])")
# `Anyang' Nyong'o`: the apostrophe is a letter of the name.
ELIDED_TAIL = re.compile(rf"'[ \n]{CAPITAL}[^\W\d_]{{2,15}}(?:'[^\W\d_]{{1,10}})?(?!\w|'s)")
INITIAL_BEFORE = re.compile(r"(?<![\w.'])(?:[B-HJ-Z]|Md|Mohd)\.?[ \n]$")
# No quotation of so few words that a name opens it is longer.
QUOTE_CHARS = 400
CLOSED_QUOTE = re.compile(r"(?<!s)'(?!\w)")
NEXT_NAME = re.compile(rf"[ \n]{CAPITAL}[^\W\d_]+(?:['-][^\W\d_]+)*(?!\w)")


def completed(reading: Reading, spans: list[Span]) -> list[Span]:
    """The spans with names made whole; those inside a longer one are left out."""
    spans = _longest(_joined(reading, span) for span in spans)
    ground = Ground(spans)
    return _longest(_hyphened(reading, _extended(reading, span, ground), ground) for span in spans)


def _extended(reading: Reading, span: Span, ground: Ground) -> Span:
    """A person with the initial in front, or the family name behind, that the model cut off."""
    if span.label == "EVENT":
        year = YEAR_BEFORE.search(reading.text, max(0, span.start - 8), span.start)
        words = reading.words(span)
        is_named = words.split()[-1] in lexicon().event_heads or " Cup of " in words
        start = year.start(1) if year is not None and is_named else span.start
        after = YEAR_BEHIND.match(reading.text, span.end) if is_named and year is None else None
        return span.mended("cues.joined", start=start, end=after.end() if after else span.end)
    if span.label == "FAC":
        number = ROAD_NUMBER.match(reading.text, span.end)
        is_road = reading.words(span).split()[-1] in NUMBERED
        return span.mended("cues.joined", end=number.end()) if number and is_road else span
    if span.label != "PERSON" or span.rule_id.startswith(FIXED):
        return span
    syllable = _syllable(reading, span)
    if syllable is not None:
        return span.mended("cues.joined", end=syllable.end())
    end = _name_end(reading, span, ground)
    if end != span.end:
        return span.mended("cues.person", end=end)
    return span.mended("cues.person", start=_name_start(reading, span, ground))


def _syllable(reading: Reading, span: Span) -> re.Match[str] | None:
    """`-ok` behind `Hwang Sun`, where the model stops at the hyphen."""
    family, _, given = reading.words(span).partition(" ")
    if not given.isalpha() or family not in lexicon().hyphen_families:
        return None
    tail = SMALL_TAIL.match(reading.text, span.end)
    return None if tail is None or tail.group(1) in lexicon().hyphen_tails else tail


def _name_end(reading: Reading, span: Span, ground: Ground) -> int:
    """End of the name with the family name behind it, over particles if they stand between."""
    words = reading.words(span).split()
    elided = ELIDED_TAIL.match(reading.text, span.end)
    if elided is not None and words[-1][-1] != "s" and not ground.over(span.end + 2, elided.end()):
        return elided.end()
    behind = NEXT_NAME.match(reading.text, span.end)
    if behind is not None:
        free = not ground.over(behind.start() + 1, behind.end())
        ends_name = free and _is_family_name(reading, behind, alone=len(words) == 1)
        if ends_name or words[-1] in lexicon().particles:
            return behind.end()
    linked = LINKED.match(reading.text, span.end)
    if linked is None or not set(linked.group().split()) <= lexicon().particles:
        return span.end
    rest = ground.over(linked.end(), linked.end() + 1)
    if rest:
        return rest[0].end if rest[0].label == "PERSON" else span.end
    behind = NEXT_NAME.match(reading.text, linked.end() - 1)
    return behind.end() if behind is not None else span.end


def _name_start(reading: Reading, span: Span, ground: Ground) -> int:
    """Start of the name with the given name or initial in front of it."""
    given = GIVEN_BEFORE.search(reading.text, max(0, span.start - 40), span.start)
    if given is not None and not ground.over(given.start(3), given.end(3)):
        passage = reading.passage_at(given.start(3))
        if passage is not None and _may_be_given(reading, reading.words(span), given, passage):
            return given.start(3)
    if _has_okina(reading, span):
        return span.start - 1
    before = INITIAL_BEFORE.search(reading.text, max(0, span.start - 8), span.start)
    if before is not None and not ground.over(before.start(), before.end()):
        return before.start()
    return span.start


def _has_okina(reading: Reading, span: Span) -> bool:
    """`'Ana Vula`: a Polynesian name that begins with a glottal stop, and no quotation.

    The sign stands in front of vowels only, and a quotation would be closed again.
    """
    start = span.start
    if reading.text[start - 1 : start] != "'" or reading.text[start] not in "AEIOU":
        return False
    if start > 1 and not reading.text[start - 2].isspace():
        return False
    passage = reading.passage_at(start)
    return (
        passage is not None
        and start - 1 > passage.start_char
        and (
            CLOSED_QUOTE.search(
                reading.text, span.end, min(passage.end_char, span.end + QUOTE_CHARS)
            )
            is None
        )
    )


def _is_family_name(reading: Reading, match: re.Match[str], *, alone: bool) -> bool:
    """Whether the capitalised word behind a person can only be the end of the name.

    Behind a first name alone, as in `Franco Salo sings`, a word in small letters may follow.
    """
    lists = lexicon()
    word = match.group().strip()
    passage = reading.passage_at(match.start())
    return (
        passage is not None
        and not is_title_case(passage)
        and not is_capitals(passage)
        and not word.isupper()
        and word not in lists.known_words
        and word not in lists.calendar_words
        and word.lower() not in lists.plain_words
        and not is_listed(word)
        and (ENDS_NAME if alone else ENDS_CLAUSE).match(reading.text, match.end()) is not None
    )


def _may_be_given(reading: Reading, name: str, given: re.Match[str], passage: Passage) -> bool:
    """Whether the capitalised word in front of a person can be the first of the name."""
    lists = lexicon()
    word, title = given.group(3), given.group("title")
    if title is not None and title.lower() not in lists.titles:
        return False
    # At the start of a sentence many plain words stand in front of a name: `Defending Salo`.
    if given.group("stop") and (
        " " in name
        or word in callings().openers
        or word.endswith(("ly", "ing", "ed"))
        or word.lower() in small_words(reading)
    ):
        return False
    return not (
        is_title_case(passage)
        or is_capitals(passage)
        or word.isupper()
        or word in lists.known_words
        or word in lists.calendar_words
        or word in lists.field_words
        or word.lower() in lists.nameless_words
        or identify(word) is not None
    )


def _hyphened(reading: Reading, span: Span, ground: Ground) -> Span:
    """`Ulan` where the text has `Ulan-Bator` and nothing else covers the rest."""
    linked = TOWN_TAIL.match(reading.text, span.end) if span.label == "GPE" else None
    if linked is not None and not ground.over(span.end + 1, linked.end()):
        return span.mended("cues.joined", end=linked.end())
    tail = HYPHEN_TAIL.match(reading.text, span.end)
    if tail is None or span.rule_id.startswith(FIXED) or span.label not in ("GPE", "LOC", "PERSON"):
        return span
    if ground.over(tail.start() + 1, tail.end()) or identify(reading.words(span)) is not None:
        return span
    word = tail.group()[1:]
    if identify(word) is not None or word in lexicon().known_words:
        return span
    family = NEXT_NAME.match(reading.text, tail.end()) if span.label != "LOC" else None
    free = family is not None and not ground.over(family.start() + 1, family.end())
    if family is not None and free and _is_family_name(reading, family, alone=True):
        # `Tirvo-Ulan Salo at`: no town has a family name behind it.
        return span.mended("cues.joined", end=family.end(), label="PERSON")
    return span.mended("cues.joined", end=tail.end())


def _joined(reading: Reading, span: Span) -> Span:
    """A person or town with the building named after it: `Ada Obi Memorial Hospital`."""
    if span.label not in ("PERSON", "GPE") or "\n" in reading.text[span.start : span.end]:
        return span
    opener = OPENER_BEFORE.search(reading.text, max(0, span.start - 40), span.start)
    if opener is not None and opener.group(1) in lexicon().fac_openers:
        return span.mended("cues.joined", label="FAC", start=opener.start(1))
    tail = JOINED_TAIL.match(reading.text, span.end)
    head = tail.group().split()[-1] if tail is not None else ""
    if tail is not None and len(tail.group().split()) == 1 and head in WATERS:
        # `Kuno Strait`, of which the model saw who it is called after.
        return span.mended("cues.joined", label="LOC", end=tail.end())
    if tail is None or head not in lexicon().joining_heads:
        return span
    title = HONOUR_BEFORE.search(reading.text, max(0, span.start - 12), span.start)
    return span.mended(
        "cues.joined",
        label="ORG" if head in lexicon().org_heads else "FAC",
        start=title.start() if title is not None and span.label == "PERSON" else span.start,
        end=tail.end(),
    )


def _longest(spans: Iterable[Span]) -> list[Span]:
    """The spans without those inside a longer one."""
    ordered = in_order(spans)
    if all(before.end <= behind.start for before, behind in pairwise(ordered)):
        return ordered
    return laid(sorted(ordered, key=lambda span: span.start - span.end))
