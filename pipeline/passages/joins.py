"""Which neighbouring lines are one passage: broken sentences and hard-wrapped text.

Three shapes are mended.  Web text that was cut at every link (`aim to revitalise` /
`a strategic partnership` / `.`): the next line goes on in lower case or with a closing
sign, or this line ends in a word that cannot end a sentence.  Text wrapped at a fixed
width: a line is full, that is, the first word of the next line would not have fitted on
it.  And the lines of a list item that were wrapped.  Lines parted by a blank line
stay apart, but for a line that ends in `of`, `the` and the like above one in small letters.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from pipeline.passages.lexicon import name_parts
from pipeline.passages.lines import Line, ends_sentence

# Longer lines behind a lead-in are no items of a list.
ITEM_WORDS = 12
# A line that ends in one of these goes on.
_GOES_ON = (
    "a an the of to in on at by for from with and or nor but as than that which who whose its "
    "their our his her this these those into between about under over is are was were be been "
    "has have had will would may can not"
)
GOES_ON = frozenset(_GOES_ON.split())
# So many words make a line a sentence that was broken, and no name of a part of a site.
_SURE_WORDS = 6

# Words of a part that goes on behind a blank line, and signs of a word that it may end in.
_LEAST_PART, _LONGEST_WORD = 3, 20

# Widths at which text is wrapped; narrower are columns of names, wider are paragraphs.
NARROWEST, WIDEST = 40, 130

# A quoted word at the head of a line that goes on; `"colour": "red"` is a field of a record.
_QUOTED = re.compile(r"[\"'\u201c\u2018][a-z][^\"\u201c\u201d]{0,60}[\"'\u201d\u2019] [a-z]")

# Hand-wrapped lines may fall short of the width by this part of it.
SLACK = 0.12


def groups(
    found: Sequence[Line],
    joinable: Sequence[bool],
    opens: Sequence[bool],
    columns: Sequence[int] = (),
) -> list[int]:
    r"""For each line the number of the line that its passage begins with.

    Args:
        found: the lines of a text.
        joinable: of the same length: whether a line is running text.
        opens: of the same length: whether it opens a passage whatever stands above it,
            as a list item does.
        columns: of the same length or empty: where the words of a list item begin, 0 for others.

    Example:
        >>> from pipeline.passages.lines import lines
        >>> found = lines("They hope to renew\na trade agreement\n.\nTalks go on.")
        >>> groups(found, [True] * 4, [False] * 4)
        [0, 0, 0, 3]
    """
    firsts = list(range(len(found)))
    width_of_text = 0
    head_end = next(
        (n for n, line in enumerate(found) if line.words >= 8 and ends_sentence(line.plain)), 0
    )
    runs = _runs(found, joinable, opens)
    for start, end in runs:
        if (width := _width(found[start:end])) is not None:
            width_of_text = max(width_of_text, width)
    widest = _width_of_pairs(found, joinable, runs)
    parted = any(line.after_blank for line in found[1:])
    hanging = _hanging(found, columns)
    for start, end in runs:
        width = _width(found[start:end]) or width_of_text
        if max(len(line.plain) for line in found[start:end]) > WIDEST:
            width = 0
        listed = False
        for n in range(start + 1, end):
            chained = firsts[n - 1] != n - 1
            # Behind `It sets out to:` each short line in lower case is an item of its own.
            led_in = found[n - 1].plain[-1] == ":"
            listed = found[n].plain[0].islower() and (led_in or (listed and not chained))
            if listed and not led_in and found[n].words <= ITEM_WORDS and not _hangs(found[n - 1]):
                continue
            line, following = found[n - 1], found[n]
            # `Search for the lost ship goes on`: a title above the first sentence of the story.
            titled = n == head_end and not chained and not following.plain[0].islower()
            hangs = _hangs(line) or _parts_name(line, following)
            broken = _broken(line, following, chained) and not (titled and not hangs)
            if n in hanging or broken or _wraps(line, following, width, widest, parted):
                firsts[n] = firsts[n - 1]
    return firsts


def _hanging(found: Sequence[Line], columns: Sequence[int]) -> frozenset[int]:
    """Numbers of lines that are set in as far as the words of the list item above them."""
    hanging: set[int] = set()
    column = 0
    for n, own in enumerate(columns):
        if own:
            column = own
        elif column and found[n].indent == column and not found[n].after_blank:
            hanging.add(n)
        else:
            column = 0
    return frozenset(hanging)


def _wraps(line: Line, following: Line, width: int, widest: int, parted: bool) -> bool:
    """Whether `line` was broken because it was full.

    A line may be full and end with its sentence.  Where no blank lines part paragraphs, such a
    line goes on only if it is full to the last word.
    """
    if not ends_sentence(line.plain):
        return _full(line, following, width) or (
            line.plain[-1] != ":" and _full(line, following, widest)
        )
    return _full(line, following, width, SLACK if parted else 0) or (
        parted and _full(line, following, widest, 0)
    )


def _width_of_pairs(
    found: Sequence[Line], joinable: Sequence[bool], runs: Sequence[tuple[int, int]]
) -> int:
    """The width of a text whose paragraphs have two lines each; 0 where none shows.

    No line is longer, and some line that is full goes on in lower case.
    """
    width = max(
        (len(line.plain) for line, may in zip(found, joinable, strict=True) if may), default=0
    )
    if not NARROWEST <= width <= WIDEST:
        return 0
    shown = any(
        _full(found[n - 1], found[n], width)
        and found[n].plain[0].islower()
        and not ends_sentence(found[n - 1].plain)
        and found[n - 1].plain[-1] != ":"
        for start, end in runs
        for n in range(start + 1, end)
    )
    return width if shown else 0


def _runs(
    found: Sequence[Line], joinable: Sequence[bool], opens: Sequence[bool]
) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    start = 0
    for n in range(len(found) + 1):
        if (
            n < len(found)
            and n > start
            and joinable[n]
            and not (opens[n] or not joinable[n - 1])
            and not (found[n].after_blank and not _goes_on(found[n - 1], found[n]))
        ):
            continue
        if n - start > 1:
            runs.append((start, n))
        start = n
    return runs


def _width(run: Sequence[Line]) -> int | None:
    """The width that a run of three lines and more is wrapped at, if it is."""
    if len(run) < 3:
        return None
    width = max(len(line.plain) for line in run)
    if not NARROWEST <= width <= WIDEST:
        return None
    pairs = list(pairwise(run))
    full = sum(_full(line, following, width) for line, following in pairs)
    lower = sum(following.plain[:1].islower() for _, following in pairs)
    # In wrapped English most lines begin inside a sentence; a column of headlines does not.
    if full >= 0.6 * len(pairs) and lower >= 0.3 * len(pairs):
        return width
    # One sentence full of names may break before capitals alone: all its lines are full, and
    # only the last of them ends it.
    ended = [ends_sentence(line.plain) for line in run]
    return width if full == len(pairs) and ended[-1] and not any(ended[:-1]) else None


def _full(line: Line, following: Line, width: int, slack: float = SLACK) -> bool:
    if not width:
        return False
    first_word = following.plain[:WIDEST].split(None, 1)[0]
    return len(line.plain) + 1 + len(first_word) > width * (1 - slack)


def _hangs(line: Line) -> bool:
    """Whether a line ends in a word or sign that must go on."""
    last = line.plain[-20:].rsplit(None, 1)[-1].lower()
    return line.words >= 2 and (last in GOES_ON or (last.endswith(",") and line.words >= 6))


def _goes_on(line: Line, following: Line) -> bool:
    """Whether a sentence or a title goes on behind a blank line, for certain.

    Some pages set each part of a title apart: `Joint Statement of the Ministers of` / `the two
    states`, and some texts have a blank line at every link.
    """
    if line.words < _LEAST_PART or not following.plain[0].islower():
        return False
    return line.plain[-_LONGEST_WORD:].rsplit(None, 1)[-1] in GOES_ON


def continues(line: Line, following: Line) -> bool:
    r"""Whether `following` is for certain the rest of a sentence that `line` began.

    Wrapped text may put a word on a line of its own that elsewhere names a part of a site.

    Example:
        >>> from pipeline.passages.lines import lines
        >>> continues(*lines("It was told to the envoys by the Ministry of\nHealth."))
        True
        >>> continues(*lines("It was told to the envoys by the Ministry.\nHealth."))
        False
    """
    if following.after_blank or line.words < _SURE_WORDS or line.plain[-1] in ":|":
        return False
    if ends_sentence(line.plain):
        return False
    if following.plain[0].islower():
        return len(line.plain) >= NARROWEST and following.words >= _SURE_WORDS
    return ends_sentence(following.plain) and _hangs(line)


def _parts_name(line: Line, following: Line) -> bool:
    """Whether a break parts the words of one name: `a Strategic` / `Partnership, they said`."""
    before = line.plain[-20:].rsplit(None, 1)[-1]
    behind = following.plain[:20].split(None, 1)[0].rstrip(",.;:").removesuffix("'s")
    attributes, nouns = name_parts()
    known = before.lower() in attributes and behind.lower() in nouns
    return known and line.words >= 2 and behind.istitle()


def _broken(line: Line, following: Line, chained: bool) -> bool:
    if following.plain[0] in ".,;:)!?]" and not following.plain.startswith("..."):
        return True
    if ends_sentence(line.plain) or line.plain.endswith(":"):
        return False
    # `Peru and Fiji became`, `"dialogue partners" of the forum`: a quoted word goes on as well.
    small = following.plain[0].islower() or _QUOTED.match(following.plain) is not None
    if small and (chained or line.words >= 3):
        return True
    return _hangs(line) or _parts_name(line, following)
