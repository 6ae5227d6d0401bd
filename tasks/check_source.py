"""What a source would bring: its lists asked for, and a few articles of each, without a lake."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from tasks import capture
from tasks.crawl.articles import list_request, request
from tasks.crawl.lists import declared
from tasks.extract import extract_rows, refusal
from tasks.files import Outcome
from tasks.run import Run
from tasks.web import listing, visits
from tasks.web.choice import Span, choose, instant
from tasks.web.client import Client
from tasks.web.model import Entry, Kind, Listing, Request, Response, Visit
from tasks.web.source import Source, quirks_of

# Levels of sitemap indexes that are followed.
_DEEPEST_INDEX = 3
_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Answer:
    """A list that was asked for: what it names, or None with the outcome and the reason in one line."""

    response: Response
    listing: Listing | None = None
    outcome: Outcome = Outcome.LISTED
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Sample:
    """An article as it would be ingested: ``row`` is that of ``articles``, None where there would be none."""

    url: str
    outcome: str
    error: str | None = None
    row: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    """One list of a source: how asking ended, the newest date it states, its newest articles."""

    kind: Kind
    url: str
    answer: Answer
    newest: datetime | None = None
    samples: tuple[Sample, ...] = ()


async def check(client: Client, source: Source, articles: int = 3) -> list[Checked]:
    """Ask for each list of a source and its newest ``articles``; in a sitemap index also for the newest sitemap."""
    checked = []
    for place in declared(source):
        url = place.url
        for _ in range(_DEEPEST_INDEX):
            answer = await ask(client, list_request(source, url), place.kind, place.links)
            entries = sorted(answer.listing.entries if answer.listing else (), key=_date, reverse=True)
            samples = await asyncio.gather(
                *(_sample(client, source, place.kind, url, e) for e in entries[:articles])
            )
            newest = _date(entries[0]) if entries else _NEVER
            checked.append(
                Checked(place.kind, url, answer, None if newest == _NEVER else newest, tuple(samples))
            )
            if not (answer.listing and answer.listing.children):
                break
            url = max(answer.listing.children, key=_date).url
    return checked


async def ask(client: Client, asked: Request, kind: Kind, links: str | None = None) -> Answer:
    """Ask for a list and read it. ``links``: the pattern of an index page's links."""
    return await asyncio.to_thread(read, await client.fetch(asked), kind, links)


def read(response: Response, kind: Kind, links: str | None = None) -> Answer:
    """The list in a response."""
    if response.body is None:
        return Answer(response, None, response.outcome, response.error)
    try:
        return Answer(response, listing.read(response, kind, links))
    except listing.Malformed as error:
        return Answer(response, None, Outcome.MALFORMED, str(error))


def _date(entry: Entry) -> datetime:
    return instant(entry.published) or instant(entry.updated) or _NEVER


async def _sample(client: Client, source: Source, kind: Kind, list_url: str, entry: Entry) -> Sample:
    now = datetime.now(UTC)
    # As a first run does: it takes the window's articles of a sitemap, but none without a date.
    if kind == "sitemap":
        span = Span(since=now - timedelta(days=source.window_days))
        chosen = choose(entry, None, source, span, undated="none", now=now)
    else:
        chosen = choose(entry, None, source, Span(), undated="all", now=now)
    if chosen is not Outcome.READ:
        return Sample(entry.url, str(chosen))
    response = await client.fetch(request(source, entry.url))
    visit = visits.article(source, entry, visits.given(entry, source), list_url, response, None)
    return await asyncio.to_thread(_extracted, visit, source)


def _extracted(visit: Visit, source: Source) -> Sample:
    if visit.outcome is not Outcome.READ:
        return Sample(visit.location, visit.outcome, visit.error)
    (captures,) = capture.batches([visit], Run.begin(source.id))
    (row,) = extract_rows(captures, quirks_of([source])).to_pylist()
    outcome, error = refusal(row) or ("new", None)
    return Sample(visit.location, outcome, error, row)
