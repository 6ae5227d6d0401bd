"""What pages say, show and declare that tells what they are: the words of ``data/page_words.toml``."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from tasks.article.date_words import table

_TABLE: Final = table("page_words")
_BAR: Final = re.compile(r"\s[|–—·•«»:-]\s|\s*[|«»]\s*")
_LONGEST_TITLE: Final = 120
_WIDE: Final = re.compile("[\u3040-\u9fff\uac00-\ud7af]+")
_WIDE_WEIGHT: Final = 1.5


def words(part: str, name: str) -> tuple[str, ...]:
    """One list of the table."""
    return tuple(_TABLE[part][name])


def fold(text: str) -> str:
    """The text as the table's words are written."""
    return text.casefold().replace("’", "'").replace("\u00a0", " ")


def says(text: str, phrases: Iterable[str]) -> bool:
    """Whether a folded text holds one of the phrases."""
    return any(phrase in text for phrase in phrases)


def is_titled(titles: Iterable[str | None], among: frozenset[str]) -> bool:
    """Whether one of the titles, or what stands before or after a bar in it, is one of the list."""
    for title in titles:
        said = fold(" ".join((title or "").split()))[:_LONGEST_TITLE]
        if any(part.strip(" .!…?-") in among for part in (said, *_BAR.split(said))):
            return True
    return False


def weight(text: str) -> float:
    """The length of a text in characters, those of scripts that write no spaces counting for more."""
    if text.isascii():
        return len(text)
    return len(text) + _WIDE_WEIGHT * sum(map(len, _WIDE.findall(text)))
