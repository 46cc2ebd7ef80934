"""Files of many records and packed files: cut, read in whole runs, refused when faulty."""

from __future__ import annotations

import bz2
import gzip
import json
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as st

from pipeline.errors import Unreadable
from pipeline.ingest import (
    RawRecord,
    discover,
    kind_in_text,
    opened,
    read_bytes,
    read_content,
    records_of,
)
from pipeline.ingest.kinds import kind_by_name
from pipeline.run import _slices
from pipeline.stages import scan, settle
from pipeline.stages.index import PART_RECORDS
from pipeline.stages.read import read
from pipeline.state import State
from tests.conftest import Home

LIMIT = 10_000
DUMP = """<mediawiki xmlns="http://www.mediawiki.org/xml/export-0.11/" xml:lang="en">
  <siteinfo><sitename>Testwiki</sitename></siteinfo>
{}</mediawiki>
"""


def article(number: int, **fields: object) -> dict[str, object]:
    text = (
        f"Norway and Chile signed pact number {number} in Oslo on 3 May 2019, the ministers said."
    )
    return {"title": f"Pact {number} signed", "text": text, **fields}


def page(title: str, text: str, ns: int = 0, extra: str = "") -> str:
    return (
        f"  <page><title>{title}</title><ns>{ns}</ns>{extra}"
        f"<revision><model>wikitext</model><text>{text}</text></revision></page>\n"
    )


def cut(raw: Path, name: str, data: bytes, limit: int = LIMIT) -> list[RawRecord]:
    raw.mkdir(exist_ok=True)
    (raw / name).write_bytes(data)
    found = next(each for each in discover(raw) if each.path == name)
    with opened(found) as stream:
        records = list(records_of(stream, found.kind.records, limit))
    whole = gzip.decompress(data) if name.endswith(".gz") else data
    for record in records:
        assert whole[record.offset : record.offset + len(record.data)] == record.data
    assert [record.number for record in records] == list(range(len(records)))
    (raw / name).unlink()
    return records


def refusal(raw: Path, name: str, data: bytes) -> str:
    with pytest.raises(Unreadable) as caught:
        cut(raw, name, data)
    assert len(caught.value.message) > 20
    return caught.value.reason


def lines(*articles: object) -> bytes:
    return b"".join(json.dumps(each).encode() + b"\n" for each in articles)


def test_a_line_is_a_record_and_a_broken_one_costs_no_other(tmp_path: Path) -> None:
    data = b"\xef\xbb\xbf" + lines(article(1)) + b"\r\n  \n{broken\n" + lines(article(2))[:-1]
    records = cut(tmp_path, "feed.jsonl", data)
    assert [record.reason for record in records] == [None, "malformed", None]
    message = records[1].message or ""
    assert "Line 4" in message
    assert f"byte {data.index(b'broken'):,}" in message


def test_a_line_that_is_too_long_is_skipped_without_being_held(tmp_path: Path) -> None:
    data = lines(article(1), {"text": "x" * 3_000_000}, article(2))
    records = cut(tmp_path, "feed.ndjson", data)
    assert [record.reason for record in records] == [None, "too_large", None]
    assert "Line 2" in (records[1].message or "")


