"""The word lists of `rules/entities.toml`, ready for matching.

The lists are data; what is here only reads them once and compiles the patterns that are
built from them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from pipeline.extract.entities.spans import (
    CAPITAL,
    Sought,
    Surfaces,
    in_front,
    opening_runs,
)
from pipeline.rulebook import Rule, RuleModel, load, load_rows


class EntityLists(RuleModel):
    """The lists of `entities.toml`; each is explained there."""

    determiners: tuple[str, ...]
    titles: tuple[str, ...]
    non_names: tuple[str, ...]
    small_names: tuple[str, ...]
    non_name_heads: tuple[str, ...]
    org_heads: tuple[str, ...]
    org_openers: tuple[str, ...]
    event_heads: tuple[str, ...]
    loc_heads: tuple[str, ...]
    gpe_heads: tuple[str, ...]
    fac_heads: tuple[str, ...]
    regions: tuple[str, ...]
    compass: tuple[str, ...]
    continents: tuple[str, ...]
    continental: tuple[str, ...]
    peoples: tuple[str, ...]
    unsure_names: tuple[str, ...]
    agencies: tuple[str, ...]
    unsure_agencies: tuple[str, ...]
    picture_agencies: tuple[str, ...]
    houses: tuple[str, ...]
    strong_heads: tuple[str, ...]
    name_titles: tuple[str, ...]
    building_heads: tuple[str, ...]
    sure_titles: tuple[str, ...]
    club_openers: tuple[str, ...]
    currency_words: tuple[str, ...]
    state_words: tuple[str, ...]
    fields: tuple[str, ...]
    header_cells: tuple[str, ...]
    particles: tuple[str, ...]
    non_acronyms: tuple[str, ...]
    bodies: tuple[str, ...]
    place_nouns: tuple[str, ...]
    place_kinds: tuple[str, ...]
    body_kinds: tuple[str, ...]
    no_place_before: tuple[str, ...]
    no_place_words: tuple[str, ...]
    travel_words: tuple[str, ...]
    role_nouns: tuple[str, ...]
    kin_nouns: tuple[str, ...]
    people_nouns: tuple[str, ...]
    firm_titles: tuple[str, ...]
    loc_openers: tuple[str, ...]
    fac_openers: tuple[str, ...]
    site_heads: tuple[str, ...]
    terrain_heads: tuple[str, ...]
    calendar_words: tuple[str, ...]
    from_words: tuple[str, ...]
    people_openers: tuple[str, ...]
    crowds: tuple[str, ...]
    member_nouns: tuple[str, ...]
    joining_heads: tuple[str, ...]
    honours: tuple[str, ...]
    inner_words: tuple[str, ...]
    law_words: tuple[str, ...]
    firm_heads: tuple[str, ...]
    staff_nouns: tuple[str, ...]
    rebel_nouns: tuple[str, ...]
    language_words: tuple[str, ...]
    media_openers: tuple[str, ...]
    creed_nouns: tuple[str, ...]
    place_owned: tuple[str, ...]
    firm_owned: tuple[str, ...]


class EntityRules(RuleModel):
    """`entities.toml`: the rules with their reasons, and the lists they use."""

    rules: tuple[Rule, ...]
    lists: EntityLists


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The lists as sets and patterns; titles, determiners and non-names in small letters."""

    determiners: frozenset[str]
    titles: frozenset[str]
    non_names: frozenset[str]
    # Titles and determiners; non-names and titles; all three.
    leading_words: frozenset[str]
    plain_words: frozenset[str]
    nameless_words: frozenset[str]
    small_names: frozenset[str]
    non_name_heads: frozenset[str]
    org_heads: frozenset[str]
    event_heads: frozenset[str]
    loc_heads: frozenset[str]
    gpe_heads: frozenset[str]
    fac_heads: frozenset[str]
    unsure_names: frozenset[str]
    unsure_agencies: frozenset[str]
    houses: frozenset[str]
    particles: frozenset[str]
    non_acronyms: frozenset[str]
    known_words: frozenset[str]
    surfaces: Surfaces
    agencies: frozenset[str]
    organisation_phrase: Sought
    club: Sought
    titled_person: Sought
    title_of: Sought
    title_of_field: re.Pattern[str]
    field_words: frozenset[str]
    name_behind: re.Pattern[str]
    non_name_tail: re.Pattern[str]
    no_mention_behind: re.Pattern[str]
    state_behind: re.Pattern[str]
    state_before: Sought
    strong_heads: frozenset[str]
    sure_titles: frozenset[str]
    currency_words: frozenset[str]
    offices: frozenset[str]
    building_heads: frozenset[str]
    header_cells: frozenset[str]
    no_place_before: frozenset[str]
    no_place_words: frozenset[str]
    firm_titles: frozenset[str]
    loc_openers: frozenset[str]
    fac_openers: frozenset[str]
    site_heads: frozenset[str]
    terrain_heads: frozenset[str]
    people_nouns: frozenset[str]
    role_nouns: frozenset[str]
    calendar_words: frozenset[str]
    people_openers: frozenset[str]
    crowds: frozenset[str]
    joining_heads: frozenset[str]
    inner_words: frozenset[str]
    law_words: frozenset[str]
    firm_heads: frozenset[str]
    staff_behind: re.Pattern[str]
    rebels_behind: re.Pattern[str]
    media_openers: frozenset[str]
    honours: frozenset[str]
    honour_behind: re.Pattern[str]
    language_before: re.Pattern[str]
    creed_behind: re.Pattern[str]
    place_owned: re.Pattern[str]
    firm_owned: re.Pattern[str]
    from_before: Sought
    member_before: Sought
    member_behind: re.Pattern[str]
    place_kinds: frozenset[str]
    body_kinds: frozenset[str]
    office_phrases: frozenset[str]
    place_of: Sought
    place_kind_behind: re.Pattern[str]
    travel_before: Sought
    role_before: Sought
    kin_before: Sought
    people_behind: re.Pattern[str]
    capitalised_name: re.Pattern[str]


