"""The parties of a label: what is tied to it first, then its sentence, then the text before it.

The order is the thesis.  A form tied to the label (`between X and Y`, `X-Y partnership`,
`with X`) is nearly always right and wins; a missing side is asked of the subject; pronouns and
`the two countries` are asked of the text; what then is still open is refused with its reason, for
a wrong pair is worse than none.  Here are the steps that ask what is tied; those that ask the
sentence are in `implied`, those that ask the text before it in `recalled`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from pipeline.extract.partnerships.actors import (
    begins_private,
    bystanders,
    listed_before,
    ranked,
    seen_as,
    subject,
)
from pipeline.extract.partnerships.beside import besides, forerunners, likewise, lister
from pipeline.extract.partnerships.blocs import nearest_bloc
from pipeline.extract.partnerships.book import BLOC, form, form_book
from pipeline.extract.partnerships.context import Pair, codes_of, pairs_in
from pipeline.extract.partnerships.entries import of_bracket, of_record
from pipeline.extract.partnerships.implied import IMPLIED
from pipeline.extract.partnerships.mentions import Mention
from pipeline.extract.partnerships.nobody import (
    defined,
    is_general,
    run_in,
    told_of_none,
    told_of_region,
    told_of_two_firms,
)
from pipeline.extract.partnerships.recalled import RECALLED, by_cell
from pipeline.extract.partnerships.resolution import (
    NON_STATE,
    OPEN,
    UNNAMED,
    Resolution,
    resolved,
)
from pipeline.extract.partnerships.sides import (
    just_named,
    other_side,
    pair_meant,
    row,
    rows_of,
)
from pipeline.extract.partnerships.tied import (
    Case,
    Tied,
    listed,
    party_pattern,
    tied_to,
)
from pipeline.extract.partnerships.unsaid import unsaid

LISTED = re.compile(r" {0,80}(?:, {1,80}(?:and )?|and )(?:the )?")
FRONT_REACH, HANDS_REACH = 120, 60
# Names of a pair, and labels that `respectively` deals two names out to.
PAIRED = 2


def resolve(case: Case) -> Resolution:
    """The parties of the label of `case`, one tuple a statement, or the reason for none."""
    tied = tied_to(case)
    for step in (by_cell, *STEPS) if case.sentence.is_row else STEPS:
        found = step(case, tied)
        if found is not None:
            general = bool(found.rows) and is_general(case, tied, found)
            return Resolution(reason=UNNAMED) if general else _dealt(case, found)
    return Resolution(reason=OPEN)


def _dealt(case: Case, found: Resolution) -> Resolution:
    """The one of two pairs that is meant: `ties with X and Y to A and B respectively`."""
    if len(found.rows) != PAIRED:
        return found
    behind = case.sentence.masked[case.label.end : case.sentence.end]
    if form("dealt_first").match(behind) or (
        form("dealt_before").search(case.left) and form("dealt_next").match(behind)
    ):
        return replace(found, rows=found.rows[:1])
    if form("dealt_second").search(case.left) and (
        form("dealt_behind").match(behind) or form("respectively").search(case.left)
    ):
        return replace(found, rows=found.rows[1:])
    return found


def _inside(case: Case, tied: Tied) -> Resolution | None:
    """The pair that stands between the rank and its head: `the strategic Peru-Laos partnership`."""
    named = codes_of(case.sentence.within(case.label.start, case.label.end))
    return Resolution((row(*named),), "parties.pair") if len(named) == PAIRED else None


def _opposed(case: Case, tied: Tied) -> Resolution | None:
    """Two sides that the sentence sets against each other: `X on the one hand, Y on the other`."""
    sentence = case.sentence
    if form("one_hand").search(sentence.masked, sentence.start, sentence.end) is None:
        return None
    for match in _hands().finditer(sentence.masked, sentence.start, sentence.end):
        gap = case.label.start - match.end() if match.end() <= case.label.start else 0
        gap = max(gap, match.start() - case.label.end)
        one, two = (listed(sentence, match.start(n), match.end(n)) for n in ("one", "two"))
        if gap < HANDS_REACH and (rows := rows_of(one, two)):
            return Resolution(rows, "parties.opposed")
    return None


@lru_cache
def _hands() -> re.Pattern[str]:
    return party_pattern(
        "(?P<one>{list})(?:,?_and_its_member_states)? {0,2},? {0,3}(?:on|of|from)_(?:the_)?one"
        "(?:_(?:hand|side|part))?,?_and_(?P<two>{list}) {0,2},? {0,3}(?:on|of|from)_the_other"
    )


def _pair_with(case: Case, tied: Tied) -> Resolution | None:
    """Each of two with a third: `the Peru-Laos strategic partnership with Fiji`."""
    third = [code for code in tied.right if code not in tied.every]
    paired = len(tied.every) == PAIRED and tied.rule_id == "parties.pair" and not tied.pairs
    return Resolution(rows_of(tied.every, third), tied.rule_id) if paired and third else None


def _explicit(case: Case, tied: Tied) -> Resolution | None:
    """All is said by the forms around the label, or that there is nobody to say it of."""
    if len(tied.every) >= 2:
        every = [] if tied.rule_id == "parties.between-list" and tied.pairs else [tied.every]
        pairs = [row(*pair) for pair in (*tied.pairs, *every) if len(pair) > 1]
        return Resolution(tuple(dict.fromkeys(pairs)), tied.rule_id)
    if form("region_pair").search(case.left) and not tied.right:
        return Resolution(reason=NON_STATE)
    if tied.other or form("half_pair").search(case.left):
        return Resolution(reason=NON_STATE)
    if told_of_region(case, tied) or told_of_two_firms(case, tied):
        return Resolution(reason=NON_STATE)
    if told_of_none(case, tied):
        return Resolution(reason=UNNAMED)
    return None


def _dialogue(case: Case, tied: Tied) -> Resolution | None:
    """A dialogue partner belongs to an organisation: one side is a bloc, the others states."""
    if "dialogue" not in case.label.key:
        return None
    blocs_here = {m.code for m in case.sentence.mentions if m.sign == BLOC}
    named = tied.left + tied.right + (tied.behind if form("as_front").match(case.left) else [])
    if tied.left and not blocs_here.intersection(named):
        # `discussed X's bid for partner status with Y`: Y is who one talks with.
        named = tied.left
    blocs = [code for code in named if code in blocs_here][:1]
    owner = nearest_bloc(case)
    if len(tied.right) > 1 and owner in form_book().dialogue_blocs and owner not in named:
        # `at the ASEAN forum dialogue partners (Fiji, the EU, Peru)`: the EU is one of them.
        blocs = []
    states = [code for code in named if code not in blocs]
    if not blocs and (bloc := nearest_bloc(case)):
        blocs = [bloc]
    if not blocs and not case.label.is_partner:
        return None
    # In `(SADC, MRC, ASEAN dialogue partners)` the others are no partners.
    owners = (*blocs, *form_book().dialogue_blocs)
    if not states and case.label.is_partner:
        # `announced the admission of X as a partner`
        states = [code for code in ranked(case) or seen_as(case) if code not in owners]
    if not states:
        states = [code for code in subject(case, known=blocs) if code not in owners]
    if not states:
        # `took note of the wish of X and Y to act as its dialogue partners`
        states = [code for code in listed_before(case) if code not in owners]
    if not states and not case.label.is_partner:
        # `The dialogue partnership covers trade between ASEAN and X.`
        states = [code for code in bystanders(case.sentence) if code not in owners]
    return resolved(rows_of(blocs[:1], states), "parties.dialogue")


def _with_right(case: Case, tied: Tied) -> Resolution | None:
    """The names behind the label are one side: find the other."""
    apposed = tied.rule_id == "parties.apposition" and len(tied.right) == 2 and not tied.left
    opens = form("bare_start").match(case.left) or form("cataphor").match(case.left)
    # `We are partners, Oman and Peru.`
    opens = opens or form("we_are").search(case.left)
    if apposed and opens:
        return Resolution((row(*tied.right),), "parties.one-another")
    if not tied.right:
        return None
    if tied.rule_id == "parties.colon" and case.label.is_partner and not case.is_plural:
        # `lost a partner: Fiji has turned to Peru`: the first name, and those listed with it.
        tied.right = _first_listed(case, tied.right)
    tied.right += [code for code in besides(case) if code not in (*tied.right, *tied.left)]
    lefts = [code for code in tied.left if code not in tied.right]
    if case.label.is_partner and _is_membership(case, tied):
        lefts = []
    told = form("first_person").search(case.left) is not None
    leads = form("front").match(case.left) or (
        case.label.is_partner and form("front_partner").match(case.left)
    )
    if not lefts and tied.behind and (told or leads):
        lefts = list(tied.behind)
    if not lefts and tied.rule_id == "parties.colon" and not case.left.strip():
        # `Strategic partners: X, Y` in a text on somebody's relations.
        owner = case.context.issuer or case.context.page_owner()
        lefts = [owner] if owner and owner not in tied.right else []
    if tied.rule_id in ("parties.in-brackets", "parties.colon"):
        lefts = lefts or lister(case, tied)
    lefts = lefts or other_side(case, tied, tied.right)
    lefts += [*forerunners(case, tied), *likewise(case, lefts)] if lefts else []
    if pairs := _in_order(case, lefts, tied.right):
        return Resolution(pairs, "parties.respectively")
    return resolved(rows_of(lefts, tied.right), tied.rule_id)


def _first_listed(case: Case, codes: Sequence[str]) -> list[str]:
    """Those of `codes` that stand in one list with the first of them behind the label."""
    sentence = case.sentence
    kept: list[Mention] = []
    for mention in sentence.within(case.label.end, sentence.end):
        gap = sentence.masked[kept[-1].end : mention.start] if kept else ""
        if kept and LISTED.fullmatch(gap) is None:
            break
        kept.append(mention)
    return [code for code in codes_of(kept) if code in codes]


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
    if not tied.left:
        return None
    if form("next_item").search(case.left):
        return Resolution(reason=OPEN)
    others = other_side(case, tied, tied.left)
    return resolved(rows_of(tied.left, [*others, *likewise(case, others)]), "parties.owner")


def _of_both(case: Case) -> tuple[Pair, ...]:
    """Pairs of `X is a partner of both` behind a word on two others: X with each."""
    sentence = case.sentence
    actors, pair = subject(case), case.context.pair()
    if apposed := form("apposed").search(case.left):
        at = case.left_start + apposed.start(1)
        actors = sentence.codes_at(at)
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


def _firm_acts(case: Case, tied: Tied) -> Resolution | None:
    """A name all in capitals that makes a partnership is that of a firm: `ACMECO formed a`."""
    if form("firm_acts").search(case.left) is None:
        return None
    words = case.sentence.masked[case.sentence.start : case.sentence.end]
    shouted = sum(word.isupper() for word in words.split()) * 2 > len(words.split())
    return None if shouted else Resolution(reason=NON_STATE)


def _private(case: Case, tied: Tied) -> Resolution | None:
    """Firms, clubs and cities that make a partnership of their own."""
    ours = begins_private(case) and tied.word in ("", "a", "an")
    return Resolution(reason=NON_STATE) if ours else None


TIED = (
    of_record,
    of_bracket,
    _inside,
    _opposed,
    _pair_with,
    _explicit,
    _firm_acts,
    unsaid,
    _dialogue,
    _with_right,
    _fronted,
    _owned,
    _private,
)
STEPS = (*TIED, run_in, defined, *IMPLIED, *RECALLED)
"""What is asked, in its order; the first step that answers wins."""
