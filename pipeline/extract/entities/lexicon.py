"""The word lists of `rules/entities.toml` as sets, and every listed name with its label.

The lists are data; what is here only reads them once and puts together those that are asked
together.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from pipeline.extract.entities.listed import Surfaces
from pipeline.extract.entities.lists import EntityLists, rules
from pipeline.extract.names import identify
from pipeline.rulebook import load_rows


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The lists as sets; titles, determiners and non-names in small letters."""

    determiners: frozenset[str]
    titles: frozenset[str]
    non_names: frozenset[str]
    # Titles and determiners; non-names and titles; all three.
    leading_words: frozenset[str]
    plain_words: frozenset[str]
    nameless_words: frozenset[str]
    small_names: frozenset[str]
    non_name_heads: frozenset[str]
    non_name_phrases: frozenset[str]
    # The last word of each.
    phrase_ends: frozenset[str]
    partner_words: frozenset[str]
    trade_ends: frozenset[str]
    aim_words: frozenset[str]
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
    field_words: frozenset[str]
    managed_words: frozenset[str]
    strong_heads: frozenset[str]
    sure_titles: frozenset[str]
    currency_words: frozenset[str]
    offices: frozenset[str]
    headline_verbs: frozenset[str]
    leaders: frozenset[str]
    building_heads: frozenset[str]
    header_cells: frozenset[str]
    no_place_before: frozenset[str]
    no_place_words: frozenset[str]
    firm_titles: frozenset[str]
    loc_openers: frozenset[str]
    fac_openers: frozenset[str]
    site_heads: frozenset[str]
    terrain_heads: frozenset[str]
    people_states: frozenset[str]
    people_nouns: frozenset[str]
    role_nouns: frozenset[str]
    calendar_words: frozenset[str]
    people_openers: frozenset[str]
    crowds: frozenset[str]
    joining_heads: frozenset[str]
    inner_words: frozenset[str]
    law_words: frozenset[str]
    firm_heads: frozenset[str]
    media_openers: frozenset[str]
    honours: frozenset[str]
    chambers: frozenset[str]
    named_chambers: frozenset[str]
    given_names: frozenset[str]
    family_names: frozenset[str]
    family_ends: tuple[str, ...]
    family_openers: frozenset[str]
    hyphen_families: frozenset[str]
    hyphen_tails: frozenset[str]
    paper_words: frozenset[str]
    firm_tails: frozenset[str]
    plain_staff: frozenset[str]
    place_kinds: frozenset[str]
    body_kinds: frozenset[str]
    office_phrases: frozenset[str]
    office_heads: frozenset[str]
    church_words: frozenset[str]
    bloc_members: frozenset[str]
    state_matters: frozenset[str]


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """The lists of `entities.toml` as sets, made at the first call."""
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
        non_name_phrases=frozenset(lists.non_name_phrases),
        phrase_ends=frozenset(phrase.split()[-1] for phrase in lists.non_name_phrases),
        partner_words=frozenset(lists.partner_words),
        trade_ends=frozenset(lists.trade_ends),
        aim_words=frozenset(lists.aim_words),
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
        field_words=frozenset(word for field in lists.fields for word in field.split()) | {"and"},
        managed_words=frozenset(lists.managed_words),
        strong_heads=frozenset(lists.strong_heads),
        sure_titles=frozenset(lists.sure_titles),
        currency_words=frozenset(lists.currency_words),
        offices=frozenset(title.rstrip(".").upper() for title in lists.name_titles),
        headline_verbs=frozenset(lists.headline_verbs),
        leaders=frozenset(lists.leaders),
        building_heads=frozenset(lists.building_heads),
        header_cells=frozenset(lists.header_cells),
        no_place_before=frozenset(lists.no_place_before),
        no_place_words=frozenset(lists.no_place_words),
        firm_titles=frozenset(lists.firm_titles),
        loc_openers=frozenset(lists.loc_openers),
        fac_openers=frozenset(lists.fac_openers),
        site_heads=frozenset(lists.site_heads),
        terrain_heads=frozenset(lists.terrain_heads),
        people_states=frozenset(lists.people_states),
        people_nouns=frozenset(lists.people_nouns),
        role_nouns=frozenset(lists.role_nouns),
        calendar_words=frozenset(lists.calendar_words),
        people_openers=frozenset(lists.people_openers),
        crowds=frozenset(lists.crowds),
        joining_heads=frozenset(lists.joining_heads),
        inner_words=frozenset(lists.inner_words),
        law_words=frozenset(lists.law_words),
        firm_heads=frozenset(lists.firm_heads),
        media_openers=frozenset(lists.media_openers),
        honours=frozenset(lists.honours),
        chambers=frozenset(lists.chambers),
        named_chambers=frozenset(lists.named_chambers),
        given_names=frozenset(name for (name,) in load_rows("given_names.csv", ("name",))),
        family_names=frozenset(name for (name,) in load_rows("family_names.csv", ("name",))),
        family_ends=lists.family_ends,
        family_openers=frozenset(
            (*lists.no_family_before, *lists.loc_openers, *lists.fac_openers, *lists.media_openers)
        ),
        hyphen_families=frozenset(lists.hyphen_families),
        hyphen_tails=frozenset(lists.hyphen_tails),
        paper_words=frozenset(lists.paper_words),
        firm_tails=frozenset(lists.firm_tails),
        plain_staff=frozenset(lists.plain_staff),
        place_kinds=frozenset(lists.place_kinds),
        body_kinds=frozenset(lists.body_kinds),
        office_phrases=frozenset(title for title in lists.name_titles if " " in title),
        office_heads=frozenset(lists.office_heads),
        church_words=frozenset(lists.church_words),
        bloc_members=frozenset(lists.bloc_members),
        state_matters=frozenset(lists.state_matters),
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


def is_listed(name: str) -> bool:
    """Whether a name is in a list of names, or that of a state, a bloc or a people.

    Example:
        >>> is_listed("Kenya"), is_listed("Tirvo")
        (True, False)
    """
    return name in lexicon().surfaces or identify(name) is not None


def is_open(words: Sequence[str]) -> bool:
    """Whether nothing is known of a name: it is not listed, and none of its words is a head word.

    Example:
        >>> is_open(["Tirvo"]), is_open(["Tirvo", "Ministry"])
        (True, False)
    """
    known = lexicon().known_words
    return not is_listed(" ".join(words)) and known.isdisjoint(words)
