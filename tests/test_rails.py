"""What stands around the story of a whole page that was flattened."""

from __future__ import annotations

import datetime as dt
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.ingest import read_document
from pipeline.passages import split
from pipeline.records import Document

MENU = "Home\nNews\nPolitics\nWorld\nSports\nVideo\nWeather\nHealth"
SHOWS = "\n".join(f"Harbour Hour {n}\nWeekdays {n}p" for n in range(1, 10))
TITLE = "Peru and Norway open a ferry line"
STORY = (
    "The ministers of both states opened the line in Bergen on Friday.\n"
    "The first ship carried copper, fish and two hundred guests to Callao."
)


def read(page: str) -> Document:
    return read_document(page.encode(), "page.txt")


def kinds(page: str) -> dict[str, str]:
    return {passage.text: passage.kind for passage in split(read(page))}


def test_a_menu_known_in_part_is_furniture_up_to_the_title() -> None:
    page = f"{MENU}\n{SHOWS}\n{TITLE}\nPublished May 3, 2019\n{STORY}\n"
    found = kinds(page)
    assert found[TITLE] == "title"
    assert found["Harbour Hour 3"] == found["Weekdays 9p"] == "boilerplate"
    assert read(page).published_date == dt.date(2019, 5, 3)


def test_short_lines_above_a_story_are_no_menu_without_known_ones() -> None:
    harbours = "\n".join(f"Harbour {n}\n{n} May 1994" for n in range(1, 13))
    found = kinds(f"{TITLE}\n{harbours}\n{STORY}\n")
    assert "boilerplate" not in found.values()


FOOT = (
    "Print\nEmail\nShare\nMost Popular\nTrams return to Apia\nLima counts its trees\n"
    "Share\nPrint\nFacebook\nTwitter\nContact us\nPrivacy policy\n"
)


def test_the_foot_of_a_page_known_in_part_is_furniture() -> None:
    teaser = "A mayor, a market and the price of one lamp"
    page = f"{TITLE}\n3 May 2019\n{STORY}\n{FOOT}{teaser}\nThree lamps\nHelp\nSite map\nRSS\n"
    found = kinds(page)
    assert found[teaser] == found["Three lamps"] == "boilerplate"


def test_a_whole_sentence_behind_a_box_stays_text() -> None:
    last = "The line will cost both states 12 million euros a year, the envoy said."
    found = kinds(f"{TITLE}\n3 May 2019\n{STORY}\n{FOOT}{last}\n")
    assert found[last] == "paragraph"


def test_paragraphs_behind_their_headings_are_no_foot() -> None:
    contents = "Contents\n1 History\n2 Trade\n3 Ports\n4 Visits\n5 See also\n"
    parts = "".join(
        f"{name}[edit]\nThe two states signed their pact on {name.lower()} in 1994.\n"
        for name in ("History", "Trade", "Ports", "Visits")
    )
    page = f"Relations of Peru and Norway\n{STORY}\n{contents}{parts}"
    assert [text for text, kind in kinds(page).items() if kind == "heading"] == [
        "History",
        "Trade",
        "Ports",
        "Visits",
    ]


def test_the_day_beside_the_weather_is_that_of_the_reader() -> None:
    page = f"29.9 C\nLima\nThursday, November 14, 2024\n- Advertisement -\n\n{TITLE}\n\n{STORY}\n"
    document = read(page)
    assert document.published_date is None
    assert document.title == TITLE
    assert kinds(page)["Lima"] == "boilerplate"


def test_the_day_alone_above_a_title_is_that_of_the_page() -> None:
    document = read(f"Thursday, November 14, 2019\n\n{TITLE}\n\n{STORY}\n")
    assert document.published_date == dt.date(2019, 11, 14)


def test_a_path_that_lost_its_signs_is_no_title() -> None:
    page = f"HomeTradePorts{TITLE}\n\n{TITLE}\n\n{STORY}\n"
    assert read(page).title == TITLE


@pytest.mark.parametrize(
    ("foot", "day"),
    [
        ("3 May 2019", dt.date(2019, 5, 3)),
        ("Oslo\n3 May 2019", dt.date(2019, 5, 3)),
        ("3 May 2019\n\nBack to top", dt.date(2019, 5, 3)),
        # Cells of a table that lost its bars, and a day in figures that may be read two ways.
        ("Chile\n12 May 1963\nNorway\n4 June 1907", None),
        ("3 May 2019\nNorway", None),
        ("03/05/2019", None),
        # The hour of a comment.
        ("2019-05-06 10:00", None),
    ],
)
def test_the_day_right_below_the_story_is_its_own(foot: str, day: dt.date | None) -> None:
    assert read(f"{STORY}\n\n{foot}\n").published_date == day


