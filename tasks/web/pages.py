"""HTML index pages: the links on them that are articles."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any
from urllib.parse import urldefrag

from tasks.article.identity import canonical
from tasks.web.listing_values import MOST_ENTRIES, Malformed, address, line, page, plain
from tasks.web.model import Entry, Listing

_NOT_FOLLOWED = {"nofollow", "sponsored", "ugc"}


def read(body: str, url: str, links: str | None) -> tuple[Listing, list[Entry | None]]:
    """The links of an HTML page whose address matches ``links`` (every one by default), in document order.

    Left out: links that ask not to be followed, those into the page itself, and those that are not http(s).
    Raises Malformed where there is no element at all.
    """
    tree = page(body)
    if tree is None:
        raise Malformed("a page without any element")
    wanted = re.compile(links or "")
    listing = Listing(
        "html",
        title=plain(tree.findtext(".//title")),
        language=line(tree.get("lang") or tree.get("xml:lang")),
    )
    entries = (Entry(where, title=title) for where, title in anchors(tree, url) if wanted.search(where))
    return listing, list(islice(entries, MOST_ENTRIES))


def anchors(tree: Any, url: str) -> Iterator[tuple[str, str | None]]:
    """Address (without fragment) and text of each link of a page at ``url`` to another one."""
    base = base_of(tree, url)
    own = {canonical(url), canonical(base)}
    for anchor in tree.iter("a"):
        reference = anchor.get("href", "").strip()
        if reference.startswith("#") or _NOT_FOLLOWED & set(anchor.get("rel", "").lower().split()):
            continue
        if (where := address(base, reference)) and canonical(where) not in own:
            yield urldefrag(where).url, line(anchor.text_content())


def base_of(tree: Any, url: str) -> str:
    """The address that the page's references are relative to: its first base element's, else its own."""
    return next((found for base in tree.iter("base") if (found := address(url, base.get("href")))), url)
