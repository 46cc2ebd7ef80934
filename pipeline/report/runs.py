"""What is known of the runs: their records, the change since the one before, the trends.

The only part of the report that is not a function of the snapshot.  A record that cannot be read
is left out: the accounts of old runs must not stand in the way of the report.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

MOST = 30


class Stage(BaseModel):
    """How long a stage took."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    stage: str
    seconds: float
    words: int = 0


class Slow(BaseModel):
    """How long the extraction from a document took."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    document_id: str
    seconds: float


class Run(BaseModel):
    """The account of a run, as far as the report shows it."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    run: str
    outcome: str
    snapshot: str
    extracted_documents: int = 0
    repeats: int = 0
    sources: tuple[tuple[str, int], ...] = ()
    rows: tuple[tuple[str, int], ...] = ()
    stages: tuple[Stage, ...] = ()
    slowest: tuple[Slow, ...] = ()

    @property
    def seconds(self) -> float:
        """Seconds that the stages took together."""
        return sum(stage.seconds for stage in self.stages)

    def count(self, name: str) -> int:
        """Files of that status, or rows of that table; 0 when the record has neither."""
        return {**dict(self.rows), **dict(self.sources), "repeats": self.repeats}.get(name, 0)


@dataclass(frozen=True, slots=True)
class Trend:
    """One measure over the runs, oldest first."""

    name: str
    values: tuple[float, ...]


def read_runs(state: Path) -> tuple[Run, ...]:
    """The last runs, oldest first."""
    made = []
    for path in sorted((state / "runs").glob("*.json"))[-MOST:]:
        try:
            made.append(Run.model_validate(json.loads(path.read_text(encoding="utf-8"))))
        except (OSError, ValueError, ValidationError):
            continue
    return tuple(made)


def before(runs: Sequence[Run], snapshot: str) -> Run | None:
    """The last run that showed another snapshot than this one, before it was made."""
    earlier = [run for run in runs if run.snapshot < snapshot]
    return earlier[-1] if earlier else None


def trends(runs: Sequence[Run]) -> tuple[Trend, ...]:
    """What is worth watching from run to run."""
    return (
        Trend("documents", tuple(run.count("documents") for run in runs)),
        Trend("partnership statements", tuple(run.count("partnerships") for run in runs)),
        Trend("files quarantined", tuple(run.count("quarantined") for run in runs)),
        Trend("findings refused", tuple(run.count("rejects") for run in runs)),
        Trend("passages repeated", tuple(run.count("repeats") for run in runs)),
        Trend("seconds", tuple(round(run.seconds, 1) for run in runs)),
    )
