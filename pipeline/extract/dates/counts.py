"""Numbers, months and weekdays from their words."""

from __future__ import annotations

import re
from functools import lru_cache

from pipeline.extract.dates.lexicon import index_of, rules

# 1950 to 2049 is where a year of two digits is put when nothing else is known.
TWO_DIGIT_PIVOT = 50


@lru_cache
def _months() -> dict[str, int]:
    return {word: n + 1 for word, n in index_of(rules().words.months).items()}


@lru_cache
def _weekdays() -> dict[str, int]:
    return index_of(rules().words.weekdays)


@lru_cache
def _numbers() -> dict[str, int]:
    words = rules().words
    known = {word: n for n, word in enumerate(words.numbers, start=1)}
    for n, ten in enumerate(words.tens, start=2):
        known[ten] = 10 * n
        for unit, word in enumerate(words.numbers[:9], start=1):
            known[f"{ten}-{word}"] = 10 * n + unit
    return known


def month_number(word: str) -> int:
    """Month of a name that the rules list, 1 to 12.

    Example:
        >>> month_number("Sept."), month_number("may")
        (9, 5)
    """
    return _months()[word.lower().rstrip(".")]


def weekday_number(word: str) -> int:
    """Weekday of a name that the rules list, Monday 0.

    Example:
        >>> weekday_number("Fri.")
        4
    """
    return _weekdays()[word.lower().rstrip(".")]


def number_of(word: str) -> int | None:
    """Value of a number in figures or words; None for any other word.

    Example:
        >>> number_of("twenty-one"), number_of("14"), number_of("many")
        (21, 14, None)
    """
    word = word.lower()
    return int(word) if word.isdigit() else _numbers().get(word)


def ordinal_of(word: str) -> int | None:
    """Value of an ordinal in figures or words; None for any other word.

    Example:
        >>> ordinal_of("12th"), ordinal_of("third"), ordinal_of("last")
        (12, 3, None)
    """
    word = "-".join(word.lower().split())
    if word[0].isdigit():
        return int(re.sub(r"\D", "", word))
    ordinals = rules().words.ordinals
    return ordinals.index(word) + 1 if word in ordinals else None


def full_year(short: int, first_year: int | None = None) -> int:
    """A year of two digits: behind a year the next that ends so, else within 1950 to 2049.

    Example:
        >>> full_year(91, 1890), full_year(2, 1998), full_year(98), full_year(24)
        (1891, 2002, 1998, 2024)
    """
    if first_year is None:
        return short + (1900 if short >= TWO_DIGIT_PIVOT else 2000)
    century = first_year - first_year % 100
    return century + short + (100 if short < first_year % 100 else 0)
