"""What passes between the parts of this package, and what it gives to the journey."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from tasks.files.model import Document, Outcome

Kind = Literal["article", "feed", "sitemap", "index", "robots", "source"]
Asked = Literal["plain", "conditional", "recheck", "distrusted"]


@dataclass(frozen=True, slots=True)
class Redirect:
    """One redirect that was followed: its status, and the address that it named."""

    status: int
    url: str


@dataclass(frozen=True, slots=True)
class Request:
    """One address to ask for.

    ``etag`` and ``last_modified`` are sent as If-None-Match and If-Modified-Since where they are given.
    ``concurrency`` and ``delay`` (seconds between the starts of two requests) hold for the address's whole host; where
    requests of one host differ, the stricter counts. ``max_bytes`` bounds the body after decompression.
    """

    url: str
    etag: str | None = None
    last_modified: str | None = None
    allow_private: bool = False
    obey_robots: bool = True
    concurrency: int = 2
    delay: float = 1.0
    max_bytes: int = 16 << 20


@dataclass(frozen=True, slots=True)
class Response:
    """How asking ended; never an exception. Exactly one of three:

    - ``outcome`` READ: ``body`` is the whole body, decompressed;
    - ``outcome`` UNCHANGED: HTTP 304 to a conditional request;
    - any other outcome: ``error`` says why in one line, escaped; ``body`` None.

    ``headers`` has lower-case names, its values as sent but free of control characters. ``final_url`` is the
    address that answered last; ``redirects`` the way there. ``content_type`` is the media type alone, lower-case;
    ``charset`` the one its header declares. ``retry_at``: before it the host does not want to be asked (Retry-After).
    ``size`` counts bytes of the body, ``received`` those on the wire; ``elapsed_ms`` runs from the first request's
    start, waiting for politeness not included; ``attempts`` counts requests without redirects.
    """

    request: Request
    outcome: Outcome
    fetched_at: datetime
    body: bytes | None = None
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    final_url: str | None = None
    redirects: tuple[Redirect, ...] = ()
    content_type: str | None = None
    charset: str | None = None
    retry_at: datetime | None = None
    size: int = 0
    received: int = 0
    elapsed_ms: float = 0.0
    attempts: int = 0
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One address that a list names, with what the list says of it.

    ``url`` is absolute, http(s), as written otherwise. ``guid``: RSS guid, Atom or JSON Feed id, rdf:about.
    ``published`` and ``updated`` are ISO 8601, with an offset where one was written; None where they cannot be read.
    ``content``: HTML of the whole article where the feed carries it; ``summary`` its short form, as plain text.
    """

    url: str
    guid: str | None = None
    title: str | None = None
    published: str | None = None
    updated: str | None = None
    authors: tuple[str, ...] = ()
    language: str | None = None
    tags: tuple[str, ...] = ()
    summary: str | None = None
    content: str | None = None

    @property
    def given(self) -> dict[str, object]:
        """What the list says of the article: only what it says."""
        names = ("title", "published", "updated", "authors", "language", "tags", "summary")
        said = {name: getattr(self, name) for name in names}
        return {name: list(v) if isinstance(v, tuple) else v for name, v in said.items() if v}


@dataclass(frozen=True, slots=True)
class Listing:
    """What a list names. ``form``: rss, rdf, atom, json, sitemap, sitemapindex, html.

    ``children``: sitemaps that a sitemap index names, with the lastmod it states, as Entry. ``archive``: the address of
    the page before this one (RFC 5005 prev-archive or next, JSON Feed next_url). ``ttl``: seconds for which the list
    asks not to be polled again (RSS ttl, sy:updatePeriod/updateFrequency). ``skipped`` counts the
    entries without an address that can be asked for.
    """

    form: str
    entries: tuple[Entry, ...] = ()
    children: tuple[Entry, ...] = ()
    title: str | None = None
    language: str | None = None
    archive: str | None = None
    ttl: int | None = None
    skipped: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit(Document):
    """A document that was fetched, or the recorded reason why there is none: one row of the ledger.

    ``location`` is the address. The fields are the columns of ``captures`` of the same names.
    """

    source_id: str
    kind: Kind = "article"
    final_url: str | None = None
    redirects: tuple[Redirect, ...] = ()
    found_in: str | None = None
    guid: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    elapsed_ms: float | None = None
    attempts: int | None = None
    asked: Asked | None = None
    body_from: Literal["feed"] | None = None
    listed: int | None = None
    known: int | None = None
    listing_hash: str | None = None
    failures: int = 0
    next_poll_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Poll:
    """One time that an address was asked for and answered as it should (200 or 304).

    ``changed``: what it names had changed (outcome listed, or another ``listing_hash`` than the one before).
    ``etag`` and ``last_modified`` are those of this answer.
    """

    at: datetime
    changed: bool
    status: int | None = None
    asked: Asked | None = None
    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class Past:
    """What the captures say of one address: its state, there is no other.

    ``etag``, ``last_modified``, ``body_hash`` and ``listing_hash`` are those of its latest answer with a body that was
    read whole; ``failures`` counts those in a row since its latest success (0 after one); ``outcome`` and
    ``next_poll_at`` are of its latest capture; ``polls`` are its successes, oldest first, the last 14 days or 50.
    ``distrusted_since``: the first of the captures asked ``distrusted`` that have followed its latest conditional one.
    """

    url: str
    outcome: str
    at: datetime
    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None
    listing_hash: str | None = None
    failures: int = 0
    next_poll_at: datetime | None = None
    polls: tuple[Poll, ...] = ()
    distrusted_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """The newest capture of an article's address; ``updated``: what its list then said of its last change."""

    url: str
    outcome: str
    at: datetime
    etag: str | None = None
    last_modified: str | None = None
    failures: int | None = None
    next_poll_at: datetime | None = None
    updated: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending(Known):
    """An article that could not be had and is due again, with what its list said of it."""

    source_id: str
    guid: str | None = None
    found_in: str | None = None
    given: dict[str, Any] = field(default_factory=dict)
