"""Articles that lists name, fetched: each at most once a run, however many lists name it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from tasks.article.identity import url_key
from tasks.crawl.history import History
from tasks.crawl.wish import Wish
from tasks.files import Outcome
from tasks.run import TAKEN
from tasks.web.choice import Span, Undated, choose
from tasks.web.client import Client
from tasks.web.model import Entry, Known, Request, Visit
from tasks.web.source import Source
from tasks.web.visits import article, given, unvisited

# Entries that are looked up and fetched at a time.
_CHUNK = 500
# A sitemap may have 50 MB (sitemaps.org).
_LONGEST_LIST = 50 << 20
# Articles of one source under way for each request that its hosts allow at once: the next stands ready.
_AHEAD = 2
_WHY = {
    Outcome.EXCLUDED: "the source's patterns leave it out",
    Outcome.OUT_OF_RANGE: "its list dates it outside the days asked for, or not at all",
}

Put = Callable[[Visit], Coroutine[Any, Any, None]]


def request(source: Source, url: str, etag: str | None = None, last_modified: str | None = None) -> Request:
    """The request for an article of this source, as its declaration wants it."""
    polite = source.politeness
    return Request(
        url, etag, last_modified, source.allow_private, polite.obey_robots, polite.concurrency, polite.delay,
        source.max_bytes,
    )  # fmt: skip


def list_request(
    source: Source, url: str, etag: str | None = None, last_modified: str | None = None
) -> Request:
    """The request for a list, which may be longer than a page."""
    return replace(request(source, url, etag, last_modified), max_bytes=_LONGEST_LIST)


class Articles:
    """The articles of one run."""

    def __init__(self, client: Client, history: History, put: Put, now: datetime, wish: Wish) -> None:
        """``put`` takes each row; the wish's ``seconds`` begin now."""
        self._client = client
        self._history = history
        self._put = put
        self._now = now
        self._force = wish.force
        self._deadline = None if wish.seconds is None else time.monotonic() + wish.seconds
        self._tasks: dict[int, asyncio.Task[None] | None] = {}  # by url_key; None once its row is recorded
        self._slots: dict[str, asyncio.Semaphore] = {}

    async def take(
        self, source: Source, entries: Sequence[Entry], found_in: str, span: Span, *, undated: Undated
    ) -> int:
        """Fetch those entries that bring something new, and record them; the number of those that do not.

        Returns when each one's row is recorded, whichever list had it fetched. ``undated``: which of those without
        date.
        """
        stand = 0
        for start in range(0, len(entries), _CHUNK):
            chunk = entries[start : start + _CHUNK]
            known = await self._history.articles(entry.url for entry in chunk)
            waiting: list[asyncio.Task[None]] = []
            for entry in chunk:
                before = known.get(entry.url)
                outcome = choose(
                    entry, before, source, span, undated=undated, now=self._now, force=self._force
                )
                key = url_key(entry.url)
                task, taken = self._tasks.get(key), key in self._tasks
                if outcome is None or taken:
                    stand += 1
                if not taken and outcome is Outcome.READ:
                    said = given(entry, source)
                    task = self._begin(key, self._fetch(source, entry, said, found_in, before))
                elif not taken and outcome is not None:
                    error = f"{entry.url}: {_WHY[outcome]}"
                    row = unvisited(source, entry, found_in, outcome, error, self._now)
                    task = self._begin(key, self._put(row))
                if task:
                    waiting.append(task)
            await asyncio.gather(*waiting)
        return stand

    async def again(self, sources: Mapping[str, Source]) -> None:
        """Fetch what could not be had before and is due again, whether or not a list still names it."""
        tasks = []
        for pending in await self._history.pending(sources, self._now):
            if (key := url_key(pending.url)) in self._tasks:
                continue
            entry = Entry(pending.url, pending.guid, **_told(pending.given))
            coroutine = self._fetch(
                sources[pending.source_id], entry, pending.given, pending.found_in, pending
            )
            tasks.append(self._begin(key, coroutine))
        await asyncio.gather(*tasks)

    def _begin(self, key: int, coroutine: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        def recorded(task: asyncio.Task[None]) -> None:
            if not task.cancelled() and task.exception() is None:
                self._tasks[key] = None  # a run may see millions of addresses, and a task is a kilobyte

        task = self._tasks[key] = asyncio.create_task(coroutine)
        task.add_done_callback(recorded)
        return task

    async def _fetch(
        self, source: Source, entry: Entry, said: Mapping[str, Any], found_in: str | None, known: Known | None
    ) -> None:
        limit = _AHEAD * source.politeness.concurrency
        async with self._slots.setdefault(source.id, asyncio.Semaphore(limit)):
            if self._deadline is not None and time.monotonic() > self._deadline:
                error = f"{entry.url}: the run's time was over"
                row = unvisited(source, entry, found_in, Outcome.DEFERRED, error, self._now, said)
                row = replace(row, failures=(known.failures or 0) if known else 0)
            else:
                # Validators of an article that we never had, or not last time, would let a 304 stand for it.
                had = known is not None and known.outcome in TAKEN and not known.failures
                etag, modified = (known.etag, known.last_modified) if known and had else (None, None)
                asked = request(source, entry.url, etag, modified)
                response = await self._client.fetch(asked)
                row = await asyncio.to_thread(article, source, entry, said, found_in, response, known)
            await self._put(row)


def _told(given: Mapping[str, Any]) -> dict[str, Any]:
    """What a list said of an article, as it was recorded, as fields of an Entry."""
    said = dict(given.get("entry", {}))
    return {name: tuple(v) if isinstance(v, list) else v for name, v in said.items()}
