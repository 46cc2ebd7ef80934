"""The tables of states, organisations of states and seats, by surface and by first word.

`territories.csv` and `organisations.csv` are the reviewed tables, `names.toml` the political
forms and prefixes made of them.  Built at the first question and never at import; the pattern
of a first word is compiled when a text holds the word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from pipeline.rulebook import RuleModel, load, load_rows

Kind = Literal["state", "territory", "bloc"]
MatchKind = Literal["state", "territory", "bloc", "capital"]

TERRITORY_COLUMNS = ("code", "kind", "names", "demonyms", "seats", "ambiguous")
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


class NameRules(RuleModel):
    """`names.toml`: the first halves of compounds with their codes, and the lists."""

    prefixes: dict[str, str]
    homonyms: dict[str, tuple[str, ...]]
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
    organisation_items: Mapping[str, str | None]


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
    kinds: dict[str, Kind] = {}
    for code, kind, *_ in load_rows("territories.csv", TERRITORY_COLUMNS):
        kinds[code] = "state" if kind == "state" else "territory"
    items: dict[str, str | None] = {}
    for code, _, _, item in load_rows("organisations.csv", ORGANISATION_COLUMNS):
        kinds[code] = "bloc"
        items[code] = item or None
    words = {word: frozenset(surfaces) for word, surfaces in by_word.items()}
    return Gazetteer(by_surface, by_folded, words, kinds, items)


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
    rows = load_rows("territories.csv", TERRITORY_COLUMNS)
    for surface in rules.lists.not_countries:
        yield Entry(surface, "", "state", False, False)
    for code, kind, names, demonyms, seats, ambiguous in rows:
        unsure = set(ambiguous.split(";"))
        own: MatchKind = "state" if kind == "state" else "territory"
        for surface in filter(None, names.split(";")):
            yield Entry(surface, code, own, False, surface in unsure)
        for surface in filter(None, demonyms.split(";")):
            yield Entry(surface, code, own, True, surface in unsure)
            if _has_plural(surface):
                yield Entry(surface + "s", code, own, True, surface in unsure)
        for surface in filter(None, seats.split(";")):
            yield Entry(surface, code, "capital", False, surface in unsure)
    for code, name, aliases, _ in load_rows("organisations.csv", ORGANISATION_COLUMNS):
        for surface in filter(None, (name, *aliases.split(";"))):
            yield Entry(surface, code, "bloc", False, False)
    for code, kind, names, *_ in rows:
        short = names.split(";")[0]
        own = "state" if kind == "state" else "territory"
        for form in rules.lists.forms:
            yield Entry(f"{form} {short}", code, own, False, False)
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
