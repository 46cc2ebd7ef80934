"""Amounts of money in the passages of a document.

`find_money` is one pass of a small grammar over tokens (`grammar`), with exact numbers
(`numbers`, `words`, `quantity`), currencies from CLDR and an alias file (`lexicon`,
`marks`), guards against other readings (`guards`) and the words around that bend an
amount (`context`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from pipeline.extract.money.context import (
    Bounds,
    Surroundings,
    changes,
    per,
    qualifier,
    roles,
    steps,
)
from pipeline.extract.money.grammar import (
    Grammar,
    Item,
    full_value,
    lead_word,
    minus_before,
    minus_word,
    thousandfold,
)
from pipeline.extract.money.guards import Guards
from pipeline.extract.money.lexicon import lexicon
from pipeline.extract.money.lists import spread
from pipeline.extract.money.marks import Marks
from pipeline.extract.money.quantity import Scales
from pipeline.extract.money.rules import MoneyRules
from pipeline.extract.money.tokens import WORD, Token, tokenize
from pipeline.extract.money.words import STARTERS
from pipeline.passages import view
from pipeline.records import Document, MoneyFinding, Passage
from pipeline.rulebook import load

__all__ = ["find_money"]


def find_money(document: Document, passages: Sequence[Passage]) -> list[MoneyFinding]:
    """Every amount of money in `passages`, ordered by start, none overlapping.

    Args:
        document: gives the country of the page's owner and the words that tell open
            currencies.
        passages: those to read, in order.

    Returns:
        Findings with offsets into `document.text`; amounts in main units, exact.

    Example:
        >>> text = "The dam cost just over USD 50 million."
        >>> passage = Passage("0" * 20, 0, "paragraph", None, "en", 0, len(text), text)
        >>> for found in find_money(Document("0" * 20, text), [passage]):
        ...     print(text[found.start_char : found.end_char], found.amount, found.qualifier)
        USD 50 million 50000000 over
    """
    machine = _machine()
    triggers = machine.grammar.marks.lexicon.triggers
    around: Surroundings | None = None
    findings: list[MoneyFinding] = []
    for passage in passages:
        text = view(passage.text)
        # Most passages name no currency: one look at their words settles it.
        if triggers.isdisjoint(WORD.findall(text)):
            continue
        if around is None:
            around = Surroundings(
                document, view(document.text), machine.grammar.marks.lexicon, machine.rules.defaults
            )
        findings += _in_passage(passage, text, machine, around)
    return findings


@dataclass(frozen=True, slots=True)
class Machine:
    """The rules and what is built from them."""

    rules: MoneyRules
    grammar: Grammar
    bounds: Bounds
    guards: Guards


@lru_cache
def _machine() -> Machine:
    rules = load("money.toml", MoneyRules)
    words: dict[str, int] = {}
    letters: dict[str, int] = {}
    plurals: dict[str, int] = {}
    for rule in rules.scales:
        words |= dict.fromkeys(rule.words, rule.exponent)
        letters |= dict.fromkeys([*rule.glued, *rule.words], rule.exponent)
        plurals |= dict.fromkeys(rule.plurals, rule.exponent)
    grammar = Grammar(Marks(lexicon(), Scales(words, letters, plurals, STARTERS | plurals.keys())))
    return Machine(rules, grammar, Bounds.of(rules.qualifiers), Guards.of(rules.guards))


def _in_passage(
    passage: Passage, text: str, machine: Machine, around: Surroundings
) -> list[MoneyFinding]:
    rules = machine.rules
    tokens = tokenize(text)
    items: list[Item] = []
    found = list(machine.grammar.items(tokens))
    for item in spread(tokens, found, machine.grammar.marks.scales):
        if machine.guards.allow(tokens, item, around):
            items += _parts(tokens, item, rules)
    findings: list[MoneyFinding] = []
    recent: list[str] = []
    for item, role in zip(items, roles(tokens, items, rules.change), strict=True):
        mark = item.mark
        assert mark is not None  # an item without a mark is never yielded
        start = passage.start_char + tokens[item.start].start
        aside = item.start > 0 and tokens[item.start - 1].text == "("
        currency = around.currency(mark, start, recent, aside)
        if currency.code:
            recent.append(currency.code)
        sign = minus_before(tokens, item.start, passage.text)
        negative = bool(sign) or minus_word(tokens, item.start)
        factor = thousandfold(item.quantity, currency.code in rules.grouping.codes)
        findings.append(
            MoneyFinding(
                start_char=start - len(sign),
                end_char=passage.start_char + tokens[item.end - 1].end,
                amount=full_value(item.quantity, mark, negative, factor),
                amount_max=full_value(item.high, mark, negative, factor),
                currency=currency.code,
                currency_is_assumed=currency.assumed,
                currency_basis=currency.basis,
                qualifier=qualifier(tokens, item, machine.bounds),
                role=role,
                per=per(tokens, item, rules.per),
                method="rule",
                rule_id=_rule_id(item),
            )
        )
    return findings


def _parts(tokens: list[Token], item: Item, rules: MoneyRules) -> list[Item]:
    """A range as its two ends where a verb of change makes it a change."""
    if item.high is None:
        return [item]
    first_end = item.link
    if tokens[first_end].text.lower() != "to":
        return [item]
    # `up 3p to 164p`: the first is the step, the second where it led.
    step = item.low_marked and steps(tokens, item.start, rules.change)
    if not step and (
        lead_word(tokens, item.start) != "from"
        or not changes(tokens, item.start, item.start, rules.change)
    ):
        return [item]
    low = replace(item, end=first_end, high=None)
    high = replace(item, start=first_end + 1, quantity=item.high, high=None)
    return [low, high]


def _rule_id(item: Item) -> str:
    mark = item.mark
    if item.high is not None:
        return "money.range"
    if item.quantity.value is None:
        return "money.vague"
    if mark and mark.kind in {"letter", "cent"}:
        return "money.letter" if mark.kind == "letter" else "money.cents"
    if item.before and item.after:
        return "money.both-sides"
    return "money.mark-before" if item.before else "money.mark-after"
