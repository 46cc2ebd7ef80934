"""Names of states written small, as data write them: `peru-japan-relations`, `{from: peru,`.

Running prose never writes a state small; a field of a record, a slug and the head of an item in a
programme's list do, and a record may have a code for its key.  Only these shapes are read, and only
where the word is a state's name or code; underscores have become blanks before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from pipeline.extract.mentions import find_places
from pipeline.rulebook import territories

SHAPES = (
    re.compile(
        r"(?<![\w-])([a-z]{4,20})-([a-z]{4,20})-(?:relations|ties|bilateral|partnership)(?!\w)"
    ),
    re.compile(
        r"(?:^|[{,(]) {0,16}"
        r"(?:s|r|a|b|t|source|target|from|to|country|partner|who|actor [ab]) {0,3}[:=]"
        r" {1,5}([a-z]{4,20})(?= {0,3}[,}])"
    ),
    re.compile(r"^[-* ]{0,8}([a-z]{4,20})(?: \[[A-Z]{3,20}\])? ?: "),
    re.compile(r"(?<![\w-])([a-z]{4,20}) ([a-z]{4,20}) (?:relations|ties|partnership) {0,3}[:=]"),
    re.compile(r"(?:relations?|ties|partnership) with ([a-z]{4,20}) {0,3}[:=]"),
)
# A code as the key of an item; the blanks are those of its quotation marks: `"PER": 0.5`.
KEY = re.compile(
    r"(?<![A-Za-z:]) ([A-Z]{3}) {1,2}: |(?:^|[,{] {1,40}|^ {1,40})([A-Z]{3}):(?= {2}| {0,3}[{\[])"
)


@lru_cache(maxsize=1)
def state_codes() -> frozenset[str]:
    """Codes of states, as data name them.

    Example:
        >>> "PER" in state_codes(), "ABC" in state_codes()
        (True, False)
    """
    return frozenset(one.code for one in territories() if one.kind == "state" and one.alpha2)


def slugs(text: str) -> Iterator[tuple[int, int, str]]:
    """Spans of such names in the blanked text of a passage, with their codes.

    Example:
        >>> [(start, code) for start, _, code in slugs("peru-japan-relations, the sun-belt")]
        [(0, 'PER'), (5, 'JPN')]
    """
    for shape in SHAPES:
        for match in shape.finditer(text):
            for group in range(1, (match.lastindex or 0) + 1):
                places = find_places(match[group].title())
                if len(places) == 1 and places[0].end == len(match[group]):
                    yield *match.span(group), places[0].code
    for match in KEY.finditer(text):
        group = match.lastindex or 1
        if match[group] in state_codes():
            yield *match.span(group), match[group]
