"""Month names, date labels and time zones, read once from the data files."""

from __future__ import annotations

import re
import tomllib
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, Literal
from unicodedata import normalize


def table(name: str) -> dict[str, Any]:
    """Read ``data/NAME.toml``."""
    return tomllib.loads((files("tasks.article") / "data" / f"{name}.toml").read_text("utf8"))


WORDS = table("date_words")
DAY_FIRST = frozenset(WORDS["day_first"])
YEAR_FIRST = frozenset(WORDS["year_first"])
WEEKDAYS = frozenset(WORDS["weekdays"])
LABELS: dict[str, Literal["published", "modified"]] = {
    " ".join(re.findall(r"[^\W\d_]{2,}", label)): kind
    for kind in ("published", "modified")
    for label in WORDS[kind]
}


@cache
def _months() -> dict[str, dict[str, int]]:
    names: dict[str, dict[str, int]] = {}
    for language, months in table("months").items():
        for number, forms in enumerate(months, start=1):
            for form in forms.split():
                names.setdefault(normalize("NFC", form.replace("_", " ")), {})[language] = number
    return names


def month(name: str, language: str | None) -> int | None:
    """Give the number of a month's name; None where the word is no month.

    None as well where it means two: "listopad" is October in Croatian and November in Polish.
    """
    name = name.lower().rstrip(".")
    readings = _months().get(name if name.isascii() else normalize("NFC", name))
    if readings is None:
        return None
    if language in readings:
        return readings[language]
    numbers = set(readings.values())
    return numbers.pop() if len(numbers) == 1 else None


def offset(zone: str, day: date | None) -> str | None:
    """Give the UTC offset (``+02:00``) of a written offset or zone name on a day; None where unsure."""
    numeric = re.fullmatch(r"(?:GMT|UTC)? ?([+−-])(\d{1,2}):?(\d{2})?", zone)
    if numeric:
        sign, hours, minutes = numeric.groups()
        if int(hours) > 14:
            return None
        return f"{'+' if sign == '+' else '-'}{int(hours):02d}:{minutes or '00'}"
    name = zone.replace(".", "").upper()
    if name in WORDS["zones"]:
        return str(WORDS["zones"][name])
    if day is None:
        return None
    if name in WORDS["winter_zones"]:
        return str(WORDS["winter_zones"][name]) if day.month in (1, 2, 3, 11, 12) else None
    if name in WORDS["us_zones"] and day.year >= 2007:
        return f"-{-WORDS['us_zones'][name] - _us_summer(day):02d}:00"
    return None


def _us_summer(day: date) -> bool:
    """Daylight saving time in the United States since 2007: second Sunday of March to first of November."""
    second_sunday = date(day.year, 3, 14 - (date(day.year, 3, 14).weekday() + 1) % 7)
    first_sunday = date(day.year, 11, 7 - (date(day.year, 11, 7).weekday() + 1) % 7)
    return second_sunday <= day < first_sunday
