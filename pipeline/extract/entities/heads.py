"""Head words: what a name is called tells what it is.

`... River` is a place, `... Hospital` a building, `... Union` an organisation; the
model's own label loses against such a word.  A span that ends in `Act` or `Programme` names
nothing that this table holds.  `Ministry of Land and Water` is found whole, by form.
"""

from __future__ import annotations

import re

from pipeline.extract.entities.lexicon import is_listed, is_open, lexicon
from pipeline.extract.entities.namelike import has_non_name_head
from pipeline.extract.entities.patterns import patterns
from pipeline.extract.entities.spans import Reading, Span
from schemas.tables import EntityLabel

# `Typhoon Kuno`, `Tropical Storm Kuno`.
# `Operation Kuno Dawn`.
LONGEST_OPERATION = 4
STORMS = frozenset({"Typhoon", "Hurricane", "Cyclone", "Storm"})
# `Kuno People's Republic`; a paper may be called `Kuno Republic`.
REPUBLICS = frozenset({"People's", "Soviet", "Socialist", "Autonomous", "Democratic"})
AND_BEHIND = re.compile(
    r"[ \n](?:and|or)(?:[ \n][A-Z][\w-]{2,20}){0,2}[ \n]([A-Z][a-z]{2,15})(?![\w-])"
)
TREATIES = (
    "Agreement",
    "Agreements",
    "Treaty",
    "Convention",
    "Protocol",
    "Act",
    "Programme",
    "Plan",
)
OF = re.compile(r"^([\w-]+) (?:of|for|on) ")
TREATY_CHARS = 30
# `Treaty of Friendship, [Alliance] and Mutual Help`.
TREATY_LIST = re.compile(
    r"(?<!\w)(?:Treaty|Pact|Agreement)[ \n](?:of|on)[ \n]"
    r"(?:[A-Z][\w-]{2,20}(?:[ \n][A-Z][\w-]{2,20})?(?:,[ \n]|,?[ \n]and[ \n])){1,3}$"
)
LIST_CHARS = 100
# Labels under which the model hides laws, programmes and products; a person may be called Law.
NO_NAME_LABELS = ("ORG", "EVENT", "FAC", "NORP", "GPE", "LOC")


def labelled_by_head(reading: Reading, spans: list[Span]) -> list[Span]:
    """The spans with the label of their head word; without laws, programmes and the like."""
    kept: list[Span] = []
    for span in spans:
        words = reading.words(span)
        if span.label in NO_NAME_LABELS and (
            has_non_name_head(words)
            or _opens_non_name(reading, span, words)
            or is_in_treaty(reading, span.start, words)
            or _is_aim(words)
        ):
            continue
        if span.label == "LAW" and not _is_law(words):
            continue
        label = _label(words, span.label)
        kept.append(span.mended("heads.label", label=label) if label else span)
    return kept


def _opens_non_name(reading: Reading, span: Span, words: str) -> bool:
    """`[Acquisition] and Cross-Servicing Agreement`: one word cut from the name of a treaty."""
    if span.label != "ORG" or " " in words or words.isupper() or not is_open([words]):
        return False
    behind = AND_BEHIND.match(reading.text, span.end)
    return behind is not None and behind.group(1) in TREATIES


def _is_aim(words: str) -> bool:
    """`Securing Supply Chains`: what a heading sets out to do; a body so called has its head."""
    first, _, rest = words.partition(" ")
    return (
        first in lexicon().aim_words
        and bool(rest)
        and words.rsplit(maxsplit=1)[-1] not in lexicon().org_heads
    )


def is_in_treaty(reading: Reading, start: int, words: str) -> bool:
    """`the Compact of [Free Association]`: what a treaty is on, or where it was signed."""
    low = max(0, start - TREATY_CHARS)
    signed = patterns().treaty_before.ends_at(reading, low, start) or (
        " " not in words
        and reading.text.endswith((", ", "and "), 0, start)
        and TREATY_LIST.search(reading.text, max(0, start - LIST_CHARS), start) is not None
    )
    return signed and not words.isupper() and not is_listed(words)


def _is_law(words: str) -> bool:
    """Whether a word of laws stands in it, or a head that makes it something else.

    A level of relations, `Broad Partnership`, or a plan is no law, as often as the model says so.
    """
    lists = lexicon()
    parts = words.split()
    return not lists.law_words.isdisjoint(parts) or parts[-1] in lists.org_heads


def _label(words: str, label: EntityLabel) -> EntityLabel | None:
    """The label that the head word asks for; None where it says nothing."""
    parts = words.split()
    if len(parts) < 2:
        alone = words in ("Olympics", "Paralympics") and label != "EVENT"
        return "EVENT" if alone else None
    if parts[-1] == "Church" and not lexicon().church_words.isdisjoint(parts[:-1]):
        return None if label == "ORG" else "ORG"
    if parts[0] == "Operation" and len(parts) < LONGEST_OPERATION:
        return "EVENT" if label in ("ORG", "WORK_OF_ART", "FAC", "LOC", "GPE") else None
    if parts[0] in STORMS or (len(parts) > 2 and parts[1] in STORMS):
        return "EVENT" if len(parts) < 4 and parts[-1] not in STORMS else None
    if parts[-2] in REPUBLICS and parts[-1] == "Republic" and len(parts) > 2:
        return "GPE" if label == "ORG" else None
    opener = OF.match(words)
    head = opener.group(1) if opener else parts[-1]
    if opener is not None and parts[-1] in lexicon().strong_heads and label in ("LOC", "GPE"):
        # `Gulf of Tirvo Commission`: the body of a land.
        head = parts[-1]
    table = _head_table(opened=opener is not None)
    asked = (label_of for label_of, heads, mistaken in table if head in heads and label in mistaken)
    return next(asked, None)


def _head_table(
    *, opened: bool
) -> list[tuple[EntityLabel, frozenset[str], tuple[EntityLabel, ...]]]:
    """Rows of: label asked for, its head words, the labels that give way to it."""
    lists = lexicon()
    organisation: tuple[EntityLabel, frozenset[str], tuple[EntityLabel, ...]]
    organisation = ("ORG", lists.org_heads, ("GPE", "LOC", "NORP", "FAC", "PERSON", "EVENT", "LAW"))
    if opened:
        return [organisation]
    return [
        ("EVENT", lists.event_heads, ("ORG", "FAC", "LOC", "GPE", "PERSON")),
        organisation,
        ("LOC", lists.loc_heads, ("GPE", "ORG", "PERSON", "FAC", "NORP")),
        ("FAC", lists.building_heads, ("GPE", "PERSON", "NORP", "LOC", "ORG", "EVENT")),
        ("FAC", lists.fac_heads, ("GPE", "PERSON", "NORP", "LOC", "EVENT")),
        # Not ORG: clubs are called City, and one movement State.
        ("GPE", lists.gpe_heads, ("LOC", "PERSON", "NORP", "FAC")),
    ]
