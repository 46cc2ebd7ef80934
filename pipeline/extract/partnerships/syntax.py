"""What the parse says: the subject above a label, and the verb that governs it.

Only three questions are asked of the parse, each by climbing from the head of the label to the
root: a small model is right about subjects far more often than about the finer attachments, which
the patterns of words answer instead.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.records import ModelToken

SUBJECTS = frozenset({"nsubj", "nsubjpass"})
CLIMB = 14


@dataclass(frozen=True, slots=True)
class Tree:
    """A parsed passage; children are listed once, so that every question is linear."""

    tokens: Sequence[ModelToken]
    children: tuple[tuple[int, ...], ...]

    def head_of(self, start: int, end: int) -> int | None:
        """The token between two offsets whose own head lies outside them."""
        number = bisect_left(self.tokens, start, key=lambda token: token.start)
        while number < len(self.tokens) and self.tokens[number].end <= end:
            token = self.tokens[number]
            head = self.tokens[token.head]
            if token.head == number or not (start <= head.start and head.end <= end):
                return number
            number += 1
        return None

    def climb(self, number: int) -> Iterator[int]:
        """The token and those above it, up to the root."""
        for _ in range(CLIMB):
            yield number
            if self.tokens[number].head == number:
                return
            number = self.tokens[number].head

    def reach(self, number: int) -> tuple[int, int]:
        """Offsets of the phrase under a token, without the clauses that hang on it."""
        first, last = self.tokens[number].start, self.tokens[number].end
        stack, seen = [number], 0
        while stack and seen < 200:
            node = stack.pop()
            seen += 1
            first = min(first, self.tokens[node].start)
            last = max(last, self.tokens[node].end)
            stack += [
                child
                for child in self.children[node]
                if self.tokens[child].dep not in ("relcl", "acl", "advcl", "punct", "appos")
                or (self.tokens[child].dep == "appos" and self.tokens[child].start < last + 3)
            ]
        return first, last


def grow(tokens: Sequence[ModelToken]) -> Tree | None:
    """The tree of a parsed passage; None where it was not parsed.

    Example:
        >>> grow(()) is None
        True
    """
    if not tokens:
        return None
    children: list[list[int]] = [[] for _ in tokens]
    for number, token in enumerate(tokens):
        if token.head != number:
            children[token.head].append(number)
    return Tree(tokens, tuple(tuple(numbers) for numbers in children))


def subjects(tree: Tree, start: int, end: int) -> list[tuple[int, int]]:
    """Spans of the subjects above a label, nearest first; a relative pronoun gives its noun."""
    head = tree.head_of(start, end)
    if head is None:
        return []
    found: list[tuple[int, int]] = []
    last = head
    for number in tree.climb(head):
        for child in tree.children[number]:
            token = tree.tokens[child]
            if token.dep not in SUBJECTS or child == last or token.start >= end:
                continue
            if token.tag in ("WDT", "WP") and tree.tokens[number].dep == "relcl":
                found.append(tree.reach(tree.tokens[number].head))
            else:
                found.append(tree.reach(child))
        last = number
    return found


def governor(tree: Tree, start: int, end: int) -> str | None:
    """Lemma of the nearest verb above a label."""
    head = tree.head_of(start, end)
    if head is None:
        return None
    for number in tree.climb(head):
        if tree.tokens[number].pos == "VERB":
            return tree.tokens[number].lemma.lower()
    return None
