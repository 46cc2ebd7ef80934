"""Stage `settle`: which documents live, which passages repeat, what is still to be extracted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import replace

from pipeline.fingerprints import REPEATS, fingerprint
from pipeline.passages.languages import UNKNOWN
from pipeline.receipts import Job, Settled
from pipeline.repeats import Page, Place, Repeat, recurring, repeats_of
from pipeline.settings import Settings
from pipeline.stages.entries import (
    OUTLINE,
    REFUSED,
    STREAMS,
    Outline,
    Refused,
    crash_key,
    entry,
    outline_key,
    rules_key,
)
from pipeline.stages.scan import refused_row
from pipeline.state import PAGE_ROWS, State, content_key
from schemas.tables import Reason, SourceRow

_CHANGED: tuple[Reason, str] = (
    "changed_while_reading",
    "It was being written to while it was read; the next run reads it again.",
)
# Pages of a wiki that are no articles; nothing is wrong with them.
_NOT_MEANT = frozenset(["redirect", "other_namespace"])


def settle(settings: Settings, changed: Sequence[str]) -> Settled:
    """Find out which documents live, which passages repeat and what must be extracted.

    Args:
        settings: the settings in force.
        changed: paths whose bytes changed while they were read; left for the next run.
    """
    with State(settings.state) as state:
        chosen, folders = _chosen(settings, state, changed)
        outlines = {
            key: entry(state, "outline", outline_key(key), OUTLINE) for key in chosen.values()
        }
        furniture = _furniture(folders, outlines)
        repeats = _repeats(state, outlines, furniture)
        outlines = {key: _without(one, furniture) for key, one in outlines.items()}
        jobs = {
            key: _job(settings, key, one, _silent(one, repeats)) for key, one in outlines.items()
        }
        state.set_live(
            ((document_id, key, jobs[key].rows_key) for document_id, key in chosen.items()),
            repeats,
            (f"{name}:{start}" for name, starts in furniture.items() for start in starts),
        )
        done = state.known("rows", (job.rows_key for job in jobs.values()))
        waiting = [
            (jobs[key], outlines[key].chars) for key in outlines if jobs[key].rows_key not in done
        ]
    return Settled(tuple(_batches(waiting, settings.batch_bytes)))


def _chosen(
    settings: Settings, state: State, changed: Sequence[str]
) -> tuple[dict[str, str], dict[str, set[str]]]:
    """Of each document that lives, by id, the read key and the folders that it stands in.

    Sources that came to nothing are told so.
    """
    chosen: dict[str, str] = {}
    folders: dict[str, set[str]] = {}
    other: list[tuple[str, int, str | None, str]] = []
    for path, record, key, text in state.sources():
        row = SourceRow.model_validate_json(text)
        refused = _refused(settings, state, key)
        if path in changed:
            row = refused_row(path, "quarantined", *_CHANGED, record)
        elif refused is not None:
            row = row.model_copy(
                update={
                    "status": "skipped" if refused.reason in _NOT_MEANT else "quarantined",
                    "reason": refused.reason,
                    "message": refused.message,
                    "document_id": None,
                }
            )
        elif row.document_id is not None and key is not None:
            chosen.setdefault(row.document_id, key)
            folders.setdefault(row.document_id, set()).add(path.rpartition("/")[0])
            continue
        else:
            continue
        kept = None if path in changed else key
        other.append((path, record, kept, row.model_dump_json()))
        if len(other) >= PAGE_ROWS:
            state.change_sources(other)
            other.clear()
    state.change_sources(other)
    return chosen, folders


def _refused(settings: Settings, state: State, key: str | None) -> Refused | None:
    if key is None:
        return None
    text = state.get("refused", key) or state.get("crashed", crash_key(settings, key))
    return None if text is None else REFUSED.validate_json(text)


def _furniture(
    folders: Mapping[str, Set[str]], outlines: Mapping[str, Outline]
) -> Mapping[str, frozenset[int]]:
    """Starts of the lines that are furniture of their source, by document id."""
    return recurring(
        Page(
            one.document_id,
            frozenset(
                {f"folder:{folder}" for folder in folders[one.document_id]}
                | ({f"publisher:{one.publisher.casefold()}"} if one.publisher else set())
                | ({f"host:{one.host}"} if one.host else set())
            ),
            one.story or one.document_id,
            one.lines,
        )
        for one in outlines.values()
    )


def _without(outline: Outline, furniture: Mapping[str, frozenset[int]]) -> Outline:
    """The outline without the lines that are furniture."""
    starts = furniture.get(outline.document_id)
    if not starts:
        return outline
    return replace(
        outline,
        repeatable=tuple(one for one in outline.repeatable if one.start_char not in starts),
        extractable=tuple(one for one in outline.extractable if one[1] not in starts),
    )


def _repeats(
    state: State, outlines: Mapping[str, Outline], furniture: Mapping[str, frozenset[int]]
) -> dict[str, Repeat]:
    """What repeats what in the whole corpus, by passage id; furniture repeats nothing.

    A copy is exact when the very words are the same; one that only says the same, with another
    dateline or other numerals, is near, and what it says beyond its original is kept.
    """
    index = state.near_copies(fingerprint(*REPEATS))
    live = {each.key for one in outlines.values() for each in one.repeatable}
    missing = index.missing(live)
    index.update(live, _streams(state, outlines, missing))
    outlines = {key: _without(one, furniture) for key, one in outlines.items()}
    places = [
        Place(each.key, one.published, one.document_id, each.start_char, each.is_spared)
        for one in outlines.values()
        for each in one.repeatable
    ]
    plain = {
        f"{one.document_id}:{each.start_char}": each.plain_key
        for one in outlines.values()
        for each in one.repeatable
    }
    return {
        passage_id: Repeat(repeat.repeat_of, "exact", 1.0)
        if plain[passage_id] == plain[repeat.repeat_of]
        else Repeat(repeat.repeat_of, "near", repeat.similarity)
        for passage_id, repeat in repeats_of(places, index.copies()).items()
    }


def _streams(
    state: State, outlines: Mapping[str, Outline], missing: Set[str]
) -> Iterator[tuple[str, str]]:
    """Key and stream of the missing passages, read document by document."""
    for read_key, one in outlines.items():
        if any(each.key in missing for each in one.repeatable):
            yield from entry(state, "streams", outline_key(read_key), STREAMS).items()


def _silent(outline: Outline, repeats: Mapping[str, Repeat]) -> set[int]:
    """Starts of the passages that need not be extracted from: another says the very same.

    Words that lean on their document are extracted from again in another one; what they say
    there beyond their original is found and kept, the rest is left out when rows are published.
    """
    silent: set[int] = set()
    for each in outline.repeatable:
        repeat = repeats.get(f"{outline.document_id}:{each.start_char}")
        if repeat is None or repeat.kind != "exact" or each.is_spared:
            continue
        if not each.needs_document or repeat.repeat_of.startswith(f"{outline.document_id}:"):
            silent.add(each.start_char)
    return silent


def _job(settings: Settings, read_key: str, outline: Outline, silent: Set[int]) -> Job:
    """What is to be extracted from: passages in a wanted language, unless another says the same.

    Names in a table tell no language: they count unless the document has words in another one.
    """
    told = {language for _, _, language in outline.extractable} - {"", UNKNOWN}
    wanted = {"", *settings.languages}
    if told <= wanted:
        wanted.add(UNKNOWN)
    kept = tuple(
        position
        for position, start, language in outline.extractable
        if language in wanted and start not in silent
    )
    rows_key = content_key(read_key, rules_key(settings), ",".join(map(str, kept)))
    return Job(read_key, rows_key, outline.document_id, kept)


def _batches(waiting: Iterable[tuple[Job, int]], size: int) -> Iterator[tuple[Job, ...]]:
    """Jobs in batches of about `size` characters of document text."""
    batch: list[Job] = []
    held = 0
    for job, chars in waiting:
        batch.append(job)
        held += chars
        if held >= size:
            yield tuple(batch)
            batch, held = [], 0
    if batch:
        yield tuple(batch)
