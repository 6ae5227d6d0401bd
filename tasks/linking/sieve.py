"""Which of very many rows of hashes may share some with those that are asked for: most do not, and are passed over."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

# A table that a processor's cache holds: of 50,000 hashes, one row of 24 in thirty passes by chance.
_PLACES = 1 << 22


class Sieve:
    """Marks a place for each of the hashes asked for."""

    def __init__(self, hashes: NDArray[np.int32]) -> None:
        """A sieve for ``hashes``."""
        self._marks = np.zeros(_PLACES, np.bool_)
        self._marks[hashes & (_PLACES - 1)] = True

    def passed(self, rows: NDArray[np.int32], least: int) -> NDArray[np.int64]:
        """The numbers of those rows of a matrix that may hold ``least`` of the hashes."""
        found = self._marks.take(rows & (_PLACES - 1))  # in half the time of an index
        return np.flatnonzero(np.count_nonzero(found, axis=1) >= least)
