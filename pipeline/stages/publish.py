"""Stage `publish`: rows -> snapshot -> flip."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from pipeline.errors import GuardError
from pipeline.fingerprints import PUBLISH, fingerprint, model_fingerprint
from pipeline.health import judge
from pipeline.ingest import FOLDER_METADATA, expectations
from pipeline.publish import (
    Earlier,
    Published,
    SnapshotWriter,
    current,
    publish,
    sweep,
)
from pipeline.records import Document, Passage
from pipeline.repeats import Repeat, is_spared
from pipeline.settings import Settings
from pipeline.stages.entries import (
    ADMITTED,
    READING,
    crash_key,
    entry,
    live_indexes,
    model_key,
    outline_key,
)
from pipeline.state import Stage, State, content_key
from pipeline.verify import damaged
from schemas.tables import (
    DateRow,
    DocumentRow,
    EntityRow,
    Mention,
    MoneyRow,
    PartnershipRow,
    PassageRow,
    SourceRow,
)

# Stages that keep what they make of a reading, under a key of its own.
_OF_READING: tuple[Stage, ...] = ("outline", "streams")
# With more than half of the documents changed, taking over the rest is not worth its pieces.
TAKEN_OVER = 0.5


def publish_snapshot(settings: Settings, signature: str) -> Published:
    """Write all rows of the live corpus as one snapshot and show it.

    Raises:
        SnapshotError: the snapshot failed a check; nothing was flipped.
    """
    with State(settings.state) as state:
        with SnapshotWriter(settings.state) as writer:
            for columns in state.source_columns():
                writer.add_columns(SourceRow.table, columns)
            state.origins.trace(fingerprint(*PUBLISH), lambda words: content_key(*words))
            _add_documents(writer, state, _made(settings, state))
            published = publish(
                writer,
                settings.state,
                settings.output,
                settings.layout,
                _as_expected(settings, state),
            )
        sweep(settings.state, settings.output, settings.keep_snapshots, settings.keep_hours)
        state.origins.set_made(published.name)
        state.remember("published", f"{signature} {published.name}")
        _forget(settings, state)
    return published


def _as_expected(settings: Settings, state: State) -> Callable[[Path], tuple[str, ...]]:
    """A check that refuses a snapshot with less in it than a person expects of a source."""

    def check(folder: Path) -> tuple[str, ...]:
        stated = state.paths_named(FOLDER_METADATA)
        judged = judge(folder, expectations(settings.raw, stated))
        if judged.faults:
            raise GuardError(
                f"less than `[expect]` in {FOLDER_METADATA} asks for: {'; '.join(judged.faults)}. "
                "Nothing was published; look at these sources, or expect less."
            )
        return judged.warnings

    return check


def _made(settings: Settings, state: State) -> Path | None:
    """The snapshot that most rows may be taken over from: shown, and each byte as published."""
    shown = current(settings.output)
    if shown is None:
        return None
    same = state.origins.unchanged(shown.name)
    # None is the same, too, where a run was killed before it noted what it had shown: then nothing
    # tells which of its documents are gone.
    if same == 0 or same < TAKEN_OVER * len(state.corpus) or damaged(shown):
        return None
    return shown


def _add_documents(writer: SnapshotWriter, state: State, made: Path | None) -> None:
    """Add the rows of all live documents; those of unchanged ones come from the last snapshot."""
    if made is None:
        for live in state.corpus.live():
            _add_document(writer, state, *live)
        return
    earlier = Earlier(made)
    done = ""
    # Documents that stand next to each other in both snapshots are taken over in one piece.
    for one in state.origins.others():
        _take_over(writer, earlier, done, one.document_id)
        if one.is_live:
            _add_document(writer, state, one.document_id, one.read_key, one.rows_key)
        done = one.document_id
    _take_over(writer, earlier, done, None)


def _take_over(writer: SnapshotWriter, earlier: Earlier, after: str, before: str | None) -> None:
    for table, rows in earlier.take(after, before):
        writer.add_published(table, rows)


def _add_document(
    writer: SnapshotWriter, state: State, document_id: str, read_key: str, rows_key: str
) -> None:
    reading = entry(state, "read", read_key, READING)
    admitted = entry(state, "rows", rows_key, ADMITTED)
    repeats = state.corpus.repeats(document_id)
    writer.add(_document_row(reading.document, len(reading.passages), len(repeats)))
    furniture = state.corpus.furniture(document_id)
    for passage in reading.passages:
        if passage.passage_id in furniture:
            passage = replace(passage, kind="boilerplate")  # noqa: PLW2901
        writer.add(_passage_row(passage, repeats.get(passage.passage_id)))
    told = {
        each.passage_id: repeats[each.passage_id]
        for each in reading.passages
        if each.passage_id in repeats and not is_spared(each)
    }
    said = _said_by_originals(state, told)
    for rows in (admitted.entities, admitted.dates, admitted.money, admitted.partnerships):
        for row in rows:
            if row_says(row) not in said.get(row.passage_id, ()):
                writer.add(row)
    for reject in admitted.rejects:
        writer.add(reject)


def _said_by_originals(
    state: State, repeats: Mapping[str, Repeat]
) -> dict[str, set[tuple[object, ...]]]:
    """For each repeat in a document, what its original says."""
    # Most repeats in a document have their originals in one other: it is looked up once.
    rows_of: dict[str, list[Mention]] = {}
    said: dict[str, set[tuple[object, ...]]] = {}
    for passage_id, repeat in repeats.items():
        document_id = repeat.repeat_of.partition(":")[0]
        if document_id not in rows_of:
            rows_of[document_id] = _rows_of(state, document_id)
        said[passage_id] = {
            row_says(row) for row in rows_of[document_id] if row.passage_id == repeat.repeat_of
        }
    return said


def _rows_of(state: State, document_id: str) -> list[Mention]:
    """All mentions found in a live document; none where it lives no more."""
    rows_key = state.corpus.rows_key(document_id)
    if rows_key is None:
        return []
    found = entry(state, "rows", rows_key, ADMITTED)
    return [*found.entities, *found.dates, *found.money, *found.partnerships]


def row_says(row: Mention) -> tuple[object, ...]:
    """What a row says, wherever it stands: two rows that say the same are one fact.

    Example:
        >>> from schemas.tables import EntityRow
        >>> def entity(text, start):
        ...     return EntityRow(
        ...         entity_id="0" * 20, document_id="0" * 20, passage_id="0" * 20 + ":0",
        ...         start_char=start, end_char=start + len(text), text=text, method="rule",
        ...         rule_id="r", label="GPE", name=text, country_code="KOR", wikidata_id=None,
        ...         speaks_for=None)
        >>> row_says(entity("Republic of Korea", 3)) == row_says(entity("South Korea", 40))
        True
    """
    match row:
        case EntityRow():
            return ("entity", row.label, row.country_code or row.name)
        case DateRow():
            return ("date", row.edtf or row.text, row.modifier)
        case MoneyRow():
            return ("money", row.amount, row.amount_max, row.currency, row.qualifier, row.role)
        case PartnershipRow():
            return ("partnership", row.label, row.parties, row.status, row.since)
    raise TypeError(f"{type(row).__name__} is no finding")


def _document_row(document: Document, passages: int, repeats: int) -> DocumentRow:
    return DocumentRow(
        document_id=document.document_id,
        title=document.title,
        publisher=document.publisher,
        byline=document.byline,
        category=document.category,
        url=document.url,
        published_date=document.published_date,
        published_edtf=document.published_edtf,
        published_time=document.published_time,
        published_basis=document.published_basis,
        issuer=document.issuer,
        language=document.language,
        format=document.format,
        encoding=document.encoding,
        repairs=document.repairs,
        dropped=document.dropped,
        text=document.text,
        passage_count=passages,
        repeat_count=repeats,
    )


def _passage_row(passage: Passage, repeat: Repeat | None) -> PassageRow:
    return PassageRow(
        passage_id=passage.passage_id,
        document_id=passage.document_id,
        position=passage.position,
        kind=passage.kind,
        section=passage.section,
        language=passage.language,
        start_char=passage.start_char,
        end_char=passage.end_char,
        text=passage.text,
        repeat_of=None if repeat is None else repeat.repeat_of,
        repeat_kind=None if repeat is None else repeat.kind,
        similarity=None if repeat is None else repeat.similarity,
    )


def _forget(settings: Settings, state: State) -> None:
    """Drop the entries that no live document needs."""
    state.end_all()
    state.retain("batch", ())
    state.retain("index", live_indexes(state))
    state.retain("refused", _read_keys(state))
    state.retain("crashed", (crash_key(settings, key) for key in _read_keys(state)))
    live, model = len(state.corpus), model_fingerprint(settings.model)
    # Every live document has an entry in each: where there are no more, none is of another one.
    unread = state.stale("read") if state.count("read") != live else []
    if unread or state.recall("answers") != model:
        documents = state.corpus.live()
        state.retain("model", (model_key(settings, document_id) for document_id, _, _ in documents))
    if state.count("rows") != live:
        state.forget("rows", state.stale("rows"))
    for stage in _OF_READING:
        state.forget(stage, map(outline_key, unread))
        if state.count(stage) != live:
            # A run was killed that had forgotten the reading, and not yet this.
            documents = state.corpus.live()
            state.retain(stage, (outline_key(read_key) for _, read_key, _ in documents))
    state.forget("read", unread)
    state.remember("answers", model)


def _read_keys(state: State) -> Iterator[str]:
    return (key for key, _ in state.sources() if key is not None)
