"""Which passages may repeat, in what form, and which of them are spared when they do.

A passage that repeats another word for word is not extracted from.  Headings, rows and lines of
few words are spared: they are marked where they repeat and extracted from all the same, because
they hold together what stands under or beside them.  What says something only with its
neighbours (`More to follow.`, `| 12 | 5 |`) does not repeat at all.
"""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.records import Passage
from pipeline.repeats.dateline import before_credit, behind_dateline
from pipeline.repeats.tokens import key_of, plain_text, stream
from schemas.tables import PassageKind

# The title of a reprint is a copy as its paragraphs are, and one page often prints it twice.
REPEATABLE: frozenset[PassageKind] = frozenset(
    {"title", "heading", "paragraph", "list_item", "caption", "table_row"}
)
SPARED: frozenset[PassageKind] = frozenset({"heading", "table_row"})
# They say in few words what the text below them says in full.
HEADS: frozenset[PassageKind] = frozenset({"title", "heading"})
# Fewer words are spared, whatever they are.
MIN_WORDS = 6
# `Peru Paves Old Road` says something, `More to follow` does not.
FEWEST_TOKENS = 4
# Tokens of a row that are no numbers: without its header `| Peru | 12 | 5 | 7 | 9 | 3 |` says
# nothing that another table could say again, `| Peru | 5 May 2021 | Observer status |` does.
ROW_TOKENS = 3


@dataclass(frozen=True, slots=True)
class Canonical:
    """A passage that may repeat: `stream` is its tokens, one sentence a line, `key` its hash."""

    key: str
    stream: str


def canonical(passage: Passage) -> Canonical | None:
    """The canonical form of a passage; None for one that may not repeat.

    Example:
        >>> def form(text, kind="paragraph"):
        ...     return canonical(Passage("d", 0, kind, None, "en", 0, len(text), text))
        >>> form("LIMA, May 3 (EFE) - Fares rose by “five” percent.") == form("Fares rose by 5%.")
        True
        >>> form("Fares in Lima rose by 5% last year.").stream
        'fares in ^lima rose by #5% last year'
        >>> form("More to follow.") is None, form("Peru | 12 | 5 | 7 | 9 | 3", "table_row") is None
        (True, True)
    """
    if passage.kind not in REPEATABLE:
        return None
    found = stream(passage.text)
    count = found.count(" ") + found.count("\n") + 1
    if count < FEWEST_TOKENS:
        return None
    if passage.kind == "table_row" and count - found.count("#") < ROW_TOKENS:
        return None
    return Canonical(key_of(found), found)


def is_spared(passage: Passage) -> bool:
    """Whether a passage is extracted from even where it repeats another word for word.

    Example:
        >>> def spared(text, kind="paragraph"):
        ...     return is_spared(Passage("d", 0, kind, None, "en", 0, len(text), text))
        >>> spared("Peru paves an old road."), spared("Peru paves an old road again.")
        (True, False)
        >>> spared("Talks on the old road from Lima to Puno", "heading")
        True
    """
    return passage.kind in SPARED or _written(passage.text) < MIN_WORDS


def is_head(passage: Passage) -> bool:
    """Whether a passage stands above a text: it is near no other passage than one that does.

    Example:
        >>> text = "Peru opens a new port in Callao"
        >>> is_head(Passage("d", 0, "title", None, "en", 0, len(text), text))
        True
    """
    return passage.kind in HEADS


def _written(text: str) -> int:
    """Words of the story as they are written: `3 May 2021` and `Saudi Arabia` are several."""
    plain = plain_text(text)
    story = plain[behind_dateline(plain) : before_credit(plain)]
    return sum(any(map(str.isalnum, word)) for word in story.split())
