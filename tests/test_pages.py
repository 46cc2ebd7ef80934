"""Whole pages as they are dropped in: the kind of every line, and what a page tells of itself."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.ingest import read_document
from pipeline.passages import split
from pipeline.records import Document, Passage

EXAMPLES = Path(__file__).parent / "examples"
PAGES = [
    page
    for name in ("pages.toml", "layouts.toml", "heads.toml")
    for page in tomllib.loads((EXAMPLES / name).read_text())["page"]
]
GOLD = Path(__file__).parents[2] / "shared" / "gold"
KINDS = {
    "T": "title",
    "H": "heading",
    "P": "paragraph",
    "L": "list_item",
    "R": "table_row",
    "M": "metadata",
    "C": "caption",
    "B": "boilerplate",
}
MARK = re.compile(r"([THPLRMCB+])\|(.*)")


def unmarked(page: dict[str, str]) -> tuple[str, list[tuple[int, str, str]]]:
    """The text of a page, and for each line where it begins, its kind and its words."""
    text = ""
    lines: list[tuple[int, str, str]] = []
    for line in page["text"].strip("\n").split("\n"):
        match = MARK.fullmatch(line)
        words = match[2] if match else ""
        if match and match[1] == "H" and page.get("edit"):
            words += "[edit]"
        if match:
            kind = lines[-1][1] if match[1] == "+" else KINDS[match[1]]
            lines.append((len(text), kind, words))
        # The day of a collection stands in front of the first line of the page.
        text += words + (" " if page.get("joined") and not text else "\n")
    return text, lines


def at(passages: list[Passage], start: int, words: str) -> Passage | None:
    end = start + len(words)
    return next((p for p in passages if p.start_char < end and start < p.end_char), None)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page["why"])
def test_each_line_of_a_page_has_its_kind(page: dict[str, str]) -> None:
    text, lines = unmarked(page)
    passages = split(read_document(text.encode(), "x.txt"))
    found = [
        (passage.kind if passage else None) for passage in (at(passages, s, w) for s, _, w in lines)
    ]
    assert list(zip(found, (words for _, _, words in lines), strict=True)) == [
        (kind, words) for _, kind, words in lines
    ]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page["why"])
def test_a_page_tells_of_itself(page: dict[str, str]) -> None:
    text, _ = unmarked(page)
    document = read_document(text.encode(), "x.txt")
    known = {
        "title": document.title,
        "publisher": document.publisher,
        "category": document.category,
        "date": document.published_date and document.published_date.isoformat(),
        "time": document.published_time and document.published_time.isoformat(),
        "basis": document.published_basis,
    }
    assert known == {name: page.get(name) for name in known} | {"basis": page.get("basis", "none")}


def test_headings_behind_a_switch_are_without_it() -> None:
    text = (
        "Fiji has ties with ninety states of the world.\n\nTrade[ edit ]\n\nFish is sold to Lima."
    )
    passages = split(read_document(text.encode(), "x.txt"))
    assert [(p.kind, p.text, p.section) for p in passages[1:]] == [
        ("heading", "Trade", None),
        ("paragraph", "Fish is sold to Lima.", "Trade"),
    ]


def pictured(again: str) -> list[str]:
    """Kinds of a copied page on two states: its title, the box of facts, its first sentence."""
    lines = (
        *("Chad-Peru relations", again, "Flag of Chad.svg", "Chad", "Flag of Peru.svg", "Peru"),
        *("", "Relations exist between Chad and Peru, and both have an envoy in the other state."),
    )
    return [passage.kind for passage in split(Document("0" * 20, "\n".join(lines)))]


def test_names_of_pictures_tell_the_box_of_facts_of_a_copied_page() -> None:
    rows = ["table_row", "boilerplate", "table_row", "boilerplate", "table_row"]
    assert pictured("Chad-Peru relations") == ["title", *rows, "paragraph"]


def test_pictures_below_another_line_make_no_box_of_facts() -> None:
    assert "boilerplate" not in pictured("More pictures")


def test_headings_in_a_row_do_not_pile_up() -> None:
    text = "".join(f"Part {number}[edit]\n" for number in range(50)) + "They met in Lima."
    assert max(len(p.section or "") for p in split(read_document(text.encode(), "x.txt"))) < 60


# --- the hand-annotated pages -----------------------------------------------------------------


def shares(path: Path) -> tuple[int, int, int, int]:
    """Signs that are to be ignored, those of them that are furniture; the others, those lost."""
    gold = json.loads(path.read_text())
    text = (GOLD / "raw" / f"{gold['id']}.txt").read_bytes().decode()
    ignored = [False] * len(text)
    for zone in gold.get("ignore", []):
        ignored[zone["start"] : zone["end"]] = [True] * (zone["end"] - zone["start"])
    kept = [False] * len(text)
    for passage in split(read_document(text.encode(), "x.txt")):
        if passage.kind != "boilerplate":
            size = passage.end_char - passage.start_char
            kept[passage.start_char : passage.end_char] = [True] * size
    inked = [n for n, sign in enumerate(text) if not sign.isspace()]
    zone_size = sum(ignored[n] for n in inked)
    found = sum(ignored[n] and not kept[n] for n in inked)
    lost = sum(not ignored[n] and not kept[n] for n in inked)
    return zone_size, found, len(inked) - zone_size, lost


def test_the_furniture_of_annotated_pages_is_found_and_their_text_is_kept() -> None:
    files = sorted((GOLD / "final").glob("*.jsonl"))
    if not files:
        pytest.skip("the annotated pages are not beside this checkout")
    zone, found, rest, lost = (sum(column) for column in zip(*map(shares, files), strict=True))
    assert found >= 0.9 * zone
    assert lost <= 0.01 * rest


# --- no prose is lost -------------------------------------------------------------------------

PROSE = [
    "Peru and Chile agreed in Lima on Monday to build a port for both of them.",
    "Share prices rose by two percent in Accra on Friday, the exchange said.",
    "Related firms of the group must file one return by the end of March.",
    "Contact between the two armies was restored in May 2020 after a year.",
    "Subscribe to the new bond, the finance minister told savers in Lagos.",
    "The home page of the ministry was down for most of the day, it said.",
]
CHROME = [
    "Home", "News", "Share", "Contact us", "RELATED", "Read more", "Ship lost off Oslo", "Tags:",
    "3 May 2019 10:00", "By Anna Lind", "Advertisement", "© 2019 North Post", "Most read", "1", "",
    "Paylaş", "Politique", "Связанные новости", "Ferry opens", "Published:", "01:13", "Ports",
]  # fmt: skip


@settings(deadline=None)
@given(st.lists(st.sampled_from(PROSE) | st.sampled_from(CHROME), max_size=25))
def test_sentences_are_never_furniture(lines: list[str]) -> None:
    text = "\n".join(lines) + "\n"
    passages = split(Document("0" * 20, text))
    start = 0
    above = ""
    for line in lines:
        # Below its rank it may be a headline in a list of the most read.
        if line in PROSE and above != "1":
            passage = at(passages, start, line)
            assert passage is not None
            assert passage.kind == "paragraph"
        above = line or above
        start += len(line) + 1
