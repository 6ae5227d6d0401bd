"""The date in an article's address: a day is a statement, a month alone is a bound."""

from __future__ import annotations

import re
from datetime import date
from typing import Final
from urllib.parse import unquote

from tasks.article.date_words import month

_YEAR: Final = r"(?P<y>(?:19[89]|20[0-4])\d)"
_MONTH: Final = r"(?P<m>0?[1-9]|1[0-2])"
_DAY: Final = r"(?P<d>0?[1-9]|[12]\d|3[01])"
_DAYS: Final = (
    re.compile(rf"(?<![^/_.-]){_YEAR}(?P<s>[_.-]){_MONTH}(?P=s){_DAY}(?![^/_.+-])"),
    re.compile(
        rf"(?<![^/_.-]){_YEAR}/{_MONTH}/{_DAY}(?![^/_.])"
    ),  # "/2024/05/3-ways": three ways, not the third
    re.compile(
        rf"(?<![0-9a-z]){_YEAR}(?P<s>-?)(?P<m>0[1-9]|1[0-2])(?P=s)(?P<d>0[1-9]|[12]\d|3[01])(?!\d|[a-z]\d)"
    ),
    re.compile(
        rf"(?<![0-9a-z]){_YEAR}(?:-(?P<m>0[1-9]|1[0-2])/|/(?P<n>0[1-9]|1[0-2])/?)(?P<d>0[1-9]|[12]\d|3[01])(?![\d-])"
    ),
    # The number of an article that begins with its day, "A20240503…" or "202405031015…".
    re.compile(
        r"(?<![0-9])(?<![a-z]{4})(?P<y>20[0-4]\d)(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])\d{2,14}(?![\da-z])"
    ),
    re.compile(rf"(?<![^/_.-]){_YEAR}/(?P<w>[a-z]{{3,9}})/{_DAY}(?![^/])"),
    re.compile(
        rf"(?<![^/_.-])(?P<d>0[1-9]|[12]\d|3[01])(?P<s>[_.-])(?P<m>0[1-9]|1[0-2])(?P=s){_YEAR}(?![^/_.-])"
    ),
)
_MONTHS: Final = re.compile(rf"/{_YEAR}[/-](?P<m>0[1-9]|1[0-2])(?=/)")
_LONGEST: Final = 2_000  # characters


def in_address(url: str | None) -> tuple[str, str] | None:
    """Give the date in a URL's path, ISO 8601 to the day or month, and how it is written there; None without one."""
    if not url:
        return None
    path = re.split(r"[?#]", url.partition("://")[2][:_LONGEST], maxsplit=1)[0].partition("/")[2]
    path = "/" + unquote(path).lower()
    for pattern in _DAYS:
        for match in pattern.finditer(path):
            got = match.groupdict()
            number = month(got["w"], "en") if got.get("w") else int(got["m"] or got["n"])
            try:
                return date(int(got["y"]), number or 0, int(got["d"])).isoformat(), match[0].strip("/_.-+")
            except ValueError:
                continue
    bound = _MONTHS.search(path)
    return (f"{bound['y']}-{bound['m']}", bound[0].strip("/")) if bound else None
