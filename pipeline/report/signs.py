"""Text from documents on its way into a page: made visible, escaped, or put into a script tag.

Nothing from a document reaches a page but through here or through the template engine, whose
`finalize` is `visible`.  Signs that command (controls) or turn the order of others round
(bidi overrides and isolates) are shown as signs of their own, one for one, so that offsets
counted in the page are those of the document.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from html import escape

from markupsafe import Markup

DIRECTION_MARK = "\u2426"  # the symbol for substitute, form two: what stands for a bidi control
BIDI = (0x61C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
CONTROLS = {
    **{code: chr(0x2400 + code) for code in range(0x20) if chr(code) not in "\t\n\r"},
    0x7F: "\u2421",
    **dict.fromkeys(range(0x80, 0xA0), "\ufffd"),
    **dict.fromkeys(BIDI, DIRECTION_MARK),
}
# Most texts hold none of the signs that are shown as others: one look settles it.
CHANGED = re.compile(f"[{re.escape(''.join(map(chr, CONTROLS)))}]")
ESCAPED = re.compile(f"[{re.escape(''.join(map(chr, CONTROLS)))}<>&\"'\r]")
IN_SCRIPT = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}

Json = str | int | float | bool | None | Sequence["Json"] | dict[str, "Json"]


def visible(value: object) -> object:
    r"""A string with a sign for each command in it, of the same length; anything else as it is.

    Example:
        >>> visible("a\x1b[2Jb")
        'a␛[2Jb'
    """
    if isinstance(value, str) and not isinstance(value, Markup) and CHANGED.search(value):
        return value.translate(CONTROLS)
    return value


def html(text: str) -> str:
    r"""`text` as HTML that shows it and does nothing; a carriage return survives the parser.

    Example:
        >>> html("<b> & \r\n")
        '&lt;b&gt; &amp; &#13;\n'
    """
    if ESCAPED.search(text) is None:
        return text
    return escape(text.translate(CONTROLS)).replace("\r", "&#13;")


def data(value: Json) -> Markup:
    r"""JSON for a `<script type="application/json">`: no sign in it can end the tag.

    Example:
        >>> data({"a": "</script>"})
        Markup('{"a":"\\u003c/script\\u003e"}')
    """
    text = json.dumps(_shown(value), ensure_ascii=False, separators=(",", ":"))
    return Markup(text.translate(IN_SCRIPT))  # see IN_SCRIPT


def _shown(value: Json) -> Json:
    if isinstance(value, str):
        return value.translate(CONTROLS)
    if isinstance(value, dict):
        return {key: _shown(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_shown(each) for each in value]
    return value


def shortened(text: str, most: int) -> str:
    r"""`text` on one line, cut to `most` code points with a sign that it was.

    Example:
        >>> shortened("one\n two three", 8)
        'one two…'
    """
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"
