r"""The lines of a text that hold something, with what their shape tells.

A line ends at any sign that a reader would see as a line break, `\r\n` counting as one.
White space and zero-width signs around the words are left out of the line's span.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.passages.plain import view

_LINE = re.compile("[^\n\r\x0b\x0c\x85\u2028\u2029]+")
_ONE_BREAK = frozenset(["\n", "\r", "\r\n", "\x0b", "\x0c", "\x85", "\u2028", "\u2029"])

# All that `str.isspace` knows and the signs without width: what may stand around words.
BLANKS = "".join(chr(code) for code in range(0x3001) if chr(code).isspace()) + (
    "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad"
)

_BLANK_SET = frozenset(BLANKS)

# Web text that was cut out of pages keeps the no-break space as its entity at line ends.
_ENTITY = "&nbsp;"
_MAY_TRIM = _BLANK_SET | {_ENTITY[0], _ENTITY[-1]}

# The last signs of a finished sentence: `agreed.`, `agreed.”`, `agreed."[12]`
# Reports print the numbers of their notes without brackets: `the port.3`, `no ferry."12`
_SENTENCE_END = re.compile(
    r"[.!?…]['\")\]]{0,3}(?:\[\d{1,3}\]){0,9}$|[a-z]{4}[.!?]['\")\]]{0,3}\d{1,2}$"
)
_TAIL = 64

# Words are counted no further than this: nothing asks for more.
WORD_LIMIT = 60
_WORD_CHARS = 2_000


@dataclass(frozen=True, slots=True)
class Line:
    """A line with words on it; `plain` is its view and has its length."""

    start: int
    end: int
    indent: int
    after_blank: bool
    plain: str

    @property
    def words(self) -> int:
        """Number of words, at most `WORD_LIMIT`."""
        return count_words(self.plain)


def count_words(plain: str) -> int:
    """Words of `plain`, counted up to `WORD_LIMIT`.

    Example:
        >>> count_words("Trade and ties")
        3
    """
    return min(WORD_LIMIT, len(plain[:_WORD_CHARS].split(None, WORD_LIMIT)))


def ends_sentence(plain: str) -> bool:
    """Whether `plain` closes with a full stop or its like.

    Example:
        >>> ends_sentence('They signed."[12]'), ends_sentence("Trade and ties")
        (True, False)
    """
    return _SENTENCE_END.search(plain[-_TAIL:]) is not None


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without blanks, zero-width signs and `&nbsp;` at its ends.

    Example:
        >>> trimmed("  a b&nbsp; ", 0, 12)
        (2, 5)
    """
    if start < end and text[start] not in _MAY_TRIM and text[end - 1] not in _MAY_TRIM:
        return start, end
    while start < end:
        if text[start] in _BLANK_SET:
            start += 1
        elif text.startswith(_ENTITY, start, end):
            start += len(_ENTITY)
        else:
            break
    while start < end:
        if text[end - 1] in _BLANK_SET:
            end -= 1
        elif text.endswith(_ENTITY, start, end):
            end -= len(_ENTITY)
        else:
            break
    return start, end


def lines(text: str) -> list[Line]:
    r"""The lines of `text` that hold something, in order.

    Example:
        >>> [(line.start, line.end, line.after_blank) for line in lines(" a\n\nb\r\nc")]
        [(1, 2, True), (4, 5, True), (7, 8, False)]
    """
    found: list[Line] = []
    last_end = 0
    after_blank = True
    for match in _LINE.finditer(text):
        start, end = match.span()
        if start != last_end and text[last_end:start] not in _ONE_BREAK:
            after_blank = True
        last_end = end
        first, last = trimmed(text, start, end)
        if first == last:
            after_blank = True
            continue
        found.append(Line(first, last, first - start, after_blank, view(text[first:last])))
        after_blank = False
    return found
