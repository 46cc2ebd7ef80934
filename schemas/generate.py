"""Writes what follows from the row models: a JSON Schema a table and the data dictionary.

`python -m schemas.generate` writes the files beside this one; with `--check` it writes
nothing and fails when one is not what the models say.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pyarrow as pa

from schemas.arrow import arrow_schema
from schemas.tables import TABLES, Row

FOLDER = Path(__file__).parent

HEAD = """# Data dictionary

The dataset has {count} tables, one Parquet file or more each, in `output/latest/<table>/`.
Generated from `schemas/tables.py` by `pipeline schema --write`; do not edit.

* `start_char` and `end_char` count code points of `documents.text`, the end one past the last:
  cut there, the text of the document is the `text` of the row, in every table.
* Ids are hexadecimal digits of SHA-256. Neither a renamed file nor another run changes them, nor
  a better rule with the same finding.
* A column is null when the text does not say it. Nothing is guessed.
* Partial dates stay partial: `edtf` holds what is said, `start_date` and `end_date` the days it
  covers.
* Records come from passages whose `repeat_of` is null; join `passages` to see where the same
  words stand again.
"""


def files() -> dict[Path, str]:
    """Path, relative to this folder, and text of every generated file.

    Example:
        >>> sorted(str(path) for path in files())[0]
        'README.md'
    """
    made = {Path("README.md"): dictionary()}
    for name, model in TABLES.items():
        schema = model.model_json_schema()
        text = json.dumps(schema, indent=1, ensure_ascii=False, sort_keys=True)
        made[Path("json") / f"{name}.schema.json"] = text + "\n"
    return made


def dictionary() -> str:
    """The data dictionary as Markdown: a section a table, a line a column."""
    parts = [HEAD.format(count=len(TABLES))]
    for name, model in TABLES.items():
        schema = arrow_schema(model)
        parts.append(f"\n## {name}\n\n{_sentence(model)} Key: {_names(model.key)}.\n")
        parts.append("| column | type | null | meaning |\n|---|---|---|---|")
        parts += [_line(schema.field(column), model) for column in schema.names]
    return "\n".join(parts) + "\n"


def stale() -> list[str]:
    """Names of the generated files that are missing or differ from what the models say."""
    return [
        str(path)
        for path, text in files().items()
        if not (FOLDER / path).is_file() or (FOLDER / path).read_text(encoding="utf-8") != text
    ]


def write() -> None:
    """Write every generated file."""
    for path, text in files().items():
        (FOLDER / path).parent.mkdir(exist_ok=True)
        (FOLDER / path).write_text(text, encoding="utf-8")


def _sentence(model: type[Row]) -> str:
    return " ".join((model.__doc__ or "").split())


def _names(columns: tuple[str, ...]) -> str:
    return ", ".join(f"`{column}`" for column in columns)


def _line(field: pa.Field, model: type[Row]) -> str:
    info = model.model_fields[field.name]
    text = (info.description or "").replace("|", "\\|")
    choices = _choices(model, field.name)
    if choices:
        text += f" One of {_names(choices)}."
    kind = (
        str(field.type).replace("list<element: ", "list<").replace("[day]", "").replace("[ms]", "")
    )
    return f"| `{field.name}` | {kind} | {'yes' if field.nullable else ''} | {text} |"


def _choices(model: type[Row], column: str) -> tuple[str, ...]:
    schema = model.model_json_schema()["properties"][column]
    options = [schema, *schema.get("anyOf", [])]
    return tuple(value for option in options for value in option.get("enum", []))


if __name__ == "__main__":
    if "--check" in sys.argv[1:]:
        if late := stale():
            sys.exit(f"schemas/: not fresh: {', '.join(late)}; run `pipeline schema --write`.")
    else:
        write()
