"""The canonical token stream: what a passage says, in one spelling, with what each word is.

One word a token, sentences kept apart.  Signs, blanks, accents and letter case are made alike,
datelines and credits left out, dates, sums, numbers and names of states written in one way, so
that a restyled copy has the same stream.  Numbers are never folded away.  A mark in front of a
token says what kind of fact it may be:

    #   a number, date, sum or share            #2024-10-29   #usd1500000000   #12
    ^   a name: a capital inside a sentence     ^petrova      ^@kor
    ~   perhaps a name: an uncommon word that opens a sentence, or stands in a line of capitals
        none: any other word

`VERSION` belongs to every stored key: raise it when the stream of some text changes.
"""

from __future__ import annotations

import hashlib
import html
import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import Literal

from pipeline.passages import view
from pipeline.passages.stamps import MONTHS
from pipeline.repeats.capitals import are_mostly_capitals, ends_sentence, is_common
from pipeline.repeats.dateline import before_credit, behind_dateline
from pipeline.repeats.lexicon import Lexicon, lexicon
from pipeline.repeats.quantities import NUMBER_WORDS, read_at

VERSION = 4

# `first`, `second` and `third` count less often than they order a speech.
SPOKEN_ORDINALS = 3

MARKS = "#^~"
# A fact for certain.
FACT_MARKS = "#^"
_FACT = re.compile(r"[#^](\S+)")

_SIGN = "$€£¥₮₽₹₩₺₴₸₪₫"
_TOKEN = re.compile(
    # Most words; none of them can begin anything else that is asked for below.
    r"[A-Z]?[a-z]{2,40}+(?![\w'])"
    r"|(?=\S)(?:"
    rf"(?:[A-Z]{{1,2}})?[{_SIGN}]"
    r"|(?:[A-Za-z]\.){2,9}"
    r"|[^\W\d_][^\W_]*(?:'[^\W\d_]+)?"
    r"|\d{4}-\d\d-\d\d(?![\d-])"
    r"|\d+(?:[.,']\d+)*"
    r"|[.!?]+(?=[\s\"')\]]|$)"
    r"|[\":](?=\s?[A-Z])"
    rf"|%|(?<![\w)])[-+](?=[\d{_SIGN}])|[<>](?=\s?\d)"
    r")"
)
_INVISIBLE = dict.fromkeys(
    [0xAD, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A), 0xFEFF]
)
# NFKC makes `10⁶` and `106`, `5½` and `51/2` alike.
_RAISED = re.compile(r"(?<=\d)(?=[⁰¹²³⁴⁵⁶⁷⁸⁹⁻])")
_FRACTION = re.compile(r"(?<=\d)(?=[¼-¾⅐-⅞])")
_RARE = re.compile(r"[⁰¹²³⁴⁵⁶⁷⁸⁹⁻¼-¾⅐-⅞]")
# `56 594` with a blank that keeps its sides together is one number, as `56,594`.
_KEPT_TOGETHER = "\u00a0\u2009\u202f"
_GROUPED = re.compile(
    rf"(?<![\d.,])\d{{1,3}}(?:[{_KEPT_TOGETHER}]\d{{3}}){{1,6}}(?![\d{_KEPT_TOGETHER}])"
)
_BETWEEN = re.compile(f"[{_KEPT_TOGETHER}]")
# Of the names of a month the longest.
_MONTH_NAMES = {number: name for name, number in sorted(MONTHS.items(), key=lambda m: len(m[0]))}
_TAILS = {"t": "not", "re": "are", "ll": "will", "ve": "have", "m": "am"}
_SHORTENED = {"won": "will", "shan": "shall", "can": "can"}

# What a raw word asks of the loop below.
_PLAIN, _CAPITAL, _READ, _COUNTRY, _BREAK = range(5)