@lru_cache(maxsize=1)
def rules() -> EntityRules:
    """The rule file, checked."""
    checked: EntityRules = load("entities.toml", EntityRules)
    return checked


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """The lists of `entities.toml`, compiled at the first call."""
    lists = rules().lists
    titles = _small(lists.titles)
    heads = (lists.org_heads, lists.event_heads, lists.loc_heads, lists.gpe_heads, lists.fac_heads)
    return Lexicon(
        determiners=frozenset(lists.determiners),
        titles=titles,
        non_names=frozenset(lists.non_names),
        leading_words=titles.union(lists.determiners),
        plain_words=titles.union(lists.non_names),
        nameless_words=titles.union(lists.non_names, lists.determiners),
        small_names=frozenset(lists.small_names),
        non_name_heads=frozenset(lists.non_name_heads),
        org_heads=frozenset(lists.org_heads),
        event_heads=frozenset(lists.event_heads),
        loc_heads=frozenset(lists.loc_heads),
        gpe_heads=frozenset(lists.gpe_heads),
        fac_heads=frozenset(lists.fac_heads),
        unsure_names=frozenset(lists.unsure_names),
        unsure_agencies=frozenset(lists.unsure_agencies),
        houses=frozenset(lists.houses),
        particles=frozenset(lists.particles),
        non_acronyms=frozenset(lists.non_acronyms),
        known_words=frozenset(word for words in heads for word in words) | _words(lists),
        surfaces=Surfaces(_surfaces(lists)),
        agencies=frozenset(lists.agencies),
        organisation_phrase=_organisation_phrase(lists),
        club=Sought(
            re.compile(rf"\b(?:{either(lists.club_openers)}) [A-Z][\w'-]+"),
            opening_runs(lists.club_openers),
        ),
        titled_person=Sought(
            re.compile(
                rf"\b(?<!-)(?:(?:{either(lists.name_titles)})[ \n]){{0,3}}"
                rf"(?P<title>{either(lists.name_titles)})[ \n]{_name(lists)}"
            ),
            opening_runs(lists.name_titles),
        ),
        title_of=in_front(
            rf"\b(?<!-)(?:{either(lists.name_titles)})[ \n]of[ \n](?:the[ \n])?",
            "of",
            "the",
            words=lists.name_titles,
        ),
        field_words=frozenset(word for field in lists.fields for word in field.split()) | {"and"},
        title_of_field=re.compile(
            rf"(?<![\w-])(?:Minister|Secretary|Undersecretary)[ \n](?:of|for)[ \n](?:the[ \n])?"
            rf"(?:{either(lists.fields)})"
            rf"(?:(?:,|,?[ \n](?:and|&))?[ \n](?:{either(lists.fields)})){{0,7}}[ \n]"
            rf"(?!(?:{either(lists.fields)})(?!\w)){_name(lists)}"
        ),
        name_behind=re.compile(rf"[ \n]{_name(lists)}"),
        non_name_tail=re.compile(
            rf"(?:[ -][A-Z][\w'-]{{0,20}}){{0,4}}? (?:{either(lists.non_name_heads)})"
            r"(?![\w-]|[ \n][A-Z])"
        ),
        no_mention_behind=re.compile(
            rf"-speaking|-language|[ \n]language|[ \n](?:{either(lists.currency_words)})\b"
        ),
        state_behind=re.compile(rf"[ \n](?:{either(lists.state_words)})\b"),
        state_before=in_front(
            rf"\b(?:{either(lists.state_words)})[ \n](?:of|to|in|with)[ \n](?:the[ \n])?",
            *("of", "to", "in", "with", "the"),
        ),
        strong_heads=frozenset(lists.strong_heads),
        sure_titles=frozenset(lists.sure_titles),
        currency_words=frozenset(lists.currency_words),
        offices=frozenset(title.rstrip(".").upper() for title in lists.name_titles),
        building_heads=frozenset(lists.building_heads),
        header_cells=frozenset(lists.header_cells),
        no_place_before=frozenset(lists.no_place_before),
        no_place_words=frozenset(lists.no_place_words),
        firm_titles=frozenset(lists.firm_titles),
        loc_openers=frozenset(lists.loc_openers),
        fac_openers=frozenset(lists.fac_openers),
        site_heads=frozenset(lists.site_heads),
        terrain_heads=frozenset(lists.terrain_heads),
        people_nouns=frozenset(lists.people_nouns),
        role_nouns=frozenset(lists.role_nouns),
        calendar_words=frozenset(lists.calendar_words),
        people_openers=frozenset(lists.people_openers),
        crowds=frozenset(lists.crowds),
        joining_heads=frozenset(lists.joining_heads),
        inner_words=frozenset(lists.inner_words),
        law_words=frozenset(lists.law_words),
        firm_heads=frozenset(lists.firm_heads),
        staff_behind=re.compile(
            rf"[ \n](?:{either(lists.staff_nouns)})[ \n](?={CAPITAL}[^\W\d_]+[ \n]{CAPITAL})"
        ),
        rebels_behind=re.compile(rf"[ \n](?:{either(lists.rebel_nouns)})\b"),
        media_openers=frozenset(lists.media_openers),
        honours=frozenset(lists.honours),
        honour_behind=re.compile(rf"[ \n,]+(?:{either(lists.honours)})\.?$"),
        language_before=re.compile(
            rf"(?<!\w)(?:{either(lists.language_words)})[ \n]"
            rf"(?:(?:in|into|from)[ \n])?"
            rf"(?:{CAPITAL}[a-zé]{{3,15}}(?:,[ \n]|,?[ \n]and[ \n])){{0,3}}$"
        ),
        creed_behind=re.compile(rf"[ \n](?:{either(lists.creed_nouns)})\b"),
        place_owned=re.compile(rf"[ \n](?:{either(lists.place_owned)})\b"),
        firm_owned=re.compile(
            rf"[ \n](?:{either(lists.firm_owned)})\b"
            r"(?![ \n](?:the|an?|his|her|their|its|this|that|with|in)\b)"
        ),
        from_before=in_front(rf"\b(?i:{either(lists.from_words)})[ \n]from[ \n]", "from"),
        member_before=in_front(
            rf"\b(?:{either(lists.member_nouns)})[ \n](?:of|from)[ \n](?:the[ \n])?",
            *("of", "from", "the"),
            words=lists.member_nouns,
        ),
        member_behind=re.compile(rf"[ \n](?:{either(lists.member_nouns)})\b"),
        place_kinds=frozenset(lists.place_kinds),
        body_kinds=frozenset(lists.body_kinds),
        office_phrases=frozenset(title for title in lists.name_titles if " " in title),
        place_of=in_front(rf"\b(?i:{either(lists.place_nouns)})[ \n]of[ \n]", "of"),
        place_kind_behind=re.compile(
            rf"[ \n](?:{either(lists.place_kinds)})\b"
            rf"|,[ \n](?:a|the)[ \n](?:[a-z-]{{1,15}}[ \n]){{0,3}}"
            rf"(?:{either(lists.place_kinds)})\b"
        ),
        travel_before=in_front(
            rf"\b(?:{either(lists.travel_words)})[ \n](?:back[ \n])?(?:from|to)[ \n]",
            *("from", "to"),
            words=lists.travel_words,
        ),
        role_before=in_front(
            rf"\b(?:{either(lists.role_nouns)})(?:[ \n]of(?:[ \n][a-z'-]{{1,15}}){{1,3}})?,[ \n]",
            ",",
            words=lists.role_nouns,
        ),
        kin_before=in_front(rf"\b(?:{either(lists.kin_nouns)}),[ \n]", ","),
        people_behind=re.compile(
            rf"(?:[ \n]and[ \n][A-Z][\w'-]{{1,20}})?[ \n](?:{either(lists.people_nouns)})\b"
        ),
        capitalised_name=re.compile(_name(lists)),
    )


