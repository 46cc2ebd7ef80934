"""What is no plain text, told by the first bytes or by the shape of the text.

A file called `.txt` may hold anything.  Reading a PDF or a table as running text gives wrong
rows, so they are refused with a sentence that says what to do.
"""

from __future__ import annotations

import re

from pipeline.errors import Unreadable
from schemas.tables import Reason

_SAVE = "save its text as a .txt or .md file."

# First bytes, the reason, what it is.
SIGNATURES: tuple[tuple[bytes, Reason, str], ...] = (
    (b"%PDF-", "not_plain_text", "a PDF"),
    (b"{\\rtf", "not_plain_text", "a rich text file (RTF)"),
    (b"%!PS", "not_plain_text", "a PostScript file"),
    (b"PK\x03\x04", "not_plain_text", "a ZIP archive or an office document (docx, xlsx, odt)"),
    (b"PK\x05\x06", "not_plain_text", "an empty ZIP archive"),
    (b"\x1f\x8b", "not_plain_text", "a gzip archive"),
    (b"BZh", "not_plain_text", "a bzip2 archive"),
    (b"\xfd7zXZ\x00", "not_plain_text", "an xz archive"),
    (b"\x28\xb5\x2f\xfd", "not_plain_text", "a zstd archive"),
    (b"7z\xbc\xaf\x27\x1c", "not_plain_text", "a 7z archive"),
    (b"Rar!\x1a\x07", "not_plain_text", "a RAR archive"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "not_plain_text", "an old office document (doc, xls)"),
    (b"\x7fELF", "binary", "a program"),
    (b"MZ\x90\x00", "binary", "a program"),
    (b"\xca\xfe\xba\xbe", "binary", "a program"),
    (b"\x89PNG\r\n\x1a\n", "binary", "a picture"),
    (b"\xff\xd8\xff", "binary", "a picture"),
    (b"GIF8", "binary", "a picture"),
    (b"PAR1", "binary", "a Parquet table"),
    (b"SQLite format 3\x00", "binary", "a database"),
    (b"ID3\x03", "binary", "a sound"),
    (b"OggS\x00", "binary", "a sound or film"),
)

_MARKUP = re.compile(r"<(?:!doctype|html|head|body|\?xml|rss|feed|svg|mediawiki)\b", re.IGNORECASE)
_TAG = re.compile(
    r"</?(?:p|div|span|a|br|li|ul|ol|td|tr|table|h[1-6]|img|script|style|meta|link|b|i|em|strong)"
    r"(?:\s[^<>]{0,500})?/?>",
    re.IGNORECASE,
)
_JSON = re.compile(r"\{\s*(?:\"|\})|\[\s*(?:[\[\]{\"]|-?\d[\d.]*\s*,)")
# Tried only where a run begins, so that it stays linear.
_UNBROKEN = re.compile(r"(?<![!-~])[!-~]{20000,}")
_BASE64_LINE = re.compile(r"[A-Za-z0-9+/]{60,}={0,2}")

# Of a text this much is looked at.
_SAMPLE = 200_000
_CSV_LINES = 5
_DEEP = 1_000


def refuse_signature(data: bytes) -> None:
    """Refuses bytes that begin as another format does.

    Raises:
        Unreadable: `not_plain_text` or `binary`.

    Example:
        >>> refuse_signature(b"%PDF-1.7 ...")
        Traceback (most recent call last):
        pipeline.errors.Unreadable: This is a PDF; save its text as a .txt or .md file.
    """
    for first, reason, name in SIGNATURES:
        if data.startswith(first):
            raise Unreadable(reason, f"This is {name}; {_SAVE}")


def refuse_structure(text: str) -> None:
    """Refuses text that is markup, data or code and not running text.

    Raises:
        Unreadable: `not_plain_text`, `markup_too_deep` or `too_long_line`.

    Example:
        >>> refuse_structure("<!DOCTYPE html><html><p>Ties</p></html>")
        Traceback (most recent call last):
        pipeline.errors.Unreadable: This is HTML or XML; save its text as a .txt or .md file.
    """
    head = text[:_SAMPLE].lstrip()
    if _MARKUP.match(head):
        raise _other_format("HTML or XML")
    if _JSON.match(head) and text.rstrip()[-1:] in "}]":
        raise _other_format("JSON")
    unbroken = _UNBROKEN.search(text)
    if unbroken is not None:
        raise _unbroken(unbroken)
    # `... --- ;;;` line after line holds no cell, only marks.
    if _is_csv(head) and any(map(str.isalnum, head)):
        raise _other_format("a table of separated values")
    if _is_base64(head):
        raise _other_format("data in base64")


def is_tagged(text: str) -> bool:
    """Whether a text is written in HTML, as bodies of pages are: some tags are quoted in stories.

    Example:
        >>> is_tagged("<p>Ferries run.</p>" * 4), is_tagged("Write <b> for bold, <i> for slanted.")
        (True, False)
    """
    head = text[:_SAMPLE].lstrip()
    return tags_in(head) > 5 + len(head) / 150


def tags_in(text: str) -> int:
    """How many of the tags that texts are written with stand in a text."""
    return len(_TAG.findall(text))


def _other_format(name: str) -> Unreadable:
    return Unreadable("not_plain_text", f"This is {name}; {_SAVE}")


def _unbroken(found: re.Match[str]) -> Unreadable:
    run, start = found.group(), found.start()
    if run.count("{{") + run.count("[[") >= _DEEP:
        return Unreadable(
            "markup_too_deep",
            f"From character {start:,} on markup is nested over {_DEEP:,} deep; {_SAVE}",
        )
    return Unreadable(
        "too_long_line",
        f"From character {start:,} on {len(run):,} signs stand without a blank: this is no "
        f"running text; {_SAVE}",
    )


def _is_csv(head: str) -> bool:
    lines = head.splitlines()[:200]
    if len(lines) > _CSV_LINES:
        lines = lines[:-1] if len(head) == _SAMPLE else lines
    if len(lines) < _CSV_LINES:
        return False
    for mark in ",;":
        counts = [line.count(mark) for line in lines]
        most = max(set(counts), key=counts.count)
        same = sum(count == most for count in counts)
        # In prose a blank follows a comma.
        tight = sum(line.count(mark) - line.count(mark + " ") for line in lines)
        if most >= 2 and same >= 0.9 * len(lines) and tight >= 0.8 * sum(counts):
            return True
    return False


def _is_base64(head: str) -> bool:
    lines = head.split()
    # Where so much stands in long lines, lines are few: prose is told at once.
    if not lines or len(lines) > len(head) / 8:
        return False
    whole = sum(len(line) for line in lines if _BASE64_LINE.fullmatch(line))
    return whole >= 500 and whole >= 0.9 * sum(map(len, lines))
