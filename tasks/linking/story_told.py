"""What a story is described by, and which ended story it takes up."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tasks.linking.stories import FEW, JOINS
from tasks.linking.story_vectors import HEADS, TERMS, Numbers, Vector, Vectors, Weights, numbered


@dataclass(frozen=True, slots=True)
class Told:
    """A story: the mean of its articles' vectors, which of them (by place) is most like the mean, and, in days, when
    its first and its last article came."""

    vector: Vector
    central: int
    began: float
    last: float


def told(
    vectors: Sequence[tuple[Numbers, Weights]],
    times: Sequence[float],
    names: Callable[[Numbers], list[str]],
) -> Told:
    """Describe the articles; ``names``: the terms that numbers stand for, of those that are known."""
    used, places = numbered(np.concatenate([numbers for numbers, _ in vectors]))
    weights = np.concatenate([weights for _, weights in vectors])
    of = np.repeat(np.arange(len(vectors)), [len(numbers) for numbers, _ in vectors])
    mean = np.bincount(places, weights, len(used)) / len(vectors)
    central = int(np.bincount(of, mean[places] * weights, len(vectors)).argmax())
    heaviest = np.lexsort((used, -mean))[:TERMS]
    vector = Vector(used[heaviest], mean[heaviest].astype(np.float32), names(used[heaviest[:HEADS]]))
    return Told(vector, central, min(times), max(times))


def similarities(one: tuple[Numbers, Weights], others: Vectors) -> NDArray[np.float64]:
    """The mean similarity to each of the others of articles whose mean vectors these are."""
    order = np.argsort(one[0])
    numbers, weights = one[0][order], one[1][order]
    place = np.minimum(np.searchsorted(numbers, others.numbers), len(numbers) - 1)
    products = np.where(numbers[place] == others.numbers, weights[place] * others.weights, 0)
    found = np.bincount(np.repeat(np.arange(len(others)), np.diff(others.ends)), products, len(others))
    return found.astype(np.float64, copy=False)


def taken_up(story: Told, ended: Sequence[str], vectors: Vectors) -> str | None:
    """The ended story, of those with these vectors, that ``story`` is most like, if it would have been joined by an
    article so alike."""
    if not ended or not len(story.vector.numbers):
        return None
    alike = similarities((story.vector.numbers, story.vector.weights), vectors)
    best = max(zip(alike.tolist(), ended, strict=True))
    return best[1] if best[0] >= JOINS + FEW else None
