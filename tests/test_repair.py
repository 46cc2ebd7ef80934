"""Mojibake: undone where it is certain, and never where it only looks odd."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.ingest import read_document
from pipeline.ingest.repair import repair

PLAIN = [
    "Le ministre de la pêche a dit « non » à l'été 2019 : « Ça va coûter 30 € ».",
    "Thủ tướng Chile thăm Hà Nội ngày 18/4, Đà Nẵng và Ấn Độ ký thỏa thuận về cà phê.",
    "Монгол Улсын Ерөнхий сайд өчигдөр хэлэв. Үнэлгээ өгөх",
    "Größe und Übermut: „Straße“ – ÄÖÜ, ß.",
    "São Tomé e Príncipe; João disse: «Não à GUERRA». À É Í",
    "İstanbul’da görüştü; Türkiye Şişli Ağrı",
    "Łódź, Žižkov, Đorđe, Ħamrun, Şuşa, Qarabağ, Ñandú, Æsir, Ærø, Œuvre",
    "SÃO PAULO, VÂNG, ÂN, Ã and Â are letters.",
    "CITROËN — déjà-vu… 50 °C ± 2 §4 №5 ½ ™ ® © † ‡ ‰ ¶ Â® Â§",
    "Она сказала: «Да» — и ушла. РСФСР, СССР, Рим",
    "FRANÇAIS: ÉTÉ, GARÇON, À L’AÎNÉ, NOËL, «ÎLE»",
    "これは協定です。「はい」 두 나라는 협정에 서명했다",
]
ENCODINGS = ["sloppy-windows-1252", "latin-1", "sloppy-windows-1251", "sloppy-windows-1254"]


@pytest.mark.parametrize("text", PLAIN)
def test_right_text_is_never_touched(text: str) -> None:
    assert repair(text).text == text
    assert repair("\n".join([*PLAIN, text])).repairs == ()


@given(st.lists(st.sampled_from(" ".join(PLAIN).split()), min_size=1, max_size=30))
def test_any_order_of_right_words_is_never_touched(words: list[str]) -> None:
    text = " ".join(words)
    assert repair(text).text == text


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_words_read_in_a_wrong_encoding_come_back(encoding: str) -> None:
    text = "Ana Pérez didn’t see “São Tomé” – or São Paulo – until the day’s end, in Malmö."
    broken = text.encode("utf-8").decode(encoding)
    mended = repair(f"Peru and Chile met.\n{broken}\nTalks go on.")
    assert mended.text == f"Peru and Chile met.\n{text}\nTalks go on."
    # The Turkish page differs from the western one in six letters only.
    name = encoding.removeprefix("sloppy-").replace("1254", "1252")
    assert mended.repairs == (f"mojibake:{name}",)


def test_right_and_broken_words_on_one_line() -> None:
    assert repair("The sides’ envoy didnâ€™t say.").text == "The sides’ envoy didn’t say."


def test_a_sign_that_might_be_meant_is_left() -> None:
    assert repair("The firm Â®").text == "The firm Â®"
    assert repair("The firm Â®, it wasnâ€™t sold.").text == "The firm ®, it wasn’t sold."


def test_offsets_count_the_text_as_repaired() -> None:
    data = "Peru didnâ€™t sign the pact with Chile in Lima.".encode()
    document = read_document(data, "x.txt")
    assert document.text == "Peru didn’t sign the pact with Chile in Lima."
    assert document.repairs == ("mojibake:windows-1252",)


def test_bait_takes_no_time_of_its_own() -> None:
    for bait in ("Ã", "Ã© ", "Â® a", "â€", "’é"):
        assert len(repair(bait * (100_000 // len(bait))).text) <= 100_000
