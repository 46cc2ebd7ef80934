"""Stage `settle`: which documents live, which passages repeat, what is still to be extracted.

The tables of the corpus (`pipeline.state.corpus`) hold the answers of the last time; only what came
or went since is told anew, and nothing that is held here grows with the corpus.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import partial
from itertools import chain, pairwise

from pipeline.fingerprints import REPEATS, fingerprint
from pipeline.passages.languages import UNKNOWN
from pipeline.receipts import Batch, Job, Settled
from pipeline.repeats import Runner, in_turn
from pipeline.settings import Settings
from pipeline.stages.entries import (
    JOBS,
    OUTLINE,
    REFUSED,
    STREAMS,
    Refused,
    crash_key,
    dump,
    entry,
    outline_key,
    rules_key,
    settling_key,
)
from pipeline.stages.shares import share
from pipeline.state import Outline, Source, State, Unsettled, Waiting, content_key
from schemas.tables import Reason, SourceRow, SourceStatus

_CHANGED: tuple[Reason, str] = (
    "changed_while_reading",
    "It was being written to while it was read; the next run reads it again.",
)
# Pages of a wiki that are no articles; nothing is wrong with them.
_NOT_MEANT = frozenset(["redirect", "other_namespace"])


def settle(settings: Settings, changed: Collection[str], run: Runner = in_turn) -> Settled:
    """Find out which documents live, which passages repeat and what must be extracted.

    Args:
        settings: the settings in force.
        changed: paths whose bytes changed while they were read; left for the next run.
        run: applies the tasks of the index of near copies, here or elsewhere.
    """
    with State(settings.state) as state:
        state.change_sources(_refused(settings, state, changed))
        index = state.near_copies(fingerprint(*REPEATS), run)
        corpus = state.corpus
        corpus.begin(settling_key(), index)
        corpus.renew(corpus.touched(), partial(_outline, state), partial(_streams, state), index)
        corpus.settle(rules_key(settings), partial(_job, settings, state))
        return Settled(tuple(_batches(state, settings.batch_bytes)))


def _refused(settings: Settings, state: State, changed: Collection[str]) -> Iterator[Source]:
    """What is to be said of the sources that came to nothing; the last word on one counts."""
    for key, row, refused in chain(_crashed(settings, state), _unreadable(state)):
        status: SourceStatus = "skipped" if refused.reason in _NOT_MEANT else "quarantined"
        yield key, row.model_copy(update=_told(status, refused.reason, refused.message))
    for _, row in state.sources_of(changed):
        update = {**_told("quarantined", *_CHANGED), "bytes": None, "sha256": None}
        yield None, row.model_copy(update=update)


def _told(status: SourceStatus, reason: Reason, message: str) -> dict[str, str | None]:
    """What a row says of a source that came to nothing."""
    return {"status": status, "reason": reason, "message": message, "document_id": None}


def _crashed(settings: Settings, state: State) -> Iterator[tuple[str, SourceRow, Refused]]:
    # Their keys hold the rules under which they crashed, and are not those of sources.
    for key, row in state.sources() if state.count("crashed") else ():
        text = None if key is None else state.get("crashed", crash_key(settings, key))
        if key is not None and text is not None:
            yield key, row, REFUSED.validate_json(text)


def _unreadable(state: State) -> Iterator[tuple[str, SourceRow, Refused]]:
    for key, row in state.refused_sources():
        if key is not None:
            yield key, row, entry(state, "refused", key, REFUSED)


def _outline(state: State, read_key: str) -> Outline:
    return entry(state, "outline", outline_key(read_key), OUTLINE)


def _streams(state: State, read_key: str) -> Iterable[tuple[str, str]]:
    return entry(state, "streams", outline_key(read_key), STREAMS).items()


def _job(settings: Settings, state: State, one: Unsettled) -> Waiting:
    """What is to be extracted from: passages in a wanted language, unless another says the same.

    Names in a table tell no language: they count unless the document has words in another one.
    """
    outline = _outline(state, one.read_key)
    told_by = [each for each in outline.extractable if each[1] not in one.furniture]
    wanted = {"", *settings.languages}
    if {language for _, _, language in told_by} - {"", UNKNOWN} <= wanted:
        wanted.add(UNKNOWN)
    chosen = [
        (position, start)
        for position, start, language in told_by
        if language in wanted and start not in one.silent
    ]
    kept = tuple(position for position, _ in chosen)
    rows_key = content_key(one.read_key, rules_key(settings), ",".join(map(str, kept)))
    return Waiting(one.document_id, one.read_key, rows_key, kept, _signs(outline, chosen))


def _signs(outline: Outline, chosen: Iterable[tuple[int, int]]) -> int:
    """How many characters, or a few more, some passages have: each reaches to the next start."""
    starts = [start for _, start, _ in outline.extractable]
    ends = dict(pairwise((*starts, outline.chars)))
    return sum(ends[start] - start for _, start in chosen)


def _batches(state: State, size: int) -> Iterator[Batch]:
    """Keep the jobs that wait in batches of about `size` characters, the longest documents first.

    Near the end batches hold fewer: see `share`.
    """
    state.retain("batch", ())
    left, waiting = state.corpus.waiting()
    jobs: list[Job] = []
    held = 0
    for one in waiting:
        jobs.append(Job(one.read_key, one.rows_key, one.document_id, one.kept))
        held += one.signs
        if held >= share(size, left):
            yield _kept(state, jobs)
            left -= held
            jobs, held = [], 0
    if jobs:
        yield _kept(state, jobs)


def _kept(state: State, jobs: Sequence[Job]) -> Batch:
    key = content_key(*(job.rows_key for job in jobs))
    state.put("batch", [(key, dump(JOBS, tuple(jobs)))])
    return Batch(key, len(jobs))
