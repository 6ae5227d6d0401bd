"""Gradient-boosted trees over the lines of texts: from bytes to the logarithm of the odds that a line is body.

All nodes at one depth of a tree ask the same question, so a tree is ``DEPTH`` comparisons, whose answers are the bits
of the number of a leaf. What the leaves add up to are whole numbers, so the order of their addition does not matter:
a text gets the same result alone and among others.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Bytes = NDArray[np.uint8]
Ints = NDArray[np.intp]

DEPTH: Final = 6
LEAVES: Final = 1 << DEPTH
_LINES: Final = 256  # at once, so that their arrays stay in the processor's cache


@dataclass(frozen=True, slots=True)
class Scale:
    """Turns features, a row each, into bytes: ``low``: the smallest usual value of each, which becomes 1; ``steps``:
    how many to one. 0 is left for what is not there."""

    low: Floats
    steps: Floats

    @classmethod
    def of(cls, arrays: Mapping[str, NDArray[np.generic]], name: str) -> Scale:
        """The scale whose arrays are stored under ``name``."""
        return cls(arrays[f"{name}_low"].astype(np.float32), arrays[f"{name}_steps"].astype(np.float32))

    def bytes(self, table: Floats) -> Bytes:
        """``table``, a row a feature, in bytes."""
        scaled = table - self.low[:, None]
        scaled *= self.steps[:, None]
        np.maximum(scaled, 0, out=scaled)
        np.minimum(scaled, 254, out=scaled)
        scaled += np.float32(1.5)
        return scaled.astype(np.uint8)


@dataclass(frozen=True, slots=True)
class Trees:
    """``rows``: of the table that is asked about, the first question of each tree, then the second of each, and so on;
    ``limits``: a larger byte answers yes; ``leaves``: a row a tree, a column a leaf, whole numbers of ``step`` of the
    logarithm of the odds."""

    rows: Ints
    limits: Bytes
    leaves: Floats
    step: np.float32

    @classmethod
    def of(cls, arrays: Mapping[str, NDArray[np.generic]], name: str) -> Trees:
        """The trees whose arrays are stored under ``name``."""
        return cls(
            arrays[f"{name}_rows"].astype(np.intp),
            arrays[f"{name}_limits"].astype(np.uint8),
            arrays[f"{name}_leaves"].astype(np.float32),
            np.float32(arrays[f"{name}_step"]),
        )

    def odds(self, table: Bytes) -> Floats:
        """Logarithm of the odds for each column of ``table``."""
        total = np.empty(table.shape[1], np.float32)
        first_leaf = LEAVES * np.arange(len(self.leaves))[:, None]
        for start in range(0, len(total), _LINES):
            asked = table[:, start : start + _LINES].take(self.rows, axis=0)
            leaf = first_leaf + leaf_numbers(asked, self.limits)
            np.add.reduce(self.leaves.take(leaf), axis=0, out=total[start : start + _LINES])
        return total * self.step


def leaf_numbers(asked: Bytes, limits: Bytes) -> Bytes:
    """The number of the leaf of each tree that each line falls into: a row a tree, a column a line. ``asked``: what the
    questions of ``Trees`` are about, a row each."""
    yes = (asked > limits[:, None]).view(np.uint8).reshape(DEPTH, -1, asked.shape[1])
    leaf: Bytes = yes[0]
    for answers in yes[1:]:
        leaf += leaf
        leaf += answers
    return leaf
