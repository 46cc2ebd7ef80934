"""Names run together with the word in front, where a text has lost a blank or a line break.

`Prime MinisterAna Vula`, `fromKuno province`, `By Ana VulaKenyan envoys`: the model takes such a
string for one word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.extract.entities.lexicon import lexicon
from pipeline.extract.entities.patterns import patterns
from pipeline.extract.entities.spans import CAPITAL, Ground, Reading, Span, found, in_order
from pipeline.extract.names import identify, seat_code

# One look at the letters passes over nearly every passage.
HINT = re.compile(r"[a-z](?=[A-Z][a-z]{2})")
SEAM = re.compile(rf"(?<![\w@/.-])([A-Z]?[a-z]{{2,15}})({CAPITAL}[a-z]{{2,20}})(?![\w@.-]\w)")
POSTS = frozenset({"Embassy", "Consulate", "Mission"})
POST = re.compile(rf"\w+ of (?:the )?{CAPITAL}[a-z]+(?: {CAPITAL}[a-z]+){{0,3}}")
# Small words that no brand begins with, as `iPhone` and `eBay` do.
SMALL = frozenset({"from", "with", "and", "by", "staff"})


def without_seams(reading: Reading, spans: list[Span]) -> list[Span]:
    """The spans with names cut from the words that are glued to them."""
    seams = [
        match
        for passage in reading.passages
        if HINT.search(passage.text)
        for match in SEAM.finditer(reading.text, passage.start_char, passage.end_char)
    ]
    if not seams:
        return spans
    ground = Ground(in_order(spans))
    changed: dict[Span, Span] = {}
    added: list[Span] = []
    for match in seams:
        over = ground.over(*match.span())
        if (post := _post(reading, match)) is not None:
            # `Embassy of Kenya, OsloEmbassy of Peru, Lima`: the cells of a box of facts.
            changed |= {span: _cut(span, match, at=span.end) for span in over}
            inside = ground.over(post.start, post.end)
            changed |= {span: _cut(span, match, at=span.end) for span in inside}
            added += [found(*match.span(1), "GPE", "clean.glued"), post]
        elif _is_announced(match.group(1)):
            added += _behind(reading, match, over)
            changed |= {span: _cut(span, match) for span in over if span.start < match.start(2)}
        elif over and _is_state_behind_person(reading, over[0], match):
            changed[over[0]] = over[0].mended("clean.glued", end=match.end(1))
            added += _state(match)
    kept = [changed.get(span, span) for span in spans]
    return in_order([*(span for span in kept if span.start < span.end), *added])


def _is_announced(word: str) -> bool:
    """Whether the first half is a title, a day or a small word, which no name begins with."""
    lists = lexicon()
    return word in SMALL or word in lists.calendar_words or word in lists.sure_titles


def _post(reading: Reading, match: re.Match[str]) -> Span | None:
    """`[Embassy of Peru]` behind a town, where the row of a table has lost its border."""
    post = POST.match(reading.text, match.start(2)) if match.group(2) in POSTS else None
    town = match.group(1)
    listed = seat_code(town) is not None or lexicon().surfaces.kind(town) == "GPE"
    return found(*post.span(), "ORG", "clean.glued") if post is not None and listed else None


def _cut(span: Span, match: re.Match[str], at: int | None = None) -> Span:
    """The span without the glued word; nothing of it where it ends in that word."""
    return span.mended("clean.glued", start=min(match.start(2), span.end) if at is None else at)


def _behind(reading: Reading, match: re.Match[str], over: list[Span]) -> Iterator[Span]:
    """The name behind the seam, where no span covers it: a state, or a person behind a title."""
    if over:
        return
    if identify(match.group(2)) is not None:
        yield from _state(match)
    elif match.group(1) in lexicon().sure_titles:
        name = patterns().capitalised_name.match(reading.text, match.start(2))
        if name is not None and " " in name.group():
            yield found(*name.span(), "PERSON", "clean.glued")


def _state(match: re.Match[str]) -> Iterator[Span]:
    state = identify(match.group(2))
    if state is not None:
        yield found(*match.span(2), "NORP" if state.is_demonym else "GPE", "clean.glued")


def _is_state_behind_person(reading: Reading, span: Span, match: re.Match[str]) -> bool:
    """`Ana VulaKenyan`: a full name, and the people with which the next sentence begins."""
    return (
        span.label == "PERSON"
        and span.start < match.start()
        and span.end >= match.end()
        and " " in reading.text[span.start : match.start()]
        and identify(match.group(2)) is not None
    )
