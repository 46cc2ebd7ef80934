"""Those who stand beside the ones that are tied to a label, and share it with them.

Forerunners (`the second to sign one with X after Y`), the likened (`X, like Y, is a partner`),
those named before the others (`Besides X, the partners of Y are Z`) and the owner of a row of
lists in brackets.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.extract.partnerships.actors import acts
from pipeline.extract.partnerships.book import form
from pipeline.extract.partnerships.tied import Case, Tied, listed, party_pattern


def lister(case: Case, tied: Tied) -> list[str]:
    """Whose partners are listed: `Fiji's ranks: (one) (Peru, Laos) and (another) (Oman, Chad)`.

    The first owner of the sentence, for the names between belong to the other lists.
    """
    sentence = case.sentence
    for mention in sentence.within(sentence.start, case.label.start):
        owns = sentence.masked.startswith("'s", mention.end)
        if mention.code not in tied.right and (owns or acts(sentence, mention)):
            return [mention.code]
    return []


def forerunners(case: Case, tied: Tied) -> list[str]:
    """Those who did the same before: `the second member to sign one with X after Y`."""
    if not form("ordinal").search(case.left):
        return []
    pattern = party_pattern("_(?:after|following|behind)_(?P<list>{list})")
    match = pattern.match(case.sentence.masked, tied.end, case.sentence.end)
    return listed(case.sentence, match.start("list"), match.end("list")) if match else []


def likewise(case: Case, lefts: Sequence[str]) -> list[str]:
    """Whom the other side is likened to: `X, like Y, is a partner of Z`."""
    match = form("likewise").search(case.left)
    if match is None:
        return []
    one, two = (
        listed(case.sentence, case.left_start + match.start(n), case.left_start + match.end(n))
        for n in (1, 2)
    )
    return two if lefts and set(one) <= {*lefts, *two} else []


def besides(case: Case) -> list[str]:
    """Those named before the others: `Besides X, the partners of Y are Z and W`."""
    match = form("besides").match(case.left) if case.is_plural else None
    if match is None:
        return []
    start, end = (case.left_start + at for at in match.span(1))
    return listed(case.sentence, start, end)
