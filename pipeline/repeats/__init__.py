"""Finds passages that say again what another says; facts are never merged away.

    lexicon     what is known of words: `rules/repeats.toml`
    dateline    where a story begins behind its dateline
    quantities  numbers, dates and sums as single tokens
    tokens      the canonical stream of a passage and its exact key
    shingles    which passages may be copies of each other
    align       two passages side by side
    conflicts   what an unmatched word means: facts, names, closed classes
    veto        whether their facts allow that one repeats the other
    clusters    groups with one canonical copy
    index       all of it over the whole history, in SQLite
    recurring   short lines that stand on many pages of one source
    places      which place is kept, and what the others repeat
    review      pairs near the thresholds, for a person to read

Why not plain MinHash: bulletins of one mould that differ in one number are more alike than an
edited reprint is to its source, so that no threshold on likeness parts them; what parts them is
the veto on facts.
"""

from __future__ import annotations

from pipeline.records import Passage
from pipeline.repeats.clusters import Copy
from pipeline.repeats.index import Index
from pipeline.repeats.places import Place, Repeat, exact_repeats, plain_key, repeats_of
from pipeline.repeats.recurring import Page, ShortLine, recurring, short_line
from pipeline.repeats.tokens import MIN_WORDS, SUPPRESSIBLE, VERSION, Canonical, canonical

__all__ = [
    "MIN_WORDS",
    "SUPPRESSIBLE",
    "VERSION",
    "Canonical",
    "Copy",
    "Index",
    "Page",
    "Place",
    "Repeat",
    "ShortLine",
    "canonical",
    "exact_key",
    "exact_repeats",
    "plain_key",
    "recurring",
    "repeats_of",
    "short_line",
]


def exact_key(passage: Passage) -> str | None:
    """Key that two passages share when one repeats the other; None when it may not repeat.

    Example:
        >>> def key(text):
        ...     return exact_key(Passage("d", 0, "paragraph", None, "en", 0, len(text), text))
        >>> key("The “two” sides met in Rome.") == key('The "two"  sides met in Rome.')
        True
        >>> key("Trade rose by 2.1% last year.") == key("Trade rose by 2.7% last year.")
        False
        >>> key("More to follow.") is None
        True
    """
    found = canonical(passage)
    return found.key if found else None
