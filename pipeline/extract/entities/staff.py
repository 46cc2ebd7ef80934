"""Firms and bodies told by who or what is theirs: `Tirvo analyst Aino Salo`, `Tirvo shares`.

The possessive is left out for organisations only: a person's spokesman is `Salo's spokesman`.
A town stands in front of mayors and governors, but hardly of analysts and shares.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from pipeline.extract.entities.calling_book import callings
from pipeline.extract.entities.frames import SAYS_IT
from pipeline.extract.entities.headlines import is_capitals
from pipeline.extract.entities.lexicon import is_listed, lexicon
from pipeline.extract.entities.lists import rules
from pipeline.extract.entities.patterns import either, patterns
from pipeline.extract.entities.persons import is_title_case
from pipeline.extract.entities.spans import (
    CAPITAL,
    Ground,
    Reading,
    Sought,
    Span,
    found,
    laid,
    small_words,
)
from pipeline.extract.names import identify
from pipeline.records import Passage

FIXED = ("places", "agencies", "dateline", "heads", "acronyms", "persons", "callings")
WORD = re.compile(
    rf"(?<![\w@/.'-])(?<!{CAPITAL}[ \n]){CAPITAL}[\w-]{{1,20}}(?=[ \n](?P<next>[a-z]\w*))"
)
# `Salo MKL said`: a part of a longer name.
# Ends of the adjectives that stand in front of analysts: `Political analyst`.
SAYS = frozenset({"said", "says", "announced"})
PLAIN_ENDS = ("al", "ary", "ive", "ent", "ing", "ed", "ior", "ic", "ous", "ly", "an", "ese", "ish")
CAPITAL_BEFORE = re.compile(rf"(?<!\w){CAPITAL}[\w-]*[ \n]$")
SENTENCE_START = re.compile(r"(?:^|[.!?:\"][\"']?\s{1,3}|\n)[\"']?$")
# `said Kuno Investment analyst Aino Salo`: two words that no span covers.
ANALYSTS = Sought(
    re.compile(
        rf"(?<=[a-z,\"][ \n])(?P<firm>{CAPITAL}[\w-]{{2,20}}(?:[ \n]{CAPITAL}[\w-]{{2,20}}){{1,2}})"
        rf"[ \n](?:analyst|strategist|economist)[ \n](?={CAPITAL})"
    ),
    frozenset({"analyst", "strategist", "economist"}),
)
# `she posted on X`, `in a post on X, formerly Twitter`.
POSTED = Sought(
    re.compile(
        r"(?<!\w)(?:posts?|posted|wrote|said|account)[ \n]on[ \n](?P<site>X)"
        r"(?=[.,;:\"]|[ \n](?:[a-z]|\())"
    ),
    frozenset({"X"}),
)


# `Labour's election victory`, `Labor MPs`: the party, where the work has a small letter.
LABOUR = Sought(
    re.compile(
        r"(?<=[a-z,][ \n])(?P<party>Labou?r)"
        r"(?='s[ \n](?:election|landslide|manifesto|victory|leader|majority|defeat|conference)\b"
        r"|[ \n](?:leaders?|MPs?|lawmakers?|senators?|voters|government|backbenchers?)\b)"
    ),
    frozenset({"Labour", "Labor"}),
)


def with_staff(reading: Reading, spans: list[Span]) -> list[Span]:
    """The spans with the organisations that their people and shares tell."""
    people = reading.words_of_persons(spans)
    first_words = {
        name.split()[0]
        for span in spans
        if span.label == "ORG" and " " in (name := reading.words(span))
    }
    kept = [_employer(reading, span, people) for span in spans]
    return laid([*kept, *_unseen(reading, Ground(kept), people, first_words)])


def _employer(reading: Reading, span: Span, people: frozenset[str]) -> Span:
    """A lone name that the model took for a person or town, with its analyst behind it."""
    words = reading.words(span)
    if span.label not in ("PERSON", "GPE") or " " in words or span.rule_id.startswith(FIXED):
        return span
    if words in people or is_listed(words):
        return span
    if not _has_staff(reading, span.end):
        return span
    return span.mended("staff", label="ORG")


def _has_staff(reading: Reading, end: int) -> bool:
    return patterns().staff_behind.match(reading.text, end) is not None


def _unseen(
    reading: Reading, ground: Ground, people: frozenset[str], first_words: set[str]
) -> Iterator[Span]:
    lists = lexicon()
    small = small_words(reading)
    owned = patterns().owned_words
    for passage in reading.passages:
        if is_capitals(passage) or is_title_case(passage):
            continue
        for match in WORD.finditer(reading.text, passage.start_char, passage.end_char):
            start, end = match.span()
            # One look at the word behind passes over nearly every word.
            if match.group("next") not in owned and match.group("next") not in SAYS:
                continue
            if not _is_owner(reading, end) or match.group() in people or ground.over(start, end):
                # `Tirvo said it will buy`, where the model sees nothing.
                says = SAYS_IT.match(reading.text, end) is not None
                if not says or match.group() in people or ground.over(start, end):
                    continue
            if _may_own(reading, match, small, first_words):
                yield found(start, end, "ORG", "staff")
        yield from _formed(reading, ground, passage)
        for match in _acting().finditer(reading.text, passage.start_char, passage.end_char):
            word = match.group()
            if CAPITAL_BEFORE.search(reading.text, max(0, match.start() - 24), match.start()):
                continue
            plain = word.lower()
            known = word in lists.non_acronyms or plain in small or plain in lists.non_names
            if not known and word.title() not in people and not ground.over(*match.span()):
                yield found(*match.span(), "ORG", "staff.actor")


def _formed(reading: Reading, ground: Ground, passage: Passage) -> Iterator[Span]:
    """Whose analysts speak, where two words name the firm, and the site that one posts on."""
    for match in ANALYSTS.matches(reading, (passage,)):
        first = match.group("firm").split(maxsplit=1)[0].lower()
        if first not in lexicon().nameless_words and not ground.over(*match.span("firm")):
            yield found(*match.span("firm"), "ORG", "staff")
    for match in LABOUR.matches(reading, (passage,)):
        if not ground.over(*match.span("party")):
            yield found(*match.span("party"), "ORG", "staff")
    for match in POSTED.matches(reading, (passage,)):
        if not ground.over(*match.span("site")):
            yield found(*match.span("site"), "ORG", "staff.actor")


@lru_cache(maxsize=1)
def _acting() -> re.Pattern[str]:
    """Capitals named once that do something, or have a head: `MKLU backed the strike`."""
    return re.compile(
        r"(?<![\w.@/-])[A-Z]{3,7}(?=[ \n](?:(?:said|says|warned|urged|denied|reported|announced|"
        r"backed|condemned|welcomed|declined|confirmed|found|arrested|seized|rescued|recovered|"
        r"approved|rejected|ordered|has[ \n]said|has[ \n]warned|has[ \n]urged|has[ \n]handed)\b"
        rf"|(?:{either(rules().lists.body_offices)})[ \n]{CAPITAL}[a-z]+[ \n]{CAPITAL}))"
        r"|(?<=[ \n]told[ \n])[A-Z]{2,4}\d{1,2}(?=[.,;:)]|[ \n](?:that|on|in|she|he|it|they)\b)"
    )


def _is_owner(reading: Reading, end: int) -> bool:
    return (
        _has_staff(reading, end)
        or patterns().firm_owned.match(reading.text, end) is not None
        or patterns().rebels_behind.match(reading.text, end) is not None
    )


def _may_own(
    reading: Reading, match: re.Match[str], small: frozenset[str], first_words: set[str]
) -> bool:
    """Whether the word is a name: any word may open a sentence with a capital."""
    lists = lexicon()
    word = match.group()
    if word in first_words or re.fullmatch(r"[A-Z]\d{1,3}", word):
        return True
    if any(map(str.isdigit, word)):
        # `MiG-29 fighters` are aircraft.
        return False
    plain = (
        word in callings().openers
        or word.lower() in small
        or word.lower() in lists.nameless_words
        or word in lists.known_words
        or word in lists.calendar_words
        or word in lists.non_acronyms
        or identify(word) is not None
    )
    if not plain and (_has_staff(reading, match.end()) or SAYS_IT.match(reading.text, match.end())):
        # `Senior analyst Aino Salo` opens a sentence with a plain word.
        return word not in lists.plain_staff and not word.endswith(PLAIN_ENDS)
    before = reading.text[max(0, match.start() - 4) : match.start()]
    passage = reading.passage_at(match.start())
    opens = passage is None or passage.start_char == match.start()
    return not plain and not opens and SENTENCE_START.search(before) is None
