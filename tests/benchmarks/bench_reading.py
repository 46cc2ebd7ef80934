"""MB a second of each reader beside a named peer that does less, on the same bytes in turn.

    python -m tests.benchmarks.bench_reading

| reader | peer |
|---|---|
| HTML: main text, metadata, structure, counts of what is left out | Trafilatura alone, text only |
| wikitext: text, headings, lists, rows of tables | `mwparserfromhell.parse(...).strip_code()` |
| JSON Lines: cut, checked, text and metadata of each record | `json.loads` of each line |
| plain text: decoded, checked, evidence, passages | `read` and `split` at blank lines |

The reader of the first three is `take` (and the cutting into records); for plain text it is the
whole way to passages, which is the same for every format and is what takes the time.
Texts are made here; CPU seconds, median of some rounds.
"""

from __future__ import annotations

import json
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import mwparserfromhell
import trafilatura

from pipeline.ingest import discover, opened, read_document, records_of
from pipeline.ingest.readers import take
from pipeline.passages import split
from tests.benchmarks.bench_memory import paragraphs, story

ROUNDS = 5
DOCUMENTS = 60


def page(text: str) -> str:
    """A page of a newspaper around a story."""
    menu = "".join(f'<li><a href="/{n}">Rubric {n}</a></li>' for n in range(40))
    story_html = "".join(f"<p>{part}</p>" for part in text.split("\n\n"))
    return (
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Item | Herald</title>'
        '<meta property="article:published_time" content="2019-05-03T10:00:00Z"></head><body>'
        f"<nav><ul>{menu}</ul></nav><article><h1>Item</h1>{story_html}</article>"
        f"<aside><ul>{menu}</ul></aside><footer>Herald</footer></body></html>"
    )


def wiki(text: str) -> str:
    """An article of an encyclopedia with templates, references, links and a table."""
    linked = text.replace("Norway", "[[Norway]]").replace("Chile", "[[Chile|Chilean state]]")
    cited = linked.replace(".\n", ".<ref>{{cite web|title=A|url=http://a.example}}</ref>\n")
    rows = "".join(f"|-\n| {{{{flag|Peru}}}} || {1900 + n} || ''Notes'' {n}\n" for n in range(40))
    return f"{{{{Infobox|a=b}}}}\n== Ties ==\n{cited}\n{{|\n! A !! B !! C\n{rows}|}}\n"


def seconds(work: Callable[[], object]) -> float:
    """Median CPU seconds of `work`."""
    spent = []
    for _ in range(ROUNDS):
        started = time.process_time()
        work()
        spent.append(time.process_time() - started)
    return statistics.median(spent)


def compare(name: str, size: int, ours: Callable[[], object], theirs: Callable[[], object]) -> None:
    """Print one line: both speeds and their ratio."""
    mine, peer = seconds(ours), seconds(theirs)
    print(
        f"{name:12} {size / 1e6:6.2f} MB   ours {size / 1e6 / mine:8.2f} MB/s   "
        f"peer {size / 1e6 / max(peer, 1e-9):9.2f} MB/s   ratio {peer / mine:6.3f}"
    )


def lines_of(folder: Path) -> int:
    """Read the JSON Lines file in `folder` record by record."""
    (found,) = discover(folder)
    with opened(found) as stream:
        return sum(len(take(one.data, "json").text) for one in records_of(stream, "lines", 10**7))


def main() -> None:
    """Time each reader and its peer."""
    rng = random.Random(5)
    ends = paragraphs(rng)
    stories = [story(rng, number, ends) for number in range(DOCUMENTS)]
    pages = [page(text).encode() for text in stories]
    compare(
        "HTML",
        sum(map(len, pages)),
        lambda: [take(data, "html") for data in pages],
        lambda: [trafilatura.extract(data.decode(), include_comments=False) for data in pages],
    )
    articles = [wiki(text) for text in stories]
    compare(
        "wikitext",
        sum(map(len, articles)),
        lambda: [take(text.encode(), "wikitext") for text in articles],
        lambda: [mwparserfromhell.parse(text).strip_code() for text in articles],
    )
    with tempfile.TemporaryDirectory() as name:
        records = [json.dumps({"title": "Item", "text": text}) for text in stories] * 10
        path = Path(name) / "feed.jsonl"
        path.write_text("\n".join(records), encoding="utf-8")
        compare(
            "JSON Lines",
            path.stat().st_size,
            lambda: lines_of(path.parent),
            lambda: [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()],
        )
        text = Path(name) / "story.txt"
        text.write_text("\n\n".join(stories[:20]), encoding="utf-8")
        compare(
            "plain text",
            text.stat().st_size,
            lambda: split(read_document(text.read_bytes(), text.name)),
            lambda: text.read_text(encoding="utf-8").split("\n\n"),
        )


if __name__ == "__main__":
    main()
