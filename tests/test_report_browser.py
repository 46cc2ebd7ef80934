"""The report in a real browser: what a person sees, clicks and types; skipped without Chromium."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pytest

from pipeline.report import report_path
from pipeline.report.signs import visible
from pipeline.review import read_verdicts
from tests.conftest import SHARED, Home

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Dialog, Page

Scheme = Literal["light", "dark"]

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
VIEWS = (("samples", 1280, "light"), ("samples", 360, "dark"), ("hostile", 360, "light"))

# Each fact stands in a sentence that makes records, so that the attack gets into every corner.
HOSTILE = {
    "<img src=x onerror=document.title='hit'>.txt": (
        "<script>document.title='hit'</script>\n\nChile and Peru</script><script>alert(1)</script>"
        " raised their ties to a strategic partnership on 5 May 2021.\n"
    ),
    "{{ 7*7 }}{% raw %}.txt": (
        "{{ config.items() }} ${7*7}\n\nGhana signed a {{7*7}} strategic partnership with Togo in "
        "Accra on 3 June 2020, worth <b>$5 million</b> &lt;i&gt;.\n"
    ),
    "order.txt": (
        "A \u202estrategic partnership\u202c links Fiji and Tonga \u2066since\u2069 2019.\n\n"
        "\x1b[2J\x1b]0;hit\x07Fiji and Tonga signed a strategic partnership in May 2019.\n"
    ),
    "formulas.txt": (
        '=HYPERLINK("http://127.0.0.1:9/","x") said the bank.\n\n+1+1 -2 @SUM(A1)\t=1\r\n\r\n'
        "Kenya paid \u20ac4 million\r\nto Malta on 7 March 2022.\r\n"
    ),
    "json.txt": (
        '"}]</script><svg onload=alert(1)>\u2028Japan and Oman are strategic partners since 2014, '
        "'\"><a href=javascript:alert(1)>\u65e5\u672c</a> \U0001f6a2 said.\n"
    ),
    "rtl.txt": (
        "\u0645\u0631\u062d\u0628\u0627 Qatar and Spain \u05e9\u05dc\u05d5\u05dd became strategic "
        "partners on 18 May 2022 in Madrid.\n"
    ),
}


@dataclass
class Seen:
    """What went on in a page that must not."""

    wrong: list[str] = field(default_factory=list)

    def watch(self, page: Page) -> None:
        page.on("console", lambda said: self.wrong.append(f"console: {said.text}"))
        page.on("pageerror", lambda error: self.wrong.append(f"error: {error}"))
        page.on("dialog", self._dialog)
        page.on("request", lambda asked: self._request(asked.url))

    def _dialog(self, dialog: Dialog) -> None:
        self.wrong.append("dialog")
        dialog.dismiss()

    def _request(self, url: str) -> None:
        if not url.startswith(("file:", "blob:")):
            self.wrong.append(f"request: {url}")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with playwright.sync_playwright() as driver:
        made = driver.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield made
        made.close()


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home(tmp_path_factory.mktemp("hostile"))
    for name, text in HOSTILE.items():
        home.write(name.replace("/", ""), text)
    home.run()
    return home


def addresses(home: Home) -> list[str]:
    folder = report_path(home.settings.output).parent
    return [path.as_uri() for path in sorted(folder.rglob("*.html"))]


def document_of(home: Home, path: str) -> str:
    ((document,),) = home.ask(f"SELECT document_id FROM sources WHERE path = '{path}'")
    folder = report_path(home.settings.output).parent
    return (folder / "documents" / f"{document}.html").as_uri()


SPANS_OF_PAGE = """() => {
  const words = {};
  for (const layer of document.querySelectorAll("#text [data-h]"))
    words[layer.dataset.h] = (words[layer.dataset.h] || "") + layer.textContent;
  return [...document.querySelectorAll("li.record")].map(
    (one) => [one.id.slice(2), words[one.dataset.h], one.querySelector("a").textContent]);
}"""
WHOLE_TEXT = """() => [...document.querySelectorAll("#text .text")].map(
  (one) => [Number(one.dataset.start), one.textContent])"""


ROWS = """
    SELECT document_id, entity_id, text FROM entities
    UNION ALL SELECT document_id, date_id, text FROM dates
    UNION ALL SELECT document_id, money_id, text FROM money
    UNION ALL SELECT document_id, partnership_id, text FROM partnerships
