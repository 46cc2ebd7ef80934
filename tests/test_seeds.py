"""What must be found in the seed documents; skipped where they are absent."""

from __future__ import annotations

from decimal import Decimal

from pipeline.state import FILE_NAME
from tests.conftest import Home


def statements(home: Home, seed: str) -> set[tuple[str, str, str, str | None]]:
    query = f"""
        SELECT party_a || '-' || party_b, label, p.status, since
        FROM partnerships p JOIN sources USING (document_id) WHERE path LIKE '{seed}%'
    """
    return set(home.ask(query))  # type: ignore[arg-type]


def document(home: Home, seed: str, column: str) -> object:
    query = (
        f"SELECT {column} FROM documents JOIN sources USING (document_id) WHERE path LIKE '{seed}%'"
    )
    ((value,),) = home.ask(query)
    return value


def test_seed_000_each_paragraph_is_kept_once_and_mapped_once(seeds: Home) -> None:
    assert document(seeds, "000", "(passage_count, repeat_count)") == (34, 17)
    repeated = (
        "SELECT count(*), count(DISTINCT repeat_of) FROM passages "
        "WHERE repeat_kind = 'exact' AND kind <> 'table_row'"
    )
    assert seeds.ask(repeated) == [(17, 17)]


def test_seed_000_partnerships(seeds: Home) -> None:
    found = statements(seeds, "000")
    pairs = {(pair, label, status) for pair, label, status, _ in found}
    plain, full = "strategic_partnership", "comprehensive_strategic_partnership"
    assert ("ITA-MNG", plain, "upgraded", "2025-12-01/2025-12-03") in found
    assert {
        ("MNG-RUS", full, "in_force"),
        ("CHN-MNG", full, "in_force"),
        ("MNG-USA", "strategic_third_neighbourhood_partnership", "in_force"),
        ("JPN-MNG", "special_strategic_partnership_for_peace_and_prosperity", "in_force"),
        ("DEU-MNG", plain, "in_force"),
        ("KOR-MNG", plain, "in_force"),
        ("KAZ-MNG", plain, "in_force"),
        ("MNG-TUR", plain, "in_force"),
        ("IND-MNG", plain, "in_force"),
    } <= pairs
    assert not any("cooperation" in label for _, label, _ in pairs)
    assert {pair for pair, _, _ in pairs} == {
        "ITA-MNG",
        "MNG-RUS",
        "CHN-MNG",
        "MNG-USA",
        "JPN-MNG",
        "DEU-MNG",
        "KOR-MNG",
        "KAZ-MNG",
        "MNG-TUR",
        "IND-MNG",
    }


def test_seed_000_the_visit_is_one_interval(seeds: Home) -> None:
    query = "SELECT edtf, granularity FROM dates WHERE text = 'December 1–3, 2025'"
    assert seeds.ask(query) == [("2025-12-01/2025-12-03", "interval")]


def test_seed_001_every_dated_row_is_a_date_with_its_section(seeds: Home) -> None:
    query = """
        SELECT p.section, count(*) FROM dates d JOIN passages p USING (passage_id)
        JOIN sources s ON s.document_id = d.document_id
        WHERE s.path LIKE '001%' AND p.kind = 'table_row'
          AND d.text SIMILAR TO '\\d{4}-\\d\\d-\\d\\d'
        GROUP BY 1 ORDER BY 1
    """
    rows = {str(section): int(str(count)) for section, count in seeds.ask(query)}
    cells = """
        SELECT count(*) FROM passages p JOIN sources s USING (document_id)
        WHERE s.path LIKE '001%' AND kind = 'table_row'
          AND p.text SIMILAR TO '.*\\d{4}-\\d\\d-\\d\\d.*'
    """
    assert sum(rows.values()) == seeds.ask(cells)[0][0]
    assert rows["Americas"] == 5
    assert rows["East Asia"] == 4
    assert rows["Oceania"] == 1
    assert sum(rows.values()) > 40


