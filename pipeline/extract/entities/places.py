"""Countries, blocs, regions and peoples: the lists against the model.

An exact hit of a list decides span and label, since countries are what lists know best:
country names are GPE and demonyms NORP by their form, whatever the model says.  A
longer name that the model sees around a hit (`Kenya Ports Authority`) is kept if it looks
like a name of another kind; names that are also something else (`Jordan`, `Turkey`) need
the model, a neighbour in a list, or the same country elsewhere in the document.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from pipeline.extract.entities.evidence import PLACE_LABELS, Hit, supported
from pipeline.extract.entities.lexicon import is_open, lexicon
from pipeline.extract.entities.namelike import has_non_name_head
from pipeline.extract.entities.patterns import patterns
from pipeline.extract.entities.persons import is_title_case
from pipeline.extract.entities.spans import CAPITAL, Ground, Reading, Span, found, small_words
from pipeline.extract.entities.unmentioned import has_partner, is_no_mention
from pipeline.extract.gazetteer import name_rules
from pipeline.extract.mentions import NameMatch, find_places
from pipeline.extract.names import identify, seat_code
from schemas.tables import EntityLabel

# What the label of a listed name is called by the rules.
LISTED: Mapping[str, tuple[EntityLabel, str]] = {
    "LOC": ("LOC", "places.regions"),
    "GPE": ("GPE", "places.towns"),
    "NORP": ("NORP", "places.peoples"),
    "ORG": ("ORG", "agencies"),
    "FAC": ("FAC", "places.sites"),
    "EVENT": ("EVENT", "places.events"),
}
# `Will Oslo join?`: the model reads the verb as a first name.
ASKING = ("Will", "Can", "Does", "Did", "Should", "Would", "Could", "Has", "Is", "Was", "May")
FAMILY_BEHIND = re.compile(rf"[ \n]{CAPITAL}[^\W\d_]{{2,20}}(?!\w)")
FIRM_BEHIND = re.compile(
    rf"[ \n]({CAPITAL}[^\W\d_]{{3,20}})(?:(?=[,.;][ \n])|(?='s[ \n])|"
    r"(?=[ \n](?:said|says|has|had|is|was|will|owns|plans|announced)\b))"
)
# `Prime Minister Luis Montenegro`: a word with a capital right before is an office or a name.
OFFICE_BEFORE = re.compile(r"(?<![\w.])[A-Z][a-z]+[ \n]$")
# `Aino Salo of Kenya`: the link is no part of the name.
OF_BEHIND = re.compile(r"[ \n](?:of|from|in|to)$")
ACRONYM = re.compile(r"[ \n][A-Z]{2,4}")
STATES = ("places.countries", "places.blocs")
BODIES = ("Government", "Administration", "Cabinet", "Authorities")
TIE = re.compile(r" Alliance(?!\w)")
PARTICIPLE = re.compile(r"[A-Z][a-z]{3,}ing")
DATELINED = re.compile(r"(?:^|[\n/])[A-Z][A-Z' -]{2,18}[A-Z], $")
OFFICE_CHARS = 24
FILLER = re.compile(r"(?:[\s\-/,&'()]|\b(?:and|the|of|in|s)\b)+")


def with_places(reading: Reading, spans: list[Span]) -> list[Span]:
    """The spans after the lists of places and peoples have had their say."""
    listed = _hits(reading)
    silent = {(hit.start, hit.end) for hit in listed if is_no_mention(reading, hit)}
    hits = [hit for hit in listed if (hit.start, hit.end) not in silent]
    hits = supported(reading, hits, Ground(spans))
    # `a Welsh speaker`, `60 US dollars`: what the list knows to be no mention, the model's
    # span of the same words is not either.
    spans = [span for span in spans if (span.start, span.end) not in silent]
    hit_ground = Ground(found(hit.start, hit.end, hit.label, hit.rule_id) for hit in hits)
    kept: list[Span] = []
    taken: set[tuple[int, int]] = set()
    for span in spans:
        inside = hit_ground.over(span.start, span.end)
        if not inside:
            kept.append(span)
            continue
        mended = _against(reading, span, inside)
        kept += mended
        taken.update(
            (hit.start, hit.end)
            for hit in inside
            for other in mended
            if other.start < hit.end and hit.start < other.end
        )
    kept += [span for span in hit_ground.spans if (span.start, span.end) not in taken]
    ground = Ground(_without_ties(reading, kept))
    return [_as_firm(reading, span, ground) for span in ground.spans]


def _as_firm(reading: Reading, span: Span, ground: Ground) -> Span:
    """`Kenya Tirvo said`: a state and one more word that nothing explains are a firm of it."""
    if span.label != "GPE" or span.rule_id != "places.countries":
        return span
    more = FIRM_BEHIND.match(reading.text, span.end)
    if more is None or reading.text[span.start : span.end].isupper():
        return span
    word = more.group(1)
    lists = lexicon()
    passage = reading.passage_at(span.start)
    plain = (
        word.isupper()
        or word.lower() in small_words(reading)
        or word.lower() in lists.plain_words
        or word in lists.known_words
        or word in lists.calendar_words
        or word in lists.no_place_words
        or word in lists.surfaces
        or word.endswith(("'s", "s"))
        or identify(word) is not None
    )
    free = not ground.over(more.start(1), more.end(1))
    if plain or not free or passage is None or is_title_case(passage):
        return span
    return span.mended("places.branch", label="ORG", end=more.end(1))


def _against(reading: Reading, span: Span, hits: list[Span]) -> list[Span]:
    """What becomes of a model's span with listed names in it; hits not returned stand alone."""
    first, last = hits[0], hits[-1]
    if len(hits) == 1 and (first.start, first.end) == (span.start, span.end):
        return [span.mended(first.rule_id, label=first.label)]
    if first.start < span.start or last.end > span.end:
        return []
    if span.label == "PERSON" and not _is_only_places(reading, span, hits):
        return _person_beside(reading, span, hits)
    if span.label in PLACE_LABELS:
        stays = _is_longer_place(reading, span, hits) or _is_longer_town(reading, span, hits)
    elif _is_before_person(reading, span, first):
        stays = False
    else:
        # A law or work gives way to the states it names: they are mentioned all the same.
        stays = not (
            span.label in ("LAW", "WORK_OF_ART")
            or _is_only_places(reading, span, hits)
            or has_non_name_head(reading.words(span))
            or _is_headline_start(reading, span, hits)
            or _is_of_state(reading, span, hits)
            or _is_tie(reading, span, hits)
            or reading.words(span).startswith("Governments of ")
        )
    return [span] if stays else []


