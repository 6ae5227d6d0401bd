"""Which of very many hashes are among those that are asked for: most are not, and are passed over."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

# A table that a processor's cache holds: of 50,000 hashes, one in eighty others passes by chance.
_PLACES = 1 << 22


class Sieve:
    """Marks a place for each of the hashes asked for."""

    def __init__(self, hashes: NDArray[np.int32]) -> None:
        """A sieve for ``hashes``."""
        self._wanted = np.unique(hashes)
        self._marks = np.zeros(_PLACES, np.bool_)
        self._marks[self._wanted & (_PLACES - 1)] = True

    def found(self, hashes: NDArray[np.int32]) -> NDArray[np.int64]:
        """The places, rising, of those that are asked for."""
        likely = np.flatnonzero(self._marks.take(hashes & (_PLACES - 1)))  # in half the time of an index
        some = hashes[likely]
        place = np.minimum(np.searchsorted(self._wanted, some), len(self._wanted) - 1)
        found: NDArray[np.int64] = likely[self._wanted[place] == some] if len(self._wanted) else likely
        return found
