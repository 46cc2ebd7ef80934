"""Several stories on one page: each has its headline above its own writer and day.

The header of a page (`header`) is that of its first story; this finds the others.  A line that
could be a title is a headline where a writer or a stamp stands right below it, and text below that.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.passages.drafts import TITLE_LEAST, Draft
from pipeline.passages.stamps import read_stamp

# Writer, day and a button between a headline and its text.
_RECORD_LINES = 3
_WRITER = re.compile(r"by:? [^\W\d_]", re.I)


def mark_stories(drafts: Sequence[Draft]) -> None:
    """Headlines above a writer or stamp, and the bare day below a writer."""
    titled = told = False
    for n, draft in enumerate(drafts[:-1]):
        titled, told = titled or draft.kind == "title", told or draft.running
        if titled and not told:
            # Below the title of the page stand its own deck, writer and day.
            continue
        headed = draft.kind in (None, "paragraph") and draft.title_like and not draft.cue
        if not headed or draft.words < TITLE_LEAST - 1:
            continue
        record = _record(drafts[n + 1 : n + 2 + _RECORD_LINES])
        if not record:
            continue
        draft.kind = "heading"
        for each in record:
            each.kind = each.kind or "metadata"


def _record(below: Sequence[Draft]) -> Sequence[Draft]:
    """The writer and the stamp below a headline, right above text; none where they are not."""
    signed = False
    for n, draft in enumerate(below):
        if n and draft.running:
            return below[:n]
        if draft.kind == "metadata":
            signed = signed or _WRITER.match(draft.plain) is not None
        elif draft.kind == "boilerplate" and n:
            continue
        elif not signed or draft.kind is not None or read_stamp(draft.plain) is None:
            # A bare day that no writer stands above is what a list of days tells.
            return ()
    return ()