def _is_before_person(reading: Reading, span: Span, hit: Span) -> bool:
    """`President of [Kenya Juma] Salo`: a country and the first name of who governs it."""
    return (
        span.label == "ORG"
        and hit.start == span.start
        and hit.rule_id == "places.countries"
        and patterns().title_of.ends_at(reading, max(0, span.start - 60), span.start)
        and _opens_person(reading, hit.end, span.end)
    )


def _opens_person(reading: Reading, start: int, end: int) -> bool:
    """Whether a state has a person behind it: both names, or the first in front of the other."""
    rest = reading.text[start:end].split()
    if len(rest) == 1:
        return FAMILY_BEHIND.match(reading.text, end) is not None
    known = lexicon().known_words
    return all(word[0].isupper() and word not in known for word in rest)


def _is_of_state(reading: Reading, span: Span, hits: list[Span]) -> bool:
    """`Kenyan Leader`, `NATO Allies`: an office, or who belongs to a bloc; no name of its own."""
    hit = hits[0]
    if len(hits) > 1 or not hit.rule_id.startswith(STATES):
        return False
    if hit.start != span.start:
        # `Courting Kenya, she`: a participle that opens its sentence.
        front = reading.text[span.start : hit.start].rstrip()
        return (
            hit.end == span.end
            and PARTICIPLE.fullmatch(front) is not None
            and is_open([front])
            and (seat_code(front) is None)
        )
    rest = reading.text[hit.end : span.end].split()
    lists = lexicon()
    low = max(0, hit.start - OFFICE_CHARS)
    if rest[-1] not in lists.org_heads and DATELINED.search(reading.text, low, hit.start):
        # `KUNO, Kenya Farmers left`: the dash of a dateline is lost.
        return True
    if " ".join(rest) in lists.state_matters:
        return True
    held = rest[-1] in lists.office_heads and all(word.lower() in lists.titles for word in rest)
    return held or (len(rest) == 1 and rest[0] in lists.bloc_members)


