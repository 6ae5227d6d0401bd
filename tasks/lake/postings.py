"""Which terms stand in which texts: the inverted index of a piece of articles.

Terms are made by the macro ``tokens``, the very one that reads what is asked. White space parts terms, so that it is
enough to give it each word of a piece once; all else is arithmetic on arrays.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from tasks.lake.database import temporary
from tasks.lake.views import statement

# Places are kept modulo this: enough to rule out nearly all documents where two words stand, but not side by side.
PLACES = 16
# A document's frequencies are clipped to it.
_MOST = (1 << 15) - 1
# Bits of a document's number within a piece, in the key that occurrences are sorted by.
_BITS = 20
_OF_PLACE = PLACES.bit_length() - 1
# Texts that are taken at once: an occurrence takes some 100 bytes meanwhile, and stories number at most 512.
_TEXTS = 256

_Occurrences = tuple[slice, NDArray[np.int64], NDArray[np.int64]]
# Term and document in one number, each once; how often, and at which places.
_Pairs = tuple[NDArray[np.int64], NDArray[np.int16], NDArray[np.int16]]
_NO_PAIRS: _Pairs = (np.array([], np.int64), np.array([], np.int16), np.array([], np.int16))


def postings(texts: pa.Array, first: int) -> tuple[pa.Table, NDArray[np.int32]]:
    """The rows of POSTINGS, without their partition, of texts numbered from ``first``; and the terms of each text.

    ``texts``: strings, at most 2**20. Rows are sorted by term and document.
    """
    terms, found = occurrences(texts)
    lengths = np.zeros(len(texts), np.int32)
    parts = [_NO_PAIRS]
    for some, term, document in found:
        lengths[some] = np.bincount(document, minlength=some.stop - some.start)
        parts.append(_pairs(term, document, some.start, lengths[some]))
    pair, frequency, places = (np.concatenate(column) for column in zip(*parts, strict=True))
    order = np.argsort(pair)
    pair = pair[order]
    return pa.table(
        {
            "term": pa.DictionaryArray.from_arrays(pa.array((pair >> _BITS).astype(np.int32)), terms),
            "document": pa.array((pair & ((1 << _BITS) - 1)).astype(np.int32) + np.int32(first)),
            "frequency": pa.array(frequency[order]),
            "places": pa.array(places[order]),
            "length": pa.array(_steps(lengths)[pair & ((1 << _BITS) - 1)]),
        }
    ), lengths


def _steps(lengths: NDArray[np.int32]) -> NDArray[np.int8]:
    """Numbers of terms, as closely as scores need them: a byte of many that are alike takes few bits."""
    steps: NDArray[np.int8] = np.rint(4 * np.log2(np.maximum(lengths, 1))).astype(np.int8)
    return steps


def occurrences(texts: pa.Array) -> tuple[pa.Array, Iterator[_Occurrences]]:
    """All terms of texts, sorted; and, a few texts at a time, which these are, and of each place in them, in order, the
    number of its term and that of its text, from 0 for the first."""
    words, parts = words_of(texts)
    terms, starts, each, flat = _terms(words)

    def found() -> Iterator[_Occurrences]:
        start = 0
        for which, counts in parts:
            of_text = np.repeat(np.arange(len(counts)), counts)
            some = slice(start, start + len(counts))
            start = some.stop
            yield some, *_occurrences(which, of_text, starts, each, flat)

    return terms, found()


def _pairs(
    term: NDArray[np.int64], document: NDArray[np.int64], first: int, lengths: NDArray[np.int32]
) -> _Pairs:
    """Occurrences brought together; ``document``: of each its text, of as many terms as ``lengths`` says, from 0."""
    place = np.arange(len(document)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    # One number an occurrence, so that one sort brings each document's together: term, document, place.
    key = ((term << _BITS | (document + first)) << _OF_PLACE) | (place % PLACES)
    key.sort()
    pair = key >> _OF_PLACE
    at = np.flatnonzero(np.concatenate([[True], pair[1:] != pair[:-1]])[: len(pair)])
    frequency = np.minimum(np.diff(np.append(at, len(key))), _MOST).astype(np.int16)
    bits = np.left_shift(np.uint16(1), (key % PLACES).astype(np.uint16))
    places = np.bitwise_or.reduceat(bits, at) if len(at) else bits
    return pair[at], frequency, places.astype(np.uint16).view(np.int16)


def words_of(texts: pa.Array) -> tuple[pa.Array, list[tuple[NDArray[np.int32], NDArray[np.int64]]]]:
    """All that stands between white space in texts, each once; and, _TEXTS texts at a time, the number of each place's,
    one after the other, and how many of these each text has."""
    words, counts = [], []
    for start in range(0, len(texts), _TEXTS):
        lists = pc.ascii_split_whitespace(texts.slice(start, _TEXTS))
        lengths = pc.fill_null(pc.list_value_length(lists), 0).to_numpy(zero_copy_only=False)
        counts.append(lengths.astype(np.int64))
        words.append(lists.flatten().dictionary_encode())
    if not words:
        return pa.array([], pa.string()), []
    chunks = pa.chunked_array(words).unify_dictionaries().chunks
    numbers = (chunk.indices.to_numpy(zero_copy_only=False) for chunk in chunks)
    return chunks[0].dictionary, list(zip(numbers, counts, strict=True))


def _terms(words: pa.Array) -> tuple[pa.Array, NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """All terms, sorted; and of each word where its terms start, how many they are, and the numbers of all of them."""
    with temporary() as con:
        con.execute(statement("macros/tokens.sql"))
        con.register("words", pa.table({"word": words}))
        made = con.sql("SELECT tokens(word) AS terms FROM words").to_arrow_table()["terms"].combine_chunks()
    made = made.cast(pa.list_(pa.string()))
    counts = pc.list_value_length(made).to_numpy(zero_copy_only=False).astype(np.int64)
    encoded = made.flatten().dictionary_encode()
    order = pc.array_sort_indices(encoded.dictionary).to_numpy()
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    flat = rank[encoded.indices.to_numpy(zero_copy_only=False)]
    return encoded.dictionary.take(pa.array(order)), np.cumsum(counts) - counts, counts, flat


def _occurrences(
    which: NDArray[np.int32],
    of_text: NDArray[np.int64],
    starts: NDArray[np.int64],
    counts: NDArray[np.int64],
    flat: NDArray[np.int64],
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Term and text of each occurrence, in the order of the texts."""
    each = counts[which]
    if (each == 1).all():
        return flat[starts[which]], of_text
    within = np.arange(each.sum()) - np.repeat(np.cumsum(each) - each, each)
    return flat[np.repeat(starts[which], each) + within], np.repeat(of_text, each)
