"""CPU seconds of the model with the parser on passages with a cue only, beside on all of them.

Run with `python -m tests.benchmarks.bench_parser`.  The texts are the samples of `raw/`; both
ways must give the same statements.  They speak of partnerships far more than news at large does:
what its passages without a cue gain is the last figure.  Prints figures and never fails on time.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path

from pipeline.extract import extract, needs_parse
from pipeline.extract.nlp import Model
from pipeline.gate import admit
from pipeline.ingest import read_document
from pipeline.passages import split
from pipeline.records import Document, ModelOutput, Passage

RAW = Path(__file__).parents[2] / "raw"
ROUNDS = 3


def documents() -> list[tuple[Document, list[Passage]]]:
    """The sample texts with their passages."""
    found = []
    for path in sorted(RAW.rglob("*.txt")):
        document = read_document(path.read_bytes(), path.name)
        found.append((document, split(document)))
    return found


def ask(model: Model, texts: list[str], parse: list[bool]) -> tuple[float, list[ModelOutput]]:
    """The least CPU seconds of some rounds, and the answers."""
    best, answers = float("inf"), list[ModelOutput]()
    for _ in range(ROUNDS):
        before = time.process_time()
        answers = model.read(texts, parse)
        best = min(best, time.process_time() - before)
    return best, answers


def statements(
    found: list[tuple[Document, list[Passage]]], answers: Mapping[str, ModelOutput]
) -> list[str]:
    """The ids of the statements that follow from the answers, with what they say."""
    said = []
    for document, passages in found:
        outputs = {passage.position: answers[passage.text] for passage in passages}
        rows = admit(document, passages, extract(document, passages, outputs))
        said += [row.model_dump_json() for row in rows.partnerships]
    return said


def main() -> None:
    """Print the figures."""
    found = documents()
    texts = list(dict.fromkeys(p.text for _, passages in found for p in passages))
    cues = [needs_parse(text) for text in texts]
    model = Model()
    model.read(texts[:20], [True] * 20)
    some, by_cue = ask(model, texts, cues)
    every, by_all = ask(model, texts, [True] * len(texts))
    same = statements(found, dict(zip(texts, by_cue, strict=True))) == statements(
        found, dict(zip(texts, by_all, strict=True))
    )
    plain = [text for text, cue in zip(texts, cues, strict=True) if not cue]
    without, _ = ask(model, plain, [False] * len(plain))
    with_all, _ = ask(model, plain, [True] * len(plain))
    chars = sum(map(len, texts))
    cued = sum(len(text) for text, cue in zip(texts, cues, strict=True) if cue)
    print(
        f"passages     {len(texts):8,}  with a cue {sum(cues):,} ({cued / chars:.0%} of the text)"
    )
    print(f"parse cues   {some:8.2f} CPU seconds")
    print(f"parse all    {every:8.2f} CPU seconds")
    print(f"ratio        {every / some:8.2f}  the same statements: {'yes' if same else 'NO'}")
    print(f"no cue       {with_all / without:8.2f}  the ratio on the passages without one")


if __name__ == "__main__":
    main()
