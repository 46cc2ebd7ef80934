"""Sentences of a passage, by rule.

The parser of a small model cuts headlines, quotations and lists where it pleases; a
statement's evidence wants the whole sentence every time, also where no model was run.
A sentence ends at a full stop, question or exclamation mark before a capital, unless an
abbreviation or an initial stands before it, and at an empty line; dots that mark an omission
belong to the sentence before them.  In data written out a record ends with its bracket, and a
string of a list with its line.  A line that was broken where it is not full is an item of a list
or a note, and the next one begins anew: whoever wraps a text breaks it only where the next word
has no room.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

# Beyond this a sentence is none; every label asks its whole sentence, so that it must have an end.
LONGEST = 3_000
# A row of a table may be longer: what it is on stands in its first cell.
LONGEST_ROW = 20_000
END = re.compile(
    r"[.!?](?:[\"')\]]|\[\d{1,3}\]| ?\u2026){0,6}(?=[ \n\t]{1,200}[\"'(\[*_]{0,3}[A-Z0-9])"
    r"|[.!?](?=\n[;:*#]{1,3} {0,3}[A-Z])|[.!?](?=\n[ \t]{0,12}[-*\u2022\u2013] {1,3}\S)"
    r"|\n[ \t]{0,20}\n|(?:\],|\},?)(?=[ \n\t]{1,80}[{\[])"
    r"|\),(?=[ \n\t]{1,80}\( {0,3}[\"'A-Z])"
    r"|[.!?] {1,2}(?:[\]}] {0,2}){0,2},(?= )"
)
ABBREVIATION = re.compile(
    r"(?:(?<![A-Za-z])(?:Mr|Mrs|Ms|Dr|St|Sts|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec|No|vs"
    r"|Gen|Col|Lt|Sen|Rep|Gov|Jr|Sr|Prof|Hon|Rev|Amb|Maj|Capt|Art|Vol|pp|cf|e\.g|i\.e|H\.E|H\.R\.H)"
    r"|(?<![A-Za-z])[A-Z]|(?<![A-Za-z])[A-Z]\.[A-Z])$"
)
# Behind `U.S.` one of these opens a new sentence; a noun does not.
OPENING = re.compile(
    r"[ \n\t\"'(]{1,10}"
    r"(?:The|In|It|We|He|She|They|This|That|These|But|And|On|At|As|After|By|For|Our)\b"
)
# A line of a text that is wrapped at all is no shorter than this many signs.
FULL_LINE = 60
# A line that is one string of a list, without a key: `"Aid to Fiji",`.
STRING = re.compile(r"""[ \t]{0,40}(?:'[^\n]{1,600}'|"[^\n]{1,600}"),?[ \t]{0,8}""")
KEYED = re.compile(r"""[ \t]{0,40}['"][\w .-]{1,40}['"] {0,3}[:=]""")
CODE_KEY = re.compile(r"""[ \t]{0,40}(?:['"][A-Z]{2,3}['"] {0,3}:|[A-Z]{3}: {0,3}['"{\[])""")
# A line that goes on: it ends with a mark or a small word that calls for more.
GOES_ON = re.compile(
    r"(?:[,;:&/(\[-]|\b(?:and|or|of|the|an?|with|to|in|on|for|by|from|at|as|its|their|between))$"
)
FIRST_WORD = re.compile(r"[ \t]{0,40}([A-Z0-9]\S{0,30})")


def line_ends(plain: str, is_wrapped: bool = False) -> list[int]:
    r"""Offsets of the line breaks of `plain` behind which something new begins.

    Args:
        plain: the text.
        is_wrapped: whether it was wrapped for sure, as an item of a list with several lines was.

    Example:
        >>> line_ends("Aid to Fiji (2009)\nBonds of Peru with Chile")
        [18]
        >>> line_ends("The premiers of the two states of Fiji and of the Republic of\nPeru met.")
        []
    """
    lines = plain.split("\n")
    wrapped = is_wrapped or any(line.lstrip()[:1].islower() for line in lines[1:])
    width = max(len(line) for line in lines)
    width = width if wrapped else max(width, FULL_LINE)
    found: list[int] = []
    at = 0
    for line, following in pairwise(lines):
        at += len(line)
        if CODE_KEY.match(following) or (_is_item(line) and _is_item(following)):
            found.append(at)
        elif line.strip() and not GOES_ON.search(line.rstrip()):
            word = FIRST_WORD.match(following)
            if word and len(line.rstrip()) + 1 + len(word[1]) <= width:
                found.append(at)
        at += 1
    return found


def _is_item(line: str) -> bool:
    return STRING.fullmatch(line) is not None and KEYED.match(line) is None


def sentences(plain: str, ends: Sequence[int] = ()) -> list[tuple[int, int]]:
    r"""Spans of the sentences of `plain`, blanks at the edges left out.

    Args:
        plain: the text.
        ends: where a sentence ends besides, in order.

    Example:
        >>> text = "Mr. Bo met J. Li. They left the U.S. The end."
        >>> [text[a:b] for a, b in sentences(text)]
        ['Mr. Bo met J. Li.', 'They left the U.S.', 'The end.']
        >>> [b for a, b in sentences("It rained. \u2026 Later it snowed.")]
        [12, 29]
        >>> [b for a, b in sentences("- rain: often.\n- snow: never.")]
        [14, 29]
        >>> len(sentences("notes: [ It rained. ,  It snowed. ], mood:  Good. ,"))
        3
        >>> len(sentences("{day: 1, sky: 'grey'},\n{day: 2, sky: 'blue'},"))
        2
    """
    cuts = [0]
    for match in END.finditer(plain):
        if plain[match.start()] == ".":
            before = plain[max(cuts[-1], match.start() - 12) : match.start()]
            if ABBREVIATION.search(before) and not (
                "." in before[-3:] and OPENING.match(plain, match.end())
            ):
                continue
        cuts.append(match.end())
    cuts = sorted({*cuts, *ends})
    spans: list[tuple[int, int]] = []
    for start, end in zip(cuts, [*cuts[1:], len(plain)], strict=True):
        words = plain[start:end]
        first = start + len(words) - len(words.lstrip())
        last = start + len(words.rstrip())
        spans += pieces(plain, first, last, LONGEST)
    return spans


def pieces(plain: str, start: int, end: int, longest: int) -> list[tuple[int, int]]:
    """A stretch of `plain` whole, or cut at blanks where it is longer than a text has them.

    Example:
        >>> pieces("Oman met Fiji", 0, 13, 9)
        [(0, 8), (9, 13)]
    """
    spans: list[tuple[int, int]] = []
    while end - start > longest:
        blank = plain.rfind(" ", start + 1, start + longest)
        cut = blank if blank > 0 else start + longest
        spans.append((start, cut))
        start = cut
        while start < end and plain[start].isspace():
            start += 1
    return [*spans, (start, end)] if start < end else spans
