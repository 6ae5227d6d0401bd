"""Sketches of texts: the least hashes of their shingles, by which copies are found and measured.

A shingle is four words in a row; of scripts that write no spaces, four pairs of characters. The hash of a shingle is as
good as random, so that the least of a text's hashes are a sample of its shingles, and two texts sample those that they
share alike: a bottom-k sketch (Broder 1997). Hashes are the same in every process and on every machine.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

WORDS = 4
# Hashes of a sketch: a share of a half is then measured to about .05. A shorter text's sketch is exact.
SIZE = 128
# The least of them, by which earlier texts are looked up. A copy cut to a quarter still shares some six.
LOOKED_UP = 24

_FACTOR = np.uint64(0x9E3779B97F4A7C15)
_BITS = 32


@dataclass(frozen=True, slots=True)
class Sketches:
    """Sketches of texts, one after the other: how many different shingles each text has, how many hashes its sketch
    has, and the hashes, least first."""

    shingles: NDArray[np.int32]
    lengths: NDArray[np.int64]
    hashes: NDArray[np.int32]


def word_hashes(words: Iterable[str]) -> NDArray[np.uint64]:
    """A hash of each word."""
    digests = b"".join(hashlib.blake2b(word.encode(), digest_size=8).digest() for word in words)
    return np.frombuffer(digests, "<u8").astype(np.uint64)


def sketches(words: NDArray[np.uint64], of_text: NDArray[np.int64], texts: int) -> Sketches:
    """The sketches of ``texts`` texts, given the hash of each of their words in order and the text it stands in."""
    rolled = np.zeros(max(0, len(words) - WORDS + 1), np.uint64)
    for place in range(WORDS):
        rolled = rolled * _FACTOR + words[place : place + len(rolled)]
    inside = of_text[: len(rolled)] == of_text[len(words) - len(rolled) :]
    # One number a shingle, so that one sort brings those of a text together, least first, the same ones side by side.
    keys = (of_text[: len(rolled)].astype(np.uint64) << np.uint64(_BITS) | _mixed(rolled))[inside]
    keys.sort()
    keys = keys[np.concatenate([[True], keys[1:] != keys[:-1]])[: len(keys)]]
    text = (keys >> np.uint64(_BITS)).astype(np.int64)
    counts = np.bincount(text, minlength=texts)
    kept = np.arange(len(keys)) - np.repeat(np.cumsum(counts) - counts, counts) < SIZE
    signed = (keys[kept] & np.uint64(0xFFFFFFFF)).astype(np.int64) - (1 << (_BITS - 1))
    return Sketches(counts.astype(np.int32), np.minimum(counts, SIZE), signed.astype(np.int32))


def _mixed(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """32 bits of each that depend on all of its 64 (the finaliser of MurmurHash3)."""
    values = (values ^ (values >> np.uint64(33))) * np.uint64(0xFF51AFD7ED558CCD)
    values = (values ^ (values >> np.uint64(33))) * np.uint64(0xC4CEB9FE1A85EC53)
    return values >> np.uint64(_BITS)


@dataclass(frozen=True)
class Sketch:
    """A text's sketch: its hashes, least first, and how many different shingles the text has."""

    hashes: Sequence[int]
    shingles: int

    @cached_property
    def members(self) -> frozenset[int]:
        """The hashes."""
        return frozenset(self.hashes)

    @property
    def end(self) -> int:
        """All of the text's hashes up to here are in the sketch."""
        return self.hashes[-1] if self.shingles > len(self.hashes) else (1 << (_BITS - 1)) - 1


@dataclass(frozen=True, slots=True)
class Resemblance:
    """What two texts share, as parts from 0 to 1, and the number of shared hashes that this rests on.

    ``similarity``: Jaccard similarity of their shingles. ``contained``: part of the first text's shingles that the
    second has. ``containing``: part of the second's that the first has.
    """

    similarity: float
    contained: float
    containing: float
    shared: int

    def turned(self) -> Resemblance:
        """The same, of the second text and the first."""
        return Resemblance(self.similarity, self.containing, self.contained, self.shared)


def resemblance(one: Sketch, other: Sketch) -> Resemblance:
    """How much two texts share: estimated from the part of the hashes that both sketches have whole."""
    end = min(one.end, other.end)
    mine, its = bisect_right(one.hashes, end), bisect_right(other.hashes, end)
    shared = len(one.members & other.members)
    return Resemblance(
        shared / max(1, mine + its - shared), shared / max(1, mine), shared / max(1, its), shared
    )
