"""Parties that the sentence of the label leaves to the text before it.

From near to far: the owner of a ministry's page, the sentence right before, the pair that the text
is about, those whom the page is about.  In a table the row stands opposite to them.
"""

from __future__ import annotations

import re

from pipeline.extract.partnerships.actors import bystanders, is_private, last_subject, subject
from pipeline.extract.partnerships.blocs import nearest_bloc
from pipeline.extract.partnerships.book import form
from pipeline.extract.partnerships.nobody import told_of_firms
from pipeline.extract.partnerships.resolution import NON_STATE, Resolution, resolved
from pipeline.extract.partnerships.sides import just_named, pair_meant, points_back, row, rows_of
from pipeline.extract.partnerships.tied import DEFINITE, Case, Tied
from pipeline.extract.partnerships.timeline import heads_record

TRIO = 3
# All that stands before a label that is the value of a field: `Status: (label)`.
KEY = re.compile(r"\W{0,8}[A-Z][a-z]{2,20}(?: [a-z]{2,15}){0,2} ?: {0,4}")


def by_cell(case: Case, tied: Tied) -> Resolution | None:
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
    if not named and (pair := case.context.title_pair(only_relations=True)):
        # `| 2010 | (a partnership) |` below a title on the relations of two
        return Resolution((pair,), "parties.row")
    owner = case.context.issuer or case.context.list_owner() or case.context.page_owner()
    bloc = nearest_bloc(case) if "dialogue" in case.label.key else None
    if bloc is not None and bloc not in named:
        owner = bloc
    return resolved(rows_of([owner] if owner else [], named), "parties.row")


def _by_page(case: Case, tied: Tied) -> Resolution | None:
    """On a ministry's page the one state that is called a partner is the partner of its owner."""
    issuer, actors = case.context.issuer, subject(case)
    titled = case.context.title_pair() or case.context.heading_pair()
    if issuer is None and titled and len(actors) == 1 and actors[0] in titled:
        # `Peru is now a partner` below a title on Oman and Peru, or Oman's page below one on Peru.
        issuer = next(code for code in titled if code != actors[0])
    behind = case.sentence.masked[case.label.end : case.label.end + 12]
    own = re.match(r" {1,3}(?:of|for|to|with|and) ", behind) is not None
    if not case.label.is_partner or own or issuer is None or is_private(case):
        return None
    if actors != bystanders(case.clause) or len(actors) != 1 or issuer in actors:
        return None
    if form("predicate").search(case.left) is None or case.sentence.speaker not in (None, issuer):
        return None
    return Resolution((row(issuer, *actors),), "parties.page")


def _of_those(case: Case, tied: Tied) -> Resolution | None:
    """Nobody is named: `They became partners`, `A partnership was signed` after `X and Y met`."""
    sentence = case.sentence
    if sentence.mentions or sentence.is_row or sentence.private:
        return None
    if form("business").search(sentence.masked, sentence.start, sentence.end):
        return None
    behind = sentence.masked[case.label.end : sentence.end]
    made = form("made_behind").match(behind) or form("noun_made").search(case.left)
    passive = not case.label.is_partner and made
    asked = form("answer").fullmatch(case.left) and case.context.before
    if asked and not case.context.before[-1].masked.rstrip().endswith("?"):
        return None
    if passive or asked or _it_is(case) or form("they_are").match(case.left):
        pair = just_named(case)
        return Resolution((pair,), "parties.just-named") if pair else None
    return None


def _made_on_page(case: Case, tied: Tied) -> Resolution | None:
    """`A partnership was set up during a visit to Lima` on a page about another state."""
    sentence, owner = case.sentence, case.context.page_owner()
    named = bystanders(sentence)
    behind = sentence.masked[case.label.end : sentence.end]
    if case.label.is_partner or owner is None or sentence.private or tied.left or tied.right:
        return None
    if len(named) != 1 or owner in named or form("made_behind").match(behind) is None:
        return None
    return Resolution((row(owner, named[0]),), "parties.page")


