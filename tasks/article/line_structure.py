"""How each line lies in its text, by where the first network found body."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from tasks.article.line_features import SHARED, SIZE, Features

Floats = NDArray[np.float32]
Ints = NDArray[np.intp]

CONTEXT: Final = 23  # rows that are added to the shared features
_BESIDE, _NEAR = 3, 5  # lines on each side: seen one by one, and as means
_BODY, _AGAINST = 20, 7  # what a word counts in the main run: for it, if body; against it
_FINE: Final = 64  # steps of a size: sums over a text are exact


def structure(found: Features, guess: Floats, counts: Ints) -> Floats:
    """The features that both networks share, and below them ``CONTEXT`` rows about how each line lies in its text.

    ``guess``: probability of body for each line of texts of ``counts`` lines each, in steps of a power of two.
    """
    known = SHARED + len(found.opening)
    table = np.empty((known + CONTEXT, len(guess)), np.float32)
    table[:SHARED] = found.table[:SHARED]
    table[SHARED:known] = found.opening
    rows = table[known:]
    words = found.words + np.float32(1)
    size = np.rint(found.table[SIZE] * _FINE).astype(np.float64)
    start = 0
    for count in counts.tolist():
        stop = start + count
        _describe(guess[start:stop], words[start:stop], size[start:stop], rows[:, start:stop])
        start = stop
    np.subtract(found.table[SIZE], rows[19], out=rows[19])
    rows[14:18] += 1
    np.log(rows[14:18], out=rows[14:18])
    return table


def _describe(guess: Floats, words: Floats, size: NDArray[np.float64], rows: Floats) -> None:
    """Fills ``rows`` for the lines of one text; 14 to 17 are to be taken as logarithms, 19 is what to subtract."""
    count = len(guess)
    # Lines that are body, words that are body, and words, with nothing on both sides; then their running totals:
    # sums of such numbers are exact.
    totals = np.zeros((3, count + 1 + 2 * _NEAR))
    inner = totals[:, _NEAR + 1 : -_NEAR]
    inner[0] = guess
    np.multiply(guess, words, out=inner[1])
    inner[2] = words
    for row, offset in enumerate(range(_NEAR + 1 - _BESIDE, _NEAR + 2 + _BESIDE)):
        rows[row] = totals[0, offset : offset + count]
    typical = float(inner[1] @ size)
    totals.cumsum(axis=1, out=totals)
    here, after = totals[:, _NEAR : _NEAR + count], totals[:, _NEAR + 1 : _NEAR + 1 + count]
    left, right = here - totals[:, :count], totals[:, 2 * _NEAR + 1 :] - after
    rows[7], rows[8] = left[0], right[0]
    left[2] += 5
    right[2] += 5
    np.divide(left[1], left[2], out=rows[9], casting="unsafe")
    np.divide(right[1], right[2], out=rows[10], casting="unsafe")
    whole = float(totals[1, -1]) + 1
    rows[11] = here[1] / whole
    rows[12] = (totals[1, -1] - here[1]) / whole
    # The main run: the span of lines of the greatest gain.
    gain = _BODY * totals[1, _NEAR:-_NEAR] - _AGAINST * totals[2, _NEAR:-_NEAR]
    stop = int((gain - np.minimum.accumulate(gain)).argmax())
    start = int(gain[: stop + 1].argmin())
    rows[13:16] = 0
    rows[13, start:stop] = 1
    place = np.arange(count, dtype=np.float32)
    rows[14, :start] = start - place[:start]
    rows[15, stop:] = place[: count - stop] + 1
    rows[16] = place
    np.subtract(count, place, out=rows[17])
    np.divide(place, count, out=rows[18])
    rows[19] = typical / (whole * _FINE)
    rows[20], rows[21], rows[22] = np.log(whole), whole / (float(totals[2, -1]) + 1), np.log(count)
