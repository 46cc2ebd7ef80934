"""A document's text to passages: blocks with kind, section, language and offsets.

`layout` finds the blocks and their kinds, `languages` tells the language, `plain` gives the view
that matchers read; here a block becomes a passage.  Passages never overlap, stand in order and
have no white space at their ends; text and offsets are those of the document, always.
"""

from __future__ import annotations

from pipeline.passages.languages import language_of
from pipeline.passages.layout import layout
from pipeline.passages.marks import HEADING_CHAIN
from pipeline.passages.plain import view
from pipeline.records import Document, Passage

__all__ = ["split", "view"]


def split(document: Document) -> list[Passage]:
    r"""The passages of `document`, in order.

    Example:
        >>> page = Document("0" * 20, "# Ties\n\n## Trade\n\n- copper and fish")
        >>> [(each.kind, each.section, each.text) for each in split(page)][1:]
        [('heading', None, 'Trade'), ('list_item', 'Trade', 'copper and fish')]
    """
    text = document.text
    inherited = document.language or language_of(text)
    passages: list[Passage] = []
    above: list[tuple[int, str]] = []
    last_was_heading = False
    for block in layout(text):
        words = text[block.start : block.end]
        if block.kind == "heading":
            above = _above(above, block.level, last_was_heading)
        section = " > ".join(name for _, name in above) or None
        passages.append(
            Passage(
                document.document_id,
                len(passages),
                block.kind,
                section,
                language_of(words, inherited),
                block.start,
                block.end,
                words,
            )
        )
        if block.kind == "heading":
            above.append((block.level, " ".join(words.split())))
        last_was_heading = block.kind == "heading"
    return passages


def _above(
    above: list[tuple[int, str]], level: int, last_was_heading: bool
) -> list[tuple[int, str]]:
    """The headings that stay above a new heading of `level`.

    A heading without signs has level 0: it closes the others of its sort, but for one that
    stands right above it, and stays below marked headings.
    """
    if level:
        return [(other, name) for other, name in above if 0 < other < level]
    # More in a row are no nest of headings but a list of them.
    if last_was_heading and sum(not other for other, _ in above) < HEADING_CHAIN:
        return above
    return [(other, name) for other, name in above if other]
