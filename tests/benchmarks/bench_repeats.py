"""Speed, memory and quality of the repeats layer on a marked corpus, beside its peers.

    python -m tests.benchmarks.bench_repeats CORPUS [--batches N] [--peers] [--out FILE]
        [--raw [--all-kinds]]

CORPUS holds `docs/` and `truth.jsonl`: of each passage `pid`, `doc`, `start`, `end`, `cluster`
(what says the same) and `kind`; and pairs `a`, `b` of type `hard_negative` that must stay apart.
Every marked passage is taken for a paragraph, and one of too few words for a repeat of its own
words, so that the house rule that spares them does not count (`--spare-short` keeps to it).
With `--raw` the passages are cut from the files as a run cuts them, titles and rows included,
and a marked passage takes the cluster of the cut one it starts in.  The house rule that spares
headings and rows counts then; `--all-kinds` takes those, too, for paragraphs.

Prints passages per CPU second, peak memory, and quality; writes the clusters for another scorer.
With `--peers` the same for exact hashes and, where they are installed, for rensa and datasketch
with usual settings (two-word shingles, likeness 0.5).
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import resource
import sqlite3
import tempfile
import time
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from pipeline.ingest import read_document
from pipeline.passages import split
from pipeline.records import Passage
from pipeline.repeats import Canonical, Copy, Index, canonical
from pipeline.repeats.tokens import key_of, stream, words_of

LIKENESS = 0.5
PERMUTATIONS = 128


class Place(NamedTuple):
    """Where a passage stands: file, first character, last."""

    doc: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Truth:
    """What a corpus says of itself: passages in order, and pairs that must stay apart."""

    places: tuple[Place, ...]
    texts: tuple[str, ...]
    clusters: tuple[str, ...]
    kinds: tuple[str, ...]
    apart: tuple[tuple[int, int], ...]


def load(corpus: Path) -> Truth:
    """The marked corpus in a folder."""
    told = [json.loads(line) for line in (corpus / "truth.jsonl").open(encoding="utf-8")]
    marked = [row for row in told if row["type"] == "passage"]
    number = {row["pid"]: n for n, row in enumerate(marked)}
    apart = [(row["a"], row["b"]) for row in told if row["type"] == "hard_negative"]
    places = [Place(row["doc"], row["start"], row["end"]) for row in marked]
    return Truth(
        tuple(places),
        tuple(text for _, text in _texts(corpus, places)),
        tuple(str(row["cluster"]) for row in marked),
        tuple(row["kind"] for row in marked),
        tuple((number[a], number[b]) for a, b in apart),
    )


def passages(corpus: Path) -> Iterator[tuple[Place, str]]:
    """Place and text of each marked passage."""
    with (corpus / "truth.jsonl").open(encoding="utf-8") as lines:
        rows = (json.loads(line) for line in lines)
        places = (Place(r["doc"], r["start"], r["end"]) for r in rows if r["type"] == "passage")
        yield from _texts(corpus, places)


def _texts(corpus: Path, places: Iterable[Place]) -> Iterator[tuple[Place, str]]:
    name, text = "", ""
    for place in places:
        if place.doc != name:
            name = place.doc
            text = (corpus / "docs" / name).read_bytes().decode()
        yield place, text[place.start : place.end]


def form(place: Place, text: str) -> Canonical | None:
    """The canonical form of a passage, taken for a paragraph."""
    name, start, end = place
    return canonical(Passage(name, 0, "paragraph", None, "en", start, end, text))


def peak_mb() -> float:
    """Peak resident memory of this process."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


# --- ours


