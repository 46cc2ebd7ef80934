"""Stage `extract`: kept passages -> rows and rejects."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

from pipeline.errors import PipelineError
from pipeline.extract import extract, needs_parse
from pipeline.gate import Admitted, admit
from pipeline.ingest import Stated, read_document
from pipeline.limits import keep_freed_memory
from pipeline.passages import split
from pipeline.receipts import ExtractedBatch, Job, Slow, slowest
from pipeline.records import Document, ModelOutput, Passage
from pipeline.settings import Settings
from pipeline.stages.entries import (
    ADMITTED,
    OUTPUTS,
    READING,
    REFUSED,
    Reading,
    crash_key,
    dump,
    entry,
    model_key,
)
from pipeline.stages.read import refused_by_crash
from pipeline.state import State

if TYPE_CHECKING:
    from pipeline.extract.nlp import Model


def extract_batch(settings: Settings, batch: Sequence[Job]) -> ExtractedBatch:
    """Extract from the kept passages of one batch of documents and pass the gate."""
    words = 0
    slow: list[Slow] = []
    rows: list[tuple[str, str]] = []
    crashed: list[tuple[str, str]] = []
    with State(settings.state) as state:
        readings = [entry(state, "read", job.read_key, READING) for job in batch]
        kept = [
            [reading.passages[position] for position in job.kept]
            for job, reading in zip(batch, readings, strict=True)
        ]
        asked = [_questions(passages) for passages in kept]
        started = time.perf_counter()
        answers = _answers(settings, state, readings, asked)
        signs = sum(len(passage.text) for passages in kept for passage in passages)
        pace = (time.perf_counter() - started) / max(signs, 1)
        for job, reading, passages, questions in zip(batch, readings, kept, asked, strict=True):
            model = {position: answers[one] for position, one in questions.items()}
            started = time.perf_counter()
            try:
                admitted = rows_of(reading.document, reading.passages, passages, model)
            except PipelineError:
                raise
            except Exception as error:  # noqa: BLE001  # our own fault must not cost the others
                refused = refused_by_crash(settings, reading.document.document_id, error)
                crashed.append((crash_key(settings, job.read_key), dump(REFUSED, refused)))
                continue
            rows.append((job.rows_key, dump(ADMITTED, admitted)))
            words += sum(len(passage.text.split()) for passage in passages)
            asking = pace * sum(len(passage.text) for passage in passages)
            taken = asking + time.perf_counter() - started
            slow.append(Slow(reading.document.document_id, round(taken, 4)))
        state.put("rows", rows)
        state.put("crashed", crashed)
    return ExtractedBatch(len(batch), words, len(crashed), slowest(slow))


def rows_of(
    document: Document,
    passages: Sequence[Passage],
    kept: Sequence[Passage],
    model: Mapping[int, ModelOutput],
) -> Admitted:
    """The rows and rejects of one document: extract from the kept passages, pass the gate."""
    return admit(document, passages, extract(document, kept, model))


def rows_of_text(
    model: Model, text: str, published: date | str | None, issuer: str | None
) -> Admitted:
    """The rows and rejects of one text that stands in no file.

    Raises:
        Unreadable: it is empty, or no text.
        ValueError: `published` is no day, month or year.
    """
    stated = Stated(published=published, issuer=issuer)
    document = read_document(text.encode("utf-8", "surrogatepass"), "", stated, "text")
    passages = split(document)
    kept = [passage for passage in passages if passage.kind != "boilerplate"]
    questions = _questions(kept)
    answers = _ask(model, list(questions.values()))
    answered = {position: answers[one] for position, one in questions.items()}
    return rows_of(document, passages, kept, answered)


def _questions(kept: Iterable[Passage]) -> dict[int, str]:
    """What the model is asked, by position: the text, and in front whether it is to be parsed.

    Of a passage without words, such as a row `| 12 | | |`, it can say nothing.
    """
    return {
        passage.position: f"{'parse' if needs_parse(passage.text) else 'names'}:{passage.text}"
        for passage in kept
        if passage.language is not None
    }


def _ask(model: Model, questions: Sequence[str]) -> dict[str, ModelOutput]:
    parts = [question.partition(":") for question in questions]
    outputs = model.read([text for _, _, text in parts], [kind == "parse" for kind, _, _ in parts])
    return dict(zip(questions, outputs, strict=True))


def _answers(
    settings: Settings,
    state: State,
    readings: Sequence[Reading],
    asked: Sequence[Mapping[int, str]],
) -> dict[str, ModelOutput]:
    """What the model says to each question, asked only where no answer is kept.

    Answers are kept a document, so that they go when it goes, and by question, so that
    they stay right when a changed rule cuts the text otherwise or wants it parsed.
    """
    keys = [model_key(settings, reading.document.document_id) for reading in readings]
    answers: dict[str, ModelOutput] = {}
    for key in keys:
        if text := state.get("model", key):
            answers |= OUTPUTS.validate_json(text)
    wanted = [dict.fromkeys(questions.values()) for questions in asked]
    missing = list(dict.fromkeys(one for each in wanted for one in each if one not in answers))
    if missing:
        answers |= _ask(load_model(settings.model), missing)
        fresh = ({one: answers[one] for one in each} for each in wanted)
        state.put("model", zip(keys, (dump(OUTPUTS, each) for each in fresh), strict=True))
    return answers


@lru_cache(maxsize=1)
def load_model(name: str) -> Model:
    """The model, loaded once a process."""
    # Where nothing is asked, spaCy is not imported.
    from pipeline.extract.nlp import Model  # noqa: PLC0415

    keep_freed_memory()
    return Model(name)
