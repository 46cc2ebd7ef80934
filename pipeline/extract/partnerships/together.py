"""Several labels in one sentence: what one may take from the one before it.

`partners since 2010 and enhanced partners since 2015` share their parties; in `It calls X a
strategic partner, Y a global partner` the second has the subject of the first; with
`respectively` the first party goes with the first label, the second with the second.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.extract.partnerships.book import PARTY
from pipeline.extract.partnerships.context import Pair, Sentence
from pipeline.extract.partnerships.labels import Label

JOINT = re.compile(
    r" {1,40}(?:and|or|as well as|to|into) {1,3}(?:an? |the )?"
    r"|, {1,40}(?:and )?(?:now |later |then )?(?:an? )?"
)
GAPPED = re.compile(
    rf"[,;]? {{1,40}}(?:and |while )?({PARTY}) {{1,3}}(?:as )?(?:an? |its |the ){{1,2}}"
)
OBJECT = re.compile(rf"({PARTY}) {{1,3}}(?:as )?(?:an? |its |the ){{1,2}}$")
RESPECTIVE_REACH = 60


def joins(sentence: Sentence, one: Label, two: Label) -> bool:
    """Whether nothing but a conjunction (and dates) stands between two labels."""
    gap = sentence.masked[one.end : two.start]
    return one.end <= two.start and JOINT.fullmatch(gap) is not None


def gapped(sentence: Sentence, one: Label, two: Label, rows: Sequence[Pair]) -> tuple[Pair, ...]:
    """Parties of `two` in `X calls Y a (one), Z a (two)`: X and Z; nothing in other shapes."""
    if one.end > two.start:
        return ()
    new = GAPPED.fullmatch(sentence.masked, one.end, two.start)
    old = OBJECT.search(sentence.masked, max(sentence.start, one.start - 60), one.start)
    by_start = {mention.start: mention.code for mention in sentence.mentions}
    if new is None or old is None or len(rows) != 1:
        return ()
    object_ = by_start.get(old.start(1))
    party = by_start.get(new.start(1))
    rest = [code for code in rows[0] if code != object_]
    if party is None or len(rest) != 1 or party in rest:
        return ()
    return (tuple(sorted((rest[0], party))),)


def respective(
    sentence: Sentence, labels: Sequence[Label], rows: Sequence[tuple[Pair, ...]]
) -> list[tuple[Pair, ...]]:
    """The rows of labels dealt out in the order of their parties where `respectively` says so."""
    kept = list(rows)
    if len(labels) < 2 or len(set(rows)) != 1 or len(rows[0]) != len(labels):
        return kept
    lead = sentence.masked[
        max(sentence.start, labels[0].start - RESPECTIVE_REACH) : labels[0].start
    ]
    tail = sentence.masked[labels[-1].end : min(sentence.end, labels[-1].end + RESPECTIVE_REACH)]
    if "respectively" not in lead + tail:
        return kept
    shared = set(rows[0][0]).intersection(*rows[0])
    order = list(dict.fromkeys(m.code for m in sentence.mentions if m.code not in shared))
    dealt = [tuple(row for row in rows[0] if code in row) for code in order]
    return dealt if len(dealt) == len(labels) and all(len(row) == 1 for row in dealt) else kept
