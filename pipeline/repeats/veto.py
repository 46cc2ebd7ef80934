"""Whether two passages that look alike say the same: the veto on facts.

Likeness cannot tell a reprint from another bulletin of the same mould: the bulletins are
mostly more alike.  So every word that the alignment leaves unmatched is asked what it is.
Two passages are apart when

* each has a number, date, sum or name that the other lacks (`repeats.facts`), also when the same
  fact stands at another place on either side, as in who sold to whom (`repeats.moved`);
* a common word makes a name another one (`repeats.name`: `Korea` and `North Korea`);
* one noun stands in place of another and all else agrees (`repeats.thing`), unless the rules hold
  them for words of one meaning;
* members of a closed class stand against each other, or a negation or rank is on one side
  only (the classes of `rules/repeats.toml`, by their ids).

Facts that only one side has are no contradiction: it tells more, and only the other one can
be its repeat.  `Verdict.extra_a` and `extra_b` say so, and the clusters keep to it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from pipeline.repeats.align import Alignment, Side, align, reordered, shared_words
from pipeline.repeats.conflicts import conflicts
from pipeline.repeats.facts import facts_in, is_turned, telling
from pipeline.repeats.lexicon import lexicon
from pipeline.repeats.likeness import (
    COMMON_FACTS,
    CONTAINMENT,
    CONTAINMENT_WITH_FACTS,
    LEVEL,
    is_covered,
    is_mostly_covered,
    overlaps,
)
from pipeline.repeats.moved import is_only_date, is_speaker
from pipeline.repeats.tokens import facts_of, words_of

Outcome = Literal["apart", "same", "vetoed"]

# A longer headline takes a word here and a word there from the first sentence of its story; a cut
# copy has nearly all words of the piece that it was cut from.
SUMMARY_WORDS = 20
LEAST_OF_PIECE = 0.7
# Share of the shared words that stand in runs, where only the shorter text is covered.
IN_RUNS = 0.6
# Beside a copy that already is in the cluster a looser likeness to the longest one will do.
LOOSE_LEVEL = 0.30
LOOSE_CONTAINMENT = 0.55

FACTS, MOVED = "repeats.facts", "repeats.moved"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found of a pair.

    `overlap` and `containment` are from 0 to 1 (estimated from the sets of words where facts
    contradict at sight); `rule` and the words on both sides say why it was vetoed;
    `extra_a` and `extra_b` that a side has facts the other lacks.
    """

    outcome: Outcome
    overlap: float
    containment: float
    rule: str = ""
    words_a: tuple[str, ...] = ()
    words_b: tuple[str, ...] = ()
    extra_a: bool = False
    extra_b: bool = False

    @property
    def margin(self) -> float:
        """Likeness above the threshold that it had to reach; below 0 it was not reached."""
        return max(self.overlap - LEVEL, self.containment - CONTAINMENT)

    @property
    def is_loosely_alike(self) -> bool:
        """Alike enough for a member of a cluster and its longest copy."""
        return self.overlap >= LOOSE_LEVEL or self.containment >= LOOSE_CONTAINMENT


@dataclass(frozen=True, slots=True)
class Glance:
    """What a stream shows at sight: its length, its words, each once, its numbers and names."""

    length: int
    words: frozenset[str]
    facts: tuple[str, ...]

    @classmethod
    def of(cls, one: Side) -> Glance:
        """A side that was taken apart already."""
        return cls(len(one.words), frozenset(one.words), one.facts)


def glance(tokens: str) -> Glance:
    """A stream at sight.

    Example:
        >>> glance("fares in ^lima rose by #5%").facts
        ('lima', '5%')
    """
    words = words_of(tokens)
    return Glance(len(words), frozenset(words), tuple(facts_of(tokens)))


def at_sight(a: Glance, b: Glance) -> Verdict | None:
    """The verdict where a look at the words is enough: on most candidates; None where it is not.

    The likeness of what is apart is the most that it could be.

    Example:
        >>> at_sight(glance("fares rose by #5%"), glance("trams ran on time")).outcome
        'apart'
        >>> at_sight(glance("fares rose by #5%"), glance("fares rose by #7%")).outcome
        'vetoed'
        >>> at_sight(glance("fares rose by #5%"), glance("fares rose by #5% again")) is None
        True
    """
    found = contradiction(a, b)
    if found is not None:
        return found
    common = len(a.words & b.words)
    # No more words can be shared than those of a side that the other has, too.
    shared = min(a.length - len(a.words) + common, b.length - len(b.words) + common)
    if _is_alike(a, b, shared):
        return None
    return _apart(a, b, shared)


def contradiction(a: Glance, b: Glance) -> Verdict | None:
    """The veto on two streams of which each has a fact that the other lacks; None if there is none.

    Example:
        >>> contradiction(glance("fares rose by #5%"), glance("fares rose by #7%")).words_b
        ('7%',)
        >>> contradiction(glance("fares rose by #5%"), glance("fares rose")) is None
        True
    """
    if a.words.issuperset(b.facts) or b.words.issuperset(a.facts):
        return None
    only_a = tuple([fact for fact in a.facts if fact not in b.words])
    only_b = tuple([fact for fact in b.facts if fact not in a.words])
    if len(only_a) == len(only_b) and all(is_turned(fact, only_b) for fact in only_a):
        return None
    common = len(a.words & b.words)
    smaller, larger = sorted((len(a.words), len(b.words)))
    likeness = common / (smaller + larger - common), common / smaller
    return Verdict("vetoed", *likeness, FACTS, only_a, only_b)


