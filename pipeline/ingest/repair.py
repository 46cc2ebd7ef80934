r"""Mojibake undone: UTF-8 that somebody read as another encoding and saved so, `donâ€™t`.

The plan is ftfy's (R. Speer, 2019): find the encoding whose bytes read as UTF-8 without a fault.
It is followed only where it is certain, line by line: the way back gives the very line again, no
sign is lost or made up, and what comes out are letters inside words or the signs of print.  Text
that only looks odd stays as it is: a wrong repair would be a change of the words of others.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ftfy import TextFixerConfig, fix_encoding_and_explain
from ftfy.badness import is_bad

# Only the decoding is ftfy's to change: no quotes, widths, ligatures or line breaks.
_PLAN = TextFixerConfig(
    unescape_html=False,
    remove_terminal_escapes=False,
    restore_byte_a0=False,
    replace_lossy_sequences=False,
    decode_inconsistent_utf8=False,
    fix_c1_controls=False,
    fix_latin_ligatures=False,
    fix_character_width=False,
    uncurl_quotes=False,
    fix_line_breaks=False,
    fix_surrogates=False,
    remove_control_chars=False,
    normalization=None,
)
_NAMES = {"sloppy-windows-1252": "windows-1252", "sloppy-windows-1250": "windows-1250"} | {
    f"sloppy-windows-{page}": f"windows-{page}" for page in (1251, 1253, 1254, 1257)
}
# A line is looked at in pieces of this many signs, cut at blanks: one odd piece of a long line
# must not hide the others.
_PIECE = re.compile(r"\S[^\n\r]{0,4000}(?!\S)|\S+")
# A sign that was read as two or more stands as so many odd signs in a row.
_PAIR = re.compile(r"[^\x00-\x7f]{2}")
_WORD = re.compile(r"[^ \t]+")
_ACCENTED = re.compile(r"[A-Za-z][^\x00-\x7f]|[^\x00-\x7f][A-Za-z]")
_PRINT = frozenset("‘’‚‛“”„‟«»‹›–—―…•·\u00a0\u202f€£¥₮₹₩§°©®™±×÷½¼¾²³ºª¿¡′″№→←")


@dataclass(frozen=True, slots=True)
class Repaired:
    """The text as it was meant, and the repairs by name: `mojibake:windows-1252`."""

    text: str
    repairs: tuple[str, ...] = ()


def repair(text: str) -> Repaired:
    """`text` with its certain mojibake undone; the very same text where there is none.

    Example:
        >>> repair("The minister said: â€œWe donâ€™t know San JosÃ©.â€\u009d").text
        'The minister said: “We don’t know San José.”'
        >>> repair("Café São Tomé, Đà Nẵng, Größe, Өвөрхангай").repairs
        ()
    """
    if text.isascii() or not _PAIR.search(text):
        return Repaired(text)
    names: set[str] = set()

    def mend(match: re.Match[str]) -> str:
        piece = match.group()
        for mended in _parts(piece):
            piece = piece.replace(mended.broken, mended.text)
            names.add(f"mojibake:{_NAMES.get(mended.encoding, mended.encoding)}")
        return piece

    return Repaired(_PIECE.sub(mend, text), tuple(sorted(names)))


@dataclass(frozen=True, slots=True)
class _Mended:
    """A stretch that no plain text could hold, and what was meant."""

    broken: str
    text: str
    encoding: str


def _parts(piece: str) -> tuple[_Mended, ...]:
    """What can be mended of a piece: the whole, else single words of it."""
    if not _PAIR.search(piece) or not is_bad(piece):
        return ()
    whole = _mended(piece)
    if whole is not None:
        return (whole,)
    words = dict.fromkeys(word for word in _WORD.findall(piece) if not word.isascii())
    some = (_mended(word) for word in words if is_bad(word))
    return tuple(each for each in some if each is not None and _reads_well(each.text))


def _mended(piece: str) -> _Mended | None:
    """The piece as it was meant; None where that is not certain."""
    fixed, steps = fix_encoding_and_explain(piece, _PLAN)
    actions = [(step.action, step.parameter) for step in steps or ()]
    if fixed == piece or len(actions) != 2 or actions[1] != ("decode", "utf-8"):
        return None
    encoding = actions[0][1]
    if actions[0][0] != "encode" or encoding not in ("latin-1", *_NAMES):
        return None
    # The way back must give the very signs again.
    if fixed.encode("utf-8").decode(encoding) != piece or not _is_proof(fixed):
        return None
    return _Mended(piece, fixed, encoding)


def _is_proof(fixed: str) -> bool:
    """Whether a sign took three bytes, as quotes do, or is a letter beside plain letters."""
    three_bytes = any(sign > "\u07ff" and (sign in _PRINT or sign.isalpha()) for sign in fixed)
    return three_bytes or any(pair.group().isalpha() for pair in _ACCENTED.finditer(fixed))


def _reads_well(fixed: str) -> bool:
    """Whether every odd sign of `fixed` is a letter beside letters or a sign of print."""
    for match in re.finditer(r"[^\x00-\x7f]", fixed):
        sign = match.group()
        if sign in _PRINT:
            continue
        start, end = match.span()
        beside = fixed[max(0, start - 1) : start] + fixed[end : end + 1]
        # `à` and `é` stand alone.
        alone = not beside.strip() and sign.islower()
        if not (sign.isalpha() and (alone or any(map(str.isalpha, beside)))):
            return False
    return not is_bad(fixed)
