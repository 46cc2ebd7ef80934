"""What a name is called by the common noun beside it: `salvage firm X`, `the island of X`.

Newspapers explain the names that readers do not know, in a few fixed forms: a noun right in
front, an office behind a comma, `head of`.  Those are the names that a model does not know
either.  A span gets another label or goes; what no span covers is added where the form is
sure.  Lists (`callings.toml`) hold the nouns; what the gazetteers know stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from pipeline.extract.entities.announced import announced, is_plain, running_passages
from pipeline.extract.entities.calling_book import NAME, callings
from pipeline.extract.entities.lexicon import is_listed, lexicon
from pipeline.extract.entities.patterns import patterns
from pipeline.extract.entities.spans import (
    Ground,
    Reading,
    Sought,
    Span,
    found,
    laid,
    small_words,
)
from pipeline.extract.entities.venues import as_venue
from schemas.tables import EntityLabel

FIXED = ("places", "agencies", "dateline", "heads", "acronyms.defined", "acronyms.long_form")
NUMERAL = re.compile(rf"({NAME}) (?:[IVX]{{2,5}}|V|X)")
IN_BEFORE = re.compile(r"(?<!\w)(?:[Ii]n|[Ff]rom|near|around|across)[ \n]$")
TOWNS_BEHIND = re.compile(r",[ \n](?:two[ \n])?(?:towns|villages|cities|districts|suburbs)\b")
NOUN_ENDS = re.compile(
    r"[.,;:)]|$|[ \n](?:and|in|on|at|to|of|with|was|is|were|has|had|as|where|which|that|after|"
    r"before|hosts|hosted|houses|housed|holds|held|opens|opened|reopened|closed|burned|stands|stood)\b"
)
LONGEST_HALL = 4
LOOK_BACK = 60


def with_callings(reading: Reading, spans: list[Span]) -> list[Span]:
    """The spans with the labels that the nouns beside them tell, and names told by form."""
    spans = [*_formed(reading, spans), *spans]
    people = reading.words_of_persons(spans)
    kept = laid(mended for span in spans if (mended := _called(reading, span, people)) is not None)
    kept = laid([*kept, *announced(reading, Ground(kept))])
    return _journeys(reading, kept, people)


def _formed(reading: Reading, spans: list[Span]) -> Iterator[Span]:
    """Battles, churches and sheriffs' offices, unless a longer name stands around them."""
    ground = Ground(spans)
    for passage in running_passages(reading):
        for sought, label, rule_id in callings().forms:
            for match in sought.matches(reading, (passage,)):
                start, end = match.span()
                first = match.group().split(maxsplit=1)[0]
                if first.lower() in lexicon().determiners or first in callings().openers:
                    start += len(first) + 1
                over = ground.over(start, end)
                # `Gulf of Kuno Commission` is a body, whatever it opens with.
                headed = match.group().rsplit(maxsplit=1)[-1] in lexicon().strong_heads
                if not headed and not any(span.start < start or end < span.end for span in over):
                    yield found(start, end, label, rule_id)


def _called(reading: Reading, span: Span, people: frozenset[str]) -> Span | None:
    """The span with the label that the noun beside it asks for; None if it names no entity."""
    venue = as_venue(reading, span)
    words = reading.words(span)
    if venue is not None or span.rule_id.startswith((*FIXED, "callings")) or is_listed(words):
        return venue or span
    if _is_ship(reading, span, words) or _is_illness(reading, span) or _is_arm(reading, span):
        return None
    parts = words.split()
    if any(word in lexicon().org_heads for word in parts):
        return span
    asked: tuple[tuple[str, EntityLabel | None], ...] = (
        ("callings.king", _king(words, span.label)),
        ("callings.land", _land(reading, span, parts)),
        ("callings.hall", _hall(reading, span, parts)),
        ("callings.site", _site_town(reading, span, parts, people)),
        ("callings.firm", _body(reading, span, parts, people, callings().firm_before)),
        ("callings.office", _officer(reading, span, parts)),
        ("callings.head", _body(reading, span, parts, people, callings().body_before)),
    )
    for rule_id, label in asked:
        if label is not None:
            return span.mended(rule_id, label=label, end=_called_end(reading, span, rule_id))
    return span


def _called_end(reading: Reading, span: Span, rule_id: str) -> int:
    """`the Kuno cinema`: the noun in small letters is a part of what a building is called."""
    hall = callings().hall_behind.match(reading.text, span.end)
    return hall.end() if rule_id == "callings.hall" and hall is not None else span.end


def _follows(reading: Reading, span: Span, sought: Sought) -> bool:
    return sought.ends_at(reading, max(0, span.start - LOOK_BACK), span.start)


def _is_ship(reading: Reading, span: Span, words: str) -> bool:
    """`the tanker Sunia`, `MV Sunia`; a firm that ends in its head word is none."""
    first, _, rest = words.partition(" ")
    if rest and rest.rsplit(maxsplit=1)[-1] in lexicon().org_heads:
        return False
    if rest and first in callings().ship_signs:
        return True
    return span.label != "NORP" and (
        _follows(reading, span, callings().ship_before)
        or _follows(reading, span, callings().ship_sign_before)
    )


def _is_illness(reading: Reading, span: Span) -> bool:
    return (
        span.label in ("GPE", "LOC", "PERSON", "ORG", "FAC")
        and callings().illness_behind.match(reading.text, span.end) is not None
    )


def _is_arm(reading: Reading, span: Span) -> bool:
    """`the Tirvo tank`: a weapon; whose weapons they are is told by peoples and states."""
    return (
        span.label in ("GPE", "LOC", "PERSON", "ORG", "FAC")
        and span.method == "model"
        and " " not in reading.words(span)
        and callings().arms_behind.match(reading.text, span.end) is not None
    )


