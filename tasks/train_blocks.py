"""Fits the block classifier of ``html_body``.

``OPENBLAS_NUM_THREADS=1 python -m tasks.train_blocks --pages DIR --out tasks/article/data/block_weights.npz`` takes
about four minutes and 2 GB. It reads ``DIR/pages.jsonl.gz`` (``id`` and ``html``) and ``DIR/gold.jsonl`` (``id`` and
``body``) and writes the weights of both networks and the terms that they know; no text is stored, and on one thread
the same pages give the same bytes on the same kind of processor. As news differs from the pages at hand, each is used
in several variants (``tasks.train_block_variants``).
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, fields
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tasks.article.block_features import Features, features
from tasks.article.block_model import SCOPES, Model, Network, apply, structure
from tasks.article.block_names import Vocabulary, terms
from tasks.article.line_model import windows
from tasks.article.page import Page, read
from tasks.train_block_labels import labels
from tasks.train_block_variants import Labelled, varied

Floats = NDArray[np.float32]
Names = tuple[NDArray[np.uint8], NDArray[np.intp]]  # rows of counts of terms, by scope; and each block's row

VARIANTS: Final = 8  # of each page; the first is the page itself
FOLDS: Final = 3  # the second network learns from guesses about pages that the guessing one never saw
EPOCHS, BATCH, RATE, DECAY = 48, 16, 3e-3, 2e-2  # a batch is that many pages
HIDDEN: Final = 24  # units a layer
REACHES: Final = 2, 1  # blocks that each network sees on each side
COMMON: Final = 30  # sites that use a term
UNNAMED, FORGOTTEN = 0.1, 0.2  # of the pages, seen without names; of the terms, unknown in each of the others
SEED: Final = 0


@dataclass(frozen=True)
class Example:
    """A page's features, its terms, its labels (1.0: body), and what a mistake in each block costs."""

    found: Features
    names: Names
    target: Floats
    cost: Floats


def labelled(folder: Path) -> list[Labelled]:
    """The pages of ``folder`` that show any text."""
    with (folder / "gold.jsonl").open(encoding="utf-8") as rows:
        bodies = {row["id"]: row["body"] for row in map(json.loads, rows)}
    found = []
    with gzip.open(folder / "pages.jsonl.gz", "rt", encoding="utf-8") as rows:
        for row in map(json.loads, rows):
            page = read(row["html"])
            if page.blocks:
                body = labels([block.text for block in page.blocks], bodies[row["id"]])
                found.append(Labelled(page, body))
    return found


def vocabulary(pages: Sequence[Page]) -> Vocabulary:
    """The tags and the kinds of names around the blocks of enough pages; the first stands for all other tags.

    The words themselves are of these pages' sites: with them news pages were read worse.
    """
    often: Counter[str] = Counter()
    for page in pages:
        around = {index for block in page.blocks for index in (block.element, *page.ancestors(block.element))}
        said = {f"<{page.elements[index].tag}" for index in around}
        said.update(*(terms(page.elements[index].written) for index in around))
        often.update(said)
    known = [term for term, sites in often.items() if sites >= COMMON and term[0] in "<#"]
    return Vocabulary({term: number for number, term in enumerate(["<other", *sorted(known)])})


def named(found: Features, size: int) -> Names:
    """The counts of terms around the blocks, in each scope."""
    tree = found.tree
    count = len(tree.parent)
    each = np.diff(np.append(tree.at, len(tree.terms)))
    cells = np.repeat(np.arange(count), each) * size + tree.terms
    own = np.bincount(cells, minlength=count * size).reshape(count, size).astype(np.float32)
    _, first, of = np.unique(tree.of[0], return_index=True, return_inverse=True)
    around = tree.of[:, first]
    counts = [own[around[0]], own[around[1]] + own[around[2]], tree.above(own)[around[3]]]
    return np.concatenate(counts, axis=1).astype(np.uint8), of.reshape(-1)


def example(of: Labelled, known: Vocabulary) -> Example:
    """A page as the networks see it. A block costs what it would in the F1 of shingles over the page's text."""
    found = features(of.page, known)
    cost = found.words + 1.5
    cost /= float((cost * of.labels).sum()) + 30
    wrong = float((cost * (1 - of.labels)).sum())
    cost[of.labels <= 0.5] *= min(1, 1.5 / max(wrong, 1e-9))
    return Example(found, named(found, len(known.index)), of.labels, cost.astype(np.float32))


def examples(pages: Sequence[Labelled], known: Vocabulary, variant: int) -> list[Example]:
    """An example of each page, in its ``variant``."""
    rng = np.random.default_rng(100 + variant)
    return [example(varied(page, pages, rng) if variant else page, known) for page in pages]


Rows = tuple[Floats, Names, Floats, Floats]  # features (a row a block), terms, target, cost
Batch = tuple[
    Floats, Floats, NDArray[np.intp], Floats
]  # features, terms, each block's row of terms, the rest


