"""Spans of names while they are being mended, and the text they stand in.

All offsets count from the start of the document; the text is its plain view, of the same
length as the published text.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import attrgetter, lt

from pipeline.records import Passage
from schemas.tables import EntityLabel, Method

# One capital of the Latin script, with its marks: `[A-Z]` misses `Özel` and `Łódź`.
CAPITAL = f"[{''.join(filter(str.isupper, map(chr, (*range(0x250), *range(0x1E00, 0x1F00)))))}]"
WORD = re.compile(r"(?<!\w)[^\W\d_][\w'-]*")
RUN = re.compile(r"\w+")


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
        start = self.start if start is None else start
        end = self.end if end is None else end
        label = label or self.label
        if (start, end, label) == (self.start, self.end, self.label):
            return self
        method: Method = "rule" if self.method == "rule" else "model+rule"
        return Span(start, end, label, method, rule_id)


# Asked once a span; the comparison of spans is asked once a pair.
_PLACE = attrgetter("start", "end", "label", "method", "rule_id")


def in_order(spans: Iterable[Span]) -> list[Span]:
    """The spans in their order: that of the text, and what `Span` compares where two begin alike.

    Example:
        >>> short, long = found(3, 5, "GPE", "a"), found(3, 9, "ORG", "b")
        >>> in_order([long, short]) == [short, long]
        True
    """
    return sorted(spans, key=_PLACE)


@dataclass(frozen=True)
class Reading:
    """The plain view of a document and the passages that are read.

    What many steps ask of the same document is made at the first question and kept here.
    """

    text: str
    passages: Sequence[Passage]

    @cached_property
    def _starts(self) -> list[int]:
        return [passage.start_char for passage in self.passages]

    # Some thirty steps ask for the words of each span.
    @cached_property
    def _words(self) -> dict[tuple[int, int], str]:
        return {}

    @cached_property
    def _sought(self) -> dict[Sought, bool]:
        return {}

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """Every run of letters and digits of the text, as it is written."""
        # Not of the passages alone: what stands in front of a name may stand before its passage.
        return frozenset(RUN.findall(self.text))

    @cached_property
    def small_words(self) -> frozenset[str]:
        """Words that the document writes in small letters."""
        return frozenset(
            word
            for passage in self.passages
            for word in WORD.findall(self.text, passage.start_char, passage.end_char)
            if word.islower()
        )

    def may_hold(self, sought: Sought) -> bool:
        """Whether a pattern can match anywhere: the document has one of its words."""
        known = self._sought.get(sought)
        if known is None:
            known = not sought.words or not sought.words.isdisjoint(self.vocabulary)
            self._sought[sought] = known
        return known

    def passage_at(self, position: int) -> Passage | None:
        """The passage that holds a position of the document; None between passages."""
        number = bisect_right(self._starts, position)
        if number == 0 or self.passages[number - 1].end_char <= position:
            return None
        return self.passages[number - 1]

    def words(self, span: Span) -> str:
        """The words of a span, white space folded."""
        place = (span.start, span.end)
        known = self._words.get(place)
        if known is None:
            known = self._words[place] = " ".join(self.text[span.start : span.end].split())
        return known

    def words_of_persons(self, spans: Iterable[Span]) -> frozenset[str]:
        """Each word of the names of persons that `spans` hold whole, of two words and more."""
        return frozenset(
            word
            for span in spans
            if span.label == "PERSON" and " " in (name := self.words(span))
            for word in name.split()
        )


@dataclass(frozen=True, slots=True, eq=False)
class Sought:
    """A pattern that is tried only where a look that costs next to nothing admits a match.

    Most documents hold none of the words of most rules, and in front of most names stands
    something else than a rule asks for: one question to the words of the document, or one look at
    the signs in front, takes the place of a search beside each name and through each passage.

    Args:
        pattern: whatever it matches holds one of `words`, and ends in one of `ends`.
        words: runs of letters and digits, with a border of words on either side; empty for any.
        ends: what a pattern that ends in `$` can end in; empty for anything.

    Example:
        >>> text = "They sold the oil rig Tirvo."
        >>> rig = Sought(re.compile("oil rig $"), opening_runs(["oil rig"]))
        >>> rig.ends_at(Reading(text, []), 0, 22), rig.ends_at(Reading(text, []), 0, 21)
        (True, False)
    """

    pattern: re.Pattern[str]
    words: frozenset[str] = frozenset()
    ends: tuple[str, ...] = ("",)

    def matches(self, reading: Reading, passages: Iterable[Passage]) -> Iterator[re.Match[str]]:
        """The matches in some passages of a document, in their order."""
        if reading.may_hold(self):
            for passage in passages:
                yield from self.pattern.finditer(reading.text, passage.start_char, passage.end_char)

    def ends_at(self, reading: Reading, low: int, position: int) -> bool:
        """Whether the pattern, which ends in `$`, stands between `low` and `position`."""
        return (
            reading.text.endswith(self.ends, low, position)
            and reading.may_hold(self)
            and self.pattern.search(reading.text, low, position) is not None
        )


def opening_runs(words: Iterable[str]) -> frozenset[str]:
    """The first run of letters and digits of each listed word or phrase.

    Example:
        >>> sorted(opening_runs(["sub-committee of", "harbour"]))
        ['harbour', 'sub']
    """
    return frozenset(match.group() for word in words if (match := RUN.search(word)))


def in_front(pattern: str, *ends: str, words: Iterable[str] = ()) -> Sought:
    r"""A pattern in front of a name: it ends in one of the words `ends` and a blank.

    Args:
        pattern: without `$`; what it matches ends in a blank or a line break.
        ends: the words, or the ends of words, right before that blank.
        words: see `Sought`.

    Example:
        >>> near = in_front(r"(?:near|far from)[ \n]", "near", "from")
        >>> near.ends_at(Reading("It lies far from Kemi", []), 0, 17)
        True
    """
    # `$` also matches in front of a line break that comes last.
    blanks = tuple(end + blank for end in ends for blank in (" ", "\n", " \n", "\n\n"))
    return Sought(re.compile(f"{pattern}$"), opening_runs(words), blanks)


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
        self.spans = list(spans)
        self._starts = [span.start for span in self.spans]
        # Most are in the order of the text, each with a start of its own.
        if not all(map(lt, self._starts, self._starts[1:])):
            self.spans = in_order(self.spans)
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


def small_words(reading: Reading) -> frozenset[str]:
    """Words that the document writes in small letters."""
    return reading.small_words


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
        if not starts or span.start >= starts[-1]:
            # Most lists are in the order of the text nearly everywhere.
            if not starts or kept[-1].end <= span.start:
                starts.append(span.start)
                kept.append(span)
            continue
        place = bisect_right(starts, span.start)
        if place > 0 and kept[place - 1].end > span.start:
            continue
        if place < len(kept) and kept[place].start < span.end:
            continue
        starts.insert(place, span.start)
        kept.insert(place, span)
    return kept
