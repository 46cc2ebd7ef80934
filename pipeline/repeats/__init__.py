"""Finds passages that say again what another says; facts are never merged away.

    lexicon     what is known of words: `rules/repeats.toml`
    dateline    where a story begins behind its dateline, and ends before a credit
    quantities  numbers, dates and sums as single tokens
    capitals    what a capital letter says of a word
    tokens      the canonical stream of a text and its exact key
    forms       which passages may repeat, and which of them are spared
    likeness    how many words copies share
    shingles    a sample of each passage
    postings    which passages may be copies of each other: the join, bucket by bucket
    aside       pairs put aside until all are there
    align       two passages side by side
    things      one noun in place of another
    facts       which unmatched words are facts
    classes     one member of a closed class against another
    conflicts   words that make another name or office; all kinds of conflicts in their order
    moved       facts that stand elsewhere and say the same
    veto        whether their facts allow that one repeats the other
    tasks       pure functions applied to many items, here or elsewhere
    judging     verdicts on a chunk of pairs
    clusters    groups with one canonical copy
    store       the tables of the index, in SQLite
    pairs       the pairs that an update brings, formed and judged
    components  clusters that an update touched, made again
    index       all of it over the whole history, mended run by run
    recurring   short lines that stand on many pages of one source
    places      which place is kept, and what the others repeat
    review      pairs near the thresholds, for a person to read

Why not plain MinHash: bulletins of one mould that differ in one number are more alike than an
edited reprint is to its source, so that no threshold on likeness parts them; what parts them is
the veto on facts.
"""

from __future__ import annotations

from pipeline.repeats.clusters import Copy
from pipeline.repeats.forms import Canonical, canonical, is_head, is_spared
from pipeline.repeats.index import Index
from pipeline.repeats.places import Place, Repeat, is_silent, plain_key, repeats_of
from pipeline.repeats.recurring import Page, ShortLine, recurring, short_line
from pipeline.repeats.tasks import Runner, in_turn
from pipeline.repeats.tokens import VERSION

__all__ = [
    "VERSION",
    "Canonical",
    "Copy",
    "Index",
    "Page",
    "Place",
    "Repeat",
    "Runner",
    "ShortLine",
    "canonical",
    "in_turn",
    "is_head",
    "is_silent",
    "is_spared",
    "plain_key",
    "recurring",
    "repeats_of",
    "short_line",
]
