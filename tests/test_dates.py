"""Dates: marked-up sentences, the examples of the rules, and what must hold for any text."""

from __future__ import annotations

import datetime as dt
import json
import time
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.extract.dates import find_dates, value_of
from pipeline.extract.dates.lexicon import rules
from pipeline.passages import split
from pipeline.records import DateFinding, Document, ModelOutput, ModelSpan, Passage
from tests.markup import date_value, parse

EXAMPLES = Path(__file__).parent / "examples" / "dates.toml"
GOLD = Path(__file__).parents[2] / "shared" / "gold"


def read(name: str) -> list[str]:
    groups = tomllib.loads(EXAMPLES.read_text(encoding="utf-8"))[name]
    return [case for group in groups for case in group["cases"]]


def rule_examples() -> list[tuple[str, str]]:
    book = rules()
    every = (*book.shapes, *book.prefixes, *book.suffixes, *book.guards)
    return [
        (rule.id, sentence)
        for rule in every
        for sentence in (*rule.examples, *rule.counter_examples)
    ]


def found_in(
    text: str, published: dt.date | None = None, spans: tuple[ModelSpan, ...] = ()
) -> list[DateFinding]:
    document = Document("0" * 20, text, published_date=published)
    passage = Passage(document.document_id, 0, "paragraph", None, "en", 0, len(text), text)
    return find_dates(document, [passage], {0: ModelOutput(spans)} if spans else {})


def check(sentence: str) -> None:
    marked = parse(sentence)
    found = find_dates(marked.document, marked.passages, {})
    text = marked.document.text
    got = [(text[f.start_char : f.end_char], f.start_char, date_value(f)) for f in found]
    assert got == [(e.words, e.start, e.value) for e in marked.expected]


@pytest.mark.parametrize("sentence", read("groups"))
def test_sentence(sentence: str) -> None:
    check(sentence)


@pytest.mark.xfail
@pytest.mark.parametrize("sentence", read("expected_failures"))
def test_sentence_that_should_work(sentence: str) -> None:
    check(sentence)


@pytest.mark.parametrize(("rule", "sentence"), rule_examples())
def test_rule_example(rule: str, sentence: str) -> None:
    check(sentence)


def test_each_example_is_found_by_its_rule() -> None:
    for shape in rules().shapes:
        used = set()
        for sentence in shape.examples:
            marked = parse(sentence)
            used |= {f.rule_id for f in find_dates(marked.document, marked.passages, {})}
        assert shape.id in used, f"{shape.id}: no example is found by it, but by {used}"


# ------------------------------------------------------------------------- what must hold

MONTHS = [group[0].capitalize() for group in rules().words.months]
WEEKDAYS = [group[0].capitalize() for group in rules().words.weekdays]


def spellings(day: dt.date) -> list[str]:
    month = MONTHS[day.month - 1]
    short = month if len(month) < 5 else month[:3]
    weekday = WEEKDAYS[day.weekday()]
    suffix = {1: "st", 2: "nd", 3: "rd", 21: "st", 22: "nd", 23: "rd", 31: "st"}.get(day.day, "th")
    return [
        day.isoformat(),
        f"{day.year}/{day.month:02d}/{day.day:02d}",
        f"{day.day:02d}.{day.month:02d}.{day.year}",
        f"{day.day} {month} {day.year}",
        f"{day.day:02d} {month} {day.year}",
        f"{day.day}{suffix} of {month} {day.year}",
        f"{month} {day.day}, {day.year}",
        f"{month} {day.day} {day.year}",
        f"{month} {day.day}{suffix}, {day.year}",
        f"{short} {day.day}, {day.year}",
        f"{day.day} {short} {day.year}",
        f"{day.day}-{short}-{day.year}",
        f"{weekday}, {day.day} {month} {day.year}",
        f"{weekday}, {month} {day.day}, {day.year}",
        f"{month.upper()} {day.day}, {day.year}",
    ]


DAYS = st.dates(dt.date(1000, 1, 1), dt.date(2099, 12, 31))


