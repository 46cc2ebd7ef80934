"""Furniture by repetition: short lines of one source, whatever order the pages come in."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pipeline.records import Passage
from pipeline.repeats import Page, ShortLine, recurring, short_line
from schemas.tables import PassageKind
from tests.conftest import Home

TOWNS = ["Lima", "Bergen", "Accra", "Suva", "Porto", "Lagos", "Turin"]


def line(text: str, kind: PassageKind = "paragraph") -> ShortLine | None:
    return short_line(Passage("0" * 20, 0, kind, None, "en", 0, len(text), text))


def test_lines_with_facts_are_none_of_them() -> None:
    for text in (
        "3 May 2019",
        "Trade: $4 million",
        "Ties with Ghana",
        "Kenyan envoys",
        "Strategic partnership",
        "They will work in:",
        "One two three four five six seven eight nine ten eleven twelve thirteen",
    ):
        assert line(text) is None, text
    assert line("Background", "heading") is None
    assert line("Open the morning letter") is not None


def page(number: int, sources: set[str], lines: dict[str, bool], story: str = "") -> Page:
    found = tuple(ShortLine(10 * n, key, lines[key]) for n, key in enumerate(lines))
    return Page(f"{number:020}", frozenset(sources), story or str(number), found)


def test_copies_of_one_story_count_once() -> None:
    pages = [page(n, {"a"}, {"our app": False}, "same") for n in range(9)]
    assert recurring(pages) == {}


def test_sentences_must_stand_on_half_of_the_pages() -> None:
    said = [page(n, {"a"}, {"he left.": True} if n < 5 else {}) for n in range(11)]
    assert recurring(said) == {}
    assert len(recurring(said[:10])) == 5


def test_a_line_of_one_source_says_nothing_of_another() -> None:
    pages = [page(n, {"a"}, {"our app": False}) for n in range(5)]
    other = page(9, {"b"}, {"our app": False})
    assert other.document_id not in recurring([*pages, other])


@given(st.permutations(range(12)))
def test_the_order_of_pages_does_not_matter(order: list[int]) -> None:
    pages = [
        page(n, {"abc"[n % 3], "all"}, {f"line {n % 2}": False, "end": n % 4 == 0})
        for n in range(12)
    ]
    assert recurring([pages[n] for n in order]) == recurring(pages)


def story(town: str) -> str:
    return (
        f"The council of {town} met on Monday and voted for a new bridge over the river.\n"
        f"It will open in {town} in May 2021, the mayor said after the vote of the council.\n"
        "Open the morning letter\n"
    )


def test_the_fifth_page_flips_the_line_on_all_and_its_loss_flips_it_back(home: Home) -> None:
    query = "SELECT count(*) FROM passages WHERE text LIKE 'Open%' AND kind = 'boilerplate'"
    for town in TOWNS[:4]:
        home.write(f"press/{town}.txt", story(town))
    home.run()
    assert home.ask(query) == [(0,)]
    home.write(f"press/{TOWNS[4]}.txt", story(TOWNS[4]))
    home.run()
    assert home.ask(query) == [(5,)]
    at_once = Home(home.folder / "again")
    for town in reversed(TOWNS[:5]):
        at_once.write(f"press/{town}.txt", story(town))
    at_once.run()
    assert at_once.bytes_of_output() == home.bytes_of_output()
    assert home.ask("SELECT count(*) FROM dates WHERE text = 'May 2021'") == [(5,)]
    (home.settings.raw / "press" / f"{TOWNS[0]}.txt").unlink()
    home.write("press/more.txt", "The fair of Turin was put off to the autumn of 2022.\n")
    home.run()
    assert home.ask(query) == [(0,)]


def test_a_document_of_nothing_but_furniture_has_no_findings(home: Home) -> None:
    lines = ("Share this story", "Accept all cookies", "Print this article", "Get our newsletter")
    home.write("chrome.txt", "\n\n".join(lines) + "\n")
    home.run()
    query = "SELECT count(*) FROM passages WHERE kind = 'boilerplate'"
    assert home.ask(query) == [(len(lines),)]
    assert home.ask("SELECT count(*) FROM entities") == [(0,)]
