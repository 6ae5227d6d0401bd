"""What others state of a document beside its bytes: a record, an entry of a feed, a source's declaration."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from tasks.article.byline import people
from tasks.article.date_header import Kind
from tasks.article.date_text import find
from tasks.article.date_value import LONGEST, parse
from tasks.article.dates import precision_of
from tasks.article.model import DateCandidate, Found
from tasks.article.normalise import normalise

_DATES: dict[Kind, tuple[str, ...]] = {
    "published": ("published_at", "published"),
    "modified": ("modified_at", "updated"),
}
_CODE = re.compile(r"([a-z]{2,3})(?:[-_][A-Za-z0-9]{2,8})*", re.IGNORECASE)


def stated(
    given: Mapping[str, object], signal: str, captured_at: datetime | None = None
) -> tuple[dict[str, Found[Any]], list[DateCandidate]]:
    """The fields and dates that a record, an entry or a declaration states; an instant after the capture is none."""
    found: dict[str, Found[Any]] = {}
    for name in ("title", "subtitle", "outlet", "section"):
        value = given.get(name)
        if isinstance(value, str) and value.strip():
            found[name] = Found(" ".join(normalise(value).split()), signal)
    language = given.get("language")
    if isinstance(language, str) and (match := _CODE.fullmatch(language.strip())):
        found["language"] = Found(match[1].lower(), signal)
    if authors := people([normalise(author) for author in _strings(given.get("authors"))]):
        found["authors"] = Found(authors, signal)
    tags = [" ".join(normalise(tag).split()) for tag in _strings(given.get("tags"))]
    if any(tags):
        found["tags"] = Found(tuple(dict.fromkeys(filter(None, tags))), signal)
    code = found["language"].value if "language" in found else None
    dates: list[DateCandidate] = []
    for kind, names in _DATES.items():
        value = next((given[name] for name in names if name in given), None)
        if candidate := date_of(value, signal, kind, code):
            late = captured_at is not None and _is_after(candidate.value, captured_at)
            dates.append(replace(candidate, rejected="future") if late else candidate)
    return found, dates


def _is_after(value: str, moment: datetime) -> bool:
    """Whether a date with an offset is after the moment; without one it may be of any time zone."""
    stated = datetime.fromisoformat(value) if "T" in value else None
    return stated is not None and stated.tzinfo is not None and stated > moment


def _strings(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, (list, tuple)):
        return [item for item in value if isinstance(item, str)]
    return []


def date_of(value: object, signal: str, kind: Kind, language: str | None) -> DateCandidate | None:
    """The one date that a value says, a time, a day or a text; None where it says none, or several.

    It is read as one in a page's attributes is: epochs count, and midnight to the second is the day.
    """
    if isinstance(value, (datetime, date)):
        value = value.isoformat()
    if not isinstance(value, str):
        return None
    text = value.strip()[:LONGEST]
    if re.fullmatch(r"(?:19|20)\d\d(?:-(?:0[1-9]|1[0-2]))?", text):
        return DateCandidate(text, precision_of(text), signal, text, kind)
    stamp = parse(text, language)
    if stamp is None or len(find(text, language)) > 1:
        return None
    if stamp.other is not None:
        return DateCandidate(stamp.value[:4], "year", signal, text, kind, "ambiguous")
    return DateCandidate(stamp.value, stamp.precision, signal, text, kind)
