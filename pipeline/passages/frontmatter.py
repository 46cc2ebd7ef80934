"""Front matter: the lines `key: value` between `---` at the head of a Markdown file."""

from __future__ import annotations

import re

from pipeline.passages.lines import BLANKS

# A page's record is short; a rule of dashes with no second one near is a rule.
_LONGEST = 60
_FENCES = ("---", "+++")
_PAIR = re.compile(r"([A-Za-z][\w -]{0,40}?)[ \t]*[:=](?:[ \t]+(.*))?$")
_ITEM = re.compile(r"[ \t]*-[ \t]|[ \t]+\S|[ \t]*$")


def front_matter(text: str) -> tuple[dict[str, str], int]:
    r"""The pairs of the front matter, keys in lower case, and the offset where it ends.

    Example:
        >>> front_matter("---\ntitle: \"Ties\"\ndate: 2019-05-03\n---\nText.")
        ({'title': 'Ties', 'date': '2019-05-03'}, 39)
        >>> front_matter("Text.")
        ({}, 0)
    """
    head = text[:20_000]
    lines = head.splitlines(keepends=True)[: _LONGEST + 1]
    fence = lines[0].strip(BLANKS) if lines else ""
    if fence not in _FENCES:
        return {}, 0
    pairs: dict[str, str] = {}
    end = len(lines[0])
    for line in lines[1:]:
        end += len(line)
        if line.strip(BLANKS) == fence:
            return (pairs, end) if pairs else ({}, 0)
        pair = _PAIR.match(line.rstrip())
        if pair is not None:
            value = (pair[2] or "").strip()
            if len(value) > 1 and value[0] == value[-1] and value[0] in "'\"":
                value = value[1:-1]
            pairs.setdefault(pair[1].lower().replace(" ", "_"), value)
        elif not _ITEM.match(line):
            return {}, 0
    return {}, 0
