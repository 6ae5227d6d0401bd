"""Growing of the line classifier's trees, by gradient boosting on histograms."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tasks.article.line_trees import DEPTH, LEAVES, Bytes, leaf_numbers

Floats = NDArray[np.float32]

RATE: Final = 0.12  # of the step to a leaf's best value
RIDGE: Final = 5.0  # what holds the values of small leaves back, in lines
# Drawn anew for each tree: lines, rather those that are still wrong, and the share of features it may ask about.
LINES, ASKED = 30_000, 0.3
BINS: Final = 64  # a feature
_COUNTED: Final = 20_000  # lines, to find out which bytes are frequent
_LEAF_STEP: Final = 1 / 1024


@dataclass(frozen=True)
class Sample:
    """Lines of many pages: ``table``, a row a feature, a column a line; 1.0 where it is body; what a mistake in it
    costs."""

    table: Bytes
    target: Floats
    cost: Floats


def scale(table: Floats, name: str) -> dict[str, NDArray[np.generic]]:
    """The arrays of ``Scale.of`` for the features of ``table``, a row each."""
    low, high = np.quantile(table, (0.001, 0.999), axis=1)
    steps = 254 / np.maximum(high - low, 1e-3)
    return {f"{name}_low": low.astype(np.float32), f"{name}_steps": steps.astype(np.float32)}


def grow(sample: Sample, name: str, trees: int, seed: int) -> dict[str, NDArray[np.generic]]:
    """The arrays of ``Trees.of``, for ``trees`` of them."""
    rng = np.random.default_rng(seed)
    cost = sample.cost / sample.cost.mean()
    logit = np.zeros(len(cost), np.float32)
    limits = _limits(sample.table, rng)
    binned = np.empty_like(sample.table)
    for row, (values, of) in enumerate(zip(sample.table, limits, strict=True)):
        binned[row] = np.searchsorted(of, np.arange(256)).astype(np.uint8).take(values)
    grown, leaves = [], []
    for _ in range(trees):
        guess = 1 / (1 + np.exp(-logit))
        slope = (sample.target - guess) * cost
        bend = guess * (1 - guess) * cost
        chance = np.minimum(np.abs(slope) * (LINES / np.abs(slope).sum()), 1)
        drawn = np.flatnonzero(rng.random(len(cost), np.float32) < chance)
        weight = 1 / chance[drawn]
        rows = rng.permutation(len(binned))[: max(round(ASKED * len(binned)), 1)]
        questions = _questions(binned, rows, drawn, slope[drawn] * weight, bend[drawn] * weight)
        tree = np.array([(row, limits[row][number]) for row, number in questions])
        leaf = leaf_numbers(sample.table[tree[:, 0]], tree[:, 1].astype(np.uint8))[0]
        force = np.bincount(leaf, slope, LEAVES)
        bends = np.bincount(leaf, bend, LEAVES)
        value = np.rint(RATE * force / (bends + RIDGE) / _LEAF_STEP)
        logit += (value * _LEAF_STEP).astype(np.float32).take(leaf)
        grown.append(tree)
        leaves.append(value)
    asked, larger = np.array(grown).transpose(2, 1, 0).reshape(2, -1)
    return {
        f"{name}_rows": asked.astype(np.int16),
        f"{name}_limits": larger.astype(np.uint8),
        f"{name}_leaves": np.array(leaves).astype(np.int16),
        f"{name}_step": np.array(_LEAF_STEP, np.float32),
    }


def _limits(table: Bytes, rng: np.random.Generator) -> list[Bytes]:
    """Between which bytes of each feature to ask: at most ``BINS - 1`` limits that part the lines evenly."""
    some = table[:, np.sort(rng.choice(table.shape[1], min(_COUNTED, table.shape[1]), replace=False))]
    ranks = np.linspace(0, 1, BINS + 1)[1:-1]
    found = [np.unique(np.quantile(values, ranks, method="lower")) for values in some]
    return [limits[limits < values.max()] for limits, values in zip(found, some, strict=True)]


def _questions(
    binned: Bytes, rows: NDArray[np.intp], drawn: NDArray[np.intp], slope: Floats, bend: Floats
) -> Iterator[tuple[int, int]]:
    """The questions of one tree: row, and number of the limit, each the best after those before."""
    seen = [binned[row].take(drawn) for row in rows.tolist()]
    counts = [int(values.max()) for values in seen]
    leaf = np.zeros(len(drawn), np.intp)
    for depth in range(DEPTH):
        size = BINS << depth
        best = (-np.inf, 0, 0)
        for number, values in enumerate(seen):
            if not counts[number]:
                continue
            place = leaf + values
            forces = np.bincount(place, slope, size).reshape(-1, BINS).cumsum(axis=1)
            bends = np.bincount(place, bend, size).reshape(-1, BINS).cumsum(axis=1)
            above = (forces[:, -1:] - forces) ** 2 / (bends[:, -1:] - bends + RIDGE)
            gain = (forces**2 / (bends + RIDGE) + above).sum(axis=0)[: counts[number]]
            limit = int(gain.argmax())
            best = max(best, (float(gain[limit]), number, limit))
        _, number, limit = best
        leaf = 2 * leaf + BINS * (seen[number] > limit)
        yield int(rows[number]), limit
