"""Which articles are asked for, as a table."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tasks.files import Outcome
from tasks.web.choice import ATTEMPTS, Span, choose, instant, next_attempt
from tasks.web.model import Entry, Known
from tasks.web.source import Source

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SOURCE = Source(
    id="shorepost", name="Shore Post", feeds=("https://shorepost.example/feed",),
    include=("/news/",), exclude=("/news/sport/",),
)  # fmt: skip
WEEK = Span(since=NOW - timedelta(days=7))
URL = "https://shorepost.example/news/ferry"


def hours(count: float) -> datetime:
    return NOW - timedelta(hours=count)


def entry(published: datetime | None = None, updated: datetime | None = None, url: str = URL) -> Entry:
    return Entry(url, published=published and published.isoformat(), updated=updated and updated.isoformat())


def known(
    outcome: str,
    at: datetime,
    failures: int = 0,
    due: datetime | None = None,
    updated: datetime | None = None,
) -> Known:
    said = updated and updated.isoformat()
    return Known(URL, outcome, at, failures=failures, next_poll_at=due, updated=said)


READ, EXCLUDED, OUT = Outcome.READ, Outcome.EXCLUDED, Outcome.OUT_OF_RANGE
CASES = {
    "new": (entry(hours(1)), None, Span(), READ),
    "new, without date": (entry(), None, Span(), READ),
    "dated in the future": (entry(hours(-48)), None, WEEK, READ),
    "older than the window": (entry(hours(24 * 8)), None, WEEK, OUT),
    "old, but updated within it": (entry(hours(24 * 8), hours(3)), None, WEEK, READ),
    "after the days asked for": (entry(hours(1)), None, Span(until=hours(2)), OUT),
    "left out by a pattern": (entry(url=URL.replace("news", "news/sport")), None, Span(), EXCLUDED),
    "matching no pattern": (entry(url=URL.replace("news", "shop")), None, Span(), EXCLUDED),
    "in the lake": (entry(hours(1)), known("new", hours(1)), Span(), None),
    "in the lake, resurrected": (entry(hours(1)), known("unchanged", hours(9000)), Span(), None),
    "in the lake, updated since": (entry(updated=hours(2)), known("new", hours(3)), Span(), READ),
    "updated a moment after it was had": (entry(updated=hours(0.2)), known("new", hours(0.5)), Span(), None),
    "updated, but it rests": (entry(updated=hours(2)), known("unchanged", hours(3), due=hours(-1)), Span(), None),
    "said to be updated in the future": (entry(updated=hours(-5)), known("new", hours(3)), Span(), READ),
    "updated as it was said to be before": (
        entry(updated=hours(-5)), known("new", hours(3), updated=hours(-5)), Span(), None
    ),
    "updated by a clock that is late": (
        entry(updated=hours(50)), known("new", hours(3), updated=hours(60)), Span(), READ
    ),
    "updated before it was had": (entry(updated=hours(4)), known("new", hours(3)), Span(), None),
    "not found before": (entry(hours(1)), known("not_found", hours(3), 3), Span(), None),
    "not found, perhaps not yet": (entry(hours(1)), known("not_found", hours(1), 1, hours(0.1)), Span(), READ),
    "not found before, updated since": (entry(updated=hours(1)), known("not_found", hours(3), 3), Span(), READ),
    "gone stays gone": (entry(updated=hours(1)), known("gone", hours(3)), Span(), None),
    "failed and due": (entry(hours(1)), known("timeout", hours(1), 1, hours(0.1)), Span(), READ),
    "failed and not due": (entry(hours(1)), known("timeout", hours(1), 1, hours(-1)), Span(), None),
    "given up": (entry(hours(1)), known("timeout", hours(1), ATTEMPTS["timeout"], hours(0.1)), Span(), None),
    "deferred": (entry(hours(1)), known("deferred", hours(1), 0, hours(1)), Span(), READ),
    "out of range before, in it now": (entry(hours(50)), known("out_of_range", hours(3)), WEEK, READ),
    "out of range as before": (entry(hours(9000)), known("out_of_range", hours(3)), WEEK, None),
    "excluded before, no longer": (entry(hours(1)), known("excluded", hours(3)), Span(), READ),
}  # fmt: skip


@pytest.mark.parametrize(("entry", "known", "span", "expected"), CASES.values(), ids=CASES)
def test_choose(entry: Entry, known: Known | None, span: Span, expected: Outcome | None) -> None:
    assert choose(entry, known, SOURCE, span, undated="all", now=NOW) is expected


def test_an_entry_without_date_may_be_left_out() -> None:
    assert choose(entry(), None, SOURCE, WEEK, undated="none", now=NOW) is OUT


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2026-11-22T13:00:00+01:00", NOW),
        ("2026-11-22T12:00:00", NOW),
        ("2026-11-22", datetime(2026, 11, 22, tzinfo=UTC)),
        ("0001-01-01T00:00:00+05:00", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_instant(written: str, expected: datetime | None) -> None:
    assert instant(written) == expected


def test_failures_are_tried_again_ever_more_rarely_and_then_no_more() -> None:
    waits = [next_attempt(Outcome.TIMEOUT, n, None, None, NOW) for n in range(1, ATTEMPTS["timeout"] + 1)]
    assert waits[0] == NOW + timedelta(minutes=15)
    assert waits[-2] == NOW + timedelta(days=1)
    assert waits[-1] is None
    assert sorted(waits[:-1]) == waits[:-1]  # type: ignore[type-var]


def test_a_host_that_says_when_is_asked_then() -> None:
    late = NOW + timedelta(hours=5)
    assert next_attempt(Outcome.RATE_LIMITED, 1, None, late, NOW) == late
    assert next_attempt(Outcome.DEFERRED, 1, None, late, NOW) == late


def test_an_unchanged_article_rests_as_long_as_it_has_not_changed() -> None:
    assert next_attempt(Outcome.UNCHANGED, 0, known("new", hours(30)), None, NOW) == hours(-30)
    assert next_attempt(Outcome.UNCHANGED, 0, known("new", hours(0.1)), None, NOW) == hours(-1)
    assert next_attempt(Outcome.READ, 0, None, None, NOW) is None
