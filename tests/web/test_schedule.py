"""When a list is polled again."""

from __future__ import annotations

import random
import statistics
from datetime import UTC, datetime, timedelta
from itertools import accumulate

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.web.model import Poll
from tasks.web.schedule import CEILING, FLOOR, LONGEST_RETRY, PATIENCE, cache_seconds, next_poll

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
MINUTE, HOUR, DAY, YEAR = 60, 3600, 86_400, 31_536_000


def history(*steps: tuple[int, int, str]) -> list[Poll]:
    """Polls that end at NOW: so many, so many minutes apart, with a pattern of changes ("x" changed, "." not)."""
    marks = [(minutes, pattern[n % len(pattern)]) for count, minutes, pattern in steps for n in range(count)]
    ends = list(accumulate(minutes for minutes, _ in marks))
    return [
        Poll(NOW - timedelta(minutes=ends[-1] - end), mark == "x")
        for end, (_, mark) in zip(ends, marks, strict=True)
    ]


@pytest.mark.parametrize(
    ("case", "polls", "least", "most"),
    [
        ("never polled", [], 30, 30),
        ("polled once: that it is new says nothing", history((1, 10, "x")), 30, 30),
        ("unchanged once", history((2, 30, "x.")), 45, 90),
        ("changed once", history((2, 30, "xx")), 10, 15),
        ("a news site that changes every five minutes", history((50, 10, "x")), 10, 10),
        ("changes every hour", history((50, 15, "x...")), 14, 20),
        ("changes at each daily poll: several times a day", history((7, 1440, "x")), 120, 360),
        ("a weekly blog", history((14, 1440, "x......")), 720, 1440),
        ("never changes", history((20, 720, ".")), 1440, 1440),
        ("news at night", history((40, 10, "x"), (12, 30, ".")), 10, 20),
        ("went silent two days ago", history((30, 10, "x"), (10, 288, ".")), 50, 240),
        ("went silent a week ago", history((30, 10, "x"), (14, 720, ".")), 1000, 1440),
        ("silent, and woke up", history((14, 1440, "."), (1, 1440, "x")), 240, 600),
        ("woke up, and goes on", history((14, 1440, "."), (1, 1440, "x"), (4, 120, "x")), 60, 180),
    ],
)
def test_adapts_to_the_list(case: str, polls: list[Poll], least: float, most: float) -> None:
    minutes = (next_poll(NOW, polls) - NOW) / timedelta(minutes=1)
    assert least <= minutes <= most, case


@pytest.mark.parametrize(
    ("asked", "minutes"),
    [
        ({"ttl": 5 * MINUTE}, 30),
        ({"ttl": HOUR}, 60),
        ({"max_age": 2 * HOUR, "ttl": HOUR}, 120),
        ({"ttl": YEAR}, 180),
        ({"max_age": 10**30}, 180),
        ({"failures": 1}, 30),
        ({"failures": 2}, 60),
        ({"failures": 4}, 240),
        ({"failures": 9}, 1440),
        ({"failures": 10**6}, 1440),
        ({"retry_at": NOW + timedelta(minutes=5)}, 30),
        ({"retry_at": NOW + timedelta(hours=5)}, 300),
        ({"retry_at": NOW + timedelta(days=3), "failures": 1}, 3 * 1440),
        ({"retry_at": NOW + timedelta(days=3650)}, 7 * 1440),
    ],
)
def test_what_is_asked_for(asked: dict[str, int], minutes: int) -> None:
    assert next_poll(NOW, [], **asked) - NOW == timedelta(minutes=minutes)  # type: ignore[arg-type]


polls = st.lists(st.tuples(st.integers(1, 20_000), st.booleans()), max_size=30)
seconds = st.none() | st.integers(0, 10**12)


def as_polls(steps: list[tuple[int, bool]]) -> list[Poll]:
    ends = accumulate(minutes for minutes, _ in steps)
    return [
        Poll(NOW - timedelta(days=500) + timedelta(minutes=end), changed)
        for end, (_, changed) in zip(ends, steps, strict=True)
    ]


