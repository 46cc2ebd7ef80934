"""Peak memory of reading one large file of many records: JSON Lines and a MediaWiki dump.

    python -m tests.benchmarks.bench_memory [GIGABYTES] [BATCHES] [NAME ...]

Writes each file (2 GB of `feed.jsonl` and `wiki.xml` by default; a name may end in `.gz` or `.bz2`)
into a temporary folder and, each in a process of its own, runs the stages `scan` over all of it
(hash, cut into records, a row of `sources` a record), `read` over the first BATCHES batches of 8 MB
(decode, take out the text, cut into passages, keys of repeats), `settle` over all of it (outlines
to tables, repeats, furniture, batches of jobs), and `scan` once more, which finds the file
unchanged.  What `read` would make of the rest of the file, at half a MB a second, is put into the
state ready-made: as many documents, of seven short passages each.  The records of a feed are of one
size; the pages of a dump have one to 64 paragraphs, and some have 5 MB.
Two sizes beside each other show whether memory grows with the file.  Extraction is not measured.
"""

from __future__ import annotations

import bz2
import gzip
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import TextIO

from pipeline.ingest import ID_DIGITS
from pipeline.ingest.metadata import NOTHING
from pipeline.receipts import UnreadPart
from pipeline.run import _slices
from pipeline.settings import Settings
from pipeline.stages import scan, settle
from pipeline.stages.entries import OUTLINE, PART, STREAMS, dump, entry, outline_key, record_key
from pipeline.stages.read import read
from pipeline.state import State
from schemas.tables import Format
from tests.benchmarks.bench_settle import outlined, reading_of, text_of
from tests.benchmarks.results import keep

STATES = ("Norway", "Chile", "Kenya", "Peru", "Ghana", "Latvia", "Fiji", "Japan")
NOUNS = ("ports", "ships", "ferries", "treaties", "quays", "visits", "loans", "talks", "grain")
# Paragraphs of a page of a dump; one page in so many has the most.
PARTS = (1, 1, 2, 4, 8, 16, 64)
LARGE, EACH_LARGE = 10_000, 5_000
STAGES = ("scan", "read", "put", "settle", "scan")


def paragraphs(rng: random.Random) -> list[str]:
    """Ends of paragraphs: drawn once, because a draw for each word of 2 GB takes minutes."""
    return [" ".join(rng.choices(NOUNS, k=70)) for _ in range(5_000)]


def story(rng: random.Random, number: int, ends: list[str], parts: int = 8) -> str:
    """Some 500 characters a part, that no other story has."""
    said = []
    for end in rng.sample(ends, parts) if parts <= len(ends) else rng.choices(ends, k=parts):
        first, second = rng.sample(STATES, 2)
        said.append(f"{first} and {second} agreed on item {number} in 2019: {end}.")
    return "\n\n".join(said)


@contextmanager
def packed(path: Path) -> Iterator[TextIO]:
    """A stream into a file, packed as the end of its name says."""
    if path.suffix == ".gz":
        with gzip.open(path, "wt", compresslevel=1, encoding="utf-8") as gzipped:
            yield gzipped
    elif path.suffix == ".bz2":
        with bz2.open(path, "wt", compresslevel=1, encoding="utf-8") as bzipped:
            yield bzipped
    else:
        with path.open("w", encoding="utf-8") as plain:
            yield plain


def write(path: Path, size: int) -> None:
    """Write a file of about `size` bytes, unpacked, of the format that its name says."""
    rng = random.Random(7)
    ends = paragraphs(rng)
    is_dump = ".xml" in path.suffixes
    with packed(path) as stream:
        written = stream.write("<mediawiki>\n") if is_dump else 0
        number = 0
        while written < size:
            if is_dump:
                parts = LARGE if number % EACH_LARGE == 0 else rng.choice(PARTS)
                text = story(rng, number, ends, parts)
                record = (
                    f"<page><title>Item {number}</title><ns>0</ns><revision><text>{{{{stub}}}}\n"
                    f"== Ties ==\n{text}</text></revision></page>\n"
                )
            else:
                text = story(rng, number, ends)
                record = json.dumps({"title": f"Item {number}", "text": text}) + "\n"
            written += stream.write(record)
            number += 1
        if is_dump:
            stream.write("</mediawiki>\n")


