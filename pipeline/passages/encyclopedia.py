"""Pages of an encyclopedia pasted as text: what stands between their title and their text.

Above the title stands the menu of the site and the list of contents, below it the tools of the
page (`Article`, `Talk`, `12 languages`, `From ..., the free encyclopedia`), and then the box of
facts, whose names and values, each on a line, are no headings.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.passages.drafts import Draft
from pipeline.passages.furniture import kind_by_pattern

# The menu and the list of contents may take so many lines, a box of facts so many.
_MENU_LINES, _BOX_LINES = 200, 80

_COUNT = re.compile(r"(?:add|\d{1,3}) languages?", re.I)
_TOOLS = re.compile(r"(?:article|page|main page) (?:talk|discussion)\b.{0,80}", re.I)
_FROM = re.compile(
    r"from [\w ]{3,30}, the (?:\w{3,15} )?(?:encyclopa?edia|travel guide)\b.{0,40}", re.I
)
_DRAWING = re.compile(r"(?:map (?:indicating|showing)|location map of) .{3,120}", re.I)
_SWITCH = re.compile(r"\[? ?edit(?: source)? ?\]?", re.I)
_WORDS = re.compile(r"[^\W_]+")
# `Flag of Kenya.svg`: the name of a picture, where the page had the picture.
_PICTURE = re.compile(r".{1,100}\.(?:svg|png|jpe?g|gif|webp)", re.I)


def mark_title_and_tools(drafts: Sequence[Draft]) -> None:
    """The title right above the tools of the page, and what stands above it as its menu."""
    at = next((n for n, _ in enumerate(drafts[:_MENU_LINES]) if _is_tool(drafts, n)), None)
    if at is None or any(draft.running for draft in drafts[:at]):
        return
    title = at - 1
    while title >= 0 and (drafts[title].cue or drafts[title].kind == "boilerplate"):
        title -= 1
    if title < 0 or drafts[title].kind not in (None, "heading", "title", "list_item"):
        return
    for draft in drafts[:title]:
        draft.kind = "boilerplate"
    drafts[title].kind, drafts[title].level = "title", 0
    below = at
    while below < len(drafts) and _is_furniture(drafts, below):
        drafts[below].kind = "boilerplate"
        below += 1
    _mark_box(drafts, below)


def mark_pictured_box(drafts: Sequence[Draft]) -> None:
    """The box of facts of a copied page, told by the names of its pictures below the title.

    The first line of the page is its title, and stands once more above the pictures.
    """
    pictures = [n for n, draft in enumerate(drafts[:_BOX_LINES]) if _PICTURE.fullmatch(draft.plain)]
    if len(pictures) < 2 or any(draft.running for draft in drafts[: pictures[1]]):
        return
    again = [n for n in range(1, pictures[0]) if drafts[n].plain == drafts[0].plain]
    if not again or drafts[0].cue or not drafts[0].title_like:
        return
    drafts[0].kind, drafts[0].level = "title", 0
    _mark_box(drafts, again[0])
    for n in pictures:
        drafts[n].kind = "boilerplate"


def mark_legend(drafts: Sequence[Draft]) -> None:
    """The names below the map of a page on two states, which stand in its title."""
    title = next((n for n, draft in enumerate(drafts) if draft.kind == "title"), None)
    if title is None:
        return
    named = set(_WORDS.findall(drafts[title].plain.lower()))
    end = title + 1
    while end < min(len(drafts), title + _BOX_LINES) and not drafts[end].running:
        if drafts[end].kind in ("heading", "list_item", "table_row"):
            return
        if drafts[end].kind == "caption" and _DRAWING.fullmatch(drafts[end].plain):
            _mark_box(drafts, end + 1)
            return
        if _is_named(drafts[end], named):
            drafts[end].kind = "table_row"
        end += 1
    # On pages for telephones the box of facts stands behind the first paragraph.
    names = drafts[end + 1 : end + 3]
    if len(names) == 2 and all(_is_named(draft, named) for draft in names):
        _mark_box(drafts, end + 1)


def _is_named(draft: Draft, named: set[str]) -> bool:
    if draft.kind is not None or draft.sentence or draft.plain[-1] in ":,":
        return False
    words = set(_WORDS.findall(draft.plain.lower()))
    return bool(words) and words < named


def mark_switches(drafts: Sequence[Draft]) -> None:
    """`edit` on a line of its own below each heading, as on pages for telephones."""
    switches = [n for n, draft in enumerate(drafts) if n and _SWITCH.fullmatch(draft.plain)]
    if len(switches) < 2:
        return
    for n in switches:
        above = drafts[n - 1]
        if above.kind == "heading" or (above.kind is None and above.title_like and not above.cue):
            above.kind = "heading"
            drafts[n].kind = "boilerplate"


def _is_furniture(drafts: Sequence[Draft], n: int) -> bool:
    draft = drafts[n]
    return bool(draft.cue) or draft.kind == "boilerplate" or _is_tool(drafts, n)


def _is_tool(drafts: Sequence[Draft], n: int) -> bool:
    plain = drafts[n].plain
    if _COUNT.fullmatch(plain) or _TOOLS.fullmatch(plain) or _FROM.fullmatch(plain):
        return True
    beside = drafts[n + 1].plain.lower() if n + 1 < len(drafts) else ""
    return plain.lower() in ("article", "page") and beside in ("talk", "discussion")


def _mark_box(drafts: Sequence[Draft], start: int) -> None:
    """Names and values of the box of facts, up to the first running text or heading, are cells."""
    end = start
    while end < len(drafts) and end - start < _BOX_LINES and not drafts[end].running:
        if drafts[end].kind == "heading" or kind_by_pattern(drafts[end].plain) == "heading":
            break
        end += 1
    if end == len(drafts) or end - start == _BOX_LINES:
        return
    for draft in drafts[start:end]:
        # `The lake is frozen.` is the first sentence, though short.
        if draft.kind in (None, "list_item") and not draft.cue and not draft.sentence:
            draft.kind = "table_row"