@pytest.mark.parametrize(
    "wrap",
    [
        lambda some: some,
        lambda some: {"status": "ok", "totalResults": 3, "articles": some},
        lambda some: {"took": 3, "hits": {"total": 3, "hits": [{"_source": one} for one in some]}},
        lambda some: {"@context": "https://schema.org", "@graph": some},
        lambda some: {"meta": {"a": [1, {"b": "}]"}]}, "data": [], "results": some, "next": None},
    ],
)
def test_lists_of_articles_in_whatever_they_are_wrapped(
    tmp_path: Path, wrap: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert callable(wrap)
    some = [article(1, text='Zürich and 東京 {["\\ signed.'), article(2), article(3)]
    for indent in (None, 2):
        data = json.dumps(wrap(some), ensure_ascii=False, indent=indent).encode()
        records = cut(tmp_path, "feed.json", data)
        assert [record.reason for record in records] == [None] * 3
        inner = [json.loads(record.data) for record in records]
        assert [one.get("_source", one) for one in inner] == some
        # The same where the file is larger than a document may be.
        large = cut(tmp_path, "feed.json", data, limit=300)
        assert [record.data for record in large] == [record.data for record in records]


def test_one_article_is_the_whole_file(tmp_path: Path) -> None:
    data = (
        json.dumps(article(1, images=[{"url": "x"}], items=[{"a": 1}]), indent=1).encode() + b"\n"
    )
    (record,) = cut(tmp_path, "a.json", data)
    assert record.data == data


def test_lines_under_the_name_of_json(tmp_path: Path) -> None:
    assert len(cut(tmp_path, "a.json", lines(article(1), article(2)))) == 2


def test_a_list_that_breaks_is_read_up_to_there(tmp_path: Path) -> None:
    data = b"[" + json.dumps(article(1)).encode() + b', {"text": nonsense}, {"a": 1}]'
    (tmp_path / "feed.json").write_bytes(data)
    (found,) = discover(tmp_path)
    with opened(found) as stream:
        records = records_of(stream, "values", LIMIT)
        assert next(records).reason is None
        with pytest.raises(Unreadable, match=f"byte {data.index(b'nons')}"):
            next(records)


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.json", b"", "empty"),
        ("a.json", b" \n", "empty"),
        ("a.json", b"Peru has ties with Chile.", "malformed"),
        ("a.json", b'{"text": "Peru"', "malformed"),
        ("a.json", b'{"text": "Peru"} x', "malformed"),
        ("a.json", "[1]".encode("utf-16"), "malformed"),
        ("a.json", b"[" * 100_000 + b"]" * 100_000, "markup_too_deep"),
        ("a.json", b'{"a":' * 100_000 + b"1" + b"}" * 100_000, "markup_too_deep"),
        ("a.jsonl", "{}".encode("utf-16"), "malformed"),
        ("a.xml", b"<rss><item><title>Peru</title></item></rss>", "not_plain_text"),
        ("a.xml", b"", "not_plain_text"),
        ("a.xml", DUMP.format("").encode(), "empty"),
        ("a.jsonl.gz", b"no gzip at all", "malformed"),
        ("a.jsonl.gz", gzip.compress(lines(article(1)))[:-20], "malformed"),
        ("a.jsonl.gz", gzip.compress(b" " * 30_000_000), "archive_bomb"),
        ("a.xml.gz", gzip.compress(b"<mediawiki>" + b"<page>" * 5_000_000), "archive_bomb"),
        ("a.jsonl.bz2", b"no bzip2 at all", "malformed"),
        ("a.jsonl.bz2", bz2.compress(lines(article(1)))[:-20], "malformed"),
        ("a.jsonl.bz2", bz2.compress(b" " * 30_000_000), "archive_bomb"),
    ],
)
def test_files_that_are_no_such_file(tmp_path: Path, name: str, data: bytes, reason: str) -> None:
    if reason == "markup_too_deep":
        data_limit = 2_000_000
        (tmp_path / name).write_bytes(data)
        (found,) = discover(tmp_path)
        with opened(found) as stream, pytest.raises(Unreadable) as caught:
            list(records_of(stream, found.kind.records, data_limit))
        assert caught.value.reason == reason
    else:
        assert refusal(tmp_path, name, data) == reason


def test_a_dump_that_declares_entities_is_refused(tmp_path: Path) -> None:
    laughs = '<!DOCTYPE m [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
    data = (laughs + DUMP.format(page("Bergen", "&b;"))).encode()
    assert refusal(tmp_path, "a.xml", data) == "malformed"


def test_pages_of_a_dump_are_cut_by_their_tags(tmp_path: Path) -> None:
    pages = [page("Bergen", "A port."), page("Oslo", "x" * 20_000), page("Rome", "A city.")]
    data = DUMP.format("".join(pages)).encode()
    records = cut(tmp_path, "wiki.xml", data)
    assert [record.reason for record in records] == [None, "too_large", None]
    assert records[2].data == pages[2].strip().encode()
    torn = cut(tmp_path, "wiki.xml", data[: data.rindex(b"</page>")])
    assert [record.reason for record in torn] == [None, "too_large", "malformed"]


