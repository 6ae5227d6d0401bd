"""Which of the dates in a text's lines is the article's: by their labels, and by where they stand."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from tasks.article.byline_dateline import Dateline
from tasks.article.date_header import LONGEST, Kind, Seen, empty_labels, read
from tasks.article.date_order import Order, evidence, settled
from tasks.article.date_outcome import Dates, out_of_range, why
from tasks.article.date_text import find, is_mostly_dates
from tasks.article.model import DateCandidate
from tasks.article.reasons import Reason

REACH_TITLE: Final = 3  # non-empty lines between an unlabelled date and the title below it
REACH_BODY: Final = 8  # … or the body, where no title is known
ABOVE, BELOW = 60, 60  # lines before and after the body that are searched: farther off stand other articles
OPENING, ENDING = (
    3,
    2,
)  # paragraphs of the body whose dates are noted: further in, none could be the article's
LONGEST_PARAGRAPH: Final = 1_000  # characters of them

_DIGIT: Final = re.compile(r"\d")


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
    head = [*head, *(i for i in kept[:OPENING] if i not in head and _is_dates(lines[i], language))]
    seen, empty = _around(lines, head[-ABOVE:], language, title_line)
    after, empty_after = _around(lines, tail[:BELOW], language, None)
    seen += [
        s if s.labelled and s.stamp.precision != "month" else replace(s, rejected=s.rejected or "outside")
        for s in after
    ]
    orders = evidence((s.stamp, s.text) for s in seen)
    candidates: list[tuple[Seen, str]] = []
    for s in seen:
        where = "footer" if tail and s.line >= tail[0] else "header"
        candidates.append((_decided(s, orders, captured_at), f"text:{where}"))
    candidates += [(s, "text:dateline") for s in _in_dateline(lines, kept, dateline, language, captured_at)]
    body = _in_body(lines, [i for i in kept if i not in head[-OPENING:]], dateline, language)
    chosen = _nearest([s for s, _ in candidates], head, title_line, kept)
    noted = tuple(
        _candidate(s, signal, chosen) for s, signal in [*candidates, *((s, "text:body") for s in body)]
    )
    published = next((c for c in noted if c.kind == "published" and c.rejected is None), None)
    modified = next((c for c in noted if c.kind == "modified" and c.rejected is None), None)
    reason: Reason = "not_stated"
    if published is None:
        lead = "\n".join(lines[i][:500] for i in kept[:2])
        reason = why(noted, empty or empty_after, lead, dateline, modified is not None)
    modified_reason: Reason = "empty_label" if empty and modified is None else "not_stated"
    return Dates(published, modified, noted, reason, modified_reason)


def _is_dates(line: str, language: str | None) -> bool:
    """Whether a line that was kept for the body's is nothing but dates and their labels."""
    return len(line) <= LONGEST and is_mostly_dates(line, language)


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


def _decided(s: Seen, orders: set[Order], captured_at: datetime | None) -> Seen:
    """Settle an ambiguous numeric date by its siblings, then rule out what is out of range."""
    stamp = settled(s.stamp, orders, captured_at)
    rejected = s.rejected or ("ambiguous" if stamp.other is not None else None)
    return replace(s, stamp=stamp, rejected=rejected or out_of_range(stamp.value, captured_at))


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
