"""Fixtures that cost seconds and are shared: the model, and one run over the samples."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import duckdb
import pytest

from pipeline.extract.nlp import Model
from pipeline.receipts import RunRecord
from pipeline.run import Silent, carry_out_directly, run
from pipeline.settings import DEFAULT_MODEL, Settings
from pipeline.stages import load_model
from pipeline.verify import open_tables

ROOT = Path(__file__).parent.parent
SHARED = ROOT.parent / "shared"


@pytest.fixture(scope="session", autouse=True)
def _no_settings_from_outside() -> None:
    """What is set on this machine must not change what the tests see."""
    for name in list(os.environ):
        if name.startswith(("PIPELINE_", "PREFECT_")):
            del os.environ[name]


@pytest.fixture(scope="session")
def model() -> Model:
    return load_model(DEFAULT_MODEL)


class Home:
    """A working folder with raw/, output/ and .pipeline/, and runs in it without Prefect."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.settings = Settings(
            raw=folder / "raw", output=folder / "output", state=folder / ".pipeline"
        )
        self.settings.raw.mkdir(parents=True, exist_ok=True)

    def write(self, path: str, content: str | bytes) -> Path:
        file = self.settings.raw / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        return file

    def run(self) -> RunRecord:
        return run(self.settings, Silent(), carry_out_directly(self.settings))

    def ask(self, query: str) -> list[tuple[object, ...]]:
        with self.tables() as tables:
            return tables.execute(query).fetchall()

    def tables(self) -> AbstractContextManager[duckdb.DuckDBPyConnection]:
        return open_tables((self.settings.output / "latest").resolve())

    def bytes_of_output(self) -> dict[str, bytes]:
        latest = (self.settings.output / "latest").resolve()
        return {
            path.relative_to(latest).as_posix(): path.read_bytes()
            for path in sorted(latest.rglob("*"))
            if path.is_file()
        }


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


@pytest.fixture(scope="session")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The samples of raw/, run once; tests read and do not run it again."""
    home = Home(tmp_path_factory.mktemp("samples"))
    shutil.copytree(ROOT / "raw", home.settings.raw, dirs_exist_ok=True)
    home.run()
    return home


@pytest.fixture(scope="session")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """The seed documents, where they are there, run once."""
    folder = SHARED / "seeds"
    if not folder.is_dir():
        pytest.skip("../shared/seeds is absent")
    home = Home(tmp_path_factory.mktemp("seeds"))
    shutil.copytree(folder, home.settings.raw, dirs_exist_ok=True)
    home.run()
    yield home
