"""Makes a name of what the model marked, or nothing.

The recogniser was trained on clean prose: footnote marks, cell borders, wiki and HTML marks end
up inside its spans (`Kenya,[12`), and articles and titles at their edges.  What is
left after cutting must look like a name: a capital, letters, no word that only describes.
"""

from __future__ import annotations

import re
from itertools import pairwise

from pipeline.extract.entities.escapes import letter_codes
from pipeline.extract.entities.fragments import own_name
from pipeline.extract.entities.lexicon import lexicon
from pipeline.extract.entities.namelike import LONGEST, is_name
from pipeline.extract.entities.offices import (
    is_managed,
    is_portfolio,
    without_leader,
    without_office,
)
from pipeline.extract.entities.patterns import patterns
from pipeline.extract.entities.spans import Reading, Span
from pipeline.extract.names import identify
from schemas.tables import EntityLabel

# A name goes over none of these; a single line break in running text is none of them.
BORDER = re.compile(
    r"[\[\]|{}<>=*#;\t\r~^\u2022\u00b7\"]|&#?\w{2,6};?|\n\s*\n|:\s|\n(?=[-|*=])|https?:|\.(?=\s*\[)|\sc\.\s(?=\d)"
)
# `Salo &amp; Sons`, `People&#x27;s Party`: signs of a name that a page wrote as code.
ESCAPED = re.compile(r"(?<=\w)&(?:#39|#x27|#8217|apos|rsquo);(?=s [A-Z])|(?<= )&amp;(?= [A-Z])")
# `KEMI - Tirvo`, and with one blank lost `Tirvo- Kuno`: two names.
SPACED_DASH = re.compile(r"\s[-/]\s|\s--\s|(?<=\w{4})- (?=[A-Z])")
# `by Staff Writers` in front of a dateline: who wrote it has no name.
STAFF_WRITERS = re.compile(r"Staff (?:Writers?|Reporters?|Correspondents?)[ \n]+(?=[A-Z])")
# `Quoting the Roads Department`: the sentence has begun before the name.
PARTICIPLE = re.compile(r"[A-Z][a-z]{2,12}(?:ing|ed)[ \n]the[ \n](?=[A-Z])")
EDGE = " \n'`,.:;!?()/\\-_+%$&€£¥"
# Flags and faces in front of a name.
FIRST_PICTURE = "\U0001f000"
LEADING_WORD = re.compile(r"([^\W_][\w.'-]*)[ \n]+(?=\S)")
LONGEST_CODE = 9
NORP_PREFIX = re.compile(r"(?:pro|anti|non|inter|ex|post|pan|un)-(?=[A-Z])", re.IGNORECASE)
# `a Non-NATO Ally` is nobody.
OUTSIDER = re.compile(r"(?:[Nn]on|[Aa]nti|[Pp]ro)-(?=[A-Z])")
# `Kenya on the Ports of Peru`: from the name of a paper, who signed it and what it is on.
STATE_ON = re.compile(r"((?:[A-Z][\w'-]+[ \n]){1,4}?)on[ \n](?:the[ \n])?[A-Z]")
# `the [Tirvo] region`: the noun in small letters is no part of a place either.
LANDS = frozenset({"region", "regions", "states"})
TRAILING_WORD = re.compile(r"[ \n,](?:and|or|of|for|the|in|on|at|to|with|by|from|de|&)$")
DATED = re.compile(r"[ \n]on[ \n](?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day$")
CROWD = re.compile(r"([A-Z][a-z]+)[ \n]of[ \n](?:the[ \n])?(?=[A-Z])")
# `Salo 3-9` in a list of scores; `District 9` keeps its number.
TRAILING_NUMBER = re.compile(r"[ \n]\d[\d/.-]{0,6}$")
TRAILING_SCORE = re.compile(r"[ \n]\d{1,3}-\d{1,3}$")
NEXT_TREATY = re.compile(
    r",[ \n](?:[A-Z][\w-]{1,20}[ \n]){1,3}(?:Treaty|Agreement|Convention|Protocol)$"
)
# A name holds no longer word in small letters: `Bloomberg the Danish drugmaker`.
KIND_BEHIND = re.compile(r"(?<=\w)[ \n]([a-z]{4,13})$")
NICKNAMED = re.compile(r"[^\"]{2,40} \"[^\" ]{2,20}\" [^\"]{2,40}")
# `Salo ton`: what a headline says that she made.
PLAIN_TAIL = re.compile(r"(?<=\w)[ \n]([a-z]{3,5})$")
# `Maldives FM`, `Pak PM Salo`: an office in capitals inside a span.
SMALL_WORD = re.compile(r"[ \n](?:the[ \n](?=[A-Z]\w*[ \n][a-z]{5,}$)|[a-z]{6,}(?=[ \n]|$))")
# `R-Fla.`, `D-Ill.`: an American party and its state.
PARTY_PREFIX = re.compile(r"[RDI]-(?=[A-Z])")
INITIALS = re.compile(r"(?:^|[ .])(?:[A-Z]\.)+$|\b(?:Inc|Corp|Ltd|Co|Jr|Sr|Plc|St)\.$")


