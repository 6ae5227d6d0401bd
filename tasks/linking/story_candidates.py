"""Which articles are worth a comparison: those that share some of their heaviest terms."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from tasks.linking.sieve import Sieve

# Heaviest terms that two articles have in common at least.
SHARED = 2
# Articles with a term, the newest before, that are looked at: a term that more have tells little.
MOST = 200
_BITS = 22

Rows = NDArray[np.intp]
Heads = NDArray[np.int32]


def sharing(heads: Heads, ends: NDArray[np.int32], wanted: Heads) -> Rows:
    """The rows, of which row ``i`` has ``heads[ends[i]:ends[i + 1]]``, with SHARED of the heads ``wanted`` or more.

    A few rows may have less; reading each head once is what counts.
    """
    seen = np.zeros(1 << _BITS, np.bool_)
    seen[wanted & ((1 << _BITS) - 1)] = True
    hits = np.concatenate([[0], np.cumsum(seen[heads & ((1 << _BITS) - 1)])])
    return np.flatnonzero(hits[ends[1:]] - hits[ends[:-1]] >= SHARED)


def before(heads: Heads, rows: Rows, first: int, count: int) -> list[Rows]:
    """For each row from ``first`` to before ``count``, the rows before it that share SHARED heads with it or more.

    ``heads`` and ``rows``: each head of each row, the rows rising.
    """
    some = Sieve(heads[rows >= first]).found(heads)
    # One number of both, which is sorted in a tenth of the time.
    pairs = heads[some].astype(np.int64) << 32 | rows[some]
    pairs.sort()
    sorted_heads, sorted_rows = pairs >> 32, pairs & 0xFFFFFFFF
    place = np.arange(len(pairs))
    starts = np.flatnonzero(np.concatenate([[True], sorted_heads[1:] != sorted_heads[:-1]])[: len(pairs)])
    start = np.repeat(starts, np.diff(np.append(starts, len(pairs))))
    lengths = np.where(sorted_rows >= first, np.minimum(place - start, MOST), 0)
    within = np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    others = sorted_rows[np.repeat(place - lengths, lengths) + within]
    pairs, shared = np.unique(np.repeat(sorted_rows, lengths) * count + others, return_counts=True)
    pairs = pairs[shared >= SHARED]
    bounds = np.searchsorted(pairs, np.arange(first, count + 1) * count)
    return [pairs[low:high] % count for low, high in pairwise(bounds.tolist())]