def clusters_of(
    forms: Sequence[Canonical | None], keys: Sequence[str], batches: int
) -> tuple[str, ...]:
    """The cluster of each passage; a passage without a form has that of its key."""
    streams = {found.key: found.stream for found in forms if found}
    with tempfile.TemporaryDirectory() as folder:
        connection = sqlite3.connect(Path(folder) / "index.db")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        index = Index(connection, "bench")
        for batch in range(1, batches + 1):
            live = {found.key for found in forms[: len(forms) * batch // batches] if found}
            begun = time.process_time()
            index.update(live, streams.items())
            print(f"batch {batch}: {len(live)} streams, {time.process_time() - begun:.2f} CPU s")
        copies: dict[str, Copy] = index.copies()
    return tuple(copies[key].canonical if key in copies else key for key in keys)


def ours(truth: Truth, batches: int, spare_short: bool) -> tuple[str, ...]:
    """Clusters by this package, from the marked passages."""
    pairs = zip(truth.places, truth.texts, strict=True)
    started = time.process_time()
    forms = [form(place, text) for place, text in pairs]
    spent = time.process_time() - started
    print(f"canonical forms: {len(forms) / spent:,.0f} passages/CPU s")
    keys = [
        found.key
        if found
        else f"{place.doc}:{place.start}"
        if spare_short
        else key_of(" ".join(words_of(stream(text))))
        for found, place, text in zip(forms, truth.places, truth.texts, strict=True)
    ]
    return clusters_of(forms, keys, batches)


def ours_from_files(corpus: Path, truth: Truth, batches: int, all_kinds: bool) -> tuple[str, ...]:
    """Clusters by this package, from the files: each marked passage has that of a cut one."""
    starts: dict[str, list[int]] = {}
    forms: list[Canonical | None] = []
    keys: list[str] = []
    numbers: dict[tuple[str, int], int] = {}
    reading = 0.0
    for name in sorted({place.doc for place in truth.places}):
        begun = time.process_time()
        document = read_document((corpus / "docs" / name).read_bytes(), name)
        cut = split(document)
        reading += time.process_time() - begun
        starts[name] = [passage.start_char for passage in cut]
        for passage in cut:
            found = canonical(replace(passage, kind="paragraph") if all_kinds else passage)
            numbers[name, passage.start_char] = len(forms)
            forms.append(found)
            own = key_of(" ".join(words_of(stream(passage.text)))) if not found else found.key
            keys.append(own)
    print(f"reading and cutting: {reading:.1f} CPU s for {len(forms)} passages")
    clusters = clusters_of(forms, keys, batches)
    found_in: list[str] = []
    for place in truth.places:
        at = bisect_right(starts[place.doc], place.start + 1) - 1
        known = at >= 0 and place.start + 1 >= starts[place.doc][at]
        own = f"{place.doc}:{place.start}"
        found_in.append(clusters[numbers[place.doc, starts[place.doc][at]]] if known else own)
    return tuple(found_in)


# --- peers


def exact_hashes(texts: Sequence[str]) -> list[str]:
    """Clusters of equal words, whatever their case."""
    return [
        hashlib.sha256(" ".join(re.findall(r"\w+", text.casefold())).encode()).hexdigest()
        for text in texts
    ]


def _shingles(text: str) -> list[str]:
    words = re.findall(r"\w+", text.casefold())
    return [" ".join(words[n : n + 2]) for n in range(max(1, len(words) - 1))]


def by_rensa(texts: Sequence[str]) -> list[str]:
    """Clusters by rensa's index of MinHash signatures."""
    from rensa import RMinHash, RMinHashLSH  # noqa: PLC0415

    index = RMinHashLSH(threshold=LIKENESS, num_perm=PERMUTATIONS, num_bands=32)
    sketches = []
    for number, text in enumerate(texts):
        sketch = RMinHash(num_perm=PERMUTATIONS, seed=42)
        sketch.update(_shingles(text))
        index.insert(number, sketch)
        sketches.append(sketch)
    return _joined(
        len(texts),
        (
            (number, other)
            for number, sketch in enumerate(sketches)
            for other in index.query(sketch)
            if other < number and sketch.jaccard(sketches[other]) >= LIKENESS
        ),
    )


def by_datasketch(texts: Sequence[str]) -> list[str]:
    """Clusters by datasketch's index of MinHash signatures."""
    from datasketch import MinHash, MinHashLSH  # noqa: PLC0415

    index = MinHashLSH(threshold=LIKENESS, num_perm=PERMUTATIONS)
    sketches = []
    for number, text in enumerate(texts):
        sketch = MinHash(num_perm=PERMUTATIONS)
        sketch.update_batch([each.encode() for each in _shingles(text)])
        index.insert(number, sketch)
        sketches.append(sketch)
    return _joined(
        len(texts),
        (
            (number, other)
            for number, sketch in enumerate(sketches)
            for other in index.query(sketch)
            if other < number and sketch.jaccard(sketches[other]) >= LIKENESS
        ),
    )


def _joined(count: int, pairs: Iterable[tuple[int, int]]) -> list[str]:
    """Connected components."""
    parent = list(range(count))

    def root(node: int) -> int:
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for a, b in pairs:
        parent[root(a)] = root(b)
    return [str(root(node)) for node in range(count)]


PEERS: dict[str, Callable[[Sequence[str]], list[str]]] = {
    "rensa": by_rensa,
    "datasketch": by_datasketch,
}


# --- quality


def quality(truth: Truth, found: Sequence[str]) -> str:
    """Precision and recall of pairs without boilerplate, B-cubed, and what is merged wrongly."""
    both = [
        (gold, ours)
        for gold, ours, kind in zip(truth.clusters, found, truth.kinds, strict=True)
        if kind != "boilerplate"
    ]
    cells, golds, mine = Counter(both), Counter(g for g, _ in both), Counter(m for _, m in both)
    hits, told, true = (sum(n * (n - 1) for n in c.values()) for c in (cells, mine, golds))
    precision, recall = hits / max(1, told), hits / max(1, true)
    every = Counter(zip(truth.clusters, found, strict=True))
    size = Counter(found), Counter(truth.clusters)
    b_precision = sum(n * n / size[0][ours] for (_, ours), n in every.items()) / len(found)
    b_recall = sum(n * n / size[1][gold] for (gold, _), n in every.items()) / len(found)
    merged = sum(found[a] == found[b] for a, b in truth.apart)
    most: dict[str, tuple[int, str]] = {}
    for (gold, own), n in every.items():
        most[own] = max(most.get(own, (0, "")), (n, gold))
    kept = Counter(gold for _, gold in most.values())
    surplus = sum(n - 1 for n in kept.values()) / max(1, len(found) - len(size[1]))
    return (
        f"P {precision:.4f} R {recall:.4f} F1 {_harmonic(precision, recall):.4f}, "
        f"B-cubed {_harmonic(b_precision, b_recall):.4f}, hard negatives merged "
        f"{merged / max(1, len(truth.apart)):.2%}, lost {1 - len(kept) / len(size[1]):.2%}, "
        f"copies left {surplus:.1%}"
    )


def recall_by_kind(truth: Truth, found: Sequence[str]) -> str:
    """Share of copies of each kind that are in a cluster with another passage of theirs."""
    together: dict[str, Counter[str]] = defaultdict(Counter)
    for gold, own in zip(truth.clusters, found, strict=True):
        together[gold][own] += 1
    hits: Counter[str] = Counter()
    every: Counter[str] = Counter()
    for gold, own, kind in zip(truth.clusters, found, truth.kinds, strict=True):
        if sum(together[gold].values()) > 1:
            every[kind] += 1
            hits[kind] += together[gold][own] > 1
    return ", ".join(f"{kind} {hits[kind] / n:.3f}" for kind, n in sorted(every.items()))


def _harmonic(one: float, other: float) -> float:
    return 2 * one * other / max(1e-9, one + other)


def measured(name: str, truth: Truth, find: Callable[[], Sequence[str]]) -> Sequence[str]:
    """Run one method and print its line."""
    before, started = peak_mb(), time.process_time()
    found = find()
    spent = time.process_time() - started
    print(
        f"{name:12} {len(found) / spent:8,.0f} passages/CPU s, peak {peak_mb():,.0f} MB "
        f"({peak_mb() - before:+,.0f}); {quality(truth, found)}"
    )
    return found


def main() -> None:
    """Measure one corpus."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("corpus", type=Path)
    asked.add_argument("--batches", type=int, default=1)
    asked.add_argument("--out", type=Path)
    asked.add_argument("--peers", action="store_true")
    asked.add_argument("--raw", action="store_true")
    asked.add_argument("--all-kinds", action="store_true")
    asked.add_argument("--spare-short", action="store_true")
    told = asked.parse_args()
    truth = load(told.corpus)
    form(Place("", 0, 0), "Tables are built at the first question, on 5 May.")
    if told.raw:
        found = measured(
            "from files",
            truth,
            lambda: ours_from_files(told.corpus, truth, told.batches, told.all_kinds),
        )
    else:
        found = measured("this package", truth, lambda: ours(truth, told.batches, told.spare_short))
    print(f"in a cluster, by kind: {recall_by_kind(truth, found)}")
    if told.out:
        write(told.out, truth.places, found)
    if told.peers:
        measured("exact hashes", truth, lambda: exact_hashes(truth.texts))
        for name, find in PEERS.items():
            if find_spec(name) is None:
                print(f"{name:12} is not installed; it comes with the extra `bench`")
            else:
                measured(name, truth, lambda find=find: find(truth.texts))  # type: ignore[misc]


def write(out: Path, places: Sequence[Place], clusters: Sequence[str]) -> None:
    """Predictions as JSON lines: doc, start, end, cluster."""
    with out.open("w", encoding="utf-8") as lines:
        for place, cluster in zip(places, clusters, strict=True):
            lines.write(json.dumps({**place._asdict(), "cluster": cluster}) + "\n")


if __name__ == "__main__":
    main()