def fit(variants: Sequence[Sequence[Rows]], reach: int, seed: int) -> Network:
    """A network fitted to one variant of the pages after the other, over and over."""
    rng = np.random.default_rng(seed)
    seen = np.concatenate([rows for rows, *_ in variants[0]])
    mean, spread = seen.mean(axis=0), np.maximum(seen.std(axis=0), 0.05)
    width, span, listed = seen.shape[1], 2 * reach + 1, variants[0][0][1][0].shape[1]
    shapes = ((width, HIDDEN), (listed, HIDDEN), (HIDDEN,), (span * HIDDEN, HIDDEN), (HIDDEN,), (HIDDEN,), ())
    scales = (np.sqrt(2 / width), 0.01, 0, np.sqrt(2 / (span * HIDDEN)), 0, np.sqrt(1 / HIDDEN), 0)
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
            decay = DECAY * weights[number] if number in {0, 1, 3} else 0
            weights[number] = np.asarray(weights[number] - rate * (move + decay), np.float32)
    w1, names, b1, w2, b2, w3, b3 = weights
    w1 /= spread[:, None]
    beside = np.concatenate(np.split(names, SCOPES), axis=1)
    return Network(w1.T.copy(), beside, (b1 - mean @ w1)[:, None], w2.T.copy(), b2[:, None], w3, b3)


def _batches(
    variants: Sequence[Sequence[Rows]], mean: Floats, spread: Floats, reach: int, rng: np.random.Generator
) -> Iterator[Batch]:
    """Pages in random order, ``BATCH`` at a time; after each page stand ``reach`` rows that are none, so that no block
    sees another page's. Terms are forgotten at random: other sites use other names."""
    width, listed = len(mean), variants[0][0][1][0].shape[1]
    for epoch in range(EPOCHS):
        pages = variants[epoch % len(variants)]
        order = rng.permutation(len(pages))
        for start in range(0, len(order), BATCH):
            chosen = [pages[number] for number in order[start : start + BATCH]]
            size = sum(len(target) + reach for _, _, target, _ in chosen)
            rows, flat = np.zeros((size, width), np.float32), np.zeros((3, size), np.float32)
            names = np.zeros((1 + sum(len(counts) for _, (counts, _), _, _ in chosen), listed), np.float32)
            of = np.zeros(size, np.intp)
            at, base = 0, 1
            for features_of, (counts, row), target, cost in chosen:
                stop, end = at + len(target), base + len(counts)
                rows[at:stop] = (features_of - mean) / spread
                keep = rng.random(listed) > (1.0 if rng.random() < UNNAMED else FORGOTTEN)
                np.multiply(counts, keep, out=names[base:end])
                of[at:stop] = row + base
                flat[:, at:stop] = np.stack([target, cost / BATCH, np.ones_like(target)])
                at, base = stop + reach, end
            yield rows, names, of, flat


def _gradients(
    weights: Sequence[Floats], batch: Batch, reach: int, rng: np.random.Generator
) -> tuple[Floats, ...]:
    """Of the weighted cross-entropy, by each of ``weights``."""
    w1, listed, b1, w2, b2, w3, b3 = weights
    rows, names, of, (target, cost, is_block) = batch
    first = np.maximum(rows @ w1 + (names @ listed)[of] + b1, 0) * is_block[:, None]
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
    by_names = np.zeros((len(names), HIDDEN), np.float32)
    np.add.at(by_names, of, by_first)
    return (
        *(rows.T @ by_first, names.T @ by_names, by_first.sum(axis=0)),
        *(around.T @ by_second, by_second.sum(axis=0)),
        *((second * used).T @ by_logit, by_logit.sum()),
    )


def train(variants: Sequence[Sequence[Example]], known: Vocabulary) -> Model:
    """Both networks. The second is fitted to guesses of first networks that were fitted without the page."""

    def rows(page: Example) -> Rows:
        return np.ascontiguousarray(page.found.table.T), page.names, page.target, page.cost

    def context(page: Example, guesser: Network) -> Rows:
        guess = apply(guesser, page.found.table, page.found)
        return structure(page.found, guess).T.copy(), page.names, page.target, page.cost

    plain = [[rows(page) for page in pages] for pages in variants]
    guessers = [
        fit(
            [[page for n, page in enumerate(pages) if n % FOLDS != fold] for pages in plain],
            REACHES[0],
            SEED + 10 + fold,
        )
        for fold in range(FOLDS)
    ]
    first = fit(plain, REACHES[0], SEED + 20)
    second = [[context(page, guessers[n % FOLDS]) for n, page in enumerate(pages)] for pages in variants]
    return Model(first, fit(second, REACHES[1], SEED + 30), known)


def stored(model: Model) -> dict[str, NDArray[np.generic]]:
    """The arrays of ``block_weights.npz``: names in steps of a hundred-and-twenty-seventh of a column's largest."""
    arrays: dict[str, NDArray[np.generic]] = {"terms": np.array(list(model.vocabulary.index))}
    for stage, network in (("first", model.first), ("second", model.second)):
        for field in fields(network):
            arrays[f"{stage}_{field.name}"] = np.asarray(getattr(network, field.name), np.float16)
        steps = (np.abs(network.names).max(axis=0) / 127).astype(np.float16)
        arrays[f"{stage}_steps"] = steps
        arrays[f"{stage}_names"] = (
            np.round(network.names / steps.astype(np.float32)).clip(-127, 127).astype(np.int8)
        )
    return arrays


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description="Fit the block classifier's weights to labelled pages.")
    parser.add_argument("--pages", type=Path, required=True, help="folder with pages.jsonl.gz and gold.jsonl")
    parser.add_argument("--out", type=Path, required=True, help="the .npz file to write")
    options = parser.parse_args()
    pages = labelled(options.pages)
    known = vocabulary([page.page for page in pages])
    with ProcessPoolExecutor(2) as pool:
        variants = list(pool.map(partial(examples, pages, known), range(VARIANTS)))
    np.savez_compressed(options.out, allow_pickle=False, **stored(train(variants, known)))


if __name__ == "__main__":
    main()
