"""Peak memory of reading one large file of many records: JSON Lines and a MediaWiki dump.

    python -m tests.benchmarks.bench_memory [GIGABYTES] [BATCHES | all]

Writes each file (2 GB by default) into a temporary folder and, in a process of its own, runs the
stages `scan` (hash, cut into records, a row of `sources` a record) over all of it and `read`
(decode, take out the text, cut into passages, keys of repeats) over the first BATCHES batches of
8 MB; after each the peak resident memory so far is printed.  A second `scan` then shows what
a run costs that finds the file unchanged.  With `all` for BATCHES the file is read whole, and
`settle` follows (outlines to tables, repeats, furniture, batches of jobs): two sizes beside each
other show whether memory grows with the file.  Extraction is not measured.
"""

from __future__ import annotations

import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from pipeline.run import _slices
from pipeline.settings import Settings
from pipeline.stages import scan, settle
from pipeline.stages.read import read
from tests.benchmarks.results import keep

STATES = ("Norway", "Chile", "Kenya", "Peru", "Ghana", "Latvia", "Fiji", "Japan")
NOUNS = ("ports", "ships", "ferries", "treaties", "quays", "visits", "loans", "talks", "grain")


def story(rng: random.Random, number: int) -> str:
    """Some 4,000 characters that no other story has."""
    paragraphs = []
    for _ in range(8):
        first, second = rng.sample(STATES, 2)
        words = " ".join(rng.choices(NOUNS, k=70))
        paragraphs.append(f"{first} and {second} agreed on item {number} in 2019: {words}.")
    return "\n\n".join(paragraphs)


def write(path: Path, size: int) -> None:
    """Write a file of about `size` bytes of the format that its name says."""
    rng = random.Random(7)
    with path.open("w", encoding="utf-8") as stream:
        if path.suffix == ".xml":
            stream.write("<mediawiki>\n")
        number = 0
        while stream.tell() < size:
            text = story(rng, number)
            if path.suffix == ".xml":
                stream.write(
                    f"<page><title>Item {number}</title><ns>0</ns><revision><text>{{{{stub}}}}\n"
                    f"== Ties ==\n{text}</text></revision></page>\n"
                )
            else:
                stream.write(json.dumps({"title": f"Item {number}", "text": text}) + "\n")
            number += 1
        if path.suffix == ".xml":
            stream.write("</mediawiki>\n")


def peak() -> str:
    """Peak resident memory of this process so far."""
    return f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:6.0f} MB peak"


def measure(folder: Path, batches: int | None) -> None:
    """Run the stages and print what they took; in a process of its own."""
    settings = Settings(raw=folder / "raw", output=folder / "output", state=folder / "state")
    print(f"  imported             {peak()}")
    started = time.process_time()
    scanned = scan(settings)
    spent = time.process_time() - started
    records = sum(each.records for each in scanned.unread)
    print(f"  scan                 {peak()}  {spent:6.1f} CPU s  {records:,} records")
    started = time.process_time()
    done = 0
    for batch in _slices(scanned.unread)[:batches]:
        done += read(settings, batch).documents
    spent = time.process_time() - started
    print(f"  read, {batches or 'all'} batches   {peak()}  {spent:6.1f} CPU s  {done:,} documents")
    if batches is None:
        started = time.process_time()
        waiting = sum(batch.documents for batch in settle(settings, ()).batches)
        spent = time.process_time() - started
        print(f"  settle               {peak()}  {spent:6.1f} CPU s  {waiting:,} to extract from")
    started = time.process_time()
    scan(settings)
    print(f"  scan again           {peak()}  {time.process_time() - started:6.1f} CPU s")


def main() -> None:
    """Write each file, measure it in a child process and print the tables."""
    if len(sys.argv) > 3:
        measure(Path(sys.argv[3]), None if sys.argv[2] == "all" else int(sys.argv[2]))
        return
    size = float(sys.argv[1]) if len(sys.argv) > 1 else 2.0
    batches = sys.argv[2] if len(sys.argv) > 2 else "5"
    lines: list[str] = []
    for name in ("feed.jsonl", "wiki.xml"):
        with tempfile.TemporaryDirectory() as folder:
            raw = Path(folder) / "raw"
            raw.mkdir()
            write(raw / name, int(size * 1e9))
            lines += [f"    {name}, {(raw / name).stat().st_size / 1e9:.2f} GB"]
            command = [sys.executable, "-m", "tests.benchmarks.bench_memory", str(size), batches]
            told = subprocess.run([*command, folder], check=True, stdout=subprocess.PIPE, text=True)
            lines += [f"    {line}" for line in told.stdout.splitlines()]
    keep("bench_memory", f"python -m tests.benchmarks.bench_memory {size} {batches}", lines)


if __name__ == "__main__":
    main()
