from __future__ import annotations

import json
import re
import shutil
from functools import partial
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import SettingsError, SnapshotError
from pipeline.fingerprints import PUBLISH, fingerprint
from pipeline.journal import last_runs
from pipeline.receipts import Begun, Pages
from pipeline.report import begin, build, make, report_path, write_report
from pipeline.report.answers import Year
from pipeline.report.charts import near
from pipeline.report.document import document_page
from pipeline.report.kept import Kept, made_from
from pipeline.report.layers import lanes, pieces
from pipeline.report.network import layout
from pipeline.report.signs import data, html, visible
from pipeline.report.views import DocumentView
from pipeline.settings import Settings
from pipeline.stages import parts_of
from pipeline.state import State
from tests.conftest import Home

STORY = "Chile and Peru are strategic partners, the ministers said in Lima on 4 May 2021.\n"
REQUESTS = re.compile(
    r"""(?:src|action|srcset|poster)\s*=|url\(|@import|href="(?!#|documents/|\.\./index\.html|[0-9a-f]{20}\.html)"""
)


def latest(home: Home) -> Path:
    return (home.settings.output / "latest").resolve()


def pages(home: Home) -> dict[str, str]:
    folder = report_path(home.settings.output).parent
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob("*.html"))
    }


def markup(page: str) -> str:
    """The page without its style, script and data."""
    return re.sub(r"<(style|script)\b.*?</\1>", "", page, flags=re.DOTALL)


def test_every_document_has_a_page_and_every_row_a_record(samples: Home) -> None:
    made = pages(samples)
    ids = {str(row[0]) for row in samples.ask("SELECT document_id FROM documents")}
    assert set(made) == {"index.html", *(f"documents/{key}.html" for key in ids)}
    for table, key in (("entities", "entity_id"), ("partnerships", "partnership_id")):
        for document, record in samples.ask(f"SELECT document_id, {key} FROM {table}"):
            assert f'id="r-{record}"' in made[f"documents/{document}.html"]


def test_links_of_the_index_lead_to_records_that_are_there(samples: Home) -> None:
    made = pages(samples)
    links = re.findall(r'href="(documents/[0-9a-f]{20}\.html)(?:#([\w-]+))?"', made["index.html"])
    assert len(links) > 50
    for page, anchor in links:
        assert not anchor or f'id="{anchor}"' in made[page]
    for anchor in re.findall(r'href="#([^"]+)"', made["index.html"]):
        assert f'id="{anchor}"' in made["index.html"]


def test_date_anchor_rule_path_and_repeats_are_shown(samples: Home) -> None:
    made = pages(samples)
    ((document, rule, anchor, path),) = samples.ask(
        "SELECT document_id, rule_id, anchor_date::VARCHAR, path FROM dates "
        "JOIN sources USING (document_id) WHERE anchor = 'published' ORDER BY ALL LIMIT 1"
    )
    page = made[f"documents/{document}.html"]
    assert f"published: {anchor}" in page
    assert f"<code>{rule}</code>" in page
    assert f"raw/{path}" in page
    for passage, original in samples.ask(
        "SELECT passage_id, repeat_of FROM passages WHERE repeat_of IS NOT NULL"
    ):
        document, _, start = str(passage).partition(":")
        home, _, first = str(original).partition(":")
        page = made[f"documents/{document}.html"]
        part = page.partition(f'id="p{start}"')[2].partition('id="p')[0]
        assert f'href="{home}.html#p{first}"' in part
        assert f'id="p{first}"' in made[f"documents/{home}.html"]
        assert "<details" in part


def test_files_left_out_are_shown_with_what_to_do(home: Home) -> None:
    home.write("good.txt", STORY)
    home.write("empty.txt", "")
    home.run()
    ((message,),) = home.ask("SELECT message FROM sources WHERE path = 'empty.txt'")
    page = pages(home)["index.html"]
    assert "empty.txt" in page
    assert html(str(message)) in page


