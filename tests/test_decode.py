"""Encodings, and files that are no plain text."""

from __future__ import annotations

import gzip
import random
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import Unreadable
from pipeline.ingest import decode
from pipeline.ingest.formats import SIGNATURES

ENGLISH = "On 3 May 2019 the ministers of Peru and Chile met in Lima to open a new port.\n"
RUSSIAN = "Министры двух стран подписали договор о дружбе и встретились с послами в Лиме.\n"
JAPANESE = "両国の大臣は港を開くためにリマで会談し、協定に署名した。"


def refused(data: bytes) -> Unreadable:
    with pytest.raises(Unreadable) as caught:
        decode(data)
    return caught.value


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_byte_order_marks_are_left_out(encoding: str) -> None:
    decoded = decode(("\ufeff" + ENGLISH).encode(encoding))
    assert (decoded.text, decoded.encoding) == (ENGLISH, encoding)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize("text", [ENGLISH, RUSSIAN])
def test_wide_text_without_a_mark(encoding: str, text: str) -> None:
    decoded = decode(text.encode(encoding))
    assert (decoded.text, decoded.encoding) == (text, encoding)


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("He said “no” – and left Málaga for £5.\n" * 3, "cp1252"),
        ("Le ministre a reçu à l’hôtel les élèves de la région, près de la forêt.\n" * 3, "cp1252"),
        (RUSSIAN * 5, "cp1251"),
        (RUSSIAN * 5, "koi8_r"),
        (JAPANESE * 5, "cp932"),
        ("两国部长在利马会面，签署了关于港口的合作协议。" * 5, "gb18030"),
    ],
)
def test_old_encodings_are_guessed_where_it_is_sure(text: str, encoding: str) -> None:
    decoded = decode(text.encode(encoding))
    assert (decoded.text, decoded.encoding) == (text, encoding)


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("The mayor of Łódź met envoys from Rzeszów.", "cp1250"),
        ("Envoys of Işık and Ağrı met in Peru.", "cp1254"),
        ("Los ministros firmaron la declaración de la región y el niño leyó.", "mac_roman"),
        ("The mayor of Plzeň and Mr Dvořák met.", "iso8859_2"),
    ],
)
def test_no_mojibake_where_the_guess_is_not_sure(text: str, encoding: str) -> None:
    data = text.encode(encoding)
    try:
        assert decode(data).text == text
    except Unreadable as error:
        assert error.reason == "undecodable"


@pytest.mark.parametrize(
    "tail", [b"\xc3(", b"\xff", b"\xc0\xaf \xed\xa0\x80", b"Z\xc3", b"\xa0\xc3("]
)
def test_broken_utf8_names_the_byte(tail: bytes) -> None:
    error = refused(ENGLISH.encode() + "Málaga é".encode() + tail)
    assert error.reason == "undecodable"
    good = len((ENGLISH + "Málaga é").encode())
    found = re.search(r"Byte ([\d,]+)", error.message)
    assert found is not None
    offset = int(found[1].replace(",", ""))
    assert good <= offset <= good + len(tail)


def test_broken_wide_text() -> None:
    assert refused(b"\xff\xfea\x00b").reason == "undecodable"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b" \t\r\n",
        "\u00a0\u2003".encode(),
        b"\xef\xbb\xbf",
        "\u200b\u200d\ufeff".encode(),
        b"\n" * 10**6,
    ],
)
def test_empty(data: bytes) -> None:
    assert refused(data).reason == "empty"


def test_signs_without_letters() -> None:
    assert refused(b"... --- !!!\n" * 9).reason == "no_text"


def test_nul_bytes_and_binary() -> None:
    assert refused(ENGLISH.encode() + b"\0\0" + ENGLISH.encode()).reason == "nul_bytes"
    assert refused(random.Random(1).randbytes(5_000)).reason == "binary"


@pytest.mark.parametrize(("first", "reason", "_"), SIGNATURES)
def test_signatures(first: bytes, reason: str, _: str) -> None:
    assert refused(first + b"\nPeru and Chile").reason == reason


@pytest.mark.parametrize(
    "text",
    [
        "<!DOCTYPE html><html><body>Peru</body></html>",
        '<?xml version="1.0"?><a/>',
        '{"title": "Peru", "n": 1}',
        "[1, 2]",
        '[{"a": 1}]',
        "id,name,amount\n" + "1,Peru,3.50\n" * 20,
        "id;name;amount\n" + "1;Peru;3\n" * 20,
        ("QUJD" * 19 + "\n") * 20,
    ],
    ids=lambda text: text[:12],
)
def test_other_formats(text: str) -> None:
    error = refused(text.encode())
    assert error.reason == "not_plain_text"
    assert "save its text" in error.message


@pytest.mark.parametrize(
    "text",
    [
        ENGLISH + "He wrote <b>no</b> & left.",
        "[1] A. Larsen, Ports of Peru, 2019.\n" + ENGLISH,
        "Lima, Peru, and Chile\n" * 9,
        "{Peru} has a port.",
        "Fiji",
        ENGLISH + "\x1b[31m and \x07.",
        "3 < 5 and 7 > 2.\n" * 9,
    ],
)
def test_plain_text_with_odd_signs_is_kept(text: str) -> None:
    assert decode(text.encode()).text == text


def test_deep_json_and_markup_and_tokens() -> None:
    assert refused(b"[" * 100_000 + b"]" * 100_000).reason in ("not_plain_text", "no_text")
    assert refused(b"{{a|" * 20_000 + ENGLISH.encode()).reason == "markup_too_deep"
    assert refused(ENGLISH.encode() + b"a" * 30_000).reason == "too_long_line"
    assert decode((ENGLISH * 40 + "a" * 15_000).encode()).encoding == "utf-8"


def test_too_many_control_characters() -> None:
    assert refused(ENGLISH.encode() + b"\x01\x02" * 30).reason == "control_characters"


def test_a_letter_or_two_are_no_text() -> None:
    for data in (b"x", b"x.\n", b"... 7 ...", "дa".encode()):
        assert refused(data).reason == "too_short"
    assert decode(b"Fiji").text == "Fiji"


def test_archives_are_not_unpacked() -> None:
    assert refused(gzip.compress(bytes(10_000_000))).reason == "not_plain_text"


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=60))
def test_utf8_comes_back_as_it_was(text: str) -> None:
    try:
        decoded = decode(("Peru. " + text).encode())
    except Unreadable:
        return
    # What chance writes as `Ã©n` is mended, and said so.
    assert decoded.repairs or decoded.text == "Peru. " + text


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_give_text_or_a_reason(data: bytes) -> None:
    try:
        decoded = decode(data)
    except Unreadable as error:
        assert error.message
    else:
        assert decoded.text
        assert "\ufffd" not in decoded.text or b"\xef\xbf\xbd" in data


def test_a_page_of_marks_has_no_text_and_is_no_table() -> None:
    with pytest.raises(Unreadable) as caught:
        decode(b"... --- !!! ??? ;;;\n" * 30)
    assert caught.value.reason == "no_text"
