r"""Letters that a page or a record wrote as code inside names: `Jos&#xE9; Salo`, `V\u0103n Tirvo`.

The published text stays as it is, so that a span covers the code; only the name of the row has the
letter itself.  A sign that is no letter borders a name as it did.
"""

from __future__ import annotations

import re

from pipeline.extract.entities.spans import Ground, Reading, Span, laid

LETTER = re.compile(
    r"&#(?:x([0-9A-Fa-f]{2,4})|(\d{3,5}));|\\(?:u([0-9A-Fa-f]{4})|x([0-9A-Fa-f]{2}))"
)
CODE = r"(?:&#x?[0-9A-Fa-f]{2,5};|\\u[0-9A-Fa-f]{4}|\\x[0-9A-Fa-f]{2})"
# A capital, or a code, and the letters and codes behind it.
WORD = rf"(?:[A-Z]|{CODE})(?:[^\W\d_]|{CODE}){{0,20}}"
CODED = re.compile(rf"(?<![\w\\&#;]){WORD}(?:[ \n]{WORD}){{0,3}}")
HINT = ("\\u", "\\x", "&#")


def letter_codes(text: str) -> list[tuple[int, int]]:
    r"""Start and end of each code in `text` that stands for a letter.

    Example:
        >>> letter_codes("Jos&#xE9; &#x201C;so&#x201D;")
        [(3, 9)]
    """
    if not any(hint in text for hint in HINT):
        return []
    return [code.span() for code in LETTER.finditer(text) if _letter(code).isalpha()]


def decoded(words: str) -> str:
    r"""The words with the letters for their codes; other codes stay.

    Example:
        >>> decoded(r"V\u0103n Salo"), decoded("A&#x26;B")
        ('Văn Salo', 'A&#x26;B')
    """
    # Asked of every name.
    if "&" not in words and "\\" not in words:
        return words
    return LETTER.sub(
        lambda code: letter if (letter := _letter(code)).isalpha() else code.group(), words
    )


def with_codes(reading: Reading, spans: list[Span]) -> list[Span]:
    """The spans with persons made whole that the model cut at a code."""
    if not any(hint in reading.text for hint in HINT):
        return spans
    ground = Ground(spans)
    whole: list[Span] = []
    for passage in reading.passages:
        if not letter_codes(passage.text):
            continue
        for match in CODED.finditer(reading.text, passage.start_char, passage.end_char):
            codes = letter_codes(match.group())
            over = ground.over(*match.span())
            if not codes or not over:
                continue
            # `Then Ant&#xF3;nio Salo`: not from the first capital, but from the first code.
            coded = reading.text.rfind(" ", match.start(), match.start() + codes[0][0]) + 1
            start = min(max(coded, match.start()), over[0].start)
            if start >= match.start() and all(
                span.label == "PERSON" and span.end <= match.end() for span in over
            ):
                whole.append(over[0].mended("clean.code", start=start, end=match.end()))
    return laid([*whole, *spans]) if whole else spans


def _letter(code: re.Match[str]) -> str:
    hexadecimal = code.group(1) or code.group(3) or code.group(4)
    number = int(hexadecimal, 16) if hexadecimal else int(code.group(2))
    return chr(number) if 0xC0 <= number < 0xD800 else ""
