"""What a text itself tells of its publication: header lines, dateline, name of the file.

Ranked: the record above the story (a labelled `Published` before a bare stamp), the dateline,
the last line of wire copy or the day right below the story, a labelled `Updated`, the name of
the file.
Where two lines of one rank name different days, that rank says nothing.  The clock of a
site, a copyright year, dates of other stories and the times
of files are no evidence at all.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from pipeline.ingest.datelines import Dateline, read_dateline
from pipeline.ingest.fields import fields
from pipeline.ingest.signs import letterhead, nameplate, owner, sent, signed_day
from pipeline.passages.layout import Block
from pipeline.passages.lines import ends_sentence
from pipeline.passages.marks import title_words
from pipeline.passages.stamps import (
    MONTHS,
    Stamp,
    StampRole,
    parse_date,
    read_label,
    read_record,
)
from schemas.tables import PublishedBasis

# A dateline stands in front of the first or, behind a standfirst, the second paragraph.
_DATELINE_PARAGRAPHS, _DATELINE_BLOCKS = 2, 200
# Paragraphs of a head that are no sentences.
_DECKS = 3

# News tells of days so long ago, in the first signs of its paragraphs.
_NEWS_DAYS, _STORY_SIGNS = 7, 2_000
_DAY_AND_MONTH = re.compile(
    r"(?<![\w.])(?:(?P<before>\d{1,2})(?:st|nd|rd|th)? )?(?P<month>"
    + "|".join(sorted(MONTHS, key=len, reverse=True))
    + r")\b\.?(?: (?P<after>\d{1,2})(?!\d))?(?(before)|(?(after)|(?!)))",
    re.IGNORECASE,
)
_FILE_DATE = re.compile(
    r"(?<![0-9A-Za-z])(?:(\d{4})([-_.]?)([01]\d)\2([0-3]\d))(?![0-9A-Za-z])", re.ASCII
)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the text tells; None for what it does not."""

    title: str | None = None
    publisher: str | None = None
    byline: str | None = None
    category: str | None = None
    date: dt.date | None = None
    time: dt.time | None = None
    basis: PublishedBasis = "none"
    publisher_in_dateline: bool = False


@dataclass(frozen=True, slots=True)
class _Told:
    """A stamp of the page, whether it stands in the page's record and below its title."""

    stamp: Stamp
    in_record: bool
    below_title: bool


def evidence(text: str, blocks: Sequence[Block], path: str) -> Evidence:
    """What `text`, cut into `blocks`, and the name in `path` tell of its publication."""

    def words(block: Block) -> str:
        return " ".join(text[block.start : block.end].split())

    title, site = _title(blocks, words_of=[words(b) if b.kind == "title" else "" for b in blocks])
    line = _dateline(blocks)
    dateline = None if line is None else line[1]
    record = fields(text, _head(blocks))
    publisher = record.get("publisher") or site or letterhead(text, blocks)
    found = Evidence(
        title,
        publisher
        or (dateline.publisher if dateline else None)
        or owner(blocks)
        or nameplate(text, blocks),
        record.get("byline"),
        record.get("category"),
        publisher_in_dateline=publisher is None and bool(dateline and dateline.publisher),
    )
    return _dated(found, list(_stamps(blocks)), dateline, path, blocks)


def _title(blocks: Sequence[Block], words_of: Sequence[str]) -> tuple[str | None, str | None]:
    """Title and name of the site: `Ferry opens - Herald`, where `Ferry opens` stands again."""
    titles = [(b, w) for b, w in zip(blocks, words_of, strict=True) if b.kind == "title"]
    if not titles:
        return None, None
    first, words = titles[0]
    short = title_words(first.plain)
    for other, other_words in titles[1:]:
        if len(short) < len(first.plain) and other.plain.lower() == short.lower():
            return other_words, words[len(other_words) :].strip(" |•·:-–—") or None
    return words, None


def _head(blocks: Sequence[Block]) -> list[Block]:
    """Title and metadata up to the end of the page's record."""
    last = paragraphs = 0
    told = False
    for n, block in enumerate(blocks):
        if block.kind in ("metadata", "title"):
            last = n + 1
        elif block.kind not in ("boilerplate", "caption"):
            paragraphs += 1
            told = told or block.kind != "paragraph" or ends_sentence(block.plain)
            # Decks and links to other stories, which are no sentences, may stand in the head.
            if paragraphs > 1 and (told or paragraphs > _DECKS):
                break
    return [b for b in blocks[:last] if b.kind in ("metadata", "title")]


def _stamps(blocks: Sequence[Block]) -> Iterator[_Told]:
    """Stamps with the label above them, and where they stand."""
    title = max((block.start for block in blocks if block.kind == "title"), default=0)
    label: StampRole | None = None
    head = {block.start for block in _head(blocks)}
    for block in blocks:
        if block.kind not in ("metadata", "boilerplate"):
            label = None
            continue
        stamp = read_record(block.plain)
        if stamp is None:
            label = read_label(block.plain)
            continue
        if label is not None and stamp.role == "plain":
            stamp = replace(stamp, role=label)
        label = None
        in_record = block.start in head and block.kind == "metadata"
        # Furniture and comments hold the dates of other texts: only a label is believed there.
        labelled = stamp.role == "published" or (
            stamp.role == "updated" and block.kind == "metadata"
        )
        if in_record or labelled:
            yield _Told(stamp, in_record, block.start > title)


