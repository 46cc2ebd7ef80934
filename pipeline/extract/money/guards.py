"""Other readings of what looks like money: weights, verbs, years, pixels, words in capitals.

Each guard of `rules/money.toml` has a kind, which names the test below that it feeds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from pipeline.extract.money.context import Surroundings
from pipeline.extract.money.grammar import Item, is_year
from pipeline.extract.money.lexicon import Mark
from pipeline.extract.money.rules import Guard
from pipeline.extract.money.tokens import Token, glued

REACH = 8
PRICE_REACH = 4
STOPS = frozenset(".;!?|")
Test = Callable[[Guard, list[Token], Item, Mark, Surroundings], bool]


@dataclass(frozen=True, slots=True)
class Guards:
    """The guards that any mark must pass, and those of single forms."""

    general: tuple[tuple[Test, Guard], ...]
    by_form: Mapping[str, tuple[tuple[Test, Guard], ...]]

    @classmethod
    def of(cls, rules: Sequence[Guard]) -> Guards:
        """The guards of all `rules`; a rule of a kind in `ANY_FORM` looks at every mark."""
        by_form: dict[str, tuple[tuple[Test, Guard], ...]] = {}
        for rule in rules:
            for form in rule.forms if rule.kind not in ANY_FORM else ():
                by_form[form] = (*by_form.get(form, ()), (TESTS[rule.kind], rule))
        general = tuple((TESTS[rule.kind], rule) for rule in rules if rule.kind in ANY_FORM)
        return cls(general, by_form)

    def allow(self, tokens: list[Token], item: Item, around: Surroundings) -> bool:
        """Whether no guard speaks against `item`."""
        mark = item.mark
        if mark is None:
            return False
        asked = (*self.general, *self.by_form.get(mark.form, ()))
        return not any(test(rule, tokens, item, mark, around) for test, rule in asked)


def _needs_size(
    rule: Guard, tokens: list[Token], item: Item, mark: Mark, around: Surroundings
) -> bool:
    if mark.form not in rule.forms or mark.adjective or item.quantity.scaled:
        return False
    if item.quantity.sized:
        # `2,000 won tickets` are winners unless Korea is named or the phrase ends there.
        return mark.form in rule.support and not (around.names(mark) or _ends_behind(tokens, item))
    if item.before and not item.after:
        return True
    value = item.quantity.digits or Decimal(0)
    if is_year(item.quantity) or not around.names(mark):
        return True
    if value < 100 and not _lead(tokens, item, PRICE_REACH) & {*rule.prices}:
        return True
    return bool(_behind(tokens, item, 1) & {*rule.against})


def _needs_owner(
    rule: Guard, tokens: list[Token], item: Item, mark: Mark, around: Surroundings
) -> bool:
    if mark.form not in rule.forms or mark.adjective:
        return False
    return not (around.names(mark) or around.counts_silver(mark))


def _name_before(
    rule: Guard, tokens: list[Token], item: Item, mark: Mark, around: Surroundings
) -> bool:
    """`Euro 2024`, `Real 3`: a name in front wants a written-out amount."""
    if item.before is None or item.before.kind != "name" or item.after:
        return False
    return not item.quantity.sized or item.before.form in rule.forms


def _capital(
    rule: Guard, tokens: list[Token], item: Item, mark: Mark, around: Surroundings
) -> bool:
    if item.after is None or item.before or mark.adjective:
        return False
    if mark.form not in rule.forms or not tokens[item.end - 1].text.istitle():
        return False
    # `2.9 million Dong live in Guizhou`: peoples are counted in millions too.
    return not item.quantity.sized or (mark.form in rule.support and not around.names(mark))


def _weight(rule: Guard, tokens: list[Token], item: Item, mark: Mark, around: Surroundings) -> bool:
    if mark.kind != "name" or mark.adjective or mark.form not in rule.forms or item.before:
        return False
    behind = [token.text.lower() for token in tokens[item.end : item.end + 3]]
    if behind[:1] == ["of"]:
        return not {*behind[1:]} & {*rule.support}
    if item.quantity.scaled:
        return False
    lead = [token.text.lower() for token in tokens[max(item.start - 2, 0) : item.start]]
    if lead[-1:] == ["of"] and lead[0] in rule.containers:
        # `in boxes of eight pounds`
        return True
    if mark.form == "pound" and behind[:1] and behind[0].isalpha():
        # `an 8-pound baby`, `a 5-pound note`.
        return behind[0] not in (*rule.support, *rule.singular)
    return bool(_sentence(tokens, item) & {*rule.against})


def _code(rule: Guard, tokens: list[Token], item: Item, mark: Mark, around: Surroundings) -> bool:
    if mark.form not in rule.forms or mark.kind not in {"code", "before", "after"}:
        return False
    if mark.form in rule.support:
        # Words of English: in a line of capitals even a scale does not help.
        last = tokens[item.quantity.end - 1].text
        return not item.quantity.scaled or (len(last) > 2 and last.isupper())
    if item.quantity.sized:
        return False
    # `SR 520` is a road, `QR 500` a flight, `SAR 500` is money.
    return len(mark.form) == 2 or (item.quantity.digits or 0) < 100 or is_year(item.quantity)


def _letter(rule: Guard, tokens: list[Token], item: Item, mark: Mark, around: Surroundings) -> bool:
    if mark.kind != "letter":
        return False
    quantity, named = item.quantity, around.names(mark)
    if not glued(tokens[item.start], tokens[item.start + 1]):
        return not (quantity.scaled and named)
    if quantity.scaled or (quantity.sized and (quantity.digits or 0) >= 1000):
        return mark.form not in rule.support and not named
    if not named or mark.form not in rule.forms or (quantity.digits or 0) < 10:
        return True
    before = {token.text.lower() for token in tokens[max(item.start - 2, 0) : item.start]}
    return bool((before | _behind(tokens, item, 2)) & {*rule.against})


def _year(rule: Guard, tokens: list[Token], item: Item, mark: Mark, around: Surroundings) -> bool:
    """`in 2015 dollars`, `the 2015 rouble crash`, `2019 €` over a column."""
    if not is_year(item.quantity) or item.before or item.start != item.quantity.start:
        return False
    at = item.quantity.end
    if glued(tokens[at - 1], tokens[at]) and tokens[at].text != "-":
        return False
    lead = tokens[item.start - 1].text.lower() if item.start else ""
    if mark.kind == "sign" and mark.form in {"$", "€", "£", "¥"}:
        return True
    return lead in rule.against or bool(_behind(tokens, item, 1) & {*rule.support})


def _pence(rule: Guard, tokens: list[Token], item: Item, mark: Mark, around: Surroundings) -> bool:
    if mark.form not in rule.forms:
        return False
    if mark.form == "c" and (not around.names(mark) or _lead(tokens, item, 1) & {*rule.against}):
        # Grades, parts and degrees are written so as well.
        return True
    if item.quantity.sized and mark.form == "p":
        return False
    if (item.quantity.digits or 0) in {240, 360, 480, 720, 1080, 1440, 2160, 4320}:
        return True
    return not _sentence(tokens, item) & {*rule.support}


def _behind_word(
    rule: Guard, tokens: list[Token], item: Item, mark: Mark, around: Surroundings
) -> bool:
    """`the 19 euro countries`, `two dollar-denominated bonds`."""
    if mark.form not in rule.forms or item.before or item.quantity.sized:
        return False
    return bool(_behind(tokens, item, 2) & {*rule.against})


def _lead_word(
    rule: Guard, tokens: list[Token], item: Item, mark: Mark, around: Surroundings
) -> bool:
    """`his two cents`."""
    if mark.form not in rule.forms or item.before or item.start == 0:
        return False
    first = tokens[item.start].text.lower()
    return first in rule.support and tokens[item.start - 1].text.lower() in rule.against


def _sentence_word(
    rule: Guard, tokens: list[Token], item: Item, mark: Mark, around: Surroundings
) -> bool:
    if mark.form not in rule.forms or item.quantity.sized:
        return False
    return bool(_sentence(tokens, item) & {*rule.against})


# Kinds whose `forms`, if any, say something else than which marks they look at.
ANY_FORM = frozenset({"name_before", "letter", "year"})
TESTS: Mapping[str, Test] = {
    "needs_size": _needs_size,
    "needs_owner": _needs_owner,
    "name_before": _name_before,
    "capital": _capital,
    "weight": _weight,
    "code": _code,
    "letter": _letter,
    "year": _year,
    "pence": _pence,
    "behind": _behind_word,
    "lead": _lead_word,
    "sentence": _sentence_word,
}


def _behind(tokens: list[Token], item: Item, steps: int) -> set[str]:
    """The next `steps` words behind the amount, hyphens left out."""
    words = [token.text.lower() for token in tokens[item.end : item.end + 2 * steps]]
    return {*[word for word in words if word != "-"][:steps]}


def _lead(tokens: list[Token], item: Item, steps: int) -> set[str]:
    """The last `steps` words in front of the amount."""
    return {token.text.lower() for token in tokens[max(item.start - steps, 0) : item.start]}


def _ends_behind(tokens: list[Token], item: Item) -> bool:
    """Whether nothing, a stop or `per` follows."""
    return item.end >= len(tokens) or tokens[item.end].text in {*".,;:()", "per"}


def _sentence(tokens: list[Token], item: Item) -> set[str]:
    """Words around the amount, as far as its sentence and `REACH` go."""
    words: set[str] = set()
    for index in range(item.start - 1, max(item.start - REACH, 0) - 1, -1):
        if tokens[index].text in STOPS:
            break
        words.add(tokens[index].text.lower())
    for index in range(item.end, min(item.end + REACH, len(tokens))):
        if tokens[index].text in STOPS:
            break
        words.add(tokens[index].text.lower())
    return words
