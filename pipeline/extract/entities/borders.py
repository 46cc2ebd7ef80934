"""Names that stand side by side: read as two where they are two, as one where they are one.

The model runs over the comma and the `and` between unknown firms (`Kemi Gas, Salo and Tirvo`),
and cuts a double first name from its family name.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from pipeline.extract.entities.lexicon import is_listed, lexicon
from pipeline.extract.entities.patterns import patterns
from pipeline.extract.entities.persons import is_title_case
from pipeline.extract.entities.spans import CAPITAL, Reading, Span, found, in_order, laid
from pipeline.extract.names import identify

FIXED = ("places", "agencies", "dateline", "heads", "acronyms", "persons")
GLUE = re.compile(r",[ \n](?:and[ \n])?|[ \n]and[ \n]")
JOINT = re.compile(r"[ \n]and[ \n](?:the[ \n])?(?=[A-Z])")
OF_LAND = re.compile(r"[ \n]of[ \n](?:the[ \n])?([A-Z][\w \n]{2,30})$")
INSIDE = re.compile(r"[ \n](?:of|for|on|&)[ \n]")
# `Tirvo Foods Limited with Salo Estates`: behind the form of a company it has ended.
COMPANY_AND = re.compile(
    r"(?<=\w)[ \n](?:Limited|Ltd\.?|Inc\.?|Corporation|Corp\.?|PLC|Plc|LLC|GmbH|Bhd)"
    r"(?P<joint>[ \n](?:with|by|from|in|at|to|via)[ \n])(?=[A-Z])"
)
# `Kuno Times and The Tirvo`: a paper with its article begins a name of its own.
AND_THE = re.compile(r"(?<=\w)(?P<joint>[ \n]and[ \n]The[ \n])(?=[A-Z])")
CAPITALS_OWN = re.compile(r"([A-Z]{2,6})'s[ \n](?=[A-Z])")
PARTY_OF = re.compile(
    rf"(?<=Party)[ \n]of[ \n](?P<who>{CAPITAL}[^\W\d_]{{2,20}}[ \n]{CAPITAL}[^\W\d_]{{2,20}})$"
)
# `Tirvo, S.A.B. de C.V.`, `Kuno Foods, Inc.`: the form of the company behind a comma.
INCORPORATED = re.compile(
    r",[ \n](?:Inc|Ltd|LLC|Corp|S\.A\.(?:B\.)? de C\.V|S\.A|S\.p\.A|N\.V|B\.V|Co\., Ltd)"
    r"(?!\w)\.?"
)
# `Kuno Water Mission, Ministry of Lakes`: the body, and of what it is a part.
NEXT_BODY = re.compile(r",[ \n](?=(?:Ministry|Department|University|Office)[ \n]of[ \n])")
PERSON_PAIR = re.compile(rf"({CAPITAL}[^\W\d_]{{2,20}}),[ \n]({CAPITAL}[^\W\d_]{{2,20}})")
LIST_BEHIND = re.compile(rf"(?:,|,?[ \n]and)[ \n]{CAPITAL}")
LIST_BEFORE = re.compile(rf"{CAPITAL}[\w'-]*,[ \n]$")
# `Kuno Workers' Party Central Committee`, `KWP Politburo`: a part of the party, and its name.
PARTY_BODY = re.compile(
    r"[ \n](?:Central[ \n](?:Committee|Military[ \n]Commission)|Politburo|Political[ \n]Bureau)"
    r"(?!\w)"
)
# `KRN News`, where a lost blank may follow; `KRN News Desk` is longer.
NEWS = re.compile(r"[ ]News(?=\d|[.,;:)\"|\n]|$|[ \n][a-z])")
LONGEST_SIGN = 5
CAPITAL_DISTRICT = re.compile(r",?[ \n](?:D\.C\.|DC\b)")
BRANCH_END = re.compile(r"[.,;:)]|'s\b|[ \n](?:said|says|has|had|and|is|was|will|to|in|on|for)\b")
AGENCY_ENDS = ("News Agency", "Press Agency", "Information Agency", "Telegraph Agency")
RELIEF = ("Red Cross", "Red Crescent", "Supreme Soviet")


def separated(reading: Reading, spans: Sequence[Span]) -> list[Span]:
    """The spans with organisations that the model ran together as one each.

    `A and B` stays whole unless something tells them apart: each is listed, in capitals, ends in
    a sure head, or is named alone elsewhere in the document.
    """
    alone = {reading.words(span) for span in spans if span.label == "ORG"}
    people = reading.words_of_persons(spans)
    return [
        piece
        for span in spans
        for piece in _two_persons(reading, span, people) or _pieces(reading, span, alone)
    ]


def _two_persons(reading: Reading, span: Span, people: frozenset[str]) -> list[Span]:
    """`Beside [Salo, Vula] said`: two words, by which the text or a list calls two persons."""
    pair = PERSON_PAIR.fullmatch(reading.text, span.start, span.end)
    if pair is None or not all(
        name in people or name in lexicon().leaders for name in pair.groups()
    ):
        return []
    return [
        span.mended("series.split", start=pair.start(part), end=pair.end(part), label="PERSON")
        for part in (1, 2)
    ]


def _pieces(reading: Reading, span: Span, alone: set[str]) -> list[Span]:
    text = reading.text[span.start : span.end]
    if span.label == "ORG":
        parted = _with_what_follows(span, text, alone)
        if parted is not None:
            return parted
    if span.label not in ("ORG", "GPE", "LOC") or INSIDE.search(text):
        return [span]
    glued = [match.span() for match in GLUE.finditer(text)]
    borders = [0, *(border for pair in glued for border in pair), len(text)]
    parts = list(zip(borders[::2], borders[1::2], strict=True))
    names = [" ".join(text[start:end].split()) for start, end in parts]
    # `Rivers, Ports and Roads Agency`: its head belongs to all; `Foods, Inc.` is one firm.
    if len(names) < 2 or not all(name[:1].isupper() for name in names):
        return [span]
    apart = (
        _are_apart(reading, span, names, alone)
        if span.label == "ORG"
        else not _is_place_pair(" ".join(text.split()), names)
    )
    if not apart:
        return [span]
    return [
        # `Kuno , Kemi`: a blank in front of the comma is no part of the name.
        span.mended(
            "series.split",
            start=span.start + start,
            end=span.start + start + len(text[start:end].rstrip()),
        )
        for start, end in parts
    ]


def _with_what_follows(span: Span, text: str, alone: set[str]) -> list[Span] | None:
    """An organisation, and the country, leader or second name that the model ran into it."""
    of = OF_LAND.search(text)
    if of is not None and identify(of.group(1)) is not None:
        # `Tirvo Lithium of Chile`, `Tirvo of Chile` where Tirvo is known: not `Bank of Chile`.
        name = " ".join(text[: of.start()].split())
        # `Kuno Party of Chile` is longer than the `Kuno Party` of the same text.
        is_alone = name in alone and name.split()[-1] not in lexicon().org_heads
        if name.split()[-1] in lexicon().firm_heads or _is_known(name) or is_alone:
            return [span.mended("series.split", end=span.start + of.start())]
    led = PARTY_OF.search(text)
    if led is not None and _is_person_name(led.group("who")):
        # `the Liberal Party of Aino Salo`: the party, and who leads it.
        return [
            span.mended("series.split", end=span.start + led.start()),
            span.mended("series.split", start=span.start + led.start("who"), label="PERSON"),
        ]
    owned = CAPITALS_OWN.match(text)
    if owned is not None and text[owned.end() :].split(maxsplit=1)[0] in lexicon().org_heads:
        # `KLM's Department of Ports`: the body, and a part of it.
        return [
            span.mended("series.split", end=span.start + owned.end(1)),
            span.mended("series.split", start=span.start + owned.end()),
        ]
    parts = _parted(text)
    if not parts:
        return None
    return [
        span.mended("series.split", start=span.start + start, end=span.start + end)
        for start, end in parts
    ]


def _parted(text: str) -> list[tuple[int, int]]:
    """Where the names stand that the model ran together, told by their form; none for one name."""
    company = COMPANY_AND.search(text) or AND_THE.search(text)
    if company is not None:
        return [(0, company.start("joint")), (company.end(), len(text))]
    part = NEXT_BODY.search(text)
    if part is not None and text[: part.start()].rsplit(maxsplit=1)[-1] in lexicon().org_heads:
        return [(0, part.start()), (part.end(), len(text))]
    second = second_joint(text)
    if second is not None and INSIDE.search(text, 0, second[0]):
        return [(0, second[0]), (second[1], len(text))]
    return _headed_parts(text) if "," in text else []


def _headed_parts(words: str) -> list[tuple[int, int]]:
    """Where the members of a list of organisations stand, if each has a head of its own.

    Example:
        >>> _headed_parts("Kuno Guard, Kuno Police Council, Committee for Ports")
        [(0, 10), (12, 31), (33, 52)]
        >>> _headed_parts("Ministry of Rivers, Ports and Roads")
        []
    """
    glued = [match.span() for match in GLUE.finditer(words)]
    borders = [0, *(border for pair in glued for border in pair), len(words)]
    parts = list(zip(borders[::2], borders[1::2], strict=True))
    lists = lexicon()
    for start, end in parts:
        names = words[start:end].split()
        opened = len(names) > 2 and names[0] in lists.org_heads and names[1] in ("of", "for", "on")
        headed = names[-1] in lists.strong_heads or names[-1] in ("Police", "Service", "Services")
        if len(names) < 2 or not (opened or headed):
            return []
    return parts if len(parts) > 2 else []


def second_joint(words: str) -> tuple[int, int] | None:
    """Where the second `and` of a name stands, behind which another name begins.

    None where a field of work or a head word follows, and in lists with commas.

    Example:
        >>> second_joint("Chamber of Trade and Crafts and Tirvo Oil")
        (27, 32)
        >>> second_joint("Ministry of Trade and Industry and Tourism") is None
        True
    """
    joints = list(JOINT.finditer(words))
    if len(joints) < 2 or "," in words:
        return None
    more = words[joints[1].end() :].split()
    fields = lexicon().field_words
    ends_so = more[-1] in fields and more[-1] not in lexicon().firm_tails
    return None if more[0] in fields or ends_so else joints[1].span()


def _is_person_name(words: str) -> bool:
    """Whether two capitalised words can only be a person: no place, field or head word."""
    lists = lexicon()
    return not is_listed(words) and not any(
        word in lists.known_words
        or word in lists.field_words
        or word.lower() in lists.plain_words
        or word.endswith(("tion", "ity", "ism", "ists", "ans"))
        or is_listed(word)
        for word in words.split()
    )


def _is_place_pair(whole: str, names: Sequence[str]) -> bool:
    """`Jammu and Kashmir` is one place; `Moyen and Haut Uele` shares its last word."""
    return is_listed(whole) or len({len(name.split()) for name in names}) > 1


def _are_apart(reading: Reading, span: Span, names: Sequence[str], alone: set[str]) -> bool:
    """Whether the parts of a name are names of their own."""
    lists = lexicon()
    last = names[-1].split()
    if last[-1] in lists.org_heads and len(last) == 1:
        return False
    if len(names) == 2 and patterns().firm_owned.match(reading.text, span.end) is not None:
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
    papers = [
        span.mended("series.join", end=match.end())
        for span in spans
        if span.label == "ORG"
        and (match := NEWS.match(reading.text, span.end)) is not None
        and len(words := reading.words(span)) <= LONGEST_SIGN
        and words.isupper()
        and words.isalpha()
        and identify(words) is None
    ]
    committees = [
        span.mended("series.join", end=match.end())
        for span in spans
        if span.label == "ORG"
        and (match := PARTY_BODY.match(reading.text, span.end)) is not None
        and ("Party" in (words := reading.words(span)) or words.isupper())
    ]
    firms = [
        span.mended("series.join", end=match.end(), label="ORG")
        for span in spans
        if span.label in ("ORG", "GPE", "PERSON", "LOC", "NORP")
        and (match := INCORPORATED.match(reading.text, span.end)) is not None
    ]
    return laid([*joined, *capitals, *committees, *papers, *firms, *spans])


def _whole(reading: Reading, first: Span, second: Span) -> Span | None:
    """`Kenya Red Cross`; `Timo-Juha` as a town in front of `Salo` as a person."""
    glue = reading.text[first.end : second.start]
    if glue in (" y ", " e ") and first.label == second.label == "ORG":
        # `Grupo Tirvo y Valores SA`: one firm, as Spanish and Portuguese name them.
        is_firm = reading.words(second).split()[-1] in ("SA", "S.A.", "Ltda", "Cía", "Cia")
        return first.mended("series.join", end=second.end) if is_firm else None
    if glue != " ":
        return None
    if second.label == "ORG" and reading.words(second) in RELIEF and first.label in ("GPE", "NORP"):
        return found(first.start, second.end, "ORG", "series.join")
    words = reading.words(first)
    if words.endswith(AGENCY_ENDS) and reading.words(second) in lexicon().agencies:
        # `Peruvian News Agency TVA`: what it is, and what it signs with.
        return first.mended("series.join", end=second.end, label="ORG")
    if first.label == "ORG" and second.label == "GPE" and _is_branch(reading, words, second):
        return first.mended("series.join", end=second.end)
    is_given = (
        first.label in ("GPE", "NORP")
        and not first.rule_id.startswith(FIXED)
        and " " not in words
        and second.label == "PERSON"
        and " " not in reading.words(second)
        and not is_listed(words)
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
