"""Names of states and blocs: surfaces, sentences, tables, properties, hostile input."""

from __future__ import annotations

import re
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.extract.gazetteer import ORGANISATION_COLUMNS
from pipeline.extract.mentions import NameMatch, find_places
from pipeline.extract.names import (
    country_code,
    identify,
    is_code,
    is_iso_code,
    proper_case,
    seat_code,
    wikidata_id,
)
from pipeline.rulebook import load_rows, territories
from tests.markup import parse

HERE = Path(__file__).parent
SHARED = HERE.parent.parent / "shared"
EXAMPLES = tomllib.loads((HERE / "examples" / "names.toml").read_text(encoding="utf-8"))
RIGHT = [(name, code) for code, names in EXAMPLES["codes"].items() for name in names]
SENTENCES = [sentence for group in EXAMPLES["sentences"] for sentence in group["marked"]]
ORGANISATIONS = load_rows("organisations.csv", ORGANISATION_COLUMNS)


def place_value(match: NameMatch) -> str:
    flags = ["demonym"] * match.is_demonym + ["unsure"] * match.is_ambiguous
    return " ".join([match.code, match.kind, *flags])


TODAY = (
    "Russia today adopted the law.",
    "He was hired by Russia Today.",
    "RUSSIA TODAY HIRES HIM",
)


def test_there_are_surfaces_enough() -> None:
    assert len(RIGHT) >= 150
    assert len(EXAMPLES["nothing"]) >= 100


@pytest.mark.parametrize(("name", "code"), RIGHT)
def test_right(name: str, code: str) -> None:
    assert country_code(name) == code


@pytest.mark.parametrize("name", EXAMPLES["nothing"])
def test_nothing(name: str) -> None:
    assert identify(name) is None


@pytest.mark.parametrize("sentence", SENTENCES)
def test_places_in_a_sentence(sentence: str) -> None:
    marked = parse(sentence)
    text = marked.document.text
    found = [(text[match.start : match.end], place_value(match)) for match in find_places(text)]
    assert found == [(mark.words, mark.value) for mark in marked.expected]


@pytest.mark.parametrize(
    ("name", "kind", "is_demonym"),
    [
        ("Kenya", "state", False),
        ("Kenyan", "state", True),
        ("Greenlandic", "territory", True),
        ("NATO", "bloc", False),
        ("Soviet", "state", True),
    ],
)
def test_kinds(name: str, kind: str, is_demonym: bool) -> None:
    found = identify(name)
    assert found is not None
    assert (found.kind, found.is_demonym) == (kind, is_demonym)


def test_items() -> None:
    assert [wikidata_id(name) for name in ("Kenya", "Kosovo", "UN", "NATO", "Soviet Union")] == [
        "Q114",
        "Q1246",
        "Q1065",
        "Q7184",
        "Q15180",
    ]
    assert wikidata_id("Nairobi") is None
    assert wikidata_id("Gas Exporting Countries Forum") is None


def test_a_longer_name_in_another_case_leaves_the_name_inside_it() -> None:
    codes = [[match.code for match in find_places(text)] for text in TODAY]
    assert codes == [["RUS"], [], []]


def test_proper_case_repairs_headlines() -> None:
    assert proper_case("SRI LANKA") == "Sri Lanka"
    assert proper_case("USSR") == "USSR"
    assert proper_case("ULAANBAATAR") == "Ulaanbaatar"
    assert proper_case("AINO SALO") is None


def test_the_tables_are_sorted_and_their_surfaces_unambiguous() -> None:
    codes = [one.code for one in territories()]
    assert codes == sorted(set(codes))
    organisations = [row[0] for row in ORGANISATIONS]
    assert organisations == sorted(set(organisations))
    assert not set(codes) & set(organisations)
    assert len(organisations) >= 150
    owner: dict[str, str] = {}
    for one in territories():
        surfaces = (*one.names, *one.demonyms, *one.seats)
        assert set(one.ambiguous) <= set(surfaces)
        for surface in surfaces:
            assert owner.setdefault(surface, one.code) == one.code, surface
    for code, name, aliases, item in ORGANISATIONS:
        assert not item or item[1:].isdigit()
        for surface in filter(None, (name, *aliases.split(";"))):
            assert owner.setdefault(surface, code) == code, surface


