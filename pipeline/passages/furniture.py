"""What a single line says of itself: page furniture, caption, page record, list item.

The knowledge is `rules/passages.toml`, compiled in `lexicon`; here it is asked.  What only the
neighbours of a line can tell is in `layout`.
"""

from __future__ import annotations

import re
from functools import lru_cache

from pipeline.passages.lexicon import Strength, compiled, is_menu_word, line_key, passage_rules
from pipeline.passages.lines import count_words, ends_sentence
from pipeline.passages.stamps import read_stamp
from schemas.tables import PassageKind

# Longer lines are no buttons; a cookie notice may take some lines.
_LONGEST_CUE = 400
# Lines of a prompt or link, not of a story.
FEW_WORDS = 6
_LONGEST_PATTERN = 1_000

# `»` is a double quote in the plain view.
_SEPARATOR = re.compile(r' [|•·/>"→] ')
_MENU_PARTS = 3
_DAY_CHARS = 60
# A menu of so many parts may have one that is known; parts have no more words.
_LONG_MENU, _PART_WORDS = 5, 5
_MOST_BUTTONS = 10
# So many networks on a line of no more names are a row of buttons.
_LEAST_NETWORKS, _MOST_NAMES = 4, 16

_TOLD = re.compile(r"\b(?:said|says|told|according to|reported)\b")

# `[Print] [Close]`
_BRACKETED = re.compile(r"(?:[\[【「][^\[\]【】「」]{1,30}[\]】」] ?){2,8}")


def button(plain: str) -> bool:
    """Whether the whole line is a known piece of page furniture.

    Example:
        >>> button("SHARE THIS"), button("Share this view")
        (True, False)
    """
    return len(plain) <= _LONGEST_CUE and line_key(plain) in compiled().exact


@lru_cache(maxsize=8192)
def cue(plain: str) -> Strength | None:
    """How strongly a line looks like page furniture by its own words; None if not at all.

    Example:
        >>> cue("Share this story!"), cue("Home"), cue("The envoys left.")
        ('strong', 'weak', None)
    """
    if len(plain) > _LONGEST_CUE:
        return None
    rules = compiled()
    key = line_key(plain)
    known = rules.exact.get(key) or _by_start(plain, key)
    if known is not None:
        return known
    if any(is_row(plain) for is_row in _ROWS):
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


def _is_row_of_buttons(plain: str) -> bool:
    """Whether a line is nothing but buttons: `Facebook Twitter Log in View history`."""
    words = line_key(plain).split(" ", _MOST_BUTTONS)
    if not 3 <= len(words) <= _MOST_BUTTONS:
        return False
    exact = compiled().exact
    buttons = at = 0
    while at < len(words):
        # The longest name first: `view history`, and not `view`.
        size = next((n for n in (3, 2, 1) if " ".join(words[at : at + n]) in exact), 0)
        if not size:
            return False
        at, buttons = at + size, buttons + 1
    return buttons >= _MENU_PARTS


def _is_day_and_button(plain: str) -> bool:
    """Whether a line is today's day with a part of the site behind it: `3 May 2019 Search`."""
    day, _, last = plain.rpartition(" ")
    return len(day) <= _DAY_CHARS and is_menu_word(last) and read_stamp(day.strip()) is not None


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


_ROWS = (_is_row_of_buttons, _is_row_of_networks, _is_bracketed, _is_day_and_button)


def _by_start(plain: str, key: str) -> Strength | None:
    rules = compiled()
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
    for pattern, kind in compiled().patterns:
        if pattern.fullmatch(plain):
            return kind
    is_mark = any(pattern.fullmatch(plain) for pattern, _ in compiled().prefixes)
    return "metadata" if is_mark else None


def title_prefix(plain: str) -> tuple[int, bool]:
    """Length of what stands in front of a title, blanks included, and whether only titles have it.

    Example:
        >>> title_prefix("Subject: Re: New ports"), title_prefix("(LEAD) New ports")
        ((13, True), (7, False))
        >>> title_prefix("New ports")
        (0, False)
    """
    for pattern, is_title in compiled().prefixes:
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
    match = compiled().items.match(plain[:16])
    return 0 if match is None else match.end()
