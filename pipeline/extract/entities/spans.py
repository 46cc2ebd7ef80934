"""Spans of names while they are being mended, and the text they stand in.

All offsets count from the start of the document; the text is its plain view, of the same
length as the published text.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from pipeline.records import Passage
from schemas.tables import EntityLabel, Method

# One capital of the Latin script, with its marks: `[A-Z]` misses `Özel` and `Łódź`.
CAPITAL = f"[{''.join(filter(str.isupper, map(chr, (*range(0x250), *range(0x1E00, 0x1F00)))))}]"
WORD = re.compile(r"(?<!\w)[^\W\d_][\w'-]*")


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A name being mended: where it stands, its label, and what last touched it."""

    start: int
    end: int
    label: EntityLabel
    method: Method
    rule_id: str

    def mended(
        self,
        rule_id: str,
        *,
        start: int | None = None,
        end: int | None = None,
        label: EntityLabel | None = None,
    ) -> Span:
        """The span with another border or label; itself where nothing changes."""
        changed = replace(
            self,
            start=self.start if start is None else start,
            end=self.end if end is None else end,
            label=label or self.label,
        )
        if changed == self:
            return self
        method: Method = "rule" if self.method == "rule" else "model+rule"
        return replace(changed, method=method, rule_id=rule_id)


@dataclass(frozen=True, slots=True)
class Reading:
    """The plain view of a document and the passages that are read."""

    text: str
    passages: Sequence[Passage]

    def passage_at(self, position: int) -> Passage | None:
        """The passage that holds a position of the document; None between passages."""
        number = bisect_right(self.passages, position, key=lambda passage: passage.start_char)
        if number == 0 or self.passages[number - 1].end_char <= position:
            return None
        return self.passages[number - 1]

    def words(self, span: Span) -> str:
        """The words of a span, white space folded."""
        return " ".join(self.text[span.start : span.end].split())


def found(start: int, end: int, label: EntityLabel, rule_id: str) -> Span:
    """A span that a rule found without the model."""
    return Span(start, end, label, "rule", rule_id)


class Ground:
    """Ordered spans that do not overlap, asked by position.

    Example:
        >>> ground = Ground([found(4, 9, "GPE", "places.table")])
        >>> len(ground.over(0, 5)), len(ground.over(9, 12))
        (1, 0)
    """

    def __init__(self, spans: Iterable[Span]) -> None:
        self.spans = sorted(spans)
        self._starts = [span.start for span in self.spans]

    def over(self, start: int, end: int) -> list[Span]:
        """The spans that share a character with `start` to `end`."""
        number = max(0, bisect_right(self._starts, start) - 1)
        touching: list[Span] = []
        while number < len(self.spans) and self.spans[number].start < end:
            if self.spans[number].end > start:
                touching.append(self.spans[number])
            number += 1
        return touching


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

    def at(self, text: str, start: int, word: str) -> Iterator[str]:
        """The names that stand at `start`, where `word` begins, the longest first."""
        for length in self._lengths.get(word, ()):
            name = text[start : start + length].replace("\n", " ")
            if name in self._names and not text[start + length : start + length + 1].isalnum():
                yield name


def small_words(reading: Reading) -> frozenset[str]:
    """Words that the document writes in small letters."""
    return frozenset(
        word.group()
        for passage in reading.passages
        for word in WORD.finditer(reading.text, passage.start_char, passage.end_char)
        if word.group().islower()
    )


def laid(preferred_first: Iterable[Span]) -> list[Span]:
    """The spans in order of the text, each kept unless one before it in the list overlaps it.

    Example:
        >>> short, long = found(0, 5, "GPE", "a"), found(3, 9, "ORG", "b")
        >>> laid([long, short]) == [long]
        True
    """
    starts: list[int] = []
    kept: list[Span] = []
    for span in preferred_first:
        place = bisect_right(starts, span.start)
        if place > 0 and kept[place - 1].end > span.start:
            continue
        if place < len(kept) and kept[place].start < span.end:
            continue
        starts.insert(place, span.start)
        kept.insert(place, span)
    return kept
