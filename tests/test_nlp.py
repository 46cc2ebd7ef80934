from __future__ import annotations

import warnings

import pytest

from pipeline.errors import SettingsError
from pipeline.extract.nlp import CHUNK_CHARS, Model

TEXTS = [
    "Chile and Peru signed a treaty in Lima on Monday.",
    "",
    "Angela Merkel visited Ghana with the World Bank.",
    "| 12 | | |",
]


def test_an_answer_does_not_depend_on_its_company(model: Model) -> None:
    together = model.read(TEXTS, [True, False, False, False])
    alone = [
        model.read([text], [parse])[0]
        for text, parse in zip(TEXTS, [True, False, False, False], strict=True)
    ]
    assert together == alone
    backwards = model.read(TEXTS[::-1], [False, False, False, True])
    assert backwards[::-1] == together


def test_only_what_asks_for_it_is_parsed(model: Model) -> None:
    parsed, named = model.read([TEXTS[0], TEXTS[2]], [True, False])
    assert parsed.sentences == ((0, len(TEXTS[0])),)
    assert TEXTS[0][parsed.tokens[0].start : parsed.tokens[0].end] == "Chile"
    verb = next(token for token in parsed.tokens if token.lemma == "sign")
    assert parsed.tokens[verb.head] is verb
    assert (named.tokens, named.sentences) == ((), ())


def test_a_long_text_is_read_in_pieces_whose_offsets_hold(model: Model) -> None:
    text = "The court sat. " * (CHUNK_CHARS // 15) + "Angela Merkel visited Ghana."
    (output,) = model.read([text], [False])
    words = {text[span.start : span.end] for span in output.spans}
    assert {"Angela Merkel", "Ghana"} <= words


def test_the_version_warning_is_silenced_for_this_model_alone() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        Model()


def test_a_missing_model_is_named_with_the_remedy() -> None:
    with pytest.raises(SettingsError, match=r"'no-such-model' is not installed.*pip install"):
        Model("no-such-model")


def test_a_package_that_is_no_pipeline_is_named() -> None:
    with pytest.raises(SettingsError, match="model 'json'"):
        Model("json")
