"""A text's lines: one paragraph each, also where the text was wrapped at a column."""

from __future__ import annotations

from itertools import groupby, pairwise
from typing import Final

from tasks.article import line_classes as char

_COLUMNS: Final = (45, 100)  # where texts are wrapped: mail at 72, telegrams at 60 to 69
_ENDINGS: Final = tuple('.!?…:"”»。！？।؟')


def blocks(text: str) -> list[str]:
    """The stripped lines of ``text``, empty ones included.

    In a text wrapped at a column (no line longer than 100 characters, paragraphs of several lines about as
    long, ending anywhere in the sentence, set apart by empty lines) the lines of a paragraph are joined; an
    empty line still stands between two paragraphs.
    """
    lines = list(map(str.strip, text.split("\n")))
    if "" not in lines or len(max(lines, key=len)) > _COLUMNS[1] or not _wrapped(lines):
        return lines
    joined: list[str] = []
    for filled, group in groupby(lines, bool):
        run = list(group)
        joined += [_join(run)] if filled else run
    return joined


def _wrapped(lines: list[str]) -> bool:
    inner = [line for line, following in pairwise(lines) if line and following]
    if len(inner) < 4 or len(inner) * 2 < sum(map(bool, lines)):
        return False
    lengths = sorted(map(len, inner))
    width = lengths[-1]
    even = sum(length > width * 0.7 for length in lengths)
    ended = sum(line.endswith(_ENDINGS) for line in inner)
    return width >= _COLUMNS[0] and even >= 0.8 * len(inner) and ended <= 0.4 * len(inner)


def _join(run: list[str]) -> str:
    spaced = char.CLASSES[ord(run[0][-1]) & 0xFFFF] != char.IDEOGRAPH
    return (" " if spaced else "").join(run)
