"""Lists (feeds, sitemaps, index pages) asked for, read and followed to the articles that they name."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from tasks.article.identity import digest
from tasks.crawl.articles import Articles, Put, list_request
from tasks.crawl.history import History
from tasks.crawl.wish import Wish
from tasks.files import Outcome
from tasks.web.choice import Span, Undated, instant
from tasks.web.client import Client
from tasks.web.conditional import ask, changed
from tasks.web.listing import Malformed, listing_hash, read
from tasks.web.model import Asked, Kind, Listing, Past, Poll, Response, Visit
from tasks.web.schedule import cache_seconds, next_poll
from tasks.web.source import Source
from tasks.web.visits import visit

# A sitemap's window reaches back to its last poll and a bit further, so that an outage loses nothing.
_MARGIN = timedelta(days=1)
_DUPLICATE_REST = timedelta(days=1)
# Levels of sitemaps in indexes, and pages of a feed's archive, that one run follows.
_DEEPEST_INDEX = 3
_LONGEST_ARCHIVE = 1_000
_SITEMAPS_AT_ONCE = 4

Pasts = Mapping[tuple[str, str], Past]


@dataclass(frozen=True, slots=True)
class Place:
    """A list to ask for. ``links``: the pattern of an index page's links; ``found_in``: the list that named it.

    ``depth``: how many lists lead to it. ``archive``: whether it is a page of a feed's archive, which is not polled.
    ``new``: whether it is a sitemap that its index has named since its last poll.
    """

    source: Source
    kind: Kind
    url: str
    links: str | None = None
    found_in: str | None = None
    depth: int = 0
    archive: bool = False
    new: bool = False

    @property
    def name(self) -> tuple[str, str]:
        """What its past is filed under."""
        return self.kind, self.url


@dataclass(frozen=True, slots=True)
class Reading:
    """A list that was asked for: its row so far, what was known of it, and what it names if it was read."""

    place: Place
    row: Visit
    past: Past | None
    listing: Listing | None = None


def declared(source: Source) -> list[Place]:
    """The lists that a source's file names."""
    return [
        *(Place(source, "feed", url) for url in source.feeds),
        *(Place(source, "sitemap", url) for url in source.sitemaps),
        *(Place(source, "index", page.url, page.links) for page in source.pages),
    ]


