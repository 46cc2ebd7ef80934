"""What printed pages leave between the lines of a text: running heads and the numbers of pages.

Text taken out of a PDF has the head and the number of each page where the page ended.  A number
alone tells little; that the numbers count on, or that the same line stands beside each, does.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise

from pipeline.passages.drafts import Draft
from pipeline.passages.lexicon import counts_parts

# Longer lines are no running heads.
_HEAD_CHARS = 160
_HEAD_WORDS = 3
_NUMBERED = re.compile(
    r"(?P<first>\d{1,4})(?: ?\| ?| {1,40})(?P<behind>[^\d\s].{3,120})"
    r"|(?P<before>[^\d\s].{3,120}?)(?: ?\| ?| {1,40})(?:page )?(?P<last>\d{1,4})",
    re.I,
)
_NUMBER = re.compile(r"-? ?(?:page |p\. ?)?(\d{1,4})(?: (?:of|/) \d{1,4})? ?-?", re.I)


def mark_running_heads(drafts: Sequence[Draft]) -> None:
    """Short lines that stand again and again, each time or once beside the number of a page."""
    shown: dict[str, list[int]] = defaultdict(list)
    for n, draft in enumerate(drafts):
        if draft.kind is None and len(draft.plain) <= _HEAD_CHARS and not draft.sentence:
            shown[" ".join(draft.plain.split())].append(n)
    _mark_numbered_heads(drafts)
    # `1 of 7` beside a title is the number of a picture.
    figures = {n for n, draft in enumerate(drafts) if _number(draft) and " of " not in draft.plain}
    # Every other line of a list of the most read is a figure too: ranks are no pages.
    numbers = {n for n in figures if not {n - 2, n + 2} & figures}
    story = next((n for n, draft in enumerate(drafts) if draft.running), len(drafts))
    for words, places in shown.items():
        # A page shows its title twice, the second time with a count of comments, above its text.
        beside = [m for n in places for m in (n - 1, n + 1) if m in numbers]
        is_head = any(n > story and (n - 1 in numbers or n + 1 in numbers) for n in places)
        if is_head and len(places) > 1 and not words.isdecimal():
            for n in (*places, *beside):
                drafts[n].kind = "boilerplate"


def _mark_numbered_heads(drafts: Sequence[Draft]) -> None:
    """Heads with the number of the page in the same line: `Review of Ports 12`, `... 13`."""
    heads: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for n, draft in enumerate(drafts):
        found = _NUMBERED.fullmatch(draft.plain) if len(draft.plain) <= _HEAD_CHARS else None
        if draft.kind is None and found is not None:
            words = found["before"] or found["behind"]
            # `Session 2` and `Session 3` are headings.
            if len(words.split()) >= _HEAD_WORDS and not counts_parts(words.split()[-1].strip(".")):
                number = int(found["last"] or found["first"])
                heads[" ".join(words.split())].append((n, number))
    for places in heads.values():
        for (first, one), (second, other) in pairwise(places):
            # Two pages may share one head, the right or the left one.
            if one < other <= one + 2 and any(draft.running for draft in drafts[first:second]):
                drafts[first].kind = drafts[second].kind = "boilerplate"


def mark_page_numbers(drafts: Sequence[Draft]) -> None:
    """Lone figures between paragraphs, and those that count on from one to the next."""
    for above, draft, below in zip(drafts, drafts[1:], drafts[2:], strict=False):
        alone = draft.after_blank and below.after_blank and above.running and below.running
        if alone and _number(draft) is not None:
            draft.kind = "boilerplate"
    numbered = [n for n, draft in enumerate(drafts) if _number(draft) and draft.after_blank]
    for first, second in pairwise(numbered):
        counts_on = _value(drafts[second]) == _value(drafts[first]) + 1
        # Cells of a table that lost its bars count on too, with less than a page between them.
        if counts_on and any(draft.running for draft in drafts[first:second]):
            drafts[first].kind = drafts[second].kind = "boilerplate"


def _number(draft: Draft) -> re.Match[str] | None:
    return None if draft.kind not in (None, "boilerplate") else _NUMBER.fullmatch(draft.plain)


def _value(draft: Draft) -> int:
    match = _NUMBER.fullmatch(draft.plain)
    return int(match[1]) if match else -1
