"""HTML pages: the main text by Trafilatura, the metadata from what the page states of itself.

Dates come only from places that mean the day of publication: schema.org data, `meta` elements and
`time` elements marked so.  What merely looks like a date in the page is left to the evidence
of the text, as in any other document.

Source of the method: A. Barbaresi, Trafilatura (ACL 2021), for the main text.
"""

from __future__ import annotations

import re
from collections import Counter

from lxml import etree, html

from pipeline.errors import Unreadable
from pipeline.ingest.articles import Column, linked_articles, rules, stated_from, words_of
from pipeline.ingest.charset import decoded
from pipeline.ingest.metadata import Stated
from pipeline.ingest.outline import PICTURE, keep_captions, text_of, words_shown
from pipeline.ingest.shown import shown_stamp, shown_title
from pipeline.ingest.taken import Taken, told, under_title
from pipeline.passages.marks import title_words

# Pages that people read have some thousand elements, seldom thirty thousand, and some dozen levels.
MOST_TAGS, DEEPEST = 60_000, 256
# Pictures inside of attributes and the like: nothing of a tag that long is read.
_LONG_TAG = re.compile(r"<([a-zA-Z][a-zA-Z0-9]{0,20})\s[^<>]{8000,}>")
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,20})(?=[\s/>])")
_OPAQUE = re.compile(r"<(script|style)\b|<!--", re.IGNORECASE)
# The first have no end; the others close themselves where the next begins.
_VOID = frozenset(
    name
    for names in (
        "area base br col embed hr img input link meta param source track wbr",
        "p li dt dd tr td th thead tbody tfoot option optgroup colgroup",
    )
    for name in names.split()
)
# The day of a page stands in so many first signs of its text, if it does.
_HEAD_CHARS = 1_000
_FURNITURE = ("nav", "footer", "aside", "form", "button", "figure", "menu", "dialog")
_DROPPED = {
    "script": "scripts and styles", "style": "scripts and styles", "nav": "navigation blocks",
    "footer": "footers", "aside": "asides", "form": "forms", "iframe": "embedded pages",
    "img": "pictures", "figcaption": "captions", "video": "films and sounds",
    "audio": "films and sounds", "button": "buttons",
}  # fmt: skip


def take_page(data: bytes) -> Taken:
    r"""The main text of a page and what the page states of itself.

    Raises:
        Unreadable: `undecodable`, `nul_bytes`, `too_large`, `markup_too_deep`, `malformed`, or
            `no_text` where there is no main text.

    Example:
        >>> page = b"<html lang=en><title>Ferry opens</title><h1>Ferry opens</h1><p>Norway and "
        >>> take_page(page + b"Chile opened a ferry line on 3 May 2019.</p></html>").text
        '# Ferry opens\n\nNorway and Chile opened a ferry line on 3 May 2019.'
    """
    source, encoding = decoded(data)
    source = bare(source)
    if not source.strip():
        raise Unreadable("empty", "There is nothing but blanks in it; fill it or remove it.")
    try:
        tree = html.document_fromstring(source.encode("utf-8"), _parser())
    except (etree.LxmlError, ValueError) as error:
        raise Unreadable("malformed", f"This is no page that can be read: {error}.") from error
    stated = _stated(tree)
    counts = Counter(
        kind for element in tree.iter(*_DROPPED) if (kind := _DROPPED[str(element.tag)])
    )
    shown = words_shown(tree)
    undated = stated.title is not None and stated.published is None
    stamp = shown_stamp(tree, stated.title or "") if undated else None
    keep_captions(tree)
    text = _main_text(tree)
    if not text:
        raise Unreadable(
            "no_text",
            "No main text is found in this page: it may be a list of links, or be filled in by a "
            "script; save what a browser shows as .txt.",
        )
    counts["captions"] = max(counts["captions"] - text.count(f"\n{PICTURE}"), 0)
    counts["words outside the main text"] = max(shown - _count(text), 0)
    if not text.startswith("# "):
        text = under_title(stated.title, text)
    return Taken(
        text if stamp is None else _stamped(text, stamp),
        "html",
        stated,
        encoding,
        dropped=told(counts),
    )


def _stamped(text: str, stamp: str) -> str:
    """`text` with the line that tells its day below its title, where it does not hold it."""
    title, _, rest = text.partition("\n")
    held = any(stamp in line for line in rest[:_HEAD_CHARS].splitlines())
    return text if held or not title.startswith("# ") else f"{title}\n\n{stamp}\n{rest}"


def _parser() -> html.HTMLParser:
    return html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)


def _main_text(tree: html.HtmlElement) -> str:
    try:
        # Imported at the first page: it takes longer than to read a hundred plain texts.
        import trafilatura  # noqa: PLC0415

        # It works on a copy; parsing the page once more took a tenth of the time.
        found = trafilatura.bare_extraction(
            tree, include_comments=False, include_tables=True, with_metadata=False
        )
    except RecursionError as error:
        raise _too_deep(DEEPEST) from error
    body = getattr(found, "body", None)
    if body is not None and len(body) > 1:
        return text_of(body)
    # Of a short page Trafilatura makes one paragraph of all that it holds, the title among it.
    return _all_text(tree)


