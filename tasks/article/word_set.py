"""The words of a text as a set, by which titles are compared."""

from __future__ import annotations

import re
from typing import Final

_WORD: Final = re.compile(r"\w+")


def word_set(text: str) -> set[str]:
    """The words, case-folded; of a text in a script without spaces, its pairs of characters."""
    text = text.casefold()
    if not text.isascii() and max(text) > "⺀":
        return {text[i : i + 2] for i in range(len(text) - 1)}
    return set(_WORD.findall(text))