class Lists:
    """The lists of one run."""

    def __init__(
        self, client: Client, history: History, articles: Articles, put: Put, now: datetime, wish: Wish
    ) -> None:
        """``put`` takes each row, once everything that the list names is recorded."""
        self._client = client
        self._history = history
        self._articles = articles
        self._put = put
        self._now = now
        self._wish = wish
        self._claimed: set[tuple[str, str]] = set()

    async def poll(self, places: Sequence[Place], pasts: Pasts) -> list[Reading]:
        """Ask for those of a source's lists that are due; returns how that ended, without what they name.

        First what shows the current articles, together, so that two forms of one feed can be told. Then the sitemaps,
        since what they leave out for want of a date a feed may want; a few at a time, since each may name 50,000.
        """
        due = [place for place in places if self._is_due(pasts.get(place.name)) and self._claim(place)]
        current = [place for place in due if place.kind != "sitemap"]
        readings = await self._together(current, places, pasts)
        sitemaps = [place for place in due if place.kind == "sitemap"]
        for start in range(0, len(sitemaps), _SITEMAPS_AT_ONCE):
            readings += await self._together(sitemaps[start : start + _SITEMAPS_AT_ONCE], places, pasts)
        return readings

    async def _together(self, due: Sequence[Place], places: Sequence[Place], pasts: Pasts) -> list[Reading]:
        """Those of ``places`` that are ``due``, read and followed."""
        readings = await asyncio.gather(*(self._read(place, pasts.get(place.name)) for place in due))
        hashes = {place.url: past.listing_hash for place in places if (past := pasts.get(place.name))}
        hashes |= {r.place.url: r.row.listing_hash for r in readings if r.row.listing_hash}
        twins = _twins([place.url for place in places if place.kind == "feed"], hashes)
        readings = [_duplicate(r, twins[r.place.url]) if r.place.url in twins else r for r in readings]
        await asyncio.gather(*map(self._follow, readings))
        return [replace(r, row=replace(r.row, body=None), listing=None) for r in readings]

    def _is_due(self, past: Past | None) -> bool:
        if past is None:
            return True
        if self._wish.back_fills or self._wish.force:
            return past.outcome != Outcome.GONE
        return past.next_poll_at is not None and past.next_poll_at <= self._now  # one that is gone has none

    def _claim(self, place: Place) -> bool:
        """Whether nothing else in this run asks for it."""
        fresh = place.name not in self._claimed
        self._claimed.add(place.name)
        return fresh

    async def _read(self, place: Place, past: Past | None) -> Reading:
        """Ask for a list, and read it."""
        way: tuple[Asked, str | None, str | None] = ("plain", None, None)
        if not self._wish.back_fills:  # a list that has not changed may yet name what was out of range before
            way = ask(past, self._now)
        response = await self._client.fetch(list_request(place.source, place.url, *way[1:]))
        row = replace(visit(place.source, place.kind, response, way[0]), found_in=place.found_in)
        listing = None
        if response.outcome is Outcome.READ and response.body is not None:
            try:
                listing = await asyncio.to_thread(read, response, place.kind, place.links)
                row = _answered(row, past, listing)
            except Malformed as error:
                row = replace(row, outcome=Outcome.MALFORMED, error=f"{place.url}: {error}")
        return Reading(place, self._scheduled(place, row, past, response, listing), past, listing)

    def _scheduled(
        self, place: Place, row: Visit, past: Past | None, response: Response, listing: Listing | None
    ) -> Visit:
        """The row with its failures in a row, and when the list is to be asked for again."""
        answered = row.outcome in {Outcome.LISTED, Outcome.UNCHANGED}
        failures = 0 if answered else (past.failures if past else 0) + 1
        if (
            row.outcome is Outcome.GONE or self._wish.back_fills
        ):  # a back-fill is no poll: see lookups/polls.sql
            return replace(row, failures=failures)
        polls = list(past.polls) if past else []
        if answered:
            polls.append(
                Poll(
                    response.fetched_at,
                    row.outcome is Outcome.LISTED,
                    row.status,
                    row.asked,
                    row.etag,
                    row.last_modified,
                )
            )
        due = next_poll(
            response.fetched_at, polls, ttl=listing.ttl if listing else None,
            max_age=cache_seconds(response.headers), failures=failures, retry_at=response.retry_at,
        )  # fmt: skip
        return replace(row, failures=failures, next_poll_at=due)

    async def _follow(self, reading: Reading) -> None:
        """Have everything that the list names recorded, then the list."""
        row, place, listing = reading.row, reading.place, reading.listing
        if listing:
            span, undated = self._span(reading)
            known = await self._articles.take(place.source, listing.entries, place.url, span, undated=undated)
            await self._children(reading, listing, span)
            if self._wish.back_fills and listing.archive:
                await self._archive(place, listing)
            row = replace(row, known=known)
        await self._put(row)

    def _span(self, reading: Reading) -> tuple[Span, Undated]:
        """The days that a list's entries are taken from, and which of those without a date.

        Feeds and index pages show what is current, and are taken whole. Of a sitemap, which holds everything, those of
        the source's window are taken; those without a date only if they came after its first poll.
        """
        place, past = reading.place, reading.past
        if self._wish.back_fills or place.kind != "sitemap":
            return self._wish.span, "all"
        since = self._now - timedelta(days=place.source.window_days)
        if past is None or not past.polls:  # polls that failed have shown nothing
            return Span(since=since), "unseen" if place.new else "none"
        return Span(since=min(since, past.polls[-1].at - _MARGIN)), "unseen"

    async def _children(self, reading: Reading, listing: Listing, span: Span) -> None:
        """Read the sitemaps that an index names, those of the span."""
        place = reading.place
        if place.depth >= _DEEPEST_INDEX:
            return
        children = [
            Place(place.source, "sitemap", child.url, found_in=place.url, depth=place.depth + 1)
            for child in listing.children
            if span.holds(replace(child, published=None)) is not False
        ]
        pasts = await self._history.lists(child.name for child in children)
        if (
            reading.past and reading.past.polls
        ):  # one with a date may be old and have been out of the span so far
            dated = {child.url for child in listing.children if child.updated}
            children = [replace(c, new=c.url not in dated and c.name not in pasts) for c in children]
        await self.poll(children, pasts)

    async def _archive(self, place: Place, listing: Listing) -> None:
        """Read the earlier pages of a feed, as far back as the span reaches."""
        for _ in range(_LONGEST_ARCHIVE):
            page = listing.archive
            dates = [date for entry in listing.entries if (date := instant(entry.published or entry.updated))]
            since = self._wish.span.since
            if page is None or (since and dates and max(dates) < since):
                return
            earlier = Place(
                place.source, place.kind, page, place.links, found_in=place.url, depth=1, archive=True
            )
            if not self._claim(earlier):
                return
            reading = await self._read(earlier, None)
            if reading.listing is None:
                await self._put(reading.row)
                return
            await self._follow(replace(reading, listing=replace(reading.listing, archive=None)))
            listing = reading.listing


def _answered(row: Visit, past: Past | None, listing: Listing) -> Visit:
    """The row of a list that was read: changed or not, whatever its validators say."""
    assert row.body is not None
    body_hash, names = digest(row.body), listing_hash(listing)
    known = past is not None and past.body_hash == body_hash
    return replace(
        row,
        outcome=Outcome.LISTED if changed(past, body_hash, names) else Outcome.UNCHANGED,
        body=None if known else row.body,
        listing_hash=names,
        listed=len(listing.entries) + len(listing.children),
    )


def _twins(feeds: Sequence[str], hashes: Mapping[str, str | None]) -> dict[str, str]:
    """Feed → the feed before it, on the same host, that names the very same addresses."""
    first: dict[tuple[str | None, str], str] = {}
    twins = {}
    for url in feeds:
        if names := hashes.get(url):
            other = first.setdefault((urlsplit(url).hostname, names), url)
            if other != url:
                twins[url] = other
    return twins


def _duplicate(reading: Reading, twin: str) -> Reading:
    """The reading of a feed that names what ``twin`` names: it rests, and is asked for now and then."""
    if reading.listing is None or not reading.listing.entries:
        return reading
    rest = reading.row.next_poll_at
    if rest is not None and reading.row.captured_at is not None:
        rest = reading.row.captured_at + _DUPLICATE_REST
    return replace(reading, row=replace(reading.row, outcome=Outcome.DUPLICATE, next_poll_at=rest, body=None))
