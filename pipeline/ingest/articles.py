"""An article as scrapers, feeds and schema.org keep it: which field is what.

The names are data, `rules/articles.toml`; here they are looked up, and values become words: a
list of authors, an object with a name, a date as text or as a number of seconds.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from email.utils import parsedate_to_datetime
from functools import lru_cache
from html import unescape
from typing import Literal, TypeGuard

from pipeline.ingest.metadata import Stated, is_period
from pipeline.passages.stamps import read_stamp
from pipeline.rulebook import Rule, RuleModel, load

Column = Literal[
    "text", "summary", "title", "published", "byline", "publisher", "url", "category", "language"
]
Fields = Mapping[str, object]

_LONGEST = 2_000
# Pages put the word that opens a byline into the field too: `By Ana Lind`.
_BY = re.compile(r"\s{0,9}[Bb][Yy]:? +(?=[A-Z])")
_LANGUAGE = re.compile(r"[A-Za-z]{2}(?=$|[-_])")
_ADDRESS = re.compile(r"(?:https?:)?//\S+$")
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)T?(?:(\d\d)(\d\d)(\d\d))?Z?$")
# Fractions of a second and the zone: the clock of the page is what is kept.
_ISO = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?)?")
_ISO_TAIL = re.compile(r"(?:[.,]\d{1,9})? ?(?:Z|UTC|GMT|[+-]\d\d:?(?:\d\d)?)?$")
# Seconds since 1970 from 1990 on: smaller numbers are no times.
_SECONDS = range(631_152_000, 4_102_444_800)
_JOINED: dict[str, str] = {"text": "\n\n", "summary": "\n\n"}
_INSIDE = ("name", "rendered", "@value", "value", "text", "@id", "#text")


class FieldRule(Rule):
    """The names that one column of an article goes by."""

    column: Column
    names: tuple[str, ...]


class ArticleRules(RuleModel):
    """`rules/articles.toml`."""

    wrappers: tuple[str, ...]
    envelopes: tuple[str, ...]
    types: tuple[str, ...]
    field: tuple[FieldRule, ...]
    meta: tuple[FieldRule, ...]


def rules() -> ArticleRules:
    """The rules of this layer."""
    return load("articles.toml", ArticleRules)


@lru_cache
def wrapper_keys() -> frozenset[str]:
    """Keys that lists of articles stand under."""
    return frozenset(rules().wrappers)


@lru_cache
def _names(column: Column) -> tuple[tuple[str, ...], ...]:
    return tuple(
        tuple(name.split(".")) for rule in rules().field if rule.column == column
        for name in rule.names
    )  # fmt: skip


def is_fields(value: object) -> TypeGuard[Fields]:
    """Whether a JSON value is an object."""
    return isinstance(value, dict)


def is_article(value: Fields) -> bool:
    """Whether an object has a text of its own, or says that it is an article.

    Example:
        >>> is_article({"title": "Ferry opens", "maintext": "Ferries run."})
        True
        >>> is_article({"status": "ok", "articles": []})
        False
    """
    inner = opened(value)
    if inner is not value:
        return is_article(inner)
    return bool(words_of(value, "text")) or _type(value) in rules().types


def opened(value: Fields) -> Fields:
    """The article with what stands inside of the envelope that some stores put it in.

    Example:
        >>> opened({"webTitle": "Ferry opens", "fields": {"bodyText": "Ferries run."}})
        {'webTitle': 'Ferry opens', 'bodyText': 'Ferries run.'}
    """
    for key in rules().envelopes:
        inner = value.get(key)
        if is_fields(inner):
            return {**{name: held for name, held in value.items() if name != key}, **inner}
    return value


def _type(value: Fields) -> str:
    kind = value.get("@type")
    if isinstance(kind, list):
        kind = next((one for one in kind if one in rules().types), None)
    return kind if isinstance(kind, str) else ""


def words_of(value: Fields, column: Column) -> str:
    """What an article says in a column, as words; empty where it says nothing.

    Example:
        >>> words_of({"authors": ["Ana Lind", "Kofi Boateng"]}, "byline")
        'Ana Lind, Kofi Boateng'
    """
    return _found(value, column)[1]


def used_keys(value: Fields) -> set[str]:
    """The keys of the object that any column takes its words from."""
    return {key for column in _columns() if (key := used_key(value, column)) is not None}


def used_key(value: Fields, column: Column) -> str | None:
    """The key of the object that `words_of` takes its words from."""
    return _found(value, column)[0]


def _found(value: Fields, column: Column) -> tuple[str | None, str]:
    keyed = _keyed(value)
    joint = _JOINED.get(column, ", ")
    for name in _names(column):
        if name[0] not in keyed:
            continue
        key, held = keyed[name[0]]
        if len(name) > 1:
            held = _keyed(held).get(name[1], (name[1], None))[1] if is_fields(held) else None
        words = _as_words(held, joint)
        if words.strip() and _fits(words, column):
            return key, words
    return None, ""


def _keyed(value: Fields) -> dict[str, tuple[str, object]]:
    keyed: dict[str, tuple[str, object]] = {}
    for key, held in value.items():
        keyed.setdefault(_key(key), (key, held))
    return keyed


def _key(name: str) -> str:
    return name.lower().replace("_", "").replace("-", "").replace(" ", "").replace(":", "")


def _fits(words: str, column: Column) -> bool:
    is_address = _ADDRESS.match(words.strip()) is not None
    if column == "url":
        return is_address
    return not (is_address and column in ("publisher", "byline", "category", "title"))


def _as_words(value: object, joint: str) -> str:
    """Words of a value: text, a number, a list of such, an object with a name."""
    if isinstance(value, str):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, list):
        parts = (_as_words(one, joint) for one in value if not isinstance(one, list))
        return joint.join(part for part in parts if part.strip())
    if is_fields(value):
        inner = (value[key] for key in _INSIDE if isinstance(value.get(key), str))
        return str(next(inner, ""))
    return ""


def stated_of(value: Fields) -> Stated:
    """The metadata that the fields of an article state.

    Example:
        >>> stated_of({"headline": "Ferry opens", "datePublished": "2019-05-03"}).published
        datetime.date(2019, 5, 3)
    """
    return stated_from(
        {column: words_of(value, column) for column in _columns() if column != "text"}
    )


@lru_cache
def _columns() -> tuple[Column, ...]:
    return tuple(rule.column for rule in rules().field)


def stated_from(words: Mapping[Column, str]) -> Stated:
    """Metadata from words by column; what is none of its column is left out."""
    language = _LANGUAGE.match(words.get("language", "").strip())
    return Stated(
        title=_line(words.get("title", "")),
        byline=_line(_BY.sub("", words.get("byline", ""))),
        publisher=_line(words.get("publisher", "")),
        category=_line(words.get("category", "")),
        url=_line(words.get("url", "")),
        published=moment(words.get("published", "")),
        language=language.group().lower() if language else None,
    )


def _line(words: str) -> str | None:
    # Feeds escape the signs of their titles: `Fish &amp; ships`.
    shown = unescape(words[:_LONGEST])[:_LONGEST]
    cleaned = "".join(sign if sign.isprintable() else " " for sign in shown)
    return " ".join(cleaned.split()) or None


def moment(words: str) -> dt.datetime | dt.date | str | None:
    """The day that a field of a record writes, with its time, or the month or year alone.

    Example:
        >>> moment("2019-05"), moment("2019")
        ('2019-05', '2019')
        >>> moment("2019-05-03T10:20:00+02:00"), moment("20190503T102000Z")
        (datetime.datetime(2019, 5, 3, 10, 20), datetime.datetime(2019, 5, 3, 10, 20))
        >>> moment("Fri, 03 May 2019 10:20:00 GMT"), moment("1556878800"), moment("soon")
        (datetime.datetime(2019, 5, 3, 10, 20), datetime.datetime(2019, 5, 3, 10, 20), None)
    """
    words = words.strip()[:100]
    if is_period(words):
        return words
    found = _written(words)
    if found is None or not 1600 <= found.year <= 2199:
        return None
    # Midnight sharp is what programs write where they know the day alone.
    is_day = isinstance(found, dt.datetime) and found.time() == dt.time()
    return found.date() if isinstance(found, dt.datetime) and is_day else found


def _written(words: str) -> dt.datetime | dt.date | None:  # noqa: PLR0911
    try:
        iso = _ISO.match(words)
        if iso is not None and _ISO_TAIL.match(words, iso.end()):
            day = iso.group()
            return dt.datetime.fromisoformat(day) if len(day) > 10 else dt.date.fromisoformat(day)
        if compact := _COMPACT.match(words):
            parts = [int(part) for part in compact.groups() if part]
            return dt.datetime(*parts) if len(parts) > 3 else dt.date(*parts)  # type: ignore[arg-type]
        if words.replace(".", "", 1).isdigit():
            return _since_1970(float(words))
        if words[:1].isalpha() and words[3:4] == ",":
            return parsedate_to_datetime(words).replace(tzinfo=None)
    except (ValueError, OverflowError):
        return None
    stamp = read_stamp(words) if words else None
    if stamp is None or stamp.date is None:
        return None
    return stamp.date if stamp.time is None else dt.datetime.combine(stamp.date, stamp.time)


def _since_1970(number: float) -> dt.datetime | None:
    seconds = int(number / 1000 if number >= _SECONDS.stop else number)
    if seconds not in _SECONDS:
        return None
    return dt.datetime.fromtimestamp(seconds, dt.UTC).replace(tzinfo=None)


def linked_articles(blocks: Iterable[str]) -> Iterator[Fields]:
    """Articles among the JSON-LD blocks of a page; what is no JSON is passed by."""
    for block in blocks:
        try:
            value = json.loads(block)
        except (ValueError, RecursionError):
            continue
        waiting = [value]
        for each in waiting:
            if isinstance(each, list):
                waiting += each[:100]
            elif is_fields(each):
                waiting += [each["@graph"]] if "@graph" in each else []
                if _type(each) in rules().types:
                    yield each
