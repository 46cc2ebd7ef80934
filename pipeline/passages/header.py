"""The header of a page: its title and its record, above the first running text."""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence

from pipeline.passages.drafts import TITLE_CHARS, TITLE_LEAST, Draft
from pipeline.passages.headline import (
    is_bulletin,
    is_dated,
    join_headline,
    mark_told_title,
    title_in,
)
from pipeline.passages.lexicon import is_menu_word
from pipeline.passages.marks import HEADER_BLOCKS, title_key, title_words
from pipeline.passages.nameplates import owner_and_town

# A line of so many words below the title is its second deck, and no rubric.
DECK_WORDS = 8
# `May 2019`, all that some pages tell of their day.
_MONTH = re.compile(rf"(?:{'|'.join(calendar.month_name[1:])}),? \d{{4}}")
# A line of fewer words below the title may be a writer: `Anna Lind for the Herald`.
_TOLD_WORDS = 6
# `A view of the bay of Apia (Northwire)`
_CREDITED = re.compile(r"\w \([A-Z][\w/ .&-]{1,30}\)$")


def _mark_showings(drafts: Sequence[Draft]) -> None:
    """The same words as the title, elsewhere on the page, are the title again."""
    title = next((draft for draft in drafts if draft.kind == "title"), None)
    if title is None or title.words < TITLE_LEAST:
        return
    name = title_key(title_words(title.plain))
    for draft in drafts:
        short = draft.kind is None and len(draft.plain) <= 2 * TITLE_CHARS
        if short and title_key(draft.plain) == name:
            draft.kind = "title"


def mark_header(drafts: list[Draft], title_is_known: bool) -> None:
    """The title and the record of the page above its first running text."""
    join_headline(drafts)
    mark_told_title(drafts)
    page = [draft for draft in drafts if draft.kind not in ("boilerplate", "caption")]
    page = _without_button(page[: 3 * HEADER_BLOCKS])
    titles = [n for n, draft in enumerate(page) if draft.kind == "title"]
    # A title that the page repeats may have its record behind either showing.
    starts = [n + 1 for n in titles] if title_is_known else [0]
    for start in starts:
        head = _header(page[start:])
        stamps = [n for n, draft in enumerate(head) if is_dated(draft)]
        for n in stamps:
            head[n].kind = "metadata"
        if not titles:
            title = title_in(head, stamps, page)
            if title is not None:
                title.kind = "title"
        _mark_showings(page)
        below = page[start + len(head)] if start + len(head) < len(page) else None
        if head and is_bulletin(page):
            # The last line above the first item is its headline.
            head = head[:-1]
        _mark_record(_without_heading(head, below), bool(stamps))
        _mark_site_parts(head)


def _without_button(page: list[Draft]) -> list[Draft]:
    """The page without the one name of a menu, `All news`, that stands above its title."""
    opens = len(page) > 1 and page[0].kind is None and page[0].cue
    if opens and page[1].title_like and page[1].words >= TITLE_LEAST and not page[1].cue:
        page[0].kind = "metadata"
        return page[1:]
    return page


def _without_heading(head: list[Draft], below: Draft | None) -> list[Draft]:
    """The header without the heading of the list right below it: `Key findings`."""
    if len(head) < 2 or below is None or below.kind != "list_item" or below.after_blank:
        return head
    last = head[-1]
    is_heading = last.kind is None and last.cue != "strong" and last.after_blank
    titled = any(draft.kind == "title" for draft in head[:-1])
    return head[:-1] if is_heading and titled and not is_dated(last) else head


def _mark_record(head: Sequence[Draft], is_stamped: bool) -> None:
    """What stands around the title: decks are text, buttons furniture, the rest record."""
    titled = stamped = labelled = False
    for draft in head:
        # `NEWSPAPER SECTION:` has its value on the next line.
        is_value, labelled = labelled, draft.kind == "metadata" and draft.plain[-1] == ":"
        titled = titled or draft.kind == "title"
        stamped = stamped or is_dated(draft)
        if draft.kind is not None or draft.content or draft.leads_in:
            continue
        if stamped and owner_and_town(draft.plain) is not None:
            draft.kind = "metadata"
        elif titled and draft.words > TITLE_LEAST and _CREDITED.search(draft.plain[-40:]):
            draft.kind = "caption"
        elif _MONTH.fullmatch(draft.plain):
            draft.kind = "metadata"
        elif draft.words >= DECK_WORDS or draft.plain[-1] == "," or _is_deck(draft.plain):
            draft.kind = "paragraph" if titled else None
        elif is_stamped:
            sure = draft.cue == "strong" or stamped
            is_button = titled and sure and draft.cue is not None and not is_value
            draft.kind = "boilerplate" if is_button else "metadata"


def _mark_site_parts(head: Sequence[Draft]) -> None:
    """`Sign in`, `Subscribe`, today's day, above the title: one alone may be its rubric."""
    title = next((n for n, draft in enumerate(head) if draft.kind == "title"), 0)
    parts = [n for n in range(title) if is_menu_word(head[n].plain)]
    stamps = [n for n, draft in enumerate(head) if is_dated(draft)]
    # Above the title today's day, below it that of the story.
    today = bool(stamps) and stamps[0] < title < stamps[-1]
    if len(parts) > 1 or (parts and today):
        for n in range(parts[-1] + 1):
            head[n].kind = "boilerplate"


def _is_deck(plain: str) -> bool:
    """Whether a short line is told and not named: `Works near the bay to open in May`."""
    words = plain.split()
    small = sum(word[0].islower() for word in words)
    return len(words) >= _TOLD_WORDS and 2 * small >= len(words)


def _header(page: Sequence[Draft]) -> list[Draft]:
    """The blocks up to the first running text; a standfirst may stand above the stamp."""
    standfirst = False
    for n, draft in enumerate(page[: HEADER_BLOCKS + 1]):
        if draft.kind == "list_item" and n and any(map(is_dated, page[n + 1 : n + 5])):
            # Some pages sum the story up in items between its title and its day.
            continue
        if draft.kind in ("list_item", "table_row", "heading", "caption") or (
            n and draft.kind == "title"
        ):
            return list(page[:n])
        if draft.running:
            dated = any(is_dated(later) for later in page[n + 1 : n + 5])
            # Below a story of one paragraph the stamps are those of other stories.
            if standfirst or not dated or not any(later.running for later in page[n + 1 :]):
                return list(page[:n])
            standfirst = True
    return list(page[:HEADER_BLOCKS])
