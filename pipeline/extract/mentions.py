"""Where a text names a state, a territory, an organisation of states or a seat of government.

`names` tells what one name means; here every name of the tables is found in running text, and
passed over where the words around make another name of it (`Latin America`, `Korea Times`).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, replace
from functools import lru_cache

from pipeline.extract.gazetteer import (
    WORD,
    Entry,
    Gazetteer,
    MatchKind,
    accepted,
    alternation,
    gazetteer,
    lower,
    name_rules,
)
from pipeline.passages import view

WORD_SIGN = re.compile(r"[\w$]")
LONGEST_HEADLINE = 200
BEFORE = re.compile(r"(\w+\.?)[ \n]$")
BEHIND = re.compile(r"[ \n]([^\W\d_]\w*)")
# Teams and units are written as organisations are: `SCO 21-13 WAL`, `1.5 AU`, `Muir (SCO)`.
LONGEST_SIGN = 4
SIGN_BEHIND = re.compile(r" \d{1,3}-\d{1,3}\b")
SIGN_BEFORE = re.compile(r"(?<!\d)\d{1,4}[.,]\d{1,4} $|\b\d{1,3}-\d{1,3} $")
NAME_BEFORE = re.compile(r"(?<![\w-])[A-Z][\w'-]+ [A-Z][\w'-]+ \($")
# Addresses are no prose: `https://example.org/Mongolia`, `desk@Kenya.example`.
ADDRESS_MARKS = ("://", "@", "www.")


@dataclass(frozen=True, slots=True)
class NameMatch:
    """A name in a text; `is_ambiguous` asks for evidence, as `Jordan` or `Washington` do.

    A seat of government (`Beijing`, `the Kremlin`) has kind `capital` and the code of its state.
    """

    start: int
    end: int
    code: str
    kind: MatchKind
    is_demonym: bool
    is_ambiguous: bool


def find_places(text: str) -> list[NameMatch]:
    """Every name of a state, territory, bloc or seat of government in `text`, with demonyms.

    Longest name first, at word borders, in the case of the tables, capitals or title
    case; ordered and not overlapping; offsets count from the start of `text`.  Linear.

    Example:
        >>> [(m.code, m.kind, m.is_demonym) for m in find_places("Kenyan envoys left Rome.")]
        [('KEN', 'state', True), ('ITA', 'capital', False)]
        >>> find_places("Ships crossed the Indian Ocean.")
        []
    """
    return list(_places(text))


# Places and identities ask it of the same passages, one after the other.
@lru_cache(maxsize=512)
def _places(text: str) -> tuple[NameMatch, ...]:
    plain = view(text)
    folded = lower(plain)
    tables = gazetteer()
    addresses = _addresses(plain)
    found: list[NameMatch] = []
    end = 0
    for word in WORD.finditer(folded):
        surfaces = tables.by_word.get(word.group())
        if surfaces is None or word.start() < end or _inside(addresses, word.start()):
            continue
        start = word.start()
        longest = _longest(tables, alternation(surfaces), plain, folded, start)
        if longest is None:
            continue
        entry, stop = longest
        if not entry.code:
            end = stop
        elif not _is_other_name(plain, start, stop, entry):
            end = stop
            match = _name_match(plain, start, end, entry)
            is_defined = bool(found) and (found[-1].code, found[-1].end + 2) == (entry.code, start)
            if not match.is_ambiguous and not is_defined and _is_label(plain, start, end, entry):
                match = replace(match, is_ambiguous=True)
            found.append(match)
    return tuple(found)


def _longest(
    tables: Gazetteer, pattern: re.Pattern[str], plain: str, folded: str, start: int
) -> tuple[Entry, int] | None:
    """The longest name at `start` that stands in a case of the tables, and its end.

    `Russia today adopted` holds `russia today`, the broadcaster, in no case of its own.
    """
    limit = len(folded)
    while match := pattern.match(folded, start, limit):
        stop = match.end()
        entry = accepted(tables, plain[start:stop])
        if entry is not None and not WORD_SIGN.match(folded, stop):
            return entry, stop
        limit = stop - 1
    return None


def _name_match(plain: str, start: int, end: int, entry: Entry) -> NameMatch:
    ambiguous = entry.is_ambiguous or (
        entry.surface in name_rules().lists.word_acronyms and _line_is_capitals(plain, start)
    )
    return NameMatch(start, end, entry.code, entry.kind, entry.is_demonym, ambiguous)


def _is_label(plain: str, start: int, end: int, entry: Entry) -> bool:
    """Whether an acronym stands as the sign of a team or unit: `(SCO)`, `SCO 21-13`, `1.5 AU`."""
    if entry.kind != "bloc" or not entry.surface.isupper() or len(entry.surface) > LONGEST_SIGN:
        return False
    return (
        SIGN_BEHIND.match(plain, end) is not None
        or SIGN_BEFORE.search(plain, max(0, start - 20), start) is not None
        or (
            plain[end : end + 1] == ")"
            and NAME_BEFORE.search(plain, max(0, start - 30), start) is not None
        )
    )


def _is_other_name(plain: str, start: int, end: int, entry: Entry) -> bool:
    """Whether the words around make another name of it: `Latin America`, `Korea Times`."""
    lists = name_rules().lists
    if entry.surface in name_rules().prefixes:
        # `Sino-Kenyan` and not `the Sino hotel`.
        return plain[end : end + 1] != "-" or not plain[end + 1 : end + 2].isupper()
    left_words = lists.left_of_demonyms if entry.is_demonym else lists.left_words
    before = BEFORE.search(plain, max(0, start - 20), start)
    if before is not None and entry.kind != "bloc" and before.group(1) in left_words:
        return True
    behind = BEHIND.match(plain, end)
    return behind is not None and behind.group(1) in lists.right_words


def _line_is_capitals(plain: str, position: int) -> bool:
    """Whether the line around is in capitals, as far as a headline may reach."""
    start = plain.rfind("\n", max(0, position - LONGEST_HEADLINE), position) + 1
    end = plain.find("\n", position, position + LONGEST_HEADLINE)
    low = start or max(0, position - LONGEST_HEADLINE)
    return plain[low : end if end >= 0 else position + LONGEST_HEADLINE].isupper()


def _addresses(plain: str) -> list[tuple[int, int]]:
    """Spans of web and mail addresses, in order."""
    if not any(mark in plain for mark in ADDRESS_MARKS):
        return []
    return [
        word.span()
        for word in re.finditer(r"\S+", plain)
        if any(mark in word.group() for mark in ADDRESS_MARKS)
    ]


def _inside(spans: list[tuple[int, int]], position: int) -> bool:
    before = bisect_right(spans, position, key=lambda span: span[0])
    return before > 0 and position < spans[before - 1][1]
