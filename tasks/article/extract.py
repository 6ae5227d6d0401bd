"""One document to one article: the entry to this package."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any, Literal

from tasks.article.byline import people
from tasks.article.canonical_choice import led_away
from tasks.article.clean import clean
from tasks.article.date_header import Kind
from tasks.article.date_text import find
from tasks.article.dates import precision_of
from tasks.article.decode import decode
from tasks.article.from_text import from_text
from tasks.article.model import Article, DateCandidate, Found
from tasks.article.normalise import normalise
from tasks.article.record import Hints

_META_CHARSET = re.compile(rb"<meta[^>]{1,200}?charset\s*=\s*[\"']?\s*([\w-]{2,40})", re.IGNORECASE)
_DATES: dict[Kind, tuple[str, ...]] = {
    "published": ("published_at", "published"),
    "modified": ("modified_at", "updated"),
}
_CODE = re.compile(r"([a-z]{2,3})(?:[-_][A-Za-z0-9]{2,8})*", re.IGNORECASE)


def extract(
    data: bytes,
    *,
    media: Literal["text", "html"],
    url: str | None = None,
    final_url: str | None = None,
    charset: str | None = None,
    captured_at: datetime | None = None,
    given: Mapping[str, object] = {},
    of_feed: bool = False,
) -> Article:
    """Give the article in a document; never raises on any bytes.

    ``charset``: as declared by whoever sent the bytes. ``captured_at`` (UTC): dates after it are refused.
    ``given``: what a record states beside the body (title, subtitle, authors, published_at, modified_at,
    outlet, language, section, tags, url); valid values win over the document (signal "record"), invalid
    ones count for nothing.

    Of a document that was fetched from ``url``, ``final_url`` is the address that answered, and ``given`` has what else
    is known of it: "entry", what a feed or news sitemap said (title, published, updated, authors, language, tags),
    counts only where the page says nothing (signal "feed"), or beside the body where that is the feed's own
    (``of_feed``); "source", what its source is declared to be: the outlet wins, since it is what its user files the
    article under, the language counts where none can be told (signal "source"). A page that a redirect led to, away
    from the article, holds none.
    """
    link = given.get("url")
    url = url or (link if isinstance(link, str) and link else None)
    stated, stated_dates = _stated(given, "record")
    entry, entry_dates = _stated(_object(given, "entry"), "feed", captured_at)
    source, _ = _stated(_object(given, "source"), "source")
    if "outlet" in source:
        stated["outlet"] = source.pop("outlet")
    if of_feed:
        stated, stated_dates = {**entry, **stated}, [*stated_dates, *entry_dates]
        entry, entry_dates = {}, []
    hinted = Hints({**source, **entry}, tuple(entry_dates))
    if led_away(url, final_url):
        data = b""
    if media == "html":
        from tasks.article.from_html import from_html  # trafilatura takes half a second to import

        declared = charset or _declared(data)
        page = decode(data, declared).text
        return from_html(
            page,
            url=url, final_url=final_url, captured_at=captured_at,
            stated=stated, stated_dates=stated_dates, hinted=hinted,
        )  # fmt: skip
    cleaned = clean(normalise(decode(data, charset).text))
    return from_text(
        cleaned, url=url, captured_at=captured_at, stated=stated, stated_dates=stated_dates, hinted=hinted
    )


def _declared(data: bytes) -> str | None:
    match = _META_CHARSET.search(data[:4096])
    return match[1].decode("ascii") if match else None


def _object(given: Mapping[str, object], name: str) -> Mapping[str, object]:
    value = given.get(name)
    return value if isinstance(value, Mapping) else {}


def _stated(
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
    if authors := people(_strings(given.get("authors"))):
        found["authors"] = Found(authors, signal)
    if tags := tuple(dict.fromkeys(tag.strip() for tag in _strings(given.get("tags")) if tag.strip())):
        found["tags"] = Found(tags, signal)
    code = found["language"].value if "language" in found else None
    dates: list[DateCandidate] = []
    for kind, names in _DATES.items():
        value = next((given[name] for name in names if name in given), None)
        if candidate := _date(value, signal, kind, code):
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


def _date(value: object, signal: str, kind: Kind, language: str | None) -> DateCandidate | None:
    if isinstance(value, (datetime, date)):
        value = value.isoformat()
    if not isinstance(value, str):
        return None
    text = value.strip()[:80]
    if re.fullmatch(r"(?:19|20)\d\d(?:-(?:0[1-9]|1[0-2]))?", text):
        return DateCandidate(text, precision_of(text), signal, text, kind)
    stamps = find(text, language)
    if len(stamps) != 1:
        return None
    stamp = stamps[0]
    if stamp.other is not None:
        return DateCandidate(stamp.value[:4], "year", signal, text, kind, "ambiguous")
    return DateCandidate(stamp.value, stamp.precision, signal, text, kind)
