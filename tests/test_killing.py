"""Runs that are killed, in processes of their own; the long ones are marked slow."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.conftest import ROOT


def killed(*arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "tests.killing", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_25_kills_leave_one_whole_snapshot() -> None:
    assert killed("25").startswith("25 kills, 0 violations")


@pytest.mark.slow
def test_300_kills_leave_one_whole_snapshot() -> None:
    assert killed("300", "2").startswith("300 kills, 0 violations")


@pytest.mark.slow
def test_a_kill_before_every_call_leaves_one_whole_snapshot() -> None:
    assert " 0 violations" in killed("sweep")
