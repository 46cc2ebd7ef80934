"""Comments of readers below a story: who wrote them, what they say, the buttons below each.

A comment is told by both its ends.  Above it stand its writer and its day or age, below it a button
that only comments have, `Reply`; or, where a blog is closed, one says `Anna says:` with the day
below it again and again.  A thread is two comments at least, below running text.  What readers
write is no part of the document, though it is prose: each comment is furniture from its writer to
its buttons.  Prose that stands between two buttons and has no writer and no day above it stays.
The knowledge is `rules/threads.toml`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from pipeline.passages.drafts import Draft
from pipeline.passages.lexicon import line_key
from pipeline.passages.stamps import is_clock, read_record
from pipeline.rulebook import Rule, RuleModel, load

# A thread has so many comments.
_LEAST = 2
# Lines above the day of a comment: its writer, his town, the number of the comment.
_WRITER_LINES, _WRITER_WORDS = 6, 6
# Above the first comment their number or name stands within so many lines: `14 comments`.
_NAME_LINES, _NAME_WORDS = 8, 6
# So many paragraphs above are a story, and no teaser of another.
_STORY_PARAGRAPHS = 2
# Blocks of a comment; a longer one is no comment for sure.
_MOST_BLOCKS = 60
_ROW_CHARS, _ROW_WORDS, _BUTTON_WORDS, _HEAD_CHARS = 120, 16, 4, 140

_SAYS = re.compile(
    r"[^.!?]{1,60} (?:says|said|wrote|writes|commented|replied|responds)(?: to .{1,40})?:"
)
# Counts stand in front of buttons with no blank: `12Reply`.
_PARTED = re.compile(r"[\s·•|,/()\[\]›»>▲▼+–—-]+|(?<=\d)(?=[a-z]{4})")
_NAMED = re.compile(r"\b(?:comments?|replies|responses|discussions?|talkbacks?)\b", re.I)
# `3`, `2w`, the age or the number of those who like it.
_COUNT = re.compile(r"\d{1,6}(?:[smhdwy]|mo|yrs?)?")


Strength = Literal["sure", "weak", "none"]


class ButtonRule(Rule):
    """Names of buttons below a comment."""

    answers: bool
    lines: tuple[str, ...]


class HeadRule(Rule):
    """A pattern that the whole of a line above a comment matches."""

    strength: Strength
    pattern: str


class ThreadRules(RuleModel):
    """`rules/threads.toml`."""

    button: tuple[ButtonRule, ...]
    head: tuple[HeadRule, ...]


@dataclass(frozen=True, slots=True)
class _Compiled:
    buttons: dict[str, bool]
    heads: tuple[tuple[re.Pattern[str], Strength], ...]


@lru_cache
def _compiled() -> _Compiled:
    rules = load("threads.toml", ThreadRules)
    return _Compiled(
        {line: rule.answers for rule in rules.button for line in rule.lines},
        tuple((re.compile(rule.pattern, re.I), rule.strength) for rule in rules.head),
    )


@lru_cache(maxsize=4096)
def button(plain: str) -> bool | None:
    """Whether a line of nothing but buttons has one to answer a comment; None for other lines.

    Example:
        >>> button("Like · Reply · 3"), button("Share"), button("Reply of the ministry")
        (True, False, None)
    """
    if len(plain) > _ROW_CHARS:
        return None
    words = [word for word in _PARTED.split(line_key(plain)) if word]
    if not 0 < len(words) <= _ROW_WORDS:
        return None
    buttons = _compiled().buttons
    found: list[bool] = []
    at = 0
    while at < len(words):
        sizes = range(min(_BUTTON_WORDS, len(words) - at), 0, -1)
        known = ((size, buttons.get(" ".join(words[at : at + size]))) for size in sizes)
        size, answers = next((each for each in known if each[1] is not None), (1, None))
        if answers is not None:
            found.append(answers)
        elif _COUNT.fullmatch(words[at]) is None:
            return None
        at += size
    return any(found) if found else None


@lru_cache(maxsize=4096)
def heads_comment(plain: str) -> Strength | None:
    """What a line tells of a comment by age, day or number; None where it tells none of them.

    Example:
        >>> heads_comment("Anna Lind • 3 years ago"), heads_comment("It opened 3 years ago.")
        ('weak', None)
    """
    line = plain.partition("\n")[0]
    if len(line) > _HEAD_CHARS:
        return None
    heads = _compiled().heads
    return next((strength for pattern, strength in heads if pattern.fullmatch(line)), None)


def _is_head(draft: Draft) -> bool:
    line = draft.plain.partition("\n")[0]
    is_day = read_record(line) is not None or is_clock(line)
    return is_day or heads_comment(line) is not None


def mark_threads(drafts: Sequence[Draft]) -> None:
    """The comments below a story are furniture, from their writers to their buttons."""
    story = next((n for n, draft in enumerate(drafts) if draft.running), len(drafts))
    ends = _ends(drafts, story + 1)
    comments = _answered(drafts, story + 1, ends) if len(ends) >= _LEAST else []
    if len(comments) < _LEAST:
        comments = _said(drafts, story + 1)
    if len(comments) < _LEAST:
        return
    for first, last in comments:
        for draft in drafts[first:last]:
            draft.kind, draft.level, draft.cue = "boilerplate", 0, "strong"


def _ends(drafts: Sequence[Draft], start: int) -> list[tuple[int, int]]:
    """Where rows of buttons with one to answer begin and end, behind `start`."""
    ends: list[tuple[int, int]] = []
    n = start
    while n < len(drafts):
        if button(drafts[n].plain) is None:
            n += 1
            continue
        first = n
        answers = False
        while n < len(drafts) and (pressed := button(drafts[n].plain)) is not None:
            answers = answers or pressed
            n += 1
        if answers:
            ends.append((first, n))
    return ends


def _answered(
    drafts: Sequence[Draft], start: int, ends: Sequence[tuple[int, int]]
) -> list[tuple[int, int]]:
    """The comments that have a writer and a day above them and a button below them."""
    comments: list[tuple[int, int]] = []
    behind = start
    for place, (first, last) in enumerate(ends):
        within = range(max(behind, first - _MOST_BLOCKS), first)
        heads = [n for n in within if _is_head(drafts[n])]
        if heads:
            # Behind the story the first comment opens with the last day that stands there; behind
            # another comment with the first, and a later day is that of what it quotes.
            begin = behind if place else _writer(drafts, heads[-1], behind)
            opens = (
                _opens(drafts[begin : heads[0]]) if place else _is_first(drafts, begin, heads[-1])
            )
            if opens:
                comments.append((begin, last))
        behind = last
    return comments


def _writer(drafts: Sequence[Draft], head: int, least: int) -> int:
    """Where the lines above the day of a comment begin that name its writer."""
    begin = head
    while begin > least and head - begin < _WRITER_LINES and _may_name(drafts[begin - 1]):
        begin -= 1
    return begin


def _may_name(draft: Draft) -> bool:
    return draft.words <= _WRITER_WORDS and not draft.sentence and not draft.running


def _opens(above: Sequence[Draft]) -> bool:
    """Whether between two comments nothing but a writer stands above a day: `Kofi of the qu...`."""
    return len(above) <= _WRITER_LINES and all(draft.words <= _WRITER_WORDS for draft in above)


def _is_first(drafts: Sequence[Draft], begin: int, head: int) -> bool:
    """Whether the first day behind the story is that of a comment and not of the story itself.

    It is told by the name of all comments above, or by what comments have and stories seldom.
    """
    above = drafts[max(0, begin - _NAME_LINES) : head]
    if any(draft.words <= _NAME_WORDS and _NAMED.search(draft.plain) for draft in above):
        return True
    own = {heads_comment(draft.plain) for draft in drafts[begin : head + 1]}
    said = any(_SAYS.fullmatch(draft.plain) for draft in drafts[begin:head])
    told = sum(draft.running for draft in drafts[:begin])
    return "sure" in own or ((said or "weak" in own) and told >= _STORY_PARAGRAPHS)


def _said(drafts: Sequence[Draft], start: int) -> list[tuple[int, int]]:
    """The comments of a closed blog: `Anna says:` and the day below it, again and again."""
    begins = [
        n
        for n in range(start, len(drafts) - 1)
        if _SAYS.fullmatch(drafts[n].plain) and _is_head(drafts[n + 1])
    ]
    # Of the last one no more than its first paragraph is told from what may follow it.
    return [
        (first, last if last is not None else min(first + 3, len(drafts)))
        for first, last in zip(begins, [*begins[1:], None], strict=False)
    ]
