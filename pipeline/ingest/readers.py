"""Bytes of one document to its text, by the reader for its format."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

from pipeline.errors import Unreadable
from pipeline.ingest.articles import (
    Fields,
    is_article,
    is_fields,
    opened,
    stated_of,
    used_key,
    used_keys,
    words_of,
)
from pipeline.ingest.decode import decode
from pipeline.ingest.dumps import take_wiki_page
from pipeline.ingest.formats import is_tagged, tags_in
from pipeline.ingest.kinds import is_page, may_be_article
from pipeline.ingest.metadata import Stated
from pipeline.ingest.outline import text_of_fragment, text_of_mixed
from pipeline.ingest.pages import bare, take_page
from pipeline.ingest.taken import Taken, told, under_title
from pipeline.ingest.wikitext import is_redirect, text_of_wikitext
from schemas.tables import Format

# A body with so many tags of text is HTML; plain text quotes one at most.
_BODY_TAG = re.compile(
    r"</?(?:p|br|div|h[1-6]|li|ul|ol|blockquote|span|td|tr)\b[^<>]{0,2000}>", re.I
)
_LEAST_TAGS = 2
# What no tree of tags may hold.
_CONTROL = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f]")
_LONE = re.compile("[\ud800-\udfff]")
_HEAD = 4_000


def take(data: bytes, form: Format) -> Taken:
    """What the reader for `form` takes out of the bytes of one document.

    A whole HTML page that is called plain text is read as a page, a text full of tags as the body
    of one, one article in JSON as an article, and plain text that is called a page as text.

    Raises:
        Unreadable: the bytes cannot become a document; says why and what to do.
    """
    if form in ("text", "markdown"):
        if is_page(data[:_HEAD].decode("latin-1").lstrip("ï»¿")):
            form = "html"
        elif may_be_article(data) and _holds_article(data):
            form = "json"
    return _READERS[form](data)


def _holds_article(data: bytes) -> bool:
    """Whether a text file is one article in JSON; other JSON is refused as data."""
    try:
        return is_article(opened(_parsed(data)))
    except Unreadable:
        return False


def _take_text(data: bytes) -> Taken:
    return _take_plain(data, "text")


def _take_markdown(data: bytes) -> Taken:
    return _take_plain(data, "markdown")


def _take_plain(data: bytes, form: Format) -> Taken:
    decoded = decode(data)
    if not is_tagged(decoded.text):
        return Taken(decoded.text, form, Stated(), decoded.encoding, decoded.repairs)
    # A body without its page, as content systems export it.
    text = text_of_mixed(bare(_CONTROL.sub("\ufffd", decoded.text)))
    dropped = told({"tags": tags_in(decoded.text)})
    return _checked(Taken(text, "html", Stated(), decoded.encoding, decoded.repairs, dropped))


def _take_html(data: bytes) -> Taken:
    return _checked(take_page(data))


def _take_wikitext(data: bytes) -> Taken:
    try:
        source, encoding = data.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError:
        decoded = decode(data)
        source, encoding = decoded.text, decoded.encoding
    if is_redirect(source):
        raise Unreadable("redirect", "This page only sends its readers to another one.")
    text, dropped = text_of_wikitext(source)
    return _checked(Taken(text, "wikitext", Stated(), encoding, dropped=told(dropped)))


def _take_dump(data: bytes) -> Taken:
    return _checked(take_wiki_page(data))


def _take_json(data: bytes) -> Taken:
    fields = opened(_parsed(data))
    key, text = used_key(fields, "text"), words_of(fields, "text")
    if key is None:
        key, text = used_key(fields, "summary"), words_of(fields, "summary")
    if key is None:
        raise Unreadable(
            "no_article",
            "No field of this record holds a text; name it `text` (or `maintext`, `body`, "
            "`content`, `articleBody`).",
        )
    stated = stated_of(fields)
    if len(_BODY_TAG.findall(text[:100_000])) >= _LEAST_TAGS:
        text = text_of_fragment(bare(text))
    text, lone = _LONE.subn("\ufffd", under_title(stated.title, text))
    used = used_keys(fields)
    left = [name for name, held in fields.items() if held and name not in used]
    return _checked(
        Taken(
            text,
            "json",
            stated,
            repairs=("lone_surrogates",) if lone else (),
            dropped=told({"other fields": len(left)}),
        )
    )


def _parsed(data: bytes) -> Fields:
    try:
        value = json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise Unreadable(
            "undecodable",
            f"Byte {error.start:,} of the record is not valid UTF-8; save it as UTF-8.",
        ) from error
    except RecursionError as error:
        raise Unreadable(
            "markup_too_deep", "The values of this record are nested too deep; flatten them."
        ) from error
    except ValueError as error:
        raise Unreadable("malformed", f"The record is no JSON: {error}; mend it.") from error
    if not is_fields(value):
        raise Unreadable("no_article", "The record is no object, and so no article.")
    return value


def _checked(taken: Taken) -> Taken:
    """The text under the same look that plain text has, and its repairs."""
    decoded = decode(_LONE.sub("\ufffd", taken.text).encode("utf-8"))
    return Taken(
        decoded.text,
        taken.format,
        taken.stated,
        taken.encoding,
        (*taken.repairs, *decoded.repairs),
        taken.dropped,
    )


_READERS: dict[Format, Callable[[bytes], Taken]] = {
    "text": _take_text,
    "markdown": _take_markdown,
    "html": _take_html,
    "wikitext": _take_wikitext,
    "json": _take_json,
    "dump": _take_dump,
}
