"""Fixed words around a name with one slot: `Hanoi-based X`, `X, capital of`.

Such words leave no doubt about what fills the slot, whatever the model took it for, as long as
the words are no listed name and no part of a person that the document names in full.  The second
half of the module mends names that were cut short: a compass word, a Soviet republic, a first
king, a hospital after the person it is called by, and the number of an amount.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pipeline.extract.entities.clubs import results
from pipeline.extract.entities.cues import people_of
from pipeline.extract.entities.lexicon import is_open, lexicon
from pipeline.extract.entities.spans import CAPITAL, Ground, Reading, Span, found, laid
from pipeline.extract.names import identify
from schemas.tables import EntityLabel

FIXED = ("places", "agencies", "dateline", "heads", "acronyms", "persons", "clubs", "namesakes")
LOOK_BACK = 60
ANY = re.compile("")
FIRMS = (
    r"(?:firm|company|start-up|startup|bank|insurer|retailer|airline|drugmaker|carmaker|chipmaker|"
    r"lender|conglomerate|manufacturer|brewer|broadcaster|newspaper)"
)


@dataclass(frozen=True, slots=True)
class Frame:
    """Patterns in front of a name and behind it, what it may be called, and what it is."""

    rule_id: str
    label: EntityLabel
    mistaken: tuple[EntityLabel, ...]
    before: re.Pattern[str] = ANY
    behind: re.Pattern[str] = ANY
    most_words: int = 1


# `Tirvo said on Monday it had agreed to buy`: what a firm says of itself.
SAYS_IT = re.compile(
    r"[ \n](?:said|says|announced)(?:[ \n]on)?(?:[ \n][A-Z][a-z]+day)?(?:[ \n]that)?[ \n]it[ \n]"
    r"(?:(?:has|had)[ \n](?:agreed|signed|bought|sold|acquired|completed|raised|hired|cut)"
    r"|(?:will|would|plans[ \n]to|planned[ \n]to|expects[ \n]to|expected[ \n]to)[ \n]"
    r"(?:buy|sell|cut|invest|raise|launch|open|build|acquire|hire|close|expand|keep|pay|spend))\b"
)
# `Tirvo, the Peruvian arm of`: whatever it is, an organisation.
ARM_BEHIND = re.compile(
    rf",[ \n](?:the|an?)[ \n](?:{CAPITAL}?[a-z-]{{1,15}}[ \n]){{0,2}}"
    r"(?:arm|branch|wing|chapter|affiliate|subsidiary|offshoot|sister[ \n]company)"
    r"[ \n]of[ \n](?!(?:her|his|their|my)\b)"
)
FRAMES = (
    Frame(
        "frames.firm",
        "ORG",
        ("GPE", "PERSON", "LOC", "FAC"),
        before=re.compile(rf"(?<![\w-]){CAPITAL}[\w'-]{{2,20}}-based[ \n]$"),
    ),
    Frame(
        "frames.firm",
        "ORG",
        ("GPE", "PERSON", "LOC", "NORP"),
        behind=re.compile(
            rf",[ \n]an?[ \n](?:{CAPITAL}[\w-]{{2,20}}[ \n])?(?:[a-z-]{{2,15}}[ \n]){{0,2}}"
            rf"{FIRMS}\b"
        ),
    ),
    Frame(
        "frames.firm",
        "ORG",
        ("GPE", "PERSON", "LOC"),
        before=re.compile(
            r"\braised[ \n][^.;\n]{1,25}[ \n](?:million|billion)[ \n]from[ \n]$"
            r"|(?<!\w)(?:made|manufactured|marketed|operated)[ \n]by[ \n]$"
        ),
    ),
    Frame(
        "frames.firm",
        "ORG",
        ("GPE", "PERSON", "LOC", "NORP"),
        before=re.compile(r"(?<!\w)[Ss]hares[ \n](?:of|in)[ \n]$"),
        most_words=2,
    ),
    Frame(
        "frames.firm",
        "ORG",
        ("GPE", "PERSON", "LOC", "NORP"),
        behind=re.compile(
            r",[ \n](?:which[ \n]is[ \n])?(?:based|headquartered)[ \n]in[ \n](?=[A-Z])"
        ),
        most_words=2,
    ),
    Frame(
        "frames.firm",
        "ORG",
        ("GPE", "PERSON", "LOC", "NORP"),
        behind=SAYS_IT,
        most_words=2,
    ),
    Frame(
        "frames.ruling",
        "ORG",
        ("GPE", "PERSON", "LOC", "FAC"),
        before=re.compile(r"(?<!\w)[Rr]uling[ \n]$"),
        most_words=2,
    ),
    Frame(
        "frames.power",
        "PERSON",
        ("GPE", "ORG", "LOC", "NORP"),
        before=re.compile(r"[Tt]he[ \n]$"),
        behind=re.compile(r"[ \n](?:administration|presidency)\b"),
    ),
    Frame(
        "frames.visit",
        "PERSON",
        ("ORG", "GPE", "LOC", "NORP"),
        behind=re.compile(r"'s[ \n](?:(?:19|20)\d\d[ \n])?(?:state|official|working)[ \n]visit\b"),
    ),
    Frame(
        "frames.podium",
        "PERSON",
        ("ORG", "GPE", "LOC", "NORP"),
        behind=re.compile(
            r"[ \n]told[ \n](?:an?|the|his|her)[ \n](?:[a-z-]{2,12}[ \n]){0,2}"
            r"(?:conference|briefing|rally|gathering|hearing|audience|crowd)\b"
        ),
    ),
    Frame(
        "frames.arm",
        "ORG",
        ("GPE", "PERSON", "LOC", "NORP", "FAC"),
        behind=ARM_BEHIND,
        most_words=3,
    ),
    Frame(
        "frames.capital",
        "GPE",
        ("PERSON", "ORG", "NORP", "LOC"),
        behind=re.compile(r",[ \n](?:the[ \n])?(?:[a-z]{4,12}[ \n])?capital[ \n]of\b"),
        most_words=3,
    ),
    Frame(
        "frames.banks",
        "LOC",
        ("PERSON", "ORG", "NORP", "GPE", "FAC"),
        before=re.compile(r"[Tt]he[ \n]$"),
        behind=re.compile(
            r"[ \n](?:has[ \n]|had[ \n])?(?:burst|overflowed|broke|broken)[ \n]its[ \n]banks\b"
        ),
        most_words=2,
    ),
    Frame(
        "frames.ruler",
        "PERSON",
        ("GPE", "ORG", "NORP", "LOC", "FAC"),
        before=re.compile(
            r"(?<!\w)(?:king|queen|emperor|empress|sultan|tsar|shah|pharaoh|prince|princess|"
            r"duke|duchess)[ \n]$"
        ),
        most_words=2,
    ),
    Frame(
        "frames.paper",
        "ORG",
        ("GPE", "PERSON", "LOC"),
        before=re.compile(r"(?<!\w)[Pp]ublished[ \n](?:in|by)[ \n]$"),
        behind=re.compile(r",[ \n]"),
        most_words=2,
    ),
    Frame(
        "frames.article",
        "ORG",
        ("PERSON",),
        before=re.compile(r"[Tt]he[ \n]$"),
        behind=re.compile(r"[ \n](?:would[ \n]not[ \n]comment|declined[ \n]to[ \n]comment)\b"),
    ),
    Frame(
        "frames.team",
        "ORG",
        ("GPE", "PERSON", "FAC", "LOC"),
        before=re.compile(
            r"\b(?:plays|played|signed|scored|debut|the[ \n]goals?)[ \n]for[ \n]"
            rf"(?:{CAPITAL}[\w-]{{2,20}}(?:[ \n]{CAPITAL}[\w-]{{2,20}})?[ \n]and[ \n])?$"
        ),
        behind=re.compile(r"[.,;]|[ \n](?:and|in|until|before|after|on|from)\b"),
        most_words=2,
    ),
)
# Between a person and a town: `Ana Vula, from X,`, `Ana Vula, 41, from X.`.
HOME = re.compile(r",[ \n](?:[1-9]\d,[ \n])?from[ \n]")
ALIAS = re.compile(
    r",[ \n](?:(?:better|also|widely|popularly|commonly)[ \n])?(?:known[ \n]as|nicknamed)[ \n]\"?"
)
OF = re.compile(r"[ \n]of[ \n]")
ENDS = re.compile(r"[.,;]|[ \n](?:in|on|at|over|for|after|who)\b")
MAYOR = re.compile(r"(?<!\w)(?:[Mm]ayor|[Gg]overnor|[Bb]ishop|[Aa]rchbishop|[Ss]heriff)[ \n]$")
COMPASS = re.compile(r"(?<![\w-])(?:East|West|North|South|Upper|Lower|Central|Greater)[ \n]$")
# `in Eastern Kenya`: with a capital it is a land of that name.
PART_OF_LAND = re.compile(
    r"[a-z,][ \n]((?:(?:North|South)(?:-?[Ee]ast|-?[Ww]est)?|East|West|Central)(?:ern)?)[ \n]$"
)
SOVIET = re.compile(r"[ \n]A?SSR(?!\w)")
# `the Peruvian Soviet Socialist Republic`, `Kuno Democratic Republic`.
REPUBLIC = re.compile(
    r"(?:[ \n](?:Autonomous|Soviet|Socialist|Democratic|Federative|Federal|Arab|Islamic|Popular|"
    r"People's|Communist|First|Second|Third|Fourth|Fifth)){1,3}[ \n]Republic(?!\w)"
)
LONE_REPUBLIC = re.compile(r"[ \n]Republic(?!\w)")
FIRST_KING = re.compile(
    rf"(?<!\w)(?:of|under|by|[Kk]ing|[Qq]ueen|[Ee]mperor|[Pp]ope|[Tt]sar|[Ss]hah|[Ss]ultan)[ \n]"
    rf"(?P<name>{CAPITAL}[^\W\d_]{{2,20}}[ \n]I)(?=[,.;)]|[ \n](?:of|in|and|was|had)\b)"
)
AMOUNT = re.compile(r"[ \n]\d[\d.,]*$")
AMOUNT_BEHIND = re.compile(r"[ \n](?:million|billion|trillion|per[ \n]?cent)\b")
# Where people meet beside the agenda.
SIDELINES = re.compile(r"(?<!\w)(?:sidelines|margins|occasion)[ \n]of[ \n](?:the[ \n])?$")
# `will attend the Kuno Business Forum`: where money is spoken of it meets once.
ATTENDING = re.compile(
    r"(?<!\w)(?:participat(?:e|es|ed|ing)[ \n]in|attend(?:s|ed|ing)?|address(?:ed|es)?|opened|"
    r"opening[ \n]of|inaugurated)[ \n](?:(?:the|a|an)[ \n])?$"
)
TRADES = frozenset(
    {"Economic", "Business", "Investment", "Trade", "Innovation", "Tourism", "Energy"}
)
MEETINGS = ("Forum", "Conference", "Dialogue", "Symposium", "Congress", "Convention", "Exhibition")
# `the Kuno-Tirvo Gas Pipeline`: what runs from place to place.
LINE = re.compile(
    rf"(?:[ \n]{CAPITAL}[a-z]{{2,15}})?[ \n](?:Pipeline|Railway|Railroad|Highway|Expressway|"
    r"Motorway|Canal|Tunnel|Bridge|Road|Interconnector)(?!\w)"
)
HOUSES = ("Hospital", "University", "College", "School", "Airport", "Stadium")


def with_frames(reading: Reading, spans: list[Span]) -> list[Span]:
    """The spans with the labels that fixed words around them tell, and cut names whole."""
    spans = laid([*_first_kings(reading, spans), *_wholes(reading, spans)])
    people = people_of(reading, spans)
    before: Span | None = None
    framed: list[Span] = []
    for span in spans:
        before = _framed(reading, span, before, people)
        framed.append(before)
    return framed


def _framed(
    reading: Reading, span: Span, before: Span | None, people: Mapping[str, set[str]]
) -> Span:
    parts = reading.words(span).split()
    if _is_meeting(reading, span, parts):
        return span.mended("frames.meeting", label="EVENT")
    fixed = span.rule_id.startswith(FIXED) or span.label in ("EVENT", "LAW", "WORK_OF_ART")
    if fixed or not _is_open(parts):
        return span
    behind_person = before is not None and before.label == "PERSON" and before.end < span.start
    told = _beside_person(reading, span, before) if before is not None and behind_person else None
    if told is not None and len(parts) <= 2:
        return span.mended(f"frames.{told[0]}", label=told[1])
    if any(people.get(part, set()) - {" ".join(parts)} for part in parts):
        return span
    text = reading.text
    for frame in FRAMES:
        if (
            span.label in frame.mistaken
            and len(parts) <= frame.most_words
            and frame.behind.match(text, span.end)
            and frame.before.search(text, max(0, span.start - LOOK_BACK), span.start)
        ):
            return span.mended(frame.rule_id, label=frame.label)
    return span


def _is_meeting(reading: Reading, span: Span, parts: list[str]) -> bool:
    """`on the sidelines of the Kuno Forum`: an event; a body has no sidelines."""
    if span.label != "ORG" or len(parts) < 2 or parts[-1] not in MEETINGS:
        return False
    low = max(0, span.start - LOOK_BACK)
    if SIDELINES.search(reading.text, low, span.start) is not None:
        return True
    traded = parts[-2] in TRADES and parts[0] != "World"
    return traded and ATTENDING.search(reading.text, low, span.start) is not None


def _beside_person(reading: Reading, span: Span, person: Span) -> tuple[str, EntityLabel] | None:
    """What a name behind a person is: the home, the town of the mayor, or another name."""
    text = reading.text
    if span.start - person.end > LOOK_BACK or " " not in reading.words(person):
        return None
    if HOME.fullmatch(text, person.end, span.start) and ENDS.match(text, span.end):
        return ("home", "GPE")
    if ALIAS.fullmatch(text, person.end, span.start):
        return ("alias", "PERSON")
    low = max(0, person.start - LOOK_BACK)
    if OF.fullmatch(text, person.end, span.start) and MAYOR.search(text, low, person.start):
        return ("home", "GPE")
    return None


def _is_open(parts: list[str]) -> bool:
    """Whether nothing is known of the words: no state, list, head word or acronym."""
    is_nation = " ".join(parts) in results().nations
    return is_open(parts) and not is_nation and not any(map(str.isupper, parts))


def _first_kings(reading: Reading, spans: list[Span]) -> Iterator[Span]:
    """`a daughter of Amanulu I,`: the number is no pronoun where its clause ends."""
    ground = Ground(spans)
    for passage in reading.passages:
        for match in FIRST_KING.finditer(reading.text, passage.start_char, passage.end_char):
            start, end = match.span("name")
            name = match.group("name").split()[0]
            over = ground.over(start, end)
            if not _is_open([name]) or name in lexicon().no_place_words:
                continue
            if all(start <= span.start and span.end <= end for span in over):
                yield found(start, end, "PERSON", "frames.king")


def _wholes(reading: Reading, spans: list[Span]) -> Iterator[Span]:
    """The spans, each with the words that were cut from it."""
    joined: Span | None = None
    for number, span in enumerate(spans):
        if joined is not None and span.start < joined.end:
            continue
        behind = spans[number + 1] if number + 1 < len(spans) else None
        joined = _line(reading, span, behind) or _whole(reading, span, behind)
        yield joined


def _line(reading: Reading, first: Span, second: Span | None) -> Span | None:
    """`the Kenya-Uganda Pipeline`: two places, and what runs between them."""
    if second is None or not first.label == second.label == "GPE":
        return None
    if reading.text[first.end : second.start] not in ("-", "\u2013"):
        return None
    line = LINE.match(reading.text, second.end)
    return None if line is None else first.mended("frames.line", end=line.end(), label="FAC")


def _republic_end(text: str, span: Span) -> int | None:
    """Where a republic ends that opens with its people or its land; None where there is none."""
    if not text[span.end + 1 : span.end + 2].isupper():
        return None
    soviet = SOVIET.match(text, span.end) if span.label == "NORP" else None
    if soviet is not None:
        return soviet.end()
    republic = REPUBLIC.match(text, span.end) if span.label in ("NORP", "GPE", "ORG") else None
    if republic is None and span.label == "GPE" and span.rule_id == "places.towns":
        # `Nagorno-Karabakh Republic`: a land that calls itself a state.
        republic = LONE_REPUBLIC.match(text, span.end)
    # Not `Kenyan People's Republic Party`, a name that goes on.
    if republic is None or text[republic.end() : republic.end() + 2].strip()[:1].isupper():
        return None
    return republic.end()


def _whole(reading: Reading, span: Span, behind: Span | None) -> Span:
    text = reading.text
    republic = _republic_end(text, span)
    if republic is not None:
        return span.mended("frames.republic", end=republic, label="GPE")
    part = PART_OF_LAND.search(text, max(0, span.start - 16), span.start)
    if span.label == "GPE" and span.rule_id == "places.countries" and part is not None:
        return span.mended("frames.part", start=part.start(1), label="LOC")
    if span.label == "GPE" and span.rule_id in {"places.towns", "model"}:
        compass = COMPASS.search(text, max(0, span.start - 10), span.start)
        if compass is not None and identify(reading.words(span)) is None:
            return span.mended("frames.compass", start=compass.start())
    if span.label in ("ORG", "FAC") and AMOUNT_BEHIND.match(text, span.end):
        amount = AMOUNT.search(text, span.start, span.end)
        if amount is not None and amount.start() > span.start:
            return span.mended("clean.trim", end=amount.start())
    if (
        behind is not None
        and span.label in ("ORG", "PERSON", "GPE")
        and behind.label in ("ORG", "FAC")
        and text[span.end : behind.start] == " "
        and reading.words(behind).split()[-1] in HOUSES
        and identify(reading.words(span)) is None
        and not reading.words(span).isupper()
    ):
        return behind.mended("frames.house", start=span.start)
    return span
