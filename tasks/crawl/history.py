"""What the captures tell of addresses asked for before. It is the only state that fetching has."""

from __future__ import annotations

import asyncio
import contextlib
import json
import threading
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import pyarrow as pa

from tasks.article.identity import url_key
from tasks.files import Outcome
from tasks.lake.catalog import connect
from tasks.lake.store import Lake
from tasks.lake.views import statement
from tasks.web.choice import PASSING
from tasks.web.model import Known, Past, Pending, Poll

# A poll that found out how things stand. A source's silence is judged by these.
_ANSWERED = frozenset({Outcome.LISTED, Outcome.UNCHANGED, Outcome.DUPLICATE})
_NOT_MODIFIED = 304


class History:
    """The captures as they were when the run began; close it after use, or use it as a context manager.

    A query over a large lake takes tenths of a second: ask for many addresses at once.
    """

    def __init__(self, lake: Lake) -> None:
        """Raises LakeError where the lake cannot be used."""
        self._open = contextlib.ExitStack()
        self._con = self._open.enter_context(connect(lake.state()))
        self._con.execute("SET TimeZone = 'UTC'")
        self._lock = threading.Lock()

    def __enter__(self) -> History:
        """Itself."""
        return self

    def __exit__(self, *error: object) -> None:
        """Close it; a query that nobody waits for any more is broken off."""
        self._con.interrupt()
        with self._lock:
            self._open.close()

    async def lists(self, asked: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Past]:
        """(kind, address) → what is known of it; those never asked for are left out.

        The address as it is written: what means nothing in an article's may choose a feed (``/rss?source=sport``).
        """
        names = sorted(set(asked))
        wanted = pa.table(
            {
                "kind": pa.array([kind for kind, _ in names], pa.string()),
                "url": pa.array([url for _, url in names], pa.string()),
                "url_key": pa.array([url_key(url) for _, url in names], pa.int64()),
            }
        )
        rows: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
        for row in await self._ask("polls", wanted):
            rows[row["kind"], row["url"]].append(row)
        return {name: past(found) for name, found in rows.items()}

    async def articles(self, urls: Iterable[str]) -> dict[str, Known]:
        """Address → its newest capture, whatever list named it then; those never asked for are left out."""
        keys = {url: url_key(url) for url in urls}  # several addresses of one article have one key
        wanted = pa.table({"url_key": pa.array(sorted(set(keys.values())), pa.int64())})
        found = {row["url_key"]: Known(**row["newest"]) for row in await self._ask("known_urls", wanted)}
        return {url: found[key] for url, key in keys.items() if key in found}

    async def pending(self, sources: Iterable[str], now: datetime) -> list[Pending]:
        """Articles of these sources that failed before in a way that may pass, and are due again; oldest first."""
        wanted = pa.table({"source_id": pa.array(list(sources), pa.string())})
        rows = await self._ask("pending_urls", wanted, now=now, passing=sorted(PASSING))
        return [Pending(**row | {"given": json.loads(row["given"] or "{}")}) for row in rows]

    async def children(self, sources: Iterable[str], now: datetime) -> list[tuple[str, str, str]]:
        """(source id, sitemap, the index that named it) of the sitemaps that are due again, which no file names."""
        wanted = pa.table({"source_id": pa.array(list(sources), pa.string())})
        rows = await self._ask("due_sitemaps", wanted, now=now)
        return [(row["source_id"], row["url"], row["found_in"]) for row in rows]

    async def declarations(self, sources: Iterable[str]) -> dict[str, str]:
        """Source id → hash of its newest declaration in the lake."""
        wanted = pa.table({"source_id": pa.array(list(sources), pa.string())})
        return {row["source_id"]: row["body_hash"] for row in await self._ask("declarations", wanted)}

    async def _ask(self, name: str, wanted: pa.Table, **params: object) -> list[dict[str, Any]]:
        if not wanted.num_rows:
            return []
        return await asyncio.to_thread(self._query, name, wanted, params)

    def _query(self, name: str, wanted: pa.Table, params: dict[str, object]) -> list[dict[str, Any]]:
        with self._lock:
            self._con.register("wanted", wanted)
            found = self._con.sql(statement(f"lookups/{name}.sql"), params=params or None).to_arrow_table()
        rows: list[dict[str, Any]] = found.to_pylist()
        return rows


def past(rows: list[dict[str, Any]]) -> Past:
    """What the captures of one address, oldest first, say together."""
    polls: list[Poll] = []
    etag = last_modified = body_hash = listing_hash = distrusted_since = None
    for row in rows:
        if row["asked"] == "conditional":
            distrusted_since = None
        elif row["asked"] == "distrusted":
            distrusted_since = distrusted_since or row["fetched_at"]
        if row["outcome"] not in _ANSWERED:
            continue
        names = row["listing_hash"] or listing_hash
        changed = row["outcome"] == Outcome.LISTED or names != listing_hash
        polls.append(
            Poll(row["fetched_at"], changed, row["status"], row["asked"], row["etag"], row["last_modified"])
        )
        if row["status"] != _NOT_MODIFIED:
            etag, last_modified = row["etag"], row["last_modified"]
            # A body that was the same as before is not kept again, and has no hash of its own.
            body_hash, listing_hash = row["body_hash"] or body_hash, names
    newest = rows[-1]
    return Past(
        newest["url"],
        newest["outcome"],
        newest["fetched_at"],
        etag,
        last_modified,
        body_hash,
        listing_hash,
        newest["failures"] or 0,
        newest["next_poll_at"],
        tuple(polls),
        distrusted_since,
    )
