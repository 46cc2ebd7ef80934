"""Kinds that only the neighbours of a block can tell: title, header, headings.

Page furniture is told apart before, in `chrome`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from pipeline.passages.drafts import TITLE_CHARS, TITLE_LEAST, Draft
from pipeline.passages.lexicon import is_menu_word
from pipeline.passages.lines import count_words, ends_sentence
from pipeline.passages.stamps import is_clock, read_record

# Longer lines are no headings.
HEADING_WORDS, HEADING_CHARS = 16, 120
# Headings right above one another; more short lines in a row are a list of names.
HEADING_CHAIN = 3
# A page header is no longer than this.
HEADER_BLOCKS = 12
# A menu above the story has so many lines.
_TOP_LINES = 20

_SITE_NAME = re.compile(r" (?:[|•·:-]|::|--) ")


def mark_marked_title(drafts: list[Draft]) -> None:
    """`= X =` or `# X` above all running text is the title."""
    for draft in drafts[:HEADER_BLOCKS]:
        if draft.running:
            return
        if draft.kind == "heading" and draft.level == 1:
            draft.kind, draft.level = "title", 0
            return


def title_key(plain: str) -> str:
    """The form in which two showings of a title are the same.

    Example:
        >>> title_key("Ferry  OPENS")
        'ferry opens'
    """
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
    """Marks the first line and its repetition, `Ferry opens - Herald` and `Ferry opens`.

    On a page whose menu stands on top it is the one headline that stands twice above the story.
    """
    return _repeats_first(drafts) or _repeats_in_top(drafts)


def _repeats_in_top(drafts: Sequence[Draft]) -> str | None:
    """The one headline that stands twice above the story, below a menu; teasers are more."""
    if any(draft.kind == "title" for draft in drafts):
        return None
    story = next((n for n, draft in enumerate(drafts) if draft.running), 0)
    if story < _TOP_LINES:
        return None
    shown: dict[str, list[Draft]] = {}
    for draft in drafts[:story]:
        headline = draft.kind is None and not draft.cue and draft.words > TITLE_LEAST
        # `Sign in with a letterSign in with a card`, buttons without a blank between them.
        headline = headline and not is_menu_word(" ".join(draft.plain.split(None, 2)[:2]))
        if headline and draft.title_like and read_record(draft.plain) is None:
            shown.setdefault(title_key(draft.plain), []).append(draft)
    twice = [name for name, showings in shown.items() if len(showings) > 1]
    if len(twice) != 1:
        return None
    for draft in shown[twice[0]]:
        draft.kind = "title"
    return twice[0]


def _repeats_first(drafts: Sequence[Draft]) -> str | None:
    if len(drafts) < 3 or any(draft.kind == "title" for draft in drafts[:HEADER_BLOCKS]):
        return None
    first = drafts[0]
    if first.kind is not None or first.cue or not first.title_like:
        return None
    for name in dict.fromkeys((title_key(title_words(first.plain)), title_key(first.plain))):
        again = [
            draft
            for draft in drafts[1:]
            if draft.kind is None
            and len(draft.plain) <= 2 * TITLE_CHARS
            # Pages print it for the eye and again for the picture: `Ferry opens Ferry opens`.
            and title_key(draft.plain) in (name, f"{name} {name}")
        ]
        # `The Coastal Herald` in the first line and as the writer is the name of the site.
        least = TITLE_LEAST if name == title_key(first.plain) else TITLE_LEAST - 1
        if again and count_words(name) >= least:
            for draft in (first, *again):
                draft.kind = "title"
            return name
    return None


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
