"""Parties that no form ties to the label, as its own sentence names them.

From near to far: views and relations that the sentence names, its subjects, those who were given
a title, the only two names in it, or one and `we`.
"""

from __future__ import annotations

from pipeline.extract.partnerships.actors import (
    bystanders,
    counted_among,
    found_in,
    is_private,
    subject,
    subject_before,
    viewed,
)
from pipeline.extract.partnerships.blocs import nearest_bloc
from pipeline.extract.partnerships.book import form
from pipeline.extract.partnerships.context import Pair, codes_of, pairs_in
from pipeline.extract.partnerships.resolution import NON_STATE, OPEN, Resolution, resolved
from pipeline.extract.partnerships.sides import (
    UNNAMED_REACH,
    from_text,
    is_where,
    just_named,
    other_side,
    points_back,
    row,
    rows_of,
    we,
)
from pipeline.extract.partnerships.tied import (
    DEFINITE,
    Case,
    Tied,
    listed,
    party_pattern,
)

TRIO = 3


def _with_country(case: Case, tied: Tied) -> Resolution | None:
    """`with it`, `with the country`: whom the sentence named before."""
    if not tied.last:
        return None
    before = codes_of(case.sentence.within(case.left_start, case.label.start))
    if not before and (pair := just_named(case)):
        # `Peru turned to Oman. It signed a partnership with the sultanate.`
        return Resolution((pair,), "parties.with-country")
    named = [code for code in bystanders(case.sentence) if code in before][-1:]
    if tied.bloc:
        found = nearest_bloc(case)
        named = [found] if found else []
    known = subject(case, named)
    if not known and form("first_person").search(case.left):
        known = we(case, named)
    if not known and named and (partner := case.context.partner_of(named[0])):
        known = [partner]
    return resolved(rows_of(known, named), "parties.with-country")


def _viewed(case: Case, tied: Tied) -> Resolution | None:
    """Who is a partner in somebody's eyes or count."""
    if not case.label.is_partner:
        return None
    if rows := rows_of(*counted_among(case)):
        return Resolution(rows, "parties.counted-among")
    if rows := rows_of(*found_in(case)):
        return Resolution(rows, "parties.found-in")
    viewers, objects = viewed(case)
    viewers = viewers or (other_side(case, tied, objects) if objects else [])
    rows = rows_of(viewers, objects)
    return Resolution(rows, "parties.viewed-as") if rows else None


def _by_relations(case: Case, tied: Tied) -> Resolution | None:
    """Relations and pairs named before the label."""
    if chosen := _with_which(case):
        return Resolution(chosen, "parties.with-which")
    if relations := _relations(case):
        lefts, rights = relations
        rights = [code for code in _own_clause(case, rights) if code not in lefts] or rights
        lefts = lefts or other_side(case, tied, rights)
        return resolved(rows_of(lefts, rights + _and_with(case)), "parties.ties-with")
    if named := pairs_in(case.sentence, case.sentence.start, case.label.start):
        return Resolution((named[-1][1],), "parties.sentence-pair")
    if form("fronted_label").match(case.left):
        # `Once a partnership, Peru-Tonga ties are cold`
        named = pairs_in(case.sentence, case.label.end, case.sentence.end)
        if named:
            return Resolution((named[0][1],), "parties.sentence-pair")
    if owner := _raised(case):
        others = [code for code in bystanders(case.sentence) if code not in owner]
        if not others and (partner := case.context.partner_of(owner[0])):
            others = [partner]
        others = others if len(others) == 1 else []
        return Resolution(rows_of(owner, others), "parties.raised") if others else None
    return None


def _own_clause(case: Case, rights: list[str]) -> list[str]:
    """Who is told off behind the relations: `Oman's ties with X are a (one), Y is a (two)`: Y."""
    own = case.told_by("own_clause")
    # `relations with X and Y were raised to a partnership`: Y is one of the list.
    return rights if set(own) <= set(rights) else own


def _raised(case: Case) -> list[str]:
    """Whose rank or ties a passive raises: `Peru's status was upgraded to a partnership`."""
    return case.told_by("own_status")


