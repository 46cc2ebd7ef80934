"""When files in `raw/` have settled: the moment for a run that nobody scheduled."""

import os
import threading
from collections.abc import Iterator
from pathlib import Path

from watchfiles import Change, watch

# How often a stop is looked for, in milliseconds.
STEP = 500


def settled(raw: Path, seconds: float, stop: threading.Event) -> Iterator[int]:
    """Each time entries below `raw` changed and then nothing did for a while, how many.

    Hidden and temporary files wake nobody, they are not read either.

    Args:
        raw: an existing folder.
        seconds: how long it must be quiet.
        stop: ends the iteration when set.
    """
    changed: set[str] = set()
    quiet_steps = 0
    for changes in watch(
        raw,
        watch_filter=_matters,
        debounce=STEP,
        rust_timeout=STEP,
        yield_on_timeout=True,
        stop_event=stop,
        raise_interrupt=False,
        ignore_permission_denied=True,
    ):
        if changes:
            changed |= {path for _, path in changes}
            quiet_steps = 0
            continue
        quiet_steps += 1
        if changed and quiet_steps * STEP >= seconds * 1_000:
            yield len(changed)
            changed = set()


def _matters(_change: Change, path: str) -> bool:
    name = os.path.basename(path)  # noqa: PTH119  # called for each event
    return not name.startswith(".") and not name.endswith(("~", ".tmp", ".part", ".partial"))
