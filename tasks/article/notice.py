"""Notices that stand where an article should: error pages, consent walls, checks for robots."""

from __future__ import annotations

from tasks.article.date_words import table
from tasks.article.page_kind_words import fold, says

SHORT = 600  # characters; a longer body is an article, whatever it speaks of
_PHRASES = tuple(table("notice_words")["phrases"])


def is_notice(title: str | None, text: str) -> bool:
    """Whether a short text, or the title above it, says that there is no article here."""
    if len(text) >= SHORT:
        return False
    return says(fold(f"{title or ''}\n{text}"), _PHRASES)
