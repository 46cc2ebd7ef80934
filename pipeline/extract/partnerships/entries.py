"""Labels that stand in data written out: records of named fields, and lists with brackets.

`partner: Oman, relation: Strategic Partnership` says of Oman what no sentence says; who stands
opposite is whom the page is about, or a second field of the same record.  So does an item of a
list, `Oman (strategic partnership), Peru (trade)`: its neighbours in the list are no party.
"""

from __future__ import annotations

import re
from functools import lru_cache

from pipeline.extract.partnerships.book import form, form_book
from pipeline.extract.partnerships.context import PAIR_SIZE, Pair, codes_of, pairs_in
from pipeline.extract.partnerships.resolution import OPEN, Resolution
from pipeline.extract.partnerships.sides import row, rows_of
from pipeline.extract.partnerships.tied import Case, Tied
from pipeline.rulebook import territories

# A name and a bracket stand in any sentence; so many commas and no verb in a list only.
FEWEST_COMMAS = 2
# How far before its value the key of a field may name a pair: `peru_oman_relations: (label)`.
KEY_REACH = 40
# How many lines of a record may stand between its state and a field.
RECORD_LINES = 12
PLAIN_WORD = re.compile(r"\b(?!(?:of|the|and|for|on|in)\b)[a-z]{2,}")


@lru_cache(maxsize=1)
def known_codes() -> frozenset[str]:
    """Codes of states and of organisations of states that a field may hold.

    Example:
        >>> {"OMN", "EU"} <= known_codes(), "ABC" in known_codes()
        (True, False)
    """
    blocs = form_book().partner_blocs | form_book().dialogue_blocs
    return frozenset(one.code for one in territories()) | blocs


def of_record(case: Case, tied: Tied) -> Resolution | None:
    """The parties of a label that is the value of a field, as the fields before it name them."""
    if tied.every or tied.both:
        return None
    if tied.right:
        return _of_braces(case, tied)
    if (pair := _codes(case)) is not None:
        return Resolution((pair,), "parties.record")
    if form("field_label").search(case.left) is None:
        return None
    return _of_fields(case) or _of_record_pair(case) or _of_record_above(case)


def _of_fields(case: Case) -> Resolution | None:
    """The pair that two fields before the label name, or one and whom the page is about."""
    fields: dict[str, str] = {}
    start = case.left_start + max(case.left.rfind("}"), case.left.rfind("|")) + 1
    by_start = {mention.start: mention.code for mention in case.sentence.mentions}
    found = form("field_party").finditer(case.sentence.masked, start, case.label.start)
    for match in reversed(list(found)):
        key, code = match[1].lower(), by_start.get(match.start(2), match[2])
        if key in fields or code not in known_codes():
            break
        fields[key] = code
        start = match.start()
    codes = list(dict.fromkeys(fields.values()))
    if not codes:
        return None
    rows = (row(*codes[:2]),) if len(codes) > 1 else rows_of(_owner(case, start), codes)
    return Resolution(rows, "parties.record") if rows else Resolution(reason=OPEN)


def _of_record_pair(case: Case) -> Resolution | None:
    """The pair that a field before the label names: `{fact: "Peru-Oman ties", text: "(label)"`."""
    start = case.left_start + max(case.left.rfind("}"), case.left.rfind("{")) + 1
    named = pairs_in(case.sentence, start, case.label.start)
    if named:
        return Resolution((named[-1][1],), "parties.record")
    key = codes_of(case.sentence.within(max(start, case.label.start - KEY_REACH), case.label.start))
    return Resolution((row(*key),), "parties.record") if len(key) == PAIR_SIZE else None


