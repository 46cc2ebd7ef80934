"""What the accounts of the runs say together: the change since the one before, the trends.

The only part of the report that is not a function of the snapshot.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.receipts import RunRecord


@dataclass(frozen=True, slots=True)
class Trend:
    """One measure over the runs, oldest first."""

    name: str
    values: tuple[float, ...]


def before(runs: Sequence[RunRecord], snapshot: str) -> RunRecord | None:
    """The last run that showed another snapshot than this one, before it was made."""
    earlier = [run for run in runs if run.snapshot < snapshot]
    return earlier[-1] if earlier else None


def trends(runs: Sequence[RunRecord]) -> tuple[Trend, ...]:
    """What is worth watching from run to run."""
    return (
        Trend("documents", tuple(run.count("documents") for run in runs)),
        Trend("partnership statements", tuple(run.count("partnerships") for run in runs)),
        Trend("files quarantined", tuple(run.count("quarantined") for run in runs)),
        Trend("findings refused", tuple(run.count("rejects") for run in runs)),
        Trend("passages repeated", tuple(run.count("repeats") for run in runs)),
        Trend("seconds", tuple(round(run.seconds, 1) for run in runs)),
    )
