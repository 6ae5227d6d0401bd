"""How often an article is asked for again, over a whole life."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tasks.files import Outcome
from tasks.web.choice import ATTEMPTS, Span, choose, next_attempt
from tasks.web.model import Entry, Known
from tasks.web.source import Source

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
URL = "https://shorepost.example/ferry"
SOURCE = Source(id="shorepost", name="Shore Post", feeds=("https://shorepost.example/feed",))
EVERYTHING = Span()


def asked(outcome: Outcome, settled: str, days: int) -> list[timedelta]:
    """The pauses between two requests for an article whose list always says that it was updated just now."""
    known = Known(URL, "new", NOW)
    pauses = []
    for minutes in range(0, days * 24 * 60, 15):
        now = NOW + timedelta(minutes=minutes)
        entry = Entry(URL, updated=now.isoformat())
        if choose(entry, known, SOURCE, EVERYTHING, undated="all", now=now) is Outcome.READ:
            pauses.append(now - known.at)
            due = next_attempt(outcome, 0, known, None, now)
            known = Known(URL, settled, now, next_poll_at=due, updated=entry.updated)
    return pauses


@pytest.mark.parametrize("outcome", [Outcome.READ, Outcome.UNCHANGED])
def test_an_article_that_does_not_change_is_asked_for_ever_more_rarely(outcome: Outcome) -> None:
    hours = [pause / timedelta(hours=1) for pause in asked(outcome, "unchanged", 10)]
    assert hours == [1, 1, 2, 4, 8, 16, 32, 64]


def test_an_article_that_changes_is_asked_for_every_hour() -> None:
    assert set(asked(Outcome.READ, "new_version", 2)) == {timedelta(hours=1)}


def test_what_is_deferred_is_asked_for_ever_more_rarely_but_never_given_up() -> None:
    known, now = None, NOW
    waits = []
    for _ in range(12):
        due = next_attempt(Outcome.DEFERRED, 0, known, None, now)
        assert due
        waits.append(due - now)
        known, now = Known(URL, "deferred", now, next_poll_at=due), due
    assert waits[:4] == [timedelta(minutes=15 * n) for n in (1, 2, 4, 8)]
    assert waits[-1] == timedelta(days=1)


def test_what_was_given_up_is_asked_for_once_its_list_says_that_it_was_updated() -> None:
    known = Known(URL, "timeout", NOW - timedelta(days=2), failures=ATTEMPTS["timeout"], updated=None)
    entry = Entry(URL, updated=(NOW - timedelta(hours=1)).isoformat())
    assert choose(entry, known, SOURCE, EVERYTHING, undated="all", now=NOW) is Outcome.READ
    same = replace(known, updated=entry.updated)
    assert choose(entry, same, SOURCE, EVERYTHING, undated="all", now=NOW) is None


@pytest.mark.parametrize("outcome", ["new", "timeout", "out_of_range", "excluded"])
def test_a_list_that_does_not_want_an_article_takes_nothing_from_what_is_known(outcome: str) -> None:
    known = Known(URL, outcome, NOW - timedelta(days=2), failures=1)
    entry = Entry(URL, updated=(NOW - timedelta(hours=1)).isoformat())
    past = Span(until=NOW - timedelta(days=1))
    assert choose(entry, known, SOURCE, past, undated="all", now=NOW) is None
