"""A sample of three-word shingles, by which passages that may be copies find each other.

Each run of three words is hashed to 42 bits.  A hash is kept when it lies in the lower half of
the range or is among the sixteen smallest of its passage: this looks at the passage alone, so
the sample of a passage never depends on the corpus.  Two passages are candidates when they
share two kept hashes and three in twenty of the smaller sample; hashes in more than `CAP`
passages do not count (they are the mould of a template, and would join all of it).

Two shingles that fall on one hash only make a candidate more: what is a copy is found later.

Source: bottom-k sketches (Broder, "On the resemblance and containment of documents", 1997) with
the frequency bound of passage matching in newspapers (Smith, Cordell, Mullen, "Computational
methods for uncovering reprinted texts", 2015).  Unlike bands of MinHash the shared part estimates
containment, so that a cut copy is found too.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import lru_cache
from itertools import chain
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from pipeline.repeats.tokens import words_of

Ints: TypeAlias = npt.NDArray[np.int64]
Words: TypeAlias = npt.NDArray[np.uint64]

WIDTH = 3
SMALLEST = 16
CAP = 64
MIN_SHARED = 2
MIN_SHARE = 0.15
# Of so small a sample one shared hash is share enough.
TINY_SAMPLE = 6

HASH_BITS = 42
# What is left of 64 bits beside the hash: so many passages are sampled at once.
OWNER_BITS = 64 - HASH_BITS
MOST_AT_ONCE = 1 << OWNER_BITS
_OWNER = np.uint64(MOST_AT_ONCE - 1)

_FACTORS = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9)
_MIX = 0xFF51AFD7ED558CCD


@lru_cache(maxsize=262_144)
def _word_hash(word: str) -> int:
    data = word.encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(data, digest_size=8).digest(), "big")


def sample(streams: Sequence[str]) -> tuple[Ints, Ints]:
    """Kept hashes of many passages at once: the number of the passage, and the hash.

    Args:
        streams: the stream of each passage; at most `MOST_AT_ONCE`.

    Returns:
        Two arrays of one length, ordered by passage, then hash; each hash once a passage.

    Example:
        >>> numbers, hashes = sample(["the port of ^lima", "port of ^lima"])
        >>> numbers.tolist(), hashes[2] in hashes[:2]
        ([0, 0, 1], True)
    """
    passages = [words_of(tokens) for tokens in streams]
    sizes = np.fromiter((len(words) for words in passages), np.int64, len(passages))
    flat = np.fromiter(map(_word_hash, chain.from_iterable(passages)), np.uint64, int(sizes.sum()))
    if len(flat) < WIDTH:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    owner = np.repeat(np.arange(len(passages), dtype=np.uint64), sizes)
    last = len(flat) - WIDTH + 1
    mixed = sum(
        (flat[step : step + last] * np.uint64(_FACTORS[step]) for step in range(1, WIDTH)),
        start=flat[:last] * np.uint64(_FACTORS[0]),
    )
    mixed = (mixed ^ (mixed >> np.uint64(31))) * np.uint64(_MIX)
    mixed ^= mixed >> np.uint64(29)
    whole = owner[:last] == owner[WIDTH - 1 :]
    is_fact = np.fromiter(chain.from_iterable(map(_facts, streams)), bool, len(flat))
    told = is_fact[:last] | is_fact[1 : last + 1] | is_fact[2:]
    # Passage in front, hash behind: one sort of plain numbers puts both in order.
    packed = (owner[:last][whole] << np.uint64(HASH_BITS)) | (mixed[whole] >> np.uint64(OWNER_BITS))
    return _kept(np.sort(packed), np.sort(packed[told[whole]]))


def _facts(tokens: str) -> list[bool]:
    return [token[0] in "#^" for token in tokens.split()]


def _kept(packed: Words, facts: Words) -> tuple[Ints, Ints]:
    fresh = np.ones(len(packed), bool)
    fresh[1:] = packed[1:] != packed[:-1]
    packed = packed[fresh]
    owner = (packed >> np.uint64(HASH_BITS)).astype(np.int64)
    hashes = (packed & np.uint64((1 << HASH_BITS) - 1)).astype(np.int64)
    starts = np.flatnonzero(np.diff(owner, prepend=-1))
    rank = np.arange(len(owner)) - np.repeat(starts, np.diff(starts, append=len(owner)))
    kept = (rank < SMALLEST) | (hashes < 1 << (HASH_BITS - 1))
    if len(facts):
        kept |= facts[np.searchsorted(facts, packed).clip(max=len(facts) - 1)] == packed
    return owner[kept], hashes[kept]


def are_candidates(count: Ints, smaller: Ints) -> npt.NDArray[np.bool_]:
    """Whether `count` shared hashes are enough for a smaller sample of that size.

    Example:
        >>> are_candidates(np.array([2, 2, 1, 1]), np.array([13, 40, 13, 6])).tolist()
        [True, False, False, True]
    """
    wanted = np.where(smaller <= TINY_SAMPLE, 1, MIN_SHARED)
    return (count >= wanted) & (count >= MIN_SHARE * smaller)
