"""Bytes to text: the one place where an encoding is chosen, and never in silence wrong.

In order: byte order marks; signatures of other formats; NUL bytes (UTF-16 and UTF-32 without a
mark, or binary); strict UTF-8; and for what is left a guess, which is taken only where it is
sure.  Text that is broken UTF-8 is refused with the offset of the fault, not read as something
else.  Mojibake that is certain is undone, and told (`repair`).  Newlines, and every other sign,
stay as they are.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from dataclasses import dataclass, replace
from itertools import islice

from pipeline.errors import Unreadable
from pipeline.ingest.formats import refuse_signature, refuse_structure
from pipeline.ingest.guess import guess
from pipeline.ingest.repair import repair
from pipeline.passages.lines import BLANKS

# Longer marks first: the one of UTF-16 begins the one of UTF-32.
MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_WIDE = ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")

_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
# More than one control character in so many signs is no text.
_SIGNS_PER_CONTROL = 100
_FEW_CONTROLS = 8
# Fewer letters and figures make no word.
_FEWEST = 3
_SAMPLE = 100_000
_SAVE = "open it in an editor and save it as UTF-8."


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text, the Python name of the encoding it was in, and names of repairs made to it."""

    text: str
    encoding: str
    repairs: tuple[str, ...] = ()


def decode(data: bytes) -> Decoded:
    r"""The text that `data` holds, character for character, without a byte order mark.

    Raises:
        Unreadable: `empty`, `no_text`, `too_short`, `undecodable` (with the offset of the first
            fault), `nul_bytes`, `binary`, `not_plain_text`, `control_characters`,
            `too_long_line` or `markup_too_deep`.

    Example:
        >>> decode("\ufeffZürich\r\n".encode())
        Decoded(text='Zürich\r\n', encoding='utf-8', repairs=())
    """
    decoded = _decoded(data)
    mended = repair(decoded.text)
    decoded = replace(decoded, text=mended.text, repairs=mended.repairs)
    text = decoded.text
    if not text.strip(BLANKS):
        raise Unreadable("empty", "There is nothing but blanks in it; fill it or remove it.")
    nul = text.find("\0")
    if nul >= 0:
        raise Unreadable("nul_bytes", f"Character {nul:,} is NUL, which is no text; {_SAVE}")
    controls = len(_CONTROLS.findall(text))
    if controls > _FEW_CONTROLS and controls * _SIGNS_PER_CONTROL > len(text):
        raise Unreadable(
            "control_characters",
            f"{controls:,} of its {len(text):,} signs are control characters; {_SAVE}",
        )
    refuse_structure(text)
    inked = sum(1 for _ in islice(filter(str.isalnum, text), _FEWEST))
    if inked == 0:
        raise Unreadable("no_text", "There is no letter and no figure in it; remove it.")
    if inked < _FEWEST:
        raise Unreadable(
            "too_short",
            f"It holds {inked} letters or figures, which say nothing; fill it or remove it.",
        )
    return decoded


def _decoded(data: bytes) -> Decoded:
    if not data:
        raise Unreadable("empty", "It has no bytes; fill it or remove it.")
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return Decoded(_strictly(data, encoding, len(mark)), encoding)
    refuse_signature(data)
    if b"\0" in data:
        return _wide(data)
    try:
        return Decoded(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError as error:
        guessed = guess(data)
        if guessed is None:
            raise _undecodable(error.start, "UTF-8") from error
        return Decoded(guessed.text, guessed.encoding)


def _strictly(data: bytes, encoding: str, start: int) -> str:
    try:
        return data[start:].decode(encoding)
    except UnicodeDecodeError as error:
        raise _undecodable(start + error.start, encoding.upper()) from error


def _undecodable(offset: int, encoding: str) -> Unreadable:
    return Unreadable(
        "undecodable",
        f"Byte {offset:,} is not valid {encoding}, and no other encoding fits for sure; {_SAVE}",
    )


def _wide(data: bytes) -> Decoded:
    """UTF-16 and UTF-32 without a byte order mark, where one of them fits and no other."""
    fits = [
        Decoded(text, encoding)
        for encoding in _WIDE
        if (text := _if_plausible(data, encoding)) is not None
    ]
    if len(fits) == 1:
        return fits[0]
    nul = data.index(b"\0")
    sample = data[:_SAMPLE]
    odd = sum(byte < 9 or 13 < byte < 32 or byte > 126 for byte in sample)
    if odd > 0.2 * len(sample):
        raise Unreadable("binary", f"Byte {nul:,} is NUL and much else is no text; {_SAVE}")
    raise Unreadable("nul_bytes", f"Byte {nul:,} is NUL, which stands in no text; {_SAVE}")


def _if_plausible(data: bytes, encoding: str) -> str | None:
    """The text in `encoding` if it reads as text: known letters, blanks, no control."""
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return None
    sample = text[:_SAMPLE]
    categories = [unicodedata.category(sign) for sign in sample]
    letters = sum(category[0] == "L" for category in categories)
    blanks = sum(sign.isspace() for sign in sample)
    odd = sum(category in ("Cc", "Cn", "Co", "Cs") for category in categories) - sum(
        sign in "\t\n\r\f" for sign in sample
    )
    latin_or_near = sum(sign.isalpha() and sign < "\u0600" for sign in sample)
    sure = odd == 0 and blanks * 30 >= len(sample) and latin_or_near * 2 >= letters > 0
    return text if sure and "\0" not in text else None
