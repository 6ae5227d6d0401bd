"""Fits the line classifier of ``clean``.

``OPENBLAS_NUM_THREADS=1 python -m tasks.train_lines --guides DIR --out tasks/article/data/line_weights.npz``, which
``make train`` runs, takes about three minutes on two cores and 3 GB. It reads ``DIR/docs.jsonl.gz`` (``id`` and
``text``, a block a line) and ``DIR/gold.jsonl`` (``id``, ``labels``: 1 for a line of the body) and writes the weights
of both networks; no text is stored, and on one thread the same pages give the same bytes on the same kind of
processor. As news differs from the pages at hand, each is used in several variants (``tasks.train_variants``).
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import astuple, dataclass, fields
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tasks.article.line_features import Features, features
from tasks.article.line_model import Network, apply, structure, windows
from tasks.train_variants import Page, varied

Floats = NDArray[np.float32]

VARIANTS: Final = 28  # of each page; the first is the page itself
FOLDS: Final = 3  # the second network learns from guesses about pages that the guessing one never saw
EPOCHS, BATCH, RATE, DECAY = 84, 24, 3e-3, 2e-2  # a batch is that many pages
HIDDEN: Final = 24  # units a layer
REACHES: Final = 2, 1  # lines that each network sees on each side


@dataclass(frozen=True)
class Example:
    """A page's features, its labels (1.0: body), and what a mistake in each line costs."""

    found: Features
    target: Floats
    cost: Floats


def read(folder: Path) -> list[Page]:
    """The labelled pages of ``folder``."""
    with (folder / "gold.jsonl").open(encoding="utf-8") as rows:
        labels = {row["id"]: row["labels"] for row in map(json.loads, rows)}
    pages = []
    with gzip.open(folder / "docs.jsonl.gz", "rt", encoding="utf-8") as rows:
        for row in map(json.loads, rows):
            lines = [line.strip() for line in row["text"].split("\n")]
            body = np.array(labels[row["id"]], np.bool_)
            filled = [number for number, line in enumerate(lines) if line]
            if filled:
                pages.append(Page([lines[number] for number in filled], body[filled]))
    return pages


def example(page: Page) -> Example:
    """``page`` as the networks see it. A line costs what it would in the F1 of shingles over its text."""
    found = features(page.lines)
    cost = found.words + 1.5
    cost /= cost[page.body].sum() + 30
    wrong = float(cost[~page.body].sum())
    cost[~page.body] *= min(1, 1.5 / max(wrong, 1e-9))
    return Example(found, page.body.astype(np.float32), cost)


def examples(pages: Sequence[Page], variant: int) -> list[Example]:
    """An example of each page, in its ``variant``."""
    rng = np.random.default_rng(100 + variant)
    return [example(varied(page, pages, rng) if variant else page) for page in pages]


Rows = tuple[Floats, Floats, Floats]  # features (a row a line), target, cost


