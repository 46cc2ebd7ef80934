"""The search of spaCy's entity recogniser, made for all tokens at once instead of one by one.

The recogniser reads a text from its start and takes one action a token: outside names `O`, for a
name of one token `U`, for the first, the inner and the last token of a longer one `B`, `I`, `L`.
Outside names the scores of the actions depend on the token alone; inside, on the token, the one
before it and the first of the name.  So the scores outside names are made for all tokens in one
product, and only longer names are walked through, a token a step in all texts together.

spaCy's own search takes a step for every token, and in each asks every action by a call of its
own whether it may be taken: that is a third of the time of the model.  Both choose from the same
scores, so that they choose the same; the product is made of rows that do not depend on each other
(see `components`).

Source: `BiluoPushDown` in spaCy's `pipeline/_parser_internals/ner.pyx`, which action may be taken
when; `set_context_tokens` in `_state.pxd`, which tokens the scores depend on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt
from spacy.pipeline import EntityRecognizer
from spacy.pipeline._parser_internals.ner import (  # type: ignore[import-not-found]
    BiluoPushDown,
)
from spacy.tokens import Doc, Span

Places = npt.NDArray[np.intp]
Flags = npt.NDArray[np.bool_]
Scores = npt.NDArray[np.float32]

# Tokens that the scores depend on: this one, the first of the name, the one before this.
SEEN_TOKENS = 3
NOWHERE = -1


class _Product(Protocol):
    """A layer that goes from rows to rows, each on its own."""

    def predict(self, rows: npt.NDArray[np.int32] | Scores) -> Scores: ...


class _Network(Protocol):
    """What the recogniser's network makes of some texts, ready to be asked for scores."""

    state2vec: _Product
    vec2scores: _Product

    def clear_memory(self) -> None: ...


class _Moves(Protocol):
    """The actions of the recogniser, by the column of their score."""

    n_moves: int

    def get_class_name(self, column: int) -> str: ...


@dataclass(frozen=True)
class _Actions:
    """The columns of the scores, by what their action does.

    `labels` has the label of each column; `inner` and `last` have, for the column that opens a
    name, the columns that go on with it and end it.
    """

    labels: tuple[str, ...]
    free: Places
    opens: Flags
    is_alone: Flags
    inner: Places
    last: Places


@dataclass(frozen=True)
class _Tokens:
    """The tokens of all texts in a row, and what bears on the actions that may be taken."""

    starts: Places
    ends: Places
    is_space: Flags
    # Behind these no name goes on: the last of a text, and of a sentence where it is known.
    is_closing: Flags


def is_plain(component: EntityRecognizer, docs: Sequence[Doc]) -> bool:
    """Whether `recognise` says of `docs` what the component says; else it must be asked itself."""
    attrs = component.model.attrs
    return (
        type(component.moves) is BiluoPushDown
        and bool(attrs["has_upper"])
        and not attrs["unseen_classes"]
        and component.model.get_ref("lower").get_dim("nF") == SEEN_TOKENS
        # Names that an earlier component has set bear on what may be taken.
        and not any(doc.to_array("ENT_IOB").any() for doc in docs if len(doc))
    )


def recognise(component: EntityRecognizer, docs: Sequence[Doc]) -> None:
    """Set the names of `docs`, for which `is_plain` must hold."""
    if not any(map(len, docs)):
        return
    network = component.model.predict(docs)
    actions, tokens = _actions(component.moves), _tokens(docs)
    taken = _outside(network, actions, tokens)
    starts, ends, columns = _walked(network, actions, tokens, taken)
    network.clear_memory()
    inside = np.zeros(len(taken) + 1, dtype=np.intp)
    inside[starts] += 1
    inside[ends] -= 1
    alone = np.flatnonzero(actions.is_alone[taken] & (inside.cumsum()[:-1] == 0))
    starts, ends = np.concatenate([starts, alone]), np.concatenate([ends, alone + 1])
    columns = np.concatenate([columns, taken[alone]])
    order = np.argsort(starts)
    bounds = np.searchsorted(starts[order], np.append(tokens.starts, len(taken)))
    for number, doc in enumerate(docs):
        named = order[bounds[number] : bounds[number + 1]]
        first = int(tokens.starts[number])
        doc.set_ents(
            [
                Span(doc, start - first, end - first, label=actions.labels[column])
                for start, end, column in zip(
                    starts[named].tolist(),
                    ends[named].tolist(),
                    columns[named].tolist(),
                    strict=True,
                )
            ],
            default="outside",
        )
        for hook in component.postprocesses:
            hook(doc)


