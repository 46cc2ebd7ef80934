"""What settling and publishing cost as the archive grows: first, 100 new documents, nothing new.

    python -m tests.benchmarks.bench_settle [DOCUMENTS ...]

Made documents of seven short passages, some of them repeats of others, stand as files in `raw/`.
The stages `scan`, `settle` and `publish` are the real ones, each measurement in a process of its
own; reading and extraction are not measured, and not done either: readings and rows are put into
the state ready-made.  Prints CPU seconds a stage with the peak of memory so far, and keeps them;
nothing fails on time.
"""

from __future__ import annotations

import hashlib
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from pipeline.gate import Admitted
from pipeline.receipts import Settled, Unread
from pipeline.records import Document, Passage
from pipeline.repeats import ShortLine, canonical, plain_key
from pipeline.settings import Settings
from pipeline.stages import (
    begin_report,
    make_pages,
    parts_of,
    publish_snapshot,
    scan,
    settle,
    show_report,
)
from pipeline.stages.entries import (
    ADMITTED,
    JOBS,
    OUTLINE,
    READING,
    STREAMS,
    Reading,
    dump,
    entry,
    outline_key,
)
from pipeline.state import Outline, Repeatable, State
from schemas.tables import EntityRow
from tests.benchmarks.results import keep

SIZES = (10_000, 30_000)
NEW = 100
# Of ten paragraphs one says again what another document says.
REPEATED = 0.1
PASSAGES = 6

STATES = ("Norway", "Chile", "Kenya", "Peru", "Ghana", "Latvia", "Fiji", "Japan", "Oman", "Malta")
NOUNS = (
    *("ports", "ships", "ferries", "treaties", "quays", "visits", "loans", "talks", "grain"),
    *("rails", "dams", "wells", "roads", "farms", "mills", "mines", "looms", "kilns", "boats"),
    *("docks", "barns", "vines", "herds", "fairs", "tolls", "silos", "locks", "canals", "cranes"),
)
STAGES = ("imports", "scan", "settle", "publish", "report")
FURNITURE = "Open the morning letter"

Answer = TypeVar("Answer")


def text_of(number: int) -> str:
    """Document `number`: paragraphs of some 25 words, and a line that all pages have."""
    draw = random.Random(number)
    paragraphs = []
    for place in range(PASSAGES):
        seed = draw.randrange(1_000) if draw.random() < REPEATED else number * PASSAGES + place
        words = random.Random(seed)
        first, second = words.sample(STATES, 2)
        listed = " ".join(words.choices(NOUNS, k=18))
        paragraphs.append(f"{first} and {second} spoke of item {seed} again: {listed}.")
    return "\n\n".join([*paragraphs, FURNITURE]) + "\n"


def write(raw: Path, numbers: range) -> None:
    """Write documents, a thousand a folder."""
    for number in numbers:
        file = raw / f"{number // 1_000:05}" / f"{number}.txt"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text_of(number), encoding="utf-8")


def reading_of(text: str) -> Reading:
    """What reading makes of a made document, without looking at its words."""
    document_id = hashlib.sha256(text.encode()).hexdigest()[:20]
    passages = []
    start = 0
    for position, words in enumerate(text.rstrip("\n").split("\n\n")):
        passages.append(
            Passage(
                document_id, position, "paragraph", None, "en", start, start + len(words), words
            )
        )
        start += len(words) + 2
    return Reading(Document(document_id, text, language="en"), tuple(passages))


def outlined(reading: Reading) -> tuple[Outline, dict[str, str]]:
    """The outline and the streams of a made document."""
    found = [(one, canonical(one)) for one in reading.passages]
    forms = [(one, form) for one, form in found if form is not None]
    last = reading.passages[-1]
    outline = Outline(
        reading.document.document_id,
        None,
        len(reading.document.text),
        tuple(
            Repeatable(one.start_char, form.key, plain_key(one.text), "", False, False)
            for one, form in forms
        ),
        tuple((one.position, one.start_char, "en") for one in reading.passages),
        None,
        None,
        forms[0][1].key,
        (ShortLine(last.start_char, plain_key(last.text), False),),
    )
    return outline, {form.key: form.stream for _, form in forms}


