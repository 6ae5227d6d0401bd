"""When to poll a list again: from how often it changes, what it asks for, and its failures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from itertools import pairwise
from math import log

from tasks.web.model import Poll

# News that is ten minutes old is still news; more often costs the host more than anyone gains.
FLOOR = timedelta(minutes=10)
# A quiet list is asked once a day: it may wake up any time, and a day late is what a daily digest can bear.
CEILING = timedelta(hours=24)
LONGEST_RETRY = timedelta(days=7)  # how far a Retry-After is believed
# A list may ask for patience (ttl, max-age), but software sets these without thought ("daily" for a live ticker).
PATIENCE = timedelta(hours=3)
# Polls per change that are aimed at: the mean delay of discovery is then an eighth of the time between changes.
POLLS_A_CHANGE = 4
# What is believed of a list before it was observed: it changes every two hours, so it starts at 30 minutes. It weighs
# as much as half an hour of observation: little enough that a silent list reaches the ceiling.
_PRIOR_CHANGES, _PRIOR_HOURS = 0.25, 0.5
_HALF_LIFE = 24.0  # hours after which an observation counts half: over a day, day and night even out
_BACK_OFF = timedelta(minutes=15)  # doubled by each failure in a row


def next_poll(
    now: datetime,
    polls: Sequence[Poll],
    *,
    ttl: int | None = None,
    max_age: int | None = None,
    failures: int = 0,
    retry_at: datetime | None = None,
) -> datetime:
    """When to ask a list again that was asked at ``now``.

    ``polls``: its successes, oldest first, with the one just made. ``ttl`` and ``max_age`` (seconds): how long the
    list and its headers ask to be left alone, believed up to 3 hours. ``failures``: in a row, with the one just
    made; they double the wait from 30 minutes. ``retry_at``: what Retry-After asks for, believed up to 7 days.
    The result is 10 minutes to 24 hours after ``now``, and later only for ``retry_at``.
    """
    wait = timedelta(hours=1 / rate(polls) / POLLS_A_CHANGE)
    for asked in (ttl, max_age):
        if asked:
            wait = max(wait, min(timedelta(seconds=min(asked, 1 << 30)), PATIENCE))
    if failures > 0:
        wait = max(wait, _BACK_OFF * 2 ** min(failures, 10))
    due = now + min(max(wait, FLOOR), CEILING)
    return due if retry_at is None else max(due, min(retry_at, now + LONGEST_RETRY))


def rate(polls: Sequence[Poll]) -> float:
    """Changes an hour, as a Poisson process: those seen by the time observed, the recent counting more.

    The first poll only starts the clock: that a list is new says nothing of how often it changes. Several changes
    between two polls count as one, so a list that changes at each poll is polled ever more often.
    """
    changes, hours = _PRIOR_CHANGES, _PRIOR_HOURS
    for before, poll in pairwise(polls):
        start, end = (_weight(polls[-1].at - one.at) for one in (before, poll))
        changes += end * poll.changed
        hours += (
            max(end - start, 0.0) * _HALF_LIFE / log(2)
        )  # the weight's integral over the time between them
    return changes / hours


def cache_seconds(headers: Mapping[str, str]) -> int | None:
    """Seconds for which an answer stays fresh by its headers (names in lower case); None where they do not say.

    By max-age, else Expires less Date. s-maxage is for caches that many share, which this is not; no-cache and
    no-store say that any age is too old.
    """
    directives = [part.strip().lower() for part in headers.get("cache-control", "").split(",")]
    if any(part.startswith(("no-cache", "no-store")) for part in directives):
        return None
    for part in directives:
        name, _, value = part.partition("=")
        value = value.strip('" ')
        if name.strip() == "max-age" and value.isascii() and value.isdigit():
            return min(int(value[:10]), 1 << 31) or None
    try:
        fresh = parsedate_to_datetime(headers["expires"]) - parsedate_to_datetime(headers["date"])
    except (KeyError, ValueError, TypeError):
        return None
    return max(int(fresh.total_seconds()), 0) or None


def _weight(age: timedelta) -> float:
    return float(2.0 ** -(max(age / timedelta(hours=1), 0.0) / _HALF_LIFE))
