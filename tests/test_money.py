"""Amounts of money: marked-up sentences, rule examples, properties, hostile input, gold."""

from __future__ import annotations

import json
import time
import tomllib
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from babel.numbers import get_currency_name
from hypothesis import given
from hypothesis import strategies as st

from pipeline.extract.money import find_money
from pipeline.extract.money.lexicon import current_codes
from pipeline.extract.money.rules import MoneyRules
from pipeline.passages import split
from pipeline.records import Document, MoneyFinding, Passage
from pipeline.rulebook import load
from tests.markup import money_value, parse

HERE = Path(__file__).parent
SHARED = HERE.parent.parent / "shared"
EXAMPLES = tomllib.loads((HERE / "examples" / "money.toml").read_text(encoding="utf-8"))
RULES = load("money.toml", MoneyRules)


def read(text: str) -> list[MoneyFinding]:
    document = Document("0" * 20, text)
    passage = Passage("0" * 20, 0, "paragraph", None, "en", 0, len(text), text)
    return find_money(document, [passage])


def check(sentence: str) -> None:
    marked = parse(sentence)
    text = marked.document.text
    found = [
        (text[finding.start_char : finding.end_char], money_value(finding))
        for finding in find_money(marked.document, marked.passages)
    ]
    assert found == [(mark.words, mark.value) for mark in marked.expected]


def sentences(kind: str) -> Iterator[str]:
    for group in EXAMPLES[kind]:
        yield from group["sentences"]


@pytest.mark.parametrize("sentence", tuple(sentences("found")))
def test_found(sentence: str) -> None:
    assert "[[" in sentence
    check(sentence)


@pytest.mark.parametrize("sentence", tuple(sentences("nothing")))
def test_nothing(sentence: str) -> None:
    assert "[[" not in sentence
    check(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        pytest.param(entry["sentence"], marks=pytest.mark.xfail(reason=entry["why"], strict=True))
        for entry in EXAMPLES["wanted"]
    ],
)
def test_wanted(sentence: str) -> None:
    check(sentence)


@pytest.mark.parametrize(
    ("rule_id", "sentence"),
    [
        pytest.param(rule.id, sentence, id=f"{rule.id}-{number}")
        for rule in RULES.all_rules
        for number, sentence in enumerate((*rule.examples, *rule.counter_examples))
    ],
)
def test_rule_examples(rule_id: str, sentence: str) -> None:
    check(sentence)


def test_every_rule_shows_something_and_is_named_once() -> None:
    assert all("[[" in sentence for rule in RULES.all_rules for sentence in rule.examples)
    ids = [rule.id for rule in RULES.all_rules]
    assert len(ids) == len({*ids})


def test_rule_ids_of_findings_are_rules() -> None:
    known = {rule.id for rule in RULES.shapes}
    for sentence in sentences("found"):
        marked = parse(sentence)
        for finding in find_money(marked.document, marked.passages):
            assert finding.rule_id in known


# --- properties


CODES = st.sampled_from(["USD", "EUR", "MNT", "KZT", "CHF", "JPY", "NOK"])
SCALES = {"": 0, " thousand": 3, " million": 6, "bn": 9, " trillion": 12}


@given(CODES, st.integers(1, 999_999), st.integers(0, 99), st.sampled_from(sorted(SCALES)))
def test_what_is_written_is_read(code: str, whole: int, hundredths: int, scale: str) -> None:
    value = Decimal(f"{whole}.{hundredths:02}").scaleb(SCALES[scale])
    for text in (
        f"It paid {code} {whole:,}.{hundredths:02}{scale} then",
        f"It paid {whole:,}.{hundredths:02}{scale} {code} then",
        f"It paid {code}{whole}.{hundredths:02}{scale}, and",
    ):
        (found,) = read(text)
        assert (found.amount, found.currency) == (value, code)
        assert found.amount_max is None
        assert found.qualifier == "exact"


