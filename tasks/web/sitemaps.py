"""Sitemaps, their indexes, news sitemaps, and the plain-text kind (https://www.sitemaps.org/protocol.html)."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from lxml import etree

from tasks.web.listing_values import MOST_ENTRIES, Malformed, address, distinct, line, moment
from tasks.web.model import Entry, Listing

_INDEX = re.compile(r"<[\w.-]*:?sitemapindex\b", re.IGNORECASE)
_BARE = re.compile(r"&(?!#?\w+;)")
_CHARACTER = re.compile(r"&#\w+;")


def read(body: str, url: str) -> tuple[Listing, list[Entry | None]]:
    """The sitemap or sitemap index in ``body``, which starts with its first element, and its entries.

    Namespaces play no part: sites write several, or none. A file that is broken is read as far as it goes, with its
    bare ampersands mended. Raises Malformed where it breaks before the first entry.
    """
    try:
        entries = _parsed(body, url, recover=False)
    except etree.XMLSyntaxError as error:
        mended = _CHARACTER.sub(_possible, _BARE.sub("&amp;", body))
        entries = _parsed(mended, url, recover=True)
        if not entries:
            reason = (error.msg or "").partition("\n")[0]  # the rest quotes the file
            raise Malformed(f"XML that cannot be read: {reason[:200]}") from None
    if _INDEX.match(body):
        children = tuple(child for child in entries if child)
        return Listing("sitemapindex", children=children), [None] * (len(entries) - len(children))
    return Listing("sitemap"), entries


def read_text(body: str, url: str) -> tuple[Listing, list[Entry | None]]:
    """The sitemap of one address a line. Raises Malformed where the first line is none."""
    lines = [one.strip() for one in body.splitlines() if one.strip()]
    entries = [
        Entry(where) if "://" in one and (where := address(url, one)) else None
        for one in lines[:MOST_ENTRIES]
    ]
    if not entries or entries[0] is None:
        raise Malformed("neither XML nor JSON nor one address a line")
    return Listing("sitemap"), entries


def _possible(reference: re.Match[str]) -> str:
    """A reference to what is a character; libxml2's recovery would let half a surrogate pair into its tree."""
    character = html.unescape(reference[0]) if len(reference[0]) <= 12 else ""
    return reference[0] if len(character) == 1 and character != "\ufffd" else "\ufffd"


def _parsed(body: str, url: str, *, recover: bool) -> list[Entry | None]:
    """What it lists. Raises XMLSyntaxError unless ``recover``."""
    events = etree.iterparse(
        io.BytesIO(body.encode("utf-8", "replace")),
        events=("end",),
        tag=("{*}url", "{*}sitemap"),
        recover=recover,
        encoding="utf-8",
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    return list(islice(_entries(events, url), MOST_ENTRIES))


def _entries(events: Any, url: str) -> Iterator[Entry | None]:
    for _, element in events:
        yield _entry(element, url)
        element.clear()
        while (before := element.getprevious()) is not None:  # memory stays that of one entry
            before.getparent().remove(before)


def _entry(element: Any, url: str) -> Entry | None:
    said: dict[str, str] = {}
    news: dict[str, str] = {}
    for child in element:
        if _name(child) == "news":
            news |= {_name(part): part.text or "" for part in child.iter() if isinstance(part.tag, str)}
        else:
            said.setdefault(_name(child), child.text or "")
    where = address(url, said.get("loc"))
    if where is None:
        return None
    return Entry(
        url=where,
        title=line(news.get("title")),
        published=moment(news.get("publication_date")),
        updated=moment(said.get("lastmod")),
        language=line(news.get("language")),
        tags=distinct(map(line, news.get("keywords", "").split(","))),
    )


def _name(element: Any) -> str:
    """The local name; "" for what is no element (an entity left unresolved)."""
    tag = element.tag
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""
