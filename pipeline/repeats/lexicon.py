"""`rules/repeats.toml`, compiled for look-ups: closed classes, spellings, common words, currencies.

What belongs here: tables that are read at every word.  What the tables are for is said in the rule
file; country names come from the table of territories, so that `Republic of Korea` and `South
Korea` are one word of the canonical stream.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from pipeline.rulebook import Rule, RuleModel, load, territories

# `Resdients` and `Bheind` are no names; shorter words have names for neighbours, and those with
# a letter left out (`Behnd`) still more.
LONG_WORD = 7
WORD_TO_TURN = 6


class ClosedClass(Rule):
    """Sets of words of which a fact chooses one; each group of a set holds words of one meaning.

    A class is one set, a string a group, or many small ones, a string a set with `/` between
    its groups.
    """

    groups: tuple[str, ...] = ()
    sets: tuple[str, ...] = ()
    one_sided: bool = False
    before_role: bool = False
    before: str = ""
    before_number: bool = False
    alone: bool = False
    in_few: bool = False
    is_role: bool = False

    @property
    def all_sets(self) -> tuple[tuple[str, ...], ...]:
        """The groups of each set."""
        each = tuple(tuple(one.split(" / ")) for one in self.sets)
        return (self.groups, *each) if self.groups else each


class WordLists(RuleModel):
    """The plain lists of `repeats.toml`."""

    abbreviations: str
    agencies: tuple[str, ...]
    ordinals: str
    openers: str
    fronts: str
    saying: str
    meanings: tuple[str, ...]
    common: str
    endings: str
    past_endings: str
    same: tuple[str, ...]


class RepeatRules(RuleModel):
    """`repeats.toml`."""

    lists: WordLists
    currencies: dict[str, str]
    classes: tuple[ClosedClass, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """Where a word stands: number of its set and of its group there."""

    number: int
    group: int


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The rule file by word.

    `classes` holds the class of each set; `slips` are common words misspelt; `countries` maps the
    first word of a name to the names that begin with it, as tokens and longest first, with the
    token that stands for the state; `seats` are seats of government in capitals;
    `meanings` number the lists of words of one meaning that a word is in.
    """

    classes: tuple[ClosedClass, ...]
    choices: Mapping[str, tuple[Choice, ...]]
    roles: frozenset[str]
    heads: tuple[frozenset[str], ...]
    common: frozenset[str]
    slips: frozenset[str]
    endings: tuple[str, ...]
    past_endings: tuple[str, ...]
    openers: frozenset[str]
    fronts: frozenset[str]
    saying: frozenset[str]
    meanings: Mapping[str, frozenset[int]]
    abbreviations: frozenset[str]
    agencies: frozenset[str]
    ordinals: tuple[str, ...]
    same: Mapping[str, str]
    currencies: Mapping[str, str]
    countries: Mapping[str, tuple[tuple[tuple[str, ...], str], ...]]
    seats: frozenset[str]


def rules() -> RepeatRules:
    """The rules of this layer."""
    return load("repeats.toml", RepeatRules)


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """The tables, built at the first question."""
    told = rules()
    sets = [(one, groups) for one in told.classes for groups in one.all_sets]
    choices: dict[str, list[Choice]] = {}
    for number, (_, groups) in enumerate(sets):
        for group, words in enumerate(groups):
            for word in dict.fromkeys(words.split()):
                choices.setdefault(word, []).append(Choice(number, group))
    spellings = [line.split() for line in told.lists.same]
    common = frozenset(told.lists.common.split()) | choices.keys()
    return Lexicon(
        tuple(one for one, _ in sets),
        {word: tuple(found) for word, found in choices.items()},
        frozenset(w for one in told.classes if one.is_role for g in one.groups for w in g.split()),
        tuple(frozenset(one.before.split()) for one, _ in sets),
        common,
        frozenset(slip for word in common for slip in _slips(word)),
        tuple(told.lists.endings.split()),
        tuple(told.lists.past_endings.split()),
        frozenset(told.lists.openers.split()),
        frozenset(told.lists.fronts.split()),
        frozenset(told.lists.saying.split()),
        _meanings(told.lists.meanings),
        frozenset(told.lists.abbreviations.split()),
        frozenset(name.casefold() for name in told.lists.agencies),
        tuple(told.lists.ordinals.split()),
        {word: words[0] for words in spellings for word in words[1:]},
        {form: code.lower() for code, forms in told.currencies.items() for form in forms.split()},
        _countries(),
        _seats(),
    )


def _meanings(lines: Sequence[str]) -> Mapping[str, frozenset[int]]:
    """By word the lines that it stands in."""
    found: dict[str, set[int]] = {}
    for number, line in enumerate(lines):
        for word in line.split():
            found.setdefault(word, set()).add(number)
    return {word: frozenset(numbers) for word, numbers in found.items()}


def _slips(word: str) -> Iterator[str]:
    """A long word with a letter left out, or two letters in the wrong order."""
    for i in range(1, len(word)):
        if len(word) >= LONG_WORD:
            yield word[:i] + word[i + 1 :]
        if len(word) >= WORD_TO_TURN:
            yield word[: i - 1] + word[i] + word[i - 1] + word[i + 1 :]


def _seats() -> frozenset[str]:
    """Seats of government in capitals, as a dateline writes them."""
    return frozenset(seat.upper() for one in territories() for seat in one.seats)


def _countries() -> Mapping[str, tuple[tuple[tuple[str, ...], str], ...]]:
    """Names of states by first word, as tokens: a capital in front, no stops inside."""
    found: dict[str, dict[tuple[str, ...], str]] = {}
    for territory in territories():
        code = territory.code
        for name in territory.names:
            if not name[0].isupper() or "," in name or "&" in name:
                continue
            plain = name.replace(".", "").replace("'s", "").replace("-", " ")
            # In a line of capitals `SOUTH AFRICA`; three letters there would be an acronym.
            for form in (plain, plain.upper()) if len(plain) > 3 else (plain,):
                words = tuple(form.split())
                found.setdefault(words[0], {}).setdefault(words, f"@{code.lower()}")
    return {
        first: tuple(sorted(names.items(), key=lambda item: (-len(item[0]), item[0])))
        for first, names in found.items()
    }
