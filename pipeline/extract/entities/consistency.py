"""One document, one meaning: what is a name in one place is the same name in another.

Three steps, each reading the whole document: parts of a full name of a person are that
person; labels of one string are put to the vote, with cues from the words around;
a name found in one place is found wherever its words stand.  The step that gains most of
all rules, since the model errs on short mentions and is right on full ones.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

from pipeline.extract.entities.clean import has_non_name_head
from pipeline.extract.entities.lexicon import lexicon
from pipeline.extract.entities.spans import (
    CAPITAL,
    Ground,
    Names,
    Reading,
    Span,
    found,
    in_order,
    laid,
    small_words,
)
from pipeline.extract.names import identify
from schemas.tables import EntityLabel

WORD = re.compile(r"(?<![\w@/.])[^\W_][\w'&-]*(?:\.(?=[A-Z]))?")
CAPITAL_BEFORE = re.compile(rf"({CAPITAL}[\w'.-]*)[ \n]$")
CAPITAL_BEHIND = re.compile(rf"[ \n]{CAPITAL}|-\w|'[^s\W]|\w")
# `van Sebille` alone, where a full name ends so.
PARTICLE_BEFORE = re.compile(r"(?<![\w'-])(?:[a-z]{1,4}[ ]){1,2}$")
TITLE_BEFORE = re.compile(r"(?<![\w-])([A-Z][\w.-]*|[a-z]{4,12})[ \n]$")
PERSON_BEHIND = re.compile(
    r"[ \n](?:said|says|told|added|who|met|noted|stressed)\b|, \d{2},"
    r"|'s (?:wife|husband|son|daughter)\b"
)
WORD_BEHIND = re.compile(rf"[ \n]({CAPITAL}[^\W\d_]+(?:['-][^\W\d_]+)*)(?![\w-])")
PLACE_BEFORE = re.compile(r"\b(?:in|near|across|from|at|to)[ \n]$")
GLUED_INITIAL = re.compile(r"(?<=\b[A-Z])\.(?=[A-Z][a-z]{3})")
FIXED = ("places", "agencies", "dateline", "heads", "acronyms")
CUED = ("cues", "callings", "clubs")
# Organisations that the words beside them tell: one such mention is enough.
TOLD = ("callings.employer", "callings.firm", "staff")
LOOK_BACK = 30
# A word that may open a name: its start, the end of its passage, and its letters.
Word = tuple[int, int, str]
# A first name shorter than this may be any word; how many mentions by it make it sure.
FIRST_NAME = 3
SURE_MENTIONS = 2


def consistent(reading: Reading, spans: list[Span]) -> list[Span]:
    """The spans after name parts, vote and spread."""
    spans = _voted(reading, spans)
    votes = _labels(reading, spans)
    parts = person_parts(reading, spans, votes)
    full_names = set(parts.values())
    people = _single_people(votes)
    spans = [_as_part(reading, span, parts, people) for span in spans]
    spans = laid(_completed(reading, span, full_names) for span in spans)
    words = _words(reading)
    spans = in_order([*spans, *_mentions(reading, words, spans, parts)])
    # A longer name known from elsewhere comes before the town that a list saw in it.
    return laid([*_spread(reading, words, spans), *spans])


def person_parts(
    reading: Reading, spans: list[Span], votes: Mapping[str, Counter[EntityLabel]]
) -> dict[str, str]:
    """Parts by which a person with a full name in the document is called, to the full name.

    Parts are first and last word, last two and first two; never a country, a head word, a
    word of one or two letters or one that the document also writes small.
    """
    small = small_words(reading)
    parts: dict[str, str] = {}
    for span in spans:
        words = GLUED_INITIAL.sub(". ", reading.words(span)).split()
        if span.label != "PERSON" or not 2 <= len(words) <= 5 or not _is_full_name(words):
            continue
        for piece in _pieces(words):
            if piece != " ".join(words) and _may_be_part(piece, small, votes):
                parts.setdefault(piece, " ".join(words))
    return parts


def _pieces(words: list[str]) -> list[str]:
    """Last word, last two, first, first two; of three the middle one, as Spanish has it."""
    middle = [words[-2]] if len(words) > 2 and len(words[-2]) > 3 else []
    return [words[-1], " ".join(words[-2:]), *middle, words[0], " ".join(words[:2])]


def _is_full_name(words: list[str]) -> bool:
    lists = lexicon()
    return all(word[0].isupper() or word in lists.particles for word in words) and not any(
        # `Duma` and `Post` open the names of persons too.
        word in lists.org_heads
        for word in words[1:]
    )


def _may_be_part(
    piece: str, small: frozenset[str], votes: Mapping[str, Counter[EntityLabel]]
) -> bool:
    lists = lexicon()
    words = piece.split()
    if any(word in lists.particles or word in lists.known_words for word in words):
        return False
    if len(piece) < 3 or piece.isupper() or not piece[0].isupper() or identify(piece) is not None:
        return False
    if len(words) == 1 and piece.lower() in small:
        return False
    counted = votes.get(piece, Counter())
    others = sum(count for label, count in counted.items() if label != "PERSON")
    return others <= 3 * max(1, counted["PERSON"])


def _as_part(
    reading: Reading, span: Span, parts: Mapping[str, str], people: frozenset[str]
) -> Span:
    if span.label == "PERSON" or span.rule_id.startswith(FIXED):
        return span
    words = reading.words(span).split()
    if span.label in ("ORG", "GPE", "NORP") and len(words) in (2, 3) and words[-1] in people:
        # The family name alone is a person everywhere: `Adaeze Obi`, elsewhere `Obi`.
        return span.mended("parts", label="PERSON") if _is_full_name(words) else span
    return span.mended("parts", label="PERSON") if reading.words(span) in parts else span


def _single_people(votes: Mapping[str, Counter[EntityLabel]]) -> frozenset[str]:
    """Single words that are a person wherever the document names them."""
    return frozenset(
        words
        for words, counted in votes.items()
        if " " not in words and set(counted) == {"PERSON"} and words not in lexicon().known_words
    )


def _completed(reading: Reading, span: Span, full_names: set[str]) -> Span:
    """`Salo` where the word in front completes a known name: `Ei Salo`."""
    if span.label != "PERSON" or " " in reading.words(span):
        return span
    linked = PARTICLE_BEFORE.search(reading.text, max(0, span.start - 12), span.start)
    if linked is not None and set(linked.group().split()) <= lexicon().particles:
        family = f" {' '.join(linked.group().split())} {reading.words(span)}"
        if any(name.endswith(family) for name in full_names):
            return span.mended("parts", start=linked.start())
    behind = WORD_BEHIND.match(reading.text, span.end)
    if behind is not None and f"{reading.words(span)} {behind.group(1)}" in full_names:
        return span.mended("parts", end=behind.end())
    before = CAPITAL_BEFORE.search(reading.text, max(0, span.start - LOOK_BACK), span.start)
    if before is None or f"{before.group(1)} {reading.words(span)}" not in full_names:
        return span
    return span.mended("parts", start=before.start())


def _mentions(
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
        for start, end, _ in _free_mentions(reading, words, spans, strong)
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
                counts[name] += _stands_free(reading, word.start(), word.start() + len(name))
    return {
        part
        for part, full in firsts.items()
        if counts[part] >= SURE_MENTIONS and counts[full.split()[-1]] == 0
    }


def _labels(reading: Reading, spans: list[Span]) -> dict[str, Counter[EntityLabel]]:
    """Votes on each string: one a mention, more where the words around tell."""
    votes: dict[str, Counter[EntityLabel]] = defaultdict(Counter)
    for span in spans:
        votes[reading.words(span)][span.label] += 1
    return votes


def _voted(reading: Reading, spans: list[Span]) -> list[Span]:
    votes = _labels(reading, spans)
    # A town that is also its club means both in one document.
    fixed = {reading.words(span) for span in spans if span.rule_id.startswith((*FIXED, "clubs"))}
    for span in spans:
        words = reading.words(span)
        if words in fixed or len(votes[words]) == 1:
            continue
        label, weight = _cue(reading, span)
        weight += 2 if span.rule_id.startswith(CUED) else 0
        votes[words][label] += weight
    winners: dict[str, EntityLabel] = {}
    for span in spans:
        words = reading.words(span)
        if words in fixed or words.isupper() or len(votes[words]) == 1:
            continue
        first, second = votes[words].most_common(2)
        if first[1] != second[1] and span.label == first[0]:
            winners[words] = span.label
    return [
        span.mended("vote", label=winners.get(reading.words(span), span.label)) for span in spans
    ]


def _cue(reading: Reading, span: Span) -> tuple[EntityLabel, int]:
    before = TITLE_BEFORE.search(reading.text, max(0, span.start - LOOK_BACK), span.start)
    if before is not None and (
        before.group(1) in lexicon().role_nouns
        or (before.group(1)[0].isupper() and before.group(1).lower() in lexicon().titles)
    ):
        return "PERSON", 3
    if PERSON_BEHIND.match(reading.text, span.end):
        return "PERSON", 1
    if span.label in ("GPE", "LOC") and PLACE_BEFORE.search(
        reading.text, max(0, span.start - LOOK_BACK), span.start
    ):
        return span.label, 1
    return span.label, 0


def _spread(reading: Reading, words: Sequence[Word], spans: list[Span]) -> list[Span]:
    """Untagged mentions of names that are tagged elsewhere, by the surest label."""
    votes = _labels(reading, spans)
    small = small_words(reading)
    told = {
        name
        for span in spans
        if span.label == "ORG"
        and span.rule_id.startswith(TOLD)
        and (name := reading.words(span)).lower() not in small
    }
    labels = {
        name: label
        for name, counted in votes.items()
        for label, count in counted.most_common(1)
        if _may_spread(name, label, count, told=name in told)
    }
    return [
        found(start, end, labels[name], "spread")
        for start, end, name in _free_mentions(reading, words, spans, set(labels))
    ]


def _may_spread(words: str, label: EntityLabel, count: int, *, told: bool) -> bool:
    lists = lexicon()
    if len(words) < 3 or words.lower() == words or has_non_name_head(words):
        return False
    if words in lists.unsure_names or words in lists.non_acronyms:
        return False
    if label in ("WORK_OF_ART", "LAW", "EVENT", "FAC") and " " not in words:
        return False
    if label == "ORG":
        return (
            told or count >= 2 or words.isupper() or words.rsplit(maxsplit=1)[-1] in lists.org_heads
        )
    return " " in words or count >= 2


def _free_mentions(
    reading: Reading, words: Sequence[Word], spans: list[Span], names: set[str]
) -> Iterator[tuple[int, int, str]]:
    """Mentions of `names` where no span stands and no capitalised word touches them."""
    known = Names(names)
    ground = Ground(spans)
    done = 0
    for start, high, first in words:
        if start < done or not known.begins(first):
            continue
        for name in known.at(reading.text, start, first):
            end = start + len(name)
            if end > high:
                continue
            if not all(_gives_way(span, start, end) for span in ground.over(start, end)):
                continue
            if not _stands_free(reading, start, end):
                continue
            done = end
            yield start, end, name
            break


def _words(reading: Reading) -> list[Word]:
    return [
        (word.start(), passage.end_char, word.group().removesuffix("'s"))
        for passage in reading.passages
        for word in WORD.finditer(reading.text, passage.start_char, passage.end_char)
    ]


def _gives_way(span: Span, start: int, end: int) -> bool:
    """Whether a span was found by a list alone and is a part of the longer name."""
    inside = start <= span.start and span.end <= end
    return inside and span.method == "rule" and span.end - span.start < end - start


def _stands_free(reading: Reading, start: int, end: int) -> bool:
    if CAPITAL_BEHIND.match(reading.text, end) or reading.text[max(0, start - 1) : start] in "-/@":
        return start == 0 and not CAPITAL_BEHIND.match(reading.text, end)
    before = CAPITAL_BEFORE.search(reading.text, max(0, start - LOOK_BACK), start)
    if before is None or before.group(1).endswith("."):
        return True
    word = before.group(1).lower()
    return word in lexicon().titles or word in lexicon().determiners
