"""What stands beside a match: the word in front, the word behind, and what they make of it."""

from __future__ import annotations

import re
from functools import lru_cache

from pipeline.extract.dates.lexicon import one_of, rules

# As far as a reader looks on either side for the next word.
REACH = 40

LISTED_YEAR = re.compile(r"\d{4}s?(?:\)|\w)?(?:,? (?:and|or)|[,;&/]|,? ?to) ?\Z", re.IGNORECASE)
# `the 1848 revolutions`, `Spain's 1812 constitution`
OF_THAT_YEAR = re.compile(r"\b(?:the|its|his|her|their|\w's) \Z", re.IGNORECASE)
# `the May meeting`, but not `the March on Rome`
THE = re.compile(r"\bthe \Z", re.IGNORECASE)
ATTRIBUTE = re.compile(
    r" (?!(?:to|on|of|from|against|through|across|back|past|for|towards?|and|family)\b)[a-z]"
)
# `June sales`, but not `June said`
PLAIN_NOUN = re.compile(
    r" (?!(?:and|or|said|says|was|is|has|had|told|who|then|asked)\b)[a-z]"
    # `June's trade figures`: what persons do not have.
    r"|'s (?:trade|exports?|imports?|inflation|figures|data|sales|output|production|reading|survey"
    r"|elections?|vote|referendum|polls?|summit|budget|rainfall|floods|earthquake)\b"
)


def behind(match: re.Match[str]) -> str:
    """The characters right before a match."""
    return match.string[max(0, match.start() - REACH) : match.start()]


def follows(match: re.Match[str]) -> str:
    """The characters right after a match."""
    return match.string[match.end() : match.end() + REACH]


def figures(match: re.Match[str], *names: str) -> int | None:
    """The number in the first of the named groups that took part in the match."""
    groups = match.groupdict()
    for name in names:
        words = groups.get(name)
        if words is not None:
            return int(re.sub(r"\D", "", words))
    return None


@lru_cache
def _time_word() -> re.Pattern[str]:
    words = one_of(rules().words.time_words)
    return re.compile(rf"(?:\b(?:{words})(?: the| about| around| at least)?|-) ?\Z", re.IGNORECASE)


@lru_cache
def _life_word() -> re.Pattern[str]:
    words = one_of(rules().words.life_words)
    return re.compile(rf"(?:\b(?:{words})|\b(?:est|b|d|r|fl)\.) \Z", re.IGNORECASE)


@lru_cache
def _listed_month() -> re.Pattern[str]:
    names = one_of(tuple(word for group in rules().words.months for word in group))
    return re.compile(rf"(?:{names})\.?(?: \d{{1,2}})?(?:,| and| or| &|,? to|-) ?\Z", re.IGNORECASE)


@lru_cache
def _month_next() -> re.Pattern[str]:
    names = one_of(tuple(group[0] for group in rules().words.months))
    return re.compile(
        rf"(?: ?[-/] ?| to | through | until | and | or |, )(?:{names})\b", re.IGNORECASE
    )


def after_time_word(text: str) -> bool:
    """Whether a text ends in a word that a time follows.

    Example:
        >>> after_time_word("ended in the "), after_time_word("Theresa ")
        (True, False)
    """
    return _time_word().search(text) is not None


def has_place_of_month(before: str, after: str) -> bool:
    """Whether a month may stand between the two texts: behind a time word, or in a list of months.

    Example:
        >>> has_place_of_month("in ", " 2019"), has_place_of_month("Theresa ", " said")
        (True, False)
    """
    return bool(
        after_time_word(before)
        or _listed_month().search(before)
        or _month_next().match(after)
        or (THE.search(before) and ATTRIBUTE.match(after))
    )


def has_place_of_year(before: str) -> bool:
    """Whether a year may stand behind a text: a time word, a word of a life, another year.

    Example:
        >>> has_place_of_year("founded "), has_place_of_year("1848, "), has_place_of_year("sold ")
        (True, True, False)
    """
    return bool(
        after_time_word(before) or _life_word().search(before) or LISTED_YEAR.search(before)
    )


@lru_cache
def _month_like_name() -> re.Pattern[str]:
    names = one_of(tuple(name.capitalize() for name in (*rules().words.given_names, "may")))
    return re.compile(rf"\b(?:{names})\b(?! \d)")


@lru_cache
def _capital_word() -> re.Pattern[str]:
    """A capital word that no time follows, at the end of a text."""
    words = rules().words
    months = tuple(word for group in words.months for word in group)
    days = tuple(word for group in words.weekdays for word in group)
    others = one_of((*words.time_words, *months, *days, "the", "and", "or", "each", "every"))
    return re.compile(rf"\b(?!(?i:{others})\b)[A-Z][a-z]+\.? \Z")


SURE_PLACE = re.compile(
    r"\b(?:in|last|next|this|early|late|mid|during|end of)[ -](?:the )?\Z", re.IGNORECASE
)


@lru_cache(maxsize=4096)
def people_like_months(text: str) -> frozenset[str]:
    """Months that are the name of somebody in a passage, in lower case.

    Example:
        >>> sorted(people_like_months("Theresa May spoke. In May and Last June it rained."))
        ['may']
    """
    return frozenset(
        match.group().lower()
        for match in _month_like_name().finditer(text)
        if _capital_word().search(behind(match))
    )
