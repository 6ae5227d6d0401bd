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
from tasks.article.reasons import Reason

Kind = Literal["published", "modified"]
LONGEST = 240  # a longer line is no header line

_NEEDED = re.compile(r"[^\W\d_]{2,}")
_FIRST = frozenset(label.split(" ", 1)[0] for label in LABELS)
_LONGEST_LABEL = max(label.count(" ") for label in LABELS) + 1  # words
_SEPARATOR = re.compile(r"\s[|•·–—/-]\s|[|•·;]|\s{3,}")
_MOST_AROUND = 120  # characters
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


def empty_labels(line: str) -> list[Kind]:
    """Give the labels of a line that holds nothing but labels of dates ("Published: Updated:")."""
    if len(line) > 80:
        return []
    first = _NEEDED.search(line)  # not cut with split(): a symbol may stand before it
    if first is None or first[0].lower() not in _FIRST:
        return []
    words = _NEEDED.findall(line.lower())
    kinds: list[Kind] = []
    while words:
        size = next((n for n in range(_LONGEST_LABEL, 0, -1) if " ".join(words[:n]) in LABELS), 0)
        if not size:
            return []
        kinds.append(LABELS[" ".join(words[:size])])
        del words[:size]
    return kinds


def read(line: str, number: int, language: str | None, carried: Kind | None) -> list[Seen]:
    """Judge the dates of a line before or after the body; ``carried``: the label on the line above it."""
    stamps = find(line, language)
    if not stamps:
        return []
    short = len(line) <= LONGEST
    floor = 0
    seen: list[Seen] = []
    for stamp in stamps:
        label = _label(line[floor : stamp.start]) if short else None
        if label is None and not seen and stamp.start <= 20:
            label = carried
        labelled = label is not None
        rejected: Reason | None = None
        if not labelled and not (short and _stands_alone(line, stamp)):
            rejected = "caption" if is_caption(line) or line.rstrip().endswith((".", ")")) else "in_heading"
        elif labelled and len(line) > 120 and is_caption(line):
            rejected = "caption"
        seen.append(
            Seen(stamp, line[stamp.start : stamp.end], number, label or "published", labelled, rejected)
        )
        floor = stamp.end
    return seen


def _label(before: str) -> Kind | None:
    """The kind of the label nearest to a date, with at most a weekday and two more words between."""
    words = [word for word in _NEEDED.findall(before[-80:].lower()) if word not in WEEKDAYS]
    for end in range(len(words), max(0, len(words) - 3), -1):
        for size in range(min(_LONGEST_LABEL, end), 0, -1):
            if kind := LABELS.get(" ".join(words[end - size : end])):
                return kind
    return None


def _stands_alone(line: str, stamp: Stamp) -> bool:
    """Whether the date is what the line, or its part between separators, is about."""
    if len(line) - (stamp.end - stamp.start) > _MOST_AROUND:
        return False
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
