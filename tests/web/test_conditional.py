"""Validators are sent only where a 304 can be believed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tasks.web.conditional import ask, changed, lied_at
from tasks.web.model import Asked, Past, Poll

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def poll(hours_ago: float, kind: str, etag: str | None = "v1", modified: str | None = None) -> Poll:
    """``kind``: how it was asked for and what came, such as "conditional 304", "recheck new", "plain same"."""
    asked, answer = kind.split()
    at = NOW - timedelta(hours=hours_ago)
    names: dict[str, Asked] = {
        "plain": "plain",
        "conditional": "conditional",
        "recheck": "recheck",
        "distrusted": "distrusted",
    }
    return Poll(at, answer == "new", 304 if answer == "304" else 200, names[asked], etag, modified)


def past(*polls: Poll, etag: str | None = "v1", outcome: str = "unchanged", failures: int = 0) -> Past:
    return Past("https://a.example/feed", outcome, NOW, etag=etag, polls=polls, failures=failures)


FRESH = poll(1, "plain new")
LIED = (poll(50, "plain new"), poll(40, "conditional 304"), poll(20, "recheck new"))


@pytest.mark.parametrize(
    ("case", "state", "asked"),
    [
        ("never asked", None, "plain"),
        ("read an hour ago", past(FRESH), "conditional"),
        ("only Last-Modified", Past("u", "listed", NOW, last_modified="Sun", polls=(FRESH,)), "conditional"),
        ("no validators", past(FRESH, etag=None), "plain"),
        ("failed since", past(FRESH, outcome="timeout", failures=1), "plain"),
        ("malformed since", past(FRESH, outcome="malformed", failures=1), "plain"),
        ("failed, though nobody counted", past(FRESH, outcome="server_error"), "plain"),
        ("put off since: nothing is known to be wrong", past(FRESH, outcome="deferred"), "conditional"),
        ("put off after a failure", past(FRESH, outcome="deferred", failures=2), "plain"),
        ("304s for less than a day", past(poll(23, "plain new"), poll(1, "conditional 304")), "conditional"),
        ("304s for a day", past(poll(24, "plain new"), poll(1, "conditional 304")), "recheck"),
        ("as far back as the polls go only 304s", past(poll(1, "conditional 304")), "recheck"),
        ("no polls known", past(), "recheck"),
        ("unchanged body within the day", past(poll(23, "recheck same")), "conditional"),
        ("validators lied", past(*LIED), "distrusted"),
        ("lied, and asked without since", past(*LIED, poll(1, "distrusted same")), "distrusted"),
        ("lied, failed since", past(*LIED, outcome="timeout", failures=1), "plain"),
        (
            "lied more than a week ago",
            past(
                poll(300, "plain new"),
                poll(290, "conditional 304"),
                poll(169, "recheck new"),
                poll(1, "distrusted same"),
            ),
            "conditional",
        ),
        (
            "the poll that caught the lie is no longer among them",
            Past(
                "u",
                "unchanged",
                NOW,
                etag="v1",
                polls=(poll(1, "distrusted same"),),
                distrusted_since=NOW - timedelta(days=6),
            ),
            "distrusted",
        ),
        (
            "distrusted for a week",
            Past(
                "u",
                "unchanged",
                NOW,
                etag="v1",
                polls=(poll(1, "distrusted same"),),
                distrusted_since=NOW - timedelta(days=7),
            ),
            "conditional",
        ),
    ],
)
def test_how_to_ask(case: str, state: Past | None, asked: Asked) -> None:
    how, etag, modified = ask(state, NOW)
    assert how == asked, case
    assert (etag or modified) if how == "conditional" else (etag, modified) == (None, None)


@pytest.mark.parametrize(
    ("case", "polls", "lied"),
    [
        ("none", (), False),
        ("new body, same etag, a 304 between", LIED, True),
        (
            "new body, same Last-Modified, a 304 between",
            tuple(
                poll(h, kind, None, "Sun")
                for h, kind in ((50, "plain new"), (40, "conditional 304"), (20, "recheck new"))
            ),
            True,
        ),
        (
            "new body, another etag: it may have changed after the 304",
            (poll(50, "plain new", "v1"), poll(40, "conditional 304", "v1"), poll(20, "recheck new", "v2")),
            False,
        ),
        (
            "the same, twice: 304 is all it ever says",
            (
                poll(90, "plain new", "v1"),
                poll(80, "conditional 304", "v1"),
                poll(60, "recheck new", "v2"),
                poll(50, "conditional 304", "v2"),
                poll(30, "recheck new", "v3"),
            ),
            True,
        ),
        (
            "twice, but the validators noticed a change in between",
            (
                poll(90, "plain new", "v1"),
                poll(80, "conditional 304", "v1"),
                poll(60, "recheck new", "v2"),
                poll(50, "conditional 304", "v2"),
                poll(45, "conditional new", "v3"),
                poll(44, "conditional 304", "v3"),
                poll(30, "recheck new", "v4"),
            ),
            False,
        ),
        (
            "same body after 304s",
            (poll(50, "plain new"), poll(40, "conditional 304"), poll(20, "recheck same")),
            False,
        ),
        (
            "new body, same etag, but no 304 was answered for it",
            (poll(50, "plain new"), poll(20, "recheck new")),
            False,
        ),
        (
            "etags that change for nothing",
            (poll(50, "plain new", "v1"), poll(40, "conditional same", "v2")),
            False,
        ),
    ],
)
def test_lies(case: str, polls: tuple[Poll, ...], lied: bool) -> None:
    assert (lied_at(polls) is not None) == lied, case
    assert not lied or lied_at(polls) == polls[-1].at


@pytest.mark.parametrize(
    ("known", "body", "listing", "new"),
    [
        (None, "b", "l", True),
        (("b", "l"), "b", "l", False),
        (("b", "l"), "b", "other", False),  # the same bytes, read by another version
        (("b", "l"), "other", "l", False),  # lastBuildDate
        (("b", "l"), "other", "other", True),
        (("b", None), "other", None, True),
        ((None, None), "b", "l", True),  # never read whole
    ],
)
def test_changed(known: tuple[str, str] | None, body: str, listing: str | None, new: bool) -> None:
    state = Past("u", "listed", NOW, body_hash=known[0], listing_hash=known[1]) if known else None
    assert changed(state, body, listing) == new
