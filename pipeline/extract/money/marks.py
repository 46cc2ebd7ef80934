"""The currency mark in front of a number and the one behind it.

In front stand signs (`US$ 5`), codes (`MNT 5`), abbreviations (`Rs. 5`), glued letters (`R5bn`)
and names with a capital (`Taka 5`); behind stand signs, codes, abbreviations, names and cents.
"""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.extract.money.lexicon import Lexicon, Mark
from pipeline.extract.money.numbers import ABBREVIATED, quantity_at
from pipeline.extract.money.quantity import Quantity, Scales
from pipeline.extract.money.tokens import Token, glued, near

# Behind these the letters belong to a name or a path.
CODE_SIGNS = "_@#&"
PENCE = Mark("p", "cent", frozenset({"GBP"}), -2)
# `12c a litre`, as papers of these countries write.
CENTS = Mark("c", "cent", frozenset({"AUD", "NZD", "ZAR", "NAD"}), -2)
LETTER_CENTS = {"p": PENCE, "c": CENTS}

Found = tuple[Mark, int]


@dataclass(frozen=True, slots=True)
class Marks:
    """Reads marks; knows their forms, and the scales that tell a column's head."""

    lexicon: Lexicon
    scales: Scales

    def before(self, tokens: list[Token], at: int, floor: int) -> Found | None:
        """The mark that ends in front of token `at`, and where it begins.

        Args:
            tokens: of the passage.
            at: the first token of the number.
            floor: the mark may not begin in front of this token.
        """
        last = at - 1
        if last < floor or tokens[last].kind == "number" or not near(tokens[last], tokens[at]):
            return None
        found = self._pair_before(tokens, last, floor) or self._single_before(tokens, last, floor)
        if found and found[0].kind == "sign":
            return self._with_country(tokens, found, floor)
        return found

    def _pair_before(self, tokens: list[Token], last: int, floor: int) -> Found | None:
        """Two tokens without a blank: `US$`, `$US`, `Rs.`, `S/`."""
        if last - 1 < floor or not glued(tokens[last - 1], tokens[last]):
            return None
        first, second = tokens[last - 1], tokens[last]
        pair = first.text + second.text
        plain = pair.replace(".", "") if first.kind == "word" else pair
        lexicon = self.lexicon
        mark = lexicon.signs.get(plain) or lexicon.signs.get(plain.upper())
        if mark is None and second.kind == "other":
            mark = lexicon.before.get(first.text if second.text == "." else pair)
        if mark is None or runs_on(tokens, last - 1):
            return None
        return mark, last - 1

    def _single_before(self, tokens: list[Token], last: int, floor: int) -> Found | None:
        token, lexicon = tokens[last], self.lexicon
        if token.text in lexicon.signs:
            return lexicon.signs[token.text], last
        if token.kind != "word" or runs_on(tokens, last):
            return None
        mark = lexicon.codes.get(token.text) or lexicon.before.get(token.text)
        if mark is None and (glued(token, tokens[last + 1]) or token.text == "R"):
            mark = lexicon.letters.get(token.text)
        if mark is None and token.text[0].isupper():
            # `Naira 5 billion`: a name of one word, with a capital.
            named = lexicon.name_at(tokens, last)
            mark = named[0] if named and named[1] == last + 1 and not named[0].shift else None
        return (mark, last) if mark else None

    def _with_country(self, tokens: list[Token], found: Found, floor: int) -> Found:
        """A sign with the country or code in front of it: `US $5`, `CAD $5`, `hk $ 5`."""
        mark, at = found
        if at - 1 < floor or tokens[at - 1].kind != "word" or not near(tokens[at - 1], tokens[at]):
            return found
        key = tokens[at - 1].text.replace(".", "")
        if not (len(key) > 1 and key.isupper()) and not self._spaced(tokens, at, key):
            return found
        key = key.upper()
        joined = self.lexicon.signs.get(key + mark.form) or self.lexicon.codes.get(key)
        if joined and joined.codes & mark.codes:
            return joined, at - 1
        return found

    def _spaced(self, tokens: list[Token], at: int, key: str) -> bool:
        """Whether a text in small letters has blanks around every sign: `c $ 300`."""
        apart = tokens[at].before == " " and tokens[at + 1].before == " "
        return apart and key in {"c", "hk", "nz", "au", "us"}

    def after(self, tokens: list[Token], quantity: Quantity, before: Mark | None) -> Found | None:
        """The mark that begins behind the quantity, and the token behind it."""
        at = over_link(tokens, quantity)
        if at >= len(tokens) or not near(tokens[at - 1], tokens[at]):
            return None
        named = self.lexicon.name_at(tokens, at) if tokens[at].kind == "word" else None
        found = self._short_after(tokens, at, before)
        if found is None or (named and named[1] > found[1]):
            return named
        return None if self._belongs_right(tokens, found, before) else found

    def _short_after(self, tokens: list[Token], at: int, before: Mark | None) -> Found | None:
        """A sign, country and sign, code or abbreviation."""
        token, lexicon = tokens[at], self.lexicon
        if token.kind == "word" and at + 1 < len(tokens) and tokens[at + 1].kind == "other":
            pair = lexicon.signs.get(token.text.replace(".", "") + tokens[at + 1].text)
            if pair and near(token, tokens[at + 1]):
                return pair, at + 2
        if self._quotes_pair(tokens, at):
            return None
        mark = (
            lexicon.signs.get(token.text)
            or lexicon.codes.get(token.text)
            or lexicon.after.get(token.text)
        )
        if mark is None and before is None:
            digits = tokens[at - 1]
            found = digits.kind == "number" and glued(digits, token)
            mark = LETTER_CENTS.get(token.text) if found else None
        return (mark, at + 1) if mark else None

    def _quotes_pair(self, tokens: list[Token], at: int) -> bool:
        """`on 5 May 2023 USD/MNT stood`: the pair is a rate, the number a year."""
        pair = tokens[at : at + 3]
        return (
            len(pair) == 3
            and pair[0].text in self.lexicon.codes
            and pair[1].text == "/"
            and pair[2].text in self.lexicon.codes
        )

    def _belongs_right(self, tokens: list[Token], found: Found, before: Mark | None) -> bool:
        """Whether a mark in front of another number, or over a column, belongs there."""
        mark, end = found
        if end >= len(tokens) or not near(tokens[end - 1], tokens[end]):
            return False
        if tokens[end].kind == "word":
            # `2022 USD billion` heads a column.
            heads = tokens[end].text.lower() in self.scales.words
            heads = heads or (tokens[end].text in self.scales.glued and before is None)
            return mark.kind in {"sign", "code"} and heads
        if tokens[end].kind != "number" or mark.kind in {"after", "cent"}:
            return False
        if before or glued(tokens[end - 1], tokens[end]):
            return True
        following = quantity_at(tokens, end, self.scales)
        return following is None or not self._marked_behind(tokens, following.end)

    def _marked_behind(self, tokens: list[Token], at: int) -> bool:
        if at >= len(tokens) or not near(tokens[at - 1], tokens[at]):
            return False
        return tokens[at].text in self.lexicon.signs or tokens[at].text in self.lexicon.codes


