"""The rule file of entities as it is written: its rules, and the word lists they read."""

from __future__ import annotations

from functools import lru_cache

from pipeline.rulebook import Rule, RuleModel, load


class EntityLists(RuleModel):
    """The lists of `entities.toml`; each is explained there."""

    determiners: tuple[str, ...]
    titles: tuple[str, ...]
    non_names: tuple[str, ...]
    small_names: tuple[str, ...]
    non_name_heads: tuple[str, ...]
    non_name_phrases: tuple[str, ...]
    partner_words: tuple[str, ...]
    trade_ends: tuple[str, ...]
    aim_words: tuple[str, ...]
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
    headline_verbs: tuple[str, ...]
    leaders: tuple[str, ...]
    envoys: tuple[str, ...]
    building_heads: tuple[str, ...]
    sure_titles: tuple[str, ...]
    club_openers: tuple[str, ...]
    currency_words: tuple[str, ...]
    state_words: tuple[str, ...]
    managed_words: tuple[str, ...]
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
    people_states: tuple[str, ...]
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
    bloc_members: tuple[str, ...]
    state_matters: tuple[str, ...]
    joining_heads: tuple[str, ...]
    honours: tuple[str, ...]
    inner_words: tuple[str, ...]
    law_words: tuple[str, ...]
    firm_heads: tuple[str, ...]
    staff_nouns: tuple[str, ...]
    body_offices: tuple[str, ...]
    rebel_nouns: tuple[str, ...]
    language_words: tuple[str, ...]
    media_openers: tuple[str, ...]
    creed_nouns: tuple[str, ...]
    place_owned: tuple[str, ...]
    firm_kinds: tuple[str, ...]
    firm_owned: tuple[str, ...]
    chambers: tuple[str, ...]
    named_chambers: tuple[str, ...]
    family_ends: tuple[str, ...]
    no_family_before: tuple[str, ...]
    hyphen_families: tuple[str, ...]
    hyphen_tails: tuple[str, ...]
    paper_words: tuple[str, ...]
    firm_tails: tuple[str, ...]
    plain_staff: tuple[str, ...]
    treaty_words: tuple[str, ...]
    office_heads: tuple[str, ...]
    church_words: tuple[str, ...]


class EntityRules(RuleModel):
    """`entities.toml`: the rules with their reasons, and the lists they use."""

    rules: tuple[Rule, ...]
    lists: EntityLists


@lru_cache(maxsize=1)
def rules() -> EntityRules:
    """The rule file, checked."""
    checked: EntityRules = load("entities.toml", EntityRules)
    return checked
