"""What the words around an amount say: bounds, `per`, change, and the open currency."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.extract.money.grammar import Item
from pipeline.extract.money.lexicon import Lexicon, Mark, currency_of, key_of
from pipeline.extract.money.rules import ChangeRule, Defaults, PerRule, QualifierRule
from pipeline.extract.money.tokens import Token, near, tokenize
from pipeline.records import Document
from schemas.tables import CurrencyBasis, Qualifier, Role

# `85,000 marks of silver`: half a pound of metal, and no currency with a code.
SILVER_MARKS = re.compile(r"\bmarks[ \n]of[ \n](?:fine[ \n])?(?:silver|gold)\b")
MARKS = ("mark", "marks")


@dataclass(frozen=True, slots=True)
class Currency:
    """An ISO 4217 code and what it rests on; `code` is null when it cannot be told."""

    code: str | None
    assumed: bool
    basis: CurrencyBasis


class Surroundings:
    """What one document says of currencies that its marks leave open.

    The document is read once, when the first open mark asks.

    Args:
        document: gives the issuer.
        text: the view of its text.
        lexicon: knows the names of countries and currencies.
        defaults: what is assumed where nothing tells more.
    """

    def __init__(self, document: Document, text: str, lexicon: Lexicon, defaults: Defaults) -> None:
        self._home = currency_of(document.issuer)
        self._text = text
        self._lexicon = lexicon
        self._defaults = defaults
        self._hints: Hints | None = None
        self._has_silver_marks = SILVER_MARKS.search(text) is not None

    @property
    def hints(self) -> Hints:
        """Countries and spelled-out currencies of the document."""
        if self._hints is None:
            self._hints = read_hints(self._text, self._lexicon)
        return self._hints

    def names(self, mark: Mark) -> bool:
        """Whether the document names a country that pays with what `mark` may stand for."""
        return self._home in mark.codes or not mark.codes.isdisjoint(self.hints.places)

    def counts_silver(self, mark: Mark) -> bool:
        """Whether marks are weights of silver in this document, as in the Middle Ages."""
        return mark.form in MARKS and not mark.adjective and self._has_silver_marks

    def currency(self, mark: Mark, offset: int, recent: Sequence[str], aside: bool) -> Currency:
        """The currency that `mark` at `offset` stands for.

        Args:
            mark: as it was written.
            offset: where, in the document.
            recent: currencies of the amounts before it in the passage; cents go with them.
            aside: whether it stands in brackets, as conversions do.
        """
        if not mark.codes or self.counts_silver(mark):
            return Currency(None, False, "stated")
        if len(mark.codes) == 1 and mark.kind != "letter":
            return Currency(next(iter(mark.codes)), False, "stated")
        if mark.kind == "cent":
            for code in reversed(recent[-RECENT:]):
                if code in mark.codes:
                    return Currency(code, True, "document_hint")
        told = None if aside else self._spelled(mark, offset)
        told = told or self._nearest_place(mark, offset)
        if told:
            return Currency(told, True, "document_hint")
        if self._home in mark.codes:
            return Currency(self._home, True, "publisher_country")
        return Currency(self._defaults.codes.get(mark.form), True, "symbol_default")

    def _spelled(self, mark: Mark, offset: int) -> str | None:
        spelled = self.hints.spelled
        codes = [code for code in mark.codes if spelled.get(code, offset) < offset]
        if len(codes) != 1 or (self.hints.dollars_are_american and "USD" in mark.codes):
            return None
        return codes[0]

    def _nearest_place(self, mark: Mark, offset: int) -> str | None:
        # A country says nothing of dollars: most texts on Canada count in American ones.
        if "USD" in mark.codes and mark.kind != "cent":
            return None
        best: tuple[int, str] | None = None
        for code in sorted(mark.codes):
            starts = self.hints.places.get(code)
            if not starts:
                continue
            at = bisect_left(starts, offset)
            # What was named before counts first, then what follows.
            way = offset - starts[at - 1] if at else LATER + starts[0] - offset
            if best is None or way < best[0]:
                best = (way, code)
        return best[1] if best else None


LATER = 1_000_000
RECENT = 5


@dataclass(frozen=True, slots=True)
class Hints:
    """Where countries are named, by currency, and the first place a currency is spelled out."""

    places: Mapping[str, list[int]]
    spelled: Mapping[str, int]
    dollars_are_american: bool


def read_hints(text: str, lexicon: Lexicon) -> Hints:
    """The hints of a whole text.

    `Canadian dollars` beside a bracket is one side of a conversion and tells nothing of a
    bare dollar sign elsewhere.
    """
    places: dict[str, list[int]] = {}
    spelled: dict[str, int] = {}
    american = False
    tokens = tokenize(text)
    for index, token in enumerate(tokens):
        if token.kind != "word" or not token.text[0].isupper():
            continue
        key = key_of(token.text)
        american = american or token.text == "USD" or is_american_sign(tokens, index)
        if key not in lexicon.places and key not in lexicon.phrases:
            continue
        code = lexicon.place_at(tokens, index)
        if code:
            places.setdefault(code, []).append(token.start)
        named = lexicon.name_at(tokens, index)
        if named and named[0].adjective and len(named[0].codes) == 1:
            beside = tokens[max(index - 5, 0) : index] + tokens[named[1] : named[1] + 1]
            converts = any(near_by.text in {"(", ")"} for near_by in beside)
            (code,) = named[0].codes
            american = american or code == "USD"
            spelled.setdefault(code, len(text) if converts else token.start)
    return Hints(places, spelled, american)


def is_american_sign(tokens: list[Token], index: int) -> bool:
    """Whether `US` stands in front of a dollar sign."""
    return tokens[index].text == "US" and [t.text for t in tokens[index + 1 : index + 2]] == ["$"]


@dataclass(frozen=True, slots=True)
class Bounds:
    """Phrases that bound an amount, by their words, in front of it and behind it."""

    before: Mapping[tuple[str, ...], QualifierRule]
    after: Mapping[tuple[str, ...], QualifierRule]
    nearest_before: frozenset[str]
    nearest_after: frozenset[str]

    @classmethod
    def of(cls, rules: Sequence[QualifierRule]) -> Bounds:
        """The phrases of all `rules`; the word beside the amount tells whether to look further."""
        before = {tuple(phrase.split()): rule for rule in rules for phrase in rule.before}
        after = {tuple(phrase.split()): rule for rule in rules for phrase in rule.after}
        return cls(
            before,
            after,
            frozenset(phrase[-1] for phrase in before),
            frozenset(phrase[0] for phrase in after),
        )


def qualifier(tokens: list[Token], item: Item, bounds: Bounds) -> Qualifier:
    """How the words in front of the amount, or behind it, bound it; the longest phrase wins."""
    lead = _lead(tokens, item.start) if _is_before(tokens, item.start, bounds) else []
    for length in range(len(lead), 0, -1):
        rule = bounds.before.get(tuple(lead[-length:]))
        # `handed over $5 million` is no bound.
        if rule and (len(lead) == length or lead[-length - 1] not in rule.not_before):
            return rule.qualifier
    behind = tokens[item.end].text.lower() if item.end < len(tokens) else ""
    tail = _tail(tokens, item.end) if behind in bounds.nearest_after else []
    for length in range(len(tail), 0, -1):
        rule = bounds.after.get(tuple(tail[:length]))
        if rule:
            return rule.qualifier
    return "exact"


def _is_before(tokens: list[Token], start: int, bounds: Bounds) -> bool:
    """Whether a phrase may end in front of the amount; a full stop may close `approx.`."""
    nearest = tokens[start - 1].text.lower() if start else ""
    return nearest == "." or nearest in bounds.nearest_before


def _lead(tokens: list[Token], start: int, steps: int = 5) -> list[str]:
    words: list[str] = []
    for index in range(start - 1, max(start - 1 - steps, -1), -1):
        if not near(tokens[index], tokens[index + 1]):
            break
        text = tokens[index].text.lower()
        if tokens[index].kind == "other" and text not in {"~", "≈", "±", "<", ">"}:
            if text == "." and index and tokens[index - 1].text.lower() in {"approx", "c", "ca"}:
                continue
            break
        words.append(text)
    return words[::-1]


def _tail(tokens: list[Token], end: int, steps: int = 3) -> list[str]:
    words: list[str] = []
    for index in range(end, min(end + steps, len(tokens))):
        if not near(tokens[index - 1], tokens[index]):
            break
        words.append(tokens[index].text.lower())
    return words


def per(tokens: list[Token], item: Item, rule: PerRule) -> str | None:
    """What the amount is for one of."""
    at = _past_hyphen(tokens, item.end)
    unit = _past_hyphen(tokens, at + 1)
    if unit >= len(tokens) or not near(tokens[at - 1], tokens[at]):
        return None
    if not near(tokens[unit - 1], tokens[unit]):
        return None
    link = tokens[at].text.lower()
    if link == "per" and tokens[unit].kind == "number":
        return _per_many(tokens, unit, rule)
    if tokens[unit].kind != "word" or link not in {"per", "a", "an", "/", "each", "every"}:
        return None
    known = _unit(tokens, unit, rule)
    if link == "per":
        return known or (None if tokens[unit].text.lower() == "cent" else tokens[unit].text)
    behind = tokens[unit + 1].text.lower() if unit + 1 < len(tokens) else ""
    # `$5 million a year ago` is not for one year.
    return None if behind in rule.not_after else known


def _past_hyphen(tokens: list[Token], at: int) -> int:
    return at + 1 if at < len(tokens) and tokens[at].text == "-" else at


def _unit(tokens: list[Token], at: int, rule: PerRule) -> str | None:
    """The known unit of two words or one that begins at `at`, in the singular or plural."""
    words = [token.text for token in tokens[at : at + 2]]
    for unit in (" ".join(words), words[0] if words else ""):
        if unit in rule.units or unit.removesuffix("s") in rule.units:
            return unit
    return None


def _per_many(tokens: list[Token], at: int, rule: PerRule) -> str | None:
    """`per 1,000 cubic metres`."""
    unit = _unit(tokens, at + 1, rule)
    return f"{tokens[at].text} {unit}" if unit else None


def roles(tokens: list[Token], items: Sequence[Item], rule: ChangeRule) -> list[Role | None]:
    """For each item whether it is the start or the end of a stated change."""
    found: list[Role | None] = [None] * len(items)
    for number in range(len(items) - 1):
        first, second = items[number], items[number + 1]
        leads = _preposition(tokens, first.start), _preposition(tokens, second.start)
        if leads not in {("from", "to"), ("to", "from")}:
            continue
        if not _one_sentence(tokens, first.end, second.start):
            continue
        if changes(tokens, first.start, second.start, rule):
            found[number : number + 2] = ["from", "to"] if leads[0] == "from" else ["to", "from"]
    return found


# fmt: off
# Between `from` or `to` and its amount.
SKIPPED = frozenset({
    "about", "around", "some", "nearly", "almost", "approximately", "roughly", "an", "a",
    "estimated", "over", "more", "than", "just", "under", "less", "as", "much", "up", "at",
    "least", "the", "only", "well", "close", "current", "present", "previous", "its", "their",
})
# fmt: on


def _preposition(tokens: list[Token], start: int) -> str | None:
    for index in range(start - 1, max(start - 6, -1), -1):
        word = tokens[index].text.lower()
        if word in {"from", "to"}:
            return word
        if word not in SKIPPED:
            return None
    return None


def _one_sentence(tokens: list[Token], start: int, end: int) -> bool:
    return end - start <= 20 and not any(
        tokens[index].text in {".", ";", "!", "?", "|"} for index in range(start, end)
    )


def changes(tokens: list[Token], start: int, end: int, rule: ChangeRule) -> bool:
    """Whether a verb of change governs `from ... to` around the token `start`."""
    for index in range(start - 1, max(start - 25, -1), -1):
        word = tokens[index].text.lower()
        if word in {".", ";", "!", "?", "|"}:
            break
        if word in rule.range_verbs:
            return False
        if word in rule.verbs:
            return True
    return any(tokens[index].text.lower() in rule.verbs for index in range(start, end))


def steps(tokens: list[Token], start: int, rule: ChangeRule) -> bool:
    """Whether the amount is the step of a change: `rose 30 cents`, `fell by $3`, `a rise of $2`."""
    at = start - 1
    while at > 0 and tokens[at].text.lower() in SKIPPED:
        at -= 1
    if at >= 0 and tokens[at].text.lower() == "by":
        return True
    if at >= 1 and tokens[at].text.lower() == "of":
        at -= 1
    return at >= 0 and tokens[at].text.lower() in rule.step_verbs
