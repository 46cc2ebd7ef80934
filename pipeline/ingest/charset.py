"""The bytes of an HTML page to its source, by what the page says of its encoding."""

from __future__ import annotations

import codecs
import re

from pipeline.errors import Unreadable
from pipeline.ingest.decode import MARKS
from pipeline.ingest.guess import guess

_META_CHARSET = re.compile(
    rb"""<meta[^<>]{0,300}?charset\s*=\s*["']?\s*([A-Za-z0-9_:.-]{2,40})""", re.I
)
# What browsers take these names for.
_MEANT = {"iso-8859-1": "cp1252", "latin-1": "cp1252", "latin1": "cp1252", "us-ascii": "cp1252",
          "ascii": "cp1252", "gb2312": "gb18030", "gbk": "gb18030", "shift_jis": "cp932",
          "ks_c_5601-1987": "cp949", "euc-kr": "cp949", "x-sjis": "cp932"}  # fmt: skip


def decoded(data: bytes) -> tuple[str, str]:
    """Text and encoding of a page: byte order mark, UTF-8, what it declares, or a sure guess.

    Raises:
        Unreadable: `undecodable` or `nul_bytes`.

    Example:
        >>> decoded('<meta charset="windows-1251">Порт'.encode("cp1251"))[0][-4:]
        'Порт'
    """
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return _strictly(data[len(mark) :], encoding), encoding
    if b"\0" in data:
        raise Unreadable(
            "nul_bytes",
            f"Byte {data.index(0):,} is NUL, which stands in no page; save it as UTF-8.",
        )
    declared = _META_CHARSET.search(data[:4_000])
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as error:
        name = declared.group(1).decode("ascii").lower() if declared else ""
        name = _MEANT.get(name, name)
        if name not in ("", "utf-8", "utf8") and _is_known(name):
            return _strictly(data, name), codecs.lookup(name).name
        guessed = guess(data)
        if guessed is None:
            raise _undecodable(error.start, "UTF-8") from error
        return guessed.text, guessed.encoding


def _is_known(name: str) -> bool:
    try:
        # Names such as `zlib` are codecs of another sort, and UTF-16 would have NUL bytes.
        return b"a".decode(name) == "a"
    except (LookupError, UnicodeError, ValueError):
        return False


def _strictly(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise _undecodable(error.start, encoding) from error


def _undecodable(offset: int, encoding: str) -> Unreadable:
    return Unreadable(
        "undecodable",
        f"Byte {offset:,} is not valid {encoding}; save the page again as UTF-8.",
    )
