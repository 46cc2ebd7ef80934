"""The patterns of words beside names that are built from the lists of `rules/entities.toml`.

`lexicon` holds the same lists as sets: a set answers for one word, a pattern for what stands in
front of a name or behind it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from pipeline.extract.entities.lists import EntityLists, rules
from pipeline.extract.entities.spans import CAPITAL, Sought, in_front, opening_runs


@dataclass(frozen=True, slots=True)
class Patterns:
    """What may stand around a name, compiled; `Sought` where a look at the document may do."""

    organisation_phrase: Sought
    club: Sought
    titled_person: Sought
    title_of: Sought
    title_of_field: re.Pattern[str]
    name_behind: re.Pattern[str]
    non_name_tail: re.Pattern[str]
    no_mention_behind: re.Pattern[str]
    state_behind: re.Pattern[str]
    state_before: Sought
    staff_behind: re.Pattern[str]
    owned_words: frozenset[str]
    rebels_behind: re.Pattern[str]
    honour_behind: re.Pattern[str]
    language_before: re.Pattern[str]
    creed_behind: re.Pattern[str]
    place_owned: re.Pattern[str]
    firm_owned: re.Pattern[str]
    from_before: Sought
    firms_before: Sought
    member_before: Sought
    member_behind: re.Pattern[str]
    place_of: Sought
    place_kind_behind: re.Pattern[str]
    travel_before: Sought
    role_before: Sought
    kin_before: Sought
    people_behind: re.Pattern[str]
    capitalised_name: re.Pattern[str]
    chamber: Sought
    treaty_before: Sought
    title_of_field_of: Sought


@lru_cache(maxsize=1)
def patterns() -> Patterns:
    """The patterns, compiled at the first call."""
    lists = rules().lists
    return Patterns(
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
            rf"\b(?<!-)(?:(?:{either(lists.name_titles)})[ \n]of"
            rf"|(?:{either(lists.envoys)})[ \n](?:of|to|for))[ \n](?:the[ \n])?",
            *("of", "to", "for", "the"),
            words=(*lists.name_titles, *lists.envoys),
        ),
        title_of_field=re.compile(
            r"(?<![\w-])(?:Minister|Secretary|Undersecretary)(?:[ \n]of[ \n]State)?"
            r"[ \n](?:of|for)[ \n](?:the[ \n])?"
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
            r"-speaking|-language|-subtitled|-dubbed|[ \n]language\b(?![ \n]and[ \n])"
            rf"|[ \n](?:{either(lists.currency_words)})\b"
            # `Kenya won the cup`, `Peru real estate`: money only behind the one demonym.
            r"|(?<=Korean)[ \n]won\b|(?<=Brazilian)[ \n]real\b(?![ \n]estate)"
        ),
        state_behind=re.compile(rf"[ \n](?:{either(lists.state_words)})\b"),
        state_before=in_front(
            rf"\b(?:{either(lists.state_words)})[ \n](?:of|to|in|with)[ \n](?:the[ \n])?",
            *("of", "to", "in", "with", "the"),
        ),
        staff_behind=re.compile(
            rf"[ \n](?:{either(lists.staff_nouns)})[ \n](?={CAPITAL}[^\W\d_]+[ \n]{CAPITAL})"
        ),
        owned_words=opening_runs((*lists.staff_nouns, *lists.firm_owned, *lists.rebel_nouns)),
        rebels_behind=re.compile(rf"[ \n](?:{either(lists.rebel_nouns)})\b"),
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
        # `companies such as Tirvo, Kuno and Salo`: firms, whatever they are called by.
        firms_before=in_front(
            rf"(?<!\w)(?i:{either(lists.firm_kinds)})"
            r"(?:[ \n](?:like|including)|,?[ \n]such[ \n]as|,[ \n](?:including|among[ \n]them)|:)"
            r"[ \n]",
            *("like", "including", "as", "them", ":"),
        ),
        from_before=in_front(rf"\b(?i:{either(lists.from_words)})[ \n]from[ \n]", "from"),
        member_before=in_front(
            rf"\b(?:{either(lists.member_nouns)})[ \n](?:of|from)[ \n](?:the[ \n])?",
            *("of", "from", "the"),
            words=lists.member_nouns,
        ),
        member_behind=re.compile(rf"[ \n](?:{either(lists.member_nouns)})\b"),
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
        chamber=Sought(
            re.compile(rf"(?<![\w@/.'-])(?:{either(lists.chambers)})(?![\w@])"),
            opening_runs(lists.chambers),
        ),
        treaty_before=in_front(
            rf"\b(?:{either(lists.treaty_words)})[ \n]of[ \n]", "of", words=lists.treaty_words
        ),
        title_of_field_of=in_front(
            r"(?<![\w-])(?:Minister|Secretary|Undersecretary)(?:[ \n]of[ \n]State)?"
            r"[ \n](?:of|for)[ \n](?:the[ \n])?"
            rf"(?:{either(lists.fields)})"
            rf"(?:(?:,|,?[ \n](?:and|&))?[ \n](?:{either(lists.fields)})){{0,7}}"
            r"[ \n]of[ \n](?:the[ \n])?",
            *("of", "the"),
            words=("Minister", "Secretary", "Undersecretary"),
        ),
    )


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
        rf"(?:(?:,[ \n](?!(?:President|Premier|Chancellor|King|Queen|Mr|Mrs|Ms|Dr)\b)"
        rf"|[ \n](?:(?:and|&|(?:of|for|on)(?:[ \n]the)?)[ \n])?)"
        rf"(?!(?:{either(lists.org_openers)})[ \n](?:of|for|on)\b)"
        rf"(?!(?:{either(lists.calendar_words)})\b){word}){{0,7}}"
    )
    return Sought(pattern, opening_runs(lists.org_openers))
