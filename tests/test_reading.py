"""How a file is read, as `pipeline show --passages` tells it: record, basis, passages."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.errors import SettingsError
from pipeline.ingest import Stated, known, read_document
from pipeline.reading import find_file, read_aloud
from tests.test_cli import pipeline

LIMIT = 1_000_000
STORY = "Bergen, May 3, 2019 /TASS/. The quay was opened on Friday by the minister of trade."


def bases(text: str, path: str = "x.txt", stated: Stated | None = None) -> dict[str, str]:
    document = read_document(text.encode(), path, stated)
    return {each.field: each.basis for each in known(document, path, stated)}


def test_each_field_has_the_basis_that_won() -> None:
    assert bases(STORY) == {"publisher": "dateline", "published": "dateline", "language": "text"}
    page = f"New Quay Opens in Bergen\nBy Anna Lind\n4 May 2019\n\n{STORY}"
    assert bases(page)["title"] == bases(page)["byline"] == bases(page)["published"] == "header"
    assert bases("It rained in Lima on Monday.", "2019-05-03.txt")["published"] == "file name"
    front = f"---\ntitle: Ties\ndate: 2019-05-03\n---\n{STORY}"
    assert (bases(front)["title"], bases(front)["published"]) == ("front matter", "front matter")
    stated = Stated(title="Quays", language="en", url="https://mfa.gov.mn/1")
    found = bases(front, stated=stated)
    assert (found["title"], found["language"], found["issuer"]) == ("sidecar", "sidecar", "host")


def test_the_span_of_a_basis_holds_its_words() -> None:
    page = f"New Quay Opens in Bergen\nBy Anna Lind\n4 May 2019\n\n{STORY}"
    document = read_document(page.encode(), "x.txt")
    spans = {each.field: each.span for each in known(document, "x.txt")}
    words = {field: page[span[0] : span[1]] for field, span in spans.items() if span}
    assert words == {
        "title": "New Quay Opens in Bergen",
        "byline": "By Anna Lind",
        "published": "4 May 2019",
        "publisher": "Bergen, May 3, 2019 /TASS/.",
    }


def test_a_file_that_was_never_run_is_shown(tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    raw.mkdir()
    (raw / "quay.txt").write_text(STORY)
    (raw / "source.toml").write_text('publisher = "North Post"\n')
    other = tmp_path / "other.md"
    other.write_text("# Trade\n\n## Fish\n\n- cod\n- herring\n")
    for wanted in ("quay.txt", str(raw / "quay.txt")):
        file = find_file(wanted, raw)
        assert file is not None
        lines = list(read_aloud(file, raw, LIMIT))
        assert "publisher: North Post  [sidecar]" in lines
        assert "published: 2019-05-03  [dateline 0-27]" in lines
        assert lines[-1].split()[:3] == [f"0-{len(STORY)}", "paragraph", "en"]
    shown = "\n".join(read_aloud(other, raw, LIMIT))
    assert "list_item   en  cod  [Fish]" in shown
    assert find_file("nothing.txt", raw) is None


def test_a_file_that_cannot_be_read_says_why(tmp_path: Path) -> None:
    (tmp_path / "x.txt").write_bytes(b"Peru \xc3\x28\xa0\xa1 met Chile")
    with pytest.raises(SettingsError, match="undecodable: Byte 5 "):
        list(read_aloud(tmp_path / "x.txt", tmp_path, LIMIT))


def test_the_command_shows_it(tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "quay.txt").write_text(STORY)
    done = pipeline(tmp_path, "show", "--passages", "quay.txt")
    assert done.returncode == 0, done.stderr
    assert "published: 2019-05-03  [dateline 0-27]" in done.stdout
    missing = pipeline(tmp_path, "show", "--passages", "none.txt")
    assert missing.returncode != 0
    assert "Traceback" not in missing.stderr