def say(stage: str, started: float, what: str) -> None:
    """Print the peak of memory of this process, and the CPU seconds of a stage."""
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    spent = time.process_time() - started
    print(f"  {stage:<8} {megabytes:6.0f} MB peak  {spent:6.1f} CPU s  {what}", flush=True)


def put_rest(settings: Settings, form: Format) -> None:
    """Put ready-made outlines of all records that were not read."""
    scanned = scan(settings)
    with State(settings.state) as state:
        keys = _keys(state, [one for one in scanned.unread if isinstance(one, UnreadPart)], form)
        number = 0
        while some := list(islice(keys, 1_000)):
            outlines, streams = [], []
            for key, document_id in some:
                outline, said = outlined(reading_of(text_of(number)))
                outlines.append((key, dump(OUTLINE, replace(outline, document_id=document_id))))
                streams.append((key, dump(STREAMS, said)))
                number += 1
            state.put("streams", streams)
            state.put("outline", outlines)
    say("put", 0.0, f"{number:,} documents, ready-made")


def _keys(state: State, parts: list[UnreadPart], form: Format) -> Iterator[tuple[str, str]]:
    """Key of the outline, and document, of each record that has none."""
    for part in parts:
        for record in entry(state, "index", part.index_key, PART).records:
            assert record.sha256 is not None
            key = outline_key(record_key(record.sha256, form, NOTHING.key))
            if state.get("outline", key) is None:
                yield key, record.sha256[:ID_DIGITS]


def measure(folder: Path, stage: str, batches: int) -> None:
    """Run one stage and print what it took; in a process of its own."""
    settings = Settings(raw=folder / "raw", output=folder / "output", state=folder / "state")
    started = time.process_time()
    if stage == "scan":
        scanned = scan(settings)
        records = sum(each.records for each in scanned.unread)
        say("scan", started, f"{records:,} records to read")
    elif stage == "read":
        slices = _slices(scan(settings).unread)
        started = time.process_time()
        done = sum(read(settings, batch).documents for batch in slices[:batches])
        say("read", started, f"{done:,} documents, {batches} of {len(slices)} batches")
    elif stage == "put":
        put_rest(settings, "dump" if any(settings.raw.glob("*.xml*")) else "json")
    else:
        waiting = sum(batch.documents for batch in settle(settings, ()).batches)
        say("settle", started, f"{waiting:,} documents to extract from")


def main() -> None:
    """Write each file, measure it in child processes and print the tables."""
    if len(sys.argv) == 5 and sys.argv[1] == "--measure":
        measure(Path(sys.argv[2]), sys.argv[3], int(sys.argv[4]))
        return
    size = float(sys.argv[1]) if len(sys.argv) > 1 else 2.0
    batches = sys.argv[2] if len(sys.argv) > 2 else "5"
    names = sys.argv[3:] or ["feed.jsonl", "wiki.xml"]
    lines: list[str] = []
    for name in names:
        with tempfile.TemporaryDirectory() as folder:
            raw = Path(folder) / "raw"
            raw.mkdir()
            write(raw / name, int(size * 1e9))
            lines += [f"    {name}, {(raw / name).stat().st_size / 1e9:.2f} GB"]
            for stage in STAGES:
                command = [sys.executable, "-m", "tests.benchmarks.bench_memory"]
                command += ["--measure", folder, stage, batches]
                told = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
                lines += [f"    {line}" for line in told.stdout.splitlines()]
                print(lines[-1], file=sys.stderr, flush=True)
    keep("bench_memory", f"python -m tests.benchmarks.bench_memory {size} {batches}", lines)


if __name__ == "__main__":
    main()
