"""What a single line says of itself: page furniture, caption, page record, list item.

The knowledge is `rules/passages.toml`; here it is compiled and asked.  What only the
neighbours of a line can tell is in `layout`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from pipeline.passages.lines import count_words, ends_sentence
from pipeline.rulebook import Rule, RuleModel, load
from schemas.tables import PassageKind

Strength = Literal["weak", "strong", "links"]

# Longer lines are no buttons; a cookie notice may take some lines.
_LONGEST_CUE = 400
# Lines of a prompt or link, not of a story.
FEW_WORDS = 6
_LONGEST_PATTERN = 1_000

# `»` is a double quote in the plain view.
_SEPARATOR = re.compile(r' [|•·/>"→] ')
_MENU_PARTS = 3
# A menu of so many parts may have one that is known; parts have no more words.
_LONG_MENU, _PART_WORDS = 5, 5
_MOST_BUTTONS = 10
# So many networks on a line of no more names are a row of buttons.
_LEAST_NETWORKS, _MOST_NAMES = 4, 16

_TOLD = re.compile(r"\b(?:said|says|told|according to|reported)\b")

_NOT_WORDS = " \t:.!?>|•·*-–—[](){}…,;«»\"'【】「」"
# `[Print] [Close]`
_BRACKETED = re.compile(r"(?:[\[【「][^\[\]【】「」]{1,30}[\]】」] ?){2,8}")


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
class _Compiled:
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
def _compiled() -> _Compiled:
    rules = passage_rules()
    return _Compiled(
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


def button(plain: str) -> bool:
    """Whether the whole line is a known piece of page furniture.

    Example:
        >>> button("SHARE THIS"), button("Share this view")
        (True, False)
    """
    return len(plain) <= _LONGEST_CUE and line_key(plain) in _compiled().exact


@lru_cache(maxsize=8192)
def cue(plain: str) -> Strength | None:
    """How strongly a line looks like page furniture by its own words; None if not at all.

    Example:
        >>> cue("Share this story!"), cue("Home"), cue("The envoys left.")
        ('strong', 'weak', None)
    """
    if len(plain) > _LONGEST_CUE:
        return None
    rules = _compiled()
    key = line_key(plain)
    known = rules.exact.get(key) or _by_start(plain, key)
    if known is not None:
        return known
    if _is_row_of_buttons(key) or _is_row_of_networks(plain) or _is_bracketed(plain):
        return "strong"
    # A story may tell of cookies and alerts; then somebody said so.
    contained = any(words in key for words in rules.contains) and not _TOLD.search(key)
    if contained or key.endswith(rules.closes) or _is_menu(plain):
        return "strong"
    if count_words(plain) > FEW_WORDS or ends_sentence(plain):
        return None
    heads = (strength for heads, strength in rules.heads if key.startswith(heads))
    mentioned = any(words in key for words in rules.mentions)
    return next(heads, "strong" if mentioned else None)


def _is_row_of_buttons(key: str) -> bool:
    """Whether a line is nothing but buttons: `Facebook Twitter Log in View history`."""
    words = key.split(" ", _MOST_BUTTONS)
    if not 3 <= len(words) <= _MOST_BUTTONS:
        return False
    exact = _compiled().exact
    buttons = at = 0
    while at < len(words):
        # The longest name first: `view history`, and not `view`.
        size = next((n for n in (3, 2, 1) if " ".join(words[at : at + n]) in exact), 0)
        if not size:
            return False
        at, buttons = at + size, buttons + 1
    return buttons >= _MENU_PARTS


def _is_row_of_networks(plain: str) -> bool:
    """Whether a line offers some networks, with the names of other things: `Apps Facebook X VK`.

    Names stand there without commas; a small word, `Facebook is read on YouTube`, tells a story.
    """
    if plain[-1] in ".!?:":
        return False
    words = plain.split(None, _MOST_NAMES)
    networks = passage_rules().networks
    known = sum(word.lower() in networks for word in words)
    return known >= _LEAST_NETWORKS and all(
        word.lower() in networks or not word[0].islower() for word in words
    )


def _is_bracketed(plain: str) -> bool:
    if plain[:1] not in "[【「" or not _BRACKETED.fullmatch(plain):
        return False
    return all(map(button, filter(str.strip, re.split(r"[\[\]【】「」]", plain))))


def _by_start(plain: str, key: str) -> Strength | None:
    rules = _compiled()
    whole = plain.lower().lstrip()
    for starts, strength in rules.starts:
        if whole.startswith(starts) or key.startswith(starts):
            return strength
    # `COASTAL HERALD POLL`: a heading in capitals, not the end of a sentence.
    ends = rules.ends if plain.isupper() else ()
    return next((strength for words, strength in ends if key.endswith(words)), None)


def _is_menu(plain: str) -> bool:
    """Whether a line is a menu in one row: `Politics | Economy | Sport | Ferries`."""
    if not _SEPARATOR.search(plain):
        return False
    parts = _SEPARATOR.split(plain)
    is_path = "|" not in plain and "·" not in plain and "•" not in plain
    least = 2 if is_path else _MENU_PARTS
    if len(parts) >= least and line_key(parts[0]) in passage_rules().roots:
        # The path of a page: `Home > News > Ferry opens`.
        return True
    if is_path and len(parts) > 1 and all(map(button, parts[:-1])) and parts[-1].isdigit():
        # `Speeches / 2019`: parts of a site and the year of its archive.
        return True
    known = sum(map(button, parts))
    if len(parts) >= _LONG_MENU and known and max(map(count_words, parts)) <= _PART_WORDS:
        # `World | Ports | Fisheries | Weather | Search`: a row of names, some of them known.
        return not is_path
    return len(parts) >= _MENU_PARTS and 2 * known >= len(parts)


@lru_cache(maxsize=8192)
def kind_by_pattern(plain: str) -> PassageKind | None:
    """The kind that a pattern gives to the whole line, if any.

    Example:
        >>> kind_by_pattern("Photo: A. Larsen"), kind_by_pattern("desk@north.example")
        ('caption', 'metadata')
    """
    if len(plain) > _LONGEST_PATTERN:
        return None
    for pattern, kind in _compiled().patterns:
        if pattern.fullmatch(plain):
            return kind
    is_mark = any(pattern.fullmatch(plain) for pattern, _ in _compiled().prefixes)
    return "metadata" if is_mark else None


def title_prefix(plain: str) -> tuple[int, bool]:
    """Length of what stands in front of a title, blanks included, and whether only titles have it.

    Example:
        >>> title_prefix("Subject: Re: New ports"), title_prefix("(LEAD) New ports")
        ((13, True), (7, False))
        >>> title_prefix("New ports")
        (0, False)
    """
    for pattern, is_title in _compiled().prefixes:
        match = pattern.match(plain)
        if match is not None:
            end = match.end()
            return len(plain) - len(plain[end:].lstrip()), is_title
    return 0, False


def bullet(plain: str) -> int:
    """Length of the list sign and blanks in front of `plain`; 0 where there is none.

    Example:
        >>> bullet("- trade"), bullet("1. trade"), bullet("trade")
        (2, 3, 0)
    """
    match = _compiled().items.match(plain[:16])
    return 0 if match is None else match.end()
