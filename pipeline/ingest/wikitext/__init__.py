r"""Wikitext to text: words, headings, lists and rows of tables, with no markup left.

mwparserfromhell reads what stands within a line (`words`); lines, lists and tables are read here
(`lines`, `tables`).  The parser goes back over the text for each bracket that is never closed,
which took minutes for 80 KB of them, so that it is given none: one pass with a stack strikes out
what has no partner, comments, references and tags, and refuses what is nested without end
(`balance`).  What the parser then sees is balanced, no deeper than `DEEPEST` and one line long.
"""

from __future__ import annotations

import re
from collections import Counter

from pipeline.ingest.wikitext.balance import BREAK, balanced, whole_lines
from pipeline.ingest.wikitext.lexicon import rules
from pipeline.ingest.wikitext.lines import Writer

__all__ = ["is_redirect", "rules", "text_of_wikitext"]

_REDIRECT = re.compile(r"\s*#\s*redirect\b[\s:]{0,9}\[\[", re.IGNORECASE)


def is_redirect(source: str) -> bool:
    """Whether a page only sends its readers to another.

    Example:
        >>> is_redirect("#REDIRECT [[Bergen]]"), is_redirect("Bergen is a port.")
        (True, False)
    """
    return _REDIRECT.match(source) is not None


def text_of_wikitext(source: str) -> tuple[str, Counter[str]]:
    r"""The text of a page, and how much of each kind was left out.

    Raises:
        Unreadable: `markup_too_deep`.

    Example:
        >>> source = "'''Peru''' has [[tie|ties]].<ref>A book</ref>\n{{stub}}"
        >>> text, dropped = text_of_wikitext(source)
        >>> text, sorted(dropped.items())
        ('Peru has ties.', [('references', 1), ('templates', 1)])
    """
    dropped: Counter[str] = Counter()
    whole = balanced(source.replace("\r\n", "\n").replace(BREAK, " "), dropped)
    writer = Writer(dropped)
    for line in whole_lines(whole):
        writer.add(line)
    return writer.text(), dropped
