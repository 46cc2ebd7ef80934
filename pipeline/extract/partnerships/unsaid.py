"""A partner that is said of nobody: `It thanked its partners`.

Most such words name nobody in particular and are refused; a few are told by what stands around
them: the key of an item, the owner that the sentence named first, the state that the sentence
before named, the two of the title above a line, the host of a guest who speaks.
"""

from __future__ import annotations

from pipeline.extract.partnerships.actors import (
    bystanders,
    found_in,
    is_private,
    overtaken,
    subject,
)
from pipeline.extract.partnerships.book import form
from pipeline.extract.partnerships.context import Pair, codes_of
from pipeline.extract.partnerships.resolution import UNNAMED, Resolution, resolved
from pipeline.extract.partnerships.sides import first_owner, just_named, row, rows_of, we
from pipeline.extract.partnerships.tied import Case, Tied

# Right before the label `two` or `both` stands.
TWO_REACH = 16


def unsaid(case: Case, tied: Tied) -> Resolution | None:
    """The parties of a partner that no form ties to anybody, or why there are none."""
    other = tied.rule_id == "parties.and-other"
    if not case.label.is_partner or tied.right or tied.both or other:
        return None
    if told := _of_others(case) or _of_line(case) or _the_two(case) or _of_host(case, tied):
        return told
    if tied.left and (partner := overtaken(case)):
        return resolved(rows_of(partner, tied.left), "parties.overtaken")
    said = form("predicate").search(case.left) or form("fronted").match(case.left)
    said = said or form("counts_as").search(case.left) or form("counts_among").search(case.left)
    if entry := _of_key(case, tied):
        return entry
    if not said and not form("views").search(case.left) and not all(found_in(case)):
        pair = _of_owner(case, tied) or _own_partner(case, tied)
        return Resolution((pair,), "parties.own-partner") if pair else Resolution(reason=UNNAMED)
    return None


def _of_others(case: Case) -> Resolution | None:
    """Partners beside those who act: `trust between the bloc and its`, `both, along with our`."""
    if not case.is_plural:
        return None
    beside = form("between_and").search(case.left) or form("along_with").search(case.left)
    return Resolution(reason=UNNAMED) if beside else None


def _of_line(case: Case) -> Resolution | None:
    """A line `Dialogue partner in 1992, full partner in 1995` below a title on two."""
    if not case.is_bare or case.sentence.mentions or case.sentence.weight > 1:
        return None
    pair = case.context.title_pair()
    return Resolution((pair,), "parties.title") if pair else Resolution(reason=UNNAMED)


def _the_two(case: Case) -> Resolution | None:
    """`The two partners` of a sentence that names nobody: those just named."""
    several = case.is_plural and form("two_partners").search(case.left)
    told = "two" in case.left[-TWO_REACH:] or "oth" in case.left[-TWO_REACH:]
    if not several or not told or case.sentence.mentions:
        return None
    pair = just_named(case) or case.context.pair()
    return Resolution((pair,), "parties.just-named") if pair else None


def _of_host(case: Case, tied: Tied) -> Resolution | None:
    """`Our partner` of a guest on the page of a state, who names nobody: that state."""
    host, guest = case.context.issuer, case.sentence.speaker
    if tied.word != "our" or case.is_plural or not host or guest in (None, host):
        return None
    others = [code for code in bystanders(case.sentence) if code != guest]
    return None if others else resolved(rows_of([host], [guest]), "parties.host")


def _of_key(case: Case, tied: Tied) -> Resolution | None:
    """Whom the key of an item names, and the bloc whose partner it is: `PER: NATO (x)`."""
    key = form("item_key").match(case.sentence.masked, case.sentence.start)
    named = case.sentence.within(case.sentence.start, key.end()) if key else []
    rows = rows_of(tied.left, codes_of(named[:1]))
    return Resolution(rows, "parties.row") if rows else None


def _of_owner(case: Case, tied: Tied) -> Pair | None:
    """Whose partner `its` means behind `Peru's friend and`, and who is that partner."""
    owner = first_owner(case) if tied.word == "its" else None
    if owner is None:
        return None
    others = subject(case, [owner])
    if not others and form("first_person").search(case.left):
        others = we(case, [owner])
    return row(owner, *others) if len(others) == 1 else None


def _own_partner(case: Case, tied: Tied) -> Pair | None:
    """Who is meant by `our partner` where the sentence before names one other state."""
    behind = case.sentence.masked[case.label.end : case.sentence.end]
    if tied.word not in ("our", "its") or case.is_plural or is_private(case):
        return None
    named, pair = bystanders(case.sentence), just_named(case)
    if pair is None or not named or not set(named) <= set(pair):
        return None
    return pair if form("closed_behind").match(behind) else None
