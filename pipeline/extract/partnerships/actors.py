"""Who acts in a sentence: its subject, those who are seen as partners, and mere bystanders.

The parse is asked for the subject first; without one, or where it names nobody, the nearest
group of names before the label that no preposition makes a place or an aim.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.extract.partnerships.book import DEMONYM, LEADER, PARTY, SEAT, STATE, form
from pipeline.extract.partnerships.context import (
    Context,
    Sentence,
    can_be_party,
    codes_of,
    former_states,
)
from pipeline.extract.partnerships.mentions import Mention, is_unnamed_set, touches
from pipeline.extract.partnerships.syntax import subjects
from pipeline.extract.partnerships.tied import Case

# How far from its beginning the subject of a sentence may stand.
NEAR_START = 40
VIEW_REACH = 60
# Between the one who is seen as a partner and the word for it.
SEEN_AS = re.compile(r"\b(?:as|an?|our|its|their|his|her)\b")
TOWN_JOINT = re.compile(r"(?: [a-z]{3,15}){0,3} {0,3}, {0,3}")
# Who acts are states, whatever name stands before them.
TWO_STATES = re.compile(r"\b(?:the|both|our) (?:two )?(?:countries|nations|states|governments)\b")
# How far behind a possessive what it owns may end.
OWNED_REACH = 90


def subject(case: Case, known: Sequence[str] = ()) -> list[str]:
    """Codes of the subject: by the parse, else the nearest group of names that can act.

    Those in `known` are tied to the label already and left out.
    """
    # A second `and` opens a clause: `visiting Peru, Fiji and Chad and Oman becoming a partner`.
    if alone := _gapped_subject(case) or case.told_by("new_subject"):
        return [code for code in alone if code not in known]
    clause = case.left_start + case.left.rfind(";") + 1
    all_groups = [
        (start, kept)
        for start, group in _groups(case)
        if (kept := [code for code in group if code not in known])
    ]
    groups = [group for start, group in all_groups if start >= clause]
    if not groups and all_groups:
        # `X has ...; it keeps a ...`: what follows the semicolon goes on about the first subject.
        groups = [all_groups[0][1] if clause > case.left_start else all_groups[-1][1]]
    if case.tree is not None:
        for start, end in subjects(case.tree, case.label.start, case.label.end):
            if start < case.sentence.start or end > case.sentence.end:
                continue
            inside = case.sentence.within(start, end)
            acting = [m for m in inside if acts(case.sentence, m, in_subject=True)]
            codes = [code for code in codes_of(acting) if code not in known]
            if codes:
                # The parser may cut a list of names short; the words between them do not.
                longer = [group for group in groups if set(codes) < set(group)]
                return longer[-1] if longer else codes
    return groups[-1] if groups else []


def _gapped_subject(case: Case) -> list[str]:
    """The subject of a clause without a verb: `Peru agreed on a partnership, and Chile on a`."""
    match = form("gapped_clause").search(case.left)
    if match is None or "partner" not in case.left[: match.start(1)]:
        return []
    return case.sentence.codes_at(case.left_start + match.start(1))


def _groups(case: Case) -> list[tuple[int, list[str]]]:
    """Groups of coordinated names before the label that can act, in order, with their starts."""
    groups: list[list[Mention]] = []
    for mention in case.sentence.within(case.left_start, case.label.start):
        if groups:
            between = case.sentence.masked[groups[-1][-1].end : mention.start]
            # In `to New Delhi, India and China` the seat is a place and no member of the group.
            # In `since the Lima meeting, CARICOM` neither.
            place = groups[-1][-1].sign == SEAT and TOWN_JOINT.fullmatch(between)
            if not place and form("joined").fullmatch(between):
                groups[-1].append(mention)
                continue
        groups.append([mention])
    return [(group[0].start, codes_of(group)) for group in groups if acts(case.sentence, group[0])]


def listed_before(case: Case) -> list[str]:
    """The last list of names before the label, whatever its part in the sentence."""
    last: list[Mention] = []
    found: list[str] = []
    for mention in case.sentence.within(case.left_start, case.label.start):
        between = case.sentence.masked[last[-1].end : mention.start] if last else ""
        last = [*last, mention] if form("joined").fullmatch(between) else [mention]
        found = codes_of(last) if len(last) > 1 else found
    return found


def acts(sentence: Sentence, mention: Mention, in_subject: bool = False) -> bool:
    """Whether a name can be the one who acts, and not a place, an origin or an ornament."""
    text = sentence.masked
    before = text[max(sentence.start, mention.start - 40) : mention.start]
    # `a union (EAEU) of traders`: what stands in brackets is an aside.
    aside = is_unnamed_set(text, mention) or text[mention.start] == " "
    aside = aside or mention.code in former_states()
    place = form("place_before").search(before) and not form("speaks_for").search(before)
    if place and form("clause_word").search(before):
        # `Ever since Fiji became a partner`: a clause, and no date.
        place = form("clause_verb").match(text, mention.end) is None
    place = place or form("part_of").search(before) is not None
    if aside or place or form("place_town").search(before):
        return False
    speaks = form("state_noun").match(text, mention.end) is not None
    behind = text[mention.end : mention.end + OWNED_REACH]
    if mention.sign == DEMONYM:
        joined = re.match(rf"-| and (?:the )?{PARTY}", behind) is not None
        return speaks or joined or (in_subject and mention.is_plural)
    if mention.sign == SEAT and re.match(rf" {{0,2}}, {{0,2}}{STATE}", behind):
        return False
    if behind.startswith(("'s ", "' ")):
        # `China's Xi` acts, `China's coast` does not.
        return speaks or owns_person(sentence, mention) or (in_subject and not owns_name(behind))
    return True


def owns_name(behind: str) -> bool:
    """Whether a possessive goes on with a name: `Kenya's Blue Lake Bank`."""
    if form("own_policy").match(behind):
        # `Kenya's Look East Policy` is its own doing.
        return False
    return re.match(r"(?:'s|') {1,3}[A-Z\u00c0-\u00de]", behind) is not None


def owns_person(sentence: Sentence, mention: Mention) -> bool:
    """Whether a possessive goes on with a person, who speaks for the state: `Kenya's Ruto`."""
    behind = sentence.masked[mention.end : mention.end + 5]
    if re.match(rf"'s {LEADER}", behind):
        return True
    return owns_name(behind) and touches(sentence.people, mention.end + 2, mention.end + 5)


def bystanders(sentence: Sentence) -> list[str]:
    """Every state or bloc of the sentence that could be a party, mere places left out."""
    kept = []
    beside = form("compared").finditer(sentence.masked, sentence.start, sentence.end)
    compared = [match.span() for match in beside]
    for mention in sentence.mentions:
        if touches(compared, mention.start, mention.end):
            continue
        before = sentence.masked[max(sentence.start, mention.start - 20) : mention.start]
        place = mention.sign == SEAT and re.search(r"\b(?:in|at|from|near) $", before)
        # `Japan's Blue Bank` brings no Japan into the sentence.
        owner = owns_name(sentence.masked[mention.end : mention.end + OWNED_REACH])
        if owner and not owns_person(sentence, mention):
            continue
        if can_be_party(sentence, mention) and not place:
            kept.append(mention)
    return codes_of(kept)


def viewed(case: Case) -> tuple[list[str], list[str]]:
    """Subjects and objects of `X and Y view Z as a strategic partner`, else two empty lists."""
    viewers: list[str] = []
    objects: list[str] = []
    masked = case.sentence.masked
    by_start = {m.start: m for m in case.sentence.mentions}
    for match in form("views").finditer(masked, case.left_start, case.label.start):
        gap = masked[match.end() : case.label.start]
        one, two = by_start.get(match.start(1)), by_start.get(match.start(2))
        # The window may begin inside a name, which then is none.
        if one is None or two is None or len(gap) >= VIEW_REACH:
            continue
        owner = owns_name(masked[one.end : one.end + OWNED_REACH])
        if owner and not owns_person(case.sentence, one):
            continue
        if re.search(r"\bas\b|'s\b|\b(?:an?|its|from|to)\b", gap):
            before = case.sentence.within(case.left_start, one.start)
            behind = case.sentence.within(two.end, case.label.start)
            viewers = codes_of([one, *_row_of(masked, one, before[::-1])])
            objects = codes_of([two, *_row_of(masked, two, behind), *_and_also(case)])
    if not objects and (told := form("counts_as").search(case.left)):
        first = by_start.get(case.left_start + told.start(1))
        gap = masked[case.left_start + told.end() : case.label.start]
        if first is not None and len(gap) < VIEW_REACH + 40 and SEEN_AS.search(gap):
            behind = case.sentence.within(first.end, case.label.start)
            objects = codes_of([first, *_row_of(masked, first, behind)])
    if not objects and form("views").search(case.left) is None:
        objects = _called_it(case) or seen_as(case) or ranked(case)
    return viewers, objects


def seen_as(case: Case) -> list[str]:
    """Who stands right before `as a partner`: `the acceptance of Peru as a partner`."""
    if preferred := case.told_by("preferred"):
        return preferred
    match = form("object_as").search(case.left)
    if match is None:
        return []
    start, end = (case.left_start + at for at in match.span(1))
    return codes_of(case.sentence.within(start, end))


def ranked(case: Case) -> list[str]:
    """Whose rank is spoken of: `Peru's status as a partner of Oman`."""
    return case.told_by("status_as")


def _called_it(case: Case) -> list[str]:
    """Who `it` is in `Oman thanked Peru and called it a partner`: the last one named before."""
    match = form("called_it").search(case.left)
    if match is None:
        return []
    start = case.left_start + match.start()
    before = case.sentence.within(case.sentence.start, start)
    if before and not re.search(r"[a-z]", case.sentence.masked[before[-1].end : start]):
        # `..., with Oman calling it a partner`: Oman is the one who calls.
        before = before[:-1]
    return codes_of(before[-1:])


def counted_among(case: Case) -> tuple[list[str], list[str]]:
    """Both sides of `X counts Y and Z among its partners`, `Y and Z are among X's partners`."""
    forms = (("counts_among", 1, 2), ("are_among", 2, 1), ("seen_by", 2, 1), ("first_of", 2, 1))
    for name, one, many in forms:
        match = form(name).search(case.left)
        if match is None:
            continue
        sides = [
            case.sentence.within(case.left_start + match.start(n), case.left_start + match.end(n))
            for n in (one, many)
        ]
        owner, others = (codes_of(side) for side in sides)
        if len(owner) == 1 and others:
            return owner, [code for code in others if code not in owner]
    return [], []


def found_in(case: Case) -> tuple[list[str], list[str]]:
    """Both sides of `X has found in Y a partner`, `X has found a partner in Y`."""
    sentence, left = case.sentence, case.left
    by_start = {mention.start: mention.code for mention in sentence.mentions}
    if match := form("found_in").search(left):
        sides = [by_start.get(case.left_start + match.start(n)) for n in (1, 2)]
        return [code for code in sides[:1] if code], [code for code in sides[1:] if code]
    match = form("found_partner").search(left)
    behind = re.match(rf" {{1,3}}in {{1,3}}(?:the )?({PARTY})", sentence.masked[case.label.end :])
    if match is None or behind is None:
        return [], []
    one = by_start.get(case.left_start + match.start(1))
    two = by_start.get(case.label.end + behind.start(1))
    return ([one], [two]) if one and two else ([], [])


def subject_before(case: Case, start: int, end: int) -> list[str]:
    """The last name between two offsets that can act."""
    acting = [m for m in case.sentence.within(start, end) if acts(case.sentence, m)]
    return codes_of(acting[-1:])


def _and_also(case: Case) -> list[Mention]:
    """Another object behind the label: `signed up Fiji as a partner in 2014 and Tonga in 2018`."""
    rest = case.sentence.masked[case.label.end : case.sentence.end]
    match = re.match(rf" {{1,80}}and (?:the )?({PARTY}) {{0,80}}(?:[;.,]|$)", rest)
    start = case.label.end + match.start(1) if match else -1
    return [mention for mention in case.sentence.mentions if mention.start == start]


def _row_of(masked: str, first: Mention, others: Sequence[Mention]) -> list[Mention]:
    """Those of `others` that are joined to `first` in one row, going away from it."""
    row: list[Mention] = []
    last = first
    for other in others:
        left, right = (last, other) if other.start > last.start else (other, last)
        if form("in_views").fullmatch(masked[left.end : right.start]) is None:
            break
        row.append(other)
        last = other
    return row


def overtaken(case: Case) -> list[str]:
    """Who is the partner in `Y is set to overtake X as Z's partner`: X."""
    return case.told_by("overtaken")


def begins_private(case: Case) -> bool:
    """Whether the sentence begins with those who are no states: `The clubs of X and Y`."""
    front = case.sentence.masked[case.sentence.start : case.sentence.start + 120]
    opening = form("dispatch").match(front)
    return form("private_front").match(front, opening.end() if opening else 0) is not None


def is_private(case: Case) -> bool:
    """Whether the sentence begins with a firm or an agency that does something itself."""
    if begins_private(case):
        return True
    if TWO_STATES.search(case.left):
        return False
    for start, end in case.sentence.private:
        if start <= case.sentence.start + 25 and end < case.label.start:
            behind = case.sentence.masked[end : end + 16]
            # `Oman's Busaidi and his Fijian counterpart`: a person, whom the model took for a firm.
            spoken = r"'s|,? (?:said|says|report|told|quoted|writes)| and (?:his|her) "
            return re.match(spoken, behind) is None
    return False


def last_subject(context: Context, known: Sequence[str] = ()) -> str | None:
    """The state that the sentence before began with, for `It is also ...`."""
    if not context.before:
        return None
    earlier = context.before[-1]
    near = [m for m in earlier.mentions if m.start - earlier.start < NEAR_START]
    if near and form("fronted_place").match(earlier.masked, earlier.start):
        # `With Fiji, Tonga explored trade.`
        near = near[1:2]
    if not near or near[0].code in known or not can_be_party(earlier, near[0]):
        return None
    return near[0].code if acts(earlier, near[0]) else None
