"""What a capital letter says of a word: a name, the first word of a sentence, or nothing.

Inside a sentence a capital marks a name.  In a headline every long word has one, and behind a
stop the first word has one whatever it is; there only a word that English does not commonly use
may be a name.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.repeats.lexicon import Lexicon

# Share of words longer than `with` that begin with a capital: headlines have all of them, a
# paragraph that lists names seldom four in five.
MOSTLY = 0.8

# Of so many letters: `Announcing`, `Steadily`, `Delivered`; but `Beijing`, `Vasily`, `Javed`.
_LONG_PARTICIPLE = 8
_LONG_ADVERB = 7
_LONG_PAST = 6


def is_common(low: str, table: Lexicon) -> bool:
    """Whether a word, without its capital, is a common word by itself or by its ending.

    Example:
        >>> from pipeline.repeats.lexicon import lexicon
        >>> [is_common(word, lexicon()) for word in ("ministers", "announcing", "vasily")]
        [True, True, False]
    """
    return (
        low in table.common
        or low.endswith(table.endings)
        or (low.endswith("ing") and len(low) >= _LONG_PARTICIPLE)
        or (low.endswith("ily") and len(low) >= _LONG_ADVERB)
        or (len(low) >= _LONG_PAST and low.endswith(table.past_endings))
        or low in table.slips
    )


def ends_sentence(raw: Sequence[str], index: int, table: Lexicon) -> bool:
    """Whether the stop at `index` ends a sentence: what follows could begin one.

    Example:
        >>> from pipeline.repeats.lexicon import lexicon
        >>> [ends_sentence(words.split(), 2, lexicon())
        ...  for words in ("the port . Fares rose", "the Gen . Petrov rose")]
        [True, False]
    """
    if index + 1 >= len(raw) or index == 0:
        return False
    before, behind = raw[index - 1], raw[index + 1]
    if raw[index] == "." and (
        before.lower() in table.abbreviations or (len(before) == 1 and before.isupper())
    ):
        return False
    return not behind[0].islower()


def are_mostly_capitals(raw: Sequence[str]) -> bool:
    """Whether most long words have a capital, as in a headline: then it marks no name.

    Example:
        >>> are_mostly_capitals("Lima Opens New Port".split())
        True
        >>> are_mostly_capitals("The new port of Lima opened .".split())
        False
    """
    long = [token[0] for token in raw if len(token) > 3]
    with_capital = sum(map(str.isupper, long))
    # A headline has no stop, and parts of a word may be small: `Kim Ha-neul Opens New Dam`.
    return with_capital > MOSTLY * len(long) or (
        with_capital == MOSTLY * len(long) > 0 and raw[-1][0] not in ".!?"
    )
