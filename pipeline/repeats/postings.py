"""Which nodes stand under one hash, and the pairs they make: the candidate join.

A posting is one number: 6 bits of its hash choose the bucket that it lies in, the other 36 and
the 28 bits of its node make it up.  A bucket is a handful of sorted arrays, one a chunk that
was added; a hash is found by bisection.  Every function here is pure and knows one bucket, or
one part of the pairs, so that buckets can be worked on anywhere and in any order.

What happens to a node is one small number, its `status`; all nodes have theirs in one array.

Source: sort-merge join over postings packed in machine words, as inverted indexes do it (Zobel,
Moffat, "Inverted files for text search engines", 2006); updates as sorted runs that are merged at
times (O'Neil and others, "The log-structured merge-tree", 1996).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from pipeline.repeats.shingles import (
    HASH_BITS,
    MIN_SHARED,
    TINY_SAMPLE,
    Ints,
    are_candidates,
    sample,
)

BUCKET_BITS = 6
BUCKETS = 1 << BUCKET_BITS
REST_BITS = HASH_BITS - BUCKET_BITS
NODE_BITS = 64 - REST_BITS
MOST_NODES = 1 << NODE_BITS

# `LEFT` nodes went in an earlier update, `LEAVES` go in this one; a node that stays is `AGAIN`
# when its pairs must be counted anew.
LEFT, STAYS, AGAIN, LEAVES, COMES = range(5)

# So many steps a passage looks for the first one that it is paired with.
ROUNDS = 3

Packed: TypeAlias = npt.NDArray[np.uint64]
Statuses: TypeAlias = npt.NDArray[np.uint8]
Flags: TypeAlias = npt.NDArray[np.bool_]

_NODE = np.uint64(MOST_NODES - 1)
_SHIFT = np.uint64(NODE_BITS)
_REST = np.uint64((1 << REST_BITS) - 1)


@dataclass(frozen=True, slots=True)
class Sketch:
    """Samples of a chunk of streams: size of each, and the postings of each bucket as bytes.

    Nodes are numbered from the first one of the chunk.
    """

    sizes: Ints
    buckets: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Bucket:
    """The postings of one bucket, sorted arrays as bytes, and what happens to each node.

    Hashes that more than `cap` nodes stand under make no pair.
    """

    runs: tuple[bytes, ...]
    statuses: Statuses
    cap: int


def sketched(first: int, streams: Sequence[str]) -> Sketch:
    """The postings of a chunk of streams, whose first node is number `first`.

    Example:
        >>> found = sketched(7, ["the port of lima", "a port of lima"])
        >>> found.sizes.tolist(), len(found.buckets), sum(map(len, found.buckets))
        ([2, 2], 64, 32)
    """
    owners, hashes = sample(streams)
    sizes = np.bincount(owners, minlength=len(streams))
    bucket = hashes >> REST_BITS
    packed = (hashes.view(np.uint64) & _REST) << _SHIFT
    packed |= (owners + first).view(np.uint64)
    order = np.argsort(bucket.astype(np.uint8), kind="stable")
    ends = np.cumsum(np.bincount(bucket, minlength=BUCKETS))[:-1]
    parts = np.split(packed[order], ends)
    return Sketch(sizes, tuple(np.sort(part).tobytes() for part in parts))


def merged(runs: Sequence[bytes], gone: Flags) -> bytes:
    """Several runs as one, without the postings of gone nodes.

    Example:
        >>> one, other = sketched(0, ["the port of lima"]), sketched(1, ["port of lima"])
        >>> gone = np.array([True, False])
        >>> sum(len(merged(runs, gone)) for runs in zip(one.buckets, other.buckets))
        8
    """
    packed = np.sort(np.frombuffer(b"".join(runs), np.uint64))
    if gone.any():
        packed = packed[~gone[_nodes(packed)]]
    return packed.tobytes()


def crossed(bucket: Bucket) -> Ints:
    """The nodes that stay, under a hash that passes the cap in this update, either way.

    Example:
        >>> [run] = filter(None, sketched(0, ["a b c"] * 3).buckets)
        >>> statuses = np.array([STAYS, STAYS, COMES], np.uint8)
        >>> [crossed(Bucket((run,), statuses, cap)).tolist() for cap in (2, 9)]
        [[0, 1], []]
    """
    packed = _under(bucket, bucket.statuses >= LEAVES)
    if not len(packed):
        return np.empty(0, np.int64)
    status = bucket.statuses[_nodes(packed)]
    starts = _starts(packed)
    before = np.add.reduceat(status != COMES, starts, dtype=np.int64)
    after = np.add.reduceat(status != LEAVES, starts, dtype=np.int64)
    is_crossed = (before <= bucket.cap) != (after <= bucket.cap)
    sizes = np.diff(starts, append=len(packed))
    return np.unique(_nodes(packed[np.repeat(is_crossed, sizes) & (status == STAYS)]))


def paired(bucket: Bucket) -> Ints:
    """Pairs under one hash of which one comes, or both are counted again; a pair for each hash.

    Returns:
        The pairs as single numbers (see `ends`), in no order.

    Example:
        >>> [run] = filter(None, sketched(0, ["a b c"] * 3).buckets)
        >>> statuses = np.array([STAYS, STAYS, COMES], np.uint8)
        >>> [part.tolist() for part in ends(paired(Bucket((run,), statuses, 9)))]
        [[0, 1], [2, 2]]
    """
    statuses = bucket.statuses
    packed = _under(bucket, (statuses == COMES) | (statuses == AGAIN))
    packed = packed[statuses[_nodes(packed)] != LEAVES]
    if not len(packed):
        return np.empty(0, np.int64)
    nodes = _nodes(packed)
    starts = _starts(packed)
    sizes = np.diff(starts, append=len(packed))
    found = [np.empty(0, np.int64)]
    for size in range(2, min(bucket.cap, int(sizes.max())) + 1):
        group = nodes[starts[sizes == size][:, None] + np.arange(size)]
        if len(group):
            here, there = np.triu_indices(size, 1)
            found.append(((group[:, here] << NODE_BITS) | group[:, there]).ravel())
    pairs = np.concatenate(found)
    if (statuses == COMES).all():
        # The first load: there are most pairs then, and all are asked for.
        return pairs
    low, high = ends(pairs)
    asked = statuses[high] == COMES
    asked |= (statuses[low] == AGAIN) & (statuses[high] == AGAIN)
    kept: Ints = pairs[asked]
    return kept


def candidates(pairs: Ints, sizes: Ints) -> Ints:
    """The pairs that stand there often enough, each once and in order.

    Args:
        pairs: a pair for each hash that two nodes share, in order.
        sizes: of each node its sample.

    Example:
        >>> pairs = np.array([2] + [(1 << NODE_BITS) | 2] * 2)
        >>> [part.tolist() for part in ends(candidates(pairs, np.array([30, 20, 12])))]
        [[1], [2]]
    """
    starts = np.flatnonzero(np.diff(pairs, prepend=-1))
    count = np.diff(starts, append=len(pairs))
    # Six of seven pairs share one hash: enough for a tiny sample alone, which few passages have.
    is_tiny = sizes <= TINY_SAMPLE
    low, high = ends(pairs[starts])
    chosen = np.flatnonzero((count >= MIN_SHARED) | is_tiny[low] | is_tiny[high])
    starts, count, ours, theirs = (
        starts[chosen],
        count[chosen],
        sizes[low[chosen]],
        sizes[high[chosen]],
    )
    is_one = are_candidates(count, np.minimum(ours, theirs), np.maximum(ours, theirs))
    return pairs[starts[is_one]]


def together(pairs: Ints) -> Ints:
    """The pairs in another order: those that share nodes mostly stand near each other.

    A passage of a mould is in a dozen pairs; it is read once where they are judged together.

    Args:
        pairs: single numbers (see `ends`), each pair once, in order.

    Example:
        >>> pairs = np.array([[1, 2, 5], [8, 3, 8]])
        >>> [part.tolist() for part in ends(together((pairs[0] << NODE_BITS) | pairs[1]))]
        [[1, 5, 2], [8, 8, 3]]
    """
    low, high = ends(pairs)
    nodes, place = np.unique(np.concatenate([low, high]), return_inverse=True)
    ours, theirs = place[: len(low)], place[len(low) :]
    order = np.argsort(place, kind="stable")
    beside = np.concatenate([theirs, ours])[order]
    starts = np.flatnonzero(np.diff(place[order], prepend=-1))
    first = np.arange(len(nodes))
    for _ in range(ROUNDS if len(nodes) else 0):
        first = np.minimum(first, np.minimum.reduceat(first[beside], starts))
    found: Ints = pairs[np.argsort(first[ours], kind="stable")]
    return found


def ends(pairs: Ints) -> tuple[Ints, Ints]:
    """The smaller and the larger node of each pair.

    Example:
        >>> [part.tolist() for part in ends(np.array([(3 << NODE_BITS) | 5]))]
        [[3], [5]]
    """
    return pairs >> NODE_BITS, pairs & (MOST_NODES - 1)


def _under(bucket: Bucket, marked: Flags) -> Packed:
    """The postings of all hashes with a marked node, in order; without those that left."""
    runs = [np.frombuffer(run, np.uint64) for run in bucket.runs]
    ours = [run[marked[_nodes(run)]] for run in runs]
    if sum(map(len, ours)) * 2 > sum(map(len, runs)):
        # Hashes of no marked node make no harm, and to look for the others costs more.
        packed = np.frombuffer(b"".join(bucket.runs), np.uint64)
    else:
        hashes = np.unique(np.concatenate([np.empty(0, np.uint64), *ours]) >> _SHIFT)
        packed = np.concatenate([hashes[:0], *(_found(run, hashes) for run in runs)])
    packed = packed[bucket.statuses[_nodes(packed)] != LEFT]
    return packed if len(runs) == 1 else np.sort(packed)


def _found(run: Packed, hashes: Packed) -> Packed:
    first = np.searchsorted(run, hashes << _SHIFT)
    count = np.searchsorted(run, (hashes << _SHIFT) | _NODE, side="right") - first
    places = np.repeat(first - np.cumsum(count) + count, count) + np.arange(count.sum())
    found: Packed = run[places]
    return found


def _nodes(packed: Packed) -> Ints:
    return (packed & _NODE).view(np.int64)


def _starts(packed: Packed) -> Ints:
    """Where each hash begins."""
    hashes = packed >> _SHIFT
    return np.flatnonzero(np.concatenate(([True], hashes[1:] != hashes[:-1])))
