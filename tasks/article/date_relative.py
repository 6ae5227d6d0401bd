"""Dates told by their distance: "2 hours ago", "vor 3 Stunden", "yesterday at 10:30"; only known from the capture."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Final

from tasks.article.date_text import Stamp
from tasks.article.date_words import table

LONGEST: Final = 120  # characters of a line that may tell one
_WORDS: Final = table("relative_dates")
_UNITS: Final = {word: unit for unit in ("minute", "hour", "day") for word in _WORDS[unit]}
_MOST: Final = {"minute": 120, "hour": 48, "day": 31}


def _any(words: list[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(set(words), key=len, reverse=True))


_COUNT: Final = rf"(?P<n>\d{{1,3}}|(?:{_any(_WORDS['one'])})(?=\s))\s?(?P<unit>{_any(list(_UNITS))})\.?"
_BEFORE: Final = re.compile(rf"(?<!\w)(?:{_any(_WORDS['before'])})\s{_COUNT}(?![^\W\d_])")
_AFTER: Final = re.compile(rf"(?<![\w.,:]){_COUNT}\s?(?:{_any(_WORDS['after'])})(?![^\W\d_])")
# Alone on its line but for a label, or with a time of day: "USA Today" and "hier" (German for here) are none.
_DAYS: Final = re.compile(
    rf"(?:\A|(?<=[:|·•–,]\s))(?:(?P<today>{_any(_WORDS['today'])})|(?P<yesterday>{_any(_WORDS['yesterday'])}))(?!\w)"
    r"(?:[\s,|·•–-]{1,3}(?:at |um |à |a las |alle |kl\.? |om |в |о |о )?(?P<h>[0-2]?\d)[:.hH](?P<m>[0-5]\d)(?!\d))?"
)


def find(line: str, captured_at: datetime) -> Stamp | None:
    """Find the date that a line tells by its distance from the capture (an aware moment); None where it tells none.

    Minutes and hours give an hour in UTC, since they are rounded; days give the day. Weeks and more give nothing.
    """
    if len(line) > LONGEST:
        return None
    lower = line.lower()
    if len(lower) != len(line):  # a letter that is two in lower case
        return None
    now = captured_at.astimezone(UTC)
    if match := _BEFORE.search(lower) or _AFTER.search(lower):
        count, unit = int(match["n"]) if match["n"].isdigit() else 1, _UNITS[match["unit"]]
        if count > _MOST[unit]:
            return None
        moment = now - timedelta(**{f"{unit}s": count})
        if unit == "day":
            return Stamp(moment.date().isoformat(), "day", match.start(), match.end())
        return Stamp(f"{moment:%Y-%m-%dT%H}+00:00", "hour", match.start(), match.end())
    match = _DAYS.search(lower)
    if match and (match["h"] or match.end() == len(lower)):
        day = (now - timedelta(days=1 if match["yesterday"] else 0)).date().isoformat()
        if match["h"] and int(match["h"]) < 24:
            return Stamp(f"{day}T{int(match['h']):02d}:{match['m']}", "minute", match.start(), match.end())
        return Stamp(day, "day", match.start(), match.end())
    return None
