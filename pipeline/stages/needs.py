"""What a batch needs of the state, for stages that may be carried out on another host."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pipeline.receipts import Batch, Unread, UnreadPart
from pipeline.settings import Settings
from pipeline.stages.entries import JOBS, entry, model_key
from pipeline.stages.trials import try_extract, try_read
from pipeline.state import Stage, State

Needs = tuple[tuple[Stage, tuple[str, ...]], ...]


def needs_of(function: Callable[..., object], settings: Settings, item: object) -> Needs | None:
    """The entries that a stage's function looks at for one item, by stage.

    Returns:
        None for a function that needs the whole state and must be called where it is.

    Example:
        >>> needs_of(print, Settings(), None)
    """
    if function is try_read:
        files: Sequence[Unread | UnreadPart] = item  # type: ignore[assignment]
        return (
            ("read", tuple(one.read_key for one in files if isinstance(one, Unread))),
            ("index", tuple(one.index_key for one in files if isinstance(one, UnreadPart))),
        )
    if function is try_extract:
        batch: Batch = item  # type: ignore[assignment]
        with State(settings.state) as state:
            jobs = entry(state, "batch", batch.key, JOBS)
        return (
            ("batch", (batch.key,)),
            ("read", tuple(job.read_key for job in jobs)),
            ("model", tuple(model_key(settings, job.document_id) for job in jobs)),
        )
    return None
