"""Persons behind their titles: `President Adaeze Obi-Lund`.

The model knows most of them; what it misses are names of languages that it has hardly
seen.  A title alone is weak evidence in a line with all words capitalised, so such lines
are left alone.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from functools import lru_cache

from pipeline.extract.entities.lexicon import lexicon
from pipeline.extract.entities.lists import rules
from pipeline.extract.entities.patterns import patterns
from pipeline.extract.entities.spans import (
    CAPITAL,
    Ground,
    Reading,
    Span,
    found,
    in_order,
    small_words,
)
from pipeline.extract.names import identify
from pipeline.records import Passage

# `B.Tuya` in Mongolian and Indian papers; `S.Korea` and `U.S.` are something else.
INITIAL = re.compile(r"(?<![\w.])[A-Z][a-z]?\.[A-Z][a-z]{3,20}(?![\w.@/])")
SPEAKER = re.compile(
    rf"((?:{CAPITAL}[^\W\d_]{{0,20}}[.'-]?[^\W\d_]{{0,20}}\.?[ ]){{1,4}}"
    rf"{CAPITAL}[^\W\d_'-]{{2,20}}(?:-{CAPITAL}[^\W\d_'-]{{2,20}})?):[ \n]"
)
SPEAKER_CHARS = 280
FAMILY_BEHIND = re.compile(rf"[ \n]{CAPITAL}[^\W\d_]{{2,20}}(?=[ \n][a-z]|[.,;])")
TOLD_BEHIND = re.compile(r"[ \n](?:told|said|says),?[ \n]")
GUEST_BEFORE = re.compile(
    r"(?<!\w)(?:meets?|met|met with|meets with|receives?|received|telephoned|succeeded|succeeds|"
    r"thanked|congratulated)[ \n]$"
)
# Share of capitalised words from which a line is taken for a title.
TITLE_SHARE = 0.6
# Words of lists with which a name opens behind a title: `Sergeant Christian Salo`.
GIVEN = frozenset({"Christian", "German", "Roman", "Norman", "Jordan", "Israel", "Chad", "Georgia"})
LOOK_BACK = 120


def with_titled_persons(reading: Reading, spans: list[Span]) -> list[Span]:
    """The spans with persons that a title announces; a misread part of the name gives way."""
    ground = Ground(spans)
    added: list[Span] = []
    dropped: set[Span] = set()
    small = small_words(reading)
    fields = rules().lists.fields
    for start, end in _speakers(reading, small):
        if all(start <= span.start and span.end <= end for span in ground.over(start, end)):
            dropped.update(ground.over(start, end))
            added.append(found(start, end, "PERSON", "persons.speaker"))
    for start, end in _guests(reading, ground):
        dropped.update(ground.over(start, end))
        added.append(found(start, end, "PERSON", "persons.guest"))
    for start, last in _behind_titles(reading, ground):
        end = _name_end(reading, ground, start, last)
        if start >= end or reading.text[start:end].lower() in small:
            continue
        over = ground.over(start, end)
        # `Superintendent of [Police Tirvo Ulan]`: the model begins inside the title.
        loose = {at for at in (start - 7,) if reading.text[at:start] == "Police "}
        # `Minister for [Law Tirvo Ulan]`: or with the field.
        loose |= {span.start for span in over if reading.text[span.start : start - 1] in fields}
        if any(_is_better(span, start, end, loose) for span in over):
            continue
        dropped.update(over)
        added.append(found(start, end, "PERSON", "persons.titled"))
    return in_order([*(span for span in spans if span not in dropped), *added])


def _speakers(reading: Reading, small: frozenset[str]) -> Iterator[tuple[int, int]]:
    """`SECRETARY SALO: Welcome.`: the name behind an office, both in capitals, opens a line."""
    for passage in reading.passages:
        if ":" not in passage.text[:SPEAKER_CHARS]:
            continue
        match = SPEAKER.match(reading.text, passage.start_char, passage.end_char)
        if match is None or passage.text.isupper():
            continue
        words = match.group(1).split()
        first = 0
        while first < len(words) and words[first].rstrip(".").lower() in lexicon().titles:
            first += 1
        name = words[first:]
        behind_office = first > 0 and words[first - 1].rstrip(".") in lexicon().offices
        if not behind_office or not 1 <= len(name) <= 3 or any(map(str.islower, name)):
            continue
        if any(word.lower() in small or word.title() in lexicon().known_words for word in name):
            continue
        end = match.end(1)
        yield end - len(match.group(1).split(words[first - 1], 1)[1].lstrip()), end


def _guests(reading: Reading, ground: Ground) -> Iterator[tuple[int, int]]:
    """`receives Timo Salo at`: a town of the model, in whose place only a person can stand."""
    for span in ground.spans:
        words = reading.words(span)
        if span.label != "GPE" or span.rule_id != "model" or " " in words:
            continue
        behind = FAMILY_BEHIND.match(reading.text, span.end)
        low = max(0, span.start - 24)
        if behind is None:
            continue
        told = TOLD_BEHIND.match(reading.text, behind.end()) is not None
        if not told and not GUEST_BEFORE.search(reading.text, low, span.start):
            continue
        if not ground.over(span.end + 1, behind.end()) and identify(words) is None:
            yield span.start, behind.end()


def _behind_titles(reading: Reading, ground: Ground) -> Iterator[tuple[int, int]]:
    """Capitalised words behind a title, or behind a title, `of` and a country."""
    lists = lexicon()
    for passage in reading.passages:
        low, high = passage.start_char, passage.end_char
        if not is_title_case(passage):
            for match in patterns().titled_person.matches(reading, (passage,)):
                if (
                    match.group("title") == "PM"
                    and reading.text[match.start() - 2 : match.start() - 1].isdigit()
                ):
                    # `at 5 PM Eastern`.
                    continue
                if " " in match.group("name") or match.group("title") in lists.sure_titles:
                    yield match.span("name")
        for match in INITIAL.finditer(reading.text, low, high):
            yield match.span()
        if "inister" in passage.text or "ecretary" in passage.text:
            for match in patterns().title_of_field.finditer(reading.text, low, high):
                yield match.span("name")
        for span in ground.over(low, high):
            if span.rule_id != "places.countries" and span.label != "GPE":
                continue
            if _is_of_office(reading, max(low, span.start - LOOK_BACK), span.start):
                name = patterns().name_behind.match(reading.text, span.end, high)
                if name is not None and " " in name.group("name"):
                    yield name.span("name")


def _is_of_office(reading: Reading, low: int, start: int) -> bool:
    """`President of`, `Minister of Ports of the` in front of a country."""
    known = patterns()
    return known.title_of.ends_at(reading, low, start) or known.title_of_field_of.ends_at(
        reading, low, start
    )


def is_title_case(passage: Passage) -> bool:
    """Whether most words of a line are capitalised.

    Example:
        >>> text = "Air Links and Tourism Growth"
        >>> is_title_case(Passage("0" * 20, 0, "heading", None, "en", 0, len(text), text))
        True
    """
    return _is_title_case(passage.text)


# Some fifteen steps ask it of each passage of a document, and most documents have fewer.
@lru_cache(maxsize=256)
def _is_title_case(text: str) -> bool:
    words = [word for word in text.split() if word[0].isalpha()]
    capitalised = sum(word[0].isupper() for word in words)
    return not text.rstrip().endswith(".") and capitalised > TITLE_SHARE * len(words)


def _name_end(reading: Reading, ground: Ground, start: int, end: int) -> int:
    """End of the capitalised words that can belong to a name."""
    particles = lexicon().particles
    last = position = start
    for word in reading.text[start:end].split():
        position = reading.text.index(word, position)
        opens = position == start and word in GIVEN and reading.text[start:end] != word
        if not opens and _ends_name(
            word.removesuffix("'s"), ground.over(position, position + len(word))
        ):
            break
        position += len(word)
        if word not in particles:
            last = position
    # A full stop belongs to an initial, not to the last word.
    while last > start and reading.text[last - 1] == ".":
        last -= 1
    return last - 2 if reading.text[max(start, last - 2) : last] == "'s" else last


def _ends_name(word: str, over: list[Span]) -> bool:
    """A listed place or a word of offices: behind `President Okafor` stands `Kenya`."""
    lists = lexicon()
    return (
        any(span.rule_id.startswith(("places", "agencies")) for span in over)
        or word in lists.known_words
        or word.lower() in lists.non_names
        or identify(word) is not None
    )


def _is_better(span: Span, start: int, end: int, loose: Container[int]) -> bool:
    """Whether a span says at least as much: a person not shorter, a listed or headed name."""
    if span.end > end or (span.start < start and span.start not in loose):
        # `King Faleolo University` is longer than the king.
        return True
    if span.label != "PERSON":
        return span.rule_id.startswith(("places", "agencies", "heads"))
    if span.start in loose:
        return False
    return span.end - span.start >= end - start
