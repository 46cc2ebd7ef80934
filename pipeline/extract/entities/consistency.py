"""One document, one meaning: what is a name in one place is the same name in another.

Three steps, each reading the whole document: parts of a full name of a person are that
person; labels of one string are put to the vote, with cues from the words around;
a name found in one place is found wherever its words stand.  The step that gains most of
all rules.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence

from pipeline.extract.entities.lexicon import lexicon
from pipeline.extract.entities.namelike import has_non_name_head
from pipeline.extract.entities.occurrences import (
    LOOK_BACK,
    Word,
    free_mentions,
    tokens_of,
    words_of,
)
from pipeline.extract.entities.parts import (
    as_leader,
    as_part,
    leader_mentions,
    paired_leaders,
    part_mentions,
    person_parts,
    single_people,
    with_whole_name,
)
from pipeline.extract.entities.spans import Reading, Span, found, in_order, laid, small_words
from pipeline.extract.names import identify
from schemas.tables import EntityLabel

TITLE_BEFORE = re.compile(r"(?<![\w-])([A-Z][\w.-]*|[a-z]{4,12})[ \n]$")
PERSON_BEHIND = re.compile(
    r"[ \n](?:said|says|told|added|who|met|noted|stressed)\b|, \d{2},"
    r"|'s (?:wife|husband|son|daughter)\b"
)
PLACE_BEFORE = re.compile(r"\b(?:in|near|across|from|at|to)[ \n]$")
FIXED = ("places", "agencies", "dateline", "heads", "acronyms")
CUED = ("cues", "callings", "clubs", "staff", "frames")
# Organisations that the words beside them tell: one such mention is enough.
TOLD = ("callings.employer", "callings.firm", "staff", "parts.firm", "frames.arm", "frames.firm")
# What the document defines it names again.
DEFINED = ("frames.defined", "frames.river")


def consistent(reading: Reading, spans: list[Span]) -> list[Span]:
    """The spans after name parts, vote and spread."""
    spans = _voted(reading, [as_leader(reading, span) for span in spans])
    votes = votes_of(reading, spans)
    parts = person_parts(reading, spans, votes)
    full_names = set(parts.values())
    people = single_people(votes)
    spans = [as_part(reading, span, parts, people) for span in spans]
    spans = [piece for span in spans for piece in paired_leaders(reading, span, parts)]
    spans = laid(with_whole_name(reading, span, full_names) for span in spans)
    words = words_of(reading, tokens_of(reading, spans))
    spans = in_order([*spans, *part_mentions(reading, words, spans, parts)])
    spans = in_order([*spans, *leader_mentions(reading, spans)])
    # A longer name known from elsewhere comes before the town that a list saw in it.
    return laid([*_spread(reading, words, spans), *spans])


def _voted(reading: Reading, spans: list[Span]) -> list[Span]:
    votes = votes_of(reading, spans)
    # A town that is also its club means both in one document.
    fixed = {reading.words(span) for span in spans if span.rule_id.startswith((*FIXED, "clubs"))}
    for span in spans:
        words = reading.words(span)
        if words in fixed or len(votes[words]) == 1:
            continue
        label, weight = _cue(reading, span)
        votes[words][label] += weight
        votes[words][span.label] += 2 if span.rule_id.startswith(CUED) else 0
    winners: dict[str, EntityLabel] = {}
    for span in spans:
        words = reading.words(span)
        if words in fixed or words.isupper() or len(votes[words]) == 1:
            continue
        first, second = votes[words].most_common(2)
        if first[1] != second[1] and span.label == first[0]:
            winners[words] = span.label
    return [
        span.mended("vote", label=winners.get(reading.words(span), span.label)) for span in spans
    ]


def _cue(reading: Reading, span: Span) -> tuple[EntityLabel, int]:
    before = TITLE_BEFORE.search(reading.text, max(0, span.start - LOOK_BACK), span.start)
    if before is not None and (
        before.group(1) in lexicon().role_nouns
        or (before.group(1)[0].isupper() and before.group(1).lower() in lexicon().titles)
    ):
        return "PERSON", 3
    if PERSON_BEHIND.match(reading.text, span.end):
        return "PERSON", 1
    if span.label in ("GPE", "LOC") and PLACE_BEFORE.search(
        reading.text, max(0, span.start - LOOK_BACK), span.start
    ):
        return span.label, 1
    return span.label, 0


def _spread(reading: Reading, words: Sequence[Word], spans: list[Span]) -> list[Span]:
    """Untagged mentions of names that are tagged elsewhere, by the surest label."""
    votes = votes_of(reading, spans)
    small = small_words(reading)
    told = {
        name
        for span in spans
        if (
            span.rule_id.startswith(DEFINED)
            or (span.label == "ORG" and span.rule_id.startswith(TOLD))
        )
        and (name := reading.words(span)).lower() not in small
    }
    labels = {
        name: label
        for name, counted in votes.items()
        for label, count in counted.most_common(1)
        if _may_spread(name, label, count, told=name in told)
    }
    return [
        found(start, end, labels[name], "spread")
        for start, end, name in free_mentions(reading, words, spans, set(labels))
    ]


def _may_spread(words: str, label: EntityLabel, count: int, *, told: bool) -> bool:
    lists = lexicon()
    if len(words) < (2 if told else 3) or words.lower() == words or has_non_name_head(words):
        return False
    if words in lists.unsure_names or words in lists.non_acronyms:
        return False
    if label == "NORP" and identify(words) is not None:
        # The lists find all of them; what they pass over is a tongue or a currency.
        return False
    if label in ("WORK_OF_ART", "LAW", "EVENT", "FAC") and " " not in words:
        return False
    if label == "ORG":
        return (
            told or count >= 2 or words.isupper() or words.rsplit(maxsplit=1)[-1] in lists.org_heads
        )
    return told or " " in words or count >= 2


def votes_of(reading: Reading, spans: list[Span]) -> dict[str, Counter[EntityLabel]]:
    """Votes on each string: one a mention, more where the words around tell."""
    votes: dict[str, Counter[EntityLabel]] = defaultdict(Counter)
    for span in spans:
        votes[reading.words(span)][span.label] += 1
    return votes
