"""The rules of wikitext: templates whose words show, namespaces and elements that do not."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from pipeline.rulebook import Rule, RuleModel, load


class TemplateRule(Rule):
    """Templates whose words show, and how."""

    names: tuple[str, ...]
    shows: str


class WikitextRules(RuleModel):
    """`rules/wikitext.toml`."""

    unshown_namespaces: tuple[str, ...]
    opaque_tags: tuple[str, ...]
    template: tuple[TemplateRule, ...]


@dataclass(frozen=True)
class Compiled:
    """What shows of a template, a namespace, an element, by its name."""

    shown: dict[str, str]
    unshown: frozenset[str]
    opaque: frozenset[str]


def rules() -> WikitextRules:
    """The rules of this layer."""
    return load("wikitext.toml", WikitextRules)


@lru_cache
def compiled() -> Compiled:
    """The rules by name."""
    return Compiled(
        {name: rule.shows for rule in rules().template for name in rule.names},
        frozenset(rules().unshown_namespaces),
        frozenset(rules().opaque_tags),
    )
