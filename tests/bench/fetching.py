"""How the journey ingest fares: ``python -m tests.bench.fetching [rate] [second] [faults]``, all by default.

``rate``: pages a second that are fetched and stored with politeness off, as a ratio to a bare loop of httpx over the
same addresses in the same run. ``second``: what a second poll of 200 unchanged feeds costs. ``faults``: 1,000
addresses over all faults of the demo newsroom, killed in the middle and run again.
"""

from __future__ import annotations

import asyncio
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

import duckdb
import httpx

from flows import journeys
from tasks import append, capture, publish
from tasks.crawl import History, Wish, crawl
from tasks.lake.rows import replaced
from tasks.lake.schema import ARTICLES
from tasks.lake.store import Lake
from tasks.run import Report, Run
from tasks.web.client import Client, Options
from tasks.web.listing import parse
from tasks.web.model import Request
from tasks.web.source import Politeness, Source
from tests.bench.rates import resident
from tests.newsroom import Room, newsroom

OPTIONS = Options(user_agent="newslake-bench", connect=2, read=2, total=3, attempts=2, backoff=0.1, wait=2)
FAST = Politeness(concurrency=8, delay=0, obey_robots=False)
PAGES = 1_000
FEEDS = 200
FAULTS = 1_000


def source(name: str, feeds: list[str], politeness: Politeness) -> Source:
    return Source(
        id=name, name=name, feeds=tuple(feeds), allow_private=True, politeness=politeness, max_bytes=4 << 20
    )


def ingest(sources: list[Source], lake: Lake) -> Report:
    return journeys.ingest(
        sources, lake, Run.begin("bench"), options=OPTIONS, wish=Wish(force=True), workers=2
    )


def query(lake: Lake, sql: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(lake.catalog), read_only=True) as con:
        return con.sql(sql).fetchall()


async def bare(urls: list[str]) -> float:
    """Seconds that httpx takes for these addresses, 32 at once."""
    gate = asyncio.Semaphore(32)
    async with httpx.AsyncClient(timeout=10) as client:

        async def get(url: str) -> None:
            async with gate:
                (await client.get(url)).raise_for_status()

        started = time.monotonic()
        await asyncio.gather(*map(get, urls))
        return time.monotonic() - started


async def ours(urls: list[str]) -> float:
    """Seconds that our client takes for them."""
    async with Client(OPTIONS) as client:
        started = time.monotonic()
        await asyncio.gather(
            *(
                client.fetch(Request(url, allow_private=True, obey_robots=False, concurrency=8, delay=0))
                for url in urls
            )
        )
        return time.monotonic() - started


def stored(feeds: list[str], lake: Lake) -> float:
    """Seconds that the crawl of these feeds takes until its captures are committed, without extraction."""
    run = Run.begin("bench")
    started = time.monotonic()
    with History(lake) as history:
        rows = crawl([source("rate", feeds, FAST)], history, run, OPTIONS, Wish(force=True), print)
        for batch in capture.batches(rows, run, rows=journeys.FETCHED_ROWS):
            left = [
                outcome if outcome != "read" else "no_article" for outcome in batch["outcome"].to_pylist()
            ]
            append.append(lake, replaced(batch, outcome=left), ARTICLES.schema.empty_table())
    return time.monotonic() - started


def rate(room: Room) -> None:
    """The rate of fetching and storing, beside that of its parts alone."""
    feeds = [room.other(number, f"/feed.xml?n={PAGES // 10}") for number in range(10)]
    urls = [
        entry.url
        for feed in feeds
        for entry in parse(httpx.get(feed, timeout=30).content, url=feed, kind="feed").entries
    ]
    loops = [asyncio.run(bare(urls)) for _ in range(2)][1:]  # the first has the server make the pages
    with tempfile.TemporaryDirectory() as place:
        clients = [asyncio.run(ours(urls)) for _ in range(2)]
        kept = [stored(feeds, Lake(Path(place) / f"kept{n}")) for n in range(2)]
        loops.append(asyncio.run(bare(urls)))
        lake = Lake(Path(place) / "lake")
        started = time.monotonic()
        report = ingest([source("rate", feeds, FAST)], lake)
        whole = time.monotonic() - started
        loops.append(asyncio.run(bare(urls)))
        size = query(lake, "SELECT avg(size) FROM captures WHERE kind = 'article'")[0][0]
    loop = min(loops)
    print(f"{len(urls)} pages of {size:,.0f} bytes: {dict(report.outcomes)}")
    print(f"httpx, a bare loop           {len(urls) / loop:8.0f} pages/s")
    for name, seconds in (
        ("the client alone", min(clients)),
        ("fetched and stored", min(kept)),
        ("fetched, extracted, stored", whole),
    ):
        print(f"{name:<28} {len(urls) / seconds:8.0f} pages/s, ratio {loop / seconds:.2f}")


