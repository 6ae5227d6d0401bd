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
from tasks.article.line_vocabulary import KINDS, buckets, pair_hashes, vocabulary, word_hashes, word_starts

Floats = NDArray[np.float32]
Ints = NDArray[np.intp]

WIDTH: Final = 81
WORD_BUCKETS: Final = 1 << 12  # buckets for counting a text's words, few enough to stay in cache
_ONE_HOT = np.eye(char.COUNT, dtype=np.float32)
_SIZES = np.zeros((char.COUNT, 2), np.float32)  # class counts to: size in letters, words to take off
_SIZES[[char.LOWER, char.UPPER, char.CASELESS, char.DIGIT], 0] = 1
_SIZES[[char.IDEOGRAPH, char.HANGUL], 0] = 2
_SIZES[char.IDEOGRAPH, 1] = 0.5
_LOG = np.log1p(np.arange(WORD_BUCKETS, dtype=np.float32))


@dataclass(frozen=True, slots=True)
class Features:
    """``rows``: a row a line; ``words``: words a line (an ideograph counts half); ``bucket``: a hash of every
    word of the text, those of line i being ``first_word[i]`` to ``last_word[i]``."""

    rows: Floats
    words: Floats
    bucket: Ints
    first_word: Ints
    last_word: Ints


def features(lines: list[str]) -> Features:
    """Features of ``lines`` (stripped, none of them empty, at least one)."""
    count = len(lines)
    known = vocabulary()
    units = np.frombuffer("\n".join(lines).encode("utf-16-le", "replace"), np.uint16).astype(np.intp)
    classes = char.CLASSES.take(units)
    bounds = np.zeros(count + 1, np.intp)
    bounds[1:-1] = np.flatnonzero(units == 10)
    bounds[-1] = len(units)
    bounds[1:] += 1
    starts, ends = bounds[:-1], bounds[1:] - 1
    ids = np.repeat(np.arange(0, count * char.COUNT, char.COUNT), ends - starts + 1)[:-1]
    ids += classes
    counts = np.bincount(ids, minlength=count * char.COUNT).reshape(count, char.COUNT).astype(np.float32)

    word_at = word_starts(classes, bool(counts[:, char.IDEOGRAPH].any()))
    if not len(word_at):
        word_at = np.zeros(1, np.intp)
    word_bounds = np.append(np.searchsorted(word_at, starts), len(word_at))
    first_word, last_word = word_bounds[:-1], word_bounds[1:]
    in_line = last_word - first_word
    hashes = word_hashes(units, word_at)
    bucket = buckets(hashes)
    pair = buckets(pair_hashes(hashes))
    opening = classes.take(word_at)
    slot = np.repeat(np.arange(0, count * 8, 8), in_line)
    if len(slot) != len(bucket):  # words in no line: there is no word at all
        slot = np.zeros(len(bucket), np.intp)
    kinds = np.bincount(slot + known.words.take(bucket), minlength=count * 8)
    together = (slot[1:] == slot[:-1]) * known.pairs.take(pair)
    kinds = (kinds + np.bincount(slot[:-1] + together, minlength=count * 8)).reshape(count, 8)
    hits = kinds[:, 1 : len(KINDS) + 1].astype(np.float32)
    bucket &= WORD_BUCKETS - 1
    columns = np.zeros((3, len(bucket) + 1), np.float32)
    often = np.bincount(bucket, minlength=WORD_BUCKETS)
    columns[0, 1:] = _LOG.take(often.take(bucket), mode="clip")
    columns[1, 1:] = opening == char.UPPER
    columns[2, 1:] = opening == char.DIGIT
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
    rows[:, 9:15] = hits
    np.log1p(rows[:, :15], out=rows[:, :15])
    rows[:, 15] = size / np.maximum(words, 1) / 10
    rows[:, 16] = np.minimum(size, 400) / 400
    rows[:, 17:20] = sums * per_word[:, None]
    rows[:, 20:26] = hits * per_word[:, None]
    rows[:, 26] = hits.sum(axis=1) * per_word
    rows[:, 27:43] = counts / (ends - starts)[:, None]
    rows[:, 43:59] = _ONE_HOT.take(classes.take(starts), axis=0)
    rows[:, 59:75] = _ONE_HOT.take(last_class, axis=0)
    rows[:, 75] = (last_class == char.TERMINAL) | wrapped & (before_last == char.TERMINAL)
    rows[:, 76] = back > 0
    rows[:, 77] = back == 1
    rows[:, 78] = counts[:, char.TERMINAL] * per_word
    rows[:, 79] = counts[:, char.COMMA] * per_word
    rows[:, 80] = rows[:, 75] * rows[:, 16]
    return Features(rows, words, bucket, first_word, last_word)
