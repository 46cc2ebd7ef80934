"""Evidence for listed names that are also something else: `Jordan`, `Turkey`, `Polish`.

Such a name is taken for the place when the model sees a place there, when it stands in a list
beside a sure one, fills a cell of a table, when words of states stand beside it, or when the
same country is named surely elsewhere in the document; a person's longer name comes first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from pipeline.extract.entities.calling_book import calling_rules
from pipeline.extract.entities.patterns import patterns
from pipeline.extract.entities.spans import Ground, Reading, Span, small_words
from schemas.tables import EntityLabel

STATES = "places.countries"
PLACE_LABELS = ("GPE", "NORP", "LOC")
LIST_GLUE = re.compile(
    r"(?:,[ \n](?:and[ \n])?|,?[ \n]and[ \n]|[ \n]or[ \n]|-|/| & )(?:the )?", re.IGNORECASE
)
# `fires in the Amazon`, `in the Peruvian Amazon`.
LAND_ARTICLE = re.compile(
    r"(?<!\w)(?:in|of|from|across|into|through|up|down)[ \n]the[ \n]"
    r"(?:[A-Z][a-z]{2,12}(?:an|ese|ish)[ \n])?$"
)
# `conserve the Amazon and`: with nothing of the firm's behind it.
ARTICLE = re.compile(r"(?<!\w)the[ \n]$")
LAND_ENDS = re.compile(r"[.,;:)]|[ \n](?:and|is|are|in|as|to|for|by|while|from)\b|$")
LAND_BEFORE = re.compile(r"\b(?:in|near|from|to|of|across)[ \n]$")
PLACE_BEFORE = re.compile(r"\b(?:in|near|from|at|to)[ \n]$")
# From so many words of games on, a document may call a club by its town.
FEWEST_PLAY = 2
# `the news agency Tirvo`, `Tirvo reported that`: what tells an agency that is also a word.
AGENCY_BEFORE = re.compile(
    r"(?<!\w)(?:[Nn]ews|[Pp]ress)[ \n](?:[Aa]gency|[Oo]utlet|[Ss]ervice)[ \n]$"
)
REPORTS_BEHIND = re.compile(r"[ \n](?:news agency|reported|reports|quoted|quotes|cited|cites)\b")
CITIZEN_BEFORE = re.compile(r"(?:,|\b(?:by|is|was))[ \n](?:a|an|the)[ \n]$")


@dataclass(frozen=True, slots=True)
class Hit:
    """A listed name in the document; `sure` when it needs no evidence."""

    start: int
    end: int
    label: EntityLabel
    rule_id: str
    code: str | None
    sure: bool


def supported(reading: Reading, hits: list[Hit], model: Ground) -> list[Hit]:
    """The hits that are sure or have evidence, in order."""
    runs = _list_runs(reading, hits)
    taken = [
        _is_free(reading, hit, model)
        and (hit.sure or _has_evidence(reading, hits, number, runs[number], model))
        for number, hit in enumerate(hits)
    ]
    # A country that is sure in one place is sure in the others.
    codes = {
        hit.code
        for hit, kept in zip(hits, taken, strict=True)
        if hit.code and (kept or _is_seen(model, hit))
    }
    return [
        hit
        for hit, kept in zip(hits, taken, strict=True)
        if kept or (hit.code in codes and hit.rule_id == STATES and _is_free(reading, hit, model))
    ]


def _is_free(reading: Reading, hit: Hit, model: Ground) -> bool:
    """Whether the model sees nothing there that comes first.

    That is a person's longer name around a doubtful one (`Jordan Okafor`, `Paris Lindqvist`),
    or an organisation in a lone town, as clubs are called.
    """
    over = model.over(hit.start, hit.end)
    if hit.rule_id == "places.towns":
        return not _is_club(reading, hit, over)
    return hit.sure or not any(span.label == "PERSON" and _is_longer(span, hit) for span in over)


def _has_evidence(reading: Reading, hits: list[Hit], number: int, run: int, model: Ground) -> bool:
    """Whether model, list, table or neighbouring words speak for a doubtful name."""
    hit = hits[number]
    over = model.over(hit.start, hit.end)
    if hit.label == "NORP" and hit.code is None and _is_place_name(reading, hit, over):
        return False
    if any(span.label in PLACE_LABELS for span in over) or _is_citizen(reading, hit, over):
        return True
    if hit.label == "ORG":
        alone = any((span.start, span.end) == (hit.start, hit.end) for span in over)
        return any(span.label == "ORG" for span in over) or (alone and _tells(reading, hit))
    low = max(0, hit.start - 28)
    if over and PLACE_BEFORE.search(reading.text, low, hit.start):
        return True
    # `fires in the Amazon`: the firm has no article.
    land = hit.label == "LOC" and (
        LAND_ARTICLE.search(reading.text, low, hit.start) is not None
        or (
            ARTICLE.search(reading.text, low, hit.start) is not None
            and LAND_ENDS.match(reading.text, hit.end) is not None
        )
    )
    if hit.code is None:
        # `Lutheran bishop`: a creed that the model did not see, in front of its noun.
        creed = patterns().creed_behind.match(reading.text, hit.end)
        alone = all((span.start, span.end) == (hit.start, hit.end) for span in over)
        return land or (hit.label == "NORP" and alone and creed is not None)
    near = (hits[other] for other in _list_neighbours(reading, hits, number))
    return (
        any(_is_sure_place(other) for other in near)
        or (hit.rule_id == STATES and run >= 3)
        or _is_cell(reading, hit)
        or _is_state(reading, hit)
    )


def _tells(reading: Reading, hit: Hit) -> bool:
    """Whether it is called an agency, or reports: no person of that name does so alone."""
    low = max(0, hit.start - 16)
    return (
        AGENCY_BEFORE.search(reading.text, low, hit.start) is not None
        or REPORTS_BEHIND.match(reading.text, hit.end) is not None
    )


def _is_citizen(reading: Reading, hit: Hit, over: list[Span]) -> bool:
    """`Aino Salo, a Finn, rose`: a lone name with an article is no person's."""
    if hit.label != "NORP":
        return False
    alone = any((span.start, span.end) == (hit.start, hit.end) for span in over)
    low = max(0, hit.start - 12)
    before = CITIZEN_BEFORE.search(reading.text, low, hit.start) is not None
    return alone and before and reading.text[hit.end : hit.end + 1] in (",", ".", ";")


