"""Articles as vectors: the terms that tell their story from others, with weights.

A term weighs the more, the fewer texts have it. How many do is known from texts of another kind for English (a table of
figures, made by ``tasks.train_story_words``), and for every language from the vectors of the articles before.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from math import log
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

# Terms kept of an article; half of them cost a hundredth of agreement, twice as many gain nothing.
TERMS = 96
# Those, the heaviest, by which other articles are found, and that readers are shown.
HEADS = 16

Numbers = NDArray[np.int32]
Weights = NDArray[np.float32]
# Texts that a language without figures is begun with, none of which has any term: the first that do not count for much.
_BEGINNING = 300
_SCALE = 65535


def number(term: str) -> int:
    """A term as a signed 32-bit number, the same on every machine."""
    return crc32(term.encode("utf-8", "surrogatepass")) - (1 << 31)


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


def unpacked(data: bytes) -> tuple[Numbers, Weights]:
    """Numbers and weights of a stored vector."""
    count = len(data) // 6
    numbers = np.frombuffer(data, "<i4", count)
    return numbers, np.frombuffer(data, "<u2", count, 4 * count).astype(np.float32) / np.float32(_SCALE)


@dataclass(slots=True)
class Frequencies:
    """How many texts of one language have a term, among ``texts``: what is known of it beforehand, and what came."""

    known: Mapping[int, int]
    texts: int
    counts: Counter[int] = field(default_factory=Counter)

    @classmethod
    def of(cls, language: str | None) -> Frequencies:
        """Before the first article."""
        words, texts = _english() if language in ("en", None) else ({}, _BEGINNING)
        return cls(words, texts)

    def count(self, numbers: Numbers) -> None:
        """Take note of an article."""
        self.texts += 1
        self.counts.update(numbers.tolist())

    def vector(self, features: Mapping[str, float]) -> Vector:
        """The vector of an article, see ``story_terms.features``, which is counted too."""
        numbers = {term: number(term) for term in features}
        self.texts += 1
        scale, known, counts = log(self.texts + 1), self.known, self.counts
        weighed = [
            (weight * (scale - log(counts[n] + known.get(n, 0) + 0.5)), term)
            for term, weight in features.items()
            for n in (numbers[term],)
        ]
        heaviest = sorted(((-weight, term) for weight, term in weighed if weight > 0))[:TERMS]
        terms = [term for _, term in heaviest]
        kept = np.array([numbers[term] for term in terms], np.int32)
        weights = np.array([-weight for weight, _ in heaviest], np.float32)
        self.counts.update(kept.tolist())
        return Vector(kept, weights / max(1e-9, float(np.linalg.norm(weights))), terms[:HEADS])


@cache
def _english() -> tuple[dict[int, int], int]:
    """Term number → texts that have it, and how many texts there were."""
    with resources.as_file(resources.files("tasks.linking") / "data" / "story_words.npz") as path:
        stored = np.load(path)
        return dict(zip(stored["numbers"].tolist(), stored["texts"].tolist(), strict=True)), int(
            stored["total"]
        )
