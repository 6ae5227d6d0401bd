"""Fitting of one network of the line classifier, by gradient descent, and its rounding to whole numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tasks.article.line_model import DILATIONS, LARGEST, LARGEST_WEIGHT, STEPS, windows

Floats = NDArray[np.float32]
Ints = NDArray[np.intp]

EPOCHS, BATCH, RATE, DECAY, DROPPED = 36, 24, 3e-3, 2e-2, 0.1  # a batch is that many pages
HIDDEN: Final = {"first": 12, "second": 16}  # units a layer


@dataclass(frozen=True)
class Example:
    """A page: ``table`` of features, a column a line; 1.0 where it is body; what a mistake in it costs."""

    table: Floats
    target: Floats
    cost: Floats


@dataclass(frozen=True)
class Batch:
    """Pages below each other, a row a line, with rows of zeros between them."""

    rows: Floats
    target: Floats
    cost: Floats
    is_line: Floats

    @classmethod
    def of(cls, pages: Sequence[Example], mean: Floats, spread: Floats, gap: int) -> Batch:
        """``pages`` with features scaled to mean 0 and deviation 1, and a one for a line."""
        counts = [len(page.target) for page in pages]
        place = np.arange(sum(counts)) + np.repeat(gap * np.arange(len(counts)), counts)
        size = int(place[-1]) + 1
        rows = np.zeros((size, len(mean) + 1), np.float32)
        rows[place, :-1] = (np.concatenate([page.table for page in pages], axis=1).T - mean) / spread
        target, cost, is_line = np.zeros((3, size), np.float32)
        target[place] = np.concatenate([page.target for page in pages])
        cost[place] = np.concatenate([page.cost for page in pages]) / BATCH
        is_line[place] = rows[place, -1] = 1
        return cls(rows, target, cost, is_line[:, None])


@dataclass(frozen=True)
class Fitted:
    """``weights``: of each layer in turn, a row an input, for features less ``mean`` in units of ``spread``;
    ``largest``: activation among the pages."""

    weights: list[Floats]
    mean: Floats
    spread: Floats
    largest: float


def fit(variants: Sequence[Sequence[Example]], name: str, seed: int) -> Fitted:
    """The network called ``name``, fitted to one variant of the pages after the other, over and over."""
    rng = np.random.default_rng(seed)
    lines = np.concatenate([page.table for page in variants[0]], axis=1)
    mean, spread = lines.mean(axis=1), np.maximum(lines.std(axis=1), 0.05)
    weights = _drawn(len(mean), HIDDEN[name], len(DILATIONS[name]), rng)
    slope, square = ([np.zeros_like(weight) for weight in weights] for _ in range(2))
    steps = EPOCHS * -(-len(variants[0]) // BATCH)
    for step, chosen in enumerate(_batches(variants, rng), start=1):
        batch = Batch.of(chosen, mean, spread, max(DILATIONS[name]))
        rate = RATE / 2 * (1 + np.cos(np.pi * step / steps)) * min(1, step / 50)
        gradients = _gradients(weights, batch, DILATIONS[name], rng)
        for number, gradient in enumerate(gradients):  # Adam with decoupled decay
            slope[number] = 0.9 * slope[number] + 0.1 * gradient
            square[number] = 0.99 * square[number] + 0.01 * gradient**2
            move = slope[number] / (1 - 0.9**step) / (np.sqrt(square[number] / (1 - 0.99**step)) + 1e-7)
            weights[number] = np.asarray(
                weights[number] - rate * (move + DECAY * weights[number]), np.float32
            )
    largest = 0.0
    for start in range(0, len(variants[0]), BATCH):
        batch = Batch.of(variants[0][start : start + BATCH], mean, spread, max(DILATIONS[name]))
        units, _ = _forward(weights, batch, DILATIONS[name], np.float32(1))
        largest = max(largest, *(float(layer.max()) for layer in units))
    return Fitted(weights, mean, spread, largest)


def quantised(fitted: Fitted, name: str) -> dict[str, NDArray[np.generic]]:
    """The arrays of ``Network.of``: whole weights, and what turns their sums into activations of at most
    ``LARGEST``."""
    by = LARGEST / fitted.largest  # steps of an activation
    enter, *middle, leave = [weight.astype(np.float64) for weight in fitted.weights]
    enter[-1] -= (fitted.mean / fitted.spread) @ enter[:-1]
    enter[:-1] /= STEPS
    enter *= by
    arrays: dict[str, NDArray[np.generic]] = {
        f"{name}_steps": (STEPS / fitted.spread).astype(np.float32),
        f"{name}_scale": np.array(1 / by, np.float32),
    }
    seen = [
        ("enter", enter, 1),
        *[(str(n), weight, 3) for n, weight in enumerate(middle)],
        ("leave", leave, 1),
    ]
    for part, weight, lines in seen:
        width = len(weight) // lines
        ones = np.arange(width - 1, len(weight), width)
        if part != "enter":
            weight[ones] *= by
        largest = np.abs(np.delete(weight, ones, axis=0)).max(axis=0)
        exponent = np.ceil(np.log2(np.maximum(largest, 1e-6) / LARGEST_WEIGHT))
        arrays[f"{name}_{part}"] = np.rint(weight / 2**exponent).T.astype(np.int32)
        arrays[f"{name}_{part}_exponent"] = exponent.astype(np.int8)
    return arrays


def _drawn(width: int, units: int, layers: int, rng: np.random.Generator) -> list[Floats]:
    shapes = [(width + 1, units), *[(3 * (units + 1), units)] * layers, (units + 1, 1)]
    gains = [1, *[0.7] * layers, 0.5]
    weights: list[Floats] = []
    for shape, gain in zip(shapes, gains, strict=True):
        weight = np.asarray(gain * np.sqrt(2 / shape[0]) * rng.normal(size=shape), np.float32)
        weight[-1] = 0
        weights.append(weight)
    return weights


def _batches(variants: Sequence[Sequence[Example]], rng: np.random.Generator) -> Iterator[Sequence[Example]]:
    """Pages in random order, ``BATCH`` at a time."""
    for epoch in range(EPOCHS):
        pages = variants[epoch % len(variants)]
        order = rng.permutation(len(pages)).tolist()
        for start in range(0, len(order), BATCH):
            yield [pages[number] for number in order[start : start + BATCH]]


def _forward(
    weights: Sequence[Floats], batch: Batch, dilations: Sequence[int], used: Floats | np.float32
) -> tuple[list[Floats], list[tuple[Floats, Floats]]]:
    """The units after each layer, and a one for a line; and for each but the first what it saw and what it added."""
    units = [np.hstack([np.maximum(batch.rows @ weights[0], 0), batch.is_line])]
    passed = []
    for weight, step in zip(weights[1:], dilations, strict=False):
        around = windows(np.ascontiguousarray(units[-1].T), 1, step).T * used
        added = np.maximum(around @ weight, 0) * batch.is_line
        passed.append((around, added))
        units.append(units[-1] + np.pad(added, ((0, 0), (0, 1))))
    return units, passed


def _gradients(
    weights: Sequence[Floats], batch: Batch, dilations: Sequence[int], rng: np.random.Generator
) -> list[Floats]:
    """Of the weighted cross-entropy, by each of ``weights``."""
    width = len(weights[-1])
    used = (rng.random(3 * width) > DROPPED).astype(np.float32) / np.float32(1 - DROPPED)
    used[width - 1 :: width] = 1
    units, passed = _forward(weights, batch, dilations, used)
    logit = (units[-1] @ weights[-1])[:, 0]
    guess = 1 / (1 + np.exp(-np.clip(logit, -30, 30)))
    by_logit = ((guess - batch.target) * batch.cost)[:, None]
    gradients = [units[-1].T @ by_logit]  # from the last to the first
    by_units = by_logit @ weights[-1].T
    for weight, step, (around, added) in zip(weights[-2:0:-1], dilations[::-1], passed[::-1], strict=True):
        by_added = by_units[:, :-1] * (added > 0)
        gradients.append(around.T @ by_added)
        before, line, after = np.split((by_added @ weight.T) * used, 3, axis=1)
        by_units += line
        by_units[:-step] += before[step:]
        by_units[step:] += after[:-step]
    gradients.append(batch.rows.T @ (by_units[:, :-1] * (units[0][:, :-1] > 0)))
    return gradients[::-1]