def key_of(tokens: str) -> str:
    """Key of a stream: 32 hex digits that all copies share, in this version of the stream.

    Example:
        >>> len(key_of("fares rose"))
        32
    """
    data = f"{VERSION}\n{tokens}".encode("utf-8", "surrogatepass")
    return hashlib.blake2b(data, digest_size=16).hexdigest()


def stream(text: str) -> str:
    r"""The canonical token stream of `text`; empty when it has no word.

    Example:
        >>> stream("The U.S. paid $1.5bn to the Republic of Korea.  Seoul agreed on 3 May 2021.")
        'the ^@usa paid #usd1500000000 to the ^@kor\n~seoul agreed on #2021-05-03'
    """
    plain = plain_text(text)
    raw = _TOKEN.findall(plain, behind_dateline(plain), before_credit(plain))
    return _marked(raw, lexicon()) if raw else ""


def plain_text(text: str) -> str:
    """`text` with its entities, invisible signs, quotes, dashes and letters made alike.

    Example:
        >>> plain_text("the &quot;old&quot; port\u00ad \u2013 quay\u00a05")
        'the "old" port - quay 5'
    """
    if "&" in text:
        text = html.unescape(text)
    if text.isascii():
        return text
    if _BETWEEN.search(text):
        text = _GROUPED.sub(lambda found: _BETWEEN.sub(",", found[0]), text)
    if _RARE.search(text):
        text = _FRACTION.sub(" ", _RAISED.sub("^", text))
    return view(unicodedata.normalize("NFKC", text.translate(_INVISIBLE)))


@lru_cache(maxsize=131_072)
def _word(raw: str) -> tuple[str, int]:
    """Spelling of a raw token in the stream, and what it asks for."""
    if raw[0] in '.!?":':
        return raw, _BREAK
    if not raw[0].isalpha() or raw[-1] in _SIGN:
        return raw, _READ
    return _spelling(raw)


def _spelling(raw: str) -> tuple[str, int]:
    """The same of a token of letters."""
    table = lexicon()
    bare = raw.replace(".", "")
    if "'" in bare:
        head, _, tail = bare.partition("'")
        if tail.lower() in _TAILS:
            # Two words in one: `won't`, `they're`.
            return _spelt_out(_folded(head), tail.lower()), _PLAIN
        bare = head if tail in {"s", "S"} else head + tail
    low = _folded(bare)
    if low == "cannot":
        return "can not", _PLAIN
    is_capital = raw[0].isupper()
    # `5 ha` of land, but `Ha Long`.
    if not is_capital or len(bare) > 2 or bare.isupper():
        low = table.same.get(low, low)
    if is_capital and low in MONTHS:
        # Without a day or a year it stays a name: `in Dec.` is `in December`.
        return _MONTH_NAMES[MONTHS[low]], _READ
    is_sum = raw.isupper() and low in table.currencies
    if is_sum or low in NUMBER_WORDS or low in table.ordinals[SPOKEN_ORDINALS:]:
        return low, _READ
    if is_capital and bare in table.countries:
        return low, _COUNTRY
    return low, _CAPITAL if is_capital else _PLAIN


def _spelt_out(head: str, tail: str) -> str:
    if tail != "t":
        return f"{head} {_TAILS[tail]}"
    if not head.endswith("n"):
        return head + tail
    return f"{_SHORTENED.get(head, head[:-1])} not"


def _folded(word: str) -> str:
    if word.isascii():
        return word.lower()
    split = unicodedata.normalize("NFD", word.casefold())
    bare = "".join(sign for sign in split if not unicodedata.combining(sign))
    # Other scripts have letters that are told apart by such a sign alone.
    return bare if bare.isascii() else unicodedata.normalize("NFC", split)


