"""Which organisation a label means that names none: the one named last, or the page's own."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.extract.partnerships.book import BLOC, form_book
from pipeline.extract.partnerships.mentions import Mention
from pipeline.extract.partnerships.tied import Case


def nearest_bloc(case: Case) -> str | None:
    """The organisation that was named last before the label, else the first behind it.

    Those that have dialogue partners come before all others.
    """
    owners = form_book().dialogue_blocs
    return _nearest_bloc(case, owners) or _nearest_bloc(case, None)


def _nearest_bloc(case: Case, among: frozenset[str] | None) -> str | None:
    def blocs(mentions: Sequence[Mention]) -> list[str]:
        return [m.code for m in mentions if m.sign == BLOC and (among is None or m.code in among)]

    here = blocs(case.sentence.within(case.sentence.start, case.label.start))
    if here:
        return here[-1]
    owner = case.context.page_owner()
    for earlier in reversed(case.context.before):
        if owner in blocs(earlier.mentions):
            return owner
    for earlier in reversed(case.context.before):
        if named := blocs(earlier.mentions):
            return named[-1]
    inside = blocs(case.sentence.mentions)
    return inside[0] if inside else None
