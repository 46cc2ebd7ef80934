"""What stages tell each other and the person who waits: counts and keys, never data."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.health import NullRate
from pipeline.ingest import Found


@dataclass(frozen=True, slots=True)
class Unread:
    """A file of one document that no entry of the state knows yet.

    `sha256` is that of its bytes, unpacked, and `size` their number.
    """

    found: Found
    sha256: str
    read_key: str
    size: int
    records: int = 1


@dataclass(frozen=True, slots=True)
class UnreadPart:
    """A stretch of a many-record file with records that no entry of the state knows yet.

    `index_key` is where the state keeps what stands in it, `size` its bytes, unpacked.
    """

    found: Found
    index_key: str
    size: int
    records: int


@dataclass(frozen=True, slots=True)
class Scanned:
    """Receipt of `scan`: what is in `raw/`, and what of it has not been read yet.

    `signature` is equal for two scans that must lead to the same dataset.
    """

    unread: tuple[Unread | UnreadPart, ...]
    signature: str
    is_published: bool


@dataclass(frozen=True, slots=True)
class ReadBatch:
    """Receipt of one `read` task; `changed` are paths whose bytes changed meanwhile.

    `records` is how many of those that were to be read are done with, whatever became of them.
    """

    records: int
    documents: int
    quarantined: int
    words: int
    changed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Job:
    """One document to extract from: where its parts are kept, and the passages that count."""

    read_key: str
    rows_key: str
    document_id: str
    kept: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Batch:
    """Documents to extract from in one task: where the state keeps their jobs, and how many."""

    key: str
    documents: int


@dataclass(frozen=True, slots=True)
class Settled:
    """Receipt of `settle`: the batches of documents still to be extracted from."""

    batches: tuple[Batch, ...]


@dataclass(frozen=True, slots=True)
class Slow:
    """How long the extraction from a document took: rules, and its share of the model's time."""

    document_id: str
    seconds: float


@dataclass(frozen=True, slots=True)
class ExtractedBatch:
    """Receipt of one `extract` task; `words` are those of the passages extracted from.

    A document that the code failed on is `crashed`: the corpus must be settled without it.
    """

    documents: int
    words: int
    crashed: int
    slowest: tuple[Slow, ...] = ()


def slowest(documents: Iterable[Slow]) -> tuple[Slow, ...]:
    """The ten that took longest.

    Example:
        >>> slowest([Slow("a", 0.5), Slow("b", 2.0)])[0]
        Slow(document_id='b', seconds=2.0)
    """
    return tuple(sorted(documents, key=lambda one: (-one.seconds, one.document_id))[:10])


@dataclass(frozen=True, slots=True)
class Begun:
    """Receipt of a report that was begun aside: what is still to be made in `folder`.

    `left` are the documents whose pages must be made, each with what its page is made from;
    `paged` are all that have a page.
    """

    snapshot: str
    folder: str
    left: tuple[tuple[str, str], ...]
    paged: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pages:
    """A part of a report that was begun: its index, if `has_index`, and pages of `documents`."""

    begun: Begun
    has_index: bool
    documents: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class StageTime:
    """How long a stage took and how many words went through it (0 where none are counted)."""

    stage: str
    seconds: float
    words: int


@dataclass(frozen=True, slots=True)
class RunRecord:
    """All that a run has to say; printed at its end and kept in `.pipeline/runs/`.

    `sources` counts files by status, `rows` counts rows by table; both are those of the
    snapshot shown at the end.  `extracted_documents` are those that this run extracted from.
    `slowest` are some of those documents, `null_rates` are those of a new snapshot, `alarms`
    sentences on sources that changed.
    `notes` are sentences on what was amiss and mended, such as a torn state file.
    """

    run: str
    outcome: str
    sources: tuple[tuple[str, int], ...]
    extracted_documents: int
    repeats: int
    rows: tuple[tuple[str, int], ...]
    stages: tuple[StageTime, ...]
    snapshot: str
    output: str
    report: str
    cpu_seconds: float
    null_rates: tuple[NullRate, ...]
    alarms: tuple[str, ...]
    notes: tuple[str, ...] = ()
    slowest: tuple[Slow, ...] = ()

    @property
    def seconds(self) -> float:
        """Seconds that the stages took together."""
        return sum(stage.seconds for stage in self.stages)

    def count(self, name: str) -> int:
        """Files of that status, or rows of that table; 0 when the account has neither."""
        return {**dict(self.rows), **dict(self.sources), "repeats": self.repeats}.get(name, 0)