def test_bzip2_files_in_a_row_and_padding_are_one(tmp_path: Path) -> None:
    data = bz2.compress(lines(article(1))) + bz2.compress(lines(article(2))) + bytes(600)
    (tmp_path / "feed.jsonl.bz2").write_bytes(data)
    (found,) = discover(tmp_path)
    with opened(found) as stream:
        whole = list(records_of(stream, "lines", 10_000))
    assert [record.data for record in whole] == lines(article(1), article(2)).splitlines()
    with opened(found) as stream:
        stream.skip_to(whole[1].offset)
        assert stream.exactly(len(whole[1].data)) == whole[1].data


def test_a_dump_is_read_as_it_is_handed_out(tmp_path: Path) -> None:
    page = (
        "<page><title>Bergen {n}</title><ns>0</ns><revision><text>A port.</text></revision></page>"
    )
    dump = "<mediawiki>" + "".join(page.format(n=n) for n in range(30_000)) + "</mediawiki>"
    (tmp_path / "pages.xml.bz2").write_bytes(bz2.compress(dump.encode()))
    (found,) = discover(tmp_path)
    with opened(found) as stream:
        assert sum(1 for _ in records_of(stream, "pages", 10_000)) == 30_000
    with (
        opened(found, 1_000_000) as stream,
        pytest.raises(Unreadable, match="unpacks to more than"),
    ):
        list(records_of(stream, "pages", 10_000))


def test_gzip_files_in_a_row_and_padding_are_one(tmp_path: Path) -> None:
    data = gzip.compress(lines(article(1))) + gzip.compress(lines(article(2))) + bytes(600)
    (tmp_path / "feed.jsonl.gz").write_bytes(data)
    (found,) = discover(tmp_path)
    assert read_bytes(found) == lines(article(1), article(2))
    content = read_content(found)
    assert content.size == len(data)


def test_a_packed_text_is_unpacked_no_further_than_its_limit(tmp_path: Path) -> None:
    text = "".join(f"Pact {number} was signed in Oslo.\n" for number in range(100_000))
    (tmp_path / "a.txt.gz").write_bytes(gzip.compress(text.encode()))
    (found,) = discover(tmp_path)
    with pytest.raises(Unreadable) as caught:
        read_bytes(found, 1_000_000)
    assert caught.value.reason == "too_large"
    assert read_bytes(found, 5_000_000) == text.encode()


@given(
    st.lists(st.dictionaries(st.text(max_size=5), st.text(max_size=30)), max_size=8), st.booleans()
)
@effort(max_examples=60, deadline=None)
def test_any_objects_come_back_from_lines_and_lists(
    tmp_path_factory: pytest.TempPathFactory, objects: list[dict[str, str]], raw: bool
) -> None:
    folder = tmp_path_factory.mktemp("any")
    # Without escapes, where they can be written so.
    whole = [json.dumps(one, ensure_ascii=not raw).encode("utf-8", "replace") for one in objects]
    expected = [json.loads(one) for one in whole]
    found = cut(folder, "a.jsonl", b"\n".join(whole))
    assert [json.loads(record.data) for record in found] == expected
    listed = cut(folder, "a.json", b"[" + b" ,\n".join(whole) + b"]")
    assert [json.loads(record.data) for record in listed] == expected


@given(
    st.binary(max_size=200),
    st.sampled_from(["a.json", "a.jsonl", "a.xml", "a.jsonl.gz", "a.json.gz"]),
)
@effort(max_examples=200, deadline=None)
def test_any_bytes_are_records_or_refused(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, name: str
) -> None:
    folder = tmp_path_factory.mktemp("bytes")
    (folder / name).write_bytes(data)
    (found,) = discover(folder)
    try:
        with opened(found) as stream:
            assert all(
                isinstance(one, RawRecord) for one in records_of(stream, found.kind.records, 99)
            )
    except Unreadable as error:
        assert error.message


