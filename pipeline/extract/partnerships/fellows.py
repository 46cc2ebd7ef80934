"""Others of whom the sentence of a label tells beside its parties, with a status of their own.

`Kenya made Fiji a partner, joining Peru` tells of Peru's label too, and that it is older; `it has
partnerships with Peru and hopes for one with Chile` tells of two statuses.  A pattern finds the
others; they stand where the actor of the label stands, or where its partner does, opposite to the
other one of the two.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from pipeline.extract.partnerships.book import BLOC, Fellow, fellow_book, form
from pipeline.extract.partnerships.context import PAIR_SIZE, Pair, codes_of
from pipeline.extract.partnerships.labels import Label
from pipeline.extract.partnerships.sides import rows_of
from pipeline.extract.partnerships.status import Reading, read_status
from pipeline.extract.partnerships.tied import Case, listed, party_pattern, tied_to

# How far behind the label others may be named.
REACH = 400
# Verbs that with another label as their object are still to bring it about.
AIMED_AT = frozenset({"develop", "build", "pursue", "advance", "promote", "work"})


@dataclass(frozen=True, slots=True)
class Others:
    """Further rows of a label, what is said of them, and where: the word that stands for it."""

    rows: tuple[Pair, ...]
    reading: Reading
    rule_id: str
    stands_in: Label


@lru_cache
def _fellows() -> list[tuple[Fellow, re.Pattern[str]]]:
    return [(rule, party_pattern(rule.pattern)) for rule in fellow_book().fellow]


def others(case: Case, rows: Sequence[Pair], reading: Reading) -> Iterator[Others]:
    """Others of whom the sentence of a label with the parties `rows` tells, and what it tells."""
    if not rows or any(len(row) != PAIR_SIZE for row in rows):
        return
    sentence, label = case.sentence, case.label
    told = set(rows)
    for rule, pattern in _fellows():
        if reading.status not in rule.asked or (rule.partners and not label.is_partner):
            continue
        start, end = label.end, min(sentence.end, label.end + REACH)
        if rule.where == "before":
            start, end = sentence.start, label.start
        for match in pattern.finditer(sentence.masked, start, end):
            found = tuple(row for row in _rows(rule, case, rows, match) if row not in told)
            if found:
                told.update(found)
                if rule.as_label:
                    yield Others(found, reading, rule.id, label)
                    continue
                one = _stand_in(label, match)
                yield Others(found, _reading(rule, case, one, match), rule.id, one)


def _rows(rule: Fellow, case: Case, rows: Sequence[Pair], match: re.Match[str]) -> tuple[Pair, ...]:
    """The pairs that a match tells of; organisations are joined as members, not as partners."""
    sentence = case.sentence
    named = listed(sentence, match.start("list"), match.end("list"), behind=True)
    blocs = {mention.code for mention in sentence.mentions if mention.sign == BLOC}
    groups = match.groupdict()
    own = groups.get("owner") or groups.get("owner2")
    if own is not None:
        name = "owner" if groups.get("owner") else "owner2"
        return rows_of(sentence.codes_at(match.start(name)), named)
    if groups.get("beside") is not None:
        # `neither Peru nor Chile counts Oman`: Peru stands beside Chile.
        beside = sentence.codes_at(match.start("beside"))
        return rows_of([code for code in rows[0] if code not in beside], named)
    opposite = _partner(case, rows) if rule.stands_as == "actor" else _actor(case, rows)
    return rows_of(opposite, [code for code in named if code not in blocs])


def _actor(case: Case, rows: Sequence[Pair]) -> list[str]:
    """Who has the label with all the parties: `Oman signed a partnership with Fiji`: Oman."""
    shared = set(rows[0]).intersection(*rows[1:])
    right = tied_to(case).right
    rest = [code for code in sorted(shared) if code not in right]
    if len(rest) == 1:
        return rest
    return [code for code in codes_of(case.sentence.mentions) if code in shared][:1]


def _partner(case: Case, rows: Sequence[Pair]) -> list[str]:
    """Whose partner somebody is: `Fiji is a partner of Oman`, `Oman has named Fiji a partner`."""
    shared = set(rows[0]).intersection(*rows[1:])
    tied = tied_to(case)
    told = shared.intersection(tied.right)
    if not told:
        told = shared.intersection(tied.left)
    if not told and case.label.is_partner:
        told = shared.intersection(case.told_by("agent") or case.told_by("views"))
    return list(told) if len(told) == 1 else list(shared) if len(shared) == 1 else []


def _stand_in(label: Label, match: re.Match[str]) -> Label:
    """The word that stands for the label once more, with the key of the label."""
    name = "one" if "one" in match.re.groupindex else "list"
    return replace(label, start=match.start(name), end=match.end(name))


def _reading(rule: Fellow, case: Case, one: Label, match: re.Match[str]) -> Reading:
    if rule.status is not None:
        return Reading(rule.status, None, rule.id)
    if (verb := match.groupdict().get("verb")) is not None:
        ahead = form("still_sought").search(verb) is not None
        return Reading("proposed" if ahead else "in_force", None, rule.id)
    if form("same_way").search(match["one"]):
        return Reading("proposed", None, rule.id)
    reading = read_status(one, case.sentence)
    if reading.status == "in_force" and reading.action in AIMED_AT:
        # `plans for developing a similar one with Fiji`: another one, which is not there yet.
        reading = replace(reading, status="proposed")
    return replace(reading, rule_id=rule.id)
