"""The plain view of a text: other signs, same length, same offsets.

A matcher that asks for a straight quote, a plain blank or one kind of dash reads
this view and keeps the offsets it finds there.  One code point becomes one code point,
so a sign that takes no room (a zero-width space, a direction mark) becomes a
blank: two numbers with one of them in between stay two numbers.
A soft hyphen becomes a hyphen, because it stands inside a word.
"""

from __future__ import annotations

import re

_QUOTES = dict.fromkeys(map(ord, "‘’‚‛′‵ʹʼ´"), "'") | dict.fromkeys(map(ord, "“”„‟″‶«»"), '"')
_DASHES = dict.fromkeys([0xAD, *range(0x2010, 0x2016), 0x2212, 0xFE58, 0xFE63], "-")
_BLANKS = dict.fromkeys(
    [
        *(0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000),
        # Signs without width: joiners, direction marks and isolates, byte order mark.
        *(*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A), 0xFEFF),
    ],
    " ",
)
_BREAKS = dict.fromkeys([0x0B, 0x0C, 0x85, 0x2028, 0x2029], "\n")
_FULL_WIDTH = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
_FULL_WIDTH_MONEY = {0xFFE0: "¢", 0xFFE1: "£", 0xFFE5: "¥", 0xFFE6: "₩"}
# `__October 1949. Founding.__`; not `file_name`.
_EMPHASIS = re.compile(r"(?<!\w)_+|(?<=[^\W_])_++(?!\w)")
_TABLE = _QUOTES | _DASHES | _BLANKS | _BREAKS | _FULL_WIDTH | _FULL_WIDTH_MONEY


def view(text: str) -> str:
    r"""`text` in plain signs, of the same length, for matchers.

    Curly and low quotes, primes and guillemets become `'` or `"`; dashes, minus and soft
    hyphens `-`; odd and zero-width blanks a blank; odd line breaks a line feed; full-width
    signs their ASCII twins; underscores that do not join two words, which Markdown sets around
    words, blanks.  Tabs, carriage returns and line feeds stay.

    Example:
        >>> view("“1–2”\u00a0\uff15\u200b"), view("__May 1989.__ See a__b, file_name.")
        ('"1-2" 5 ', '  May 1989.   See a__b, file_name.')
    """
    if "_" in text:
        text = _EMPHASIS.sub(lambda match: " " * len(match[0]), text)
    if text.isascii() and "\x0b" not in text and "\x0c" not in text:
        return text
    return text.translate(_TABLE)
