"""What the language model calls a date and the grammar did not read, looked up in dateparser.

dateparser gives an instant and the unit it is sure of.  The unit must be one that the words tell:
it reads `1990s` as seconds and `30 days` as a day.  So only two kinds are asked for, a whole date
written without blanks (`14March1994`) and a distance (`a fortnight ago`, `1 year 2 months ago`).
"""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache
from typing import TYPE_CHECKING

from pipeline.extract.dates import values
from pipeline.extract.dates.lexicon import one_of, rules
from pipeline.extract.dates.shift import shifted_value
from pipeline.extract.dates.values import Value

if TYPE_CHECKING:
    from dateparser.date import DateDataParser

LONGEST = 40
DISTANCE = re.compile(r"(?=.*\b(?:day|week|fortnight|month|year)s?\b).* ago\Z", re.IGNORECASE)


@lru_cache
def _written() -> re.Pattern[str]:
    names = tuple(word for group in rules().words.months for word in group)
    return re.compile(
        rf"(?P<day>\d{{1,2}})[ .-]?(?:{one_of(names)})[ .-]?(?P<year>[12]\d{{3}})", re.IGNORECASE
    )


@lru_cache(maxsize=64)
def _parser(published: dt.date | None) -> DateDataParser:
    # Imported for the few words that the grammar leaves over.
    from dateparser.date import DateDataParser  # noqa: PLC0415

    settings: dict[str, object] = {
        "PARSERS": ["absolute-time"],
        "PREFER_DAY_OF_MONTH": "first",
        "RETURN_TIME_AS_PERIOD": True,
    }
    if published is not None:
        settings["PARSERS"] = ["relative-time"]
        settings["RELATIVE_BASE"] = dt.datetime(published.year, published.month, published.day)
    return DateDataParser(languages=["en"], settings=settings)


@lru_cache(maxsize=4096)
def look_up(words: str, published: dt.date | None) -> Value | None:
    """The value of a distance or of a whole date; None for anything else.

    Example:
        >>> look_up("14March1994", None).edtf
        '1994-03-14'
        >>> look_up("a fortnight ago", dt.date(2024, 10, 29)).edtf
        '2024-10-14/2024-10-20'
        >>> look_up("30 days", dt.date(2024, 10, 29)) is None
        True
    """
    if len(words) > LONGEST:
        return None
    written = _written().fullmatch(words)
    if written is not None:
        found = _parser(None).get_date_data(words).date_obj
        if found is None or (found.day, found.year) != (int(written["day"]), int(written["year"])):
            return None
        return values.date_value(found.date())
    if published is None or not DISTANCE.match(words):
        return None
    told = _parser(published).get_date_data(words)
    if told.date_obj is None or told.period not in ("day", "week", "month", "year"):
        return None
    day = told.date_obj.date()
    return shifted_value(told.period, 0, day.year, day.month, day)
