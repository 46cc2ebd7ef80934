"""Which of several places is kept, and what each of the others repeats.

This is the rule, on places in memory; the state applies it to the tables of the whole corpus,
where something changed, and is tested equal to it.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from pipeline.passages import view
from pipeline.repeats.clusters import Copy
from schemas.tables import RepeatKind


@dataclass(frozen=True, slots=True)
class Place:
    """Where a repeatable passage stands: what decides which copy is kept.

    `sense` is what its words mean here beyond what they say; empty where they say it all.
    """

    key: str
    published: date | None
    document_id: str
    start_char: int
    plain_key: str
    is_spared: bool = False
    sense: str = ""
    is_head: bool = False

    @property
    def passage_id(self) -> str:
        """Id of the passage that stands here."""
        return f"{self.document_id}:{self.start_char}"

    @property
    def rank(self) -> tuple[bool, date, str, int]:
        """The least rank is kept: earliest published, then smallest id, then first in the text.

        A heading speaks for other headings only: around it stand other words than around them.
        """
        return (self.is_spared, self.published or date.max, self.document_id, self.start_char)


@dataclass(frozen=True, slots=True)
class Repeat:
    """What a passage repeats: the id of the kept passage, how, and how alike (0 to 1).

    A copy is exact when the very words are the same; one that only says the same, with another
    dateline or other numerals, is near, and what it says beyond its original is kept.
    """

    repeat_of: str
    kind: RepeatKind
    similarity: float


def repeats_of(places: Iterable[Place], copies: Mapping[str, Copy]) -> dict[str, Repeat]:
    """The repeat at each place that is not kept, by passage id.

    Among places of one key the earliest published is kept; a place whose key is a copy
    of another repeats the kept place of that one, unless one of the two kept places is a head and
    the other is none: `Peru Opens Port in Callao` is no copy of the sentence below it, which says
    when.  The answer depends on the set of places alone, not on their order.  A copy of a key that
    stands nowhere is left as it is.

    Example:
        >>> places = [Place("k", None, "b", 0, "w"), Place("k", None, "a", 7, "w"),
        ...           Place("x", None, "a", 0, "v")]
        >>> repeats_of(places, {"x": Copy("k", 0.9, False)})
        {'b:0': Repeat(repeat_of='a:7', kind='exact', similarity=1.0), \
'a:0': Repeat(repeat_of='a:7', kind='near', similarity=0.9)}
    """
    places = list(places)
    kept: dict[str, Place] = {}
    for place in places:
        best = kept.get(place.key)
        if best is None or place.rank < best.rank:
            kept[place.key] = place
    found: dict[str, Repeat] = {}
    for place in places:
        own, copy = kept[place.key], copies.get(place.key)
        other = kept.get(copy.canonical) if copy is not None else None
        if copy is not None and other is not None and other.is_head == own.is_head:
            original, similarity = other, copy.similarity
        elif place != own:
            original, similarity = own, 1.0
        else:
            continue
        found[place.passage_id] = (
            Repeat(original.passage_id, "exact", 1.0)
            if place.plain_key == original.plain_key
            else Repeat(original.passage_id, "near", similarity)
        )
    return found


def is_silent(place: Place, original: Place) -> bool:
    """Whether a repeat need not be extracted from, because its original says the very same.

    The words must be the same and mean the same: `on Tuesday` is another day in the paper of
    another week.  Where they do not, they are extracted from again; what they say beyond their
    original is kept, the rest is left out when rows are published.

    Example:
        >>> from dataclasses import replace
        >>> original = Place("k", None, "a", 0, "w")
        >>> is_silent(Place("k", None, "b", 0, "w"), original)
        True
        >>> tuesday = Place("k", None, "b", 0, "w", sense="2024-05-14")
        >>> is_silent(tuesday, original), is_silent(tuesday, replace(original, sense="2024-05-14"))
        (False, True)
    """
    is_same = (place.plain_key, place.sense) == (original.plain_key, original.sense)
    return is_same and not place.is_spared


def plain_key(text: str) -> str:
    """Key that two texts share when their words are the same but for quotes, dashes, blanks, case.

    Example:
        >>> plain_key("The “two” sides") == plain_key('the "two"  sides')
        True
        >>> plain_key("by 5%") == plain_key("by five percent")
        False
    """
    plain = " ".join(unicodedata.normalize("NFKC", view(text)).casefold().split())
    return hashlib.sha256(plain.encode("utf-8", "surrogatepass")).hexdigest()[:20]