@pytest.mark.parametrize(
    ("head", "title"),
    [
        # The title above the kind of the document, and who speaks below it.
        (
            f"{TITLE}\n\nPress Statement\n\nAnna M. Lind\n\nSecretary of Ports\n\nMay 3, 2019",
            TITLE,
        ),
        # A row of networks and the day of the visit.
        (f"Apps Facebook Twitter Instagram YouTube Friday, May 10, 2024\n{TITLE}", TITLE),
        # A warning that the page is old tells its day.
        (f"This is an archive article published on May 3, 2019\n\n{TITLE}", TITLE),
        (
            "Norway Opens a Port and Stirs Doubts About Ties With the U.S.\nPublished May 3, 2019",
            "Norway Opens a Port and Stirs Doubts About Ties With the U.S.",
        ),
        # Speaker, office, room and town stand between title and day.
        (
            f"{TITLE}\n\nRemarks\nAnna Lind\nSecretary of Ports\nQuay Room\nLima, PE\nMay 3, 2019",
            TITLE,
        ),
        # Labels of a blog, the day of the story and its title.
        (f"Showing posts with label Ports. Show all posts\nFriday, May 3, 2019\n\n{TITLE}", TITLE),
        (f"36m ago\n{TITLE}\nNPA News,", TITLE),
        # A row of labels, some without a value.
        ("Newspaper : North Post Date : Author : NA Page No. : 4", None),
    ],
)
def test_titles_of_flattened_pages(head: str, title: str | None) -> None:
    assert read(f"{head}\n\n{STORY}\n").title == title


def test_a_first_line_with_a_full_stop_above_a_dateline_is_the_title() -> None:
    first = "Ten envoys to present their letters in Lima."
    wired = "LIMA, May 3 (NPA) - Ten envoys present their letters in Lima on Friday, it was said."
    assert read(f"{first}\n\n3/5 Coast 3\n\n{wired}\n").title == first
    assert read(f"{first}\n\nThe talks with Peru were held in May.\n").title is None


def test_parts_of_a_title_with_blank_lines_between_are_one() -> None:
    page = "Joint Statement of the Ministers of\n\nthe Republic of Peru and\n\nthe two ports"
    assert next(text for text, _ in kinds(f"{page}\n\n{STORY}\n").items()) == page


def test_writer_and_paper_of_the_record() -> None:
    document = read(f"{TITLE}\n\n3 May 2019\nCoastal Herald (Accra)\n\n{STORY}\n")
    assert document.publisher == "Coastal Herald"
    document = read(f"{TITLE}\n\nAnna Lind 3 minutes ago Fri 3rd May 2019 | 06:51 PM\n\n{STORY}\n")
    assert document.byline == "Anna Lind"
    document = read(f"{TITLE}\n\nBy Anna Lind Friday, May 3, 2019\n\n{STORY}\n")
    assert (document.byline, document.published_date) == ("Anna Lind", dt.date(2019, 5, 3))
    assert read(f"{TITLE}\n\nUpdated April 22, 2019 18:58:00\n\n{STORY}\n").byline is None
    assert read(f"{TITLE}\n\nLate May 3, 2019 18:58\n\n{STORY}\n").byline is None


def test_a_dateline_may_name_the_house_and_the_day_of_the_week() -> None:
    document = read(f"Port House, Accra, Ghana, Monday 6 May 2019 \u2013 {STORY}\n")
    assert (document.published_date, document.published_basis) == (dt.date(2019, 5, 6), "dateline")


def test_the_day_with_a_town_and_its_state_is_a_stamp() -> None:
    page = f"Press Conferences\n{TITLE}\nFriday, May 3, 2019, 9:14 p.m. Lima, Republic of Peru\n"
    document = read(f"{page}{STORY}\n")
    assert (document.title, document.published_date) == (TITLE, dt.date(2019, 5, 3))


def test_a_moment_counts_more_than_a_bare_day_beside_it() -> None:
    page = f"{TITLE}\n2019-05-04 08:59:10 source:Northwire\nMay 3, 2019\n{STORY}\n"
    assert read(page).published_date == dt.date(2019, 5, 4)
    two = f"{TITLE}\nMay 4, 2019\nMay 3, 2019\n{STORY}\n"
    assert read(two).published_date is None


def test_the_issue_that_a_story_was_printed_in_tells_its_day() -> None:
    document = read(f"{TITLE}\n\n{STORY}\n\nFrom the May 3rd 2019 edition\n\nShare\n")
    assert document.published_date == dt.date(2019, 5, 3)


def test_initials_in_brackets_make_no_caption() -> None:
    story = "Peru opened a port. Norway will lend it a crane for two years, it was told. (a01/lind)"
    assert kinds(f"{TITLE}\n\n{STORY}\n\n{story}\n")[story] == "paragraph"


LINES = st.sampled_from(
    [
        *("Home", "Share", "Weekdays 9p", TITLE, "3 May 2019", "29.9 C", "Oslo", "| Subscribe"),
        *STORY.split("\n"),
        *("", "HomePorts", "Contents", "and the", "the two ports of"),
    ]
)


@settings(deadline=None, max_examples=60)
@given(st.lists(LINES, max_size=40))
def test_passages_of_any_page_hold_and_stand_in_order(lines: list[str]) -> None:
    text = "\n".join(lines)
    place = 0
    for passage in split(Document("0" * 20, text)):
        assert place <= passage.start_char < passage.end_char
        assert text[passage.start_char : passage.end_char] == passage.text
        place = passage.end_char


@pytest.mark.parametrize(
    "bait",
    [
        "Share\nport\n" * 4_000,
        "Home" * 12_000,
        "the ports of\n\n" * 4_000,
        "date : " * 7_000,
        "A/" * 24_000,
        "<br/>" * 10_000,
        "Facebook " * 5_000,
        "A, " * 16_000,
    ],
    ids=lambda bait: bait[:12],
)
def test_bait_takes_no_time(bait: str) -> None:
    started = time.process_time()
    split(Document("0" * 20, bait))
    assert time.process_time() - started < 5
