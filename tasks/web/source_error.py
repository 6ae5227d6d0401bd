"""What is wrong with the sources' files."""

from __future__ import annotations

from collections.abc import Sequence


class SourceError(Exception):
    """Sources that cannot be used. ``problems``: a line each, ``FILE:LINE: KEY: what is wrong``."""

    def __init__(self, problems: Sequence[str]) -> None:
        """``problems`` must not be empty."""
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)
