"""Statements about partnerships: marked-up sentences both ways, and what must always hold."""

from __future__ import annotations

import json
import time
import tomllib
from collections.abc import Callable
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.extract.dates import find_dates
from pipeline.extract.entities import find_entities
from pipeline.extract.nlp import Model
from pipeline.extract.partnerships import find_partnerships, needs_parse
from pipeline.extract.partnerships.book import fellow_book, label_book, party_book, status_book
from pipeline.extract.partnerships.keys import tier as tier_of
from pipeline.extract.partnerships.labels import blank, find_labels
from pipeline.extract.partnerships.reading import read_passages
from pipeline.extract.partnerships.sentences import LONGEST_ROW
from pipeline.ingest import read_document
from pipeline.passages import split, view
from pipeline.records import Document, ModelOutput, PartnershipFinding, Passage, Refusal
from pipeline.rulebook import Rule
from tests.markup import Found, Marked, parse, partnership_value

EXAMPLES = Path(__file__).parent / "examples"
FILES = ("partnerships.toml", "partnership_status.toml", "partnerships_real.toml")
PARSED = ("about", "case")
PAGE_OF_PERU = "Foreign relations of Peru\n\n== Japan ==\n\n"

Answers = Callable[[list[str]], list[ModelOutput]]


@lru_cache
def groups() -> list[tuple[str, str]]:
    read = [tomllib.loads((EXAMPLES / name).read_text(encoding="utf-8")) for name in FILES]
    return [
        (group["about"], case)
        for data in read
        for group in data["groups"]
        for case in group["cases"]
    ]


@lru_cache
def rules() -> list[Rule]:
    labels, parties, status = label_book(), party_book(), status_book()
    found: list[Rule] = [
        *labels.guide,
        *labels.official,
        *labels.field,
        *labels.security,
        *labels.praise,
        *labels.form,
    ]
    found += [*labels.tail, *labels.trap, *parties.after, *parties.before, *parties.step]
    found += [*status.cue, *status.verb, *status.ahead, *status.done, *status.instrument]
    return [*found, *status.form, *fellow_book().fellow]


def rule_cases() -> list[tuple[str, str]]:
    return [
        (rule.id, case) for rule in rules() for case in (*rule.examples, *rule.counter_examples)
    ]


@pytest.fixture(scope="session")
def answers() -> Answers:
    """The model's answers, each text asked once; the texts are parsed where they hold a cue."""
    model = Model()
    texts = sorted({parse(case).document.text for _, case in [*groups(), *rule_cases()]})
    known = dict(zip(texts, model.read(texts, [needs_parse(text) for text in texts]), strict=True))

    def read(wanted: list[str]) -> list[ModelOutput]:
        new = [text for text in wanted if text not in known]
        known.update(zip(new, model.read(new, [needs_parse(text) for text in new]), strict=True))
        return [known[text] for text in wanted]

    return read


def statements(
    document: Document, passages: list[Passage], answers: Answers | None
) -> tuple[list[PartnershipFinding], list[Refusal]]:
    outputs: dict[int, ModelOutput] = {}
    if answers is not None:
        texts = [passage.text for passage in passages]
        outputs = {p.position: out for p, out in zip(passages, answers(texts), strict=True)}
    entities = find_entities(document, passages, outputs)
    dates = find_dates(document, passages, outputs)
    return find_partnerships(document, passages, entities, dates, outputs)


def found_in(marked: Marked, answers: Answers | None) -> list[Found]:
    """Findings in the notation of the marks: the statements of one span in one value."""
    text = marked.document.text
    spans: dict[tuple[int, int], list[str]] = {}
    # A title and a list are told by the blank lines around them.
    passages = split(marked.document) if "\n\n" in text else marked.passages
    for finding in statements(marked.document, passages, answers)[0]:
        value = partnership_value(finding, text[finding.start_char : finding.end_char])
        spans.setdefault((finding.start_char, finding.end_char), []).append(value)
    return [
        Found(start, end, text[start:end], "; ".join(sorted(values)))
        for (start, end), values in sorted(spans.items())
    ]


