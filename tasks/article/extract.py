"""One document to one article: the entry to this package."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Literal

from tasks.article.byline import people
from tasks.article.clean import clean
from tasks.article.date_text import find
from tasks.article.dates import precision_of
from tasks.article.decode import decode
from tasks.article.from_text import from_text
from tasks.article.model import Article, DateCandidate, Found
from tasks.article.normalise import normalise

_META_CHARSET = re.compile(rb"<meta[^>]{1,200}?charset\s*=\s*[\"']?\s*([\w-]{2,40})", re.IGNORECASE)
_CODE = re.compile(r"([a-z]{2,3})(?:[-_][A-Za-z0-9]{2,8})*", re.IGNORECASE)


def extract(
    data: bytes,
    *,
    media: Literal["text", "html"],
    url: str | None = None,
    charset: str | None = None,
    captured_at: datetime | None = None,
    given: Mapping[str, object] = {},
) -> Article:
    """Give the article in a document; never raises on any bytes.

    ``charset``: as declared by whoever sent the bytes. ``captured_at`` (UTC): dates after it are refused.
    ``given``: what a record states beside the body (title, subtitle, authors, published_at, modified_at,
    outlet, language, section, tags, url); valid values win over the document (signal "record"), invalid
    ones count for nothing.
    """
    link = given.get("url")
    url = url or (link if isinstance(link, str) and link else None)
    stated, stated_dates = _stated(given)
    if media == "html":
        from tasks.article.from_html import from_html  # trafilatura takes half a second to import

        declared = charset or _declared(data)
        page = decode(data, declared).text
        return from_html(page, url=url, captured_at=captured_at, stated=stated, stated_dates=stated_dates)
    cleaned = clean(normalise(decode(data, charset).text))
    return from_text(cleaned, url=url, captured_at=captured_at, stated=stated, stated_dates=stated_dates)


def _declared(data: bytes) -> str | None:
    match = _META_CHARSET.search(data[:4096])
    return match[1].decode("ascii") if match else None


def _stated(given: Mapping[str, object]) -> tuple[dict[str, Found[Any]], list[DateCandidate]]:
    found: dict[str, Found[Any]] = {}
    for name in ("title", "subtitle", "outlet", "section"):
        value = given.get(name)
        if isinstance(value, str) and value.strip():
            found[name] = Found(" ".join(normalise(value).split()), "record")
    language = given.get("language")
    if isinstance(language, str) and (match := _CODE.fullmatch(language.strip())):
        found["language"] = Found(match[1].lower(), "record")
    if authors := people(_strings(given.get("authors"))):
        found["authors"] = Found(authors, "record")
    if tags := tuple(dict.fromkeys(tag.strip() for tag in _strings(given.get("tags")) if tag.strip())):
        found["tags"] = Found(tags, "record")
    code = found["language"].value if "language" in found else None
    dates: list[DateCandidate] = []
    for kind, name in (("published", "published_at"), ("modified", "modified_at")):
        if candidate := _date(given.get(name), kind, code):  # type: ignore[arg-type]
            dates.append(candidate)
    return found, dates


def _strings(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, (list, tuple)):
        return [item for item in value if isinstance(item, str)]
    return []


def _date(
    value: object, kind: Literal["published", "modified"], language: str | None
) -> DateCandidate | None:
    if isinstance(value, (datetime, date)):
        value = value.isoformat()
    if not isinstance(value, str):
        return None
    text = value.strip()[:80]
    if re.fullmatch(r"(?:19|20)\d\d(?:-(?:0[1-9]|1[0-2]))?", text):
        return DateCandidate(text, precision_of(text), "record", text, kind)
    stamps = find(text, language)
    if len(stamps) != 1:
        return None
    stamp = stamps[0]
    if stamp.other is not None:
        return DateCandidate(stamp.value[:4], "year", "record", text, kind, "ambiguous")
    return DateCandidate(stamp.value, stamp.precision, "record", text, kind)
