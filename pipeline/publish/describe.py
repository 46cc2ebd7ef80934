"""What stands beside the tables of a snapshot: a data package, checksums and a page to read.

`datapackage.json` is a Frictionless Data Package (https://specs.frictionlessdata.io); its types are
those of Table Schema, so that tools which know no Arrow can read it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Literal, get_args, get_origin

import pyarrow as pa

from pipeline.verify import FOREIGN_KEYS, PACKAGE, SUMS, files_of, sha256_of, stated_path
from schemas.arrow import arrow_schema
from schemas.tables import TABLES, Row

README = "README.md"
DESCRIBED = (PACKAGE, README)

_README = """# One snapshot of the dataset

Never changed after it was made: a later run makes another folder.

* `datapackage.json` says what every table and column means, with keys, rows and bytes.
* `SHA256SUMS` holds the checksum of every file: `sha256sum -c SHA256SUMS`.
* `<table>/<table>-<hash>.parquet` is a table. The hash is that of its bytes; ask for `*.parquet`.
  While a run publishes, a reader may once be told "No such file": ask again.

```sql
SELECT * FROM 'passages/*.parquet' LIMIT 10;   -- DuckDB
```
```python
pandas.read_parquet("passages")                # also polars.read_parquet("passages/*.parquet")
```

| table | rows | one row is | key |
|---|---:|---|---|
"""


def describe(folder: Path, tables: Mapping[str, tuple[int, str]]) -> None:
    """Write the data package, the page and the checksums of a snapshot.

    Args:
        folder: the snapshot, its tables in it.
        tables: number of rows and SHA-256 of each table.
    """
    package = {
        "profile": "data-package",
        "name": "grounded-dataset",
        "title": "Names, dates, money and partnerships, each grounded in its text",
        "resources": [_resource(folder, name, *each) for name, each in tables.items()],
    }
    text = json.dumps(package, indent=1, ensure_ascii=False)
    (folder / PACKAGE).write_text(text + "\n", encoding="utf-8")
    lines = [
        f"| `{name}` | {rows} | {_sentence(TABLES[name])} | {', '.join(TABLES[name].key)} |"
        for name, (rows, _) in tables.items()
    ]
    (folder / README).write_text(_README + "\n".join(lines) + "\n", encoding="utf-8")
    digests = {
        path: digest for name, (_, digest) in tables.items() for path in _paths(folder, name)
    }
    digests |= {name: sha256_of(folder / name) for name in DESCRIBED}
    sums = "".join(f"{digest}  {path}\n" for path, digest in sorted(digests.items()))
    (folder / SUMS).write_text(sums, encoding="utf-8")


def _paths(folder: Path, table: str) -> list[str]:
    return [path.relative_to(folder).as_posix() for path in files_of(folder, table)]


def _sentence(model: type[Row]) -> str:
    return " ".join((model.__doc__ or "").split())


def _resource(folder: Path, name: str, rows: int, digest: str) -> dict[str, object]:
    model = TABLES[name]
    return {
        "name": name,
        "path": stated_path(folder, name),
        "profile": "data-resource",
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
        "description": _sentence(model),
        "rows": rows,
        "bytes": sum(path.stat().st_size for path in files_of(folder, name)),
        "hash": f"sha256:{digest}",
        "schema": {
            "fields": [_field(model, field) for field in arrow_schema(model)],
            "primaryKey": list(model.key),
            "foreignKeys": [
                # A table that points into itself is named by nothing.
                {
                    "fields": [column],
                    "reference": {"resource": "" if other == name else other, "fields": [key]},
                }
                for table, column, other, key in FOREIGN_KEYS
                if table == name
            ],
        },
    }


def _field(model: type[Row], field: pa.Field) -> dict[str, object]:
    constraints: dict[str, object] = {"required": not field.nullable}
    if model.key == (field.name,):
        constraints["unique"] = True
    choices = {"enum": list(_choices(model.model_fields[field.name].annotation))}
    described: dict[str, object] = {
        "name": field.name,
        "type": _type(field.type),
        "arrowType": str(field.type),
        "description": model.model_fields[field.name].description,
        "constraints": constraints,
    }
    if pa.types.is_list(field.type):
        # The words that may stand in a list are no words that may stand for it.
        item = {"type": _type(field.type.value_type)}
        described["arrayItem"] = {**item, "constraints": choices} if choices["enum"] else item
    elif choices["enum"]:
        constraints |= choices
    return described


def _choices(annotation: object) -> tuple[object, ...]:
    if get_origin(annotation) is Literal:
        return get_args(annotation)
    parts = [_choices(part) for part in get_args(annotation) if get_origin(part) is Literal]
    return parts[0] if parts else ()


def _type(kind: pa.DataType) -> str:
    """The type of Table Schema for an Arrow type.

    Example:
        >>> _type(pa.int32()), _type(pa.decimal128(38, 9)), _type(pa.list_(pa.string()))
        ('integer', 'number', 'array')
    """
    known = (
        (pa.types.is_boolean, "boolean"),
        (pa.types.is_integer, "integer"),
        (pa.types.is_floating, "number"),
        (pa.types.is_decimal, "number"),
        (pa.types.is_date, "date"),
        (pa.types.is_time, "time"),
        (pa.types.is_list, "array"),
    )
    return next((name for is_it, name in known if is_it(kind)), "string")
