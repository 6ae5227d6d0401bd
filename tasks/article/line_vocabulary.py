"""Words of page furniture, looked up for all words of a text at once."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tasks.article import line_classes as char

Hashes = NDArray[np.int64]

KINDS: Final = ("follow", "related", "legal", "share", "credit", "menu")  # 1 to 6 in the tables; 0: none
_BUCKETS: Final = 1 << 20
_SIEVE: Final = 1 << 16  # small enough to stay in cache: tells most unknown words from the known


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """``kinds``: the kind of every known word or pair of neighbouring words, by hash bucket; ``sieve``: by
    smaller bucket, whether any known one lies in it."""

    kinds: NDArray[np.uint8]
    sieve: NDArray[np.bool_]


def word_starts(classes: NDArray[np.uint8]) -> NDArray[np.intp]:
    """Where words start: runs of word characters, an ideograph being a word of its own."""
    inside = classes - np.uint8(char.LOWER) <= char.DIGIT - char.LOWER
    opens = np.empty_like(inside)
    opens[:1] = inside[:1]
    np.greater(inside[1:], inside[:-1], out=opens[1:])
    ideographs = classes == char.IDEOGRAPH
    if ideographs.any():
        opens |= ideographs
        opens[1:] |= ideographs[:-1] & inside[1:]
    return np.flatnonzero(opens)


def word_hashes(units: NDArray[np.intp], word_at: NDArray[np.intp]) -> Hashes:
    """Hashes of the words that start at ``word_at``: of their letters in any order, and again of the first.
    Sums of random numbers, hence any of their bits will do."""
    values = char.HASHES.take(units)
    opening = values.take(word_at)
    before = values.cumsum()
    bounds = np.append(before.take(word_at) - opening, before[-1])
    hashes: Hashes = bounds[1:] - bounds[:-1] + 3 * opening
    return hashes


def pair_hashes(words: Hashes) -> Hashes:
    """Hashes of each word with the next."""
    return words[:-1] * 5 + words[1:]


def furniture(words: Hashes, bounds: NDArray[np.intp]) -> NDArray[np.float32]:
    """How many known words and pairs every line has, its words (as hashes) being those between two of
    ``bounds``: a row a kind, then again a row a kind for those at the beginning or the end of a line."""
    known = vocabulary()
    count, total = len(bounds) - 1, len(words)
    hashes = np.empty(2 * total - 1, np.int64)
    hashes[:total] = words
    hashes[total:] = pair_hashes(words)
    maybe = np.flatnonzero(known.sieve.take(hashes & _SIEVE - 1))
    kind = known.kinds.take(hashes.take(maybe) & _BUCKETS - 1)
    pair = maybe >= total
    maybe -= pair * total
    line = bounds.searchsorted(maybe, side="right") - 1
    last = bounds.take(line + 1) - 1 - pair
    kind *= maybe <= last  # a pair does not span two lines
    edge = (maybe == bounds.take(line)) | (maybe == last)
    hits = np.bincount(line * 16 + kind + edge * 8, minlength=count * 16).reshape(count, 2, 8)
    table = np.empty((2 * len(KINDS), count), np.float32)
    table[len(KINDS) :] = hits[:, 1, 1 : len(KINDS) + 1].T
    table[: len(KINDS)] = hits[:, 0, 1 : len(KINDS) + 1].T
    table[: len(KINDS)] += table[len(KINDS) :]
    return table


def terms() -> dict[str, dict[str, list[str]]]:
    """The lists as written: kind, language, words and pairs."""
    text = resources.files("tasks.article").joinpath("data/boilerplate.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def vocabulary() -> Vocabulary:
    """The tables, built once."""
    kinds = np.zeros(_BUCKETS, np.uint8)
    for kind, languages in terms().items():
        for term in (term for language in languages.values() for term in language):
            units = np.frombuffer(term.encode("utf-16-le"), np.uint16).astype(np.intp)
            hashes = word_hashes(units, word_starts(char.CLASSES.take(units)))
            if len(hashes) > 1:
                hashes = pair_hashes(hashes)[::2]
            kinds[hashes & _BUCKETS - 1] = KINDS.index(kind) + 1
    return Vocabulary(kinds, kinds.reshape(-1, _SIEVE).max(axis=0) > 0)