def _is_tie(reading: Reading, span: Span, hits: list[Span]) -> bool:
    """`Kenya-Peru Alliance`: each state for itself, as in a partnership of both."""
    if not reading.text.endswith("Alliance", span.start, span.end):
        return False
    if any(hit.rule_id != "places.countries" for hit in hits) or hits[0].start != span.start:
        return False
    if reading.text[hits[-1].end : span.end].strip() != "Alliance":
        return False
    return len(hits) > 1 or has_partner(reading, span.start)


def _without_ties(reading: Reading, spans: list[Span]) -> list[Span]:
    """The spans without `Alliance` alone, where the document has a tie of two states so called."""
    alone = {span for span in spans if reading.words(span) == "Alliance"}
    if not alone or "NATO" in reading.vocabulary:
        return spans
    ground = Ground(span for span in spans if span.rule_id == "places.countries")
    tied = any(
        before.end == match.start() and has_partner(reading, before.start)
        for match in TIE.finditer(reading.text)
        for before in ground.over(match.start() - 1, match.start())
    )
    return [span for span in spans if span not in alone] if tied else spans


def _is_headline_start(reading: Reading, span: Span, hits: list[Span]) -> bool:
    """`Kenya Opens Market With Peru` in a line with all words capitalised is no firm."""
    if hits[0].start != span.start or hits[0].rule_id != "places.countries":
        return False
    words = reading.words(span).split()
    heads = lexicon().org_heads | lexicon().event_heads | lexicon().fac_heads
    if len(words) < 3 or any(word in heads for word in words):
        return False
    passage = reading.passage_at(span.start)
    return passage is not None and is_title_case(passage)


def _is_longer_place(reading: Reading, span: Span, hits: list[Span]) -> bool:
    """`Kenya Highlands` is longer than its hit by a word that belongs to it."""
    lists = lexicon()
    words = reading.words(span).split()
    last = words[-1]
    if (
        (words[0] == "River" or words[0] in lists.loc_openers)
        and hits[-1].end == span.end
        and len(words) > 1
    ):
        # `the River Jordan`: the state is called after it.
        return True
    behind = reading.text[hits[-1].end : span.end].strip()
    return bool(behind) and (last in lists.loc_heads or last in lists.gpe_heads)


def _is_longer_town(reading: Reading, span: Span, hits: list[Span]) -> bool:
    """`Kemi Oriental` around the listed town `Kemi`: a province named after it."""
    only = len(hits) == 1 and hits[0].rule_id == "places.towns"
    rest = reading.text[hits[0].end : span.end].split()
    return (
        only
        and span.label == "GPE"
        and hits[0].start == span.start
        and (
            len(rest) == 1
            and rest[0].isalpha()
            and rest[0].istitle()
            and identify(rest[0]) is None
            and rest[0] not in lexicon().surfaces
        )
    )


def _is_only_places(reading: Reading, span: Span, hits: list[Span]) -> bool:
    position = span.start
    rest = ""
    for hit in hits:
        rest += reading.text[position : hit.start] + " "
        position = hit.end
    rest += reading.text[position : span.end]
    return not FILLER.sub("", rest)


