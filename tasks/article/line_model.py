"""From line features to how likely a line is body: two small networks, one after the other.

The first sees a line and its neighbours. Where it found body tells the second how the whole text is built
(navigation, one main run of lines, interruptions, a tail that does not come back), and it judges again.

Weights and activations are whole numbers so small that every sum is exact in the float that holds it: the order in
which a processor adds up does not matter, and a text gets the same result alone and among others.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tasks.article.line_features import SIZE, Features
from tasks.article.line_structure import structure

Floats = NDArray[np.float32]
Ints = NDArray[np.intp]

DILATIONS: Final = {
    "first": (1, 2),
    "second": (1, 2, 4),
}  # of each layer: how far off its neighbours are
LARGEST: Final = 1023  # activation
LARGEST_WEIGHT: Final = (
    127  # in steps of its unit; 89 inputs to a unit at most: 89 * 1023 * 127 < 2 ** 24, with a bias
)
STEPS: Final = 50  # of a feature in a standard deviation


@dataclass(frozen=True, slots=True)
class Network:
    """``steps``: by which each feature is multiplied; ``enter``: from features and a one to units; ``middle``: from
    units and a one, of the line before, the line, and the line after, to what is added to the units, one for each of
    ``dilations``; ``leave``: from units and a one to the logarithm of the odds. A row a unit, a column an input,
    which are whole numbers times a power of two."""

    steps: Floats
    enter: Floats
    middle: tuple[Floats, ...]
    leave: Floats
    scale: float
    dilations: tuple[int, ...]

    @classmethod
    def of(cls, arrays: Mapping[str, NDArray[np.generic]], name: str) -> Network:
        """The network whose arrays are stored under ``name``."""

        def weights(part: object) -> Floats:
            whole, exponent = arrays[f"{name}_{part}"], arrays[f"{name}_{part}_exponent"]
            return np.ldexp(whole.astype(np.float32), exponent[:, None].astype(np.intc))

        dilations = DILATIONS[name]
        middle = tuple([weights(number) for number in range(len(dilations))])
        steps = arrays[f"{name}_steps"].astype(np.float32)[:, None]
        scale = float(arrays[f"{name}_scale"])
        return cls(steps, weights("enter"), middle, weights("leave"), scale, dilations)


def windows(hidden: Floats, reach: int, step: int = 1) -> Floats:
    """Each column above those of ``reach`` lines on each side, ``step`` apart: ``2 * reach + 1`` columns in one."""
    height, count = hidden.shape
    stacked = np.zeros((2 * reach + 1, height, count), np.float32)
    for row, offset in enumerate(range(-reach * step, (reach + 1) * step, step)):
        if abs(offset) < count:
            to, of = max(-offset, 0), max(offset, 0)
            stacked[row, :, to : count - of] = hidden[:, of : count - to]
    return stacked.reshape(-1, count)


def odds(network: Network, table: Floats, counts: Ints) -> Floats:
    """Logarithm of the odds that each column of ``table`` is body; the columns are lines of texts of ``counts`` lines
    each."""
    inputs = np.ones((len(table) + 1, table.shape[1]), np.float32)
    steps = np.multiply(table, network.steps, out=inputs[:-1])
    np.rint(steps, out=steps)
    np.minimum(steps, LARGEST, out=steps)
    np.maximum(steps, -LARGEST, out=steps)
    entered = _whole(network.enter @ inputs)
    np.minimum(entered, LARGEST, out=entered)
    # Below the units a one for a line; nothing between texts, so that no line sees another text's.
    gap, height = max(network.dilations), len(entered)
    spread = np.zeros((height + 1, len(steps[0]) + gap * (len(counts) - 1)), np.float32)
    places, start = [], 0
    for number, count in enumerate(counts.tolist()):
        place = slice(start + number * gap, start + number * gap + count)
        spread[:height, place] = entered[:, start : start + count]
        spread[height, place] = 1
        places.append(place)
        start += count
    units = spread[:height]
    for weights, step in zip(network.middle, network.dilations, strict=True):
        added = _whole(weights @ windows(spread, 1, step))
        if len(counts) > 1:
            added *= spread[height]
        units += added
        np.minimum(units, LARGEST, out=units)
    total = (network.leave @ spread)[0]
    logit: Floats = np.concatenate([total[place] for place in places]) * np.float32(network.scale)
    return logit


def _whole(total: Floats) -> Floats:
    np.rint(total, out=total)
    return np.maximum(total, 0, out=total)


def judge(first: Network, second: Network, found: Features, counts: Ints) -> Floats:
    """Probability of body for each line of texts of ``counts`` lines each."""
    guess = probability(odds(first, found.whole, counts))
    likely = probability(odds(second, structure(found, guess, counts), counts))
    likely[found.table[SIZE] == 0] = 0  # no letter, no digit
    return likely


def probability(logit: Floats) -> Floats:
    """Of log odds, in steps of 1/1024."""
    likely = 1024 / (1 + np.exp(-np.maximum(logit, -30)))
    return (np.rint(likely) / 1024).astype(np.float32)


@cache
def stages() -> tuple[Network, Network]:
    """Both networks, as fitted by ``python -m tasks.train_lines``."""
    with resources.files("tasks.article").joinpath("data/line_weights.npz").open("rb") as file:
        arrays = dict(np.load(file))
    return Network.of(arrays, "first"), Network.of(arrays, "second")
