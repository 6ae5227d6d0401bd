"""The lead image of a page: the one it gives for sharing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

from tasks.article.html_choice import first
from tasks.article.html_linked import articles, objects, strings
from tasks.article.model import Found
from tasks.article.page import Page
from tasks.article.reasons import Reason

_METAS = (
    "og:image:secure_url",
    "og:image",
    "og:image:url",
    "twitter:image",
    "twitter:image:src",
    "thumbnailurl",
)
_STANDIN = re.compile(
    r"(?:^|[/_.-])(?:logos?|placeholder|default|fallback|avatar|favicon|icons?|blank|spacer|pixel|sprite|no-?image"
    r"|no-?photo|share-?image|social-?share|og-?image|missing|dummy|generic)(?:[/_.-]|\d|\Z)|\.svg\Z",
    re.IGNORECASE,
)
_LONGEST = 2_000  # characters of an address


def image_url(page: Page, url: str | None = None) -> Found[str]:
    """Find the address (http or https) of the lead image; a logo or another stand-in is none.

    ``url``: of the page, which relative addresses start from.
    """
    seen: list[tuple[str, str, Reason | None]] = []
    for text, signal in _images(page):
        if address := absolute(text, url):
            stands_in = _STANDIN.search(urlsplit(address).path)
            seen.append((address, signal, "placeholder" if stands_in else None))
    return first(seen, "placeholder" if seen else "not_stated")


def _images(page: Page) -> Iterator[tuple[str, str]]:
    for name in _METAS[:3]:
        yield from ((text, f"meta:{name}") for text in page.metas.get(name, ())[:1])
    for item in articles(page.linked)[:3]:
        for field in ("image", "thumbnailUrl"):
            value = item.get(field)
            yield from ((text, "json-ld") for text in strings(value)[:1])
            for one in objects(value, page.linked)[:1]:
                stated = strings(one.get("url")) or strings(one.get("contentUrl"))
                yield from ((text, "json-ld") for text in stated[:1])
    for name in _METAS[3:]:
        yield from ((text, f"meta:{name}") for text in page.metas.get(name, ())[:1])


def absolute(text: str, url: str | None) -> str | None:
    """The address, http or https, that a page at ``url`` means by ``text``; None where that is none."""
    text = text.strip()
    if not text or len(text) > _LONGEST:
        return None
    try:
        address = urljoin(url or "https://", text)
        parts = urlsplit(address)
    except ValueError:
        return None
    return address if parts.scheme in ("http", "https") and "." in parts.netloc else None
