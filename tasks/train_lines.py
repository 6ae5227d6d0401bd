"""Fits the line classifier of ``clean``.

``OPENBLAS_NUM_THREADS=1 python -m tasks.train_lines --guides DIR --out tasks/article/data/line_weights.npz``, which
``make train`` runs, takes about six minutes on two cores and 4 GB. It reads the labelled pages of ``DIR`` (see
``tasks.train_pages``) and writes the weights of both networks; no text is stored, and on one thread the same pages
give the same bytes on the same kind of processor. As news differs from the pages at hand, each is used in several
variants (``tasks.train_variants``).
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tasks.article.line_features import Features, features
from tasks.article.line_model import Network, odds, probability
from tasks.article.line_structure import structure
from tasks.train_network import Example, fit, quantised
from tasks.train_pages import Page, read
from tasks.train_variants import varied

VARIANTS: Final = 24  # of each page; the first is the page itself
FOLDS: Final = 2  # the second network learns from guesses about pages that the guessing one never saw


@dataclass(frozen=True)
class Seen:
    """A page's features, and what they are to be called."""

    found: Features
    example: Example


def seen(page: Page) -> Seen:
    """``page`` as the first network sees it. A line costs what it would in the F1 of shingles over its text."""
    found = features(page.lines)
    cost = found.words + 1.5
    cost /= cost[page.body].sum() + 30
    wrong = float(cost[~page.body].sum())
    cost[~page.body] *= min(1, 1.5 / max(wrong, 1e-9))
    return Seen(found, Example(found.whole, page.body.astype(np.float32), cost))


def variant(pages: Sequence[Page], number: int) -> list[Seen]:
    """An example of each page, in its variant of that ``number``."""
    rng = np.random.default_rng(100 + number)
    return [seen(varied(page, pages, rng) if number else page) for page in pages]


def train(variants: Sequence[Sequence[Seen]]) -> dict[str, NDArray[np.generic]]:
    """The arrays of both networks. The second is fitted to guesses of networks that were fitted without the page."""

    def first(fold: int) -> dict[str, NDArray[np.generic]]:
        chosen = [[page.example for n, page in enumerate(pages) if n % FOLDS != fold] for pages in variants]
        return quantised(fit(chosen, "first", 10 + fold), "first")

    def guessed(page: Seen, guesser: Network) -> Example:
        counts = np.array([len(page.found.words)])
        guess = probability(odds(guesser, page.found.whole, counts))
        return Example(structure(page.found, guess, counts), page.example.target, page.example.cost)

    with ThreadPoolExecutor(2) as pool:
        *folds, whole = pool.map(first, range(FOLDS + 1))
    guessers = [Network.of(arrays, "first") for arrays in folds]
    second = [[guessed(page, guessers[n % FOLDS]) for n, page in enumerate(pages)] for pages in variants]
    return whole | quantised(fit(second, "second", 30), "second")


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description="Fit the line classifier's weights to labelled pages.")
    parser.add_argument("--guides", type=Path, required=True, help="folder with docs.jsonl.gz and gold.jsonl")
    parser.add_argument("--out", type=Path, required=True, help="the .npz file to write")
    options = parser.parse_args()
    pages = read(options.guides)
    with ProcessPoolExecutor(2) as pool:
        variants = list(pool.map(partial(variant, pages), range(VARIANTS)))
    np.savez_compressed(options.out, allow_pickle=False, **train(variants))


if __name__ == "__main__":
    main()
