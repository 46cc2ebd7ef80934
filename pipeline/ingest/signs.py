"""What signs a page without a label: the office on top, the owner of its rights, the wire.

An office prints its name above what it publishes, and the state that it belongs to above that.
At the foot stands whose page it is, `© 2019 Coastal Herald`, and the name stands elsewhere on
the page too.  Wire copy closes with the day and hour
at which it was sent.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

from pipeline.passages.layout import Block
from pipeline.passages.nameplates import is_letterhead, is_masthead, is_release, names_site
from pipeline.passages.stamps import read_stamp

# A name of an office or owner is no longer than this; the head and the foot of a page have so many
# blocks.
_NAME_CHARS, _NAME_WORDS, _HEAD_BLOCKS, _FOOT_BLOCKS = 90, 12, 60, 8
# Town and day below the story.
_SIGNED_BLOCKS = 2
# The name of a page stands in so many first blocks.
_TOP_BLOCKS = 3

# The state stands above its ministry, and does not publish itself.
_STATE = re.compile(r"(?:government|republic|kingdom|state|federal republic) of\b", re.I)
_RIGHTS = re.compile(
    r"(?:copyright|©|\(c\)|копирайт)[ ©]*(?:\(c\) ?)?(?:(?:19|20)\d\d(?: ?- ?(?:19|20)\d\d)?,? ?)"
    r"(?:by |the copyright of )?(?P<name>[^\W\d_][^|.,;:()\d]{2,80}?)"
    r"(?:[.,]? ?(?:(?i:all|tous|todos|alle)\b.{0,80})?| ?\|.{0,120}|\. .{0,120}"
    r"|, (?:Inc|Ltd|LLC)\b.{0,80})",
    re.IGNORECASE,
)
_WIDE = re.compile(r" {3,}|[\t|]")
_NO_NAME = re.compile(r"(?:all|the (?:author|publisher)|reserved)\b", re.I)
# `NPA 2019-05-03 1604 GMT`, `AP-WF-05-03-19 1604GMT`: American agencies put the month first.
_SENT = re.compile(r"[A-Z][A-Za-z]{1,9}[ -]{1,3}(?P<day>\d{4}-\d\d-\d\d) \d\d:?\d\d ?(?:GMT|UTC)")
_SENT_SHORT = re.compile(r"AP-[A-Z]{2}-(?P<m>\d\d)-(?P<d>\d\d)-(?P<y>\d\d) \d{4}(?:GMT|EST|EDT)?")


def letterhead(text: str, blocks: Sequence[Block]) -> str | None:
    """The office that prints its name above the title of the page; None where none does."""
    names: list[str] = []
    for block in blocks[:_HEAD_BLOCKS]:
        if block.kind == "title":
            break
        # Behind wide blanks a printed head goes on with the name of the paper.
        words = " ".join(_WIDE.split(text[block.start : block.end])[0].split())
        short = len(words) <= _NAME_CHARS and len(words.split()) <= _NAME_WORDS
        if block.kind in ("metadata", "boilerplate") and short and is_letterhead(block.plain):
            names.append(words)
    else:
        return None
    return next((name for name in names if not _STATE.match(name)), names[0] if names else None)


def nameplate(text: str, blocks: Sequence[Block]) -> str | None:
    """The paper, site or company that prints its name on top of the page; None where none does.

    A rubric, `European Union`, is shaped like such a name: outside a menu only a release or
    the foot of the page, which names it again, tells one from the other.
    """
    released = any(is_release(block.plain) for block in blocks[:_HEAD_BLOCKS])
    for n, block in enumerate(blocks[:_TOP_BLOCKS]):
        if block.kind not in ("boilerplate", "metadata"):
            return None
        if len(block.plain) > _NAME_CHARS or not names_site(block.plain):
            continue
        words = " ".join(text[block.start : block.end].split())
        foot = blocks[max(n + 1, len(blocks) - _FOOT_BLOCKS) :]
        again = any(b.kind == "boilerplate" and words in b.plain != words for b in foot)
        if is_masthead(block.plain) or released or again or block.kind == "boilerplate":
            return words
    return None


def owner(blocks: Sequence[Block]) -> str | None:
    """Who has the rights of the page, as its foot says; None where it names nobody."""
    for block in reversed(blocks[-_FOOT_BLOCKS:]):
        if block.kind not in ("boilerplate", "metadata") or len(block.plain) > 300:
            continue
        match = _RIGHTS.fullmatch(" ".join(block.plain.split()))
        if match is not None and not _NO_NAME.match(match["name"]):
            name = match["name"].strip(" -")
            # The company that owns a paper is named here alone, the paper elsewhere too.
            again = any(name in other.plain for other in blocks if other is not block)
            named = again and name[:1].isupper() and len(name.split()) <= _NAME_WORDS
            return name if named else None
    return None


def signed_day(blocks: Sequence[Block]) -> dt.date | None:
    """The day that stands alone right below the story, as foreign ministries sign what they say.

    Example:
        >>> story, day = "The envoys met.", "3 May 2019"
        >>> below = [Block(0, 15, "paragraph", 0, story), Block(17, 27, "metadata", 0, day)]
        >>> signed_day(below)
        datetime.date(2019, 5, 3)
    """
    told = [n for n, block in enumerate(blocks) if block.kind in ("paragraph", "list_item")]
    below = blocks[told[-1] + 1 :] if told else []
    for block in below[:_SIGNED_BLOCKS]:
        if block.kind != "metadata" or len(block.plain) > _NAME_CHARS:
            return None
        stamp = read_stamp(block.plain)
        if stamp is not None:
            return stamp.date if stamp.role == "plain" and stamp.time is None else None
    return None


def sent(blocks: Sequence[Block]) -> dt.date | None:
    """The day at which wire copy was sent, as its last lines say.

    Example:
        >>> line = "AP-WF-05-03-19 1604GMT"
        >>> sent([Block(0, len(line), "metadata", 0, line)])
        datetime.date(2019, 5, 3)
    """
    for block in reversed(blocks[-_FOOT_BLOCKS:]):
        if len(block.plain) > _NAME_CHARS:
            continue
        whole = _SENT.fullmatch(block.plain)
        short = _SENT_SHORT.fullmatch(block.plain)
        if whole is not None:
            stamp = read_stamp(whole["day"])
            return None if stamp is None else stamp.date
        if short is not None:
            stamp = read_stamp(f"20{short['y']}-{short['m']}-{short['d']}")
            return None if stamp is None else stamp.date
    return None
