"""``newslake explain``: how one article came about, on the terminal, as a page, or as JSON."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from flows.console import FAILED, REFUSED, TAKEN, failures
from flows.explained_shown import show
from tasks.explain import explain as explained
from tasks.explain import to_json
from tasks.explain_document import Found, examined, in_file, in_lake, is_web_address, on_web
from tasks.explain_text import written
from tasks.settings import Settings, configured
from tasks.web.model import Visit

if TYPE_CHECKING:
    from tasks.article.quirks import Quirk
    from tasks.files import Document
    from tasks.web.source import Source


def explain(
    what: str,
    *,
    html: Path | None,
    as_json: bool,
    everything: bool,
    lake: str | None,
    fetch: bool,
    source_id: str | None,
    sources: Path | None,
    allow_private: bool,
) -> int:
    """Find the document that ``what`` names, and show how its article came about."""
    with failures():
        settings = configured(lake=lake, sources=sources)
        source = _named(settings.sources, source_id) if source_id else None
        found = None if fetch else in_lake(what, settings.place)
        if found is None and is_web_address(what):
            found = asyncio.run(_fetch(what, settings, source, allow_private))
        found = found or in_file(what, sys.stdin.buffer)
        if found.document.body is None:
            _say(f"{found.document.outcome}: {written(found.document.error or found.document.location)}")
            return REFUSED
        seen = examined(found, source.quirks if source else _declared(settings.sources, found.document))
        if as_json:
            print(to_json(seen, found.origin))
        if html:
            from tasks.explain_html import page

            html.write_text(page(explained(seen, found.origin)), encoding="utf-8")
            _say(f"wrote {html}")
        if not (as_json or html):
            show(explained(seen, found.origin), everything=everything)
        return TAKEN
    return FAILED


def _named(folder: Path, source_id: str) -> Source:
    from tasks.web.source_files import chosen

    (source,) = chosen(folder, [source_id])
    return source


def _declared(folder: Path, document: Document) -> Sequence[Quirk]:
    """The selectors of the source that a stored capture is of, where its file is still there."""
    from tasks.web.source_files import quirks

    if not isinstance(document, Visit):
        return ()
    return quirks(folder, document.source_id).get(document.source_id, ())


async def _fetch(url: str, settings: Settings, source: Source | None, allow_private: bool) -> Found:
    from tasks.web.client import Client
    from tasks.web.source import Source

    source = source or Source(id="explain", name="explain")
    if allow_private:
        source = source.model_copy(update={"allow_private": True})
    async with Client(settings.options) as client:
        return await on_web(client, url, source)


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
