"""The model that tells languages: unpacked without a temporary file, the same as by its library."""

from __future__ import annotations

import lzma
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from py3langid.langid import MODEL_FILE, LanguageIdentifier

from pipeline.passages import identifier

LANGUAGES = ("de", "en", "fr", "it")
LINES = (
    "Les deux pays ouvrent un port.",
    "Both states will open a port in May.",
    "Die beiden Staaten bauen einen Hafen.",
    "Oslo, Lima, Apia",
)


@pytest.fixture
def _unloaded() -> Iterator[None]:
    identifier._model.cache_clear()
    identifier._ranked.cache_clear()
    yield
    identifier._model.cache_clear()
    identifier._ranked.cache_clear()


def own() -> LanguageIdentifier:
    model = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    model.set_languages(LANGUAGES)
    return model


@pytest.mark.usefixtures("_unloaded")
def test_the_model_is_the_one_that_its_library_loads(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = [own().rank(line) for line in LINES]

    def refuse(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(tempfile, "TemporaryFile", refuse)
    assert [list(identifier._ranked(line, LANGUAGES)) for line in LINES] == expected


@pytest.mark.usefixtures("_unloaded")
def test_a_model_kept_in_another_way_is_loaded_by_its_library(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(identifier, "_NEEDED", frozenset(["weights"]))
    assert identifier.leading(LINES[0], LANGUAGES) == "fr"


@pytest.mark.parametrize("held", [b"", b"no archive", b"PK\x03\x04 cut off"])
def test_what_is_no_archive_of_arrays_has_none(held: bytes, tmp_path: Path) -> None:
    file = tmp_path / "model.xz"
    file.write_bytes(lzma.compress(held))
    assert not list(identifier._arrays(file))
