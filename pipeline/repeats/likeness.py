"""How many words two passages must share to be taken for copies: thresholds on lengths alone.

What belongs here: numbers that both the choice of candidates and the veto keep to.  All lengths
are in words.
"""

from __future__ import annotations

import sys

# Shared words over all words, by the length of the shorter passage: few words say less.
# Six words of which one was replaced and one added are still alike; what may differ is the veto's.
# Of four none may be replaced: `Lima Plans New Tax`, `Lima Plans New Park`.
LEVELS = ((5, 0.8), (12, 0.62), (22, 0.48))
LEVEL = 0.40
CONTAINMENT = 0.75
MIN_CONTAINED = 12
# So few words may stand in any long text; nearly all of them must.
CONTAINMENT_OF_FEW = 0.88
MIN_FEW = 8
# A headline says what stands in its story and is no cut copy of it: fewer words than these must
# be at least that part of the longer passage.
HEADLINE_WORDS = 12
LEAST_PART = 0.3
# So many facts in common are a likeness of their own.
COMMON_FACTS = 2
CONTAINMENT_WITH_FACTS = 0.65
MIN_CONTAINED_WITH_FACTS = 12


def overlaps(a: int, b: int, shared: int) -> bool:
    """Whether `shared` words are enough of all words of two passages of these lengths.

    Example:
        >>> overlaps(20, 21, 18), overlaps(20, 60, 18), overlaps(4, 4, 3)
        (True, False, False)
    """
    shorter = min(a, b)
    level = next((level for length, level in LEVELS if shorter < length), LEVEL)
    return shared >= level * (a + b - shared)


def is_covered(a: int, b: int, shared: int) -> bool:
    """Whether `shared` words are enough of the shorter passage, as of a cut copy.

    Example:
        >>> is_covered(20, 60, 18), is_covered(10, 60, 10)
        (True, False)
    """
    shorter, longer = sorted((a, b))
    if shorter < HEADLINE_WORDS and shorter < LEAST_PART * longer:
        return False
    if shorter >= MIN_CONTAINED and shared >= CONTAINMENT * shorter:
        return True
    return shorter >= MIN_FEW and shared >= CONTAINMENT_OF_FEW * shorter


def is_mostly_covered(a: int, b: int, shared: int) -> bool:
    """Whether they are enough if some facts are among them.

    Example:
        >>> is_covered(20, 60, 14), is_mostly_covered(20, 60, 14)
        (False, True)
    """
    shorter = min(a, b)
    return shorter >= MIN_CONTAINED_WITH_FACTS and shared >= CONTAINMENT_WITH_FACTS * shorter


def longest_alike(words: int) -> int:
    """Most words of a passage that one of so few `words` can be like.

    Example:
        >>> [longest_alike(words) for words in (4, 7, 11)], longest_alike(12) > 10**9
        ([5, 11, 36], True)
    """
    if words >= HEADLINE_WORDS:
        return sys.maxsize
    level = next(level for length, level in LEVELS if words < length)
    if words >= MIN_FEW:
        level = min(level, LEAST_PART)
    return int(words / level)
