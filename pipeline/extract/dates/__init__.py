"""Dates of a document: spans, EDTF values, and what each value rests on.

The grammar (`grammar`, with its shapes in `rules/dates.toml`) reads words into expressions;
`join` makes two of them one interval and copies what one leaves to the other; `resolve` turns
an expression into a value.  A value is no more precise than its words, and what would need a
date that the document lacks is null with the reason, never a guess.
"""

from __future__ import annotations

from pipeline.extract.dates.find import find_dates, value_of

__all__ = ["find_dates", "value_of"]
