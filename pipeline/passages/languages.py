"""Which language a text is in, from its script and its commonest words.

A script that serves one language names it; Cyrillic and Arabic are told apart by letters
that only one of their languages uses.  Latin text is told by its function words, which make
up a third of running text in most languages of Europe (W. B. Cavnar and J. M. Trenkle, 1994, rank
them first among all n-grams).  Where these words say nothing clear, `identifier` is asked, but not
of lists of names, which are of no language.  Where the evidence is thin the answer is `und`, and
a short passage takes the language of its document.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from pydantic import Field

from pipeline.passages.identifier import identify, leading
from pipeline.rulebook import Rule, RuleModel, load

UNKNOWN = "und"
LATIN = "LATIN"

# Fewer letters than this say nothing about the language.
ENOUGH_LETTERS = 40

# Of fewer letters than this the identifier is not asked.
_LEAST_LETTERS = 16
# A headline has fewer words than this.
_FEW_WORDS = 13
# So much of its words make a text English for sure.
_SURELY_ENGLISH = 0.12
# A line of more capitalised words than this is a list of names.
_MOST_CAPITALS = 0.6

# Words and letters are counted in a sample: a language shows itself in 20,000 signs.
SAMPLE = 20_000
# A passage that has a language to inherit shows in fewer signs whether it is of another.
_PASSAGE_SAMPLE = 800

_ASCII_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?")
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")
# An acronym with full stops, in small letters.
_DOTTED = re.compile(r"(?<![^\W\d_])(?:[a-z]\.){2,6}")
_NO_LETTERS = bytes(code for code in range(128) if not chr(code).isalpha())
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")


class ScriptRule(Rule):
    """The languages written in one script; the first whose letters occur is taken."""

    script: str
    languages: tuple[tuple[str, str], ...]
    otherwise: str


class LatinRule(Rule):
    """The function words of one language in Latin script."""

    language: str = Field(pattern=r"^[a-z]{2}$")
    words: tuple[str, ...]


class LanguageRules(RuleModel):
    """`rules/languages.toml`; `identified`: the languages that the identifier may answer."""

    identified: tuple[str, ...]
    script: tuple[ScriptRule, ...]
    latin: tuple[LatinRule, ...]


@lru_cache
def _speakers() -> dict[str, tuple[str, ...]]:
    """For each function word the languages that have it."""
    speakers: dict[str, tuple[str, ...]] = {}
    for rule in load("languages.toml", LanguageRules).latin:
        for word in dict.fromkeys(rule.words):
            speakers[word] = (*speakers.get(word, ()), rule.language)
    return speakers


@lru_cache
def _latin_languages() -> tuple[str, ...]:
    return tuple(rule.language for rule in load("languages.toml", LanguageRules).latin)


@lru_cache(maxsize=8192)
def script_of(letter: str) -> str:
    """Script of one letter, as the first word of its Unicode name.

    Example:
        >>> script_of("é"), script_of("ж"), script_of("国")
        ('LATIN', 'CYRILLIC', 'CJK')
    """
    name = unicodedata.name(letter, "NONE").split(" ", 1)[0]
    return LATIN if name in ("FULLWIDTH", "MODIFIER", "FEMININE", "MASCULINE") else name


def scripts(text: str) -> Counter[str]:
    """Number of letters of each script in a sample of `text`.

    Example:
        >>> scripts("a b ж 1").most_common()
        [('LATIN', 2), ('CYRILLIC', 1)]
    """
    counts: Counter[str] = Counter()
    sample = _sample(text)
    latin = len(sample.encode("ascii", "ignore").translate(None, _NO_LETTERS))
    if latin:
        counts[LATIN] = latin
    if not sample.isascii():
        for sign, number in Counter(_BEYOND_ASCII.findall(sample)).items():
            if sign.isalpha():
                counts[script_of(sign)] += number
    return counts


def main_script(text: str) -> str | None:
    """The script of most letters of `text`; None where it has no letters.

    Example:
        >>> main_script("Oslo, Осло 2020 agreement")
        'LATIN'
    """
    most = scripts(text).most_common(1)
    return most[0][0] if most else None


def language_of(text: str, inherited: str | None = None) -> str | None:
    """ISO 639-1 code of the language of `text`, `und` when unsure, None without letters.

    Args:
        text: a passage or a whole document.
        inherited: what to answer for Latin text that gives no evidence of its own.

    Example:
        >>> language_of("The two countries agreed to open an embassy in the spring.")
        'en'
        >>> language_of("Les deux pays ont signé un accord sur la pêche dans le golfe.")
        'fr'
        >>> language_of("17 000") is None
        True
    """
    if inherited is not None:
        if len(text) < _LEAST_LETTERS and text.isascii():
            return inherited if any(map(str.isalpha, text)) else None
        text = _sample(text, _PASSAGE_SAMPLE)
    counts = scripts(text)
    if not counts:
        return None
    script = counts.most_common(1)[0][0]
    if script != LATIN:
        return _by_letters(script, counts[script], _sample(text), inherited)
    return _latin(text, counts[LATIN], inherited)


def _identified(text: str, letters: int) -> str | None:
    if letters < _LEAST_LETTERS:
        return None
    rules: LanguageRules = load("languages.toml", LanguageRules)
    return identify(" ".join(text.split()), rules.identified)


def _reads_english(text: str) -> bool:
    """`Hat trick lifts Kuno`: one function word of another tongue is a word of English too."""
    rules: LanguageRules = load("languages.toml", LanguageRules)
    return leading(" ".join(text.split()), rules.identified) == "en"


def _sample(text: str, size: int = SAMPLE) -> str:
    if len(text) <= size:
        return text
    half = size // 2
    middle = len(text) // 2
    return text[:half] + "\n" + text[middle : middle + half]


def _by_letters(script: str, letters: int, sample: str, inherited: str | None) -> str:
    identified = _identified(sample, letters)
    if identified is not None:
        return identified
    rules: LanguageRules = load("languages.toml", LanguageRules)
    for rule in rules.script:
        if rule.script == script:
            present = set(sample.lower())
            for language, signs in rule.languages:
                if not present.isdisjoint(signs):
                    return language
            known = any(language == inherited for language, _ in rule.languages)
            return inherited if known and inherited is not None else rule.otherwise
    return UNKNOWN


def _latin(text: str, letters: int, inherited: str | None) -> str:
    low = _sample(text).lower()
    words = _words(low)
    english, other, share = _shares(words)
    if letters >= ENOUGH_LETTERS and english >= max(_SURELY_ENGLISH, share):
        return "en"
    if _DOTTED.search(low):
        # `U.S.` holds two words of Czech.
        words = _words(_DOTTED.sub(" ", low))
        english, other, share = _shares(words)
    # A list of names has no function words and says nothing; running text has them.
    named = sum(word[0].isupper() for word in _WORD.findall(_sample(text)))
    is_names = named > _MOST_CAPITALS * len(words)
    # Asked only where its word counts: the model takes half a second to load.
    may_be_foreign = not is_names and english <= max(share, 0.08)
    identified = _identified(text, letters) if may_be_foreign else None
    if identified is not None:
        return identified
    # Names carry `de`, `la`, `van` into English text: another language must say more.
    says_more = letters >= ENOUGH_LETTERS and share >= 0.12 and share >= 1.5 * english
    if says_more and not (len(words) < _FEW_WORDS and _reads_english(text)):
        return other
    if letters >= ENOUGH_LETTERS and english >= 0.08 and english >= share:
        return "en"
    if inherited is not None:
        return inherited
    # A headline may do without a function word: `Peru, Chile sign fisheries agreement`.
    least = 0.0 if letters < ENOUGH_LETTERS or is_names or len(words) < _FEW_WORDS else 0.04
    return "en" if english >= max(least, share) else UNKNOWN


def _words(low: str) -> list[str]:
    return _ASCII_WORD.findall(low) if low.isascii() else _WORD.findall(low.replace("’", "'"))


def _shares(words: Sequence[str]) -> tuple[float, str, float]:
    """Share of English function words; the other language with most of them, and its share."""
    speakers = _speakers()
    counts = dict.fromkeys(_latin_languages(), 0)
    for word in words:
        if word in speakers:
            for language in speakers[word]:
                counts[language] += 1
    english = counts.pop("en") / max(1, len(words))
    most = max(counts.values())
    other = max(language for language, count in counts.items() if count == most)
    return english, other, most / max(1, len(words))
