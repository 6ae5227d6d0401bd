"""What comes of looking for an article's dates, and what rules a date out whatever its signal."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from tasks.article.byline_dateline import Dateline
from tasks.article.date_words import WEEKDAYS
from tasks.article.model import DateCandidate, Precision
from tasks.article.reasons import Reason

_DAY_MONTH: Final = re.compile(r"\b\d{1,2}\b\.?\s[^\W\d_]{3,}|[^\W\d_]{3,}\.?\s\d{1,2}\b")


@dataclass(frozen=True, slots=True)
class Dates:
    """The chosen candidates, or the reasons why there are none, and all candidates seen."""

    published: DateCandidate | None
    modified: DateCandidate | None
    candidates: tuple[DateCandidate, ...]
    reason: Reason = "not_stated"
    modified_reason: Reason = "not_stated"


def out_of_range(value: str, captured_at: datetime | None) -> Reason | None:
    """Say what rules a date out: after the capture (a day's slack for time zones), or before 1990."""
    if value[:4] < "1990":
        return "before_1990"
    if captured_at is not None:
        latest = (captured_at.date() + timedelta(days=1)).isoformat()
        if value[:10] > latest[: len(value[:10])]:
            return "future"
    return None


def precision_of(value: str) -> Precision:
    """Give the precision of an ISO 8601 value."""
    bare = re.sub(r"(?<=\d)(?:Z|[+-]\d\d:?\d\d)\Z", "", value) if "T" in value else value
    return {4: "year", 7: "month", 10: "day", 13: "hour", 16: "minute"}.get(len(bare), "second")  # type: ignore[return-value]


def why(
    candidates: Sequence[DateCandidate], empty: bool, lead: str, dateline: Dateline | None, modified: bool
) -> Reason:
    """Say why no date of publication was chosen: the most telling of the candidates' reasons, or of the lead's words.

    ``empty``: a label stands there without a date; ``lead``: the text's first lines; ``modified``: a date of
    modification was chosen.
    """
    reasons: list[str] = [c.rejected for c in candidates if c.kind == "published" and c.rejected]
    order: tuple[Reason, ...] = ("ambiguous", "future", "before_1990")
    for reason in order:
        if reason in reasons:
            return reason
    if modified:
        return "only_modified"
    if empty:
        return "empty_label"
    if dateline and _DAY_MONTH.search(lead[: dateline.end]):
        return "no_year"
    rest: tuple[Reason, ...] = ("caption", "outside", "not_nearest", "in_heading")
    for reason in rest:
        if reason in reasons:
            return reason
    words = {word.lower() for word in re.findall(r"[^\W\d_]{4,}", lead[:500])}
    if words & WEEKDAYS:
        return "weekday_only"
    return "in_body" if "in_body" in reasons else "not_stated"
