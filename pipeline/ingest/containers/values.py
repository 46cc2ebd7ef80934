"""JSON to records: the objects of a list, or of lists under keys such as `articles`."""

from __future__ import annotations

import json
from collections.abc import Iterator

from pipeline.errors import Unreadable
from pipeline.ingest.articles import is_article, wrapper_keys
from pipeline.ingest.containers.lines import records_of_lines
from pipeline.ingest.containers.record import BLANKS, HEAD, UTF8_MARK, RawRecord, too_large
from pipeline.ingest.containers.window import Window
from pipeline.ingest.stream import Stream


def records_of_values(stream: Stream, limit: int) -> Iterator[RawRecord]:
    """The articles of a JSON file, which may be JSON Lines by another name."""
    head = stream.exactly(HEAD)
    stream.unread(head)
    if head.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in head[:4]:
        raise Unreadable("malformed", "JSON must be UTF-8; save it in this encoding.")
    if _is_lines(head):
        yield from records_of_lines(stream, limit)
        return
    window = Window(stream, limit)
    window.fill()
    if window.text.startswith(UTF8_MARK.decode("latin-1")):
        window.at = len(UTF8_MARK)
    opening = window.peek()
    if opening == "[":
        yield from _list(window, limit, 0)
    elif opening == "{":
        yield from _object(window, stream, limit)
    elif not opening:
        raise Unreadable("empty", "There is nothing but blanks in it; fill it or remove it.")
    else:
        raise window.fault("malformed", "neither a list nor an object")


def _is_lines(head: bytes) -> bool:
    """Whether a `.json` holds JSON Lines: its first line is an object, and more follow."""
    first, _, rest = head.removeprefix(UTF8_MARK).lstrip(BLANKS).partition(b"\n")
    if not (first.startswith(b"{") and rest.lstrip(BLANKS).startswith(b"{")):
        return False
    try:
        return isinstance(json.loads(first), dict)
    except (ValueError, RecursionError):
        return False


def _object(window: Window, stream: Stream, limit: int) -> Iterator[RawRecord]:
    """One article, or an object with lists of them under keys such as `articles`."""
    while len(window.text) - window.at <= limit and not window.at_end:
        window.fill()
    is_small = window.at_end and len(window.text) <= limit
    if is_small:
        start = window.at
        value, _ = window.value(keep=False)
        if window.peek():
            raise window.fault("malformed", "more behind the end of the first object")
        if not _is_wrapper(value):
            data = window.text.encode("latin-1")
            yield RawRecord(0, window.base, data)
            return
        window.at = start
    number = 0
    for _ in _wrapped(window, depth=0):
        for record in _list(window, limit, number):
            yield record
            number = record.number + 1
    if not number:
        raise Unreadable(
            "no_article",
            "This is JSON, and there is no article and no list of articles in it; name the text "
            "`text` and the title `title`.",
        )


def _is_wrapper(value: object) -> bool:
    if not isinstance(value, dict) or is_article(value):
        return False
    inner = [value[key] for key in wrapper_keys() if key in value]
    return any(
        (isinstance(each, list) and any(isinstance(one, dict) for one in each))
        or (isinstance(each, dict) and _is_wrapper(each))
        for each in inner
    )


def _wrapped(window: Window, depth: int) -> Iterator[None]:
    """Stands at each list of articles in the object that begins here, then goes on behind it."""
    window.at += 1
    while window.peek() != "}":
        key, _ = window.value(keep=False)
        if window.peek() != ":":
            raise window.fault("malformed", "a colon is missing")
        window.at += 1
        opening = window.peek()
        if key in wrapper_keys() and opening == "[":
            yield
        elif key in wrapper_keys() and opening == "{" and depth < 2:
            yield from _wrapped(window, depth + 1)
        else:
            window.value(keep=False)
        if window.peek() == ",":
            window.at += 1
        elif window.peek() != "}":
            raise window.fault("malformed", "a comma is missing")
    window.at += 1


def _list(window: Window, limit: int, number: int) -> Iterator[RawRecord]:
    """The objects of the list that begins here; leaves the window behind it.

    Where one value ends wrongly nobody knows where the next begins: the rest is not read.
    """
    window.at += 1
    while window.peek() != "]":
        offset = window.offset
        value, text = window.value(keep=True)
        if len(text) > limit:
            yield too_large(number, offset, limit, "A record")
        elif isinstance(value, dict):
            yield RawRecord(number, offset, text.encode("latin-1"))
        else:
            yield _value(number, offset, text.encode("latin-1"), value)
        number += 1
        if window.peek() == ",":
            window.at += 1
        elif window.peek() != "]":
            raise window.fault("malformed", "a comma is missing")
    window.at += 1


def _value(number: int, offset: int, data: bytes, value: object) -> RawRecord:
    if not isinstance(value, dict):
        what = f"At byte {offset:,} stands a value that is no object, and so no article."
        return RawRecord(number, offset, data, "no_article", what)
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        what = f"Byte {offset + error.start:,} is not valid UTF-8; save the file as UTF-8."
        return RawRecord(number, offset, data, "undecodable", what)
    return RawRecord(number, offset, data)