def _small(words: Iterable[str]) -> frozenset[str]:
    return frozenset(word.lower() for word in words)


def _words(lists: EntityLists) -> frozenset[str]:
    """Words of places, peoples and titles: never a part of a person's name.

    Words of longer names, as `San` and `Francisco`, are left out: persons have them too.
    """
    listed = (*lists.regions, *lists.peoples, *lists.titles, *lists.non_name_heads, *_towns())
    return frozenset(phrase for phrase in listed if " " not in phrase)


def _towns() -> list[str]:
    """Towns and provinces without a code of their own."""
    return [name for (name,) in load_rows("towns.csv", ("name",))]


def either(words: Iterable[str]) -> str:
    """An alternation of words, longest first, in which a blank may be a line break.

    Words with the same first letter share a branch: at most positions of a text one look at
    each letter settles it, and a list of fifty nouns is passed over in half the time.

    Example:
        >>> bool(re.fullmatch(either(["dam", "dam wall"]), "dam" + chr(10) + "wall"))
        True
    """
    branches: dict[str, list[str]] = {}
    for word in sorted(set(words), key=lambda word: (-len(word), word)):
        rest = re.escape(word[1:]).replace(r"\ ", r"[ \n]")
        branches.setdefault(re.escape(word[0]), []).append(rest)
    return "|".join(f"{first}(?:{'|'.join(rests)})" for first, rests in branches.items())


