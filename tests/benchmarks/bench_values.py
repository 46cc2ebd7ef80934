"""Dates and money beside named peers in one run: F1 of the values, and speed.

Run with `python -m tests.benchmarks.bench_values`.  Prints figures and never fails on time.  F1 is
measured on annotated texts next to the checkout (`../shared`); without them, and for each
peer that is not installed, a line says what is left out.  Speed is measured on text of our own.

A peer that gives an instant is asked for its unit as well, and its value is cut to that; a
peer that gives an amount without a code gets the code that its unit's name means.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import time
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from importlib.util import find_spec
from pathlib import Path

from dateparser.date import DateDataParser
from dateparser.search import search_dates

from pipeline.extract.dates import find_dates
from pipeline.extract.money import find_money
from pipeline.extract.nlp import Model
from pipeline.ingest.metadata import is_period
from pipeline.passages import split
from pipeline.records import Document
from pipeline.score.counting import Counts, score
from pipeline.score.gold import Annotations, Day, GoldDocument, read_gold
from pipeline.score.reader import CODE
from pipeline.settings import DEFAULT_MODEL
from tests.markup import parse

TESTS = Path(__file__).parents[1]
SHARED = TESTS.parents[1] / "shared"
# News has a date or an amount in some hundred characters; sentences of the examples are thicker.
FILLER = (
    "The council of the old harbour town met to hear how the new pier would be paid for, and the "
    "mayor, who has long wanted a market there, told the members that the plan was sound.\n"
)
MONEY = (
    "The bank lent USD 50 million for the dam, more than the €30-40 million that the "
    "ministry had asked for, and the fee rose from MNT 3 million to MNT 4 million.\n"
)
SETTINGS = {"PREFER_DAY_OF_MONTH": "first"}


@dataclass(frozen=True)
class Found:
    """An amount that a reader found; offsets count code points."""

    start: int
    end: int
    amount: Decimal | None
    largest: Decimal | None
    currency: str | None


def cpu_seconds(call: Callable[[], object]) -> float:
    before = time.process_time()
    call()
    return max(time.process_time() - before, 1e-6)


# ------------------------------------------------------------------------------------------ dates


def our_dates(text: str, published: dt.date | None) -> Iterator[Day]:
    document = Document("0" * 20, text, published_date=published)
    for found in find_dates(document, split(document), {}):
        value = found.edtf
        if value and CODE.search(value):
            value = f"{found.start_date or '..'}/{found.end_date or '..'}"
        yield Day(start=found.start_char, end=found.end_char, value=value)


def value_by_dateparser(words: str, published: dt.date | None) -> str | None:
    base = dt.datetime.combine(published or dt.date(2000, 1, 1), dt.time())
    parser = DateDataParser(languages=["en"], settings={**SETTINGS, "RELATIVE_BASE": base})
    told = parser.get_date_data(words)
    if told.date_obj is None:
        return None
    length = {"year": 4, "month": 7}.get(told.period, 10)
    return str(told.date_obj.date().isoformat()[:length])


def dates_by_search(text: str, published: dt.date | None) -> Iterator[Day]:
    base = dt.datetime.combine(published or dt.date(2000, 1, 1), dt.time())
    settings = {**SETTINGS, "RELATIVE_BASE": base}
    at = 0
    for words, _ in search_dates(text, languages=["en"], settings=settings) or ():
        start = text.find(words, at)
        if start >= 0:
            at = start + len(words)
            yield Day(start=start, end=at, value=value_by_dateparser(words, published))


def dates_by_model(model: Model) -> Callable[[str, dt.date | None], Iterator[Day]]:
    def read(text: str, published: dt.date | None) -> Iterator[Day]:
        (output,) = model.read([text], [False])
        for span in output.spans:
            if span.label == "DATE":
                value = value_by_dateparser(text[span.start : span.end], published)
                yield Day(start=span.start, end=span.end, value=value)

    return read


def day_of(document: GoldDocument) -> dt.date | None:
    """The day of publication; months are no base that every rival takes."""
    stated = document.published
    return dt.date.fromisoformat(stated) if stated and not is_period(stated) else None


def date_scores(
    read: Callable[[str, dt.date | None], Iterable[Day]], documents: Sequence[GoldDocument]
) -> Counts:
    answers = [
        Annotations(id=one.name, dates=tuple(read(one.text, day_of(one)))) for one in documents
    ]
    return score(documents, answers).layers["dates.value"]


# ------------------------------------------------------------------------------------------ money


def our_money(text: str) -> Iterable[Found]:
    document = Document("0" * 20, text)
    for one in find_money(document, split(document)):
        yield Found(one.start_char, one.end_char, one.amount, one.amount_max, one.currency)


SENTENCE = re.compile(r"\S.*?(?:\.\s|\Z)", re.DOTALL)
SIGNS = {"$": "USD", "US$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "₹": "INR", "₩": "KRW"}
UNITS = {
    "dollar": "USD",
    "united states dollar": "USD",
    "euro": "EUR",
    "pound sterling": "GBP",
    "yen": "JPY",
    "yuan": "CNY",
    "renminbi": "CNY",
    "rupee": "INR",
    "south korean won": "KRW",
}


def money_by_price_parser(text: str) -> Iterable[Found]:
    """One price a sentence, for it finds one a text; the span is the sentence."""
    from price_parser import Price  # noqa: PLC0415  # a peer that may be absent

    for sentence in SENTENCE.finditer(text):
        price = Price.fromstring(sentence.group())
        if price.amount is not None and price.currency:
            code = SIGNS.get(price.currency, price.currency)
            yield Found(*sentence.span(), price.amount, None, code)


def money_by_quantulum(text: str) -> Iterable[Found]:
    from quantulum3 import parser  # noqa: PLC0415  # a peer that may be absent

    for one in parser.parse(text):
        if one.unit.entity.name != "currency":
            continue
        try:
            amount = Decimal(str(one.value))
        except InvalidOperation:
            amount = None
        start, end = one.span
        yield Found(start, end, amount, None, UNITS.get(one.unit.name.lower()))


def read_money_gold(path: Path) -> list[tuple[str, list[dict[str, object]]]]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return [(row["text"], row["spans"]) for row in map(json.loads, lines)]


def money_scores(
    read: Callable[[str], Iterable[Found]],
    gold: Sequence[tuple[str, list[dict[str, object]]]],
) -> Counts:
    """Right are overlapping spans with the same amount, larger end and an accepted currency."""
    right = predicted = wanted = 0
    for text, spans in gold:
        found = list(read(text))
        used: set[int] = set()
        for span in spans:
            hits = [
                place
                for place, one in enumerate(found)
                if place not in used and _overlap(one, span) and _same(one, span)
            ]
            used.update(hits[:1])
            if not span.get("optional"):
                wanted += 1
                right += bool(hits)
        optional = [span for span in spans if span.get("optional")]
        predicted += sum(not any(_overlap(one, span) for span in optional) for one in found)
    return Counts(right, predicted, wanted)


def _overlap(one: Found, span: Mapping[str, object]) -> bool:
    start, end = span["start"], span["end"]
    assert isinstance(start, int)
    assert isinstance(end, int)
    return one.start < end and start < one.end


def _same(one: Found, span: Mapping[str, object]) -> bool:
    amount, largest, codes = span["amount"], span["amount_max"], span["currency_ok"]
    assert isinstance(codes, list)
    if amount is None:
        return one.amount is None
    if one.amount != Decimal(str(amount)) or one.currency not in codes:
        return False
    return largest is None or one.largest == Decimal(str(largest))


# ---------------------------------------------------------------------------------------- figures


def date_text() -> str:
    """Sentences with dates, between sentences without."""
    path = TESTS / "examples" / "dates.toml"
    groups = tomllib.loads(path.read_text(encoding="utf-8"))["groups"]
    sentences = (parse(case).document.text for group in groups for case in group["cases"])
    return "".join(f"{FILLER}{' '.join(sentence.split())}\n" for sentence in sentences)


def print_f1(name: str, counts: Counts) -> None:
    shares = f"P {counts.precision:.3f}  R {counts.recall:.3f}  F1 {counts.f1:.3f}"
    print(f"  {name:24} {shares}  of {counts.gold}")


def print_speed(name: str, read: Callable[[str], object], text: str, first: float | None) -> float:
    speed = len(text) / cpu_seconds(lambda: read(text))
    ratio = f"  ours is {first / speed:,.1f} times as fast" if first else ""
    print(f"  {name:24} {speed:14,.0f} characters a CPU second{ratio}")
    return speed


def dated(
    read: Callable[[str, dt.date | None], Iterable[Day]], published: dt.date
) -> Callable[[str], object]:
    return lambda text: list(read(text, published))


def listed(read: Callable[[str], Iterable[Found]]) -> Callable[[str], object]:
    return lambda text: list(read(text))


def bench_dates(model: Model) -> None:
    documents = read_gold(SHARED / "gold") if (SHARED / "gold").is_dir() else ()
    peers: dict[str, Callable[[str, dt.date | None], Iterable[Day]]] = {
        "ours, grammar alone": our_dates,
        "dateparser.search_dates": dates_by_search,
        "spaCy + dateparser": dates_by_model(model),
    }
    print(f"dates: F1 of the value on {len(documents)} annotated documents")
    for name, read in peers.items() if documents else ():
        print_f1(name, date_scores(read, documents))
    if not documents:
        print("  left out: no ../shared/gold")
    text, published = date_text(), dt.date(2024, 10, 29)
    first: float | None = None
    list(our_dates(text[:5_000], published))
    for name, read in peers.items():
        # The slow ones get a part of the text.
        size = 100_000 if first is None else 8_000

        part = (text * 20)[: 10 * size if first is None else size]
        speed = print_speed(name, dated(read, published), part, first)
        first = first or speed


def bench_money() -> None:
    path = SHARED / "money" / "dev.jsonl"
    peers: dict[str, Callable[[str], Iterable[Found]]] = {"ours": our_money}
    others: Mapping[str, tuple[str, Callable[[str], Iterable[Found]]]] = {
        "price-parser": ("price_parser", money_by_price_parser),
        "quantulum3": ("quantulum3", money_by_quantulum),
    }
    for peer, (module, reader) in others.items():
        if find_spec(module) is None:
            print(f"  left out: {peer} is not installed (extra `bench`)")
        else:
            peers[peer] = reader
    gold = read_money_gold(path) if path.is_file() else []
    print(f"money: F1 of the value on {len(gold)} annotated texts")
    for name, read in peers.items() if gold else ():
        print_f1(name, money_scores(read, gold))
    if not gold:
        print("  left out: no ../shared/money")
    for kind, text in (
        ("no money", FILLER * 500),
        ("one sentence in ten", (FILLER * 9 + MONEY) * 50),
        ("money in each", MONEY * 500),
    ):
        first: float | None = None
        print(f"  {kind}:")
        for name, read in peers.items():
            part = text if first is None else text[:8_000]
            speed = print_speed(name, listed(read), part, first)
            first = first or speed


def main() -> None:
    """Print the figures."""
    bench_dates(Model(DEFAULT_MODEL))
    bench_money()


if __name__ == "__main__":
    main()
