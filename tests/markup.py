"""Marked sentences in the tests; the notation is that of `pipeline.marked`."""

from pipeline.marked import (
    Found,
    Marked,
    date_value,
    entity_value,
    money_value,
    parse,
    partnership_value,
)

__all__ = [
    "Found",
    "Marked",
    "date_value",
    "entity_value",
    "money_value",
    "parse",
    "partnership_value",
]
