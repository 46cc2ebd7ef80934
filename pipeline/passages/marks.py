"""Kinds that only the neighbours of a block can tell: title, header, headings.

Page furniture is told apart before, in `chrome`.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence
from itertools import pairwise

from pipeline.passages.days import DATE
from pipeline.passages.drafts import SENTENCE_WORDS, TITLE_CHARS, TITLE_LEAST, Draft
from pipeline.passages.furniture import is_letterhead, is_menu_word, is_release
from pipeline.passages.lines import count_words, ends_sentence
from pipeline.passages.stamps import is_clock, read_label, read_record, read_stamp

# Longer lines are no headings.
HEADING_WORDS, HEADING_CHARS = 16, 120
# Headings right above one another; more short lines in a row are a list of names.
HEADING_CHAIN = 3
# A page header is no longer than this.
HEADER_BLOCKS = 12
# A line of so many words below the title is its second deck, and no rubric.
DECK_WORDS = 8

# `Announcement, June 1, 2018`: a few words and a day, told of the page and not of the story.
_DATED = re.compile(rf"(?:[\w.'-]{{1,30}} ){{0,2}}[\w.'-]{{1,30}}, (?:{DATE})", re.I)
# `May 2019`, all that some pages tell of their day.
_MONTH = re.compile(rf"(?:{'|'.join(calendar.month_name[1:])}),? \d{{4}}")
_LABEL = re.compile(r"(?:BYLINE|SECTION|LENGTH|DATELINE|LOAD-DATE|EDITION): ")
_PLACE_WORDS = 3
# A line of fewer words below the title may be a writer: `Anna Lind for the Herald`.
_TOLD_WORDS = 6
# `A view of the bay of Apia (Northwire)`
_CREDITED = re.compile(r"\w \([A-Z][\w/ .&-]{1,30}\)$")
_SITE_NAME = re.compile(r" (?:[|•·:-]|::|--) ")


def mark_marked_title(drafts: list[Draft]) -> None:
    """`= X =` or `# X` above all running text is the title."""
    for draft in drafts[:HEADER_BLOCKS]:
        if draft.running:
            return
        if draft.kind == "heading" and draft.level == 1:
            draft.kind, draft.level = "title", 0
            return


def _key(plain: str) -> str:
    return " ".join(plain.lower().split())


def title_words(plain: str) -> str:
    """A page title without the name of the site behind it.

    Example:
        >>> title_words("Ferry line opens - Coastal Herald")
        'Ferry line opens'
    """
    parts = list(_SITE_NAME.finditer(plain[: 2 * TITLE_CHARS]))
    return plain[: parts[-1].start()] if parts else plain


def mark_repeated_title(drafts: list[Draft]) -> str | None:
    """Marks the first line and its repetition, `Ferry opens - Herald` and `Ferry opens`."""
    if len(drafts) < 3 or any(draft.kind == "title" for draft in drafts[:HEADER_BLOCKS]):
        return None
    first = drafts[0]
    if first.kind is not None or first.cue or not first.title_like:
        return None
    for name in dict.fromkeys((_key(title_words(first.plain)), _key(first.plain))):
        again = [
            draft
            for draft in drafts[1:]
            if draft.kind is None
            and len(draft.plain) <= 2 * TITLE_CHARS
            # Pages print it for the eye and again for the picture: `Ferry opens Ferry opens`.
            and _key(draft.plain) in (name, f"{name} {name}")
        ]
        # `The Coastal Herald` in the first line and as the writer is the name of the site.
        least = TITLE_LEAST if name == _key(first.plain) else TITLE_LEAST - 1
        if again and count_words(name) >= least:
            for draft in (first, *again):
                draft.kind = "title"
            return name
    return None


def _mark_showings(drafts: Sequence[Draft]) -> None:
    """The same words as the title, elsewhere on the page, are the title again."""
    title = next((draft for draft in drafts if draft.kind == "title"), None)
    if title is None or title.words < TITLE_LEAST:
        return
    name = _key(title_words(title.plain))
    for draft in drafts:
        short = draft.kind is None and len(draft.plain) <= 2 * TITLE_CHARS
        if short and _key(draft.plain) == name:
            draft.kind = "title"


def mark_header(drafts: list[Draft], title_is_known: bool) -> None:
    """The title and the record of the page above its first running text."""
    page = [draft for draft in drafts if draft.kind not in ("boilerplate", "caption")]
    page = _without_button(page[: 3 * HEADER_BLOCKS])
    titles = [n for n, draft in enumerate(page) if draft.kind == "title"]
    # A title that the page repeats may have its record behind either showing.
    starts = [n + 1 for n in titles] if title_is_known else [0]
    for start in starts:
        head = _header(page[start:])
        stamps = [n for n, draft in enumerate(head) if _is_dated(draft)]
        for n in stamps:
            head[n].kind = "metadata"
        if not titles:
            title = _title_in(head, stamps, page)
            if title is not None:
                title.kind = "title"
        _mark_showings(page)
        _mark_record(head, bool(stamps))
        _mark_site_parts(head)


def _without_button(page: list[Draft]) -> list[Draft]:
    """The page without the one name of a menu, `All news`, that stands above its title."""
    opens = len(page) > 1 and page[0].kind is None and page[0].cue
    if opens and page[1].title_like and page[1].words >= TITLE_LEAST and not page[1].cue:
        page[0].kind = "metadata"
        return page[1:]
    return page


def _mark_record(head: Sequence[Draft], is_stamped: bool) -> None:
    """What stands around the title: decks are text, buttons furniture, the rest record."""
    titled = stamped = labelled = False
    for draft in head:
        # `NEWSPAPER SECTION:` has its value on the next line.
        is_value, labelled = labelled, draft.kind == "metadata" and draft.plain[-1] == ":"
        titled = titled or draft.kind == "title"
        stamped = stamped or _is_dated(draft)
        if draft.kind is not None or draft.content or draft.leads_in:
            continue
        if titled and draft.words > TITLE_LEAST and _CREDITED.search(draft.plain[-40:]):
            draft.kind = "caption"
        elif _MONTH.fullmatch(draft.plain):
            draft.kind = "metadata"
        elif draft.words >= DECK_WORDS or draft.plain[-1] == "," or _is_deck(draft.plain):
            draft.kind = "paragraph" if titled else None
        elif is_stamped:
            is_button = titled and stamped and draft.cue is not None and not is_value
            draft.kind = "boilerplate" if is_button else "metadata"


def _mark_site_parts(head: Sequence[Draft]) -> None:
    """`Sign in`, `Subscribe`, today's day, above the title: one alone may be its rubric."""
    title = next((n for n, draft in enumerate(head) if draft.kind == "title"), 0)
    parts = [n for n in range(title) if is_menu_word(head[n].plain)]
    stamps = [n for n, draft in enumerate(head) if _is_dated(draft)]
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