def verify(a: Side, b: Side, exhaustive: bool = False) -> Verdict:
    """The verdict on a pair; `exhaustive` aligns it even when its facts contradict at sight.

    Example:
        >>> from pipeline.repeats.align import side
        >>> def judge(a, b):
        ...     return verify(side(a), side(b))
        >>> judge("fares in ^lima rose by #5% in #2021", "fares in ^lima rose by #7% in #2021").rule
        'repeats.facts'
        >>> judge("in may last year the port of ^lima sold two old cranes to ^suva",
        ...       "in may last year the port of ^suva sold two old cranes to ^lima").rule
        'repeats.moved'
        >>> judge("fares in the town rose by #5% in #2021",
        ...       "fares in town rose by #5% in #2021").outcome
        'same'
    """
    if a.words == b.words:
        return Verdict("same", 1.0, 1.0)
    found = None if exhaustive else contradiction(Glance.of(a), Glance.of(b))
    return compare(a, b) if found is None else found


def compare(a: Side, b: Side) -> Verdict:
    """The verdict on a pair that does not contradict itself at sight; see `verify`."""
    if a.words == b.words:
        return Verdict("same", 1.0, 1.0)
    shared = shared_words(a, b)
    found = _judged(align(a, b)) if _is_alike(a, b, shared) else _apart(a, b, shared)
    if found.outcome != "same" and _has_sentences(a) and _has_sentences(b):
        # Copies in whatever order have words in common.
        words_a, words_b = set(a.words), set(b.words)
        if len(words_a & words_b) < CONTAINMENT_WITH_FACTS * min(len(words_a), len(words_b)):
            return found
        other = reordered(a, b)
        if other is not None:
            second = align(a, other)
            if _is_alike(a, b, second.shared):
                judged = _judged(second)
                if found.outcome == "apart" or judged.outcome == "same":
                    return judged
    return found


def _has_sentences(one: Side) -> bool:
    return len(one.sentences) > 2


def _apart(a: Side | Glance, b: Side | Glance, shared: int) -> Verdict:
    lengths = a.length, b.length
    return Verdict("apart", shared / max(1, sum(lengths) - shared), shared / max(1, min(lengths)))


def _is_alike(a: Side | Glance, b: Side | Glance, shared: int) -> bool:
    if _overlaps(a, b, shared) or is_covered(a.length, b.length, shared):
        return True
    if not is_mostly_covered(a.length, b.length, shared):
        return False
    return len({*a.facts} & {*b.facts}) >= COMMON_FACTS


def _overlaps(a: Side | Glance, b: Side | Glance, shared: int) -> bool:
    return overlaps(a.length, b.length, shared)


def _judged(found: Alignment) -> Verdict:
    """The verdict on a pair that is alike: every unmatched word is asked."""
    if not _overlaps(found.a, found.b, found.shared) and found.in_runs < IN_RUNS * found.shared:
        # `the`, `of`, `in`: any long text holds the small words of a short one in order.
        return _apart(found.a, found.b, found.shared)
    if not _overlaps(found.a, found.b, found.shared) and _is_summary(found):
        return _apart(found.a, found.b, found.shared)
    table = lexicon()
    told = telling(found, table)
    blocks = [found.blocks[place] for place in told]
    facts_a = [i for block in blocks for i in facts_in(found.a, found.b, block, table)]
    facts_b = [i for block in blocks for i in facts_in(found.b, found.a, block.turned, table)]
    verdict = Verdict(
        "same",
        found.overlap,
        found.containment,
        extra_a=bool(facts_a),
        extra_b=bool(facts_b),
    )
    if facts_a and facts_b:
        words_a = tuple(found.a.words[i] for i in facts_a)
        words_b = tuple(found.b.words[i] for i in facts_b)
        if not is_only_date(found, words_a, words_b) and not is_speaker(
            found, facts_a, facts_b, table
        ):
            moved = bool(set(words_a) & set(words_b))
            rule = MOVED if moved else FACTS
            return replace(verdict, outcome="vetoed", rule=rule, words_a=words_a, words_b=words_b)
        verdict = replace(verdict, extra_a=False, extra_b=False)
    for rule, words_a, words_b in conflicts(found, told, table):
        return replace(verdict, outcome="vetoed", rule=rule, words_a=words_a, words_b=words_b)
    return verdict


def _is_summary(found: Alignment) -> bool:
    """Whether the shorter text takes its few words from a much longer piece of the other one."""
    shorter = min(found.a.length, found.b.length)
    piece = found.piece_b if found.a.length <= found.b.length else found.piece_a
    return shorter < SUMMARY_WORDS and found.shared < LEAST_OF_PIECE * piece
