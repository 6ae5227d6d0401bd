"""What the names of elements say: classes, ids, roles and item properties, taken apart into known words."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from itertools import chain
from typing import Final

_NAMES: Final = re.compile(
    r' (?:class|id|itemprop|role|data-(?:testid|test-id|component|type|module|qa|role))="([^"]*)"'
)
_HIDDEN: Final = re.compile(
    r' (?:hidden|aria-hidden="true"|style="[^"]*(?:display: ?none|visibility: ?hidden))', re.IGNORECASE
)
_WORD: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
_LONGEST: Final = 400  # characters of an element's names; what is longer was written by a program
_SHORTEST: Final = 4  # letters of a part of a compound
_BODY: Final = "#body"
HIDDEN: Final = "#hidden"
TEXT: Final = "#text"  # said twice in one name, as in article-body


@cache
def kinds() -> Mapping[str, tuple[str, ...]]:
    """For each listed word the kinds of element that it names, as ``#body`` or ``#related``."""
    source = resources.files("tasks.article").joinpath("data/block_words.toml").read_text(encoding="utf-8")
    found: dict[str, list[str]] = {}
    for kind, words in tomllib.loads(source).items():
        for word in words:
            found.setdefault(word, []).append(f"#{kind}")
    return {word: tuple(dict.fromkeys(of)) for word, of in found.items()}


def terms(written: str) -> list[str]:
    """The words in an element's names (``Element.written``), each followed by the kinds that it names; twice said is
    once said. Terms with ``#`` are kinds."""
    if not written:
        return []
    names = " ".join(_NAMES.findall(written))[:_LONGEST].split()
    found = dict.fromkeys(chain.from_iterable(map(_of_name, names)))
    if ("hidden" in written or "none" in written) and _HIDDEN.search(written):
        found[HIDDEN] = None
    return list(found)


@lru_cache(maxsize=1 << 14)
def _of_name(name: str) -> tuple[str, ...]:
    found = list[str]()
    known = kinds()
    for word in map(str.lower, _WORD.findall(name)):
        found += (word, *(known.get(word) or _of_parts(word, known)))
    return (*found, TEXT) if found.count(_BODY) > 1 else tuple(found)


def _of_parts(word: str, known: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The kinds of the longest known word at each end of a compound."""
    if len(word) < 2 * _SHORTEST:
        return ()
    cuts = range(_SHORTEST, len(word) - _SHORTEST + 1)
    first = next((known[word[:cut]] for cut in reversed(cuts) if word[:cut] in known), ())
    last = next((known[word[cut:]] for cut in cuts if word[cut:] in known), ())
    return first + last


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The terms that the model knows; ``index``: their rows in its table. Tags are terms as ``<p``."""

    index: Mapping[str, int]

    def rows(self, tag: str, names: Iterable[str]) -> list[int]:
        """The rows of an element's tag and terms."""
        index = self.index
        return [index.get(f"<{tag}", 0), *[index[term] for term in names if term in index]]
