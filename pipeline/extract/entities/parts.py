"""Parts of a full name of a person are that person: `Okoye`, where the document has `Ada Okoye`.

The model errs on short mentions and is right on full ones.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterator, Mapping, Sequence

from pipeline.extract.entities.lexicon import lexicon
from pipeline.extract.entities.occurrences import (
    CAPITAL_BEFORE,
    LOOK_BACK,
    WORD,
    Word,
    free_mentions,
    stands_free,
)
from pipeline.extract.entities.persons import is_title_case
from pipeline.extract.entities.spans import CAPITAL, Ground, Reading, Span, found, small_words
from pipeline.extract.names import identify
from schemas.tables import EntityLabel

# `van Sebille` alone, where a full name ends so.
PARTICLE_BEFORE = re.compile(r"(?<![\w'-])(?:[a-z]{1,4}[ ]){1,2}$")
WORD_BEHIND = re.compile(rf"[ \n]({CAPITAL}[^\W\d_]+(?:['-][^\W\d_]+)*)(?![\w-])")
PAIR = re.compile(
    rf"({CAPITAL}[a-z]{{1,15}})-({CAPITAL}[a-z]{{1,15}})"
    r"(?P<power>[ \n](?:Administration|Government))?"
)
POWERS = ("", "Administration", "Government", "Presidency", "Cabinet")
PAIRED = re.compile(
    r"[ \n](?i:administration|ticket|summit|meeting|talks|government|campaign|duo|alliance|era)\b"
)
PLACE_BEFORE = re.compile(r"(?<!\w)(?:in|near|at|outside|around|town[ \n]of|city[ \n]of)[ \n]$")
GLUED_INITIAL = re.compile(r"(?<=\b[A-Z])\.(?=[A-Z][a-z]{3})")
FIXED = ("places", "agencies", "dateline", "heads", "acronyms")
# A first name shorter than this may be any word; how many mentions by it make it sure.
FIRST_NAME = 3
SURE_MENTIONS = 2


def person_parts(
    reading: Reading, spans: list[Span], votes: Mapping[str, Counter[EntityLabel]]
) -> dict[str, str]:
    """Parts by which a person with a full name in the document is called, to the full name.

    Parts are first and last word, last two and first two; never a country, a head word, a
    word of one or two letters or one that the document also writes small.
    """
    small = small_words(reading)
    firms = {
        word for span in spans if span.label == "ORG" for word in reading.words(span).split()[:-1]
    }
    parts: dict[str, str] = {}
    for span in spans:
        words = GLUED_INITIAL.sub(". ", reading.words(span)).split()
        if span.label != "PERSON" or not 2 <= len(words) <= 5 or not _is_full_name(words):
            continue
        for piece in _pieces(words):
            if piece != " ".join(words) and _may_be_part(piece, small, votes, firms):
                parts.setdefault(piece, " ".join(words))
    return parts


def _pieces(words: list[str]) -> list[str]:
    """Last word, last two, first, first two; of three the middle one, as Spanish has it."""
    middle = [words[-2]] if len(words) > 2 and len(words[-2]) > 3 else []
    return [words[-1], " ".join(words[-2:]), *middle, words[0], " ".join(words[:2])]


def _is_full_name(words: list[str]) -> bool:
    lists = lexicon()
    return all(
        # `'Ana`: a glottal stop in front.
        word.lstrip("'")[:1].isupper() or word in lists.particles
        for word in words
    ) and not any(
        # `Duma` and `Post` open the names of persons too.
        word in lists.org_heads
        for word in words[1:]
    )


def _may_be_part(
    piece: str,
    small: frozenset[str],
    votes: Mapping[str, Counter[EntityLabel]],
    firms: Container[str],
) -> bool:
    lists = lexicon()
    words = piece.split()
    if any(word in lists.particles or word in lists.known_words for word in words):
        return False
    # `Wi`, of `Wi Tae-ho`: of two letters only those of a list.
    if len(piece) < 3 and piece not in lists.hyphen_families:
        return False
    if piece.isupper() or not piece[0].isupper() or identify(piece) is not None:
        return False
    if len(words) == 1 and piece.lower() in small:
        return False
    counted = votes.get(piece, Counter())
    # `Salo` as an organisation is the person, where nothing longer is called so: `Salo Group`.
    unlike = ("PERSON", "ORG") if piece not in firms else ("PERSON",)
    others = sum(count for label, count in counted.items() if label not in unlike)
    return others <= 3 * max(1, counted["PERSON"])


def as_part(reading: Reading, span: Span, parts: Mapping[str, str], people: frozenset[str]) -> Span:
    """The span as a person, if its words are a part of one, or end in a known family name."""
    if span.label == "PERSON" or span.rule_id.startswith(FIXED):
        return span
    words = reading.words(span).split()
    if span.label in ("ORG", "GPE", "NORP") and len(words) in (2, 3) and words[-1] in people:
        # The family name alone is a person everywhere: `Adaeze Obi`, elsewhere `Obi`.
        return span.mended("parts", label="PERSON") if _is_full_name(words) else span
    return span.mended("parts", label="PERSON") if reading.words(span) in parts else span


def single_people(votes: Mapping[str, Counter[EntityLabel]]) -> frozenset[str]:
    """Single words that are a person wherever the document names them."""
    return frozenset(
        words
        for words, counted in votes.items()
        if " " not in words and set(counted) == {"PERSON"} and words not in lexicon().known_words
    )


def with_whole_name(reading: Reading, span: Span, full_names: set[str]) -> Span:
    """`Salo` where the word in front completes a known name: `Ei Salo`."""
    if span.label != "PERSON":
        return span
    if " " in reading.words(span):
        return _with_first_name(reading, span, full_names)
    linked = PARTICLE_BEFORE.search(reading.text, max(0, span.start - 12), span.start)
    if linked is not None and set(linked.group().split()) <= lexicon().particles:
        family = f" {' '.join(linked.group().split())} {reading.words(span)}"
        if any(name.endswith(family) for name in full_names):
            return span.mended("parts", start=linked.start())
    behind = WORD_BEHIND.match(reading.text, span.end)
    if behind is not None and f"{reading.words(span)} {behind.group(1)}" in full_names:
        return span.mended("parts", end=behind.end())
    return _with_first_name(reading, span, full_names)


def _with_first_name(reading: Reading, span: Span, full_names: set[str]) -> Span:
    """`Salo` or `Ei Salo` where the word in front completes a known name: `Ilta Ei Salo`."""
    before = CAPITAL_BEFORE.search(reading.text, max(0, span.start - LOOK_BACK), span.start)
    if before is None or f"{before.group(1)} {reading.words(span)}" not in full_names:
        return span
    return span.mended("parts", start=before.start())


def part_mentions(
    reading: Reading, words: Sequence[Word], spans: list[Span], parts: Mapping[str, str]
) -> list[Span]:
    """Untagged mentions of a person by a part of the name."""
    # A first name alone is too weak to add a mention that the model did not see.
    strong = {part for part, full in parts.items() if not full.startswith(part)}
    strong |= _called_by_first(reading, parts)
    # Transcripts print the speaker in capitals: `VIRTANEN: Thank you.`
    strong |= {part.upper() for part in strong if len(part) > 3 and " " not in part}
    return [
        found(start, end, "PERSON", "parts")
        for start, end, _ in free_mentions(reading, words, spans, strong)
    ]


def as_leader(reading: Reading, span: Span) -> Span:
    """The span as a person, if it is the family name of a leader and no place speaks for it."""
    if span.label not in ("ORG", "GPE", "NORP", "LOC", "FAC") or span.method == "rule":
        return span
    name, _, power = reading.words(span).partition(" ")
    if name not in lexicon().leaders or power not in POWERS:
        return span
    if power:
        # `the Macron Administration`, as `the Macron administration`.
        return span.mended("parts.leader", label="PERSON", end=span.start + len(name))
    placed = PLACE_BEFORE.search(reading.text, max(0, span.start - LOOK_BACK), span.start)
    return span if placed else span.mended("parts.leader", label="PERSON")


def leader_mentions(reading: Reading, spans: list[Span]) -> Iterator[Span]:
    """Leaders whom no span covers, also between the capitals of a headline."""
    named = lexicon().leaders & reading.vocabulary
    ground = Ground(spans) if named else None
    for name in sorted(named):
        end = 0
        while ground is not None and (start := reading.text.find(name, end)) >= 0:
            end = start + len(name)
            passage = reading.passage_at(start)
            if passage is None or end > passage.end_char or ground.over(start, end):
                continue
            if not _is_word(reading.text, start, end):
                continue
            titled = is_title_case(passage) and _in_headline(reading, start, end)
            if titled or stands_free(reading, start, end):
                yield found(start, end, "PERSON", "parts.leader")


def _is_word(text: str, start: int, end: int) -> bool:
    """Whether the letters are no part of a longer word or an address."""
    before = text[max(0, start - 1) : start]
    return not (before.isalnum() or before in ("@", "/", ".") or text[end : end + 1].isalnum())


def _in_headline(reading: Reading, start: int, end: int) -> bool:
    """Whether the word behind goes on with the line, not with a name: no `Trump Tower`."""
    if reading.text[end : end + 1] == "-" or reading.text[max(0, start - 1) : start] in "-/@.":
        return False
    behind = WORD_BEHIND.match(reading.text, end)
    return behind is None or behind.group(1) not in lexicon().known_words


def paired_leaders(reading: Reading, span: Span, parts: Container[str]) -> list[Span]:
    """`the Salo-Vula ticket`: two persons with a hyphen between, of whom the document knows one."""
    words = reading.words(span)
    pair = PAIR.fullmatch(reading.text, span.start, span.end) if "-" in words else None
    if pair is None or span.rule_id.startswith(FIXED):
        return [span]
    if pair.group("power") is None and not PAIRED.match(reading.text, span.end):
        return [span]
    leaders = lexicon().leaders
    names = pair.group(1, 2)
    known = [name for name in names if name in parts or name in leaders]
    if not known or any(identify(name) is not None for name in names):
        return [span]
    return [
        span.mended("parts.leader", start=pair.start(part), end=pair.end(part), label="PERSON")
        for part in (1, 2)
    ]


def _called_by_first(reading: Reading, parts: Mapping[str, str]) -> set[str]:
    """First names of persons whom the document never calls by the last one, but by the first.

    So it is in Samoa, Iceland, Ethiopia or Mongolia; two such mentions make it sure.
    """
    names = Counter(full.split()[0] for full in set(parts.values()))
    lasts = {full.split()[-1] for full in parts.values()}
    firsts = {
        part: full
        for part, full in parts.items()
        if full.startswith(part) and " " not in part and len(part) > FIRST_NAME and names[part] == 1
    }
    if not firsts:
        return set()
    counts: Counter[str] = Counter()
    wanted = firsts.keys() | lasts
    for passage in reading.passages:
        for word in WORD.finditer(reading.text, passage.start_char, passage.end_char):
            name = word.group().removesuffix("'s")
            if name in wanted:
                counts[name] += stands_free(reading, word.start(), word.start() + len(name))
    return {
        part
        for part, full in firsts.items()
        if counts[part] >= SURE_MENTIONS and counts[full.split()[-1]] == 0
    }