def runs_on(tokens: list[Token], index: int) -> bool:
    """Whether something runs into the mark at `index` that makes it part of a code.

    `iR4`, `5R4`, `X-R4` and `USD/MNT 3,400` are such; `$5m/EUR 4m` is not.
    """
    if index == 0 or not glued(tokens[index - 1], tokens[index]):
        return False
    previous = tokens[index - 1]
    if previous.kind != "other":
        return True
    if index == 1 or tokens[index - 2].kind != "word" or not glued(tokens[index - 2], previous):
        return previous.text in CODE_SIGNS
    joined = previous.text == "-" or (previous.text == "/" and tokens[index - 2].text.isupper())
    return joined or previous.text in CODE_SIGNS


def over_link(tokens: list[Token], quantity: Quantity) -> int:
    """Index of what follows a quantity, over a hyphen or over `of`.

    `4.8-billion-euro`; `billions of dollars`, and the slip `5 million of dollars`.
    """
    at = quantity.end
    if at + 1 >= len(tokens):
        return at
    token, following = tokens[at], tokens[at + 1]
    if token.text == "-" and glued(tokens[at - 1], token) and glued(token, following):
        return at + 1
    if token.text == "." and glued(tokens[at - 1], token) and quantity.scaled:
        # `1.2 mln. MNT`
        return at + 1 if tokens[at - 1].text.lower() in ABBREVIATED else at
    of_scale = token.text.lower() == "of" and quantity.scaled and near(token, following)
    return at + 1 if of_scale else at
