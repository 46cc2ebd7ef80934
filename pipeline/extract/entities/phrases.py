"""Organisations found whole by the form of their names: `Ministry of Land and Water`.

Where such a name ends is told by what follows: a country that another part of the sentence
brings in, an office and a person, or a second name behind `and`.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator

from pipeline.extract.entities.borders import JOINT, second_joint
from pipeline.extract.entities.calling_book import callings
from pipeline.extract.entities.clean import NEXT_TREATY
from pipeline.extract.entities.lexicon import lexicon
from pipeline.extract.entities.lists import rules
from pipeline.extract.entities.namelike import DIRECTIONS, has_non_name_head
from pipeline.extract.entities.offices import without_leader
from pipeline.extract.entities.patterns import patterns
from pipeline.extract.entities.persons import is_title_case
from pipeline.extract.entities.spans import Ground, Reading, Span, found, in_order, laid
from pipeline.extract.names import identify
from schemas.tables import EntityLabel

OF_INSIDE = re.compile(r"[ \n](?:of|for|on)[ \n](?:the[ \n])?[^\W_]")
CAPITALISED = re.compile(
    r"(?:[ ]|\n[ ]{0,8})[A-Z][\w'&-]{0,30}(?:[ \n](?:(?:and|&)[ \n])?[A-Z][\w'&-]{0,30}){0,4}"
)
# `Kenyan-Omani Strategic Partnership Council`: two peoples and a label, each for itself.
JOINED_LABEL = ("Partnership", "Relations", "Friendship", "Relationship")
PLANNED = frozenset(
    {"Programme", "Program", "Initiative", "Agreement", "Project", "Scheme", "Act", "Plan"}
)
MEETS = frozenset({"Ministers", "Ministers'", "Ministerial", "Leaders", "Leaders'"})
CAPITAL_HEAD = re.compile(r"[ \n]([A-Z]{4,20})(?![\w-])")
TAIL_WORD = re.compile(r"[A-Z][\w'&-]*")
MEMBERS = re.compile(
    r"(?<![\w-])(?:[A-Z]\w{1,20} ){0,2}(?P<first>[A-Z]\w{2,20}s)'(?: [A-Z]\w{1,20}){0,2}"
    r" (?P<head>[A-Z]\w{2,20})(?![\w-]| [A-Z])"
    r"(?: (?:for|of|on) (?:the )?[A-Z]\w{2,20}(?: (?:and )?[A-Z]\w{2,20}){0,3}(?![\w-]| [A-Z]))?"
)
AND_BEHIND = re.compile(r"[ \n]and[ \n](?=[A-Z])")
AND_BEFORE = re.compile(r" and[ \n](?:the[ \n])?$")
# `... of China and General Secretary`, `... of Kenya Mr Salo`: an office follows the body.
PARTY_OFFICE = re.compile(r"[ \n](?:General[ \n])?Secretary\b|[ \n]Chief\b|[ \n]leader\b")
OFFICE = re.compile(
    r"(?:General[ \n]Secretary|President|Prime[ \n]Minister|Chairman|Premier|Speaker)\b"
)
FIRM_SUFFIX = re.compile(
    r"(?<![\w.,'-])(?:[A-Z][\w&'-]{0,20}[ ]){1,6}"
    r"(?:Ltd|Limited|Inc|Plc|PLC|LLC|Corp|GmbH|Bhd|LLP)(?!\w)\.?"
)
TITLE_TAIL = re.compile(r"[ \n](?:Mr|Mrs|Ms|Dr|Prof|Hon)\b")
COMMA = re.compile(r",[ \n](?=[A-Z])")
MEMBER = re.compile(r"[A-Z][\w&-]*(?:[ \n][A-Z][\w&-]*){0,4}(?=,|$)")
OF_BEFORE = re.compile(r"[ \n]of[ \n](?:the[ \n])?$")
FOR_STATE = re.compile(r"[ \n]for[ \n](?:the[ \n])?$")
COUNTRY_TAIL = re.compile(r"(?:,|[ \n]and)[ \n](?:the[ \n])?$")


def with_phrases(reading: Reading, spans: list[Span]) -> list[Span]:
    """The spans with organisations found by form, `Office of the Registrar`, put in whole."""
    phrases = _phrases(reading, Ground(spans))
    phrase_ground = Ground(phrases)
    kept: list[Span] = []
    used: set[Span] = set()
    for span in spans:
        over = phrase_ground.over(span.start, span.end)
        if not over:
            kept.append(span)
        elif (
            span.label in ("ORG", "EVENT")
            and span.start <= over[0].start
            and over[-1].end <= span.end
        ):
            # The model's name is as long or longer.
            kept.append(span)
            used.update(over)
    return in_order([*kept, *(phrase for phrase in phrases if phrase not in used)])


def _phrases(reading: Reading, ground: Ground) -> list[Span]:
    """Names found by form, the longest where they overlap."""
    phrases = [*_clubs(reading), *_with_states(reading, ground), *_of_members(reading)]
    phrases += _with_suffix(reading)
    clubs = frozenset(rules().lists.club_openers)
    titles = {passage.position for passage in reading.passages if is_title_case(passage)}
    known = {reading.words(phrase) for phrase in phrases}
    # Running text first: it tells where a name in a headline ends.
    for passage in sorted(reading.passages, key=lambda each: each.position in titles):
        for match in patterns().organisation_phrase.matches(reading, (passage,)):
            end = _phrase_end(reading, ground, match.start(), match.end())
            end = without_leader(reading.text, match.start(), end)
            words = " ".join(reading.text[match.start() : end].split())
            if words.split()[0] in clubs:
                # `AS Tirvo Union of Kenya` is a club and where it plays.
                continue
            start = match.start() + _lead(words)
            if passage.position in titles:
                end = _known_end(reading.text[start:end], known) + start
                end = _before_verb(reading.text, start, end)
            named = identify(" ".join(reading.text[start:end].split()))
            if named is not None and named.kind != "bloc":
                # `Union of the Comoros`.
                continue
            if OF_INSIDE.search(reading.text, start, end) and not has_non_name_head(words):
                phrases.append(found(start, end, "ORG", "heads.phrase"))
                known.add(reading.words(phrases[-1]))
    return laid(sorted(phrases, key=lambda phrase: (phrase.start - phrase.end, phrase)))


def _known_end(words: str, known: Container[str]) -> int:
    """How much of a headline's words is a name that the running text has.

    Example:
        >>> _known_end("Ministry of Ports Opens Quay", {"Ministry of Ports"})
        17
        >>> _known_end("Ministry of Ports Opens Quay", {"Ministry of Mines"})
        28
    """
    ends = (place for place in range(len(words) - 1, 0, -1) if words[place] == " ")
    return next((end for end in ends if words[:end] in known), len(words))


def _before_verb(text: str, start: int, end: int) -> int:
    """Where `Ministry of Ports Strengthens` ends in front of what a headline tells of it."""
    verbs = lexicon().headline_verbs
    words = TAIL_WORD.finditer(text, start, end)
    return next((word.start() - 1 for word in words if word.group() in verbs), end)


def _clubs(reading: Reading) -> Iterator[Span]:
    running = (passage for passage in reading.passages if not passage.text.isupper())
    for match in patterns().club.matches(reading, running):
        yield found(match.start(), match.end(), "ORG", "heads.phrase")


def _with_suffix(reading: Reading) -> Iterator[Span]:
    """`Tirvo Brokers East Africa Ltd`: capitalised words up to the form of a company."""
    for passage in reading.passages:
        if passage.text.isupper():
            continue
        for match in FIRM_SUFFIX.finditer(reading.text, passage.start_char, passage.end_char):
            words = match.group().split()
            start = match.start()
            while len(words) > 2 and (
                words[0].lower() in lexicon().determiners | lexicon().titles
                or words[0] in callings().openers
                or words[0].endswith(("-based", "-owned", "-listed", "'s"))
            ):
                start += len(words[0]) + 1
                words = words[1:]
            if len(words) > 1:
                yield found(start, match.end(), "ORG", "heads.phrase")


def _of_members(reading: Reading) -> Iterator[Span]:
    """`Planters' Association`: a plural with its apostrophe and a head of organisations."""
    lists = lexicon()
    for passage in reading.passages:
        for match in MEMBERS.finditer(reading.text, passage.start_char, passage.end_char):
            head = match.group("head")
            label: EntityLabel = "ORG" if head in lists.org_heads else "FAC"
            named = label == "ORG" or head in lists.fac_heads
            if named and match.group("first") not in lists.crowds:
                start = match.start() + _lead(match.group())
                yield found(start, match.end(), label, "heads.phrase")


def _with_states(reading: Reading, ground: Ground) -> Iterator[Span]:
    """`Kenyan Foreign Ministry`, `Peru-Chile Border War`: a state, capitals, a sure head."""
    start = 0
    for number, span in enumerate(ground.spans):
        before = ground.spans[number - 1] if number else None
        joined = before is not None and before.end + 1 == span.start
        if not joined or reading.text[span.start - 1] not in "-/":
            start = span.start
        if not span.rule_id.startswith("places") and span.label not in ("GPE", "NORP"):
            continue
        if span.label == "NORP" and reading.text[span.start : span.end].isupper():
            head = CAPITAL_HEAD.match(reading.text, span.end)
            if head is not None and head.group(1).capitalize() in lexicon().strong_heads:
                # `KENYAN SENATE APPROVES`: in a line of capitals no more than the head is sure.
                yield found(start, head.end(), "ORG", "heads.state")
            continue
        headed = _meeting_behind(reading.text, span) or _head_behind(reading.text, span.end)
        if headed is None:
            continue
        end, label = headed
        if not any(other.label == "PERSON" for other in ground.over(span.end, end)):
            yield found(start, end, label, "heads.state")


def _head_behind(text: str, start: int) -> tuple[int, EntityLabel] | None:
    """End and label of the capitalised words behind a state, up to their last sure head."""
    lists = lexicon()
    tail = CAPITALISED.match(text, start)
    words = list(TAIL_WORD.finditer(tail.group())) if tail is not None else []
    if any(word.group() in JOINED_LABEL for word in words):
        return None
    if words and words[-1].group() in PLANNED:
        # `Kenya-Peru Police Exchange Programme` is no body.
        return None
    meets = bool(words) and words[-1].group() in ("Meeting", "Meetings", "Talks")
    for word in reversed(words):
        if word.group() == "Party" and PARTY_OFFICE.match(text, start + word.end()):
            # `Kenyan Party General Secretary`: the party is named no further.
            continue
        if word.group() in lists.strong_heads:
            return start + word.end(), "ORG"
        if word.group() in lists.event_heads and not meets:
            # `Kenya-Peru Summit Meeting`: a talk of two states has no name of its own.
            return start + word.end(), "EVENT"
    return None


def _meeting_behind(text: str, span: Span) -> tuple[int, EntityLabel] | None:
    """`NATO Defence Ministers Meeting`: a bloc, who meets there, and `Meeting`, all in capitals."""
    tail = CAPITALISED.match(text, span.end) if span.rule_id == "places.blocs" else None
    words = tail.group().split() if tail is not None else []
    if tail is None or words[-1] not in ("Meeting", "Retreat"):
        return None
    return (tail.end(), "EVENT") if not MEETS.isdisjoint(words) else None


def _lead(words: str) -> int:
    """Length of articles and the like in front."""
    first = words.split(" ", 1)[0]
    return len(first) + 1 if first.lower() in lexicon().determiners else 0


def _ends_with_state(reading: Reading, ground: Ground, span: Span, end: int) -> bool:
    """`Bank of Kenya and Salo Oil`: behind a country, `and` brings another name."""
    joint = AND_BEHIND.match(reading.text, span.end, end)
    if joint is None or not span.rule_id.startswith(("places.countries", "places.regions")):
        return False
    before = OF_BEFORE.search(reading.text, max(0, span.start - 10), span.start)
    second = ground.over(joint.end(), joint.end() + 1)
    places = any(
        other.label != "ORG" and (other.rule_id.startswith("places") or other.label == "NORP")
        for other in second
    )
    return before is not None and not places


def _is_second(reading: Reading, span: Span, start: int) -> bool:
    """`Chamber of Trade and [Kemi County Council]`: behind `and`, a name with its own head."""
    words = reading.words(span).split()
    joined = AND_BEFORE.search(reading.text, max(start, span.start - 10), span.start) is not None
    known = lexicon().surfaces.kind(words[0]) == "GPE" or identify(words[0]) is not None
    headed = words[-1] in lexicon().strong_heads or words[-1] == "Government"
    return joined and len(words) > 1 and known and headed


def _is_apart(reading: Reading, first: Span, span: Span) -> bool:
    """`Bank of Kuno and Tirvo-Salo`: the model itself sees two organisations."""
    return (
        first.label == "ORG"
        and reading.text[first.end : span.start] == " and "
        and OF_INSIDE.search(reading.text, first.start, first.end) is not None
        and not any(
            word in lexicon().field_words or word in lexicon().known_words
            for word in reading.words(span).split()
        )
    )


def _before_office(reading: Reading, start: int, end: int) -> int:
    """Ends before what follows a body: `... of Kenya Mr Salo`, `... of China and President`."""
    titled = TITLE_TAIL.search(reading.text, start, end)
    end = titled.start() if titled is not None else end
    for comma in COMMA.finditer(reading.text, start, end):
        # `Council of Rivers, National Guard`: what stands behind the comma has its own head.
        member = MEMBER.match(reading.text, comma.end(), end)
        if member is not None and _is_own(member.group()):
            end = comma.start()
            break
    treaty = NEXT_TREATY.search(reading.text, start, end)
    end = treaty.start() if treaty is not None else end
    more = second_joint(reading.text[start:end])
    end = start + more[0] if more is not None else end
    for joint in JOINT.finditer(reading.text, start, end):
        place = reading.text[start : joint.start()].split()[-1]
        second = reading.text[joint.end() : end]
        office = OFFICE.match(second) is not None and identify(place) is not None
        bloc = identify(second)
        if office or (bloc is not None and bloc.kind == "bloc") or DIRECTIONS.match(second):
            return joint.start()
    return end


def _is_own(words: str) -> bool:
    """Whether the member of a list is an organisation by itself: listed, or with a sure head."""
    headed = " " in words and words.rsplit(maxsplit=1)[-1] in lexicon().strong_heads
    return headed or lexicon().surfaces.kind(words) == "ORG"


def _phrase_end(reading: Reading, ground: Ground, start: int, end: int) -> int:
    """Ends the phrase before a country that another sentence part brings in: `... and Kenya`."""
    end = _before_office(reading, start, end)
    inside = ground.over(start, end)
    for number, span in enumerate(inside):
        if span.label == "ORG" and span.start > start:
            apart = number > 0 and _is_apart(reading, inside[number - 1], span)
            if apart or _is_second(reading, span, start):
                return reading.text.rindex(" and", start, span.start)
        if span.label in ("GPE", "LOC") and _ends_with_state(reading, ground, span, end):
            return span.end
        if span.label == "PERSON" and " " in reading.words(span) and span.start > start:
            before = ground.over(span.start - 2, span.start - 1)
            if before and before[-1].label in ("ORG", "GPE"):
                # `Supreme Commander of the Armed Forces of Kenya Ana Lupe Vula`.
                return before[-1].end
        if span.label in ("GPE", "NORP", "PERSON") and span.start > start:
            glue = COUNTRY_TAIL.search(reading.text, max(start, span.start - 10), span.start)
            if glue is not None:
                return glue.start()
            meant = FOR_STATE.search(reading.text, max(start, span.start - 10), span.start)
            if meant is not None and OF_INSIDE.search(reading.text, start, meant.start()):
                # `the Ministry of Justice for Kenya`, as treaties name who acts for whom.
                return meant.start()
    return end
