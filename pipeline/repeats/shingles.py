"""A sample of three-word shingles, by which passages that may be copies find each other.

Each run of three words is hashed to 64 bits.  A hash is kept when it lies in the lower half of
the range or is among the sixteen smallest of its passage: this looks at the passage alone, so
the sample of a passage never depends on the corpus.  Two passages are candidates when they
share two kept hashes and a tenth of the smaller sample; hashes that stand in more than `CAP`
passages do not count (they are the mould of a template, and would join all of it).

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

Ints: TypeAlias = npt.NDArray[np.int64]

WIDTH = 3
SMALLEST = 16
CAP = 64
MIN_SHARED = 2
MIN_SHARE = 0.1
# Of so small a sample one shared hash is share enough.
TINY_SAMPLE = 6

_FACTORS = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9)
_MIX = 0xFF51AFD7ED558CCD


@lru_cache(maxsize=262_144)
def _word_hash(word: str) -> int:
    data = word.encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(data, digest_size=8).digest(), "big")


def sample(passages: Sequence[Sequence[str]]) -> tuple[Ints, Ints]:
    """Kept hashes of many passages at once: the number of the passage, and the hash.

    Args:
        passages: the words of each passage, without marks.

    Returns:
        Two arrays of one length, ordered by passage, then hash; each hash once a passage.

    Example:
        >>> numbers, hashes = sample([["the", "port", "of", "lima"], ["port", "of", "lima"]])
        >>> numbers.tolist(), hashes[2] in hashes[:2]
        ([0, 0, 1], True)
    """
    sizes = np.fromiter((len(words) for words in passages), np.int64, len(passages))
    flat = np.fromiter(map(_word_hash, chain.from_iterable(passages)), np.uint64, int(sizes.sum()))
    if len(flat) < WIDTH:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    owner = np.repeat(np.arange(len(passages)), sizes)
    last = len(flat) - WIDTH + 1
    mixed = sum(
        (flat[step : step + last] * np.uint64(_FACTORS[step]) for step in range(1, WIDTH)),
        start=flat[:last] * np.uint64(_FACTORS[0]),
    )
    mixed = (mixed ^ (mixed >> np.uint64(31))) * np.uint64(_MIX)
    mixed ^= mixed >> np.uint64(29)
    whole = owner[:last] == owner[WIDTH - 1 :]
    return _kept(owner[:last][whole], mixed[whole])


def _kept(owner: Ints, hashes: npt.NDArray[np.uint64]) -> tuple[Ints, Ints]:
    order = np.lexsort((hashes, owner))
    owner, hashes = owner[order], hashes[order]
    fresh = np.ones(len(owner), bool)
    fresh[1:] = (owner[1:] != owner[:-1]) | (hashes[1:] != hashes[:-1])
    owner, hashes = owner[fresh], hashes[fresh]
    first = np.searchsorted(owner, owner)
    rank = np.arange(len(owner)) - first
    kept = (rank < SMALLEST) | (hashes < np.uint64(1 << 63))
    # SQLite knows only signed integers.
    return owner[kept], hashes[kept].view(np.int64)


def shared_pairs(hashes: Ints, nodes: Ints) -> tuple[Ints, Ints, Ints]:
    """Pairs of nodes that stand under one hash: smaller node, larger node, how many hashes.

    Example:
        >>> low, high, count = shared_pairs(np.array([1, 1, 2, 2, 2]), np.array([5, 7, 7, 5, 9]))
        >>> list(zip(low.tolist(), high.tolist(), count.tolist()))
        [(5, 7, 2), (5, 9, 1), (7, 9, 1)]
    """
    order = np.lexsort((nodes, hashes))
    hashes, nodes = hashes[order], nodes[order]
    found: list[Ints] = []
    first = np.arange(len(hashes))
    for step in range(1, len(hashes)):
        # What is not under one hash with the node so far behind is not with those further on.
        first = first[: np.searchsorted(first, len(hashes) - step)]
        first = first[hashes[first] == hashes[first + step]]
        if not len(first):
            break
        found.append(np.stack((nodes[first], nodes[first + step])))
    if not found:
        empty = np.empty(0, np.int64)
        return empty, empty, empty
    low, high = np.concatenate(found, axis=1)
    # Node numbers stay below 2^31: a pair is one integer.
    packed, count = runs(np.sort((low << np.int64(31)) | high))
    return packed >> np.int64(31), packed & np.int64((1 << 31) - 1), count


def runs(ordered: Ints) -> tuple[Ints, Ints]:
    """Each value of an ordered array once, and how often it stands there.

    Example:
        >>> [part.tolist() for part in runs(np.array([3, 3, 5]))]
        [[3, 5], [2, 1]]
    """
    if not len(ordered):
        return ordered, ordered
    starts = np.flatnonzero(np.concatenate(([True], ordered[1:] != ordered[:-1])))
    return ordered[starts], np.diff(starts, append=len(ordered))


def contains(ordered: Ints, values: Ints) -> npt.NDArray[np.bool_]:
    """Whether each value stands in an ordered array.

    Example:
        >>> contains(np.array([2, 5]), np.array([1, 5, 9])).tolist()
        [False, True, False]
    """
    if not len(ordered):
        return np.zeros(len(values), bool)
    place = np.minimum(np.searchsorted(ordered, values), len(ordered) - 1)
    found: npt.NDArray[np.bool_] = ordered[place] == values
    return found


def are_candidates(count: Ints, smaller: Ints) -> npt.NDArray[np.bool_]:
    """Whether `count` shared hashes are enough for a smaller sample of that size.

    Example:
        >>> are_candidates(np.array([2, 2, 1, 1]), np.array([20, 40, 20, 6])).tolist()
        [True, False, False, True]
    """
    wanted = np.where(smaller <= TINY_SAMPLE, 1, MIN_SHARED)
    return (count >= wanted) & (count >= MIN_SHARE * smaller)
