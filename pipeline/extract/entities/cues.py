"""Cues beside a name: the words around tell what the model could not know.

Names of small towns and of persons in languages that the model has hardly seen get labels
at random; what stands beside them is plain English: `residents of X`, `in X`, `X
district`, `the chairman, X Y,`, `X, 52,`, `X elders`, `at the X Market`.  A cue gives another
label to a span of the model; what lists and head words say comes first.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.extract.entities.calling_book import callings
from pipeline.extract.entities.lexicon import lexicon
from pipeline.extract.entities.patterns import patterns
from pipeline.extract.entities.spans import (
    CAPITAL,
    Reading,
    Sought,
    Span,
    in_front,
    laid,
    small_words,
)
from pipeline.extract.names import identify
from schemas.tables import EntityLabel

FIXED = ("places", "agencies", "dateline", "heads", "acronyms", "persons")
IN = in_front(
    r"(?:(?:^|[^\w-])[Ii]n|\b(?:near|outside|around))[ \n]",
    *("in", "In", "near", "outside", "around"),
)
WORD_BEFORE_IN = re.compile(r"(\w+)[ \n]in[ \n]$")
PLACING = ("at", "in", "to", "near", "from", "on", "along", "over", "across", "off", "through")
ENTERING = ("stormed", "attacked", "bombed", "entered", "toured", "visited")
SITE_PLACING = (*PLACING, "outside", "inside", "of", *ENTERING)
SITE_BEFORE = in_front(rf"\b(?:{'|'.join(SITE_PLACING)})[ \n](?:the[ \n])?", *SITE_PLACING, "the")
TERRAIN_BEFORE = in_front(rf"\b(?:{'|'.join(PLACING)}|the)[ \n](?:the[ \n])?", *PLACING, "the")
# `Johanniskirche`, `Salo-Klinik`: German writes the head and the name as one word.
GERMAN_SITE = re.compile(
    r"[A-Z][\w-]{3,20}(?:stadion|kirche|-?[Kk]linik|platz|strasse|stra\u00dfe|br\u00fccke|bahnhof)"
)
WITH_ARTICLE = in_front(r"(?<!\w)[Tt]he[ \n]", "the", "The")
AGE_BEFORE = in_front(r"(?<!\w)[1-9]\d?-year-old[ \n]", "old")
AGE_BEHIND = re.compile(r", (?:aged )?[1-9]\d(?=[,.)])")
# `"We lost it all," she told X.`: the one who is told and not introduced is a newspaper.
TOLD_BEFORE = in_front(
    r"\"[ \n][^\".]{1,60}?(?<!\w)told[ \n](?:the[ \n])?", "told", "the", words=("told",)
)
# `Ana Vula, of X, said`: where a person lives.
HOME_BEFORE = in_front(r"[a-z], of[ \n]", ", of")
# `Ana Vula, 61, of X`: behind an age it is hardly a firm.
AGE_HOME_BEFORE = in_front(r", [1-9]\d, (?:of|from)[ \n]", ", of", ", from")
RIVER_BEFORE = in_front(
    r"\b(?:along|across|over|upstream on|down|up|(?:banks?|shores?|waters) of)[ \n]the[ \n]",
    "the",
)
FROM_LAND = in_front(r"\b(?:from|in|of|across)[ \n]the[ \n]", "the")
# `Svaneti, where people`: behind a preposition, a place.
WHERE_BEHIND = re.compile(r",[ \n]where\b")
LEADING = ("from", "in", "to", "at", "near", "of", "reached", "left", "visited")
PREPOSITION = in_front(rf"\b(?:{'|'.join(LEADING)})[ \n]", *LEADING)
# `Ana Vula, a mother of four from X,`: where a described person comes from.
NATIVE_BEFORE = in_front(r", an? [a-z-]{2,15}(?: [a-z-]{2,15}){0,4} from[ \n]", " from")
# `from Tirvo in Bihar`: a place inside a listed one.
INSIDE_BEHIND = re.compile(
    r"(?:[ \n]in|,)[ \n](?:the[ \n])?([A-Z][\w'-]{2,20}(?: [A-Z][\w'-]{2,20})?)"
)
RESERVES = (("National", "Park"), ("Game", "Reserve"), ("Nature", "Reserve"), ("Marine", "Park"))
# `represents Tirvo Central`: a part of a town or county that sends a member.
SEAT_BEFORE = in_front(
    r"\b(?:represents|representing|(?:seat|MP|MCA|MLA|constituency|member|lawmaker|legislator)"
    r"[ \n](?:of|for|in|from))[ \n]",
    *("represents", "representing", "of", "for", "in", "from"),
)
# `Tirvo MP Aino Salo`: by her party, or where a text speaks of constituencies by her seat.
MEMBER_BEHIND = re.compile(rf"[ \n](?:MP|MCA|MLA|MNA|lawmaker|legislator)[ \n](?={CAPITAL})")
SEAT_WORDS = frozenset({"county", "counties", "constituency", "constituencies", "ward", "wards"})
# `They were identified as Aino Salo and`: two words, no firm and no town of the lists.
CALLED_BEFORE = in_front(
    r"(?<!\w)(?:man|woman|boy|girl|teenager|student|farmer|driver|child|baby|daughter|son|nurse)"
    r"[ \n](?:named|called)[ \n]|(?<!\w)by[ \n]the[ \n]name[ \n]of[ \n]",
    *("named", "called", "of"),
)
IDENTIFIED_BEFORE = in_front(r"(?<!\w)(?:identified|named)[ \n](?:[a-z ]{1,20}[ \n])?as[ \n]", "as")
MIXED_NAME = re.compile(r"(?!Mc|Mac|De|Di|La|Le|Van|O)[A-Z][a-z]+[A-Z]+")
ENDS_CLAUSE = re.compile(r"[.,;:]")
TOLD_BEHIND = in_front(
    r",[ \n][^\".,]{1,60}?(?<!\w)told[ \n](?:the[ \n])?", "told", "the", words=("told",)
)
# `The mine will close, X reported.`: persons report with a subject or an object.
REPORTED_BEFORE = in_front(r"(?<=[a-z\d]),\"?[ \n]", ",", ',"')
REPORTED_BEHIND = re.compile(r"[ \n](?:reported|reports)(?=[.,])")
TOLD = in_front(r"\btold[ \n](?:the[ \n])?", "told", "the")
# `neighbouring Tirvo state`: a people has one too, if a list knows it.
# `attacked Tirvo community in`: a village and those who live there.
COMMUNITY_BEHIND = re.compile(r"[ \n](?:community|communities)(?:,|[ \n](?:in|of))[ \n]")
# `Kuno town`, `Kuno district`: settled land, where `Kuno area` may be a valley.
TOWN_BEHIND = re.compile(
    r"[ \n](?:town|village|city|district|county|province|municipality|regency|upazila|"
    r"governorate)\b"
)
RETURNED_BEFORE = in_front(
    r"(?<!\w)(?:returned|moved|emigrated|migrated|relocated|retired|withdrew)[ \n]to[ \n]",
    "to",
)
STATE_BEHIND = re.compile(r"[ \n]state(?=[.,;]|[ \n](?:in|of|police|government|official)\b)")
# `Shan and Kachin states`: lands called by their people.
STATES_BEHIND = re.compile(
    rf"(?:(?:,|,?[ \n]and)[ \n]{CAPITAL}[a-z]{{2,15}}){{0,4}}[ \n]states?\b(?![ \n]of\b)"
)
ETHNIC_BEFORE = in_front(r"\b(?:ethnic|indigenous|Indigenous)[ \n]", "ethnic", "ndigenous")
MEETINGS = ("Conference", "Forum", "Symposium", "Congress", "Convention", "Exhibition")
LOOK_BACK = 80
LONGEST_NAME = 5
LONGEST_TOWN = 3


@dataclass(frozen=True, slots=True)
class Known:
    """What the document says of names: persons by their words, strings named once, small words."""

    people: Mapping[str, set[str]]
    once: frozenset[str]
    small: frozenset[str]


@dataclass(frozen=True, slots=True)
class Mention:
    """A span with its words and the document it stands in."""

    reading: Reading
    span: Span
    words: tuple[str, ...]

    def follows(self, sought: Sought) -> bool:
        """Whether the pattern, anchored at its end, stands in front of the span."""
        start = self.span.start
        return sought.ends_at(self.reading, max(0, start - LOOK_BACK), start)

    def precedes(self, pattern: re.Pattern[str]) -> bool:
        """Whether the pattern stands behind the span."""
        return pattern.match(self.reading.text, self.span.end) is not None

    def is_one_of(self, *labels: EntityLabel) -> bool:
        """Whether the span has one of these labels."""
        return self.span.label in labels


def with_cues(reading: Reading, spans: list[Span]) -> list[Span]:
    """The spans with the labels that the words beside them tell."""
    known = Known(people_of(reading, spans), _named_once(reading, spans), small_words(reading))
    return laid(_cued(reading, span, known) for span in spans)


def people_of(reading: Reading, spans: list[Span]) -> dict[str, set[str]]:
    """Words of the names of persons with two words or more, each to the names it stands in."""
    people: dict[str, set[str]] = {}
    for span in spans:
        name = reading.words(span)
        if span.label == "PERSON" and " " in name:
            for word in name.split():
                people.setdefault(word, set()).add(name)
    return people


def _named_once(reading: Reading, spans: list[Span]) -> frozenset[str]:
    """Strings that are named once in the document, by no longer name either."""
    counts: dict[str, int] = {}
    for span in spans:
        for words in {reading.words(span), *reading.words(span).split()}:
            counts[words] = counts.get(words, 0) + 1
    return frozenset(words for words, count in counts.items() if count == 1)


def _cued(reading: Reading, span: Span, known: Known) -> Span:
    """The span with the label that its surroundings ask for."""
    if span.label == "NORP" and reading.words(span) in lexicon().people_states:
        land = STATES_BEHIND.match(reading.text, span.end) is not None
        return span.mended("cues.place", label="GPE") if land else span
    if span.rule_id.startswith(FIXED) or _is_listed(reading, span):
        return span
    mention = Mention(reading, span, tuple(reading.words(span).split()))
    if _is_person(mention):
        start = span.start
        if mention.words[0] in lexicon().firm_titles and len(mention.words) > 1:
            start = reading.text.index(mention.words[1], start + len(mention.words[0]))
        return span.mended("cues.person", label="PERSON", start=start)
    asked: tuple[tuple[str, EntityLabel | None], ...] = (
        ("cues.site", _site(mention)),
        ("cues.people", "NORP" if _is_people(mention) else None),
        ("cues.place", "GPE" if _is_place(mention, known) else None),
        ("cues.firm", "ORG" if _is_firm(mention) else None),
        ("cues.told", "ORG" if _is_told(mention, known) else None),
    )
    for rule_id, label in asked:
        if label is not None:
            return span.mended(rule_id, label=label)
    return span


def _is_listed(reading: Reading, span: Span) -> bool:
    """Whether model and lists agree already: `Central Asia`, LOC, `Kurdish`, NORP."""
    words = reading.words(span)
    lists = lexicon()
    return (span.label in ("LOC", "NORP") and lists.surfaces.kind(words) == span.label) or (
        span.label in ("NORP", "GPE", "LOC", "ORG") and identify(words) is not None
    )


def _site(mention: Mention) -> EntityLabel | None:
    """FAC for `at Oru Market`, LOC for `over the Kuno Pass` and `Mount Kuno`."""
    lists = lexicon()
    first, last = mention.words[0], mention.words[-1]
    label: EntityLabel | None = None
    if mention.is_one_of("EVENT", "LAW", "WORK_OF_ART"):
        return None
    if mention.words[-2:] in RESERVES and len(mention.words) > 2:
        return None if mention.is_one_of("FAC", "LOC") else "LOC"
    if len(mention.words) == 1:
        label = "LOC" if _is_land(mention) else None
        label = "FAC" if GERMAN_SITE.fullmatch(first) is not None else label
    elif first in lists.people_openers:
        label = "NORP"
    elif first in lists.loc_openers and not mention.is_one_of("GPE", "LOC"):
        label = "LOC" if last not in lists.org_heads else None
    elif first in lists.fac_openers:
        label = "FAC" if last not in lists.org_heads else None
    elif last in lists.site_heads:
        label = "FAC" if mention.follows(SITE_BEFORE) else None
    elif last in lists.terrain_heads and not mention.is_one_of("GPE", "LOC"):
        label = "LOC" if mention.follows(TERRAIN_BEFORE) else None
    elif last in lists.terrain_heads and mention.is_one_of("GPE"):
        # `the Kuno Falls`: a town has no article.
        label = "LOC" if mention.follows(WITH_ARTICLE) else None
    return label


def _is_land(mention: Mention) -> bool:
    """`along the Kuno`, `a senator from the Kuno.`: a river or land by its article."""
    if mention.is_one_of("PERSON", "ORG", "GPE") and mention.follows(RIVER_BEFORE):
        return not mention.words[0].isupper()
    return (
        mention.is_one_of("PERSON") and mention.follows(FROM_LAND) and mention.precedes(ENDS_CLAUSE)
    )


def _is_person(mention: Mention) -> bool:
    lists = lexicon()
    words = mention.words
    may = mention.is_one_of("ORG", "GPE", "LOC", "NORP", "FAC", "WORK_OF_ART")
    if not may or len(words) > LONGEST_NAME:
        return False
    if words[0].isupper() or any(word in lists.known_words for word in words[1:]):
        return False
    if any(char.isdigit() or char == "&" for word in words for char in word):
        return False
    if words[0] in lists.firm_titles and len(words) > 2:
        return patterns().capitalised_name.fullmatch(" ".join(words)) is not None
    return words[0] not in lists.known_words and (
        mention.precedes(AGE_BEHIND)
        or mention.follows(AGE_BEFORE)
        or mention.follows(patterns().kin_before)
        or (len(words) > 1 and mention.follows(IDENTIFIED_BEFORE))
        or mention.follows(CALLED_BEFORE)
        or (len(words) > 1 and mention.follows(patterns().role_before))
    )


def _is_people(mention: Mention) -> bool:
    words = mention.words
    if not mention.is_one_of("PERSON", "ORG", "GPE", "LOC") or len(words) > 2:
        return False
    lists = lexicon()
    return not words[0].isupper() and (
        mention.follows(ETHNIC_BEFORE)
        or (mention.precedes(patterns().people_behind) and words[-1] not in lists.known_words)
    )


def _is_place(mention: Mention, known: Known) -> bool:
    lists = lexicon()
    first, last = mention.words[0], mention.words[-1]
    if not _may_be_place(mention, known):
        return False
    named = mention.follows(patterns().place_of) or speaks_of_place(
        mention.reading, mention.span.start
    )
    if mention.is_one_of("LOC"):
        settled = named or mention.precedes(TOWN_BEHIND)
        lands = lists.loc_openers | lists.terrain_heads
        land = mention.precedes(callings().land_behind) or not lands.isdisjoint((first, last))
        return settled and not land
    if mention.is_one_of("FAC", "EVENT"):
        plain = {first, last}.isdisjoint(lists.fac_openers | lists.site_heads | lists.fac_heads)
        return plain and (named or mention.precedes(patterns().place_kind_behind))
    return mention.is_one_of("PERSON", "ORG", "NORP") and (
        named
        # `at Kuno Community`: a village, and those who live there.
        or (last == "Community" and len(mention.words) > 1 and mention.follows(PREPOSITION))
        or mention.follows(AGE_HOME_BEFORE)
        or (mention.follows(NATIVE_BEFORE) and mention.precedes(ENDS_CLAUSE))
        or (not mention.is_one_of("ORG") and _lies_inside(mention))
        or mention.follows(SEAT_BEFORE)
        or (
            mention.precedes(MEMBER_BEHIND)
            # A people has no seat, and a party is no people.
            and (mention.is_one_of("NORP") or not SEAT_WORDS.isdisjoint(known.small))
        )
        or mention.follows(patterns().travel_before)
        or mention.follows(patterns().from_before)
        or mention.precedes(patterns().place_kind_behind)
        or (mention.is_one_of("NORP") and mention.precedes(STATE_BEHIND))
        or (len(mention.words) == 1 and mention.precedes(patterns().place_owned))
        or (len(mention.words) == 1 and mention.follows(callings().journey_before))
        or (mention.is_one_of("PERSON") and mention.follows(HOME_BEFORE))
        or (mention.is_one_of("PERSON") and _is_settled(mention))
    )


def _is_settled(mention: Mention) -> bool:
    """`Tirvo community in`, `returned to Tirvo`: one word that the model takes for a person."""
    return len(mention.words) == 1 and (
        mention.precedes(COMMUNITY_BEHIND) or mention.follows(RETURNED_BEFORE)
    )


def _lies_inside(mention: Mention) -> bool:
    """`from X in Bihar`, `at X, Kenya`, `in X, where`."""
    if not mention.follows(PREPOSITION):
        return False
    if mention.precedes(WHERE_BEHIND):
        return True
    inside = INSIDE_BEHIND.match(mention.reading.text, mention.span.end)
    if inside is None:
        return False
    around = inside.group(1)
    state = identify(around)
    if state is not None:
        return state.kind != "bloc" and not state.is_demonym
    return lexicon().surfaces.kind(around) == "GPE"


def _may_be_place(mention: Mention, known: Known) -> bool:
    """Whether the words can name a town: no acronym, no head word, nobody of the document."""
    lists = lexicon()
    words = mention.words
    name = " ".join(words)
    return (
        len(words) <= LONGEST_TOWN
        and words[0] not in lists.no_place_words
        and words[-1] not in MEETINGS
        and not any(word.isupper() or word[-1].isdigit() for word in words)
        and (
            lists.known_words.isdisjoint(words)
            # `Kemi governor`: towns are known words too.
            or lists.surfaces.kind(name) == "GPE"
        )
        and not any(known.people.get(word, set()) - {name} for word in words)
        and mention.reading.text[mention.span.end : mention.span.end + 2] != "'s"
    )


def speaks_of_place(reading: Reading, start: int) -> bool:
    """Whether `in` or `near` stands in front of `start` and speaks of a place.

    Example:
        >>> speaks_of_place(Reading("Rain fell in Kemi", []), 13)
        True
        >>> speaks_of_place(Reading("Trust in Kemi", []), 9)
        False
    """
    low = max(0, start - LOOK_BACK)
    if not IN.ends_at(reading, low, start):
        return False
    before = WORD_BEFORE_IN.search(reading.text, low, start)
    return before is None or before.group(1).lower() not in lexicon().no_place_before


def _is_firm(mention: Mention) -> bool:
    """`Ada Obi shares fell`: persons have none; `Tokyo shares` are those of its exchange.

    And no name of a person ends in capitals behind small letters: `ElectriKUNO`.
    """
    if len(mention.words) == 1 and MIXED_NAME.fullmatch(mention.words[0]):
        return mention.is_one_of("PERSON", "GPE", "NORP")
    return mention.is_one_of("PERSON") and mention.precedes(patterns().firm_owned)


def _is_told(mention: Mention, known: Known) -> bool:
    """Whether it is a newspaper that somebody spoke to; a place or building cannot be told."""
    if mention.is_one_of("LOC", "FAC"):
        return mention.follows(TOLD)
    return (
        mention.is_one_of("PERSON", "GPE", "NORP")
        and (
            len(mention.words) == 1
            or mention.words[0] in lexicon().media_openers
            or not mention.is_one_of("PERSON")
        )
        and all(word in known.once for word in (" ".join(mention.words), *mention.words))
        and (
            mention.follows(TOLD_BEFORE)
            or mention.follows(TOLD_BEHIND)
            or (mention.follows(REPORTED_BEFORE) and mention.precedes(REPORTED_BEHIND))
        )
    )
