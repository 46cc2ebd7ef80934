"""What each reader takes out of a document, what it states and drops, and what it refuses."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import time
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict

from pipeline.errors import Unreadable
from pipeline.ingest import Stated, read_document
from pipeline.ingest.articles import Column, is_article, moment, words_of
from pipeline.ingest.articles import rules as article_rules
from pipeline.ingest.pages import take_page
from pipeline.ingest.readers import take
from pipeline.ingest.wikitext import rules as wikitext_rules
from pipeline.ingest.wikitext import text_of_wikitext
from pipeline.passages import split
from schemas.tables import Format

SENTENCE = "Norway and Chile signed a pact on 3 May 2019. "


class Case(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    why: str
    form: Format
    told: Format | None = None
    source: str
    text: str
    title: str | None = None
    publisher: str | None = None
    byline: str | None = None
    category: str | None = None
    url: str | None = None
    published: str | None = None
    language: str | None = None
    dropped: str | None = None
    repairs: tuple[str, ...] = ()


CASES = [
    Case.model_validate(case)
    for case in tomllib.loads(
        (Path(__file__).parent / "examples" / "readers.toml").read_text(encoding="utf-8")
    )["case"]
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.why[:40])
def test_golden_documents(case: Case) -> None:
    taken = take(case.source.strip().encode(), case.form)
    assert taken.text == case.text.strip("\n")
    found = {name: getattr(taken.stated, name) for name in Stated.model_fields}
    published = found.pop("published")
    assert (None if published is None else str(published)) == case.published
    wanted = {name: getattr(case, name, None) for name in found}
    assert found == wanted
    assert taken.dropped == case.dropped
    assert taken.repairs == case.repairs
    assert taken.format == (case.told or case.form)


def test_the_cutting_knows_the_lines_again() -> None:
    for case in CASES[:1]:
        passages = split(read_document(case.source.strip().encode(), "", None, case.form))
        assert [(each.kind, each.section) for each in passages] == [
            ("title", None),
            ("paragraph", None),
            ("heading", None),
            ("paragraph", "What it costs"),
            *[("list_item", "What it costs")] * 2,
            *[("table_row", "What it costs")] * 3,
        ]


def test_what_is_stated_beside_a_page_comes_before_what_it_states() -> None:
    stated = Stated(title="Another", published=dt.date(2018, 1, 1))
    document = read_document(CASES[0].source.strip().encode(), "a.html", stated)
    assert (document.title, document.published_basis) == ("Another", "metadata")
    assert document.published_date == dt.date(2018, 1, 1)
    assert document.publisher == "Coastal Herald"


def test_a_page_without_a_date_of_its_own_leaves_it_to_the_text() -> None:
    page = f"<html><body><article><p>OSLO, May 3, 2019 (Reuters) - {SENTENCE}</p><p>It rained.</p>"
    document = read_document(page.encode(), "2011-01-01.html")
    assert (document.published_basis, str(document.published_date)) == ("dateline", "2019-05-03")


def test_a_whole_page_in_a_text_file_is_read_as_a_page() -> None:
    page = f"\ufeff<!doctype html>\n<html><body><p>{SENTENCE}</p><p>{SENTENCE}</p></body></html>"
    document = read_document(page.encode(), "a.txt")
    assert (document.format, document.text.count("<")) == ("html", 0)
    text = f"The page begins with <html> and ends so. {SENTENCE}"
    assert read_document(text.encode(), "a.txt").text == text


# Encodings of pages.


@pytest.mark.parametrize(
    ("encoding", "declared", "words"),
    [
        ("utf-8", None, "Zürich"),
        ("utf-8-sig", None, "Zürich"),
        ("utf-16", None, "Zürich"),
        ("cp1251", '<meta charset="windows-1251">', "Москва"),
        ("cp1252", '<meta charset="iso-8859-1">', "Málaga – “port”"),
        (
            "shift_jis",
            '<meta http-equiv="Content-Type" content="text/html; charset=Shift_JIS">',
            "東京",
        ),
        # Declared wrongly, and valid as UTF-8.
        ("utf-8", '<meta charset="iso-8859-1">', "Zürich"),
    ],
)
def test_the_encoding_of_a_page(encoding: str, declared: str | None, words: str) -> None:
    page = f"<html><head>{declared or ''}</head><body><p>{words} {SENTENCE}</p><p>x y z</p></body>"
    assert words in take_page(page.encode(encoding)).text


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"<html><meta charset=utf-8><p>Z\xc3\x28rich \xa0\xa1 and Oslo</p>", "undecodable"),
        (b"<html><meta charset=nonsense><p>Z\xc3\x28rich \xa0\xa1 and Oslo</p>", "undecodable"),
        (b"<html><p>a\0b</p>", "nul_bytes"),
        (b"<html><body><script>x</script></body></html>", "no_text"),
        (b"<html><body><nav><a href=/>Home</a></nav></body></html>", "no_text"),
        (b" \n", "empty"),
        (b"<html><body>" + b"<div>" * 5_000 + b"words", "markup_too_deep"),
        (b"<html><body><p>" + b"<br>" * 70_000 + b"words", "too_large"),
    ],
)
def test_pages_that_are_refused(data: bytes, reason: str) -> None:
    with pytest.raises(Unreadable) as caught:
        take(data, "html")
    assert caught.value.reason == reason
    assert len(caught.value.message) > 30


@pytest.mark.parametrize(
    ("data", "form", "reason"),
    [
        (b'{"title": "Ferry opens"}', "json", "no_article"),
        (b'{"text": "  "}', "json", "no_article"),
        (b'{"text": "a\xff"}', "json", "undecodable"),
        (b'{"text": }', "json", "malformed"),
        (b"[]", "json", "no_article"),
        (b'{"text": ' + b"[" * 100_000, "json", "markup_too_deep"),
        (b'{"text": "Peru has ties with \\u0000 Chile."}', "json", "nul_bytes"),
        (b'{"text": "..."}', "json", "no_text"),
        (b"#REDIRECT [[Oslo]]", "wikitext", "redirect"),
        (b"{{a}}", "wikitext", "empty"),
        (b"{{a|" * 100 + b"}}" * 100, "wikitext", "markup_too_deep"),
        (b"<page><ns>1</ns><title>Talk:Oslo</title></page>", "dump", "other_namespace"),
        (b"<page><title>Oslo</title>", "dump", "malformed"),
        (b"<page><text>&bomb;</text></page>", "dump", "malformed"),
        (
            b"<page><title>O</title><model>css</model><text>a</text></page>",
            "dump",
            "not_plain_text",
        ),
        (b"<page><title>Oslo</title></page>", "dump", "empty"),
    ],
)
def test_records_that_are_refused(data: bytes, form: Format, reason: str) -> None:
    with pytest.raises(Unreadable) as caught:
        take(data, form)
    assert caught.value.reason == reason


# The rules.


def shown(example: str) -> tuple[str, str]:
    source, _, wanted = example.rpartition(" -> ")
    return source, wanted


def test_every_field_rule_finds_what_its_examples_say() -> None:
    for rule in article_rules().field:
        for example in rule.examples:
            source, wanted = shown(example)
            assert " ".join(words_of(json.loads(source), rule.column).split()) == wanted, example
        for source in rule.counter_examples:
            assert words_of(json.loads(source), rule.column) == "", source


def test_every_meta_rule_finds_what_its_examples_say() -> None:
    body = f"<body><p>{SENTENCE}</p><p>{SENTENCE}</p></body>"

    def found(meta: str, column: Column) -> object:
        stated = take_page(f"<html><head>{meta}</head>{body}".encode()).stated
        return getattr(stated, column, None)

    for rule in article_rules().meta:
        for example in rule.examples:
            source, wanted = shown(example)
            value = {"published": moment(wanted), "language": wanted[:2]}.get(rule.column, wanted)
            assert found(source, rule.column) == value, example
        for source in rule.counter_examples:
            assert found(source, rule.column) is None, source


def test_every_template_rule_shows_what_its_examples_say() -> None:
    for rule in wikitext_rules().template:
        for example in (*rule.examples, *rule.counter_examples):
            source, wanted = shown(example)
            assert text_of_wikitext(source)[0] == wanted, example


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("2019-05-03", "2019-05-03"),
        ("2019-05-03T00:00:00.000Z", "2019-05-03"),
        ("2019-05-03 10:20", "2019-05-03 10:20:00"),
        ("2019-05-03T23:20:00-05:00", "2019-05-03 23:20:00"),
        ("1556878800000", "2019-05-03 10:20:00"),
        ("20190503", "2019-05-03"),
        ("20190503102000", "2019-05-03 10:20:00"),
        ("3 May 2019", "2019-05-03"),
        ("2019-05-03junk", "None"),
        ("2019-13-03", "None"),
        ("0001-01-01T00:00:00Z", "None"),
        ("12", "None"),
        ("9" * 90, "None"),
        ("next Friday", "None"),
    ],
)
def test_days_as_records_write_them(words: str, found: str) -> None:
    assert str(moment(words)) == found


def test_an_envelope_is_opened_and_a_list_is_none() -> None:
    assert is_article({"_id": 1, "_source": {"body": SENTENCE}})
    assert not is_article({"items": [{"text": SENTENCE}]})


# Whatever comes.

SIGNS = (
    "{{ }} [[ ]] {| |} |- | || ! ' '' ''' == <ref> </ref> <!-- --> <br> <b> </div> [http://a ] & "
    "&nbsp; a Peru # * : File: {{{ }}} <nowiki> </nowiki> = , ( )"
)
MARKUP = st.lists(st.sampled_from(["\n", *SIGNS.split()]), max_size=60).map(" ".join) | st.text(
    max_size=80
)


@given(MARKUP)
@effort(max_examples=400, deadline=None)
def test_any_wikitext_is_text_without_markup_or_refused(source: str) -> None:
    try:
        text, _ = text_of_wikitext(source)
    except Unreadable:
        return
    for sign in ("{{", "}}", "[[", "]]", "<ref>", "<!-- a -->"):
        assert sign not in text


@given(MARKUP | st.binary(max_size=100), st.sampled_from(["html", "json", "dump", "wikitext"]))
@effort(max_examples=300, deadline=None)
def test_any_bytes_are_a_document_or_refused(source: str | bytes, form: Format) -> None:
    data = source if isinstance(source, bytes) else source.encode("utf-8", "replace")
    for whole in (data, b'{"text": ' + json.dumps(str(source)).encode() + b"}"):
        try:
            document = read_document(whole, "", None, form)
        except Unreadable as error:
            assert error.message
            continue
        for passage in split(document):
            assert document.text[passage.start_char : passage.end_char] == passage.text


def nested(before: str, after: str) -> Callable[[int], str]:
    return lambda count: before * count + "x " + after * count


def test_captions_of_a_page_are_kept() -> None:
    figure = (
        "<figure><img src=a.jpg><figcaption>Boats at the quay <i>in May</i></figcaption></figure>"
    )
    table = "<figure><table><tr><td>a<td>b</table><figcaption>Trade</figcaption></figure>"
    story = f"<p>{SENTENCE}</p>" * 4
    page = (
        f"<html><body><article><h1>Ferry opens</h1>{story}{figure}{story}{table}</article></body>"
    )
    read = read_document(page.encode(), "a.html")
    assert [(p.kind, p.text) for p in split(read) if p.kind == "caption"] == [
        ("caption", "Boats at the quay in May")
    ]


def test_one_article_in_json_may_be_called_text() -> None:
    data = json.dumps({"title": "Ties", "text": SENTENCE}).encode()
    read = read_document(data, "a.txt")
    assert (read.format, read.title) == ("json", "Ties")
    for other in (b'{"a": 1, "b": [1, 2]}', b'[{"title": "Ties"}]'):
        with pytest.raises(Unreadable, match="This is JSON"):
            read_document(other, "a.txt")


BAIT: dict[str, tuple[Format, Callable[[int], str]]] = {
    "templates": ("wikitext", nested("{{a|", "")),
    "links": ("wikitext", nested("[[a|", "]] ")),
    "outer links": ("wikitext", nested("[http://a ", "")),
    "brackets": ("wikitext", nested("[", "] ")),
    "references": ("wikitext", nested("<ref name=x>", "")),
    "comments": ("wikitext", nested("<!-- ", "")),
    "quotes": ("wikitext", nested("''a'''b ", "")),
    "tags": ("wikitext", nested("<div class='a ", "")),
    "rows": ("wikitext", lambda count: "{|\n" + "| a || b\n|-\n" * count + "|}"),
    "tables": ("wikitext", nested("{|\n|-\n| ", "|}\n")),
    "cells": ("wikitext", lambda count: "{|\n" + "| a |" * count),
    "elements": ("html", nested("<b>", "")),
    "attributes": ("html", lambda count: "<p " + "a=b " * count + ">x</p>"),
    "scripts": ("html", nested("<script>", "")),
    "open tags": ("html", nested("<a ", "")),
    "lists": ("html", lambda count: "<ul>" + "<li>a b</li>" * (count // 4) + "</ul>"),
    "values": ("json", lambda count: json.dumps({"text": SENTENCE, "a": ["x"] * count})),
    "body": ("json", lambda count: json.dumps({"text": "<p>a</p>" * (count // 4)})),
}


@pytest.mark.parametrize("name", BAIT)
def test_time_grows_with_the_text_and_no_faster(name: str) -> None:
    form, make = BAIT[name]

    def seconds(count: int) -> float:
        source = f"{SENTENCE}\n{make(count)}\n{SENTENCE}"
        if form == "html":
            source = f"<html><body><article><p>{source}</p></article></body></html>"
        data = source.encode()
        started = time.process_time()
        with contextlib.suppress(Unreadable):
            take(data, form)
        return time.process_time() - started

    # Four times the text may take eight times as long: room for noise, none for squares.
    assert seconds(20_000) < max(8 * seconds(5_000), 1.0)
