"""What a page shows of itself and does not state: its title without the site's, its day.

The title in the head of a page carries the name of its site, `Ferry opens - Herald`; the
heading shows it without.  Pages that state no day print it below the title, where what finds the
main text takes it for furniture.
"""

from __future__ import annotations

from lxml import html

from pipeline.ingest.outline import text_of
from pipeline.passages import view
from pipeline.passages.marks import title_key, title_words
from pipeline.passages.stamps import read_record

# The stamp stands within so many lines below the title; longer lines are the story.
_LINES, _LONGEST = 12, 160


def shown_title(tree: html.HtmlElement, title: str) -> str:
    """The heading of the page that says `title` without the name of the site; else `title`.

    Example:
        >>> page = html.document_fromstring("<h1>Ferry opens</h1><p>It runs again.")
        >>> shown_title(page, "Ferry opens - Herald"), shown_title(page, "Port - the sequel")
        ('Ferry opens', 'Port - the sequel')
    """
    title = " ".join(title.split())
    short = title_words(view(title))
    if len(short) == len(title):
        return title
    for heading in tree.iter("h1", "h2"):
        words = " ".join(heading.text_content().split())
        if title_key(view(words)) == title_key(short):
            return words
    return title


def shown_stamp(tree: html.HtmlElement, title: str) -> str | None:
    """The line below the heading `title` that tells the day of the page; None where none does.

    Example:
        >>> page = "<h1>Ferry opens</h1><div>By Ana Lind</div><div>3 May 2019, 16:05</div>"
        >>> shown_stamp(html.document_fromstring(page), "Ferry opens")
        '3 May 2019, 16:05'
    """
    body = tree.find("body")
    if body is None:
        return None
    lines = iter(line for line in text_of(body).splitlines() if line)
    key = title_key(view(title))
    if not any(title_key(view(line.lstrip("# "))) == key for line in lines):
        return None
    for line, _ in zip(lines, range(_LINES), strict=False):
        words = line.lstrip("#-| ").rstrip("| ")
        if len(words) > _LONGEST:
            return None
        stamp = read_record(view(words)) if words else None
        if stamp is not None and stamp.readings and stamp.role != "clock":
            return words
    return None
