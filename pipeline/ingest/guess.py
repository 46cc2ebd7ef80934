"""A guess at an old encoding, taken only where it is sure.

Two cases are sure enough.  Latin text with few odd bytes, all of which make sense in windows-1252
where they stand (quotes, dashes, accented letters inside words) and mean the same in central
European and Turkish Windows, or stand in a text of a western language.  And text that is mostly
non-Latin, where charset-normalizer finds one reading without disorder and its letters keep to one
script and to the order of capitals.  Everything else is refused by the caller: mojibake is worse
than no text.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from charset_normalizer import from_bytes

from pipeline.passages.languages import language_of, script_of

# So much of a file is given to the detector; decoding is of all of it.
_SAMPLE = 60_000

_TRIED = [
    "cp1251",
    "koi8_r",
    "koi8_u",
    "iso8859_5",
    "mac_cyrillic",
    "cp866",
    "cp1253",
    "iso8859_7",
    "cp1255",
    "cp1256",
    "shift_jis",
    "cp932",
    "euc_jp",
    "gb18030",
    "big5",
    "euc_kr",
    "cp949",
]
# Right readings measured up to 0.033, in short Japanese text.
_MOST_DISORDER = 0.04
_DASH_IN_WORD = re.compile("[a-z][\u2013\u2014][a-z]")
_WORD = re.compile(r"[^\W\d_]+")
_TYPOGRAPHIC = frozenset(
    "\u2018\u2019\u201c\u201d\u201e\u2013\u2014\u2026\u2022\u00a0€£¥§°©®™«»½¼¾·¿¡ªº"
)
# What a byte means in western and in central and Turkish Windows: equal for these letters.
_RELATIVES = ("cp1250", "cp1254", "cp1257")


@dataclass(frozen=True, slots=True)
class Guess:
    """A text and the encoding that it was guessed to be in."""

    text: str
    encoding: str


def guess(data: bytes) -> Guess | None:
    r"""The text in `data`, which is no UTF-8, or None where no reading is sure.

    Example:
        >>> guess("He said \u201cno\u201d in Málaga.".encode("cp1252")).encoding
        'cp1252'
        >>> guess(b"broken \xc3\x28\xa0\xa1 text") is None
        True
    """
    high = sum(byte > 127 for byte in data)
    if _is_broken_utf8(data, high):
        return None
    letters = sum(65 <= byte & 0xDF <= 90 for byte in data)
    if high < 0.3 * (letters + high):
        return _western(data)
    return _detected(data)


def _is_broken_utf8(data: bytes, high: int) -> bool:
    """Whether most odd bytes are whole UTF-8 sequences, or the file was cut inside one."""
    text = data.decode("utf-8", "surrogateescape")
    stray = sum("\udc80" <= sign <= "\udcff" for sign in text)
    return 2 * stray < high or data[-1] >= 0xC0


def _western(data: bytes) -> Guess | None:
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        return None
    odd = {sign for sign in text if ord(sign) > 127}
    if not all(sign in _TYPOGRAPHIC or sign.isalpha() for sign in odd):
        return None
    words = Counter(word for word in _WORD.findall(text) if not word.isascii())
    if not all(_is_word(word) for word in words):
        return None
    # An accented letter of another encoding reads as a dash inside a word: `declaraci—n`.
    if _DASH_IN_WORD.search(text) and language_of(text) != "en":
        return None
    letters = {sign for sign in odd if sign.isalpha()}
    if all(_means_the_same(sign) for sign in letters) or _is_french_or_like(text, words):
        return Guess(text, "cp1252")
    return None


def _is_word(word: str) -> bool:
    """Whether a word with accents is written as words are: `Málaga`, `ÎLE`, `à`.

    Example:
        >>> _is_word("Málaga"), _is_word("Ã"), _is_word("noÃ")
        (True, False, False)
    """
    accented = sum(sign > "\u007f" for sign in word)
    if word in ("à", "À", "é", "É", "è", "ó", "í", "y"):
        return True
    plain_case = word.islower() or word.isupper() or (word[0].isupper() and word[1:].islower())
    return plain_case and 2 * accented <= len(word) and len(word) > 1


def _means_the_same(letter: str) -> bool:
    byte = letter.encode("cp1252")
    return all(byte.decode(name, "replace") == letter for name in _RELATIVES[:2])


def _is_french_or_like(text: str, words: Counter[str]) -> bool:
    """Whether the letters that only western languages have stand in a text of one of them."""
    return language_of(text) in ("fr", "es", "pt", "it", "de", "nl", "sv") and len(words) >= 3


def _detected(data: bytes) -> Guess | None:
    matches = list(from_bytes(data[:_SAMPLE], cp_isolation=_TRIED, threshold=0.1))
    best = next(iter(matches), None)
    if best is None or best.chaos > _MOST_DISORDER:
        return None
    try:
        text = data.decode(best.encoding)
    except UnicodeDecodeError:
        return None
    return Guess(text, best.encoding) if _is_one_script(text[:_SAMPLE]) else None


def _is_one_script(text: str) -> bool:
    """Whether the odd letters keep to one script and are mostly small where there are cases."""
    odd = [sign for sign in text if sign.isalpha() and sign > "\u007f"]
    scripts = Counter(script_of(sign) for sign in odd)
    east_asian = sum(scripts[name] for name in ("CJK", "HIRAGANA", "KATAKANA", "HANGUL"))
    most = max(max(scripts.values(), default=0), east_asian)
    cased = [sign for sign in odd if sign.lower() != sign.upper()]
    small = sum(sign.islower() for sign in cased)
    rare = sum(not sign.isprintable() and not sign.isspace() for sign in text)
    return bool(odd) and most >= 0.98 * len(odd) and small >= 0.7 * len(cased) and rare == 0