def expected_of(marked: Marked) -> list[Found]:
    return [
        Found(mark.start, mark.end, mark.words, "; ".join(sorted(mark.value.split("; "))))
        for mark in marked.expected
    ]


@pytest.mark.parametrize(PARSED, groups())
def test_examples(about: str, case: str, answers: Answers) -> None:
    marked = parse(case)
    assert found_in(marked, answers) == expected_of(marked), about


@pytest.mark.parametrize(PARSED, [row for row in groups() if row[0] != "needs the parse"])
def test_examples_without_a_model(about: str, case: str) -> None:
    marked = parse(case)
    assert found_in(marked, None) == expected_of(marked), about


@pytest.mark.parametrize(("rule_id", "case"), rule_cases())
def test_examples_of_the_rules(rule_id: str, case: str, answers: Answers) -> None:
    marked = parse(case)
    assert found_in(marked, answers) == expected_of(marked), rule_id


def document(text: str) -> Document:
    return Document("0" * 20, text, language="en")


def whole(text: str) -> tuple[list[PartnershipFinding], list[Refusal]]:
    one = document(text)
    return statements(one, split(one), None)


def details_of(text: str) -> PartnershipFinding:
    findings, _ = whole(text)
    assert len(findings) == 1, findings
    return findings[0]


def test_a_finding_carries_action_scope_and_instrument() -> None:
    found = details_of("Togo and Oman signed a treaty on strategic partnership in the gas sphere.")
    assert (found.action, found.scope, found.instrument) == ("sign", "gas", "treaty")
    found = details_of("Togo and Oman elevated ties to a strategic partnership.")
    assert (found.action, found.scope, found.instrument) == ("elevate", None, None)
    found = details_of("Togo and Oman signed a strategic clean energy partnership.")
    assert found.scope == "clean energy"
    found = details_of("Togo and Oman issued a joint statement on strategic partnership.")
    assert found.instrument == "joint_statement"


def test_evidence_is_the_whole_sentence() -> None:
    text = "Mr. Bo left. The U.S. and Fiji are strategic partners, he said. It rained."
    findings, _ = whole(text)
    evidence = {text[f.evidence_start_char : f.evidence_end_char] for f in findings}
    assert evidence == {"The U.S. and Fiji are strategic partners, he said."}


def test_a_label_without_parties_is_refused_with_its_reason() -> None:
    findings, refusals = whole("A strategic partnership takes patience.")
    assert findings == []
    assert [(r.table_name, r.field, r.value) for r in refusals] == [
        ("partnerships", "parties", "strategic_partnership")
    ]
    assert "cannot be told" in refusals[0].reason
    _, refusals = whole("Oman has a strategic partnership with Blue Lake Motors.")
    assert "neither a state" in refusals[0].reason


def test_a_list_below_a_heading() -> None:
    text = (
        "Indian Ocean Rim Association\n\nThe Indian Ocean Rim Association has 23 members.\n\n"
        "Dialogue partners\n\n- China\n- Egypt\n- Japan\n\nIts seat is in Ebene."
    )
    findings, _ = whole(text)
    assert [f.parties for f in findings] == [("CHN", "IORA"), ("EGY", "IORA"), ("IORA", "JPN")]
    assert {text[f.start_char : f.end_char] for f in findings} == {"Dialogue partners"}
    ends = [
        text[f.evidence_start_char : f.evidence_end_char].rsplit(maxsplit=1)[-1] for f in findings
    ]
    assert ends == ["China", "Egypt", "Japan"]


def test_the_pair_of_the_page_stands_behind_we_and_both() -> None:
    text = (
        "Finland and Peru\n\nThe ministers of Finland and Peru met in Oslo.\n\n"
        "Both sides praised the comprehensive partnership. We will deepen it, they said."
    )
    findings, _ = whole(text)
    assert [f.parties for f in findings] == [("FIN", "PER")]