"""


def rows_by_document(home: Home) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for document, record, text in home.ask(ROWS):
        found.setdefault(str(document), {})[str(record)] = str(text)
    return found


def look_through(home: Home, browser: Browser) -> int:
    """Open every page; each span must be its row and each text the document's; counts rows."""
    seen = Seen()
    page = browser.new_page()
    seen.watch(page)
    rows_of = rows_by_document(home)
    texts = {
        str(key): str(text) for key, text in home.ask("SELECT document_id, text FROM documents")
    }
    count = 0
    for address in addresses(home):
        page.goto(address)
        assert page.title() != "hit"
        assert page.locator("h1").count() == 1
        if "/documents/" not in address:
            continue
        document = address.rpartition("/")[2].removesuffix(".html")
        spans = {record: (drawn, said) for record, drawn, said in page.evaluate(SPANS_OF_PAGE)}
        rows = rows_of.get(document, {})
        assert spans == {key: (visible(text), visible(text)) for key, text in rows.items()}
        for start, words in page.evaluate(WHOLE_TEXT):
            assert visible(texts[document][start : start + len(words)]) == words
        count += len(rows)
    page.close()
    assert seen.wrong == []
    return count


@pytest.mark.parametrize("which", ["samples", "hostile"])
def test_every_page_is_quiet_and_every_span_is_its_row(
    which: str, request: pytest.FixtureRequest, browser: Browser
) -> None:
    assert look_through(request.getfixturevalue(which), browser) > 20


ATTACKS = (
    "xss ssti formula sqli prompt log-inject pathlike crlf cr-only linesep astral zwj rtl bidi "
    "zalgo nfd fullwidth controls homoglyph pua latin1 csv html values amounts "
    "name-newline name-tab name-rlo name-quote name-html name-sql name-formula name-url name-hash "
    "name-jinja name-bytes name-long255 good-1 good-dup empty-0"
)


@pytest.mark.slow
@pytest.mark.skipif(not (SHARED / "hostile").is_dir(), reason="../shared/hostile is absent")
def test_attacks_kept_beside_the_checkout_do_nothing(home: Home, browser: Browser) -> None:
    generator = SHARED / "hostile" / "make_inputs.py"
    chosen = ",".join(ATTACKS.split())
    subprocess.run(
        [sys.executable, str(generator), str(home.folder), "--no-big", "--only", chosen],
        check=True,
        capture_output=True,
    )
    home.run()
    assert look_through(home, browser) > 100


@pytest.mark.parametrize(("which", "width", "scheme"), VIEWS)
def test_axe_finds_nothing_serious_and_nothing_runs_out_of_the_screen(
    which: str, width: int, scheme: Scheme, request: pytest.FixtureRequest, browser: Browser
) -> None:
    home: Home = request.getfixturevalue(which)
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
    page = context.new_page()
    for address in [report_path(home.settings.output).as_uri(), addresses(home)[0]]:
        page.goto(address)
        page.evaluate("document.querySelectorAll('details').forEach((one) => (one.open = true))")
        found = axe.Axe().run(page).response["violations"]
        grave = [one["id"] for one in found if one["impact"] in ("serious", "critical")]
        assert grave == [], address
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, address
    context.close()


def test_a_click_leads_either_way(samples: Home, browser: Browser) -> None:
    page = browser.new_page(reduced_motion="reduce")
    page.goto(document_of(samples, "vietnam-australia.txt"))
    mark = page.locator("#text .mark.dates").first
    mark.click()
    chosen = page.locator("li.record.on")
    assert chosen.count() == 1
    assert chosen.locator("a").text_content() == mark.text_content()
    other = page.locator("li.record.money a").first
    other.click()
    assert "money" in str(page.locator("#text .mark.on").first.get_attribute("class")).split()
    assert page.evaluate(
        "() => { const at = document.querySelector('#text .mark.on').getBoundingClientRect();"
        " return at.top >= 0 && at.bottom <= innerHeight; }"
    )
    page.close()


def test_a_statement_is_three_clicks_from_its_sentence(samples: Home, browser: Browser) -> None:
    page = browser.new_page()
    page.goto(report_path(samples.settings.output).as_uri())
    # A line of the network can lie under another: the keyboard reaches each.
    page.locator("a[data-pair]").first.press("Enter")
    pair = page.locator("#query").input_value()
    assert page.locator("#hits li").count() >= 1
    page.locator("#hits a").first.click()
    page.wait_for_selector("li.record.on")
    assert pair.replace("-", "–") in str(page.locator("li.record.on").text_content())
    assert page.locator("#text .mark.on").count() >= 1
    page.close()