def test_it_asks_nobody_for_anything(samples: Home) -> None:
    for page in pages(samples).values():
        assert "default-src 'none'" in unescape(page)
        assert "unsafe" not in page.partition("</head>")[0]
        assert REQUESTS.findall(markup(page)) == []
        assert " style=" not in markup(page)
        assert re.findall(r"\son\w+=", markup(page)) == []


def test_the_same_snapshot_makes_the_same_pages(samples: Home, tmp_path: Path) -> None:
    for name in ("one", "two"):
        build(latest(samples), tmp_path / name, samples.settings.state)
    for path in (tmp_path / "one").rglob("*.html"):
        other = tmp_path / "two" / path.relative_to(tmp_path / "one")
        assert path.read_bytes() == other.read_bytes()


def test_only_so_many_documents_get_a_page_and_any_other_can_be_asked_for(
    samples: Home, tmp_path: Path
) -> None:
    (without,) = samples.ask(
        "SELECT max(document_id) FROM documents d WHERE NOT EXISTS "
        "(SELECT 1 FROM partnerships p WHERE p.document_id = d.document_id)"
    )
    wanted = str(without[0])
    build(latest(samples), tmp_path / "few", samples.settings.state, 2, (wanted,))
    made = {path.stem for path in (tmp_path / "few" / "documents").iterdir()}
    assert len(made) == 2
    assert wanted in made
    index = (tmp_path / "few" / "index.html").read_text(encoding="utf-8")
    links = set(re.findall(r'href="documents/([0-9a-f]{20})', index))
    assert links <= made
    with pytest.raises(SettingsError, match="no such document"):
        build(latest(samples), tmp_path / "none", samples.settings.state, 2, ("0" * 20,))


def test_a_report_is_shown_whole_and_the_one_before_is_gone(home: Home) -> None:
    home.write("one.txt", STORY)
    name = home.run().snapshot
    output, state = home.settings.output, home.settings.state
    before = (output / "report").resolve()
    (state / "reports" / ".building-1").mkdir()
    (output / ".report-1").symlink_to("nowhere")
    write_report(latest(home), output, state)
    assert (output / "report").resolve() != before
    assert [path.name for path in (state / "reports").iterdir()] == [f"{name}-2"]
    assert report_path(output).is_file()
    assert sorted(path.name for path in output.iterdir()) == ["latest", "report"]


def test_a_folder_of_somebody_else_is_not_taken_away(home: Home) -> None:
    home.write("one.txt", STORY)
    home.run()
    link = home.settings.output / "report"
    link.unlink()
    link.mkdir()
    (link / "index.html").write_text("of an earlier version")
    write_report(latest(home), home.settings.output, home.settings.state)
    assert link.is_symlink()
    link.unlink()
    link.mkdir()
    (link / "mine.txt").write_text("kept")
    with pytest.raises(SnapshotError, match="move it away"):
        write_report(latest(home), home.settings.output, home.settings.state)
    assert (link / "mine.txt").read_text() == "kept"


def test_the_change_since_the_run_before_is_shown(home: Home) -> None:
    home.write("one.txt", STORY)
    home.run()
    home.write("two.txt", STORY.replace("Peru", "Ghana"))
    home.run()
    (home.settings.state / "runs" / "0-broken.json").write_text("{")
    assert len(last_runs(home.settings.state, 30)) == 2
    page = pages(home)["index.html"]
    card = re.search(r"<b>2</b> documents\s*<span[^>]*>([^<]*)<", page)
    assert card is not None
    assert card[1] == "+1"
    assert "The last 2 runs" in page
    write_report(latest(home), home.settings.output, home.settings.state)
    assert "The last 2 runs" in pages(home)["index.html"]


