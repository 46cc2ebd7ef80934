"""Values as the report's form and the examples of the tests write them, and stubs of examples."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from pipeline.errors import SettingsError
from pipeline.review.verdicts import Missing

AROUND = 120
GOLD_TYPES = frozenset({"PERSON", "ORG", "GPE", "NORP", "LOC", "FAC", "EVENT"})
GOLD_STATUSES = ("in_force", "established", "upgraded", "proposed", "negated", "ended")

Cells = dict[str, object]


_MONEY = re.compile(
    r"(?P<currency>[A-Z]{3}|\?) (?P<amount>\?|\d+(?:\.\d+)?)(?:\.\.(?P<most>\d+(?:\.\d+)?))?"
    r"(?: (?P<qualifier>exact|about|over|under|up_to))?"
)
_PARTNERSHIP = re.compile(
    r"(?:(?P<label>[a-z0-9_]+): )?(?P<parties>[A-Z][A-Z0-9]{1,9}(?:-[A-Z][A-Z0-9]{1,9})+)"
    r" (?P<status>[a-z_]+)(?: (?P<since>[-0-9X/.~?%]+))?"
)


def missing_row(document_id: str, text: str, missing: Missing) -> Cells:
    """What is missing as a row, read from the notation of the report's form."""
    place = f"{document_id}:{missing.start}"
    if not missing.start < missing.end <= len(text):
        raise SettingsError(f"{place}: the span of a missing record is not in the text.")
    row: Cells = {"start_char": missing.start, "end_char": missing.end, "table": missing.table}
    row["rule_id"] = "none"
    value = missing.value.strip()
    match missing.table:
        case "entities":
            label = value.partition(" ")[0]
            if label not in GOLD_TYPES:
                raise SettingsError(
                    f"{place}: {value!r} is no label; write one of {', '.join(sorted(GOLD_TYPES))}."
                )
            return {**row, "label": label}
        case "dates":
            return {**row, "edtf": value or None}
        case "money":
            found = _MONEY.fullmatch(value)
            if found is None:
                raise SettingsError(f"{place}: {value!r} is no amount; write EUR 4500000.")
            amount = None if found["amount"] == "?" else found["amount"]
            currency = None if found["currency"] == "?" else found["currency"]
            return {
                **row,
                "amount": amount,
                "amount_max": found["most"],
                "currency": currency,
                "qualifier": found["qualifier"] or "exact",
            }
    found = _PARTNERSHIP.fullmatch(value)
    if found is None or found["status"] not in GOLD_STATUSES:
        raise SettingsError(
            f"{place}: {value!r} is no statement; write CHL-PER upgraded 2021-05, with one of "
            f"{', '.join(GOLD_STATUSES)}."
        )
    start, end = _sentence(text, missing.start, missing.end)
    return {
        **row,
        "label": found["label"] or _label_key(text[missing.start : missing.end]),
        "parties": sorted(found["parties"].split("-")),
        "status": found["status"],
        "since": found["since"],
        "evidence_start_char": start,
        "evidence_end_char": end,
    }


def _label_key(words: str) -> str:
    """The words of a label as a key.

    Example:
        >>> _label_key("Strategic Partners")
        'strategic_partnership'
    """
    key = "_".join(re.findall(r"[^\W_]+", words.lower()))
    return re.sub(r"partner(?:s|ships)?$", "partnership", key)


def _sentence(text: str, start: int, end: int) -> tuple[int, int]:
    """Borders of the sentence around a span, by its full stops and empty lines.

    Example:
        >>> _sentence("It rained. Peru won twice. Chile lost.", 11, 15)
        (11, 26)
    """
    borders = [0]
    borders += [found.end() for found in re.finditer(r"[.!?]\s|\n\s*\n", text[:start])]
    after = re.compile(r"[.!?](?=\s|$)|\n\s*\n").search(text, end)
    stop = len(text) if after is None else after.start() + (after[0] in (".", "!", "?"))
    first = borders[-1]
    return first + len(text[first:start]) - len(text[first:start].lstrip()), stop


def stub(text: str, row: Cells, verdict: str) -> str:
    """A record in its sentence, as TOML: an example, or a counter-example when it is wrong."""
    start, end = int(str(row["start_char"])), int(str(row["end_char"]))
    first, last = _sentence(text, start, end)
    first, last = max(first, start - AROUND), min(last, end + AROUND)
    mark = f"[[{text[start:end]}|{_value(row)}]]"
    if verdict == "wrong":
        mark = text[start:end]
    sentence = f"{text[first:start]}{mark}{text[end:last]}".replace("\n", "\\n")
    entries = (
        ("table", row["table"]),
        ("rule", row["rule_id"]),
        ("verdict", verdict),
        ("found", "" if verdict == "missing" else _value(row)),
        ("counter_example" if verdict == "wrong" else "example", sentence),
    )
    lines = (f"{name} = {_toml(str(value))}" for name, value in entries)
    return "[[stubs]]\n" + "\n".join(lines) + "\n"


def _value(row: Cells) -> str:
    """The value of a row in the notation of the tests."""
    match row["table"]:
        case "entities":
            parts: Sequence[object] = (row["label"], row.get("country_code"))
        case "dates":
            parts = (row["edtf"] or row.get("granularity") or "unresolved", row.get("modifier"))
        case "money":
            parts = tuple(_words_of_money(row))
        case _:
            parties = "-".join(row["parties"])  # type: ignore[arg-type]
            parts = (f"{row['label']}:", parties, row["status"], row["since"])
    return " ".join(str(part) for part in parts if part)


def _words_of_money(row: Cells) -> Iterator[str]:
    def plain(amount: object) -> str:
        return format(Decimal(str(amount)).normalize(), "f")

    yield str(row["currency"] or "?")
    amount = "?" if row["amount"] is None else plain(row["amount"])
    yield amount if row["amount_max"] is None else f"{amount}..{plain(row['amount_max'])}"
    if row["qualifier"] != "exact":
        yield str(row["qualifier"])


def _toml(text: str) -> str:
    r"""A TOML string: JSON's escapes are TOML's as well, but for DEL, which TOML wants escaped.

    Example:
        >>> _toml('a "b"')
        '"a \\"b\\""'
    """
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
