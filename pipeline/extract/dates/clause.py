"""Where the clause around a date looks, what goes on from a date, what is told of every year."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Literal

from pipeline.extract.dates.lexicon import rules

# As far as a clause is read on either side of a date.
REACH = 160
# A full stop behind these ends no clause: `at 7 a.m. Tuesday`, `Mr. Khan`.
STOPPED = (
    "a.m", "p.m", "Mr", "Mrs", "Ms", "Dr", "St", "Gen", "Col", "Lt", "Gov", "Sen", "Rep", "No",
    "Jan", "Feb", "Aug", "Sept", "Oct", "Nov", "Dec",
)  # fmt: skip
NO_BREAK = "".join(rf"(?<!\b{re.escape(word)}\.)" for word in STOPPED)
BREAK = re.compile(rf"[.!?;](?=\s){NO_BREAK}(?<!\b[A-Z]\.)\s|\n\s*\n")
# Who said it stands behind the quotation: `"Not in May," she joked.`
RIGHT_BREAK = re.compile(rf'{BREAK.pattern}|,"')
# The last word that tells the tense decides; a clause of saying ends at its comma.
PARTICIPLE = r"[a-z]{3,12}ed"
# `would quit`, `is promised`: not the past, though the word is spelled alike.
NOT_PAST = re.compile(r"\b(?:be|been|is|are|to|will|would|can|could|may|might|must) \Z")
NOT_PAST_REACH = 8


@lru_cache
def _cue() -> re.Pattern[str]:
    words = rules().words
    ahead = "|".join(words.ahead)
    behind = "|".join(words.behind)
    schedules = "|".join(words.schedules)
    nouns = "|".join(words.noun_schedules)
    return re.compile(
        rf"(?<![\w'])(?:(?P<ahead>{ahead})|(?P<behind>{behind}|{PARTICIPLE})"
        rf"|(?P<schedule>{schedules}|(?P<noun>{nouns})))(?!\w)"
    )


def _cues(text: str) -> Iterator[re.Match[str]]:
    """Words of a text that tell where it looks.

    The pattern is written for lower case, which is several times faster than to ignore the
    case; `May` is a month and made something else first.
    """
    plain = text.replace("May", "M--").lower()
    for cue in _cue().finditer(plain):
        before = plain[max(0, cue.start() - NOT_PAST_REACH) : cue.start()]
        if cue["behind"] is None or NOT_PAST.search(before) is None:
            yield cue


@lru_cache
def _request() -> re.Pattern[str]:
    verbs = "|".join(rules().words.requests)
    return re.compile(rf"(?:please |can you |could you )?(?:{verbs})\b", re.IGNORECASE)


Side = Literal["ahead", "behind"]


# Asked of each date when its passage is read, when it is extracted from, and of each copy.
@lru_cache(maxsize=4096)
def looks_to(text: str, start: int, end: int, pictured: bool = False) -> Side | None:
    """The side to which the clause around a date looks; None where no word of it tells.

    Args:
        text: the passage.
        start: where the date, with the words that lead to it, begins.
        end: where it ends.
        pictured: whether it is the caption of a picture, whose present tells of the past.

    Example:
        >>> text = "She will open it on Friday, he said on Monday."
        >>> looks_to(text, 20, 26), looks_to(text, 39, 45)
        ('ahead', 'behind')
        >>> looks_to("The court sits on Friday.", 18, 24)
        'ahead'
    """
    left = BREAK.split(text[max(0, start - REACH) : start])[-1]
    right = RIGHT_BREAK.split(text[end : end + REACH])[0]
    last: re.Match[str] | None = None
    for cue in _cues(left):
        if last is None or not _is_object(cue, last, left):
            last = cue
    if last is not None and pictured and last["schedule"] is not None:
        return "behind"
    if last is not None:
        return _side(last, right.partition(",")[0])
    if _request().match(left.lstrip(' "')):
        return "ahead"
    first = next(_cues(right), None)
    return None if first is None else _side(first, right[first.end() :].partition(",")[0])


DAY = re.compile(r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b|\d")
# What is said begins a clause of its own: `He said the term ends on Friday.`
SAYING = frozenset({"said", "says", "told"})


def _is_object(cue: re.Match[str], last: re.Match[str], left: str) -> bool:
    """Whether a cue is a noun behind a verb of the past, or no verb of its own.

    `filed reports on Friday`; `how many steps did we take on Sunday`.
    """
    verb = last["behind"]
    if verb == "did" and cue["schedule"] is not None:
        return True
    between = left[last.end() : cue.start()]
    if between.endswith(" and ") and DAY.search(between):
        # `beat him on Saturday and plays again on Friday`: the first verb has its own day.
        return False
    return (
        cue["noun"] is not None and verb is not None and verb not in SAYING and "," not in between
    )


def _side(cue: re.Match[str], rest: str) -> Side:
    """Where a cue looks; `votes` in front of a verb of the past is a noun."""
    if cue["schedule"] is not None:
        return "behind" if any(other["behind"] for other in _cues(rest)) else "ahead"
    return "ahead" if cue["ahead"] is not None else "behind"


# The clause goes on in the year of its date: `in 1995, when it struck on 5 September`.
GOES_ON = re.compile(r",? (?:when|where|while|then)\b|:")
AND = re.compile(r",? (?:and|but)\b")
HEAD = re.compile(
    r"(?:\A|[.!?:;]\s|\n)[\"'(]{0,2}(?:(?:back |late |early )?(?:in|on|from|during|between) )?"
    r"(?:the )?\Z",
    re.IGNORECASE,
)
HEAD_REACH = 30


def is_head(text: str, start: int) -> bool:
    """Whether a date opens its sentence, with no more than a preposition in front."""
    return HEAD.search(text[max(0, start - HEAD_REACH) : start]) is not None


def is_framed(text: str, last: tuple[int, int], start: int, monthly: bool) -> bool:
    """Whether the year of a date holds for what a news story tells right behind it.

    A date frames what follows when it opens the sentence or the sentence goes on from it; one in
    passing (`the mill, built in 1988, was shut in May`) does not.

    Args:
        text: the passage.
        last: span of the date that may be the frame.
        start: where the month without a year begins.
        monthly: whether the date tells a month.

    Example:
        >>> text = "In 1999 the hall burned and in May it was sold."
        >>> is_framed(text, (3, 7), 31, False)
        True
        >>> text = "The hall, built in 1999, was sold in May."
        >>> is_framed(text, (19, 23), 37, False)
        False
    """
    between = text[last[1] : start]
    if len(between) > REACH:
        return False
    breaks = len(BREAK.findall(between))
    if breaks:
        return monthly and breaks == 1 and is_head(text, start)
    if is_head(text, last[0]) or GOES_ON.match(between):
        return True
    return monthly and (not between.startswith(",") or AND.match(between) is not None)


# What is told of every year: `The season runs from May to October.`
HABIT = re.compile(
    r"\b(?:is|are|falls?|runs?|lasts?|takes place|occurs?|begins?|starts?|ends?|opens?|closes?"
    r"|run|last|land|bloom|flower|nest|breed|peak|usually|annually|mostly|typically|every|each)\b",
    re.IGNORECASE,
)
# `The diary begins in August 1914 and ends in May`: that is told of one year.
# In whatever text: `Flowers are laid every year on 24 April`, `his annual 24 April speech`.
YEARLY = re.compile(
    r"\b(?:annually|yearly|(?:every|each) year)\b|\b(?:annual|yearly) \*", re.IGNORECASE
)
STATED_YEAR = re.compile(r"\b[12]\d{3}\b")
PASSIVE = re.compile(r"\b(?:is|are|be|been) (?:\w{2,12}ly )?\w{3,14}", re.IGNORECASE)


def is_habit(text: str, start: int, end: int, narrative: bool) -> bool:
    """Whether the clause around a month tells what happens every year.

    Args:
        text: the passage.
        start: where the month begins.
        end: where it ends.
        narrative: whether the text tells history, not news, whose presence is of this year.

    Example:
        >>> is_habit("Rain falls in May.", 14, 17, True), is_habit("It fell in May.", 11, 14, True)
        (True, False)
        >>> is_habit("Rain falls in May.", 14, 17, False)
        False
        >>> is_habit("They meet every year in May.", 24, 27, False)
        True
    """
    left = BREAK.split(text[max(0, start - REACH) : start])[-1]
    right = BREAK.split(text[end : end + REACH])[0]
    clause = f"{left.rpartition(', ')[2]}*{right.partition(',')[0]}"
    if STATED_YEAR.search(clause):
        return False
    if YEARLY.search(clause):
        return True
    if not narrative or HABIT.search(clause) is None:
        return False
    return not any(cue["behind"] for cue in _cues(PASSIVE.sub("*", clause)))