@given(st.integers(1, 9_999_999_999))
def test_indian_groups_are_read(number: int) -> None:
    digits = str(number)
    head, tail = digits[:-3], digits[-3:]
    groups: list[str] = []
    while head:
        groups.insert(0, head[-2:])
        head = head[:-2]
    (found,) = read(f"Pune paid ₹{','.join([*groups, tail])} for it")
    assert found.amount == number


@given(st.integers(1, 500), st.integers(1, 500), st.sampled_from(["-", "–", " to €"]))
def test_a_range_needs_the_lower_first(low: int, more: int, link: str) -> None:
    (found,) = read(f"It costs €{low}{link}{low + more} now")
    assert (found.amount, found.amount_max) == (Decimal(low), Decimal(low + more))
    assert all(other.amount_max is None for other in read(f"It costs €{low + more}{link}{low} now"))


PIECES = st.sampled_from(
    ["$", "€", "US$", "R", "N", "MNT", "USD", "5", "1,5", "1.2.3", "12 000", "million", "bn", "-",
     "to", "and", "between", "from", "rose", "a", "half", "of", "billions", "dollars", "won", "p",
     "pounds", "Kenya", "shillings", "(", ")", ".", "\n", "\t", "|", "½", "one", "point", "hundred",
     "9" * 400, "٣", "²", "cents", "per", "day", "'", "Rs", "crore", "lakh", "\u00a0", "‘", "ﬁ"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=30), st.sampled_from(["", " "]))
def test_odd_input_never_raises_and_spans_hold(pieces: list[str], glue: str) -> None:
    text = glue.join(pieces)
    end = 0
    for found in read(text):
        assert end <= found.start_char < found.end_char <= len(text)
        assert text[found.start_char : found.end_char].strip()
        assert found.amount is None or found.amount.is_finite()
        end = found.end_char


@given(st.text(max_size=60))
def test_any_text_is_read(text: str) -> None:
    for found in read(text):
        assert text[found.start_char : found.end_char]


@given(st.lists(PIECES, max_size=12))
def test_offsets_count_from_the_document(pieces: list[str]) -> None:
    text = " ".join(pieces)
    ahead = "Prices. "
    passage = Passage("0" * 20, 1, "paragraph", None, "en", len(ahead), len(ahead + text), text)
    alone = [(f.start_char + len(ahead), f.end_char + len(ahead), f.amount) for f in read(text)]
    moved = find_money(Document("0" * 20, ahead + text), [passage])
    assert [(f.start_char, f.end_char, f.amount) for f in moved] == alone


@pytest.mark.parametrize("code", sorted(current_codes()))
def test_every_currency_of_today_is_known(code: str) -> None:
    name = get_currency_name(code, count=2, locale="en")
    for text in (
        f"It lent {code} 7.5 million then",
        f"It lent 7.5 million {code} then",
        f"It lent 7.5 million {name} then",
    ):
        (found,) = read(text)
        assert (found.amount, found.currency) == (Decimal(7_500_000), code), text


# --- hostile input


def test_numbers_of_any_length_are_exact() -> None:
    (found,) = read(f"It owes ${'9' * 400} million.")
    assert found.amount == Decimal("9" * 400 + "000000")


BAIT = {
    "digits": "9" * 100_000,
    "commas": "$" + "1," * 50_000,
    "groups": "$1" + " 000" * 25_000,
    "signs": "$" * 100_000,
    "codes": "USD " * 25_000,
    "amounts": "USD 5 " * 16_000,
    "words": "one hundred and " * 6_000 + "dollars",
    "scales": "$5 " + "million " * 12_000,
    "dashes": "$5-" * 33_000,
    "to": "$5 to " * 16_000,
    "of": "billions of " * 8_000 + "dollars",
    "dots": "U." * 50_000,
    "quotes": "a'" * 50_000 + " dollars",
    "breaks": "$\n5 " * 25_000,
    "change": "rose from $5 to " * 6_000,
    "cents": "5 cents MNT 6 " * 7_000,
    "countries": "Kenya 3 million shillings Uganda " * 3_000,
    "halves": "half a " * 15_000 + "dollars",
    "points": "one point " * 10_000 + "two million dollars",
    "blanks": "$" + " " * 100_000 + "5",
    "hyphens": "one-" * 25_000 + "dollar",
    "parts": "2 crore 50 lakh " * 6_000 + "rupees",
}