def cleaned(reading: Reading, span: Span) -> list[Span]:
    """The names in a span as the model marked it; none, one, or several of the same label."""
    pieces = _pieces(reading, span)
    named = (_trimmed(reading, piece) for piece in pieces)
    return [piece for piece in named if piece is not None and is_name(reading, piece)]


def _pieces(reading: Reading, span: Span) -> list[Span]:
    text = reading.text[span.start : span.end]
    if span.label == "PERSON" and NICKNAMED.fullmatch(text):
        return [span]
    marks = [mark.span() for mark in BORDER.finditer(text)]
    if "&" in text:
        inside = {at for match in ESCAPED.finditer(text) for at in range(*match.span())}
        inside |= {at for code in letter_codes(text) for at in range(*code)}
        marks = [mark for mark in marks if mark[0] not in inside]
    cuts = [(0, 0), *marks, (len(text), len(text))]
    inner = [(left[1], right[0]) for left, right in pairwise(cuts) if left[1] < right[0]]
    if span.label in ("GPE", "NORP", "LOC", "PERSON", "ORG") and ("-" in text or "/" in text):
        inner = [piece for start, end in inner for piece in _dashed(text, start, end)]
    return [
        span.mended("clean.cut", start=span.start + start, end=span.start + end)
        for start, end in inner
    ]


