"""From text to blocks: every line gets a place in a block, every block its kind.

The blocks are found in passes over the lines, each using what the one before knows:

1. what a line says of itself: heading signs, table row, list item, page furniture, caption;
2. broken and wrapped lines are joined (`joins`);
3. the title, where a page repeats it, and lines in a foreign script;
4. lists and tables that lost their signs (`lists`);
5. comments of readers (`threads`);
6. furniture, by what stands around it: menus, lists of other stories, the foot of the page;
7. the header: title, rubric, byline and stamp above the first running text, and those of further
   stories (`stories`);
8. headings: short lines above running text.  What is left is a paragraph.

The heuristics follow J. Pomikálek, Removing Boilerplate (jusText, 2011): short blocks take their
nature from their neighbours, long ones with full sentences are text.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from pipeline.passages import (
    chrome,
    encyclopedia,
    header,
    lists,
    marks,
    printed,
    rails,
    stories,
    threads,
)
from pipeline.passages.drafts import drafts
from pipeline.passages.languages import LATIN, main_script
from schemas.tables import PassageKind


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of text of one kind; `level` is the depth of a marked heading, 0 for others."""

    start: int
    end: int
    kind: PassageKind
    level: int
    plain: str


# A document is laid out to read its record, and again to be split: the last one is kept.
@lru_cache(maxsize=1)
def layout(text: str) -> tuple[Block, ...]:
    r"""The blocks of `text`, in order; between them is only white space, markup and signs.

    Example:
        >>> page = "= Ties =\n\nPeru and Chile agreed on a new port.\n\n== Trade ==\n- copper"
        >>> [(block.kind, page[block.start : block.end]) for block in layout(page)][:2]
        [('title', 'Ties'), ('paragraph', 'Peru and Chile agreed on a new port.')]
    """
    found = drafts(text)
    marks.mark_marked_title(found)
    encyclopedia.mark_title_and_tools(found)
    encyclopedia.mark_pictured_box(found)
    encyclopedia.mark_switches(found)
    printed.mark_running_heads(found)
    rails.mark_glued_path(found)
    rails.mark_weather(found)
    name = marks.mark_repeated_title(found)
    if main_script(text) == LATIN:
        chrome.mark_foreign(found)
    # Fields of cooperation read like the parts of a site: `Energy`, `Education`.
    lists.mark_stripped_tables(found)
    lists.mark_led_in(found)
    lists.mark_closing(found)
    rails.mark_signed_day(found)
    threads.mark_threads(found)
    chrome.mark_furniture(found)
    rails.mark_top(found)
    rails.mark_bottom(found)
    printed.mark_page_numbers(found)
    lists.mark_numbered_headings(found)
    header.mark_header(found, name is not None)
    stories.mark_stories(found)
    encyclopedia.mark_legend(found)
    chrome.mark_tail(found)
    chrome.mark_addresses(found)
    lists.mark_headed_lists(found)
    marks.mark_headings(found)
    lists.mark_apparatus(found)
    return tuple(Block(d.start, d.end, d.kind or "paragraph", d.level, d.plain) for d in found)
