"""JSON Feed, versions 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1/)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from tasks.web.feeds import LONGEST_SUMMARY, full
from tasks.web.listing_values import (
    LONGEST_LINE,
    MOST_ENTRIES,
    Malformed,
    address,
    distinct,
    line,
    moment,
    plain,
    whole,
)
from tasks.web.model import Entry, Listing


def read(body: str, url: str) -> tuple[Listing, list[Entry | None]]:
    """The feed in ``body`` and its entries: None for one without address. Raises Malformed."""
    try:
        feed = json.loads(body, strict=False)
    except (ValueError, RecursionError):
        raise Malformed("JSON that cannot be read") from None
    items = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(items, list):
        raise Malformed("JSON that is no JSON Feed: it has no list of items")
    older = address(url, feed.get("next_url"))
    listing = Listing(
        form="json",
        title=line(feed.get("title")),
        language=line(feed.get("language")),
        archive=older if older != url else None,
    )
    return listing, [_entry(item, url) for item in items[:MOST_ENTRIES]]


def _entry(item: object, url: str) -> Entry | None:
    if not isinstance(item, dict):
        return None
    guid = item.get("id")
    guid = whole(str(guid)) if isinstance(guid, (str, int, float)) and not isinstance(guid, bool) else None
    permalink = guid if guid and "://" in guid else None
    candidates = (item.get("url"), item.get("external_url"), permalink)
    where = next((found for one in candidates if (found := address(url, one))), None)
    if where is None:
        return None
    content, summary = item.get("content_html"), plain(item.get("summary"), LONGEST_SUMMARY)
    content = whole(content) if isinstance(content, str) else None
    tags = item.get("tags")
    return Entry(
        url=where,
        guid=guid if guid and len(guid) <= LONGEST_LINE else None,
        title=line(item.get("title")),
        published=moment(item.get("date_published")),
        updated=moment(item.get("date_modified")),
        authors=distinct(_names(item)),
        language=line(item.get("language")),
        tags=distinct(map(line, tags)) if isinstance(tags, list) else (),
        summary=summary,
        content=full(content, summary),
    )


def _names(item: dict[str, Any]) -> Iterator[str | None]:
    """Names of ``authors`` (1.1), else of ``author`` (1.0)."""
    authors = item.get("authors") or [item.get("author")]
    for author in authors if isinstance(authors, list) else ():
        if isinstance(author, dict):
            yield line(author.get("name"))
