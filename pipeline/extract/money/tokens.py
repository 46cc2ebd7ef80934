"""Cuts a text into numbers, words, currency signs and single other signs.

One pattern without nested repeats: every sign is looked at once.
"""

from __future__ import annotations

import re
from typing import NamedTuple

# `$.50` begins with its dot; `No.5` does not.
_NUMBER = r"\d+(?:[.,']\d+)*|(?<![\w.])\.\d+"
# `U.S.` is one word, so is `euro's`; letters and digits part in `R4bn`.
_WORD = r"(?:[A-Z]\.)+[A-Z]\b\.?|(?:[A-Z]\.){2,}|[^\W\d_]+(?:'[^\W\d_]+)*"
# The white space in front, and one of the three.
TOKEN = re.compile(rf"(\s*)(?:({_NUMBER})|({_WORD})|(\S))")
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
    end = 0
    # White space with nothing behind it would be begun anew at each of its signs.
    for gap, number, word, other in TOKEN.findall(text.rstrip()):
        sign = number or word or other
        kind = "number" if number else "word" if word else "other"
        start = end + len(gap)
        end = start + len(sign)
        tokens.append(Token(kind, sign, start, end, gap.replace(FILLER, "") if gap else gap))
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
