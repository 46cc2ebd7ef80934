"""Numbers, dates and sums of money as single tokens of one spelling.

`October 29, 2024`, `29 Oct. 2024` and `2024-10-29` become `2024-10-29`; `$1.5bn`, `USD 1.5 billion`
and `1.5 billion dollars` become `usd1500000000`; `2.1%` and `2.1 per cent` become `2.1%`;
`twelve` and `12` become `12`.  It is a light twin of the extractors' grammars, made for
every word of the corpus: it reads tokens, knows no context and leaves alone what it cannot
read.  A test holds it against the extractors on examples.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache

from pipeline.passages.stamps import MONTHS
from pipeline.repeats.lexicon import lexicon

# fmt: off
_UNITS = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen",
    "nineteen",
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
# fmt: on
UNITS = {word: number for number, word in enumerate(_UNITS)}
TENS = {word: 10 * number for number, word in enumerate(_TENS, start=2)}
# `m` and `k` count only right behind a currency sign; `one` is a pronoun more often than a number.
SCALES = {
    "hundred": 2,
    "thousand": 3,
    "million": 6,
    "mln": 6,
    "mn": 6,
    "billion": 9,
    "bln": 9,
    "bn": 9,
    "trillion": 12,
    "trn": 12,
    "tn": 12,
    "tln": 12,
    "lakh": 5,
    "crore": 7,
}
GLUED = {"m": 6, "k": 3, "b": 9}
ORDINAL_TAILS = frozenset({"st", "nd", "rd", "th"})
NUMBER_WORDS = {word: n for word, n in (UNITS | TENS).items() if word not in {"zero", "one"}}
# `a hundred tents` and `100 tents`; behind a number the same words are its scale.
NUMBER_WORDS |= {
    word: 10 ** SCALES[word] for word in ("hundred", "thousand", "million", "billion", "trillion")
}
PERCENT = frozenset({"%", "percent", "pct"})
# Longer digits are no number that anybody counts with; they stay as written.
LONGEST_NUMBER = 28
LAST_YEAR = 2999

Read = tuple[str, int]


@lru_cache(maxsize=65_536)
def number_text(digits: str) -> str:
    """Digits with separators in one spelling; as they are when they are no number.

    Example:
        >>> number_text("1,250.50"), number_text("07"), number_text("1.2.3")
        ('1250.5', '07', '1.2.3')
    """
    value = None if digits.isdigit() else _value_of(digits)
    return digits if value is None else _plain(value)


def _value_of(digits: str) -> Decimal | None:
    """The number: groups of three behind commas, stops or quotes, one decimal sign."""
    if len(digits) > LONGEST_NUMBER:
        return None
    for group, point in ((",", "."), (".", ","), ("'", ".")):
        whole, _, part = digits.partition(point)
        parts = whole.split(group)
        if (part.isdigit() or not part) and _are_groups(parts, group, bool(part)):
            return Decimal("".join(parts) + ("." + part if part else ""))
    return None


def _are_groups(parts: Sequence[str], group: str, has_part: bool) -> bool:
    if not all(part.isdecimal() for part in parts):
        return False
    if len(parts) == 1:
        return has_part
    # `1.250` is one and a quarter in English; `1.250.000` can only be groups.
    if group == "." and len(parts) == 2 and not has_part:
        return False
    whole = parts[0] != "0" and len(parts[0]) <= 3 and len(parts[-1]) == 3
    return (
        whole
        and (
            all(len(part) == 3 for part in parts[1:])
            # 1,50,000 is grouped as in India.
            or (group == "," and all(len(part) == 2 for part in parts[1:-1]))
        )
    )


@lru_cache(maxsize=65_536)
def _plain(value: Decimal) -> str:
    text = format(value, "f")
    return (text.rstrip("0").rstrip(".") or "0") if "." in text else text


def read_at(raw: Sequence[str], index: int) -> Read | None:
    """The date, sum or number that begins at token `index`, and the index behind it.

    Example:
        >>> read_at("29 Oct 2024".split(), 0), read_at("May 5".split(), 0)
        (('2024-10-29', 3), ('--05-05', 2))
        >>> read_at("$ 1.5 bn".split(), 0), read_at("40 thousand euros".split(), 0)
        (('usd1500000000', 3), ('eur40000', 3))
        >>> read_at("twenty five percent".split(), 0), read_at("May said".split(), 0) is None
        (('25%', 3), True)
    """
    first = raw[index]
    if first[0].isdigit():
        return _date_from_day(raw, index) or _amount(raw, index, None)
    lower = first.lower()
    if lower in MONTHS and first[0].isupper():
        return _date_from_month(raw, index, MONTHS[lower])
    if lower in NUMBER_WORDS:
        return _amount(raw, index, None)
    currency = lexicon().currencies.get(lower)
    # `USD 5`, not `won 5`: a currency in front of its number is a sign or a code.
    if currency is not None and (first.isupper() or not first.isalpha()) and index + 1 < len(raw):
        return _amount(raw, index + 1, currency)
    return None


def _day(raw: Sequence[str], index: int) -> Read | None:
    """A day of the month in digits, with `th` behind it or not."""
    if index >= len(raw) or not raw[index].isdecimal() or len(raw[index]) > 2:
        return None
    day = int(raw[index])
    if not 1 <= day <= 31:
        return None
    end = index + 1
    if end < len(raw) and raw[end] in ORDINAL_TAILS:
        end += 1
    return f"{day:02d}", end


def _year(raw: Sequence[str], index: int) -> str | None:
    if index < len(raw) and len(raw[index]) == 4 and raw[index].isdecimal():
        return raw[index] if 1000 <= int(raw[index]) <= LAST_YEAR else None
    return None


def _date_from_day(raw: Sequence[str], index: int) -> Read | None:
    first = raw[index]
    if first.count("-") == 2:
        return first, index + 1
    day = _day(raw, index)
    if day is None:
        return None
    text, end = day
    if end < len(raw) and raw[end] == "of":
        end += 1
    if end >= len(raw) or not raw[end][0].isupper() or raw[end].lower() not in MONTHS:
        return None
    month = MONTHS[raw[end].lower()]
    end += 1
    end += end < len(raw) and raw[end] == "."
    year = _year(raw, end)
    return (f"{year}-{month:02d}-{text}", end + 1) if year else (f"--{month:02d}-{text}", end)


def _date_from_month(raw: Sequence[str], index: int, month: int) -> Read | None:
    start = index + 1
    start += start < len(raw) and raw[start] == "."
    year = _year(raw, start)
    if year is not None:
        return f"{year}-{month:02d}", start + 1
    day = _day(raw, start)
    if day is None:
        return None
    text, end = day
    year = _year(raw, end)
    return (f"{year}-{month:02d}-{text}", end + 1) if year else (f"--{month:02d}-{text}", end)


def _amount(raw: Sequence[str], index: int, currency: str | None) -> Read | None:
    """A number with its scale, and the percent sign or currency on either side."""
    read = _value(raw, index)
    if read is None:
        return None
    text, end = read
    shift = 0
    while end < len(raw) and (power := SCALES.get(raw[end].lower())) is not None:
        shift, end = shift + power, end + 1
    if currency and not shift and end < len(raw) and raw[end].lower() in GLUED:
        shift, end = GLUED[raw[end].lower()], end + 1
    if shift and len(text) <= LONGEST_NUMBER and text.replace(".", "", 1).isdecimal():
        text = _plain(Decimal(text).scaleb(shift))
    if currency:
        return currency + text, end
    return _with_tail(raw, text, end)


def _with_tail(raw: Sequence[str], text: str, end: int) -> Read:
    if end >= len(raw):
        return text, end
    behind = raw[end].lower()
    if behind in PERCENT:
        return text + "%", end + 1
    if behind == "per" and end + 1 < len(raw) and raw[end + 1].lower() == "cent":
        return text + "%", end + 2
    if behind in {"us", "u.s."} and end + 1 < len(raw) and raw[end + 1].lower() in {"dollars", "$"}:
        return "usd" + text, end + 2
    currency = lexicon().currencies.get(behind)
    # `5 TRY` is a sum, `after 5 try again` is none.
    if currency is None or (currency == behind and not raw[end].isupper()):
        return text, end
    return currency + text, end + 1


def _value(raw: Sequence[str], index: int) -> Read | None:
    """A number in digits or in words below a hundred."""
    first = raw[index].lower()
    if first[0].isdigit():
        return number_text(first), index + 1
    number = NUMBER_WORDS.get(first)
    if number is None:
        return None
    end = index + 1
    if first in TENS and end < len(raw) and 0 < UNITS.get(raw[end].lower(), 0) < 10:
        return str(number + UNITS[raw[end].lower()]), end + 1
    return str(number), end
