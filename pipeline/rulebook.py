"""Loads and checks `rules/`: words, shapes and lists that people can review.

A rule file is TOML, read into a pydantic model that the module using it states.
Every rule in it derives from `Rule` and so carries its reason, examples and
counter-examples; a rule without them is refused with the name of file and rule.
The tests of the module that reads the file run every example both ways.  Plain lists that need
a row an item are CSV files, sorted, with a header.
"""

from __future__ import annotations

import csv
import tomllib
from functools import lru_cache
from importlib import resources
from typing import Literal, NamedTuple, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pipeline.errors import RuleError


class RuleModel(BaseModel):
    """A part of a rule file: frozen, and no key that nobody reads."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Rule(RuleModel):
    """A rule with its reason and its proof.

    `examples` are sentences in which the rule must find exactly what is marked,
    as in `It opened on [[14 March 1994|1994-03-14]].`; in `counter_examples` it must find
    nothing beyond what is marked.
    """

    id: str = Field(pattern=r"^[a-z0-9]+([._-][a-z0-9]+)*$")
    why: str = Field(min_length=10)
    examples: tuple[str, ...] = Field(min_length=1)
    counter_examples: tuple[str, ...] = Field(min_length=1)


Rules = TypeVar("Rules", bound=RuleModel)


def read_text(name: str) -> str:
    """Text of the rule file `name`; `RuleError` where there is none."""
    entry = resources.files("pipeline") / "rules" / name
    try:
        return entry.read_text(encoding="utf-8")
    except OSError as error:
        message = f"pipeline/rules/{name}: cannot be read ({error}); install the package again."
        raise RuleError(message) from error


def load(name: str, model: type[Rules]) -> Rules:
    """The rule file `name` as `model`; each file is read once a process.

    Raises:
        RuleError: the file is missing, is no TOML, or a rule in it lacks a field or has an
            unknown one; the message names file, place and fault.
    """
    loaded = _load(name, model)
    assert isinstance(loaded, model)  # a cache forgets the type of what it holds
    return loaded


@lru_cache
def _load(name: str, model: type[RuleModel]) -> RuleModel:
    try:
        return model.model_validate(tomllib.loads(read_text(name)))
    except tomllib.TOMLDecodeError as error:
        raise RuleError(f"pipeline/rules/{name}: is not TOML: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise RuleError(f"pipeline/rules/{name}: {place}: {first['msg']}") from error


@lru_cache
def load_rows(name: str, columns: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """Rows of the CSV file `name`, whose header must be `columns`.

    Raises:
        RuleError: the header differs, or a row has another number of cells.
    """
    rows = list(csv.reader(read_text(name).splitlines()))
    if not rows or tuple(rows[0]) != columns:
        raise RuleError(f"pipeline/rules/{name}: the header must be {','.join(columns)}")
    for number, row in enumerate(rows[1:], start=2):
        if len(row) != len(columns):
            raise RuleError(f"pipeline/rules/{name}: line {number} has {len(row)} cells")
    return tuple(tuple(row) for row in rows[1:])


class Territory(NamedTuple):
    """A row of `territories.csv`: a state, a territory with a code of its own, a former state.

    Cells of several values hold them as tuples; `alpha2` is empty for former states.
    """

    code: str
    kind: Literal["state", "territory"]
    names: tuple[str, ...]
    demonyms: tuple[str, ...]
    seats: tuple[str, ...]
    ambiguous: tuple[str, ...]
    alpha2: str
    wikidata_id: str


@lru_cache(maxsize=1)
def territories() -> tuple[Territory, ...]:
    """The states and territories of the world, by code.

    Example:
        >>> next(one.names[:2] for one in territories() if one.code == "KEN")
        ('Kenya', 'Republic of Kenya')
    """
    return tuple(
        Territory(
            code,
            "state" if kind == "state" else "territory",
            _cells(names),
            _cells(demonyms),
            _cells(seats),
            _cells(ambiguous),
            alpha2,
            item,
        )
        for code, kind, names, demonyms, seats, ambiguous, alpha2, item in load_rows(
            "territories.csv", Territory._fields
        )
    )


def _cells(cell: str) -> tuple[str, ...]:
    return tuple(filter(None, cell.split(";")))
