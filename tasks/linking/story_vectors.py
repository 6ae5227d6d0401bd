"""Articles as vectors: the terms that tell their story from others, with weights.

A term weighs the more, the fewer texts have it. How many do is known from texts of another kind for English (a table of
figures, made by ``tasks.train_story_words``), and for every language from the vectors of the articles before.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import repeat
from math import log

import numpy as np
from numpy.typing import NDArray

from tasks.linking.sieve import places
from tasks.linking.story_terms import Features

# Terms kept of an article; half of them cost a hundredth of agreement, twice as many gain nothing.
TERMS = 96
# Those, the heaviest, by which other articles are found, and that readers are shown.
HEADS = 16

Numbers = NDArray[np.int32]
Weights = NDArray[np.float32]
# The language that a text is taken for where its own is unknown.
UNKNOWN = "en"
# Texts that a language without figures is begun with, none of which has any term: the first that do not count for much.
_BEGINNING = 300
_SCALE = 65535


@dataclass(frozen=True, slots=True)
class Vector:
    """``numbers`` of terms, heaviest first, and their ``weights``, of length 1 together; the first ``terms``."""

    numbers: Numbers
    weights: Weights
    terms: list[str]

    def packed(self) -> bytes:
        """As stored: each number in 4 bytes, then each weight in 2, as a share of 65535; least byte first."""
        shares = np.round(self.weights * _SCALE).astype("<u2")
        return self.numbers.astype("<i4").tobytes() + shares.tobytes()


def unpacked(data: NDArray[np.uint8], sizes: NDArray[np.int64]) -> tuple[Numbers, Weights]:
    """Numbers and weights of stored vectors of so many bytes each, one after the other."""
    terms = sizes // 6
    halves = data.view("<u2")
    are_numbers = np.repeat(np.tile([True, False], len(terms)), np.stack([2 * terms, terms], axis=1).ravel())
    weights = halves[~are_numbers].astype(np.float32) / np.float32(_SCALE)
    return halves[are_numbers].view("<i4"), weights


@dataclass(frozen=True, slots=True)
class Vectors:
    """Vectors one after the other: that of row ``i`` stands from ``ends[i]`` up to ``ends[i + 1]``."""

    numbers: Numbers
    weights: Weights
    ends: NDArray[np.int64]

    @classmethod
    def of(cls, each: Sequence[tuple[Numbers, Weights]]) -> Vectors:
        """Those given."""
        return cls(
            np.concatenate([np.zeros(0, np.int32), *(numbers for numbers, _ in each)]),
            np.concatenate([np.zeros(0, np.float32), *(weights for _, weights in each)]),
            np.cumsum([0, *(len(numbers) for numbers, _ in each)]),
        )

    def followed_by(self, others: Vectors) -> Vectors:
        """These and the others."""
        return Vectors(
            np.concatenate([self.numbers, others.numbers]),
            np.concatenate([self.weights, others.weights]),
            np.concatenate([self.ends, self.ends[-1] + others.ends[1:]]),
        )

    def __len__(self) -> int:
        """How many there are."""
        return len(self.ends) - 1

    def __getitem__(self, row: int) -> tuple[Numbers, Weights]:
        """That of a row."""
        some = slice(self.ends[row], self.ends[row + 1])
        return self.numbers[some], self.weights[some]


def numbered(numbers: Numbers) -> tuple[Numbers, NDArray[np.intp]]:
    """The different numbers, rising, and of each of ``numbers`` its place among them; in half the time of np.unique."""
    both = numbers.astype(np.int64) << 32 | np.arange(len(numbers))
    both.sort()
    rising = (both >> 32).astype(np.int32)
    begins = np.ones(len(numbers), np.bool_)
    np.not_equal(rising[1:], rising[:-1], out=begins[1:])
    places = np.empty(len(numbers), np.intp)
    places[both & 0xFFFFFFFF] = np.cumsum(begins) - 1
    return rising[begins], places


@dataclass(slots=True)
class Frequencies:
    """How many texts of one language have a term, by its number, among how many ``texts``."""

    texts: int
    counts: Counter[int]

    @classmethod
    def of(cls, language: str) -> Frequencies:
        """What is known before the first article."""
        if language == "en":
            words, texts = _english()
            return cls(texts, words.copy())
        return cls(_BEGINNING, Counter())

    def count(self, numbers: Numbers, texts: int, wanted: Numbers) -> None:
        """Take note of so many articles, of the numbers of all of them; of these only those ``wanted``, which rise."""
        self.texts += texts
        counts = np.bincount(places(wanted, numbers), minlength=len(wanted))[: len(wanted)]
        some = np.flatnonzero(counts)
        self.counts.update(dict(zip(wanted[some].tolist(), counts[some].tolist(), strict=True)))

    def vector(self, features: Features) -> Vector:
        """The vector of an article, which is counted too."""
        numbers = features.numbers
        seen = np.fromiter(map(self.counts.get, numbers.tolist(), repeat(0)), np.float64, len(numbers))
        rarity = log(self.texts + 2) - np.log(seen + 0.5)
        weights = features.dwelt * np.maximum(rarity, 0)
        heaviest = np.argsort(-weights, kind="stable")[:TERMS]
        heaviest = heaviest[weights[heaviest] > 0]
        numbers, weights = numbers[heaviest], weights[heaviest]
        self.texts += 1
        self.counts.update(numbers.tolist())
        unit = weights / max(1e-9, float(np.sqrt(weights @ weights)))
        terms = [features.term(place) for place in heaviest[:HEADS].tolist()]
        return Vector(numbers, unit.astype(np.float32), terms)


def frequencies(of: dict[str, Frequencies], language: str | None) -> Frequencies:
    """Those of a language, begun where ``of`` has none; those of UNKNOWN where it is not known, as of a short text."""
    language = language or UNKNOWN
    if language not in of:
        of[language] = Frequencies.of(language)
    return of[language]


@cache
def _english() -> tuple[Counter[int], int]:
    """Term number → texts that have it, and how many texts there were."""
    with resources.as_file(resources.files("tasks.linking") / "data" / "story_words.npz") as path:
        stored = np.load(path)
        words = dict(zip(stored["numbers"].tolist(), stored["texts"].tolist(), strict=True))
        return Counter(words), int(stored["total"])
