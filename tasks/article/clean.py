"""Which lines of a crawled news text are the article's body."""

from __future__ import annotations

from dataclasses import dataclass


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
    lines = [line.strip() for line in text.split("\n")]
    kept = tuple(i for i, line in enumerate(lines) if len(line) > 60 and line[-1] in '.!?"”…。')
    return Cleaned(lines, kept)
