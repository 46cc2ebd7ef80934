"""Which state or organisation of states a name means.

Three sources answer, in this order: our reviewed tables `territories.csv` (English names,
demonyms and seats of government) and `organisations.csv`; the political forms of
`names.toml` (`Republic of Zambia`, `Iran, Islamic Republic of`); last other spellings, and
the names that other languages have for states, from Unicode CLDR (`Deutschland`).
`identify` reads one name; `mentions` finds every such name in a text.  A city is no state: the
seats of government resolve to nothing, since only the sentence can tell whether `Paris` speaks
or is visited.

The tables themselves are in `gazetteer`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from pipeline.extract.gazetteer import (
    Entry,
    Kind,
    accepted,
    folded,
    gazetteer,
    name_rules,
    spellings,
)
from pipeline.passages import view

# Shorter names in other languages are words and names in English: `Mali`, `Cad`, `Peru`.
SHORTEST_SPELLING = 5
# Lists for officials write the form behind: `Iran, Islamic Republic of`.
INVERTED = re.compile(r"(?P<name>[^,]+), (?P<form>[^,]+ of(?: the)?)")
# No name in the tables has more; longer questions are refused before any work.
LONGEST_NAME = 120

LEADING_ARTICLE = re.compile(r"^the\s+(?=\S)", re.IGNORECASE)
POSSESSIVE = re.compile(r"(?:'s|')$")


@dataclass(frozen=True, slots=True)
class Identity:
    """A state, territory or organisation of states; `is_demonym` for `Mongolian`."""

    code: str
    wikidata_id: str | None
    kind: Kind
    is_demonym: bool


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


def is_iso_code(letters: str) -> bool:
    """Whether the letters are the ISO 3166-1 alpha-2 or alpha-3 code of a state or territory.

    Example:
        >>> is_iso_code("KE"), is_iso_code("KEN"), is_iso_code("KPU")
        (True, True, False)
    """
    tables = gazetteer()
    return letters in tables.by_alpha2 or tables.kinds.get(letters) in ("state", "territory")


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
