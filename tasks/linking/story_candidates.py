"""Which articles are worth a comparison: those that share some of their heaviest terms."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

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
    hits = np.concatenate([[0], np.cumsum(seen.take(heads & ((1 << _BITS) - 1)))])
    return np.flatnonzero(hits[ends[1:]] - hits[ends[:-1]] >= SHARED)


def before(heads: Heads, rows: Rows, asked: NDArray[np.bool_]) -> list[Rows]:
    """For each row that is ``asked``, the rows before it that share SHARED heads with it or more.

    ``heads`` and ``rows``: each head of each row, the rows rising. All is done for all rows at once, on as few and as
    short numbers as will do: what costs is their way through memory.
    """
    count, owners = len(asked), np.flatnonzero(asked)
    some = Sieve(heads[asked[rows]]).found(heads)
    # One number of both, which is sorted in a tenth of the time.
    pairs = heads[some].astype(np.int64) << 32 | rows[some]
    pairs.sort()
    sorted_rows = (pairs & 0xFFFFFFFF).astype(np.int32)
    begins = np.concatenate([[True], pairs[1:] >> 32 != pairs[:-1] >> 32])[: len(pairs)]
    place = np.arange(len(pairs))
    start = np.maximum.accumulate(np.where(begins, place, 0))
    lengths = np.where(asked[sorted_rows], np.minimum(place - start, MOST), 0)
    ends = np.cumsum(lengths)
    others = np.arange(lengths.sum()) + np.repeat(place - ends, lengths)
    short = len(owners) * count < 1 << 31
    own = np.zeros(count, np.int32 if short else np.int64)
    own[owners] = np.arange(len(owners)) * count
    found = np.repeat(own.take(sorted_rows), lengths) + sorted_rows.take(others)
    found.sort()
    return of_each(
        np.unique(found[SHARED - 1 :][found[SHARED - 1 :] == found[: 1 - SHARED]]), len(owners), count
    )


def of_each(pairs: NDArray[np.integer[Any]], owners: int, count: int) -> list[Rows]:
    """Of pairs, each as the one times ``count`` and the other, rising: the others of each of so many ``owners``."""
    bounds = np.searchsorted(pairs, np.arange(owners + 1) * count)
    found = pairs.astype(np.intp) % count
    return [found[low:high] for low, high in pairwise(bounds.tolist())]
