"""Files that settle wake a run; files that are still being written do not."""

from __future__ import annotations

import threading
import time
from pathlib import Path

from pipeline.flows.watching import settled


def test_a_burst_of_files_wakes_once_when_it_is_over(tmp_path: Path) -> None:
    stop = threading.Event()
    woken: list[tuple[float, int]] = []

    def look() -> None:
        for count in settled(tmp_path, 1.0, stop):
            woken.append((time.monotonic(), count))
            stop.set()

    looker = threading.Thread(target=look)
    looker.start()
    time.sleep(1)
    (tmp_path / ".hidden.txt").touch()
    last = 0.0
    for number in range(5):
        (tmp_path / f"story-{number}.txt").write_text("Fiji paid 3 million dollars.")
        last = time.monotonic()
        time.sleep(0.3)
    looker.join(20)
    stop.set()
    ((moment, count),) = woken
    assert count == 5
    assert moment - last >= 0.9


def test_hidden_and_partial_files_wake_nobody(tmp_path: Path) -> None:
    stop = threading.Event()
    woken: list[int] = []
    looker = threading.Thread(target=lambda: woken.extend(settled(tmp_path, 0.5, stop)))
    looker.start()
    time.sleep(1)
    for name in (".story.txt.swp", "story.txt.part", "story.txt~", "story.tmp"):
        (tmp_path / name).touch()
    time.sleep(2.5)
    stop.set()
    looker.join(10)
    assert woken == []
