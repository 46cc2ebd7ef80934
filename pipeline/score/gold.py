"""Annotated documents: `raw/NAME.txt` with its annotations in `final/NAME.jsonl`.

`sources.tsv`, where there is one, has a column `id` and a column `published`; the day, month or
year there is what the document's relative dates are counted from.  An answer of ours has the same
form as an annotation, so that any scorer of that form reads it.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from pipeline.errors import SettingsError
from pipeline.ingest.metadata import day_or_period


class _Annotation(BaseModel):
    """Keys that no score needs, such as `note`, are left out."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Zone(_Annotation):
    """A stretch that counts for nothing; offsets are code points, half-open."""

    start: int
    end: int


class Name(_Annotation):
    """A mention of a name."""

    start: int
    end: int
    type: str


class Day(_Annotation):
    """A mention of a date; its value is ISO 8601 or EDTF, or null."""

    start: int
    end: int
    value: str | None = None


class Amount(_Annotation):
    """An amount of money in main units."""

    start: int
    end: int
    amount: Decimal | None = None
    amount_max: Decimal | None = None
    currency: str | None = None
    qualifier: str | None = None


class Statement(_Annotation):
    """A statement about a partnership."""

    label_start: int
    label_end: int
    label: str
    parties: tuple[str, ...]
    status: str | None = None
    since: str | None = None
    evidence_start: int | None = None
    evidence_end: int | None = None

    @property
    def start(self) -> int:
        """Where the label begins."""
        return self.label_start

    @property
    def end(self) -> int:
        """Where the label ends."""
        return self.label_end


class Annotations(_Annotation):
    """All annotations of one document, or all answers to it."""

    id: str
    entities: tuple[Name, ...] = ()
    dates: tuple[Day, ...] = ()
    money: tuple[Amount, ...] = ()
    partnerships: tuple[Statement, ...] = ()
    ignore: tuple[Zone, ...] = ()


@dataclass(frozen=True, slots=True)
class GoldDocument:
    """One annotated document."""

    name: str
    text: str
    published: str | None
    gold: Annotations


def read_gold(folder: Path) -> tuple[GoldDocument, ...]:
    """The annotated documents of a folder, by name.

    Raises:
        SettingsError: there are none, or one of them cannot be read; names the file.
    """
    paths = sorted((folder / "final").glob("*.jsonl"))
    if not paths:
        raise SettingsError(
            f"{folder}: holds no annotated documents; give a folder with raw/NAME.txt and"
            " final/NAME.jsonl."
        )
    published = _published(folder / "sources.tsv")
    documents = []
    for path in paths:
        raw = folder / "raw" / f"{path.stem}.txt"
        if not raw.is_file():
            raise SettingsError(f"{raw}: is missing, though {path.name} annotates it.")
        text = raw.read_text(encoding="utf-8")
        gold = read_annotations(path)
        documents.append(GoldDocument(path.stem, text, published.get(path.stem), gold))
    return tuple(documents)


def read_annotations(path: Path) -> Annotations:
    """The one line of a file of annotations or answers.

    Raises:
        SettingsError: it is not of that form; names the file, the field and the fault.
    """
    try:
        line = path.read_text(encoding="utf-8").strip()
        return Annotations.model_validate_json(line or f'{{"id": "{path.stem}"}}')
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: cannot be read: {error}.") from error
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        raise SettingsError(f"{path}: {field}: {first['msg']}; mend the annotation.") from error


def save_answers(folder: Path, answers: Sequence[Annotations]) -> None:
    """Write each answer to `NAME.jsonl` in `folder`, as one line."""
    folder.mkdir(parents=True, exist_ok=True)
    for answer in answers:
        line = answer.model_dump_json(exclude={"ignore"})
        (folder / f"{answer.id}.jsonl").write_text(f"{line}\n", encoding="utf-8")


def load_answers(folder: Path) -> tuple[Annotations, ...]:
    """The answers saved in a folder, by name.

    Raises:
        SettingsError: there are none, or one is not of the form.
    """
    paths = sorted(folder.glob("*.jsonl"))
    if not paths:
        raise SettingsError(f"{folder}: holds no saved answers; make some with --save.")
    return tuple(read_annotations(path) for path in paths)


def _published(path: Path) -> dict[str, str]:
    """Day, month or year of publication by document."""
    if not path.is_file():
        return {}
    days = {}
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t"):
            stated = (row.get("published") or "").strip()
            if not stated:
                continue
            try:
                days[row["id"]] = str(day_or_period(stated))
            except (KeyError, ValueError) as error:
                raise SettingsError(f"{path}: {row}: no id, or no day; mend the row.") from error
    return days