def test_every_territory_has_an_item_and_all_but_former_states_a_domain() -> None:
    for values in (
        [one.wikidata_id for one in territories()],
        [one.alpha2 for one in territories() if one.alpha2],
    ):
        assert len(set(values)) == len(values)
    assert all(re.fullmatch(r"Q[1-9]\d*", one.wikidata_id) for one in territories())
    assert {one.code for one in territories() if not re.fullmatch("[A-Z]{2}", one.alpha2)} == {
        "CSK",
        "SCG",
        "SUN",
        "YUG",
        "DDR",
    }


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Deutschland", "DEU"),
        ("República Dominicana", "DOM"),
        ("Magyarország", "HUN"),
        ("Ivoorkust", "CIV"),
        ("Guinea Bissau", "GNB"),
        ("Norge", "NOR"),
        ("Iran, Islamic Republic of", "IRN"),
        ("Tanzania, United Republic of", "TZA"),
        ("Congo, Democratic Republic of the", "COD"),
        # Words, people and cities of English; a small letter; codes and clippings.
        ("Island", None),
        ("Maurice", None),
        ("Granada", None),
        ("deutschland", None),
        ("Springfield, Republic of", None),
        ("Kongo", None),
    ],
)
def test_names_of_other_languages_and_of_lists_for_officials(name: str, code: str | None) -> None:
    assert country_code(name) == code


def test_every_name_of_the_tables_resolves_to_its_code() -> None:
    wrong = [
        (surface, one.code, country_code(surface))
        for one in territories()
        for surface in (*one.names, *one.demonyms)
        if country_code(surface) != one.code
    ]
    wrong += [
        (surface, code, country_code(surface))
        for code, name, aliases, _ in ORGANISATIONS
        for surface in filter(None, (name, *aliases.split(";")))
        if country_code(surface) != code
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("name", "code"),
    [
        # a capital first
        ("Chad", "TCD"),
        ("chad", None),
        ("turkey", None),
        # two letters only for what is known by them
        ("US", "USA"),
        ("IN", None),
        ("NO", None),
        ("Am", None),
        # without article and possessive
        ("the Kazakhs", "KAZ"),
        ("Denmark's", "DNK"),
        ("the Gambia’s", "GMB"),
        # without the plural
        ("Zambians", "ZMB"),
        ("Nigeriens", "NER"),
    ],
)
def test_the_four_guards(name: str, code: str | None) -> None:
    assert country_code(name) == code


@pytest.mark.parametrize(
    ("demonym", "code"),
    [
        ("Dane", "DNK"),
        ("Finn", "FIN"),
        ("Pole", "POL"),
        ("Spaniards", "ESP"),
        ("Frenchwomen", "FRA"),
        ("Burkinabè", "BFA"),
        ("Motswana", "BWA"),
        ("Basotho", "LSO"),
        ("Malagasy", "MDG"),
        ("Monegasque", "MCO"),
        ("Kittitian", "KNA"),
        ("Ni-Vanuatu", "VUT"),
        ("Nigerien", "NER"),
        ("Nigerian", "NGA"),
        ("Dominican", "DOM"),
        ("Congolese", None),
        ("Welsh", None),
    ],
)
def test_irregular_demonyms(demonym: str, code: str | None) -> None:
    assert country_code(demonym) == code


@pytest.mark.parametrize(
    ("text", "unsure"),
    [
        ("The SCO met.", [False]),
        ("SCO 21-13 WAL", [True]),
        ("It ended 21-13 SCO", [True]),
        ("Ailsa Reid (SCO) swam.", [True]),
        ("The Shanghai Cooperation Organisation (SCO) met.", [False, False]),
        ("The comet was 1.5 AU away.", [True]),
        ("The 55 AU members met.", [False]),
        ("WHO WILL PAY FOR IT", [True]),
        ("The OAS sent observers.", [False]),
        ("The ICC fined a bowler, PA wrote.", []),
    ],
)
def test_acronyms_that_are_also_signs(text: str, unsure: list[bool]) -> None:
    assert [match.is_ambiguous for match in find_places(text)] == unsure


