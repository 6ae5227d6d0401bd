"""What a run is asked for."""

from __future__ import annotations

from dataclasses import dataclass

from tasks.web.choice import Span

EVERYTHING = Span()


@dataclass(frozen=True, slots=True)
class Wish:
    """What a run is asked for beyond what is due.

    With a ``span``, or with ``force``, lists are asked for whether due or not; with a span, their archives too. After
    ``seconds`` no article is begun any more: those that are left become ``deferred``.
    """

    span: Span = EVERYTHING
    force: bool = False
    seconds: float | None = None

    @property
    def back_fills(self) -> bool:
        """Whether it is for certain days, and not for what is new."""
        return self.span != EVERYTHING
