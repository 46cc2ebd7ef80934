"""The file of verdicts that the report downloads."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pipeline.errors import SettingsError
from schemas.tables import FindingTable, RecordId


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Judged(_Model):
    """A record and what the reader says of it."""

    id: RecordId
    table: FindingTable
    verdict: Literal["right", "wrong"]


class Missing(_Model):
    """Words that should have become a record, and the value as the reader wrote it."""

    table: FindingTable
    start: Annotated[int, Field(ge=0)]
    end: Annotated[int, Field(ge=0)]
    value: Annotated[str, Field(max_length=500)]


class Reviewed(_Model):
    """The verdicts on one document."""

    document_id: RecordId
    records: tuple[Judged, ...]
    missing: tuple[Missing, ...]


class Verdicts(_Model):
    """The file that the report downloads."""

    format: Literal["verdicts/1"]
    snapshot: str
    documents: tuple[Reviewed, ...]


def read_verdicts(path: Path) -> Verdicts:
    """The verdicts in a file.

    Raises:
        SettingsError: the file cannot be read, or is no file of verdicts.
    """
    try:
        return Verdicts.model_validate_json(path.read_bytes())
    except OSError as error:
        raise SettingsError(f"{path}: cannot be read: {error.strerror}.") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise SettingsError(
            f"{path}: {place}: {first['msg']}; download the file from the report again."
        ) from error
