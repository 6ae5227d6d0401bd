"""Which earlier articles a new one is compared with: those published within DAYS of it, before or after.

Where one of the two has no date, those that the lake took in within DAYS before count.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

DAYS = 30
SPAN = timedelta(days=DAYS)


def spans(times: Iterable[datetime]) -> list[tuple[datetime, datetime]]:
    """The windows around ``times``, those that meet joined: so one old article among new ones costs one window more,
    and not all that lies between."""
    found: list[tuple[datetime, datetime]] = []
    for time in sorted(times):
        if found and time - SPAN <= found[-1][1]:
            found[-1] = (found[-1][0], time + SPAN)
        else:
            found.append((time - SPAN, time + SPAN))
    return found
