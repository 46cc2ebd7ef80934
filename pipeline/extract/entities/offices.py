"""Offices in what the model marks: a role that names nobody, a portfolio, a leader behind a body.

`Deputy Prime Minister` is no name; of `Minister of Ports and Fishing` the fields are none either,
and `Kuno Bank President Timo Salo` is a bank, with an office and a person behind it.
"""

from __future__ import annotations

import re

from pipeline.extract.entities.lexicon import lexicon
from pipeline.extract.entities.spans import Reading

OFFICE_LINKS = ("of", "for", "to", "on")
FIELD_BEFORE = re.compile(
    r"(?:Minister|Secretary|Undersecretary)[ \n](?:of|for)[ \n](?:the[ \n])?$"
)
# `Minister for Women,` in front of `Children and Social Protection`.
FIELDS_BEFORE = re.compile(
    r"(?:Minister|Secretary|Undersecretary)[ \n](?:of|for)[ \n](?:the[ \n])?"
    r"(?:[A-Z][a-z]{2,15}(?:,[ \n]|,?[ \n]and[ \n]|[ \n])){1,4}$"
)
MANAGED_BEFORE = re.compile(
    r"(?:Director|Head|Manager|Chief|Officer|President|Coordinator|Dean)(?:,|[ \n](?:of|for))[ \n]$"
)
MANAGED_ENDS = ("of ", "for ", ", ", "of\n", "for\n", ",\n")
FIELD_BEHIND = re.compile(r"[ \n](?:Minister|Secretary)[ \n][A-Z]")


def is_role(words: str) -> bool:
    """Whether it is a title or an office: `Deputy Prime Minister`, `Commissioner for Wells`."""
    lists = lexicon()
    titles = lists.titles
    if words in lists.office_phrases:
        return True
    parts = words.split()
    # `Army Sgt`, `Cabinet Secretary`: a title, and whose it is.
    owned = len(parts) > 1 and (parts[0].lower() in lists.non_names or parts[0] in lists.chambers)
    if not owned and parts[0].lower() not in titles:
        return False
    # `Commissioner for Wells`, `Ambassadors of Kenya`: an office, with what it is for.
    ends = len(parts)
    ends = next((place for place, word in enumerate(parts) if word.lower() in OFFICE_LINKS), ends)
    # `MINISTER OF PORTS:` in the record of a press conference.
    last = parts[ends - 1].capitalize() if words.isupper() else parts[ends - 1]
    held = ends == len(parts) or last in lists.office_heads
    return held and all(word.lower() in titles for word in parts[1:ends])


def without_office(text: str, start: int, end: int) -> tuple[int, int]:
    """`UN Special Representative`: the body in capitals, without the office behind it."""
    if text.startswith(("the ", "The "), start):
        start += 4
    words = text[start:end].split()
    if len(words) < 2 or not words[0].isupper() or len(words[0]) < 2:
        return start, end
    if all(word.lower() in lexicon().titles for word in words[1:]):
        return start, start + len(words[0])
    return start, end


def without_leader(text: str, start: int, end: int) -> int:
    """The end of a body without the office and the name behind it.

    Example:
        >>> without_leader("Kuno Bank President Timo Salo", 0, 29)
        9
        >>> without_leader("Kuno Bank of Prince Timo", 0, 24)
        24
    """
    lists = lexicon()
    words = text[start:end].split()
    for place in range(1, len(words) - 1):
        before = words[place - 1]
        if words[place] not in lists.office_heads or before in lists.office_heads:
            continue
        rest = words[place + 1 :]
        named = all(word[0].isupper() and word not in lists.known_words for word in rest)
        if named and len(rest) < 4 and before[0].isupper() and before.lower() not in lists.titles:
            return text.index(f" {words[place]} ", start) if "\n" not in text[start:end] else end
    return end


def is_portfolio(reading: Reading, start: int, end: int) -> bool:
    """Whether it is a field of work: `Minister of Ports and Fishing`, `Forestry Minister`."""
    words = reading.text[start:end].split()
    if len(words) == 2 and words[0] == "Union" and FIELD_BEHIND.match(reading.text, end):
        # `Union Home Minister`, as India has it.
        return True
    if words[:1] == [] or words[0] in lexicon().org_heads or "".join(words).isupper():
        return False
    if FIELD_BEFORE.search(reading.text, max(0, start - 40), start):
        return True
    fields = all(word.strip(",") in lexicon().field_words for word in words)
    if fields and FIELDS_BEFORE.search(reading.text, max(0, start - 80), start):
        return True
    if fields and "and" in words[1:-1] and words[-1] not in lexicon().org_heads:
        # `talks on Science and Technology`: what is talked of.
        return True
    last = words[-1] not in lexicon().org_heads - {"Energy", "Services", "Service", "Oil", "Gas"}
    return last and FIELD_BEHIND.match(reading.text, end) is not None


def is_managed(reading: Reading, start: int, end: int) -> bool:
    """`Director of Personnel Management`: what she directs has no other name."""
    if not reading.text.endswith(MANAGED_ENDS, 0, start) or not MANAGED_BEFORE.search(
        reading.text, max(0, start - 24), start
    ):
        return False
    known = lexicon().field_words | lexicon().managed_words
    return all(word.strip(",") in known for word in reading.text[start:end].split())
