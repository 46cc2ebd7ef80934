"""Full dates in figures and words, as the head of a page states them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable

_MONTH_NAMES = (
    "january jan",
    "february feb",
    "march mar",
    "april apr",
    "may",
    "june jun",
    "july jul",
    "august aug",
    "september sept sep",
    "october oct",
    "november nov",
    "december dec",
)
MONTHS = {name: n for n, names in enumerate(_MONTH_NAMES, start=1) for name in names.split()}

_MONTH = "(?:" + "|".join(sorted(MONTHS, key=len, reverse=True)) + r")\b\.?"
DAY = r"\d{1,2}(?:st|nd|rd|th)?\b"

# One full date: `2025-11-20`, `6 February 2026`, `Nov. 20, 2025`, `20.11.2025`.  Month and year
# alone are no date here, because only full days are kept.
DATE = (
    r"\d{4}(?P<sep>[-/.])\d{1,2}(?P=sep)\d{1,2}(?!\d)"
    rf"|{DAY}[ -]?{_MONTH}[ ,-]{{1,2}}\d{{4}}(?!\d)"
    rf"|{_MONTH} ?{DAY},? ?\d{{4}}(?!\d)"
    r"|\d{1,2}(?P<sep2>[/.-])\d{1,2}(?P=sep2)\d{4}(?!\d)"
    r"|\d{1,2}\. \d{1,2}\. \d{4}(?!\d)"
    # Mongolian pages: year, month and day in figures between words.
    r"|\d{4} оны \d{1,2} (?:дугаар|дүгээр) сарын \d{1,2}(?:-н[иы]й?)?(?: өдөр)?"
)


def parse_date(words: str, weekday: int | None = None) -> dt.date | None:
    """The day that `words`, one full date, name; None for an impossible or ambiguous one.

    Args:
        words: a match of `DATE`, in any case.
        weekday: 0 for Monday to 6, if it stands beside them; a contradiction gives None.

    Example:
        >>> parse_date("Nov. 20, 2025")
        datetime.date(2025, 11, 20)
        >>> parse_date("03.12.2025"), parse_date("03/12/2025")
        (datetime.date(2025, 12, 3), None)
    """
    days = readings(words.lower(), MONTHS, weekday)
    return days[0] if len(days) == 1 else None


def readings(low: str, months: dict[str, int], weekday: int | None) -> tuple[dt.date, ...]:
    """The days that `low`, one full date in lower case, may mean; see `parse_date`.

    Args:
        low: a date whose month is in figures or in the words of `months`.
        months: the number of each name of a month.
        weekday: 0 for Monday to 6; other days are left out.

    Example:
        >>> readings("3/12/2025", MONTHS, None)
        (datetime.date(2025, 12, 3), datetime.date(2025, 3, 12))
    """
    numbers = [int(n) for n in re.findall(r"\d+", low)]
    month = next((months[w] for w in re.findall(r"[^\W\d_]+", low) if w in months), None)
    if month is not None:
        candidates = [(numbers[-1], month, numbers[0])]
    elif numbers[0] > 999:
        candidates = [(numbers[0], numbers[1], numbers[2])]
    else:
        first, second, year = numbers
        candidates = [(year, second, first), (year, first, second)]
        if "." in low:
            # Full stops are written where the day comes first: `03.11.2023`.
            candidates = candidates[:1]
    days = dict.fromkeys(_possible(candidates))
    return tuple(day for day in days if weekday is None or day.weekday() == weekday)


def _possible(candidates: Iterable[tuple[int, int, int]]) -> Iterable[dt.date]:
    for year, month, day in candidates:
        # Nothing was published in print before 1600, and no text comes from after 2199.
        if not 1600 <= year <= 2199:
            continue
        try:
            yield dt.date(year, month, day)
        except ValueError:
            continue