@given(DAYS, st.integers(0, 14))
def test_a_written_day_is_read_back(day: dt.date, spelling: int) -> None:
    words = spellings(day)[spelling]
    (found,) = found_in(f"The bridge opened on {words} in Natal.")
    assert (found.edtf, found.start_date, found.end_date) == (day.isoformat(), day, day)
    assert (found.end_char - found.start_char, found.anchor) == (len(words), "stated")


@given(DAYS)
def test_a_written_month_is_read_back(day: dt.date) -> None:
    (found,) = found_in(f"The bridge opened in {MONTHS[day.month - 1]} {day.year}.")
    assert found.edtf == f"{day.year}-{day.month:02d}"
    assert found.end_date is not None
    assert (found.end_date + dt.timedelta(days=1)).day == 1


@given(DAYS, st.integers(1, 400))
def test_a_range_covers_its_ends(first: dt.date, length: int) -> None:
    last = first + dt.timedelta(days=length)
    for one, two in zip(spellings(first)[3:5], spellings(last)[3:5], strict=True):
        (found,) = found_in(f"He was away from {one} to {two} in Natal.")
        assert found.edtf == f"{first}/{last}"


@given(DAYS, DAYS)
def test_publication_bears_on_relative_words_only(first: dt.date, second: dt.date) -> None:
    text = "On 3 May 1950 it opened. He came yesterday, not on Friday."
    stated, yesterday, friday = found_in(text, first)
    assert found_in(text, second)[0] == stated
    assert yesterday.start_date == first - dt.timedelta(days=1)
    assert yesterday.anchor_date == friday.anchor_date == first
    assert friday.start_date is not None
    assert friday.start_date.weekday() == 4
    assert 0 <= (first - friday.start_date).days < 7


@given(st.integers(1, 300), st.sampled_from(["day", "month", "year"]), DAYS)
def test_counting_back(count: int, unit: str, published: dt.date) -> None:
    (found,) = found_in(f"It closed {count} {unit}s ago.", published)
    assert found.granularity == unit
    assert found.end_date is not None
    assert found.end_date < published


ORDINALS = ["first", "second", "third", "fourth", "last"]