@settings(max_examples=80, deadline=None)
@given(polls, seconds, seconds, st.integers(0, 50), st.none() | st.integers(-(10**6), 10**8))
def test_bounded(
    steps: list[tuple[int, bool]], ttl: int | None, age: int | None, failures: int, retry: int | None
) -> None:
    retry_at = None if retry is None else NOW + timedelta(seconds=retry)
    wait = next_poll(NOW, as_polls(steps), ttl=ttl, max_age=age, failures=failures, retry_at=retry_at) - NOW
    assert FLOOR <= wait <= (CEILING if retry_at is None else LONGEST_RETRY)
    assert retry_at is None or wait >= min(retry_at - NOW, LONGEST_RETRY)


@settings(max_examples=80, deadline=None)
@given(polls, st.integers(0, 20), st.integers(0, DAY), st.data())
def test_monotone(steps: list[tuple[int, bool]], failures: int, ttl: int, data: st.DataObject) -> None:
    due = next_poll(NOW, as_polls(steps), ttl=ttl, failures=failures)
    assert next_poll(NOW, as_polls(steps), ttl=ttl, failures=failures + 1) >= due
    assert next_poll(NOW, as_polls(steps), ttl=ttl + 60, failures=failures) >= due
    assert next_poll(NOW, as_polls([*steps, (data.draw(st.integers(1, 9999)), False)]), ttl=ttl) >= next_poll(
        NOW, as_polls(steps), ttl=ttl
    )
    if steps:
        n = data.draw(st.integers(0, len(steps) - 1))
        livelier = [*steps[:n], (steps[n][0], True), *steps[n + 1 :]]
        assert next_poll(NOW, as_polls(livelier), ttl=ttl, failures=failures) <= due


def simulate(hours_between_changes: float, days: int) -> tuple[float, float]:
    """Median minutes until a change is discovered, and polls a day, of a list that changes at random."""
    chance, now, polls, seen = random.Random(1), NOW, list[Poll](), list[float]()
    change, count = now, 0
    while now < NOW + timedelta(days=days):
        changed = change <= now
        while change <= now:
            seen.append((now - change) / timedelta(minutes=1))
            change += timedelta(hours=chance.expovariate(1 / hours_between_changes))
        polls, count = [*polls, Poll(now, changed)][-50:], count + 1
        now = next_poll(now, polls)
    return statistics.median(seen), count / days


@pytest.mark.parametrize(
    ("hours", "days", "delay", "a_day"),
    [(1 / 12, 5, 6, 145), (1, 10, 15, 100), (6, 30, 90, 20), (24, 60, 300, 7), (168, 300, 900, 3)],
)
def test_delay_and_cost_where_the_rate_is_known(hours: float, days: int, delay: float, a_day: float) -> None:
    """Polling every 15 minutes finds a change after 7.5 minutes in the median, at 96 polls a day whatever comes."""
    median, per_day = simulate(hours, days)
    assert median <= delay and per_day <= a_day


@pytest.mark.parametrize(
    ("headers", "fresh"),
    [
        ({}, None),
        ({"cache-control": "public, max-age=600"}, 600),
        ({"cache-control": 'Max-Age="600"'}, 600),
        ({"cache-control": "s-maxage=9999, max-age=60"}, 60),
        ({"cache-control": "s-maxage=9999"}, None),
        ({"cache-control": "no-cache, max-age=600"}, None),
        ({"cache-control": "no-store"}, None),
        ({"cache-control": "max-age=0"}, None),
        ({"cache-control": "max-age=-5"}, None),
        ({"cache-control": "max-age=" + "9" * 5000}, 1 << 31),
        ({"cache-control": "max-age=soon"}, None),
        ({"expires": "Sun, 22 Nov 2026 12:10:00 GMT", "date": "Sun, 22 Nov 2026 12:00:00 GMT"}, 600),
        ({"expires": "Sun, 22 Nov 2026 11:00:00 GMT", "date": "Sun, 22 Nov 2026 12:00:00 GMT"}, None),
        ({"expires": "0", "date": "Sun, 22 Nov 2026 12:00:00 GMT"}, None),
        ({"expires": "Sun, 22 Nov 2026 12:10:00", "date": "Sun, 22 Nov 2026 12:00:00 GMT"}, None),
        ({"expires": "Sun, 22 Nov 2026 12:10:00 GMT"}, None),
    ],
)
def test_cache_seconds(headers: dict[str, str], fresh: int | None) -> None:
    assert cache_seconds(headers) == fresh


def test_patience_is_within_bounds() -> None:
    assert FLOOR < PATIENCE < CEILING < LONGEST_RETRY
