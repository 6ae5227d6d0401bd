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

from tasks.article.line_features import SHARED, SIZE, Features

Floats = NDArray[np.float32]

CONTEXT: Final = 23  # rows that `structure` adds
_BESIDE, _NEAR = 3, 5  # lines on each side: seen one by one, and as means


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


def windows(hidden: Floats, reach: int) -> Floats:
    """Each column above those of the ``reach`` lines on each side: ``2 * reach + 1`` columns in one."""
    height, count = hidden.shape
    padded = np.zeros((height, count + 2 * reach), np.float32)
    padded[:, reach : reach + count] = hidden
    shape, step = (2 * reach + 1, height, count), padded.itemsize
    return np.ndarray(shape, np.float32, padded, 0, (step, *padded.strides)).reshape(-1, count)


def apply(network: Network, table: Floats) -> Floats:
    """Probability of body for each column of ``table``."""
    hidden = network.w1 @ table
    hidden += network.b1
    np.maximum(hidden, 0, out=hidden)
    hidden = network.w2 @ windows(hidden, network.w2.shape[1] // len(hidden) // 2)
    hidden += network.b2
    np.maximum(hidden, 0, out=hidden)
    logit = network.w3 @ hidden + network.b3
    np.negative(logit, out=logit)
    np.exp(logit, out=logit)
    logit += 1
    return np.reciprocal(logit, out=logit)


def structure(found: Features, first: Floats) -> Floats:
    """What the second network sees: shared features, and below them ``CONTEXT`` rows about how each line
    lies in the text, by the first network's probabilities."""
    count = len(first)
    table = np.empty((SHARED + CONTEXT, count), np.float32)
    table[:SHARED] = found.table[:SHARED]
    rows = table[SHARED:]
    padded = np.zeros(count + 2 * _BESIDE, np.float32)
    padded[_BESIDE:-_BESIDE] = first
    step = padded.itemsize
    rows[:7] = np.ndarray((7, count), np.float32, padded, 0, (step, step))
    # Running totals of lines that are body, words that are body, and words; flat beyond both ends.
    totals = np.zeros((3, count + 1 + 2 * _NEAR), np.float32)
    lines, body, words = totals[:, _NEAR + 1 : -_NEAR]
    lines[:] = first
    np.add(found.words, 1, out=words)
    np.multiply(first, words, out=body)
    typical = float(body @ table[SIZE])
    np.cumsum(totals, axis=1, out=totals)
    here, after = totals[:, _NEAR : _NEAR + count], totals[:, _NEAR + 1 : _NEAR + 1 + count]
    left = here - totals[:, :count]
    right = totals[:, 2 * _NEAR + 1 :] - after
    rows[7], rows[8] = left[0], right[0]
    np.divide(left[1], left[2] + 5, out=rows[9])
    np.divide(right[1], right[2] + 5, out=rows[10])
    whole = float(totals[1, -1]) + 1
    np.divide(here[1], whole, out=rows[11])
    np.divide(after[1], whole, out=rows[12])
    # The main run: the span of lines with the greatest sum of words, body counting for and the rest against.
    gain = totals[1, _NEAR:-_NEAR] - 0.35 * totals[2, _NEAR:-_NEAR]
    stop = int((gain - np.minimum.accumulate(gain)).argmax())
    start = int(gain[: stop + 1].argmin())
    place = np.arange(count, dtype=np.float32)
    rows[13] = 0
    rows[13, start:stop] = 1
    np.subtract(start, place, out=rows[14])
    np.subtract(place, stop - 1, out=rows[15])
    np.maximum(rows[14:16], 0, out=rows[14:16])
    rows[16] = place
    np.subtract(count, place, out=rows[17])
    rows[14:18] += 1
    np.log(rows[14:18], out=rows[14:18])
    np.divide(place, count, out=rows[18])
    np.subtract(table[SIZE], typical / whole, out=rows[19])
    rows[20], rows[21], rows[22] = math.log(whole), whole / (float(totals[2, -1]) + 1), math.log(count)
    return table


def probabilities(first: Network, second: Network, found: Features) -> Floats:
    """Probability of body for each line."""
    likely = apply(second, structure(found, apply(first, found.table)))
    likely[found.table[SIZE] == 0] = 0  # no letter, no digit
    return likely


@cache
def stages() -> tuple[Network, Network]:
    """Both networks, as fitted by ``python -m tasks.train_lines``."""
    with resources.files("tasks.article").joinpath("data/line_weights.npz").open("rb") as file:
        arrays = {name: array.astype(np.float32) for name, array in np.load(file).items()}
    return Network.of(arrays, "first_"), Network.of(arrays, "second_")
