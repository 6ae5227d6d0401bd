"""Which lines of a crawled news text are the article's body."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tasks.article.line_features import COPIES, HITS, SENTENCE, SIZE, features
from tasks.article.line_model import judge, model
from tasks.article.line_trees import Floats
from tasks.article.line_vocabulary import KINDS
from tasks.article.lines import blocks

# Of the probability that a line is body; chosen on text_news and text_guides. A line above the second that ends a
# sentence is body where it stands near one above the first: paragraphs stand together, furniture is rarely a sentence.
CERTAIN, LIKELY, LEAST = 0.65, 0.53, 0.5  # the last where a text has no certain line
NEAR: Final = 4  # lines; an advertisement or a caption may stand between two paragraphs
# Looked at at once, so that their arrays stay in the processor's cache.
_TEXTS: Final = 8
_CHARACTERS: Final = 100_000


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
    Linear in the length of the text.
    """
    return _clean([text])[0]


def clean_many(texts: Sequence[str]) -> list[Cleaned]:
    """What ``clean`` gives for each of ``texts``, in less time."""
    return [cleaned for some in _together(texts) for cleaned in _clean(some)]


def _together(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    """``texts`` in groups that are neither many nor long, unless one text is."""
    start = size = 0
    for stop, text in enumerate(texts):
        if stop > start and (stop - start == _TEXTS or size + len(text) > _CHARACTERS):
            yield texts[start:stop]
            start, size = stop, 0
        size += len(text)
    if texts:
        yield texts[start:]


def _clean(texts: Sequence[str]) -> list[Cleaned]:
    split = [blocks(text) for text in texts]
    filled = [[index for index, line in enumerate(lines) if line] for lines in split]
    counts = [len(indices) for indices in filled if indices]
    if not counts:
        return [Cleaned(lines, ()) for lines in split]
    stacked = [lines[index] for lines, indices in zip(split, filled, strict=True) for index in indices]
    found = features(stacked, np.array(counts))
    likely = judge(model(), found, np.array(counts))
    sentence = found.table[SENTENCE] > 0
    body = iter(_body(likely, sentence, np.array(counts)))
    cleaned = []
    for lines, indices in zip(split, filled, strict=True):
        kept = [indices[number] for number in next(body)] if indices else []
        cleaned.append(Cleaned(lines, tuple([index for index in kept if not _doubled(lines[index])])))
    return cleaned


def _body(likely: Floats, sentence: NDArray[np.bool_], counts: NDArray[np.intp]) -> list[list[int]]:
    """Which lines are body, by their probability and whether they end a sentence: for each of texts of ``counts``
    lines each."""
    first_of = counts.cumsum() - counts
    limit = np.clip(np.maximum.reduceat(likely, first_of) - np.float32(0.01), LEAST, CERTAIN)
    certain = likely > np.repeat(limit, counts)
    maybe = np.flatnonzero(certain | (likely > LIKELY) & sentence)
    text = first_of.searchsorted(maybe, side="right") - 1
    opens = np.ones(len(maybe), np.bool_)
    opens[1:] = (maybe[1:] - maybe[:-1] > NEAR) | (text[1:] != text[:-1])
    group = opens.cumsum() - 1
    anchored = np.bincount(group, weights=certain[maybe])[group] > 0
    maybe -= first_of[text]
    lines, ends = (
        maybe[anchored].tolist(),
        np.bincount(text[anchored], minlength=len(counts)).cumsum().tolist(),
    )
    return [lines[start:stop] for start, stop in pairwise([0, *ends])]


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
