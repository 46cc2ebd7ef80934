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
YEAR = re.compile(r"[\W_]{0,40}(?:year[\W_]{1,6})?((?:19|20)\d\d)(?!\d)", re.IGNORECASE)
DATE_FIELD = re.compile(r"\b(?:year|date|when|signed|since|on)[\W_]{1,6}$", re.IGNORECASE)
KEYS = re.compile(
    r"[\W_]{0,40}(?:(?:[A-Za-z]{2,12} {0,3}[:=]"
    r"(?:[\W_]{0,20}[A-Za-z]{3,14}(?= {0,3}[,;]))?|\d{4})[\W_]{0,40}){0,3}(?:An? {1,3})?"
)
# A label is all that a line or the value of a field begins with, or goes on with a second one.
FIELD_HEAD = re.compile(r"[^.;]{0,40}\w{3,24} {0,3}[:=][\W_]{0,6}|[\W_]{0,20}")
BESIDE = re.compile(r" {0,40}[,;] {1,3}(?:and |then |later )?(?:[Ff]ull |[Ff]ormal |an? ){0,2}")
IN_YEAR = re.compile(r"[\"')]{0,2} {1,3}in {1,3}(?:19|20)\d\d(?=[\W_]|$)")
RECORD = re.compile(r"[\s(]{0,20}[\[{]")


def is_record(sentence: Sentence) -> bool:
    """Whether a sentence is a record of data, in brackets."""
    return RECORD.match(sentence.masked, sentence.start) is not None


def heads_record(sentence: Sentence, label: Label) -> bool:
    """Whether nothing but marks, years and keys of fields stands before a label of a record."""
    keys = KEYS.fullmatch(sentence.masked, sentence.start, label.start)
    return is_record(sentence) and keys is not None


def record_date(sentence: Sentence, text: str, dates: Sequence[DateFinding]) -> Dated | None:
    """The date that a field of a record gives: `{year: 2010, event: "(label) signed"}`."""
    if not is_record(sentence):
        return None
    fields = [
        date
        for date in sentence.date_range(dates)
        if DATE_FIELD.search(text, max(sentence.start, date.start_char - 24), date.start_char)
    ]
    return dated_at(fields[0]) if len(fields) == 1 else None


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


def told_by_date(
    sentence: Sentence, text: str, labels: Sequence[Label], readings: Sequence[Reading]
) -> list[Reading]:
    """Readings of labels that a line or a field begins with and a date follows: made then.

    `Sectoral dialogue partner in 1992, full dialogue partner in 1995`
    """
    kept: list[Reading] = []
    for number, reading in enumerate(readings):
        label = labels[number]
        opens = FIELD_HEAD.fullmatch(text, max(sentence.start, label.start - 60), label.start)
        if not opens and number and kept[-1].rule_id == "status.dated":
            opens = BESIDE.fullmatch(sentence.masked, labels[number - 1].end, label.start)
        line = label.is_partner or sentence.weight == 1
        dated = line and reading.rule_id == "status.plain" and IN_YEAR.match(text, label.end)
        told = replace(reading, status="established", rule_id="status.dated")
        kept.append(told if opens and dated else reading)
    return kept


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