def _by_subjects(case: Case, tied: Tied) -> Resolution | None:
    """Those who make the partnership together."""
    actors = subject(case)
    if not actors and is_private(case):
        return Resolution(reason=NON_STATE)
    if len(actors) >= 2:
        if case.is_plural and len(actors) > 2:
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
        "(?P<one>{party})(?:_[\\w,'-]{1,20}){0,12}?(?:,?_(?:after|following|behind)_(?P<more>{list}),)?"
        ",?_(?:with|for)_(?:which|whom)_(?P<list>{list})"
    )
    match = pattern.search(case.sentence.masked, case.left_start, case.label.start)
    if match is None:
        return ()
    ones = listed(case.sentence, match.start("one"), match.end("one"))
    if form("member").match(case.sentence.masked, match.end("one")):
        # `X was the second EU member with which Y ...`: the bloc says what X belongs to.
        ones = subject_before(case, case.left_start, match.start("one"))
    if match["more"]:
        ones += listed(case.sentence, match.start("more"), match.end("more"))
    if form("one_of").search(case.left):
        ones += _and_others(case)
    return rows_of(ones, listed(case.sentence, match.start("list"), match.end("list")))


def _and_others(case: Case) -> list[str]:
    """Those besides: `one of the three with whom X has a partnership, together with Y and Z`."""
    pattern = party_pattern(
        ",?_(?:(?:together|along|alongside|besides)(?:_with)?"
        "|the_(?:others?|other_two|rest)_(?:being|are|is))_(?P<list>{list})"
    )
    match = pattern.match(case.sentence.masked, case.label.end, case.sentence.end)
    return listed(case.sentence, match.start("list"), match.end("list")) if match else []


def _and_with(case: Case) -> list[str]:
    """Who else: `raised its ties with X to a partnership in 2011 and with Y in 2013`."""
    match = party_pattern(
        ",?_(?:and|then)_(?:later_)?with_(?P<list>{list})(?!_to_(?:an?|the)_)"
    ).match(case.sentence.masked, case.label.end, case.sentence.end)
    return listed(case.sentence, match.start("list"), match.end("list")) if match else []


def _relations(case: Case) -> tuple[list[str], list[str]] | None:
    """Both sides of `X's relations with Y` before the label, the first often empty."""
    pattern = party_pattern(
        "(?:(?P<left>{list})(?:'s|')?_(?:(?:{adjective})_){0,3})?"
        "(?:relations|ties|relationships?|links|partnership|cooperation|those)_with_(?P<right>{list})"
    )
    last = None
    for match in pattern.finditer(case.sentence.masked, case.left_start, case.label.start):
        last = match
    if last is None:
        return None
    rights = listed(case.sentence, last.start("right"), last.end("right"))
    lefts = listed(case.sentence, last.start("left"), last.end("left")) if last["left"] else []
    return ([code for code in lefts if code not in rights], rights) if rights else None


def _granted(case: Case, tied: Tied) -> Resolution | None:
    """`Our` and one name, or one who was given the title."""
    actors = subject(case)
    if is_private(case):
        return Resolution(reason=NON_STATE)
    if len(actors) != 1:
        return None
    if tied.word == "our" and (rows := rows_of(actors, we(case, actors))):
        return Resolution(rows, "parties.first-person")
    if case.label.is_partner and form("granted").search(case.left):
        return resolved(rows_of(from_text(case, actors), actors), "parties.granted")
    return None


def _by_person(case: Case, tied: Tied) -> Resolution | None:
    """Two names, or one and `we`."""
    sentence = case.sentence
    actors, codes = subject(case), bystanders(sentence)
    if form("both").search(sentence.masked, sentence.start, case.label.start):
        # `Since the two countries set up a partnership, ... in the EU.`
        codes = [code for code in codes if not is_where(case, code)]
    own = bystanders(case.clause)
    if len(codes) > 2 or (own and ";" in sentence.masked[sentence.start : sentence.end]):
        codes = own
    if len(codes) == TRIO and form("trilateral").search(case.left):
        return Resolution((row(*codes),), "parties.trilateral")
    person = form("first_person").search(sentence.masked, sentence.start, sentence.end) is not None
    pointed = tied.word in DEFINITE or not tied.word or points_back(case)
    denied = form("denied_front").match(case.left) is not None
    # `With the signing of a partnership, Peru and Tonga opened a new page.`
    named = codes_of(sentence.within(sentence.start, case.label.start))
    opening = not named and form("front").match(case.left) is not None
    if is_private(case):
        return None
    first = next((m for m in sentence.mentions if codes and m.code == codes[0]), None)
    if first is not None and form("belongings").search(
        sentence.masked, sentence.start, first.start
    ):
        # `a partnership to develop the stock markets of Peru and Tonga`
        return Resolution(reason=NON_STATE)
    if len(codes) == 2 and (pointed or person or actors or denied or opening):
        return Resolution((row(*codes),), "parties.two-named")
    if person and len(codes) == 1 and (rows := rows_of(codes, we(case, codes))):
        return Resolution(rows, "parties.first-person")
    return None


IMPLIED = (_with_country, _viewed, _by_relations, _by_subjects, _granted, _by_person)
"""The steps in their order; the first that answers wins."""
