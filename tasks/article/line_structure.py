"""How each line lies in its text, by where the first trees found body."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from tasks.article.line_features import SIZE, Features

Floats = NDArray[np.float32]
Ints = NDArray[np.intp]

CONTEXT: Final = 23
_BESIDE, _NEAR = 3, 5  # lines on each side: seen one by one, and as means
_BODY, _AGAINST = 20, 7  # what a word counts in the main run: for it, if body; against it
_FINE: Final = 64  # steps of a size: sums over a text are exact


def structure(found: Features, guess: Floats, counts: Ints) -> Floats:
    """``CONTEXT`` rows about how each line lies in its text.

    ``guess``: probability of body for each line of texts of ``counts`` lines each, in steps of a power of two, so that
    all sums are exact.
    """
    size = len(guess)
    rows = np.zeros((CONTEXT, size), np.float32)
    words = found.words + np.float32(1)
    here = np.arange(size)
    starts = counts.cumsum() - counts
    first, stop = np.repeat(starts, counts), np.repeat(starts + counts, counts)
    for row, offset in enumerate(range(-_BESIDE, _BESIDE + 1)):
        beside = here + offset
        np.multiply(guess.take(beside, mode="clip"), (beside >= first) & (beside < stop), out=rows[row])
    # Running totals of lines that are body, words that are body, and words.
    totals = np.zeros((3, size + 1))
    totals[0, 1:] = guess
    np.multiply(guess, words, out=totals[1, 1:])
    totals[2, 1:] = words
    typical = totals[1, 1:] * np.rint(found.table[SIZE] * _FINE)
    totals.cumsum(axis=1, out=totals)
    left = totals[:, :-1] - totals.take(np.maximum(here - _NEAR, first), axis=1)
    right = totals.take(np.minimum(here + _NEAR + 1, stop), axis=1) - totals[:, 1:]
    rows[7], rows[8] = left[0], right[0]
    rows[9], rows[10] = left[1] / (left[2] + 5), right[1] / (right[2] + 5)
    before, after = totals[1:].take(first, axis=1), totals[1:].take(stop, axis=1)
    body, length = after - before + 1
    rows[11] = (totals[1, :-1] - before[0]) / body
    rows[12] = (after[0] - totals[1, :-1]) / body
    opens, closes = (np.repeat(ends, counts) for ends in _main_run(totals, counts))
    rows[13] = (here >= opens) & (here < closes)
    rows[14], rows[15] = np.maximum(opens - here, 0), np.maximum(here - closes + 1, 0)
    rows[16], rows[17] = here - first, stop - here
    np.divide(rows[16], stop - first, out=rows[18], casting="unsafe")
    rows[14:18] += 1
    np.log(rows[14:18], out=rows[14:18])
    mean = np.add.reduceat(typical, starts) / _FINE
    rows[19] = found.table[SIZE] - np.repeat(mean, counts) / body
    rows[20], rows[21], rows[22] = np.log(body), body / length, np.log(stop - first)
    return rows


def _main_run(totals: NDArray[np.float64], counts: Ints) -> tuple[Ints, Ints]:
    """The span of lines of the greatest gain in each text: its first line, and the line after it; the same where no
    span gains."""
    first = counts.cumsum() - counts
    gain = _BODY * totals[1] - _AGAINST * totals[2]
    # Each text's gains lie below those of the text before, so that none counts as the least of a later one.
    apart = np.repeat(np.arange(len(counts)) * np.ceil(np.ptp(gain) + 1), counts)
    least = np.minimum.accumulate(gain[:-1] - apart)
    rise = gain[1:] - apart - least
    best = np.maximum.reduceat(rise, first)
    peaks = np.flatnonzero(rise == np.repeat(best, counts))
    last = peaks[peaks.searchsorted(first)]
    lows = np.flatnonzero(gain[:-1] - apart == least)
    opens = lows[lows.searchsorted(last, side="right") - 1]
    return np.where(best > 0, opens, first), np.where(best > 0, last + 1, first)
