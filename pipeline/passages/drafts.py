"""Blocks whose kind is still open, each from the lines that belong together.

A line says of itself whether it is a marked heading, a row of a table, an item of a list,
a caption or page furniture; the others are running text and are joined where they were broken
(`joins`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.passages import joins
from pipeline.passages.frontmatter import front_matter
from pipeline.passages.furniture import FEW_WORDS, button, cue, kind_by_pattern, title_prefix
from pipeline.passages.lexicon import Strength
from pipeline.passages.lines import Line, count_words, ends_sentence, lines, trimmed
from pipeline.passages.plain import view
from pipeline.passages.rows import table_lines
from pipeline.passages.signs import item_lines, marked_heading
from pipeline.passages.stamps import read_label, read_record, read_stamp
from schemas.tables import PassageKind

# Text of more words than this is running text even without a full stop.
LONG_WORDS = 25
# A sentence of so many words ends a list of links.
SENTENCE_WORDS = 8
# Longer blocks are no titles; fewer words are rather a rubric.
TITLE_WORDS, TITLE_CHARS, TITLE_LEAST = 30, 220, 4
CAPITAL_LINES = 5
# Longer lines are no buttons.
_PROMPT_CHARS = 120
# Marks in front of a title stand in so many first lines.
HEAD_LINES = 12
_PICTURE = re.compile(r"!\[(.{1,800})\]\([^()\s]{0,2000}(?: [^()]{0,300})?\)")
_PREFIX = re.compile(r"(date \d{4}-\d\d(?:-\d\d)?) {1,3}(?=\S)")
# In a headline so many words have a capital.
_CAPITAL_SHARE = 0.7
_INITIALS = re.compile(r"(?<![\w.])(?:[A-Z]\.){2,4}$")
_SIGNED = re.compile(r"[a-z\d][.!?]['\")]{0,2} [(A-Z][\w/ ()-]{1,30}$")


class Draft:
    """A block whose kind is still open."""

    __slots__ = (
        "after_blank",
        "cue",
        "end",
        "kind",
        "level",
        "line_count",
        "number",
        "plain",
        "sentence",
        "start",
        "words",
    )

    def __init__(self, start: int, end: int, plain: str, line: Line, line_count: int) -> None:
        self.start, self.end, self.plain = start, end, plain
        self.after_blank = line.after_blank
        self.line_count = line_count
        self.kind: PassageKind | None = None
        self.level = 0
        # Whether a number opens it: `2. Trade`.
        self.number = False
        self.cue: Strength | None = None
        # Number of words, counted no further than anything asks for.
        self.words = count_words(plain)
        # Whether it closes as statements do.
        self.sentence = _is_statement(plain)

    def take(self, following: Draft) -> None:
        """Makes the block right below a part of this one."""
        self.end = following.end
        self.plain = f"{self.plain}\n{following.plain}"
        self.line_count += following.line_count
        self.words = count_words(self.plain)
        self.sentence = _is_statement(self.plain)

    @property
    def running(self) -> bool:
        """Whether it is running text for sure."""
        if self.cue or self.kind not in (None, "paragraph"):
            return False
        words = self.words
        closed = self.sentence or self.plain.endswith(":")
        return words > LONG_WORDS or (words >= SENTENCE_WORDS and closed)

    @property
    def content(self) -> bool:
        """Whether it belongs to the story: running text or another thing of its own."""
        if self.cue:
            return False
        if self.kind is None:
            return self.running or (self.words >= 3 and self.sentence)
        return self.kind not in ("title", "metadata", "boilerplate")

    @property
    def title_like(self) -> bool:
        """Whether it looks like a title or a name and not like a sentence."""
        plain = self.plain
        return (
            # Declarations print their names in capitals over some lines.
            (self.line_count <= 2 or (self.plain.isupper() and self.line_count <= CAPITAL_LINES))
            and self.words <= TITLE_WORDS
            and len(plain) <= TITLE_CHARS
            and not self.sentence
            and plain[-1] not in ",;:-"
            and not plain[0].islower()
            and plain[0] not in "([{<"
            and any(map(str.isalpha, plain))
        )

    @property
    def leads_in(self) -> bool:
        """Whether it leads in a list of the story: `They will work together in:`."""
        return self.plain.endswith(":") and self.words >= 4


def _is_statement(plain: str) -> bool:
    if plain.endswith("?") or _ends_in_initials(plain):
        return False
    # An agency signs behind the last full stop: `... renewable energy. REUTERS`
    return ends_sentence(plain) or _SIGNED.search(plain[-60:]) is not None


def _ends_in_initials(plain: str) -> bool:
    """Whether a line is a headline that closes with initials, `Port Stirs Doubts in the U.S.`."""
    if plain[-1] != "." or len(plain) > TITLE_CHARS or not _INITIALS.search(plain[-10:]):
        return False
    words = plain.split()
    return sum(word[0].isupper() for word in words) >= _CAPITAL_SHARE * len(words)


def drafts(text: str) -> list[Draft]:
    r"""The blocks of `text`, in order, with the kinds that lines tell of themselves.

    Example:
        >>> [(draft.kind, draft.plain) for draft in drafts("- copper\n\nTrade grew.")]
        [('list_item', 'copper'), (None, 'Trade grew.')]
    """
    found = [line for line in lines(text) if _says_something(line.plain)]
    if found:
        found[:1] = _without_prefix(found[0])
    _, front_end = front_matter(text)
    found, titles = _without_marks(found, front_end)
    tables = table_lines(found)
    headings = [None if tables[n] else marked_heading(line) for n, line in enumerate(found)]
    for n, line in enumerate(found[: 2 * HEAD_LINES]):
        if line.start in titles:
            headings[n] = 1, line.start, line.end
    if any(head and line.plain[0] == "=" for head, line in zip(headings, found, strict=True)):
        # Where `==` opens headings, `#` opens the numbered items of a list.
        headings = [
            None if line.plain[0] == "#" else head
            for head, line in zip(headings, found, strict=True)
        ]
    items = item_lines(found, tables)
    cut = [
        bool(tables[n] or headings[n] or line.end <= front_end)
        or (
            (_is_prompt(line.plain) or _is_record(line.plain))
            and not (n and joins.continues(found[n - 1], line))
        )
        for n, line in enumerate(found)
    ]
    # A dateline opens a story, though in lower case: `date 2019-05-03 (NPA) Ferries run.`
    opens = [item > 0 or _opens_story(found[n].plain) for n, item in enumerate(items)]
    columns = [line.indent + sign if sign else 0 for line, sign in zip(found, items, strict=True)]
    firsts = joins.groups(found, [not flag for flag in cut], opens, columns)
    opened: list[Draft] = []
    for n in range(len(found)):
        if firsts[n] != n:
            continue
        last = n
        while last + 1 < len(found) and firsts[last + 1] == n:
            last += 1
        draft = _draft(text, found[n : last + 1], tables[n], headings[n], items[n])
        if draft.end <= front_end:
            draft.kind, draft.cue = "metadata", None
        # A closing sign that nothing took up, `.` on a line of its own, is no passage.
        if draft.kind is not None or len(draft.plain) > 1 or draft.plain.isalnum():
            opened.append(draft)
    return opened


def _draft(
    text: str, run: Sequence[Line], table: bool, heading: tuple[int, int, int] | None, item: int
) -> Draft:
    line, end = run[0], run[-1].end
    if heading is not None:
        level, start, stop = heading
        draft = Draft(start, stop, view(text[start:stop]), line, 1)
        draft.kind, draft.level = "heading", level
        return draft
    # A soft hyphen behind the sign of an item is a blank, though the view has a dash for it.
    start, _ = trimmed(text, line.start + item, end)
    plain = line.plain[start - line.start :] if len(run) == 1 else view(text[start:end])
    draft = Draft(start, end, plain, line, len(run))
    if table:
        draft.kind = "table_row"
        return draft
    draft.cue = cue(plain)
    picture = _PICTURE.fullmatch(plain) if plain[0] == "!" else None
    if picture is not None:
        # Markdown names a picture: `![Boats at the quay](quay.jpg)`.
        first, last = start + picture.start(1), start + picture.end(1)
        draft = Draft(first, last, view(text[first:last]), line, 1)
        draft.kind = "caption"
    elif item:
        draft.kind = "list_item"
        draft.number = line.plain[0].isdigit() or line.plain[0] in "IVX"
    elif draft.cue is None:
        draft.kind = kind_by_pattern(plain)
        stamp = read_stamp(plain) if draft.kind is None else None
        # A bare day may be the cell of a stripped table; a label or a clock time tells a stamp.
        if stamp is not None and (stamp.role in ("published", "updated") or stamp.time):
            draft.kind = "metadata"
    return draft


def _without_prefix(line: Line) -> list[Line]:
    """The first line, parted from the day that collections put in front of what is no story.

    `date 2019-05-03 Menu`, `date 2019-05-03 Ferry opens`; in front of a story it is its dateline.
    """
    prefix = _PREFIX.match(line.plain)
    if prefix is None:
        return [line]
    end = prefix.end()
    rest = Draft(line.start + end, line.end, line.plain[end:], line, 1)
    if rest.running or rest.plain[0] == "(":
        return [line]
    day = Line(line.start, line.start + len(prefix[1]), 0, True, prefix[1])
    return [day, Line(rest.start, line.end, 0, True, rest.plain)]


def _without_marks(found: list[Line], front_end: int) -> tuple[list[Line], set[int]]:
    """The lines, those of the head parted from the marks in front of a title, and sure titles.

    `(LEAD) Ferry opens`, `UPDATE 2-Ferry opens`, `Subject: Ferry opens`, `^Ferry opens<`; a title
    is told by where it starts.
    """
    head: list[Line] = []
    titles: set[int] = set()
    for line in found[:HEAD_LINES]:
        told = line.words >= SENTENCE_WORDS and ends_sentence(line.plain)
        if told and kind_by_pattern(line.plain) is None:
            # Behind the first sentence no title comes.
            break
        size, is_title = title_prefix(line.plain)
        rest = line.plain[size:].rstrip("<") if is_title else line.plain[size:]
        if not size or not rest or len(rest) > TITLE_CHARS or line.end <= front_end:
            head.append(line)
            continue
        mark = line.plain[:size].rstrip()
        start = line.start + size
        if any(map(str.isalnum, mark)):
            head.append(
                Line(line.start, line.start + len(mark), line.indent, line.after_blank, mark)
            )
        head.append(Line(start, start + len(rest), 0, line.after_blank, rest))
        if is_title:
            titles.add(start)
    else:
        return head + found[HEAD_LINES:], titles
    return head + found[found.index(line) :], titles


def _opens_story(plain: str) -> bool:
    return plain.startswith("date ") and _PREFIX.match(plain) is not None


def _says_something(plain: str) -> bool:
    """Whether a line has a letter or figure, or is a row of a table, or closes a sentence."""
    if plain[0].isalnum() or plain[0] in "|+" or (plain in (".", ",", ";", ")", "!", "?")):
        return True
    return any(sign.isalnum() for sign in plain.replace("&nbsp;", ""))


def _is_prompt(plain: str) -> bool:
    """Whether a short line is furniture, which no line of the story continues: `Ads by`."""
    # `ministry.`, the last word of a paragraph, is no name of a site part.
    if len(plain) > _PROMPT_CHARS or (plain[0].islower() and plain[-1] == "."):
        return False
    return button(plain) or (count_words(plain) <= FEW_WORDS and cue(plain) is not None)


def _is_record(plain: str) -> bool:
    """Whether a line is a stamp, a label or the like, which no other line continues."""
    return (
        read_record(plain) is not None
        or read_label(plain) is not None
        or kind_by_pattern(plain) in ("metadata", "caption", "boilerplate")
        or plain.startswith("![")
    )
