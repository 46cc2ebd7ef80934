"""Whom `the two countries`, `we` and `it` mean: what the text before the label tells.

Read from near to far: the same sentence, the sentences before it, the whole document.  A pair
named as a pair (`Peru-Laos relations`, `between Peru and Laos`) counts before two names that
happen to stand in one sentence.  On a page with an issuer `we` is the issuer; in a speech of
another state's minister it is that state.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from pipeline.extract.partnerships.book import (
    BLOC,
    DEMONYM,
    LEADER,
    PARTY,
    SEAT,
    form,
    form_book,
    pair_forms,
)
from pipeline.extract.partnerships.mentions import Mention, is_unnamed_set
from pipeline.records import DateFinding
from pipeline.rulebook import territories

Pair = tuple[str, ...]

# A title that is nothing but two names: `Peru and Tonga`.
ONLY_PAIR = re.compile(
    rf"[ =#*]*(?:the )?{PARTY}(?: {{0,3}}[-/] {{0,3}}| and (?:the )?){PARTY}[ =#*]*"
    r"(?:[:,] .{0,120})?"
)

LIST_ROWS = 30  # how many items back the line above a list is looked for
PAIR_WEIGHT, LOOK_BACK, LIST_REACH, BEHIND_REACH = 3, 6, 12, 120
TITLE_WEIGHT, HEADING_WEIGHT = 3, 2  # what a name there counts
PAIR_SIZE = 2


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the document with the names in it; offsets count from the passage."""

    start: int
    end: int
    masked: str
    mentions: tuple[Mention, ...]
    weight: int = 1
    speaker: str | None = None
    is_row: bool = False  # of a table
    private: tuple[tuple[int, int], ...] = ()  # names of firms and agencies
    people: tuple[tuple[int, int], ...] = ()  # names of persons
    host: str | None = None  # in whose capital a dispatch was written

    def within(self, start: int, end: int) -> list[Mention]:
        """Names between two offsets of the passage."""
        return [m for m in self.mentions if start <= m.start and m.end <= end]

    def codes_at(self, start: int) -> list[str]:
        """The code of the name that begins at an offset of the passage, if one does."""
        return [m.code for m in self.mentions if m.start == start]

    def is_plural(self, start: int, end: int) -> bool:
        """Whether the words between two offsets of the passage are of several: `partnerships`."""
        return self.masked[start:end].lower().endswith("s")

    def date_range(self, dates: Sequence[DateFinding]) -> Sequence[DateFinding]:
        """Those of the ordered `dates` of the passage that begin in the sentence."""
        first = bisect_left(dates, self.start, key=lambda date: date.start_char)
        last = bisect_left(dates, self.end, key=lambda date: date.start_char)
        return dates[first:last]


def codes_of(mentions: Sequence[Mention]) -> list[str]:
    """Their codes, each once, in order of appearance."""
    return list(dict.fromkeys(mention.code for mention in mentions))


@lru_cache(maxsize=1)
def former_states() -> frozenset[str]:
    """Codes of states that are no more; a text of today names them for their treaties.

    Example:
        >>> "SUN" in former_states(), "RUS" in former_states()
        (True, False)
    """
    return frozenset(one.code for one in territories() if one.kind == "state" and not one.alpha2)


def can_be_party(sentence: Sentence, mention: Mention) -> bool:
    """Whether a name that no form ties to the label may be its party all the same."""
    if mention.sign == BLOC and mention.code not in form_book().partner_blocs:
        return False
    if mention.code in former_states():
        return False
    event = mention.sign in (SEAT, BLOC) and form("event_behind").match(
        sentence.masked, mention.end
    )
    if event:
        # `the Doha round`, `the success of the ASEAN summit`
        return False
    lead = sentence.masked[max(sentence.start, mention.start - 20) : mention.start]
    # `actions in eastern Fiji`: a place.
    if form("part_of").search(lead):
        return False
    # `access to the EU market`: the name only describes.
    if form("adjunct").match(sentence.masked, mention.end):
        return False
    return not is_unnamed_set(sentence.masked, mention)


