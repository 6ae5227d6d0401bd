"""Which lines of a crawled news text are the article's body."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tasks.article.line_features import COPIES, HITS, SENTENCE, SIZE, features
from tasks.article.line_model import Floats, probabilities, stages
from tasks.article.line_vocabulary import KINDS
from tasks.article.lines import blocks

# Of the probability that a line is body; chosen on text_news. A line above the second that ends a sentence is
# body where it stands near one above the first: paragraphs stand together, furniture is rarely a sentence.
CERTAIN, LIKELY, LEAST = 0.8, 0.25, 0.5  # the last where a text has no certain line
NEAR: Final = 4  # lines; an advertisement or a caption may stand between two paragraphs


@dataclass(frozen=True, slots=True)
class Cleaned:
    """``lines``: the text's lines, stripped, index = line number - 1, empty ones included (the paragraphs of
    a text wrapped at a column are joined, see ``blocks``); ``kept``: the indices of those that are body, in
    order (none where the text is no article)."""

    lines: list[str]
    kept: tuple[int, ...]

    @property
    def body(self) -> str:
        """The body, its paragraphs separated by a blank line."""
        return "\n\n".join([self.lines[index] for index in self.kept])

    @property
    def head(self) -> list[int]:
        """Indices of the non-empty lines before the body; all of them where there is no body."""
        stop = self.kept[0] if self.kept else len(self.lines)
        return [index for index in range(stop) if self.lines[index]]

    @property
    def tail(self) -> list[int]:
        """Indices of the non-empty lines after the body."""
        start = self.kept[-1] + 1 if self.kept else len(self.lines)
        return [index for index in range(start, len(self.lines)) if self.lines[index]]


def clean(text: str) -> Cleaned:
    """Lines of ``text`` (normalised, a paragraph a line) and which of them are the article's body.

    Navigation, titles, bylines, dates, captions, promotions and everything after the article are left out.
    Linear in the length of the text; about 3 µs a line.
    """
    lines = blocks(text)
    filled = [index for index, line in enumerate(lines) if line] if "" in lines else range(len(lines))
    if not filled:
        return Cleaned(lines, ())
    first, second = stages()
    found = features([lines[index] for index in filled])
    body = _body(probabilities(first, second, found), found.table[SENTENCE] > 0)
    kept = [filled[number] for number in body.tolist()]
    return Cleaned(lines, tuple([index for index in kept if not _doubled(lines[index])]))


def _body(likely: Floats, sentence: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Which lines are body, by their probability and whether they end a sentence."""
    certain = likely > min(CERTAIN, max(LEAST, float(likely.max()) - 0.01))
    lines = np.flatnonzero(certain | (likely > LIKELY) & sentence)
    group = np.zeros(len(lines), np.intp)
    np.cumsum(lines[1:] - lines[:-1] > NEAR, out=group[1:])
    anchored = np.bincount(group, weights=certain[lines]) > 0
    body: NDArray[np.intp] = lines[anchored[group]]
    return body


def _doubled(line: str) -> bool:
    """Whether ``line`` is one text twice, as links are whose picture has their title as its description."""
    middle = len(line) // 2
    return line[middle] == " " and line[:middle].rstrip() == line[middle:].lstrip()


def reasons(cleaned: Cleaned) -> list[str]:
    """Why each line was kept or dropped, a code each.

    ``body``, or for a dropped line the first that applies: ``empty``; ``punctuation``: no letter or digit;
    ``repeated``: stands elsewhere in the text too, or is one text
    twice; ``follow``, ``related``, ``legal``, ``share``, ``credit``,
    ``menu``: the kind of furniture most of its known words belong to; ``before``, ``between``, ``after``:
    nothing but where it stands and what it looks like.
    """
    codes = ["empty"] * len(cleaned.lines)
    filled = [index for index, line in enumerate(cleaned.lines) if line]
    if not filled:
        return codes
    found = features([cleaned.lines[index] for index in filled])
    size, copies, hits = found.table[SIZE], found.table[COPIES], found.table[HITS]
    kept = set(cleaned.kept)
    first, last = (cleaned.kept[0], cleaned.kept[-1]) if kept else (len(cleaned.lines), len(cleaned.lines))
    for column, index in enumerate(filled):
        if index in kept:
            codes[index] = "body"
        elif size[column] == 0:
            codes[index] = "punctuation"
        elif copies[column] > 0 or _doubled(cleaned.lines[index]):
            codes[index] = "repeated"
        elif hits[:, column].any():
            codes[index] = KINDS[int(np.argmax(hits[:, column]))]
        else:
            codes[index] = "before" if index < first else "after" if index > last else "between"
    return codes
