"""The tables of states, organisations of states and seats, by surface and by first word.

`territories.csv` and `organisations.csv` are the reviewed tables, `names.toml` the political
forms and prefixes made of them.  Built at the first question and never at import; the pattern
of a first word is compiled when a text holds the word.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from pipeline.rulebook import RuleModel, load, load_rows, territories

Kind = Literal["state", "territory", "bloc"]
MatchKind = Literal["state", "territory", "bloc", "capital"]

ORGANISATION_COLUMNS = ("code", "name", "aliases", "wikidata_id")

WORD = re.compile(r"(?<!\w)[^\W\d_]\w*")
BLANK = r"(?: {1,2}| ?\r?\n ?)"


class NameLists(RuleModel):
    """The plain lists of `names.toml`."""

    forms: tuple[str, ...]
    unresolved: tuple[str, ...]
    not_countries: tuple[str, ...]
    left_words: tuple[str, ...]
    left_of_demonyms: tuple[str, ...]
    right_words: tuple[str, ...]
    word_acronyms: tuple[str, ...]
    languages: tuple[str, ...]
    english_words: tuple[str, ...]
    family_names: tuple[str, ...]
    first_names: tuple[str, ...]


class NameRules(RuleModel):
    """`names.toml`: the first halves of compounds with their codes, and the lists."""

    prefixes: dict[str, str]
    homonyms: dict[str, tuple[str, ...]]
    things: dict[str, tuple[str, ...]]
    lists: NameLists


@dataclass(frozen=True, slots=True)
class Entry:
    """One surface of the tables; an empty code marks a longer name that is no country."""

    surface: str
    code: str
    kind: MatchKind
    is_demonym: bool
    is_ambiguous: bool


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """The tables, by surface and by first word (in small letters)."""

    by_surface: Mapping[str, Entry]
    by_folded: Mapping[str, Entry]
    by_word: Mapping[str, frozenset[str]]
    kinds: Mapping[str, Kind]
    items: Mapping[str, str | None]
    by_alpha2: Mapping[str, str]


def name_rules() -> NameRules:
    """The rule file, checked."""
    rules: NameRules = load("names.toml", NameRules)
    return rules


def accepted(tables: Gazetteer, surface: str) -> Entry | None:
    """The entry for a surface as it is cased; `us` is not `US`, `KENYA` is `Kenya`."""
    surface = " ".join(surface.split())
    exact = tables.by_surface.get(surface)
    if exact is not None:
        return exact
    entry = tables.by_folded.get(lower(surface))
    if entry is None or entry.surface.isupper():
        return None
    if surface.isupper():
        # `POLE` in a line of capitals still is the entry `Pole`; three letters are an acronym.
        return entry if len(surface) > 3 else None
    pairs = zip(surface.split(), entry.surface.split(), strict=False)
    return entry if all(ours == theirs or ours[:1].isupper() for ours, theirs in pairs) else None


@lru_cache(maxsize=1)
def gazetteer() -> Gazetteer:
    """The tables, built once a process."""
    by_surface: dict[str, Entry] = {}
    for entry in _entries():
        # First come, first kept: names, then demonyms, then seats, then made-up forms.
        by_surface.setdefault(entry.surface, entry)
    by_folded: dict[str, Entry] = {}
    by_word: dict[str, set[str]] = {}
    for surface, entry in by_surface.items():
        folded = lower(surface)
        by_folded.setdefault(folded, entry)
        word = WORD.search(folded)
        if word is not None and word.start() == 0:
            by_word.setdefault(word.group(), set()).add(folded)
    kinds: dict[str, Kind] = {one.code: one.kind for one in territories()}
    items: dict[str, str | None] = {one.code: one.wikidata_id or None for one in territories()}
    by_alpha2 = {one.alpha2: one.code for one in territories() if one.alpha2}
    for code, _, _, item in load_rows("organisations.csv", ORGANISATION_COLUMNS):
        kinds[code] = "bloc"
        items[code] = item or None
    words = {word: frozenset(surfaces) for word, surfaces in by_word.items()}
    return Gazetteer(by_surface, by_folded, words, kinds, items, by_alpha2)


@lru_cache(maxsize=1)
def spellings() -> Mapping[str, tuple[str, bool]]:
    """Code, and whether it is a demonym, by names as `folded` writes them.

    They are our own names and demonyms, whatever accents and signs they are written with, and
    the names of states and territories in other languages.  A name of two states is left out.

    Source: the territory names of Unicode CLDR, as Babel carries them.

    Example:
        >>> spellings()[folded("Deutschland")], spellings()[folded("Burkinabè")]
        (('DEU', False), ('BFA', True))
    """
    # Imported at the first question: a text without an unknown name needs none of it.
    from babel import Locale  # noqa: PLC0415

    lists = name_rules().lists
    codes = gazetteer().by_alpha2
    owners: dict[str, set[str]] = {}
    demonyms = {folded(surface) for one in territories() for surface in one.demonyms}
    for one in territories():
        for surface in (*one.names, *one.demonyms):
            owners.setdefault(folded(surface), set()).add(one.code)
    for language in lists.languages:
        for alpha2, name in Locale.parse(language).territories.items():
            if alpha2 in codes:
                owners.setdefault(folded(name), set()).add(codes[alpha2])
    words = set(map(folded, lists.english_words))
    return {
        name: (next(iter(found)), name in demonyms)
        for name, found in owners.items()
        if len(found) == 1 and name not in words
    }


def folded(name: str) -> str:
    """Letters of a name without accents, case and signs.

    Example:
        >>> folded("Côte d’Ivoire"), folded("Guinea-Bissau")
        ('cote d ivoire', 'guinea bissau')
    """
    letters = unicodedata.normalize("NFKD", name.casefold())
    kept = (char for char in letters if not unicodedata.combining(char))
    return " ".join("".join(char if char.isalnum() else " " for char in kept).split())


# There are some 1,400 first words; a text holds a few of them.
@lru_cache(maxsize=4096)
def alternation(surfaces: frozenset[str]) -> re.Pattern[str]:
    """The pattern of surfaces with one first word, the longest first, small letters and whole."""
    longest_first = sorted(surfaces, key=lambda surface: (-len(surface), surface))
    words = (re.escape(surface).replace(r"\ ", BLANK) for surface in longest_first)
    return re.compile(f"(?:{'|'.join(words)})(?![\\w$])")


def _entries() -> Iterator[Entry]:
    """All surfaces of the tables, the surest first."""
    rules = name_rules()
    things = (f"{name} {noun}" for name, nouns in rules.things.items() for noun in nouns)
    for surface in (*rules.lists.not_countries, *things):
        yield Entry(surface, "", "state", False, False)
    for one in territories():
        for surface in one.names:
            yield Entry(surface, one.code, one.kind, False, surface in one.ambiguous)
        for surface in one.demonyms:
            yield Entry(surface, one.code, one.kind, True, surface in one.ambiguous)
            if _has_plural(surface):
                yield Entry(surface + "s", one.code, one.kind, True, surface in one.ambiguous)
        for surface in one.seats:
            yield Entry(surface, one.code, "capital", False, surface in one.ambiguous)
    for code, name, aliases, _ in load_rows("organisations.csv", ORGANISATION_COLUMNS):
        for surface in filter(None, (name, *aliases.split(";"))):
            yield Entry(surface, code, "bloc", False, False)
    for one in territories():
        for form in rules.lists.forms:
            yield Entry(f"{form} {one.names[0]}", one.code, one.kind, False, False)
    for prefix, code in rules.prefixes.items():
        yield Entry(prefix, code, "state", True, False)


def _has_plural(demonym: str) -> bool:
    """Whether `s` makes it a plural: `Kenyans`, and not `Chineses` or `Frenchs`."""
    return not demonym.endswith(("s", "se", "sh", "ch", "x", "z", "men", "man", "tch"))


def lower(text: str) -> str:
    """Small letters of the same length: `İ` would become two code points."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(char if len(char.lower()) != 1 else char.lower() for char in text)