def _king(words: str, label: EntityLabel) -> EntityLabel | None:
    match = NUMERAL.fullmatch(words)
    if match is None or label == "PERSON" or match.group(1) in callings().numbered_words:
        return None
    return "PERSON"


def _land(reading: Reading, span: Span, parts: list[str]) -> EntityLabel | None:
    """LOC for `the island of X` and `X river`; peoples and states stay what they are."""
    if span.label not in ("GPE", "PERSON", "ORG") or len(parts) > 2 or parts[0].isupper():
        return None
    behind = callings().land_behind.match(reading.text, span.end) is not None
    return "LOC" if behind or _follows(reading, span, callings().land_before) else None


def _hall(reading: Reading, span: Span, parts: list[str]) -> EntityLabel | None:
    """FAC for `the X cinema`."""
    if span.label not in ("ORG", "PERSON", "NORP", "LOC", "FAC") or parts[0].isupper():
        return None
    if len(parts) > LONGEST_HALL:
        return None
    behind = callings().hall_behind.match(reading.text, span.end)
    article = reading.text[max(0, span.start - 4) : span.start].lower().endswith("the ")
    return "FAC" if behind is not None and article and _ends(reading, behind.end()) else None


def _ends(reading: Reading, position: int) -> bool:
    """Whether the noun is the last of its group: no `cinema chain`."""
    return NOUN_ENDS.match(reading.text, position) is not None


def _site_town(
    reading: Reading, span: Span, parts: list[str], people: frozenset[str]
) -> EntityLabel | None:
    """GPE for `the mine at X` and `the X mine`; in front of its mine may also stand its owner."""
    may = len(parts) < 3 and not any(word.isupper() or word in people for word in parts)
    if not may or span.label not in ("PERSON", "NORP", "ORG"):
        return None
    at = _follows(reading, span, callings().site_before)
    behind = span.label != "ORG" and callings().site_behind.match(reading.text, span.end)
    return "GPE" if at or behind else None


def _body(
    reading: Reading,
    span: Span,
    parts: list[str],
    people: frozenset[str],
    pattern: Sought,
) -> EntityLabel | None:
    """ORG for one word that is no part of a person's name in the document."""
    # `the daily Il Salo`, `the gang Los Salos`: an article shows that it is no first name.
    has_article = parts[0] in lexicon().media_openers | {"Los", "Las"}
    if span.label not in ("PERSON", "GPE", "NORP", "LOC") or len(parts) > 1 + has_article:
        return None
    if span.label != "PERSON" and pattern is callings().body_before:
        return None
    may = has_article or parts[0] not in people
    return "ORG" if may and _follows(reading, span, pattern) else None


def _officer(reading: Reading, span: Span, parts: list[str]) -> EntityLabel | None:
    lists = lexicon()
    if span.label not in ("ORG", "GPE", "FAC", "NORP", "LOC") or not 2 <= len(parts) <= 4:
        return None
    if any(word.isupper() or word in lists.known_words for word in parts):
        return None
    if patterns().capitalised_name.fullmatch(" ".join(parts)) is None:
        return None
    return "PERSON" if _follows(reading, span, callings().office_before) else None


def _continues_list(reading: Reading, span: Span, ground: Ground) -> bool:
    """Whether a town and a comma stand in front: `in Kemi, Lapua and Tirvo`."""
    before = ground.over(max(0, span.start - 3), max(1, span.start - 2))
    return (
        span.label == "GPE"
        and reading.text[max(0, span.start - 2) : span.start] == ", "
        and any(other.label == "GPE" and other.end == span.start - 2 for other in before)
    )


def _journeys(reading: Reading, spans: list[Span], people: frozenset[str]) -> list[Span]:
    """`sailed from X to Y`: both are places, also where the model saw none."""
    ground = Ground(spans)
    small = small_words(reading)
    places: list[Span] = []
    for passage in running_passages(reading):
        for match in callings().journey.matches(reading, (passage,)):
            for part in ("a", "b"):
                start, end = match.span(part)
                word = match.group(part)
                over = ground.over(start, end)
                if word in people or (not over and is_plain(word, small)):
                    continue
                if not over:
                    places.append(found(start, end, "GPE", "callings.journey"))
                elif (over[0].start, over[0].end) == (start, end) and over[0].label in (
                    "PERSON",
                    "ORG",
                ):
                    is_fixed = over[0].rule_id.startswith(FIXED) or word.isupper()
                    places.append(
                        over[0] if is_fixed else over[0].mended("callings.journey", label="GPE")
                    )
    return laid([*places, *_pairs(reading, ground, people), *spans])


def _pairs(reading: Reading, ground: Ground, people: frozenset[str]) -> Iterator[Span]:
    """`from Kemi and Tirvo`: beside a town, behind a preposition, the other is a town too."""
    for first, second in pairwise(ground.spans):
        if reading.text[first.end : second.start] != " and ":
            continue
        kinds = TOWNS_BEHIND.match(reading.text, second.end) is not None
        low = max(0, first.start - 12)
        placed = IN_BEFORE.search(reading.text, low, first.start) is not None
        placed = placed or _continues_list(reading, first, ground)
        if not kinds and not (placed and "GPE" in (first.label, second.label)):
            continue
        for span in (first, second):
            words = reading.words(span)
            may = span.label in ("PERSON", "ORG", "NORP") and " " not in words
            if may and not is_listed(words) and words not in people and not words.isupper():
                yield span.mended("callings.pair", label="GPE")
