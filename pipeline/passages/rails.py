"""What stands around the story of a whole page that was flattened, tags and all.

A menu that is known in part makes the short lines beside it, up to the title, furniture too; so
does a foot that is known in part with the short lines in it.  The weather of a site and the day
beside it tell nothing of the story; a day that stands alone right below the story is its own.

The method is that of the short blocks of jusText (`layout`): they take their nature from what is
known around them, and only where most that is around them is known.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from pipeline.passages.drafts import HEAD_LINES, TITLE_LEAST, Draft
from pipeline.passages.lexicon import is_root
from pipeline.passages.nameplates import names_site
from pipeline.passages.stamps import Stamp, read_record, read_stamp

# A menu has so many lines above the first text, and so many of them are known.
_TOP_LINES, _TOP_KNOWN = 20, 6
# The title stands within so many lines above the first text, its stamp within so many below it.
_NEAR, _STAMP_NEAR = 16, 3
# A second line of a headline, or a deck, has more words than a name.
_LONG_TITLE = 6
# A foot opens where so many more lines are known than not; of all its lines at least a third are,
# and at most a twelfth are running text.
_FOOT_OPENS, _KNOWN_SHARE, _TOLD_SHARE = 10, 3, 12
# Paragraphs of a story stand no further apart.
_STORY_GAP = 3
# Words of a day alone on its line.
_STAMP_WORDS = 5
# Words of a town beside the weather or the day.
_TOWN_WORDS = 3

_DEGREES = re.compile(r"-?\d{1,2}(?:\.\d)? ?[°º˚]? ?[CF]?")


def mark_weather(drafts: Sequence[Draft]) -> None:
    """The day and the town beside the weather on top of a page: they are those of the reader."""
    head = drafts[:HEAD_LINES]
    for n, draft in enumerate(head):
        if draft.kind != "boilerplate" or not _DEGREES.fullmatch(draft.plain):
            continue
        for beside in head[max(0, n - 2) : n + 3]:
            stamp = read_stamp(beside.plain)
            is_town = beside.words <= _TOWN_WORDS and not beside.sentence and stamp is None
            if beside.kind is None and (is_town or (stamp is not None and stamp.role == "plain")):
                beside.kind = "boilerplate"


def mark_glued_path(drafts: Sequence[Draft]) -> None:
    """The path of a page that lost its signs: `HomeTradePortsFerry opens` above `Ferry opens`."""
    for n, draft in enumerate(drafts[: HEAD_LINES // 2]):
        if draft.kind is not None or not is_root(draft.plain):
            continue
        for below in drafts[n + 1 : n + 3]:
            path = draft.plain.removesuffix(below.plain)
            glued = 0 < len(path) < len(draft.plain) and path[-1].isalnum()
            if glued and below.words >= TITLE_LEAST - 1:
                draft.kind = "boilerplate"


def mark_signed_day(drafts: Sequence[Draft]) -> None:
    """The day that stands alone right below the story, with the town above it or without.

    Foreign ministries sign so: `Oslo`, `3 May 2019`.
    """
    last = max((n for n, draft in enumerate(drafts) if draft.running), default=-1)
    tail = drafts[last + 1 :]
    if last < 0 or not tail:
        return
    days = [n for n, draft in enumerate(tail[:2]) if draft.kind is None and _day(draft.plain)]
    if len(days) != 1 or (days[0] and not _is_town(tail[0])):
        return
    if any(draft.words <= _STAMP_WORDS and _day(draft.plain) for draft in drafts[:last]):
        # Another day on a line of its own: that of a comment, or of a part of the page.
        return
    behind = [draft for draft in tail[days[0] + 1 :] if not draft.cue]
    # One more line without a cue may be the cell of a table that lost its bars.
    if any(draft.kind in (None, "list_item", "table_row", "heading") for draft in behind):
        return
    for draft in tail[: days[0] + 1]:
        draft.kind = "metadata"


def _day(plain: str) -> Stamp | None:
    stamp = read_stamp(plain)
    if stamp is None or stamp.role != "plain" or stamp.time is not None:
        return None
    return stamp if stamp.date is not None else None


def _is_town(draft: Draft) -> bool:
    is_name = draft.words <= _TOWN_WORDS and not draft.cue and draft.plain[0].isupper()
    return is_name and draft.kind is None and draft.plain.replace(" ", "").isalpha()


def mark_top(drafts: Sequence[Draft]) -> None:
    """All that stands above the title of a page whose menu is known in part."""
    story = next((n for n, draft in enumerate(drafts) if draft.running), len(drafts))
    top = drafts[:story]
    known = sum(draft.kind == "boilerplate" or bool(draft.cue) for draft in top)
    if story == len(drafts) or len(top) < _TOP_LINES or known < _TOP_KNOWN:
        return
    if any(draft.kind == "title" for draft in top):
        return
    title = _title(top)
    if title is None:
        return
    for n, draft in enumerate(top[:title]):
        stamped = title - n <= _STAMP_NEAR and _is_stamped(draft)
        # `| Subscribe`, the rest of a menu in one row.
        is_row = draft.kind == "table_row" and draft.words <= _TOWN_WORDS
        if (draft.kind in (None, "metadata", "list_item", "heading") or is_row) and not stamped:
            draft.kind = "boilerplate"


def _title(top: Sequence[Draft]) -> int | None:
    """Where the title stands among the last lines above the first text."""
    near = range(max(0, len(top) - _NEAR), len(top))
    likely = [n for n in near if _may_be_title(top[n])]
    stamped = [n for n in likely if any(map(_is_stamped, top[n + 1 : n + 1 + _STAMP_NEAR]))]
    if stamped:
        return stamped[0]
    title = likely[-1] if likely else None
    while title is not None and title - 1 in likely and top[title - 1].words >= _LONG_TITLE:
        title -= 1
    return title


def _may_be_title(draft: Draft) -> bool:
    is_line = draft.kind is None and not draft.cue and draft.title_like
    is_name = names_site(draft.plain) or read_record(draft.plain) is not None
    return is_line and draft.words > TITLE_LEAST and not is_name


def _is_stamped(draft: Draft) -> bool:
    return draft.kind == "metadata" or read_record(draft.plain) is not None


def mark_bottom(drafts: Sequence[Draft]) -> None:
    """The short lines in the foot of a page, where most that stands there is known."""
    running = [n for n, draft in enumerate(drafts) if draft.running]
    if not running:
        return
    end = max((m for n, m in pairwise(running) if m - n <= _STORY_GAP), default=running[0])
    rest = drafts[end + 1 :]
    foot = rest[_opening(rest) :]
    known = sum(draft.kind == "boilerplate" for draft in foot)
    told = sum(draft.running for draft in foot)
    if _KNOWN_SHARE * known < len(foot) or _TOLD_SHARE * told > len(foot):
        return
    for draft in foot:
        # A whole sentence may be the last of the story, behind a box in it.
        is_told = draft.running and draft.sentence
        if draft.kind in (None, "list_item", "heading", "caption") and not is_told:
            draft.kind = "boilerplate"


def _opening(rest: Sequence[Draft]) -> int:
    """Where known lines begin that outnumber the others by `_FOOT_OPENS`; the end if none do."""
    known = first = 0
    for n, draft in enumerate(rest):
        if draft.kind == "boilerplate":
            first = first if known else n
            known += 1
            if known == _FOOT_OPENS:
                return first
        else:
            known = 0 if draft.running else max(0, known - 1)
    return len(rest)
