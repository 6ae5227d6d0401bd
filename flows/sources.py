"""``newslake sources``: find sources, exchange them with feed readers, try them, list them."""

from __future__ import annotations

import asyncio
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from flows.console import FAILED, REFUSED, TAKEN, failures
from flows.sources_shown import show_check, show_found, show_list
from tasks.settings import configured
from tasks.web import opml
from tasks.web.source import ID, Source, same
from tasks.web.source_files import chosen, read_all, write

if TYPE_CHECKING:
    from tasks.check_source import Checked
    from tasks.find_lists import Found
    from tasks.web.client import Options
    from tasks.web.model import Request

# Sources that are tried at once; each host is asked as slowly as its source says.
AT_ONCE = 20


def add(url: str, source_id: str | None, *, folder: Path | None, allow_private: bool, delay: float) -> int:
    """``newslake sources add``: write the source of a site."""
    from tasks.web.model import Request

    url = url if "://" in url else f"https://{url}"
    if not opml.host_of(url):
        raise click.UsageError(f"{url} is no web address")
    source_id = source_id or opml.id_of(opml.host_of(url))
    if not re.fullmatch(ID, source_id):
        raise click.UsageError(f"{source_id} is no id: give --id of a-z, 0-9, - and _, at most 64")
    with failures():
        settings = configured(sources=folder)
        path = settings.sources / f"{source_id}.toml"
        taken = {same(feed): of.id for of in read_all(settings.sources) for feed in of.feeds}
        if path.exists():
            _say(f"newslake: {path}: exists already; --id names another")
            return REFUSED
        asked = Request(url, allow_private=allow_private, delay=delay)
        _say(f"looking for lists at {url}")
        found = asyncio.run(_find(asked, source_id, taken, settings.options))
        show_found(found.candidates)
        if found.source is None:
            _say(f"newslake: {found.error or f'{url}: no feed and no sitemap found'}")
            return REFUSED
        write(found.source, path)
        _say(f"wrote {path}")
        return TAKEN
    return FAILED


async def _find(asked: Request, source_id: str, taken: dict[str, str], options: Options) -> Found:
    from tasks.find_lists import find
    from tasks.web.client import Client

    async with Client(options) as client:
        return await find(client, asked, source_id, taken)


def import_(file: Path, *, folder: Path | None) -> int:
    """``newslake sources import``: write a source for each site in an OPML file; those there are stay as they are."""
    with failures():
        target = configured(sources=folder).sources
        taken = {same(feed): of.id for of in read_all(target) for feed in of.feeds}
        try:
            sources, refused = opml.sources(opml.read(file.read_bytes()))
        except opml.NotOpml as error:
            _say(f"newslake: {file}:{error}")
            return REFUSED
        for source in sources:
            _import_one(source, target / f"{source.id}.toml", taken)
        for line in refused:
            _say(f"refused: {line}")
        return REFUSED if refused else TAKEN
    return FAILED


def _import_one(source: Source, path: Path, taken: dict[str, str]) -> None:
    new = tuple(feed for feed in source.feeds if same(feed) not in taken)
    if path.exists() or not new:
        holders = sorted({taken[same(feed)] for feed in source.feeds if same(feed) in taken} or {source.id})
        lacking = f"; not in it: {', '.join(new)}" if new else ""
        _say(f"left alone: {source.id}: source {', '.join(holders)} exists already{lacking}")
        return
    write(source.model_copy(update={"feeds": new}), path)
    _say(f"wrote {path}, {len(new)} feed{'s' * (len(new) > 1)}")


def export(file: Path | None, *, folder: Path | None) -> int:
    """``newslake sources export``: the feeds of the enabled sources as OPML."""
    with failures():
        sources = chosen(configured(sources=folder).sources)
        document = opml.write(sources)
        if file:
            file.write_bytes(document)
        else:
            click.echo(document, nl=False)
        for source in sources:
            if not source.feeds:
                _say(f"left out: {source.id}: has no feed, and OPML names feeds only")
        return TAKEN
    return FAILED


def check(source_id: str | None, *, folder: Path | None, articles: int) -> int:
    """``newslake sources check``: what a source, or each enabled one, would bring; the lake is not touched."""
    with failures():
        settings = configured(sources=folder)
        sources = chosen(settings.sources, [source_id] if source_id else [])
        if not sources:
            _say(f"no enabled source in {settings.sources}")
        return asyncio.run(_check(sources, articles, settings.options))
    return FAILED


async def _check(sources: Sequence[Source], articles: int, options: Options) -> int:
    """Try several sources at once, and show each as its turn comes."""
    from tasks.check_source import check as lists_of
    from tasks.web.client import Client

    gate = asyncio.Semaphore(AT_ONCE)

    async def one(client: Client, source: Source) -> list[Checked]:
        async with gate:
            return await lists_of(client, source, articles)

    failed = False
    async with Client(options) as client, asyncio.TaskGroup() as group:
        tasks = [group.create_task(one(client, source)) for source in sources]
        for source, task in zip(sources, tasks, strict=True):
            lists = await task
            show_check(source, lists)
            failed |= any(checked.answer.listing is None for checked in lists)
    return REFUSED if failed else TAKEN


def list_(*, folder: Path | None, lake: str | None) -> int:
    """``newslake sources list``: the sources, and how they do by what the lake holds of them."""
    with failures():
        settings = configured(sources=folder, lake=lake)
        sources = read_all(settings.sources)
        if not sources:
            _say(f"no sources in {settings.sources}; newslake sources add URL makes one")
            return TAKEN
        show_list(sources, settings.place)
        return TAKEN
    return FAILED


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
