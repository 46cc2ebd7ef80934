"""Whether words can name something at all, and whether they name what this table holds.

A name has a capital and letters, and is no word that only describes, no date, no field of a
record; a law, a programme or a treaty is a name that this table leaves out.
"""

from __future__ import annotations

import re

from pipeline.extract.entities.escapes import decoded
from pipeline.extract.entities.lexicon import lexicon
from pipeline.extract.entities.offices import is_role
from pipeline.extract.entities.spans import Reading, Span
from pipeline.extract.names import identify, is_iso_code

# `the South-South region`, `North-South trade`: directions are no people.
DIRECTIONS = re.compile(r"(?:North|South|East|West)-(?:North|South|East|West)")
ADDRESS = re.compile(r"[\w.+-]@\w|://|www\.|\.(?:com|org|net|gov|edu|int|info)\b")
LONGEST = 120
MONTH = r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
DAY_FIRST = re.compile(rf"\d{{1,2}}(?:st|nd|rd|th)?[ .]?{MONTH}\b")
# `the February 4, 2022, statement`: a day with its year is no event; `11 September` may be one.
FULL_DATE = re.compile(rf"(?:{MONTH} \d{{1,2}},?|\d{{1,2}} {MONTH},?) \d{{4}}")
YEAR = re.compile(r"(?: of)? \d{4}$")
# An idea of diplomacy, whatever its first word: `Community with a Shared Future`.
SHARED_FUTURE = re.compile(
    r"\bCommunity (?:of|with|for)(?: an?| the)? (?:Shared|Common)"
    r" (?:Destiny|Future|Values|Interests)\b"
)
# `keyAgreements`, `Kim-Putin Treaty`: a field of a record, what two agreed on.
CAMEL = re.compile(r"[a-z]+[A-Z]\w*")
PLURAL_CAPITALS = re.compile(r"(?<![\w-])[A-Z]{2,5}s$")
# Rules that take capitals for an organisation because they stand there.
GUESSED = ("model", "clean", "acronyms.capitals", "spread", "vote")
# Rules that know a plain word for a name: `Labour's election victory`.
TOLD = ("acronyms.defined", "staff")
AGREED = (
    " Accords",
    " Accord",
    " Deal",
    " Pact",
    " Treaty",
    " Agreement",
    " Agreements",
    " Declaration",
    " Protocol",
    " Summit",
)
HEAD = re.compile(r"([\w-]+) (?:of|for|on|between|with|to) ")


def is_name(reading: Reading, span: Span) -> bool:
    """Whether the words can name something at all."""
    words = decoded(reading.words(span))
    lists = lexicon()
    small = words.lower()
    if small in lists.small_names:
        return True
    # Nearly all begin with a plain capital, and one look at it answers for their letters.
    plain = "A" <= words[:1] <= "Z"
    return (
        # One letter names what a rule says that it does: `she posted on X`.
        (1 < len(words) <= LONGEST or (words.isupper() and span.rule_id == "staff.actor"))
        and (plain or any(char.isupper() for char in words))
        and (
            span.method == "rule"
            or words.isalpha()
            or sum(map(str.isalpha, words)) * 2 >= len(words)
        )
        and (plain or any("a" <= char.lower() <= "\u024f" for char in words if char.isalpha()))
        and (small not in lists.non_names or span.rule_id in TOLD)
        and (span.method == "rule" or words not in lists.non_acronyms)
        and "\\" not in words
        and not ("_" in words and span.method != "rule")
        and not (words == "Community" and SHARED_FUTURE.match(reading.text, span.start))
        and not ADDRESS.search(words)
        and (DAY_FIRST.match(words) is None or span.label == "EVENT")
        and not (words[-1].isdigit() and FULL_DATE.fullmatch(words))
        and not is_role(words)
        and _starts_as_name(words)
        and "@" not in (words[0], reading.text[span.start - 1 : span.start])
        and not (words.startswith("NO ") and words.isupper())
        and not (span.label == "PERSON" and _is_no_person(words, plain=plain))
        and not (span.rule_id.startswith(GUESSED) and _is_field(reading, span, words))
        and not (span.label == "NORP" and (words.endswith("ism") or DIRECTIONS.fullmatch(words)))
        and not (words in lists.honours and reading.text[span.start - 2 : span.start] == ", ")
        and not ("," in small and all(part.strip() in lists.non_names for part in small.split(",")))
    )


def _is_field(reading: Reading, span: Span, words: str) -> bool:
    """`pubDate: "..."`, `"iso": "KEN"`: the name of a field of a record, or a code in one."""
    text = reading.text
    if " " in words:
        return False
    if not words[0].isupper():
        return CAMEL.fullmatch(words) is not None and text[span.end : span.end + 1] == ":"
    quote = text[span.end : span.end + 1]
    quoted = quote in ("'", '"') and text[span.start - 1 : span.start] == quote
    return quoted and is_iso_code(words) and identify(words) is None


def _is_no_person(words: str, *, plain: bool) -> bool:
    """Whether it can be no person: it has a number, or ends in what two sides agree on."""
    if words.endswith(AGREED):
        return True
    if plain and words.isalpha():
        return False
    if words.endswith("s") and PLURAL_CAPITALS.search(words):
        # `Tirvo GPUs`.
        return True
    # `Sh137bn`.
    return any(map(str.isdigit, words)) or CAMEL.fullmatch(words) is not None


def _starts_as_name(words: str) -> bool:
    """A name starts or ends with a capital or digit: `al-Assad`, `2024 Summit`, `von Braun`."""
    if "A" <= words[:1] <= "Z":
        return True
    first, last = words.split(maxsplit=1)[0], words.rsplit(maxsplit=1)[-1]
    return any(char.isupper() or char.isdigit() for char in first + last)


def has_non_name_head(words: str) -> bool:
    """Whether the head word is one of laws, treaties, programmes, works, products or prizes.

    The head is the word before the first `of`, `for`, `on` or `between`, else the last word.

    Example:
        >>> has_non_name_head("Clean Rivers Initiative"), has_non_name_head("Kenya")
        (True, False)
        >>> has_non_name_head("Treaty of Amity"), has_non_name_head("Agency for Development")
        (True, False)
    """
    # `Harbour Safety Act of 2004` ends in its year.
    core = YEAR.sub("", words)
    head = HEAD.search(core)
    if head is not None and head.group(1) in lexicon().org_heads:
        return False
    parts = core.split()
    if (words.startswith("Vision ") and len(parts) == 1) or SHARED_FUTURE.search(core):
        return True
    # One word alone is a name of its own: `Visa`.
    last = parts[-1] if len(parts) > 1 else ""
    lists = lexicon()
    heads = lists.non_name_heads
    return (
        last in heads
        or (last == "Partners" and lists.partner_words.issuperset(parts))
        or (last in lists.phrase_ends and " ".join(parts[-2:]) in lists.non_name_phrases)
        or (head is not None and head.group(1) in heads)
    )
