"""Several labels in one sentence: what one may take from the one before it.

`partners since 2010 and enhanced partners since 2015` share their parties; in `It calls X a
strategic partner, Y a global partner` the second has the subject of the first; with
`respectively` the first party goes with the first label, the second with the second.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.extract.partnerships.book import PARTY, form
from pipeline.extract.partnerships.context import Pair, Sentence
from pipeline.extract.partnerships.labels import Label
from pipeline.extract.partnerships.status import Reading, read_status

JOINT = re.compile(
    r" {1,40}(?:and|or|as well as|to|into) {1,3}(?:an? |the )?"
    r"|[ ,]{0,40}, {1,40}(?:and )? {0,40}(?:now |later |then )?(?:an? )?"
    r"(?:[Ff]ull |formal |official )?"
)
# `a partner of Fiji since 2001 and a full one since 2010`
JOINT_BEHIND = re.compile(
    rf" {{1,3}}(?:of|with|to|for) {{1,3}}(?:the )?{PARTY}"
    r"(?: {1,40}and| {0,40},(?: and)?) {1,3}"
    r"(?:later |then |now )?(?:an? |the )?(?:full |formal |official )?"
)
OWN = re.compile(r" {1,3}(?:of|with|to|for|between|among) ")
GAPPED = re.compile(
    rf"[,;]? {{1,40}}(?:and |while )?({PARTY}) {{1,3}}(?:as )?(?:an? |its |the ){{1,2}}"
)
APPOSED = re.compile(
    rf"({PARTY}), {{1,3}}(?:itself |already |long |once |another |also |now )?an? {{1,3}}$"
)
OBJECT = re.compile(rf"({PARTY}) {{1,3}}(?:as )?(?:an? |its |the ){{1,2}}$")
RESPECTIVE_REACH = 60
# Rules that found nothing said of a label itself.
UNTOLD = frozenset({"status.plain", "status.raise"})


CARRIED = re.compile(
    r"(?: {0,80},(?: {1,3}[A-Z][a-z]{2,14}){1,4} {1,3}[Pp]artnership)?"
    r" {0,80}(?:,|and|then|later|to|into)"
    r"(?:[ ,]{1,80}(?:and|then|later|finally|to|into|an?|the)){0,4} {0,80}"
)


def carries(sentence: Sentence, one: Label, two: Label) -> bool:
    """Whether a second label goes on with what is said of the first, as in a list with dates.

    `raised to a [one] in 2000, a [two] in 2006 and a [three] in 2014`
    """
    return (
        one.end <= two.start and CARRIED.fullmatch(sentence.masked, one.end, two.start) is not None
    )


def read_all(labels: Sequence[Label], sentence: Sentence) -> list[Reading]:
    """What a sentence says of each of its labels; one that goes on takes the status before it."""
    readings: list[Reading] = []
    for number, label in enumerate(labels):
        reading = read_status(label, sentence)
        if number and reading.rule_id in UNTOLD and carries(sentence, labels[number - 1], label):
            last = readings[-1]
            reading = last if last.status in ("upgraded", "established") else reading
        readings.append(reading)
    return readings


def joins(sentence: Sentence, one: Label, two: Label) -> bool:
    """Whether nothing but a conjunction (and dates) stands between two labels."""
    gap = sentence.masked[one.end : two.start]
    return one.end <= two.start and JOINT.fullmatch(gap) is not None


def goes_on(sentence: Sentence, one: Label, two: Label) -> bool:
    """Whether a pronoun behind the first label takes up its parties for the second.

    `made Peru and Fiji partners; in 2015 a second one made them full partners`
    """
    named = any(one.end <= mention.start < two.start for mention in sentence.mentions)
    gap = sentence.masked[one.end : two.start]
    return one.end <= two.start and not named and form("pronoun_between").search(gap) is not None


def joins_behind(sentence: Sentence, one: Label, two: Label) -> bool:
    """Whether the party of the first label stands between it and a conjunction.

    The second has none of its own behind it: `a partner of Fiji and a partner of the mill`.
    """
    gap = sentence.masked[one.end : two.start]
    own = OWN.match(sentence.masked, two.end) is not None
    return one.end <= two.start and not own and JOINT_BEHIND.fullmatch(gap) is not None


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


def apposed(sentence: Sentence, one: Label, two: Label, rows: Sequence[Pair]) -> tuple[Pair, ...]:
    """Parties of `two` in `promoted by X to (one), whereas Y, a (two) since 2012`: X and Y.

    Only where the rows of the first label share an owner, and no name is tied to the second.
    """
    shared = set(rows[0]).intersection(*rows[1:]) if len(rows) > 1 else set()
    match = APPOSED.search(sentence.masked, one.end, two.start)
    if len(shared) != 1 or match is None or OWN.match(sentence.masked, two.end):
        return ()
    named = [m.code for m in sentence.mentions if m.start == match.start(1)]
    return tuple(tuple(sorted((code, *shared))) for code in named if code not in shared)


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
