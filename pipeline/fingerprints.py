"""What the answer of a stage depends on beside its input: source, rules, libraries.

A fingerprint is part of every key in the state, so that a changed rule, a changed line of
code or another version of a library is noticed without anybody saying so.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from pipeline.errors import SettingsError

PACKAGE = Path(__file__).parent

READ = (
    ("ingest", "passages", "rulebook.py", "records.py", "rules", "stages/read.py"),
    ("charset-normalizer", "ftfy", "lxml", "mwparserfromhell", "py3langid", "trafilatura"),
)
EXTRACT = (
    ("extract", "passages", "rulebook.py", "records.py", "gate.py", "rules", "stages/extract.py"),
    ("babel", "dateparser", "pydantic"),
)
REPEATS = (
    ("repeats", "passages", "rulebook.py", "rules/repeats.toml", "rules/territories.csv"),
    ("rapidfuzz", "numpy"),
)
PUBLISH = (
    ("publish", "relations.py", "verify", "report", "stages", "state", "../schemas"),
    ("pyarrow",),
)
SETTLE = (("repeats", "state", "stages/settle.py", "stages/entries.py"), ())


@lru_cache
def fingerprint(parts: tuple[str, ...], libraries: tuple[str, ...]) -> str:
    """Hash over the named files and folders of the package and the versions of libraries.

    Example:
        >>> len(fingerprint(*READ))
        16
    """
    digest = hashlib.sha256()
    for part in parts:
        for path in _files(PACKAGE / part):
            digest.update(path.relative_to(PACKAGE.parent).as_posix().encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    for library in libraries:
        digest.update(f"{library}=={version(library)}".encode())
    return digest.hexdigest()[:16]


@lru_cache
def model_fingerprint(name: str) -> str:
    """What a stored answer of a model depends on: its version, spaCy's, and the code that asks.

    Of a saved pipeline every byte counts, since its folder has no version to go by.

    Raises:
        SettingsError: no such model is installed.
    """
    parts = ("extract/nlp.py", "extract/components.py", "extract/recogniser.py")
    code = fingerprint(parts, ("spacy", "thinc"))
    if (Path(name) / "config.cfg").is_file():
        digest = hashlib.sha256()
        for child in sorted(Path(name).rglob("*")):
            if child.is_file():
                digest.update(f"{child.relative_to(name).as_posix()}\0".encode())
                digest.update(child.read_bytes())
        return f"{digest.hexdigest()[:20]} {code}"
    try:
        found = version(name)
    except PackageNotFoundError as error:
        raise SettingsError(
            f"model {name!r} is not installed; run `pip install {name}`, or set `model` to an "
            "installed English spaCy pipeline."
        ) from error
    return f"{name}=={found} {code}"


def _files(path: Path) -> list[Path]:
    path = path.resolve()
    if path.is_file():
        return [path]
    kinds = {".py", ".toml", ".csv", ".html", ".css", ".js"}
    return sorted(child for child in path.rglob("*") if child.suffix in kinds)