def test_an_acronym_works_only_behind_its_definition() -> None:
    text = (
        "Laos and Peru formed a Comprehensive Strategic Partnership (CSP).\n\n"
        "The CSP of Laos and Peru covers rice."
    )
    findings, _ = whole(text)
    keys = [(text[f.start_char : f.end_char], f.label) for f in findings]
    assert keys == [
        ("Comprehensive Strategic Partnership", "comprehensive_strategic_partnership"),
        ("CSP", "comprehensive_strategic_partnership"),
    ]
    assert whole("The CSP of Laos and Peru covers rice.") == ([], [])


@pytest.mark.parametrize(
    ("words", "tier"),
    [
        ("strategic comprehensive partnership", "comprehensive_strategic_partnership"),
        ("comprehensive, strategic partnership", "comprehensive_strategic_partnership"),
        (
            "comprehensive strategic partnership of cooperation",
            "comprehensive_strategic_cooperative_partnership",
        ),
        (
            "comprehensive, strategic and cooperative partnership",
            "comprehensive_strategic_cooperative_partnership",
        ),
        (
            "comprehensive strategic cooperation partnership",
            "comprehensive_strategic_cooperative_partnership",
        ),
        (
            "comprehensive strategic partnership of coordination for a new era",
            "comprehensive_strategic_coordination_partnership",
        ),
        (
            "comprehensive partnership and strategic interaction",
            "comprehensive_strategic_coordination_partnership",
        ),
        ("specially privileged strategic partnership", "special_privileged_strategic_partnership"),
        (
            "special and privileged strategic partnership",
            "special_privileged_strategic_partnership",
        ),
        ("special strategic partnership for peace and prosperity", "special_strategic_partnership"),
        ("strategic third neighborhood partnership", "strategic_third_neighbour_partnership"),
        ("strategic partners", "strategic_partnership"),
    ],
)
def test_tiers(words: str, tier: str) -> None:
    labels = find_labels(f"their {words}.")
    assert [(label.start, label.tier) for label in labels] == [(6, tier)]
    assert tier_of(labels[0].key) == tier


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            PAGE_OF_PERU + "A strategic partnership was signed in 2012.",
            [(("JPN", "PER"), "established")],
        ),
        (
            PAGE_OF_PERU + "A strategic partnership of two mills makes bread.",
            [],
        ),
        (
            "Fiji-Peru relations\n\nA declaration on a strategic partnership is being prepared.",
            [(("FJI", "PER"), "proposed")],
        ),
        ("Fiji-Peru relations\n\nMills buy feed from a global partner in a harbour town.", []),
        (
            "Notes on Fiji and Peru\n\n- Trade is small.\n- Strategic partnership since 2012.",
            [(("FJI", "PER"), "in_force")],
        ),
        (
            "OSLO, 4 May (Fjord Wire) - Peru's ties with Fiji are a strategic partnership.",
            [(("FJI", "PER"), "in_force")],
        ),
    ],
)
def test_a_page_lends_the_names_that_a_sentence_leaves_out(
    text: str, expected: list[tuple[tuple[str, ...], str]]
) -> None:
    findings, _ = whole(text)
    assert [(found.parties, found.status) for found in findings] == expected


PIECES = st.sampled_from(
    [
        "Kenya", "Portugal", "the EU", "Seoul", "Japanese", "-", ",", ".", ";", ":", "(", ")", "|",
        "\n", "\n\n", "\t", "“", "”", "'s", "and", "with", "between", "of", "to a", "from a",
        "strategic", "comprehensive", "partnership", "partners", "strategic partnership", "CSP",
        "(CSP)", "signed", "will sign", "no longer", "not", "since", "2008", "30 years", "for",
        "the two countries", "we", "our", "its", "dialogue partners", "one", "elevated ties",
    ]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES, max_size=40).map(" ".join))
