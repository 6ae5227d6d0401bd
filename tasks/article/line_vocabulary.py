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

KINDS: Final = ("follow", "related", "legal", "share", "credit", "menu")  # 1 to 6 in the tables; 0: none
_BUCKETS: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The kind of every known word and of every known pair of neighbouring words, by hash bucket."""

    words: NDArray[np.uint8]
    pairs: NDArray[np.uint8]


def word_starts(classes: NDArray[np.uint8], ideographs: bool) -> NDArray[np.intp]:
    """Where words start: runs of word characters, an ideograph being a word of its own."""
    inside = char.IN_WORD.take(classes)
    opens = np.empty_like(inside)
    opens[:1] = inside[:1]
    np.greater(inside[1:], inside[:-1], out=opens[1:])
    if ideographs:
        after = classes == char.IDEOGRAPH
        opens |= after
        after[1:] = after[:-1] & inside[1:]
        after[:1] = False
        opens |= after
    return np.flatnonzero(opens)


def word_hashes(units: NDArray[np.intp], word_at: NDArray[np.intp]) -> NDArray[np.int64]:
    """Hashes of the words that start at ``word_at``: of their letters, and again of the first."""
    values = char.HASHES.take(units)
    hashes: NDArray[np.int64] = np.add.reduceat(values, word_at) + 3 * values.take(word_at)
    return hashes


def pair_hashes(words: NDArray[np.int64]) -> NDArray[np.int64]:
    """Hashes of each word with the next."""
    return words[:-1] * 5 + words[1:]


def buckets(hashes: NDArray[np.int64]) -> NDArray[np.intp]:
    """Where a hash stands in the tables."""
    return hashes * 0x2545F4914F6CDD1D >> 64 - _BUCKETS.bit_length() & _BUCKETS - 1


def terms() -> dict[str, dict[str, list[str]]]:
    """The lists as written: kind, language, words and pairs."""
    text = resources.files("tasks.article").joinpath("data/boilerplate.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def vocabulary() -> Vocabulary:
    """The tables, built once."""
    words, pairs = np.zeros(_BUCKETS, np.uint8), np.zeros(_BUCKETS, np.uint8)
    for kind, languages in terms().items():
        for term in (term for language in languages.values() for term in language):
            units = np.frombuffer(term.encode("utf-16-le"), np.uint16).astype(np.intp)
            classes = char.CLASSES.take(units)
            hashes = word_hashes(units, word_starts(classes, ideographs=True))
            if len(hashes) == 1:
                words[buckets(hashes)] = KINDS.index(kind) + 1
            else:
                pairs[buckets(pair_hashes(hashes)[::2])] = KINDS.index(kind) + 1
    return Vocabulary(words, pairs)