@pytest.mark.parametrize("bait", BAIT.values(), ids=BAIT)
def test_time_grows_with_the_text(bait: str) -> None:
    """Twenty times the text takes some twenty times as long, never the square of it."""
    read("It owes $5.")
    started = time.process_time()
    read(f"$5 {bait[: len(bait) // 20]} dollars")
    short = time.process_time() - started
    started = time.process_time()
    read(f"$5 {bait} dollars")
    assert time.process_time() - started < 100 * max(short, 0.01)


# --- against annotated texts


def overlaps(finding: MoneyFinding, span: dict[str, Any]) -> bool:
    return bool(finding.start_char < span["end"] and span["start"] < finding.end_char)


def agrees(finding: MoneyFinding, span: dict[str, Any]) -> bool:
    """Same amount and currency; the upper end counts where it is stated."""
    amount = None if span["amount"] is None else Decimal(str(span["amount"]))
    upper = None if span["amount_max"] is None else Decimal(str(span["amount_max"]))
    return (
        overlaps(finding, span)
        and finding.amount == amount
        and upper in {None, finding.amount_max}
        and (amount is None or finding.currency in span["currency_ok"])
    )


def test_dev_sentences() -> None:
    path = SHARED / "money" / "dev.jsonl"
    if not path.exists():
        pytest.skip("the annotated sentences are not beside this checkout")
    right = missed = wrong = 0
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        found = read(row["text"])
        asked = [span for span in row["spans"] if not span.get("optional")]
        hits = [finding for finding in found if any(agrees(finding, span) for span in asked)]
        right += len(hits)
        missed += len(asked) - len(hits)
        spare = [span for span in row["spans"] if span.get("optional")]
        wrong += sum(
            finding not in hits and not any(overlaps(finding, span) for span in spare)
            for finding in found
        )
        if row["kind"] == "trap":
            assert not found, row["text"]
    assert 2 * right / (2 * right + missed + wrong) >= 0.98


def test_gold_documents() -> None:
    folder = SHARED / "gold"
    if not folder.exists():
        pytest.skip("the annotated documents are not beside this checkout")
    right = asked = given_ = 0
    for path in sorted((folder / "final").glob("*.jsonl")):
        gold = json.loads(path.read_text(encoding="utf-8"))
        text = (folder / "raw" / f"{path.stem}.txt").read_bytes().decode()
        document = Document("0" * 20, text)
        zones = gold.get("ignore", [])
        found = [
            finding
            for finding in find_money(document, split(document))
            if not any(overlaps(finding, zone) for zone in zones)
        ]
        asked += len(gold["money"])
        given_ += len(found)
        for span in gold["money"]:
            span["currency_ok"] = [span["currency"]]
            matching = [finding for finding in found if agrees(finding, span)]
            right += any(finding.qualifier == span["qualifier"] for finding in matching)
    assert 2 * right / (asked + given_) >= 0.95


SEEDS = {
    "002": [
        "1.6 billion USD|USD 1600000000",
        "1.5 billion US dollars|USD 1500000000",
        "61.6 million USD|USD 61600000",
        "297 million USD|USD 297000000",
    ],
    "003": [
        "USD 50 million|USD 50000000 over",
        "USD 500 million|USD 500000000 over",
        "MNT 3 million|MNT 3000000 from",
        "MNT 1 million|MNT 1000000 to",
    ],
    "004": ["USD150 million|USD 150000000 from", "USD500 million|USD 500000000 to"],
}


@pytest.mark.parametrize("seed", SEEDS)
def test_seeds(seed: str) -> None:
    paths = list((SHARED / "seeds").glob(f"{seed}_*.txt"))
    if not paths:
        pytest.skip("the sample documents are not beside this checkout")
    document = Document("0" * 20, paths[0].read_bytes().decode())
    assert [
        f"{document.text[finding.start_char : finding.end_char]}|{money_value(finding)}"
        for finding in find_money(document, split(document))
    ] == SEEDS[seed]