def _actions(moves: _Moves) -> _Actions:
    names = [moves.get_class_name(number) for number in range(moves.n_moves)]
    kinds, _, labels = zip(*(name.partition("-") for name in names), strict=True)
    column = {name: number for number, name in enumerate(names)}
    opens = np.array([kind == "B" for kind in kinds])
    # `U` without a label keeps names from tokens, and only an earlier component asks for that.
    is_alone = np.array(
        [kind == "U" and label != "" for kind, label in zip(kinds, labels, strict=True)]
    )
    is_outside = np.array([kind == "O" for kind in kinds])

    def partners(kind: str) -> Places:
        pairs = [
            f"{kind}-{label}" if opening else ""
            for label, opening in zip(labels, opens, strict=True)
        ]
        return np.array([column.get(pair, NOWHERE) for pair in pairs], dtype=np.intp)

    free = np.flatnonzero(opens | is_alone | is_outside)
    return _Actions(labels, free, opens, is_alone, partners("I"), partners("L"))


def _tokens(docs: Sequence[Doc]) -> _Tokens:
    bounds = np.cumsum([0, *map(len, docs)])
    rows = np.concatenate([doc.to_array(["IS_SPACE", "SENT_START"]).reshape(-1, 2) for doc in docs])
    is_closing = np.append(rows[1:, 1] == 1, True)
    is_closing[bounds[1:][bounds[1:] > 0] - 1] = True
    return _Tokens(bounds[:-1], bounds[1:], rows[:, 0] == 1, is_closing)


def _scores(network: _Network, here: Places, start: Places, before: Places) -> Scores:
    seen = np.ascontiguousarray(np.stack([here, start, before], axis=1), dtype=np.int32)
    scores: Scores = network.vec2scores.predict(network.state2vec.predict(seen))
    return scores


def _outside(network: _Network, actions: _Actions, tokens: _Tokens) -> Places:
    """The column of the action that each token gets if it stands behind the end of a name."""
    here = np.arange(len(tokens.is_space))
    nowhere = np.full_like(here, NOWHERE)
    scores = _scores(network, here, nowhere, nowhere)[:, actions.free]
    opens, is_alone = actions.opens[actions.free], actions.is_alone[actions.free]
    scores[np.ix_(tokens.is_closing | tokens.is_space, opens)] = -np.inf
    scores[np.ix_(tokens.is_space, is_alone)] = -np.inf
    taken: Places = actions.free[scores.argmax(axis=1)]
    return taken


def _walked(
    network: _Network, actions: _Actions, tokens: _Tokens, taken: Places
) -> tuple[Places, Places, Places]:
    """Starts, ends and opening columns of the names of several tokens."""
    openings = np.append(np.flatnonzero(actions.opens[taken]), len(taken))
    found: list[tuple[Places, Places]] = []
    start = openings[np.searchsorted(openings, tokens.starts)]
    open_texts = start < tokens.ends
    start, end = start[open_texts], tokens.ends[open_texts]
    here = start + 1
    while len(start):
        column = taken[start]
        scores = _scores(network, here, start, here - 1)
        row, inner, last = np.arange(len(start)), actions.inner[column], actions.last[column]
        going, ending = scores[row, inner], scores[row, last]
        # Of equal scores the first column is taken.
        goes_on = np.where(inner < last, ~(ending > going), going > ending)
        goes_on &= ~tokens.is_closing[here]
        found.append((start[~goes_on], here[~goes_on] + 1))
        following = openings[np.searchsorted(openings, here + 1)]
        here = np.where(goes_on, here, following) + 1
        start = np.where(goes_on, start, following)
        open_texts = start < end
        start, here, end = start[open_texts], here[open_texts], end[open_texts]
    starts = np.concatenate([each for each, _ in found]) if found else openings[:0]
    ends = np.concatenate([each for _, each in found]) if found else openings[:0]
    return starts, ends, taken[starts]
