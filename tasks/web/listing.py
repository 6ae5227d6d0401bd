"""A list of articles in any of its forms: feed, sitemap or index page, as the content tells."""

from __future__ import annotations

import re
import zlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import fields, replace

from tasks.article.decode import decode
from tasks.article.identity import canonical, digest
from tasks.web import feeds, jsonfeed, pages, sitemaps
from tasks.web.listing_values import Malformed
from tasks.web.model import Entry, Kind, Listing, Response

__all__ = ["Malformed", "listing_hash", "parse"]

LONGEST_LIST = 50 << 20  # bytes after decompression, by the protocol of sitemaps
LONGEST_FEED = 16 << 20  # bytes; feedparser reads one to two million a second
_GZIP = b"\x1f\x8b\x08"
_MOST_MEMBERS = 100  # of a gzip file: each costs a copy of the rest
_DECLARED = re.compile(
    rb"""^\s*<\?xml[^>]{,200}?encoding\s*=\s*["']([\w.:-]+)|<meta[^>]{,200}?charset\s*=\s*["']?([\w.:-]+)""",
    re.IGNORECASE,
)
# What XML forbids, and lists contain all the same.
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_PROLOG = re.compile(
    r"\s*(?:<\?.*?\?>|<!--.*?-->|<!DOCTYPE(?!\s+html)[^\[>]*(?:\[.*?\]\s*)?>)", re.DOTALL | re.IGNORECASE
)
_ROOT = re.compile(
    r"<(?:[\w.-]{1,50}:)?(rss|rdf|feed|channel|urlset|sitemapindex|html|!doctype\s+html)\b", re.I
)
_ROOT_WITHIN = 1 << 16  # characters before the first element: messages of a broken site's software
# Entities that a document type declares as a few plain characters. No others are expanded.
_ENTITY = re.compile(r"""<!ENTITY\s+(\w{1,50})\s+["'](&#\w{1,8};|[^&<%"']{1,32})["']\s*>""")
_REFERENCE = re.compile(r"&(\w{1,50});")
_FEEDS = {"rss", "rdf", "feed", "channel"}
_SITEMAPS = {"urlset", "sitemapindex"}


def parse(
    data: bytes,
    *,
    url: str,
    kind: Kind,
    charset: str | None = None,
    links: str | None = None,
) -> Listing:
    """The list in the body ``data`` of the answer from ``url``.

    The content tells the form, whatever was asked for and whatever its type is said to be: half of all feeds are sent
    as HTML. Only an HTML page is a list where ``kind`` is index, of the links whose address matches ``links``.
    ``charset`` is the one declared by the header. Two entries of one address are one; a guid that several entries
    share identifies none of them. Raises Malformed with the reason in one line, and nothing else on any bytes.
    """
    text = _CONTROLS.sub("", _text(_inflated(data), charset)).lstrip("\ufeff \t\r\n")
    if not text:
        raise Malformed("no content")
    listing, entries = _read(text, url, kind, links)
    usable = [entry for entry in entries if entry is not None]
    return replace(listing, entries=_settled(usable), skipped=len(entries) - len(usable))


def read(response: Response, kind: Kind, links: str | None = None) -> Listing:
    """The list in an answer that has a body. Raises Malformed."""
    assert response.body is not None
    url = response.final_url or response.request.url
    return parse(response.body, url=url, kind=kind, charset=response.charset, links=links)


def listing_hash(listing: Listing) -> str:
    """Which addresses the list names, in any order: 32 hexadecimal digits."""
    return digest(
        *sorted({canonical(entry.url) or entry.url for entry in listing.entries + listing.children})
    )


def _read(text: str, url: str, kind: Kind, links: str | None) -> tuple[Listing, list[Entry | None]]:
    if text.startswith("{"):
        return jsonfeed.read(text, url)
    start = 0
    while prolog := _PROLOG.match(text, start):
        start = prolog.end()
    if entities := dict(_ENTITY.findall(text[:start][:_ROOT_WITHIN])):
        text, start = _REFERENCE.sub(lambda found: entities.get(found[1], found[0]), text[start:]), 0
    root = _ROOT.search(text, start, start + _ROOT_WITHIN)
    name = root[1].lower() if root else ""
    if root and name in _SITEMAPS:
        return sitemaps.read(text[root.start() :], url)
    if root and name in _FEEDS:
        if len(text) > LONGEST_FEED:
            raise Malformed(f"a feed of more than {LONGEST_FEED >> 20} MiB")
        return feeds.read(text[root.start() :], url)
    if kind == "index":
        return pages.read(text, url, links)
    if root:
        raise Malformed("an HTML page")
    if text.startswith("<"):
        raise Malformed("XML that is neither a feed nor a sitemap")
    return sitemaps.read_text(text, url)


def _inflated(data: bytes) -> bytes:
    """The bytes behind gzip, if any; what a stream that breaks off has given so far stands."""
    if not data.startswith(_GZIP):
        return data
    inflated = bytearray()
    for _ in range(_MOST_MEMBERS):
        inflater = zlib.decompressobj(wbits=31)
        try:
            inflated += inflater.decompress(data, LONGEST_LIST + 1 - len(inflated))
        except zlib.error:
            raise Malformed("gzip that cannot be read") from None
        if len(inflated) > LONGEST_LIST:
            raise Malformed(f"more than {LONGEST_LIST >> 20} MiB after decompression")
        data = inflater.unused_data
        if not data.startswith(_GZIP):
            break
    return bytes(inflated)


def _text(data: bytes, charset: str | None) -> str:
    """Bytes to text. A declaration of UTF-8 adds nothing, since that is recognised: then the other one counts."""
    found = _DECLARED.search(data[:4096])
    written = (found[1] or found[2]).decode("ascii", "replace") if found else None
    declared = charset if charset and charset.lower().replace("_", "-") not in {"utf-8", "utf8"} else written
    return decode(data, declared).text


def _settled(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Entries of one address made one: the first, its gaps filled by the others."""
    settled: dict[str, Entry] = {}
    for entry in entries:
        first = settled.get(entry.url)
        settled[entry.url] = entry if first is None else _filled(first, entry)
    guids = Counter(entry.guid for entry in settled.values())
    return tuple(
        replace(entry, guid=None) if entry.guid and guids[entry.guid] > 1 else entry
        for entry in settled.values()
    )


def _filled(entry: Entry, other: Entry) -> Entry:
    gaps = {f.name: getattr(other, f.name) for f in fields(entry) if not getattr(entry, f.name)}
    return replace(entry, **gaps)
