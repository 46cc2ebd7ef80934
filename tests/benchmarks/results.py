"""Keeps what the benchmarks printed: one section each in `results.md`, with machine and date."""

from __future__ import annotations

import datetime as dt
import os
import platform
import re
from pathlib import Path

PATH = Path(__file__).parent / "results.md"
HEAD = """# Results

What the benchmarks of this folder printed when they were last run; each says how to run it.
"""


def keep(name: str, command: str, lines: list[str]) -> None:
    """Print a table and put it in place of the section of that name.

    Args:
        name: the benchmark, such as `bench_run`.
        command: how it was run.
        lines: the table in Markdown.
    """
    print("\n".join(lines))
    section = "\n".join(
        [f"## {name}", "", f"`{command}`, {dt.date.today():%Y-%m-%d}, {machine()}", "", *lines, ""]
    )
    text = PATH.read_text(encoding="utf-8") if PATH.is_file() else HEAD
    old = re.compile(rf"^## {re.escape(name)}\n.*?(?=^## |\Z)", re.MULTILINE | re.DOTALL)
    text = old.sub("", text).rstrip("\n") + "\n\n" + section
    PATH.write_text(text, encoding="utf-8")


def machine() -> str:
    """The machine in a few words: processor, cores in use, memory, Python."""
    cpu = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.is_file():
        found = re.search(r"^model name\s*:\s*(.+)$", info.read_text(), re.MULTILINE)
        cpu = found[1].strip() if found else cpu
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    cores = len(os.sched_getaffinity(0))
    return f"{cpu}, {cores} cores, {memory:.0f} GiB, Python {platform.python_version()}"
