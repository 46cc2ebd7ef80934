"""Lines that are set in are read as those that are not, and what is found points to the text."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.extract import extract
from pipeline.extract.flush import cut_out, flush
from pipeline.ingest import Stated, read_document
from pipeline.passages import split
from pipeline.records import Document, ModelOutput, ModelSpan, Passage

ITEM = (
    "In June 2021 the premiers of the Republic of Malta and of Samoa raised their ties to a "
    "Comprehensive Strategic Partnership and set aside USD 40 million for the port of Apia."
)
STATED = Stated(published=dt.date(2022, 5, 1))

lines = st.lists(st.text("ab \t", max_size=8), min_size=1, max_size=6).map("\n".join)


def wrapped(words: list[str], width: int, indent: int) -> str:
    """`words` as an item of a list whose further lines are set in as far as its first."""
    text, room = "-".ljust(indent), width - indent
    for word in words:
        if room < len(word) + 1:
            text, room = text.rstrip() + "\n" + " " * indent, width - indent
        text, room = text + word + " ", room - len(word) - 1
    return text.rstrip()


def values(text: str) -> list[tuple[str, object]]:
    """What is found in a text by rules alone, with the words that it points to."""
    document = read_document(f"Ports\n\n{text}\n".encode(), "a.txt", STATED)
    found = extract(document, split(document), {})

    def words(start: int, end: int) -> str:
        return " ".join(document.text[start:end].split())

    told: list[tuple[str, object]] = [
        *((words(e.start_char, e.end_char), (e.label, e.country_code)) for e in found.entities),
        *((words(d.start_char, d.end_char), d.edtf) for d in found.dates),
        *((words(m.start_char, m.end_char), m.amount) for m in found.money),
    ]
    for one in found.partnerships:
        evidence = words(one.evidence_start_char, one.evidence_end_char).removeprefix("- ")
        told.append((words(one.start_char, one.end_char), (one.parties, one.status, one.since)))
        told.append((evidence, "evidence"))
    return told


@pytest.mark.parametrize("width", range(40, 80, 3))
@pytest.mark.parametrize("indent", [2, 3, 4, 6])
def test_a_wrapped_item_says_what_it_says_on_one_line(width: int, indent: int) -> None:
    whole = values(f"-   {ITEM}")
    assert len(whole) >= 6
    assert values(wrapped(ITEM.split(), width, indent)) == whole


def test_a_blank_at_the_end_of_a_line_changes_nothing() -> None:
    text = wrapped(ITEM.split(), 52, 4).replace("\n", " \n")
    assert values(text) == values(f"-   {ITEM}")


@given(lines)
def test_offsets_lead_there_and_back(text: str) -> None:
    passage = Passage("d", 0, "paragraph", None, "en", 0, len(text), text)
    flat = flush(Document("d", text), [passage], {})
    if flat is None:
        assert not any(line.strip() and line[:1] in " \t" for line in text.split("\n")[1:])
        return
    left = flat.passages[0].text
    assert [flat.cuts.forth(flat.cuts.back(at)) for at in range(len(left))] == list(
        range(len(left))
    )
    assert [text[flat.cuts.back(at)] for at in range(len(left))] == list(left)
    assert not any(line.strip() and line[:1] in " \t" for line in left.split("\n")[1:])


def test_what_the_model_said_moves_with_its_words() -> None:
    text = "- They met in\n    Suva and in\n    Apia."
    passage = Passage("d", 3, "list_item", None, "en", 10, 10 + len(text), text)
    at = text.index("Apia")
    output = ModelOutput(spans=(ModelSpan(at, at + 4, "GPE"),))
    flat = flush(Document("d", "x" * 10 + text), [passage], {3: output})
    assert flat is not None
    (span,) = flat.model[3].spans
    assert flat.passages[0].text[span.start : span.end] == "Apia"
    assert flat.document.text[flat.passages[0].start_char :] == flat.passages[0].text


def test_a_text_without_lines_set_in_is_left_alone() -> None:
    text = "Suva\nand Apia"
    passage = Passage("d", 0, "paragraph", None, "en", 0, len(text), text)
    assert flush(Document("d", text), [passage], {}) is None


def test_cuts_at_the_beginning_and_next_to_each_other() -> None:
    cuts = cut_out([(0, 2), (2, 3), (5, 6)])
    assert [cuts.back(at) for at in range(4)] == [3, 4, 6, 7]
