"""Look-up tables over UTF-16 code units: which kind of character each one is."""

from __future__ import annotations

import unicodedata
from typing import Final

import numpy as np
from numpy.typing import NDArray

# In this order what is part of a word, what joins its neighbours to one, and what starts a word are ranges.
OTHER, SPACE, LOWER, UPPER, CASELESS, HANGUL, DIGIT, IDEOGRAPH, NEWLINE = range(9)
TERMINAL, COMMA, COLON, QUOTE, BAR, DASH, BRACKET, SIGN = range(9, 17)
COUNT: Final = 17
HASH_BITS: Final = 24

_MARKS = {
    TERMINAL: ".!?…。！？．؟۔।॥՞።",
    COMMA: ",;、，；،؛､",
    COLON: ":：",
    QUOTE: "\"'“”„‟‘’‚‛«»‹›「」『』《》〈〉",
    BAR: "|¦•·●■▪▶►→←↑↓*/\\><＞＜｜／・✓✔",
    DASH: "-–—―−",
    BRACKET: "()[]{}（）【】［］〔〕",
    SIGN: "©®™@#%$€£&+=_~^§№＠",
}
# Scripts written without spaces between words, a character being about half a word; last: high surrogates.
_UNSPACED = (
    *((0x0E00, 0x0EDF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x3005, 0x3007), (0x3041, 0x30FF)),
    *((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0xFF66, 0xFF9D), (0xD800, 0xD8FF)),
)
_HANGUL = (0xAC00, 0xD7A3)


def _classes() -> NDArray[np.uint8]:
    table = np.zeros(0x10000, np.uint8)
    for code in range(0x3000):
        category = unicodedata.category(chr(code))
        if category in {"Ll", "Lt"}:
            table[code] = LOWER
        elif category == "Lu":
            table[code] = UPPER
        elif category[0] in "LM":
            table[code] = CASELESS
        elif category == "Nd":
            table[code] = DIGIT
        elif category in {"Zs", "Cc"}:
            table[code] = SPACE
    table[0x0A] = NEWLINE
    table[0x3000] = SPACE
    table[0xA000:0xD800] = CASELESS
    table[0xFB00:0xFDF0] = CASELESS
    table[0xFE70:0xFEFF] = CASELESS
    table[0xFF10:0xFF1A] = DIGIT
    for first, last in _UNSPACED:
        table[first : last + 1] = IDEOGRAPH
    table[_HANGUL[0] : _HANGUL[1] + 1] = HANGUL
    for kind, marks in _MARKS.items():
        table[[ord(mark) for mark in marks]] = kind
    return table


def _hashes(classes: NDArray[np.uint8]) -> NDArray[np.uint32]:
    """A fixed random number for every character of words, the same for both cases; 0 for all others."""
    folded = np.arange(0x10000, dtype=np.uint64)
    for code in np.flatnonzero((classes == UPPER) | (classes == LOWER)).tolist():
        folded[code] = ord(chr(code).lower()[0])
    mixed = (folded + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed ^= mixed >> np.uint64(31)
    mixed >>= np.uint64(64 - HASH_BITS)
    mixed[(classes < LOWER) | (classes > IDEOGRAPH)] = 0
    return mixed.astype(np.uint32)


CLASSES: Final = _classes()
# Class above hash: one look-up for both. Sums of hashes are right in their low ``HASH_BITS`` bits.
CODES: Final[NDArray[np.uint32]] = CLASSES.astype(np.uint32) << np.uint32(HASH_BITS) | _hashes(CLASSES)
