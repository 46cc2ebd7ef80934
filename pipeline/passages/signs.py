"""What the signs in front of a line make of it: a marked heading, an item of a list."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.passages import joins
from pipeline.passages.furniture import bullet, button, cue, kind_by_pattern
from pipeline.passages.lines import Line, ends_sentence

# Longer lines are no marked headings.
_HEADING_CHARS = 880

_BETWEEN = re.compile(r"-{1,2} ([^\W\d_'\"].{2,80}|['\"].{2,80}) -{1,2}")
_SWITCH = re.compile(r" ?\[ ?edit(?: source)? ?\]$")
_NUMBER = re.compile(r"\(?(\d{1,2})[.)][ \t]")


def marked_heading(line: Line) -> tuple[int, int, int] | None:  # noqa: PLR0911  # a way a sign
    """Level and span of a marked heading: `== X ==`, `## X`, `**X**`.

    Example:
        >>> marked_heading(Line(0, 8, 0, True, "## Trade"))
        (2, 3, 8)
    """
    plain = line.plain
    sign = plain[0]
    switch = _SWITCH.search(plain[-20:]) if plain[-1] == "]" else None
    if switch is not None and len(plain) <= _HEADING_CHARS:
        # Encyclopedias print a switch behind their headings: `History[edit]`.
        stop = len(plain[: len(plain) - len(switch.group())].rstrip())
        return (0, line.start, line.start + stop) if stop else None
    between = _BETWEEN.fullmatch(plain) if sign == "-" else None
    if between is not None and not button(between[1]):
        # Agencies set headings between dashes: `- A new port -`.
        return 0, line.start + between.start(1), line.start + between.end(1)
    if sign not in "=#*" or len(plain) > _HEADING_CHARS:
        return None
    level = len(plain) - len(plain.lstrip(sign))
    inner = plain[level:].rstrip(sign) if sign != "#" else plain[level:].rstrip("# ")
    closing = len(plain) - level - len(inner)
    if sign == "#" and not inner.startswith((" ", "\t")):
        return None
    if sign != "#" and (closing != level or (sign == "*" and (level != 2 or "**" in inner))):
        return None
    words = inner.strip()
    if not words or level > 6 or (sign == "*" and ends_sentence(words)):
        return None
    start = line.start + level + inner.index(words[0])
    # Bold print has no depth.
    return 0 if sign == "*" else level, start, start + len(words)


def item_lines(found: Sequence[Line], tables: Sequence[bool]) -> list[int]:
    """Length of the list sign in front of each line, 0 for lines that are no items.

    `15. The envoys` may be the second half of `on March 15.`: a number opens an item only where
    the line above is finished or is itself an item.
    """
    items: list[int] = []
    last = 0
    for n, line in enumerate(found):
        sign = 0 if tables[n] else bullet(line.plain)
        # `-- NORTHWIRE` is the name of an agency under its story.
        # And `(c) 2019 North Post` is no third item.
        is_rights = line.plain[:3].lower() == "(c)" and cue(line.plain) is not None
        # `- With help from Anna Lind` signs it.
        is_name = line.plain[0] == "-" and kind_by_pattern(line.plain) == "metadata"
        if not sign or is_name or is_rights:
            items.append(0)
            continue
        match = _NUMBER.match(line.plain)
        number = int(match[1]) if match else 0
        if line.plain[0].isalnum() and n and not line.after_blank:
            above = found[n - 1].plain
            # Behind a short line, such as a heading, the count goes on: `1.`, or `3.` after `2.`
            counted = number == 1 or (last > 0 and number == last + 1)
            first = counted and len(above) < joins.NARROWEST
            done = ends_sentence(above) or above[-1] in ":;," or above.isupper()
            if not (items[n - 1] or done or first):
                sign = 0
        if sign and number:
            last = number
        items.append(sign)
    return items