def _dashed(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """`SUVA - Fiji` are two places."""
    cuts = [start]
    for dash in SPACED_DASH.finditer(text, start, end):
        cuts += dash.span()
    cuts.append(end)
    return list(zip(cuts[::2], cuts[1::2], strict=True))


def _trimmed(reading: Reading, span: Span) -> Span | None:
    start, end = _edges(reading.text, span.start, span.end)
    start, end = _without_bracket(reading.text, start, end)
    dated = DATED.search(reading.text, max(start, end - 16), end)
    end = dated.start() if dated is not None else end
    if span.label == "ORG" and reading.text.find(",", start, end) > 0:
        # `Council of Ports, KBN Treaty`: behind the comma stands another thing.
        more = NEXT_TREATY.search(reading.text, start, end)
        end = end if more is None else more.start()
    while trailing := TRAILING_WORD.search(reading.text, max(start, end - 8), end):
        start, end = _edges(reading.text, start, trailing.start())
    start, end = _without_tail(reading.text, span.label, start, end)
    named = own_name(reading, span.mended("clean.trim", start=start, end=end))
    if named is None:
        return None
    span, start, end = named, named.start, named.end
    start = _name_start(reading.text, span.label, start, end)
    if span.label == "ORG" and (
        is_portfolio(reading, start, end) or is_managed(reading, start, end)
    ):
        return None
    if span.label == "PERSON" and OUTSIDER.match(reading.text, start, end):
        return None
    leading = _leading_words(span.label)
    while start < end:
        word = LEADING_WORD.match(reading.text, start, end)
        prefix = NORP_PREFIX.match(reading.text, start, end)
        if word is not None and _is_leading(reading, word, leading):
            start, end = _edges(reading.text, word.end(), end)
        elif prefix is not None and span.label in ("NORP", "GPE", "ORG"):
            start = prefix.end()
        else:
            break
    if start >= end:
        return None
    return span.mended("clean.trim", start=start, end=end)


def _name_start(text: str, label: EntityLabel, start: int, end: int) -> int:
    """The start behind what opens the sentence, names who wrote it, or tells of a crowd."""
    if label in ("ORG", "FAC") and text.find(" the ", start, end) > 0:
        doing = PARTICIPLE.match(text, start, end)
        start = start if doing is None else doing.end()
    if text.startswith("Staff ", start):
        writers = STAFF_WRITERS.match(text, start, end)
        start = start if writers is None else writers.end()
    crowd = CROWD.match(text, start, end)
    is_crowd = crowd is not None and crowd.group(1) in lexicon().crowds
    return crowd.end() if crowd is not None and is_crowd else start


def _is_leading(reading: Reading, word: re.Match[str], leading: frozenset[str]) -> bool:
    """Whether a first word is no part of the name; `All India ...` is, inside a sentence."""
    if word.group(1).lower() not in leading:
        return False
    if word.group(1) != "All":
        return True
    return reading.text[max(0, word.start() - 2) : word.start()].rstrip()[-1:] in ("", ".", '"')


def _without_tail(text: str, label: EntityLabel, start: int, end: int) -> tuple[int, int]:
    """The span without a score, an honour in capitals or a descriptive tail in small letters."""
    if label in ("GPE", "LOC"):
        prefix = PARTY_PREFIX.match(text, start, end)
        start = prefix.end() if prefix is not None else start
    blank = text.rfind(" ", start, end) if label in ("GPE", "LOC", "PERSON", "NORP") else -1
    if blank > 0 and text[blank + 1].islower():
        kind = KIND_BEHIND.search(text, start, end)
        if kind is not None and (kind.group(1) in lexicon().place_kinds or kind.group(1) in LANDS):
            end = kind.start()
    number = TRAILING_SCORE if label in ("ORG", "FAC") else TRAILING_NUMBER
    if label in ("PERSON", "NORP", "GPE", "LOC", "ORG", "FAC"):
        tail = number.search(text, max(start, end - 9), end)
        words = text[start:end].split()
        if tail is not None and (len(words) > 2 or words[0] not in lexicon().no_place_words):
            start, end = _edges(text, start, tail.start())
    if label == "PERSON":
        honour = patterns().honour_behind.search(text, max(start, end - 12), end)
        if honour is not None and " " in text[start : honour.start()]:
            start, end = _edges(text, start, honour.start())
    if label == "ORG":
        start, end = without_office(text, start, end)
        end = _before_subject(text, start, without_leader(text, start, end))
    if label == "PERSON":
        end -= len(" et al") * text.endswith(" et al", start, end)
        plain = PLAIN_TAIL.search(text, start, end)
        if plain is not None and plain.group(1) not in lexicon().particles:
            start, end = _edges(text, start, plain.start())
    if label in ("ORG", "PERSON", "FAC"):
        small = SMALL_WORD.search(text, start, end)
        if small is not None and small.group().split()[0] not in lexicon().inner_words:
            start, end = _edges(text, start, small.start())
    return (start, _without_kind(text, start, end)) if label == "ORG" else (start, end)


def _before_subject(text: str, start: int, end: int) -> int:
    """The end of a state in front of what it signed a paper on: `Kenya [on the Ports of Kuno]`."""
    signed = STATE_ON.match(text, start, end)
    if signed is None or identify(signed.group(1).strip()) is None:
        return end
    return start + len(signed.group(1).rstrip())


def _without_kind(text: str, start: int, end: int) -> int:
    """The end without the nouns of bodies behind a name: `Tirvo state news [agency]`."""
    while (kind := KIND_BEHIND.search(text, start, end)) is not None:
        if kind.group(1) not in lexicon().body_kinds:
            break
        end = kind.start()
    return end


def _leading_words(label: EntityLabel) -> frozenset[str]:
    lists = lexicon()
    return lists.leading_words if label == "PERSON" else lists.determiners


def _edges(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without punctuation, white space and a possessive at its edges."""
    while start < end and (
        text[start] in EDGE or text[start].isspace() or text[start] >= FIRST_PICTURE
    ):
        start += 1
    while start < end:
        if end - start > 2 and text[end - 2 : end] == "'s":
            end -= 2
        elif _is_loose(text, start, end):
            end -= 1
        else:
            break
    return start, end


def _is_loose(text: str, start: int, end: int) -> bool:
    """Whether the last character is no part of the name: not the stop of `Corp.`."""
    last = text[end - 1]
    if last == ".":
        return INITIALS.search(text, max(start, end - 20), end) is None
    if last == ")":
        return text.find("(", max(start, end - LONGEST), end) < 0
    if last == ";":
        # `Jos&#xE9;`: the code of a letter.
        codes = letter_codes(text[max(start, end - LONGEST_CODE) : end])
        return not codes or max(start, end - LONGEST_CODE) + codes[-1][1] < end
    if last == "+":
        # `OPEC+` is a name of its own.
        return end - start < 2 or not text[end - 2].isalpha()
    return last in EDGE or last.isspace()


def _without_bracket(text: str, start: int, end: int) -> tuple[int, int]:
    """Cut before a bracket that stays open: `Rivers Agency (RA`; and before a closed one."""
    bracket = text.find("(", start, end)
    return (start, end) if bracket < 0 else _edges(text, start, bracket)
