"""Which state or organisation of states a name means.

Three sources answer, in this order: our reviewed tables `territories.csv` (English names,
demonyms and seats of government) and `organisations.csv`; the political forms of
`names.toml` (`Republic of Zambia`, `Iran, Islamic Republic of`); last other spellings, and
the names that other languages have for states, from Unicode CLDR (`Deutschland`).
`identify` reads one name; `find_places` finds every such name in a text.  A city is no state:
seats are found as `capital` and resolve to nothing, since only the sentence can tell whether
`Paris` speaks or is visited.

The tables themselves are in `gazetteer`.
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
    Kind,
    MatchKind,
    accepted,
    alternation,
    folded,
    gazetteer,
    lower,
    name_rules,
    spellings,
)
from pipeline.passages import view

# Shorter names in other languages are words and names in English: `Mali`, `Cad`, `Peru`.
SHORTEST_SPELLING = 5
# Lists for officials write the form behind: `Iran, Islamic Republic of`.
INVERTED = re.compile(r"(?P<name>[^,]+), (?P<form>[^,]+ of(?: the)?)")
# No name in the tables has more; longer questions are refused before any work.
WORD_SIGN = re.compile(r"[\w$]")
LONGEST_NAME = 120
LONGEST_HEADLINE = 200

LEADING_ARTICLE = re.compile(r"^the\s+(?=\S)", re.IGNORECASE)
POSSESSIVE = re.compile(r"(?:'s|')$")
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
class Identity:
    """A state, territory or organisation of states; `is_demonym` for `Mongolian`."""

    code: str
    wikidata_id: str | None
    kind: Kind
    is_demonym: bool


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


def country_code(name: str) -> str | None:
    """Code of the state or organisation of states that `name` means, or None.

    States have their ISO 3166-1 alpha-3 code (XKX Kosovo; SUN, DDR, YUG, CSK former
    states), organisations their usual acronym.  Cities and everything else have none.

    Example:
        >>> country_code("Republic of Korea"), country_code("Mongolians"), country_code("NATO")
        ('KOR', 'MNG', 'NATO')
        >>> country_code("Beijing") is None and country_code("turkey") is None
        True
    """
    found = identify(name)
    return found.code if found else None


def code_of_domain(domain: str) -> str | None:
    """ISO 3166-1 alpha-3 code of the state or territory with the top-level domain `domain`.

    Example:
        >>> code_of_domain("mn"), code_of_domain("uk"), code_of_domain("org")
        ('MNG', 'GBR', None)
    """
    # The one domain of a state that is not its alpha-2 code.
    return gazetteer().by_alpha2.get({"uk": "GB"}.get(domain.lower(), domain.upper()))


def wikidata_id(name: str) -> str | None:
    """Wikidata item of the state or organisation of states that `name` means, or None.

    Example:
        >>> wikidata_id("Kenyan"), wikidata_id("the EU")
        ('Q114', 'Q458')
    """
    found = identify(name)
    return found.wikidata_id if found else None


@lru_cache(maxsize=65_536)
def identify(name: str) -> Identity | None:
    """The state or organisation of states that `name` means; None for all other names.

    Names in other languages are guarded: a capital first, no short ones, none that is an
    English word or a city's; article and possessive do not count.

    Example:
        >>> identify("the Kazakhs")
        Identity(code='KAZ', wikidata_id='Q232', kind='state', is_demonym=True)
        >>> identify("Georgia Tech") is None
        True
    """
    if len(name) > LONGEST_NAME:
        return None
    plain = POSSESSIVE.sub("", " ".join(view(name).split()))
    if not plain:
        return None
    known = _known(plain) or _known(LEADING_ARTICLE.sub("", plain)) or _inverted(plain)
    if known is not None:
        return _identity(known)
    plain = LEADING_ARTICLE.sub("", plain)
    if not plain[:1].isupper() or {plain, plain.removesuffix("s")} & set(
        name_rules().lists.unresolved
    ):
        return None
    return _spelled(plain)


def proper_case(name: str) -> str | None:
    """The name as the tables write it, whatever capitals it stands in; None if they lack it.

    Example:
        >>> proper_case("SOUTH KOREA"), proper_case("UAE"), proper_case("Springfield")
        ('South Korea', 'UAE', None)
    """
    entry = accepted(gazetteer(), view(name))
    return entry.surface if entry is not None and entry.code else None


def seat_code(name: str) -> str | None:
    """Code of the state whose government sits in the town or house `name`, or None.

    Example:
        >>> seat_code("Nairobi"), seat_code("the Kremlin"), seat_code("Mombasa")
        ('KEN', 'RUS', None)
    """
    plain = LEADING_ARTICLE.sub("", " ".join(view(name).split()))
    entry = accepted(gazetteer(), plain)
    return entry.code if entry is not None and entry.kind == "capital" else None


def is_code(code: str) -> bool:
    """Whether `code` is one of a state, territory or organisation of states that is known here.

    Example:
        >>> is_code("KEN"), is_code("EU"), is_code("XYZ")
        (True, True, False)
    """
    return code in gazetteer().kinds


def homonyms(name: str) -> re.Pattern[str] | None:
    """Names in whose company `name` is another place, as Georgia beside Alabama; None if none.

    Example:
        >>> pattern = homonyms("Georgia")
        >>> bool(pattern and pattern.search("They left Alabama for Georgia."))
        True
    """
    companions = name_rules().homonyms.get(name)
    return None if companions is None else _companions(companions)


@lru_cache(maxsize=64)
def _companions(names: tuple[str, ...]) -> re.Pattern[str]:
    longest_first = sorted(names, key=lambda known: (-len(known), known))
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)")


def is_ambiguous(name: str) -> bool:
    """Whether the tables mark the name as also something else.

    Example:
        >>> is_ambiguous("Georgia"), is_ambiguous("Estonia")
        (True, False)
    """
    entry = accepted(gazetteer(), view(name))
    return entry is not None and entry.is_ambiguous


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


def _known(name: str) -> Entry | None:
    """The entry of a name that is no seat, also in capitals and in the plural."""
    tables = gazetteer()
    for surface in (name, name.removesuffix("s")):
        entry = accepted(tables, surface)
        if entry is None or not entry.code or entry.kind == "capital":
            continue
        if surface == name or entry.is_demonym:
            return entry
    return None


def _inverted(name: str) -> Entry | None:
    """The entry of a name whose political form stands behind it, after a comma."""
    match = INVERTED.fullmatch(name)
    return _known(f"{match['form']} {match['name']}") if match is not None else None


def _identity(entry: Entry) -> Identity:
    return _coded(entry.code, entry.is_demonym)


def _coded(code: str, is_demonym: bool) -> Identity:
    tables = gazetteer()
    return Identity(code, tables.items[code], tables.kinds[code], is_demonym)


def _spelled(name: str) -> Identity | None:
    """The state of a name in another spelling or language (`Burkinabè`, `Deutschland`)."""
    letters = sum(char.isalpha() for char in name)
    if letters < SHORTEST_SPELLING or any(char.isdigit() for char in name):
        return None
    if name in gazetteer().by_surface:
        return None
    spelled = spellings().get(folded(name))
    return None if spelled is None else _coded(*spelled)


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
