"""What a line looks like, for all lines of a text at once.

One pass over the characters (class counts, words and their hashes); everything after it works on
arrays with an element a word or a row a line.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tasks.article import line_classes as char
from tasks.article.line_vocabulary import BUCKETS, Vocabulary

Floats = NDArray[np.float32]
Ints = NDArray[np.intp]

WIDTH: Final = 76
_FREQUENCIES: Final = 1 << 12  # buckets for counting a text's words, few enough to stay in cache
_ONE_HOT = np.eye(char.COUNT, dtype=np.float32)
_SIZES = np.zeros((char.COUNT, 2), np.float32)  # class counts to: size in letters, words to take off
_SIZES[[char.LOWER, char.UPPER, char.CASELESS, char.DIGIT], 0] = 1
_SIZES[[char.IDEOGRAPH, char.HANGUL], 0] = 2
_SIZES[char.IDEOGRAPH, 1] = 0.5


@dataclass(frozen=True, slots=True)
class Features:
    """``lines``: a row a line; ``words``: words a line (an ideograph counts half); ``rare`` is a hash
    of every word of the text, those of line i being ``first_word[i]`` to ``last_word[i]``."""

    lines: Floats
    words: Floats
    rare: Ints
    first_word: Ints
    last_word: Ints


def buckets(hashes: NDArray[np.int64]) -> Ints:
    """Bucket numbers of word hashes."""
    return hashes * 0x2545F4914F6CDD1D >> 64 - BUCKETS.bit_length() & BUCKETS - 1


def word_hashes(units: Ints, word_at: Ints) -> NDArray[np.int64]:
    """Hashes of the words that start at ``word_at``: of their letters, and again of the first."""
    values = char.HASHES.take(units)
    return np.add.reduceat(values, word_at) + 3 * values.take(word_at)


def features(lines: list[str], vocabulary: Vocabulary) -> Features:
    """Features of ``lines`` (stripped, none of them empty, at least one)."""
    count = len(lines)
    units = np.frombuffer("\n".join(lines).encode("utf-16-le", "replace"), np.uint16).astype(np.intp)
    classes = char.CLASSES.take(units)
    starts = np.zeros(count + 1, np.intp)
    starts[1:-1] = np.flatnonzero(units == 10)
    starts[1:] += 1
    starts[-1] = len(units) + 1
    ends = starts[1:] - 1
    starts = starts[:-1]
    ids = np.repeat(np.arange(0, count * char.COUNT, char.COUNT), ends - starts + 1)[:-1]
    ids += classes
    counts = np.bincount(ids, minlength=count * char.COUNT).reshape(count, char.COUNT).astype(np.float32)

    # Words: runs of word characters, an ideograph being a word of its own.
    inside = char.IN_WORD.take(classes)
    opens = np.empty_like(inside)
    opens[0] = inside[0]
    np.greater(inside[1:], inside[:-1], out=opens[1:])
    if counts[:, char.IDEOGRAPH].any():
        opens |= classes == char.IDEOGRAPH
    word_at = np.flatnonzero(opens)
    if not len(word_at):
        word_at = np.zeros(1, np.intp)
    bounds = np.append(np.searchsorted(word_at, starts), len(word_at))
    first_word, last_word = bounds[:-1], bounds[1:]
    in_line = last_word - first_word
    hashes = word_hashes(units, word_at)
    bucket = buckets(hashes)
    pair = buckets(hashes[:-1] * 5 + hashes[1:])
    opening = classes.take(word_at)
    rare = bucket & _FREQUENCIES - 1
    columns = np.zeros((5, len(bucket) + 1), np.float32)
    columns[0, 1:] = np.log1p(np.bincount(rare, minlength=_FREQUENCIES).astype(np.float32)).take(rare)
    columns[1, 1:] = opening == char.UPPER
    columns[2, 1:] = opening == char.DIGIT
    columns[3, 1:] = vocabulary.words.take(bucket)
    columns[4, 1:-1] = vocabulary.pairs.take(pair)
    columns[4, last_word] = 0  # a pair does not span two lines
    own = columns[3:, 1:].copy()
    sums = columns.cumsum(axis=1, dtype=np.float64)
    sums = (sums[:, last_word] - sums[:, first_word]).T.astype(np.float32)

    size, halves = (counts @ _SIZES).T
    words = in_line.astype(np.float32) - halves
    per_word = 1 / np.maximum(in_line, 1).astype(np.float32)
    first_seen: dict[str, int] = {}
    same = np.array([first_seen.setdefault(line, number) for number, line in enumerate(lines)])
    copies = np.bincount(same).take(same)
    back = np.arange(count) - same
    last_class = classes.take(ends - 1)
    before_last = classes.take(np.maximum(ends - 2, starts))
    wrapped = (last_class == char.QUOTE) | (last_class == char.BRACKET)
    rows = np.empty((count, WIDTH), np.float32)
    rows[:, 0] = size
    rows[:, 1] = words
    rows[:, 2] = copies - 1
    rows[:, 3:9] = counts[:, char.DIGIT : char.DASH]
    np.log1p(rows[:, :9], out=rows[:, :9])
    rows[:, 9] = size / np.maximum(words, 1) / 10
    rows[:, 10] = np.minimum(size, 400) / 400
    rows[:, 11:16] = sums * per_word[:, None]
    rows[:, 16:18] = np.clip(sums[:, 3:], -8, 8)
    rows[:, 18:20] = own.take(np.minimum(first_word, len(bucket) - 1), axis=1).T
    rows[:, 20] = own[0].take(last_word - 1)
    rows[:, 21] = own[1].take(np.maximum(last_word - 2, 0))
    rows[:, 22:38] = counts / (ends - starts)[:, None]
    rows[:, 38:54] = _ONE_HOT.take(classes.take(starts), axis=0)
    rows[:, 54:70] = _ONE_HOT.take(last_class, axis=0)
    rows[:, 70] = (last_class == char.TERMINAL) | wrapped & (before_last == char.TERMINAL)
    rows[:, 71] = back > 0
    rows[:, 72] = back == 1
    rows[:, 73] = counts[:, char.TERMINAL] * per_word
    rows[:, 74] = counts[:, char.COMMA] * per_word
    rows[:, 75] = rows[:, 70] * rows[:, 10]
    return Features(rows, words, rare, first_word, last_word)
