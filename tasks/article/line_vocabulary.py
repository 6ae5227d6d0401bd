"""Words of page furniture, looked up for all words at once."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tasks.article import line_classes as char

Hashes = NDArray[np.uint32]
Floats = NDArray[np.float32]

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
    """Where words start: runs of characters of words; an ideograph is a word of its own, and so is the
    newline, whose hash is 0."""
    kind = classes - np.uint8(char.LOWER)
    joins = kind <= char.DIGIT - char.LOWER
    opens = kind <= char.NEWLINE - char.LOWER
    np.greater(opens[1:], joins[1:] & joins[:-1], out=opens[1:])
    return np.flatnonzero(opens)


def steps(values: NDArray[np.intp], end: int) -> NDArray[np.intp]:
    """From each of ``values`` to the next, from the last to ``end``."""
    following = np.empty_like(values)
    following[:-1] = values[1:]
    following[-1] = end
    following -= values
    return following


def word_hashes(codes: NDArray[np.uint32], word_at: NDArray[np.intp]) -> Hashes:
    """Hashes of the words that start at ``word_at``: of their letters in any order, and again of the first.
    Sums of random numbers, hence any of their bits will do, up to ``HASH_BITS``."""
    through = codes.cumsum(dtype=np.uint32)
    opening = codes.take(word_at)
    before = through.take(word_at) - opening
    hashes: Hashes = 3 * opening - before
    hashes[:-1] += before[1:]
    hashes[-1:] += through[-1:]
    return hashes


def pair_hashes(words: Hashes) -> Hashes:
    """Hashes of each word with the next, of the last with a newline."""
    pairs = words * 5 + 7
    pairs[:-1] += words[1:]
    return pairs


def furniture(words: Hashes, line_at: NDArray[np.intp], hits: Floats, opening: Floats) -> None:
    """How many known words and pairs every line has, its words (as hashes) being those from one of ``line_at`` to the
    next: into ``hits``, a row a kind, a column a line; into ``opening`` those that start with one of its first two
    words."""
    known = vocabulary()
    count, total = len(line_at), len(words)
    hashes = np.empty(2 * total, np.uint32)
    hashes[:total] = words
    hashes[total:] = pair_hashes(words)
    maybe = np.flatnonzero(known.sieve.take(hashes & (_SIEVE - 1)))
    kind = known.kinds.take(hashes.take(maybe) & (_BUCKETS - 1))
    maybe[maybe.searchsorted(total) :] -= total
    line = line_at.searchsorted(maybe, side="right")
    line -= 1
    first = maybe - line_at.take(line) < 3
    line += kind.astype(np.intp) * count
    size = (len(KINDS) + 1) * count
    hits[:] = np.bincount(line, minlength=size)[count:].reshape(-1, count)
    opening[:] = np.bincount(line[first], minlength=size)[count:].reshape(-1, count)


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
            units = np.frombuffer(term.encode("utf-16-le"), np.uint16)
            hashes = word_hashes(char.CODES.take(units), word_starts(char.CLASSES.take(units)))
            if len(hashes) > 1:
                hashes = pair_hashes(hashes)[:-1:2]
            kinds[hashes & _BUCKETS - 1] = KINDS.index(kind) + 1
    return Vocabulary(kinds, kinds.reshape(-1, _SIEVE).max(axis=0) > 0)
