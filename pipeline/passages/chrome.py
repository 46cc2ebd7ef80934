"""Page furniture that its neighbours tell: menus, lists of other stories, the foot of a page.

A paragraph of prose is never furniture here: only short lines that are no sentences are.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from pipeline.passages.drafts import LONG_WORDS, SENTENCE_WORDS, TITLE_LEAST, Draft
from pipeline.passages.languages import LATIN, main_script
from pipeline.passages.lexicon import (
    is_menu_word,
    is_sign_up,
    speaks_to_reader,
)
from pipeline.passages.links import mark_links
from pipeline.passages.nameplates import is_letterhead, is_release, names_site
from pipeline.passages.stamps import is_clock, read_label, read_record, read_stamp

# `Peru,Lima,port of Lima`
_KEY_WORDS = re.compile(r"[^,.]{2,40}(?:,[^,.\s][^,.]{1,40}){2,30}")

_ADDRESS = re.compile(r"(?:[a-z]{2,12} ?: ?)?https?://", re.I)

# Cues close together that make a menu.
MENU_CUES = 3
# A menu that opens a page: lines of so few words, so many lines.
MENU_WORDS, MENU_LINES = 3, 6
# Lines of a box above and below its prompt.
BOX_LINES = 4
# Title, deck, writer and buttons above the stamp of a page.
_HEAD_LINES = 5
# Title and buttons right above the story.
_ABOVE_STORY = 3
# Furniture in a first block that makes all of it furniture.
_BLOCK_CUES = 2
_WIDE = re.compile(r"(?<=\S) {2,}(?=\S)")
# Lines below the story with more words than this may be a part of it.
LEAST_STORY = 6


def mark_foreign(drafts: list[Draft]) -> None:
    """Lines in another script than the Latin one of the page are widgets of its site."""
    for draft in drafts:
        # A stamp in the language of the site is the stamp of the page.
        if not draft.plain.isascii() and draft.kind is None and read_record(draft.plain) is None:
            script = main_script(draft.plain)
            if script not in (None, LATIN) and sum(map(str.isalpha, draft.plain[:200])) >= 3:
                draft.kind = "boilerplate"


def mark_furniture(drafts: list[Draft]) -> None:
    """Menus, buttons, lists of other stories and the foot of the page."""
    for draft in drafts:
        if draft.cue in ("strong", "links"):
            draft.kind = "boilerplate"
    mark_links(drafts)
    _mark_menus(drafts)
    _mark_between_titles(drafts)
    _mark_first_menu(drafts)
    _mark_site(drafts)
    _mark_first_block(drafts)
    _mark_boxes(drafts)
    _mark_foot(drafts)
    _mark_counters(drafts)


def _mark_menus(drafts: list[Draft]) -> None:
    """Stretches of short lines with several names of site parts among them."""
    start = 0
    story = next((n for n, draft in enumerate(drafts) if draft.running), len(drafts))
    for n in range(len(drafts) + 1):
        if n < len(drafts) and _may_be_menu(drafts[n]):
            continue
        cues = [m for m in range(start, n) if drafts[m].cue]
        if cues and is_release(drafts[cues[-1]].plain):
            # `Press release`, right behind the menu, is what the page is.
            cues.pop()
        if n < len(drafts) and cues and cues[-1] == n - 1 and _heads(drafts[n - 1], drafts[n]):
            cues.pop()
        if n <= story:
            cues = _above_title(drafts, start, n, cues)
        # `They will work together in:` leads in a list of the story.
        led_in = 0 < start < n and drafts[start].kind == "list_item" and drafts[start - 1].leads_in
        if len(cues) >= MENU_CUES and 8 * len(cues) >= n - start and not led_in:
            # What stands between two showings of the title is menu from end to end.
            before_title = n < len(drafts) and drafts[n].kind == "title"
            after_title = start > 0 and drafts[start - 1].kind == "title"
            first = start if after_title else cues[0]
            last = n - 1 if before_title else cues[-1]
            for m in range(first, last + 1):
                drafts[m].kind = "boilerplate"
        start = n + 1


def _heads(draft: Draft, below: Draft) -> bool:
    """Whether a name of a site part is the heading of what stands right below: `Summary`."""
    is_text = below.kind == "list_item" or below.running
    return draft.after_blank and is_text and not below.after_blank and draft.cue == "weak"


def _above_title(drafts: Sequence[Draft], start: int, end: int, cues: list[int]) -> list[int]:
    """The cues of a menu above the title, where stamp or story stand right behind it all.

    Between the menu and the stamp stand title, deck and writer, with buttons among them; right
    above the story the title and a button or two.
    """
    if end == len(drafts) or not (drafts[end].running or read_record(drafts[end].plain)):
        return cues
    lines = _ABOVE_STORY if drafts[end].running else _HEAD_LINES
    near = range(max(start, end - lines), end)
    title = next(
        (n for n in near if not drafts[n].cue and drafts[n].kind is None and _is_title(drafts[n])),
        None,
    )
    return cues if title is None else [n for n in cues if n < title]


def _is_title(draft: Draft) -> bool:
    return draft.title_like and draft.words > TITLE_LEAST and not names_site(draft.plain)


def _mark_between_titles(drafts: Sequence[Draft]) -> None:
    """Short lines up to the last known one between two showings of the title above the story."""
    story = next((n for n, draft in enumerate(drafts) if draft.running), len(drafts))
    titles = [n for n in range(story) if drafts[n].kind == "title"]
    for first, second in pairwise(titles):
        known = [n for n in range(first + 1, second) if drafts[n].cue]
        between = drafts[first + 1 : known[-1] + 1] if known else []
        if all(each.kind in (None, "boilerplate") and each.words <= MENU_WORDS for each in between):
            for each in between:
                each.kind = "boilerplate"


def _mark_first_menu(drafts: list[Draft]) -> None:
    """The lines of a word or two that open a page, in any language, up to its title."""
    end = 0
    while (
        end < len(drafts)
        and drafts[end].kind in (None, "boilerplate")
        and (
            drafts[end].words <= MENU_WORDS
            or drafts[end].kind == "boilerplate"
            # The name of the site may be longer, on top of its menu.
            or (end <= 1 and names_site(drafts[end].plain))
        )
        and not drafts[end].sentence
        and read_record(drafts[end].plain) is None
    ):
        end += 1
    if end == 0 or end == len(drafts) or any(is_release(draft.plain) for draft in drafts[:end]):
        return
    follows = drafts[end]
    known = sum(draft.kind == "boilerplate" or bool(draft.cue) for draft in drafts[:end])
    titled = follows.kind == "title" or (follows.title_like and follows.words >= TITLE_LEAST)
    if titled and (end >= MENU_LINES or (known and end >= MENU_CUES)):
        for draft in drafts[:end]:
            draft.kind = "boilerplate"


def _mark_site(drafts: list[Draft]) -> None:
    """The name of a site in the first line, above its menu; the title of the page is below."""
    end = 1
    while end < len(drafts) and drafts[end].kind == "boilerplate":
        end += 1
    if end == 1 or end == len(drafts) or drafts[0].kind is not None or drafts[0].running:
        return
    # Share buttons stand below a title too, and the name of a site part does not.
    menu = any(is_menu_word(draft.plain) or _is_menu_row(draft) for draft in drafts[1:end])
    title = drafts[end]
    if menu and (title.kind == "title" or (title.title_like and title.words >= TITLE_LEAST)):
        drafts[0].kind = "boilerplate"


def _is_menu_row(draft: Draft) -> bool:
    """Whether a line is a menu in one row: `Home  About  Archive`."""
    return draft.cue == "strong" and draft.words > 2 and is_menu_word(draft.plain.split()[0])


def _mark_first_block(drafts: list[Draft]) -> None:
    """The lines that open a page without a blank line among them, if some are furniture.

    The title stands below the blank line: `Herald`, `Live`, `Sign in`, then the story.
    """
    end = next((n for n, draft in enumerate(drafts) if n and draft.after_blank), len(drafts))
    block = drafts[:end]
    known = sum(draft.kind == "boilerplate" for draft in block)
    if known < _BLOCK_CUES or not all(map(_may_stand_on_top, block)):
        return
    below = next((n for n in range(end, len(drafts)) if drafts[n].running), len(drafts))
    if any(each.kind == "title" or _is_title(each) for each in drafts[end:below]):
        for draft in block:
            draft.kind = "boilerplate"


def _may_stand_on_top(draft: Draft) -> bool:
    if draft.kind == "boilerplate":
        return True
    if draft.kind not in (None, "metadata") or draft.sentence or is_release(draft.plain):
        return False
    # A row of names between wide blanks, a line that leads to another page: `Storm warning  >`.
    is_row = len(_WIDE.findall(draft.plain)) > 1 or draft.plain[-1] == ">"
    short = draft.words <= MENU_WORDS + 1 or is_row or names_site(draft.plain)
    return short and read_record(draft.plain) is None and not is_letterhead(draft.plain)


def _mark_boxes(drafts: list[Draft]) -> None:
    """The lines of a box inside the story: its name and its lines above a prompt to sign up."""
    for n, draft in enumerate(drafts):
        if draft.cue != "strong" or not is_sign_up(draft.plain):
            continue
        for direction in (-1, 1):
            m = n + direction
            while 0 <= m < len(drafts) and abs(m - n) <= BOX_LINES and _is_in_box(drafts[m]):
                drafts[m].kind = "boilerplate"
                m += direction


def _is_in_box(draft: Draft) -> bool:
    """Whether a line beside a prompt to sign up speaks to the reader: `in your inbox daily`."""
    return draft.kind == "boilerplate" or (
        draft.kind is None and draft.words <= LONG_WORDS and speaks_to_reader(draft.plain)
    )


def _may_be_menu(draft: Draft) -> bool:
    if draft.cue or draft.kind == "boilerplate" or _is_host(draft):
        return True
    if draft.kind is not None or draft.running or draft.leads_in:
        return False
    # `The works employ 600 people.` between two buttons is the story.
    if draft.sentence and draft.words >= TITLE_LEAST:
        return False
    return read_record(draft.plain) is None


def _is_host(draft: Draft) -> bool:
    """Whether a line is the bare host of a site, which stands in menus too."""
    return draft.kind == "metadata" and draft.words == 1 and not {"@", ":"} & set(draft.plain)


def _mark_foot(drafts: list[Draft]) -> None:
    """All short lines behind the last of the story, if one of them is furniture."""
    last = max((n for n, draft in enumerate(drafts) if draft.content), default=-1)
    foot = drafts[last + 1 :]
    if last < 0 or not any(draft.cue in ("strong", "links") for draft in foot):
        return
    first = next(n for n, draft in enumerate(foot) if draft.cue or draft.kind != "metadata")
    # A line about the writer is still the record of the page, and so is what stands above it.
    prose = [n for n, each in enumerate(foot) if each.kind == "metadata" and each.sentence]
    first = max([first, *(n + 1 for n in prose if foot[n].words >= SENTENCE_WORDS)])
    for draft in foot[first:]:
        draft.kind = "boilerplate"


def _mark_counters(drafts: list[Draft]) -> None:
    """Lone figures beside furniture: counts of comments, pages of a gallery."""
    for direction in (1, -1):
        beside = False
        for draft in drafts[::direction]:
            if beside and draft.kind is None and re.fullmatch(r"[\d /()]{1,9}", draft.plain):
                draft.kind = "boilerplate"
            beside = draft.kind == "boilerplate"


def mark_addresses(drafts: list[Draft]) -> None:
    """Addresses that stand in no menu are a record of the page, and no text."""
    for draft in drafts:
        if draft.kind is None and draft.words <= 2 and _ADDRESS.match(draft.plain):
            draft.kind = "metadata"


def mark_tail(drafts: list[Draft]) -> None:
    """What stands below the last text of the story, where a record of the page stands there too."""
    last = max((n for n, draft in enumerate(drafts) if draft.content), default=-1)
    tail = drafts[last + 1 :]
    if last < 0 or not tail:
        return
    if tail[-1].kind is None and _KEY_WORDS.fullmatch(tail[-1].plain):
        tail[-1].kind = "boilerplate"
    # Films of other stories stand below with their lengths: `01:13`.
    films = sum(draft.kind is None and is_clock(draft.plain) for draft in tail) > 1
    opened = labelled = False
    for draft in tail:
        # `Date modified:` and the day on the next line.
        if draft.kind is None and (labelled or draft.plain[-1] == ":"):
            record = read_stamp(draft.plain) if labelled else read_label(draft.plain)
            labelled = record is not None and not labelled
            draft.kind = None if record is None else "metadata"
        opened = opened or draft.kind == "metadata" or bool(draft.cue) or films
        if draft.kind is not None or not opened or (draft.words > LEAST_STORY and not films):
            continue
        draft.kind = "boilerplate" if draft.cue or not _is_code(draft) else "metadata"


def _is_code(draft: Draft) -> bool:
    """Whether a line is the clock or the number of a page: `16:02 LOCAL TIME`, `0031`."""
    return is_clock(draft.plain) or not any(map(str.isalpha, draft.plain))