def fit(variants: Sequence[Sequence[Rows]], reach: int, seed: int) -> Network:
    """A network fitted to one variant of the pages after the other, over and over."""
    rng = np.random.default_rng(seed)
    seen = np.concatenate([rows for rows, _, _ in variants[0]])
    mean, spread = seen.mean(axis=0), np.maximum(seen.std(axis=0), 0.05)
    width, span = seen.shape[1], 2 * reach + 1
    shapes = ((width, HIDDEN), (HIDDEN,), (span * HIDDEN, HIDDEN), (HIDDEN,), (HIDDEN,), ())
    scales = (np.sqrt(2 / width), 0, np.sqrt(2 / (span * HIDDEN)), 0, np.sqrt(1 / HIDDEN), 0)
    drawn = [scale * rng.normal(size=shape) for shape, scale in zip(shapes, scales, strict=True)]
    weights = [np.asarray(weight, np.float32) for weight in drawn]
    slope = [np.zeros_like(weight) for weight in weights]
    square = [np.zeros_like(weight) for weight in weights]
    steps = EPOCHS * -(-len(variants[0]) // BATCH)
    for step, batch in enumerate(_batches(variants, mean, spread, reach, rng), start=1):
        rate = RATE / 2 * (1 + np.cos(np.pi * step / steps)) * min(1, step / 50)
        for number, gradient in enumerate(
            _gradients(weights, batch, reach, rng)
        ):  # Adam with decoupled decay
            slope[number] = 0.9 * slope[number] + 0.1 * gradient
            square[number] = 0.99 * square[number] + 0.01 * gradient**2
            move = slope[number] / (1 - 0.9**step) / (np.sqrt(square[number] / (1 - 0.99**step)) + 1e-7)
            decay = DECAY * weights[number] if number in {0, 2} else 0
            weights[number] = np.asarray(weights[number] - rate * (move + decay), np.float32)
    w1, b1, w2, b2, w3, b3 = weights
    w1 /= spread[:, None]
    return Network(w1.T.copy(), (b1 - mean @ w1)[:, None], w2.T.copy(), b2[:, None], w3, b3)


def _batches(
    variants: Sequence[Sequence[Rows]], mean: Floats, spread: Floats, reach: int, rng: np.random.Generator
) -> Iterator[tuple[Floats, Floats, Floats, Floats]]:
    """Pages in random order, ``BATCH`` at a time: rows, targets, costs, and which rows are lines; after each
    page stand ``reach`` rows that are none, so that no line sees another page's."""
    width = len(mean)
    for epoch in range(EPOCHS):
        pages = variants[epoch % len(variants)]
        order = rng.permutation(len(pages))
        for start in range(0, len(order), BATCH):
            chosen = [pages[number] for number in order[start : start + BATCH]]
            size = sum(len(target) + reach for _, target, _ in chosen)
            rows, flat = np.zeros((size, width), np.float32), np.zeros((3, size), np.float32)
            at = 0
            for features_of, target, cost in chosen:
                stop = at + len(target)
                rows[at:stop] = (features_of - mean) / spread
                flat[:, at:stop] = np.stack([target, cost / BATCH, np.ones_like(target)])
                at = stop + reach
            yield rows, *flat


def _gradients(
    weights: Sequence[Floats],
    batch: tuple[Floats, Floats, Floats, Floats],
    reach: int,
    rng: np.random.Generator,
) -> tuple[Floats, ...]:
    """Of the weighted cross-entropy, by each of ``weights``."""
    w1, b1, w2, b2, w3, b3 = weights
    rows, target, cost, is_line = batch
    first = np.maximum(rows @ w1 + b1, 0) * is_line[:, None]
    around = windows(np.ascontiguousarray(first.T), reach).T
    second = np.maximum(around @ w2 + b2, 0)
    used = (rng.random(HIDDEN) > 0.1).astype(np.float32)  # dropout
    guess = 1 / (1 + np.exp(-np.clip((second * used) @ w3 + b3, -30, 30)))
    by_logit = (guess - target) * cost
    by_second = by_logit[:, None] * (w3 * used) * (second > 0)
    by_around = by_second @ w2.T
    padded = np.zeros((len(rows) + 2 * reach, HIDDEN), np.float32)
    for shift in range(2 * reach + 1):
        padded[shift : shift + len(rows)] += by_around[:, shift * HIDDEN : (shift + 1) * HIDDEN]
    by_first = padded[reach:-reach] * (first > 0)
    return *_by(rows, by_first), *_by(around, by_second), *_by(second * used, by_logit)


def _by(inputs: Floats, errors: Floats) -> tuple[Floats, Floats]:
    return inputs.T @ errors, errors.sum(axis=0)


def train(variants: Sequence[Sequence[Example]]) -> tuple[Network, Network]:
    """Both networks. The second is fitted to guesses of first networks that were fitted without the page."""

    def rows(page: Example) -> Rows:
        return page.found.table.T, page.target, page.cost

    def context(page: Example, guesser: Network) -> Rows:
        guess = apply(guesser, page.found.table)
        return structure(page.found, guess).T, page.target, page.cost

    def but(fold: int) -> list[list[Rows]]:
        return [[rows(page) for n, page in enumerate(pages) if n % FOLDS != fold] for pages in variants]

    guessers = [fit(but(fold), REACHES[0], 10 + fold) for fold in range(FOLDS)]
    first = fit(but(FOLDS), REACHES[0], 20)
    second = [[context(page, guessers[n % FOLDS]) for n, page in enumerate(pages)] for pages in variants]
    return first, fit(second, REACHES[1], 30)


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description="Fit the line classifier's weights to labelled pages.")
    parser.add_argument("--guides", type=Path, required=True, help="folder with docs.jsonl.gz and gold.jsonl")
    parser.add_argument("--out", type=Path, required=True, help="the .npz file to write")
    options = parser.parse_args()
    pages = read(options.guides)
    with ProcessPoolExecutor(2) as pool:
        variants = list(pool.map(partial(examples, pages), range(VARIANTS)))
    arrays = {}
    for stage, network in zip(("first", "second"), train(variants), strict=True):
        for field, array in zip(fields(network), astuple(network), strict=True):
            arrays[f"{stage}_{field.name}"] = np.asarray(array, np.float16)
    np.savez_compressed(options.out, allow_pickle=False, **arrays)


if __name__ == "__main__":
    main()
