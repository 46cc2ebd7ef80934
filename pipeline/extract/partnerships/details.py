"""What else a statement carries: the field it is limited to and the document that makes it."""

from __future__ import annotations

import re
from typing import get_args

from pipeline.extract.partnerships.book import (
    GAP,
    compiled,
    label_book,
    scope_forms,
    status_book,
    words_pattern,
)
from pipeline.extract.partnerships.context import Sentence
from pipeline.extract.partnerships.labels import Label
from schemas.tables import Instrument

NO_FIELD = re.compile(
    r"\b(?:the|equal|a|an|basis|level|various|different|many|all|these|its|their)\b|day$"
)
PAPER_REACH = 80


def scope(label: Label, masked: str, text: str) -> str | None:
    """The field that the label is limited to, in small letters; None for the whole relation.

    Example:
        >>> from pipeline.extract.partnerships.labels import find_labels
        >>> text = "a strategic partnership in the gas sphere"
        >>> scope(find_labels(text)[0], text, text)
        'gas'
    """
    window = masked[label.end : label.end + 120]
    for pattern in scope_forms():
        match = pattern.match(window)
        if match:
            words = " ".join(match[1].split())
            if words and not NO_FIELD.search(words):
                return words
    words = text[label.start : label.end].lower()
    one = rf"{GAP}(?:and {{1,3}})?{words_pattern(label_book().field)}"
    inside = re.search(rf"strategic((?:{one}){{1,4}}){GAP}partner", words)
    if inside and "alliance" not in inside[1] and "lateral" not in inside[1]:
        return " ".join(inside[1].split())
    return None


def instrument(label: Label, sentence: Sentence) -> Instrument | None:
    """The kind of document nearest to the label in its sentence."""
    start = max(sentence.start, label.start - PAPER_REACH)
    end = min(sentence.end, label.end + PAPER_REACH // 2)
    best: tuple[int, int, Instrument] | None = None
    for group in status_book().instrument:
        for rank, (kind, words) in enumerate(group.words.items()):
            for match in compiled(rf"\b(?:{words})", ()).finditer(sentence.masked, start, end):
                if kind not in get_args(Instrument):
                    continue
                away = (
                    label.start - match.end()
                    if match.end() <= label.start
                    else match.start() - label.end
                )
                if away >= 0 and (best is None or (away, rank) < best[:2]):
                    best = (away, rank, kind)
    return best[2] if best else None
