"""What may stand for a currency: signs, codes, abbreviations and names.

Names and codes come from CLDR through Babel: a code is used if some territory pays with it
today, and every singular and plural name gives a noun (its last word) and adjectives (the
rest).  `rules/money_currencies.csv` adds what CLDR lacks: country dollars, `RMB`, `Rs`,
spellings such as `roubles`, and currencies that are gone.  A noun of one currency stands
for it alone; a noun of several (`dollars`) stands for all of them until an adjective or the
document tells more.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, TypeVar

from babel.core import get_global
from babel.numbers import get_currency_name

from pipeline.extract.money.tokens import Token, near, words_of
from pipeline.rulebook import load_rows, territories

Entry = TypeVar("Entry", "Mark", str)
Phrase = tuple[str, ...]
Kind = Literal["sign", "code", "before", "after", "letter", "name", "cent"]

COLUMNS = ("form", "kind", "code", "note")
# Adjectives of a currency that name no country.
NO_PLACES = frozenset({("sterling",), ("renminbi",), ("new",), ("convertible",), ("gold",)})
# Codes that CLDR lists for no territory and that texts use all the same.
EXTRA_CODES = ("XDR", "CNH", "HRK", "SLL", "ZWL", "ANG", "DEM", "FRF", "BYR")


@dataclass(frozen=True, slots=True)
class Mark:
    """What a written mark may stand for.

    `codes` are all currencies it is used for; `shift` is -2 for cents; `adjective` says that a
    country word stands in front of the noun, as in `Kuwaiti dinars`.
    """

    form: str
    kind: Kind
    codes: frozenset[str]
    shift: int = 0
    adjective: bool = False


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All marks, each kind by the form that is looked up.

    `phrases` and `places` are keyed by the first word, longest phrase first.
    """

    signs: Mapping[str, Mark]
    codes: Mapping[str, Mark]
    before: Mapping[str, Mark]
    after: Mapping[str, Mark]
    letters: Mapping[str, Mark]
    phrases: Mapping[str, tuple[tuple[Phrase, Mark], ...]]
    places: Mapping[str, tuple[tuple[Phrase, str], ...]]
    triggers: frozenset[str]

    def name_at(self, tokens: list[Token], index: int) -> tuple[Mark, int] | None:
        """The currency name that begins at `index`, and the token behind it."""
        for words, mark in self.phrases.get(key_of(tokens[index].text), ()):
            end = _match(tokens, index, words)
            if end:
                return mark, end
        return None

    def place_at(self, tokens: list[Token], index: int) -> str | None:
        """Currency of the country named at `index`."""
        for words, code in self.places.get(key_of(tokens[index].text), ()):
            if _match(tokens, index, words):
                return code
        return None


def key_of(word: str) -> str:
    """A word as it is looked up: small letters, no full stops, no possessive.

    Example:
        >>> key_of("U.S."), key_of("euro's"), key_of("Bolívares")
        ('us', 'euro', 'bolivares')
    """
    word = word.lower().replace(".", "")
    word = word[:-2] if word.endswith("'s") else word
    return word if word.isascii() else _plain(word)


def _plain(word: str) -> str:
    split = unicodedata.normalize("NFD", word.replace("ʻ", "'"))
    return "".join(sign for sign in split if not unicodedata.combining(sign))


def _match(tokens: list[Token], index: int, words: Phrase) -> int | None:
    """The token behind `words` at `index`; a hyphen may join them, as in `US-dollars`."""
    at = index
    for step, word in enumerate(words):
        if step and at + 1 < len(tokens) and tokens[at].text == "-" and not tokens[at].before:
            at += 1
        if at >= len(tokens) or key_of(tokens[at].text) != word:
            return None
        if step and not near(tokens[at - 1], tokens[at]):
            return None
        at += 1
    return at


def current_codes() -> frozenset[str]:
    """ISO 4217 codes with which some territory pays today, by CLDR.

    Example:
        >>> {"EUR", "MNT", "KZT"} <= current_codes(), "ITL" in current_codes()
        (True, False)
    """
    return frozenset(
        code
        for currencies in get_global("territory_currencies").values()
        for code, _, end, tender in currencies
        if end is None and tender
    )


def currency_of(alpha3: str | None) -> str | None:
    """Currency of the country with this ISO 3166-1 alpha-3 code.

    Example:
        >>> currency_of("AUS"), currency_of("MNG"), currency_of("XXX"), currency_of(None)
        ('AUD', 'MNT', None, None)
    """
    territory = get_global("territory_aliases").get(alpha3 or "", [""])[0]
    for code, _, end, tender in get_global("territory_currencies").get(territory, ()):
        if end is None and tender:
            return str(code)
    return None


