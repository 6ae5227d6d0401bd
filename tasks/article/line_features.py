"""What a line looks like, for all lines of several texts at once.

One pass over the characters (class counts, words and their hashes); everything after it works on
arrays with an element a word or a column a line.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tasks.article import line_classes as char
from tasks.article.line_vocabulary import furniture, steps, word_hashes, word_starts

Floats = NDArray[np.float32]
Ints = NDArray[np.intp]

# Rows of the table: those before SHARED are also looked at of a line's neighbours.
SIZE, _WORDS, COPIES, _MARKS = 0, 1, 2, 3  # in logarithms: letters, words, equal lines, marks by class
HITS: Final = slice(9, 15)  # in logarithms: words of furniture by kind
_LETTERS, _BREADTH = 15, 16  # of a word on average; of the line
_BACK, _STOPS, SENTENCE = 17, 19, 21  # whether it stood before, or just before; stops a word; its end
_OFTEN: Final = 23  # of a word on average: how often it stands in the text, in logarithms
SHARED: Final = 24
_RATES: Final = slice(24, 31)  # of a word on average: furniture by kind, and any
_SHARES: Final = slice(31, 31 + char.COUNT)  # of the line's characters, by class
_FIRST: Final = slice(_SHARES.stop, _SHARES.stop + char.COUNT)
_LAST: Final = slice(_FIRST.stop, _FIRST.stop + char.COUNT)
WIDTH: Final = _LAST.stop
# Rows below those of the table, about how a line opens, also looked at of its neighbours.
_ALIKE: Final = WIDTH  # in logarithms: lines that open with the same two words
_OPENING: Final = slice(
    WIDTH + 1, WIDTH + 7
)  # words of furniture that start with one of the first two, by kind

_BUCKETS: Final = 1 << 12  # buckets for counting a text's words, few enough to stay in cache
_KINDS = np.arange(char.COUNT, dtype=np.uint8)[:, None]
_SIZES = np.zeros(char.COUNT, np.float32)  # of a character in letters
_SIZES[[char.LOWER, char.UPPER, char.CASELESS, char.DIGIT]] = 1
_SIZES[[char.IDEOGRAPH, char.HANGUL]] = 2
_ONE, _HALF = np.float32(1), np.float32(0.5)
_FINE: Final = 256  # steps of the logarithm of a count: whole numbers, whose sums are exact
_LOGS = np.rint(_FINE * np.log1p(np.arange(_BUCKETS))).astype(np.intp)


@dataclass(frozen=True, slots=True)
class Features:
    """``whole``: a row a feature, a column a line; ``words``: words a line (an ideograph counts half)."""

    whole: Floats
    words: Floats

    @property
    def table(self) -> Floats:
        """The features of a line by itself and its words, without those of how it opens."""
        return self.whole[:WIDTH]

    @property
    def opening(self) -> Floats:
        """The features of how a line opens."""
        return self.whole[WIDTH:]


def features(lines: list[str], counts: Ints | None = None) -> Features:
    """Features of ``lines`` (stripped, none of them empty, at least one), which are those of texts of ``counts`` lines
    each (none of them 0), or of one text.

    A text's features do not depend on the texts beside it, to the last bit: what is added up are whole numbers.
    """
    count = len(lines)
    if counts is None:
        counts = np.array([count])
    units = np.frombuffer("\n".join(["", *lines]).encode("utf-16-le", "replace"), np.uint16)
    codes = char.CODES.take(units)
    classes = (codes >> char.HASH_BITS).astype(np.uint8)
    table = np.empty((_OPENING.stop, count), np.float32)

    shares = table[_SHARES]
    starts, length = _shares(classes, shares)
    size = np.dot(_SIZES, shares, out=table[SIZE])
    table[_MARKS] = shares[char.DIGIT]
    table[_MARKS + 1 : HITS.start] = shares[char.TERMINAL : char.DASH]
    _copies(lines, counts, table)
    words, per_word = _words(codes, classes, counts, table)
    words -= shares[char.IDEOGRAPH] * _HALF
    table[_WORDS] = words
    np.divide(size, np.maximum(words, _ONE), out=table[_LETTERS])
    np.minimum(size, 400, out=table[_BREADTH])
    np.multiply(shares[char.TERMINAL : char.COLON], per_word, out=table[_STOPS:SENTENCE])
    table[:_LETTERS] += _ONE
    np.log(table[:_LETTERS], out=table[:_LETTERS])
    np.divide(shares, length, out=shares, casting="unsafe")
    _edges(classes, starts, length, table)
    return Features(table, words)


def _shares(classes: NDArray[np.uint8], counts: Floats) -> tuple[Ints, Ints]:
    """Where lines start (their newline) and how many characters they have; counts these by class. Most are
    lower-case letters, which are what the others leave."""
    others = np.flatnonzero(classes != char.LOWER)
    kinds = classes.take(others)
    at = np.flatnonzero(kinds == char.NEWLINE)
    starts = others.take(at)
    length = steps(starts, len(classes)) - 1
    between = steps(at, len(others))
    ids = np.repeat(np.arange(0, len(at) * char.COUNT, char.COUNT), between)
    ids += kinds
    counts[:] = np.bincount(ids, minlength=len(at) * char.COUNT).reshape(len(at), char.COUNT).T
    counts[char.LOWER] = length + 1 - between
    return starts, length


def _words(
    codes: NDArray[np.uint32], classes: NDArray[np.uint8], counts: Ints, table: Floats
) -> tuple[Floats, Floats]:
    """Words of each line and one through it; fills the rows of ``table`` that are about words."""
    word_at = word_starts(classes)
    line_at = np.flatnonzero(classes.take(word_at) == char.NEWLINE)  # newlines are words
    spans = steps(line_at, len(word_at))
    words = spans.astype(np.float32)
    words -= _ONE
    per_word = np.reciprocal(np.maximum(words, _ONE))
    hashes = word_hashes(codes, word_at)
    bucket = (hashes & (_BUCKETS - 1)).astype(np.intp)
    opening = hashes.take(line_at + 1, mode="clip") * (5 * (spans > 1)).astype(np.uint32)
    opening += hashes.take(line_at + 2, mode="clip") * (spans > 2)
    alike = (opening & (_BUCKETS - 1)).astype(np.intp)
    if len(counts) > 1:  # each text has buckets of its own
        first_of = np.cumsum(counts) - counts
        base = _BUCKETS * np.arange(len(counts))
        bucket += np.repeat(base, np.add.reduceat(spans, first_of))
        alike += np.repeat(base, counts)
    often = np.bincount(bucket, minlength=_BUCKETS * len(counts))
    often[::_BUCKETS] = 0  # the newline's
    np.log(np.bincount(alike).take(alike), out=table[_ALIKE], casting="unsafe")
    furniture(hashes, line_at, table[HITS], table[_OPENING])
    rates = table[_OFTEN : _RATES.stop]
    rates[0] = np.add.reduceat(_LOGS.take(often.take(bucket), mode="clip"), line_at)
    rates[0] /= _FINE
    rates[1:7] = table[HITS]
    np.add.reduce(rates[1:7], out=rates[7])
    rates *= per_word
    return words, per_word


def _copies(lines: list[str], counts: Ints, table: Floats) -> None:
    """How many copies each line has in its text, whether one stands before it, and whether that is the line
    before."""
    same = np.empty(len(lines), np.intp)
    done = 0
    for count in counts.tolist():
        first: dict[str, int] = {}
        stop = done + count
        same[done:stop] = np.fromiter(
            map(first.setdefault, lines[done:stop], range(done, stop)), np.intp, count
        )
        done = stop
    np.subtract(np.bincount(same).take(same), 1, out=table[COPIES], casting="unsafe")
    back = np.arange(len(lines)) - same
    np.greater(back, 0, out=table[_BACK], casting="unsafe")
    np.equal(back, 1, out=table[_BACK + 1], casting="unsafe")


def _edges(classes: NDArray[np.uint8], starts: Ints, length: Ints, table: Floats) -> None:
    """The classes of the first and the last character, and whether a sentence ends there."""
    last_at = starts + length
    first, last = classes.take(starts + 1), classes.take(last_at)
    np.equal(first, _KINDS, out=table[_FIRST], casting="unsafe")
    np.equal(last, _KINDS, out=table[_LAST], casting="unsafe")
    wrapped = (last == char.QUOTE) | (last == char.BRACKET)
    wrapped &= classes.take(last_at - 1) == char.TERMINAL  # a newline, where the line has one character
    np.logical_or(wrapped, last == char.TERMINAL, out=table[SENTENCE], casting="unsafe")
    np.multiply(table[SENTENCE], table[_BREADTH], out=table[SENTENCE + 1])
