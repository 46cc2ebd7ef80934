"""The accounts of the last runs, one JSON file each, in the state folder."""

from __future__ import annotations

from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from pipeline.receipts import RunRecord

FOLDER = "runs"
KEPT_RUNS = 30

_RECORD: TypeAdapter[RunRecord] = TypeAdapter(RunRecord)


def keep(state: Path, record: RunRecord) -> None:
    """Write the account of a run, and drop the oldest ones.

    Args:
        state: the state folder.
        record: the account.
    """
    folder = state / FOLDER
    folder.mkdir(exist_ok=True)
    (folder / f"{record.run}.json").write_bytes(_RECORD.dump_json(record, indent=1) + b"\n")
    for old in sorted(folder.glob("*.json"))[:-KEPT_RUNS]:
        old.unlink()


def as_json(record: RunRecord) -> str:
    """The account of a run in one line of JSON."""
    return _RECORD.dump_json(record).decode()


def last_runs(state: Path, count: int) -> tuple[RunRecord, ...]:
    """The last runs that changed something, oldest first.

    One that cannot be read, or that another version of the program wrote in another form, is left
    out: the accounts of old runs must not stand in the way of the report.
    """
    records: list[RunRecord] = []
    for path in sorted((state / FOLDER).glob("*.json"))[-count:]:
        try:
            records.append(_RECORD.validate_json(path.read_bytes()))
        except (OSError, ValidationError):
            continue
    return tuple(records)