def test_a_report_that_a_killed_run_left_behind_is_made_by_the_next(home: Home) -> None:
    home.write("one.txt", STORY)
    home.run()
    old = (home.settings.output / "report").resolve()
    home.write("two.txt", STORY.replace("Peru", "Ghana"))
    record = home.run()
    # As if the second run had been killed after its snapshot was shown.
    (home.settings.state / "reports" / f"{record.snapshot}-1").rename(old)
    link = home.settings.output / "report"
    link.unlink()
    link.symlink_to(old)
    with State(home.settings.state) as state:
        state.remember("reported", old.name.rpartition("-")[0])
    home.run()
    assert link.resolve().name == f"{record.snapshot}-1"
    made = link.readlink()
    home.run()
    assert link.readlink() == made


def test_pages_of_documents_that_did_not_change_are_kept(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.write("one.txt", STORY)
    home.write("two.txt", STORY.replace("Peru", "Ghana").replace("Lima", "Accra"))
    before = home.run().snapshot
    made: list[str] = []

    def noted(view: DocumentView, *others: Any) -> str:
        made.append(view.paths[0])
        return document_page(view, *others)

    monkeypatch.setattr("pipeline.report.document_page", noted)
    home.write("three.txt", "Kenya and Oman opened a port for EUR 3 million on 4 May 2021.\n")
    after = home.run().snapshot
    assert made == ["three.txt"]
    kept = pages(home)
    assert not any(before in page for name, page in kept.items() if name != "index.html")
    # They are what they would be had there been no report before.
    snapshot = latest(home)
    with State(home.settings.state) as state:
        origins, code = partial(state.origins.of_made, after), fingerprint(*PUBLISH)
        begun = begin(snapshot, tmp_path / "new", tmp_path, 9, (), code, origins)
    make(snapshot, tmp_path / "nothing", Pages(begun, True, begun.left))
    assert len(made) == 4
    for name, page in kept.items():
        if name != "index.html":
            assert (tmp_path / "new" / name).read_text(encoding="utf-8") == page
            assert page.count(after) == 2


@given(st.integers(0, 700), st.integers(1, 9))
def test_parts_hold_the_index_and_each_page_once(left: int, workers: int) -> None:
    begun = Begun("1-x", "folder", tuple((str(number), "") for number in range(left)), ())
    parts = parts_of(Settings(), begun, workers)
    assert sum(part.has_index for part in parts) == 1
    assert tuple(one for part in parts for one in part.documents) == begun.left
    assert len(parts) <= workers
    assert left >= 40 or len(parts) == 1
    (whole,) = parts_of(Settings(worker_megabytes=500), begun, workers)
    assert (whole.has_index, whole.documents) == (True, begun.left)


def test_workers_make_the_pages_that_one_makes(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(7):
        home.write(f"{number}.txt", STORY.replace("Lima", f"Lima, item {number},"))
    snapshot = home.run().snapshot
    alone = pages(home)
    with State(home.settings.state) as state:
        assert len(state.origins.of_made(snapshot, [path[10:-5] for path in alone])) == 7
        assert state.origins.of_made("000001-other", [path[10:-5] for path in alone]) == {}
        state.remember("reported", "")
    shutil.rmtree(home.settings.state / "reports")
    monkeypatch.setattr("pipeline.stages.report.INDEX_PAGES", 1)
    monkeypatch.setattr("pipeline.stages.report.PART_PAGES", 1)
    made: list[Pages] = []

    def noted(settings: Settings, begun: Begun, workers: int) -> tuple[Pages, ...]:
        made.extend(parts_of(settings, begun, workers))
        return tuple(made)

    monkeypatch.setattr("pipeline.run.parts_of", noted)
    home.settings = home.settings.model_copy(update={"workers": 2})
    assert home.run().outcome == "unchanged"
    assert [len(part.documents) for part in made] == [3, 4]
    together = pages(home)
    assert together.keys() == alone.keys()
    assert all(together[name] == page for name, page in alone.items() if name != "index.html")


@pytest.mark.parametrize("harm", ["another key", "torn", "another snapshot", "gone"])
def test_a_page_that_is_not_what_it_should_be_is_made_again(tmp_path: Path, harm: str) -> None:
    page = (
        f"<head><meta {made_from('ab')}></head><dt>snapshot</dt><dd><code>1-x</code></dd>"
        '{"snapshot":"1-x"}</html>'
    )
    file = tmp_path / "d.html"
    file.write_text(page)
    kept = Kept(tmp_path, "1-x", "2-y")
    assert kept.page("d", "ab") == page.replace("1-x", "2-y").encode()
    match harm:
        case "another key":
            assert kept.page("d", "ac") is None
        case "torn":
            file.write_text(page[:-3])
        case "another snapshot":
            kept = Kept(tmp_path, "0-x", "2-y")
        case "gone":
            file.unlink()
    assert harm == "another key" or kept.page("d", "ab") is None


SPANS = st.lists(
    st.tuples(st.integers(0, 30), st.integers(1, 12)).map(lambda s: (s[0], s[0] + s[1])),
    max_size=12,
)


@given(SPANS)
def test_pieces_hold_every_code_point_once_and_spans_come_back(
    spans: list[tuple[int, int]],
) -> None:
    made = pieces(spans, 0, 50)
    assert [piece.start for piece in made] == [0, *(piece.end for piece in made[:-1])]
    assert made[-1].end == 50
    for index, (start, end) in enumerate(spans):
        over = [piece for piece in made if index in piece.covering]
        assert (over[0].start, over[-1].end) == (start, end)
        assert [index in piece.opening for piece in over] == [True] + [False] * (len(over) - 1)
        assert [index in piece.closing for piece in over] == [False] * (len(over) - 1) + [True]


@given(SPANS)
def test_spans_in_a_lane_share_nothing(spans: list[tuple[int, int]]) -> None:
    given_lanes = lanes(spans)
    for one, (start, end) in enumerate(spans):
        for other, (first, last) in enumerate(spans[:one]):
            if start < last and first < end:
                assert given_lanes[one] != given_lanes[other]
    deepest = max((sum(s <= at < e for s, e in spans) for at in range(50)), default=0)
    assert max(given_lanes, default=-1) + 1 == deepest


@given(st.text())
def test_visible_keeps_the_length_and_shows_each_command(text: str) -> None:
    shown = visible(text)
    assert isinstance(shown, str)
    assert len(shown) == len(text)
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", shown)


@given(st.text())
def test_data_comes_back_and_cannot_end_its_tag(text: str) -> None:
    made = data([text])
    assert "<" not in made
    assert json.loads(made) == [visible(text)]


def test_the_network_is_drawn_the_same_each_time_and_inside_its_frame() -> None:
    nodes = [f"N{n}" for n in range(40)]
    edges = [(f"N{n}", f"N{n // 2}", 1.0 + n % 3) for n in range(1, 40)]
    points = layout(nodes, edges, 640, 400)
    assert points == layout(nodes, edges, 640, 400)
    assert len(set(points.values())) == 40
    assert all(0 <= x <= 640 and 0 <= y <= 400 for x, y in points.values())
    assert layout([], [], 10, 10) == {}
    assert layout(["A"], [], 10, 10) == {"A": (5.0, 5.0)}


def test_a_lone_year_of_antiquity_does_not_press_the_others_together() -> None:
    many = [Year(1990 + n, 30, 1, None, None) for n in range(10)]
    far = Year(44, 1, 1, None, None)
    assert near([far, *many]) == tuple(many)
    assert near([far]) == (far,)
    assert near([]) == ()


def test_the_slowest_documents_of_the_last_run_are_shown(home: Home) -> None:
    home.write("short.txt", STORY)
    home.write("long.txt", STORY + "The harbour of Callao was quiet that day, he said.\n" * 200)
    record = home.run()
    slow = {one.document_id: one.seconds for one in record.slowest}
    assert len(slow) == 2
    assert min(slow.values()) > 0
    page = pages(home)["index.html"]
    table = page[page.index("The slowest documents of the last run") :]
    first, second = re.findall(r'href="documents/([0-9a-f]{20}).html"', table)[:2]
    assert slow[first] >= slow[second]
