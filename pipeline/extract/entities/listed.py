"""Many known names looked up at once: the cost does not grow with their number."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from pipeline.errors import RuleError

LISTED_WORD = re.compile(r"(?<![\w.@])(?<!\w/)[^\W_]\w*")
GOES_ON = re.compile(r"[\w@]|\.\w")


class Names:
    """Known names, looked up where a word begins; a line break in the text is a blank.

    The cost of a question is the number of different lengths among the names with the same
    first word, not the number of names: a list of ten thousand clients stays cheap.

    Example:
        >>> list(Names(["Oulu Timber", "Oulu"]).at("In Oulu Timber yards", 3, "Oulu"))
        ['Oulu Timber', 'Oulu']
    """

    def __init__(self, names: Iterable[str]) -> None:
        self._names = frozenset(names)
        lengths: dict[str, set[int]] = defaultdict(set)
        for name in self._names:
            lengths[name.split(maxsplit=1)[0]].add(len(name))
        self._lengths = {word: sorted(known, reverse=True) for word, known in lengths.items()}

    def begins(self, word: str) -> bool:
        """Whether a name begins with this word."""
        return word in self._lengths

    def at(self, text: str, start: int, word: str) -> Iterator[str]:
        """The names that stand at `start`, where `word` begins, the longest first."""
        for length in self._lengths.get(word, ()):
            name = text[start : start + length].replace("\n", " ")
            if name in self._names and not text[start + length : start + length + 1].isalnum():
                yield name


class Surfaces:
    """Listed names with what the list says of each, found in one pass over the text.

    A name stands between borders that are no letter, digit or `@`; not behind `/` and a word,
    nor in front of a full stop and a letter, as in addresses.  A blank in it may be a line
    break.  Linear, whatever the number of names.

    Example:
        >>> listed = Surfaces({"Oulu": "town", "Oulu Timber": "firm"})
        >>> list(listed.found("Oulu-born, of Oulu Timber", 0, 25))
        [(0, 4, 'town'), (14, 25, 'firm')]
    """

    def __init__(self, surfaces: Mapping[str, str]) -> None:
        self._kinds = dict(surfaces)
        lengths: dict[str, set[int]] = defaultdict(set)
        for surface in self._kinds:
            lengths[self._first(surface)].add(len(surface))
        self._lengths = {word: sorted(known, reverse=True) for word, known in lengths.items()}

    @staticmethod
    def _first(surface: str) -> str:
        word = LISTED_WORD.match(surface)
        if word is None:
            message = f"the listed name {surface!r} begins with no letter"
            raise RuleError(message)
        return word.group()

    def __contains__(self, words: str) -> bool:
        return words in self._kinds

    def kind(self, words: str) -> str | None:
        """What the list says of exactly these words; None when it lacks them."""
        return self._kinds.get(words)

    def found(self, text: str, low: int, high: int) -> Iterator[tuple[int, int, str]]:
        """Start, end and kind of each listed name between `low` and `high`, the longest first."""
        done = low
        for word in LISTED_WORD.finditer(text, low, high):
            lengths = self._lengths.get(word.group())
            if lengths is None or word.start() < done:
                continue
            for length in lengths:
                end = word.start() + length
                kind = self._kinds.get(text[word.start() : end].replace("\n", " "))
                if kind is not None and end <= high and not GOES_ON.match(text, end):
                    done = end
                    yield word.start(), end, kind
                    break
