"""From line features to the probability that a line is body: two small networks, one after the other.

The first sees a line and its neighbours. Where it found body tells the second how the whole text is built
(navigation, one main run of lines, interruptions, a tail that does not come back), and it judges again.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tasks.article.line_features import Features

Floats = NDArray[np.float32]

REACH: Final = 2  # lines of context that the first network sees on each side
CONTEXT: Final = 27  # rows of `structure`
_NEAR, _FAR = 5, 15  # lines over which `structure` takes its means


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
    """Each column above its neighbours': ``2 * REACH + 1`` columns in one."""
    height, count = hidden.shape
    around = np.zeros((2 * REACH + 1, height, count), np.float32)
    for shift in range(-REACH, REACH + 1):
        around[shift + REACH, :, max(-shift, 0) : max(count - shift, 0)] = hidden[
            :, max(shift, 0) : count + shift
        ]
    return around.reshape(-1, count)


def apply(network: Network, table: Floats) -> Floats:
    """Probability of body for each column of ``table``."""
    hidden = network.w1 @ table
    hidden += network.b1
    np.maximum(hidden, 0, out=hidden)
    hidden = network.w2 @ windows(hidden)
    hidden += network.b2
    np.maximum(hidden, 0, out=hidden)
    logit = network.w3 @ hidden + network.b3
    np.negative(logit, out=logit)
    np.exp(logit, out=logit)
    logit += 1
    return np.reciprocal(logit, out=logit)


def structure(found: Features, first: Floats) -> Floats:
    """How each line lies in the text, by the first network's probabilities: ``CONTEXT`` rows."""
    count = len(first)
    rows = np.empty((CONTEXT, count), np.float32)
    padded = np.zeros(count + 6, np.float32)
    padded[3:-3] = first
    for shift in range(7):
        rows[shift] = padded[shift : shift + count]
    # Running totals of lines that are body, words that are body, and words; flat beyond both ends.
    totals = np.zeros((3, count + 1 + 2 * _FAR))
    totals[0, _FAR + 1 : -_FAR] = first
    words = found.words + 1
    np.multiply(first, words, out=totals[1, _FAR + 1 : -_FAR])
    totals[2, _FAR + 1 : -_FAR] = words
    sizes = found.table[0]
    typical = float(totals[1, _FAR + 1 : -_FAR] @ sizes)
    np.cumsum(totals, axis=1, out=totals)
    here, after = totals[:, _FAR : _FAR + count], totals[:, _FAR + 1 : _FAR + 1 + count]
    for row, reach in ((7, _NEAR), (11, _FAR)):
        left = here - totals[:, _FAR - reach : _FAR - reach + count]
        right = totals[:, _FAR + 1 + reach : _FAR + 1 + reach + count] - after
        rows[row] = left[0] / reach
        rows[row + 1] = right[0] / reach
        rows[row + 2] = left[1] / (left[2] + 5)
        rows[row + 3] = right[1] / (right[2] + 5)
    whole = float(totals[1, -1]) + 1
    rows[15] = here[1] / whole
    rows[16] = 1 - after[1] / whole
    rows[17] = math.log(whole) / 4
    # The main run: the span of lines with the greatest sum of words, body counting for and the rest against.
    gain = totals[1, _FAR:-_FAR] - 0.35 * totals[2, _FAR:-_FAR]
    stop = int(np.argmax(gain - np.minimum.accumulate(gain)))
    start = int(np.argmin(gain[: stop + 1]))
    place = np.arange(count, dtype=np.float32)
    rows[18] = 0
    rows[18, start:stop] = 1
    rows[19] = start - place
    rows[20] = place - (stop - 1)
    rows[21] = place
    rows[22] = count - place
    np.log(np.maximum(rows[19:23], 0) + 1, out=rows[19:23])
    rows[23] = place / count
    rows[24] = sizes - typical / whole
    rows[25] = whole / (float(totals[2, -1]) + 1)
    rows[26] = math.log(count)
    return rows


def probabilities(first: Network, second: Network, found: Features) -> Floats:
    """Probability of body for each line."""
    guess = apply(first, found.table)
    likely = apply(second, np.concatenate([found.table, structure(found, guess)]))
    likely[found.table[0] == 0] = 0  # no letter, no digit
    return likely


@cache
def stages() -> tuple[Network, Network]:
    """Both networks, as fitted by ``python -m tasks.train_lines``."""
    with resources.files("tasks.article").joinpath("data/line_weights.npz").open("rb") as file:
        arrays = {name: array.astype(np.float32) for name, array in np.load(file).items()}
    return Network.of(arrays, "first_"), Network.of(arrays, "second_")
