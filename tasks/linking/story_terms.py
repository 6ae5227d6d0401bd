"""What a text's story is told by: its words, numbers, names and pairs of names that stand side by side."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
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
_GENITIVE = re.compile("'s$", re.MULTILINE)
_ENDING = re.compile("(?<=[^\\n]{4})(?:ing|ed|es|s)$", re.MULTILINE)  # that leaves four letters at least
# Bits of a word's place among the words of a call: a pair has two of them, and the text that it stands in the rest.
_BITS = 27
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


@dataclass(frozen=True, slots=True)
class _Words:
    """The words that terms are made of, the first of them none; of each its number, and whether it is too short to tell
    of a story but as a name."""

    words: Sequence[str]
    numbers: NDArray[np.int32]
    are_short: NDArray[np.bool_]


def number(term: str) -> int:
    """A term as a signed 32-bit number, the same on every machine."""
    return crc32(term.encode("utf-8", "surrogatepass")) - (1 << 31)


def opening(title: str | None, text: str | None = None) -> str:
    """What is read of an article, or of a text alone. White space parts words: a point says where a line ended."""
    return f"{title or ''}\n{(text or '')[:OPENING]}"[:OPENING].replace("\n", " . ")


def features(
    parts: Sequence[str], texts: Iterable[tuple[NDArray[np.int32], NDArray[np.int64]]]
) -> Iterator[Features]:
    """The features of texts, each an ``opening``.

    ``parts``: all that stands between white space, each once. ``texts``, at most 512 at a time: the places in ``parts``
    of what they say, one after the other, and how many of these each has.

    Capitals tell names: a word is one where the text writes it with a capital more often than not. Where a language
    writes every noun so, or no letter, its words are told apart by how rare they are alone. Of scripts without spaces
    each two neighbouring characters are a term.
    """
    words, coded, counts = _read(parts)
    starts = np.cumsum(counts) - counts
    for which, lengths in texts:
        each = counts[which]
        within = np.arange(each.sum()) - np.repeat(np.cumsum(each) - each, each)
        text = np.repeat(np.repeat(np.arange(len(lengths)), lengths), each)
        yield from _features(coded[np.repeat(starts[which], each) + within], text, len(lengths), words)


def _read(parts: Sequence[str]) -> tuple[_Words, NDArray[np.int64], NDArray[np.int64]]:
    """The words of ``parts``; the tokens of these, one after the other; and how many each part has.

    A token is twice the place of its word, and 1 more where it has a capital; 0 where it is none.
    """
    forms = {"\n": 0}  # what stands between two parts
    tokens = [forms.setdefault(form, len(forms)) for form in _TOKEN.findall(_spaced("\n".join(parts)))]
    words = {"": 0}
    places = np.array([words.setdefault(word, len(words)) for word in _words(["", *list(forms)[1:]])])
    places = places << 1 | (places > 0) & [form[0].isupper() for form in forms]
    form = np.array(tokens, np.intp)
    ends = np.append(np.flatnonzero(form == 0), len(form))
    are_short = [len(word) < SHORT and word != word.upper() for word in words]
    known = _Words(list(words), np.array([*map(number, words)], np.int32), np.array(are_short))
    return known, places[form[form > 0]], np.diff(ends, prepend=-1) - 1


def _features(
    coded: NDArray[np.int64], of_text: NDArray[np.int64], texts: int, words: _Words
) -> Iterator[Features]:
    word, text = coded >> 1, of_text << 2 * _BITS
    # A text and its term are one number: the term in the last bits, a word in half of them.
    both: NDArray[np.int64] = text | word
    terms, counts = np.unique(both[word > 0], return_counts=True)
    capitals = np.flatnonzero(coded & 1)
    capitalised, which, so_often = np.unique(both[capitals], return_inverse=True, return_counts=True)
    places = np.searchsorted(terms, capitalised)
    named = 2 * so_often > counts[places]
    dwelt = 1 + np.log(counts)
    short = words.are_short[terms & _OF_WORD]
    short[places[named]] = False
    dwelt[short] = 0
    dwelt[places[named]] *= NAME
    is_name = np.zeros(len(coded) + 1, np.bool_)
    is_name[capitals[named[which]]] = True
    first = np.flatnonzero(is_name[:-1] & is_name[1:])
    first = first[text[first] == text[first + 1]]
    pairs, counts = np.unique(text[first] | word[first] << _BITS | word[first + 1], return_counts=True)
    numbers = np.concatenate([words.numbers[terms & _OF_WORD], _numbers(pairs, words.words)])
    terms, dwelt = np.concatenate([terms, pairs]), np.concatenate([dwelt, (1 + np.log(counts)) * NAME])
    order = np.lexsort((numbers, terms >> 2 * _BITS))
    terms, numbers, dwelt = terms[order], numbers[order], dwelt[order]
    bounds = np.searchsorted(terms >> 2 * _BITS, np.arange(texts + 1)).tolist()
    codes = terms & _CODE
    for low, high in pairwise(bounds):
        yield Features(numbers[low:high], dwelt[low:high], codes[low:high], words.words)


def _numbers(pairs: NDArray[np.int64], words: Sequence[str]) -> NDArray[np.int32]:
    ones, others = (pairs >> _BITS & _OF_WORD).tolist(), (pairs & _OF_WORD).tolist()
    numbers = (number(f"{words[one]} {words[other]}") for one, other in zip(ones, others, strict=True))
    return np.fromiter(numbers, np.int32, len(pairs))


def _words(forms: Sequence[str]) -> list[str]:
    """The words of forms as written, without common endings; empty for marks and single characters."""
    small = "\n".join(forms).lower().replace("’", "'")
    for ending in (_GENITIVE, _ENDING):
        small = ending.sub("", small)
    return [word if len(word) > 1 else "" for word in small.split("\n")]


def _spaced(text: str) -> str:
    """Each run of a script without spaces as its pairs of characters."""
    if text.isascii() or not _UNSPACED.search(text):
        return text
    return _UNSPACED.sub(
        lambda run: f" {' '.join(map(''.join, zip(run[0], run[0][1:], strict=False)))} ", text
    )
