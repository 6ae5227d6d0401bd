"""Which of the articles that a list names are asked for. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from tasks.files.model import Outcome
from tasks.web.model import Entry, Known
from tasks.web.source import Source

Undated = Literal["all", "unseen", "none"]

# Failures that may be over another time, and after how many in a row an article is given up. A feed may be ahead of its
# page by minutes, hardly by more. Every other outcome of an article stands.
ATTEMPTS: dict[str, int] = {
    Outcome.RATE_LIMITED: 12,
    Outcome.SERVER_ERROR: 12,
    Outcome.UNREACHABLE: 12,
    Outcome.TIMEOUT: 12,
    Outcome.BROKEN: 12,
    Outcome.BOT_WALL: 12,
    Outcome.NOT_FOUND: 3,
}
PASSING = frozenset({*ATTEMPTS, Outcome.DEFERRED})
_FIRST_RETRY = timedelta(minutes=15)
_LAST_RETRY = timedelta(days=1)
_REFETCH = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Span:
    """The days that a run asks for: from ``since`` up to, but not including, ``until``. None is no bound."""

    since: datetime | None = None
    until: datetime | None = None

    def holds(self, entry: Entry) -> bool | None:
        """Whether the entry's date is in it; None where it has none. What was updated within it counts."""
        dates = [date for date in map(instant, (entry.published, entry.updated)) if date]
        if not dates:
            return None
        return (self.since is None or max(dates) >= self.since) and (
            self.until is None or min(dates) < self.until
        )


def instant(written: str | None) -> datetime | None:
    """An ISO 8601 date as a time in UTC; None where there is none. One without offset is taken for UTC."""
    if not written:
        return None
    try:
        date = datetime.fromisoformat(written)
    except ValueError:
        return None
    try:
        return date.replace(tzinfo=UTC) if date.tzinfo is None else date.astimezone(UTC)
    except OverflowError:
        return None


def choose(
    entry: Entry,
    known: Known | None,
    source: Source,
    span: Span,
    *,
    undated: Undated,
    now: datetime,
    force: bool = False,
) -> Outcome | None:
    """READ if the article is to be asked for; None if its capture stands; otherwise the outcome to record.

    ``undated``: which entries without a date are taken. An article whose list says that it was updated since is asked
    for again, but not before an hour has passed, nor before its ``next_poll_at``, unless ``force`` says so.
    """
    if known and _may_pass(known.outcome, known.failures or 0):
        if not (force or _is_due(known, now)):
            return None
    elif known and known.outcome not in {Outcome.EXCLUDED, Outcome.OUT_OF_RANGE}:
        # What did change when it was last asked for may change again soon.
        stood = known.outcome == Outcome.UNCHANGED
        rests = now < known.at + _REFETCH or (stood and not _is_due(known, now))
        if known.outcome == Outcome.GONE or not _updated(entry, known) or (rests and not force):
            return None
    take_undated = undated == "all" or (undated == "unseen" and known is None)
    outcome = _range(entry, source, span, undated=take_undated)
    if known and outcome is not Outcome.READ:  # a list that does not want it takes nothing from what is known
        return None
    return outcome


def _may_pass(outcome: str, failures: int) -> bool:
    """Whether an article that ended so is worth asking for again."""
    return outcome == Outcome.DEFERRED or failures < ATTEMPTS.get(outcome, 0)


def _updated(entry: Entry, known: Known) -> bool:
    """Whether the list speaks of a change since the capture: by its own word then, not by clocks that may differ.

    Where it said nothing then, by the time of the capture.
    """
    then, today = instant(known.updated), instant(entry.updated)
    return today is not None and today > (then or known.at)


def _range(entry: Entry, source: Source, span: Span, *, undated: bool) -> Outcome:
    if any(re.search(pattern, entry.url) for pattern in source.exclude):
        return Outcome.EXCLUDED
    if source.include and not any(re.search(pattern, entry.url) for pattern in source.include):
        return Outcome.EXCLUDED
    held = span.holds(entry)
    return Outcome.READ if (undated if held is None else held) else Outcome.OUT_OF_RANGE


def _is_due(known: Known, now: datetime) -> bool:
    return known.next_poll_at is None or known.next_poll_at <= now


def next_attempt(
    outcome: Outcome, failures: int, known: Known | None, retry_at: datetime | None, now: datetime
) -> datetime | None:
    """When an article is asked for again at the earliest; None for never, unless its list says that it changed.

    ``failures``: in a row, with this one. One that is deferred, since its host asks for it or does not answer at all,
    is never given up: each pause is twice the last. One that was asked for again rests for as long as it had not
    changed, and if it had not the time before either, for twice that.
    """
    if outcome == Outcome.DEFERRED:
        waited = now - known.at if known and known.outcome == Outcome.DEFERRED else timedelta()
        return max(now + min(max(_FIRST_RETRY, 2 * waited), _LAST_RETRY), retry_at or now)
    if outcome in PASSING:
        if not _may_pass(outcome, failures):
            return None
        wait = min(_FIRST_RETRY * (1 << max(0, failures - 1)), _LAST_RETRY)
        return max(now + wait, retry_at or now)
    if outcome in {Outcome.READ, Outcome.UNCHANGED} and known:
        stood = known.outcome == Outcome.UNCHANGED
        return now + max(_REFETCH, (now - known.at) * (2 if stood else 1))
    return None
