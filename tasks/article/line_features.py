"""What a line looks like, for all lines of a text at once.

One pass over the characters (class counts, words and their hashes); everything after it works on
arrays with an element a word or a column a line.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tasks.article import line_classes as char
from tasks.article.line_vocabulary import furniture, word_hashes, word_starts

Floats = NDArray[np.float32]
Ints = NDArray[np.intp]

WIDTH: Final = 87
_BUCKETS: Final = 1 << 12  # buckets for counting a text's words, few enough to stay in cache
_KINDS = np.arange(char.COUNT, dtype=np.uint8)[:, None]
_SIZES = np.zeros(char.COUNT, np.float32)  # of a character in letters
_SIZES[[char.LOWER, char.UPPER, char.CASELESS, char.DIGIT]] = 1
_SIZES[[char.IDEOGRAPH, char.HANGUL]] = 2
_ONE, _HALF = np.float32(1), np.float32(0.5)
# Three sums over the words of a line in one integer: how often its words stand in the text (log, 1/16), how
# many open with a capital, how many with a digit. The fields hold lines of 250,000 words.
_UPPER_AT, _DIGIT_AT = 26, 44
_OFTEN = np.rint(16 * np.log1p(np.arange(_BUCKETS))).astype(np.int64)
_OPENING = np.zeros(char.COUNT, np.int64)
_OPENING[[char.UPPER, char.DIGIT]] = 1 << _UPPER_AT, 1 << _DIGIT_AT


@dataclass(frozen=True, slots=True)
class Features:
    """``table``: a row a feature, a column a line; ``words``: words a line (an ideograph counts
    half)."""

    table: Floats
    words: Floats


def features(lines: list[str]) -> Features:
    """Features of ``lines`` (stripped, none of them empty, at least one)."""
    count = len(lines)
    narrow = np.frombuffer("\n".join(lines).encode("utf-16-le", "replace"), np.uint16)
    units = narrow.astype(np.intp)
    classes = char.CLASSES.take(units)
    starts = np.zeros(count, np.intp)
    ends = np.empty(count, np.intp)
    ends[:-1] = np.flatnonzero(narrow == 10)
    ends[-1] = len(units)
    np.add(ends[:-1], 1, out=starts[1:])
    length = ends - starts
    ids = np.repeat(np.arange(0, count * char.COUNT, char.COUNT), length + 1)[:-1]
    ids += classes
    counts = np.bincount(ids, minlength=count * char.COUNT).reshape(count, char.COUNT).astype(np.float32)
    size = counts @ _SIZES

    table = np.empty((WIDTH, count), np.float32)
    in_line, per_word = _words(units, classes, starts, table)
    words: Floats = in_line.astype(np.float32)
    words -= counts[:, char.IDEOGRAPH] * _HALF
    by_class = np.ascontiguousarray(counts.T)
    table[0] = size
    table[1] = words
    back = _copies(lines, table[2])
    table[3:9] = by_class[char.DIGIT : char.DASH]
    table[:15] += _ONE
    np.log(table[:15], out=table[:15])
    table[15] = size / np.maximum(words, _ONE) / 10
    table[16] = np.minimum(size, 400) / 400
    np.divide(by_class, length, out=table[27:43], casting="unsafe")
    _edges(classes, starts, ends, table[43:76])
    table[76] = back > 0
    table[77] = back == 1
    np.multiply(by_class[char.TERMINAL : char.COLON], per_word, out=table[78:80])
    np.multiply(table[75], table[16], out=table[80])
    return Features(table, words)


def _words(units: Ints, classes: NDArray[np.uint8], starts: Ints, table: Floats) -> tuple[Ints, Floats]:
    """Words of each line and one through it; fills the rows of ``table`` that are about words."""
    word_at = word_starts(classes)
    if not len(word_at):
        word_at = np.zeros(1, np.intp)  # keeps what follows free of special cases
    bounds = np.empty(len(starts) + 1, np.intp)
    bounds[:-1] = np.searchsorted(word_at, starts)
    bounds[-1] = len(word_at)
    in_line = bounds[1:] - bounds[:-1]
    per_word = _ONE / np.maximum(in_line, 1).astype(np.float32)
    hashes = word_hashes(units, word_at)
    hits = furniture(hashes, bounds)
    bucket = hashes & _BUCKETS - 1
    often = np.bincount(bucket, minlength=_BUCKETS).take(bucket)
    packed = np.zeros(len(bucket) + 1, np.int64)
    np.cumsum(_OFTEN.take(often, mode="clip") + _OPENING.take(classes.take(word_at)), out=packed[1:])
    packed = packed.take(bounds)
    packed = packed[1:] - packed[:-1]
    table[9:15] = hits[:6]
    table[17] = (packed & (1 << _UPPER_AT) - 1) / 16
    table[18] = packed >> _UPPER_AT & (1 << _DIGIT_AT - _UPPER_AT) - 1
    table[19] = packed >> _DIGIT_AT
    table[20:26] = hits[:6]
    np.sum(hits[:6], axis=0, out=table[26])
    table[17:27] *= per_word
    table[81:87] = hits[6:]
    return in_line, per_word


def _copies(lines: list[str], others: Floats) -> Ints:
    """How far back each line's first copy lies; ``others`` becomes the number of its other copies."""
    first: dict[str, int] = {}
    same = np.array(list(map(first.setdefault, lines, range(len(lines)))))
    others[:] = np.bincount(same).take(same) - 1
    back: Ints = np.arange(len(lines)) - same
    return back


def _edges(classes: NDArray[np.uint8], starts: Ints, ends: Ints, table: Floats) -> None:
    """The classes of the first and the last character, one of 16 each, and whether a sentence ends there."""
    first, last = classes.take(starts), classes.take(ends - 1)
    table[:16] = first == _KINDS
    table[16:32] = last == _KINDS
    wrapped = (last == char.QUOTE) | (last == char.BRACKET)
    table[32] = (last == char.TERMINAL) | wrapped & (
        classes.take(np.maximum(ends - 2, starts)) == char.TERMINAL
    )
