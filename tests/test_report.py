from __future__ import annotations

import re

from pipeline.report import render
from tests.conftest import Home


def page_of(home: Home) -> str:
    return render((home.settings.output / "latest").resolve())


def test_every_statement_is_shown_with_its_label_marked(samples: Home) -> None:
    page = page_of(samples)
    ((statements,),) = samples.ask("SELECT count(*) FROM partnerships")
    assert page.count("<mark>") == statements
    marked = set(re.findall(r"<mark>(.*?)</mark>", page, flags=re.DOTALL))
    assert "Comprehensive Strategic Partnership" in marked


def test_files_left_out_are_shown_with_what_to_do(home: Home) -> None:
    home.write("good.txt", "Chile and Peru are strategic partners, the ministers said in Lima.\n")
    home.write("empty.txt", "")
    home.run()
    ((message,),) = home.ask("SELECT message FROM sources WHERE path = 'empty.txt'")
    page = page_of(home)
    assert "empty.txt" in page
    assert str(message) in page


def test_it_asks_nobody_for_anything(samples: Home) -> None:
    page = page_of(samples)
    assert re.findall(r"(?:src|href)\s*=", page) == []
    assert "url(" not in page
    assert "default-src 'none'" in page


def test_the_same_snapshot_makes_the_same_page(samples: Home) -> None:
    assert page_of(samples) == page_of(samples)
