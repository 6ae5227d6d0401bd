"""How far back an article is compared with others."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

# Days between the publication of two articles that are compared; where either's is unknown, before it was taken in.
DAYS = 30
SPAN = timedelta(DAYS)
EVER = datetime(1, 1, 1, tzinfo=UTC)
NEVER = datetime(9999, 1, 1, tzinfo=UTC)
_LEAST = timedelta(microseconds=1)


class Part(NamedTuple):
    """Of a lake, the articles published from ``start`` up to ``until``, or at a time unknown where these are None, that
    were taken in from ``since`` on."""

    start: datetime | None
    until: datetime | None
    since: datetime


def near(one: tuple[datetime | None, datetime], other: tuple[datetime | None, datetime]) -> bool:
    """Whether two articles, as (published, ingested), are compared."""
    at = 0 if one[0] is not None and other[0] is not None else 1
    mine, its = one[at], other[at]
    return mine is not None and its is not None and abs(mine - its) <= SPAN


def parts(articles: Iterable[tuple[datetime | None, datetime]]) -> list[Part]:
    """The parts of a lake that articles, as (published, ingested), are compared with: few, and none holds what another
    does."""
    times = list(articles)
    if not times:
        return []
    lately = shifted(min(ingested for _, ingested in times), -SPAN)
    around = spans(published for published, _ in times if published)
    found = [Part(low, high, EVER) for low, high in around] + [Part(None, None, lately)]
    if all(published for published, _ in times):
        return found
    start = EVER  # one without a date is compared with all that came in lately, whatever its date
    for low, high in around:
        if start < low:
            found.append(Part(start, low - _LEAST, lately))
        start = shifted(high, _LEAST)
    return [*found, Part(start, NEVER, lately)] if start < NEVER else found


def spans(times: Iterable[datetime]) -> list[tuple[datetime, datetime]]:
    """The windows around times of publication, those that meet joined.

    Articles far from each other have windows of their own: one of another century does not have all years between read.
    """
    found: list[tuple[datetime, datetime]] = []
    for time in sorted(times):
        low, high = shifted(time, -SPAN), shifted(time, SPAN)
        if found and low <= found[-1][1]:
            found[-1] = found[-1][0], high
        else:
            found.append((low, high))
    return found


def shifted(moment: datetime, by: timedelta) -> datetime:
    """The moment so much later, or earlier, but between EVER and NEVER."""
    return min(max(moment, EVER - min(by, timedelta())), NEVER - max(by, timedelta())) + by
