r"""Many-record files to records: JSON Lines, JSON lists of articles, MediaWiki dumps.

A record is a stretch of bytes of its file: a line, a value, a `<page>`.  It is only cut out
here and read elsewhere, so that one that is broken costs no other.  Files are read as a stream:
never more than one record and some MB stand in memory, and time is linear in the bytes.

JSON is walked as Latin-1, where each byte is one sign: strings keep their bytes, the offsets
are those of the file, and what is not UTF-8 is told when the record itself is read.  The text of a
dump cannot hold `<page>`, because a dump writes `<` as `&lt;`: pages are found by their tags
alone, and no declaration of the file has any power over them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from json.decoder import JSONDecodeError, JSONDecoder

from pipeline.errors import Unreadable
from pipeline.ingest.articles import is_article, wrapper_keys
from pipeline.ingest.kinds import Records
from pipeline.ingest.reading import Stream
from schemas.tables import Reason

_UTF8_MARK = b"\xef\xbb\xbf"
_HEAD = 1_000_000
_BLANKS = b" \t\r\n"
_SPACE = re.compile(r"[ \t\r\n]*")
_DECODER = JSONDecoder()
_PAGE_OPEN, _PAGE_CLOSE = b"<page>", b"</page>"
_DECLARATION = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_NO_DUMP = "save the text of its articles as .txt, .html or .jsonl."


@dataclass(frozen=True, slots=True)
class RawRecord:
    """One record: its bytes and their offset in the unpacked file; or why it has none."""

    number: int
    offset: int
    data: bytes
    reason: Reason | None = None
    message: str | None = None


def records_of(stream: Stream, records: Records, limit: int) -> Iterator[RawRecord]:
    """The records of a many-record file, in order, numbered from 0.

    Args:
        stream: the file, from its start.
        records: how it is cut.
        limit: bytes of the largest record; a larger one becomes a record with a reason.

    Raises:
        Unreadable: the file as a whole is no such file, or cannot be read to its end.
    """
    if records == "lines":
        return _lines(stream, limit)
    if records == "values":
        return _values(stream, limit)
    return _pages(stream, limit)


def _too_large(number: int, offset: int, limit: int, what: str) -> RawRecord:
    return RawRecord(
        number,
        offset,
        b"",
        "too_large",
        f"{what} begins at byte {offset:,} and is longer than {limit:,} bytes; split it or raise "
        "`max_file_bytes`.",
    )


def _lines(stream: Stream, limit: int) -> Iterator[RawRecord]:
    number = 0
    for line, offset, data in _raw_lines(stream, limit):
        if data is None:
            yield _too_large(number, offset, limit, f"Line {line:,}")
        else:
            words = data.strip(_BLANKS)
            if not words:
                continue
            yield _line(number, offset + data.index(words[:1]), words, line)
        number += 1


def _line(number: int, offset: int, data: bytes, line: int) -> RawRecord:
    fault = _fault_of(data)
    if fault is None:
        return RawRecord(number, offset, data)
    reason, place, what = fault
    return RawRecord(
        number,
        offset,
        data,
        reason,
        f"Line {line:,}, at byte {offset + place:,}: {what}; mend or remove the line.",
    )


def _fault_of(data: bytes) -> tuple[Reason, int, str] | None:
    """Why a line is no JSON object: the reason, where in it, and in words; None where it is one."""
    try:
        value = _DECODER.decode(data.decode("utf-8"))
    except UnicodeDecodeError as error:
        return "undecodable", error.start, "this is not valid UTF-8"
    except JSONDecodeError as error:
        return "malformed", len(error.doc[: error.pos].encode()), f"this is no JSON ({error.msg})"
    except RecursionError:
        return "markup_too_deep", 0, "the values are nested too deep"
    return None if isinstance(value, dict) else ("no_article", 0, "this is no JSON object")


def _raw_lines(stream: Stream, limit: int) -> Iterator[tuple[int, int, bytes | None]]:
    """Number from 1, offset and bytes of each line; None for the bytes of one too long."""
    held = bytearray()
    line, base, is_long = 1, 0, False
    first = stream.read()
    if first.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in first[:4]:
        raise Unreadable("malformed", "JSON Lines must be UTF-8; save it in this encoding.")
    if first.startswith(_UTF8_MARK):
        base, first = len(_UTF8_MARK), first[len(_UTF8_MARK) :]
    piece = first
    while piece:
        searched = len(held)
        held += piece
        start = 0
        while (end := held.find(b"\n", max(start, searched))) >= 0:
            if not is_long and end - start > limit:
                yield line, base + start, None
            elif not is_long:
                yield line, base + start, bytes(held[start:end])
            is_long = False
            start, line = end + 1, line + 1
        del held[:start]
        base += start
        if len(held) > limit or is_long:
            if not is_long:
                yield line, base, None
            is_long = True
            base += len(held)
            held.clear()
        piece = stream.read()
    if held:
        yield line, base, bytes(held)


class _Window:
    """A stretch of a JSON file as Latin-1 text, which moves on as it is read."""

    def __init__(self, stream: Stream, limit: int) -> None:
        self._stream, self._limit = stream, limit
        self.text = ""
        self.base = 0
        self.at = 0
        self.at_end = False

    @property
    def offset(self) -> int:
        """Place in the file."""
        return self.base + self.at

    def fill(self) -> bool:
        """Read on; whether there was more.  As much again as is held, so that time is linear."""
        wanted = max(len(self.text) - self.at, 1)
        pieces = [self.text[self.at :]]
        self.base += self.at
        self.at = 0
        while wanted > 0 and not self.at_end:
            piece = self._stream.read()
            self.at_end = not piece
            wanted -= len(piece)
            pieces.append(piece.decode("latin-1"))
        self.text = "".join(pieces)
        return wanted <= 0 or len(pieces) > 2

    def peek(self) -> str:
        """The next sign that is no blank; empty at the end."""
        while True:
            match = _SPACE.match(self.text, self.at)
            self.at = match.end() if match else self.at
            if self.at < len(self.text):
                return self.text[self.at]
            if self.at_end:
                return ""
            self.fill()

    def value(self, keep: bool) -> tuple[object, str]:
        """The next value and, with `keep`, the text it stands in.

        Raises:
            Unreadable: `malformed`, `too_large` or `markup_too_deep`.
        """
        self.peek()
        while True:
            start = self.at
            try:
                value, end = _DECODER.raw_decode(self.text, start)
            except JSONDecodeError as error:
                if not self.at_end and len(self.text) - start <= self._limit:
                    self.fill()
                    continue
                if not self.at_end:
                    raise self.fault("too_large", f"more than {self._limit:,} bytes") from error
                raise self.fault("malformed", error.msg, error.pos - start) from error
            except RecursionError as error:
                raise self.fault("markup_too_deep", "values nested too deep") from error
            # A number or word may go on behind what is held.
            if end == len(self.text) and not self.at_end:
                self.fill()
                continue
            self.at = end
            return value, self.text[start:end] if keep else ""

    def fault(self, reason: Reason, what: str, further: int = 0) -> Unreadable:
        """The fault of the value that begins here."""
        return Unreadable(
            reason,
            f"At byte {self.offset + further:,} this is no JSON that can be read ({what}), and "
            "what follows was not read; mend it, or write one article a line as .jsonl.",
        )


def _values(stream: Stream, limit: int) -> Iterator[RawRecord]:
    head = stream.exactly(_HEAD)
    stream.unread(head)
    if head.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in head[:4]:
        raise Unreadable("malformed", "JSON must be UTF-8; save it in this encoding.")
    if _is_lines(head):
        yield from _lines(stream, limit)
        return
    window = _Window(stream, limit)
    window.fill()
    if window.text.startswith(_UTF8_MARK.decode("latin-1")):
        window.at = len(_UTF8_MARK)
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
    first, _, rest = head.removeprefix(_UTF8_MARK).lstrip(_BLANKS).partition(b"\n")
    if not (first.startswith(b"{") and rest.lstrip(_BLANKS).startswith(b"{")):
        return False
    try:
        return isinstance(json.loads(first), dict)
    except (ValueError, RecursionError):
        return False


def _object(window: _Window, stream: Stream, limit: int) -> Iterator[RawRecord]:
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


def _wrapped(window: _Window, depth: int) -> Iterator[None]:
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


def _list(window: _Window, limit: int, number: int) -> Iterator[RawRecord]:
    """The objects of the list that begins here; leaves the window behind it.

    Where one value ends wrongly nobody knows where the next begins: the rest is not read.
    """
    window.at += 1
    while window.peek() != "]":
        offset = window.offset
        value, text = window.value(keep=True)
        if len(text) > limit:
            yield _too_large(number, offset, limit, "A record")
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


def _pages(stream: Stream, limit: int) -> Iterator[RawRecord]:
    held = bytearray(_head_of_dump(stream))
    base, number, is_long = stream.offset - len(held), 0, False
    more = True
    while True:
        start = 0 if is_long else held.find(_PAGE_OPEN)
        end = held.find(_PAGE_CLOSE, max(start, 0))
        if start >= 0 and end >= 0:
            end += len(_PAGE_CLOSE)
            if not is_long:
                data = bytes(held[start:end])
                too_long = len(data) > limit
                yield (
                    _too_large(number, base + start, limit, "A page")
                    if too_long
                    else RawRecord(number, base + start, data)
                )
                number += 1
            is_long = False
            del held[:end]
            base += end
            continue
        # Of what holds no tag, an end is kept that a tag may begin in.
        keep = len(_PAGE_CLOSE) if start < 0 or is_long else len(held) - start
        if keep > limit and not is_long:
            yield _too_large(number, base + start, limit, "A page")
            number, is_long, keep = number + 1, True, len(_PAGE_CLOSE)
        gone = max(len(held) - keep, 0)
        del held[:gone]
        base += gone
        if not more:
            break
        more = _grow(held, stream)
    if not is_long and held.find(_PAGE_OPEN) >= 0:
        yield RawRecord(
            number,
            base,
            b"",
            "malformed",
            f"The page that begins at byte {base:,} has no end: the dump was cut off.",
        )
        number += 1
    if not number:
        raise Unreadable("empty", "This dump has no page in it; remove it.")


def _grow(held: bytearray, stream: Stream) -> bool:
    """Read on, as much again as is held; whether there was more."""
    wanted = max(len(held), 1)
    while wanted > 0 and (piece := stream.read()):
        held += piece
        wanted -= len(piece)
    return wanted <= 0


def _head_of_dump(stream: Stream) -> bytes:
    """The first bytes, up to the first page at least; refuses what is no dump."""
    head = stream.exactly(_HEAD)
    before, _, _ = head.partition(_PAGE_OPEN)
    if _DECLARATION.search(before):
        raise Unreadable(
            "malformed",
            "It declares a document type or entities, which no MediaWiki dump does and which can "
            f"be made to grow without end; {_NO_DUMP}",
        )
    if b"<mediawiki" not in before:
        raise Unreadable("not_plain_text", f"This is XML but no MediaWiki dump; {_NO_DUMP}")
    return head
