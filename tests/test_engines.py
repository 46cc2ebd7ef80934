"""Worker processes: the same receipts, the same bytes, and a killed worker costs nothing."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from pathlib import Path

import pytest

from pipeline.engines import Direct, Here, Processes, cores
from pipeline.errors import PipelineError, SettingsError
from pipeline.repeats import index, pairs
from pipeline.run import Silent, carry_out_directly, run
from pipeline.settings import Settings
from tests.conftest import Home


def double(_settings: Settings, number: int) -> tuple[int, int]:
    return 2 * number, os.getpid()


def die_once(settings: Settings, number: int) -> int:
    """Kill the worker at the first call for the number 3."""
    mark = settings.state / "died"
    if number == 3 and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def die(_settings: Settings, _number: int) -> int:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("unreachable")


def refuse(_settings: Settings, _number: int) -> int:
    raise SettingsError("the setting is wrong")


def test_workers_do_what_this_process_does() -> None:
    settings = Settings()
    there = list(Processes(2).each("read", double, settings, range(20)))
    here = list(Direct(Here()).each("read", double, settings, range(20)))
    assert sorted(number for number, _ in there) == [number for number, _ in here]
    assert os.getpid() not in {pid for _, pid in there}


def doubled(number: int) -> tuple[int, int]:
    return 2 * number, os.getpid()


def die_at_three(number: int) -> int:
    """Kill the worker, but not the process that tests run in, at the number 3."""
    if number == 3 and multiprocessing.parent_process() is not None:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def test_parts_of_one_item_go_to_workers_when_there_are_several() -> None:
    with Processes(2).runner(Settings()) as run:
        alone = list(run(doubled, [7]))
        several = list(run(doubled, range(9)))
    assert alone == [(14, os.getpid())]
    assert [number for number, _ in several] == list(range(0, 18, 2))
    assert os.getpid() not in {pid for _, pid in several}


def test_parts_that_killed_workers_held_are_done_here() -> None:
    with Processes(2).runner(Settings()) as run:
        assert list(run(die_at_three, range(8))) == list(range(8))
        assert list(run(die_at_three, range(8))) == list(range(8))


def test_one_worker_is_no_other_process() -> None:
    for engine in (Processes(1), Direct(Here())):
        with engine.runner(Settings()) as run:
            assert {pid for _, pid in run(doubled, range(4))} == {os.getpid()}


def test_a_single_item_stays_in_this_process() -> None:
    ((_, pid),) = Processes(2).each("publish", double, Settings(), [1])
    assert pid == os.getpid()


def test_what_a_killed_worker_held_is_done_anew(tmp_path: Path) -> None:
    settings = Settings(state=tmp_path)
    assert sorted(Processes(2).each("read", die_once, settings, range(8))) == list(range(8))
    assert (tmp_path / "died").exists()


def test_workers_that_always_die_end_the_stage(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.engines.MAX_BREAKS", 2)
    with pytest.raises(PipelineError, match="worker processes died 2 times"):
        list(Processes(2).each("extract", die, Settings(), range(2)))


def test_an_error_of_a_task_comes_out_as_it_is() -> None:
    with pytest.raises(SettingsError, match="the setting is wrong"):
        list(Processes(2).each("extract", refuse, Settings(), range(5)))


def test_there_is_a_core() -> None:
    assert 1 <= cores() <= (os.cpu_count() or 1)


def test_two_workers_publish_the_bytes_of_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # So that there are several tasks of each kind when near copies are looked for.
    monkeypatch.setattr(index, "STREAMS_A_TASK", 5)
    monkeypatch.setattr(pairs, "PAIRS_A_TASK", 2)
    homes = [Home(tmp_path / name) for name in ("one", "two")]
    for home in homes:
        for number in range(8):
            home.write(
                f"story-{number}.txt",
                f"Kenya and Ghana signed a deal worth ${number + 2} million on 5 May 2021.\n"
                f"Chile and Peru agreed on a strategic partnership in {2000 + number}.\n",
            )
            home.write(
                f"again-{number}.txt",
                f"Kenya and Ghana have signed a deal worth ${number + 2} million on 5 May 2021.\n",
            )
        settings = home.settings.model_copy(
            update={"batch_bytes": 1, "workers": 1 + homes.index(home)}
        )
        record = run(settings, Silent(), carry_out_directly(settings))
        assert record.extracted_documents == 16
        copies = "SELECT count(*) FROM passages WHERE repeat_kind = 'near'"
        assert home.ask(copies) == [(8,)]
    assert homes[0].bytes_of_output() == homes[1].bytes_of_output()


def stall_once(settings: Settings, number: int) -> int:
    """Never end at the first call for the number 3."""
    mark = settings.state / "stalled"
    if number == 3 and not mark.exists():
        mark.touch()
        while True:
            pass
    return number


def test_a_worker_that_stalls_is_ended_and_its_work_done_anew(tmp_path: Path) -> None:
    settings = Settings(state=tmp_path, batch_seconds=1)
    assert sorted(Processes(2).each("read", stall_once, settings, range(6))) == list(range(6))
    assert "stall_once" in (tmp_path / "logs" / "stalls.log").read_text()


def hoard(_settings: Settings, number: int) -> str:
    """Ask for half a gigabyte."""
    try:
        return str(len(bytearray(500_000_000)) * number)
    except MemoryError:
        return "refused"


@pytest.mark.skipif(sys.platform != "linux", reason="the limit is Linux's")
def test_a_worker_gets_no_more_memory_than_it_may_take(tmp_path: Path) -> None:
    tight = Settings(state=tmp_path, worker_megabytes=200)
    assert set(Processes(2).each("read", hoard, tight, range(2))) == {"refused"}
    wide = Settings(state=tmp_path, worker_megabytes=2_000)
    assert "refused" not in set(Processes(2).each("read", hoard, wide, range(2)))