@given(st.integers(1900, 2090), st.integers(1, 12), st.integers(0, 6), st.integers(0, 4))
def test_a_weekday_of_a_month_is_one_of_that_month(
    year: int, month: int, weekday: int, place: int
) -> None:
    words = f"{ORDINALS[place]} {WEEKDAYS[weekday]} of {MONTHS[month - 1]} {year}"
    (found,) = found_in(f"It met on the {words}.")
    day = found.start_date
    assert day is not None
    assert (day.year, day.month, day.weekday()) == (year, month, weekday)
    following = day + dt.timedelta(days=7)
    assert (following.month != month) if place == 4 else ((day.day - 1) // 7 == place)


@given(st.integers(1753, 2099))
def test_easter_is_a_sunday_of_spring(year: int) -> None:
    (found,) = found_in(f"It met on Easter Sunday {year}.")
    day = found.start_date
    assert day is not None
    assert day.weekday() == 6
    assert dt.date(year, 3, 22) <= day <= dt.date(year, 4, 25)


@given(st.lists(st.integers(1, 28), min_size=3, max_size=7, unique=True), st.booleans())
def test_a_list_of_days_is_one_date_a_day(days: list[int], month_first: bool) -> None:
    *some, last = sorted(days)
    words = f"{', '.join(map(str, some))} and {last}"
    words = f"May {words}, 2015" if month_first else f"{words} May 2015"
    found = found_in(f"It met on {words}.")
    assert [f.start_date for f in found] == [dt.date(2015, 5, day) for day in sorted(days)]


@given(DAYS, st.integers(1, 40), st.integers(0, 6))
def test_counting_from_a_weekday_ends_on_that_weekday(
    published: dt.date, weeks: int, weekday: int
) -> None:
    text = f"The vote is {weeks} weeks from {WEEKDAYS[weekday]}."
    (found,) = found_in(text, published)
    assert found.start_date is not None
    assert found.start_date.weekday() == weekday
    assert 7 * weeks <= (found.start_date - published).days < 7 * weeks + 7


FRAGMENTS = st.sampled_from(
    [
        "1990", "May", "on", "the", "5", "31", "since", "early", "late", "-", "–", "/", ",", " ",
        "\n", ".", "BC", "AD", "century", "20th", "1990s", "'90s", "last", "next", "week", "year",
        "two", "ago", "Tuesday", "today", "quarter", "first", "of", "to", "between", "and", "from",
        "February", "2023-02-30", "99/99/9999", "0", "9" * 40, "|", "\t", "Q3", "summer", "past",
        "end", "by", "until", "’", "\u00a0", "ı", "İ", "ſ", "٣", "²", "(", ")", "half", "fiscal",
        "300000000", "years", "later", "c.", "about", "in", "that", "day", "same", "Christmas Day",
    ]
)  # fmt: skip


@settings(max_examples=400)
@given(st.lists(FRAGMENTS, max_size=25), st.sampled_from(["", " "]), st.none() | st.dates())
def test_no_words_raise_and_all_findings_are_sound(
    words: list[str], between: str, published: dt.date | None
) -> None:
    text = between.join(words)
    end = 0
    for found in found_in(text, published):
        assert end <= found.start_char < found.end_char <= len(text)
        end = found.end_char
        assert "|" not in text[found.start_char : found.end_char]
        assert found.edtf is None or not any(sign.isspace() for sign in found.edtf)
        if found.start_date is not None and found.end_date is not None:
            assert found.start_date <= found.end_date
        if found.edtf is None:
            assert found.start_date is None
            assert found.granularity in {"duration", "set", "vague", "unresolved", "impossible"}


@pytest.mark.parametrize("published", [dt.date.min, dt.date.max])
def test_the_ends_of_the_calendar_raise_nothing(published: dt.date) -> None:
    for sentence in read("groups"):
        for found in found_in(parse(sentence).document.text, published):
            told = found.anchor == "stated" or found.edtf is None or "-0" in found.edtf
            assert told or found.anchor_date is not None


@given(st.text(max_size=80), st.none() | st.dates())
def test_any_text_is_read(text: str, published: dt.date | None) -> None:
    for found in found_in(text, published):
        assert found.end_char <= len(text)


@pytest.mark.parametrize(
    "bait",
    [
        "1990-", "1990, ", "1990 and ", "May ", "May 5 to ", "5 ", "12/", "12-", "9", "since ",
        "early ", "the ", "last next ", "twenty-", "first ", "'90s ", "Q", "a ", " ", "\n", "A",
        "1990 A ", "of the ", "in ", "490 BC to ", "Tuesday, ", "http://a/2020-", "will ",
        "on Tuesday ", "June, ", "May 3, 5, ", "3, 5, and ", "a week on ", "half a year and a ",
        "first Monday of ", "two weeks from ", "Easter ", "year after ", "1274 BC in 1259 ",
    ],
)  # fmt: skip
def test_time_is_linear_in_the_text(bait: str) -> None:
    def seconds(length: int) -> float:
        text = (bait * (length // len(bait) + 1))[:length]
        before = time.process_time()
        found_in(text, dt.date(2024, 10, 29))
        return time.process_time() - before

    seconds(1_000)
    # Linear is a factor of 4; the constant forgives a clock that ticks coarsely.
    assert seconds(48_000) < 4 * 2.5 * seconds(12_000) + 0.1


# ---------------------------------------------------------------------- documents and the model


def test_findings_count_from_the_document() -> None:
    text = "The first line.\n\nIt opened on 3 May 1950.\n\n| Kenya | 1963-12-12 |\n"
    document = Document("0" * 20, text)
    found = find_dates(document, split(document), {})
    assert [text[f.start_char : f.end_char] for f in found] == ["3 May 1950", "1963-12-12"]


def test_a_year_is_taken_from_an_earlier_passage() -> None:
    text = "The war began in 1911.\n\nIn May, the port fell."
    document = Document("0" * 20, text)
    found = find_dates(document, split(document), {})
    assert [f.edtf for f in found] == ["1911", "1911-05"]
    assert found[1].anchor == "context"


def test_a_date_never_crosses_a_passage() -> None:
    text = "It opened on 14\n\nMarch 1994 was dry."
    document = Document("0" * 20, text)
    assert [f.edtf for f in find_dates(document, split(document), {})] == ["1994-03"]


def test_a_person_named_like_a_month_is_no_date() -> None:
    text = "They had praised April in Lagos."
    assert [f.edtf for f in found_in(text, dt.date(2024, 5, 1))] == ["2024-04"]
    assert found_in(text, dt.date(2024, 5, 1), (ModelSpan(17, 22, "PERSON"),)) == []


def test_a_year_inside_a_title_is_no_date() -> None:
    text = "They sang at Lagos Calling 2019 in the hall."
    assert [f.edtf for f in found_in(text)] == ["2019"]
    assert found_in(text, None, (ModelSpan(13, 31, "WORK_OF_ART"),)) == []


def test_what_only_the_model_saw_is_looked_up() -> None:
    text = "The kiln went cold 1 year 2 months ago."
    assert [f.edtf for f in found_in(text, dt.date(2024, 10, 29))] == ["2023-08"]
    text = "The kiln went cold 1200 days ago."
    assert found_in(text, dt.date(2024, 10, 29)) == []
    spans = (ModelSpan(19, 32, "DATE"),)
    (found,) = found_in(text, dt.date(2024, 10, 29), spans)
    assert (found.edtf, found.method) == ("2021-07-17", "model+rule")
    assert found_in(text, None, spans) == []


def test_the_model_adds_no_value_of_its_own() -> None:
    text = "They stayed 30 days, some for the better part of a decade."
    assert found_in(text, dt.date(2024, 5, 1), (ModelSpan(12, 19, "DATE"),)) == []


def test_a_short_text_has_a_value() -> None:
    value = value_of("in 2008, when both signed")
    assert value is not None
    assert value.edtf == "2008"
    assert value_of("signed by both") is None


# --------------------------------------------------------------------- hand-annotated documents


def days_of(value: str | None) -> tuple[str, str] | None:
    """First and last day of a gold value or of ours; an open side counts as its closed one."""
    if not value:
        return None
    sides = [side for side in value.replace("~", "").split("/") if side != ".."]
    return first_day(sides[0]), last_day(sides[-1])


def first_day(side: str) -> str:
    side = side.replace("X", "0")
    return side + "-01-01"[len(side) - 4 :] if len(side) < 10 else side


def last_day(side: str) -> str:
    side = side.replace("X", "9")
    return side + "-12-31"[len(side) - 4 :] if len(side) < 10 else side


ITEMS = (
    "Wednesday, November 8th 2023 - 10:55 UTC\n\nThe bank paid its debt to the fund, "
    "it was said Tuesday in Lima.",
    "Thursday, July 13th 2023 - 10:56 UTC\n\nThe peso fell on Wednesday and stood lower than a "
    "month ago, dealers said.",
)


def days_told(text: str, published: dt.date | None = dt.date(2023, 12, 7)) -> list[str | None]:
    document = Document("d", text, published_date=published)
    found = find_dates(document, split(document), {})
    return [each.edtf for each in found if each.anchor != "stated"]


def test_below_a_day_of_its_own_a_part_of_a_page_counts_from_it() -> None:
    text = "\n\n".join(ITEMS)
    told = ["2023-11-07", "2023-07-12", "2023-06"]
    assert days_told(text) == told
    # Also where the page as a whole says no day.
    assert days_told(text, None) == told
    document = Document("d", text, published_date=dt.date(2023, 12, 7))
    relative = [f for f in find_dates(document, split(document), {}) if f.anchor != "stated"]
    assert [str(found.anchor_date) for found in relative] == [
        "2023-11-08", "2023-07-13", "2023-07-13"
    ]  # fmt: skip
    assert {found.anchor for found in relative} == {"context"}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        # One day alone is that of the page, or of a visit to it.
        (ITEMS[0], ["2023-12-05"]),
        (f"{ITEMS[0]}\n\nWednesday, November 8th 2023", ["2023-12-05"]),
        # Days below their stories.
        (
            "The bank paid its debt, it was said Tuesday in Lima.\n\n8 November 2023\n\n"
            "The peso fell on Wednesday, dealers in Lima said.\n\n13 July 2023",
            ["2023-12-05", "2023-12-06"],
        ),
        # The page says which of the days is its own.
        (
            "Thursday 8 December 2022\n\nJury to begin its work tomorrow in a trial in Cork\n\n"
            "Published 07/12/2023 | 18:53\n\nThe judge told the jury on Tuesday what to do.",
            ["2023-12-08", "2023-12-05"],
        ),
    ],
)
def test_a_day_that_heads_no_part_is_no_anchor(text: str, told: list[str]) -> None:
    assert days_told(text) == told


@pytest.mark.parametrize(
    ("published", "words", "edtf"),
    [
        ("2022-07", "this year", "2022"),
        ("2022-07", "last month", "2022-06"),
        ("2022-07", "in December", "2021-12"),
        ("2022-07", "on the 15th", "2022-07-15"),
        ("2022-07", "June 1", "2022-06-01"),
        ("2022-07", "20 years ago", "2002"),
        ("2022-07", "over the past 50 years", "1972/2022"),
        ("2022-07", "three months ago", "2022-04"),
        ("2022-07", "on Tuesday", None),
        ("2022-07", "today", None),
        ("2022-07", "last week", None),
        ("2022-07", "a fortnight ago", None),
        ("2022", "this year", "2022"),
        ("2022", "last year", "2021"),
        ("2022", "on June 1", "2022-06-01"),
        ("2022", "in the past two decades", "2002/2022"),
        ("2022", "last month", None),
        ("2022", "in the past three months", None),
        ("2022", "yesterday", None),
    ],
)
def test_months_and_years_of_publication_give_what_they_can(
    published: str, words: str, edtf: str | None
) -> None:
    text = f"Fares rose {words}."
    document = Document("d", text, published_period=published)
    (found,) = find_dates(document, split(document), {})
    assert (found.edtf, found.granularity == "unresolved") == (edtf, edtf is None)


@pytest.mark.skipif(not GOLD.is_dir(), reason="the annotated documents are not at hand")
def test_annotated_documents() -> None:
    right = predicted = wanted = 0
    rows = (GOLD / "sources.tsv").read_text(encoding="utf-8").splitlines()[1:]
    for name, _, _, stated, *_ in (row.split("\t") for row in rows):
        text = (GOLD / "raw" / f"{name}.txt").read_text(encoding="utf-8")
        gold: dict[str, Any] = json.loads((GOLD / "final" / f"{name}.jsonl").read_text())
        day = dt.date.fromisoformat(stated) if len(stated) == 10 else None
        period = None if day else stated or None
        document = Document(name, text, published_date=day, published_period=period)
        ours = {
            (f.start_char, f.end_char): days_of(
                f"{f.start_date}/{f.end_date}" if f.granularity == "quarter" else f.edtf
            )
            for f in find_dates(document, split(document), {})
            if not any(
                z["start"] < f.end_char and f.start_char < z["end"] for z in gold.get("ignore", [])
            )
        }
        theirs = [d for d in gold["dates"] if d["value"]]
        predicted += sum(value is not None for value in ours.values())
        wanted += len(theirs)
        right += sum(
            any(
                start < d["end"] and d["start"] < end and value == months_made_days(d["value"])
                for (start, end), value in ours.items()
            )
            for d in theirs
        )
    assert 2 * right / (predicted + wanted) >= 0.95


def months_made_days(value: str) -> tuple[str, str] | None:
    """As `days_of`, with the months that our quarters are told in made whole days."""
    found = days_of(value)
    if found is None or "/" not in value or any(len(side) != 7 for side in value.split("/")):
        return found
    first, last = value.split("/")
    year, month = map(int, last.split("-"))
    following = dt.date(year + month // 12, month % 12 + 1, 1)
    quarter = (int(first[-2:]) - 1) % 3 == 0 and (month - int(first[-2:])) == 2
    return (f"{first}-01", str(following - dt.timedelta(days=1))) if quarter else found
