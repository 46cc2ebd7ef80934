"""Characters a CPU second of the date grammar, beside dateparser's search in the same run.

Run with `python -m tests.benchmarks.bench_dates`.  Prints figures and never fails on time.
"""

from __future__ import annotations

import datetime as dt
import time
import tomllib
from collections.abc import Callable
from pathlib import Path

from dateparser.search import search_dates

from pipeline.extract.dates import find_dates
from pipeline.records import Document, Passage
from tests.markup import parse

EXAMPLES = Path(__file__).parents[1] / "examples" / "dates.toml"
# Sentences of the examples are thick with dates; news has one in about 250 characters.
FILLER = (
    "The council of the old harbour town met to hear how the new pier would be paid for, and the "
    "mayor, who has long wanted a market there, told the members that the plan was sound. "
)
REPEATS = 40
PEER_CHARS = 6_000


def corpus() -> str:
    """Sentences with dates, between sentences without."""
    groups = tomllib.loads(EXAMPLES.read_text(encoding="utf-8"))["groups"]
    sentences = (parse(case).document.text for group in groups for case in group["cases"])
    return " ".join(f"{FILLER}{sentence}" for sentence in sentences)


def seconds(call: Callable[[], object]) -> float:
    """CPU seconds of a call."""
    before = time.process_time()
    call()
    return time.process_time() - before


def main() -> None:
    """Print the figures."""
    published = dt.date(2024, 10, 29)
    text = corpus()
    size = 2_000
    pieces = [text[start : start + size] for start in range(0, len(text), size)] * REPEATS
    whole = "\n".join(pieces)
    document = Document("0" * 20, whole, published_date=published)
    passages: list[Passage] = []
    start = 0
    for position, piece in enumerate(pieces):
        end = start + len(piece)
        passages.append(Passage("0" * 20, position, "paragraph", None, "en", start, end, piece))
        start = end + 1
    find_dates(document, passages[:2], {})
    ours = len(whole) / seconds(lambda: find_dates(document, passages, {}))
    settings = {"RELATIVE_BASE": dt.datetime(2024, 10, 29)}
    peer = PEER_CHARS / seconds(
        lambda: search_dates(whole[:PEER_CHARS], languages=["en"], settings=settings)
    )
    print(f"grammar     {ours:12,.0f} characters a CPU second ({len(whole):,} characters)")
    print(f"dateparser  {peer:12,.0f} characters a CPU second ({PEER_CHARS:,} characters)")
    print(f"ratio       {ours / peer:12,.0f}")


if __name__ == "__main__":
    main()
