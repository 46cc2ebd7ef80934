"""Sentences of a passage, by rule.

The parser of a small model cuts headlines, quotations and lists where it pleases; a
statement's evidence wants the whole sentence every time, also where no model was run.
A sentence ends at a full stop, question or exclamation mark before a capital, unless an
abbreviation or an initial stands before it, and at an empty line; dots that mark an omission
belong to the sentence before them.  In data written out a record ends with its bracket.
"""

from __future__ import annotations

import re

# Beyond this a sentence is none; every label asks its whole sentence, so that it must have an end.
LONGEST = 3_000
END = re.compile(
    r"[.!?](?:[\"')\]]|\[\d{1,3}\]| ?\u2026){0,6}(?=[ \n\t]{1,200}[\"'(\[*_]{0,3}[A-Z0-9])"
    r"|[.!?](?=\n[;:*#]{1,3} {0,3}[A-Z])|[.!?](?=\n[ \t]{0,12}[-*\u2022\u2013] {1,3}\S)"
    r"|\n[ \t]{0,20}\n|(?:\],|\},?)(?=[ \n\t]{1,80}[{\[])"
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


def sentences(plain: str) -> list[tuple[int, int]]:
    r"""Spans of the sentences of `plain`, blanks at the edges left out.

    Example:
        >>> text = "Mr. Bo met J. Li. They left the U.S. The end."
        >>> [text[a:b] for a, b in sentences(text)]
        ['Mr. Bo met J. Li.', 'They left the U.S.', 'The end.']
        >>> [b for a, b in sentences("It rained. \u2026 Later it snowed.")]
        [12, 29]
        >>> [b for a, b in sentences("- rain: often.\n- snow: never.")]
        [14, 29]
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
    spans: list[tuple[int, int]] = []
    for start, end in zip(cuts, [*cuts[1:], len(plain)], strict=True):
        words = plain[start:end]
        first = start + len(words) - len(words.lstrip())
        last = start + len(words.rstrip())
        spans += _pieces(plain, first, last)
    return spans


def _pieces(plain: str, start: int, end: int) -> list[tuple[int, int]]:
    """A sentence whole, or cut at blanks where it is too long to be one."""
    spans: list[tuple[int, int]] = []
    while end - start > LONGEST:
        blank = plain.rfind(" ", start + 1, start + LONGEST)
        cut = blank if blank > 0 else start + LONGEST
        spans.append((start, cut))
        start = cut
        while start < end and plain[start].isspace():
            start += 1
    return [*spans, (start, end)] if start < end else spans
