"""spaCy's components, called in ways that take less time and say the same to the last bit.

Three things cost time in `nlp.pipe` and change no answer:

* A component that makes vectors for others runs although all of those are switched off.
* A transition system (recogniser, parser) lets go of the interpreter's lock while it works, and
  then takes and leaves it some hundred times a token, because the small functions that look into
  its states each ask for it.  The same steps taken one by one from here keep the lock, and a
  request for a lock that is held costs next to nothing.  The recogniser's steps are taken for
  many tokens at once, in `recogniser`.
* The first layers embed each token by its own features alone, and most tokens of a batch stand in
  it several times.  Each distinct one is embedded once and copied to its places.

The last one stands on a property of the library of matrix products that spaCy brings (BLIS): a
row of a product does not depend on the other rows.  Each is used where the component is of
the kind that was measured, and spaCy's own way everywhere else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
from spacy.language import Language
from spacy.pipeline import DependencyParser, EntityRecognizer, Tok2Vec
from spacy.tokens import Doc
from spacy.vocab import Vocab
from thinc.model import Model

from pipeline.extract.recogniser import is_plain, recognise

Codes = npt.NDArray[np.uint64]
Layer = Model[Any, Any]

# Layers that read a token's own features, or a row of numbers, and no other token or row.
OF_ONE_TOKEN = frozenset(
    (
        "extract_features",
        "list2ragged",
        "ints-getitem",
        "hashembed",
        "static_vectors",
        "maxout",
        "layernorm",
        "dropout",
        "ragged2list",
    )
)
TRANSITIONS = (EntityRecognizer, DependencyParser)
# What vectors are looked up by unless they say otherwise: `spacy.attrs.ORTH`, which has no types.
ORTH = 65
# The name of the layer that does so.
ONCE = "embed_once"
# An odd number with bits all over: rows of features that differ get different sums, nearly always;
# where they do not, it is noticed.
SPREAD = 0x9E3779B97F4A7C15


def annotate(nlp: Language, texts: Iterable[str], batch_size: int) -> list[Doc]:
    """What `nlp.pipe` gives for `texts`, by the components that are switched on.

    Args:
        nlp: a loaded pipeline.
        texts: one document each.
        batch_size: for the components that are called spaCy's own way.
    """
    docs = [nlp.make_doc(text) for text in texts]
    for _, component in nlp.pipeline:
        if type(component) in TRANSITIONS and getattr(component, "cfg", {})["beam_width"] == 1:
            if isinstance(component, EntityRecognizer) and is_plain(component, docs):
                recognise(component, docs)
            else:
                _take_steps(component, docs)
        elif hasattr(component, "pipe"):
            docs = list(component.pipe(docs, batch_size=batch_size))
        else:
            docs = [component(doc) for doc in docs]
    return docs


def heard_by_none(nlp: Language, disabled: Iterable[str]) -> list[str]:
    """Components that make vectors only for components that are in `disabled`."""
    off = set(disabled)
    return [
        name
        for name, component in nlp.pipeline
        if isinstance(component, Tok2Vec)
        and component.listening_components
        and off.issuperset(component.listening_components)
    ]


def embed_once(nlp: Language) -> None:
    """Have the components of `nlp` embed each distinct token of a batch once."""
    for _, component in nlp.pipeline:
        network = getattr(component, "model", None)
        if isinstance(network, Model):
            for layer in list(network.walk()):
                if layer.name == ONCE:
                    continue
                for place, inner in enumerate(layer.layers):
                    if _is_embedding(inner):
                        layer.layers[place] = _once(inner)


def _take_steps(component: EntityRecognizer | DependencyParser, docs: Sequence[Doc]) -> None:
    """The greedy search of `Parser.greedy_parse`, from `Parser`'s own pieces."""
    states = component.moves.init_batch(docs)
    open_states = [state for state in states if not state.is_final()]
    if open_states:
        network = component.model.predict(docs)
        while open_states:
            open_states = component.transition_states(open_states, network.predict(open_states))
        network.clear_memory()
    component.set_annotations(docs, states)


def _is_embedding(layer: Layer) -> bool:
    """Whether `layer` goes from documents to a row a token, each from its own features."""
    ends = [each.name for each in layer.walk() if not each.layers]
    return (
        len(layer.layers) > 1
        and "extract_features" in ends
        and layer.layers[-1].name == "ragged2list"
        and OF_ONE_TOKEN.issuperset(ends)
    )


class _Tokens:
    """Tokens that stand in no document, for layers that ask a document for their features."""

    def __init__(self, vocab: Vocab, features: Mapping[int | str, Codes]) -> None:
        self.vocab = vocab
        self._features = features

    def __len__(self) -> int:
        return len(next(iter(self._features.values())))

    def to_array(self, wanted: int | str | Sequence[int | str]) -> Codes:
        """As `Doc.to_array`: a column, or columns side by side."""
        if isinstance(wanted, int | str):
            return self._features[wanted]
        return np.stack([self._features[name] for name in wanted], axis=1)


def _once(embedding: Layer) -> Layer:
    """A layer that gives what `embedding` gives and asks it for each distinct token once."""
    asked: list[int | str] = [
        name
        for each in embedding.walk()
        if each.name == "extract_features"
        for name in each.attrs["columns"]
    ]
    return Model(ONCE, _forward, layers=[embedding], attrs={"asked": asked})


def _forward(
    layer: Layer, docs: Sequence[Doc], is_train: bool
) -> tuple[list[npt.NDArray[np.float32]], object]:
    (embedding,) = layer.layers
    if is_train or sum(map(len, docs)) < 2:
        return embedding(docs, is_train)
    vocab = docs[0].vocab
    columns = [*layer.attrs["asked"], getattr(vocab.vectors, "attr", ORTH)]
    rows = np.concatenate([doc.to_array(columns).reshape(-1, len(columns)) for doc in docs])
    distinct, places = _distinct(rows.astype(np.uint64, copy=False))
    features = {name: np.ascontiguousarray(distinct[:, n]) for n, name in enumerate(columns)}
    (embedded,) = embedding.predict([_Tokens(vocab, features)])
    bounds = np.cumsum([0, *map(len, docs)]).tolist()
    spread = embedded[places]
    return [spread[start:end] for start, end in pairwise(bounds)], None


def _distinct(rows: Codes) -> tuple[Codes, npt.NDArray[np.intp]]:
    """The distinct rows, and for each row which of them it is.

    Example:
        >>> distinct, places = _distinct(np.array([[5, 1], [2, 1], [5, 1]], dtype=np.uint64))
        >>> distinct[places].tolist()
        [[5, 1], [2, 1], [5, 1]]
        >>> len(distinct)
        2
    """
    factors = np.full(rows.shape[1], SPREAD, dtype=np.uint64).cumprod(dtype=np.uint64)
    _, first, places = np.unique(rows @ factors, return_index=True, return_inverse=True)
    distinct = rows[first]
    if not np.array_equal(distinct[places], rows):
        distinct, places = np.unique(rows, axis=0, return_inverse=True)
        places = places.reshape(-1)
    return distinct, places
