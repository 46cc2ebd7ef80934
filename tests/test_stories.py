"""Pages of more than one story: further headlines, lists of other stories, tops of whole pages."""

from __future__ import annotations

import pytest

from pipeline.ingest import read_document
from pipeline.passages import split
from pipeline.passages.furniture import cue
from pipeline.records import Document

TITLE = "Peru and Norway open a ferry line"
STORY = (
    "The ministers of both states opened the line in Bergen on Friday.\n\n"
    "The first ship carried copper, fish and two hundred guests to Callao.\n\n"
)
TOLD = "Work on the pier took four years, and Norway lent Peru the crane for it.\n\n"


def read(page: str) -> Document:
    return read_document(page.encode(), "page.txt")


def kinds(page: str) -> dict[str, str]:
    return {passage.text: passage.kind for passage in split(read(page))}


# --- several stories --------------------------------------------------------------------------


def test_each_story_of_a_page_has_its_headline_writer_and_day() -> None:
    second = "A crane for the port of Callao\n\nBy Kofi Mensah\n4 May 2019\n\n"
    found = kinds(f"{TITLE}\n\nBy Anna Lind\n3 May 2019\n\n{STORY}{second}{TOLD}")
    assert found[TITLE] == "title"
    assert found["A crane for the port of Callao"] == "heading"
    assert found["By Kofi Mensah"] == found["4 May 2019"] == "metadata"
    assert found[TOLD.strip()] == "paragraph"


def test_a_day_below_a_line_without_a_writer_is_told() -> None:
    listed = "The pact on ports is signed\n\n4 May 2019\n\n"
    found = kinds(f"{TITLE}\n\nBy Anna Lind\n3 May 2019\n\n{STORY}{listed}{TOLD}")
    assert found["4 May 2019"] == "paragraph"


# --- lists of other stories -------------------------------------------------------------------


def test_words_that_break_off_below_another_headline_are_no_part_of_the_story() -> None:
    teasers = (
        "You may also like\n\nChile counts its lighthouses\n\n"
        "The keeper of the oldest lighthouse of Chile told the paper that he will…\n\n"
        "Envoys of Ghana leave Apia\n\nTwo envoys of Ghana left Apia on Monday after they had...\n"
    )
    found = kinds(f"{TITLE}\n3 May 2019\n\n{STORY}{teasers}")
    behind = list(found)[list(found).index("You may also like") :]
    assert {found[words] for words in behind} == {"boilerplate"}


def test_whole_sentences_below_another_headline_stay() -> None:
    rest = "You may also like\n\nChile counts its lighthouses\n\nThe keeper told the paper so.\n"
    assert kinds(f"{TITLE}\n3 May 2019\n\n{STORY}{rest}")["The keeper told the paper so."] == (
        "paragraph"
    )


def test_a_paragraph_that_breaks_off_is_the_story_where_no_list_is_open() -> None:
    broken = "The envoy of Peru said that he would not come back, and then he..."
    assert kinds(f"{TITLE}\n3 May 2019\n\n{STORY}{broken}\n\n{TOLD}")[broken] == "paragraph"


RANKS = "".join(
    f"{n}\n{words}\n"
    for n, words in enumerate(
        ["Chile was late. Now it is first.", "Two envoys leave Apia", "Ghana buys a tram."], 1
    )
)


def test_headlines_below_their_ranks_are_no_part_of_the_story() -> None:
    found = kinds(f"{TITLE}\n3 May 2019\n\n{STORY}Most read in Trade\n{RANKS}")
    assert found["Chile was late. Now it is first."] == "boilerplate"
    assert found["Ghana buys a tram."] == found["2"] == "boilerplate"


def test_a_rank_beside_the_title_is_no_number_of_a_page() -> None:
    ranks = RANKS.replace("Two envoys leave Apia", TITLE)
    assert kinds(f"{TITLE}\n3 May 2019\n\n{STORY}Most read in Trade\n{ranks}")[TITLE] == "title"


# --- tops of whole pages ----------------------------------------------------------------------

MENU = "".join(f"{name}\n" for name in ("Home", "Trade", "Ports", "Sport", "Video", "Search"))
NAMES = "".join(f"Quay desk {n}\n" for n in range(1, 20))


def test_the_headline_that_stands_twice_above_the_story_is_the_title() -> None:
    found = kinds(f"{MENU}{NAMES}{TITLE}\nSign in\nCargo\nSubscribe\n{TITLE}\nShare\n{STORY}")
    assert found[TITLE] == "title"
    assert found["Sign in"] == found["Cargo"] == "boilerplate"


def test_headlines_that_all_stand_twice_are_none() -> None:
    teasers = "Chile counts its many lighthouses\nEnvoys of Ghana leave Apia again\n"
    page = f"{MENU}{teasers}{NAMES}{teasers}{NAMES}{TITLE}\n3 May 2019\n{STORY}"
    document = read(page)
    assert document.title == TITLE


@pytest.mark.parametrize(
    "line", ["Sunday, December 29, 2024 Search", "3 May 2019 Subscribe", "May 3, 2019 Menu"]
)
def test_a_day_with_a_button_behind_it_is_furniture(line: str) -> None:
    assert cue(line) == "strong"
    found = kinds(f"Home page Newsletter Feedback Search\n{line}\n\n{TITLE}\n\n{STORY}")
    assert found[TITLE] == "title"


@pytest.mark.parametrize("line", ["It was signed on 3 May 2019 Home", "3 May 2019 Lima", "Search"])
def test_a_day_with_other_words_is_no_button(line: str) -> None:
    assert cue(line) != "strong"


def test_a_number_to_call_is_no_title() -> None:
    top = "3 May 2019\nBergen: 18:25\nPort Vila: 15:25\n\nConsular queries:\n+47 (0) 55 555 0101\n"
    document = read(f"{top}\n\n\n{TITLE}\n\n{STORY}")
    assert document.title == TITLE
    found = kinds(f"{top}\n\n\n{TITLE}\n\n{STORY}")
    assert found["Bergen: 18:25"] == found["+47 (0) 55 555 0101"] == "metadata"


@pytest.mark.parametrize(
    ("line", "byline"),
    [
        ("By Anna LindUpdated 10:15 am, May 3", "Anna Lind"),
        ("By Kofi Mensah March 18 at 12:22 PM Follow @kofim", "Kofi Mensah"),
        ("By Anna Lind and Kofi Mensah, 3 hours ago", "Anna Lind and Kofi Mensah"),
        ("By Kofi Mensah", "Kofi Mensah"),
    ],
)
def test_a_writer_is_told_from_the_day_beside_him(line: str, byline: str) -> None:
    document = read(f"{TITLE}\n\n{line}\n\n{STORY}")
    assert (document.title, document.byline) == (TITLE, byline)


def test_a_writer_with_a_bar_is_no_row_of_a_table() -> None:
    caption = "The first ship in the port of Callao. | NP Photo Close"
    found = kinds(f"{TITLE}\n{caption}\nBy ANNA LIND | 5/9/19 7:15 AM EDT\n{STORY}")
    assert "table_row" not in found.values()
