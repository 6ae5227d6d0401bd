"""When an article was published and modified: every date seen is judged, one is chosen, none is invented."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from tasks.article.byline_dateline import Dateline
from tasks.article.date_header import Kind, Seen, empty_labels, read
from tasks.article.date_text import find
from tasks.article.date_words import WEEKDAYS
from tasks.article.model import DateCandidate, Precision
from tasks.article.reasons import Reason

REACH_TITLE = 3  # non-empty lines between an unlabelled date and the title below it
REACH_BODY = 8  # … or the body, where no title is known
ABOVE, BELOW = 60, 60  # lines before and after the body that are searched: farther off stand other articles
OPENING, ENDING = (
    3,
    2,
)  # paragraphs of the body whose dates are noted: further in, none could be the article's
LONGEST_PARAGRAPH = 1_000  # characters of them

Order = Literal["day", "month"]

_SLASHED = re.compile(r"(?<!\d)(\d{1,2})[/-](\d{1,2})[/-]\d{2,4}(?!\d)")
_DIGIT = re.compile(r"\d")
_DAY_MONTH = re.compile(r"\b\d{1,2}\b\.?\s[^\W\d_]{3,}|[^\W\d_]{3,}\.?\s\d{1,2}\b")


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


def from_lines(
    lines: Sequence[str],
    head: Sequence[int],
    kept: Sequence[int],
    tail: Sequence[int],
    *,
    title_line: int | None,
    dateline: Dateline | None,
    language: str | None,
    captured_at: datetime | None,
) -> Dates:
    """Choose among the dates in a text's lines; ``head``, ``kept``, ``tail`` are indices into ``lines``."""
    seen, empty = _around(lines, head[-ABOVE:], language, title_line)
    after, empty_after = _around(lines, tail[:BELOW], language, None)
    seen += [
        s if s.labelled and s.stamp.precision != "month" else replace(s, rejected=s.rejected or "outside")
        for s in after
    ]
    orders = {order for s in seen if (order := _order(s.text))} | _agreeing(seen)
    candidates: list[tuple[Seen, str]] = []
    for s in seen:
        where = "footer" if tail and s.line >= tail[0] else "header"
        candidates.append((_decided(s, orders, captured_at), f"text:{where}"))
    candidates += [(s, "text:dateline") for s in _in_dateline(lines, kept, dateline, language, captured_at)]
    body = _in_body(lines, kept, dateline, language)
    chosen = _nearest([s for s, _ in candidates], head, title_line, kept)
    noted = tuple(
        _candidate(s, signal, chosen) for s, signal in [*candidates, *((s, "text:body") for s in body)]
    )
    published = next((c for c in noted if c.kind == "published" and c.rejected is None), None)
    modified = next((c for c in noted if c.kind == "modified" and c.rejected is None), None)
    reason: Reason = "not_stated"
    if published is None:
        lead = "\n".join(lines[i][:500] for i in kept[:2])
        reason = _why(noted, empty or empty_after, lead, dateline, modified is not None)
    modified_reason: Reason = "empty_label" if empty and modified is None else "not_stated"
    return Dates(published, modified, noted, reason, modified_reason)


def _around(
    lines: Sequence[str], indices: Sequence[int], language: str | None, title: int | None
) -> tuple[list[Seen], bool]:
    """The dates of the lines before or after the body, and whether a label stands there without one."""
    seen: list[Seen] = []
    empty = False
    carried: Kind | None = None
    for position, index in enumerate(indices):
        line = lines[index]
        if _DIGIT.search(line):
            found = read(line, index, language, carried)
            if title is not None and line == lines[title]:
                found = [replace(s, rejected="in_heading") for s in found]
            seen += found
            carried = None
        elif kinds := empty_labels(line):
            following = lines[indices[position + 1]] if position + 1 < len(indices) else ""
            carried = kinds[0] if len(kinds) == 1 and find(following, language) else None
            empty = empty or (carried is None and ":" in line)
        else:
            carried = None
    return seen, empty


def _order(text: str) -> Order | None:
    """Which part a numeric date puts first, where one of the two can be no month ("13/06/2014")."""
    match = _SLASHED.search(text)
    if match is None or (int(match[1]) > 12) == (int(match[2]) > 12):
        return None
    return "day" if int(match[1]) > 12 else "month"


def _agreeing(seen: Iterable[Seen]) -> set[Order]:
    """Which reading of the ambiguous dates another date of the document confirms."""
    certain = {s.stamp.value[:10] for s in seen if s.stamp.other is None}
    orders: set[Order] = set()
    for s in seen:
        if s.stamp.other is not None:
            if s.stamp.value[:10] in certain:
                orders.add("day")
            if s.stamp.other[:10] in certain:
                orders.add("month")
    return orders


def _decided(s: Seen, orders: set[Order], captured_at: datetime | None) -> Seen:
    """Settle an ambiguous numeric date by its siblings, then rule out what is out of range."""
    stamp = s.stamp
    rejected = s.rejected
    if stamp.other is not None:
        if len(orders) == 1:
            stamp = replace(stamp, value=stamp.value if "day" in orders else stamp.other, other=None)
        else:
            rejected = rejected or "ambiguous"
    rejected = rejected or out_of_range(stamp.value, captured_at)
    return replace(s, stamp=stamp, rejected=rejected)


def _in_dateline(
    lines: Sequence[str],
    kept: Sequence[int],
    dateline: Dateline | None,
    language: str | None,
    captured_at: datetime | None,
) -> list[Seen]:
    if dateline is None or not kept:
        return []
    opening = lines[kept[0]][: dateline.end]
    stamps = find(opening, language)
    return [
        _decided(Seen(s, opening[s.start : s.end], kept[0], "published", False, None), set(), captured_at)
        for s in stamps[:1]
    ]


