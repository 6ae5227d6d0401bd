"""What a story is described by, and which ended story it takes up."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from tasks.linking.stories import FEW, JOINS
from tasks.linking.story_vectors import HEADS, TERMS, Numbers, Vector, Weights


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
    used, places = np.unique(np.concatenate([numbers for numbers, _ in vectors]), return_inverse=True)
    weights = np.concatenate([weights for _, weights in vectors])
    of = np.repeat(np.arange(len(vectors)), [len(numbers) for numbers, _ in vectors])
    mean = np.bincount(places, weights, len(used)) / len(vectors)
    central = int(np.bincount(of, mean[places] * weights, len(vectors)).argmax())
    heaviest = np.lexsort((used, -mean))[:TERMS]
    vector = Vector(
        used[heaviest].astype(np.int32), mean[heaviest].astype(np.float32), names(used[heaviest[:HEADS]])
    )
    return Told(vector, central, min(times), max(times))


def similarity(one: tuple[Numbers, Weights], other: tuple[Numbers, Weights]) -> float:
    """The mean similarity of articles whose mean vectors these are."""
    _, mine, its = np.intersect1d(one[0], other[0], assume_unique=True, return_indices=True)
    return float(one[1][mine] @ other[1][its])


def taken_up(story: Told, ended: Iterable[tuple[str, tuple[Numbers, Weights]]]) -> str | None:
    """The ended story that ``story`` is most like, if it would have been joined by an article so alike."""
    mine = (story.vector.numbers, story.vector.weights)
    best = max(((similarity(mine, its), story_id) for story_id, its in ended), default=(0.0, ""))
    return best[1] if best[0] >= JOINS + FEW else None
