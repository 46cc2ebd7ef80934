"""A sample of three-word shingles, by which passages that may be copies find each other.

Each run of three words is hashed to 42 bits.  A hash is kept when it lies in the lower half of
the range or is among the sixteen smallest of its passage: this looks at the passage alone, so
the sample of a passage never depends on the corpus.  A passage of few words is sampled by its
pairs of facts as well.  Two passages are candidates when they
share two kept hashes and three in twenty of the smaller sample (of a tiny one, one hash), unless
one is far too long for the other; hashes in more than `CAP`
passages do not count (they are the mould of a template, and would join all of it).

Two shingles that fall on one hash only make a candidate more: what is a copy is found later.

Source: bottom-k sketches (Broder, "On the resemblance and containment of documents", 1997) with
the frequency bound of passage matching in newspapers (Smith, Cordell, Mullen, "Computational
methods for uncovering reprinted texts", 2015).  Unlike bands of MinHash the shared part estimates
containment, so that a cut copy is found too.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from pipeline.repeats.likeness import HEADLINE_WORDS, longest_alike
from pipeline.repeats.tokens import FACT_MARKS, MARKS

Ints: TypeAlias = npt.NDArray[np.int64]
Words: TypeAlias = npt.NDArray[np.uint64]
Bytes: TypeAlias = npt.NDArray[np.uint8]
Flags: TypeAlias = npt.NDArray[np.bool_]

WIDTH = 3
SMALLEST = 16
CAP = 64
MIN_SHARED = 2
MIN_SHARE = 0.15
# Of so small a sample one shared hash is share enough.
TINY_SAMPLE = 6
# In passages of so few words two facts side by side are a shingle, too.
FEW_WORDS = 6

HASH_BITS = 42
# What is left of 64 bits beside the hash: so many passages are sampled at once.
OWNER_BITS = 64 - HASH_BITS
# Arrays of so many passages stay in the cache of the processor.
PASSAGES_AT_ONCE = 512

_FACTORS = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9)
_MIX = 0xFF51AFD7ED558CCD
# An odd factor: each byte of a word counts by its place.
_BASE = 0x9FB21C651E98DF25
_END = "\0"

# By the size of a small sample: the largest sample of a passage that can be like it.
_LARGEST_ALIKE = np.array(
    [longest_alike(size + WIDTH - 1) - WIDTH + 1 for size in range(HEADLINE_WORDS)], np.int64
)


def sample(streams: Sequence[str]) -> tuple[Ints, Ints]:
    """Kept hashes of many passages at once: the number of the passage, and the hash.

    Args:
        streams: the stream of each passage.

    Returns:
        Two arrays of one length, ordered by passage, then hash; each hash once a passage.

    Example:
        >>> numbers, hashes = sample(["the port of ^lima", "port of ^lima"])
        >>> numbers.tolist(), hashes[2] in hashes[:2]
        ([0, 0, 1], True)
    """
    nothing = np.empty(0, np.int64), np.empty(0, np.int64)
    found = [nothing]
    for first in range(0, len(streams), PASSAGES_AT_ONCE):
        owners, hashes = _sample(streams[first : first + PASSAGES_AT_ONCE])
        found.append((owners + first, hashes))
    return np.concatenate([one for one, _ in found]), np.concatenate([one for _, one in found])


def _sample(streams: Sequence[str]) -> tuple[Ints, Ints]:
    data = (_END.join(streams) + _END).encode("utf-8", "surrogatepass")
    flat, owner, is_fact = _words(np.frombuffer(data, np.uint8))
    if len(flat) < WIDTH:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    last = len(flat) - WIDTH + 1
    mixed = sum(
        (flat[step : step + last] * np.uint64(_FACTORS[step]) for step in range(1, WIDTH)),
        start=flat[:last] * np.uint64(_FACTORS[0]),
    )
    mixed = _stirred(mixed)
    whole = owner[:last] == owner[WIDTH - 1 :]
    told = is_fact[:last] | is_fact[1 : last + 1] | is_fact[2:]
    # Passage in front, hash behind: one sort of plain numbers puts both in order.
    packed = (owner[:last][whole] << np.uint64(HASH_BITS)) | (mixed[whole] >> np.uint64(OWNER_BITS))
    beside = _facts_beside(flat, owner, is_fact)
    return _kept(
        np.sort(np.concatenate([packed, beside])),
        np.sort(np.concatenate([packed[told[whole]], beside])),
    )


def _facts_beside(flat: Words, owner: Words, is_fact: Flags) -> Words:
    """Two facts that stand beside each other in a passage of few words, packed as its shingles.

    Of `Namibia | 8 December 1997 | Enhanced Partnership` a copy with a word more behind the date
    shares no three words but those of the mould, which many rows hold.
    """
    words = np.bincount(owner.astype(np.int64))
    first = np.flatnonzero(is_fact[:-1] & is_fact[1:] & (owner[:-1] == owner[1:]))
    first = first[words[owner[first].astype(np.int64)] <= FEW_WORDS]
    mixed = _stirred(
        flat[first] * np.uint64(_FACTORS[0]) + flat[first + 1] * np.uint64(_FACTORS[1])
    )
    return (owner[first] << np.uint64(HASH_BITS)) | (mixed >> np.uint64(OWNER_BITS))


def _words(data: Bytes) -> tuple[Words, Words, Flags]:
    """Hash of each word of streams that end in a null, the number of its stream, and its mark.

    The hash is a polynomial in the bytes of the word (Karp, Rabin, "Efficient randomized
    pattern-matching algorithms", 1987), stirred: arrays of bytes give it for all words at once.
    """
    plain = np.flatnonzero(~_among(MARKS)[data])
    letters = data[plain]
    is_gap = _among(f" \n{_END}")[letters]
    opens = ~is_gap
    opens[1:] &= is_gap[:-1]
    starts = np.flatnonzero(opens)
    if not len(starts):
        return np.empty(0, np.uint64), np.empty(0, np.uint64), np.empty(0, bool)
    sizes = np.diff(starts, append=len(letters))
    place = np.arange(starts[0], len(letters)) - np.repeat(starts, sizes)
    factors = np.full(int(sizes.max()), _BASE, np.uint64)
    factors[0] = 1
    weights = np.cumprod(factors)[place]
    weights *= np.where(is_gap, 0, letters)[starts[0] :]
    hashes = _stirred(np.add.reduceat(weights, starts - starts[0]))
    owner = np.cumsum(letters == 0)[starts].astype(np.uint64)
    # What stands in front of the first word is the null at the end.
    return hashes, owner, _among(FACT_MARKS)[data[plain[starts] - 1]]


@lru_cache(maxsize=8)
def _among(signs: str) -> Flags:
    """For each byte whether it is one of the signs."""
    found = np.zeros(256, bool)
    found[np.frombuffer(signs.encode(), np.uint8)] = True
    return found


def _stirred(numbers: Words) -> Words:
    """Every bit of a number made to depend on all of them."""
    found = (numbers ^ (numbers >> np.uint64(31))) * np.uint64(_MIX)
    found ^= found >> np.uint64(29)
    return found


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


def are_candidates(count: Ints, smaller: Ints, larger: Ints) -> Flags:
    """Whether `count` shared hashes are enough for two samples of these sizes.

    A passage of few words has all its shingles in its sample, and so has a longer one at least
    as many words as its sample tells: where they can never be alike they are none.

    Example:
        >>> are_candidates(np.array([2, 2, 1, 1]), np.array([13, 40, 13, 5]),
        ...                np.array([13, 40, 13, 9])).tolist()
        [True, False, False, True]
        >>> are_candidates(np.array([1]), np.array([5]), np.array([10])).tolist()
        [False]
    """
    wanted = np.where(smaller <= TINY_SAMPLE, 1, MIN_SHARED)
    enough = (count >= wanted) & (count >= MIN_SHARE * smaller)
    found: Flags = enough & (larger <= _LARGEST_ALIKE[smaller.clip(max=len(_LARGEST_ALIKE) - 1)])
    return found
