"""Listed names that mention nobody: a tongue, a coin, a ship, the town a treaty was signed in.

The lists of places know the words of a name, and the words around it tell that it is said of
something else: `sings in Fijian`, `60 US dollars`, `the Treaty of Rome`, `USS Kemi`.
"""

from __future__ import annotations

import re

from pipeline.extract.entities.calling_book import callings
from pipeline.extract.entities.evidence import PLACE_LABELS, Hit
from pipeline.extract.entities.fragments import MODEL_BEHIND
from pipeline.extract.entities.namesakes import is_thing
from pipeline.extract.entities.patterns import patterns
from pipeline.extract.entities.spans import CAPITAL, Reading
from pipeline.extract.names import identify

# `languages: Fijian, Greek and `, `the language is `.
TONGUES_BEFORE = re.compile(
    r"\blanguages?(?: (?:is|are|were|being|include|including))?:?[ \n]"
    rf"(?:{CAPITAL}[\w'-]{{2,20}}(?:,[ \n]|,?[ \n]and[ \n])){{0,4}}$"
)
# `Fijian is the official and most widely spoken language`.
OFFICIAL_BEHIND = re.compile(
    r"[ \n]as[ \n](?:the|an|a)[ \n](?:[a-z-]{2,12}[ \n]){0,3}language\b|"
    r"[ \n](?:is|are|was)[ \n](?:the|an|a|one of the)[ \n](?:[a-z-]{2,12}[ \n,]+){0,5}languages?\b"
)
TAUGHT_BEHIND = re.compile(r"[.,;)]|[ \n](?:in|at|as|and|among|to|by)\b|$")
LANGUAGE_BEHIND = re.compile(r"[.,;:!?)\"]|[ \n](?:and|or|to|with|by|for|on|at|before)\b|$")
IN_TONGUE = re.compile(r"(?<!\w)[Ii]n[ \n]$")
ENDS_SENTENCE = re.compile(r"[.;)]|\"?$|[ \n]\(PDF\b")
# `in the Greek, Arabic and English languages`, `in Greek and Arabic, both texts being authentic`.
TONGUES_BEHIND = re.compile(
    rf"(?:,[ \n]{CAPITAL}[a-zé]{{2,15}}){{0,5}}(?:,?[ \n]and[ \n]{CAPITAL}[a-zé]{{2,15}})?"
    r"(?:[ \n]languages\b|,[ \n](?:all|both|each)[ \n](?:[a-z]{2,6}[ \n]){0,2}texts?\b)"
)
# `(Fijian (PDF`: the tongue of a file.
FILE_BEHIND = re.compile(r"[ \n](?:\(PDF|\[PDF|PDF)\b")
ISLAMIC = re.compile(r"Islamic[ \n]Republic(?!\w|[ \n]of[ \n])")
SIGN_CHARS = 9
TREATY_CHARS = 30
# `Kenya-Africa`, `Kenya - Africa`.
PARTNER_BEFORE = re.compile(r"(?<![\w-])((?:[A-Z][\w.']*[ \n]){0,2}[A-Z][\w.']+)[ ]?[-\u2013][ ]?$")


def is_no_mention(reading: Reading, hit: Hit) -> bool:
    """`US dollars`, `Portuguese-speaking`; a town or people in the name of a programme."""
    if reading.text[max(0, hit.start - 6) : hit.start].lower() == "trans-":
        return True
    if is_thing(reading, hit.start) or _is_in_treaty(reading, hit):
        return True
    if hit.label in PLACE_LABELS and (
        patterns().no_mention_behind.match(reading.text, hit.end) or _is_ship(reading, hit)
    ):
        return True
    if hit.label == "NORP" and (
        _is_language(reading, hit) or _is_file(reading, hit) or _is_republic(reading, hit)
    ):
        return True
    if hit.rule_id == "agencies" and MODEL_BEHIND.match(reading.text, hit.end):
        # `Airbus A320`: the maker in the name of what it makes.
        return True
    # States stay mentioned inside such names: `the Kenya Youth Plan` concerns Kenya.
    of_state = hit.rule_id in ("places.countries", "places.blocs", "agencies")
    if hit.rule_id == "places.regions":
        # `the Kenya-Asia Partnership`: a continent whose partner is a state is one itself.
        of_state = has_partner(reading, hit.start)
    return not of_state and patterns().non_name_tail.match(reading.text, hit.end) is not None


def _is_ship(reading: Reading, hit: Hit) -> bool:
    """`USS Kemi`: the ship is called after the town."""
    low = max(0, hit.start - SIGN_CHARS)
    return callings().ship_sign_before.ends_at(reading, low, hit.start)


def _is_file(reading: Reading, hit: Hit) -> bool:
    """`Speech (Fijian (PDF))`: the tongue of a file."""
    opened = reading.text[hit.start - 1 : hit.start] == "("
    return opened and FILE_BEHIND.match(reading.text, hit.end) is not None


def _is_republic(reading: Reading, hit: Hit) -> bool:
    """`the Islamic Republic`, as `the Kingdom`; with a name behind it is a listed state."""
    return ISLAMIC.match(reading.text, hit.start) is not None


def _is_in_treaty(reading: Reading, hit: Hit) -> bool:
    """`the Treaty of Rome`: where it was signed is a part of its name."""
    low = max(0, hit.start - TREATY_CHARS)
    return hit.label in PLACE_LABELS and patterns().treaty_before.ends_at(reading, low, hit.start)


def _is_language(reading: Reading, hit: Hit) -> bool:
    """`sings in English and Fijian.`: a tongue behind words of speech, before a border."""
    if TONGUES_BEHIND.match(reading.text, hit.end) or OFFICIAL_BEHIND.match(reading.text, hit.end):
        return True
    low = max(0, hit.start - 4)
    if (
        reading.text.endswith(("n ", "n\n"), low, hit.start)
        and IN_TONGUE.search(reading.text, low, hit.start)
        and ENDS_SENTENCE.match(reading.text, hit.end)
    ):
        # `wrote to the people there in Fijian.`: nobody lives in a demonym.
        return not reading.text[hit.start : hit.end].endswith("s")
    if TONGUES_BEFORE.search(reading.text, max(0, hit.start - 90), hit.start):
        return True
    low = max(0, hit.start - 60)
    before = patterns().language_before.search(reading.text, low, hit.start)
    if before is not None and " of " in before.group():
        # `the teaching of Fijian in schools`, but not `of Fijian teachers`.
        return TAUGHT_BEHIND.match(reading.text, hit.end) is not None
    if not LANGUAGE_BEHIND.match(reading.text, hit.end):
        return False
    # `wrote Fijian.` is rare and `taught Fijians.` common: what needs no `in` is speech itself.
    return before is not None and ("in" in before.group().split() or "spe" in before.group()[:3])


def has_partner(reading: Reading, start: int) -> bool:
    """Whether a state and a hyphen stand in front: `Kenya-`."""
    pair = PARTNER_BEFORE.search(reading.text, max(0, start - 40), start)
    return pair is not None and identify(pair.group(1)) is not None
