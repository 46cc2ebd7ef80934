"""Since when a relation has its label: the date of its making or raising, if it is given.

A label that is made or raised takes the date of its clause: the one behind its party in a list,
else the nearest one that nothing else claims.  A label in force takes only a date that is tied to
it: `since 1998`, `the 2023 partnership`, `for 30 years` and anniversaries, counted back from the
day of publication.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

from pipeline.extract.partnerships.ages import Dated, counted
from pipeline.extract.partnerships.book import form
from pipeline.extract.partnerships.context import Sentence
from pipeline.extract.partnerships.labels import Label
from pipeline.extract.partnerships.own_dates import (
    bracketed,
    close_behind,
    listed_date,
    next_cell,
    runs,
)
from pipeline.records import DateFinding

# The place and day of a dispatch hold no such word: `For example, back in 1997 - during`.
LOWER_WORD = re.compile(r"(?<![\w-])[a-z]{4,}")
CLAUSE_REACH = 100
ASIDE_REACH = 120
OLDER_REACH = 110
# How far behind a label the date of its making may stand.
TIE_REACH = 110

# Between a date and a label: the date is an attribute of another one.
ATTRIBUTE = re.compile(
    r" {1,3}(?!(?:the|an?|they|it|we|both|its|their)\b)(?:[\w-]{2,20} ){0,5}?[Pp]artner"
)
OWNED = re.compile(r"(?:\b(?:their|its|our|the|an?)|'s) {1,3}$")
SINCE_BEHIND = re.compile(r"[\"')]{0,2},? {1,3}(?:ever )?since\b")
# Before a date that is an aim or an end.
AIM = re.compile(r"\b(?:to|until|till|towards?) {1,3}(?:the year )?$")


def since(
    label: Label,
    sentence: Sentence,
    text: str,
    parties: Sequence[str],
    made: bool,
    dates: Sequence[DateFinding],
    published: dt.date | None,
) -> Dated | None:
    """EDTF value and first day, or None where the sentence gives none.

    Args:
        label: with offsets into the passage, as all here.
        sentence: the sentence around the label, in the mask of the passage.
        text: the passage itself, in plain signs.
        parties: of the statement; a date behind the name of one of them is its own.
        made: whether the statement tells of a making or raising.
        dates: those of the passage, with offsets into it.
        published: day of publication, for stretches that are counted back.
    """
    here = [
        date
        for date in sentence.date_range(dates)
        if date.edtf
        and date.start_date
        and (published is None or date.start_date <= published)
        # `for the 21st Century` is a part of the name.
        and not (label.start <= date.start_char and date.end_char <= label.end)
        and not (
            # `2009: the two signed` opens an entry of a timeline, `LIMA, 4 May:` a dispatch.
            3 < date.start_char < label.start
            and not LOWER_WORD.search(text, 0, date.start_char)
            and form("dateline").match(text[date.end_char : date.end_char + 40])
        )
        and not (
            # `Since 1993 China has established partnerships with nine states`
            made
            and date.end_char <= label.start
            and text[label.start : label.end].lower().endswith("partnerships")
            and _is_period(text, date)
        )
        and not form("said").search(
            text[max(sentence.start, date.start_char - 60) : date.start_char]
        )
        and not _is_of_older_paper(label, text, date)
        # `with a Roadmap to 2030`
        and not (made and AIM.search(text, max(0, date.start_char - 12), date.start_char))
        # `Over the past 30 years they have formed a partnership`
        and not (made and form("past_stretch").match(text, date.start_char, date.end_char))
    ]
    own = next((d for d in here if bracketed(label, text, d) or next_cell(label, text, d)), None)
    listed = own or listed_date(label, sentence, text, parties, here)
    if listed is None and made:
        # `the partnership declared in 1996 but dormant for a decade`
        behind = next((date for date in here if date.start_char > label.end), None)
        listed = behind if behind is not None and _tied(label, text, behind) else None
    if listed is None and made:
        listed = next((date for date in here if close_behind(label, text, date)), None)
    if listed is None and not sentence.masked[label.start : label.end].strip():
        # `Oman (strategic partnership, 2005), Peru (2009)`: the mask blanks brackets.
        bracket = text.find(")", label.end)
        listed = next((d for d in here if label.end <= d.start_char < bracket), None)
    if listed is not None:
        return dated_at(listed)
    found = counted(label, sentence, text, published, dates, made)
    if found is not None:
        return found
    if sentence.is_row and len(here) == 1 and not runs(here[0]):
        return dated_at(here[0])
    if made:
        near = _nearest(label, sentence, text, here)
        return dated_at(near) if near else _of_event(label, sentence, text, published)
    for date in here:
        if _tied(label, text, date):
            return dated_at(date)
    return None


def _is_of_older_paper(label: Label, text: str, date: DateFinding) -> bool:
    """Whether a date is that of a paper which gives way to another one."""
    lead = text[max(0, date.start_char - OLDER_REACH) : date.start_char]
    gives_way = form("displaced").search(lead)
    if gives_way and "partner" not in gives_way[0]:
        # `replaces those of 1961 and 2000`, not `replaces a partnership of 2009`
        return True
    # `a partnership, which replaces the 2001 treaty`
    owned = date.start_char > label.end and OWNED.search(lead)
    return bool(owned) and form("paper_behind").match(text, date.end_char) is not None


def is_to_come(
    label: Label,
    sentence: Sentence,
    text: str,
    parties: Sequence[str],
    dates: Sequence[DateFinding],
    published: dt.date | None,
) -> bool:
    """Whether the own date of a party is still to come: `widened to include Fiji next year`."""
    here = [date for date in sentence.date_range(dates) if date.edtf and date.start_date]
    own = listed_date(label, sentence, text, parties, here)
    start = own.start_date if own is not None else None
    return bool(published and start and start > published)


def _of_event(
    label: Label, sentence: Sentence, text: str, published: dt.date | None
) -> Dated | None:
    """The year in the name of the event of a making: `At the 2022 Peru-Oman Summit`."""
    years = {
        int(match[1]) for match in form("event_year").finditer(text, sentence.start, label.start)
    }
    year = years.pop() if len(years) == 1 else None
    if year is None or (published and year > published.year):
        return None
    return f"{year:04d}", dt.date(year, 1, 1)


def of_the_occasion(
    sentence: Sentence, earlier: Sentence | None, text: str, dates: Sequence[DateFinding]
) -> Dated | None:
    """Date of the visit or summit that `During the visit` points back to.

    Only where the sentence before names that occasion and holds exactly one date.
    """
    opening = form("visit").match(text[sentence.start : sentence.start + 120])
    if opening is None or earlier is None:
        return None
    if not re.search(rf"\b{opening[1]}", text[earlier.start : earlier.end]):
        return None
    inside = [date for date in earlier.date_range(dates) if date.edtf and date.start_date]
    return (inside[0].edtf or "", inside[0].start_date) if len(inside) == 1 else None


def dated_at(date: DateFinding) -> Dated | None:
    """The EDTF value of a date as that of a beginning, with its first day."""
    if date.edtf is None or date.start_date is None:
        return None
    first, _, last = date.edtf.partition("/")
    if last in ("..", "") or date.end_date is None:
        return first, date.start_date
    # `the 2020-25 partnership` began in 2020; a visit of three days stays a stretch.
    if (date.end_date - date.start_date).days > 366 and first:
        return first, date.start_date
    return date.edtf, date.start_date


def _is_period(text: str, date: DateFinding) -> bool:
    """Whether a date begins a period in which something was done: `Since 1993 Oman has`."""
    lead = text[max(0, date.start_char - 20) : date.start_char]
    opens = re.search(r"\b[Ss]ince {1,3}(?:the year )?$", lead)
    return (
        opens is not None
        and re.match(r",? {1,3}when\b", text[date.end_char : date.end_char + 10]) is None
    )


def _nearest(
    label: Label, sentence: Sentence, text: str, dates: list[DateFinding]
) -> DateFinding | None:
    """The date nearest to the label, one in its own clause before one beyond."""
    best: tuple[int, int, DateFinding] | None = None
    for date in dates:
        before = date.end_char <= label.start
        between = (
            sentence.masked[date.end_char : label.start]
            if before
            else sentence.masked[label.end : date.start_char]
        )
        lead = sentence.masked[max(sentence.start, date.start_char - 90) : date.start_char]
        raised = re.search(r"\b(?:raised|upgraded|elevated|lifted|promoted) {1,80}$", lead)
        other = before and raised is None and form("of_another").search(lead)
        if before and _in_aside(sentence, between, label):
            continue
        goes_on = before and len(dates) == 1 and form("goes_on_clause").fullmatch(between)
        if (form("hard_break").search(between) and not goes_on) or other:
            continue
        if form("of_relations").search(lead):
            continue
        owned = OWNED.search(text, max(0, date.start_char - 8), date.start_char)
        if before and owned and ATTRIBUTE.match(between):
            # `raised their 2010 partnership to a new one`: the date of the old one.
            continue
        if not before and "partnership" in between.lower():
            # `a partner, an upgrade from the partnership of 2005`: the date of the label behind.
            continue
        breaks = len(form("break").findall(between))
        front = sentence.masked[sentence.start : date.start_char]
        if before and between.startswith(",") and form("front_clause").fullmatch(front):
            # `Although it joined the bloc in 2013, it signed a partnership in 2017`
            breaks += 1
        if (
            before
            and between.startswith(",")
            and form("since_before").search(text, max(0, date.start_char - 20), date.start_char)
        ):
            # `Peru, an observer since 2005, was declared a partner in 2008`
            breaks += 2
        if not before and form("making").search(between):
            # `decided on Sunday to deepen the partnership they launched in 2009`
            breaks = -1
        rank = (breaks, len(between) + (0 if before else 5))
        if best is None or rank < best[:2]:
            best = (*rank, date)
    return best[2] if best else None


def _in_aside(sentence: Sentence, between: str, label: Label) -> bool:
    """Whether the label stands in a clause with `who` that its own main clause goes on behind.

    `In 2016, Lagos, who had signed the partnership, opposed the port`: the date of the opposing.
    """
    if form("open_who").search(between) is None:
        return False
    behind = sentence.masked[label.end : min(sentence.end, label.end + ASIDE_REACH)]
    return form("main_clause").match(behind) is not None


def _tied(label: Label, text: str, date: DateFinding) -> bool:
    """Whether a date belongs to a label that is in force."""
    if date.end_char <= label.start:
        return _tied_before(label, text, date)
    gap = text[label.end : date.start_char]
    if len(gap) >= TIE_REACH or _is_of_another(label, text, date, gap):
        return False
    told = (form(name).search(gap) for name in ("since", "made_in", "since_event"))
    return any(match is not None for match in told)


def _is_of_another(label: Label, text: str, date: DateFinding, gap: str) -> bool:
    """Whether a date behind a label is told of something else than its making."""
    if re.search(r"\b(?:years|decades|months) since\b", gap):
        # `a pact of partnership signed ten years since the 1986 truce`
        return True
    if runs(date) and "(" in gap:
        # `the plan of the partnership (2021-2025)`: how long the plan runs.
        return True
    front = max(0, label.start - CLAUSE_REACH)
    if SINCE_BEHIND.match(gap) and form("grown_since").search(text, front, label.start):
        # `have deepened their partnership since the port was opened in 2019`
        return True
    annex = form("paper_for").search(text, front, label.start)
    if annex or form("not_made").search(gap) or form("another_paper").search(gap):
        # `relations, now a partnership, began in 1970`, `a partnership dormant since 2010`
        # `the partnership builds upon an agreement signed in 1986`
        return True
    if "partner" in gap:
        # `a partner in 2004, while Fiji, a partner since 1998`
        return True
    # `as partners, both have met each year since 2009`
    apart = label.is_partner and form("verb_between").search(gap)
    # `which X calls a partnership, dates to 1961`
    called = form("which_calls").search(text, front, label.start)
    return gap.startswith(",") and bool(apart or called)


def _tied_before(label: Label, text: str, date: DateFinding) -> bool:
    """Whether a date before a label in force is its own."""
    gap = text[date.end_char : label.start]
    if "|" in gap:
        return False
    lead = text[max(0, date.start_char - 60) : date.start_char]
    if form("dates_another").search(lead):
        # `partners since 2010 and enhanced partners`: the date of the label before.
        return False
    if form("before_label").search(lead):
        return len(gap) < 120 and ";" not in gap and "partner" not in gap.lower()
    # `the 2023 Peru-Laos partnership`, and not `in 2023 partnership ...`, `today raised our ...`
    words = gap.split()
    return (
        len(words) <= 3
        and form("own_verb").search(gap) is None
        and form("of_the_day").match(text, date.start_char) is None
        and not re.search(r"\b(?i:in|on|by|at|as of) {1,3}$", lead)
        and not re.search(r"[,+&/]", gap)
    )
