"""The law of the house: what may import what, and that words about the code are true."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import pipeline
from pipeline import fingerprints
from pipeline.cli import app
from schemas import TABLES

ROOT = Path(pipeline.__file__).parent.parent
DOORS = {
    "prefect": {"pipeline/flows/"},
    "distributed": {"pipeline/cluster.py"},
    "watchfiles": {"pipeline/flows/watching.py"},
    "spacy": {
        "pipeline/extract/nlp.py",
        "pipeline/extract/components.py",
        "pipeline/extract/recogniser.py",
    },
    "pyarrow": {
        "pipeline/publish/",
        "pipeline/query.py",
        "pipeline/verify/",
        "schemas/arrow.py",
        "schemas/generate.py",
    },
    "duckdb": {
        "pipeline/verify/",
        "pipeline/show.py",
        "pipeline/query.py",
        "pipeline/diff.py",
        "pipeline/report/",
    },
    "lxml": {
        "pipeline/ingest/pages.py",
        "pipeline/ingest/outline.py",
        "pipeline/ingest/shown.py",
    },
    "trafilatura": {"pipeline/ingest/pages.py"},
    "mwparserfromhell": {"pipeline/ingest/wikitext/words.py"},
    "typer": {"pipeline/cli/"},
    "rich": {"pipeline/cli/", "pipeline/screen.py"},
    "jinja2": {"pipeline/report/frame.py"},
    "py3langid": {"pipeline/passages/identifier.py"},
    "ftfy": {"pipeline/ingest/repair.py"},
    "sqlite3": {"pipeline/state/", "pipeline/repeats/index.py", "pipeline/repeats/store.py"},
}


def house_map() -> list[str]:
    assert pipeline.__doc__ is not None
    return re.findall(r"^    (\w+) {2,}\S", pipeline.__doc__, flags=re.MULTILINE)


def sources() -> list[Path]:
    return sorted([*ROOT.glob("pipeline/**/*.py"), *ROOT.glob("schemas/**/*.py")])


def imports(path: Path) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            for name in node.names:
                yield node.lineno, name.name
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            assert node.level == 0, f"{path}:{node.lineno}: a relative import"
            for name in node.names:
                yield node.lineno, f"{node.module}.{name.name}"


def test_the_map_names_every_module() -> None:
    there = {
        path.stem
        for path in (ROOT / "pipeline").iterdir()
        if path.name not in {"__init__.py", "__main__.py", "__pycache__"}
    }
    assert set(house_map()) == there
    assert len(house_map()) == len(there)


def test_imports_run_downward() -> None:
    order = {name: rank for rank, name in enumerate(house_map())}
    wrong = []
    for path in sorted((ROOT / "pipeline").rglob("*.py")):
        own = path.relative_to(ROOT / "pipeline").parts[0].removesuffix(".py")
        if own in {"__init__", "__main__"}:
            continue
        for line, module in imports(path):
            parts = module.split(".")
            if parts[0] == "pipeline" and order.get(parts[1], len(order)) < order[own]:
                wrong.append(f"{path.relative_to(ROOT)}:{line}: {own} imports {parts[1]}")
    assert wrong == []


def test_the_contract_imports_nothing_of_ours() -> None:
    for path in sorted((ROOT / "schemas").rglob("*.py")):
        assert [m for _, m in imports(path) if m.startswith("pipeline")] == []


@pytest.mark.parametrize("library", DOORS)
def test_each_heavy_library_has_its_door(library: str) -> None:
    found = {
        path.relative_to(ROOT).as_posix()
        for path in sources()
        for _, module in imports(path)
        if module.split(".")[0] == library
    }
    assert [path for path in found if not path.startswith(tuple(DOORS[library]))] == []


def test_every_module_says_what_belongs_in_it() -> None:
    for path in sources():
        text = path.read_text(encoding="utf-8")
        assert ast.get_docstring(ast.parse(text)), f"{path}: no docstring"


def test_the_readme_names_every_command_table_and_dependency() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for command in app.registered_commands:
        assert command.callback is not None
        assert f"pipeline {command.callback.__name__}" in readme
    for table in TABLES:
        assert f"`{table}`" in readme
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    wanted = re.findall(r'^    "([a-z0-9-]+)[=<>]', project, flags=re.MULTILINE)
    assert len(wanted) > 15
    for name in wanted:
        assert f"`{name}`" in readme, name


def test_the_lock_holds_exact_versions_and_hashes_and_no_address() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert "//" not in lock
    assert "--index" not in lock
    entries = [line for line in lock.splitlines() if line and not line.startswith(" ")]
    assert all("==" in entry and entry.endswith("\\") for entry in entries)
    assert lock.count("--hash=sha256:") >= len(entries)


@pytest.mark.parametrize("stage", ["READ", "EXTRACT", "REPEATS", "PUBLISH"])
def test_what_a_fingerprint_covers_is_there(stage: str) -> None:
    """A part that was moved away would be hashed as nothing, in silence."""
    parts, _ = vars(fingerprints)[stage]
    assert [part for part in parts if not (ROOT / "pipeline" / part).exists()] == []
