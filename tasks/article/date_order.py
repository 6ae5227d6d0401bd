"""Whether a numeric date such as 5/3/2024 puts its day or its month first: settled by evidence, or left open."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Final, Literal
from urllib.parse import urlsplit

from tasks.article.date_outcome import out_of_range
from tasks.article.date_text import Stamp
from tasks.article.date_words import WORDS

Order = Literal["day", "month"]

_SLASHED: Final = re.compile(r"(?<!\d)(\d{1,2})[/-](\d{1,2})[/-]\d{2,4}(?!\d)")
_MONTH_FIRST: Final = frozenset(WORDS["month_first_countries"])
_ENGLISH_DAY_FIRST: Final = frozenset(WORDS["day_first_countries"])
_REGION: Final = re.compile(r"\A[a-z]{2,3}[-_]([a-z]{2})\b", re.IGNORECASE)


def written_order(text: str) -> Order | None:
    """Which part a numeric date puts first, where one of the two can be no month ("13/06/2014")."""
    match = _SLASHED.search(text)
    if match is None or (int(match[1]) > 12) == (int(match[2]) > 12):
        return None
    return "day" if int(match[1]) > 12 else "month"


def evidence(stamps: Iterable[tuple[Stamp, str]], others: Iterable[str] = ()) -> set[Order]:
    """The orders that a document's dates (each with its text) show: those of numeric dates that are not open, and
    the readings of the open ones that another date confirms. ``others``: ISO dates known of the document besides."""
    pairs = list(stamps)
    orders = {order for _, text in pairs if (order := written_order(text))}
    certain = {stamp.value[:10] for stamp, _ in pairs if stamp.other is None} | {
        value[:10] for value in others
    }
    for stamp, _ in pairs:
        if stamp.other is not None:
            if stamp.value[:10] in certain:
                orders.add("day")
            if stamp.other[:10] in certain:
                orders.add("month")
    return orders


def country_order(url: str | None, tag: str | None) -> set[Order]:
    """The order of the country that a URL's top-level domain names, or else a language tag ("en-GB"); empty where
    neither names one."""
    host = (urlsplit(url).hostname or "") if url and _is_address(url) else ""
    region = _REGION.match(tag or "")
    for country in (host.rpartition(".")[2], region[1].lower() if region else ""):
        if country in _MONTH_FIRST:
            return {"month"}
        if country in _ENGLISH_DAY_FIRST:
            return {"day"}
    return set()


def _is_address(url: str) -> bool:
    try:
        urlsplit(url)
    except ValueError:
        return False
    return True


def settled(stamp: Stamp, orders: set[Order], captured_at: datetime | None = None) -> Stamp:
    """The one reading of an open date, where the orders or the capture, before which it lies, leave but one; else
    the date as it was."""
    if stamp.other is None:
        return stamp
    if len(orders) == 1:
        return replace(stamp, value=stamp.value if "day" in orders else stamp.other, other=None)
    possible = [value for value in (stamp.value, stamp.other) if out_of_range(value, captured_at) is None]
    return replace(stamp, value=possible[0], other=None) if len(possible) == 1 else stamp