def test_offsets_hold_in_any_text(text: str) -> None:
    findings, refusals = whole(text)
    assert findings == sorted(findings, key=lambda f: (f.start_char, f.end_char, f.parties))
    for found in findings:
        assert 0 <= found.evidence_start_char <= found.start_char < found.end_char
        assert found.end_char <= found.evidence_end_char <= len(text)
        words = text[found.start_char : found.end_char]
        assert words == words.strip()
        assert "\t" not in words
        assert "|" not in words
        assert "\n\n" not in words
        assert len(found.parties) >= 2
        assert list(found.parties) == sorted(set(found.parties))
        assert (found.since is None) == (found.since_date is None)
    for refusal in refusals:
        assert 0 <= refusal.start_char < refusal.end_char <= len(text)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200))
def test_blanking_keeps_the_length(text: str) -> None:
    plain = view(text)
    assert len(blank(plain)) == len(blank(plain, cells=True)) == len(text)


def test_a_tab_or_bar_ends_a_label() -> None:
    assert find_labels(blank("strategic\tpartnership", cells=True)) == []
    assert find_labels("strategic | partnership") == []


@pytest.mark.parametrize(
    "piece",
    [
        "strategic ",
        "strategic partnership ",
        "strategic, comprehensive and ",
        "partner ",
        "Kenya, ",
        "Kenya and ",
        "Kenya-",
        "with Kenya ",
        "strategic partnership with Kenya, ",
        "not ",
        "will sign a ",
        "the two countries ",
        '" ',
        "( ",
        "[1] ",
        " ",
        "\n",
        ". ",
        "for peace and ",
        "strategic partnership of the United Kingdom of Great Britain and Northern Ireland signed ",
        "Kenya's Toyota sees Fiji as a ",
        "A",
    ],
)
def test_time_is_linear_in_the_text(piece: str) -> None:
    def seconds(size: int) -> float:
        one = document("Kenya has a strategic partnership with " + piece * (size // len(piece)))
        passage = Passage(one.document_id, 0, "paragraph", None, "en", 0, len(one.text), one.text)
        started = time.process_time()
        find_partnerships(one, [passage], [], [], {})
        return time.process_time() - started

    # Ten times the text: were it quadratic, it would take a hundred times as long.
    short, long = seconds(4_000), seconds(40_000)
    assert long < max(40 * short, 2.0)


SHARED = Path(__file__).resolve().parent.parent.parent / "shared"
FLOORS = {"labels": 0.95, "statements": 0.85}


@pytest.mark.skipif(
    not (SHARED / "partnerships" / "dev.jsonl").exists(), reason="needs the annotated passages"
)
def test_annotated_passages(answers: Answers) -> None:
    wanted: dict[str, set[tuple[object, ...]]] = {"labels": set(), "statements": set()}
    got: dict[str, set[tuple[object, ...]]] = {"labels": set(), "statements": set()}
    false_on_negatives = negatives = 0
    for line in (SHARED / "partnerships" / "dev.jsonl").read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        one = Document("0" * 20, case["text"], issuer=case["page_owner"], language="en")
        findings, _ = statements(one, split(one), answers)
        for row in case["statements"]:
            label = (case["id"], row["label_start"], row["label_end"], row["label"])
            wanted["labels"].add(label)
            wanted["statements"].add((*label, tuple(row["parties"])))
        for finding in findings:
            label = (case["id"], finding.start_char, finding.end_char, finding.label)
            got["labels"].add(label)
            got["statements"].add((*label, finding.parties))
        if not case["statements"]:
            negatives += 1
            false_on_negatives += len(findings)
    for layer, floor in FLOORS.items():
        hits = len(wanted[layer] & got[layer])
        score = 2 * hits / (len(wanted[layer]) + len(got[layer]))
        assert score >= floor, f"{layer}: {score:.3f}"
    assert false_on_negatives <= 0.03 * negatives


SEED_ROWS = {
    "000": {
        "ITA-MNG strategic_partnership upgraded 2025-12-01/2025-12-03",
        "ITA-MNG strategic_partnership established",
        "DEU-MNG strategic_partnership established",
        "ITA-MNG strategic_partnership in_force",
        "CHN-MNG comprehensive_strategic_partnership in_force",
        "MNG-RUS comprehensive_strategic_partnership in_force",
        "MNG-USA strategic_third_neighbourhood_partnership in_force",
        "JPN-MNG special_strategic_partnership_for_peace_and_prosperity in_force",
        "DEU-MNG strategic_partnership in_force",
        "KOR-MNG strategic_partnership in_force",
        "KAZ-MNG strategic_partnership in_force",
        "MNG-TUR strategic_partnership in_force",
        "IND-MNG strategic_partnership in_force",
    },
    "001": set(),
    "002": {
        "MNG-RUS strategic_partnership in_force 2009",
        "MNG-RUS strategic_partnership established",
    },
    "003": {"KOR-MNG strategic_partnership in_force"},
    "004": {
        "KAZ-MNG strategic_partnership upgraded 2024-10-29",
        "KAZ-MNG strategic_partnership upgraded",
        "KAZ-MNG strategic_partnership in_force",
    },
}


@pytest.mark.skipif(not (SHARED / "seeds").exists(), reason="needs the sample documents")
@pytest.mark.parametrize("number", sorted(SEED_ROWS))
def test_sample_documents(number: str, answers: Answers) -> None:
    path = next((SHARED / "seeds").glob(f"{number}_*.txt"))
    one = read_document(path.read_bytes(), path.name)
    findings, _ = statements(one, split(one), answers)
    rows = {
        " ".join(filter(None, ["-".join(f.parties), f.label, f.status, f.since])) for f in findings
    }
    assert rows == SEED_ROWS[number]


@pytest.mark.skipif(not (SHARED / "gold" / "final").exists(), reason="needs the annotated set")
def test_annotated_documents(answers: Answers) -> None:
    wanted: set[tuple[object, ...]] = set()
    got: set[tuple[object, ...]] = set()
    for path in sorted((SHARED / "gold" / "final").glob("*.jsonl")):
        raw = SHARED / "gold" / "raw" / f"{path.stem}.txt"
        one = read_document(raw.read_bytes(), raw.name)
        findings, _ = statements(one, split(one), answers)
        case = json.loads(path.read_text(encoding="utf-8"))
        zones = [(zone["start"], zone["end"]) for zone in case.get("ignore", ())]
        wanted |= {
            (path.stem, row["label_start"], row["label"], tuple(row["parties"]))
            for row in case["partnerships"]
        }
        got |= {
            (path.stem, f.start_char, f.label, f.parties)
            for f in findings
            if not any(start < f.end_char and f.start_char < end for start, end in zones)
        }
    assert 2 * len(wanted & got) / (len(wanted) + len(got)) >= 0.85


def test_a_row_that_is_too_long_is_read_in_pieces() -> None:
    cells = " | ".join(["Peru", "4 May 2016", "strategic partner of Tonga"] * 800)
    text = f"State | Since | Status applied for\n{cells}\nOman | 5 May 2017 | strategic partner"
    document = Document("d", text)
    starts = [0, text.index("\n") + 1, text.rindex("\n") + 1, len(text) + 1]
    rows = [
        Passage("d", n, "table_row", None, "en", start, end - 1, text[start : end - 1])
        for n, (start, end) in enumerate(pairwise(starts))
    ]
    read = read_passages(rows, [], find_dates(document, rows, {}), {})
    assert len(read[1].sentences) == 2
    assert max(one.end - one.start for one in read[1].sentences) <= LONGEST_ROW
    found, _ = statements(document, rows, None)
    assert {one.parties for one in found} == {("PER", "TON")}
