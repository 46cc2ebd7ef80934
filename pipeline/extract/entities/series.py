"""Names that stand side by side: read as one where they are two, as two where they are one.

The model runs over the comma and the `and` between unknown firms (`Kemi Gas, Salo and Tirvo`), cuts
a double first name from its family name, and labels each town of a list for itself.  What the
members of a list share is told by the surest of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from pipeline.extract.entities.lexicon import lexicon
from pipeline.extract.entities.persons import is_title_case
from pipeline.extract.entities.spans import (
    CAPITAL,
    Ground,
    Reading,
    Span,
    found,
    in_order,
    laid,
    small_words,
)
from pipeline.extract.names import identify

FIXED = ("places", "agencies", "dateline", "heads", "acronyms", "persons")
GLUE = re.compile(r",[ \n](?:and[ \n])?|[ \n]and[ \n]")
OF_LAND = re.compile(r"[ \n]of[ \n](?:the[ \n])?([A-Z][\w \n]{2,30})$")
INSIDE = re.compile(r"[ \n](?:of|for|on|&)[ \n]")
LIST_BEHIND = re.compile(rf"(?:,|,?[ \n]and)[ \n]{CAPITAL}")
LIST_BEFORE = re.compile(rf"{CAPITAL}[\w'-]*,[ \n]$")
PLACED = re.compile(r"(?<!\w)(?:in|from|near|across|around|outside|between)[ \n](?:the[ \n])?$")
LIST_END = re.compile(
    r"[.;:)]|,[ \n][a-z]|\n|$|[ \n](?:on|since|after|before|during|until|were|have|are|fled)\b"
)
KINDS_BEHIND = re.compile(
    r"[ \n](?:provinces|districts|counties|governorates|prefectures|municipalities|townships)\b"
)
FROM = re.compile(r"(?<!\w)[Ff]rom[ \n]$")
TO = re.compile(rf"[ \n]to[ \n]({CAPITAL}[\w-]{{2,20}})(?=[,.;])")
CAPITAL_DISTRICT = re.compile(r",?[ \n](?:D\.C\.|DC\b)")
MEMBER = re.compile(rf"{CAPITAL}[\w'&-]{{1,20}}(?: {CAPITAL}[\w'&-]{{1,20}}){{0,2}}")
MIXED = re.compile(r"[ \n]and[ \n]([A-Z][a-z]+[A-Z]\w{1,15})(?![\w'-]|[ \n][A-Z])")
BRANCH_END = re.compile(r"[.,;:)]|'s\b|[ \n](?:said|says|has|had|and|is|was|will|to|in|on|for)\b")
LAST = re.compile(rf",?[ \n]and[ \n]({CAPITAL}[\w-]{{2,20}})(?=[ \n][a-z]|[.;)])")
RELIEF = ("Red Cross", "Red Crescent")
LONGEST_PLACE = 3


def separated(reading: Reading, spans: Sequence[Span]) -> list[Span]:
    """The spans with organisations that the model ran together as one each.

    `A and B` stays whole unless something tells them apart: each is listed, in capitals, ends in
    a sure head, or is named alone elsewhere in the document.
    """
    alone = {reading.words(span) for span in spans if span.label == "ORG"}
    return [piece for span in spans for piece in _pieces(reading, span, alone)]


def _pieces(reading: Reading, span: Span, alone: set[str]) -> list[Span]:
    text = reading.text[span.start : span.end]
    of = OF_LAND.search(text)
    if span.label == "ORG" and of is not None and identify(of.group(1)) is not None:
        # `Tirvo Lithium of Chile`, `Tirvo of Chile` where Tirvo is known: not `Bank of Chile`.
        name = " ".join(text[: of.start()].split())
        if name.split()[-1] in lexicon().firm_heads or _is_known(name) or name in alone:
            return [span.mended("series.split", end=span.start + of.start())]
    if span.label not in ("ORG", "GPE", "LOC") or INSIDE.search(text):
        return [span]
    glued = [match.span() for match in GLUE.finditer(text)]
    borders = [0, *(border for pair in glued for border in pair), len(text)]
    parts = list(zip(borders[::2], borders[1::2], strict=True))
    names = [" ".join(text[start:end].split()) for start, end in parts]
    # `Rivers, Ports and Roads Agency`: its head belongs to all; `Foods, Inc.` is one firm.
    if len(names) < 2 or not all(name[:1].isupper() for name in names):
        return [span]
    if span.label != "ORG" and (_is_place_pair(" ".join(text.split()), names)):
        return [span]
    if span.label == "ORG" and not _are_apart(reading, span, names, alone):
        return [span]
    return [
        span.mended("series.split", start=span.start + start, end=span.start + end)
        for start, end in parts
    ]


def _is_place_pair(whole: str, names: Sequence[str]) -> bool:
    """`Jammu and Kashmir` is one place; `Moyen and Haut Uele` shares its last word."""
    listed = whole in lexicon().surfaces or identify(whole) is not None
    return listed or len({len(name.split()) for name in names}) > 1


def _are_apart(reading: Reading, span: Span, names: Sequence[str], alone: set[str]) -> bool:
    """Whether the parts of a name are names of their own."""
    lists = lexicon()
    last = names[-1].split()
    if last[-1] in lists.org_heads and len(last) == 1:
        return False
    if len(names) == 2 and lists.firm_owned.match(reading.text, span.end) is not None:
        return True
    if all(" " in name and name.split()[-1] in lists.strong_heads for name in names):
        return True
    return _are_named(reading, names, alone) or _stand_in_list(reading, span, names)


def _are_named(reading: Reading, names: Sequence[str], alone: set[str]) -> bool:
    """Whether lists, capitals or the rest of the document know each part by itself."""
    strange = [name for name in names if not (_is_known(name) or name in alone)]
    if all(name.isupper() for name in strange):
        return True
    return len(names) == 2 and len(strange) == 1 and _is_named_again(reading, strange[0])


def _is_named_again(reading: Reading, name: str) -> bool:
    return reading.text.count(name) > 1 or _is_firm_form(name)


def _stand_in_list(reading: Reading, span: Span, names: Sequence[str]) -> bool:
    """`Aava, [Salo, Tirvo] and Kemi`: single words between commas, in a longer list."""
    is_pair = "and" in reading.text[span.start : span.end].split()
    if is_pair or any(" " in name for name in names) or names[-1] in lexicon().org_heads:
        return False
    return (
        LIST_BEHIND.match(reading.text, span.end) is not None
        or LIST_BEFORE.search(reading.text, max(0, span.start - 30), span.start) is not None
    )


def _is_known(name: str) -> bool:
    state = identify(name)
    return lexicon().surfaces.kind(name) == "ORG" or (state is not None and state.kind == "bloc")


def _is_firm_form(name: str) -> bool:
    """`TirvoBank`, `TVX`: capitals inside a word, as in names of firms alone."""
    return " " not in name and sum(map(str.isupper, name)) > 1


def reunited(reading: Reading, spans: Sequence[Span]) -> list[Span]:
    """The spans with names put together that the model or a list cut in two."""
    joined = [
        whole
        for first, second in pairwise(in_order(spans))
        if (whole := _whole(reading, first, second)) is not None
    ]
    capitals = [
        span.mended("series.join", end=match.end())
        for span in spans
        if reading.words(span) == "Washington"
        and (match := CAPITAL_DISTRICT.match(reading.text, span.end)) is not None
    ]
    return laid([*joined, *capitals, *spans])


def _whole(reading: Reading, first: Span, second: Span) -> Span | None:
    """`Kenya Red Cross`; `Timo-Juha` as a town in front of `Salo` as a person."""
    if reading.text[first.end : second.start] != " ":
        return None
    if second.label == "ORG" and reading.words(second) in RELIEF and first.label in ("GPE", "NORP"):
        return found(first.start, second.end, "ORG", "series.join")
    words = reading.words(first)
    if first.label == "ORG" and second.label == "GPE" and _is_branch(reading, words, second):
        return first.mended("series.join", end=second.end)
    is_given = (
        first.label in ("GPE", "NORP")
        and not first.rule_id.startswith(FIXED)
        and " " not in words
        and second.label == "PERSON"
        and " " not in reading.words(second)
        and words not in lexicon().surfaces
        and identify(words) is None
    )
    return second.mended("series.join", start=first.start) if is_given else None


def _is_branch(reading: Reading, words: str, place: Span) -> bool:
    """`TVL Kemi`: capitals and the town or country of the branch."""
    state = identify(words)
    passage = reading.passage_at(place.start)
    return (
        words.isupper()
        and words.isalpha()
        and 2 < len(words) < 6
        and state is None
        and words not in lexicon().agencies
        and passage is not None
        and not is_title_case(passage)
        and not passage.text.isupper()
        and BRANCH_END.match(reading.text, place.end) is not None
    )


def aligned(reading: Reading, spans: Sequence[Span]) -> list[Span]:
    """The spans with the members of a list of one kind."""
    people = {
        word
        for span in spans
        if span.label == "PERSON" and " " in (name := reading.words(span))
        for word in name.split()
    }
    ordered = in_order(spans)
    changed: list[Span] = []
    for run in _runs(reading, ordered):
        changed += _as_places(reading, run, people)
        changed += _as_firms(reading, run, people)
    ground = Ground(ordered)
    return laid([*changed, *_unseen(reading, ground), *ordered])


def _runs(reading: Reading, spans: Sequence[Span]) -> Iterator[list[Span]]:
    """Spans in rows, with a comma or `and` between each and the next."""
    run: list[Span] = []
    for span in spans:
        if run and GLUE.fullmatch(reading.text, run[-1].end, span.start) is None:
            yield run
            run = []
        run.append(span)
    if run:
        yield run


def _as_places(reading: Reading, run: Sequence[Span], people: set[str]) -> Iterator[Span]:
    """`in Kemi, Salo and Mala Tirvo.`: towns all; `Kemi and Salo districts` likewise."""
    low = max(0, run[0].start - 24)
    listed = (
        run[0].label in ("GPE", "LOC")
        and len(run) > 1
        and LIST_END.match(reading.text, run[-1].end) is not None
        and (
            PLACED.search(reading.text, low, run[0].start) is not None
            or lexicon().place_of.ends_at(reading, low, run[0].start)
        )
    )
    kinds = KINDS_BEHIND.match(reading.text, run[-1].end) is not None
    if not listed and not kinds:
        return
    for span in run if listed else run[-2:]:
        words = reading.words(span).split()
        if span.label in ("PERSON", "ORG") and _may_turn(span, words) and people.isdisjoint(words):
            yield span.mended("series.alike", label="GPE")


def _as_firms(reading: Reading, run: Sequence[Span], people: set[str]) -> Iterator[Span]:
    """A lone word between two organisations of a list is one: `Kemi Gas, Salo and Tirvo Oil`."""
    for number in range(1, len(run) - 1):
        span = run[number]
        words = reading.words(span).split()
        beside = run[number - 1].label == run[number + 1].label == "ORG"
        lone = span.label == "NORP" or (span.label == "PERSON" and len(words) == 1)
        if beside and lone and _may_turn(span, words) and words[0] not in people:
            yield span.mended("series.alike", label="ORG")


def _may_turn(span: Span, words: Sequence[str]) -> bool:
    """Whether neighbours may change the label: no listed name, no head word, no acronym."""
    lists = lexicon()
    name = " ".join(words)
    return (
        not span.rule_id.startswith(FIXED)
        and len(words) <= LONGEST_PLACE
        and name not in lists.surfaces
        and identify(name) is None
        and not any(word.isupper() or word in lists.known_words for word in words)
    )


def _unseen(reading: Reading, ground: Ground) -> Iterator[Span]:
    """Members of a pair that no span covers: `from Kemi to Salo,`, `the MTV and TirvoX plants`."""
    small = small_words(reading)
    for span in ground.spans:
        passage = reading.passage_at(span.start)
        if passage is None or is_title_case(passage):
            continue
        if span.label == "GPE":
            before = FROM.search(reading.text, max(0, span.start - 6), span.start)
            match = TO.match(reading.text, span.end, passage.end_char) if before else None
            if match is not None and _is_free(ground, match, small):
                yield found(*match.span(1), "GPE", "series.alike")
        if span.label == "ORG":
            match = MIXED.match(reading.text, span.end, passage.end_char)
            if match is not None and _is_free(ground, match, small):
                yield found(*match.span(1), "ORG", "series.alike")
    yield from _between(reading, ground, small)
    yield from _last(reading, ground, small)


def _last(reading: Reading, ground: Ground, small: frozenset[str]) -> Iterator[Span]:
    """An unseen name at the end of a list: `Kemi Gas, Lapua Oil and Tirvo bid`."""
    for first, second in pairwise(ground.spans):
        if first.label != "ORG" or second.label != "ORG":
            continue
        if reading.text[first.end : second.start] != ", ":
            continue
        match = LAST.match(reading.text, second.end)
        if match is not None and _is_free(ground, match, small):
            yield found(*match.span(1), "ORG", "series.alike")


def _between(reading: Reading, ground: Ground, small: frozenset[str]) -> Iterator[Span]:
    """An unseen name between two organisations of a list: `Kemi Gas, Salo and Tirvo Oil`."""
    for first, second in pairwise(ground.spans):
        if first.label != "ORG" or second.label != "ORG" or second.start - first.end > 60:
            continue
        glue = reading.text[first.end : second.start]
        borders = list(GLUE.finditer(glue))
        if len(borders) < 2 or borders[0].start() != 0 or borders[-1].end() != len(glue):
            continue
        for left, right in pairwise(borders):
            name = glue[left.end() : right.start()]
            if MEMBER.fullmatch(name) and not any(_is_plain(word, small) for word in name.split()):
                start = first.end + left.end()
                yield found(start, start + len(name), "ORG", "series.alike")


def _is_free(ground: Ground, match: re.Match[str], small: frozenset[str]) -> bool:
    return not ground.over(*match.span(1)) and not _is_plain(match.group(1), small)


def _is_plain(word: str, small: frozenset[str]) -> bool:
    """Whether a capitalised word may be no name at all."""
    lists = lexicon()
    return (
        word.lower() in small
        or word.lower() in lists.nameless_words
        or word in lists.calendar_words
        or word in lists.no_place_words
        or word in lists.non_acronyms
    )
