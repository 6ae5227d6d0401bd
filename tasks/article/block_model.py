"""From block features to the probability that a block is body: two small networks, one after the other.

The first sees a block, its neighbours and the names of the elements around it. Where it found body tells the second
which element holds the article and which blocks look like its paragraphs, and it judges again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tasks.article import line_features
from tasks.article.block_features import LEVELS, Features
from tasks.article.block_names import Vocabulary
from tasks.article.line_model import windows

Floats = NDArray[np.float32]

_BESIDE, _NEAR, _FAR = 3, 4, 12  # blocks on each side: seen one by one, and as means
_MAIN: Final = 0.8  # of the body, that an element holds which is around the article
SCOPES: Final = 3  # an element's own names, those of the two around it, and those farther out


@dataclass(frozen=True, slots=True)
class Network:
    """Weights of one stage, features already scaled into ``w1``; ``names``: a row a term, ``SCOPES`` hidden layers
    side by side."""

    w1: Floats
    names: Floats
    b1: Floats
    w2: Floats
    b2: Floats
    w3: Floats
    b3: Floats

    @classmethod
    def of(cls, arrays: Mapping[str, Floats], prefix: str) -> Network:
        """The network whose arrays are stored under ``prefix``."""
        return cls(*(arrays[prefix + name] for name in ("w1", "names", "b1", "w2", "b2", "w3", "b3")))


@dataclass(frozen=True, slots=True)
class Model:
    """Both stages, and the terms that they know."""

    first: Network
    second: Network
    vocabulary: Vocabulary


def apply(network: Network, table: Floats, found: Features) -> Floats:
    """Probability of body for each column of ``table``."""
    tree = found.tree
    units = len(network.b1)
    named: Floats = np.add.reduceat(network.names.take(tree.terms, axis=0), tree.at, axis=0)
    far = tree.above(named[:, 2 * units :])
    near = named[:, units : 2 * units]
    hidden = named[:, :units].take(tree.of[0], axis=0)
    hidden += near.take(tree.of[1], axis=0)
    hidden += near.take(tree.of[2], axis=0)
    hidden += far.take(tree.of[3], axis=0)
    hidden = hidden.T + network.w1 @ table
    hidden += network.b1
    np.maximum(hidden, 0, out=hidden)
    hidden = network.w2 @ windows(hidden, network.w2.shape[1] // units // 2)
    hidden += network.b2
    np.maximum(hidden, 0, out=hidden)
    logit = np.clip(network.w3 @ hidden + network.b3, -30, 30)
    return (1 / (1 + np.exp(-logit))).astype(np.float32)


CONTEXT: Final = 16 + 3 * LEVELS + 9


def structure(found: Features, first: Floats) -> Floats:
    """What the second network sees beside the names: ``found.table``, and below it ``CONTEXT`` rows on where the
    first network's probabilities lie in the page."""
    count = len(first)
    words = found.words + 1
    table = np.empty((len(found.table) + CONTEXT, count), np.float32)
    table[: len(found.table)] = found.table
    rows = table[len(found.table) :]
    padded = np.zeros(count + 2 * _BESIDE, np.float32)
    padded[_BESIDE:-_BESIDE] = first
    rows[:7] = np.lib.stride_tricks.sliding_window_view(padded, count)
    # Running totals of words and of words that are body; flat beyond both ends.
    mass = first * words
    totals = np.zeros((2, count + 1 + 2 * _FAR), np.float32)
    np.cumsum(words, out=totals[0, _FAR + 1 : -_FAR])
    np.cumsum(mass, out=totals[1, _FAR + 1 : -_FAR])
    totals[:, -_FAR:] = totals[:, -_FAR - 1 : -_FAR]
    here, after = totals[:, _FAR : _FAR + count], totals[:, _FAR + 1 : _FAR + 1 + count]
    whole = float(totals[1, -1]) + 1
    np.divide(after[1], whole, out=rows[7])
    rows[8] = whole / (float(totals[0, -1]) + 1)
    for row, reach in ((9, _NEAR), (11, _FAR)):
        left = here - totals[:, _FAR - reach : _FAR - reach + count]
        right = totals[:, _FAR + 1 + reach : _FAR + 1 + reach + count] - after
        np.divide(left[1], left[0] + 5, out=rows[row])
        np.divide(right[1], right[0] + 5, out=rows[row + 1])
    # The main run: the span of blocks with the greatest sum of words, body counting for and the rest against.
    gain = totals[1, _FAR:-_FAR] - 0.35 * totals[0, _FAR:-_FAR]
    stop = int((gain - np.minimum.accumulate(gain)).argmax())
    start = int(gain[: stop + 1].argmin())
    place = np.arange(count, dtype=np.float32)
    rows[13] = (start <= place) & (place < stop)
    rows[14] = np.log1p(np.maximum(start - place, 0))
    rows[15] = np.log1p(np.maximum(place - stop + 1, 0))
    _in_tree(found, mass, whole, rows[16:])
    rows[-1] = np.log(whole)
    return table


def _in_tree(found: Features, mass: Floats, whole: float, rows: Floats) -> None:
    """Fills the rows on the elements around each block; ``mass``: its words that are body; ``whole``: their sum."""
    count, tree = len(mass), found.tree
    words = found.words + 1
    # The elements around: how dense their body is, with the block and without it, and how much of all.
    body, size = tree.within(mass), tree.within(words)
    dense, share = body / size, body / whole
    levels = rows[: 3 * LEVELS].reshape(3, LEVELS, count)
    dense.take(tree.of, out=levels[0])
    share.take(tree.of, out=levels[1])
    np.divide(body.take(tree.of) - mass, size.take(tree.of) - words + 2, out=levels[2])
    # The innermost element around the article, and how far from it the block is.
    rows = rows[3 * LEVELS :]
    around = share >= _MAIN
    place = np.arange(count)
    depth = tree.depth[tree.of[0]]
    meet = tree.nearest(around)[tree.of[0]]
    deepest = int(np.where(around, tree.depth, -1).argmax())
    rows[0] = dense[meet]
    rows[1] = np.log1p(depth - tree.depth[meet])
    rows[2] = np.log1p(tree.depth[deepest] - tree.depth[meet])
    rows[3] = (tree.start[deepest] <= place) & (place < tree.stop[deepest])
    rows[4] = (depth - float(mass @ depth) / whole) / 4
    # Blocks that look alike, with the block and without it.
    of = found.alike
    weight, held = np.bincount(of, words), np.bincount(of, mass)
    rows[5] = (held / weight)[of]
    rows[6] = (held / whole)[of]
    rows[7] = (held[of] - mass) / (weight[of] - words + 2)


def probabilities(model: Model, found: Features) -> Floats:
    """Probability of body for each block."""
    first = apply(model.first, found.table, found)
    likely = apply(model.second, structure(found, first), found)
    likely[found.table[line_features.SIZE] == 0] = 0  # no letter, no digit
    return likely


@cache
def model() -> Model:
    """As fitted by ``python -m tasks.train_blocks``."""
    with resources.files("tasks.article").joinpath("data/block_weights.npz").open("rb") as file:
        stored = dict(np.load(file).items())
    terms = [str(term) for term in stored.pop("terms")]
    arrays = {name: array.astype(np.float32) for name, array in stored.items()}
    for stage in ("first_", "second_"):
        arrays[f"{stage}names"] *= arrays.pop(f"{stage}steps")
    return Model(
        Network.of(arrays, "first_"),
        Network.of(arrays, "second_"),
        Vocabulary({term: number for number, term in enumerate(terms)}),
    )