@lru_cache
def lexicon() -> Lexicon:
    """The lexicon, built once a process."""
    rows: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for form, kind, code, _ in load_rows("money_currencies.csv", COLUMNS):
        rows[kind][form].update([code] if code else [])
    current = current_codes()
    nouns, adjectives = _names(current, rows)
    dollars, pounds = frozenset(nouns["dollar",]), frozenset(nouns["pound",])
    rows["sign"]["$"] |= dollars
    rows["sign"]["£"] |= pounds
    rows["sign"]["￡"] |= pounds
    for form in ("cent", "cents", "¢"):
        rows["cent"][form] |= dollars | {"EUR", "ZAR", "KES"}

    def marks(kind: Kind, source: str) -> dict[str, Mark]:
        return {form: Mark(form, kind, frozenset(codes)) for form, codes in rows[source].items()}

    codes = {code: Mark(code, "code", frozenset([code])) for code in current | {*EXTRA_CODES}}
    codes |= marks("code", "code")
    codes["CNH"] = Mark("CNH", "code", frozenset(["CNY"]))
    signs, before = marks("sign", "sign"), marks("before", "before")
    after, letters = marks("after", "after"), marks("letter", "letter")
    phrases = _phrases(nouns, adjectives, current)
    for form, cents in rows["cent"].items():
        if form == "¢":
            signs[form] = Mark(form, "cent", frozenset(cents), -2)
            continue
        phrases[(key_of(form),)] = Mark(form, "cent", frozenset(cents), -2)
        for adjective, owners in adjectives.items():
            if owners & cents:
                words = (*adjective, key_of(form))
                phrases[words] = Mark(form, "cent", frozenset(owners & cents), -2, adjective=True)
    phrases[("euro", "cent")] = phrases[("euro", "cents")] = Mark(
        "cent", "cent", frozenset(["EUR"]), -2, adjective=True
    )
    return Lexicon(
        signs,
        codes,
        before,
        after,
        letters,
        _by_first_word(phrases.items()),
        _by_first_word(_places(adjectives, current).items()),
        _triggers(phrases, current, signs, [*codes, *before, *after, *letters, "p", "c"]),
    )


def _triggers(
    phrases: Mapping[Phrase, Mark],
    current: frozenset[str],
    signs: Iterable[str],
    short: Iterable[str],
) -> frozenset[str]:
    """Words and signs of which a text with money holds at least one."""
    nouns = {words[-1] for words in phrases}
    # With their accents: `krónur`, `córdobas`.
    nouns |= {_cldr_name(code, count).split()[-1] for code in current for count in (1, 2)}
    cased = {form for noun in nouns for form in (noun, noun.capitalize(), noun.upper())}
    cased |= {f"{form}'s" for form in nouns}
    marks = {sign for form in signs for sign in form if not sign.isascii() or sign == "$"}
    return frozenset(cased | marks | {word for form in short for word in words_of(form)})


def _cldr_name(code: str, count: int) -> str:
    name = get_currency_name(code, count=count, locale="en")
    return name.replace("-", " ")


Names = dict[Phrase, set[str]]


def _names(current: frozenset[str], rows: dict[str, dict[str, set[str]]]) -> tuple[Names, Names]:
    """Nouns and adjectives of CLDR and of the alias file, each with the codes it goes with."""
    nouns: Names = defaultdict(set)
    adjectives: Names = defaultdict(set)
    for code in current:
        for count in (1, 2):
            *owner, noun = [key_of(word) for word in _cldr_name(code, count).split()]
            nouns[noun,].add(code)
            if owner:
                adjectives[tuple(owner)].add(code)
    for form, codes in rows["noun"].items():
        nouns[_key(form)] |= codes
    for words, code in _countries(with_seats=False).items():
        adjectives[words].add(code)
    for form, codes in rows["adjective"].items():
        adjectives[_key(form)] |= codes
    return nouns, adjectives


def _phrases(nouns: Names, adjectives: Names, current: frozenset[str]) -> dict[Phrase, Mark]:
    """Nouns alone, then every adjective before every noun that share a currency.

    A noun alone never stands for a currency that is gone, unless it has no other, or one only:
    `guilders` are as a rule not those that Curaçao has paid with since 2025.
    """
    phrases: dict[Phrase, Mark] = {}
    for noun, codes in nouns.items():
        kept = frozenset(codes & current if len(codes & current) > 1 else codes)
        phrases[noun] = Mark(noun[-1], "name", kept, adjective=len(noun) > 1)
    for adjective, owners in adjectives.items():
        for noun, codes in nouns.items():
            if owners & codes:
                kept = frozenset(owners & codes & current or owners & codes)
                # Still open after the adjective (`CFA francs`): its default has its own form.
                form = noun[-1] if len(kept) == 1 else " ".join((*adjective, *noun))
                phrases[(*adjective, *noun)] = Mark(form, "name", kept, adjective=True)
    return phrases


def _countries(*, with_seats: bool) -> dict[Phrase, str]:
    """Names of countries to the currencies that are paid with there."""
    found: dict[Phrase, str] = {}
    for territory in territories():
        code = currency_of(territory.code)
        if code == "USD" and territory.code != "USA":
            continue  # `Zimbabwean dollars` were never American ones
        seats = territory.seats if with_seats else ()
        for form in (*territory.names, *territory.demonyms, *seats):
            if code:
                found.setdefault(_key(form), code)
    return found


def _places(adjectives: Names, current: frozenset[str]) -> dict[Phrase, str]:
    """Names, adjectives and capitals of countries to their currencies."""
    places = {
        words: next(iter(owners & current))
        for words, owners in adjectives.items()
        if len(owners & current) == 1 and words not in NO_PLACES
    }
    return places | _countries(with_seats=True)


def _key(form: str) -> Phrase:
    return tuple(key_of(word) for word in words_of(form))


def _by_first_word(
    items: Iterable[tuple[Phrase, Entry]],
) -> dict[str, tuple[tuple[Phrase, Entry], ...]]:
    grouped: dict[str, list[tuple[Phrase, Entry]]] = defaultdict(list)
    for words, entry in items:
        grouped[words[0]].append((words, entry))
    return {
        first: tuple(sorted(entries, key=lambda entry: -len(entry[0])))
        for first, entries in grouped.items()
    }