def _is_dated(draft: Draft) -> bool:
    if draft.kind not in (None, "metadata"):
        return False
    plain = draft.plain[:HEADING_CHARS]
    return (
        read_record(plain) is not None
        or is_clock(plain)
        or read_label(plain) is not None
        or _DATED.fullmatch(draft.plain) is not None
        or _is_place_and_day(draft.plain)
    )


def _is_place_and_day(plain: str) -> bool:
    """Whether a line is a place and a day in any language: `Lima, 9 de mayo de 2019`."""
    place, _, day = plain.partition(", ")
    return len(place.split()) <= _PLACE_WORDS and place.istitle() and read_stamp(day) is not None


def _header(page: Sequence[Draft]) -> list[Draft]:
    """The blocks up to the first running text; a standfirst may stand above the stamp."""
    standfirst = False
    for n, draft in enumerate(page[: HEADER_BLOCKS + 1]):
        if draft.kind == "list_item" and n and any(map(_is_dated, page[n + 1 : n + 5])):
            # Some pages sum the story up in items between its title and its day.
            continue
        if draft.kind in ("list_item", "table_row", "heading", "caption") or (
            n and draft.kind == "title"
        ):
            return list(page[:n])
        if draft.running:
            dated = any(_is_dated(later) for later in page[n + 1 : n + 5])
            # Below a story of one paragraph the stamps are those of other stories.
            if standfirst or not dated or not any(later.running for later in page[n + 1 :]):
                return list(page[:n])
            standfirst = True
    return list(page[:HEADER_BLOCKS])


def _title_in(head: Sequence[Draft], stamps: Sequence[int], page: Sequence[Draft]) -> Draft | None:
    likely = [d for d in head if d.kind is None and not d.cue and d.title_like]
    label = next((n for n, draft in enumerate(head) if _LABEL.match(draft.plain)), 0)
    if label and (above := [draft for draft in head[:label] if draft in likely]):
        # Collections print paper and day, the title, and then its labels: `LENGTH: 300 words`.
        return above[-1]
    if stamps and len(likely) == 1 and len(page) == len(stamps) + 1:
        # Some collections keep the headline and the day alone.
        return likely[0] if likely[0].words >= TITLE_LEAST else None
    if not likely or not any(d.content and d.words >= SENTENCE_WORDS for d in page):
        return None
    if stamps:
        released = any(is_release(draft.plain) for draft in head[: stamps[-1]])
        return _title_by_stamp(likely, [head[n] for n in stamps], released)
    # Above the title may stand its slug, `URGENT`, a name of an agency.
    first = next((n for n, draft in enumerate(page) if draft.kind != "metadata"), len(page))
    if len(page) < first + 2 or page[first] is not likely[0] or likely[0].words < 2:
        return None
    # Above a list or a table stands its heading; numbered statements are no such list.
    below = page[first + 1]
    listed = below.kind == "list_item" and not (below.sentence and below.words >= SENTENCE_WORDS)
    return None if listed or below.kind == "table_row" else likely[0]


