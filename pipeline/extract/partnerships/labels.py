"""Labels of partnerships: where they stand, and what only looks like one.

A label is `modifier+ field* head tail?`: the words are data, the shape is one regular
expression built of them, with every repetition bounded.  What looks like a label and is the name
of a programme, a treaty or a job is told by its context (traps).  Two forms have no head of their
own: an acronym behind its definition, and `from an enhanced partnership to a strategic one`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from pipeline.extract.partnerships.book import (
    GAP,
    PARTY,
    form,
    form_book,
    label_book,
    words_pattern,
)
from pipeline.extract.partnerships.keys import label_key, tier

# Marks that may wrap or split a label; blanked, so that one pattern reads it all the same.
WRAPPING = re.compile(
    r"\\u20[01][0-9a-f]|\\(?=[\"'])|[\"*_\u201c\u201d\u201e\u00ab\u00bb\u2060\u00ad\u2022`~]|&nbsp;|&quot;|</?[a-z]{1,6}/?>|\[\d{1,3}\]"
    r"|(?<![A-Za-z])'|'(?=[ \"',.;:)]|$)(?<!s'(?= [A-Za-z]))"
    r"|\[(?=[^\[\]\n]{1,120}\]\([^()\s]{1,300}\))|\]\([^()\s]{1,300}\)"
)
ACRONYM = re.compile(
    r" {0,2}\( {0,2}(?:(?:hereafter|hereinafter|henceforth|known as|called|or|the) {1,3}){0,3}"
    r"([A-Z][A-Za-z]{0,3}[A-Z]) {0,2}\)"
)
# Two ranks before one head in the plural, and the word that deals them out.
SHARED_HEAD = re.compile(
    r"([\w -]{4,60}?) {1,3}and {1,3}([\w -]{4,60}?) {1,3}partner(?:ship)?s", re.IGNORECASE
)
RESPECTIVELY = re.compile(r"\brespectively\b")
SHARED_REACH = 200
LEFT_REACH, RIGHT_REACH = 60, 60
# Behind `partner`: a relation is named after it, `partner relations`, `partner (DP) status`.
STATUS = re.compile(r"(?: {1,3}\( {0,2}[A-Z]{2,8} {0,2}\))? {1,3}(?:relations|ties|status)\b")
HEADS = re.compile(r"\bpartner(?:ship)?s?\b", re.IGNORECASE)
# A document that defines more of them is bait; each costs a reading of the text.
MOST_ACRONYMS = 20


@dataclass(frozen=True, slots=True)
class Label:
    """A label in a passage; offsets count from the start of the passage."""

    start: int
    end: int
    key: str
    tier: str
    rule_id: str
    is_partner: bool = False  # headed by `partner`: names a party, not a relation


def blank(plain: str, cells: bool = False) -> str:
    """`plain` with wrapping marks and line breaks blanked, of the same length.

    In a table row (`cells`) a tab becomes `|`, which no pattern crosses.

    Example:
        >>> blank('a "strategic" partnership')
        'a  strategic  partnership'
        >>> blank("France's and the sides' views")
        "France's and the sides' views"
    """
    text = WRAPPING.sub(lambda mark: " " * len(mark[0]), plain)
    return text.translate({9: "|" if cells else " ", 10: " ", 13: " "})


@lru_cache
def _pattern() -> re.Pattern[str]:
    book = label_book()
    official = words_pattern((*book.guide, *book.official))
    praise = words_pattern(book.praise)
    fields = words_pattern(book.field)
    security = words_pattern(book.security)
    ranked = "(?:(?<=enhanced)|(?<=strengthened)|(?<=comprehensive)|(?<=special))"
    tails = "|".join(f"(?P<t{n}>{_spaced(tail.pattern)})" for n, tail in enumerate(book.tail))
    alone = "|".join(f"(?:{_spaced(tail.pattern)})" for tail in book.tail if tail.alone)
    join = r"(?: {0,2}, {0,3}(?:and {1,3})?| {1,3}and {1,3}| {1,3}& {1,3}|" + GAP + ")"
    return re.compile(
        rf"(?<![\w-])(?:"
        rf"(?P<mods>(?=(?P<first>{official})\b){official}(?:{join}{official}){{0,8}}"
        rf"(?: {{1,3}}(?:and|&) {{1,3}}{praise}| {{0,2}},(?: {{1,3}}and)? {{1,3}}{praise}){{0,2}})"
        rf"(?:(?<=strategic)(?:(?:{join}{fields}){{1,4}}{join}(?:and {{1,3}})?|{GAP})"
        rf"|{ranked}(?:{GAP}{security}){{1,2}}{GAP}"
        rf"|(?<=comprehensive){GAP}{fields}(?:{join}{fields}){{1,6}}{GAP}|{GAP})"
        rf"(?P<head>partnerships?|partners?)\b(?:{tails})?"
        rf"|(?P<bare>partnership)(?P<alone>{alone}))",
        re.IGNORECASE,
    )


@lru_cache
def _parted() -> re.Pattern[str]:
    official = words_pattern((*label_book().guide, *label_book().official))
    join = rf"(?: {{0,2}}, {{0,3}}| {{1,3}}and {{1,3}}|{GAP})"
    return re.compile(
        rf"(?<![\w-])(?P<mods>{official}(?:{join}{official}){{0,4}})"
        rf" {{1,3}}(?P<pair>{PARTY}(?:'s)? {{0,2}}[-/] {{0,2}}{PARTY}(?:'s?)?) {{1,3}}"
        rf"(?P<rest>(?:{official}{GAP}){{0,3}}partnerships?\b)",
        re.IGNORECASE,
    )


def parted_labels(text: str, masked: str, labels: Sequence[Label]) -> list[Label]:
    """Labels that the names of their parties cut in two: `the strategic Peru-Laos partnership`.

    Args:
        text: a blanked text.
        masked: its mask, in which names are signs.
        labels: those found without names, which win.
    """
    found: list[Label] = []
    for match in _parted().finditer(masked):
        words = f"{match['mods']} {match['rest']}"
        inside = any(label.start < match.end() and match.start() < label.end for label in labels)
        if inside or not _guide().search(match["mods"]):
            continue
        left = text[max(0, match.start() - LEFT_REACH) : match.start()]
        right = text[match.end() : match.end() + RIGHT_REACH]
        if not any(
            before.search(left) and label.search(words) and after.match(right)
            for _, before, label, after in _traps()
        ):
            key = label_key(words)
            found.append(Label(*match.span(), key, tier(key), "label.parted"))
    return found


def _spaced(pattern: str) -> str:
    return pattern.replace("_", " {1,9}")


@lru_cache
def _guide() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){words_pattern(label_book().guide)}(?!\w)", re.IGNORECASE)


@lru_cache
def _traps() -> tuple[tuple[str, re.Pattern[str], re.Pattern[str], re.Pattern[str]], ...]:
    return tuple(
        (
            trap.id,
            re.compile(f"(?:{_spaced(trap.before)})$" if trap.before else "", re.IGNORECASE),
            re.compile(f"(?:{_spaced(trap.label)})$" if trap.label else "", re.IGNORECASE),
            re.compile(_spaced(trap.after), re.IGNORECASE),
        )
        for trap in label_book().trap
    )


def needs_parse(text: str) -> bool:
    """Whether the passage may hold a label, so that the parser is worth its cost.

    Example:
        >>> needs_parse("Ghana and Fiji are strategic partners.")
        True
        >>> needs_parse("The partners opened a bakery.")
        False
    """
    if form_book().cue_word not in text.lower():
        return False
    return form("cue").search(text) is not None


def find_labels(text: str) -> list[Label]:
    """All labels of a blanked text, in order, acronyms left out.

    Example:
        >>> [label.tier for label in find_labels("a strategic, comprehensive partnership")]
        ['comprehensive_strategic_partnership']
        >>> find_labels("a public-private partnership and the Trans-Pacific Partnership")
        []
    """
    found: list[Label] = []
    for match in _pattern().finditer(text):
        label = _label(text, match)
        if isinstance(label, Label):
            found += _shared_head(text, label) or [label]
    found += _ellipses(text, found)
    return sorted(found, key=lambda label: label.start)


def _shared_head(text: str, label: Label) -> list[Label]:
    """Two labels of one head where `respectively` deals them out, else none.

    The first reaches to the head that it shares, so that its span holds all its words:
    `[strategic and [comprehensive partnerships]] with X and Y respectively`.
    """
    around = text[label.start - LEFT_REACH if label.start > LEFT_REACH else 0 : label.start]
    around += text[label.end : label.end + SHARED_REACH]
    match = SHARED_HEAD.fullmatch(text, label.start, label.end)
    if match is None or not RESPECTIVELY.search(around):
        return []
    if not all(_guide().search(part) for part in match.group(1, 2)):
        return []
    keys = [label_key(f"{part} partnership") for part in match.group(1, 2)]
    starts = (label.start, match.start(2))
    return [
        Label(start, label.end, key, tier(key), "label.shared-head", label.is_partner)
        for start, key in zip(starts, keys, strict=True)
    ]


def definitions(text: str, labels: list[Label]) -> dict[str, tuple[str, str]]:
    """Acronyms that stand in brackets behind a label, with its key and tier.

    Example:
        >>> text = "a Comprehensive Strategic Partnership (CSP)"
        >>> definitions(text, find_labels(text))
        {'CSP': ('comprehensive_strategic_partnership', 'comprehensive_strategic_partnership')}
    """
    found: dict[str, tuple[str, str]] = {}
    for label in labels:
        match = ACRONYM.match(text, label.end)
        if match and match[1][0].lower() == label.key[0]:
            found[match[1]] = (label.key, label.tier)
    return found


def refused_labels(text: str) -> list[tuple[int, int, str]]:
    """Spans of a blanked text that have the shape of a label and are none, with the rule's id.

    Example:
        >>> refused_labels("They joined the Trans-Pacific Strategic Economic Partnership.")
        [(30, 60, 'trap.trade-treaties')]
        >>> refused_labels("A public-private partnership built the road.")
        [(17, 28, 'trap.trade-treaties')]
    """
    matches = [(match, _label(text, match)) for match in _pattern().finditer(text)]
    shaped = [(*match.span(), label) for match, label in matches if isinstance(label, str)]
    taken = {match.end("head") for match, _ in matches} | {match.end() for match, _ in matches}
    bare = [match for match in HEADS.finditer(text) if match.end() not in taken]
    return sorted([*shaped, *((*match.span(), _why_bare(text, match)) for match in bare)])


def _why_bare(text: str, head: re.Match[str]) -> str:
    """The rule by which a partnership without the shape of a label is none."""
    left = text[max(0, head.start() - LEFT_REACH) : head.start()]
    right = text[head.end() : head.end() + RIGHT_REACH]
    for trap_id, before, label, after in _traps():
        holds = before.search(left) and label.search(head[0]) and after.match(right)
        if holds and (before.pattern or label.pattern):
            return trap_id
    phrase = re.split(r"[.,;:]", left)[-1][-40:]
    return label_book().field[0].id if _guide().search(phrase) else label_book().guide[0].id


def _label(text: str, match: re.Match[str]) -> Label | str:
    """The label, or the id of the rule by which it is none."""
    start, end = match.span()
    if match["mods"] is not None:
        rule_id = label_book().guide[0].id
        if not _guide().search(match["mods"]):
            tail = next((t for n, t in enumerate(label_book().tail) if match[f"t{n}"]), None)
            if tail is None or not tail.alone:
                return label_book().official[0].id
            rule_id = tail.id
    else:
        rule_id = next(tail.id for tail in label_book().tail if tail.alone)
    left = text[max(0, start - LEFT_REACH) : start]
    right = text[end : end + RIGHT_REACH]
    words = text[start:end]
    for trap_id, before, label, after in _traps():
        if before.search(left) and label.search(words) and after.match(right):
            return trap_id
    is_partner = (match["head"] or "").lower().startswith("partner") and "ship" not in (
        match["head"] or ""
    ).lower()
    is_partner = is_partner and not STATUS.match(right)
    key = label_key(words)
    return Label(start, end, key, tier(key), rule_id, is_partner)


@lru_cache
def _elliptic() -> re.Pattern[str]:
    word = words_pattern((*label_book().guide, *label_book().official))
    several = rf"({word}(?: {{1,3}}(?:and {{1,3}})?{word}){{0,4}})"
    return re.compile(
        rf"\b(?:to|into|as|is|become) {{1,3}}(?:an? |the )? {{0,3}}{several} {{1,3}}one\b"
        rf"|\bfrom {{1,3}}an? {{1,3}}{several} {{1,3}}to {{1,3}}an? {{1,3}}(?={word})",
        re.IGNORECASE,
    )


def _ellipses(text: str, labels: list[Label]) -> list[Label]:
    """`to a strategic one` behind a label with a head."""
    pattern = _elliptic()
    found: list[Label] = []
    for match in pattern.finditer(text):
        group = 1 if match[1] else 2
        start, end = match.span(group)
        near = any(
            (0 < start - label.end < 80) if group == 1 else (0 < label.start - end < 60)
            for label in labels
        )
        if near and _guide().search(match[group]):
            key = label_key(match[group]) + "_partnership"
            stop = match.end() if group == 1 else end
            found.append(Label(start, stop, key, tier(key), "label.ellipsis"))
    return found


def with_acronyms(
    text: str, labels: list[Label], acronyms: dict[str, tuple[str, str]]
) -> list[Label]:
    """`labels` and the acronyms that the document has defined, with their key and tier.

    Example:
        >>> [label.key for label in with_acronyms("the CSP", [], {"CSP": ("a_b", "a_b")})]
        ['a_b']
    """
    found = list(labels)
    defined = {match.end(1) for label in labels if (match := ACRONYM.match(text, label.end))}
    for name, (key, family) in list(acronyms.items())[:MOST_ACRONYMS]:
        found += [
            Label(*match.span(), key, family, "label.acronym")
            # `CSP 2.0` is the name of a plan.
            for match in re.finditer(rf"(?<![\w(-]){re.escape(name)}s?(?![\w)]| ?\d\.)", text)
            if match.end() not in defined
        ]
    return sorted(found, key=lambda label: label.start)