def _all_text(tree: html.HtmlElement) -> str:
    """The text of a page but for what its elements say is none of it."""
    mains = [element for name in ("article", "main", "body") for element in tree.iter(name)]
    for element in list(mains[0].iter(*_FURNITURE)) if mains else ():
        element.drop_tree()
    return text_of(mains[0]) if mains else ""


def bare(source: str) -> str:
    """A page without the attributes of overlong tags; refuses what would cost too much to read.

    Raises:
        Unreadable: `too_large` for too many elements, `markup_too_deep`.
    """
    source = source.replace("\0", "")
    source = _LONG_TAG.sub(r"<\1>", source)
    depth = deepest = tags = 0
    for slash, name in _tags(source):
        tags += 1
        if name in _VOID or name.lower() in _VOID:
            continue
        if slash:
            depth = depth - 1 if depth else 0
        else:
            depth += 1
            deepest = depth if depth > deepest else deepest
    if tags > MOST_TAGS:
        raise Unreadable(
            "too_large", f"This page has {tags:,} tags, the limit is {MOST_TAGS:,}; split it."
        )
    if deepest > DEEPEST:
        raise _too_deep(deepest)
    return source


def _too_deep(deepest: int) -> Unreadable:
    return Unreadable(
        "markup_too_deep",
        f"Its elements are nested {deepest:,} deep; no page is read beyond {DEEPEST:,}. Save what "
        "a browser shows as .txt.",
    )


def _tags(source: str) -> list[tuple[str, str]]:
    """Stroke, where it closes, and name of all tags outside of scripts, styles and comments."""
    found: list[tuple[str, str]] = []
    place = 0
    closers = {"<!--": "-->", "script": "</script", "style": "</style"}
    lowered = source.lower()
    while True:
        opaque = _OPAQUE.search(source, place)
        end = opaque.start() if opaque else len(source)
        found += _TAG.findall(source, place, end)
        if opaque is None:
            return found
        closer = closers[(opaque[1] or "<!--").lower()]
        closed = lowered.find(closer, opaque.end())
        if closed < 0:
            return found
        place = closed + len(closer)


def _count(text: str) -> int:
    """Words, without the signs that mark lists, headings and cells."""
    text = text.replace(f"\n{PICTURE}", "\n").replace("]()", "")
    return sum(1 for word in text.split() if word.strip("#-|"))


def _stated(tree: html.HtmlElement) -> Stated:
    """The metadata of a page: schema.org data, then `meta`, then elements that mean it."""
    scripts = tree.iterfind(".//script[@type='application/ld+json']")
    linked = list(linked_articles(script.text or "" for script in scripts))
    # A page describes itself last as a mere page, which knows less than the article on it.
    linked.sort(key=lambda fields: fields.get("@type") == "WebPage")
    meta = _meta(tree)
    words: dict[Column, str] = {}
    for rule in rules().meta:
        column = rule.column
        said = (words_of(fields, column) for fields in linked)
        named = (meta[name] for name in rule.names if name in meta)
        if column in ("byline", "publisher"):
            # Often the address of a profile.
            named = (value for value in named if "//" not in value)
        words[column] = next((one for one in (*said, *named, _marked(tree, column)) if one), "")
    words["title"] = shown_title(tree, words["title"])
    return stated_from(words)


def _meta(tree: html.HtmlElement) -> dict[str, str]:
    found: dict[str, str] = {}
    for element in tree.iter("meta"):
        content = (element.get("content") or "").strip()
        for attribute in ("property", "name", "itemprop", "http-equiv"):
            for name in (element.get(attribute) or "").lower().split()[:5]:
                if content:
                    found.setdefault(name, content)
    return found


def _marked(tree: html.HtmlElement, column: Column) -> str:
    """What elements of the page say that mean a column."""
    if column == "title":
        heads = [words for h1 in tree.iter("h1") if (words := " ".join(text_of(h1).split()))]
        if len(heads) == 1:
            return heads[0].removeprefix("# ")
        return title_words(" ".join((tree.findtext(".//title") or "").split()))
    if column == "published":
        for element in tree.iter("time"):
            if element.get("pubdate") is not None or "published" in _marks(element):
                return element.get("datetime") or ""
    if column == "language":
        return tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang") or ""
    if column == "url":
        link = tree.find(".//link[@rel='canonical']")
        return "" if link is None else link.get("href") or ""
    return ""


def _marks(element: html.HtmlElement) -> str:
    marks = f"{element.get('itemprop') or ''} {element.get('class') or ''}".lower()
    return marks.replace("datepublished", "published")
