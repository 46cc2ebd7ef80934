"""Labels that name nobody and stand above or below those who have them.

A heading has the parties of the same label in the text right below it, or the one pair that this
text begins with; a label that opens its sentence is the one of the sentence before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from pipeline.extract.partnerships.ages import Dated
from pipeline.extract.partnerships.book import form
from pipeline.extract.partnerships.context import (
    PAIR_SIZE,
    Sentence,
    can_be_party,
    codes_of,
    pairs_in,
)
from pipeline.extract.partnerships.fellows import Others
from pipeline.extract.partnerships.labels import Label
from pipeline.extract.partnerships.reading import Read
from pipeline.extract.partnerships.resolution import OPEN, UNNAMED, Resolution
from pipeline.extract.partnerships.sides import row
from pipeline.extract.partnerships.status import Reading

# Before a label that is the value of a field: `role:`.
FIELD = re.compile(r"[\W_]{0,8}[A-Za-z]\w{2,20}[\W_]{0,4}[:=][\W_]{0,6}")
# A heading is no longer.
HEADING_WORDS = 12
# How many lines of a record may stand between two of its fields.
RECORD_LINES = 4


@dataclass(frozen=True, slots=True)
class Told:
    """A label in its place, with its parties and what is said of it."""

    one: Read
    sentence: Sentence
    earlier: Sentence | None
    label: Label
    resolution: Resolution
    reading: Reading
    entry: Dated | None = None
    others: tuple[Others, ...] = ()


def pair_below(told: Told, below: Sequence[Read], issuer: str | None) -> Told:
    """`told` with the pair that the text right below it begins with, where it is a heading.

    Args:
        told: a label; one with parties, or that is no heading, comes back as it is.
        below: the passage behind that of the label, if there is one.
        issuer: whom `our countries` holds besides the one that is named.
    """
    if told.resolution.reason != OPEN or told.label.is_partner or not _is_line(told) or not below:
        return told
    first = next(iter(below[0].sentences), None)
    if first is None or below[0].labels or len(below[0].text) < len(told.one.text):
        return told
    named = pairs_in(first, first.start, first.end)
    codes = codes_of([mention for mention in first.mentions if can_be_party(first, mention)])
    if len(codes) == 1 and issuer and form("first_person").search(first.masked, 0, first.end):
        codes = [*codes, issuer]
    pair = named[0][1] if named else row(*codes) if len(set(codes)) == PAIR_SIZE else None
    if pair is None or len(set(codes)) > PAIR_SIZE:
        return told
    return replace(told, resolution=Resolution((pair,), "parties.headed"))


def of_title(told: Told, before: Sequence[Sentence]) -> Told:
    """`told` with the two that the title or the nearest heading above names, and nobody else.

    Only for a label of which its own sentence names none but them, and neither a firm nor partners
    in general.
    """
    sentence, label = told.sentence, told.label
    is_plural = sentence.is_plural(label.start, label.end)
    one_partner = label.is_partner and not label.key.startswith("dialogue") and not is_plural
    reason = told.resolution.reason
    if not (reason == OPEN or (reason == UNNAMED and one_partner)) or sentence.private:
        return told
    if _is_general(told) or sentence.weight > 1 or sentence.is_row:
        return told
    for above in reversed(before):
        if above.weight > 1 and not above.is_row:
            codes = codes_of(above.mentions)
            if len(codes) == PAIR_SIZE and set(codes_of(sentence.mentions)) <= set(codes):
                return replace(told, resolution=Resolution((row(*codes),), "parties.titled"))
            if codes:
                return told
    return told


def _is_general(told: Told) -> bool:
    """Whether a label is spoken of as a word or in general, or is its own run-in heading."""
    sentence, label = told.sentence, told.label
    left = sentence.masked[sentence.start : label.start]
    behind = sentence.masked[label.end : sentence.end]
    asked = any(form(name).search(left) for name in ("kinds_of", "unnamed", "of_a_word"))
    # `buys feed from a global partner`
    some = told.resolution.reason == UNNAMED and form("indefinite").search(left) is not None
    private = form("business").search(left + behind) is not None
    alone = not re.search(r"\w", left + behind)
    return asked or some or private or alone or form("defined_behind").match(behind) is not None


def _is_line(told: Told) -> bool:
    """Whether the passage of a label is a line that names nobody and ends in no full stop."""
    sentence, words = told.sentence, told.one.text.split()
    named = sentence.mentions or sentence.private or sentence.is_row
    return (
        not named
        and len(told.one.sentences) == 1
        and len(words) <= HEADING_WORDS
        and not words[-1].endswith((".", "!", "?", ":", ","))
    )


def headed(told: Sequence[Told]) -> Iterator[Told]:
    """Labels that name nobody, with the parties that the same label has right below or above."""
    above: Told | None = None
    for heading, below in zip_longest(told, told[1:]):
        one = heading
        if below is not None and _heads(heading, below):
            one = replace(heading, resolution=Resolution(below.resolution.rows, "parties.headed"))
        elif above is not None and _goes_on(heading, above):
            one = replace(heading, resolution=Resolution(above.resolution.rows, "parties.again"))
        yield one
        above = one


def _is_field(told: Told) -> bool:
    """Whether a label without parties is the whole value of a field that names nobody."""
    sentence, text = told.sentence, told.one.text
    before = FIELD.fullmatch(text, sentence.start, told.label.start)
    closed = re.fullmatch(r"[\W_]{0,8}", text[told.label.end : sentence.end])
    named = sentence.mentions or sentence.private or told.resolution.rows
    return bool(before and closed and not named)


def _is_value(told: Told) -> bool:
    """Whether a label without parties is the value of a field in a record that names one state."""
    start, label = told.sentence.start, told.label
    field = form("field_label").search(told.sentence.masked[start : label.start])
    open_ = told.resolution.reason == OPEN and field is not None
    return open_ and len(set(codes_of(told.sentence.mentions))) == 1


def _goes_on(told: Told, above: Told) -> bool:
    """Whether a label that opens its sentence is the one of the sentence right above.

    `Oman and Peru signed a strategic partnership. Strategic partnership covers trade.`
    """
    sentence = told.sentence
    near = told.one.passage.position - above.one.passage.position
    opens = not re.search(r"\w", sentence.masked[sentence.start : told.label.start])
    open_ = told.resolution.reason == OPEN and len(above.resolution.rows) == 1
    same = told.label.tier == above.label.tier and near in (0, 1)
    return open_ and same and opens and not (sentence.mentions or sentence.private)


def _heads(heading: Told, below: Told) -> bool:
    """Whether a label without parties is a heading above one that has a single pair."""
    place = heading.one.passage.position
    if _is_field(heading) and below.one.passage.position <= place + RECORD_LINES:
        # `role: strategic partner,` above `reason: Oman and Peru share a global partnership`
        return len(below.resolution.rows) == 1
    if _is_value(heading) and below.one.passage.position <= place + RECORD_LINES:
        # `country: Oman, rank: strategic partner,` above `text: Peru keeps its partner Oman`
        named = set(codes_of(heading.sentence.mentions))
        return len(below.resolution.rows) == 1 and named < set(below.resolution.rows[0])
    if below.one.passage.position != place + 1 or heading.resolution.reason != OPEN:
        return False
    same = below.label.tier == heading.label.tier and len(below.resolution.rows) == 1
    return same and _is_line(heading)
