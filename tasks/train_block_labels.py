"""Which blocks of a page are body, by the body that somebody marked as plain text."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

_WORD: Final = re.compile(r"\w+")
_SHORT: Final = 3  # words; a shorter run is found by chance, unless it is a whole block


def labels(blocks: Sequence[str], body: str) -> NDArray[np.float32]:
    """For each block the share of its words that are in ``body``, both read in order."""
    words: list[str] = []
    owner: list[int] = []
    for number, block in enumerate(blocks):
        found = _WORD.findall(block)
        words += found
        owner += [number] * len(found)
    sizes = np.maximum(np.bincount(np.array(owner, np.intp), minlength=len(blocks)), 1)
    covered = np.zeros(len(blocks))
    matcher = difflib.SequenceMatcher(None, words, _WORD.findall(body), autojunk=False)
    for start, _, size in matcher.get_matching_blocks():
        within = owner[start : start + size]
        if size >= _SHORT or (size and len(set(within)) == 1 and sizes[within[0]] == size):
            np.add.at(covered, within, 1)
    return (covered / sizes).astype(np.float32)
