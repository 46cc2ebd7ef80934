"""How old a sentence tells a relation to be: `for 30 years`, `its 20th anniversary`, `turned ten`.

Such a number is counted back from the day of publication, or from the year of the feast where the
sentence names that; it counts only where it is said of the label and of nothing else in between.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

from pipeline.extract.partnerships.book import form
from pipeline.extract.partnerships.context import Sentence
from pipeline.extract.partnerships.labels import Label
from pipeline.records import DateFinding

NUMBERS = {
    "a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15,
    "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30,
    "forty": 40, "fifty": 50, "sixty": 60,
    "first": 1, "second": 2, "third": 3, "fifth": 5, "eighth": 8, "ninth": 9, "twelfth": 12,
    "twentieth": 20, "thirtieth": 30, "fortieth": 40, "fiftieth": 50, "sixtieth": 60,
    "seventieth": 70,
}  # fmt: skip
# Behind `one year ago`: to the day.
TO_THE_DAY = re.compile(r" {1,3}today\b|,? {1,3}to the day\b")
CENTURY = {"a quarter of a": 25, "half a": 50}
# Before an anniversary behind the label: it is the label's own.
OWN = re.compile(r"(?:whose|its|marks?|marked|marking|celebrat\w+|turns?|on the) {1,3}(?:the )?$")
OWN_REACH = 60
# How many words may stand between `decade-old` and the label.
OLD_REACH = 2
# An EDTF value with its first day.
Dated = tuple[str, dt.date | None]


def counted(
    label: Label,
    sentence: Sentence,
    text: str,
    published: dt.date | None,
    dates: Sequence[DateFinding],
    made: bool,
) -> Dated | None:
    """The year that a count of years leads back to, as an EDTF value with its first day.

    Args:
        label: with offsets into the passage, as all here.
        sentence: the sentence around the label.
        text: the passage itself, in plain signs.
        published: day of publication; without it nothing is counted.
        dates: those of the passage, for the year of a feast.
        made: whether the label is told as made; `ten years ago` before one in force is another's.
    """
    if published is None:
        return None
    if (age := _age(label, sentence, text)) is not None:
        return _year(_year_of_telling(sentence, published, dates) - age)
    stretch = _stretch(label, sentence, text, made)
    if stretch and TO_THE_DAY.match(text, stretch.end()):
        years = published.year - _stretched(stretch, sentence, text, published, dates)
        return _day(published, years)
    return _year(_stretched(stretch, sentence, text, published, dates)) if stretch else None


def _age(label: Label, sentence: Sentence, text: str) -> int | None:
    """Years of an anniversary of the label, or those that it has turned."""
    for match in form("anniversary").finditer(text, sentence.start, sentence.end):
        if match.end() <= label.start:
            gap = sentence.masked[match.end() : label.start]
            if not form("own_anniversary").match(gap) or form("other_anniversary").search(gap):
                continue
        elif (
            not OWN.search(text[label.end : match.start()])
            or match.start() - label.end > OWN_REACH
            or form("anniversary_of_other").match(text, match.end())
        ):
            continue
        return _number(match[1] or match[2])
    turned = form("turned").match(text, label.end, sentence.end)
    return _number(turned[1]) if turned else None


def _stretch(label: Label, sentence: Sentence, text: str, made: bool) -> re.Match[str] | None:
    """The stretch of years nearest to the label that is said of it."""
    best: tuple[int, re.Match[str]] | None = None
    for match in form("stretch").finditer(text, sentence.start, sentence.end):
        before = match.end() <= label.start
        lead = text[max(sentence.start, match.start() - 60) : match.start()]
        after = match[0].endswith("after")
        if before and not after and form("of_another").search(lead):
            continue
        if before and not made and match[0].endswith("ago"):
            # `two years ago they raised their old partnership to a new one`
            continue
        if match[0].endswith("ago") and form("of_relations").search(lead):
            # `since the establishment of diplomatic relations 32 years ago`
            continue
        away = label.start - match.end() if before else match.start() - label.end
        # `15 years of the partnership` stands close, `a partner for 15 years` may stand off.
        limit = 70 if match[3] and before and not match[0].endswith("since") else 110
        between = text[match.end() : label.start] if before else text[label.end : match.start()]
        apart = form("break").search(between) and not form("been_so").search(between)
        if ";" in between or (apart and not before):
            continue
        if (match[3] or match[5]) and not _counts_label(match, label, text):
            continue
        if 0 <= away <= limit and (best is None or away < best[0]):
            best = (away, match)
    return best[1] if best else None


def _counts_label(match: re.Match[str], label: Label, text: str) -> bool:
    """Whether `30 years of`, `13 years after` is said of the label and not of something else."""
    if match[0].endswith("-old"):
        # `the decade-old partnership`
        gap = text[match.end() : label.start]
        return match.end() <= label.start and len(gap.split()) <= OLD_REACH and "," not in gap
    word = match[0].rsplit(None, 1)[-1].lower()
    if word == "old":
        # `when the bloc was eight years old, Peru became a partner`: the age of something else.
        return match.start() >= label.end
    if word not in ("of", "as", "after", "since", "from"):
        return True
    gap = text[match.end() : label.start]
    if word in ("of", "as") or (word in ("since", "from") and match.end() <= label.start):
        return match.end() <= label.start and form("other_stretch").search(gap) is None
    if match.start() >= label.end:
        return form("own_making").match(text, match.end()) is not None
    exact = form("inexact").search(text[max(0, match.start() - 16) : match.start()]) is None
    return exact and match.end() <= label.start and "partner" not in gap


def _stretched(
    match: re.Match[str],
    sentence: Sentence,
    text: str,
    published: dt.date,
    dates: Sequence[DateFinding],
) -> int:
    """Year that lies a stretch of years back."""
    number = (match[1] or match[3] or "a").lower()
    unit = (match[2] or match[4] or match[5]).lower()
    base = published.year
    if form("feast").search(text[max(sentence.start, match.start() - 40) : match.start()]):
        base = _year_of_telling(sentence, published, dates)
    if unit == "century":
        return base - CENTURY.get(number, 100)
    return base - _number(number) * (10 if unit.startswith("decade") else 1)


def _year_of_telling(sentence: Sentence, published: dt.date, dates: Sequence[DateFinding]) -> int:
    """Year of the feast: one next to that of publication if the sentence names it, else that."""
    years = [
        date.start_date.year
        for date in sentence.date_range(dates)
        if date.start_date is not None and abs(date.start_date.year - published.year) == 1
    ]
    return years[0] if years else published.year


def _number(word: str) -> int:
    if word.isdigit():
        return int(word)
    return sum(NUMBERS[part] for part in word.lower().split("-"))


def _day(published: dt.date, years: int) -> Dated | None:
    """The day so many years before the day of publication."""
    try:
        day = published.replace(year=published.year - years)
    except ValueError:
        return None
    return day.isoformat(), day


def _year(year: int) -> Dated | None:
    if not 1 <= year <= 9999:
        return None
    return f"{year:04d}", dt.date(year, 1, 1)
