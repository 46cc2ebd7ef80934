"""Where a story begins behind its dateline, and where it ends before the credit of an agency.

A dateline tells where and by whom a copy was sent, not what happened: the same story has
another one in every newspaper.  It is read only at the start of a passage, and only when a sign
closes it (a dash, an agency between slashes or in brackets) and an agency, a day or a place in
capitals stands in it.  `Peru - the old empire` is none, and capitals with nothing but a dash
must be a known seat of government: `HANOI - Ferries`, but not `UNESCO - a body`.

A credit says who sent the copy: `(Reuters)`, `/MONTSAME/`, `, TASS reports`.  It is read only at
the end of a passage, and only with the name of an agency that the rules know.
"""

from __future__ import annotations

import re

from pipeline.repeats.lexicon import lexicon

HEAD = 160
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)[a-z]{0,6}\.?"
_DAY = rf"(?:{_MONTH} \d{{1,2}}|\d{{1,2}} {_MONTH})(?:,? \d{{4}})?|\d{{4}}-\d\d-\d\d"
_WORD = r"[A-Z][\w.'-]{0,24}"
_PLACE = rf"{_WORD}(?:,? (?:of |de |la )?{_WORD}){{0,4}}"
_CAPITALS = r"[A-Z][A-Z.'-]{2,24}(?:,? [A-Z][A-Z.'-]{1,24}){0,3}"
_AGENCY = r"\([A-Z][\w .&/-]{1,30}\)|/ ?[A-Z][\w .&-]{1,24} ?/"
_DASH = r" ?--? "

# `ACCRA, May 3 (GNA) - `, `Lima, May 3, 2019 /Andina/. `, `(Reuters) - `, `date 2019-05-03 (X) `
DATELINE = re.compile(
    rf"\s{{0,9}}(?:date )?(?:"
    rf"(?:{_PLACE},? )?(?:{_DAY})[ ,]{{0,2}}(?:{_AGENCY})(?:{_DASH}|\. | )"
    # Without a day the place must stand in capitals: `Volta Power Group (VPG) - a firm` is none.
    rf"|(?:{_CAPITALS} )?(?:{_AGENCY})(?:{_DASH}|\. )"
    rf"|{_PLACE},? (?:{_DAY})\.?{_DASH}"
    rf"|(?P<place>{_CAPITALS})(?:, {_WORD})?{_DASH}"
    r")"
)


def behind_dateline(plain: str) -> int:
    """Length of the dateline at the start of `plain`, a passage in the plain view; 0 if none.

    Example:
        >>> behind_dateline("Accra, May 3 (GNA) - The port reopened.")
        21
        >>> behind_dateline("Peru - the old empire")
        0
    """
    head = plain[:HEAD]
    # One of these closes every dateline.
    match = DATELINE.match(head) if "-" in head or ")" in head or "/" in head else None
    if match is None or (match["place"] and match["place"] not in lexicon().seats):
        return 0
    return match.end()


TAIL = 80
_NAME = r"(?P<{}>[A-Z][\w-]{{1,14}}(?: [A-Z][a-z]{{1,14}}){{0,2}})"
CREDIT = re.compile(
    # Behind a sentence: `reopened. (MAP)`, but not `the Reform Party (MAP)`.
    rf"(?:(?<=[.!?\"]) {{0,3}}\({_NAME.format('a')}\)"
    rf"|[ ,]{{0,3}}/ ?{_NAME.format('b')} ?/"
    rf"|, (?:the )?{_NAME.format('c')}(?: news agency)? (?:reports|reported|says|said)"
    rf"|, (?:according to|as reported by) (?:the )?{_NAME.format('d')}(?: news agency)?"
    r")\.?\s{0,9}\Z"
)


def before_credit(plain: str) -> int:
    """Where the credit at the end of `plain` begins, a passage in the plain view; its end if none.

    Example:
        >>> before_credit("The port reopened. (Reuters)"), before_credit("The port (Accra)")
        (18, 16)
    """
    tail = plain[-TAIL:]
    # All that a credit ends in: few passages do.
    if not tail.rstrip().endswith((")", "/", ").", "/.")) and "," not in tail:
        return len(plain)
    match = CREDIT.search(tail)
    if match is None or next(filter(None, match.groups())).casefold() not in lexicon().agencies:
        return len(plain)
    return len(plain) - len(tail) + match.start()