def test_memory_is_flat_however_many_records(tmp_path: Path) -> None:
    def peak(count: int) -> int:
        path = tmp_path / "feed.jsonl"
        path.write_bytes(lines(*(article(number) for number in range(50))) * (count // 50))
        (found,) = discover(tmp_path)
        tracemalloc.start()
        with opened(found) as stream:
            assert sum(1 for _ in records_of(stream, "lines", LIMIT)) == count
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    assert peak(60_000) < 1.5 * peak(15_000)


# Whole runs.


def rows(home: Home) -> list[tuple[object, ...]]:
    return home.ask("SELECT path, record, status, reason FROM sources ORDER BY path, record")


def test_a_run_over_every_format(home: Home) -> None:
    text = article(9)["text"]
    home.write("a.jsonl", lines(article(1), article(2)) + b"{]}\n" + lines({"id": 3}))
    home.write("b.json.gz", gzip.compress(json.dumps({"articles": [article(3)]}).encode()))
    home.write(
        "c.xml",
        DUMP.format(
            page("Ghana", "[[Ghana]] paid {{US$|4 million}} to [[Togo]] in June 2019.")
            + page("Talk:Ghana", "Is it so?", ns=1)
            + page("Gold Coast", "#REDIRECT [[Ghana]]", extra='<redirect title="Ghana" />')
            + page("Broken", "&nosuchentity;")
        ),
    )
    home.write(
        "d.html", f"<html><head><title>D</title></head><body><article><p>{text}</p></article>"
    )
    home.write("d.toml", 'publisher = "Coastal Herald"\npublished = 2019-05-04\n')
    home.write("e.txt.gz", gzip.compress(b"Peru lent EUR 7 million to Kenya on 4 June 2018.\n"))
    home.write("f.wiki", "== Trade ==\nJapan lent '''$9 million''' to [[Fiji]].\n{{stub}}\n")
    home.write("g.json", b"[1, 2")
    home.run()
    assert rows(home) == [
        ("a.jsonl", 0, "processed", None),
        ("a.jsonl", 1, "processed", None),
        ("a.jsonl", 2, "quarantined", "malformed"),
        ("a.jsonl", 3, "quarantined", "no_article"),
        ("b.json.gz", 0, "processed", None),
        ("c.xml", 0, "processed", None),
        ("c.xml", 1, "skipped", "other_namespace"),
        ("c.xml", 2, "skipped", "redirect"),
        ("c.xml", 3, "quarantined", "malformed"),
        ("d.html", 0, "processed", None),
        ("d.toml", 0, "skipped", "metadata_file"),
        ("e.txt.gz", 0, "processed", None),
        ("f.wiki", 0, "processed", None),
        ("g.json", 0, "quarantined", "no_article"),
        ("g.json", 1, "quarantined", "no_article"),
        ("g.json", 2, "quarantined", "malformed"),
    ]
    assert home.ask(
        "SELECT count(*) FROM sources WHERE status <> 'processed' AND message IS NULL"
    ) == [(0,)]
    formats = (
        "SELECT path, format, dropped FROM sources JOIN documents USING (document_id) ORDER BY 1"
    )
    found = {(path, form): dropped for path, form, dropped in home.ask(formats)}
    assert {form for _, form in found} == {"json", "dump", "html", "text", "wikitext"}
    assert found["f.wiki", "wikitext"] == "templates 1"
    stated = """
        SELECT publisher, published_date::VARCHAR, published_basis FROM documents
        WHERE format = 'html'
    """
    assert home.ask(stated) == [("Coastal Herald", "2019-05-04", "metadata")]
    money = home.ask("SELECT currency, amount::DOUBLE FROM money ORDER BY 2")
    assert money == [("USD", 4e6), ("EUR", 7e6), ("USD", 9e6)]


def test_a_second_run_opens_no_record_and_a_changed_line_is_the_only_one_read(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.write("feed.jsonl", lines(article(1), article(2)))
    home.run()
    before = home.bytes_of_output()

    def never(*_: object) -> None:
        raise AssertionError("cut again")

    with monkeypatch.context() as patched:
        patched.setattr("pipeline.stages.index.records_of", never)
        assert home.run().outcome == "unchanged"
        home.write("other.txt", "Togo lent Fiji a ship in June 2019.\n")
        # Another file is new: the known one is not cut for that.
        assert home.run().extracted_documents == 1
    (home.settings.raw / "other.txt").unlink()
    home.run()
    assert home.bytes_of_output() == before
    home.write("feed.jsonl", lines(article(1), article(3)))
    assert home.run().extracted_documents == 1


def test_the_same_record_in_two_files_is_one_document(home: Home) -> None:
    home.write("a.jsonl", lines(article(1), article(2)))
    home.write("b.jsonl", lines(article(2)))
    home.run()
    query = "SELECT count(*), count(DISTINCT document_id) FROM sources"
    assert home.ask(query) == [(3, 2)]
    # A packed text is the text.
    home.write("c.txt", "Togo lent Fiji a ship in June 2019.\n")
    home.write("d.txt.gz", gzip.compress(b"Togo lent Fiji a ship in June 2019.\n"))
    home.run()
    assert home.ask(query) == [(5, 3)]


def break_at(patched: pytest.MonkeyPatch, call: int) -> None:
    """Make the reading break down when outlines are kept for the so many-th time."""
    keep = read.__globals__["_keep_outlines"]
    calls: list[int] = []

    def keep_or_break(state: State, readings: dict[str, object]) -> None:
        calls.append(1)
        if len(calls) == call:
            raise KeyboardInterrupt
        keep(state, readings)

    patched.setitem(read.__globals__, "_keep_outlines", keep_or_break)


def test_a_file_in_many_parts_is_read_part_by_part(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    count = 2 * PART_RECORDS + 7
    small = [{"text": f"Pact {number} was signed."} for number in range(count)]
    for name, data in (("a.jsonl", lines(*small)), ("b.jsonl.gz", gzip.compress(lines(*small)))):
        home.write(name, data)
        scanned = scan(home.settings)
        assert [each.records for each in scanned.unread] == [PART_RECORDS, PART_RECORDS, 7]
        (batch,) = _slices(scanned.unread)
        # It breaks down in the second part: the first one is kept.
        with monkeypatch.context() as patched:
            break_at(patched, 3)
            with pytest.raises(KeyboardInterrupt):
                read(home.settings, batch)
        again = scan(home.settings)
        assert [each.records for each in again.unread] == [PART_RECORDS, 7]
        for batch in _slices(again.unread):
            read(home.settings, batch)
        assert scan(home.settings).unread == ()
        settled = settle(home.settings, ())
        assert sum(each.documents for each in settled.batches) == count
        (home.settings.raw / name).unlink()
        with State(home.settings.state) as state:
            for stage in ("read", "outline", "index"):
                state.retain(stage, ())


def test_a_file_that_changes_under_the_reader_is_read_by_the_next_run(home: Home) -> None:
    home.write("a.jsonl", lines(article(1), article(2)))
    scanned = scan(home.settings)
    home.write("a.jsonl", lines(article(1), article(7)))
    (batch,) = _slices(scanned.unread)
    receipt = read(home.settings, batch)
    assert receipt.changed == ("a.jsonl",)
    settle(home.settings, receipt.changed)
    with State(home.settings.state) as state:
        assert all(row.reason == "changed_while_reading" for _, row in state.sources())
    home.run()
    assert [status for _, _, status, _ in rows(home)] == ["processed", "processed"]


def test_articles_under_the_name_of_plain_text() -> None:
    many = lines(article(1), article(2))
    text = kind_by_name("feed.txt")
    assert text is not None
    for data in (many, b"[" + many.strip().replace(b"\n", b",") + b"]", b"\xef\xbb\xbf" + many):
        assert kind_in_text(data, text).records == "values"
    packed = kind_by_name("feed.txt.gz")
    assert packed is not None
    assert kind_in_text(many, packed).is_packed
    # One article is a document; other data and prose in braces stay what they are.
    for data in (
        json.dumps(article(1)).encode(),
        b'[{"a": 1}]',
        b"[1] Peru",
        b"{",
        b"",
        b"[" * 9_000,
    ):
        assert kind_in_text(data, text) == text
