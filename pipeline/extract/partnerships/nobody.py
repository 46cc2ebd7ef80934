"""Labels that bind nobody in particular: headings, definitions, firms, parts of the world.

Asked twice.  Before the steps, of the words around the label (`run_in`, `defined`, `told_of_*`):
they settle it.  And of what a step found (`is_general`), because the text before such a sentence
often names states that a step from the text would take: `Africa is a partner of the Union`, `the
bloc reviews its partnerships`, `they look for partners`.
"""

from __future__ import annotations

import re

from pipeline.extract.partnerships.book import SEAT, form
from pipeline.extract.partnerships.resolution import OPEN, Resolution
from pipeline.extract.partnerships.tied import Case, Tied

# Steps that ask the text before the sentence.
FROM_TEXT = frozenset({"parties.context", "parties.title", "parties.page", "parties.just-named"})
# ... and those that may, where one side only is named.
OWNED = frozenset({"parties.owner"})
# How far around a sentence twin towns are looked for.
TOWN_REACH = 200


def run_in(case: Case, tied: Tied) -> Resolution | None:
    """A label with a full stop that opens a paragraph is its heading and says nothing itself."""
    sentence = case.sentence
    alone = not re.search(r"\w", sentence.masked[sentence.start : case.label.start])
    alone = alone and not re.search(r"\w", sentence.masked[case.label.end : sentence.end])
    alone = alone and not sentence.mentions
    more = re.search(r"\w", sentence.masked[sentence.end :])
    return Resolution(reason=OPEN) if alone and more and not sentence.is_row else None


def defined(case: Case, tied: Tied) -> Resolution | None:
    """What partnerships are in general: `under the forms of a`, `is defined as`."""
    behind = case.sentence.masked[case.label.end : case.sentence.end]
    told = form("kinds_of").search(case.left) or form("defined_behind").match(behind)
    if case.is_plural and not case.label.is_partner and not (tied.left or tied.right):
        # `had 110 partnerships by 2023`: with whom is not said.
        told = told or form("numbered").search(case.left)
    bare = case.is_bare and not (tied.left or tied.right or tied.every)
    if bare and not tied.both:
        # `Strategic partnership does not exclude an alliance.`
        told = told or form("generic_behind").match(behind)
    told = told or form("skipped").search(case.left) or form("between_any").match(behind)
    return Resolution(reason=OPEN) if told else None


def told_of_firms(case: Case) -> bool:
    """Whether `they` are the firms or clubs that the sentence before began with."""
    sentence = case.sentence
    if not case.context.before or sentence.mentions:
        return False
    words = sentence.masked[sentence.start : sentence.end]
    earlier = case.context.before[-1]
    front = earlier.masked[earlier.start : earlier.start + 120]
    return (
        form("they_do").search(words) is not None
        and form("state_words").search(words) is None
        and form("private_front").match(front) is not None
    )


def told_of_region(case: Case, tied: Tied) -> bool:
    """Whether one side is a part of the world: `Africa is a partner of X`, `X and Asia share a`.

    In `Africa has welcomed its partnership with X` it only looks on.
    """
    own = tied.word in ("", "a", "an") or not tied.right
    return own and form("region").search(case.left) is not None


def told_of_two_firms(case: Case, tied: Tied) -> bool:
    """Whether those who act are two universities, firms or towns, and no state is tied to it."""
    if _told_of_towns(case):
        return True
    named = tied.right or tied.left or tied.every or tied.both or tied.last
    return not named and form("private_two").search(case.left) is not None


def _told_of_towns(case: Case) -> bool:
    """Whether the capitals behind a label are twin towns: `agreements with Lima; sister cities`."""
    sentence = case.sentence
    around = sentence.masked[max(0, sentence.start - TOWN_REACH) : sentence.end + TOWN_REACH]
    named = sentence.within(case.label.end, sentence.end) or sentence.mentions
    seats = bool(named) and all(mention.sign == SEAT for mention in named)
    return seats and form("twinned").search(around) is not None


def told_of_none(case: Case, tied: Tied) -> bool:
    """Whether several partnerships of one owner are spoken of, with whom is not said.

    `Oman will review its strategic partnerships`
    """
    several = case.is_plural and not case.label.is_partner
    if not several or tied.right or tied.every or tied.both or tied.last:
        return False
    # `One of Oman's partnerships is with Peru`
    later = form("with_behind").search(case.sentence.masked, case.label.end, case.sentence.end)
    return later is None and form("of_its_own").search(case.left) is not None


def is_general(case: Case, tied: Tied, found: Resolution) -> bool:
    """Whether the label of `case` is said of a region or of nobody in particular.

    Args:
        case: the label in its sentence and text.
        tied: what stands around it.
        found: its parties as a step found them.
    """
    if case.label.is_partner:
        named = form("region_subject").search(case.left) is not None
        sought = form("looked_for").search(case.left) is not None and not tied.right
        return named or sought
    if form("region_half").search(case.left):
        return True
    return case.is_plural and _is_unnamed(case, tied, found)


def _is_unnamed(case: Case, tied: Tied, found: Resolution) -> bool:
    """Whether several partnerships have one owner, and nobody opposite it in their sentence."""
    if tied.right or tied.both or tied.every:
        return False
    sentence = case.sentence
    if form("both").search(sentence.masked, sentence.start, sentence.end):
        return False
    here = {mention.code for mention in sentence.mentions}
    if tied.word == "its":
        # `the AU, which meets the EU in May, reviews its partnerships`
        return True
    from_text = found.rule_id in FROM_TEXT or found.rule_id in OWNED
    return from_text and not any(set(row) <= here for row in found.rows)
