"""The lists of `callings.toml`, ready for matching: nouns beside names, results of games."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from pipeline.extract.entities.patterns import either
from pipeline.extract.entities.spans import CAPITAL, Sought, in_front, opening_runs
from pipeline.rulebook import Rule, RuleModel, load
from schemas.tables import EntityLabel

NAME = rf"{CAPITAL}[^\W\d_]+(?:['-][^\W\d_]+)*"
WATERS = ("Strait", "Straits", "Gulf", "Bay", "Valley", "Sea", "Lake")
NO_HYPHEN = "(?<!-)"
BODY_HEADS = "Office|Department|Bureau|Council|Chamber|Service|Commission|Guard"


class CallingLists(RuleModel):
    """The lists of `callings.toml`; each is explained there."""

    firm_nouns: tuple[str, ...]
    ship_nouns: tuple[str, ...]
    ship_signs: tuple[str, ...]
    office_nouns: tuple[str, ...]
    body_nouns: tuple[str, ...]
    land_kinds: tuple[str, ...]
    illness_nouns: tuple[str, ...]
    battle_nouns: tuple[str, ...]
    church_nouns: tuple[str, ...]
    tomb_nouns: tuple[str, ...]
    saint_words: tuple[str, ...]
    possessing_offices: tuple[str, ...]
    numbered_words: tuple[str, ...]
    journey_words: tuple[str, ...]
    openers: tuple[str, ...]
    result_verbs: tuple[str, ...]
    sure_result_verbs: tuple[str, ...]
    player_nouns: tuple[str, ...]
    player_words: tuple[str, ...]
    play_words: tuple[str, ...]
    nations: tuple[str, ...]
    deeds: tuple[str, ...]
    offices: tuple[str, ...]
    plain_offices: tuple[str, ...]
    described: tuple[str, ...]
    halls: tuple[str, ...]
    site_nouns: tuple[str, ...]
    named_sites: tuple[str, ...]
    firm_holdings: tuple[str, ...]
    employed: tuple[str, ...]
    namesake_deeds: tuple[str, ...]
    defined_lands: tuple[str, ...]
    arms_nouns: tuple[str, ...]
    defined_towns: tuple[str, ...]
    defined_bodies: tuple[str, ...]
    defined_sites: tuple[str, ...]


class CallingRules(RuleModel):
    """`callings.toml`: the rules with their reasons, and the lists they use."""

    rules: tuple[Rule, ...]
    lists: CallingLists


@dataclass(frozen=True, slots=True)
class Callings:
    """The patterns made of the lists."""

    firm_before: Sought
    firm_name: Sought
    ship_before: Sought
    ship_signs: frozenset[str]
    ship_sign_before: Sought
    office_before: Sought
    body_before: Sought
    land_before: Sought
    land_behind: re.Pattern[str]
    illness_behind: re.Pattern[str]
    arms_behind: re.Pattern[str]
    numbered_words: frozenset[str]
    openers: frozenset[str]
    journey: Sought
    journey_before: Sought
    apposed: re.Pattern[str]
    deed_behind: re.Pattern[str]
    namesake_behind: re.Pattern[str]
    office_comma_before: Sought
    own_office_before: Sought
    office_opener: re.Pattern[str]
    described_behind: re.Pattern[str]
    hall_behind: re.Pattern[str]
    site_before: Sought
    site_behind: re.Pattern[str]
    firm_holding: re.Pattern[str]
    employer: Sought
    forms: tuple[tuple[Sought, EntityLabel, str], ...]
    defined_behind: re.Pattern[str]
    kinds: Mapping[str, EntityLabel]


@lru_cache(maxsize=1)
def calling_rules() -> CallingRules:
    """The rule file, checked."""
    checked: CallingRules = load("callings.toml", CallingRules)
    return checked


@lru_cache(maxsize=1)
def callings() -> Callings:
    """The lists of `callings.toml`, compiled at the first call."""
    lists = calling_rules().lists
    offices = either((*lists.office_nouns, "head", "chief executive"))
    signs = either(lists.ship_signs)
    return Callings(
        firm_before=_noun(lists.firm_nouns, r"[ \n]$"),
        firm_name=_noun(
            lists.firm_nouns,
            rf"[ \n](?P<name>{CAPITAL}\w{{2,20}})(?![\w@'/-]|[ \n]{CAPITAL}|\.\w)",
        ),
        ship_before=_noun(lists.ship_nouns, rf"[ \n](?:(?:{signs})[ \n])?[\"']?$"),
        ship_signs=frozenset(lists.ship_signs),
        # `USS Kemi`; but `40 MT Kenyan tea`.
        ship_sign_before=in_front(rf"(?<![\w./])(?<!\d )(?:{signs})[ \n]", *lists.ship_signs),
        office_before=_noun(lists.office_nouns, r"[ \n]$", before=r"(?<!to )(?<!will )(?<!would )"),
        body_before=in_front(
            rf"\b(?:{either(lists.body_nouns)})[ \n](?:of|for|at)[ \n](?:the[ \n])?",
            "of",
            "for",
            "at",
            "the",
            words=lists.body_nouns,
        ),
        land_before=in_front(r"\bislands?[ \n]of[ \n]", "of", words=("island", "islands")),
        land_behind=re.compile(rf"[ \n](?:{either(lists.land_kinds)})\b"),
        illness_behind=re.compile(rf"[ \n](?:{either(lists.illness_nouns)})\b"),
        arms_behind=re.compile(rf"[ \n](?:{either(lists.arms_nouns)})\b"),
        numbered_words=frozenset(lists.numbered_words),
        openers=frozenset(lists.openers),
        journey=_noun(
            lists.journey_words,
            r"(?:[ \n][\w,'-]{1,20}){0,4}?"
            rf"[ \n]from[ \n](?P<a>{NAME})[ \n]to[ \n](?P<b>{NAME})(?![\w-]|[ \n]{CAPITAL})",
        ),
        journey_before=in_front(
            rf"\b(?:{either(lists.journey_words)})(?:[ \n][a-z\d,'-]{{1,20}}){{0,3}}?"
            r"[ \n](?:from|toward|towards)[ \n]",
            "from",
            "toward",
            "towards",
            words=lists.journey_words,
        ),
        apposed=re.compile(
            rf",[ \n](?:(?:the|a|an)[ \n])?(?:[a-z-]{{1,15}}[ \n]){{0,2}}?(?:{offices})"
            r"[ \n](?:of|for|at)\b"
        ),
        deed_behind=re.compile(rf"[ \n](?:{either(lists.deeds)})\b"),
        namesake_behind=re.compile(
            rf"[ \n](?:{either((*lists.deeds, *lists.namesake_deeds))})\b|, [1-9]\d,|, who\b"
        ),
        office_comma_before=in_front(
            rf"\b{NO_HYPHEN}(?:{either(lists.offices)})"
            rf"(?:[ \n](?:of|for|to|and|the|&|on|in|at|{CAPITAL}[\w'.&-]{{0,25}})){{0,14}},[ \n]",
            ",",
            words=lists.offices,
        ),
        own_office_before=in_front(
            rf"(?:\b(?:[Hh]is|[Hh]er|[Tt]heir)|'s)[ \n](?:[a-z-]{{1,15}}[ \n]){{0,2}}"
            rf"(?:{offices}|agent|cousin|doctor|partner),[ \n]",
            ",",
        ),
        office_opener=re.compile(rf"(?:(?:{either(lists.plain_offices)})[ \n])+"),
        described_behind=re.compile(
            rf",[ \n](?:(?:the|an?|his|her|their)[ \n])?(?:[\w-]{{1,15}}[ \n]){{0,3}}?"
            rf"(?:{either(lists.described)})"
            r"(?=[,.;]|[ \n](?:of|for|at|who|in|from|and|with|told|said|says)\b)"
        ),
        hall_behind=re.compile(rf"[ \n](?:{either(lists.halls)})\b"),
        site_before=in_front(
            rf"\b(?:{either(lists.site_nouns)})[ \n](?:at|in)[ \n]",
            "at",
            "in",
            words=lists.site_nouns,
        ),
        site_behind=re.compile(rf"[ \n](?:{either(lists.named_sites)})\b"),
        firm_holding=re.compile(rf"'s[ \n](?:{either(lists.firm_holdings)})\b"),
        employer=Sought(
            re.compile(
                rf"\b(?i:{either(lists.employed)})[ \n]at[ \n](?P<name>{CAPITAL}[^\W\d_]{{3,20}})"
                rf"(?![\w@'/-]|[ \n]{CAPITAL}|\.\w)"
            ),
            frozenset(("at",)),
        ),
        forms=_forms(lists),
        defined_behind=re.compile(
            r"(?:[ \n]\([^()\n]{1,120}\))?,?[ \n](?:is|was)[ \n](?:an?|the|one[ \n]of[ \n]the)[ \n]"
            r"(?:(?!(?:of|in|the|to|for|with|on|at|by|who|that|which)\b)"
            r"[\w'-]{1,20},?[ \n]){0,6}?"
            rf"(?P<noun>{either(_kinds(lists))})"
            r"(?=[.,;]|[ \n](?:in|of|on|at|that|which|and|located|situated|between|based|founded|"
            r"near|flowing|rising|from|to|with|off|headquartered|lying)\b)"
        ),
        kinds=_kinds(lists),
    )


def _kinds(lists: CallingLists) -> dict[str, EntityLabel]:
    """The label of what is called by a noun behind `is a`."""
    nouns: tuple[tuple[EntityLabel, tuple[str, ...]], ...] = (
        ("LOC", lists.defined_lands),
        ("GPE", lists.defined_towns),
        ("ORG", lists.defined_bodies),
        ("FAC", lists.defined_sites),
    )
    return {noun: label for label, group in nouns for noun in group}


def _noun(nouns: Iterable[str], behind: str, before: str = "") -> Sought:
    """One of some nouns, with what must stand in front of it and behind it."""
    listed = tuple(nouns)
    return Sought(re.compile(rf"\b{before}(?:{either(listed)}){behind}"), opening_runs(listed))


def _forms(lists: CallingLists) -> tuple[tuple[Sought, EntityLabel, str], ...]:
    """Names told by their form alone: pattern, label and rule."""
    names = rf"(?:the[ \n])?{NAME}(?:[ \n]{NAME}){{0,2}}"
    saints = rf"(?:the[ \n])?(?:{either(lists.saint_words)})(?:[ \n]{NAME}){{0,3}}"
    return (
        (
            _noun(lists.battle_nouns, rf"[ \n]of[ \n]{names}", NO_HYPHEN),
            "EVENT",
            "callings.battle",
        ),
        (
            _noun(WATERS, rf"[ \n]of[ \n]{names}(?![ \n]{CAPITAL})", NO_HYPHEN),
            "LOC",
            "callings.waters",
        ),
        (
            _noun(("Port",), rf"[ \n]of[ \n](?!Spain\b){NAME}(?![ \n]{CAPITAL})", NO_HYPHEN),
            "FAC",
            "callings.port",
        ),
        (
            Sought(
                re.compile(
                    rf"\b{NO_HYPHEN}(?:(?:{either(lists.church_nouns)})[ \n]of[ \n]{saints}"
                    rf"|(?:{either(lists.tomb_nouns)})[ \n]of[ \n]{names})"
                ),
                opening_runs((*lists.church_nouns, *lists.tomb_nouns)),
            ),
            "FAC",
            "callings.church",
        ),
        (
            Sought(
                re.compile(
                    rf"\b{NO_HYPHEN}(?:{NAME}[ \n]){{0,3}}(?:{either(lists.possessing_offices)})'s"
                    rf"[ \n](?:{BODY_HEADS})(?![\w-])"
                ),
                opening_runs(lists.possessing_offices),
            ),
            "ORG",
            "callings.office_of",
        ),
    )
