"""What is known of a document besides its text, and where from."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import Unreadable
from pipeline.ingest import Stated, discover, read_bytes, read_document, stated_for
from pipeline.ingest.datelines import DatelineRule, SiteRule, read_dateline, rules
from pipeline.ingest.evidence import file_date
from pipeline.ingest.hosts import issuer_of

SEEDS = Path(__file__).parents[2] / "shared" / "seeds"
CASES = tomllib.loads((Path(__file__).parent / "examples" / "metadata.toml").read_text())["case"]
MARK = re.compile(r"\[\[(.*)\|(.*)\]\](.*)")


def marked(example: str) -> tuple[str, str, str]:
    match = MARK.fullmatch(example)
    assert match is not None, example
    return match[1], match[2], match[3]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["why"])
def test_heads(case: dict[str, str]) -> None:
    document = read_document(case["text"].encode(), case.get("file", "x.txt"))
    known = {
        "title": document.title,
        "publisher": document.publisher,
        "byline": document.byline,
        "category": document.category,
        "url": document.url,
        "issuer": document.issuer,
        "date": document.published_date and document.published_date.isoformat(),
        "time": document.published_time and document.published_time.isoformat(),
        "basis": document.published_basis,
    }
    expected = {name: case.get(name) for name in known} | {"basis": case.get("basis", "none")}
    assert known == expected
    assert document.text == case["text"]


@pytest.mark.parametrize("rule", rules().dateline, ids=lambda rule: rule.id)
def test_datelines_know_their_examples(rule: DatelineRule) -> None:
    for example in rule.examples:
        words, value, rest = marked(example)
        found = read_dateline(words + rest)
        assert found is not None
        assert (words + rest)[: found.end] == words
        day = found.date.isoformat() if found.date else "-"
        assert " ".join(filter(None, [day, found.publisher])) == value
    assert not any(map(read_dateline, rule.counter_examples))


@pytest.mark.parametrize("rule", rules().site, ids=lambda rule: rule.id)
def test_sites_know_their_examples(rule: SiteRule) -> None:
    for example in rule.examples:
        host, state, _ = marked(example)
        assert issuer_of(f"https://{host}/en/1") == state
    assert not any(issuer_of(f"https://{host}/en/1") for host in rule.counter_examples)


@pytest.mark.parametrize("url", [None, "", "http://[", "mfa.gov.mn", "https://x.gov.zz/", "::"])
def test_odd_addresses_name_no_state(url: str | None) -> None:
    assert issuer_of(url) is None


@settings(deadline=None)
@given(st.text(max_size=300))
def test_any_start_of_a_text_is_read_as_a_dateline_or_not(text: str) -> None:
    found = read_dateline(text)
    assert found is None or 0 < found.end <= len(text)


def test_names_of_files() -> None:
    assert file_date("2018/2019-05-03 a.txt") == dt.date(2019, 5, 3)
    assert file_date("2019.05.03.txt") == dt.date(2019, 5, 3)
    assert file_date("2019-05-03_2019-05-04.txt") is None
    assert file_date("2019-02-30.txt") is None
    assert file_date("12019-05-03.txt") is None


# --- stated metadata --------------------------------------------------------------------------


def stated(raw: Path, name: str = "a/b/x.txt") -> Stated:
    (raw / name).parent.mkdir(parents=True, exist_ok=True)
    (raw / name).write_bytes(b"Peru opened a port on Friday.")
    found = next(each for each in discover(raw) if each.path == name)
    assert read_bytes(found)
    return stated_for(found, raw)


def test_the_nearest_word_counts(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "source.toml").write_text('publisher = "Far"\nissuer = "PER"\nlanguage = "en"\n')
    (tmp_path / "a" / "source.toml").write_text('publisher = "Near"\nnotes = "none"\n')
    (tmp_path / "a" / "b" / "x.toml").write_text("published = 2019-05-03T10:00:00\n")
    found = stated(tmp_path)
    assert (found.publisher, found.issuer, found.language) == ("Near", "PER", "en")
    assert found.published_date == dt.date(2019, 5, 3)
    assert found.published_time == dt.time(10)


def test_stated_words_count_before_those_of_the_text(tmp_path: Path) -> None:
    (tmp_path / "x.toml").write_text('title = "Port"\npublished = "2019-05-03"\n')
    text = b"BERGEN, May 1, 2018 (AP) -- The quay was opened on Friday by the minister."
    document = read_document(text, "x.txt", stated(tmp_path, "x.txt"))
    assert (document.title, document.publisher) == ("Port", "AP")
    assert (document.published_date, document.published_basis) == (dt.date(2019, 5, 3), "metadata")
    assert document.document_id == hashlib.sha256(text).hexdigest()[:20]


@pytest.mark.parametrize(
    ("toml", "words"),
    [
        ('publishd = "2019-05-03"', ["publishd", "published", "x.toml"]),
        ('issuer = "Peru"', ["issuer"]),
        ("published = true", ["published", "2019-05"]),
        ("published = 1066", ["published", "2019-05"]),
        ('published = "2019-13"', ["published", "2019-05"]),
        ('published = "3 May"', ["published"]),
        ("published = 0001-01-01", ["1600"]),
        ('language = "English"', ["language"]),
        ("title = 5", ["title"]),
        ("title =", ["no TOML"]),
        ("\xff", ["no TOML"]),
    ],
)
def test_faulty_metadata_names_file_and_key(tmp_path: Path, toml: str, words: list[str]) -> None:
    (tmp_path / "x.toml").write_bytes(toml.encode("latin-1"))
    with pytest.raises(Unreadable) as caught:
        stated(tmp_path, "x.txt")
    assert caught.value.reason == "bad_metadata"
    assert all(word in caught.value.message for word in ["x.toml", *words])


@pytest.mark.parametrize(
    ("toml", "text", "edtf", "day", "by", "basis"),
    [
        ('published = "2019-05"', "Fares rose.", "2019-05", None, "2019-05-31", "metadata"),
        ("published = 2019", "Fares rose.", "2019", None, "2019-12-31", "metadata"),
        # A day of that month, which the page itself shows, says more than the month.
        (
            'published = "2019-05"',
            "LIMA, 3 May 2019 (Andina) - Fares rose.",
            "2019-05-03",
            "2019-05-03",
            "2019-05-03",
            "dateline",
        ),
        # Another month does not: what is stated wins.
        (
            'published = "2019-05"',
            "LIMA, 3 June 2019 (Andina) - Fares rose.",
            "2019-05",
            None,
            "2019-05-31",
            "metadata",
        ),
    ],
)
def test_a_month_or_year_of_publication_stays_one(
    tmp_path: Path, toml: str, text: str, edtf: str, day: str | None, by: str, basis: str
) -> None:
    (tmp_path / "x.toml").write_text(toml)
    document = read_document(text.encode(), "x.txt", stated(tmp_path, "x.txt"))
    shown = document.published_date and document.published_date.isoformat()
    assert (document.published_edtf, shown) == (edtf, day)
    assert (str(document.published_by), document.published_basis) == (by, basis)


def test_metadata_is_never_read_through_a_link(tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    raw.mkdir()
    (tmp_path / "x.toml").write_text('title = "Secret"')
    (raw / "x.toml").symlink_to(tmp_path / "x.toml")
    with pytest.raises(Unreadable) as caught:
        stated(raw, "x.txt")
    assert caught.value.reason == "bad_metadata"
    assert "Secret" not in caught.value.message


def test_the_key_tells_what_changes_a_document() -> None:
    assert Stated().key == Stated(notes="x").key
    assert Stated().key != Stated(title="x").key


# --- seeds ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "publisher", "date", "basis", "has_title"),
    [
        ("000", None, None, "none", False),
        ("001", None, None, "none", True),
        ("002", None, None, "none", False),
        ("003", "MONTSAME", "2025-11-20", "header", True),
        ("004", "MENAFN", "2024-10-29", "header", False),
    ],
)
def test_seeds(
    number: str, publisher: str | None, date: str | None, basis: str, has_title: bool
) -> None:
    files = sorted(SEEDS.glob(f"{number}_*.txt"))
    if not files:
        pytest.skip("the seeds are not beside this checkout")
    document = read_document(files[0].read_bytes(), files[0].name)
    assert document.publisher == publisher
    assert (document.published_date and document.published_date.isoformat()) == date
    assert document.published_basis == basis
    assert (document.title is not None) == has_title
    if number == "003":
        assert document.published_time == dt.time(16, 26, 7)


@pytest.mark.parametrize(
    ("page", "publisher"),
    [
        ("THE NORTHERN COURIER\nVARDO, FRIDAY, MAY 3, 2019\n\n", "THE NORTHERN COURIER"),
        ("Tidal Rotors ASA\nPRESS RELEASE\nNo. 4/2019\n\n", "Tidal Rotors ASA"),
        # A rubric is shaped like a name, and nothing on the page tells it from one.
        ("European Union\n3 May 2019\n\n", None),
        ("World News\n3 May 2019\n\n", None),
    ],
)
def test_a_page_names_its_publisher_on_top(page: str, publisher: str | None) -> None:
    story = (
        "Ferry line opens to the north of Vardo\n3 May 2019\n\nThe line runs in all winters now."
    )
    assert read_document((page + story).encode(), "page.txt").publisher == publisher


def test_two_writers_and_a_writer_in_capitals() -> None:
    story = "\n\nThe line runs in all winters now, the port said.\n"
    both = "Ferry line opens to Vardo\nAnna Lind and Kofi Mensah\n3 May 2019" + story
    assert read_document(both.encode(), "page.txt").byline == "Anna Lind and Kofi Mensah"
    shop = "Ferry line opens to Vardo\nSalt and Pepper Trading\n3 May 2019" + story
    assert read_document(shop.encode(), "page.txt").byline is None