def _of_lines_above(case: Case) -> Resolution | None:
    """The pair of a record whose fields stand on lines of their own: `source: Oman`, `to: Peru`."""
    fields: dict[str, str] = {}
    for earlier in reversed(case.context.before[-RECORD_LINES:]):
        words = earlier.masked[earlier.start : earlier.end]
        line = form("field_line").match(words)
        if line is None or line[1].lower() in fields:
            break
        codes = earlier.codes_at(earlier.start + line.start(2)) if line[2] else []
        if codes and form("party_key").fullmatch(line[1]):
            fields[line[1].lower()] = codes[0]
    codes = list(dict.fromkeys(fields.values()))
    return Resolution((row(*codes),), "parties.record") if len(codes) == PAIR_SIZE else None


def _of_record_above(case: Case) -> Resolution | None:
    """The state of the record that the lines above began, and the one that the field names."""
    own = codes_of(case.sentence.within(case.left_start, case.label.start))
    if not own and not case.sentence.mentions:
        return _of_lines_above(case)
    if len(own) != 1:
        return None
    for earlier in reversed(case.context.before[-RECORD_LINES:]):
        fields = form("field_party").finditer(earlier.masked, earlier.start, earlier.end + 2)
        # `iso_code: AU` is no name of the African Union.
        named = [at.start(2) for at in fields if "code" not in at[1] and "iso" not in at[1]]
        codes = earlier.codes_at(named[-1]) if named else []
        if codes and codes[0] not in own:
            return Resolution((row(codes[0], *own),), "parties.record")
    return None


def _of_braces(case: Case, tied: Tied) -> Resolution | None:
    """Parties of `{name: Oman, relation: "(label) with Peru"}`: no other record has a say."""
    start = case.left_start + case.left.rfind("{") + 1
    if tied.left or start == case.left_start or form("field_label").search(case.left) is None:
        return None
    inside = codes_of(case.sentence.within(start, case.label.start))
    lefts = [code for code in inside if code not in tied.right] or _owner(case, start)
    rows = rows_of(lefts[:1], tied.right)
    return Resolution(rows, "parties.record") if rows else Resolution(reason=OPEN)


def _codes(case: Case) -> Pair | None:
    """The pair of a row that names its states by their codes: `("OMN", "PER", 80, "(label)")`."""
    match = form("coded_pair").search(case.left)
    if match is None:
        match = form("coded_fields").search(case.left)
    if match is None or "}" in case.left[match.end() :]:
        return None
    by_start = {mention.start: mention.code for mention in case.sentence.mentions}
    codes = [by_start.get(case.left_start + match.start(n), match[n]) for n in (1, 2)]
    return row(*codes) if set(codes) <= known_codes() and codes[0] != codes[1] else None


def of_bracket(case: Case, tied: Tied) -> Resolution | None:
    """Who is meant by a label in brackets behind a name, in a list of such names."""
    sentence = case.sentence
    # The mask blanks what stands in brackets.
    if sentence.masked[case.label.start : case.label.end].strip():
        return None
    item = form("bracket_item").search(case.left)
    if item is None:
        return None
    start = case.left_start + item.start(1)
    others = form("bracketed").finditer(sentence.masked, sentence.start, sentence.end)
    if all(other.start(1) == start for other in others) and not _ends_a_list(case.left):
        return None
    rows = rows_of(_owner(case, start), sentence.codes_at(start))
    return Resolution(rows, "parties.bracketed") if rows else Resolution(reason=OPEN)


def _ends_a_list(left: str) -> bool:
    """Whether what stands in front are names and commas alone: `APEC, ARF, ASEAN (label)`."""
    names = left.rpartition(":")[2]
    return names.count(",") >= FEWEST_COMMAS and PLAIN_WORD.search(names) is None


def _owner(case: Case, before: int) -> list[str]:
    """Whom the page is about, or the one whose ties the head of the sentence announces."""
    if owner := case.context.issuer or case.context.page_owner():
        return [owner]
    head = case.sentence.within(case.sentence.start, before)
    owned = [m for m in head if re.match(r"'s? ", case.sentence.masked[m.end : m.end + 3])]
    return codes_of(owned[:1])