def put_readings(settings: Settings, unread: list[Unread]) -> None:
    """Put what reading would make of these files."""
    with State(settings.state) as state:
        for begin in range(0, len(unread), 1_000):
            readings = []
            outlines = []
            streams = []
            for each in unread[begin : begin + 1_000]:
                reading = reading_of(Path(each.found.file).read_text(encoding="utf-8"))
                outline, said = outlined(reading)
                readings.append((each.read_key, dump(READING, reading)))
                outlines.append((outline_key(each.read_key), dump(OUTLINE, outline)))
                streams.append((outline_key(each.read_key), dump(STREAMS, said)))
            state.put("read", readings)
            state.put("streams", streams)
            state.put("outline", outlines)


def put_rows(settings: Settings, settled: Settled) -> None:
    """Put rows as if something had been extracted: a place a kept passage."""
    with State(settings.state) as state:
        for batch in settled.batches:
            rows = []
            for job in entry(state, "batch", batch.key, JOBS):
                reading = entry(state, "read", job.read_key, READING)
                kept = [reading.passages[position] for position in job.kept]
                places = tuple(map(place_of, kept))
                rows.append((job.rows_key, dump(ADMITTED, Admitted(places, (), (), (), ()))))
            state.put("rows", rows)


def place_of(passage: Passage) -> EntityRow:
    """A row for the first word of a passage."""
    word = passage.text.split()[0]
    return EntityRow.model_construct(
        entity_id=hashlib.sha256(passage.passage_id.encode()).hexdigest()[:20],
        document_id=passage.document_id, passage_id=passage.passage_id,
        start_char=passage.start_char, end_char=passage.start_char + len(word), text=word,
        method="rule", rule_id="place", label="GPE", name=word, country_code="NOR",
        wikidata_id=None, speaks_for=None,
    )  # fmt: skip


def timed(name: str, work: Callable[[], Answer]) -> Answer:
    """What `work` gives; prints CPU seconds and the peak of memory so far."""
    before = time.process_time()
    found = work()
    spent = time.process_time() - before
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_024
    print(f"{name} {spent:.2f} CPU s, {peak:.0f} MB", flush=True)
    return found


def run_once(home: Path) -> None:
    """One run, its stages measured; in a process of its own."""
    settings = Settings(raw=home / "raw", output=home / "output", state=home / "state")
    print(f"imports {time.process_time():.2f} CPU s", flush=True)
    scanned = timed("scan", lambda: scan(settings))
    if scanned.is_published:
        return
    put_readings(settings, [one for one in scanned.unread if isinstance(one, Unread)])
    settled = timed("settle", lambda: settle(settings, ()))
    put_rows(settings, settled)
    published = timed("publish", lambda: publish_snapshot(settings, scanned.signature))
    timed("report", lambda: write_report(settings, published.name))


def write_report(settings: Settings, snapshot: str) -> None:
    """The report of a snapshot, as one worker makes it."""
    begun = begin_report(settings, snapshot)
    for part in parts_of(settings, begun, 1):
        make_pages(settings, part)
    show_report(settings, begun)


def main() -> None:
    """Measure every size, or one run where a folder is named."""
    if len(sys.argv) == 3 and sys.argv[1] == "--run":
        run_once(Path(sys.argv[2]))
        return
    lines = [f"| documents | run | {' | '.join(STAGES)} |", f"|--:|--|{'--:|' * len(STAGES)}"]
    for size in [int(size) for size in sys.argv[1:]] or list(SIZES):
        with tempfile.TemporaryDirectory() as folder:
            home = Path(folder)
            command = [sys.executable, "-m", "tests.benchmarks.bench_settle", "--run", folder]
            for name, numbers in (
                ("first", range(size)),
                (f"{NEW} new", range(size, size + NEW)),
                ("nothing new", range(0)),
            ):
                write(home / "raw", numbers)
                told = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
                found = dict(line.split(" ", 1) for line in told.stdout.splitlines())
                cells = " | ".join(found.get(stage, "") for stage in STAGES)
                lines.append(f"| {size:,} | {name} | {cells} |")
                print(lines[-1], flush=True)
            state = (home / "state" / "state.db").stat().st_size / size
            print(f"state of {state:,.0f} bytes a document", flush=True)
    command = ["python -m tests.benchmarks.bench_settle", *sys.argv[1:]]
    keep("bench_settle", " ".join(command), lines)


if __name__ == "__main__":
    main()
