"""What a text's story is told by: its words, numbers, names and pairs of names that stand side by side."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

# Characters of a text that are read: what the story is stands at the top of it, and a book costs no more than a report.
OPENING = 6_000
# What a name counts for, in words.
NAME = 1.5
# Words of fewer letters tell of a story only as names: of languages of which few texts are known, nothing else says
# that "de", "som" and "und" are in each.
SHORT = 4

# A word with what an apostrophe joins to it, or a mark that ends a run of names.
_TOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)*|[.!?:\n]")
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+")
_ENDINGS = ("ing", "ed", "es", "s")
_ROOT = 4  # letters that an ending leaves at least
# Bits of a word's place among the words of a call: a pair has two of them, and the text that it stands in the rest.
_BITS, _TEXTS = 27, 256
_OF_WORD, _CODE = (1 << _BITS) - 1, (1 << 2 * _BITS) - 1


@dataclass(frozen=True, slots=True)
class Features:
    """The terms of a text, each once, by rising number: their ``numbers``, and how much the text dwells on each.

    ``dwelt`` is 1 for a word that stands there once.
    """

    numbers: NDArray[np.int32]
    dwelt: NDArray[np.float64]
    _codes: NDArray[np.int64]
    _words: Sequence[str]

    def term(self, place: int) -> str:
        """The term at a place in ``numbers``."""
        one, other = divmod(int(self._codes[place]), 1 << _BITS)
        return f"{self._words[one]} {self._words[other]}" if one else self._words[other]


class _Words(dict[str, int]):
    """Form as written → twice the place of its word, and 1 more where it has a capital; 0 for what is no word."""

    def __init__(self) -> None:
        self.words = [""]
        self.numbers = array("i", [0])
        self.are_short = array("b", [0])
        self._places = {"": 0}

    def __missing__(self, form: str) -> int:
        word = _word(form)
        place = self._places.setdefault(word, len(self.words))
        if place == len(self.words):
            self.words.append(word)
            self.numbers.append(number(word))
            self.are_short.append(len(word) < SHORT and word != word.upper())
        self[form] = coded = place << 1 | form[0].isupper() if place else 0
        return coded


def number(term: str) -> int:
    """A term as a signed 32-bit number, the same on every machine."""
    return crc32(term.encode("utf-8", "surrogatepass")) - (1 << 31)


def features(texts: Sequence[str]) -> Iterator[Features]:
    """The features of each text, of headline and body in one.

    Capitals tell names: a word is one where the text writes it with a capital more often than not. Where a language
    writes every noun so, or no letter, its words are told apart by how rare they are alone. Of scripts without spaces
    each two neighbouring characters are a term.
    """
    words = _Words()
    for start in range(0, len(texts), _TEXTS):
        yield from _features(texts[start : start + _TEXTS], words)


def _features(texts: Sequence[str], words: _Words) -> Iterator[Features]:
    tokens = [_TOKEN.findall(_spaced(text[:OPENING])) for text in texts]
    lengths = [len(each) for each in tokens]
    coded = np.fromiter(map(words.__getitem__, chain.from_iterable(tokens)), np.int64, sum(lengths))
    word, text = coded >> 1, np.repeat(np.arange(len(texts)) << 2 * _BITS, lengths)
    # A text and its term are one number: the term in the last bits, a word in half of them.
    terms, counts = np.unique((text | word)[word > 0], return_counts=True)
    capitals = np.flatnonzero(coded & 1)
    capitalised, which, so_often = np.unique((text | word)[capitals], return_inverse=True, return_counts=True)
    places = np.searchsorted(terms, capitalised)
    named = 2 * so_often > counts[places]
    dwelt = 1 + np.log(counts)
    short = np.array(words.are_short, np.bool_)[terms & _OF_WORD]
    short[places[named]] = False
    dwelt[short] = 0
    dwelt[places[named]] *= NAME
    is_name = np.zeros(len(coded) + 1, np.bool_)
    is_name[capitals[named[which]]] = True
    first = np.flatnonzero(is_name[:-1] & is_name[1:])
    first = first[text[first] == text[first + 1]]
    pairs, counts = np.unique(text[first] | word[first] << _BITS | word[first + 1], return_counts=True)
    numbers = np.concatenate([np.array(words.numbers)[terms & _OF_WORD], _numbers(pairs, words.words)])
    terms, dwelt = np.concatenate([terms, pairs]), np.concatenate([dwelt, (1 + np.log(counts)) * NAME])
    order = np.lexsort((numbers, terms >> 2 * _BITS))
    terms, numbers, dwelt = terms[order], numbers[order], dwelt[order]
    bounds = np.searchsorted(terms >> 2 * _BITS, np.arange(len(texts) + 1)).tolist()
    codes = terms & _CODE
    for low, high in pairwise(bounds):
        yield Features(numbers[low:high], dwelt[low:high], codes[low:high], words.words)


def _numbers(pairs: NDArray[np.int64], words: Sequence[str]) -> NDArray[np.int32]:
    ones, others = (pairs >> _BITS & _OF_WORD).tolist(), (pairs & _OF_WORD).tolist()
    numbers = (number(f"{words[one]} {words[other]}") for one, other in zip(ones, others, strict=True))
    return np.fromiter(numbers, np.int32, len(pairs))


def _word(form: str) -> str:
    """The word of a form as written, without common endings; empty for marks and single characters."""
    word = form.lower().replace("’", "'").removesuffix("'s")
    if len(word) < 2:
        return ""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _ROOT:
            return word[: -len(ending)]
    return word


def _spaced(text: str) -> str:
    """Each run of a script without spaces as its pairs of characters."""
    if text.isascii() or not _UNSPACED.search(text):
        return text
    return _UNSPACED.sub(
        lambda run: f" {' '.join(map(''.join, zip(run[0], run[0][1:], strict=False)))} ", text
    )
