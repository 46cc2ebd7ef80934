"""Lists and tables that lost their signs: what their neighbours tell of short lines.

A text made from a page keeps the words of a list or a table and not its bullets or bars.  Three
shapes show themselves: short lines behind a lead-in (`The members are:`), the cells of a table
one a line below the names of its columns, and the entries below `See also` or `References`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from pipeline.passages.drafts import LONG_WORDS, Draft
from pipeline.passages.furniture import kind_by_pattern
from pipeline.passages.lexicon import PassageRules, is_closing
from pipeline.passages.lines import ends_sentence
from pipeline.passages.stamps import read_record
from pipeline.rulebook import load

# Longer lines behind a lead-in are no entries of a list; fewer are no list.
ENTRY_WORDS, ENTRIES = 12, 2
# Names of columns that open a table; longer lines below them are no cells.
COLUMNS, CELL_WORDS = 2, 8
# A letter is signed with so many lines at most.
_SIGNATURE = 6
# A numbered line of more words is no heading.
_NUMBERED_WORDS = 12
# `1 The catch is that of 2019.`, below `Notes`.
_NOTE = re.compile(r"\[?\d{1,3}\]?[.)]? [A-Z\"'(]")


@lru_cache
def _column_names() -> frozenset[str]:
    rules: PassageRules = load("passages.toml", PassageRules)
    return frozenset(name for rule in rules.column for name in rule.names)


def is_column(plain: str) -> bool:
    """Whether a line is the name of a column.

    Example:
        >>> is_column("Formal Relations Began"), is_column("Relations")
        (True, False)
    """
    return plain.lower() in _column_names()


def mark_led_in(drafts: Sequence[Draft]) -> None:
    """Short lines right behind a lead-in of the story are the items of its list."""
    for n, draft in enumerate(drafts):
        if not (draft.leads_in and draft.kind is None and not draft.cue):
            continue
        end = n + 1
        while end < len(drafts) and _may_be_entry(drafts[end], drafts[n + 1]):
            end += 1
        entries = drafts[n + 1 : end]
        if len(entries) >= ENTRIES:
            for entry in entries:
                entry.kind = "list_item"


def _may_be_entry(draft: Draft, first: Draft) -> bool:
    return (
        draft.kind is None
        and draft.cue in (None, "weak")
        and draft.line_count == 1
        and draft.words <= ENTRY_WORDS
        and not draft.sentence
        and draft.plain[-1] not in ":?"
        and read_record(draft.plain) is None
        # Behind a dense list a line with a blank line above it is the heading of what follows.
        and (draft is first or first.after_blank or not draft.after_blank)
    )


def mark_stripped_tables(drafts: Sequence[Draft]) -> None:
    """The cells, one a line, below two and more names of columns; above them its heading."""
    n = 0
    while n < len(drafts):
        width = 0
        while n + width < len(drafts) and _is_open_column(drafts[n + width]):
            width += 1
        if width < COLUMNS:
            n += 1
            continue
        if n and _is_caption_of_table(drafts[n - 1]):
            drafts[n - 1].kind = "heading"
        end = _end_of_table(drafts, n + width)
        for draft in drafts[n:end]:
            draft.kind = "table_row"
        n = max(end, n + 1)


def _is_open_column(draft: Draft) -> bool:
    return draft.kind in (None, "heading") and not draft.level and is_column(draft.plain)


def _is_caption_of_table(draft: Draft) -> bool:
    return (
        draft.kind in (None, "table_row")
        and not draft.sentence
        and draft.words <= CELL_WORDS
        and draft.plain[-1] not in ",;:"
        and any(map(str.isalpha, draft.plain))
    )


def _end_of_table(drafts: Sequence[Draft], start: int) -> int:
    """Where the cells end: at a marked line, at prose that no cell can be, or at the next table.

    A cell with prose, the notes on a state, stands behind a short one; prose behind prose is the
    story again, but for the lines of a list inside the cell.
    """
    for n in range(start, len(drafts)):
        draft = drafts[n]
        if draft.kind not in (None, "list_item") or draft.cue:
            return n
        # The head of the next table, or `Notes` below this one.
        if _is_open_column(draft):
            return n
        above = drafts[n - 1]
        if draft.words > CELL_WORDS and above.words > CELL_WORDS and draft.after_blank:
            return n
        if draft.words > LONG_WORDS and above.words > LONG_WORDS:
            return n
    return len(drafts)


def mark_numbered_headings(drafts: Sequence[Draft]) -> None:
    """Numbered lines that are no sentences and have running text right below: `2. Trade`.

    An item of a list has another item, or the end of the text, below it.
    """
    named = False
    for n, draft in enumerate(drafts[:-1]):
        below = drafts[n + 1]
        above = drafts[n - 1] if n else None
        is_open = draft.kind == "list_item" and draft.number and draft.line_count == 1
        if not is_open or draft.sentence or draft.words > _NUMBERED_WORDS:
            continue
        if draft.plain[-1] in ",;:" or draft.plain[0].islower():
            continue
        follows = above is not None and above.kind == "list_item" and not draft.after_blank
        prose = below.kind is None and below.running
        # Behind numbered headings, a table may stand below one as well.
        if (prose or (named and below.kind == "table_row")) and not follows:
            draft.kind = "heading"
            named = True


def mark_headed_lists(drafts: Sequence[Draft]) -> None:
    """Short lines in a row that are a list: the first, or the heading above, names it.

    Running text right below them would make the last one its heading, which is told elsewhere; here
    a heading, a table or the end of the page stands below.
    """
    n = 0
    while n < len(drafts):
        end = n
        while end < len(drafts) and _may_be_entry(drafts[end], drafts[n]):
            end += 1
        entries = drafts[n:end]
        above = drafts[n - 1] if n else None
        below = drafts[end] if end < len(drafts) else None
        n = max(end, n + 1)
        if above is None or len(entries) < ENTRIES or not _is_list_end(below):
            continue
        headed = above.kind == "heading"
        told = above.running or above.kind in ("table_row", "list_item", "caption")
        if not headed and (not told or len(entries) <= ENTRIES or entries[0].cue):
            continue
        for entry in entries:
            entry.kind = "list_item"
        if not headed:
            entries[0].kind = "heading"


def mark_closing(drafts: Sequence[Draft]) -> None:
    """`Kind regards,` and the short lines of the name below it sign a letter."""
    for n, draft in enumerate(drafts):
        if draft.kind is None and is_closing(draft.plain):
            draft.kind = "metadata"
            for line in drafts[n + 1 : n + 1 + _SIGNATURE]:
                if line.kind not in (None, "metadata") or line.cue or line.running or line.sentence:
                    break
                line.kind = "metadata"


def _is_list_end(below: Draft | None) -> bool:
    if below is None:
        return True
    is_named = kind_by_pattern(below.plain) == "heading"
    return is_named or below.kind in ("heading", "table_row", "boilerplate")


def mark_apparatus(drafts: Sequence[Draft]) -> None:
    """The lines below `See also`, `References` and the like are the items of a list."""
    is_open = False
    for above, draft in pairwise(drafts):
        if above.kind == "heading":
            is_open = kind_by_pattern(above.plain) == "heading"
        if draft.kind == "heading" and kind_by_pattern(draft.plain) != "heading":
            # Entries right above prose look as headings do.
            is_open = is_open and not draft.level and not draft.after_blank
            draft.kind = None if is_open else "heading"
        prose = draft.running and not _cites(draft.plain)
        if is_open and draft.kind is None and (not prose or _NOTE.match(draft.plain)):
            draft.kind = "list_item"


def _cites(plain: str) -> bool:
    return ends_sentence(plain) and ("Retrieved" in plain or "ISBN" in plain or "pp." in plain)
