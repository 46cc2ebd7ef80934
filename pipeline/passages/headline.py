"""Which line of the header of a page is its title.

It stands nearest to the stamp among names, rubrics, decks and slugs; a page of several short items
has none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from pipeline.passages.days import DATE
from pipeline.passages.drafts import SENTENCE_WORDS, TITLE_LEAST, TITLE_WORDS, Draft
from pipeline.passages.marks import HEADER_BLOCKS, HEADING_CHARS
from pipeline.passages.nameplates import is_letterhead, is_masthead, is_release
from pipeline.passages.stamps import is_clock, read_label, read_record, read_stamp

# `Announcement, June 1, 2018`: a few words and a day, told of the page and not of the story.
_DATED = re.compile(rf"(?:[\w.'-]{{1,30}} ){{0,2}}[\w.'-]{{1,30}}, (?:{DATE})", re.I)
_LABEL = re.compile(r"(?:BYLINE|SECTION|LENGTH|DATELINE|LOAD-DATE|EDITION): ")
_PLACE_WORDS = 3
# A headline in capitals whose first line has so many words, and what no name of a writer holds.
_HEADLINE_WORDS = 3
_SMALL_WORD = re.compile(
    r"\b(?:AT|OF|IN|TO|FOR|ON|WITH|AS|OVER|FROM|AFTER|AND|THE|ITS|NOT|UP|OUT)\b"
)
# `LIMA, May 3 (NPA) -`, at the start of so many items of one page.
_WIRED = re.compile(
    r"[A-ZÀ-Þ][A-ZÀ-Þ'. -]{2,30}(?:, [\w. ]{3,24})?"
    r" ?(?:\([\w. /&-]{2,24}\) ?)?(?:--|-) ?[A-Z\"]"
)
_BULLETIN_ITEMS = 3
# A first line with a full stop is no longer than this where it is a title.
_TOLD_TITLE_WORDS = 16


def join_headline(drafts: list[Draft]) -> None:
    """A headline in capitals that was broken over two lines is one block.

    A second line with a small word, `CARGO AT LIMA`, is no name of a writer.
    """
    for n, (first, second) in enumerate(pairwise(drafts[: 2 * HEADER_BLOCKS])):
        if first.running or first.kind not in (None, "boilerplate", "metadata"):
            return
        below = drafts[n + 2] if n + 2 < len(drafts) else None
        parted = first.after_blank and not second.after_blank
        if not parted or below is None or not below.after_blank:
            continue
        if all(map(_is_headline, (first, second))) and first.words >= _HEADLINE_WORDS:
            if not _SMALL_WORD.search(second.plain) or first.words + second.words > TITLE_WORDS:
                continue
            first.take(second)
            del drafts[n + 1]
            return


def _is_headline(draft: Draft) -> bool:
    plain = draft.plain
    is_open = draft.kind is None and not draft.cue and draft.title_like and plain.isupper()
    return is_open and not (
        is_dated(draft) or is_letterhead(plain) or is_masthead(plain) or is_release(plain)
    )


def is_dated(draft: Draft) -> bool:
    """Whether a line is a stamp, a clock or a label of one, or a few words with a day."""
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
    is_place = place.istitle() or (place.isupper() and place.replace(" ", "").isalpha())
    return len(place.split()) <= _PLACE_WORDS and is_place and read_stamp(day) is not None


def title_in(head: Sequence[Draft], stamps: Sequence[int], page: Sequence[Draft]) -> Draft | None:
    """The title of a page.

    Args:
        head: its lines above the first running text.
        stamps: where among them stamps stand.
        page: its blocks without furniture and captions.
    """
    likely = [d for d in head if d.kind is None and not d.cue and d.title_like]
    label = next((n for n, draft in enumerate(head) if _LABEL.match(draft.plain)), 0)
    if label and (above := [draft for draft in head[:label] if draft in likely]):
        # Collections print paper and day, the title, and then its labels: `LENGTH: 300 words`.
        return above[-1]
    if stamps and len(likely) == 1 and len(page) == len(stamps) + 1:
        # Some collections keep the headline and the day alone.
        return likely[0] if likely[0].words >= TITLE_LEAST else None
    told = any(d.content and d.words >= SENTENCE_WORDS for d in page)
    if not likely or not told or is_bulletin(page):
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


def mark_told_title(drafts: Sequence[Draft]) -> None:
    """A first line with a full stop is the title where the story below opens with its dateline.

    `Envoys to present letters in Lima.`, then `LIMA, May 3 (NPA) - Ten envoys are to ...`
    """
    page = [draft for draft in drafts[: 2 * HEADER_BLOCKS] if draft.kind != "boilerplate"]
    if len(page) < 2 or any(draft.kind == "title" for draft in page):
        return
    first, *below = page
    short = TITLE_LEAST <= first.words <= _TOLD_TITLE_WORDS and first.line_count == 1
    if first.kind is not None or not short or first.plain[-1] != "." or first.plain[0] == '"':
        return
    story = next((n for n, draft in enumerate(below) if draft.running), len(below))
    if story > 1 or story == len(below) or not _WIRED.match(below[story].plain):
        return
    if _WIRED.match(first.plain) is None and all(map(_is_code, below[:story])):
        first.kind = "title"
        for draft in below[:story]:
            draft.kind = "metadata"


def _is_code(draft: Draft) -> bool:
    """Whether a line is the number or slug of a story: `3/5 Coastal 3`."""
    return draft.kind in (None, "metadata") and draft.words <= TITLE_LEAST


def is_bulletin(page: Sequence[Draft]) -> bool:
    """Whether a page holds some short items, each with a headline above its own dateline."""
    items = [
        draft
        for above, draft in pairwise(page)
        if draft.running and _WIRED.match(draft.plain) and above.kind is None and above.title_like
    ]
    return len(items) >= _BULLETIN_ITEMS


def _further_up(likely: Sequence[Draft], stamp: int) -> Draft | None:
    """The title above the lines that name speaker, office and town, each on its own.

    `Remarks With Envoys`, `Anna Lind`, `Secretary of Ports`, `Quay Room`, and then the day.
    """
    above = [draft for draft in likely if draft.start < stamp]
    long = [n for n, draft in enumerate(above) if draft.words >= TITLE_LEAST]
    long = [n for n in long if not _is_own_name(above[n].plain)]
    if not long:
        return None
    # The last long line may be a deck.
    return above[long[-1] - 1 if long[-1] - 1 in long else long[-1]]


def _is_own_name(plain: str) -> bool:
    return is_letterhead(plain) or is_masthead(plain)


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
        # Other offices print the title above the kind of the document, with who speaks below it.
        above = [d for d in likely if d.words >= TITLE_LEAST and not _is_own_name(d.plain)]
        if above:
            return above[0]
    days = {record.readings for stamp in stamps if (record := read_record(stamp.plain))}
    if len(days) > 1:
        # The page's own day stands on top, under the name or motto of the site.
        groups = [*groups[1:], groups[0]]
    groups.append([draft for draft in likely if draft.start > borders[-1]])
    nearest = [draft for group in groups for draft in group]
    nearest = [draft for draft in nearest if not _is_own_name(draft.plain)] or nearest
    best = next((draft for draft in nearest if draft.words >= TITLE_LEAST), None)
    best = best or _further_up(likely, borders[-1])
    best = best or max(nearest, key=lambda draft: draft.words)
    return best if best.words >= 2 else None