def _surfaces(lists: EntityLists) -> dict[str, str]:
    """Label of each listed name; where two lists have it the first decides."""
    listed: dict[str, str] = {}
    lands = [f"{part} {land}" for part in lists.compass for land in lists.continents]
    folks = [f"{part} {folk}" for part in lists.compass for folk in lists.continental]
    for label, names in (
        ("LOC", (*lists.regions, *lands)),
        ("GPE", _towns()),
        ("NORP", (*lists.peoples, *folks)),
        ("ORG", (*lists.agencies, *lists.bodies)),
    ):
        for name in names:
            listed.setdefault(name, label)
    for name, label in load_rows("known_names.csv", ("name", "label")):
        listed.setdefault(name, label)
    return listed


def _name(lists: EntityLists) -> str:
    """Pattern of the capitalised words, initials and particles of a person's name."""
    word = rf"(?:{CAPITAL}[a-z]?\.|{CAPITAL}[^\W\d_]*(?:['-][^\W\d_]+)*)"
    small = either(lists.particles)
    first = rf"{CAPITAL}[^\W\d_]+(?:['-][^\W\d_]+)*"
    return rf"(?P<name>{first}(?:[ \n](?:(?:{small})[ \n-])?{word}){{0,4}})"


def _organisation_phrase(lists: EntityLists) -> Sought:
    """`Ministry of Land and Water`: an opener, `of`, `for` or `on`, and capitalised words."""
    word = r"(?:(?:[A-Z]\.){2,3}|[A-Z][\w&-]*(?:'(?!s\b)\w+)?)"
    pattern = re.compile(
        rf"\b(?<!-)(?:{word}[ \n]){{0,3}}(?:{either(lists.org_openers)})[ \n](?:of|for|on)[ \n]"
        rf"(?:the[ \n])?(?!(?:{either(lists.calendar_words)})\b){word}"
        rf"(?:(?:,[ \n]|[ \n](?:(?:and|&|(?:of|for|on)(?:[ \n]the)?)[ \n])?)"
        rf"(?!(?:{either(lists.org_openers)})[ \n](?:of|for|on)\b){word}){{0,7}}"
    )
    return Sought(pattern, opening_runs(lists.org_openers))
