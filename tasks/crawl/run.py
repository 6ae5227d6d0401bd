"""One run over the sources."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from tasks.article.identity import digest
from tasks.crawl.articles import Articles, Put
from tasks.crawl.channel import Channel, iterate
from tasks.crawl.history import History
from tasks.crawl.lists import Lists, Place, Reading, declared
from tasks.crawl.wish import Wish
from tasks.files import Outcome
from tasks.run import Run
from tasks.web.client import Client, Options
from tasks.web.model import Response, Visit
from tasks.web.source import Source
from tasks.web.visits import visit

_FOR_GOOD = {301, 308}
# Bytes that a row holds beside its body, roughly.
_ROW = 2 << 10


def crawl(
    sources: Sequence[Source],
    history: History,
    run: Run,
    options: Options,
    wish: Wish,
    note: Callable[[str], None],
) -> Iterator[Visit]:
    """Every address that the run sees, each once, with how asking for it ended; nothing that the web does is raised.

    ``note`` is told, a line each, what a person should change in a source's file.
    """
    enabled = [source for source in sources if source.enabled]

    async def produce(channel: Channel[Visit]) -> None:
        robots = _Robots(enabled, history, channel.put)
        async with Client(options, robots.seen) as client:
            articles = Articles(client, history, channel.put, run.started_at, wish)
            lists = Lists(client, history, articles, channel.put, run.started_at, wish)
            await _declare(sources, history, channel.put, run)
            await _run(enabled, history, lists, articles, run, note)
        await robots.recorded()

    return iterate(produce, lambda row: _ROW + len(row.body or b""))


async def _run(
    sources: Sequence[Source],
    history: History,
    lists: Lists,
    articles: Articles,
    run: Run,
    note: Callable[[str], None],
) -> None:
    by_id = {source.id: source for source in sources}
    places = {source.id: declared(source) for source in sources}
    for source_id, url, index in await history.children(by_id, run.started_at):
        places[source_id].append(Place(by_id[source_id], "sitemap", url, found_in=index, depth=1))
    pasts = await history.lists(place.name for some in places.values() for place in some)

    async def poll(some: Sequence[Place]) -> None:
        for reading in await lists.poll(some, pasts):
            _advise(reading, note)

    try:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(articles.again(by_id))
            for some in places.values():
                tasks.create_task(poll(some))
    except BaseExceptionGroup as errors:  # a full disk is to be told as one, whoever met it
        raise errors.exceptions[0] from None


async def _declare(sources: Sequence[Source], history: History, put: Put, run: Run) -> None:
    """Record each source as it is declared, where that is new: it is by these rows that SQL knows of sources."""
    stored = await history.declarations(source.id for source in sources)
    for source in sources:
        said = source.model_dump(mode="json")
        body = json.dumps(said, ensure_ascii=False, sort_keys=True).encode()
        if stored.get(source.id) != digest(body):
            row = Visit(
                location=f"source:{source.id}",
                source_id=source.id,
                kind="source",
                outcome=Outcome.LISTED,
                body=body,
                size=len(body),
                given=said,
                captured_at=run.started_at,
            )
            await put(row)


def _advise(reading: Reading, note: Callable[[str], None]) -> None:
    """Tell what a person should change in a source's file; sitemaps that an index names are not in it."""
    place, row = reading.place, reading.row
    if place.depth:
        return
    if row.outcome is Outcome.GONE:
        note(f"{place.source.id}: {place.url} is gone for good; take it out of the source")
    elif row.redirects and row.final_url and {r.status for r in row.redirects} <= _FOR_GOOD:
        note(
            f"{place.source.id}: {place.url} has moved for good to {row.final_url}; put that into the source"
        )


class _Robots:
    """Records each robots.txt, under the source that has its host, otherwise the first."""

    def __init__(self, sources: Sequence[Source], history: History, put: Put) -> None:
        self._history = history
        self._put = put
        self._hosts = {
            urlsplit(place.url).hostname: source for source in sources[::-1] for place in declared(source)
        }
        self._default = sources[0] if sources else None
        self._tasks: list[asyncio.Task[None]] = []

    def seen(self, response: Response) -> None:
        self._tasks.append(asyncio.create_task(self._record(response)))

    async def recorded(self) -> None:
        await asyncio.gather(*self._tasks)

    async def _record(self, response: Response) -> None:
        url = response.request.url
        source = self._hosts.get(urlsplit(url).hostname) or self._default
        assert source is not None  # without a source nothing is asked for
        row = visit(source, "robots", response, "plain")
        if row.body is not None:
            past = (await self._history.lists([("robots", url)])).get(("robots", url))
            same = past is not None and past.body_hash == digest(row.body)
            row = replace(
                row,
                outcome=Outcome.UNCHANGED if same else Outcome.LISTED,
                body=None if same else row.body,
            )
        await self._put(row)
