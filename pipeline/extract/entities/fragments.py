"""What the model marks and is a piece of something else: a maker, an owner, an office, a coin.

`Tirvo` of `Tirvo A320` names no firm but a product; `Kenya's Forest Ministry` is a state and its
ministry; `Maldives FM` is a state and an office, and `Kenya Shilling` money.
"""

from __future__ import annotations

import re

from pipeline.extract.entities.lexicon import lexicon
from pipeline.extract.entities.spans import Reading, Span
from pipeline.extract.names import identify

# `Council s` of a text that lost its apostrophes.
LOST_POSSESSIVE = re.compile(r"(?<=\w)[ \n]s$")
GOVERNMENT = re.compile(r"(?:[Tt]he[ \n])?Governments?[ \n]of[ \n](?:the[ \n])?")
# `the Kenyan Government`, `Kenyan Treasuries`.
RULED = re.compile(
    r"(?:[Tt]he[ \n])?([A-Z][\w. \n-]{1,30}?)[ \n](?:Governments?|Treasuries|Treasurys|Bonds)"
)
# `Tirvo crude`, `West Tirvo Intermediate`.
COMMODITY_BEHIND = re.compile(r"[ \n](?:[Cc]rude|Intermediate|futures)\b")
# `the Tirvo dynasty`: a time and a house, no people.
DYNASTY_BEHIND = re.compile(r"[ \n][Dd]ynasty\b")
OWNER = re.compile(r"([A-Z][\w'.-]{2,20}?(?:[ \n][A-Z][\w.-]{2,20}?)?)'s[ \n](?=[A-Z])")
# `Tirvo A320-200`, `Tirvo 737`: the maker in the name of what it makes.
MODEL_BEHIND = re.compile(
    r"[ \n](?:[A-Z]{1,2}-?\d{2,3}|\d{3})(?:-\d{1,3})?[A-Z]{0,2}(?![\w,.]{0,9}\d|\w"
    r"|[ \n]?(?:million|billion|people|men|women|members|staff|workers|jobs)\b)"
)
# `MiG-29`, `F-16`: aircraft, missiles and roads; blocs such as `G-77` are told by their list.
DESIGNATION = re.compile(r"[A-Z][A-Za-z]{0,3}-\d{2,3}[A-Z]{0,3}")
# `S-400 Air Defence Systems`.
WEAPON = re.compile(
    r"[A-Z]{1,3}-\d{1,3}[A-Z]? (?:[A-Z]\w+ ){0,3}(?:Systems?|Missiles?|Launchers?|Tanks?|Jets?)$"
)
OFFICE_INSIDE = re.compile(r"(?<=[a-z])[ \n](?:D?PM|FM|CM)(?:[ \n]|$)")


def own_name(reading: Reading, span: Span) -> Span | None:
    """The part of a span that is a name of its own; None where it is a piece of a thing."""
    text = reading.text
    words = text[span.start : span.end]
    if not words or _is_piece(reading, span, words):
        return None
    if span.label not in ("ORG", "PERSON"):
        return span
    lost = LOST_POSSESSIVE.search(words)
    if lost is not None:
        span = span.mended("clean.trim", end=span.start + lost.start())
    office = OFFICE_INSIDE.search(text, span.start, span.end)
    if office is not None:
        return _beside_office(reading, span, office)
    return span if span.label == "PERSON" else _without_owner(span, text)


def _without_owner(span: Span, text: str) -> Span | None:
    """An organisation without the state that owns it; None where only its government is left."""
    ruled = RULED.fullmatch(text, span.start, span.end)
    if ruled is not None and identify(ruled.group(1)) is not None:
        # `the Kenyan Government`: the list finds the people.
        return None
    for owner in (
        GOVERNMENT.match(text, span.start, span.end),
        OWNER.match(text, span.start, span.end),
    ):
        if owner is None:
            continue
        # `Kenya's Forest Ministry`, `Government of Kenya`: the list finds the state.
        held = owner.group(1) if owner.lastindex else text[owner.end() : span.end]
        listed = owner.lastindex and lexicon().surfaces.kind(held) == "GPE"
        if listed or identify(held) is not None:
            return span.mended("clean.trim", start=owner.end())
    return span


def _beside_office(reading: Reading, span: Span, office: re.Match[str]) -> Span | None:
    """`Pak PM Salo` is a person; of `Maldives FM` a list finds the state, `Joy FM` is a station."""
    if office.end() < span.end:
        return span.mended("clean.trim", start=office.end(), label="PERSON")
    state = identify(reading.text[span.start : office.start()])
    return span if state is None else None


def _is_piece(reading: Reading, span: Span, words: str) -> bool:
    """Whether it is part of a product, a coin, or a war that nobody calls by that name."""
    if span.label == "EVENT":
        # `Kenya war`: the state is found by its list.
        return words.rsplit(maxsplit=1)[-1].islower()
    if span.label not in ("ORG", "PERSON", "GPE"):
        return _is_dynasty(reading, span, words)
    weapon = DESIGNATION.fullmatch(words) or WEAPON.match(words)
    if weapon is not None:
        return identify(words.split(maxsplit=1)[0]) is None
    state, _, coin = words.rpartition(" ")
    if span.label != "GPE" and coin.lower() in lexicon().currency_words:
        return identify(state) is not None
    if COMMODITY_BEHIND.match(reading.text, span.end) or _is_dynasty(reading, span, words):
        return True
    return " " not in words.strip() and MODEL_BEHIND.match(reading.text, span.end) is not None


def _is_dynasty(reading: Reading, span: Span, words: str) -> bool:
    one_word = " " not in words.strip() and identify(words) is None
    return one_word and DYNASTY_BEHIND.match(reading.text, span.end) is not None
