"""How fast money is found: megabytes a CPU second, beside a plain regular expression.

Run with `python -m tests.benchmarks.bench_money`.  The peer is what a first script would do:
one pattern for a sign or code in front of digits and a scale.  It finds less; the
ratio says what the rest costs.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable

from pipeline.extract.money import find_money
from pipeline.passages import split
from pipeline.records import Document

PEER = re.compile(
    r"(?:US\$|[$€£¥]|\b(?:USD|EUR|GBP|JPY|CNY|MNT)\s?)\s?\d[\d,.]*(?:\s?(?:million|billion|bn|m))?"
    r"|\d[\d,.]*(?:\s(?:million|billion|trillion))?\s(?:dollars|euros|pounds|USD|EUR|MNT)"
)
PLAIN = (
    "The envoys of both countries met in the capital on Tuesday and spoke about roads, schools "
    "and the visit of the minister in the spring.\n"
)
MONEY = (
    "The bank lent USD 50 million for the dam, more than the €30-40 million that the "
    "ministry had asked for, and the fee rose from MNT 3 million to MNT 4 million.\n"
)
TEXTS = {
    "no money": PLAIN * 4000,
    "one paragraph in ten": (PLAIN * 9 + MONEY) * 400,
    "money in each": MONEY * 2000,
}


def speed(read: Callable[[], object], size: int) -> float:
    """Megabytes a CPU second."""
    started = time.process_time()
    read()
    return size / 1e6 / max(time.process_time() - started, 1e-9)


def main() -> None:
    for name, text in TEXTS.items():
        document = Document("0" * 20, text)
        passages = split(document)
        find_money(document, passages[:10])
        size = len(text.encode())
        ours = speed(lambda d=document, p=passages: find_money(d, p), size)  # type: ignore[misc]
        peer = speed(lambda t=text: PEER.findall(t), size)  # type: ignore[misc]
        print(f"{name:22} {ours:6.2f} MB/s   peer {peer:6.2f} MB/s   ratio {ours / peer:.2f}")


if __name__ == "__main__":
    main()
