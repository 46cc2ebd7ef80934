"""One page of a MediaWiki dump: its title and its newest text.

The page is read alone, so that nothing that the dump declares can act on it: an entity
that XML itself does not know is a fault of the page.
"""

from __future__ import annotations

from xml.parsers import expat

from pipeline.errors import Unreadable
from pipeline.ingest.metadata import Stated
from pipeline.ingest.taken import Taken, told, under_title
from pipeline.ingest.wikitext import is_redirect, text_of_wikitext

_KEPT = frozenset(["ns", "title", "redirect", "model", "text"])


def take_wiki_page(data: bytes) -> Taken:
    r"""The text of a `<page>`.

    Raises:
        Unreadable: `malformed`, `redirect`, `other_namespace`, `not_plain_text` for pages that are
            no wikitext, `empty` or `markup_too_deep`.

    Example:
        >>> page = b"<page><title>Bergen</title><ns>0</ns><revision><text>A [[port]].</text>"
        >>> take_wiki_page(page + b"</revision></page>").text
        '= Bergen =\n\nA port.'
    """
    fields = _fields(data)
    title = " ".join(fields.get("title", "").split()) or None
    if fields.get("ns", "0").strip() != "0":
        raise Unreadable(
            "other_namespace",
            f"{title}: in namespace {fields['ns'].strip()[:9]}; articles are in namespace 0.",
        )
    source = fields.get("text", "")
    if "redirect" in fields or is_redirect(source):
        raise Unreadable("redirect", f"{title}: only sends its readers to another page.")
    if fields.get("model", "wikitext").strip() != "wikitext":
        raise Unreadable("not_plain_text", f"{title}: is no wikitext.")
    text, dropped = text_of_wikitext(source)
    if not text.strip():
        raise Unreadable("empty", f"{title}: there is no text in this page.")
    stated = Stated(title=title[:2_000] if title else None)
    return Taken(under_title(title, text, "="), "dump", stated, dropped=told(dropped))


def _fields(data: bytes) -> dict[str, str]:
    """The words of the elements that are kept; of several revisions the last one's."""
    fields: dict[str, str] = {}
    pieces: list[str] = []
    name: str | None = None

    def start(tag: str, _: dict[str, str]) -> None:
        nonlocal name
        name = tag if tag in _KEPT else None
        pieces.clear()

    def end(tag: str) -> None:
        nonlocal name
        if tag == name:
            fields[tag] = "".join(pieces)
        name = None

    def add(words: str) -> None:
        if name is not None:
            pieces.append(words)

    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = add
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise Unreadable(
            "malformed",
            f"This page of the dump is no XML that can be read ({error}); the others were read.",
        ) from error
    return fields
