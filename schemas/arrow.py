"""From a row model to its Arrow schema; no table is known here by name.

A nullable column is one whose annotation admits None.  Descriptions travel in the
field metadata, so that they stand inside every Parquet file.
"""

from __future__ import annotations

import datetime as dt
import types
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Literal, Union, get_args, get_origin

import pyarrow as pa
from annotated_types import Lt

from schemas.tables import Row

_PLAIN: dict[object, pa.DataType] = {
    str: pa.string(),
    bool: pa.bool_(),
    float: pa.float64(),
    int: pa.int64(),
    Decimal: pa.decimal128(38, 9),
    dt.date: pa.date32(),
    dt.time: pa.time32("ms"),
}


def arrow_schema(model: type[Row]) -> pa.Schema:
    """Arrow schema of a table, its key first.

    Raises:
        TypeError: a column's annotation has no Arrow type here.

    Example:
        >>> from schemas.tables import MoneyRow
        >>> arrow_schema(MoneyRow).field("amount").type
        Decimal128Type(decimal128(38, 9))
    """
    fields = []
    for name in model.columns():
        info = model.model_fields[name]
        annotation, nullable = _without_none(info.annotation)
        fields.append(
            pa.field(
                name,
                _arrow_type(annotation, info.metadata),
                nullable=nullable,
                metadata={"description": info.description or ""},
            )
        )
    return pa.schema(
        fields,
        metadata={"table": model.table, "description": " ".join((model.__doc__ or "").split())},
    )


def _without_none(annotation: Any) -> tuple[Any, bool]:  # noqa: ANN401  # an annotation
    if get_origin(annotation) in (Union, types.UnionType):
        inner = [part for part in get_args(annotation) if part is not type(None)]
        if len(inner) == 1:
            return inner[0], True
    return annotation, False


def _arrow_type(  # an annotation is any object
    annotation: Any,  # noqa: ANN401
    metadata: Sequence[object],
) -> pa.DataType:
    if hasattr(annotation, "__metadata__"):
        return _arrow_type(annotation.__origin__, annotation.__metadata__)
    if get_origin(annotation) is Literal:
        return pa.string()
    if get_origin(annotation) is tuple:
        # Parquet's own name for the items of a list: the schema read back is the one written.
        return pa.list_(pa.field("element", _arrow_type(get_args(annotation)[0], ())))
    if annotation is int and any(_is_small(part) for part in metadata):
        return pa.int32()
    if annotation in _PLAIN:
        return _PLAIN[annotation]
    raise TypeError(f"no Arrow type for {annotation!r}")


def _is_small(part: object) -> bool:
    parts = getattr(part, "metadata", (part,))
    return any(isinstance(one, Lt) and one.lt == 2**31 for one in parts)
