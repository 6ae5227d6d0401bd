"""Text to lines."""

from __future__ import annotations


def blocks(text: str) -> list[str]:
    """The stripped lines of ``text``."""
    return [line.strip() for line in text.split("\n")]
