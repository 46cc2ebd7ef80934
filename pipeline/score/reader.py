"""Answers texts through the public API and nothing else of the house.

Run as a program (`python -P reader.py MODEL`) with another commit on PYTHONPATH, it answers
with that commit's code: a JSON line on stdin (id, text, published) gives a line of annotations
on stdout.  That is why it imports no other module of `pipeline.score`, which that commit may lack.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import sys
from inspect import signature
from typing import TYPE_CHECKING

from pipeline import Extractor

if TYPE_CHECKING:
    from schemas.tables import DateRow

# EDTF codes of seasons, quarters and halves stand where a month stands.
CODE = re.compile(r"-(?:2[1-4]|3[3-6]|4[01])(?=~?(?:/|\Z))")


def line_of(extractor: Extractor, name: str, text: str, published: dt.date | str | None) -> str:
    """One answer as a JSON line in the form of annotations."""
    found = extractor.extract(text, published)
    answer = {
        "id": name,
        "entities": [
            {"start": row.start_char, "end": row.end_char, "type": row.label}
            for row in found.entities
        ],
        "dates": [
            {"start": row.start_char, "end": row.end_char, "value": value_of(row)}
            for row in found.dates
        ],
        "money": [
            {
                "start": row.start_char,
                "end": row.end_char,
                "amount": None if row.amount is None else str(row.amount),
                "amount_max": None if row.amount_max is None else str(row.amount_max),
                "currency": row.currency,
                "qualifier": row.qualifier,
            }
            for row in found.money
        ],
        "partnerships": [
            {
                "label_start": row.start_char,
                "label_end": row.end_char,
                "label": row.label,
                "parties": list(row.parties),
                "status": row.status,
                "since": row.since,
                "evidence_start": row.evidence_start_char,
                "evidence_end": row.evidence_end_char,
            }
            for row in found.partnerships
        ],
    }
    return json.dumps(answer, ensure_ascii=False)


def value_of(row: DateRow) -> str | None:
    """The value as annotations write it: quarters, halves and seasons as their days."""
    if row.edtf is None or CODE.search(row.edtf) is None:
        return row.edtf
    return f"{row.start_date or '..'}/{row.end_date or '..'}"


def main() -> None:
    """Answer each line of stdin."""
    extractor = Extractor(sys.argv[1])
    for line in sys.stdin:
        asked = json.loads(line)
        print(line_of(extractor, asked["id"], asked["text"], _moment(asked["published"])))


def _moment(published: str | None) -> dt.date | str | None:
    """The day, or the month or year where the code that answers knows what to do with one."""
    if published is None or len(published) == len("2024-05-03"):
        return published and dt.date.fromisoformat(published)
    takes_months = "str" in str(signature(Extractor.extract).parameters["published"].annotation)
    return published if takes_months else None


if __name__ == "__main__":
    main()
