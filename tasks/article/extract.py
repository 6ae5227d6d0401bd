"""One document to one article: the entry to this package."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal

from tasks.article.canonical_choice import led_away
from tasks.article.clean import clean
from tasks.article.decode import decode
from tasks.article.from_html import from_html
from tasks.article.from_text import from_text
from tasks.article.model import Article, Examined
from tasks.article.normalise import normalise
from tasks.article.quirks import Quirk, chosen
from tasks.article.record import Hints
from tasks.article.stated import stated as stated_by

_META_CHARSET = re.compile(rb"<meta[^>]{1,200}?charset\s*=\s*[\"']?\s*([\w-]{2,40})", re.IGNORECASE)


def extract(
    data: bytes,
    *,
    media: Literal["text", "html"],
    url: str | None = None,
    final_url: str | None = None,
    charset: str | None = None,
    captured_at: datetime | None = None,
    loaded_at: datetime | None = None,
    given: Mapping[str, object] = {},
    of_feed: bool = False,
    quirks: Sequence[Quirk] = (),
) -> Article:
    """Give the article in a document, see ``examine``; never raises on any bytes."""
    return examine(
        data, media=media, url=url, final_url=final_url, charset=charset, captured_at=captured_at,
        loaded_at=loaded_at, given=given, of_feed=of_feed, quirks=quirks, shown=False,
    ).article  # fmt: skip


def examine(
    data: bytes,
    *,
    media: Literal["text", "html"],
    url: str | None = None,
    final_url: str | None = None,
    charset: str | None = None,
    captured_at: datetime | None = None,
    loaded_at: datetime | None = None,
    given: Mapping[str, object] = {},
    of_feed: bool = False,
    quirks: Sequence[Quirk] = (),
    shown: bool = True,
) -> Examined:
    """Give the article in a document, and how it came about; never raises on any bytes.

    ``charset``: as declared by whoever sent the bytes. ``captured_at`` (UTC): dates after it are refused,
    and "2 hours ago" is counted from it. ``loaded_at``: when the bytes were read, where it is not known when they were
    captured; dates after it are refused, and nothing is counted from it.
    ``given``: what a record states beside the body (title, subtitle, authors, published_at, modified_at,
    outlet, language, section, tags, url); valid values win over the document (signal "record"), invalid
    ones count for nothing.

    Of a document that was fetched from ``url``, ``final_url`` is the address that answered, and ``given`` has what else
    is known of it: "entry", what a feed or news sitemap said (title, published, updated, authors, language, tags),
    counts only where the page says nothing (signal "feed"), or beside the body where that is the feed's own
    (``of_feed``); "source", what its source is declared to be: the outlet wins, since it is what its user files the
    article under, the language counts where none can be told (signal "source"). A page that a redirect led to, away
    from the article, holds none. ``quirks``: the source's own selectors, of which those count that are for captures of
    ``captured_at``. ``shown``: give the document's blocks too.
    """
    link = given.get("url")
    url = url or (link if isinstance(link, str) and link else None)
    stated, stated_dates = stated_by(given, "record")
    entry, entry_dates = stated_by(_object(given, "entry"), "feed", captured_at)
    source, _ = stated_by(_object(given, "source"), "source")
    if "outlet" in source:
        stated["outlet"] = source.pop("outlet")
    if of_feed:
        stated, stated_dates = {**entry, **stated}, [*stated_dates, *entry_dates]
        entry, entry_dates = {}, []
    hinted = Hints({**source, **entry}, tuple(entry_dates))
    if led_away(url, final_url):
        data = b""
    if media == "html":
        declared = charset or _declared(data)
        page = decode(data, declared).text
        return from_html(
            page,
            url=url, final_url=final_url, captured_at=captured_at, latest=captured_at or loaded_at,
            stated=stated, stated_dates=stated_dates, hinted=hinted,
            quirk=chosen(quirks, captured_at or loaded_at), shown=shown,
        )  # fmt: skip
    cleaned = clean(normalise(decode(data, charset).text))
    return from_text(
        cleaned, url=url, captured_at=captured_at or loaded_at,
        stated=stated, stated_dates=stated_dates, hinted=hinted, shown=shown,
    )  # fmt: skip


def _declared(data: bytes) -> str | None:
    match = _META_CHARSET.search(data[:4096])
    return match[1].decode("ascii") if match else None


def _object(given: Mapping[str, object], name: str) -> Mapping[str, object]:
    value = given.get(name)
    return value if isinstance(value, Mapping) else {}
