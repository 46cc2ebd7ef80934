"""Entries of a timeline: a date at their head, and a label that stands there like an event.

`- 2000: Strategic Partnership`, `{year: 2011, title: "Strategic partnership", body: ...}`.  The
date is that of the label, and the label tells of its making, unless what follows in the same entry
says how it came about.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import replace

from pipeline.extract.partnerships.ages import Dated
from pipeline.extract.partnerships.context import Sentence
from pipeline.extract.partnerships.labels import Label
from pipeline.extract.partnerships.since import dated_at
from pipeline.extract.partnerships.status import MADE, Reading
from pipeline.records import DateFinding

# Before the date of an entry, and between it and the label: marks, and the key of a field.
HEAD = re.compile(
    r"[\W_]{0,40}(?:(?:year|date|when|on|signed ?on|since)[\W_]{1,6})?", re.IGNORECASE
)
NEXT = re.compile(
    r"[\W_]{1,40}(?:[A-Za-z]{2,12} {0,3}[:=][\W_]{0,6})?(?:[Nn]ew |[Ff]ormal |[Aa] )?"
)
YEAR = re.compile(r"[\W_]{0,40}year[\W_]{1,6}((?:19|20)\d\d)(?!\d)", re.IGNORECASE)
KEYS = re.compile(r"[\W_]{0,40}(?:(?:[A-Za-z]{2,12} {0,3}[:=]|\d{4})[\W_]{0,40}){0,3}")
RECORD = re.compile(r"[\s(]{0,20}[\[{]")


def is_record(sentence: Sentence) -> bool:
    """Whether a sentence is a record of data, in brackets."""
    return RECORD.match(sentence.masked, sentence.start) is not None


def heads_record(sentence: Sentence, label: Label) -> bool:
    """Whether nothing but marks, years and keys of fields stands before a label of a record."""
    keys = KEYS.fullmatch(sentence.masked, sentence.start, label.start)
    return is_record(sentence) and keys is not None


def entry_date(
    sentence: Sentence, text: str, labels: Sequence[Label], dates: Sequence[DateFinding]
) -> Dated | None:
    """The date at the head of an entry whose first label stands right behind it.

    As a value with its first day; a year that is a field of its own counts where no date was found.
    """
    if not labels:
        return None
    for date in sentence.date_range(dates)[:1]:
        head = HEAD.fullmatch(text, sentence.start, date.start_char)
        if head and date.start_date and NEXT.fullmatch(text, date.end_char, labels[0].start):
            return dated_at(date)
    field = YEAR.match(text, sentence.start)
    if field is not None and NEXT.fullmatch(text, field.end(), labels[0].start):
        return field[1], dt.date(int(field[1]), 1, 1)
    return None


def told_by_entry(
    sentence: Sentence, labels: Sequence[Label], readings: Sequence[Reading]
) -> list[Reading]:
    """Readings of the labels of such an entry: what nothing is said of was made then."""
    made = next((one for one in readings if one.status in MADE), None)
    told = made or Reading("established", None, "status.entry")
    plain = {"status.plain"}
    kept: list[Reading] = []
    for number, reading in enumerate(readings):
        silent = reading.status == "in_force" and reading.rule_id in plain
        shared = number == 0 or is_record(sentence)
        kept.append(replace(told, rule_id="status.entry") if silent and shared else reading)
    return kept