def test_seed_001_empty_rows_yield_nothing_and_headings_carry_no_marks(seeds: Home) -> None:
    for table in ("entities", "dates", "money", "partnerships"):
        query = f"""
            SELECT count(*) FROM {table} t JOIN passages p USING (passage_id)
            WHERE p.kind = 'table_row' AND p.section = 'Diplomatic relations'
        """
        assert seeds.ask(query) == [(0,)]
    assert seeds.ask("SELECT count(*) FROM entities WHERE text LIKE '%|%'") == [(0,)]
    headings = "SELECT count(*) >= 11 FROM passages WHERE kind = 'heading'"
    assert seeds.ask(headings) == [(True,)]
    marks = "SELECT count(*) FROM passages WHERE text LIKE '%==%' OR section LIKE '%==%'"
    assert seeds.ask(marks) == [(0,)]


def test_seed_002_partnership_money_and_boilerplate(seeds: Home) -> None:
    found = statements(seeds, "002")
    assert ("MNG-RUS", "strategic_partnership", "in_force", "2009") in found
    assert {pair for pair, _, _, _ in found} == {"MNG-RUS"}
    query = """
        SELECT amount, currency, qualifier FROM money JOIN sources USING (document_id)
        WHERE path LIKE '002%' ORDER BY amount
    """
    assert seeds.ask(query) == [
        (Decimal(61_600_000), "USD", "exact"),
        (Decimal(297_000_000), "USD", "exact"),
        (Decimal(1_500_000_000), "USD", "exact"),
        (Decimal(1_600_000_000), "USD", "exact"),
    ]
    first = """
        SELECT kind FROM passages JOIN sources USING (document_id)
        WHERE path LIKE '002%' AND position = 0
    """
    assert seeds.ask(first) == [("boilerplate",)]


def test_seed_003_date_money_and_partnership(seeds: Home) -> None:
    published = "(published_date::VARCHAR, published_basis, publisher)"
    assert document(seeds, "003", published) == ("2025-11-20", "header", "MONTSAME")
    assert seeds.ask("SELECT edtf FROM dates WHERE text = 'November 19, 2025'") == [("2025-11-19",)]
    query = """
        SELECT amount, currency, qualifier, role FROM money JOIN sources USING (document_id)
        WHERE path LIKE '003%' ORDER BY start_char
    """
    assert seeds.ask(query) == [
        (Decimal(50_000_000), "USD", "over", None),
        (Decimal(500_000_000), "USD", "over", None),
        (Decimal(3_000_000), "MNT", "exact", "from"),
        (Decimal(1_000_000), "MNT", "exact", "to"),
    ]
    assert ("KOR-MNG", "strategic_partnership", "in_force", None) in statements(seeds, "003")


def test_seed_004_dates_money_and_partnership(seeds: Home) -> None:
    assert document(seeds, "004", "published_date::VARCHAR") == "2024-10-29"
    assert seeds.ask("SELECT edtf, anchor FROM dates WHERE text = 'Tuesday'") == [
        ("2024-10-29", "published")
    ]
    found = statements(seeds, "004")
    assert ("KAZ-MNG", "strategic_partnership", "upgraded", "2024-10-29") in found
    query = """
        SELECT amount, currency FROM money JOIN sources USING (document_id)
        WHERE path LIKE '004%' ORDER BY amount
    """
    assert seeds.ask(query) == [(Decimal(150_000_000), "USD"), (Decimal(500_000_000), "USD")]


def test_no_document_date_from_anything_else(seeds: Home) -> None:
    query = """
        SELECT left(path, 3), published_date::VARCHAR
        FROM documents JOIN sources USING (document_id) ORDER BY 1
    """
    assert seeds.ask(query) == [
        ("000", None),
        ("001", None),
        ("002", None),
        ("003", "2025-11-20"),
        ("004", "2024-10-29"),
    ]


def test_the_same_bytes_again_and_after_the_state_is_deleted(seeds: Home) -> None:
    before = seeds.bytes_of_output()
    seeds.run()
    assert seeds.bytes_of_output() == before
    (seeds.settings.state / FILE_NAME).unlink()
    seeds.run()
    assert seeds.bytes_of_output() == before
