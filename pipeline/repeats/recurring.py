"""Lines that stand on many pages of one source: page furniture that no rule knows.

A site prints the same short lines around every story.  Where a short line without a fact
stands in several documents of one publisher, host or folder, it is furniture in all of them.
Copies of one story count as one document, and a sentence must stand on half of the pages: news
writes `He gave no details.` again and again.  A line with a figure, a state, money or a
partnership in it is never taken, and headings, titles and rows of tables are none of the lines
asked, because they give their meaning to what stands below or beside them.

The answer depends on which documents there are and on nothing else: the fifth page flips the
line on all five.

This is the rule, on pages in memory; the state applies it to the tables of the whole corpus,
where something changed, and is tested equal to it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pipeline.extract import needs_parse
from pipeline.extract.mentions import find_places
from pipeline.passages.lines import ends_sentence
from pipeline.records import Passage
from pipeline.repeats.places import plain_key
from schemas.tables import PassageKind

# Longer lines are left to the search for repeats, which keeps one of them.
MOST_WORDS, MOST_SIGNS = 12, 120
# A line must stand in so many documents of a source, and in this part of them or in so many
# more; a sentence, in half of them.
LEAST, PART, MANY = 5, 0.1, 20
PART_FOR_SENTENCES = 0.5

KINDS: frozenset[PassageKind] = frozenset({"paragraph", "caption"})


@dataclass(frozen=True, slots=True)
class ShortLine:
    """A line that may be furniture: where it starts, and its key."""

    start_char: int
    key: str
    is_sentence: bool


@dataclass(frozen=True, slots=True)
class Page:
    """A document as this search sees it.

    `sources` names its publisher, host and folders; `story` is equal for copies of one story.
    """

    document_id: str
    sources: frozenset[str]
    story: str
    lines: tuple[ShortLine, ...]


def short_line(passage: Passage) -> ShortLine | None:
    """The line that `passage` is, if it may be furniture; None where it may carry a fact.

    Example:
        >>> def line(text, kind="paragraph"):
        ...     return short_line(Passage("d", 0, kind, None, "en", 0, len(text), text))
        >>> line("Read our morning letter") == line("READ OUR MORNING LETTER")
        True
        >>> line("Trade with Peru") is None, line("3 May") is None, line("Ports", "heading") is None
        (True, True, True)
    """
    text = passage.text
    if passage.kind not in KINDS or len(text) > MOST_SIGNS or "\\n" in text:
        return None
    if len(text.split()) > MOST_WORDS or any(map(str.isdigit, text)) or text[-1] in ":,;":
        return None
    if any(sign in text for sign in "$€£¥₮") or needs_parse(text) or find_places(text):
        return None
    return ShortLine(passage.start_char, plain_key(text), ends_sentence(text))


def recurring(pages: Iterable[Page]) -> Mapping[str, frozenset[int]]:
    """Starts of the lines that are furniture, by document id; documents without any are left out.

    Example:
        >>> def page(number, text):
        ...     line = ShortLine(40, text, False)
        ...     return Page(str(number), frozenset({"folder:a"}), f"story {number}", (line,))
        >>> recurring([page(n, "our app") for n in range(4)])
        {}
        >>> sorted(recurring([page(n, "our app") for n in range(5)]))
        ['0', '1', '2', '3', '4']
    """
    pages = sorted(pages, key=lambda page: page.document_id)
    by_source: defaultdict[str, list[Page]] = defaultdict(list)
    for page in pages:
        for source in page.sources:
            by_source[source].append(page)
    found: defaultdict[str, set[int]] = defaultdict(set)
    for some in by_source.values():
        if len(some) < LEAST:
            continue
        keys = _furniture(some)
        for page in some:
            starts = {line.start_char for line in page.lines if line.key in keys}
            if starts:
                found[page.document_id] |= starts
    return {document_id: frozenset(starts) for document_id, starts in found.items()}


def _furniture(pages: Sequence[Page]) -> set[str]:
    """Keys of the lines that are furniture of the one source of `pages`."""
    stories: defaultdict[tuple[str, bool], set[str]] = defaultdict(set)
    for page in pages:
        for line in page.lines:
            stories[line.key, line.is_sentence].add(page.story)
    total = len({page.story for page in pages})
    keys = set()
    for (key, is_sentence), standing in stories.items():
        count = len(standing)
        many = count >= MANY or count >= PART * total
        enough = count >= PART_FOR_SENTENCES * total if is_sentence else many
        if count >= LEAST and enough:
            keys.add(key)
    return keys
