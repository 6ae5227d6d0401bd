"""From line features to the probability that a line is body: two small networks, one after the other.

The first sees a line and its neighbours. Where it found body tells the second how the whole text is built
(navigation, one main run of lines, interruptions, a tail that does not come back), and it judges again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tasks.article.line_features import WIDTH, WORD_BUCKETS, Features

Floats = NDArray[np.float32]

REACH: Final = 2  # lines of context that the first network sees on each side
CONTEXT: Final = 27  # columns of `structure`


@dataclass(frozen=True, slots=True)
class Network:
    """Weights of one stage, features already scaled into ``w1``."""

    w1: Floats
    b1: Floats
    w2: Floats
    b2: Floats
    w3: Floats
    b3: Floats

    @classmethod
    def of(cls, arrays: Mapping[str, Floats], prefix: str) -> Network:
        """The network whose arrays are stored under ``prefix``."""
        return cls(*(arrays[prefix + name] for name in ("w1", "b1", "w2", "b2", "w3", "b3")))


def windows(hidden: Floats) -> Floats:
    """Each row beside its neighbours': ``2 * REACH + 1`` rows in one."""
    count, width = hidden.shape
    padded = np.zeros((count + 2 * REACH, width), np.float32)
    padded[REACH : REACH + count] = hidden
    return np.concatenate([padded[shift : shift + count] for shift in range(2 * REACH + 1)], axis=1)


def apply(network: Network, rows: Floats) -> Floats:
    """Probability of body for each row."""
    hidden = np.maximum(rows @ network.w1 + network.b1, 0)
    hidden = np.maximum(windows(hidden) @ network.w2 + network.b2, 0)
    return 1 / (1 + np.exp(-(hidden @ network.w3 + network.b3)))


def _before(values: Floats, reach: int) -> Floats:
    """Sum of the ``reach`` values before each."""
    sums = np.zeros(len(values) + 1)
    np.cumsum(values, out=sums[1:])
    out = sums[:-1].copy()
    out[reach:] -= sums[: len(values) - reach] if reach < len(values) else 0
    return out


def structure(found: Features, first: Floats) -> Floats:
    """How each line lies in the text, by the first network's probabilities: ``CONTEXT`` columns."""
    count = len(first)
    words = found.words + 1
    mass = first * words
    columns = np.zeros((CONTEXT, count), np.float32)
    padded = np.zeros(count + 6, np.float32)
    padded[3:-3] = first
    for shift in range(7):
        columns[shift] = padded[shift : shift + count]
    totals = np.zeros((3, count + 1))
    np.cumsum(first, out=totals[0, 1:])
    np.cumsum(mass, out=totals[1, 1:])
    np.cumsum(words, out=totals[2, 1:])
    here = np.arange(count)
    for column, reach in ((7, 5), (11, 15)):
        left = totals[:, :-1] - totals[:, np.maximum(here - reach, 0)]
        right = totals[:, np.minimum(here + reach + 1, count)] - totals[:, 1:]
        columns[column] = left[0] / reach
        columns[column + 1] = right[0] / reach
        columns[column + 2] = left[1] / (left[2] + 5)
        columns[column + 3] = right[1] / (right[2] + 5)
    whole = totals[1, -1] + 1
    columns[15] = totals[1, :-1] / whole
    columns[16] = 1 - totals[1, 1:] / whole
    columns[17] = np.log(whole) / 4
    # The main run: the span of lines with the greatest sum of words, body counting for and the rest against.
    gain = totals[1] - 0.35 * totals[2]
    low = np.minimum.accumulate(gain)
    stop = int(np.argmax(gain - low))
    start = int(np.argmin(gain[: stop + 1]))
    columns[18] = (here >= start) & (here < stop)
    columns[19] = np.log1p(np.maximum(start - here, 0))
    columns[20] = np.log1p(np.maximum(here - stop + 1, 0))
    columns[21] = np.log1p(here)
    columns[22] = np.log1p(count - here)
    columns[23] = here / count
    sizes = found.rows[:, 0]
    columns[24] = sizes - float(mass @ sizes) / whole
    # Words that the body uses elsewhere.
    repeats = found.last_word - found.first_word
    per_word = np.repeat(first, repeats) if len(found.bucket) == repeats.sum() else np.zeros(len(found.bucket))
    inside = np.bincount(found.bucket, weights=per_word, minlength=WORD_BUCKETS)
    overall = np.bincount(found.bucket, minlength=WORD_BUCKETS)
    others = (inside.take(found.bucket) - per_word) / np.maximum(overall.take(found.bucket) - 1, 1)
    sums = np.zeros(len(others) + 1)
    np.cumsum(others, out=sums[1:])
    columns[25] = (sums[found.last_word] - sums[found.first_word]) / np.maximum(repeats, 1)
    columns[26] = np.log(count)
    return columns.T


def probabilities(first: Network, second: Network, found: Features) -> Floats:
    """Probability of body for each line."""
    guess = apply(first, found.rows)
    return apply(second, np.concatenate([found.rows, structure(found, guess)], axis=1))


INPUTS: Final = (WIDTH, WIDTH + CONTEXT)


@cache
def stages() -> tuple[Network, Network]:
    """Both networks, as fitted by ``python -m tasks.train_lines``."""
    with resources.files("tasks.article").joinpath("data/line_weights.npz").open("rb") as file:
        arrays = {name: array.astype(np.float32) for name, array in np.load(file).items()}
    return Network.of(arrays, "first_"), Network.of(arrays, "second_")
