from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.language import Language
from spacy.pipeline import EntityRecognizer
from spacy.tokens import Doc, Span

from pipeline.extract import nlp
from pipeline.extract.recogniser import is_plain, recognise

WORDS = (
    "Kowa",
    "Marine",
    "of",
    "Peru",
    "the",
    "Ngozi",
    "Eze",
    "PORT",
    "3",
    "May",
    "2021",
    "$",
    "4.2",
    "million",
    ",",
    ".",
    "said",
    "\n",
    " ",
    "&",
    "University",
    "'s",
    "–",
)
LONG = "the Ministry of Ports and Fisheries of the Republic of Peru and the Bank of Lima " * 12


@pytest.fixture(scope="module")
def loaded(model: nlp.Model) -> Iterator[tuple[Language, EntityRecognizer]]:
    """The default model and its recogniser."""
    language = model._nlp
    component = language.get_pipe("ner")
    assert isinstance(component, EntityRecognizer)
    yield language, component


def names(docs: Sequence[Doc]) -> list[list[tuple[int, int, str, int]]]:
    """Names of each text, and what is noted of each of its tokens."""
    return [
        [(ent.start, ent.end, ent.label_, ent.kb_id) for ent in doc.ents]
        + [(token.i, token.ent_iob, token.ent_type_, 0) for token in doc]
        for doc in docs
    ]


@settings(max_examples=60, deadline=None)
@given(
    texts=st.lists(st.lists(st.sampled_from(WORDS), max_size=14), min_size=1, max_size=6),
    starts=st.sets(st.integers(0, 13), max_size=4),
)
def test_it_says_what_spacy_says(
    loaded: tuple[Language, EntityRecognizer], texts: list[list[str]], starts: set[int]
) -> None:
    language, component = loaded

    def made() -> list[Doc]:
        docs = [Doc(language.vocab, words=words) for words in texts]
        for doc in docs:
            for token in doc:
                # A parser may have told where sentences begin: no name goes beyond.
                if token.i in starts:
                    token.is_sent_start = True
        return docs

    ours, theirs = made(), made()
    assert is_plain(component, ours)
    recognise(component, ours)
    assert names(ours) == names([component(doc) for doc in theirs])


def test_long_names_and_texts_of_all_lengths_are_walked_through_together(
    loaded: tuple[Language, EntityRecognizer],
) -> None:
    language, component = loaded
    texts = ["", LONG, "Peru", " ", LONG.title(), LONG.upper(), "met Ngozi Eze", ""]
    ours = [language.make_doc(text) for text in texts]
    recognise(component, ours)
    theirs = [component(language.make_doc(text)) for text in texts]
    assert names(ours) == names(theirs)
    assert any(ent.end - ent.start > 2 for doc in ours for ent in doc.ents)
    recognise(component, [])
    recognise(component, [language.make_doc("")])


def test_names_set_before_are_left_to_spacy(loaded: tuple[Language, EntityRecognizer]) -> None:
    language, component = loaded
    doc = language.make_doc("The ship Kowa Marine left Lima.")
    assert is_plain(component, [doc])
    doc.set_ents([Span(doc, 2, 4, label="ORG")], default="missing")
    assert not is_plain(component, [language.make_doc("It left."), doc])