def _title_by_stamp(
    likely: Sequence[Draft], stamps: Sequence[Draft], released: bool
) -> Draft | None:
    """Rubric, title, deck: the first long enough of the lines right above a stamp, or below it."""
    borders = [0, *(stamp.start for stamp in stamps)]
    groups = [
        [draft for draft in likely if first <= draft.start < last][-3:]
        for first, last in pairwise(borders)
    ]
    if released:
        # `Council of Ports`, `Press release`, the day: the title of such a page is below them.
        below = [d for d in likely if d.start > borders[-1] and d.words >= TITLE_LEAST]
        if below:
            return below[0]
    days = {record.readings for stamp in stamps if (record := read_record(stamp.plain))}
    if len(days) > 1:
        # The page's own day stands on top, under the name or motto of the site.
        groups = [*groups[1:], groups[0]]
    groups.append([draft for draft in likely if draft.start > borders[-1]])
    nearest = [draft for group in groups for draft in group]
    nearest = [draft for draft in nearest if not is_letterhead(draft.plain)] or nearest
    best = next((draft for draft in nearest if draft.words >= TITLE_LEAST), None)
    best = best or max(nearest, key=lambda draft: draft.words)
    return best if best.words >= 2 else None


def mark_headings(drafts: list[Draft]) -> None:
    """Short lines that stand above text, at most `HEADING_CHAIN` above one another."""
    shown = [draft for draft in drafts if draft.kind != "boilerplate"]
    for above, draft in pairwise(shown):
        # `Country`, `Since`, `Notes`, each on a line: the head of a table whose bars are gone.
        if draft.kind == "heading" and not draft.level and not draft.after_blank:
            column = draft.plain.lower() == "notes" and above.kind is None and not above.sentence
            draft.kind = None if column and above.words <= TITLE_LEAST else "heading"
    chain: list[Draft] = []
    below = shown[-1] if shown else None
    leads = False
    for n in range(len(shown) - 1, -1, -1):
        draft = shown[n]
        if leads and _heading_like(draft) and (n == 0 or _finished(shown[n - 1])):
            chain.append(draft)
            continue
        _close_chain(chain, below, draft)
        leads = draft.content and draft.kind not in ("caption", "heading")
        below = draft
    _close_chain(chain, below, None)
    _mark_deck(shown)


def _mark_deck(shown: Sequence[Draft]) -> None:
    """Lines between the title and the story, where no other part of it has a heading.

    `Foreign Minister Anna Lind`, below the title, is what is left of a picture.
    """
    headings = [n for n, draft in enumerate(shown) if draft.kind == "heading"]
    if not headings or any(draft.running for draft in shown[: headings[-1]]):
        return
    follows = shown[headings[-1] + 1 :]
    if any(shown[n].level for n in headings) or not (follows and follows[0].running):
        return
    if all(draft.kind in (None, "paragraph", "metadata") for draft in follows):
        for n in headings:
            shown[n].kind = "paragraph"


def _close_chain(chain: list[Draft], below: Draft | None, above: Draft | None) -> None:
    """Makes the lines headings, unless they are so many that they are a list of names.

    Such a list inside the story has its heading on top, and behind it stands that of the text
    below: `Members`, the names, `Trade`.

    Args:
        chain: the lines, the last one first.
        below: the text below them.
        above: what stands above them.
    """
    if len(chain) <= HEADING_CHAIN:
        for draft in chain:
            draft.kind = "heading"
    elif above is not None and above.running and below is not None:
        first, *names, last = reversed(chain)
        for draft in names:
            draft.kind = "list_item"
        # Blank lines around a dense list part it from the text, and it has no heading in it.
        dense_below = below.after_blank and not last.after_blank
        dense_above = first.after_blank and not names[0].after_blank
        first.kind = "list_item" if dense_above else "heading"
        last.kind = "list_item" if dense_below else "heading"
    chain.clear()


def _heading_like(draft: Draft) -> bool:
    plain = draft.plain
    return (
        draft.kind is None
        and draft.line_count == 1
        and draft.words <= HEADING_WORDS
        and len(plain) <= HEADING_CHARS
        and not draft.sentence
        and plain[-1] not in ",;:"
        and not plain[0].islower()
        # `QUESTION: Will they sign?` is speech; a day stands above a table's cell.
        and not (plain[-1] == "?" and ": " in plain)
        and read_record(plain) is None
        and not is_clock(plain)
        and any(sign.isalpha() for sign in plain)
    )


def _finished(draft: Draft) -> bool:
    return (
        draft.kind not in (None, "paragraph")
        or ends_sentence(draft.plain)
        or draft.plain[-1] in ":;"
        or draft.words <= HEADING_WORDS
    )
