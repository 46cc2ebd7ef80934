"""The parties of a label: what is tied to it first, then its sentence, then the text before it.

The order is the thesis.  A form tied to the label (`between X and Y`, `X-Y partnership`,
`with X`) is nearly always right and wins; a missing side is asked of the subject; pronouns and
`the two countries` are asked of the text; what then is still open is refused with its reason, for
a wrong pair is worse than none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.extract.partnerships.actors import (
    begins_private,
    bystanders,
    is_private,
    overtaken,
    subject,
    viewed,
)
from pipeline.extract.partnerships.book import BLOC, form
from pipeline.extract.partnerships.context import Pair, pairs_in
from pipeline.extract.partnerships.sides import (
    UNNAMED_REACH,
    from_text,
    other_side,
    pair_meant,
    row,
    rows_of,
    we,
)
from pipeline.extract.partnerships.tied import (
    Case,
    Tied,
    listed,
    nearest_bloc,
    party_pattern,
    tied_to,
)

FRONT_REACH = 120
DEFINITE = frozenset({"our", "their", "the", "this", "that", "its"})

NON_STATE = "the other party is neither a state nor an organisation of states"
UNNAMED = "the partners are not named"
OPEN = "the parties cannot be told from the text"


@dataclass(frozen=True, slots=True)
class Resolution:
    """The parties of one label: one row a tuple, or the reason why there is none."""

    rows: tuple[Pair, ...] = ()
    rule_id: str = ""
    reason: str | None = None


def resolve(case: Case) -> Resolution:
    """The parties of the label of `case`, one tuple a statement, or the reason for none."""
    tied = tied_to(case)
    steps = (
        _explicit,
        _dialogue,
        _two_sided,
        _private,
        _by_relations,
        _by_subjects,
        _by_person,
        _by_text,
    )
    for step in (_cell, *steps) if case.sentence.is_row else steps:
        found = step(case, tied)
        if found is not None:
            return found
    return Resolution(reason=OPEN)


def _resolved(rows: tuple[Pair, ...], rule_id: str) -> Resolution:
    return Resolution(rows, rule_id) if rows else Resolution(reason=OPEN)


def _cell(case: Case, tied: Tied) -> Resolution | None:
    """In a table row the states of the row stand opposite to whom the page is about."""
    sentence = case.sentence
    if len(tied.every) > 1 or form("both").search(sentence.masked, sentence.start, sentence.end):
        return None
    named = tied.right + tied.left or bystanders(sentence)
    others = [code for code in bystanders(sentence) if code not in named]
    if len(named) == 2 and not tied.right:
        return Resolution((row(*named),), "parties.row")
    if tied.right and others:
        return Resolution(rows_of(others, named), "parties.row")
    owner = case.context.issuer or case.context.page_owner()
    return _resolved(rows_of([owner] if owner else [], named), "parties.row")


def _explicit(case: Case, tied: Tied) -> Resolution | None:
    """All is said by the forms around the label, or that there is nobody to say it of."""
    if len(tied.every) >= 2:
        return Resolution((row(*tied.every),), tied.rule_id)
    if tied.other or form("half_pair").search(case.left):
        return Resolution(reason=NON_STATE)
    if not case.label.is_partner or tied.right or tied.both:
        return None
    if tied.left and (partner := overtaken(case)):
        return _resolved(rows_of(partner, tied.left), "parties.overtaken")
    said = form("predicate").search(case.left) or form("fronted").match(case.left)
    if not said and not form("views").search(case.left):
        return Resolution(reason=UNNAMED)
    return None


def _dialogue(case: Case, tied: Tied) -> Resolution | None:
    """A dialogue partner belongs to an organisation: one side is a bloc, the others states."""
    if "dialogue" not in case.label.key:
        return None
    blocs_here = {m.code for m in case.sentence.mentions if m.sign == BLOC}
    named = tied.left + tied.right
    blocs = [code for code in named if code in blocs_here][:1]
    states = [code for code in named if code not in blocs]
    if not blocs and (bloc := nearest_bloc(case)):
        blocs = [bloc]
    if not states:
        states = subject(case, known=blocs)
    return _resolved(rows_of(blocs[:1], states), "parties.dialogue")


def _two_sided(case: Case, tied: Tied) -> Resolution | None:
    """One side is tied to the label: find the other."""
    apposed = tied.rule_id == "parties.apposition" and len(tied.right) == 2 and not tied.left
    if apposed and form("bare_start").match(case.left):
        return Resolution((row(*tied.right),), "parties.one-another")
    if tied.right:
        lefts = [code for code in tied.left if code not in tied.right]
        if case.label.is_partner and _is_membership(case, tied):
            lefts = []
        if not lefts and tied.behind and form("front").match(case.left):
            lefts = [tied.behind]
        lefts = lefts or other_side(case, tied, tied.right)
        lefts += _forerunners(case, tied) if lefts else []
        return _resolved(rows_of(lefts, tied.right), tied.rule_id)
    front = case.sentence.masked[case.sentence.start : case.sentence.start + FRONT_REACH]
    fronted = form("fronted_with").match(front)
    if fronted and not tied.left:
        end = case.sentence.start + fronted.end()
        rights = listed(case.sentence, case.sentence.start, end, behind=True)
        return _resolved(rows_of(other_side(case, tied, rights), rights), "parties.fronted-with")
    clause = form("fronted_clause").search(case.left)
    if clause and not tied.left:
        start, end = (case.left_start + at for at in clause.span(1))
        rights = listed(case.sentence, start, end)
        return _resolved(rows_of(other_side(case, tied, rights), rights), "parties.fronted-with")
    if tied.both:
        pair = pair_meant(case)
        return _resolved((pair,) if pair else (), tied.rule_id)
    rows = rows_of(tied.left, other_side(case, tied, tied.left)) if tied.left else ()
    return _resolved(rows, "parties.owner") if tied.left else None


def _is_membership(case: Case, tied: Tied) -> bool:
    """Whether a bloc before a partner only says what it belongs to: `the first EU partner of`."""
    blocs = {m.code for m in case.sentence.mentions if m.sign == BLOC}
    owned = case.left.rstrip().endswith(("'s", "'"))
    return bool(tied.left) and not owned and blocs.issuperset(tied.left)


def _forerunners(case: Case, tied: Tied) -> list[str]:
    """Those who did the same before: `the second member to sign one with X after Y`."""
    if not form("ordinal").search(case.left):
        return []
    pattern = party_pattern("_(?:after|following|behind)_(?P<list>{list})")
    match = pattern.match(case.sentence.masked, tied.end, case.sentence.end)
    return listed(case.sentence, match.start("list"), match.end("list")) if match else []


def _private(case: Case, tied: Tied) -> Resolution | None:
    """Firms, clubs and cities that make a partnership of their own."""
    ours = begins_private(case) and tied.word in ("", "a", "an")
    return Resolution(reason=NON_STATE) if ours else None


def _by_relations(case: Case, tied: Tied) -> Resolution | None:
    """Nothing is tied to the label: views, relations and pairs named before it."""
    sentence = case.sentence
    if tied.last:
        known = subject(case)
        earlier = [code for code in bystanders(sentence) if code not in known]
        return _resolved(rows_of(known, earlier[-1:]), "parties.with-country")
    if case.label.is_partner:
        viewers, objects = viewed(case)
        viewers = viewers or (other_side(case, tied, objects) if objects else [])
        if rows := rows_of(viewers, objects):
            return Resolution(rows, "parties.viewed-as")
    if chosen := _with_which(case):
        return Resolution(chosen, "parties.with-which")
    if relations := _relations(case):
        lefts, rights = relations
        lefts = lefts or other_side(case, tied, rights)
        return _resolved(rows_of(lefts, rights), "parties.ties-with")
    if named := pairs_in(sentence, sentence.start, case.label.start):
        return Resolution((named[-1][1],), "parties.sentence-pair")
    return None


def _by_subjects(case: Case, tied: Tied) -> Resolution | None:
    """Those who make the partnership together."""
    actors = subject(case)
    if not actors and is_private(case):
        return Resolution(reason=NON_STATE)
    if len(actors) >= 2:
        words = case.sentence.masked[case.label.start : case.label.end].lower()
        if words.endswith("s") and len(actors) > 2:
            # `China and A, B and C have partnerships`: who with whom is not said.
            return Resolution(reason=OPEN)
        return Resolution((row(*actors),), "parties.subjects")
    near = case.left[-UNNAMED_REACH:]
    if form("unnamed").search(near) or form("absolute").search(near):
        return Resolution(reason=OPEN)
    return None


def _with_which(case: Case) -> tuple[Pair, ...]:
    """Pairs of `X is one of the few with which Y and Z have a partnership`: X with each."""
    pattern = party_pattern(
        "(?P<one>{party})(?:_[\\w,'-]{1,20}){1,12}?_(?:with|for)_(?:which|whom)_(?P<list>{list})"
    )
    match = pattern.search(case.sentence.masked, case.left_start, case.label.start)
    if match is None:
        return ()
    ones = listed(case.sentence, match.start("one"), match.end("one"))
    return rows_of(ones, listed(case.sentence, match.start("list"), match.end("list")))


def _relations(case: Case) -> tuple[list[str], list[str]] | None:
    """Both sides of `X's relations with Y` before the label, the first often empty."""
    pattern = party_pattern(
        "(?:(?P<left>{list})(?:'s|')?_(?:(?:{adjective})_){0,3})?"
        "(?:relations|ties|relationships?|links|partnership|cooperation)_with_(?P<right>{list})"
    )
    last = None
    for match in pattern.finditer(case.sentence.masked, case.left_start, case.label.start):
        last = match
    if last is None:
        return None
    rights = listed(case.sentence, last.start("right"), last.end("right"))
    lefts = listed(case.sentence, last.start("left"), last.end("left")) if last["left"] else []
    return ([code for code in lefts if code not in rights], rights) if rights else None


def _by_person(case: Case, tied: Tied) -> Resolution | None:
    """Two names, or one and `we`."""
    sentence = case.sentence
    actors, codes = subject(case), bystanders(sentence)
    if is_private(case):
        return Resolution(reason=NON_STATE)
    if tied.word == "our" and len(actors) == 1 and (rows := rows_of(actors, we(case, actors))):
        return Resolution(rows, "parties.first-person")
    if case.label.is_partner and len(actors) == 1 and form("granted").search(case.left):
        return _resolved(rows_of(from_text(case, actors), actors), "parties.granted")
    person = form("first_person").search(sentence.masked, sentence.start, sentence.end) is not None
    pointed = tied.word in DEFINITE or not tied.word or _points_back(case)
    if len(codes) == 2 and (pointed or person or actors):
        return Resolution((row(*codes),), "parties.two-named")
    if person and len(codes) == 1 and (rows := rows_of(codes, we(case, codes))):
        return Resolution(rows, "parties.first-person")
    return None


def _points_back(case: Case) -> bool:
    """Whether the sentence speaks of what was named before: `the two countries`, `It`, `ties`."""
    sentence = case.sentence
    return (
        form("both").search(sentence.masked, sentence.start, sentence.end) is not None
        or form("initial").match(sentence.masked[sentence.start : sentence.start + 12]) is not None
        or form("ties").search(sentence.masked, sentence.start, case.label.start) is not None
    )


def _by_text(case: Case, tied: Tied) -> Resolution | None:
    """The sentence names one state or none: the pair that the text is about."""
    indefinite = tied.word in ("", "a", "an")
    known = case.context.issuer or case.sentence.speaker
    ours = form("we_are").search(case.left) is not None
    if known and not case.label.is_partner and not bystanders(case.sentence):
        # `In 2009 we signed a declaration on strategic partnership.`
        ours = ours or form("first_person").search(case.left) is not None
    if case.label.is_partner and indefinite and not (ours or form("both").search(case.left)):
        return None
    points_back = ours or _points_back(case)
    if form("business").search(case.left):
        return Resolution(reason=NON_STATE)
    if (points_back or tied.word in DEFINITE) and (pair := pair_meant(case)):
        return Resolution((pair,), "parties.context")
    return _by_title(case, tied)


def _by_title(case: Case, tied: Tied) -> Resolution | None:
    """Nobody is named: those whom the page is about."""
    sentence, context = case.sentence, case.context
    # An item `Strategic Partnership since 2012` on a page about two states.
    fragment = not re.search(r"\w", case.left) and sentence.weight == 1
    behind = sentence.masked[case.label.end : case.label.end + 60]
    # `a partnership of two insurers` has parties of its own.
    own = re.match(r"(?: [a-z]+){0,2} (?:of|between|among|by) [a-z]", behind)
    unnamed = not own and not bystanders(sentence) and not is_private(case)
    pair = context.title_pair() if fragment else None
    if pair is None and unnamed:
        pair = context.heading_pair() or context.title_pair(only_relations=True)
    if pair is not None and not case.label.is_partner:
        return Resolution((pair,), "parties.title")
    if form("entry").match(sentence.masked, sentence.start):
        # A list item `Fiji - Strategic Partnership (2017)` on a page about somebody else.
        return _cell(case, tied)
    return None
