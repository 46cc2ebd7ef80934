"""The rules of this layer, and what a line is that they list word for word.

`rules/passages.toml` as records, compiled once; what the shape of a line tells is in `furniture`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from pipeline.rulebook import Rule, RuleModel, load
from schemas.tables import PassageKind

Strength = Literal["weak", "strong", "links"]

_NOT_WORDS = " \t:.!?>|•·*-–—[](){}…,;«»\"'【】「」"


class CueRule(Rule):
    """Lines that are page furniture."""

    strength: Strength
    lines: tuple[str, ...]
    starts: tuple[str, ...]
    # First words of a line of few words: `More from Harbours`.
    heads: tuple[str, ...] = ()
    # Last words of a line.
    closes: tuple[str, ...] = ()
    contains: tuple[str, ...]
    ends: tuple[str, ...]
    mentions: tuple[str, ...]


class PatternRule(Rule):
    """A pattern that the whole of a line must match to be of `kind`."""

    kind: PassageKind
    pattern: str


class ListRule(Rule):
    """A pattern for the sign in front of a list item, blanks included."""

    pattern: str


class PrefixRule(Rule):
    """A pattern for what stands in front of a title; with `is_title` nothing else has it."""

    pattern: str
    is_title: bool


class ColumnRule(Rule):
    """Names of columns of tables, in lower case."""

    names: tuple[str, ...]


class PassageRules(RuleModel):
    """`rules/passages.toml`.

    `menu`: site parts that only a menu names; `roots`: first parts of the path of a page;
    `closings`: how letters end; `counted`: words whose number counts parts of a text;
    `sign_up`: words of prompts to subscribe; `networks`: where sites can be followed;
    `releases`: kinds of documents that an office prints above the title, and `letterheads`:
    first words of its own name there; `mastheads`: last words of the names of papers,
    `publishers`: words in names of others who publish; `reader`: words that speak to the reader
    of a site. A name may be broken behind one of `attributes` and in front of one of `nouns`.
    """

    menu: tuple[str, ...]
    roots: frozenset[str]
    closings: frozenset[str]
    counted: frozenset[str]
    sign_up: tuple[str, ...]
    networks: frozenset[str]
    reader: tuple[str, ...]
    releases: tuple[str, ...]
    letterheads: tuple[str, ...]
    mastheads: frozenset[str]
    publishers: frozenset[str]
    attributes: frozenset[str]
    nouns: frozenset[str]
    column: tuple[ColumnRule, ...]

    cue: tuple[CueRule, ...]
    pattern: tuple[PatternRule, ...]
    prefix: tuple[PrefixRule, ...]
    list: tuple[ListRule, ...]


@dataclass(frozen=True)
class Compiled:
    """The rules by what they ask of a line."""

    exact: dict[str, Strength]
    starts: tuple[tuple[tuple[str, ...], Strength], ...]
    heads: tuple[tuple[tuple[str, ...], Strength], ...]
    closes: tuple[str, ...]
    ends: tuple[tuple[tuple[str, ...], Strength], ...]
    contains: tuple[str, ...]
    mentions: tuple[str, ...]
    patterns: tuple[tuple[re.Pattern[str], PassageKind], ...]
    prefixes: tuple[tuple[re.Pattern[str], bool], ...]
    items: re.Pattern[str]


def passage_rules() -> PassageRules:
    """The rules of this layer."""
    rules: PassageRules = load("passages.toml", PassageRules)
    return rules


@lru_cache
def compiled() -> Compiled:
    """The rules, compiled."""
    rules = passage_rules()
    return Compiled(
        exact={line: rule.strength for rule in rules.cue for line in rule.lines},
        starts=tuple((rule.starts, rule.strength) for rule in rules.cue if rule.starts),
        heads=tuple(
            (tuple(f"{head} " for head in rule.heads), rule.strength)
            for rule in rules.cue
            if rule.heads
        ),
        closes=tuple(words for rule in rules.cue for words in rule.closes),
        ends=tuple((rule.ends, rule.strength) for rule in rules.cue if rule.ends),
        contains=tuple(words for rule in rules.cue for words in rule.contains),
        mentions=tuple(words for rule in rules.cue for words in rule.mentions),
        patterns=tuple((re.compile(rule.pattern, re.I), rule.kind) for rule in rules.pattern),
        prefixes=tuple((re.compile(rule.pattern, re.I), rule.is_title) for rule in rules.prefix),
        items=re.compile("|".join(rule.pattern for rule in rules.list)),
    )


@lru_cache
def _words() -> tuple[frozenset[str], re.Pattern[str], re.Pattern[str]]:
    rules = passage_rules()

    def any_of(words: tuple[str, ...]) -> re.Pattern[str]:
        return re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, words)) + r")(?!\w)")

    sign_up, reader = any_of(rules.sign_up), any_of((*rules.reader, *rules.sign_up))
    return frozenset(rules.menu), sign_up, reader


def is_closing(plain: str) -> bool:
    """Whether a line ends a letter.

    Example:
        >>> is_closing("Kind regards,"), is_closing("Regards of both states,")
        (True, False)
    """
    return plain[-1:] == "," and line_key(plain) in passage_rules().closings


def counts_parts(word: str) -> bool:
    """Whether a number behind `word` counts parts of a text, as in `Table 3`.

    Example:
        >>> counts_parts("Session"), counts_parts("Herald")
        (True, False)
    """
    return word.lower() in passage_rules().counted


def is_menu_word(plain: str) -> bool:
    """Whether a line is a part of a site that only menus name.

    Example:
        >>> is_menu_word("Home"), is_menu_word("Facebook")
        (True, False)
    """
    return line_key(plain) in _words()[0]


def is_root(plain: str) -> bool:
    """Whether a line opens with the root of a site and goes on without a blank: `HomeTrade`.

    Example:
        >>> is_root("HomeTradeFerry opens"), is_root("Homes burnt"), is_root("Home Ferries")
        (True, False, False)
    """
    opened = next((r for r in passage_rules().roots if plain.lower().startswith(r)), "")
    return bool(opened) and plain[len(opened) : len(opened) + 1].isupper()


def is_table_of_contents(plain: str) -> bool:
    """Whether a line is the head of a table of contents.

    Example:
        >>> is_table_of_contents("Contents"), is_table_of_contents("Contents of the hold")
        (True, False)
    """
    return line_key(plain) in ("contents", "table of contents")


def is_sign_up(plain: str) -> bool:
    """Whether a line asks to subscribe.

    Example:
        >>> is_sign_up("Subscribe to Coastal Herald"), is_sign_up("Share")
        (True, False)
    """
    return _words()[1].search(line_key(plain)) is not None


def speaks_to_reader(plain: str) -> bool:
    """Whether a line speaks to the reader of a site, or tells of its letters.

    Example:
        >>> speaks_to_reader("The best of the week in your inbox"), speaks_to_reader("It rained")
        (True, False)
    """
    return _words()[2].search(line_key(plain)) is not None


def name_parts() -> tuple[frozenset[str], frozenset[str]]:
    """First and last words of names that a line break may part, in lower case.

    Example:
        >>> attributes, nouns = name_parts()
        >>> "strategic" in attributes, "partnership" in nouns
        (True, True)
    """
    return passage_rules().attributes, passage_rules().nouns


def line_key(plain: str) -> str:
    """The form in which rules hold a line: lower case, single blanks, no signs around it.

    Example:
        >>> line_key("[ SHARE  this ]")
        'share this'
    """
    return " ".join(plain.lower().replace("&nbsp;", " ").split()).strip(_NOT_WORDS)
