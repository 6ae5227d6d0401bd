"""From line features to how likely a line is body: boosted trees, twice.

The first see a line and its neighbours. Where they found body tells the second how the whole text is built
(navigation, one main run of lines, interruptions, a tail that does not come back), and they judge again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tasks.article.line_features import SHARED, SIZE, WIDTH, Features
from tasks.article.line_structure import CONTEXT, structure
from tasks.article.line_trees import Bytes, Floats, Ints, Scale, Trees

_BESIDE: Final = (-2, -1, 1, 2)  # the neighbours that a line is seen with
# What the first trees give less to is not judged again: half the lines; on text_news none of them was kept anyway.
_UNLIKELY: Final = 0.04


@dataclass(frozen=True, slots=True)
class Model:
    """``line``, ``place``: of the features of a line, and of those of how it lies in its text."""

    line: Scale
    place: Scale
    first: Trees
    second: Trees

    @classmethod
    def of(cls, arrays: Mapping[str, NDArray[np.generic]]) -> Model:
        """The model that is stored as ``arrays``."""
        return cls(
            Scale.of(arrays, "line"),
            Scale.of(arrays, "place"),
            Trees.of(arrays, "first"),
            Trees.of(arrays, "second"),
        )


def seen(scale: Scale, found: Features, counts: Ints) -> Bytes:
    """What the trees may ask about: the features of each line and those of its neighbours, 0 where its text has none;
    below them ``CONTEXT`` rows to be filled."""
    own = scale.bytes(found.whole)
    shared = np.concatenate([own[:SHARED], own[WIDTH:]])
    height, size = shared.shape
    table = np.zeros((len(own) + len(_BESIDE) * height + CONTEXT, size), np.uint8)
    table[: len(own)] = own
    text = np.repeat(np.arange(len(counts)), counts)
    for number, offset in enumerate(_BESIDE):
        back, on = max(-offset, 0), max(offset, 0)
        if back + on < size:
            to, of = slice(back, size - on), slice(on, size - back)
            rows = table[len(own) + number * height :][:height]
            np.multiply(shared[:, of], text[of] == text[to], out=rows[:, to])
    return table


def judge(model: Model, found: Features, counts: Ints) -> Floats:
    """Probability of body for each line of texts of ``counts`` lines each."""
    table = seen(model.line, found, counts)
    guess = probability(model.first.odds(table))
    table[-CONTEXT:] = model.place.bytes(structure(found, guess, counts))
    maybe = np.flatnonzero(guess >= _UNLIKELY)
    likely = np.zeros_like(guess)
    likely[maybe] = probability(model.second.odds(table.take(maybe, axis=1)))
    likely[found.table[SIZE] == 0] = 0  # no letter, no digit
    return likely


def windows(hidden: Floats, reach: int, step: int = 1) -> Floats:
    """Each column above those of ``reach`` lines on each side, ``step`` apart: ``2 * reach + 1`` columns in one."""
    height, count = hidden.shape
    stacked = np.zeros((2 * reach + 1, height, count), np.float32)
    for row, offset in enumerate(range(-reach * step, (reach + 1) * step, step)):
        if abs(offset) < count:
            to, of = max(-offset, 0), max(offset, 0)
            stacked[row, :, to : count - of] = hidden[:, of : count - to]
    return stacked.reshape(-1, count)


def probability(logit: Floats) -> Floats:
    """Of log odds, in steps of 1/1024."""
    likely = 1024 / (1 + np.exp(-np.maximum(logit, -30)))
    return (np.rint(likely) / 1024).astype(np.float32)


@cache
def model() -> Model:
    """The model, as fitted by ``python -m tasks.train_lines``."""
    with resources.files("tasks.article").joinpath("data/line_weights.npz").open("rb") as file:
        return Model.of(dict(np.load(file)))
