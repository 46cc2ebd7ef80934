"""Seats of government that speak for their state: `Beijing agreed`, never `in Beijing`.

A metonym is a role of a name in a sentence, so it is told by the words beside the name: a verb
that only governments do, a verb of address in front, a relation that states hold, or what a
state owns.  Without such a cue a capital is a town.  Names that are also other towns
(`Georgetown`) must have their state named in the document; a sentence with a score is about a game.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from pipeline.extract.entities.calling_book import callings
from pipeline.extract.entities.lexicon import lexicon
from pipeline.extract.entities.patterns import either
from pipeline.extract.entities.spans import Reading, Span
from pipeline.extract.names import Identity, is_ambiguous, seat_code
from pipeline.rulebook import Rule, RuleModel, load
from schemas.tables import EntityLabel

PLACES = ("GPE", "ORG", "FAC", "LOC")
UNION, UNION_SEAT, HOST = "EU", "Brussels", "BEL"
SCORE = re.compile(r"(?<![\w.-])\d{1,3}-\d{1,3}(?![\w-])")
STOP = re.compile(r"[.!?]\"?[ \n](?=[\"A-Z])|\n")
WORD_BEFORE = re.compile(r"([\w'-]+)([ \n])(?:the[ \n])?$", re.IGNORECASE)
JOINED = re.compile(r"(?:,|,?[ \n]and|[ \n]or)[ \n](?:the[ \n])?")
FREE_BEHIND = re.compile(
    r"[.,;:!?)\"]|$|[ \n](?:to|of|for|over|not|that|on|by|after|about|and|in|with|as|if|since|"
    r"against|last|this|once|twice|again|[a-z]+ times|amid|before|"
    r"when|while|who|is|are|was|were|has|have|had)\b|\n"
)
LOOK_BACK = 80
SENTENCE = 400


class SpeakerLists(RuleModel):
    """The lists of `speakers.toml`; each is explained there."""

    sure_verbs: tuple[str, ...]
    weak_verbs: tuple[str, ...]
    auxiliaries: tuple[str, ...]
    object_verbs: tuple[str, ...]
    relation_nouns: tuple[str, ...]
    owned_nouns: tuple[str, ...]
    place_words: tuple[str, ...]
    great_seats: tuple[str, ...]
    silent_seats: tuple[str, ...]


class SpeakerRules(RuleModel):
    """`speakers.toml`: the rules with their reasons, and the lists they use."""

    rules: tuple[Rule, ...]
    lists: SpeakerLists


@dataclass(frozen=True, slots=True)
class Speakers:
    """The patterns made of the lists."""

    sure: re.Pattern[str]
    weak: re.Pattern[str]
    address: re.Pattern[str]
    relation: re.Pattern[str]
    between: re.Pattern[str]
    owned: re.Pattern[str]
    place_words: frozenset[str]


@dataclass(frozen=True, slots=True)
class Scene:
    """The spans of a document with the states they mean, and the states it names."""

    reading: Reading
    spans: Sequence[Span]
    codes: Sequence[str | None]
    named: frozenset[str]


@lru_cache(maxsize=1)
def speaker_rules() -> SpeakerRules:
    """The rule file, checked."""
    checked: SpeakerRules = load("speakers.toml", SpeakerRules)
    return checked


@lru_cache(maxsize=1)
def speakers() -> Speakers:
    """The lists of `speakers.toml`, compiled at the first call."""
    lists = speaker_rules().lists
    small = rf"(?:(?:{either(lists.auxiliaries)})[ \n]){{0,4}}"
    relations = rf"(?<!\w)(?:{either(lists.relation_nouns)})"
    return Speakers(
        sure=re.compile(rf"[ \n]{small}(?:{either(lists.sure_verbs)})\b", re.IGNORECASE),
        weak=re.compile(rf"[ \n]{small}(?:{either(lists.weak_verbs)})\b", re.IGNORECASE),
        address=re.compile(
            rf"(?<!\w)(?:{either(lists.object_verbs)})[ \n](?:the[ \n])?$", re.IGNORECASE
        ),
        relation=re.compile(rf"{relations}[ \n]with[ \n](?:the[ \n])?$", re.IGNORECASE),
        between=re.compile(rf"{relations}[ \n]between[ \n](?:the[ \n])?$", re.IGNORECASE),
        owned=re.compile(
            rf"'s[ \n](?:[a-z-]{{1,15}}[ \n]){{0,2}}?(?:{either(lists.owned_nouns)})\b",
            re.IGNORECASE,
        ),
        place_words=frozenset(lists.place_words),
    )


def spoken_for(
    reading: Reading, spans: Sequence[Span], identities: Sequence[Identity | None]
) -> list[str | None]:
    """For each span the code of the state that it speaks for; None for all plain names.

    A span with a code of its own, as `China` has, speaks for nobody else.

    Example:
        >>> from pipeline.extract.entities.spans import found
        >>> from pipeline.records import Passage
        >>> text = "Oslo agreed. Rain fell in Oslo."
        >>> passage = Passage("0" * 20, 0, "paragraph", None, "en", 0, len(text), text)
        >>> spans = [found(0, 4, "GPE", "a"), found(26, 30, "GPE", "a")]
        >>> spoken_for(Reading(text, [passage]), spans, [None, None])
        ['NOR', None]
    """
    named = frozenset(identity.code for identity in identities if identity is not None)

    # A document may name one seat ten thousand times, and each asks the whole text.
    @cache
    def seat(words: str, label: EntityLabel) -> str | None:
        return _seat(reading, words, label, named)

    seats = [
        seat(reading.words(span), span.label) if identity is None and span.label in PLACES else None
        for span, identity in zip(spans, identities, strict=True)
    ]
    codes = [
        identity.code if identity is not None else seat
        for identity, seat in zip(identities, seats, strict=True)
    ]
    scene = Scene(reading, spans, codes, named)
    return [
        seat if seat is not None and _speaks(scene, number) else None
        for number, seat in enumerate(seats)
    ]


def _seat(reading: Reading, words: str, label: EntityLabel, named: frozenset[str]) -> str | None:
    """Code of the state that governs from a place, as far as the document tells it surely."""
    if words.title() == UNION_SEAT:
        # The Union, Belgium and an alliance sit there: the document must name the first alone.
        return UNION if UNION in named and HOST not in named else None
    code = seat_code(words)
    if code is None or words in speaker_rules().lists.silent_seats:
        return None
    if f"{words} state" in reading.text or f"{words} State" in reading.text:
        return None
    great = words in speaker_rules().lists.great_seats or label == "ORG"
    return code if great or code in named or not is_ambiguous(words) else None


def _speaks(scene: Scene, number: int) -> bool:
    low, high = _sentence(scene.reading, scene.spans[number])
    # Fewer speak than stand in a report of a game: the rest of the sentence is asked last.
    return (
        _is_heard(scene, number, low, high) and SCORE.search(scene.reading.text, low, high) is None
    )


def _is_heard(scene: Scene, number: int, low: int, high: int) -> bool:
    """Whether the words around a seat, in its sentence, make it a voice."""
    span, text = scene.spans[number], scene.reading.text
    rules = speakers()
    back = max(low, span.start - LOOK_BACK)
    if rules.owned.match(text, span.end, high) is not None:
        return not _is_placed(scene.reading, span, back)
    if FREE_BEHIND.match(text, span.end) is not None and (
        rules.address.search(text, back, span.start) is not None
        or rules.relation.search(text, back, span.start) is not None
    ):
        return True
    if _is_between(scene, number, back):
        return True
    if _is_placed(scene.reading, span, back):
        return False
    return _acts(scene, number, (low, high))


def _sentence(reading: Reading, span: Span) -> tuple[int, int]:
    """Borders of the sentence around a span, inside its passage."""
    passage = reading.passage_at(span.start)
    first = passage.start_char if passage is not None else span.start
    last = passage.end_char if passage is not None else span.end
    low = max(first, span.start - SENTENCE)
    for stop in STOP.finditer(reading.text, low, span.start):
        low = stop.end()
    stop_behind = STOP.search(reading.text, span.end, min(last, span.end + SENTENCE))
    return low, stop_behind.start() if stop_behind is not None else min(last, span.end + SENTENCE)


def _is_placed(reading: Reading, span: Span, low: int) -> bool:
    """Whether a preposition or another name stands in front: `in Oslo`, `Greater Oslo`."""
    before = WORD_BEFORE.search(reading.text, low, span.start)
    if before is None:
        return reading.text[max(low, span.start - 1) : span.start] in ("-", "/", "@")
    word = before.group(1)
    if word.lower() in speakers().place_words:
        return True
    is_name = word[0].isupper() and not word.isupper()
    plain = (
        word in callings().openers
        or word in lexicon().calendar_words
        or word.lower() in ("the", "that")
    )
    return is_name and not plain


def _is_between(scene: Scene, number: int, low: int) -> bool:
    """`ties between A and B`: both are states or speak for one."""
    text, spans = scene.reading.text, scene.spans
    for first, second in ((number, number + 1), (number - 1, number)):
        if first < 0 or second >= len(spans) or not (scene.codes[first] and scene.codes[second]):
            continue
        glue = text[spans[first].end : spans[second].start]
        start = max(0, spans[first].start - LOOK_BACK)
        if len(glue) < 12 and JOINED.fullmatch(glue) is not None:
            return speakers().between.search(text, start, spans[first].start) is not None
    return False


def _acts(scene: Scene, number: int, sentence: tuple[int, int]) -> bool:
    """Whether a verb of governments follows, at once or behind other states in a list."""
    text, spans = scene.reading.text, scene.spans
    last = number
    while last + 1 < len(spans) and scene.codes[last + 1] is not None and last - number < 3:
        glue = text[spans[last].end : spans[last + 1].start]
        if len(glue) > 12 or JOINED.fullmatch(glue) is None:
            break
        last += 1
    end, high = spans[last].end, sentence[1]
    if speakers().sure.match(text, end, high) is not None:
        return True
    return speakers().weak.match(text, end, high) is not None and _has_other_state(
        scene, number, sentence
    )


def _has_other_state(scene: Scene, number: int, sentence: tuple[int, int]) -> bool:
    """Whether the sentence names another state, bloc or seat."""
    low, high = sentence
    own = scene.codes[number]
    near = range(max(0, number - 20), min(len(scene.spans), number + 20))
    return any(
        scene.codes[other] not in (None, own)
        for other in near
        if low <= scene.spans[other].start < high
    )
