"""The choice among what a page gives for one field: the first value in order of trust that nothing speaks against."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from tasks.article.model import Candidate, Found
from tasks.article.reasons import Reason

T = TypeVar("T")


def first(seen: Iterable[tuple[T, str, Reason | None]], reason: Reason = "not_stated") -> Found[T]:
    """The first of (value, signal, what speaks against it) that has no such reason; all are its candidates.

    ``reason``: why there is none, should there be none.
    """
    chosen: tuple[T, str] | None = None
    candidates: list[Candidate] = []
    for value, signal, rejected in seen:
        candidates.append(Candidate(value, signal, rejected or ("weaker_signal" if chosen else None)))
        if chosen is None and rejected is None:
            chosen = value, signal
    if chosen is None:
        return Found(None, reason=reason, candidates=tuple(candidates))
    return Found(*chosen, candidates=tuple(candidates))