def second(room: Room) -> None:
    """A second poll of feeds that have not changed."""
    feeds = [room.other(number) for number in range(FEEDS)]
    with tempfile.TemporaryDirectory() as place:
        lake = Lake(Path(place) / "lake")
        polite = Politeness(delay=0)
        figures = []
        for _ in range(2):
            before = len(room.log())
            ingest([source("second", feeds, polite)], lake)
            log = room.log()[before:]
            figures.append((Counter(entry.status for entry in log), sum(entry.bytes for entry in log)))
            print(f"{len(log)} requests, {figures[-1][1]:,} bytes, by status {dict(figures[-1][0])}")
        articles = query(lake, "SELECT count(*) FROM captures WHERE kind = 'article'")[0][0]
        polled = query(
            lake,
            "SELECT count(*) FILTER (status = 304) / count(*) FROM captures WHERE kind = 'feed' "
            "AND run_id = (SELECT max(run_id) FROM captures)",
        )[0][0]
    print(
        f"second poll: {articles - 0} articles in all, {polled:.1%} of its feeds answered 304, "
        f"{figures[1][1] / figures[0][1]:.2%} of the first poll's bytes"
    )


def faults(room: Room) -> None:
    """Every fault, a kill in the middle, and the rest."""
    feed = room.fault_feed(FAULTS, spread=50)
    with tempfile.TemporaryDirectory() as place:
        lake = Lake(Path(place) / "lake")
        command = [sys.executable, "-m", "tests.bench.fetching", "child", feed, str(lake.local)]
        child = subprocess.Popen(command)
        while not lake.catalog.exists():
            time.sleep(0.05)
        time.sleep(random.uniform(0, 10))
        child.send_signal(signal.SIGKILL)
        child.wait()
        append.recover(lake)
        publish.publish(lake)
        articles = "FROM captures WHERE kind = 'article'"
        recorded = query(lake, f"SELECT count(*) {articles}")[0][0]
        stored = {url for (url,) in query(lake, f"SELECT url {articles} AND body IS NOT NULL")}
        before = len(room.log())
        started = time.monotonic()
        child = subprocess.Popen(command)
        peak = own = 0
        while child.poll() is None:
            peak = max(peak, resident(child.pid))
            own = max(own, alone(child.pid))
            time.sleep(0.05)
        took = time.monotonic() - started
        log = room.log()[before:]
        again = {f"http://{entry.host}:{entry.port}{entry.target}" for entry in log} & stored
        addresses = query(lake, f"SELECT count(DISTINCT url) {articles}")[0][0]
        twice = query(lake, f"SELECT count(*) - count(DISTINCT (run_id, url)) {articles}")[0][0]
        doubled = query(
            lake, "SELECT count(*) - count(DISTINCT (article_id, version)) FROM article_versions"
        )[0][0]
        outcomes = query(lake, f"SELECT outcome, count(*) AS n {articles} GROUP BY outcome ORDER BY n DESC")
        slowest = query(lake, f"SELECT max(elapsed_ms / attempts) {articles}")[0][0]
    print(f"killed with {recorded} recorded, {len(stored)} of them with a body; the rerun took {took:.0f} s")
    print(f"{addresses} of {FAULTS} addresses have an outcome, {twice} two in one run")
    print(f"{len(again)} stored ones were asked for again, {doubled} article versions are doubled")
    print(f"slowest attempt {slowest / 1000:.1f} s, of {OPTIONS.total} s allowed")
    print(f"peak memory {own >> 20} MiB, with its worker processes {peak >> 20} MiB")
    print(dict(outcomes))


def alone(pid: int) -> int:
    """Bytes of memory that a process holds without its children."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * 4096
    except OSError:
        return 0


def main(names: list[str]) -> None:
    if names[:1] == ["child"]:
        journeys.FETCHED_ROWS = 100  # many commits, and many instants to be killed at
        ingest([source("faults", [names[1]], Politeness(concurrency=2, delay=0))], Lake(names[2]))
        return
    with newsroom() as room:
        for name in names or ["rate", "second", "faults"]:
            print(f"\n{name}")
            {"rate": rate, "second": second, "faults": faults}[name](room)


if __name__ == "__main__":
    main(sys.argv[1:])
