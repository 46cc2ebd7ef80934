"""What a first run, 100 new documents and nothing new cost as the archive grows.

    python -m tests.benchmarks.bench_growth [DOCUMENTS ...]

Each run is the command in a process of its own, `pipeline run --no-prefect` with one worker:
CPU seconds with the imports, the peak of its memory, and what state and snapshots take on disk.
Documents are made, of some 110 words, no two alike.  Prints a table and keeps it; the exponent is
that of first-run seconds between two sizes (1: twice the documents, twice the seconds).
"""

from __future__ import annotations

import math
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.corpus import write_articles
from tests.benchmarks.results import keep

SIZES = (1_000, 10_000)
NEW = 100


@dataclass(frozen=True)
class Cost:
    """CPU seconds and peak memory in MB of one process."""

    seconds: float
    megabytes: float


def run_cost(home: Path) -> Cost:
    """What one run of the command costs."""
    process = subprocess.Popen(
        [sys.executable, "-m", "pipeline", "run", "--no-prefect", "--quiet", "--workers", "1"],
        cwd=home,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), "OMP_NUM_THREADS": "1"},
    )
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"the run failed with status {status}")
    return Cost(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1_024)


def bytes_of(folder: Path) -> int:
    """Bytes of all files below `folder`."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def main() -> None:
    """Run every size, print the table and keep it."""
    sizes = [int(size) for size in sys.argv[1:]] or list(SIZES)
    lines = [
        "| documents | first run, CPU s | peak MB | exponent | 100 new, CPU s | peak MB "
        "| nothing new, CPU s | peak MB | state MB | snapshots MB |",
        "|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    before: tuple[int, float] | None = None
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            home = Path(folder)
            write_articles(home / "raw", range(size))
            first = run_cost(home)
            write_articles(home / "raw", range(size, size + NEW))
            more, nothing = run_cost(home), run_cost(home)
            state = (home / ".pipeline" / "state.db").stat().st_size / 1e6
            snapshots = bytes_of(home / ".pipeline" / "snapshots") / 1e6
        exponent = ""
        if before is not None:
            growth = math.log(first.seconds / before[1]) / math.log(size / before[0])
            exponent = f"{growth:.2f}"
        before = (size, first.seconds)
        lines.append(
            f"| {size:,} | {first.seconds:.1f} | {first.megabytes:.0f} | {exponent} "
            f"| {more.seconds:.1f} | {more.megabytes:.0f} | {nothing.seconds:.1f} "
            f"| {nothing.megabytes:.0f} | {state:.0f} | {snapshots:.0f} |"
        )
    keep(
        "bench_growth", " ".join(["python -m tests.benchmarks.bench_growth", *sys.argv[1:]]), lines
    )


if __name__ == "__main__":
    main()
