"""Which of very many hashes are among those that are asked for: most are not, and are passed over."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Hashes = NDArray[np.int32]

# A table that a processor's cache holds: of 50,000 hashes, one in eighty others passes by chance.
_PLACES = 1 << 22
# Hashes that are looked at at once: memory that was just used costs less than new.
_PIECE = 1 << 17


class Sieve:
    """Marks a place for each of the hashes asked for."""

    def __init__(self, hashes: Hashes) -> None:
        """A sieve for ``hashes``."""
        self._wanted = np.unique(hashes)
        self._marks = np.zeros(_PLACES, np.bool_)
        self._marks[self._wanted & (_PLACES - 1)] = True

    def found(self, hashes: Hashes) -> NDArray[np.int64]:
        """The places, rising, of those that are asked for."""
        found = [self._found(hashes[at : at + _PIECE]) + at for at in range(0, len(hashes), _PIECE)]
        return np.concatenate([np.zeros(0, np.int64), *found])

    def _found(self, hashes: Hashes) -> NDArray[np.int64]:
        likely = np.flatnonzero(self._marks.take(hashes & (_PLACES - 1)))  # in half the time of an index
        some = hashes[likely]
        place = np.minimum(np.searchsorted(self._wanted, some), len(self._wanted) - 1)
        return likely[self._wanted[place] == some] if len(self._wanted) else likely


def places(wanted: Hashes, hashes: Hashes) -> Hashes:
    """Of each of the hashes its place in ``wanted``, which rise, each once; how many these are where it has none.

    A table by the last bits of a hash tells it of nearly all; only what shares these with another one is searched for.
    """
    table = np.full(_PLACES >> 2, len(wanted), np.int32)
    table[wanted & (len(table) - 1)] = np.arange(len(wanted), dtype=np.int32)
    found = np.empty(len(hashes), np.int32)
    for at in range(0, len(hashes), _PIECE):
        some, theirs = hashes[at : at + _PIECE], found[at : at + _PIECE]
        table.take(some & (len(table) - 1), out=theirs)
        marked = np.flatnonzero(theirs < len(wanted))
        unsure = marked[wanted.take(theirs.take(marked)) != some.take(marked)]
        asked = some[unsure]
        place = np.minimum(np.searchsorted(wanted, asked), max(len(wanted) - 1, 0))
        theirs[unsure] = np.where(wanted[place] == asked, place, len(wanted))
    return found
