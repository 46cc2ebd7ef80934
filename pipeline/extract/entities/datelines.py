"""Datelines: `NAIROBI, 3 May (Reuters) -` is a town and an agency.

Read at the start of a paragraph only; what stands in front of the dash must be short and
look like a place, as it is printed there in every newspaper.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.extract.entities.lexicon import lexicon
from pipeline.extract.entities.spans import Ground, Reading, Span, found, in_order
from pipeline.extract.names import identify, seat_code
from pipeline.records import Passage
from schemas.tables import EntityLabel

PLACE: EntityLabel = "GPE"
AGENT: EntityLabel = "ORG"
WORD = r"[A-Z][\w'.-]{0,20}[\w.]"
# `Boca das Tropas`.
LINK = r"(?: (?:d[aeo]s?|del|la|las|los|sur|upon|am))?"
TOWN = (
    r"(?:(?P<first>[A-Z][A-Z' ]{2,20})/)?"
    rf"(?P<town>[A-Z][A-Z'. -]{{1,30}}[A-Z]|{WORD}(?:{LINK} {WORD}){{0,2}})"
)
REST = (
    r"(?:,? ?(?P<land>[A-Z][A-Za-z'. ]{1,25}))?"
    r"(?:,? ?(?:[A-Z][a-z]{2,8}\.? )?\d{1,2}(?:st|nd|rd|th)?(?:,? [A-Z][a-z]{2,8})?(?:,? \d{4})?)?"
)
AGENCY = r"(?: ?[(/](?P<agency>[A-Za-z][\w.& -]{1,24})[)/])?"
# `(ZNA) - KUNO, MAY 4 - The port` has the agency in front; `Kuno, May 4 (ZNA) The port` no dash.
# A town of two words, the second a state: `PORT SUDAN`.
PORT_WORDS = 2
DATELINE = re.compile(
    rf"\s{{0,3}}(?:\((?P<house>[A-Z]{{2,8}})\) ?-{{1,2}} ?)?{TOWN}{REST}{AGENCY}"
    r"(?P<dash> ?(?: -|--| –|\.-)[- ]? ?|- (?=[A-Z])|: |:(?=[A-Z][a-z]* )|\. ?(?=[A-Z\"])"
    r"| (?=[A-Z]))"
)
DATELINE_PARTS = (("house", AGENT), ("first", PLACE), ("town", PLACE), ("agency", AGENT))
# `LAPUA (Kuno News / Tirvo - 3rd May, 2021) The mayor`: two who sign, and the day.
SIGNED_BY_TWO = re.compile(
    r"\s{0,3}(?P<first>[A-Z][A-Z'. -]{1,20}[A-Z])(?:/(?P<town>[A-Z][A-Z'. -]{1,20}[A-Z]))?"
    r"(?:, ?[A-Z][a-z]{2,8}\.? \d{1,2})?,? \((?P<signed>[^()/\n]{2,30}/[^()\n]{2,40})\)"
)
SIGNATURE = re.compile(r"[A-Z][\w.&-]{1,20}(?: [A-Z][\w.&-]{1,20}){0,3}(?= ?[/)]| - |$)")


def with_datelines(reading: Reading, spans: list[Span]) -> list[Span]:
    """The spans with the town and agency of each dateline."""
    ground = Ground(spans)
    added: list[Span] = []
    dropped: set[Span] = set()
    places = {reading.words(span) for span in spans if span.label == "GPE"}
    for passage in reading.passages:
        if passage.kind not in ("paragraph", "caption"):
            continue
        if "/" in passage.text:
            added += _signed_by_two(reading, passage, ground, dropped)
        match = DATELINE.match(reading.text, passage.start_char, passage.end_char)
        if match is None or not _is_town(match, places):
            continue
        for part, label in DATELINE_PARTS:
            start, end = match.span(part)
            over = ground.over(start, end) if start >= 0 else []
            listed = any(
                span.rule_id.startswith(("places", "agencies"))
                and not (part == "town" and _is_port(match, span))
                for span in over
            )
            if start < 0 or listed or any(char.isdigit() for char in match.group(part)):
                continue
            dropped.update(over)
            same = [span for span in over if (span.start, span.end) == (start, end)]
            known = same[0] if same else found(start, end, label, "dateline")
            added.append(known.mended("dateline", label=label))
    return in_order([*(span for span in spans if span not in dropped), *added])


def _signed_by_two(
    reading: Reading, passage: Passage, ground: Ground, dropped: set[Span]
) -> Iterator[Span]:
    """The towns and agencies of a dateline that two agencies sign."""
    match = SIGNED_BY_TWO.match(reading.text, passage.start_char, passage.end_char)
    if match is None:
        return
    parts = [(*match.span(name), PLACE) for name in ("first", "town") if match.start(name) >= 0]
    parts += [
        (*name.span(), AGENT)
        for name in SIGNATURE.finditer(reading.text, *match.span("signed"))
        if not any(map(str.isdigit, name.group()))
    ]
    for start, end, label in parts:
        over = ground.over(start, end)
        if all(span.rule_id.startswith(("places", "agencies")) for span in over) and over:
            continue
        dropped.update(over)
        yield found(start, end, label, "dateline")


def _is_port(match: re.Match[str], span: Span) -> bool:
    """`PORT SUDAN (AFP) -`: the town in capitals is longer than the state in its name."""
    town = match.group("town")
    return (
        town.isupper()
        and town.isascii()
        and match.group("agency") is not None
        and len(town.split()) == len(town.split(" ")) == PORT_WORDS
        and (match.start("town") < span.start and span.end == match.end("town"))
    )


def _is_town(match: re.Match[str], places: set[str]) -> bool:
    """Whether it is a dateline, and not `Prices fell - and rose` or `EXCLUSIVE - ...`."""
    lists = lexicon()
    town = match.group("town")
    has_agency = match.group("agency") is not None
    if town in lists.agencies or town.lower() in lists.non_names:
        return False
    dash = match.group("dash").strip()
    if dash == "" and match.group("first") is not None and town.isupper():
        # `KUNO/LAPUA, Kenya Farmers left`: two towns in capitals and their state.
        return _is_known(match, places)
    if dash in (".", ""):
        # `Kuno, May 4 (ZNA) The port`: without a dash the day must stand there.
        return has_agency and (dash == "." or any(map(str.isdigit, match.group())))
    known = _is_known(match, places)
    if match.group("house") or dash == ":":
        return known or (has_agency if dash == ":" else town.isupper())
    return known or town.isupper() or has_agency or identify(town) is not None


def _is_known(match: re.Match[str], places: set[str]) -> bool:
    """Whether lists, the document or the state behind it tell that it is a town."""
    town, land = match.group("town"), match.group("land")
    if seat_code(town) is not None or lexicon().surfaces.kind(town.title()) == "GPE":
        return True
    # `KUNO:A man of Kuno district`, `Kuno Bay, Kenya - ` need no list.
    if town.isupper() and town.title() in places:
        return True
    state = identify(land.strip()) if land and match.string[match.end("town")] == "," else None
    return state is not None and state.kind != "bloc" and not state.is_demonym
