"""Which dates in the lines around an article are its own: labelled ones, and lines that are dates.

A caption's date belongs to a photograph, a sentence's to what it tells of, a list's to other articles.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from tasks.article.agency import is_caption
from tasks.article.date_text import Stamp, find
from tasks.article.date_words import LABELS, WEEKDAYS, table
from tasks.article.reasons import Reason

Kind = Literal["published", "modified"]
LONGEST = 240  # a longer line is no header line

_NEEDED = re.compile(r"[^\W\d_]{2,}")
_FIRST = frozenset(label.split(" ", 1)[0] for label in LABELS)
_LONGEST_LABEL = max(label.count(" ") for label in LABELS) + 1  # words
_SEPARATOR = re.compile(r"\s[|•·–—/-]\s|[|•·;]|\s{3,}")
_BYLINES = tuple(table("byline_words")["by"])
_BY = frozenset(by.split()[0] for by in _BYLINES)
_OPENS_BYLINE = re.compile(rf"\W{{0,3}}(?:{'|'.join(map(re.escape, _BYLINES))})\b", re.IGNORECASE)
_LONGEST_BYLINE = 12  # words
_OPENING = 20  # characters before a date that opens its line
_FOLLOWING = frozenset((*_BY, "in", "unter", "dans", "en", "kategorie", "filed", "posted", "abgelegt"))
_LONGEST_NAME = 8  # words between a label and its date
_READING_TIME = re.compile(r"(?:[^\W\d_]{3,20}:?\s?)?\d{1,3}[\s-]?min", re.IGNORECASE)
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
        said = label(line[floor : stamp.start]) if short else None
        if said is None and not seen and stamp.start <= 20:
            said = carried
        labelled = said is not None
        rejected: Reason | None = None
        if not labelled and not (short and _stands_alone(line, stamp)):
            rejected = "caption" if is_caption(line) or line.rstrip().endswith((".", ")")) else "in_heading"
        elif labelled and len(line) > 120 and is_caption(line):
            rejected = "caption"
        seen.append(
            Seen(stamp, line[stamp.start : stamp.end], number, said or "published", labelled, rejected)
        )
        floor = stamp.end
    return seen


def label(before: str) -> Kind | None:
    """The kind of the label nearest to a date, with at most a weekday and two more words between, or with the
    name of who did it ("Posted by Jane Doe on"), or anything short after a label that opens the line."""
    words = [word for word in _NEEDED.findall(before[-80:].lower()) if word not in WEEKDAYS]
    for end in range(len(words), max(0, len(words) - _LONGEST_NAME), -1):
        near = len(words) - end <= 2 or words[end] in _BY
        for size in range(min(_LONGEST_LABEL, end), 0, -1):
            kind = LABELS.get(" ".join(words[end - size : end]))
            if kind and (near or (end == size and len(before) <= 80)):
                return kind
    return None


def _stands_alone(line: str, stamp: Stamp) -> bool:
    """Whether the date is what the line, or its part between separators, is about."""
    if reading := _READING_TIME.search(line, stamp.end):
        line = line[: reading.start()].rstrip()
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
    if len(around) > _LONGEST_BYLINE:
        return False
    after_it = _NEEDED.search(line, stamp.end)
    if (
        stamp.start <= _OPENING and after_it and after_it[0].lower() in _FOLLOWING
    ):  # "3 May 2024 by Jane Doe in Sport"
        return True
    return _OPENS_BYLINE.match(line) is not None
