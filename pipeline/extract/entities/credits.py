"""Who signs a picture or a report: `(AP Photo/Aino Salo)`, `Aino Salo/AFP`, `, Trend reports.`.

Newspapers sign in fixed forms, with a stroke between agency and photographer, or at the end of
a sentence with the agency as its subject.  The model reads across the stroke.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

from pipeline.extract.entities.lexicon import is_listed, lexicon
from pipeline.extract.entities.lists import rules
from pipeline.extract.entities.patterns import either
from pipeline.extract.entities.persons import GIVEN
from pipeline.extract.entities.spans import CAPITAL, Ground, Reading, Span, found, laid, small_words
from pipeline.extract.names import identify, seat_code
from pipeline.records import Passage
from schemas.tables import EntityLabel

NAME = (
    rf"{CAPITAL}[^\W\d_]*[a-z][\w'.-]{{0,20}}(?:[ ]{CAPITAL}[^\W\d_]*[a-z.][\w'.-]{{0,20}}){{1,3}}"
)
PICTURE = r"(?:[ ](?i:file[ ])?(?i:photos?|pool|images?|picture))?"
RUN = rf"{CAPITAL}[\w'.-]{{1,20}}(?:[ ]{CAPITAL}[\w'.-]{{1,20}}){{0,3}}"
# `, Trend reports.`: the subject of the last words of a sentence.
REPORTS = re.compile(
    rf"(?<=[^\W\d_]),\"?[ \n](?:the[ \n])?(?P<who>{RUN})[ \n](?:reports|informs)[.,]"
)
BY_HOUSE = re.compile(
    r"(?<!\w)(?i:photos?|photographs?|photographer|pictures?|images?|credits?)(?:[ ]by)?:[ ]"
    rf"(?P<name>{NAME})[ ]?/[ ]?(?P<house>{RUN})(?![\w.]|[ ][A-Z])"
)
# `Tirvo.az reports that`, `told Tirvo.am`: a site that tells the news.
SITE = re.compile(
    r"(?<![\w@/.-])(?P<site>[A-Z][A-Za-z0-9-]{1,20}\.[A-Za-z]{2,4})"
    r"(?=[ \n](?:reports|reported|informs|said|writes|learned|correspondent)\b|[ ]?- [A-Z])"
    r"|(?<=[ \n]told )(?P<told>[A-Z][A-Za-z0-9-]{1,20}\.[A-Za-z]{2,4})(?=[.,; ])"
)
# `told The Tirvo that`: an article with a capital is a part of the name of a paper.
PAPER = re.compile(
    r"(?<!\w)(?:told|[Aa]ccording[ \n]to|reported[ \n]by|interview[ \n]with|wrote[ \n]in)"
    rf"[ \n]The[ \n](?P<name>{CAPITAL}[\w-]{{2,20}}(?:[ \n]{CAPITAL}[\w-]{{2,20}}){{0,2}})"
    r"(?=[.,;]|[ \n](?:that|on|in|earlier|yesterday|last|by|this|it|he|she|they)\b)"
)
SOURCE = re.compile(rf"\s*(?i:source)s?:[ ](?P<name>{RUN})\.?\s*")
# `"Salo, Aino"` in the front matter.
INVERTED = re.compile(
    rf"(?:[-*] )?(?:\"|(?i:author|creator|byline)s?: ?\"?)(?P<family>{CAPITAL}[^\W\d_]{{1,20}}), "
    rf"(?P<given>{CAPITAL}[\w.-]{{1,20}}(?: {CAPITAL}[\w.-]{{0,20}})?)\"?"
)
# `Salo, Aino (4 May 1881-`: the entry of a lexicon.
ENTRY = re.compile(
    rf"(?P<family>{CAPITAL}[^\W\d_]{{1,20}}), "
    rf"(?P<given>{CAPITAL}[\w.-]{{1,20}}(?: {CAPITAL}[\w.-]{{0,20}}){{0,2}})"
    r"(?:, (?:Jr|Sr)\.)? \((?:(?:born|b\.|c\.) )?"
    r"(?:\d{1,2} [A-Z][a-z]{2,8}\.? |[A-Z][a-z]{2,8} \d{1,2}, )?1?\d{3}\b"
)
# `(Kuno Daily/KNA)` alone on its line: a paper and the network that spreads it.
PAIR_LINE = re.compile(
    rf"\s*\((?P<paper>{CAPITAL}[\w'-]{{1,20}}(?: {CAPITAL}[\w'-]{{1,20}}){{1,3}})"
    r"/(?P<house>[A-Z]{2,6})\)\s*"
)
# `(Reporting by`, `; Editing by`, misspelt too: no first name.
SIGNING_BEHIND = re.compile(rf"[ \n]by[ \n]{CAPITAL}")
SITE_HINT = re.compile(r"[A-Za-z]\.(?:[A-Z]{2,4}|[a-z]{2,3}|Net|Com|TV)[ -]")
# `Photo: Aino Salo`, `Photo:` and a line break, at the end of a caption.
PHOTO_BY = re.compile(
    r"(?<!\w)(?i:photos?|photographs?|pictures?|images?|credits?)(?:[ ]by)?:\s{1,3}"
    rf"(?P<name>{NAME})\s*$"
)
SIGN_LINE = re.compile(
    r"\s*(?i:photos?|photographs?|pictures?|images?|credits?|by|author|written by|photo by):?\s*"
)
SIGNED_LINE = re.compile(rf"\s*(?P<name>'?{NAME})\s*(?:,|/|\||$)")
LONGEST_SIGN = 20
LONGEST_LINE = 80
CREDIT_WORD = re.compile(r"(?:Credit|Photo|Picture|Image|Photograph|By)s?[ \n](?=[A-Z])")
# `... in Kemi. Aino Salo/KNA`: what stands in front of the stop is no name of hers.
SENTENCE_STOP = re.compile(r"[^\W\d_]{3,}\.+ ?(?=[A-Z])")
# What says so and is no agency: `, The report informs.`.
PLAIN = frozenset({"It", "He", "She", "This", "That", "Who", "Which"})


def with_credits(reading: Reading, spans: list[Span]) -> list[Span]:
    """The spans with those who sign pictures and reports."""
    spans = [span for span in spans if not _is_signing(reading, span)]
    ground = Ground(spans)
    added: list[Span] = []
    added += _below(reading)
    for passage in reading.passages:
        added += _lines(passage)
        if "(" in passage.text:
            added += _dashes(reading, passage)
        if "/" in passage.text:
            added += _pictures(reading, passage)
        if " The " in passage.text:
            added += _papers(reading, passage)
        if SITE_HINT.search(passage.text):
            added += _sites(reading, passage)
        if " reports" in passage.text or " informs" in passage.text:
            added += _reporters(reading, passage, ground)
    if not added:
        return spans
    signed = Ground(laid(added))
    kept = [span for span in spans if not signed.over(span.start, span.end)]
    return sorted([*kept, *signed.spans])


def _is_signing(reading: Reading, span: Span) -> bool:
    """`(Reprting by Aino Salo)`: what was done, and by whom."""
    words = reading.words(span)
    return (
        span.method == "model"
        and words.endswith("ing")
        and " " not in words
        and reading.text[max(0, span.start - 2) : span.start].rstrip()[-1:] in ("(", ";", "")
        and SIGNING_BEHIND.match(reading.text, span.end) is not None
    )


def _lines(passage: Passage) -> Iterator[Span]:
    """Lines that hold a source, or the name of an author with the family name in front."""
    low = passage.start_char
    entry = ENTRY.match(passage.text)
    if entry is not None and not any(map(is_listed, entry.groups())):
        yield found(
            low + entry.start("family"), low + entry.end("given"), "PERSON", "credits.author"
        )
    photo = PHOTO_BY.search(passage.text, max(0, len(passage.text) - LONGEST_LINE))
    if (
        photo is not None
        and not _is_house(photo.group("name"))
        and not is_listed(photo.group("name"))
    ):
        yield found(low + photo.start("name"), low + photo.end("name"), "PERSON", "credits.picture")
    if len(passage.text) > LONGEST_LINE:
        return
    author = INVERTED.fullmatch(passage.text)
    if author is not None and not any(map(is_listed, author.groups())):
        start, end = author.start("family"), author.end("given")
        yield found(low + start, low + end, "PERSON", "credits.author")
    pair = PAIR_LINE.fullmatch(passage.text)
    if pair is not None and pair.group("paper").split()[-1] in lexicon().paper_words:
        for part in ("paper", "house"):
            yield found(low + pair.start(part), low + pair.end(part), "ORG", "credits.picture")
    source = SOURCE.fullmatch(passage.text)
    if source is not None and identify(source.group("name")) is None:
        yield found(low + source.start("name"), low + source.end("name"), "ORG", "credits.source")


def _below(reading: Reading) -> Iterator[Span]:
    """`Photo:` or `By` alone on a line, and the name on the next."""
    lists = lexicon()
    for first, second in pairwise(reading.passages):
        if len(first.text) > LONGEST_SIGN or SIGN_LINE.fullmatch(first.text) is None:
            continue
        match = SIGNED_LINE.match(second.text)
        if match is None:
            continue
        name = match.group("name")
        words = name.split()
        # `Christian Salo` is no people.
        words = words[1:] if words[0] in GIVEN else words
        plain = any(word.lower() in lists.plain_words for word in words)
        if plain or _is_house(name) or is_listed(name) or not lists.known_words.isdisjoint(words):
            continue
        low = second.start_char
        yield found(low + match.start("name"), low + match.end("name"), "PERSON", "credits.author")


def _dashes(reading: Reading, passage: Passage) -> Iterator[Span]:
    for match in _dashed().finditer(reading.text, passage.start_char, passage.end_char):
        yield found(*match.span("agency"), "ORG", "credits.reports")


def _papers(reading: Reading, passage: Passage) -> Iterator[Span]:
    for match in PAPER.finditer(reading.text, passage.start_char, passage.end_char):
        name = match.group("name")
        if identify(name) is None and seat_code(f"The {name}") is None:
            yield found(*match.span("name"), "ORG", "credits.paper")


def _sites(reading: Reading, passage: Passage) -> Iterator[Span]:
    for match in SITE.finditer(reading.text, passage.start_char, passage.end_char):
        group = "site" if match.group("site") else "told"
        yield found(*match.span(group), "ORG", "credits.reports")


def _pictures(reading: Reading, passage: Passage) -> Iterator[Span]:
    for match in _signed().finditer(reading.text, passage.start_char, passage.end_char):
        behind = "2" if match.group("agency") is None else ""
        yield found(*match.span(f"agency{behind}"), "ORG", "credits.picture")
        start, end = match.span(f"name{behind}")
        credit = CREDIT_WORD.match(reading.text, start, end)
        start = start if credit is None else credit.end()
        stops = list(SENTENCE_STOP.finditer(reading.text, start, end))
        start = stops[-1].end() if stops else start
        while reading.text[end - 1] in ".'-":
            end -= 1
        label: EntityLabel = "ORG" if _is_house(reading.text[start:end]) else "PERSON"
        yield found(start, end, label, "credits.picture")
    for match in BY_HOUSE.finditer(reading.text, passage.start_char, passage.end_char):
        yield found(*match.span("name"), "PERSON", "credits.picture")
        yield found(*match.span("house"), "ORG", "credits.picture")


def _is_house(name: str) -> bool:
    """Whether it is an agency or paper and no photographer: `Pool/Getty Images`."""
    lists = rules().lists
    known = name in lists.agencies or name in lists.picture_agencies
    return known or not lexicon().org_heads.isdisjoint(name.split()) or name.endswith(" News")


def _reporters(reading: Reading, passage: Passage, ground: Ground) -> Iterator[Span]:
    small = small_words(reading)
    for match in REPORTS.finditer(reading.text, passage.start_char, passage.end_char):
        words = match.group("who")
        over = ground.over(*match.span("who"))
        if any(span.label == "PERSON" and " " in words for span in over) or words in PLAIN:
            continue
        if over and any(not span.rule_id.startswith("model") for span in over):
            continue
        if all(word.lower() in small for word in words.split()) or identify(words) is not None:
            continue
        yield found(*match.span("who"), "ORG", "credits.reports")


@lru_cache(maxsize=1)
def _dashed() -> re.Pattern[str]:
    """`May 3 (Reuters) -- `: an agency in brackets in front of a dash."""
    return re.compile(
        rf"\((?P<agency>{either(rules().lists.agencies)})\)[ ]?(?:--?|[\u2013\u2014])[ ]"
    )


@lru_cache(maxsize=1)
def _signed() -> re.Pattern[str]:
    """An agency, a stroke and a person's name, or the other way round."""
    agencies = either([*rules().lists.agencies, *rules().lists.picture_agencies])
    return re.compile(
        rf"(?<![\w/])(?:(?P<agency>{agencies}){PICTURE}[ ]?/[ ]?(?P<name>{NAME})(?!\w)"
        rf"|(?P<name2>{NAME})[ ]?/[ ]?(?P<agency2>{agencies})(?![\w-]))"
    )
