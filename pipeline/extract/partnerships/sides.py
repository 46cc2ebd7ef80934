"""The other side of a label: who stands opposite those who are tied to it, and which pair is meant.

Asked from near to far: the subject of the sentence, `we`, the only other name in it, the subject
of the sentence before, the pair that the text is about.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.extract.partnerships.actors import (
    acts,
    bystanders,
    is_private,
    last_subject,
    listed_before,
    ranked,
    subject,
    viewed,
)
from pipeline.extract.partnerships.book import BLOC, DEMONYM, SEAT, form, form_book
from pipeline.extract.partnerships.context import Pair, codes_of, pairs_in, without_asides
from pipeline.extract.partnerships.tied import Case, Tied

UNNAMED_REACH = 90
# How far from its beginning a sentence may speak of what was named: `In fact, this is`.
INITIAL_REACH = 30
# How far from its beginning the first name of a sentence may stand.
OPENS = 12
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
    told = _told_outright(case, tied, known)
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
    if its and (owner := first_owner(case)) and owner not in known:
        return [owner]
    actors = subject(case, known)
    spoken = form("first_person").search(sentence.masked, sentence.start, case.label.start)
    return actors or (we(case, known) if spoken else []) or from_text(case, known)


def _told_outright(case: Case, tied: Tied, known: Sequence[str]) -> list[str] | None:
    """Nobody, the owner of a label that one state coined, or `from X's point of view`."""
    unnamed = form("unnamed").search(case.left[-UNNAMED_REACH:])
    if unnamed and form("one_of_few").search(case.left) is None:
        return []
    for words, owner in form_book().owned_labels.items():
        named = case.context.counts[owner] or owner in codes_of(case.sentence.mentions)
        if words in case.label.key and owner not in known and named:
            return [owner]
    sentence = case.sentence
    if case.label.is_partner and (holder := ranked(case)) and holder[0] not in known:
        return holder
    if case.label.is_partner and tied.right:
        apposed = [code for code in case.told_by("apposed_one") if code not in known]
        if apposed:
            return apposed
    seen = form("in_eyes_of").search(sentence.masked, sentence.start, case.label.start)
    if seen is None:
        return None
    return [code for code in sentence.codes_at(seen.start(1)) if code not in known]


def first_owner(case: Case) -> str | None:
    """The owner that a sentence names first: `Peru's ties with X hold; its partnership with Y`."""
    sentence = case.sentence
    first = next(iter(sentence.mentions), None)
    owns = first is not None and sentence.masked.startswith(("'s ", "' "), first.end)
    if first is None or not owns:
        return None
    goes_on = ";" in case.left or form("it_clause").search(case.left) is not None
    opens = first.start - sentence.start < OPENS and goes_on
    return first.code if opens or form("and_its").search(case.left) else None


def from_text(case: Case, known: Sequence[str]) -> list[str]:
    """The other side as the rest of the sentence or the text before it tells."""
    if is_private(case):
        return []
    return _in_sentence(case, known) or _before_it(case, known)


def _in_sentence(case: Case, known: Sequence[str]) -> list[str]:
    """The only other name of the sentence, or the only owner before the label."""
    # `Its partners include Peru; Fiji is a friend`: who stands behind the semicolon is no side.
    own = bystanders(case.sentence if case.sentence.is_row else case.up_to_clause)
    own = [code for code in own if code not in known and not _is_of_another(case, code)]
    others = [code for code in own if not is_where(case, code)]
    if len(others) == 1:
        # `They saw no harm in being a friend of Peru and signing a partnership with Fiji`
        meant = None if _can_act(case, others[0]) else _it(case, known)
        return [meant] if meant else others
    owner = _owner_before(case, others) if others else None
    speaker = case.sentence.speaker
    if not others and speaker and speaker not in known:
        owner = speaker
    return [owner] if owner else []


def _before_it(case: Case, known: Sequence[str]) -> list[str]:
    """Whom the text before the sentence is about: its subject, the partner of the known one."""
    nearest = (
        None if case.is_bare and not _opens_before(case) else last_subject(case.context, known)
    )
    nearest = nearest or _it(case, known) or _in_mind(case, known)
    if nearest:
        return [nearest]
    issuer = case.context.issuer
    # A bare item `Strategic partnership with Fiji` says nothing of its neighbours in the list.
    asked = not case.is_bare or issuer or case.context.page_owner()
    partner = case.context.partner_of(known[0]) if asked and len(known) == 1 else None
    heads = case.sentence.weight > 1
    if partner and (partner == issuer or heads or _is_told(case, partner)):
        return [partner]
    if issuer is None and case.is_bare:
        # An item `Strategic partnerships with Fiji and Tonga` in notes on one other.
        told = {
            mention.code
            for earlier in case.context.before
            for mention in earlier.mentions
            if mention.sign != DEMONYM
        }
        rest = [code for code in case.context.counts if code not in known and code in told]
        return rest if len(rest) == 1 else []
    return [issuer] if issuer and issuer not in known else []


def _is_of_another(case: Case, code: str) -> bool:
    """Whether a name is only the partner in another label: `a partnership with X; a (label)`."""
    masked, start = case.sentence.masked, case.sentence.start
    named = [mention for mention in case.sentence.mentions if mention.code == code]
    return all(
        mention.end <= case.label.start
        and form("partner_with").search(masked, max(start, mention.start - 60), mention.start)
        for mention in named
    )


def _owner_before(case: Case, others: Sequence[str]) -> str | None:
    """The only one of `others` before the label, as an owner: `Peru's entry into a partnership`."""
    before = case.sentence.within(case.sentence.start, case.label.start)
    named = [mention for mention in before if mention.code in others]
    if len(codes_of(named)) != 1:
        return None
    owns = case.sentence.masked.startswith(("'s ", "' "), named[0].end)
    return named[0].code if owns else None


def _can_act(case: Case, code: str) -> bool:
    """Whether a name of the sentence stands where it can be the one who acts."""
    named = [mention for mention in case.sentence.mentions if mention.code == code]
    return any(acts(case.sentence, mention) for mention in named)


def _opens_before(case: Case) -> bool:
    """Whether the sentence before begins with its subject, or is a record with a name."""
    earlier = case.context.before[-1] if case.context.before else None
    if earlier is None:
        return False
    field = form("field_party").search(earlier.masked, earlier.start, earlier.end)
    return field is not None or form("opens").match(earlier.masked, earlier.start) is not None


def _it(case: Case, known: Sequence[str]) -> str | None:
    """Who `It` is at the head of a sentence: the only one named in the last that names anybody."""
    sentence = case.sentence
    if (
        form("initial").match(sentence.masked[sentence.start : sentence.start + INITIAL_REACH])
        is None
    ):
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
        if partner and partner not in known and _is_told(case, partner):
            return [partner]
    host = case.sentence.host
    return [host] if host and host not in known else []


def _is_told(case: Case, code: str) -> bool:
    """Whether a state is named up to the end of the sentence: who comes later is not `we`."""
    told = (*case.context.before, case.sentence)
    return any(mention.code == code for one in told for mention in one.mentions)


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
        or form("initial").match(sentence.masked[sentence.start : sentence.start + INITIAL_REACH])
        is not None
        or form("ties").search(sentence.masked, sentence.start, case.label.start) is not None
    )
