from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.errors import SettingsError
from pipeline.settings import Setting, Settings, load_settings


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"PIPELINE_{name.upper()}", raising=False)


def origin(listed: tuple[Setting, ...], name: str) -> str:
    return next(one.origin for one in listed if one.name == name)


def test_later_layers_win_and_say_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pipeline.toml").write_text(
        'raw = "from-file"\noutput = "from-file"\nstate = "from-file"\n'
    )
    monkeypatch.setenv("PIPELINE_OUTPUT", "from-environment")
    monkeypatch.setenv("PIPELINE_STATE", "from-environment")
    settings, listed = load_settings({"state": "from-flag", "model": None}, tmp_path)
    assert [settings.raw.name, settings.output.name, settings.state.name] == [
        "from-file",
        "from-environment",
        "from-flag",
    ]
    assert [origin(listed, name) for name in ("raw", "output", "state", "model")] == [
        "pipeline.toml",
        "environment",
        "flag",
        "default",
    ]


def test_languages_come_as_a_list_or_with_commas(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pipeline.toml").write_text('languages = ["en", "fr"]')
    assert load_settings({}, tmp_path)[0].languages == ("en", "fr")
    monkeypatch.setenv("PIPELINE_LANGUAGES", "en, de")
    assert load_settings({}, tmp_path)[0].languages == ("en", "de")


def test_an_unknown_name_in_the_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "pipeline.toml").write_text('outputs = "x"')
    with pytest.raises(SettingsError, match=r"'outputs' in pipeline.toml; known are: raw, output"):
        load_settings({}, tmp_path)


def test_an_unknown_name_in_the_environment_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIPELINE_OUTPUTS", "x")
    with pytest.raises(SettingsError, match="'PIPELINE_OUTPUTS' in environment"):
        load_settings({}, tmp_path)


def test_a_value_without_sense_is_named_with_its_origin(tmp_path: Path) -> None:
    (tmp_path / "pipeline.toml").write_text("keep_snapshots = 0")
    with pytest.raises(SettingsError, match=r"'keep_snapshots' from pipeline.toml: .*got 0"):
        load_settings({}, tmp_path)


def test_a_file_that_is_no_toml_is_named(tmp_path: Path) -> None:
    (tmp_path / "pipeline.toml").write_text("raw = ")
    with pytest.raises(SettingsError, match=r"pipeline.toml cannot be read"):
        load_settings({}, tmp_path)


def test_every_setting_is_explained() -> None:
    _, listed = load_settings({})
    assert all(one.description.endswith(".") for one in listed)