def _is_place_name(reading: Reading, hit: Hit, over: list[Span]) -> bool:
    """Whether a people is named here as its land: `a district of Sidama`."""
    return any(span.label in ("GPE", "LOC") for span in over) and (
        LAND_BEFORE.search(reading.text, max(0, hit.start - 12), hit.start) is not None
    )


def _is_club(reading: Reading, hit: Hit, over: list[Span]) -> bool:
    """Whether the model takes a lone town for a club, in a text that speaks of games."""
    return (
        any(
            span.label == "ORG"
            and span.rule_id != "heads.label"
            and (span.start, span.end) == (hit.start, hit.end)
            for span in over
        )
        and PLACE_BEFORE.search(reading.text, max(0, hit.start - 12), hit.start) is None
        and len(sports_words() & small_words(reading)) >= FEWEST_PLAY
    )


@lru_cache(maxsize=1)
def sports_words() -> frozenset[str]:
    """Words of reports on games: players, clubs, seasons and how a game ends."""
    lists = calling_rules().lists
    return frozenset((*lists.play_words, *lists.player_words, *lists.sure_result_verbs))


def _is_seen(model: Ground, hit: Hit) -> bool:
    """Whether the model takes exactly these words for a state or town."""
    return any(
        span.label == "GPE" and (span.start, span.end) == (hit.start, hit.end)
        for span in model.over(hit.start, hit.end)
    )


def _is_longer(span: Span, hit: Hit) -> bool:
    return span.end - span.start > hit.end - hit.start


def _is_sure_place(hit: Hit) -> bool:
    return hit.sure and hit.label in PLACE_LABELS


def _list_neighbours(reading: Reading, hits: list[Hit], number: int) -> Iterator[int]:
    """Numbers of the hits that stand beside this one in a list: `Kenya, Chad and Niger`."""
    if number > 0 and _is_joined(reading, hits[number - 1], hits[number]):
        yield number - 1
    if number + 1 < len(hits) and _is_joined(reading, hits[number], hits[number + 1]):
        yield number + 1


def _is_joined(reading: Reading, left: Hit, right: Hit) -> bool:
    between = reading.text[left.end : min(right.start, left.end + 12)]
    return right.start - left.end < 12 and LIST_GLUE.fullmatch(between) is not None


def _list_runs(reading: Reading, hits: list[Hit]) -> list[int]:
    """How many listed places stand in the list around each hit, itself included."""
    runs = [1] * len(hits)
    start = 0
    for number in range(1, len(hits) + 1):
        ends = number == len(hits) or not _is_joined(reading, hits[number - 1], hits[number])
        if ends:
            runs[start:number] = [number - start] * (number - start)
            start = number
    return runs


def _is_state(reading: Reading, hit: Hit) -> bool:
    """Whether the words beside it speak of a state: `Georgian President`, `people of Chad`."""
    if hit.rule_id != STATES:
        return False
    end = hit.end + 2 if reading.text[hit.end : hit.end + 2] == "'s" else hit.end
    if (hit.label == "NORP") is (end == hit.end) and patterns().state_behind.match(
        reading.text, end
    ):
        return True
    low = max(0, hit.start - 30)
    return patterns().state_before.ends_at(reading, low, hit.start)


def _is_cell(reading: Reading, hit: Hit) -> bool:
    """Whether it fills a cell of a table or a list item: `| Chad |`."""
    before = reading.text[max(0, hit.start - 3) : hit.start]
    behind = reading.text[hit.end : hit.end + 2]
    return before.rstrip(" ").endswith(("|", "\t")) and behind.lstrip(" ")[:1] in ("|", "\t")
