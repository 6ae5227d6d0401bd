"""What a text's story is told by: its words, numbers, names and pairs of names that stand side by side."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from itertools import pairwise
from math import log

# Characters of a text that are read: what the story is stands at the top of it, and a book costs no more than a report.
OPENING = 6_000
# What a name counts for, in words.
NAME = 1.5

# A word with what an apostrophe joins to it, or a mark that ends a run of names.
_TOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)*|[.!?:\n]")
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+")
_ENDINGS = ("ing", "ed", "es", "s")
_ROOT = 4  # letters that an ending leaves at least


def features(text: str) -> dict[str, float]:
    """Term → how much the text dwells on it, 1 for a word that stands there once. Headline and body in one ``text``.

    Capitals tell names: a word is one where the text writes it with a capital more often than not. Where a language
    writes every noun so, or no letter, its words are told apart by how rare they are alone. Of scripts without spaces
    each two neighbouring characters are a term.
    """
    tokens = _TOKEN.findall(_spaced(text[:OPENING]))
    counts: dict[str, int] = {}
    capitals: dict[str, int] = {}
    capitalised: dict[str, str] = {}
    for form, count in Counter(tokens).items():
        if word := _word(form):
            counts[word] = counts.get(word, 0) + count
            if form[0].isupper():
                capitals[word] = capitals.get(word, 0) + count
                capitalised[form] = word
    found = {word: 1 + log(count) if count > 1 else 1.0 for word, count in counts.items()}
    names = {word for word, count in capitals.items() if 2 * count > counts[word]}
    for word in names:
        found[word] *= NAME
    written = {form: word for form, word in capitalised.items() if word in names}
    for pair, count in _pairs(tokens, written).items():
        found[pair] = (1 + log(count)) * NAME
    return found


def _pairs(tokens: list[str], written: dict[str, str]) -> Counter[str]:
    """Neighbours in runs of names; ``written``: token → name."""
    runs = list(map(written.get, tokens))
    return Counter(f"{one} {other}" for one, other in pairwise(runs) if one and other)


@lru_cache(maxsize=1 << 17)
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
