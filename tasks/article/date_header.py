"""Which dates in the lines around an article are its own: labelled ones, and lines that are dates.

A caption's date belongs to a photograph, a sentence's to what it tells of, a list's to other articles.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from tasks.article.agency import is_caption
from tasks.article.byline import parse
from tasks.article.date_text import Stamp, find
from tasks.article.date_words import LABELS, WEEKDAYS
from tasks.article.record import Reason

Kind = Literal["published", "modified"]
LONGEST = 240  # a longer line is no header line

_LABELS = "|".join(map(re.escape, sorted(LABELS, key=len, reverse=True)))
_LABEL = re.compile(rf"(?<![^\W\d_])({_LABELS})(?![^\W\d_])", re.IGNORECASE)
_NEEDED = re.compile(r"[^\W\d_]{2,}")
_SEPARATOR = re.compile(r"\s[|•·–—/-]\s|[|•·;]|\s{3,}")
_WORDS_AROUND = 3


@dataclass(frozen=True, slots=True)
class Seen:
    """A date in a line near the article. ``rejected`` is None where the line states it for the article."""

    stamp: Stamp
    text: str
    line: int
    kind: Kind
    labelled: bool
    rejected: Reason | None


def labels(line: str) -> list[tuple[int, int, Kind]]:
    """Give the date labels of a header line as (start, end, kind)."""
    return [(m.start(), m.end(), LABELS[m[1].lower()]) for m in _LABEL.finditer(line)]


def is_empty_label(line: str) -> bool:
    """Whether a line holds nothing but labels of dates ("Published: Updated:")."""
    return len(line) <= 80 and bool(_LABEL.match(line.strip())) and not _NEEDED.search(_LABEL.sub("", line))


def read(line: str, number: int, language: str | None, carried: Kind | None) -> list[Seen]:
    """Judge the dates of a line before or after the body; ``carried``: the label on the line above it."""
    stamps = find(line, language)
    if not stamps:
        return []
    short = len(line) <= LONGEST
    found = labels(line) if short else []
    floor = 0
    seen: list[Seen] = []
    for stamp in stamps:
        kind, labelled = _label_before(line, floor, stamp.start, found)
        if not labelled and carried and not seen and stamp.start <= 20:
            kind, labelled = carried, True
        rejected: Reason | None = None
        if not labelled and not (short and _stands_alone(line, stamp)):
            rejected = "caption" if is_caption(line) or line.rstrip().endswith((".", ")")) else "in_heading"
        elif labelled and len(line) > 120 and is_caption(line):
            rejected = "caption"
        seen.append(Seen(stamp, line[stamp.start : stamp.end], number, kind, labelled, rejected))
        floor = stamp.end
    return seen


def _label_before(line: str, floor: int, start: int, found: list[tuple[int, int, Kind]]) -> tuple[Kind, bool]:
    """The kind of the nearest label between the date before and this one, with at most a weekday between."""
    for begin, end, kind in reversed(found):
        if floor <= begin and end <= start:
            words = [w for w in _NEEDED.findall(line[end:start].lower()) if w not in WEEKDAYS]
            if len(words) <= 2:
                return kind, True
    return "published", False


def _stands_alone(line: str, stamp: Stamp) -> bool:
    """Whether the date is what the line, or its part between separators, is about."""
    before, after = line[: stamp.start], line[stamp.end :]
    left = _SEPARATOR.split(before)[-1]
    right = _SEPARATOR.split(after)[0]
    around = [w for w in _NEEDED.findall(f"{left} {right}".lower()) if w not in WEEKDAYS]
    if stamp.precision == "month":  # an archive's heading or an issue more often than a date
        return False
    if len(around) <= _WORDS_AROUND:
        return not (line.endswith(".") and len(line) > stamp.end - stamp.start + 15)
    if "T" in stamp.value and len(around) <= 8:
        return True
    byline = parse(line)
    return byline is not None and byline.stated
