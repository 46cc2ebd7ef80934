"""Where known names stand in a document with no span on them and no capitalised word beside."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence

from pipeline.extract.entities.lexicon import lexicon
from pipeline.extract.entities.listed import Names
from pipeline.extract.entities.spans import CAPITAL, Ground, Reading, Span

WORD = re.compile(r"(?<![\w@/.])[^\W_][\w'&-]*(?:\.(?=[A-Z]))?")
CAPITAL_BEFORE = re.compile(rf"({CAPITAL}[\w'.-]*)[ \n]$")
CAPITAL_BEHIND = re.compile(rf"[ \n]{CAPITAL}|-\w|'[^s\W]|\w")
PIECE = re.compile(r"[^\W_]+")
STOPPED = re.compile(r"[^\W_]+\.")
LOOK_BACK = 30
# A word that may open a name: its start, the end of its passage, and its letters.
Word = tuple[int, int, str]


def words_of(reading: Reading, wanted: Container[str]) -> list[Word]:
    """The words of the passages that are wanted, without a possessive."""
    return [
        (word.start(), passage.end_char, name)
        for passage in reading.passages
        for word in WORD.finditer(reading.text, passage.start_char, passage.end_char)
        if (name := word.group().removesuffix("'s")) in wanted
    ]


def tokens_of(reading: Reading, spans: Sequence[Span]) -> set[str]:
    """Words that a known name, or a part of one, may begin with, as written and in capitals."""
    tokens: set[str] = set()
    for words in {reading.words(span) for span in spans}:
        tokens.update(words.split())
        if not words.replace(" ", "").isalpha():
            # `B.Salo`, `Salo-Vula`.
            tokens.update(PIECE.findall(words), STOPPED.findall(words))
    return tokens | {token.upper() for token in tokens}


def free_mentions(
    reading: Reading, words: Sequence[Word], spans: list[Span], names: set[str]
) -> Iterator[tuple[int, int, str]]:
    """Mentions of `names` where no span stands and no capitalised word touches them."""
    known = Names(names)
    ground = Ground(spans)
    done = 0
    for start, high, first in words:
        if start < done or not known.begins(first):
            continue
        for name in known.at(reading.text, start, first):
            end = start + len(name)
            if end > high:
                continue
            if not all(_gives_way(span, start, end) for span in ground.over(start, end)):
                continue
            if not stands_free(reading, start, end):
                continue
            done = end
            yield start, end, name
            break


def _gives_way(span: Span, start: int, end: int) -> bool:
    """Whether a span was found by a list alone and is a part of the longer name."""
    inside = start <= span.start and span.end <= end
    return inside and span.method == "rule" and span.end - span.start < end - start


def stands_free(reading: Reading, start: int, end: int) -> bool:
    """Whether no capitalised word or hyphen touches the words, titles and articles apart."""
    if CAPITAL_BEHIND.match(reading.text, end) or reading.text[max(0, start - 1) : start] in "-/@":
        return start == 0 and not CAPITAL_BEHIND.match(reading.text, end)
    before = CAPITAL_BEFORE.search(reading.text, max(0, start - LOOK_BACK), start)
    if before is None or before.group(1).endswith("."):
        return True
    word = before.group(1).lower()
    return word in lexicon().titles or word in lexicon().determiners
