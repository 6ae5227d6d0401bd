"""The dates in a page's JSON-LD: of the article's own object, not of other things that the page describes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from tasks.article.date_header import Kind
from tasks.article.html_linked import WORKS, types
from tasks.article.page import Page
from tasks.article.word_set import word_set

_PAGES: Final = frozenset(
    ("webpage", "medicalwebpage", "faqpage", "itempage", "aboutpage", "website", "thing")
)
_MEDIA: Final = frozenset((
    "videoobject", "audioobject", "mediaobject", "imagegallery", "mediagallery", "podcast", "podcastepisode",
    "podcastseries", "episode", "tvepisode", "radioepisode",
))  # fmt: skip
_KEYS: Final[tuple[tuple[str, Kind], ...]] = (("datepublished", "published"), ("datemodified", "modified"))
_CREATED: Final = ("datecreated", "uploaddate")
_LONGEST_ADDRESS: Final = 1_000  # characters


def stated(page: Page, title: str | None, addresses: Sequence[str]) -> Iterator[tuple[str, Kind, str, bool]]:
    """Give (value, kind, signal, own) of each date, the article's object first; ``own`` is False for the dates of
    a second article that the page describes. ``title`` and ``addresses``: what the page calls itself."""
    articles, pages, media = [], [], []
    for item in page.linked:
        kinds = types(item)
        if kinds & WORKS or (not kinds and "headline" in item):
            articles.append(item)
        elif kinds & _PAGES:
            pages.append(item)
        elif kinds & _MEDIA:
            media.append(item)
    own = _own(articles, title, addresses)
    for item in articles:
        for value, kind in _dates(item):
            yield value, kind, "json-ld", item in own
    for signal, items in (("json-ld:page", pages), ("json-ld:media", media)):
        for item in items:
            for value, kind in _dates(item):
                yield value, kind, signal, True
    for item in (*own, *media):
        lowered = {key.lower(): value for key, value in item.items()}
        for key in _CREATED:
            for value in _strings(lowered.get(key)):
                yield value, "published", "json-ld:created", True


def _dates(item: Mapping[str, Any]) -> Iterator[tuple[str, Kind]]:
    lowered = {key.lower(): value for key, value in item.items()}
    for key, kind in _KEYS:
        for value in _strings(lowered.get(key)):
            yield value, kind


def _own(
    articles: Sequence[Mapping[str, Any]], title: str | None, addresses: Sequence[str]
) -> Sequence[Mapping[str, Any]]:
    """The objects that are the page's article: by its address, by its title, or all where none can be told."""
    if len(articles) < 2:
        return articles
    known = {_bare(address) for address in addresses}
    by_address = [item for item in articles if any(_bare(address) in known for address in _addresses(item))]
    if by_address:
        return by_address
    words = word_set(title or "")
    by_title = [
        item
        for item in articles
        if isinstance(headline := item.get("headline") or item.get("name"), str)
        and _alike(words, word_set(headline))
    ]
    return by_title or articles[:1]


def _alike(one: set[str], other: set[str]) -> bool:
    return bool(one and other) and 2 * len(one & other) > min(len(one), len(other))


def _addresses(item: Mapping[str, Any]) -> Iterator[str]:
    entity = item.get("mainEntityOfPage")
    for value in (
        item.get("url"),
        item.get("@id"),
        entity.get("@id") if isinstance(entity, dict) else entity,
    ):
        if isinstance(value, str) and value:
            yield value


def _bare(address: str) -> str:
    """An address without what differs between its spellings."""
    return re.sub(r"\Ahttps?://(?:www\.)?|[?#].*|/+\Z", "", address[:_LONGEST_ADDRESS].strip().lower())


def _strings(value: object) -> list[str]:
    if isinstance(value, dict):
        value = value.get("@value")
    values = value if isinstance(value, list) else [value]
    return [item for item in values[:1] if isinstance(item, str) and item.strip()]