def pairs_in(sentence: Sentence, start: int, end: int) -> list[tuple[int, Pair]]:
    """Pairs named as pairs between two offsets of the passage, with where they end."""
    by_start = {mention.start: mention.code for mention in sentence.mentions}
    found: list[tuple[int, Pair]] = []
    for pattern in pair_forms():
        for match in pattern.finditer(sentence.masked, start, end):
            one, two = by_start.get(match.start(1)), by_start.get(match.start(2))
            if not one or not two or {one, two} & former_states():
                continue
            if form("quarrel").match(sentence.masked, match.end()):
                continue
            if one != two and not _is_listed(sentence, start, match, {one, two}):
                found.append((match.end(), tuple(sorted((one, two)))))
    return sorted(found)


def _is_listed(sentence: Sentence, start: int, match: re.Match[str], pair: set[str]) -> bool:
    """Whether two names belong to a longer list: `Fiji, Tonga and Nauru` ends in no pair."""
    lead = sentence.masked[max(start, match.start(1) - LIST_REACH) : match.start(1)]
    tail = sentence.masked[match.end() : match.end() + BEHIND_REACH]
    if form("in_list_behind").match(tail) or form("each_with").match(tail):
        return True
    # `to New Delhi, India and China` is no list of three.
    others = {m.code for m in sentence.mentions if m.end <= match.start(1)} - pair
    return bool(others) and form("in_list").search(lead) is not None


def _is_aside(sentence: Sentence, code: str) -> bool:
    """Whether an organisation is only where something happens: `safety of the European Union`."""
    mentions = [mention for mention in sentence.mentions if mention.code == code]
    return all(
        mention.sign == BLOC
        and form("place_before").search(
            sentence.masked, max(sentence.start, mention.start - 40), mention.start
        )
        # `signed a partnership with ASEAN` makes it a side.
        and not form("partner_with").search(
            sentence.masked, max(sentence.start, mention.start - 60), mention.start
        )
        for mention in mentions
    )


def _is_object(sentence: Sentence, code: str) -> bool:
    """Whether something is only done to a state: `X asked Y for help in feeding Z`."""
    return all(
        form("object_before").search(
            sentence.masked, max(sentence.start, mention.start - 40), mention.start
        )
        for mention in sentence.mentions
        if mention.code == code
    )


def without_asides(sentence: Sentence, codes: list[str]) -> list[str]:
    """`codes` of a sentence; of more than two those left out that are only mentioned in passing.

    `Within ASEAN, Laos is a friend of Fiji`, `Laos is the second supplier of Fiji after Peru`.
    """
    if len(codes) <= PAIR_SIZE:
        return codes
    return [code for code in codes if not (_is_aside(sentence, code) or _is_object(sentence, code))]


