"""The shape of `rules/money.toml`: one model for each kind of rule."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pipeline.rulebook import Rule, RuleModel
from schemas.tables import Qualifier


class Shape(Rule):
    """A way to write an amount; its id is the `rule_id` of what it finds."""


class ScaleRule(Rule):
    """Scale words that stand for one power of ten."""

    exponent: int
    words: tuple[str, ...]
    glued: tuple[str, ...] = ()
    plurals: tuple[str, ...] = ()


class QualifierRule(Rule):
    """Words in front of an amount, or behind it, that bound it."""

    qualifier: Qualifier
    before: tuple[str, ...]
    after: tuple[str, ...] = ()
    not_before: tuple[str, ...] = ()


class Defaults(Rule):
    """The currency of a form that several currencies share, where nothing tells more."""

    codes: Mapping[str, str]


class PerRule(Rule):
    """Units after `a`, `an` or a slash; after `per` any word will do."""

    units: tuple[str, ...]
    not_after: tuple[str, ...]


class ChangeRule(Rule):
    """Verbs that make `from A to B` a change, and those that make it a range.

    After `step_verbs` too the first of `A to B` is the step, as in `gained $2 to $81`.
    """

    verbs: tuple[str, ...]
    step_verbs: tuple[str, ...]
    range_verbs: tuple[str, ...]


class Guard(Rule):
    """Forms that have another reading, and the words around them that tell which.

    `kind` names the test in `guards`; `against` are words of the other reading and `support`
    words or forms of money, each where `why` says; `singular` are things worth so many
    pounds; `prices` are words of price in front of a small amount, `containers` hold so many
    pounds of goods.
    """

    kind: Literal[
        "needs_size",
        "needs_owner",
        "name_before",
        "capital",
        "weight",
        "code",
        "letter",
        "year",
        "pence",
        "behind",
        "lead",
        "sentence",
    ]
    forms: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    prices: tuple[str, ...] = ()
    containers: tuple[str, ...] = ()
    support: tuple[str, ...] = ()
    singular: tuple[str, ...] = ()


class Grouping(Rule):
    """Currencies without small change: `Rp 15.000` has a dot between groups."""

    codes: tuple[str, ...]


class MoneyRules(RuleModel):
    """The file `money.toml`."""

    shapes: tuple[Shape, ...]
    scales: tuple[ScaleRule, ...]
    qualifiers: tuple[QualifierRule, ...]
    defaults: Defaults
    per: PerRule
    change: ChangeRule
    grouping: Grouping
    guards: tuple[Guard, ...]

    @property
    def all_rules(self) -> tuple[Rule, ...]:
        """Every rule of the file, in its order."""
        return (
            *self.shapes,
            *self.scales,
            *self.qualifiers,
            self.defaults,
            self.per,
            self.change,
            self.grouping,
            *self.guards,
        )
