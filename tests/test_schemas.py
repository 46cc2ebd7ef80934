from __future__ import annotations

import json

import pyarrow as pa
import pytest

from schemas import TABLES, generate
from schemas.arrow import arrow_schema

SAME_MEANING = ("document_id", "passage_id", "start_char", "end_char", "text", "method", "rule_id")


@pytest.mark.parametrize("table", TABLES)
def test_every_column_is_described(table: str) -> None:
    model = TABLES[table]
    for name in model.columns():
        description = model.model_fields[name].description
        assert description is not None, name
        assert description.endswith("."), name
        assert arrow_schema(model).field(name).metadata[b"description"].decode() == description


@pytest.mark.parametrize("table", TABLES)
def test_keys_exist_and_are_never_null(table: str) -> None:
    schema = arrow_schema(TABLES[table])
    for name in (*TABLES[table].key, *TABLES[table].order):
        assert not schema.field(name).nullable


def test_a_name_has_one_type_in_all_tables() -> None:
    types: dict[str, set[pa.DataType]] = {}
    for model in TABLES.values():
        for field in arrow_schema(model):
            types.setdefault(field.name, set()).add(field.type)
    assert [name for name, found in types.items() if len(found) > 1] == []
    assert all(name in types for name in SAME_MEANING)


def test_money_is_decimal_and_offsets_are_small() -> None:
    money = arrow_schema(TABLES["money"])
    assert money.field("amount").type == pa.decimal128(38, 9)
    assert money.field("start_char").type == pa.int32()
    assert arrow_schema(TABLES["sources"]).field("bytes").type == pa.int64()


def test_generated_files_are_fresh() -> None:
    assert generate.stale() == [], "run `pipeline schema --write`"


def test_the_dictionary_names_every_column_and_choice() -> None:
    text = generate.dictionary()
    for name, model in TABLES.items():
        section = text.split(f"\n## {name}\n")[1].split("\n## ")[0]
        for column in model.columns():
            assert f"| `{column}` |" in section
    assert "`in_force`, `established`, `upgraded`" in text


@pytest.mark.parametrize("table", TABLES)
def test_json_schema_has_the_columns(table: str) -> None:
    text = (generate.FOLDER / "json" / f"{table}.schema.json").read_text(encoding="utf-8")
    assert set(json.loads(text)["properties"]) == set(TABLES[table].columns())
