"""Lines that are set in, flush left: what every extractor reads, with the way back.

A list of Markdown is wrapped with its further lines set in by four.  Between two words of a name, a
date or a form of words the extractors allow a line break and no more; so the blanks at the head of
a line, and one at its end, are taken out before they read, and what they find is led back to the
document as it is.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from pipeline.records import (
    DateFinding,
    Document,
    EntityFinding,
    Findings,
    ModelOutput,
    MoneyFinding,
    PartnershipFinding,
    Passage,
    Refusal,
)

Found = TypeVar("Found", EntityFinding, DateFinding, MoneyFinding, PartnershipFinding, Refusal)

# Two blanks at the end of a line are Markdown's sign that the line ends there.
SET_IN = re.compile(r"(?<=\n)[ \t]+(?=\S)|(?<=\S)[ \t](?=\n[ \t]*\S)")


@dataclass(frozen=True, slots=True)
class Cuts:
    """Stretches taken out of a text, in order."""

    starts: tuple[int, ...]  # where each began in the text
    left: tuple[int, ...]  # where it was in what is left
    out: tuple[int, ...]  # how much is out up to the end of each

    def forth(self, offset: int) -> int:
        """An offset of the text as one of what is left; from inside a cut its place.

        Example:
            >>> cuts = cut_out([(4, 7), (9, 11)])
            >>> [cuts.forth(offset) for offset in (2, 4, 6, 7, 9, 11)]
            [2, 4, 4, 4, 6, 6]
        """
        number = bisect_right(self.starts, offset) - 1
        return offset if number < 0 else max(self.left[number], offset - self.out[number])

    def back(self, offset: int) -> int:
        """An offset of what is left as one of the text; at a cut the one behind it.

        Example:
            >>> cuts = cut_out([(4, 7), (9, 11)])
            >>> [cuts.back(offset) for offset in (2, 3, 4, 5, 6)]
            [2, 3, 7, 8, 11]
        """
        number = bisect_right(self.left, offset) - 1
        return offset if number < 0 else offset + self.out[number]

    def back_span(self, start: int, end: int) -> tuple[int, int]:
        """A span of what is left as one of the text; it ends where its last sign does."""
        first = self.back(start)
        return first, self.back(end - 1) + 1 if end > start else first


def cut_out(spans: Iterable[tuple[int, int]]) -> Cuts:
    """The cuts of ordered spans that do not overlap."""
    starts: list[int] = []
    left: list[int] = []
    out: list[int] = []
    total = 0
    for start, end in spans:
        starts.append(start)
        left.append(start - total)
        total += end - start
        out.append(total)
    return Cuts(tuple(starts), tuple(left), tuple(out))


@dataclass(frozen=True, slots=True)
class Flush:
    """A document with its passages and the model's answers on them, all flush left."""

    document: Document
    passages: tuple[Passage, ...]
    model: Mapping[int, ModelOutput]
    cuts: Cuts

    def back(self, found: Findings) -> Findings:
        """What was found, with offsets into the document as it is."""
        return Findings(
            tuple(self._moved(one) for one in found.entities),
            tuple(self._moved(one) for one in found.dates),
            tuple(self._moved(one) for one in found.money),
            tuple(self._with_evidence(self._moved(one)) for one in found.partnerships),
            tuple(self._moved(one) for one in found.refusals),
        )

    def _moved(self, found: Found) -> Found:
        start, end = self.cuts.back_span(found.start_char, found.end_char)
        return replace(found, start_char=start, end_char=end)

    def _with_evidence(self, found: PartnershipFinding) -> PartnershipFinding:
        start, end = self.cuts.back_span(found.evidence_start_char, found.evidence_end_char)
        return replace(found, evidence_start_char=start, evidence_end_char=end)


def flush(
    document: Document, passages: Sequence[Passage], model: Mapping[int, ModelOutput]
) -> Flush | None:
    r"""The document without the blanks around its line breaks; None where there are none.

    Args:
        document: the document.
        passages: those to read, in order; what lies outside of them stays as it is.
        model: the model's answers by position of the passage.

    Example:
        >>> text = "- It met in May\n    2014 in Oslo."
        >>> one = Passage("d", 0, "list_item", None, "en", 0, len(text), text)
        >>> flat = flush(Document("d", text), [one], {})
        >>> flat.passages[0].text, flat.cuts.back_span(12, 20)
        ('- It met in May\n2014 in Oslo.', (12, 24))
        >>> flush(Document("d", "Oslo\nin May"), [replace(one, text="Oslo\nin May")], {}) is None
        True
    """
    inside = [list(SET_IN.finditer(passage.text)) for passage in passages]
    if not any(inside):
        return None
    spans = [
        (passage.start_char + match.start(), passage.start_char + match.end())
        for passage, matches in zip(passages, inside, strict=True)
        for match in matches
    ]
    cuts = cut_out(spans)
    text = _without(document.text, spans)
    moved: list[Passage] = []
    answers: dict[int, ModelOutput] = dict(model)
    for passage, matches in zip(passages, inside, strict=True):
        start, end = cuts.forth(passage.start_char), cuts.forth(passage.end_char)
        moved.append(replace(passage, start_char=start, end_char=end, text=text[start:end]))
        if matches and passage.position in model:
            own = cut_out(match.span() for match in matches)
            answers[passage.position] = _answer(model[passage.position], own)
    return Flush(replace(document, text=text), tuple(moved), answers, cuts)


def _without(text: str, spans: Sequence[tuple[int, int]]) -> str:
    kept: list[str] = []
    last = 0
    for start, end in spans:
        kept.append(text[last:start])
        last = end
    return "".join([*kept, text[last:]])


def _answer(output: ModelOutput, cuts: Cuts) -> ModelOutput:
    """What the model said of a passage, with offsets into what is left of it."""
    forth = cuts.forth
    return ModelOutput(
        tuple(replace(one, start=forth(one.start), end=forth(one.end)) for one in output.spans),
        tuple((forth(start), forth(end)) for start, end in output.sentences),
        tuple(replace(one, start=forth(one.start), end=forth(one.end)) for one in output.tokens),
    )
