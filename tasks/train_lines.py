"""Fits the line classifier of ``clean``.

``OPENBLAS_NUM_THREADS=1 python -m tasks.train_lines --guides DIR --out tasks/article/data/line_weights.npz``, which
``make train`` runs, takes about three minutes of CPU and 4 GB. It reads the labelled pages of ``DIR`` (see
``tasks.train_pages``) and writes the trees; no text is stored, and the same pages give the same bytes on the same kind
of processor. As news differs from the pages at hand, each is used in several variants (``tasks.train_variants``).
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tasks.article.line_features import Features, features
from tasks.article.line_model import probability, seen
from tasks.article.line_structure import CONTEXT, structure
from tasks.article.line_trees import Bytes, Scale, Trees
from tasks.train_pages import Page, read
from tasks.train_trees import Sample, grow, scale
from tasks.train_variants import varied

VARIANTS: Final = 6  # of each page; the first is the page itself
FOLDS: Final = 2  # the second trees learn from guesses about pages that the guessing ones never saw
TREES: Final = 150  # of the first, and of the second

Arrays = dict[str, NDArray[np.generic]]


@dataclass(frozen=True)
class Lines:
    """Lines of texts of ``counts`` lines each; 1.0 where one is body; what a mistake in it costs."""

    found: Features
    counts: NDArray[np.intp]
    target: NDArray[np.float32]
    cost: NDArray[np.float32]


def lines(pages: Sequence[Page]) -> Lines:
    """The lines of ``pages``. A line costs what it would in the F1 of shingles over its text."""
    found = [features(page.lines) for page in pages]
    costs = []
    for page, own in zip(pages, found, strict=True):
        cost = own.words + 1.5
        cost /= cost[page.body].sum() + 30
        wrong = float(cost[~page.body].sum())
        cost[~page.body] *= min(1, 1.5 / max(wrong, 1e-9))
        costs.append(cost)
    return Lines(
        joined(found),
        np.array([len(page.lines) for page in pages]),
        np.concatenate([page.body for page in pages]).astype(np.float32),
        np.concatenate(costs),
    )


def joined(found: Sequence[Features]) -> Features:
    """Features of lines one after the other."""
    return Features(
        np.concatenate([some.whole for some in found], axis=1), np.concatenate([some.words for some in found])
    )


def variant(pages: Sequence[Page], number: int) -> Lines:
    """The lines of each page, in its variant of that ``number``."""
    rng = np.random.default_rng(100 + number)
    return lines([varied(page, pages, rng) if number else page for page in pages])


def train(variants: Sequence[Lines]) -> Arrays:
    """The arrays of ``Model.of``. The second trees are fitted to guesses of trees that were fitted without the page."""
    all_lines = Lines(
        joined([some.found for some in variants]),
        np.concatenate([some.counts for some in variants]),
        np.concatenate([some.target for some in variants]),
        np.concatenate([some.cost for some in variants]),
    )
    fold = np.concatenate([np.repeat(np.arange(len(some.counts)) % FOLDS, some.counts) for some in variants])
    arrays = scale(variants[0].found.whole, "line")
    table = seen(Scale.of(arrays, "line"), all_lines.found, all_lines.counts)
    with ProcessPoolExecutor(2) as pool:
        tasks = [
            pool.submit(grow, _sample(table[:-CONTEXT], all_lines, fold != number), "first", TREES, number)
            for number in range(FOLDS + 1)  # the last leaves none out
        ]
        *guessers, whole = [task.result() for task in tasks]
    guess = np.empty(len(fold), np.float32)
    for number, guesser in enumerate(guessers):
        guess[fold == number] = probability(Trees.of(guesser, "first").odds(table[:, fold == number]))
    context = structure(all_lines.found, guess, all_lines.counts)
    arrays |= whole | scale(context, "place")
    table[-CONTEXT:] = Scale.of(arrays, "place").bytes(context)
    return arrays | grow(_sample(table, all_lines, fold >= 0), "second", TREES, FOLDS + 1)


def _sample(table: Bytes, of: Lines, chosen: NDArray[np.bool_]) -> Sample:
    return Sample(table[:, chosen], of.target[chosen], of.cost[chosen])


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description="Fit the line classifier to labelled pages.")
    parser.add_argument("--guides", type=Path, required=True, help="folder with docs.jsonl.gz and gold.jsonl")
    parser.add_argument("--out", type=Path, required=True, help="the .npz file to write")
    options = parser.parse_args()
    pages = read(options.guides)
    with ProcessPoolExecutor(2) as pool:
        variants = list(pool.map(partial(variant, pages), range(VARIANTS)))
    np.savez_compressed(options.out, allow_pickle=False, **train(variants))


if __name__ == "__main__":
    main()