@dataclass(frozen=True, slots=True)
class Context:
    """What precedes a label: the sentences up to it, the issuer and the document's own pair."""

    before: tuple[Sentence, ...]
    issuer: str | None
    counts: Counter[str]
    recent: Pair | None = None

    def pair(self) -> Pair | None:
        """The pair that the text is about, read from near to far."""
        if self.recent:
            return self.recent
        for sentence in reversed(self.before[-LOOK_BACK:]):
            named = pairs_in(sentence, sentence.start, sentence.end)
            if named:
                return named[-1][1]
            codes = codes_of([m for m in sentence.mentions if can_be_party(sentence, m)])
            codes = without_asides(sentence, codes)
            if len(codes) == PAIR_SIZE:
                return tuple(sorted(codes))
            leaders = codes_of([m for m in sentence.mentions if m.sign == LEADER])
            if len(leaders) == PAIR_SIZE:
                # `On Fiji's border Putin met Xi`: those who meet.
                return tuple(sorted(leaders))
            if len(codes) == 1 and _is_aside(sentence, codes[0]):
                continue
            if len(codes) == 1 and (partner := self.partner_of(codes[0])):
                return tuple(sorted((codes[0], partner)))
        return self.document_pair()

    def document_pair(self) -> Pair | None:
        """The issuer and whom it writes about most; without issuer the two named most."""
        ranked = [(count, code) for code, count in self.counts.most_common() if code != self.issuer]
        wanted = 1 if self.issuer else 2
        if len(ranked) < wanted:
            return None
        if len(ranked) > wanted and ranked[wanted - 1][0] <= ranked[wanted][0]:
            return None
        codes = [code for _, code in ranked[:wanted]] + ([self.issuer] if self.issuer else [])
        return tuple(sorted(codes))

    def named_partnership(self) -> Pair | None:
        """The pair whose partnership a title announces: `Oman and the Peru-Laos Partnership`."""
        for sentence in self.before:
            if sentence.weight < TITLE_WEIGHT or sentence.is_row:
                continue
            match = form("pair_partnership").search(sentence.masked, sentence.start, sentence.end)
            by_start = {mention.start: mention.code for mention in sentence.mentions}
            codes = {by_start.get(match.start(n)) for n in (1, 2)} if match else set()
            named = tuple(sorted(code for code in codes if code))
            return named if len(named) == PAIR_SIZE else None
        return None

    def title_pair(self, only_relations: bool = False) -> Pair | None:
        """The two states that the title names; with `only_relations` that of `X-Y relations`."""
        for sentence in self.before:
            if sentence.weight > 1 and not sentence.is_row:
                told = "relations" in sentence.masked.lower() or ONLY_PAIR.fullmatch(
                    sentence.masked[sentence.start : sentence.end]
                )
                if only_relations and not told:
                    return None
                codes = codes_of([m for m in sentence.mentions if can_be_party(sentence, m)])
                return tuple(sorted(codes)) if len(codes) == 2 else None
        return None

    def heading_pair(self) -> Pair | None:
        """The state that the page is about and the one that the nearest heading names."""
        owner = self.page_owner()
        for sentence in reversed(self.before):
            if sentence.weight == HEADING_WEIGHT:
                codes = codes_of([m for m in sentence.mentions if can_be_party(sentence, m)])
                if owner and len(codes) == 1 and owner not in codes:
                    return tuple(sorted((owner, codes[0])))
                return None
        return None

    def page_owner(self) -> str | None:
        """The one state that the title names; a field of a record is no title."""
        for sentence in self.before:
            if sentence.weight > 1 and not sentence.is_row:
                if form("field_party").search(sentence.masked, sentence.start, sentence.end):
                    return None
                codes = codes_of([m for m in sentence.mentions if can_be_party(sentence, m)])
                if len(codes) == 1:
                    return codes[0]
        return None

    def list_owner(self) -> str | None:
        """The one state that the line above a list names: `Peru's ties with its neighbours:`."""
        for sentence in reversed(self.before[-LIST_ROWS:]):
            words = sentence.masked[sentence.start : sentence.end].rstrip()
            if words.endswith(":"):
                codes = codes_of([m for m in sentence.mentions if can_be_party(sentence, m)])
                return codes[0] if len(codes) == 1 else None
            if form("entry").match(sentence.masked, sentence.start) is None:
                return None
        return None

    def partner_of(self, code: str) -> str | None:
        """The other member of the document's pair, when `code` is one of it."""
        if self.issuer and self.issuer != code:
            return self.issuer
        owner = self.page_owner()
        if owner and owner != code:
            return owner
        found = self.document_pair()
        if found is None:
            # A demonym once, `Laotian silk`, is no side.
            ranked = [c for c, count in self.counts.most_common() if c != code and count > 1]
            if len(ranked) == 1:
                return ranked[0]
            return None
        if code in found:
            return next((other for other in found if other != code), None)
        return None


def count_names(sentences: Sequence[Sentence]) -> Counter[str]:
    """How much each state or bloc is spoken of; titles and pairs count more."""
    counts: Counter[str] = Counter()
    for sentence in sentences:
        if sentence.is_row:
            continue
        for mention in sentence.mentions:
            if not can_be_party(sentence, mention):
                continue
            share = 1 if mention.sign in (SEAT, LEADER, DEMONYM) else 2
            counts[mention.code] += share * sentence.weight
        for _, pair in pairs_in(sentence, sentence.start, sentence.end):
            for code in pair:
                counts[code] += PAIR_WEIGHT
    return counts
