"""Labels that are said of a region, or of partners in general: no two states are meant.

Asked of what the steps found, because the text before such a sentence often names states that a
step from the text would take: `Africa is a partner of the Union`, `the bloc reviews its
partnerships`, `they look for partners`.
"""

from __future__ import annotations

from pipeline.extract.partnerships.book import form
from pipeline.extract.partnerships.resolution import Resolution
from pipeline.extract.partnerships.tied import Case, Tied

# Steps that ask the text before the sentence.
FROM_TEXT = frozenset({"parties.context", "parties.title", "parties.page", "parties.just-named"})
# ... and those that may, where one side only is named.
OWNED = frozenset({"parties.owner"})


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
