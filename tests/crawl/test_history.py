"""What the captures of an address say together, as tables."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from tasks.crawl.history import past

START = datetime(2026, 11, 1, tzinfo=UTC)


def rows(table: str) -> list[dict[str, Any]]:
    """A line a capture: outcome, status, asked, etag, body and listing hash, failures; - is NULL."""
    names = ("outcome", "status", "asked", "etag", "body_hash", "listing_hash", "failures")
    found = []
    for hour, line in enumerate(table.strip().splitlines()):
        values = [None if word == "-" else word for word in line.split()]
        row: dict[str, Any] = dict(zip(names, values, strict=True))
        row |= {"status": row["status"] and int(row["status"]), "failures": int(row["failures"] or 0)}
        at = START + timedelta(hours=hour)
        found.append(row | {"url": "u", "fetched_at": at, "last_modified": None, "next_poll_at": at})
    return found


def test_validators_and_hashes_come_from_the_latest_body() -> None:
    found = past(
        rows("""
        listed    200 plain       a b1 n1 0
        unchanged 304 conditional - -  -  0
        listed    200 conditional c b2 n2 0
        unchanged 200 recheck     d -  n2 0
        unchanged 304 conditional x -  -  0
        """)
    )
    assert (found.etag, found.body_hash, found.listing_hash) == ("d", "b2", "n2")
    assert [poll.changed for poll in found.polls] == [True, False, True, False, False]
    assert found.at == START + timedelta(hours=4)


def test_a_failure_counts_and_is_no_poll() -> None:
    found = past(
        rows("""
        listed    200 plain       a b1 n1 0
        timeout   -   conditional - -  -  1
        malformed 200 plain       z bz -  2
        """)
    )
    assert (found.outcome, found.failures, found.etag, len(found.polls)) == ("malformed", 2, "a", 1)


def test_a_duplicate_changes_with_what_it_names() -> None:
    found = past(
        rows("""
        duplicate 200 plain a - n1 0
        duplicate 200 plain a - n1 0
        duplicate 200 plain a - n2 0
        """)
    )
    assert [poll.changed for poll in found.polls] == [True, False, True]


def test_distrust_lasts_until_validators_are_sent_again() -> None:
    table = """
        listed    200 plain       a b1 n1 0
        unchanged 200 distrusted  a -  n1 0
        unchanged 200 distrusted  a -  n1 0
        """
    assert past(rows(table)).distrusted_since == START + timedelta(hours=1)
    assert past(rows(table + "unchanged 304 conditional - - - 0")).distrusted_since is None
