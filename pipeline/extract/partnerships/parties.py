"""The parties of a label: what is tied to it first, then its sentence, then the text before it.

The order is the thesis.  A form tied to the label (`between X and Y`, `X-Y partnership`,
`with X`) is nearly always right and wins; a missing side is asked of the subject; pronouns and
`the two countries` are asked of the text; what then is still open is refused with its reason, for
a wrong pair is worse than none.  The steps from the first form that is not tied are in `implied`.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.extract.partnerships.actors import (
    begins_private,
    bystanders,
    found_in,
    is_private,
    listed_before,
    overtaken,
    subject,
)
from pipeline.extract.partnerships.book import BLOC, form
from pipeline.extract.partnerships.context import Pair, pairs_in
from pipeline.extract.partnerships.general import is_general
from pipeline.extract.partnerships.implied import IMPLIED, by_cell, just_named
from pipeline.extract.partnerships.nobody import told_of_none, told_of_region, told_of_two_firms
from pipeline.extract.partnerships.resolution import (
    NON_STATE,
    OPEN,
    UNNAMED,
    Resolution,
    resolved,
)
from pipeline.extract.partnerships.sides import other_side, pair_meant, row, rows_of
from pipeline.extract.partnerships.tied import (
    Case,
    Tied,
    listed,
    nearest_bloc,
    party_pattern,
    tied_to,
)

FRONT_REACH = 120


def resolve(case: Case) -> Resolution:
    """The parties of the label of `case`, one tuple a statement, or the reason for none."""
    tied = tied_to(case)
    steps = (_explicit, _unsaid, _dialogue, _with_right, _fronted, _owned, _private, *IMPLIED)
    for step in (by_cell, *steps) if case.sentence.is_row else steps:
        found = step(case, tied)
        if found is not None:
            general = bool(found.rows) and is_general(case, tied, found)
            return Resolution(reason=UNNAMED) if general else found
    return Resolution(reason=OPEN)


def _explicit(case: Case, tied: Tied) -> Resolution | None:
    """All is said by the forms around the label, or that there is nobody to say it of."""
    if len(tied.every) >= 2:
        pairs = [row(*pair) for pair in (*tied.pairs, tied.every) if len(pair) > 1]
        return Resolution(tuple(dict.fromkeys(pairs)), tied.rule_id)
    if tied.other or form("half_pair").search(case.left):
        return Resolution(reason=NON_STATE)
    if told_of_region(case, tied) or told_of_two_firms(case, tied):
        return Resolution(reason=NON_STATE)
    if told_of_none(case, tied):
        return Resolution(reason=UNNAMED)
    return None


def _unsaid(case: Case, tied: Tied) -> Resolution | None:
    """A partner that is said of nobody: `It thanked its partners`."""
    if not case.label.is_partner or tied.right or tied.both:
        return None
    if tied.left and (partner := overtaken(case)):
        return resolved(rows_of(partner, tied.left), "parties.overtaken")
    said = form("predicate").search(case.left) or form("fronted").match(case.left)
    if not said and not form("views").search(case.left) and not all(found_in(case)):
        pair = _own_partner(case, tied)
        return Resolution((pair,), "parties.own-partner") if pair else Resolution(reason=UNNAMED)
    return None


def _own_partner(case: Case, tied: Tied) -> Pair | None:
    """Who is meant by `our partner` where the sentence before names one other state."""
    behind = case.sentence.masked[case.label.end : case.sentence.end]
    if tied.word not in ("our", "its") or case.is_plural or is_private(case):
        return None
    named, pair = bystanders(case.sentence), just_named(case)
    if pair is None or not named or not set(named) <= set(pair):
        return None
    return pair if form("closed_behind").match(behind) else None


def _dialogue(case: Case, tied: Tied) -> Resolution | None:
    """A dialogue partner belongs to an organisation: one side is a bloc, the others states."""
    if "dialogue" not in case.label.key:
        return None
    blocs_here = {m.code for m in case.sentence.mentions if m.sign == BLOC}
    named = tied.left + tied.right
    if tied.left and not blocs_here.intersection(named):
        # `discussed X's bid for partner status with Y`: Y is who one talks with.
        named = tied.left
    blocs = [code for code in named if code in blocs_here][:1]
    states = [code for code in named if code not in blocs]
    if not blocs and (bloc := nearest_bloc(case)):
        blocs = [bloc]
    if not blocs and not case.label.is_partner:
        return None
    if not states:
        states = subject(case, known=blocs)
    if not states:
        # `took note of the wish of X and Y to act as its dialogue partners`
        states = [code for code in listed_before(case) if code not in blocs]
    if not states and not case.label.is_partner:
        # `The dialogue partnership covers trade between ASEAN and X.`
        states = [code for code in bystanders(case.sentence) if code not in blocs]
    return resolved(rows_of(blocs[:1], states), "parties.dialogue")


def _with_right(case: Case, tied: Tied) -> Resolution | None:
    """The names behind the label are one side: find the other."""
    apposed = tied.rule_id == "parties.apposition" and len(tied.right) == 2 and not tied.left
    opens = form("bare_start").match(case.left) or form("cataphor").match(case.left)
    if apposed and opens:
        return Resolution((row(*tied.right),), "parties.one-another")
    if not tied.right:
        return None
    tied.right += [code for code in _besides(case) if code not in (*tied.right, *tied.left)]
    lefts = [code for code in tied.left if code not in tied.right]
    if case.label.is_partner and _is_membership(case, tied):
        lefts = []
    told = form("first_person").search(case.left) is not None
    leads = form("front").match(case.left) or (
        case.label.is_partner and form("front_partner").match(case.left)
    )
    if not lefts and tied.behind and (told or leads):
        lefts = [tied.behind]
    if not lefts and tied.rule_id == "parties.colon" and not case.left.strip():
        # `Strategic partners: X, Y` in a text on somebody's relations.
        owner = case.context.issuer or case.context.page_owner()
        lefts = [owner] if owner and owner not in tied.right else []
    lefts = lefts or other_side(case, tied, tied.right)
    lefts += [*_forerunners(case, tied), *_likewise(case, lefts)] if lefts else []
    if pairs := _in_order(case, lefts, tied.right):
        return Resolution(pairs, "parties.respectively")
    return resolved(rows_of(lefts, tied.right), tied.rule_id)


def _fronted(case: Case, tied: Tied) -> Resolution | None:
    """`With X` at the head of the sentence or of a clause is one side."""
    if tied.left:
        return None
    start = case.sentence.start
    fronted = form("fronted_with").search(case.sentence.masked[start : start + FRONT_REACH])
    clause = form("fronted_clause").search(case.left)
    if case.label.is_partner and not fronted:
        fronted = form("fronted_for").search(case.sentence.masked[start : start + FRONT_REACH])
    if fronted:
        first, last = start + fronted.start(), start + fronted.end()
        rights = listed(case.sentence, first, last, behind=True)
    elif clause:
        first, last = (case.left_start + at for at in clause.span(1))
        rights = listed(case.sentence, first, last)
    else:
        return None
    behind = case.sentence.within(last, case.label.start)
    near = behind and not case.sentence.masked[last : behind[0].start].strip(" ,")
    issuer = case.context.issuer
    if clause and not behind and issuer and issuer not in rights:
        # `Peru is a friend; with Oman, ties have become a partnership` on a ministry's page.
        return Resolution(rows_of([issuer], rights), "parties.fronted-with")
    lefts = [behind[0].code] if near else other_side(case, tied, rights)
    return resolved(rows_of(lefts, rights), "parties.fronted-with")


def _owned(case: Case, tied: Tied) -> Resolution | None:
    """`Between the two countries`, or an owner whose partner is to be found."""
    if tied.both:
        before = case.sentence.within(case.sentence.start, case.label.start)
        pair = (None if before else just_named(case)) or pair_meant(case)
        several = case.sentence.masked[case.label.start : case.label.end].endswith("s")
        if (case.label.is_partner or several) and (rows := _of_both(case)):
            return Resolution(rows, tied.rule_id)
        return resolved((pair,) if pair else (), tied.rule_id)
    rows = rows_of(tied.left, other_side(case, tied, tied.left)) if tied.left else ()
    return resolved(rows, "parties.owner") if tied.left else None


def _of_both(case: Case) -> tuple[Pair, ...]:
    """Pairs of `X is a partner of both` behind a word on two others: X with each."""
    sentence = case.sentence
    actors, pair = subject(case), case.context.pair()
    if apposed := form("apposed").search(case.left):
        at = case.left_start + apposed.start(1)
        actors = [mention.code for mention in sentence.mentions if mention.start == at]
        if named := pairs_in(sentence, sentence.start, at):
            pair = named[-1][1]
    if len(actors) != 1 or pair is None or actors[0] in pair:
        return ()
    return rows_of(actors, pair)


def _in_order(case: Case, lefts: Sequence[str], rights: Sequence[str]) -> tuple[Pair, ...]:
    """Pairs of `X and Y have partnerships with A and B respectively`: X-A and Y-B."""
    sentence = case.sentence
    if not len(lefts) == len(rights) > 1:
        return ()
    if form("respectively").search(sentence.masked, sentence.start, sentence.end) is None:
        return ()
    return tuple(row(*pair) for pair in zip(lefts, rights, strict=True))


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


def _likewise(case: Case, lefts: Sequence[str]) -> list[str]:
    """Whom the other side is likened to: `X, like Y, is a partner of Z`."""
    match = form("likewise").search(case.left)
    if match is None:
        return []
    one, two = (
        listed(case.sentence, case.left_start + match.start(n), case.left_start + match.end(n))
        for n in (1, 2)
    )
    return two if set(one) <= set(lefts) else []


def _besides(case: Case) -> list[str]:
    """Those named before the others: `Besides X, the partners of Y are Z and W`."""
    match = form("besides").match(case.left) if case.is_plural else None
    if match is None:
        return []
    start, end = (case.left_start + at for at in match.span(1))
    return listed(case.sentence, start, end)


def _private(case: Case, tied: Tied) -> Resolution | None:
    """Firms, clubs and cities that make a partnership of their own."""
    ours = begins_private(case) and tied.word in ("", "a", "an")
    return Resolution(reason=NON_STATE) if ours else None
