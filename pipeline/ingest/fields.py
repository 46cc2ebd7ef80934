"""Byline, category and publisher, as the record above a story gives them.

A label tells its value (`Writer: A. Lind`); `By` and an address of mail tell a writer, an agency's
name the publisher.  A short line above the title is the rubric; below it a name of a person is
the writer, because pages print a rubric there too.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from pipeline.extract.names import country_code
from pipeline.ingest.datelines import agency, rules
from pipeline.passages.layout import Block
from pipeline.passages.lexicon import is_menu_word
from pipeline.passages.lines import count_words
from pipeline.passages.nameplates import is_letterhead, is_masthead, owner_and_town
from pipeline.passages.stamps import MONTHS, read_label, read_record

_RUBRIC_WORDS = 3
_NAME_WORDS = (2, 4)

_FIELD = re.compile(
    r"(?P<name>writer|author|authors|reporter|byline|newspaper section|section|category|rubric"
    r"|source|news source|publisher) ?:[ \t]*(?P<value>.*)",
    re.IGNORECASE,
)
_BYLINE = re.compile(r"(?:by:?|por|par|von|oleh) ", re.IGNORECASE)
_AND = re.compile(r" (?:and|And|&) ")
# What parts the names of a record from one another and from its stamp.
_PARTS = re.compile(r" ?[|·•/()\[\]] ?| --? | (?=\d)")
_NAME_PART = re.compile(
    r"[^\W\d_a-z][\w'’-]*[a-zß-ÿ][\w'’-]*|[A-Z]\.|de|del|van|von|bin|al|da|di|der|el"
)
# `Anna Lind, Pacific correspondent`, `Kofi Mensah Shipping Writer`
_ROLE = re.compile(
    r"(?P<name>[^,|(]{4,40}?)(?:,| (?=\w+ (?i:correspondent|writer|reporter|editor)$)) ?"
    r"[\w '.&-]{0,40}\b(?i:correspondent|writer|reporter|editor|bureau chief|analyst|columnist)"
)
# `From: Anna Lind <lind@ports.example>`; a desk that sends is no writer.
_SENDER = re.compile(r"(?:from|von|de) ?: ?([^<>@:]{3,60}?) ?(?:<.{3,100}>)?$", re.I)
# `Posted on May 3, 2019 by Anna Lind`
_SIGNED = re.compile(r".{8,60}\d,? by (.{4,60})")
# What stands in front of a stamp: two to four words, then a sign, a figure or the name of a day.
_BEFORE_STAMP = re.compile(
    r"(?:[^\W\d_][\w'’.-]* ){1,3}[^\W\d_][\w'’.-]*,?(?= ?[|·•]| -{1,2} | \d|"
    r" (?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b)"
)
# `By Anna LindUpdated 10:15 am`, `By Kofi Mensah March 18 at 12:22 PM Follow @kofim`
_STAMP_BEHIND = re.compile(
    r"[ ,|·-]{0,3}(?:(?:Last )?(?:[Uu]pdated|[Pp]ublished|[Pp]osted)\b|(?:Mon|Tues|Wednes|Thurs|Fri"
    rf"|Satur|Sun)day\b|(?:{'|'.join(name.title() for name in MONTHS if name.isascii())})\.? \d"
    r"|\d{1,2} (?:[A-Z][a-z]{2,8}\b|min|hour|day))"
)
_BYLINE_FIELDS = frozenset(["writer", "author", "authors", "reporter", "byline"])
_SOURCE_FIELDS = frozenset(["source", "news source", "publisher"])


def fields(text: str, head: Sequence[Block]) -> dict[str, str]:
    """Byline, category and publisher of the record `head`, by name; absent where it has none.

    Args:
        text: the document's text.
        head: its blocks of kind title and metadata up to the end of the record.
    """
    found: dict[str, str] = {}
    stamps = {n for n, b in enumerate(head) if read_record(b.plain) or read_label(b.plain)}
    first_stamp = min(stamps, default=-1)
    title = max((n for n, block in enumerate(head) if block.kind == "title"), default=-1)
    awaited: str | None = None
    for n, block in enumerate(head):
        words = " ".join(text[block.start : block.end].split())
        label = _FIELD.fullmatch(block.plain)
        if label is not None:
            name, value = _field_name(label["name"].lower()), words.partition(":")[2].strip()
            # `Source: Northwire| 2019-05-03 20:38|Editor: al`
            value = value.partition("|")[0].strip()
            if value:
                found.setdefault(name, value)
            awaited = None if value else name
            continue
        if block.kind != "metadata" or n in stamps:
            awaited = None
            named = _agency_in(block.plain) if block.kind == "metadata" else None
            signed = _SIGNED.fullmatch(words) if block.kind == "metadata" else None
            writer = _writer_in(words) if n in stamps and n > title >= 0 else None
            if writer is not None:
                found.setdefault("byline", writer)
            if signed is not None and is_person(signed[1]):
                found.setdefault("byline", signed[1])
            if named is not None:
                found.setdefault("publisher", named)
            continue
        if awaited is not None:
            name, value = awaited, words
        else:
            name, value = _unlabelled(words)
        capitals = title >= 0 and head[title].plain.isupper()
        if not name and (stamps or (capitals and n > title)) and ":" not in words:
            name = _by_place(words, n, title, first_stamp, capitals)
        if name:
            found.setdefault(name, value)
        awaited = None
    # `WRITER: Reuters`: an agency that writes is also who publishes.
    writer = agency(found.get("byline", ""))
    if writer is not None:
        found.setdefault("publisher", writer)
    return found


def _unlabelled(words: str) -> tuple[str, str]:
    """The field that a line tells by its own words, or an empty name, and the value."""
    sender = _SENDER.match(words)
    if sender is not None:
        return ("byline", sender[1]) if is_person(sender[1]) else ("", "")
    if "@" in words and ":" not in words:
        return "byline", words
    byline = _BYLINE.match(words)
    if byline is not None:
        writers = words[byline.end() :].strip()
        stamp = _STAMP_BEHIND.search(writers)
        if stamp is not None and all(map(is_person, _AND.split(writers[: stamp.start()]))):
            writers = writers[: stamp.start()]
        return "byline", writers
    paper = owner_and_town(words)
    name_of_agency = agency(paper or words) or paper
    if name_of_agency is not None:
        return "publisher", name_of_agency
    role = _ROLE.fullmatch(words)
    if role is not None and is_person(role["name"].strip()):
        return "byline", words
    return "", words


def _by_place(words: str, n: int, title: int, first_stamp: int, capitals: bool) -> str:
    """The field of a short line by where it stands: a rubric above the title, a writer below.

    Papers that print titles in `capitals` sign in them too.
    """
    # `Anna Lind, Bergen`; but `Port Vila, Vanuatu` is where the story was written.
    name, _, place = words.partition(", ")
    is_place = not place or (place.isalpha() and country_code(place) is None)
    if capitals and words.isupper():
        name = name.title()
    if n > title and is_place and all(map(is_person, _AND.split(name))):
        return "byline"
    # `No. 114/2021` is the number of a release.
    is_rubric = n < first_stamp and count_words(words) <= _RUBRIC_WORDS and words[-1].isalpha()
    if is_letterhead(words) or is_masthead(words) or is_menu_word(words):
        return ""
    return "category" if is_rubric else ""


def is_person(words: str) -> bool:
    """Whether a line of the record is a name of a person, as writers sign.

    Example:
        >>> is_person("Anna Lind"), is_person("World News"), is_person("POLITICS")
        (True, False, False)
    """
    parts = words.split()
    least, most = _NAME_WORDS
    if not least <= len(parts) <= most or not all(map(_NAME_PART.fullmatch, parts)):
        return False
    return not {part.lower().rstrip("s.") for part in parts} & _no_persons()


@lru_cache
def _no_persons() -> frozenset[str]:
    return frozenset(word.rstrip("s") for word in rules().no_persons)


def _agency_in(plain: str) -> str | None:
    """The agency that a line of the record names: `NORTHWIRE | Updated: 3 May 2019`."""
    named = (agency(part) for part in _PARTS.split(plain))
    return next((name for name in named if name is not None), None)


def _writer_in(words: str) -> str | None:
    """The writer in front of a stamp: `Anna Lind | 3 May 2019`, `By A. Lind, May 3, 2019`."""
    names = words.removeprefix("By ")
    # A day may stand behind the name without a sign between them.
    match = _BEFORE_STAMP.match(names)
    name = names[: match.end()].rstrip(" ,") if match is not None else ""
    first, _, rest = name.partition(" ")
    # `Updated April 22, 2013`: a label and a month are shaped as a name is.
    is_stamp = read_label(first) is not None or not MONTHS.keys().isdisjoint(rest.lower().split())
    return name if is_person(name) and not is_stamp else None


def _field_name(label: str) -> str:
    if label in _BYLINE_FIELDS:
        return "byline"
    return "publisher" if label in _SOURCE_FIELDS else "category"
