"""Acronyms: `Lake Basin Authority (LBA)` names LBA wherever it stands.

Before a bracket with capitals, name words and the small words between them are taken, from
right to left, as long as a letter of the bracket is left (the method of Schwartz and Hearst
2003, narrowed to names).  If the long form is in small letters, is a term such as Gross Domestic
Product or ends in a word such as Programme, the acronym names nothing in this table and is
dropped everywhere.  Capitals without
a definition, twice or more in the document, are an organisation.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from pipeline.extract.entities.lexicon import is_listed, lexicon
from pipeline.extract.entities.namelike import has_non_name_head
from pipeline.extract.entities.patterns import patterns
from pipeline.extract.entities.spans import Ground, Reading, Span, found, in_order, laid
from pipeline.extract.names import identify
from schemas.tables import EntityLabel

BRACKET = re.compile(r"[ \n]\(([A-Z][A-Za-z&-]{1,9}[A-Z]|[A-Z]{2})\)")
WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?")
CAPITALS = re.compile(r"(?<![\w.@/-])[A-Z][A-Z&]{2,6}(?![\w@]|\.\w)")
SHORT = re.compile(r"[ \n]\(([A-Z][A-Za-z]{1,7}\d{0,2}|[A-Z]\d{1,2})\)")
SHORT_WORD = re.compile(r"(?<![\w.@/-])[A-Z][A-Za-z\d]{1,9}(?![\w@-]|\.\w)")
# `JD(S)`, `CPI(ML)`: a party and its wing, glued together.
WING = re.compile(r"(?<![\w.@/-])[A-Z]{2,5}\([A-Z][A-Za-z]{0,3}\)(?![\w@])")
SPOKEN = re.compile(r"[ \n]\(([A-Z][a-z]{2,9})\)")
ALLY = re.compile(r"[-/\u2013]([A-Z]{3,6})(?![\w-])")
OF_BEFORE = re.compile(r",?[ \n]of[ \n](?:the[ \n])?$")
LANDS = ("Region", "Territory", "Territories", "Republic")
WINDOW = 160
# Labels that the model gives to acronyms of organisations.
MISTAKEN = ("GPE", "PERSON", "NORP", "LOC", "FAC")


@dataclass(frozen=True, slots=True)
class Definition:
    """An acronym in brackets and the long form in front of it."""

    start: int
    end: int
    acronym: str
    names_organisation: bool
    label: EntityLabel


def definitions(reading: Reading) -> list[Definition]:
    """The bracketed acronyms of the document whose initials stand in front of them."""
    result: list[Definition] = []
    for passage in reading.passages:
        for match in BRACKET.finditer(reading.text, passage.start_char, passage.end_char):
            start = _long_form(reading.text, passage.start_char, match.start(), match.group(1))
            if start is None:
                continue
            words = " ".join(reading.text[start : match.start()].split())
            capitals = sum(word[0].isupper() for word in words.split())
            bloc = identify(match.group(1)) is not None
            term = has_non_name_head(words) or words.lower() in lexicon().non_names
            names = bloc or (capitals >= 2 and not term)
            end = match.start() - 2 if words.endswith("'s") else match.start()
            # `"Square Tirvo Array" (STA)`: the quotation ends in front of the bracket.
            end -= reading.text[end - 1] == '"'
            result.append(Definition(start, end, match.group(1), names, _long_label(words)))
    return result


def _long_label(words: str) -> EntityLabel:
    """What the head of a long form makes of it: `Kuno Region` is no body, nor is a summit."""
    lists = lexicon()
    head = words.rstrip('"').removesuffix("'s").rsplit(maxsplit=1)[-1]
    if head in lists.event_heads:
        return "EVENT"
    if head in lists.building_heads:
        return "FAC"
    return "GPE" if head in LANDS or head in lists.gpe_heads - {"State"} else "ORG"


def with_acronyms(reading: Reading, spans: list[Span]) -> list[Span]:
    """The spans with defined and repeated acronyms as organisations."""
    bodies = {(span.start, span.end) for span in spans if span.label == "ORG"}
    # What the model takes for a body stays one: `Kuno Police District`.
    defined = [
        replace(item, label="ORG")
        if item.label == "GPE" and (item.start, item.end) in bodies
        else item
        for item in definitions(reading)
    ]
    people = {
        reading.words(span).split()[-1].upper()
        for span in spans
        if span.label == "PERSON" and not reading.words(span).isupper()
    }
    by_name = {item.acronym: item.names_organisation for item in reversed(defined)}
    spans = _with_long_forms(spans, defined)
    foreign = _foreign(reading, spans, defined)
    by_name |= foreign
    counts = _capitals(reading)
    ground = Ground(spans)
    kept = [span for span in spans if by_name.get(reading.words(span)) is not False]
    kept = [_labelled(reading, span, by_name, counts, people) for span in kept]
    kept = _as_lands(reading, kept, by_name)
    wings = list(_wings(reading))
    grounded = -1
    for passage in reading.passages if foreign or counts else ():
        if passage.text.isupper():
            continue
        for match in SHORT_WORD.finditer(reading.text, passage.start_char, passage.end_char):
            if match.group() in foreign and not ground.over(*match.span()):
                kept.append(found(*match.span(), "ORG", "acronyms.foreign"))
        if len(kept) != grounded:
            ground, grounded = Ground(kept), len(kept)
        for match in CAPITALS.finditer(reading.text, passage.start_char, passage.end_char):
            known = by_name.get(match.group(), counts[match.group()] >= 2)
            known = known or _has_members(reading, match.start(), match.end(), ground)
            known = known and match.group() not in people
            may = match.group() in by_name or _may_name(match.group())
            if known and may and not ground.over(match.start(), match.end()):
                rule_id = "acronyms.defined" if match.group() in by_name else "acronyms.capitals"
                kept.append(found(match.start(), match.end(), "ORG", rule_id))
    kept += _allies(reading, kept)
    labels = {item.acronym: item.label for item in reversed(defined) if item.label != "ORG"}
    kept = [
        span.mended("acronyms.defined", label=labels.get(reading.words(span), "ORG"))
        if span.label == "ORG"
        else span
        for span in _pairs(reading, in_order(kept), counts)
    ]
    return laid([*wings, *kept])


def _allies(reading: Reading, spans: list[Span]) -> Iterator[Span]:
    """`KLU-PTV alliance`: the other of two parties in capitals with a hyphen between."""
    ground: Ground | None = None
    for span in spans:
        if span.label != "ORG" or not reading.words(span).isupper():
            continue
        ally = ALLY.match(reading.text, span.end)
        if ally is None or identify(ally.group(1)) is not None or not _may_name(ally.group(1)):
            continue
        ground = ground or Ground(spans)
        if not ground.over(*ally.span(1)):
            yield found(*ally.span(1), "ORG", "acronyms.capitals")


def _pairs(reading: Reading, spans: list[Span], counts: Counter[str]) -> list[Span]:
    """`KUNO POST` for `KUNO` and `POST`, where neither word ever stands without the other."""
    pairs = [
        (first, second) for first, second in pairwise(spans) if _is_pair(reading, first, second)
    ]
    if not pairs:
        return spans
    met = _met(reading)
    joined: list[Span] = []
    for first, second in pairs:
        words = reading.words(first), reading.words(second)
        if met[words] >= 2 and all(counts[word] == met[words] for word in words):
            joined.append(first.mended("acronyms.capitals", end=second.end))
    return laid([*joined, *spans]) if joined else spans


def _met(reading: Reading) -> Counter[tuple[str, str]]:
    """How often each two words of capitals stand side by side."""
    met: Counter[tuple[str, str]] = Counter()
    for passage in reading.passages:
        if passage.text.isupper():
            continue
        words = CAPITALS.finditer(reading.text, passage.start_char, passage.end_char)
        for first, second in pairwise(words):
            if reading.text[first.end() : second.start()] == " ":
                met[first.group(), second.group()] += 1
    return met


def _is_pair(reading: Reading, first: Span, second: Span) -> bool:
    return (
        first.label == second.label == "ORG"
        and reading.text[first.end : second.start] == " "
        and reading.text[first.start : second.end].isupper()
    )


def _as_lands(reading: Reading, spans: list[Span], defined: Mapping[str, bool]) -> list[Span]:
    """`SA` as a state, where the document names `South Africa` and nothing else is called so."""
    lands = {
        f"{words[0][0]}{words[1][0]}"
        for span in spans
        if span.label == "GPE" and span.rule_id in ("model", "places.countries")
        if len(words := reading.words(span).split()) == 2 and identify(" ".join(words)) is not None
    } - defined.keys()
    return [
        span.mended("acronyms.land", label="GPE")
        if span.label in ("ORG", *MISTAKEN) and reading.words(span) in lands
        else span
        for span in spans
    ]


def _wings(reading: Reading) -> Iterator[Span]:
    """`JD(S)` where the model, or nobody, sees `JD`."""
    for passage in reading.passages if "(" in reading.text else ():
        if passage.text.isupper() or passage.kind == "table_row":
            continue
        for match in WING.finditer(reading.text, passage.start_char, passage.end_char):
            if not _may_name(match.group().partition("(")[0]):
                continue
            yield found(*match.span(), "ORG", "acronyms.wing")


def _foreign(reading: Reading, spans: list[Span], defined: list[Definition]) -> dict[str, bool]:
    """Bracketed short names whose letters are those of another tongue: `Harbour Guild (PGS)`.

    The model or a rule has seen an organisation right in front of the bracket.
    """
    known = {item.acronym for item in defined}
    result = _spoken(reading, known)
    for span in spans:
        if span.label != "ORG" or " " not in reading.words(span):
            continue
        match = SHORT.match(reading.text, span.end) or SPOKEN.match(reading.text, span.end)
        if match is None or match.group(1) in known or identify(match.group(1)) is not None:
            continue
        short = match.group(1)
        named = sum(map(str.isupper, short)) * 4 > len(short) or _is_short_for(
            short, reading.words(span)
        )
        if short not in lexicon().non_acronyms and named:
            result[short] = True
    return result


def _is_short_for(short: str, name: str) -> bool:
    """Whether a word is made of the letters of a name, from its first on: `Kemri`, `Tirvo`.

    Example:
        >>> _is_short_for("Vorat", "Volta Rivers Authority"), _is_short_for("Kuva", "Kemi Union")
        (True, False)
    """
    if short[0] != name[0] or short.lower() in lexicon().non_names or is_listed(short):
        return False
    letters = iter(name.lower())
    return all(letter in letters for letter in short.lower())


def _spoken(reading: Reading, known: set[str]) -> dict[str, bool]:
    """Acronyms read as words, `Volta Rivers Authority (Vra)`: every letter an initial."""
    result: dict[str, bool] = {}
    for passage in reading.passages:
        for match in SPOKEN.finditer(reading.text, passage.start_char, passage.end_char):
            short = match.group(1)
            if short in known or short.lower() in lexicon().non_names:
                continue
            start = _long_form(reading.text, passage.start_char, match.start(), short)
            words = reading.text[start : match.start()].split() if start is not None else []
            capitals = [word for word in words if word[0].isupper()]
            if len(capitals) == len(short) and capitals[-1] in lexicon().org_heads:
                result[short] = True
    return result


def _may_name(capitals: str) -> bool:
    lists = lexicon()
    return capitals not in lists.non_acronyms and capitals.lower() not in lists.non_names


def _has_members(reading: Reading, start: int, end: int, ground: Ground) -> bool:
    """Whether members are named beside it: `PKD councillor`, `leader of the PKD`, `Obi of PKD`."""
    known = patterns()
    of = OF_BEFORE.search(reading.text, max(0, start - 10), start)
    if of is not None and any(
        span.label == "PERSON" for span in ground.over(of.start() - 1, of.start())
    ):
        return True
    return known.member_behind.match(reading.text, end) is not None or known.member_before.ends_at(
        reading, max(0, start - 40), start
    )


def _labelled(
    reading: Reading,
    span: Span,
    defined: Mapping[str, bool],
    counts: Counter[str],
    people: set[str],
) -> Span:
    words = reading.words(span)
    if span.rule_id.startswith(("places", "persons")):
        return span
    if words in people and len(words) > 3:
        # A speaker's name in a transcript: `OKAFOR: Thank you.`
        return span.mended("parts", label="PERSON")
    state = identify(words)
    if span.label == "ORG" or (state is not None and state.kind != "bloc"):
        # `People's Republic of China (PRC)` defines a country.
        return span
    if defined.get(words):
        return span.mended("acronyms.defined", label="ORG")
    lone = CAPITALS.fullmatch(words) is not None and not _opens_line(reading, span)
    repeated = counts[words] >= 2 or lone
    if repeated and state is None and span.label in MISTAKEN and _may_name(words):
        return span.mended("acronyms.capitals", label="ORG")
    return span


def _opens_line(reading: Reading, span: Span) -> bool:
    """Whether it stands first in its line, where a dateline or a speaker stands."""
    return not reading.text[max(0, span.start - 3) : span.start].strip(" ") or (
        "\n" in reading.text[max(0, span.start - 3) : span.start]
    )


def _capitals(reading: Reading) -> Counter[str]:
    """How often each word of capitals stands in passages that are not all capitals."""
    return Counter(
        match.group()
        for passage in reading.passages
        if not passage.text.isupper()
        for match in CAPITALS.finditer(reading.text, passage.start_char, passage.end_char)
    )


def _with_long_forms(spans: list[Span], defined: list[Definition]) -> list[Span]:
    """Long forms put in whole where the model has a part of them or nothing."""
    forms = [
        found(item.start, item.end, item.label, "acronyms.long_form")
        for item in defined
        if item.names_organisation
    ]
    ground = Ground(forms)
    kept: list[Span] = []
    done: set[Span] = set()
    for span in spans:
        over = ground.over(span.start, span.end)
        if not over:
            kept.append(span)
        elif span.start <= over[0].start and over[-1].end <= span.end:
            kept.append(span)
            done.update(over)
    return in_order([*kept, *(form for form in forms if form not in done)])


def _long_form(text: str, low: int, end: int, acronym: str) -> int | None:
    """Start of the words whose initials spell the acronym, or None."""
    words = list(WORD.finditer(text, max(low, end - WINDOW), end))
    letters = [char.lower() for char in acronym if char.isalpha()]
    place = len(words)
    for letter in reversed(letters):
        place -= 1
        while place >= 0 and (
            text[words[place].start()].lower() != letter or _lends_none(words, place)
        ):
            if not _is_skipped(words[place].group()):
                return None
            place -= 1
        if place < 0:
            return None
    if place + len(letters) < len(words) - 4:
        return None
    return words[place].start()


def _lends_none(words: Sequence[re.Match[str]], place: int) -> bool:
    """Whether a linking word stands where the next to the left lends the same initial.

    `Pact of Amity and Trade (PAT)`: the letter is that of Amity.
    """
    word = words[place].group()
    if not word.islower() or not _is_skipped(word):
        return False
    left = next(
        (other.group() for other in reversed(words[:place]) if not _is_skipped(other.group())), ""
    )
    return left[:1].isupper() and left[0].lower() == word[0]


def _is_skipped(word: str) -> bool:
    """A linking word, or a word that lends no initial: `of`, `the`, `and`."""
    return word.lower() in lexicon().determiners or word in ("of", "and", "for", "on", "in", "to")