def _in_body(
    lines: Sequence[str], kept: Sequence[int], dateline: Dateline | None, language: str | None
) -> list[Seen]:
    seen: list[Seen] = []
    for index in (*kept[:OPENING], *kept[max(OPENING, len(kept) - ENDING) :]):
        line = lines[index][:LONGEST_PARAGRAPH]
        skip = dateline.end if dateline and index == kept[0] else 0
        seen += [
            Seen(s, line[s.start : s.end], index, "published", False, "in_body")
            for s in find(line, language)
            if s.start >= skip
        ]
    return seen


def _nearest(
    seen: Sequence[Seen], head: Sequence[int], title: int | None, kept: Sequence[int]
) -> dict[tuple[int, int], Reason | None]:
    """Decide per date (line, start): None for the chosen ones, else why another one is."""
    verdict: dict[tuple[int, int], Reason | None] = {}
    for kind in ("published", "modified"):
        open_ = [s for s in seen if s.kind == kind and s.rejected is None]
        if not open_:
            continue
        group = [s for s in open_ if s.labelled] or _near(open_, head, title, kept)
        keys = {(s.line, s.stamp.start) for s in group}
        days = {s.stamp.value[:10] for s in group}
        first = max(group, key=lambda s: (len(s.stamp.value), -s.line), default=None)
        for s in open_:
            key = (s.line, s.stamp.start)
            if key not in keys:
                verdict[key] = "not_nearest"
            elif not _nested(days):
                verdict[key] = "ambiguous"
            else:
                verdict[key] = None if s is first else "weaker_signal"
    return verdict


def _nested(days: set[str]) -> bool:
    """Whether the values say the same with more or less precision ("2024-05" and "2024-05-03")."""
    longest = max(days, key=len)
    return all(longest.startswith(day) for day in days)


def _near(seen: Sequence[Seen], head: Sequence[int], title: int | None, kept: Sequence[int]) -> list[Seen]:
    """The unlabelled dates between title and body, or else right above the title, or in the dateline."""
    place = {index: position for position, index in enumerate(head)}
    if title is not None and title in place:
        below = [s for s in seen if s.line > title and s.line in place]
        above = [
            s
            for s in seen
            if s.line < title and s.line in place and place[title] - place[s.line] <= REACH_TITLE
        ]
        if below or above:
            return below or above[-1:]
    else:
        reach = [s for s in seen if s.line in place and len(head) - place[s.line] <= REACH_BODY]
        if reach:
            return reach
    return [s for s in seen if kept and s.line == kept[0]]


def _candidate(s: Seen, signal: str, chosen: dict[tuple[int, int], Reason | None]) -> DateCandidate:
    rejected = s.rejected or chosen.get((s.line, s.stamp.start), "not_nearest")
    if s.labelled and signal == "text:header":
        signal = "text:label"
    value, precision = s.stamp.value, s.stamp.precision
    if s.stamp.other is not None:  # only the year is common to both readings
        value, precision = value[:4], "year"
    if s.rejected == "caption":
        signal = "text:caption"
    return DateCandidate(value, precision, signal, s.text, s.kind, rejected)


def precision_of(value: str) -> Precision:
    """Give the precision of an ISO 8601 value."""
    bare = re.sub(r"(?<=\d)(?:Z|[+-]\d\d:?\d\d)\Z", "", value) if "T" in value else value
    return {4: "year", 7: "month", 10: "day", 13: "hour", 16: "minute"}.get(len(bare), "second")  # type: ignore[return-value]


def _why(
    candidates: Sequence[DateCandidate], empty: bool, lead: str, dateline: Dateline | None, modified: bool
) -> Reason:
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


def chosen(
    candidates: Sequence[DateCandidate], captured_at: datetime | None, reason: Reason = "not_stated"
) -> Dates:
    """Choose among candidates given in order of trust: the first of each kind that is not rejected.

    Those out of range are rejected, those after the chosen one are the ``weaker_signal``. Where the chosen one states
    no more than the day, and a feed says the same more precisely, the feed's is chosen: no conflict, but a gain.
    """
    judged: list[DateCandidate] = []
    taken: dict[str, DateCandidate] = {}
    for candidate in candidates:
        rejected = candidate.rejected or out_of_range(candidate.value, captured_at)
        if rejected is None and candidate.kind in taken:
            rejected = "weaker_signal"
        judged.append(replace(candidate, rejected=rejected))
        if rejected is None:
            taken[candidate.kind] = judged[-1]
    for kind, coarse in list(taken.items()):
        finer = next((c for c in judged if c.kind == kind and _refines(c, coarse)), None)
        if finer:
            taken[kind] = replace(finer, rejected=None)
            swapped = {finer: taken[kind], coarse: replace(coarse, rejected="weaker_signal")}
            judged = [swapped.get(c, c) for c in judged]
    if reason == "not_stated":
        reason = _why(judged, False, "", None, "modified" in taken)
    return Dates(taken.get("published"), taken.get("modified"), tuple(judged), reason)


def _refines(candidate: DateCandidate, coarse: DateCandidate) -> bool:
    """Whether a feed's date, out of the running only as a weaker signal, says the same as the coarse one and more."""
    return (
        candidate.signal == "feed"
        and candidate.rejected == "weaker_signal"
        and coarse.precision in {"year", "month", "day"}
        and candidate.value != coarse.value
        and candidate.value.startswith(coarse.value)
    )
