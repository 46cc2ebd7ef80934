"""Relations: what all statements about one pair and label say together."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.publish import SnapshotWriter
from pipeline.relations import Relations, differ
from pipeline.verify import check, files_of
from schemas.tables import PartnershipRow, PartnershipStatus, RelationRow
from tests.test_publish import add_document, add_source, document_id

WORDS = "2014: Fiji and Peru sign a strategic partnership."
STATUSES: tuple[PartnershipStatus, ...] = (
    "in_force", "established", "upgraded", "proposed", "negated", "ended",
)  # fmt: skip
Said = tuple[int, PartnershipStatus, str | None, tuple[str, ...]]


def statement(number: int, said: Said) -> PartnershipRow:
    document, status, since, parties = said
    identity = document_id(document)
    return PartnershipRow(
        partnership_id=f"{number:020x}",
        document_id=identity,
        passage_id=f"{identity}:0",
        start_char=27,
        end_char=48,
        text=WORDS[27:48],
        method="rule",
        rule_id="parties.subjects",
        label="strategic_partnership",
        tier="strategic_partnership",
        party_a=parties[0],
        party_b=parties[1],
        parties=parties,
        status=status,
        since=since,
        since_date=dt.date(int(since[:4].replace("X", "0")), 1, 1) if since else None,
        action=None,
        scope=None,
        instrument=None,
        evidence_start_char=0,
        evidence_end_char=len(WORDS),
        evidence_text=WORDS,
    )


def relations(*said: Said, days: Sequence[dt.date | None] = ()) -> list[RelationRow]:
    gathered = Relations()
    for number, one in enumerate(sorted(said, key=lambda each: each[0])):
        gathered.add(statement(number, one), days[one[0]] if days else None)
    return list(gathered.rows())


def test_a_relation_counts_what_is_said_of_it() -> None:
    days = [dt.date(2020, 5, 1), None, dt.date(2016, 2, 3)]
    (row,) = relations(
        (0, "in_force", None, ("FJI", "PER")),
        (0, "established", "2014", ("FJI", "PER")),
        (1, "in_force", "2014-08-21", ("FJI", "PER")),
        (2, "proposed", None, ("FJI", "PER")),
        days=days,
    )
    assert (row.first_mention, row.last_mention) == (days[2], days[0])
    assert (row.document_count, row.statement_count) == (3, 4)
    assert (row.in_force_count, row.established_count, row.proposed_count) == (2, 1, 1)
    assert row.since_claims == ("2014", "2014-08-21")
    assert row.first_since == "2014"
    assert row.contradictions == ()
    assert row.partnership_id == f"{3:020x}"


@pytest.mark.parametrize(
    ("said", "days", "contradictions"),
    [
        ([(0, "in_force", "1996"), (1, "in_force", "1998")], [None, None], ("since",)),
        ([(0, "in_force", "199X"), (1, "in_force", "1998")], [None, None], ()),
        ([(0, "negated", None), (1, "in_force", None)], [None, None], ("negated",)),
        ([(0, "negated", None), (1, "proposed", None)], [None, None], ()),
        ([(0, "ended", None), (1, "in_force", None)], [2019, 2021], ("ended",)),
        ([(0, "ended", None), (1, "in_force", None)], [2021, 2019], ()),
        ([(0, "ended", None), (1, "in_force", None)], [None, 2019], ()),
    ],
)
def test_contradictions_stay_visible(
    said: list[tuple[int, PartnershipStatus, str | None]],
    days: list[int | None],
    contradictions: tuple[str, ...],
) -> None:
    dated = [None if year is None else dt.date(year, 1, 1) for year in days]
    (row,) = relations(*((*one, ("FJI", "PER")) for one in said), days=dated)
    assert row.contradictions == contradictions
    assert row.statement_count == len(said)


def test_a_value_does_not_differ_from_a_part_of_it() -> None:
    assert not differ("2014-05", "2014")
    assert not differ("2014-05-01/2014-05-03", "2014-05-01")
    assert differ("2014-05", "2014-06")


PAIRS = st.sampled_from([("FJI", "PER"), ("FJI", "TON"), ("CHN", "JPN", "KOR")])
SAID = st.tuples(
    st.integers(0, 4),
    st.sampled_from(STATUSES),
    st.sampled_from([None, "1998", "2014", "2014-05"]),
    PAIRS,
)


@settings(deadline=None)
@given(st.lists(SAID, max_size=20))
def test_counts_reconcile_with_the_statements(said: list[Said]) -> None:
    rows = relations(*said)
    assert sum(row.statement_count for row in rows) == len(said)
    for row in rows:
        about = [one for one in said if one[3] == row.parties]
        assert row.statement_count == len(about)
        assert row.document_count == len({one[0] for one in about})
        assert set(row.since_claims) == {one[2] for one in about if one[2]}
        counts = [getattr(row, f"{status}_count") for status in STATUSES]
        assert counts == [sum(one[1] == status for one in about) for status in STATUSES]
    assert [(row.parties, row.label) for row in rows] == sorted(
        {(one[3], "strategic_partnership") for one in said}
    )


def snapshot(folder: Path) -> Path:
    writer = SnapshotWriter(folder)
    add_source(writer, 0)
    add_document(writer, 0, WORDS)
    writer.add(statement(0, (0, "established", "2014", ("FJI", "PER"))))
    writer.close()
    return writer.folder


def test_a_snapshot_holds_the_relations_of_its_statements(tmp_path: Path) -> None:
    folder = snapshot(tmp_path)
    assert check(folder) == []
    (path,) = files_of(folder, "relations")
    (row,) = pq.read_table(path).to_pylist()
    assert (row["parties"], row["statement_count"]) == (["FJI", "PER"], 1)


@pytest.mark.parametrize(
    ("column", "value"), [("statement_count", 2), ("first_since_date", None), ("label", "b")]
)
def test_a_relation_that_its_statements_do_not_give_is_named(
    tmp_path: Path, column: str, value: object
) -> None:
    folder = snapshot(tmp_path)
    (path,) = files_of(folder, "relations")
    table = pq.read_table(path)
    at = table.schema.get_field_index(column)
    field = table.schema.field(column)
    changed = table.set_column(at, field, pa.array([value], type=field.type))
    pq.write_table(changed, path)
    assert any("counted anew" in fault for fault in check(folder))
    shutil.rmtree(folder)
