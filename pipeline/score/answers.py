"""Answers to annotated documents: of a model with the present code, of a folder, of a commit."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from pipeline import Extractor
from pipeline.errors import SettingsError
from pipeline.score import reader
from pipeline.score.gold import Annotations, GoldDocument, load_answers

ROOT = Path(__file__).parents[2]


def answer(documents: Sequence[GoldDocument], model: str) -> tuple[Annotations, ...]:
    """What the present code finds with `model`, document by document."""
    extractor = Extractor(model)
    lines = (reader.line_of(extractor, one.name, one.text, one.published) for one in documents)
    return tuple(map(Annotations.model_validate_json, lines))


def answers_of(
    documents: Sequence[GoldDocument], model: str, source: str
) -> tuple[Annotations, ...]:
    """Answers that stand in the folder `source`, or else those that the commit `source` gives.

    Raises:
        SettingsError: it is no folder of answers and no commit, or that commit cannot answer.
    """
    if Path(source).is_dir():
        return load_answers(Path(source))
    with tempfile.TemporaryDirectory(prefix="score-") as folder:
        tree = Path(folder) / "tree"
        _git("worktree", "add", "--detach", "--quiet", str(tree), _commit(source))
        try:
            lines = _read_in(tree, documents, model, source)
        finally:
            _git("worktree", "remove", "--force", str(tree))
    return tuple(map(Annotations.model_validate_json, lines))


def _read_in(
    tree: Path, documents: Sequence[GoldDocument], model: str, source: str
) -> Sequence[str]:
    asked = "".join(
        json.dumps({"id": one.name, "text": one.text, "published": one.published}) + "\n"
        for one in documents
    )
    done = subprocess.run(
        [sys.executable, "-P", str(Path(reader.__file__)), model],
        input=asked,
        cwd=tree,
        env={**os.environ, "PYTHONPATH": str(tree), "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or ["no word why"])[-1]
        raise SettingsError(f"{source}: the code of that commit does not answer: {reason}.")
    return done.stdout.splitlines()


def _commit(source: str) -> str:
    return _git("rev-parse", "--verify", "--quiet", "--end-of-options", f"{source}^{{commit}}")


def _git(*arguments: str) -> str:
    """Output of a git command in the checkout; an error names what it was asked for."""
    try:
        done = subprocess.run(
            ["git", "-C", str(ROOT), *arguments], capture_output=True, text=True, check=False
        )
    except FileNotFoundError as error:
        raise SettingsError("--against: git is not installed; give a saved folder.") from error
    if done.returncode:
        raise SettingsError(
            f"--against {arguments[-1].removesuffix('^{commit}')}: is no folder of saved answers,"
            f" and git {arguments[0]} fails: {done.stderr.strip() or 'no such commit'}."
        )
    return done.stdout.strip()
