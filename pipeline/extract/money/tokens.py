"""Cuts a text into numbers, words, currency signs and single other signs.

One pattern without nested repeats: every sign is looked at once.
"""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

TokenKind = Literal["number", "word", "other"]

# `$.50` begins with its dot; `No.5` does not.
_NUMBER = r"(?P<number>\d+(?:[.,']\d+)*|(?<![\w.])\.\d+)"
# `U.S.` is one word, so is `euro's`; letters and digits part in `R4bn`.
_WORD = r"(?P<word>(?:[A-Z]\.)+[A-Z]\b\.?|(?:[A-Z]\.){2,}|[^\W\d_]+(?:'[^\W\d_]+)*)"
TOKEN = re.compile(rf"{_NUMBER}|{_WORD}|(?P<other>\S)")
WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*|[^\w\s]")

MAX_GAP = 3
# A blank of HTML that stayed in the text, and a white space of its length: one blank and
# signs that no text uses, which are left out of `Token.before`.
ENTITY, FILLER = "&nbsp;", "\x1f"


class Token(NamedTuple):
    """A piece of text; `before` is the white space in front of it."""

    kind: str
    text: str
    start: int
    end: int
    before: str


def tokenize(text: str) -> list[Token]:
    """The tokens of `text`, in order.

    Example:
        >>> [token.text for token in tokenize("R4bn or U.S. $1,5.")]
        ['R', '4', 'bn', 'or', 'U.S.', '$', '1,5', '.']
    """
    text = text.replace(ENTITY, " " + FILLER * (len(ENTITY) - 1))
    tokens: list[Token] = []
    last = 0
    for found in TOKEN.finditer(text):
        start, end = found.span()
        # lastgroup is set: one of the three always matched.
        gap = text[last:start].replace(FILLER, "") if start > last else ""
        tokens.append(Token(found.lastgroup or "other", found[0], start, end, gap))
        last = end
    return tokens


def glued(left: Token, right: Token) -> bool:
    """Whether nothing stands between two neighbours."""
    return left.end == right.start


def near(left: Token, right: Token) -> bool:
    """Whether two neighbours may belong to one amount.

    At most some blanks or one line break may stand between them, no tab: a tab parts cells.
    """
    gap = right.before
    if not gap or gap == " ":
        return True
    return len(gap) <= MAX_GAP and "\t" not in gap and gap.count("\n") <= 1


def words_of(form: str) -> list[str]:
    """Words and signs of a form in the rules.

    Example:
        >>> words_of("S/"), words_of("pounds sterling")
        (['S', '/'], ['pounds', 'sterling'])
    """
    return WORD.findall(form)
