"""Lists of other stories, of key words and of contents: `Related news` and what stands behind it.

The short lines behind such a head belong to it, up to the next running text.  A list shows the
headlines of other stories, with their stamps, their ranks or the words that they begin with, which
break off; a whole sentence ends it.
"""

from __future__ import annotations

import re

from pipeline.passages.drafts import Draft
from pipeline.passages.lexicon import is_table_of_contents
from pipeline.passages.stamps import read_record

_ENTRY = re.compile(r"\d{1,2}(?:\.\d{1,2}){0,3}[.)]? ")
# Words of another story below its headline; how they break off; its place in a list.
_TEASER_WORDS, _CUT_CHARS = 60, 24
_CUT = re.compile(r"(?:…|\.\.\.|\[\.\.\.\]|\[…\])(?: ?(?:read |see )?more\b.{0,4})?$", re.I)
_RANK = re.compile(r"#?\d{1,2}[.)]?")


def mark_links(drafts: list[Draft]) -> None:
    """The short lines behind `Related news`, up to the next text of the story."""
    links: list[Draft] = []
    entries: set[str] = set()
    is_open = has_story = is_contents = False
    for draft in drafts:
        if is_open and draft.kind is None and draft.plain in entries:
            # A table of contents ends where an entry, `1 Trade`, stands as a heading.
            is_open = False
            continue
        has_story = has_story or draft.running
        if draft.cue == "links":
            # `Also read: Ferry line to open` has its one link on the same line, and above the
            # story `Top stories` is a name in a menu.
            is_open = has_story and ":" not in draft.plain.rstrip(": ")
            is_contents = is_table_of_contents(draft.plain)
            links.clear()
            entries.clear()
        elif is_open:
            # A list of other stories prints their stamps and pictures with them.
            stamped = draft.kind == "metadata" and read_record(draft.plain) is not None
            teases = links and (stamped or _is_cut(draft) or _is_ranked(draft, links[-1]))
            if _is_link(draft) or teases:
                draft.kind = "boilerplate"
                links.append(draft)
                if _ENTRY.match(draft.plain):
                    entries.add(_ENTRY.sub("", draft.plain, count=1))
            else:
                is_open = False
                _give_back_heading(links, draft, is_contents)


def _is_link(draft: Draft) -> bool:
    if draft.kind == "boilerplate":
        return True
    if draft.kind == "list_item":
        return not draft.sentence
    return draft.kind is None and not draft.content and not draft.plain.endswith(":")


def _is_cut(draft: Draft) -> bool:
    """Whether words below the headline of another story break off: `The port of Apia ...`."""
    if draft.kind is not None or draft.words > _TEASER_WORDS:
        return False
    return _CUT.search(draft.plain[-_CUT_CHARS:]) is not None


def _is_ranked(draft: Draft, above: Draft) -> bool:
    """Whether a headline stands below its rank in a list of the most read: `3`, `Port opens.`."""
    short = draft.kind is None and draft.words <= _TEASER_WORDS // 2 and draft.line_count == 1
    return short and _RANK.fullmatch(above.plain) is not None


def _give_back_heading(links: list[Draft], following: Draft, is_contents: bool) -> None:
    """The last of a dense list is the heading of what follows, if blank lines part it off.

    A table of contents of one line has lost its lines, and what is left is a heading.
    """
    if is_contents and len(links) == 1 and links[0].after_blank and following.after_blank:
        links[0].kind = None
    dense = any(not link.after_blank for link in links[:-1])
    if len(links) > 1 and dense and links[-1].after_blank and following.after_blank:
        links[-1].kind = None