def _person_beside(reading: Reading, span: Span, hits: list[Span]) -> list[Span]:
    """`Fiji Ana Vula`: the country and the person; a first name stays in its name."""
    hit = hits[0]
    apart = _apart(reading, span, hits)
    if apart is not None:
        return apart
    if hit.rule_id not in ("places.countries", "places.seats"):
        return [span]
    rest = reading.text[hit.end : span.end]
    if hit.start == span.start and len(rest.split()) >= 2 and rest[:1].isspace():
        start = hit.end + len(rest) - len(rest.lstrip())
        return [span.mended("places.person", start=start)]
    last = hits[-1]
    before = OF_BEHIND.sub("", reading.text[span.start : last.start].rstrip())
    if (
        last.end == span.end
        and last.label == "GPE"
        and before.isalpha()
        and before.istitle()
        and reading.words(last) not in name_rules().lists.family_names
        and not OFFICE_BEFORE.search(reading.text, max(0, span.start - OFFICE_CHARS), span.start)
    ):
        # `Tirvo Kenya`: the branch of a firm, with its country behind it.
        return [span.mended("places.branch", label="ORG")]
    if last.end == span.end and last.rule_id == "places.countries" and len(before.split()) >= 2:
        return [span.mended("places.person", end=span.start + len(before))]
    return [span]


def _apart(reading: Reading, span: Span, hits: list[Span]) -> list[Span] | None:
    """What is no name at all, `Aino Salo OSLO,` (a byline and its dateline), and `Kenya FA`."""
    hit, town = hits[0], hits[-1]
    rest = reading.text[hit.end : span.end]
    asked = reading.text[span.start : hit.start].strip()
    if (asked in ASKING and hit.end == span.end) or (
        hit.start == span.start and rest.strip() in BODIES
    ):
        return []
    name = reading.text[span.start : town.start].rstrip()
    printed = reading.text[town.start : town.end].isupper() and not name.isupper()
    if town.end == span.end and len(name.split()) > 1 and printed:
        return [span.mended("places.person", end=span.start + len(name))]
    if hit.start == span.start and ACRONYM.fullmatch(rest):
        return [span.mended("places.branch", label="ORG")]
    return None


def _hits(reading: Reading) -> list[Hit]:
    """Listed names in the passages, in order and not overlapping, longest first."""
    collected: list[Hit] = []
    for passage in reading.passages:
        offset, end = passage.start_char, passage.end_char
        collected += [_country(reading, offset, match) for match in find_places(passage.text)]
        collected += _listed(reading, offset, end)
    kept: list[Hit] = []
    for hit in sorted(collected, key=lambda hit: (hit.start, -hit.end)):
        if not kept or hit.start >= kept[-1].end:
            kept.append(hit)
    return kept


def _country(reading: Reading, offset: int, match: NameMatch) -> Hit:
    start, end = offset + match.start, offset + match.end
    label: EntityLabel = "NORP" if match.is_demonym else "GPE"
    rule_id = "places.countries"
    if match.kind == "bloc":
        label, rule_id = "ORG", "places.blocs"
    elif match.kind == "capital":
        rule_id = "places.seats"
        if " ".join(reading.text[start:end].split()) in lexicon().houses:
            label = "ORG"
    return Hit(start, end, label, rule_id, match.code, not match.is_ambiguous)


def _listed(reading: Reading, start: int, end: int) -> Iterable[Hit]:
    lists = lexicon()
    for low, high, kind in lists.surfaces.found(reading.text, start, end):
        words = " ".join(reading.text[low:high].split())
        unsure = words in lists.unsure_names or words in lists.unsure_agencies
        label, rule_id = LISTED[kind]
        yield Hit(low, high, label, rule_id, None, not unsure)
