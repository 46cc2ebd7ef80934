"""Clubs that are called by their town: `Lapua beat Kemi 3-1`.

In a report of a game the name of a town means its team, an organisation; behind `in` and the
like it is the town.  Where players change clubs, a town that one is signed from is a club too.
National teams keep the label of their country.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from pipeline.extract.entities.calling_book import calling_rules
from pipeline.extract.entities.cues import people_of
from pipeline.extract.entities.patterns import either
from pipeline.extract.entities.spans import (
    CAPITAL,
    Ground,
    Reading,
    Sought,
    Span,
    found,
    laid,
    opening_runs,
    small_words,
)
from pipeline.extract.names import identify

# A score of a game in the rest of the sentence: `3-1`, `98-91`; not `2019-20`.
SCORE = re.compile(r"[^.\n]{0,90}?(?<![\w.-])\d{1,3}-\d{1,3}(?![\w-])")
TENNIS = re.compile(r"[67]-\d$|-[67]$")
POINTS_BEHIND = re.compile(rf"[ \n]\d{{1,3}},?[ \n](?={CAPITAL})")
NAME_POINTS = re.compile(rf"(?<![\w-]){CAPITAL}[\w.]{{2,20}}[ \n]\d{{1,3}},?[ \n]$")
POINTS = re.compile(r"[ \n]\d{1,3},?[ \n]")
LAST_POINTS = re.compile(r"[ \n]\d{1,3}(?=[;.,\n]|$)")
PLACE_BEFORE = re.compile(
    r"(?<!\w)(?:in|at|near|from|to|of|around|across|outside|through|via)[ \n](?:the[ \n])?$"
)
# `lost 1-0 to Kemi`, `a 2-1 win at Kemi`: the score between the verb and the other team.
SCORED_BEFORE = re.compile(
    r"(?<!\w)(?:(?:lost|fell|won|drew)[ \n]\d{1,3}-\d{1,3}[ \n](?:to|at|with|against)"
    r"|\d{1,3}-\d{1,3}[ \n](?:[a-z]+[ \n])?(?:win|victory|defeat|draw|loss)"
    r"[ \n](?:at|over|against|with|to|by))[ \n]$"
)
DRAWN_BEHIND = re.compile(
    r"[ \n](?:drew|draw|lost|won)[ \n]\d{1,3}-\d{1,3}[ \n](?:with|to|at|against)\b"
)
# `beat the Kuno Sabres 6-1`: a team that no span covers.
TEAM = re.compile(
    rf"[ \n]the[ \n](?P<name>{CAPITAL}[\w'-]{{2,20}}(?:[ \n]{CAPITAL}[\w'-]{{2,20}}){{1,2}})"
    r"(?=[ \n]\d{1,3}-\d{1,3}(?![\w-]))"
)
AND_NATION = re.compile(rf"[ \n]and[ \n](?P<nation>{CAPITAL}[a-z]+(?:[ \n]{CAPITAL}[a-z]+)?)")
ARTICLE = re.compile(r"(?<!\w)[Tt]he[ \n]$")
# `Kuno hosts Lapua.`: two towns that meet in a report of results.
HOSTS = re.compile(r"[ \n](?:hosts?|visits?|plays?|faces?|meets?)[ \n]$")
# From so many words of play on, a document that names players is a report on them.
FEWEST_PLAY = 3
# `the clash against Kemi`, `signing Aino Salo from Kemi`, `on loan at Kemi`.
TRADE_BEFORE = re.compile(
    r"(?<![\w-])(?:(?:clash|tie|match|game|fixture|opener|debut|goals?|equaliser|brace|hat-trick)"
    r"[ \n](?:against|with|versus)"
    r"|(?:on[ \n]loan|loan[ \n](?:move|spell|switch|deal))[ \n](?:at|from|to|with)"
    r"|(?:sign|signed|signing|signs|bought|loaned)(?:[ \n][\w'-]{1,20}){1,6}[ \n]from)[ \n]$"
)
TRADE_BEHIND = re.compile(
    r"'s[ \n](?:training[ \n]ground|manager|head[ \n]coach|squad|captain|striker|midfielder|"
    r"goalkeeper|dressing[ \n]room|academy|sporting[ \n]director|back[ \n]line|first[ \n]team)\b"
)
# `a starter at Kemi last season`; but `flew to Kemi this season`.
AT_BEFORE = re.compile(r"(?<!\w)at[ \n]$")
SEASON_BEHIND = re.compile(r"[ \n](?:last|this|next)[ \n]season\b")
TRADE_CHARS = 90
LOOK_BACK = 40


@dataclass(frozen=True, slots=True)
class Results:
    """Patterns of the words with which one team does something to another."""

    before: re.Pattern[str]
    behind: re.Pattern[str]
    sure_before: re.Pattern[str]
    sure_behind: re.Pattern[str]
    sure: Sought
    player_behind: re.Pattern[str]
    nations: frozenset[str]
    players: frozenset[str]
    play: frozenset[str]


@lru_cache(maxsize=1)
def results() -> Results:
    """The lists of `callings.toml` on games, compiled at the first call."""
    lists = calling_rules().lists
    verbs = either(lists.result_verbs)
    sure = either(lists.sure_result_verbs)
    return Results(
        before=re.compile(rf"(?<!\w)(?:{verbs})[ \n](?:the[ \n])?$"),
        behind=re.compile(rf"[ \n](?:{verbs})\b"),
        sure_before=re.compile(rf"(?<!\w)(?:{sure})[ \n](?:the[ \n])?$"),
        sure_behind=re.compile(rf"[ \n](?:{sure})[ \n]"),
        sure=Sought(
            re.compile(rf"\b(?:{sure})(?=[ \n]the[ \n])"), opening_runs(lists.sure_result_verbs)
        ),
        player_behind=re.compile(rf"[ \n](?:{either(lists.player_nouns)})\b"),
        nations=frozenset(lists.nations),
        players=frozenset(lists.player_words),
        play=frozenset(lists.play_words),
    )


def with_clubs(reading: Reading, spans: list[Span]) -> list[Span]:
    """The spans with towns that play as organisations."""
    spans = laid([*spans, *_teams(reading, Ground(spans))])
    people = people_of(reading, spans)
    spans = [_as_team(reading, span, people) for span in spans]
    ground = Ground(spans)
    clubs = {span for span in spans if span.label == "GPE" and _plays(reading, span, ground)}
    if clubs or any(span.label == "ORG" and _told_result(reading, span) for span in spans):
        clubs |= {span for span in spans if span.label == "GPE" and _plays_on(reading, span)}
        clubs |= set(_meeting(reading, spans))
    traded = set(_traded(reading, spans))
    clubs |= traded
    names = {reading.words(span) for span in clubs}
    teams = {reading.words(span) for span in spans if span.rule_id == "clubs.team"}
    if not names and not teams:
        return spans
    spans = [
        span.mended("clubs.trade", label="ORG")
        if span in traded
        else _as_club(reading, span, span in clubs, names)
        for span in spans
    ]
    return [
        span.mended("clubs.same", label="ORG")
        if span.label == "PERSON" and reading.words(span) in teams
        else span
        for span in spans
    ]


def _teams(reading: Reading, ground: Ground) -> Iterator[Span]:
    """Teams of two words or more that no span covers, between a verb of results and a score."""
    for passage in reading.passages:
        for verb in results().sure.matches(reading, (passage,)):
            team = TEAM.match(reading.text, verb.end(), passage.end_char)
            if team is not None and not ground.over(*team.span("name")):
                yield found(*team.span("name"), "ORG", "clubs.team")


def _as_team(reading: Reading, span: Span, people: Mapping[str, set[str]]) -> Span:
    """`the Kuno Bay Thunder beat`: with an article and a result it is no building or person."""
    if span.label == "PERSON" and DRAWN_BEHIND.match(reading.text, span.end) is not None:
        # `Kuno lost 2-0 to`: nobody of the document is called so.
        return span.mended("clubs.team", label="ORG") if _is_nobody(reading, span, people) else span
    if span.label == "PERSON" and _told_result(reading, span) and _is_nobody(reading, span, people):
        # `Kuno beat Lapua 31-22`: with a 6 or a 7 it may be a set of tennis.
        score = SCORE.match(reading.text, span.end)
        sets = score is not None and TENNIS.search(score.group()) is not None
        return span if sets else span.mended("clubs.team", label="ORG")
    if span.label not in ("FAC", "PERSON", "LOC", "EVENT") or span.rule_id.startswith("places"):
        return span
    article = ARTICLE.search(reading.text, max(0, span.start - 5), span.start)
    if article is None or " " not in reading.words(span) or not _told_result(reading, span):
        return span
    return span.mended("clubs.team", label="ORG")


def _is_nobody(reading: Reading, span: Span, people: Mapping[str, set[str]]) -> bool:
    """Whether it is one word by which the document calls no person with a full name."""
    words = reading.words(span)
    return " " not in words and words not in people and identify(words) is None


def _meeting(reading: Reading, spans: list[Span]) -> Iterator[Span]:
    """`Kuno hosts Lapua`: both towns, in a report that tells a result elsewhere."""
    for first, second in pairwise(spans):
        if HOSTS.fullmatch(reading.text, first.end, second.start) is None:
            continue
        for span in (first, second):
            if span.label in ("GPE", "LOC") and not _is_nation(reading.words(span)):
                yield span


def _is_nation(words: str) -> bool:
    return identify(words) is not None or words in results().nations


def _may_play(reading: Reading, span: Span) -> bool:
    """Whether a place may be a club: no country, and not the town that a story is sent from."""
    return span.rule_id != "dateline" and not _is_nation(reading.words(span))


def _as_club(reading: Reading, span: Span, plays: bool, names: set[str]) -> Span:
    if plays:
        return span.mended("clubs.result", label="ORG")
    if span.label != "GPE" or span.rule_id == "dateline" or reading.words(span) not in names:
        return span
    low = max(0, span.start - LOOK_BACK)
    if PLACE_BEFORE.search(reading.text, low, span.start) or reading.text[
        span.end : span.end + 1
    ] in (",", ":"):
        return span
    return span.mended("clubs.same", label="ORG")


def _plays(reading: Reading, span: Span, ground: Ground) -> bool:
    """Whether the words around a town are those of a result; a country is no club."""
    if not _may_play(reading, span):
        return False
    text = reading.text
    if _has_player(text, span.end):
        return True
    low = max(0, span.start - LOOK_BACK)
    if SCORED_BEFORE.search(text, low, span.start) is not None:
        return True
    if PLACE_BEFORE.search(text, low, span.start) is not None:
        return False
    if _has_points(reading, span, ground):
        return True
    return _told_result(reading, span)


def _has_player(text: str, end: int) -> bool:
    """`Kemi striker`, `Kemi and Kenya striker`: her club, and her state."""
    if results().player_behind.match(text, end) is not None:
        return True
    both = AND_NATION.match(text, end)
    if both is None or results().player_behind.match(text, both.end()) is None:
        return False
    return identify(both.group("nation")) is not None


def _told_result(reading: Reading, span: Span) -> bool:
    """`X beat Kemi 3-1`: a verb of results beside the name, and a score behind it."""
    text = reading.text
    low = max(0, span.start - LOOK_BACK)
    if DRAWN_BEHIND.match(text, span.end) is not None:
        return True
    told = results().behind.match(text, span.end) or results().before.search(text, low, span.start)
    return told is not None and SCORE.match(text, span.end) is not None


def _traded(reading: Reading, spans: list[Span]) -> Iterator[Span]:
    """`signing Aino Salo from Kemi`: towns in a report on players and those who hire them."""
    small = small_words(reading)
    if results().players.isdisjoint(small) or len(results().play & small) < FEWEST_PLAY:
        return
    for span in spans:
        if span.label != "GPE" or not _may_play(reading, span):
            continue
        low = max(0, span.start - TRADE_CHARS)
        if (
            TRADE_BEHIND.match(reading.text, span.end) is not None
            or TRADE_BEFORE.search(reading.text, low, span.start) is not None
            or (
                SEASON_BEHIND.match(reading.text, span.end) is not None
                and AT_BEFORE.search(reading.text, max(0, span.start - 4), span.start) is not None
            )
        ):
            yield span


def _plays_on(reading: Reading, span: Span) -> bool:
    """Whether a town wins or loses without a score, in a report that tells one elsewhere."""
    if not _may_play(reading, span):
        return False
    low = max(0, span.start - LOOK_BACK)
    return (
        results().sure_before.search(reading.text, low, span.start) is not None
        or results().sure_behind.match(reading.text, span.end) is not None
    )


def _has_points(reading: Reading, span: Span, ground: Ground) -> bool:
    """`Lapua 98 Kemi 91`: each with its points, side by side."""
    text = reading.text
    if LAST_POINTS.match(text, span.end) and NAME_POINTS.search(
        text, max(0, span.start - LOOK_BACK), span.start
    ):
        return True
    points = POINTS_BEHIND.match(text, span.end)
    if points is not None:
        return any(
            other.start == points.end() for other in ground.over(points.end(), points.end() + 1)
        )
    if LAST_POINTS.match(text, span.end) is None:
        return False
    return any(
        POINTS.fullmatch(text, other.end, span.start) is not None
        for other in ground.over(max(0, span.start - 6), max(1, span.start - 3))
    )
