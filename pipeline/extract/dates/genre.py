"""What a whole document shows: history or news, an old age, the order of day and month.

Each sign stands inside one passage, so that a document's are those of its passages together;
they are kept by the words of the passage, which is asked when it is read, when it is
extracted from, and wherever it is printed again.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

# As many passages have their signs kept: a tuple of small numbers each.
KEPT = 4096

YEAR = re.compile(r"(?<![\w.,$€£#/-])(?:1[0-9]|20)\d{2}(?![\w.,]\d|\w)")
ERA = re.compile(r"\d (?:BC|BCE)\b")
NEWS = re.compile(
    r"\b(?:yesterday|tomorrow|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
    r"|(?<!the )(?:last|this|next) (?:week|weekend|month|year|spring|summer|autumn|fall|winter))\b"
    r"(?!,? \w{1,9}\.? \d)(?!,? \d{1,2} \w)(?! of\b)",
    re.IGNORECASE,
)
# History hardly has such words: one of them weighs as much as so many years.
NEWS_WEIGHT = 4
# Fewer years than this say nothing about a document.
ENOUGH_YEARS = 4
OLD = 2


def is_narrative(texts: Sequence[str], published_year: int | None) -> bool:
    """Whether the passages of a text tell history: most of their years lie over two years back.

    A text whose day of publication is not known is read as history.

    Example:
        >>> is_narrative(["Born in 1890, wed in 1911,", "fled in 1917, died in 1950."], 2024)
        True
        >>> is_narrative(["It was founded in 1953, merged in 1960. On Monday it closed."], 2024)
        False
    """
    if published_year is None:
        return True
    signs = [_years_and_news(text) for text in texts]
    years = [year for one, _, _ in signs for year in one]
    old = sum(year < published_year - OLD for year in years) + 2 * sum(eras for _, eras, _ in signs)
    recent = len(years) - old + NEWS_WEIGHT * sum(news for _, _, news in signs)
    return old > recent and (old >= ENOUGH_YEARS or (old >= 2 and not recent))


@lru_cache(maxsize=KEPT)
def _years_and_news(text: str) -> tuple[tuple[int, ...], int, int]:
    """The years of a passage, how many dates before Christ, and how many words of news."""
    years = tuple(int(year) for year in YEAR.findall(text))
    return years, len(ERA.findall(text)), len(NEWS.findall(text))


# What only a text of the first thousand years, or of those before, has.
OLD_AGE = re.compile(
    r"\d ?(?:BC|BCE|AD|CE)\b|\bAD \d"
    r"|\b(?:[1-9]|10)(?:st|nd|rd|th)[ -]centur"
    r"|\b(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth) century\b"
    r"|\b(?:since|until|January|February|March|April|May|June|July|August|September|October"
    r"|November|December) [1-9]\d\d(?:[.;)]|,(?! ?\d))"
)
PLACED_NUMBER = re.compile(
    r"\b(?:in|since|until|from|circa|c\.) [1-9]\d\d"
    r"(?=[.;)]|,(?! ?\d)| (?:the|he|she|they|it|and)\b| to [1-9]\d\d[.,;)])",
    re.IGNORECASE,
)


def is_old(texts: Sequence[str]) -> bool:
    """Whether passages tell of the first thousand years, so that 828 may be a year.

    Example:
        >>> is_old(["In the 9th century the isle was empty."]), is_old(["It sold 828 in all."])
        (True, False)
    """
    signs = [_old_signs(text) for text in texts]
    return any(of_age for of_age, _ in signs) or sum(placed for _, placed in signs) > 1


@lru_cache(maxsize=KEPT)
def _old_signs(text: str) -> tuple[bool, int]:
    return OLD_AGE.search(text) is not None, len(PLACED_NUMBER.findall(text))


FIGURES = re.compile(r"(?<![\d/])(\d{1,2})/(\d{1,2})/\d{4}(?![\d/])")


def day_first(texts: Sequence[str]) -> bool | None:
    """Whether dates in figures put the day first, as far as the passages show it.

    Example:
        >>> day_first(["Paid 25/12/2023, due 05/06/2023."]), day_first(["Due 05/06/2023."])
        (True, None)
    """
    orders = {
        int(first) > 12
        for text in texts
        if "/" in text
        for first, second in FIGURES.findall(text)
        if 12 < max(int(first), int(second)) <= 31 and min(int(first), int(second)) <= 12
    }
    return orders.pop() if len(orders) == 1 else None
