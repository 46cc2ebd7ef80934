from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

from pipeline.gate import admit
from pipeline.records import (
    DateFinding,
    Document,
    EntityFinding,
    Findings,
    MoneyFinding,
    PartnershipFinding,
    Passage,
    Refusal,
)

TEXT = "Chile paid USD 5 million in May 2020.\nPeru and Chile are strategic partners."
DOCUMENT = Document("a" * 20, TEXT)
PASSAGES = [
    Passage(DOCUMENT.document_id, 0, "paragraph", None, "en", 0, 37, TEXT[:37]),
    Passage(DOCUMENT.document_id, 1, "paragraph", None, "en", 38, len(TEXT), TEXT[38:]),
]
TOWN = EntityFinding(38, 42, "GPE", "Peru", None, None, "XYZ", "rule", "places.seats")
ENTITY = EntityFinding(0, 5, "GPE", "Chile", "CHL", "Q298", None, "model", "model")
MONEY = MoneyFinding(
    11, 24, Decimal(5_000_000), None, "USD", False, "stated", "exact", None, None, "rule", "amount"
)
DATE = DateFinding(
    28,
    36,
    "2020-05",
    dt.date(2020, 5, 1),
    dt.date(2020, 5, 31),
    "month",
    None,
    "stated",
    None,
    "rule",
    "month-year",
)
LABEL = TEXT.index("strategic")
PARTNERSHIP = PartnershipFinding(
    LABEL,
    LABEL + len("strategic partners"),
    "strategic_partnership",
    "strategic_partnership",
    ("CHL", "PER"),
    "in_force",
    None,
    None,
    None,
    None,
    None,
    38,
    len(TEXT),
    "rule",
    "subject-and",
)


def test_findings_become_rows_that_carry_their_words() -> None:
    rows = admit(DOCUMENT, PASSAGES, Findings((ENTITY,), (DATE,), (MONEY,), (PARTNERSHIP,)))
    assert rows.rejects == ()
    assert rows.entities[0].text == "Chile"
    assert rows.dates[0].text == "May 2020"
    assert rows.money[0].text == "USD 5 million"
    (statement,) = rows.partnerships
    assert (statement.text, statement.party_a, statement.party_b) == (
        "strategic partners",
        "CHL",
        "PER",
    )
    assert statement.evidence_text == "Peru and Chile are strategic partners."
    assert statement.passage_id == f"{'a' * 20}:38"


def only_reject(findings: Findings) -> tuple[str, str, str]:
    rows = admit(DOCUMENT, PASSAGES, findings)
    assert (rows.entities, rows.dates, rows.money, rows.partnerships) == ((), (), (), ())
    (reject,) = rows.rejects
    assert TEXT[reject.start_char : reject.end_char] == reject.text
    return reject.table_name, reject.field, reject.reason


def test_a_span_over_two_passages_is_refused() -> None:
    found = only_reject(Findings(entities=(replace(ENTITY, start_char=30, end_char=42),)))
    assert found == ("entities", "start_char", "the span does not lie in one passage")


def test_a_span_outside_the_document_is_refused() -> None:
    found = only_reject(Findings(entities=(replace(ENTITY, start_char=500, end_char=510),)))
    assert found == ("entities", "start_char", "the span does not lie in one passage")


def test_a_blank_span_is_refused() -> None:
    found = only_reject(Findings(entities=(replace(ENTITY, start_char=5, end_char=6),)))
    assert found == ("entities", "text", "the span holds no words")


def test_an_amount_over_the_bound_is_refused() -> None:
    table, field, _ = only_reject(Findings(money=(replace(MONEY, amount=Decimal(10) ** 18),)))
    assert (table, field) == ("money", "amount")


def test_evidence_must_hold_its_label() -> None:
    found = only_reject(
        Findings(partnerships=(replace(PARTNERSHIP, evidence_start_char=LABEL + 3),))
    )
    assert found == ("partnerships", "evidence_text", "the evidence does not hold the label")


def test_one_party_alone_is_refused() -> None:
    table, field, _ = only_reject(Findings(partnerships=(replace(PARTNERSHIP, parties=("CHL",)),)))
    assert (table, field) in {("partnerships", "party_b"), ("partnerships", "parties")}


def test_the_same_finding_twice_is_one_row_and_one_reject() -> None:
    rows = admit(DOCUMENT, PASSAGES, Findings(entities=(ENTITY, ENTITY)))
    assert len(rows.entities) == 1
    assert [row.reason for row in rows.rejects] == ["found twice with the same value"]


def test_an_id_outlives_another_rule() -> None:
    first = admit(DOCUMENT, PASSAGES, Findings(dates=(DATE,))).dates[0]
    second = admit(DOCUMENT, PASSAGES, Findings(dates=(replace(DATE, rule_id="other"),))).dates[0]
    assert first.date_id == second.date_id
    assert first.rule_id != second.rule_id


def test_a_refusal_of_an_extractor_is_a_reject() -> None:
    refusal = Refusal("partnerships", LABEL, LABEL + 9, "parties", "not resolved", "strategic")
    rows = admit(DOCUMENT, PASSAGES, Findings(refusals=(refusal,)))
    assert [(row.field, row.text) for row in rows.rejects] == [("parties", "strategic")]


def test_a_state_that_nobody_knows_is_refused_as_one_spoken_for() -> None:
    refused = admit(DOCUMENT, PASSAGES, Findings(entities=(TOWN,)))
    assert refused.entities == ()
    assert [(row.field, row.value) for row in refused.rejects] == [("speaks_for", "XYZ")]
    known = admit(DOCUMENT, PASSAGES, Findings(entities=(replace(TOWN, speaks_for="PER"),)))
    assert [row.speaks_for for row in known.entities] == ["PER"]
