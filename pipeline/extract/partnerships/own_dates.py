"""Dates that stand right at a label or at a party and are its own.

In brackets or plain behind the label, in the next cell of a row of data, and behind the names of a
list: `with Fiji in 2005, Tonga (2008) and, as of May 2010, Peru`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.extract.partnerships.book import form
from pipeline.extract.partnerships.context import Sentence
from pipeline.extract.partnerships.labels import Label
from pipeline.extract.partnerships.mentions import Mention
from pipeline.records import DateFinding

# Before a name that goes on with a list: `in 2014 and Fiji in 2018`, `and with Fiji in 2018`.
GOES_ON = re.compile(r"(?:,|\band\b)(?: {1,3}(?:later|then))? {1,3}(?:with {1,3})?(?:the )?$")
CLOSE = re.compile(r"[\"')]{0,2} {1,3}(?:back )?(?:in|on) {1,3}(?:the year )?")
IN_BRACKET = re.compile(r"[\"')]{0,2} {0,3}\( {0,2}(?:in |since |from )?")
AND = re.compile(r" {1,3}(?:and|&) {1,3}(?:the )?")
LIST_DATE = re.compile(r"^ {0,3}\({0,1} {0,3}(?:in |since |from )?$")
# Before and behind a date that a name in a list has in front: `and, as of May 2020, Fiji`.
AS_OF = re.compile(r", {1,3}(?:as of|since|from|in) {1,3}$")
AS_OF_NAME = re.compile(r" {0,3}, {1,3}(?:also |with |the ){0,2}")


def listed_date(
    label: Label, sentence: Sentence, text: str, parties: Sequence[str], dates: list[DateFinding]
) -> DateFinding | None:
    """The date of its own of a party that stands in a list after the label.

    In brackets behind the name, or plain where several names have one: `with Fiji in 2005,
    Tonga in 2008`.
    """
    found: list[tuple[str, DateFinding]] = []
    in_brackets = also = 0
    before = _bracketed_before(label, sentence, text, dates)
    if len(before) > 1:
        named = next((date for code, date in before if code in parties), None)
        if named is not None:
            return named
    for mention in sentence.mentions:
        if not label.end <= mention.start < sentence.end:
            continue
        if form("verb_between").search(text, label.end, mention.start):
            # `as partners both have met each year; the summit in Fiji (2016)`
            continue
        for date in dates:
            if AS_OF.search(text, label.end, date.start_char) and AS_OF_NAME.fullmatch(
                text, date.end_char, mention.start
            ):
                # `with Peru and, as of this month, Fiji`
                found.append((mention.code, date))
                in_brackets += 1
            gap = text[mention.end : date.start_char] if date.start_char >= mention.end else "x" * 9
            if len(gap) < 8 and LIST_DATE.match(gap):
                found += [(code, date) for code in (*_twin(sentence, text, mention), mention.code)]
                in_brackets += "(" in gap
                also += _goes_on(label, sentence, text, mention.start)
    # A second verb phrase without its verb: `to a partnership in 2011 and with Tonga in 2013`.
    other = also and any(
        label.end <= date.start_char < one.start_char for date in dates for _, one in found
    )
    if not (in_brackets or other or len({code for code, _ in found}) > 1):
        return None
    return next((date for code, date in found if code in parties), None)


def _bracketed_before(
    label: Label, sentence: Sentence, text: str, dates: Sequence[DateFinding]
) -> list[tuple[str, DateFinding]]:
    """Names before a label with dates in brackets: `ties with Fiji (2017) and Peru (2018) to`."""
    return [
        (mention.code, date)
        for mention in sentence.within(sentence.start, label.start)
        for date in dates
        if mention.end <= date.start_char < label.start
        and re.fullmatch(r" {0,2}\( {0,2}", text[mention.end : date.start_char])
        and text.startswith(")", date.end_char)
    ]


def _twin(sentence: Sentence, text: str, mention: Mention) -> list[str]:
    """The name joined to one with a date: `with Fiji (2021), Tonga and Nauru (2023)`."""
    return [
        other.code
        for other in sentence.mentions
        if other.end < mention.start and AND.fullmatch(text, other.end, mention.start)
    ]


def bracketed(label: Label, text: str, date: DateFinding) -> bool:
    """Whether a date stands in brackets right behind the label: `a partnership (2015)`."""
    gap = text[label.end : date.start_char] if date.start_char >= label.end else "-"
    closed = text[date.end_char :].startswith(")") and not runs(date)
    return closed and IN_BRACKET.fullmatch(gap) is not None


def next_cell(label: Label, text: str, date: DateFinding) -> bool:
    """Whether a label and a date are fields of one row of data: `(OMN, PER, label, 2010-05-02)`."""
    before = re.search(r"[,(|]\W{0,3}$", text[max(0, label.start - 4) : label.start])
    gap = text[label.end : date.start_char] if date.start_char >= label.end else "-"
    return before is not None and re.fullmatch(r" {0,3}[,|] {0,4}", gap) is not None


def close_behind(label: Label, text: str, date: DateFinding) -> bool:
    """Whether a date stands right behind the label: `to a partnership in May 2013`."""
    gap = text[label.end : date.start_char] if date.start_char >= label.end else "-"
    return CLOSE.fullmatch(gap) is not None


def _goes_on(label: Label, sentence: Sentence, text: str, start: int) -> bool:
    """Whether a name goes on with the list of the label, and with no list of names of its own."""
    joint = GOES_ON.search(text, max(label.end, start - 24), start)
    if joint is None:
        return False
    last = joint.start()
    while last and text[last - 1] in " ,":
        last -= 1
    return "with" in joint[0] or all(mention.end != last for mention in sentence.mentions)


def runs(date: DateFinding) -> bool:
    """Whether a date is a stretch over the turn of a year, as of a budget: `2024-2025`."""
    return (
        date.end_date is not None
        and date.start_date is not None
        and (date.end_date.year > date.start_date.year)
    )