def _it_is(case: Case) -> bool:
    """Whether `It is also a partner` speaks of the state that the sentence before opened with."""
    if not case.label.is_partner or form("it_is").match(case.left) is None:
        return False
    earlier = case.context.before[-1] if case.context.before else None
    opens = earlier is not None and form("opens").match(earlier.masked, earlier.start) is not None
    return opens and last_subject(case.context) is not None


def _by_text(case: Case, tied: Tied) -> Resolution | None:
    """The sentence names one state or none: the pair that the text is about."""
    indefinite = tied.word in ("", "a", "an")
    known = case.context.issuer or case.sentence.speaker
    ours = form("we_are").search(case.left) is not None
    if known and not case.label.is_partner and not bystanders(case.sentence):
        # `In 2009 we signed a declaration on strategic partnership.`
        # `Acting in the spirit of strategic partnership, we will trade more.`
        spoken = form("first_person").search(
            case.sentence.masked, case.sentence.start, case.sentence.end
        )
        ours = ours or spoken is not None
    if case.label.is_partner and indefinite and not (ours or form("both").search(case.left)):
        # `- Fiji: strategic partner since 2012` on a page about somebody else
        entry = form("entry_colon").match(case.sentence.masked, case.sentence.start)
        return by_cell(case, tied) if entry else None
    meant = ours or points_back(case) or _is_entry(case)
    if form("business").search(case.left) or told_of_firms(case):
        return Resolution(reason=NON_STATE)
    if tied.word in ("the", "this", "that") and (pair := case.context.named_partnership()):
        return Resolution((pair,), "parties.context")
    if (meant or tied.word in DEFINITE) and (pair := pair_meant(case)):
        return Resolution((pair,), "parties.context")
    return _by_title(case, tied)


def _by_paper(case: Case, tied: Tied) -> Resolution | None:
    """A paper that names nobody, `Declaration on (label)`, in a text on two states alone."""
    sentence = case.sentence
    if case.label.is_partner or sentence.mentions or sentence.private or sentence.weight > 1:
        return None
    counts = [count for _, count in case.context.counts.most_common(TRIO)]
    third = counts[TRIO - 1] if len(counts) == TRIO else 0
    if form("paper_title").search(case.left) is None or third * 2 > min(counts[:2], default=0):
        return None
    pair = case.context.document_pair()
    return Resolution((pair,), "parties.paper") if pair else None


def _is_entry(case: Case) -> bool:
    """Whether the label heads a record of data that names nobody: `[2000, "(label)"]`."""
    sentence = case.sentence
    return not sentence.mentions and heads_record(sentence, case.label)


def _by_title(case: Case, tied: Tied) -> Resolution | None:
    """Nobody is named: those whom the page is about."""
    sentence, context = case.sentence, case.context
    # An item `Strategic Partnership since 2012` on a page about two states.
    keyed = KEY.fullmatch(case.left) is not None
    fragment = (case.is_bare or keyed) and sentence.weight == 1
    behind = sentence.masked[case.label.end : case.label.end + 60]
    # `a partnership of two insurers` has parties of its own.
    own = re.match(r"(?: [a-z]+){0,2} (?:of|between|among|by) [a-z]", behind)
    named = bystanders(sentence)
    others = not own and not is_private(case)
    pair = context.title_pair() if fragment else None
    if pair is None and others:
        # In the section on a state its own president may be named.
        below = context.heading_pair()
        pair = below if below and set(named) <= set(below) else None
    if pair is None and others:
        pair = context.title_pair(only_relations=True)
        pair = pair if pair and set(named) <= set(pair) else None
    if pair is not None and not case.label.is_partner:
        return Resolution((pair,), "parties.title")
    if form("entry").match(sentence.masked, sentence.start):
        # A list item `Fiji - Strategic Partnership (2017)` on a page about somebody else.
        return by_cell(case, tied)
    return None


RECALLED = (_by_page, _of_those, _made_on_page, _by_text, _by_paper)
"""The steps in their order; the first that answers wins."""
