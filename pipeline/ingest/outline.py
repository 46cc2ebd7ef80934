"""A tree of elements to lines of text that the cutting of passages knows again.

Headings become `## words`, items of lists `- words`, rows of tables `| a | b |`, captions of
pictures `![words]()`, each a line; paragraphs stand between blank lines.  The same walk
reads HTML and the tree that Trafilatura makes of a page, whose elements have the names of TEI.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator

from lxml import etree, html

_UNSHOWN, _INLINE = (
    frozenset(names.split())
    for names in (
        "script style noscript template iframe object embed svg math button select textarea input "
        "audio video canvas map graphic",
        "a abbr acronym b bdi bdo big cite code data del dfn em font hi i ins kbd label mark nobr "
        "q ref rp rt ruby s samp small span strike strong sub sup time tt u var wbr",
    )
)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_ROWS, _CELLS = frozenset(["tr", "row"]), frozenset(["td", "th", "cell"])
_ITEMS, _BREAKS = frozenset(["li", "item", "dd", "dt"]), frozenset(["br", "lb"])
# A heading whose level is lost stands below the title.
_LEVEL = 2


# How Markdown opens a picture; behind it stands its caption.
PICTURE = "!["
_CAPTION_CHARS = 700
_INLINE_TAG = re.compile(rf"</?(?:{'|'.join(sorted(_INLINE))})(?:\s[^<>]*)?/?>")
_ANY_TAG = re.compile(r"<[^<>]*>")


def keep_captions(tree: html.HtmlElement) -> None:
    """Puts the caption of each picture in the place of the picture, as a paragraph of its own.

    What finds the main text of a page takes pictures for no text, and their captions with them.
    """
    for element in list(tree.iter("figcaption")):
        figure = next(element.iterancestors("figure"), element)
        parent = figure.getparent()
        words = " ".join(text_of(element).split()).lstrip("#-| ")
        # A figure may also be the frame of a table or of a quotation.
        is_frame = next(figure.iter("table", "blockquote", "p", "li"), None) is not None
        if parent is None or not words or len(words) > _CAPTION_CHARS or is_frame:
            continue
        kept = html.Element("p")
        kept.text = f"{PICTURE}{words}]()"
        kept.tail = figure.tail
        parent.replace(figure, kept)


def words_shown(tree: html.HtmlElement) -> int:
    """Number of words in the body of a page, whatever part of it they stand in."""
    body = tree.find("body")
    if body is None:
        return 0
    body = copy.deepcopy(body)
    etree.strip_elements(body, *_UNSHOWN, with_tail=False)
    source = _INLINE_TAG.sub("", etree.tostring(body, encoding="unicode"))
    return sum(1 for word in _ANY_TAG.sub(" ", source).split() if word.strip("#-|"))


class _Lines:
    """Collects words into blocks; a block ends where `close` is called."""

    def __init__(self) -> None:
        self.blocks: list[str] = []
        self._pieces: list[str] = []
        self._sign = ""

    def add(self, words: str | None) -> None:
        if words:
            self._pieces.append(words)

    def open(self, sign: str = "") -> None:
        self.close()
        self._sign = sign

    def close(self) -> None:
        lines = (" ".join(line.split()) for line in "".join(self._pieces).split("\x1e"))
        words = "\n".join(line for line in lines if line)
        if words:
            if self._sign:
                words = self._sign + words.replace("\n", " ")
            self.blocks.append(words)
            self._sign = ""
        self._pieces.clear()


def text_of(root: etree._Element) -> str:
    r"""The text below `root` as blocks, rows and items line below line.

    Example:
        >>> page = html.fragment_fromstring("<div><h2>Trade</h2><ul><li>fish<li>copper</ul></div>")
        >>> text_of(page)
        '## Trade\n\n- fish\n- copper'
    """
    lines = _Lines()
    _walk(root, lines)
    lines.close()
    return _joined(lines.blocks)


def text_of_fragment(source: str) -> str:
    r"""The text of a piece of HTML, all of it.

    Example:
        >>> text_of_fragment("<p>Ferries <b>run</b>.</p><p>Trams stop.</p>")
        'Ferries run.\n\nTrams stop.'
    """
    return text_of(html.fragment_fromstring(source, create_parent="div"))


# What holds blank lines that part nothing, and a blank line.
_HOLDER_OR_BLANK = re.compile(
    r"<(?P<end>/?)(?:table|ul|ol|dl|pre|script|style)\b|\n[ \t\r]*\n\s*", re.IGNORECASE
)
_TAG = re.compile(r"</?[a-zA-Z]")
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)


def text_of_mixed(source: str) -> str:
    r"""The text of HTML between lines of plain text, which stay sign for sign.

    Example:
        >>> text_of_mixed("Ferries\n- <i>run</i>\n\n<p>Trams <b>stop</b>.</p>\n\n<p>Cars\ntoo.</p>")
        'Ferries\n- run\n\nTrams stop.\n\nCars too.'
    """
    pieces: list[str] = []
    depth = start = 0
    for match in _HOLDER_OR_BLANK.finditer(source):
        if match.group().startswith("<"):
            depth = max(depth - 1, 0) if match["end"] else depth + 1
        elif depth == 0:
            pieces.append(source[start : match.start()])
            start = match.end()
    pieces.append(source[start:])
    return "\n\n".join(text for text in map(_text_of_piece, pieces) if text)


def _text_of_piece(piece: str) -> str:
    """The text of what stands between two blank lines."""
    if _TAG.search(_INLINE_TAG.sub("", _BREAK.sub("", piece))):
        return text_of_fragment(piece)
    # Lines of plain text with words in bold and the like: they stay lines.
    return "\n".join(map(_text_of_line, piece.strip().splitlines()))


def _text_of_line(line: str) -> str:
    if not _TAG.search(line):
        return line
    # In a row of a Markdown table a break parts no rows.
    return text_of_fragment(_BREAK.sub(" ", line) if line.startswith("|") else line)


def _joined(blocks: list[str]) -> str:
    pieces: list[str] = []
    for n, block in enumerate(blocks):
        sign = block[:2]
        together = n and sign in ("- ", "| ") and blocks[n - 1][:2] == sign
        pieces += [("\n" if together else "\n\n") if n else "", block]
    return "".join(pieces)


def _walk(element: etree._Element, lines: _Lines) -> None:
    """Add what stands in `element`; its tail is for the caller."""
    tag = element.tag if isinstance(element.tag, str) else ""
    if not tag or tag in _UNSHOWN:
        return
    if tag in _BREAKS:
        lines.add("\x1e")
    elif tag in _ROWS and _is_row(element):
        lines.open("| ")
        lines.add(" | ".join(_cells(element)) + " |")
        lines.close()
    elif tag in _INLINE:
        _inside(element, lines)
    else:
        lines.open(_sign(element, tag))
        _inside(element, lines)
        lines.close()


def _sign(element: etree._Element, tag: str) -> str:
    if tag in _ITEMS:
        return "- "
    if tag == "head":
        tag = element.get("rend") or ""
        return "#" * _HEADINGS.get(tag, _LEVEL) + " "
    return "#" * _HEADINGS[tag] + " " if tag in _HEADINGS else ""


def _inside(element: etree._Element, lines: _Lines) -> None:
    lines.add(element.text)
    for child in element:
        _walk(child, lines)
        lines.add(child.tail)


def _is_row(element: etree._Element) -> bool:
    """Whether it is a row of data: pages are also laid out with tables, one cell a row."""
    cells = [child for child in element if child.tag in _CELLS]
    return len(cells) > 1 and not any(True for cell in cells for _ in cell.iter("table", "ul"))


def _cells(row: etree._Element) -> Iterator[str]:
    for cell in row:
        if cell.tag in _CELLS:
            inner = _Lines()
            _inside(cell, inner)
            inner.close()
            yield " ".join(" ".join(inner.blocks).split()).replace("|", "/")
            spanned = cell.get("colspan", "1")
            if spanned.isdecimal():
                yield from [""] * (min(int(spanned[:3]), 100) - 1)
