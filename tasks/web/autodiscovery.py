"""Where a site's lists may be: what its page declares, what its links look like, and where most sites keep them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from tasks.article.decode import decode
from tasks.web.listing_values import address, line, page
from tasks.web.pages import base_of

FEED_PATHS = (
    "/feed", "/rss", "/rss.xml", "/atom.xml", "/feed.xml", "/index.xml", "/feed.json", "/feeds", "/index.rdf",
    "/rss/index.xml", "/feed/atom", "/feeds/posts/default", "/news/rss", "/arc/outboundfeeds/rss/",
)  # fmt: skip
SITEMAP_PATHS = (
    "/sitemap.xml", "/sitemap_index.xml", "/sitemap-index.xml", "/news-sitemap.xml", "/sitemap-news.xml",
    "/sitemap_news.xml", "/googlenews.xml", "/sitemap.xml.gz", "/sitemap/", "/wp-sitemap.xml",
)  # fmt: skip

_TYPES = {"application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json"}
_GENERIC = {"application/xml", "text/xml", "application/json"}  # a feed only where the address says so too
_FEEDLIKE = re.compile(
    r"[/?&=.](?:rss|atom|feeds?|rdf)(?:[/?&=._-]|\d|$)|feed\.json$|/index\.xml$", re.IGNORECASE
)
_OTHER = re.compile(r"\.(?:html?|jpe?g|png|gif|svg|webp|mp3|mp4|pdf)$|/comments/feed", re.IGNORECASE)
_MOST = 100


@dataclass(frozen=True, slots=True)
class Candidate:
    """An address that may be a feed. ``strength``: declared by the page, or only linked by it.

    ``type`` is the media type that was declared, ``title`` the name given to it.
    """

    url: str
    strength: Literal["declared", "linked"]
    title: str | None = None
    type: str | None = None


def lists_of(data: bytes, url: str, charset: str | None = None) -> list[Candidate]:
    """The feeds that an HTML page at ``url`` points to, declared ones first, each address once."""
    tree = page(decode(data, charset).text)
    if tree is None:
        return []
    base = base_of(tree, url)
    found: dict[str, Candidate] = {}
    for candidate in (*_declared(tree, base), *_linked(tree, base)):
        if candidate.url != url:
            found.setdefault(candidate.url, candidate)
    return list(found.values())[:_MOST]


def _declared(tree: Any, base: str) -> Iterator[Candidate]:
    for link in tree.iter("link"):
        relation = set(link.get("rel", "").lower().split())
        kind = link.get("type", "").partition(";")[0].strip().lower()
        where = address(base, link.get("href"))
        if where is None or not relation & {"alternate", "feed"}:
            continue
        if kind in _TYPES or (kind in _GENERIC and _FEEDLIKE.search(where)) or "feed" in relation:
            yield Candidate(where, "declared", line(link.get("title")), kind or None)


def _linked(tree: Any, base: str) -> Iterator[Candidate]:
    for anchor in tree.iter("a"):
        where = address(base, anchor.get("href"))
        if where and _FEEDLIKE.search(where) and not _OTHER.search(where):
            yield Candidate(where, "linked", line(anchor.text_content()))
