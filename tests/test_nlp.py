from __future__ import annotations

import warnings
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import spacy
from spacy.language import Language
from spacy.pipeline import EntityRuler
from spacy.tokens import Doc

from pipeline import Extractor
from pipeline.errors import SettingsError
from pipeline.extract.nlp import CHUNK_CHARS, Model, _Held
from pipeline.fingerprints import model_fingerprint
from pipeline.records import ModelOutput

TEXTS = [
    "Chile and Peru signed a treaty in Lima on Monday.",
    "",
    "Angela Merkel visited Ghana with the World Bank.",
    "| 12 | | |",
]


@pytest.fixture(scope="module")
def forgetful() -> Model:
    return Model(held_chars=0)


def test_an_answer_does_not_depend_on_its_company(forgetful: Model) -> None:
    model = forgetful
    together = model.read(TEXTS, [True, False, False, False])
    alone = [
        model.read([text], [parse])[0]
        for text, parse in zip(TEXTS, [True, False, False, False], strict=True)
    ]
    assert together == alone
    backwards = model.read(TEXTS[::-1], [False, False, False, True])
    assert backwards[::-1] == together


def test_what_was_answered_is_not_asked_again(
    forgetful: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, bool]] = []
    answer = Model._outputs

    def counted(self: Model, texts: list[str], parsed: bool) -> Iterator[ModelOutput]:
        asked.extend((text, parsed) for text in texts)
        return answer(self, texts, parsed)

    monkeypatch.setattr(Model, "_outputs", counted)
    monkeypatch.setattr(forgetful, "_held", _Held(len(TEXTS[0])))
    first = forgetful.read([TEXTS[0], TEXTS[0]], [False, False])
    assert asked == [(TEXTS[0], False)]
    assert first[0] == first[1]
    assert forgetful.read([TEXTS[0]], [False])[0] is first[0]
    assert asked == [(TEXTS[0], False)]
    # Parsed is another question; and there was room for one answer.
    (parsed,) = forgetful.read([TEXTS[0]], [True])
    assert parsed.spans == first[0].spans
    assert parsed.tokens
    assert not first[0].tokens
    forgetful.read([TEXTS[0]], [False])
    assert asked == [(TEXTS[0], False), (TEXTS[0], True), (TEXTS[0], False)]


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


Patterns = list[dict[str, str | list[dict[str, object]]]]


def saved(folder: Path, patterns: Patterns, lang: str = "en") -> str:
    """A pipeline of a blank language and listed names, written to `folder`; its name."""
    nlp = spacy.blank(lang)
    if patterns:
        ruler = nlp.add_pipe("entity_ruler")
        assert isinstance(ruler, EntityRuler)
        ruler.add_patterns(patterns)
    nlp.to_disk(folder)
    return str(folder)


TIRVO: Patterns = [{"label": "ORG", "pattern": "Tirvo"}]
SENTENCE = "Kenya and Peru signed a strategic partnership; Tirvo cheered in Lima."


def test_a_pipeline_without_parser_finds_names_and_leaves_the_rest_to_rules(
    tmp_path: Path,
) -> None:
    with pytest.warns(UserWarning, match="has no parser and no tagger") as said:
        extractor = Extractor(saved(tmp_path / "plain", TIRVO))
    assert len(said) == 1
    found = extractor.extract(SENTENCE + " It cost $5 on 3 May 2020.")
    names = {row.text: (row.label, row.method) for row in found.entities}
    assert names["Tirvo"] == ("ORG", "model")
    assert names["Kenya"] == ("GPE", "rule")
    assert [row.edtf for row in found.dates] == ["2020-05-03"]
    assert [row.currency for row in found.money] == ["USD"]
    assert [row.parties for row in found.partnerships] == [("KEN", "PER")]


def test_components_may_be_called_anything(tmp_path: Path, model: Model) -> None:
    nlp = Model()._nlp
    called = {"tok2vec": "encoder", "ner": "names", "parser": "arcs", "tagger": "forms"}
    for old, new in called.items():
        nlp.rename_pipe(old, new)
    nlp.config["nlp"]["disabled"] = []
    renamed = Model.__new__(Model)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pipeline.extract.nlp._load", lambda _: nlp)
        renamed.__init__("renamed")  # type: ignore[misc]
    assert {"arcs", "forms"} <= set(renamed._without_parser)
    assert "names" not in renamed._without_parser
    parse = [True, False, False, False]
    assert renamed.read(TEXTS, parse) == model.read(TEXTS, parse)


@Language.component("stand_in_transformer", assigns=["doc.tensor"])
def stand_in_transformer(doc: Doc) -> Doc:
    """Stands where a transformer stands: in front, under a name of its own, with a tensor."""
    doc.tensor = np.ones((len(doc), 4), dtype=np.float32)
    return doc


def test_a_pipeline_with_a_transformer_in_front_is_one_setting(tmp_path: Path) -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("stand_in_transformer", name="roberta")
    ruler = nlp.add_pipe("entity_ruler", name="names")
    assert isinstance(ruler, EntityRuler)
    ruler.add_patterns(TIRVO)
    nlp.to_disk(tmp_path / "trf")
    with pytest.warns(UserWarning, match="no parser"):
        extractor = Extractor(str(tmp_path / "trf"))
    found = extractor.extract("Tirvo rang. Kenya's Minister of Ports, Aino Salo, left.")
    assert [(row.text, row.label, row.method) for row in found.entities] == [
        ("Tirvo", "ORG", "model"),
        ("Kenya", "GPE", "rule"),
        ("Aino Salo", "PERSON", "rule"),
    ]
    # What the pipeline knows nothing about is read by the rules all the same.
    assert [row.name for row in extractor.extract("Kenya met Peru.").entities] == ["Kenya", "Peru"]


def test_names_of_four_kinds_get_the_labels_of_the_tables(tmp_path: Path) -> None:
    patterns: Patterns = [
        {"label": "PER", "pattern": "Aino"},
        {"label": "LOC", "pattern": "Tirvo"},
        {"label": "MISC", "pattern": "Koru"},
    ]
    with pytest.warns(UserWarning, match="no parser"):
        model = Model(saved(tmp_path / "four", patterns))
    (output,) = model.read(["Aino left Tirvo for Koru."], [True])
    assert [span.label for span in output.spans] == ["PERSON", "GPE", "MISC"]
    assert (output.tokens, output.sentences) == ((), ())


def test_a_pipeline_that_finds_no_names_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="has no entity recogniser"):
        Model(saved(tmp_path / "empty", []))


def test_a_pipeline_of_another_language_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="reads the language 'de'"):
        Model(saved(tmp_path / "german", TIRVO, "de"))


def test_a_folder_that_is_no_pipeline_is_named(tmp_path: Path) -> None:
    (tmp_path / "config.cfg").write_text("[nlp]\nlang = 5\n", encoding="utf-8")
    with pytest.raises(SettingsError, match="no saved spaCy pipeline"):
        Model(str(tmp_path))


def test_the_stored_answers_of_a_saved_pipeline_depend_on_its_bytes(tmp_path: Path) -> None:
    first = model_fingerprint(saved(tmp_path / "a", TIRVO))
    assert model_fingerprint(saved(tmp_path / "b", TIRVO)) == first
    other: Patterns = [{"label": "GPE", "pattern": "Tirvo"}]
    assert model_fingerprint(saved(tmp_path / "c", other)) != first
