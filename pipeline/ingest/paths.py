"""How the path of a file is shown, whose bytes may be no UTF-8, and the bytes of what is shown."""

from __future__ import annotations

import os
import re
from urllib.parse import quote_from_bytes, unquote_to_bytes

# A name that holds one of these would read like an escaped name.
_LOOKS_ESCAPED = re.compile("%(?:25|[89A-F][0-9A-F])")


def shown_path(path: bytes) -> str:
    r"""How the bytes of a path are shown: as they are where they are UTF-8.

    Otherwise bytes that are not UTF-8, and `%`, are percent-encoded.  So is `%` in a name
    that would read like an encoded one: `original_path` gives the bytes back.

    Example:
        >>> shown_path("новости/a b%20.txt".encode())
        'новости/a b%20.txt'
        >>> shown_path(b"bad-\xff%.txt")
        'bad-%FF%25.txt'
    """
    try:
        shown = path.decode("utf-8")
    except UnicodeDecodeError:
        shown = ""
    if shown and ("%" not in shown or not _LOOKS_ESCAPED.search(shown)):
        return shown
    whole = path.decode("utf-8", "surrogateescape")
    return "".join(
        quote_from_bytes(os.fsencode(sign), safe="")
        if sign == "%" or 0xDC80 <= ord(sign) <= 0xDCFF
        else sign
        for sign in whole
    )


def original_path(shown: str) -> bytes:
    r"""The bytes of the path that `shown_path` shows as `shown`.

    Example:
        >>> original_path("bad-%FF%25.txt"), original_path("a%20b.txt")
        (b'bad-\xff%.txt', b'a%20b.txt')
    """
    if not _LOOKS_ESCAPED.search(shown):
        return shown.encode("utf-8")
    return unquote_to_bytes(shown)
