"""Which of several dates of one kind is the article's, where they disagree (the rules stand in ``dates``)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from tasks.article.model import DateCandidate
from tasks.article.reasons import Reason

_WEST, _EAST = timedelta(hours=-12), timedelta(hours=14)
_MAKING: Final = timedelta(minutes=5)  # how long before its capture a page is made for it
_UNSEEN: Final = ("json-ld", "meta:", "data")  # stated where no reader sees it
_SHOWN: Final = frozenset(("text:label", "text:header", "time", "microdata", "url"))
_UNSURE: Final = frozenset(("text:footer", "text:lead", "data"))


def best(
    open_: Sequence[DateCandidate], everything: Sequence[DateCandidate], captured_at: datetime | None
) -> list[Reason | None]:
    """Say for each candidate of one kind, in order of trust, None for the one chosen, else why it is not.

    ``everything``: all candidates of the document. At least one candidate must be given.
    """
    verdict: list[Reason | None] = ["weaker_signal"] * len(open_)
    first = open_[0]
    ours = list(range(len(open_)))
    if first.kind == "published":
        ours = [i for i in ours if not _is_made(open_[i], open_, captured_at)]
        rewritten = {i for i in ours if _is_unseen(open_[i]) and _is_shown_earlier(open_[i], open_)}
        second = {i for i in ours if _follows_modification(open_[i], open_, everything)} - rewritten
        for i in range(len(open_)):
            if i not in ours:
                verdict[i] = "generated"
            elif i in rewritten:
                verdict[i] = "rewritten"
        ours = [i for i in ours if i not in rewritten and i not in second] or ours
    winner = _finest(ours, open_)
    verdict[winner] = None
    return verdict


def _day(candidate: DateCandidate) -> str:
    return candidate.value[:10]


def _instant(candidate: DateCandidate) -> datetime | None:
    """The moment a candidate states, if it states one: a time with an offset."""
    if len(candidate.value) <= 16 or "T" not in candidate.value:
        return None
    try:
        moment = datetime.fromisoformat(candidate.value)
        return moment.astimezone(UTC) if moment.tzinfo else None
    except (ValueError, OverflowError):
        return None


def _days(candidate: DateCandidate) -> tuple[str, str]:
    """The first and last day that a candidate may mean: an instant in UTC is of one day here, of another there."""
    moment = _instant(candidate)
    if moment is None or not candidate.value.endswith("+00:00"):
        return _day(candidate), _day(candidate)
    try:
        return (moment + _WEST).date().isoformat(), (moment + _EAST).date().isoformat()
    except OverflowError:
        return _day(candidate), _day(candidate)


def _is_unseen(candidate: DateCandidate) -> bool:
    return candidate.signal.startswith(_UNSEEN)


def _is_shown_earlier(candidate: DateCandidate, others: Sequence[DateCandidate]) -> bool:
    """Whether the page shows a day before the candidate's. No day of the month counts as no day."""
    first, _ = _days(candidate)
    return any(
        other.signal in _SHOWN and len(other.value) >= 10 and _days(other)[1] < first for other in others
    )


def _is_made(candidate: DateCandidate, others: Sequence[DateCandidate], captured_at: datetime | None) -> bool:
    """Whether the candidate is the moment when the page was made for its capture."""
    moment = _instant(candidate)
    if captured_at is None or moment is None or captured_at.tzinfo is None:
        return False
    if not timedelta(0) <= captured_at - moment <= _MAKING:
        return False
    return any(_days(other)[1] < _days(candidate)[0] for other in others)


def _follows_modification(
    candidate: DateCandidate, others: Sequence[DateCandidate], everything: Sequence[DateCandidate]
) -> bool:
    """Whether the same signal states modifications, all before this publication, and another signal an earlier one."""
    first = _days(candidate)[0]
    own = [
        c for c in everything if c.kind == "modified" and c.rejected is None and c.signal == candidate.signal
    ]
    if not own or any(_days(c)[1] >= first for c in own):
        return False
    return any(_days(other)[1] < first for other in others if other.signal != candidate.signal)


def _finest(ours: Sequence[int], open_: Sequence[DateCandidate]) -> int:
    """The most trustworthy candidate, or one behind it that says the same more precisely."""
    first = ours[0]
    chosen = open_[first]
    for i in ours[1:]:
        other = open_[i]
        if other.signal in _UNSURE or (chosen.signal == "record" and other.signal != "feed"):
            continue
        if len(chosen.value) <= 10 < len(other.value) and other.value.startswith(chosen.value):
            return i
        if len(chosen.value) < len(other.value) <= 10 and other.value.startswith(chosen.value):
            return i
        if chosen.value.endswith("+00:00") and other.value[-6:] != "+00:00" and _same_instant(chosen, other):
            return i
    return first


def _same_instant(one: DateCandidate, other: DateCandidate) -> bool:
    first, second = _instant(one), _instant(other)
    return first is not None and second is not None and first == second
