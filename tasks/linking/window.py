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


class Window(NamedTuple):
    """What of the lake is read for some articles, which are named by their ``numbers``.

    It was published from ``start`` up to ``until`` and taken in from ``since`` on; or when it was published is unknown,
    and it was taken in from ``undated_since`` on.
    """

    numbers: list[int]
    start: datetime
    until: datetime
    since: datetime
    undated_since: datetime


def near(one: tuple[datetime | None, datetime], other: tuple[datetime | None, datetime]) -> bool:
    """Whether two articles, as (published, ingested), are compared."""
    at = 0 if one[0] is not None and other[0] is not None else 1
    mine, its = one[at], other[at]
    return mine is not None and its is not None and abs(mine - its) <= SPAN


def windows(articles: Iterable[tuple[datetime | None, datetime]]) -> list[Window]:
    """The parts of a lake that articles, as (published, ingested), are compared with; few, and none is read twice.

    Articles far from each other are given windows of their own, so that one of another century has not all years
    between read.
    """
    dated: list[tuple[datetime, int]] = []
    undated: list[int] = []
    least = NEVER
    for number, (published, ingested) in enumerate(articles):
        least = min(least, ingested)
        if published is None:
            undated.append(number)
        else:
            dated.append((published, number))
    if not dated and not undated:
        return []
    since = least - SPAN
    found: list[Window] = []
    for published, number in sorted(dated):
        if found and published <= shifted(found[-1].until, SPAN):
            found[-1].numbers.append(number)
            found[-1] = found[-1]._replace(until=shifted(published, SPAN))
        else:
            start, until = shifted(published, -SPAN), shifted(published, SPAN)
            found.append(Window([number], start, until, EVER, since))
    return [*found, Window(undated, EVER, NEVER, since, since)] if undated else found


def spans(times: Iterable[datetime]) -> list[tuple[datetime, datetime]]:
    """The windows around times of publication, those that meet joined."""
    return [(window.start, window.until) for window in windows((time, NEVER) for time in times)]


def shifted(moment: datetime, by: timedelta) -> datetime:
    """The moment so much later, or earlier, but between EVER and NEVER."""
    return min(max(moment, EVER - min(by, timedelta())), NEVER - max(by, timedelta())) + by