def _marked(raw: list[str], table: Lexicon) -> str:
    """Raw tokens as a stream: facts read, sentences found, marks set."""
    capitals = are_mostly_capitals(raw)
    words = list(map(_word, raw))
    out: list[str] = []
    done, initial = 0, True
    for index in [place for place, (_, asks) in enumerate(words) if asks != _PLAIN]:
        if index < done:
            continue
        if index > done:
            out += [low for low, _ in words[done:index]]
            initial = False
        token = raw[index]
        low, asks = words[index]
        done = index + 1
        if asks == _BREAK:
            # A quote or a colon may begin a sentence within a sentence.
            ends = token[0] in ".!?" and bool(out) and ends_sentence(raw, index, table)
            if ends:
                out.append("\n")
            initial = initial or ends or token[0] in '":'
            continue
        read = _fact(raw, index) if asks == _READ else _country(raw, index, asks, table)
        if read is not None:
            text, done = read
            out.append(text)
            initial = False
            continue
        if not token[0].isalpha() or token[-1] in _SIGN:
            continue
        if not token[0].isupper():
            out.append(low)
        elif capitals or initial:
            out.append(_perhaps(low, initial and not capitals and raw[done : done + 1], table))
        else:
            out.append("^" + low)
        initial = False
    out += [low for low, _ in words[done:]]
    return " ".join(out).replace(" \n ", "\n").strip()


def _fact(raw: list[str], index: int) -> tuple[str, int] | None:
    """The number, date or sum at `index` with its mark; signs belong to what follows."""
    sign = raw[index]
    if sign[0].isalpha() and (place := _place_of(sign.lower())):
        return f"#{place}th", index + 1
    if sign in "-+<>":
        read = read_at(raw, index + 1) if index + 1 < len(raw) else None
        return ("#" + sign + read[0], read[1]) if read else None
    read = read_at(raw, index)
    if read is None:
        return None
    text, end = read
    if end == index + 1 and end < len(raw) and raw[end] in {"st", "nd", "rd", "th"}:
        return _ordinal(sign), end + 1
    return "#" + text, end


@lru_cache(maxsize=1024)
def _ordinal(digits: str) -> str:
    """`3rd` is an ordinal word, and those are a closed class; `4th` is a number."""
    words = lexicon().ordinals
    return words[int(digits) - 1] if digits in {"1", "2", "3"} else f"#{digits}th"


@lru_cache(maxsize=1024)
def _place_of(word: str) -> int | None:
    """The number of an ordinal word that is not said for its own sake: `fourth` and on."""
    words = lexicon().ordinals
    return words.index(word) + 1 if word in words[SPOKEN_ORDINALS:] else None


def _country(raw: list[str], index: int, asks: int, table: Lexicon) -> tuple[str, int] | None:
    """The state named at `index` with its mark, and the index behind the name."""
    if asks != _COUNTRY:
        return None
    for words, code in table.countries.get(_bare(raw[index]), ()):
        end = index + len(words)
        if end <= len(raw) and all(
            _bare(raw[index + step]) == word for step, word in enumerate(words[1:], start=1)
        ):
            return "^" + code, end
    return None


def _bare(token: str) -> str:
    return token.replace(".", "").removesuffix("'s")


def _perhaps(low: str, behind: Sequence[str] | Literal[False], table: Lexicon) -> str:
    """A word with a capital that may come from its place; `behind` is the token behind it."""
    if not is_common(low, table):
        return "~" + low
    # `Central Bank`, but `Meanwhile Peru` and `In Lima`.
    if behind and low not in table.openers and not low.endswith("ly"):
        word = behind[0]
        if word[0].isupper() and len(word) > 1 and _word(word)[1] == _CAPITAL:
            return "~" + low
    return low


def words_of(tokens: str) -> list[str]:
    r"""The words of a stream, without marks.

    Example:
        >>> words_of("fares rose\n~lima paid #5%")
        ['fares', 'rose', 'lima', 'paid', '5%']
    """
    return tokens.replace("#", "").replace("^", "").replace("~", "").split()


def facts_of(tokens: str) -> list[str]:
    """The words of a stream that are numbers or names for certain, in their order.

    Example:
        >>> facts_of("fares in ^lima rose by #5%")
        ['lima', '5%']
    """
    return _FACT.findall(tokens)
