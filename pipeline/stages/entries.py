"""What the state keeps between stages, and the keys it is kept under."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

from pydantic import TypeAdapter

from pipeline.errors import PipelineError
from pipeline.fingerprints import EXTRACT, READ, REPEATS, SETTLE, fingerprint, model_fingerprint
from pipeline.gate import Admitted
from pipeline.receipts import Job
from pipeline.records import Document, ModelOutput, Passage
from pipeline.settings import Settings
from pipeline.state import Outline, Stage, State, content_key
from schemas.tables import Format, Reason

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Reading:
    """What reading made of a file: a document and its passages."""

    document: Document
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a file could not become a document."""

    reason: Reason
    message: str


@dataclass(frozen=True, slots=True)
class Indexed:
    """A record of a many-record file: its place behind the start of its part, or its fault."""

    number: int
    place: int
    size: int
    sha256: str | None
    reason: Reason | None = None
    message: str | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a many-record file and the records that stand in it."""

    offset: int
    size: int
    records: tuple[Indexed, ...]


@dataclass(frozen=True, slots=True)
class Index:
    """How many parts a many-record file has; `refused` where none of it is to be read."""

    parts: int
    refused: Refused | None = None


INDEX: TypeAdapter[Index] = TypeAdapter(Index)
PART: TypeAdapter[Part] = TypeAdapter(Part)
READING: TypeAdapter[Reading] = TypeAdapter(Reading)
REFUSED: TypeAdapter[Refused] = TypeAdapter(Refused)
OUTLINE: TypeAdapter[Outline] = TypeAdapter(Outline)
STREAMS: TypeAdapter[dict[str, str]] = TypeAdapter(dict[str, str])
ADMITTED: TypeAdapter[Admitted] = TypeAdapter(Admitted)
JOBS: TypeAdapter[tuple[Job, ...]] = TypeAdapter(tuple[Job, ...])
OUTPUTS: TypeAdapter[dict[str, ModelOutput]] = TypeAdapter(dict[str, ModelOutput])


def dump(kind: TypeAdapter[Value], value: Value) -> str:
    """A value as the state keeps it."""
    return kind.dump_json(value).decode("utf-8")


def entry(state: State, stage: Stage, key: str, kind: TypeAdapter[Value]) -> Value:
    """What a stage kept under `key`, which must be there.

    Raises:
        PipelineError: it is not.
    """
    text = state.get(stage, key)
    if text is None:
        raise PipelineError(f"state: the {stage} entry {key} vanished during the run; run again.")
    return kind.validate_json(text)


def part_key(index_key: str, number: int) -> str:
    """Key of a part of a many-record file."""
    return content_key(index_key, str(number))


@lru_cache
def read_code() -> str:
    """Fingerprint of what reads files: a part of every key of a file."""
    return fingerprint(*READ)


def file_key(sha256: str, path: str, stated: str) -> str:
    """Read key of a file of one document: its unpacked bytes, its name, what is stated of it."""
    return content_key(read_code(), sha256, path[path.rfind("/") + 1 :], stated)


def record_key(sha256: str, form: Format, stated: str) -> str:
    """Read key of a record: the same words are read once, in whatever file they stand."""
    return content_key(read_code(), sha256, form, stated)


LIVE_INDEXES = "indexes"


def live_indexes(state: State) -> Iterator[str]:
    """Keys of the indexes, and of their parts, of the files that the last scan saw."""
    for index_key in state.recall(LIVE_INDEXES).split():
        yield index_key
        index = entry(state, "index", index_key, INDEX)
        yield from (part_key(index_key, number) for number in range(index.parts))


def settling_key() -> str:
    """What the tables of the corpus depend on beside what was read."""
    return content_key(*(fingerprint(*part) for part in (SETTLE, REPEATS, EXTRACT)))


def outline_key(read_key: str) -> str:
    """Key of the outline and the streams of a document."""
    return content_key(read_key, fingerprint(*REPEATS), fingerprint(*EXTRACT))


def rules_key(settings: Settings) -> str:
    """What rows depend on beside their document: rules, code, model, languages."""
    return content_key(
        fingerprint(*EXTRACT),
        fingerprint(*REPEATS),
        model_fingerprint(settings.model),
        ",".join(sorted(settings.languages)),
    )


def crash_key(settings: Settings, read_key: str) -> str:
    """Key under which a document is noted that extraction failed on."""
    return content_key(read_key, rules_key(settings))


def model_key(settings: Settings, document_id: str) -> str:
    """Key of the model's answers for a document."""
    return content_key(model_fingerprint(settings.model), document_id)
