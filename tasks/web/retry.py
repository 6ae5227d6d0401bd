"""When to ask again: which statuses are worth it, Retry-After, and back-off. Pure but for its dice."""

from __future__ import annotations

import random
import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

RETRIED = frozenset({408, 425, 429, 500, 502, 503, 504})
THROTTLED = frozenset({429, 503})
_LONGEST_PAUSE = 30.0
_LONGEST_ASKED = timedelta(days=30)


def retry_after(value: str | None, now: datetime) -> datetime | None:
    """When a Retry-After (seconds or an HTTP date) lets us ask again, at most 30 days on; None if it says nothing.

    ``now`` is UTC.
    """
    text = (value or "").strip()[:100]
    try:
        if re.fullmatch(r"[0-9]{1,9}(\.[0-9]*)?", text):
            at = now + timedelta(seconds=float(text))
        else:
            at = parsedate_to_datetime(text)
            at = at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    except (ValueError, OverflowError, IndexError, TypeError):  # all of which that parser raises
        return None
    return min(max(at, now), now + _LONGEST_ASKED)


def backoff(attempt: int, base: float) -> float:
    """Seconds to wait after the ``attempt``-th failure (from 1): full jitter below a bound that doubles."""
    return random.uniform(0, min(_LONGEST_PAUSE, base * 2 ** (attempt - 1)))