def test_the_pacific_alliance_has_the_code_that_its_papers_use() -> None:
    assert country_code("Pacific Alliance") == "PA"
    # Alone these letters are a news agency, a state of the US and an authority too.
    assert country_code("PA") is None


def test_codes_are_known() -> None:
    assert all(is_code(code) for code in ("KEN", "SUN", "XKX", "EU", "PA"))
    assert not any(is_code(code) for code in ("XYZ", "", "ken"))


def test_seats() -> None:
    known = [seat_code(name) for name in ("Nairobi", "the Kremlin", "OSLO", "Mombasa", "Kenya")]
    assert known == ["KEN", "RUS", "NOR", None, None]


def test_importing_the_module_does_not_load_names_of_other_languages() -> None:
    code = (
        "import pipeline.extract.names; from pipeline.extract.gazetteer import spellings; "
        "print(spellings.cache_info().currsize > 0)"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=HERE.parent
    )
    assert result.stdout.strip() == "False"


@given(st.text(max_size=60))
@settings(deadline=None)
def test_any_text_is_answered(text: str) -> None:
    found = identify(text)
    assert found is None or found.code.isascii()
    last = 0
    for match in find_places(text):
        assert last <= match.start < match.end <= len(text)
        last = match.end


@given(
    st.lists(st.sampled_from([*"abK .-\n'", "Kenya", "Chad", "U.S.", "Guinea", "New", "İ", "ß"]))
)
@settings(deadline=None)
def test_offsets_and_borders_hold(parts: list[str]) -> None:
    text = "".join(parts)
    for match in find_places(text):
        assert not (match.start and text[match.start - 1].isalnum())
        assert not text[match.end : match.end + 1].isalnum()
        assert text[match.start : match.end].strip() == text[match.start : match.end]


@pytest.mark.parametrize(
    "unit",
    [
        "Republic of ",
        "U.",
        "New ",
        "a@b ",
        "Korea ",
        "People's ",
        "US ",
        "United ",
        "x",
        "Sino-",
        "https://Kenya ",
        "St. ",
        "\n",
        "Democratic Republic of the ",
    ],
)
def test_time_grows_with_the_text(unit: str) -> None:
    def seconds(length: int) -> float:
        text = (unit * (length // len(unit) + 1))[:length]
        began = time.process_time()
        find_places(text)
        return time.process_time() - began

    seconds(1_000)
    assert seconds(100_000) < 20 * seconds(20_000) + 0.5


def test_a_long_question_is_refused_at_once() -> None:
    assert identify("Republic of " * 10_000) is None


@pytest.mark.skipif(not (SHARED / "names").exists(), reason="the name cases are not here")
def test_name_cases() -> None:
    rows = [
        line.split("\t")
        for line in (SHARED / "names" / "dev.tsv").read_text(encoding="utf-8").splitlines()[1:]
    ]
    named = [(name, code) for name, code, kind in rows if kind in {"name", "demonym"}]
    right = sum(country_code(name) in code.split("|") for name, code in named)
    traps = [name for name, _, kind in rows if kind == "trap"]
    false = [name for name in traps if country_code(name) is not None]
    blocs = [(name, code.removeprefix("org:")) for name, code, kind in rows if kind == "org"]
    assert right / len(named) >= 0.98
    assert len(false) / len(traps) <= 0.02
    assert all(country_code(name) == code for name, code in blocs)


def test_iso_codes_are_those_of_states_and_territories_only() -> None:
    codes = ("KE", "KEN", "XKX", "UN", "NATO", "ken", "")
    assert [is_iso_code(code) for code in codes] == [True, True, True, False, False, False, False]
