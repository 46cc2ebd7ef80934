"""Lines in capitals: read with what the rest of the document knows.

On such lines the model finds one name in five, and mostly wrong ones; its spans there
are left out.  Names are taken from the lists, case-blind, and from the body of the document.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from functools import cache
from itertools import pairwise

from pipeline.extract.entities.lexicon import is_listed, lexicon
from pipeline.extract.entities.listed import Names
from pipeline.extract.entities.persons import is_title_case
from pipeline.extract.entities.spans import (
    Ground,
    Reading,
    Span,
    found,
    in_order,
    laid,
    small_words,
)
from pipeline.records import Passage
from schemas.tables import EntityLabel

WORD = re.compile(r"(?<!\w)[^\W_][\w'-]*")
# `Settlement`, `Technology`, `Playbook`: the last word of a theme.
THEME = re.compile(r"[a-z](?:tion|sion|ment|ance|ence|ology|ity|ship|ness|ism|ing|book|icon)s?$")
JOINTS = frozenset({"and", "&"})
FEWEST_THEME = 2
# `Procter and Gamble Kenya`.
LONGEST_FIRM = 4
FEWEST_WORDS = 3
FEWEST_NEARLY = 5
# Small letters that a line of capitals may hold, how few of all, and its length.
MOST_SMALL = 4
# More than that: nearly every line says so in its first word or two.
SMALL_LETTERS = re.compile(f"[a-z](?:[^a-z]*[a-z]){{{MOST_SMALL}}}")
SMALL_SHARE = 15
LONGEST_LINE = 250
SENTENCE_LABELS = ("ORG", "GPE", "NORP", "LOC", "FAC")
TOPIC_LABELS = ("ORG", "FAC", "EVENT", "NORP", "LAW", "WORK_OF_ART")
TITLE_LABELS = ("ORG", "FAC", "EVENT", "PERSON", "WORK_OF_ART", "LAW")


def is_capitals(passage: Passage) -> bool:
    """Whether a passage is a line in capitals of three words or more.

    Example:
        >>> is_capitals(Passage("0" * 20, 0, "title", None, "en", 0, 14, "KENYA AND PERU"))
        True
    """
    text = passage.text
    if text.isupper():
        words = len(text.split())
        return words >= FEWEST_WORDS or (words > 1 and passage.kind in ("heading", "title"))
    return _is_nearly_upper(text) and len(text.split()) > FEWEST_NEARLY


def _is_nearly_upper(text: str) -> bool:
    """`POLLS PUT OFF IN 10 PUs`: a small letter or two in a line of capitals."""
    if len(text) >= LONGEST_LINE or SMALL_LETTERS.search(text):
        return False
    small = sum(map(str.islower, text))
    return 0 < small <= MOST_SMALL and sum(map(str.isupper, text)) > SMALL_SHARE * small


# `AINO SALO: It rained.`: a record of talks prints in capitals who speaks.
SPEAKER = re.compile(r"\s{0,3}([A-Z][A-Z'.-]{1,20}(?: [A-Z][A-Z'.-]{1,20}){1,2}):[ \n]")


def without_capital_lines(reading: Reading, spans: list[Span]) -> list[Span]:
    """The spans that do not stand in a line in capitals."""
    return _outside(reading, spans, is_capitals)


def _outside(reading: Reading, spans: list[Span], is_such: Callable[[Passage], bool]) -> list[Span]:
    """The spans that stand in no such passage; each is asked once, however many stand in it."""
    such = {passage.position for passage in reading.passages if is_such(passage)}
    beside = [(span, reading.passage_at(span.start)) for span in spans]
    return [span for span, passage in beside if passage is None or passage.position not in such]


def _stands_in(reading: Reading, span: Span, is_such: Callable[[Passage], bool]) -> bool:
    passage = reading.passage_at(span.start)
    return passage is not None and is_such(passage)


def without_header_rows(reading: Reading, spans: list[Span]) -> list[Span]:
    """The spans that do not stand in the header of a table: `| Country | Year Begun |`."""
    return _outside(reading, spans, _is_header)


def _is_header(row: Passage) -> bool:
    if row.kind != "table_row":
        return False
    cells = [cell.strip().lower() for cell in re.split(r"[|\t]", row.text) if cell.strip()]
    return not any(char.isdigit() for char in row.text) and any(
        cell in lexicon().header_cells for cell in cells
    )


def without_title_words(reading: Reading, spans: list[Span]) -> list[Span]:
    """The spans without those in title-case lines whose words the body writes small.

    `Air Links and Tourism Growth`: capitals say nothing there, the body says `air links`.
    """
    small = small_words(reading)
    elsewhere = Counter(reading.words(span) for span in spans)

    def stays(span: Span) -> bool:
        if span.label not in TITLE_LABELS or not _stands_in(reading, span, is_title_case):
            return True
        words = reading.words(span)
        if elsewhere[words] > 1:
            return True
        if span.label in ("ORG", "FAC", "EVENT") and _is_theme(words.split()):
            return False
        return not all(word.lower() in small for word in words.split())

    names = [
        words
        for span in spans
        if span.label == "PERSON"
        and len(words := reading.words(span).split()) > 1
        and not _stands_in(reading, span, is_title_case)
    ]
    families = {words[-1] for words in names}
    name_words = {word for words in names for word in words}

    verbs = lexicon().headline_verbs & reading.vocabulary

    def cut_at_verb(span: Span) -> Span:
        """`Kuno Bank Ends Talks`: the name in front of what a headline tells of it."""
        if verbs.isdisjoint(reading.words(span).split()) or not _stands_in(
            reading, span, is_title_case
        ):
            return span
        words = list(WORD.finditer(reading.text, span.start, span.end))
        for before, word in pairwise(words):
            if word.group() in verbs:
                return span.mended("headline.verb", end=before.end())
        return span

    def cut(span: Span) -> Span:
        """`Salo Discuss Matters`: the family name of a person of the document, and a verb."""
        words = reading.words(span).split()
        if words[0] not in families or not _stands_in(reading, span, is_title_case):
            return span
        if span.label == "PERSON" and len(words) == 2 and words[1] not in name_words:
            return span.mended("headline", end=span.start + len(words[0]))
        if span.label != "ORG" or len(words) < FEWEST_WORDS:
            return span
        plain = sum(word.strip("'").lower() in small for word in words[1:])
        if plain * 2 < len(words) - 1:
            return span
        return span.mended("headline", label="PERSON", end=span.start + len(words[0]))

    kept = [span for span in spans if stays(span)]
    return [cut(span) for span in (map(cut_at_verb, kept) if verbs else kept)]


def _is_theme(words: list[str]) -> bool:
    """`Trade and Applied Technology`: what a title is about; no body has such a last word."""
    lists = lexicon()
    last = words[-1]
    named = (
        len(words) < FEWEST_THEME
        or any(word.isupper() for word in words)
        # `Tirvo Announces New Settlement`: cut in front of the verb, it is a name.
        or not lists.headline_verbs.isdisjoint(words)
        or not lists.strong_heads.isdisjoint(words)
        or any(last in heads for heads in (lists.org_heads, lists.firm_heads, lists.event_heads))
        or last in lists.fac_heads
        or is_listed(last)
        or is_listed(" ".join(words))
    )
    if named:
        return False
    joined = not JOINTS.isdisjoint(words)
    if joined and len(words) > LONGEST_FIRM:
        return True
    return THEME.search(last) is not None and (joined or last not in lists.trade_ends)


def without_heading_words(reading: Reading, spans: list[Span]) -> list[Span]:
    """The spans without those that fill a heading and are named nowhere else.

    `Recognition`, `Military Links`: the heading of a section says what it is about.  The name
    of a person or firm that heads a section stands in it too, whole or in part.
    """

    @cache
    def words_of(passage: Passage) -> list[str]:
        # A line of 300 kB has thousands of spans, and is split once.
        return passage.text.strip("= \n#*").split()

    def stays(span: Span) -> bool:
        passage = reading.passage_at(span.start)
        if passage is None or not _is_topic(passage, span):
            return True
        words = reading.words(span).split()
        if words != words_of(passage):
            return True
        return any(
            re.search(rf"(?<!\w){re.escape(word)}(?!\w)", other.text)
            for word in words
            if len(word) > 3
            for other in reading.passages
            if other is not passage and len(other.text) > len(passage.text)
        )

    return [span for span in spans if stays(span)]


def _is_topic(passage: Passage, span: Span) -> bool:
    """A heading, or a lone line: a byline names a person, a dateline a town."""
    if passage.kind in ("heading", "title"):
        return True
    return passage.kind == "paragraph" and span.label in TOPIC_LABELS


def without_sentence_words(reading: Reading, spans: list[Span]) -> list[Span]:
    """The spans without plain nouns that are capitalised because a sentence begins with them.

    `Farmers from the hills`: the document writes `farmers`, and names no Farmers elsewhere.
    """
    small = small_words(reading)
    names = {word for span in spans for word in reading.words(span).split()[1:]}
    inside = {reading.words(span) for span in spans if not _opens_sentence(reading, span)}

    def stays(span: Span) -> bool:
        words = reading.words(span)
        if " " in words or words.isupper():
            return True
        if span.label == "PERSON":
            known = words in inside or words in names
            return known or not _opens_sentence(reading, span) or words.lower() not in small
        if span.label not in SENTENCE_LABELS:
            return True
        if words in inside or not _opens_sentence(reading, span):
            return True
        word = words.lower()
        forms = (word, f"{word}s", f"{word}es", word.removesuffix("s"), word.removesuffix("es"))
        return len(word) < 4 or small.isdisjoint(forms)

    return [span for span in spans if stays(span)]


def _opens_sentence(reading: Reading, span: Span) -> bool:
    before = reading.text[max(0, span.start - 8) : span.start].rstrip(" \"'(-")
    passage = reading.passage_at(span.start)
    start = max(passage.start_char if passage is not None else 0, span.start - 8)
    return not reading.text[start : span.start].strip(" \n\"'(-") or before.endswith(
        (".", "!", "?", "\n", ":", "|", "\t")
    )


def with_headlines(reading: Reading, spans: list[Span]) -> list[Span]:
    """The spans with names of the document found again in its lines in capitals."""
    known = _known_in_capitals(reading, spans)
    names = Names(known)
    ground = Ground(spans)
    added: list[Span] = []
    speakers: list[Span] = []
    for passage in reading.passages:
        if not is_capitals(passage) and passage.kind != "metadata":
            speaker = SPEAKER.match(reading.text, passage.start_char, passage.end_char)
            if speaker is not None and known.get(speaker.group(1)) == "PERSON":
                speakers.append(found(*speaker.span(1), "PERSON", "headline"))
            continue
        for word in WORD.finditer(reading.text, passage.start_char, passage.end_char):
            start = word.start()
            for name in names.at(reading.text, start, word.group().removesuffix("'S")):
                end = start + len(name)
                if end <= passage.end_char and not ground.over(start, end):
                    added.append(found(start, end, known[name], "headline"))
                    break
    return laid([*speakers, *in_order([*spans, *laid(added)])])


def _known_in_capitals(reading: Reading, spans: list[Span]) -> dict[str, EntityLabel]:
    """Names of the document in capitals, with the family names of persons."""
    known: dict[str, EntityLabel] = {}
    for span in spans:
        words = reading.words(span).upper()
        if len(words) > 3 and span.label not in ("LAW", "WORK_OF_ART"):
            known.setdefault(words, span.label)
            if span.label == "PERSON":
                known.setdefault(words.rsplit(maxsplit=1)[-1], span.label)
    return known