def test_search_and_filters(samples: Home, browser: Browser) -> None:
    page = browser.new_page()
    page.goto(report_path(samples.settings.output).as_uri())
    page.fill("#query", "no such words anywhere")
    playwright.expect(page.locator("#found")).to_have_text("0 statements")
    page.click("#clear")
    page.select_option("#with-status", "upgraded")
    ((count,),) = samples.ask("SELECT count(*) FROM partnerships WHERE status = 'upgraded'")
    assert str(page.locator("#found").text_content()).startswith(f"{count} statements")
    page.select_option("#where", "documents")
    page.fill("#query", "armenia")
    playwright.expect(page.locator("#hits li").first).to_contain_text("rmenia")
    page.close()


def test_the_keyboard_is_enough_to_judge_and_the_verdicts_can_be_read(
    samples: Home, browser: Browser, tmp_path: Path
) -> None:
    page = browser.new_page()
    page.goto(document_of(samples, "vietnam-australia.txt"))
    for key in ("n", "r", "n", "w", "n", "p", "p", "p"):
        page.keyboard.press(key)
    records = page.locator("li.record")
    last = records.count() - 1
    assert records.nth(last).get_attribute("aria-current") == "true"
    assert records.nth(0).locator("[aria-pressed=true]").text_content() == "right"
    assert records.nth(1).locator("[aria-pressed=true]").text_content() == "wrong"
    page.keyboard.press("m")
    page.keyboard.type("Mekong Delta")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("LOC")
    page.keyboard.press("Enter")
    assert page.locator("#missing-list li").count() == 1
    with page.expect_download() as waiting:
        page.locator("#download").press("Enter")
    file = tmp_path / "verdicts.json"
    waiting.value.save_as(file)
    page.reload()
    assert page.locator("[aria-pressed=true]").count() == 2
    page.click("#forget")
    page.reload()
    assert page.locator("[aria-pressed=true]").count() == 0
    page.close()
    said = read_verdicts(file)
    (reviewed,) = said.documents
    assert [one.verdict for one in reviewed.records] == ["right", "wrong"]
    (missing,) = reviewed.missing
    query = f"SELECT text FROM documents WHERE document_id = '{reviewed.document_id}'"
    ((text,),) = samples.ask(query)
    assert str(text)[missing.start : missing.end] == "Mekong Delta"


def test_a_selection_counts_code_points_of_the_document(hostile: Home, browser: Browser) -> None:
    page = browser.new_page()
    page.goto(document_of(hostile, "json.txt"))
    page.evaluate(
        "() => { const text = [...document.querySelectorAll('#text .text')].at(-1);"
        " const walk = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);"
        " while (walk.nextNode()) { const at = walk.currentNode.data.indexOf('said.');"
        " if (at >= 0) { const range = document.createRange();"
        " range.setStart(walk.currentNode, at); range.setEnd(walk.currentNode, at + 4);"
        " getSelection().addRange(range); } } }"
    )
    playwright.expect(page.locator("#missing-words")).to_have_value("said")
    page.locator("#missing-value").fill("GPE")
    page.locator("#missing button").click()
    kept = page.evaluate("Verdicts.load(DATA.document).missing[0]")
    page.close()
    ((text,),) = hostile.ask(
        "SELECT text FROM documents JOIN sources USING (document_id) WHERE path = 'json.txt'"
    )
    assert str(text)[kept["start"] : kept["end"]] == "said"


def test_what_lies_in_the_storage_of_others_is_left_out(samples: Home, browser: Browser) -> None:
    page = browser.new_page()
    seen = Seen()
    seen.watch(page)
    address = document_of(samples, "vietnam-australia.txt")
    page.goto(address)
    planted = {"records": {"x": {"table": "t"}, "0" * 20: 7}, "missing": [{"value": "<b>"}, None]}
    page.evaluate(
        "(said) => localStorage.setItem(PREFIX + DATA.document, said)", json.dumps(planted)
    )
    page.reload()
    assert page.locator("[aria-pressed=true], #missing-list li").count() == 0
    page.evaluate("() => localStorage.setItem(PREFIX + DATA.document, '{')")
    page.reload()
    page.evaluate("() => localStorage.clear()")
    page.close()
    assert seen.wrong == []
