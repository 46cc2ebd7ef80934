"""The other side of a label: who stands opposite those who are tied to it, and which pair is meant.

Asked from near to far: the subject of the sentence, `we`, the only other name in it, the subject
of the sentence before, the pair that the text is about.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.extract.partnerships.actors import (
    bystanders,
    is_private,
    last_subject,
    listed_before,
    ranked,
    subject,
    viewed,
)
from pipeline.extract.partnerships.book import BLOC, SEAT, form, form_book
from pipeline.extract.partnerships.context import Pair, codes_of, pairs_in, without_asides
from pipeline.extract.partnerships.tied import Case, Tied

UNNAMED_REACH = 90
# How many sentences back `It` reaches.
IT_REACH = 4


def row(*codes: str) -> Pair:
    """A pair, or more, in the order of the alphabet."""
    return tuple(sorted(set(codes)))


def rows_of(lefts: Sequence[str], rights: Sequence[str]) -> tuple[Pair, ...]:
    """Every pair of one on the left with one on the right."""
    return tuple(
        dict.fromkeys(row(left, right) for right in rights for left in lefts if left != right)
    )


def other_side(case: Case, tied: Tied, known: Sequence[str]) -> list[str]:
    """Who stands on the other side of those in `known`: asked from near to far."""
    sentence = case.sentence
    told = _told_outright(case, known)
    behind = re.match(r" {1,3}[-:]", sentence.masked[case.label.end :][:5])
    if told is not None and (told or not (tied.right and behind)):
        # `counts three states as partners - X, Y and Z`: they are named after all.
        return told
    viewers, objects = viewed(case) if case.label.is_partner else ([], [])
    if viewers:
        return [code for code in (*viewers, *objects) if code not in known]
    if tied.word in ("our", "my"):
        return we(case, known)
    if form("all_of").search(case.left):
        return listed_before(case)
    its = tied.word == "its" or form("it_clause").search(case.left)
    if its and (owner := _first_owner(case)) and owner not in known:
        return [owner]
    actors = subject(case, known)
    spoken = form("first_person").search(sentence.masked, sentence.start, case.label.start)
    return actors or (we(case, known) if spoken else []) or from_text(case, known)


def _told_outright(case: Case, known: Sequence[str]) -> list[str] | None:
    """Nobody, the owner of a label that one state coined, or `from X's point of view`."""
    if form("unnamed").search(case.left[-UNNAMED_REACH:]):
        return []
    for words, owner in form_book().owned_labels.items():
        if words in case.label.key and owner not in known and case.context.counts[owner]:
            return [owner]
    sentence = case.sentence
    if case.label.is_partner and (holder := ranked(case)) and holder[0] not in known:
        return holder
    seen = form("in_eyes_of").search(sentence.masked, sentence.start, case.label.start)
    if seen is None:
        return None
    return [code for code in sentence.codes_at(seen.start(1)) if code not in known]


def _first_owner(case: Case) -> str | None:
    """The owner that a sentence begins with: `Peru's ties with X hold; its partnership with Y`."""
    sentence = case.sentence
    first = next(iter(sentence.mentions), None)
    goes_on = ";" in case.left or form("it_clause").search(case.left)
    if first is None or first.start - sentence.start >= 12 or not goes_on:
        return None
    return first.code if sentence.masked.startswith(("'s ", "' "), first.end) else None


def from_text(case: Case, known: Sequence[str]) -> list[str]:
    """The other side as the rest of the sentence or the text before it tells."""
    if is_private(case):
        return []
    others = [code for code in bystanders(case.sentence) if code not in known]
    others = [code for code in others if not is_where(case, code)]
    if len(others) == 1:
        return others
    nearest = last_subject(case.context, known) or _it(case, known) or _in_mind(case, known)
    if nearest:
        return [nearest]
    if len(known) == 1 and (partner := case.context.partner_of(known[0])):
        return [partner]
    issuer = case.context.issuer
    if issuer is None and not re.search(r"\w", case.left):
        # An item `Strategic partnerships with Fiji and Tonga` in notes on one other.
        rest = [code for code in case.context.counts if code not in known]
        return rest if len(rest) == 1 else []
    return [issuer] if issuer and issuer not in known else []


def _it(case: Case, known: Sequence[str]) -> str | None:
    """Who `It` is at the head of a sentence: the only one named in the last that names anybody."""
    sentence = case.sentence
    if form("initial").match(sentence.masked[sentence.start : sentence.start + 12]) is None:
        return None
    for earlier in reversed(case.context.before[-IT_REACH:]):
        if earlier.mentions:
            codes = codes_of(earlier.mentions)
            return codes[0] if len(codes) == 1 and codes[0] not in known else None
    return None


def _in_mind(case: Case, known: Sequence[str]) -> str | None:
    """The only state of the sentence before, in whose capital something is thought or felt."""
    earlier = case.context.before[-1] if case.context.before else None
    if earlier is None or len(set(codes_of(earlier.mentions)) - set(known)) != 1:
        return None
    for mention in earlier.mentions:
        lead = earlier.masked[max(earlier.start, mention.start - 24) : mention.start]
        if mention.code not in known and mention.sign == SEAT and form("mood").search(lead):
            return mention.code
    return None


def is_where(case: Case, code: str) -> bool:
    """Whether an organisation is only where something happens: `a good partner within the EU`."""
    masked, start = case.sentence.masked, case.sentence.start
    return all(
        mention.sign == BLOC
        and form("within_bloc").search(masked[max(start, mention.start - 16) : mention.start])
        for mention in case.sentence.mentions
        if mention.code == code
    )


def we(case: Case, known: Sequence[str]) -> list[str]:
    """The state behind `we`: the speaker's, the issuer, the other of the document's pair, the host.

    The host is in whose capital the dispatch was written: `WASHINGTON, June 22 - Our ...`.
    """
    for code in (case.sentence.speaker, case.context.issuer):
        if code and code not in known:
            return [code]
    for code in known:
        partner = case.context.partner_of(code)
        if partner and partner not in known:
            return [partner]
    host = case.sentence.host
    return [host] if host and host not in known else []


def pair_meant(case: Case) -> Pair | None:
    """The pair behind `the two countries`, `their`, `our`."""
    sentence = case.sentence
    named = pairs_in(sentence, sentence.start, case.label.start)
    if named:
        return named[-1][1]
    codes = [code for code in bystanders(sentence) if not is_where(case, code)]
    if len(codes) == 2:
        return row(*codes)
    found = case.context.pair()
    if len(codes) == 1:
        if form("first_person").search(sentence.masked, sentence.start, sentence.end):
            others = we(case, codes)
        elif found and codes[0] in found:
            others = [code for code in found if code != codes[0]]
        else:
            partner = case.context.partner_of(codes[0])
            others = [partner] if partner else []
        if len(others) == 1:
            return row(codes[0], others[0])
        if found and codes[0] not in found and form("its_own").search(case.left):
            # `Peru, too, values its partners in the region`: nobody else's.
            return None
    if len(codes) > 2 and found and not set(codes) & set(found):
        # The sentence speaks of others.
        return None
    return found


def just_named(case: Case) -> Pair | None:
    """The only two names of the sentence right before, where that tells of states."""
    if not case.context.before:
        return None
    earlier = case.context.before[-1]
    words = earlier.masked[earlier.start : earlier.end]
    codes = without_asides(earlier, bystanders(earlier))
    if earlier.private or form("business").search(words) or len(codes) != 2:
        return None
    return row(*codes)


def points_back(case: Case) -> bool:
    """Whether the sentence speaks of what was named before: `the two countries`, `It`, `ties`."""
    sentence = case.sentence
    return (
        form("both").search(sentence.masked, sentence.start, sentence.end) is not None
        or form("initial").match(sentence.masked[sentence.start : sentence.start + 12]) is not None
        or form("ties").search(sentence.masked, sentence.start, case.label.start) is not None
    )
