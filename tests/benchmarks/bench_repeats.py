"""Speed and memory of the repeats layer on a marked corpus, against its own exact keys.

    python -m tests.benchmarks.bench_repeats CORPUS [--batches N] [--out predictions.jsonl]

CORPUS holds `truth.jsonl` (doc, start, end of each passage) and `docs/`.  Every passage is
taken for a paragraph, and one of too few words for a repeat of its own words, so that a scorer
of the method does not count the house rule that spares them (`--spare-short` keeps to it).  Prints
passages per CPU second of the stream alone (what exact repeats cost) and of the whole chain,
their ratio, and the peak memory; writes the cluster of each passage for a scorer.
"""

from __future__ import annotations

import argparse
import json
import resource
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from pipeline.records import Passage
from pipeline.repeats import Canonical, Copy, Index, canonical
from pipeline.repeats.tokens import key_of, stream, words_of

Place = tuple[str, int, int]


def passages(corpus: Path) -> Iterator[tuple[Place, str]]:
    """Place and text of each marked passage."""
    name, text = "", ""
    with (corpus / "truth.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            told = json.loads(line)
            if told["type"] != "passage":
                continue
            if told["doc"] != name:
                name = told["doc"]
                text = (corpus / "docs" / name).read_bytes().decode()
            yield (name, told["start"], told["end"]), text[told["start"] : told["end"]]


def form(place: Place, text: str) -> Canonical | None:
    """The canonical form of a passage, taken for a paragraph."""
    name, start, end = place
    return canonical(Passage(name, 0, "paragraph", None, "en", start, end, text))


def peak_mb() -> float:
    """Peak resident memory of this process."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Measure one corpus."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("corpus", type=Path)
    asked.add_argument("--batches", type=int, default=1)
    asked.add_argument("--out", type=Path)
    asked.add_argument("--spare-short", action="store_true")
    told = asked.parse_args()
    texts = list(passages(told.corpus))
    form(("", 0, 0), "Tables are built at the first question, on 5 May.")
    before = peak_mb()

    started = time.process_time()
    forms = [form(place, text) for place, text in texts]
    exact = time.process_time() - started
    keys = [found.key if found else None for found in forms]
    own = [
        key or (None if told.spare_short else key_of(" ".join(words_of(stream(text)))))
        for key, (_, text) in zip(keys, texts, strict=True)
    ]
    streams = {found.key: found.stream for found in forms if found}
    with tempfile.TemporaryDirectory() as folder:
        connection = sqlite3.connect(Path(folder) / "index.db")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        index = Index(connection, "bench")
        for batch in range(1, told.batches + 1):
            live = {key for key in keys[: len(keys) * batch // told.batches] if key}
            begun = time.process_time()
            index.update(live, streams)
            print(f"batch {batch}: {len(live)} streams, {time.process_time() - begun:.2f} CPU s")
        copies = index.copies()
    whole = time.process_time() - started
    print(
        f"exact keys {len(texts) / exact:,.0f} passages/CPU s, whole chain "
        f"{len(texts) / whole:,.0f}, ratio {whole / exact:.2f}; "
        f"peak {peak_mb():,.0f} MB, {peak_mb() - before:,.0f} over the texts"
    )
    if told.out:
        write(told.out, [place for place, _ in texts], own, copies)


def write(out: Path, places: list[Place], keys: list[str | None], copies: dict[str, Copy]) -> None:
    """Predictions as JSON lines: doc, start, end, cluster."""
    with out.open("w", encoding="utf-8") as lines:
        for (name, start, end), key in zip(places, keys, strict=True):
            own = key or f"{name}:{start}"
            cluster = copies[own].canonical if own in copies else own
            row = {"doc": name, "start": start, "end": end, "cluster": cluster}
            lines.write(json.dumps(row) + "\n")


if __name__ == "__main__":
    main()
