"""Names that papers, sites and offices print of themselves on top of a page.

They stand where a title stands and are none; they tell who publishes.
"""

from __future__ import annotations

from pipeline.passages.furniture import cue
from pipeline.passages.lexicon import line_key, passage_rules

# `The North Sea Herald`; without the article names of papers are shorter.
_MASTHEAD_WORDS, _BARE_WORDS, _SITE_WORDS = 5, 3, 8
_TOWN_WORDS = 3
_SMALL = frozenset(["of", "the", "and", "for", "&", "in", "on", "de", "du", "des", "la", "del"])


def is_release(plain: str) -> bool:
    """Whether a line names the kind of a document: `Press release`.

    Example:
        >>> is_release("PRESS RELEASE"), is_release("Release of prisoners")
        (True, False)
    """
    return line_key(plain) in passage_rules().releases


def is_letterhead(plain: str) -> bool:
    """Whether a line is the name of an office, as it prints it above what it publishes.

    Example:
        >>> is_letterhead("Ministry of Ports"), is_letterhead("Ministry Opens a Port")
        (True, False)
    """
    return line_key(plain).startswith(passage_rules().letterheads)


def is_masthead(plain: str) -> bool:
    """Whether a line is shaped as the name of a paper is.

    Example:
        >>> is_masthead("THE COASTAL HERALD"), is_masthead("Coastal Herald")
        (True, True)
        >>> is_masthead("Envoy writes for Coastal Herald"), is_masthead("Herald of spring")
        (False, False)
    """
    words = plain.split()
    most = _MASTHEAD_WORDS if words and words[0].lower() == "the" else _BARE_WORDS
    if not 2 <= len(words) <= most or not _is_name(words):
        return False
    return words[-1].lower() in passage_rules().mastheads and cue(plain) is None


def names_site(plain: str) -> bool:
    """Whether a line is shaped as the name of a paper or of another who publishes.

    Example:
        >>> names_site("Institute for Small Ports"), names_site("Council Opens"), names_site("Home")
        (True, True, False)
        >>> names_site("The institute has moved"), names_site("Envoys of Peru in Lima")
        (False, False)
    """
    words = plain.split()
    if is_masthead(plain):
        return True
    if not 2 <= len(words) <= _SITE_WORDS or not _is_name(words) or cue(plain) is not None:
        return False
    return not passage_rules().publishers.isdisjoint(word.lower() for word in words)


def owner_and_town(plain: str) -> str | None:
    """The paper or agency of a line that names it and, in brackets, its town; None for others.

    Resellers sign so: `Coastal Herald (Accra)`.

    Example:
        >>> owner_and_town("Coastal Herald (Accra)"), owner_and_town("Ports Agency (Port Vila)")
        ('Coastal Herald', 'Ports Agency')
        >>> owner_and_town("A view of the bay of Apia (Northwire)"), owner_and_town("Peru (Lima)")
        (None, None)
    """
    name, bracket, town = plain.partition(" (")
    words = name.split()
    if not bracket or not town.endswith(")") or not 2 <= len(words) <= _SITE_WORDS:
        return None
    is_town = town[:-1].replace(" ", "").replace("-", "").isalpha() and town.istitle()
    return name if is_town and len(town.split()) <= _TOWN_WORDS and _is_name(words) else None


def _is_name(words: list[str]) -> bool:
    """Whether all words but small ones open with a capital, and there is no figure in them."""
    return words[0][0].isupper() and all(
        (word[0].isupper() or word.lower() in _SMALL) and word.replace("&", "").isalpha()
        for word in (each.strip("'’.-").replace("'", "").replace("-", "") or "&" for each in words)
        if word != "&"
    )