def dateline_of(blocks: Sequence[Block]) -> tuple[int, int] | None:
    """Where the dateline of the story stands, offsets of the text; None where there is none."""
    found = _dateline(blocks)
    return None if found is None else (found[0].start, found[0].start + found[1].end)


def _dateline(blocks: Sequence[Block]) -> tuple[Block, Dateline] | None:
    paragraphs: list[Block] = []
    seen = 0
    for block in blocks[:_DATELINE_BLOCKS]:
        if block.kind == "paragraph":
            paragraphs.append(block)
            seen += ends_sentence(block.plain)
        if seen == _DATELINE_PARAGRAPHS:
            break
    found: tuple[Block, Dateline] | None = None
    for block in [*paragraphs, *_head(blocks)]:
        dateline = read_dateline(block.plain) if block.kind != "title" else None
        if dateline is None or (found is not None and dateline.date is None):
            continue
        if found is None and dateline.date is not None:
            return block, dateline
        if found is not None:
            # The story has no year, and the paper's head the whole day: `LIMA, MAY 3, 2019`.
            return found[0], replace(found[1], date=dateline.date)
        found = block, dateline
    return found


def _dated(
    found: Evidence,
    stamps: Sequence[_Told],
    dateline: Dateline | None,
    path: str,
    blocks: Sequence[Block],
) -> Evidence:
    told = _resolved(stamps, dateline, blocks)

    def of(role: StampRole, in_record: bool | None = None) -> Evidence | None:
        some = [
            each
            for each in told
            if each.stamp.role == role
            and in_record in (None, each.in_record)
            and each.stamp.date is not None
        ]
        if len({each.stamp.date for each in some}) > 1:
            # The day on top of a page may be that of the visit: the one below the title counts.
            some = [each for each in some if each.below_title]
        if len({each.stamp.date for each in some}) > 1:
            # A moment is that of the page, a bare day beside it may be that of the paper it cites.
            some = [each for each in some if each.stamp.time is not None]
        if len({each.stamp.date for each in some}) != 1:
            return None
        time = next((each.stamp.time for each in some if each.stamp.time is not None), None)
        return replace(found, date=some[0].stamp.date, time=time, basis="header")

    by_stamp = of("published", True) or of("published") or of("plain")
    if by_stamp is not None:
        return by_stamp
    if dateline is not None and dateline.date is not None:
        return replace(found, date=dateline.date, basis=dateline.basis)
    wired = sent(blocks) or signed_day(blocks)
    if wired is not None:
        return replace(found, date=wired, basis="header")
    updated = of("updated")
    if updated is not None:
        return updated
    named = file_date(path)
    return found if named is None else replace(found, date=named, basis="file_name")


def _resolved(
    stamps: Sequence[_Told], dateline: Dateline | None, blocks: Sequence[Block]
) -> list[_Told]:
    """The stamps, those in figures that may be read two ways settled where something settles them.

    A dateline `Nov. 4` settles `04/11/2021`; a second stamp `13/11/2021` tells that the page puts
    the day first; so does a day of the week before that the story names, if no day near the other
    reading is named.  What nothing settles stays open.
    """
    orders = {each.stamp.order for each in stamps} - {None}
    named: set[tuple[int, int]] | None = None
    told: list[_Told] = []
    for each in stamps:
        stamp = each.stamp
        date = stamp.date
        if date is None and len(stamp.readings) == 2:
            by_line = [
                day
                for day in stamp.readings
                if dateline is not None and (day.month, day.day) == dateline.month_and_day
            ]
            if by_line:
                date = by_line[0]
            elif len(orders) == 1:
                date = stamp.readings[0 if "day" in orders else 1]
            else:
                named = _named(blocks) if named is None else named
                near = [day for day in stamp.readings if _is_near(day, named)]
                date = near[0] if len(near) == 1 else None
        told.append(replace(each, stamp=replace(stamp, date=date)))
    return told


def _named(blocks: Sequence[Block]) -> set[tuple[int, int]]:
    """Month and number of the days that the first paragraphs name."""
    named: set[tuple[int, int]] = set()
    for block in blocks[:_DATELINE_BLOCKS]:
        if block.kind == "paragraph":
            for match in _DAY_AND_MONTH.finditer(block.plain[:_STORY_SIGNS]):
                number = int(match["after"] or match["before"])
                named.add((MONTHS[match["month"].lower()], number))
    return named


def _is_near(day: dt.date, named: set[tuple[int, int]]) -> bool:
    """Whether `day`, or one of the `_NEWS_DAYS` before it, is among those that a story names."""
    days = (day - dt.timedelta(days=n) for n in range(_NEWS_DAYS + 1))
    return any((each.month, each.day) in named for each in days)


def file_date(path: str) -> dt.date | None:
    """The day that the name of a file names; None where it names none or several.

    Example:
        >>> file_date("2019/2019-05-03_ferry.txt"), file_date("20190503.txt")
        (datetime.date(2019, 5, 3), datetime.date(2019, 5, 3))
        >>> file_date("000_2019050312.txt") is None
        True
    """
    name = path.rpartition("/")[2].replace("_", " ")
    days = {
        parse_date(f"{year}-{month}-{day}") for year, _, month, day in _FILE_DATE.findall(name)
    } - {None}
    return days.pop() if len(days) == 1 else None
