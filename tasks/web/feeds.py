"""RSS, RDF, Atom and CDF, through feedparser."""

from __future__ import annotations

from typing import Any

from tasks.web.feeds_parser import Parsed, parse
from tasks.web.listing_values import (
    LONGEST_LINE,
    LONGEST_MARKUP,
    Malformed,
    address,
    distinct,
    line,
    moment,
    plain,
)
from tasks.web.model import Entry, Listing

_HTML = {"text/html", "application/xhtml+xml", "html", "xhtml"}
_PERIODS = {"hourly": 3600, "daily": 86_400, "weekly": 604_800, "monthly": 2_592_000, "yearly": 31_536_000}
_FULL = 500  # characters of text that an article has at least
LONGEST_SUMMARY = 20_000  # characters of a summary that are kept


def read(body: str, url: str) -> tuple[Listing, list[Entry | None]]:
    """The feed in ``body``, which starts with its first element, and its entries: None for one without address.

    Raises Malformed where there is neither an entry nor a feed element.
    """
    parsed = parse(body, url)
    if not (parsed.entries or parsed.version or parsed.feed):
        raise Malformed("a feed that breaks off before its first element")
    feed = parsed.feed
    listing = Listing(
        form=_form(parsed.version),
        title=text(feed, "title"),
        language=line(feed.get("language")),
        archive=_archive(feed, url),
        ttl=_ttl(feed),
    )
    return listing, entries(parsed, url)


def entries(parsed: Parsed, url: str) -> list[Entry | None]:
    """The entries of a feed at ``url``, in its order; None for each that has no usable address."""
    return [_entry(raw, url, parsed) for raw in parsed.entries]


def text(raw: dict[str, Any], name: str, most: int = LONGEST_LINE) -> str | None:
    """The element ``name`` as plain text of ``most`` characters, whichever way its markup is written."""
    value, detail = raw.get(name), raw.get(f"{name}_detail")
    kind = detail.get("type") if isinstance(detail, dict) else None
    return plain(value, most) if kind in _HTML else line(value, most)


def guid(raw: dict[str, Any]) -> str | None:
    """The entry's own identity as it is written; only a path is resolved (feedparser resolves any text)."""
    written = raw.get("id_as_written") or raw.get("id")
    value = raw.get("id") if isinstance(written, str) and written.startswith("/") else written
    return value if isinstance(value, str) and 0 < len(value) <= LONGEST_LINE else None


def link(raw: dict[str, Any], url: str) -> str | None:
    """The article's address: the one before FeedBurner's, the link, or a guid that is an address itself."""
    links = [other for other in raw.get("links", ()) if other.get("rel") == "alternate"]
    links.sort(key=lambda other: other.get("type") not in _HTML)  # stable: the first page, then other forms
    permalink = guid(raw) or ""
    candidates = (
        raw.get("feedburner_origlink"),
        *(other.get("href") for other in links),
        None if raw.get("guidislink") else raw.get("link"),
        *(content.get("src") for content in raw.get("content", ())),
        permalink if "://" in permalink else None,
    )
    return next((found for one in candidates if (found := address(url, one))), None)


def _entry(raw: dict[str, Any], url: str, parsed: Parsed) -> Entry | None:
    where = link(raw, url)
    if where is None:
        return None
    content = next(
        (c["value"] for c in raw.get("content", ()) if c.get("type") in _HTML and "value" in c), None
    )
    summary = None if raw.get("summary") == content else text(raw, "summary", LONGEST_SUMMARY)
    return Entry(
        url=where,
        guid=guid(raw),
        title=text(raw, "title"),
        published=moment(raw.get("published")) or moment(raw.get("created")),
        updated=moment(raw.get("updated")),
        authors=distinct(_name(author) for author in raw.get("authors", ())),
        language=_language(raw, parsed.feed),
        tags=distinct(line(tag.get("label") or tag.get("term")) for tag in raw.get("tags", ())),
        summary=summary,
        content=full(content, summary),
    )


def full(content: object, summary: str | None) -> str | None:
    """``content`` where it is clearly the whole article: of some length, and longer than the summary."""
    if not isinstance(content, str) or not _FULL <= len(content) <= LONGEST_MARKUP:
        return None
    length = len(plain(content) or "")
    return content if length >= _FULL and length > len(summary or "") else None


def _name(author: dict[str, Any]) -> str | None:
    name = line(author.get("name"))
    return None if name is None or "@" in name or len(name) > 200 else name


def _language(raw: dict[str, Any], feed: dict[str, Any]) -> str | None:
    """The language that the entry states for itself (xml:lang is inherited: then it says nothing of the entry)."""
    detail = raw.get("title_detail")
    inherited = detail.get("language") if isinstance(detail, dict) else None
    return line(raw.get("language") or (inherited if inherited != feed.get("language") else None))


def _form(version: str) -> str:
    if version.startswith("atom"):
        return "atom"
    return "rdf" if version in {"rss090", "rss10"} else "rss"


def _archive(feed: dict[str, Any], url: str) -> str | None:
    """The page before this one (RFC 5005): of an archived feed, else of a paged one."""
    links = {other.get("rel"): address(url, other.get("href")) for other in reversed(feed.get("links", ()))}
    older = links.get("prev-archive") or links.get("next")
    return older if older != url else None


def _ttl(feed: dict[str, Any]) -> int | None:
    """Seconds: of RSS's ttl (minutes), else of the syndication module (so many times a period)."""
    minutes = _number(feed.get("ttl"))
    if minutes:
        return minutes * 60
    period = _PERIODS.get(str(feed.get("sy_updateperiod", "")).strip().lower())
    return period // (_number(feed.get("sy_updatefrequency")) or 1) if period else None


def _number(value: object) -> int | None:
    digits = value.strip() if isinstance(value, str) else ""
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= 9 else None
