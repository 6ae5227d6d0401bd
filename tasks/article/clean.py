"""Which lines of a crawled news text are the article's body."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tasks.article.line_features import features
from tasks.article.line_model import probabilities, stages
from tasks.article.lines import blocks


@dataclass(frozen=True, slots=True)
class Cleaned:
    """``lines``: the text's lines, stripped, index = line number - 1, empty ones included; ``kept``: the
    indices of those that are body, in order (none where the text is no article)."""

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
    """Lines of ``text`` (normalised, one paragraph a line) and which of them are the article's body."""
    lines = blocks(text)
    filled = [index for index, line in enumerate(lines) if line]
    if not filled:
        return Cleaned(lines, ())
    first, second = stages()
    likely = probabilities(first, second, features([lines[index] for index in filled]))
    return Cleaned(lines, tuple([filled[index] for index in np.flatnonzero(likely > 0.65).tolist()]))
