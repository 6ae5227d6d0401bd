"""Whether a set of articles is two stories, from how alike they are to each other."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

# A part of fewer articles is no story of its own: two may be alike by chance.
LEAST = 3

Matrix = NDArray[np.float32]


def apartness(alike: Matrix, first: NDArray[np.intp], second: NDArray[np.intp]) -> float:
    """How alike two parts are to each other, as a share of how alike each is within: 1 where nothing parts them.

    ``alike``: similarity of each to each, 0 to 1, with 0 in its diagonal. A small part needs more to be told apart.
    """
    across = float(alike[np.ix_(first, second)].mean())
    within = [
        float(alike[np.ix_(part, part)].sum()) / (len(part) * (len(part) - 1)) for part in (first, second)
    ]
    return float(across / max(1e-9, (within[0] * within[1]) ** 0.5) * (1 + 1 / min(len(first), len(second))))


def cut(alike: Matrix, below: float) -> tuple[NDArray[np.intp], NDArray[np.intp]] | None:
    """The two parts, the larger first, whose apartness is least, where that is ``below``; None where there are none.

    Parts are looked for in the order that the second eigenvector of the normalised similarities brings (Shi and Malik).
    """
    size = len(alike)
    if size < 2 * LEAST:
        return None
    degree = alike.sum(axis=1) + 1e-9
    vectors = np.linalg.eigh(alike / np.sqrt(np.outer(degree, degree)))[1]
    order = np.argsort(vectors[:, -2], kind="stable")
    sums = alike[np.ix_(order, order)].cumsum(axis=0).cumsum(axis=1)
    counts = np.arange(LEAST, size - LEAST + 1)
    rest = size - counts
    first, total = sums[counts - 1, counts - 1], sums[-1, -1]
    both = sums[counts - 1, -1] - first
    second = total - first - 2 * both
    within = np.sqrt(np.maximum(first * second, 0) / (counts * (counts - 1) * rest * (rest - 1)))
    apart = both / (counts * rest) / np.maximum(within, 1e-9) * (1 + 1 / np.minimum(counts, rest))
    best = int(apart.argmin())
    if apart[best] >= below:
        return None
    parts = np.sort(order[: counts[best]]), np.sort(order[counts[best] :])
    return parts if len(parts[0]) >= len(parts[1]) else (parts[1], parts[0])
